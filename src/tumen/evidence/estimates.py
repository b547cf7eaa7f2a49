"""Judgments in a text: likelihood words with their range, statements with a confidence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tumen.evidence.sentences import Sentence

_RANGES: tuple[tuple[str, tuple[float, float]], ...] = (
    ("almost no chance|remote chance", (0.01, 0.05)),
    ("very unlikely|highly unlikely|highly improbable", (0.05, 0.20)),
    ("unlikely|improbable|improbably", (0.20, 0.45)),
    ("roughly even chance|roughly even odds|even chance", (0.45, 0.55)),
    ("almost certain|almost certainly|nearly certain", (0.95, 0.99)),
    ("very likely|highly likely|highly probable|very probably", (0.80, 0.95)),
    ("likely|probable|probably", (0.55, 0.80)),
)
_WORDS = re.compile(
    r"(?i)(?<!more )(?<!less )(?<!most )(?<!least )(?<!as )(?<!how )\b(?:"
    + "|".join(f"(?P<w{number}>{words})" for number, (words, _) in enumerate(_RANGES))
    + r")\b(?! than\b)"
)
_LEVEL = re.compile(r"(?i)\b(?P<level>high|moderate|medium|low) confidence\b")
_STATED = re.compile(
    r"(?i)(?P<cue>\b(?:(?:it (?:is|can be|could be|has been|was)|we|i|this paper|analysts?) )"
    r"(?:estimated?|assess(?:ed)?|judged?|concluded?|believed?|expect(?:ed)?) "
    r"(?:with )?(?:only )?(?P<level>high|moderate|medium|low) confidence,? that )"
)
_BASIS = re.compile(
    r"(?i)^(?:however, |thus, |therefore, )?(?P<basis>(?:given|due to|because of|"
    r"based on|in light of|considering) .+?),\s*$"
)


@dataclass(frozen=True)
class LikelihoodWord:
    """A likelihood word in a view with the range of ICD 203."""

    start: int
    end: int
    low: float
    high: float


@dataclass(frozen=True)
class Estimative:
    """A judgment that states its confidence.

    Attributes
    ----------
    level
        ``low``, ``moderate`` or ``high``.
    proposition, basis
        Ranges of the view; the basis is None when the sentence states none.
    word
        The likelihood word in the same sentence, if there is one.
    """

    start: int
    end: int
    level: str
    level_at: tuple[int, int]
    proposition: tuple[int, int]
    basis: tuple[int, int] | None
    word: LikelihoodWord | None


def likelihood_words(text: str, *, end: int) -> tuple[LikelihoodWord, ...]:
    """Return the likelihood words before `end`; comparisons such as "more likely" are none.

    Examples
    --------
    >>> [(each.low, each.high) for each in likelihood_words("Likely, not more likely.", end=24)]
    [(0.55, 0.8)]
    """
    found = []
    for hit in _WORDS.finditer(text, 0, end):
        low, high = next(
            span for number, (_, span) in enumerate(_RANGES) if hit[f"w{number}"] is not None
        )
        found.append(LikelihoodWord(hit.start(), hit.end(), low, high))
    return tuple(found)


def estimative_judgments(
    text: str, sentences: Sequence[Sentence], words: Sequence[LikelihoodWord]
) -> tuple[Estimative, ...]:
    """Return the sentences that state a judgment with a confidence, with what they rest on."""
    found = []
    for each in sentences:
        stated = _STATED.search(text, each.start, each.end)
        if stated is None:
            continue
        level = _LEVEL.search(text, stated.start(), stated.end())
        assert level is not None
        stop = each.end - 1 if text[each.end - 1] in ".!" else each.end
        basis = _BASIS.match(text[each.start : stated.start()])
        named = stated["level"].casefold()
        found.append(
            Estimative(
                start=each.start,
                end=each.end,
                level="moderate" if named == "medium" else named,
                level_at=level.span(),
                proposition=(stated.end(), stop),
                basis=(each.start + basis.start("basis"), each.start + basis.end("basis"))
                if basis
                else None,
                word=next((w for w in words if each.start <= w.start < each.end), None),
            )
        )
    return tuple(found)
