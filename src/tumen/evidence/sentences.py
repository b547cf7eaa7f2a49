"""Sentences and sections of a text."""

from __future__ import annotations

import re
from dataclasses import dataclass

_END = re.compile(r"[.!?](?:[\"')\]]*)(?=\s|$)|\n")
_SHORT = re.compile(
    r"(?:^|[\s(\"'])(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Col|Lt|Sec|Amb|Pres|St|Jr|Sr|Inc|Ltd|Co|"
    r"Corp|No|Nos|vs|etc|cf|al|Anon|approx|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|para|"
    r"art|Art|[A-Z]|e\.g|i\.e|p|pp|ed|eds|(?:[A-Z]\.)+[A-Z])\.$"
)
_HEADING = re.compile(
    r"(?mi)^[^\S\n]*(?:selected\s+)?(?:bibliography|references|works cited|literature|sources)"
    r"(?:\s+of)?(?:\s+references)?(?:\s+cited)?[^\S\n]*:?[^\S\n]*$"
)


@dataclass(frozen=True)
class Sentence:
    """A sentence as a half-open range of a view."""

    start: int
    end: int


def body_end(text: str) -> int:
    """Return where the bibliography begins; the end of the text when there is none."""
    found = list(_HEADING.finditer(text))
    return found[-1].start() if found else len(text)


def sentences(text: str, *, end: int | None = None) -> tuple[Sentence, ...]:
    """Split a text into sentences; abbreviations, initials and quotes do not split.

    Examples
    --------
    >>> text = "Sec. Pompeo met Kim (Anon. 2018). The U.S. waits."
    >>> [text[each.start:each.end] for each in sentences(text)]
    ['Sec. Pompeo met Kim (Anon. 2018).', 'The U.S. waits.']
    """
    limit = len(text) if end is None else end
    found, start = [], 0
    for hit in _END.finditer(text, 0, limit):
        stop = hit.start() if hit.group() == "\n" else hit.end()
        if hit.group() != "\n" and (_goes_on(text, hit, limit) or _is_quoted(text, start, hit)):
            continue
        found.append(_trimmed(text, start, stop))
        start = hit.end()
    found.append(_trimmed(text, start, limit))
    return tuple(each for each in found if each.end > each.start)


def _goes_on(text: str, hit: re.Match[str], limit: int) -> bool:
    """Whether a full stop stands inside a sentence."""
    after = text[hit.end() : limit].lstrip(" ")
    if after[:1].islower() or after[:1] in ",;:":
        return True
    if hit.group() != ".":
        # A stop inside a closing quote or bracket ends a sentence unless the next word goes on.
        return after[:1] == "("
    if _SHORT.search(text[max(0, hit.start() - 12) : hit.end()]):
        return bool(after[:1].isalnum())
    return False


def _is_quoted(text: str, start: int, hit: re.Match[str]) -> bool:
    """Whether a stop stands inside an open quote of the same sentence."""
    return '"' not in hit.group() and text.count('"', start, hit.start()) % 2 == 1


def _trimmed(text: str, start: int, end: int) -> Sentence:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Sentence(start, end)
