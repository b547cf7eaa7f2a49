"""A source text, the view of it that is analysed, and spans that survive a changed text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from pydantic import Field

from tumen.core.record import Record, sha256_text

CONTEXT = 32
"""Characters kept on each side of a span."""

_LINK = re.compile(r"\[([^\[\]]*)\]\([^()\s]*\)")
_ESCAPE = re.compile(r"\\([$*_#\[\]()\\`~>+.!&-])")
_BREAK = re.compile(r"(?<![ \t])[ \t]*\n[ \t]*\n\s*")
_PLAIN = {
    "\u00a0": " ",
    "\u2009": " ",
    "\u202f": " ",
    "\u2018": "'",
    "\u2019": "'",
    "\u201b": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u201e": '"',
    "\u2010": "-",
    "\u2011": "-",
}
_DROPPED = frozenset("\u00ad\u200b\u200c\u200d\ufeff")


class Span(Record):
    """A piece of a source text, in code points of the raw text, with its surroundings.

    Attributes
    ----------
    start, end
        Half-open range.
    quote
        The raw text of the range.
    prefix, suffix
        Up to 32 characters before and after, to find it again.
    """

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    quote: str
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True)
class View:
    """The text that is analysed, with the place in the raw text of each of its characters.

    Links keep their words, escapes lose their backslash, quotes are straight, spaces plain, and a
    paragraph that a page break cut in two is whole again.

    Attributes
    ----------
    raw
        The source text as it is; never changed.
    text
        The view.
    starts, ends
        By character of the view: the half-open range in the raw text.
    """

    raw: str
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @cached_property
    def sha256(self) -> str:
        """Hash of the raw text."""
        return sha256_text(self.raw)

    def span(self, start: int, end: int) -> Span:
        """Return a range of the view as a span of the raw text."""
        return span(self.raw, self.starts[start], self.ends[end - 1])


def span(raw: str, start: int, end: int) -> Span:
    """Return a range of a raw text as a span.

    Examples
    --------
    >>> span("coal and iron", 9, 13).quote
    'iron'
    """
    return Span(
        start=start,
        end=end,
        quote=raw[start:end],
        prefix=raw[max(0, start - CONTEXT) : start],
        suffix=raw[end : end + CONTEXT],
    )


def view(raw: str) -> View:
    r"""Return the view of a source text.

    Examples
    --------
    >>> view("less than \\$100 Million ([marginal](#))").text
    'less than $100 Million (marginal)'
    """
    kept: list[tuple[str, int, int]] = []
    links = {found.start(): found for found in _LINK.finditer(raw)}
    breaks = {found.start(): found for found in _BREAK.finditer(raw)}
    place, link_end, skip_to = 0, -1, -1
    while place < len(raw):
        if place in links and place > link_end:
            link_end, skip_to = links[place].end(1), links[place].end()
            place += 1
            continue
        if place == link_end and skip_to > place:
            place, link_end = skip_to, -1
            continue
        if place in breaks and _cuts_a_paragraph(raw, breaks[place]):
            kept.append((" ", place, breaks[place].end()))
            place = breaks[place].end()
            continue
        escape = _ESCAPE.match(raw, place)
        if escape:
            kept.append((escape.group(1), place, escape.end()))
            place = escape.end()
            continue
        if raw[place] not in _DROPPED:
            kept.append((_PLAIN.get(raw[place], raw[place]), place, place + 1))
        place += 1
    return View(
        raw=raw,
        text="".join(character for character, _, _ in kept),
        starts=tuple(start for _, start, _ in kept),
        ends=tuple(end for _, _, end in kept),
    )


def anchor(old: Span, raw: str) -> Span | None:
    """Find a span again in a changed text; None when it is gone or cannot be told apart.

    Tried in this order, never looser: nothing has moved, the same words elsewhere, the same words
    with other spaces, with other typography, with other capitals. Digits and negations are
    never changed by any of these, so a number or a "not" cannot slip. Where the words stand more
    than once the surroundings decide.

    Examples
    --------
    >>> anchor(span("China bought coal.", 6, 12), "In 2016 China bought  coal.").start
    14
    """
    here = span(raw, old.start, old.end)
    if here == old:
        return here
    for fold in (_same, _spaces, _typography, _capitals):
        text, places = _folded(raw, fold)
        wanted, _ = _folded(old.quote, fold)
        wanted = wanted if fold is _same else wanted.strip()
        if not wanted:
            return None
        found = [hit.start() for hit in re.finditer(f"(?={re.escape(wanted)})", text)]
        spans = [span(raw, places[start][0], places[start + len(wanted) - 1][1]) for start in found]
        if len(spans) == 1:
            return spans[0]
        if spans:
            scored = sorted(((_likeness(each, old), -each.start) for each in spans), reverse=True)
            if scored[0][0] == scored[1][0]:
                return None
            return next(each for each in spans if -each.start == scored[0][1])
    return None


def _cuts_a_paragraph(raw: str, gap: re.Match[str]) -> bool:
    before, after = raw[: gap.start()].rstrip(), raw[gap.end() : gap.end() + 1]
    return bool(before) and (before[-1].islower() or before[-1] == ",") and after.islower()


def _likeness(each: Span, old: Span) -> int:
    """Count the characters of the surroundings that agree, outwards from the span."""
    before = zip(reversed(each.prefix), reversed(old.prefix), strict=False)
    after = zip(each.suffix, old.suffix, strict=False)
    count = 0
    for pairs in (before, after):
        for first, second in pairs:
            if first != second:
                break
            count += 1
    return count


def _same(character: str) -> str:
    return character


def _spaces(character: str) -> str:
    return " " if character.isspace() else character


def _typography(character: str) -> str:
    if character in _DROPPED:
        return ""
    return _spaces(_PLAIN.get(character, character)).replace("\u2013", "-").replace("\u2014", "-")


def _capitals(character: str) -> str:
    return _typography(character).casefold()


def _folded(raw: str, fold: Callable[[str], str]) -> tuple[str, list[tuple[int, int]]]:
    """Return a text with each character folded and runs of spaces closed, and their places."""
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    for place, character in enumerate(raw):
        folded = fold(character)
        if folded == " " and letters and letters[-1] == " " and fold is not _same:
            places[-1] = (places[-1][0], place + 1)
            continue
        for letter in folded:
            letters.append(letter)
            places.append((place, place + 1))
    return "".join(letters), places
