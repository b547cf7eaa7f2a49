"""Sources as author-date citations and as a list of references.

The forms follow the author-date system of the Chicago Manual of Style (18th edition, ch. 13-14):
more than two authors become "et al." in the text, works of one author and year get a letter in
the order of their titles, a work without author is cited by the paper or body that published it.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from tumen.brief.blocks import Line, Link, Text
from tumen.brief.links import doi_url, safe_url
from tumen.core.citation import Citation, Name
from tumen.core.errors import DataError
from tumen.core.nearest import did_you_mean

_PART_OF_A_WHOLE = frozenset(
    {"article", "article-journal", "article-newspaper", "chapter", "post-weblog", "webpage"}
)
_DATED_BY_DAY = frozenset(
    {"article-newspaper", "post-weblog", "webpage", "speech", "legislation", "bill", "article"}
)
_MOST_AUTHORS = 6
"""More authors than these are cut to the first three in the list of references."""
_MONTHS = (
    "January February March April May June July August September October November December"
).split()


@dataclass(frozen=True)
class Entry:
    """A work in the list of references.

    Attributes
    ----------
    source
        Key by which the case calls it.
    label
        What stands in the text, e.g. ``Kim 2018a``.
    line
        The reference.
    """

    source: str
    label: str
    line: Line

    @property
    def anchor(self) -> str:
        """Where the entry stands in the document."""
        return f"source-{self.source}"


class Bibliography:
    """The works of an assessment in the order of the list, with their labels.

    Parameters
    ----------
    sources
        The works; the ids are unique.

    Raises
    ------
    DataError
        When two works share an id.

    Examples
    --------
    >>> from datetime import date
    >>> work = Citation(id="un", type="report", title="Report", author=(Name(literal="UN"),),
    ...     issued=date(2017, 2, 27))
    >>> Bibliography([work])["un"].label
    'UN 2017'
    """

    def __init__(self, sources: Iterable[Citation]) -> None:
        works = sorted(sources, key=_order)
        letters = _letters(works)
        self._entries: dict[str, Entry] = {}
        for work in works:
            if work.id in self._entries:
                raise DataError(f"two sources share the id '{work.id}'")
            year = f"{work.issued.year}{letters[work.id]}"
            label = f"{_cited_authors(work)} {year}"
            self._entries[work.id] = Entry(work.id, label, reference(work, year=year))

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, source: str) -> bool:
        return source in self._entries

    def __getitem__(self, source: str) -> Entry:
        try:
            return self._entries[source]
        except KeyError:
            raise DataError(
                f"'{source}' is no source of the assessment",
                hint=did_you_mean(source, self._entries),
            ) from None


def reference(work: Citation, *, year: str) -> Line:
    """Return the entry of a work in the list of references.

    Parameters
    ----------
    work
        The work.
    year
        Year with its letter, e.g. ``2018a``.
    """
    parts: list[Text | Link] = [Text(_sentence(_listed_authors(work)) + f" {year}. ")]
    parts += _title(work)
    tail = [part for part in (_container(work), _publication(work)) if part]
    for piece in tail:
        parts += piece
    parts += _where_online(work)
    last = parts[-1]
    if isinstance(last, Text):
        parts[-1] = replace(last, text=last.text.rstrip())
    return tuple(parts)


def _order(work: Citation) -> tuple[str, int, str, str]:
    return (
        _folded(_listed_authors(work)),
        work.issued.year,
        _folded(_without_article(work.title)),
        work.id,
    )


def _letters(works: Iterable[Citation]) -> dict[str, str]:
    alike: dict[tuple[str, int], list[str]] = defaultdict(list)
    for work in works:
        alike[(_cited_authors(work), work.issued.year)].append(work.id)
    return {
        key: _letter(place) if len(keys) > 1 else ""
        for keys in alike.values()
        for place, key in enumerate(keys)
    }


def _letter(place: int) -> str:
    first, second = divmod(place, 26)
    return (chr(96 + first) if first else "") + chr(97 + second)


def _authors(work: Citation) -> tuple[Name, ...]:
    return tuple(name for name in work.author if name.literal or name.family)


def _cited_authors(work: Citation) -> str:
    names = [name.sort_key for name in _authors(work)]
    if not names:
        return work.container_title or work.publisher or f"“{_short(work.title)}”"
    if len(names) <= 2:
        return " and ".join(names)
    return f"{names[0]} et al."


def _listed_authors(work: Citation) -> str:
    names = _authors(work)
    if not names:
        return work.container_title or work.publisher or f"“{work.title}”"
    first, *others = [_inverted(names[0]), *(_forward(name) for name in names[1:])]
    if len(names) > _MOST_AUTHORS:
        return ", ".join([first, *others[:2]]) + ", et al."
    if not others:
        return first
    return ", ".join([first, *others[:-1]]) + f", and {others[-1]}"


def _inverted(name: Name) -> str:
    if name.literal or not name.given:
        return name.sort_key
    return _forward(name) if _is_native(name.family) else f"{name.family}, {name.given}"


def _forward(name: Name) -> str:
    if name.literal:
        return name.literal
    if _is_native(name.family):
        return f"{name.family}{name.given}"
    return f"{name.given} {name.family}".strip()


def _is_native(text: str) -> bool:
    """Whether a name is in Han, Hangul or kana, where the family name comes first, unspaced."""
    return any(unicodedata.name(char, "").startswith(("CJK", "HANGUL", "HIRAG", "KATAK"))
               for char in text)  # fmt: skip


def _title(work: Citation) -> list[Text | Link]:
    lang = "" if work.language == "en" else work.language
    if not _authors(work) and not (work.container_title or work.publisher):
        return []
    if work.type in _PART_OF_A_WHOLE:
        return [Text("“"), Text(_unstopped(work.title), lang=lang), Text(_stop(work.title) + "” ")]
    if work.type in ("legislation", "bill", "speech"):
        return [Text(_sentence(work.title) + " ", lang=lang)]
    words = [Text(_unstopped(work.title), "emphasis", lang), Text(_stop(work.title) + " ")]
    return [*words, Text("Data set. ")] if work.type == "dataset" else [*words]


def _container(work: Citation) -> list[Text | Link]:
    if not work.container_title:
        return [Text(_sentence(work.number) + " ")] if work.number else []
    is_author = not _authors(work)
    parts: list[Text | Link] = [] if is_author else [Text(work.container_title, "emphasis")]
    rest = ""
    if work.number:
        rest += f" {work.number}" if parts else work.number
    if work.type in _DATED_BY_DAY and work.precision != "year":
        rest += f", {_day(work)}" if parts or rest else _day(work)
    parts.append(Text(_sentence(rest) + " " if rest else ". "))
    return parts


def _publication(work: Citation) -> list[Text | Link]:
    is_author = not _authors(work) and not work.container_title
    publisher = "" if is_author else work.publisher
    place = ": ".join(part for part in (work.publisher_place, publisher) if part)
    day = ""
    if work.type in _DATED_BY_DAY | {"report"} and not work.container_title:
        day = _day(work) if work.precision != "year" else ""
    words = ", ".join(part for part in (place, day) if part)
    return [Text(_sentence(words) + " ")] if words else []


def _where_online(work: Citation) -> list[Text | Link]:
    parts: list[Text | Link] = []
    if work.accessed is not None:
        parts.append(Text(f"Accessed {_long(work.accessed)}. "))
    address = doi_url(work.doi) or safe_url(work.url)
    if address:
        parts += [Link(address, address if work.doi else work.url.strip()), Text(".")]
    elif work.url:
        parts.append(Text(_sentence(work.url.strip())))
    if work.note:
        parts.append(Text(f" [{work.note}]", "quiet"))
    return parts


def _day(work: Citation) -> str:
    if work.precision == "month":
        return f"{_MONTHS[work.issued.month - 1]} {work.issued.year}"
    return _long(work.issued)


def _long(day: date) -> str:
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


def _sentence(text: str) -> str:
    stripped = text.strip()
    return stripped if stripped.endswith((".", "!", "?", ".”")) else stripped + "."


def _unstopped(title: str) -> str:
    return title.strip().rstrip(".")


def _stop(title: str) -> str:
    return "" if title.strip().endswith(("!", "?")) else "."


def _short(title: str, words: int = 4) -> str:
    parts = title.split()
    return " ".join(parts[:words]).rstrip(".,:;")


def _without_article(title: str) -> str:
    for article in ("The ", "A ", "An "):
        if title.startswith(article):
            return title.removeprefix(article)
    return title


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))
