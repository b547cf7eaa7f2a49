"""Dates in running text, as intervals of days."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

MONTHS = tuple(calendar.month_name)[1:]
_NAMES = "|".join(MONTHS)
_SHORT = "|".join(name[:3] for name in MONTHS)
_MONTH = rf"(?P<month>{_NAMES}|(?:{_SHORT}|Sept)\.?)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_PART = r"(?:(?P<part>early|mid|late)[- ])?"
_FORMS = tuple(
    re.compile(form)
    for form in (
        r"\b(?P<iso>\d{4}-\d{2}-\d{2})\b",
        rf"\b{_DAY} (?:of )?{_MONTH}(?:,? (?:of )?(?P<year>\d{{4}}))?\b",
        rf"\b{_MONTH} {_DAY}(?:, ?(?P<year>\d{{4}}))?\b(?! ?\d{{3}})",
        rf"(?<!\d )(?<!\d)\b{_PART}{_MONTH}(?:,? (?:of )?(?P<year>(?:1[89]|20)\d{{2}}))?(?![\w])",
        r"\b(?:in|since|until|by|during|before|after|of|from|for) (?P<only>(?:1[89]|20)\d{2})\b",
    )
)
_THIRDS = {"early": (1, 10), "mid": (11, 20), "late": (21, 31)}


@dataclass(frozen=True)
class Dated:
    """A date in a view: its range of characters and the days that it may mean.

    Attributes
    ----------
    first, last
        Both ends are included.
    is_year_inferred
        Whether the text names no year and `year` was taken.
    """

    start: int
    end: int
    first: date
    last: date
    is_year_inferred: bool = False


def dates(text: str, *, year: int | None = None) -> tuple[Dated, ...]:
    """Return the dates of a text in reading order.

    Parameters
    ----------
    text
        A view.
    year
        Year of dates that name none; such dates are left out when it is not given.

    Examples
    --------
    >>> found = dates("in early October", year=2018)[0]
    >>> str(found.first), str(found.last), found.is_year_inferred
    ('2018-10-01', '2018-10-10', True)
    """
    taken: list[Dated] = []
    for form in _FORMS:
        for found in _read(form, text, year):
            if all(found.end <= each.start or found.start >= each.end for each in taken):
                taken.append(found)
    return tuple(sorted(taken, key=lambda each: each.start))


def _read(form: re.Pattern[str], text: str, year: int | None) -> Iterator[Dated]:
    for hit in form.finditer(text):
        parts = hit.groupdict()
        try:
            if parts.get("iso"):
                day = date.fromisoformat(parts["iso"])
                yield Dated(hit.start(), hit.end(), day, day)
            elif parts.get("only"):
                number = int(parts["only"])
                first, last = date(number, 1, 1), date(number, 12, 31)
                yield Dated(hit.start("only"), hit.end("only"), first, last)
            else:
                named = parts.get("year")
                # "may" and "march" in running text are verbs unless a day or a year stands by.
                if parts["month"] in ("May", "March") and not (parts.get("day") or named):
                    continue
                number = int(named) if named else year or 0
                if number:
                    first, last = _days(parts, number)
                    yield Dated(hit.start(), hit.end(), first, last, is_year_inferred=not named)
        except ValueError:
            continue


def _days(parts: dict[str, str | None], year: int) -> tuple[date, date]:
    name = (parts["month"] or "")[:3]
    month = 1 + [each[:3] for each in MONTHS].index(name)
    if parts.get("day"):
        day = date(year, month, int(parts["day"] or 0))
        return day, day
    longest = calendar.monthrange(year, month)[1]
    first, last = _THIRDS.get(parts.get("part") or "", (1, longest))
    return date(year, month, first), date(year, month, min(last, longest))
