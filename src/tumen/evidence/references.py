"""In-text citations, bibliography entries, and which may mean which."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tumen.core.citation import Name
from tumen.evidence.dates import MONTHS, dates

_YEAR = r"(?:1[89]|20)\d{2}[a-z]?"
_PAGES = r"(?:[,:]\s*(?:pp?\.\s*)?\d+(?:\s*[-–]\s*\d+)?)?"
_GROUP = re.compile(rf"\((?P<body>[^()\n]{{1,200}}?{_YEAR}{_PAGES})\)")
_PART = re.compile(
    r"^(?:see(?: also)?|cf\.|e\.g\.,?)?\s*"
    rf"(?P<author>[^\d;]{{2,100}}?),?\s+(?P<year>{_YEAR}){_PAGES}$"
)
_WORD = r"[^\W\d_][\w'.-]{0,40}"
_NARRATIVE = re.compile(
    rf"(?P<author>{_WORD}(?: (?:and|&) {_WORD}| et al\.)?) \((?P<year>{_YEAR}){_PAGES}\)"
)
_NO_AUTHOR = frozenset(
    (
        "in since until by during before after of from for early mid late about circa ca the as on "
        + " ".join(f"{month} {month[:3]}" for month in MONTHS)
    )
    .casefold()
    .split()
)
_ENTRY = re.compile(rf"^(?P<authors>.{{2,300}}?)[.,]?\s*\(?(?P<year>{_YEAR})\)?[.,:]?\s*(?=[\"'])")
_TITLE = re.compile(r"\"(?P<title>[^\"]+?)[.,]?\"")
_ACCESSED = re.compile(r"(?i)\b(?:accessed|retrieved|viewed)\s*(?:on|:)?\s*")
_ANONYMOUS = frozenset({"anon", "anonymous", "no author", "n.a", "unknown"})
_LETTERS = {"Hang": ("\uac00", "\ud7a3"), "Hani": ("\u4e00", "\u9fff")}


@dataclass(frozen=True)
class InTextCitation:
    """A citation as it stands in a view.

    Attributes
    ----------
    author
        As printed.
    year
        As printed, e.g. ``2018`` or ``2018a``.
    entries
        Places of the bibliography entries that it may mean: none is an orphan, several are
        ambiguous; no guess is made.
    """

    start: int
    end: int
    author: str
    year: str
    entries: tuple[int, ...] = ()

    @property
    def is_ambiguous(self) -> bool:
        """Whether several entries fit."""
        return len(self.entries) > 1


@dataclass(frozen=True)
class Entry:
    """A bibliography entry of a view; what it does not state is empty or None.

    `title_at` is the title's range in the view.
    """

    start: int
    end: int
    authors: tuple[Name, ...]
    year: str
    title: str
    title_at: tuple[int, int]
    container: str
    published: date | None
    accessed: date | None

    @property
    def keys(self) -> frozenset[str]:
        """Names by which a citation may call it, folded."""
        names = {each.literal or each.family for each in self.authors[:1]}
        keys = {_folded(name) for name in names}
        # A family name that comes first in its language may stand on either side of the comma.
        keys |= {_folded(each.given) for each in self.authors[:1] if each.given}
        if keys & _ANONYMOUS:
            keys |= _ANONYMOUS
        return frozenset(keys)


def citations(text: str, entries: tuple[Entry, ...], *, end: int) -> tuple[InTextCitation, ...]:
    """Return the in-text citations before `end`, each with the entries that it may mean.

    Examples
    --------
    >>> found = citations("Talks stall (Anon. 2018; Lee 2017a).", (), end=36)
    >>> [(each.author, each.year) for each in found]
    [('Anon.', '2018'), ('Lee', '2017a')]
    """
    found = [*_parenthetical(text, end), *_narrative(text, end)]
    return tuple(
        InTextCitation(each.start, each.end, each.author, each.year, _matching(each, entries))
        for each in sorted(found, key=lambda each: each.start)
    )


def bibliography(text: str, *, start: int) -> tuple[Entry, ...]:
    """Return the entries that stand after `start`, one a paragraph.

    Examples
    --------
    >>> text = 'Lee, Jeong-ho. (2018) "Call for Relief", SCMP, 11 October, accessed 12 October.'
    >>> entry = bibliography(text, start=0)[0]
    >>> entry.authors[0].family, entry.title, entry.container, str(entry.published)
    ('Lee', 'Call for Relief', 'SCMP', '2018-10-11')
    """
    entries = []
    for hit in re.finditer(r"[^\n]+", text[start:]):
        entry = _entry(hit.group(), start + hit.start())
        if entry is not None:
            entries.append(entry)
    return tuple(entries)


def _parenthetical(text: str, end: int) -> Iterator[InTextCitation]:
    for group in _GROUP.finditer(text, 0, end):
        parts = list(re.finditer(r"[^;]+", group["body"]))
        for part in parts:
            stripped = part.group().strip()
            hit = _PART.match(stripped)
            if hit is None or not _is_author(hit["author"]):
                continue
            start = group.start("body") + part.start() + part.group().index(stripped)
            span = (start, start + len(stripped))
            if len(parts) == 1:
                span = (group.start(), group.end())
            yield InTextCitation(*span, hit["author"].strip(), hit["year"])


def _narrative(text: str, end: int) -> Iterator[InTextCitation]:
    for hit in _NARRATIVE.finditer(text, 0, end):
        if _is_author(hit["author"]):
            yield InTextCitation(hit.start(), hit.end(), hit["author"], hit["year"])


def _is_author(text: str) -> bool:
    words = re.findall(r"[^\W\d_]+", text)
    if not words or len(words) > 8 or words[0].casefold() in _NO_AUTHOR:
        return False
    return words[0][0].isupper() or not words[0].isascii()


def _matching(citation: InTextCitation, entries: tuple[Entry, ...]) -> tuple[int, ...]:
    head = re.split(r"\s+(?:and|&|et al)\b|,", citation.author)[0]
    key = _folded(head)
    keys = _ANONYMOUS if key in _ANONYMOUS else {key}
    same_year = [
        place
        for place, entry in enumerate(entries)
        if entry.year == citation.year or entry.year.rstrip("abcdefgh") == citation.year
    ]
    family = [
        place
        for place in same_year
        if keys & {_folded(n.literal or n.family) for n in entries[place].authors[:1]}
        or (keys & _ANONYMOUS and entries[place].keys & _ANONYMOUS)
    ]
    return tuple(family or [place for place in same_year if keys & entries[place].keys])


def _entry(line: str, offset: int) -> Entry | None:
    text = line.strip()
    head = _ENTRY.match(text)
    title = _TITLE.search(text, head.end() if head else 0)
    if head is None or title is None:
        return None
    start = offset + line.index(text)
    year = head["year"]
    tail = text[title.end() :]
    accessed_at = _ACCESSED.search(tail)
    before = tail[: accessed_at.start()] if accessed_at else tail
    number = int(year[:4])
    published = dates(before, year=number)
    container = before[: published[0].start] if published else before
    accessed = dates(tail[accessed_at.end() :], year=number) if accessed_at else ()
    return Entry(
        start=start,
        end=start + len(text),
        authors=tuple(_names(head["authors"])),
        year=year,
        title=title["title"].strip(),
        title_at=(start + title.start("title"), start + title.end("title")),
        container=container.strip(" .,;:"),
        published=published[0].first if published else None,
        accessed=accessed[0].first if accessed else None,
    )


def _names(text: str) -> Iterator[Name]:
    for part in re.split(r";\s*|\s+(?:and|&)\s+", text.strip(" .,")):
        family, comma, given = part.strip(" .").partition(",")
        if not comma or _script(part):
            yield Name(literal=part.strip(" ."))
        else:
            yield Name(family=family.strip(), given=given.strip(" ."))


def _script(text: str) -> str:
    for name, (first, last) in _LETTERS.items():
        if any(first <= letter <= last for letter in text):
            return name
    return ""


def _folded(name: str) -> str:
    return re.sub(r"[.\s]+", " ", name).strip().casefold()
