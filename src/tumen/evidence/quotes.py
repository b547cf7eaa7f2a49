"""Direct quotes and who is quoted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tumen.evidence.sentences import Sentence

_QUOTE = re.compile(r"(?<![\w])\"(?P<words>[^\"\n]{2,1200})\"")
LEAST_WORDS = 4
"""Fewer quoted words are a term, not a quote."""
_NAME = r"(?:[A-Z][\w'-]+|[A-Z]\.|of|the|for|&)"
_SAYS = (
    r"(?:said|says|told|tells|stat(?:ed|es|ing)|add(?:ed|s|ing)|not(?:ed|es|ing)|argu(?:ed|es|ing)|"
    r"warn(?:ed|s|ing)|wrote|writes|claim(?:ed|s|ing)|predict(?:ed|s|ing)|speculat(?:ed|es|ing)|"
    r"call(?:ed|s)|remark(?:ed|s)|explain(?:ed|s)|declar(?:ed|es))"
)
_ACCORDING = re.compile(rf"(?:^|\W)[Aa]ccording to (?P<who>(?:the )?[A-Z][\w'-]*(?: {_NAME})*)")
_SUBJECT = re.compile(
    rf"^(?:[A-Z][a-z]+ [a-z ]+, )?(?P<who>(?:[Tt]he |An? )?[A-Z]?[\w'-]+(?: [\w'&-]+){{0,7}}?)"
    rf"(?:, [^\"]{{2,140}}?,)? (?:\w+ly )?{_SAYS}\b"
)
_AFTER = re.compile(rf"^,? (?:{_SAYS} )?(?P<who>[A-Z][\w'-]+(?: [A-Z][\w'-]+)*)(?: {_SAYS})?\b")


@dataclass(frozen=True)
class Quote:
    """Quoted words in a view, without their marks.

    Attributes
    ----------
    speaker
        Range of the words that name the speaker; None when the sentence names none.
    """

    start: int
    end: int
    speaker: tuple[int, int] | None


def quotes(text: str, sentences: Sequence[Sentence], *, end: int) -> tuple[Quote, ...]:
    """Return the direct quotes before `end`; quoted terms of fewer than four words are none.

    Examples
    --------
    >>> from tumen.evidence.sentences import sentences
    >>> text = 'Ann Lee told the paper: "It is a great opportunity now" (Kim 2018).'
    >>> found = quotes(text, sentences(text), end=len(text))[0]
    >>> text[found.start:found.end], text[slice(*found.speaker)]
    ('It is a great opportunity now', 'Ann Lee')
    """
    found = []
    for hit in _QUOTE.finditer(text, 0, end):
        if len(hit["words"].split()) < LEAST_WORDS:
            continue
        sentence = next((s for s in sentences if s.start <= hit.start() < s.end), None)
        speaker = _speaker(text, sentence, hit) if sentence else None
        stop = hit.end("words") - (1 if hit["words"][-1] in ",." else 0)
        found.append(Quote(hit.start("words"), stop, speaker))
    return tuple(found)


def _speaker(text: str, sentence: Sentence, hit: re.Match[str]) -> tuple[int, int] | None:
    before = text[sentence.start : hit.start()]
    for form in (_ACCORDING, _SUBJECT):
        named = form.search(before)
        if named is not None:
            return sentence.start + named.start("who"), sentence.start + named.end("who")
    named = _AFTER.search(text[hit.end() : sentence.end])
    if named is not None and re.search(_SAYS, named.group()):
        return hit.end() + named.start("who"), hit.end() + named.end("who")
    return None
