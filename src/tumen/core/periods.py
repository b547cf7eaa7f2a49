"""Periods of statistics: a year, a month, a quarter, a day, or a range, as half-open intervals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from tumen.core.errors import DataError

_FORMS = (
    re.compile(r"(?P<y>\d{4})", re.ASCII),
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})", re.ASCII),
    re.compile(r"(?P<y>\d{4})-?Q(?P<q>[1-4])", re.ASCII),
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})", re.ASCII),
)


@dataclass(frozen=True, order=True)
class Period:
    """A half-open interval of days, ``start <= day < end``."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise DataError(f"period ends on {self.end}, not after its start {self.start}")

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.end - self.start).days

    @property
    def months(self) -> int:
        """Number of whole months; 0 for less than one."""
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month

    def after(self) -> Period:
        """Return the period of the same length that follows: months when it has whole ones."""
        if not self.months or self.start.day != self.end.day:
            return Period(self.end, self.end + (self.end - self.start))
        year, month = divmod(self.end.year * 12 + self.end.month - 1 + self.months, 12)
        return Period(self.end, date(year, month + 1, self.end.day))

    @property
    def label(self) -> str:
        """The shortest text that `period` reads back."""
        first, last = self.start, self.end - timedelta(days=1)
        if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
            if first.year == last.year:
                return str(first.year)
            return f"{first.year}/{last.year}"
        if first.day == 1 and self.end.day == 1:
            start, end = f"{first:%Y-%m}", f"{last:%Y-%m}"
            return start if start == end else f"{start}/{end}"
        return str(first) if first == last else f"{first}/{last}"

    def __str__(self) -> str:
        return self.label

    def overlap_days(self, other: Period) -> int:
        """Return the number of days that both periods hold."""
        return max(0, (min(self.end, other.end) - max(self.start, other.start)).days)


def period(text: str) -> Period:
    """Read ``2017``, ``2017-08``, ``2017-Q3``, ``2017-08-05`` or two of them with a slash.

    Both ends of a range are included, as statisticians write them.

    Raises
    ------
    DataError
        When the text is none of these, or the date does not exist.

    Examples
    --------
    >>> period("2017-01/2017-05").end
    datetime.date(2017, 6, 1)
    """
    first, slash, last = text.strip().replace("..", "/").partition("/")
    start = _simple(first, text)
    if not slash:
        return start
    end = _simple(last, text)
    if end.end <= start.start:
        raise DataError(f"period '{text}' ends before it starts")
    return Period(start.start, end.end)


def year(number: int) -> Period:
    """Return a calendar year."""
    return Period(date(number, 1, 1), date(number + 1, 1, 1))


def month(number: int, of_year: int) -> Period:
    """Return a calendar month."""
    return Period(date(of_year, number, 1), _month_after(of_year, number))


def day(text: str, *, where: str = "") -> date:
    """Read one ISO day.

    Raises
    ------
    DataError
        When the text is no day of the calendar.
    """
    try:
        if not _FORMS[3].fullmatch(text):
            raise ValueError("not written as year-month-day")
        return date.fromisoformat(text)
    except ValueError as error:
        raise DataError(
            f"'{text}' is no day ({error})", where, "write a day as 2017-08-05"
        ) from None


def between(since: str | None, until: str | None) -> Period:
    """Return what lies from the start of one period to the end of another; None is open.

    Raises
    ------
    DataError
        When a text is no period, or the second ends before the first begins.

    Examples
    --------
    >>> between("2016", "2017-03").label
    '2016-01/2017-03'
    """
    first = period(since).start if since else date.min
    last = period(until).end if until else date.max
    if first >= last:
        raise DataError(f"{until} ends before {since} begins", "", "name the earlier period first")
    return Period(first, last)


def _simple(text: str, whole: str) -> Period:
    for form in _FORMS:
        match = form.fullmatch(text.strip())
        if match is None:
            continue
        parts = {key: int(value) for key, value in match.groupdict().items()}
        try:
            return _from_parts(parts)
        except ValueError:
            break
    raise DataError(
        f"'{whole}' is no period",
        hint="write 2017, 2017-08, 2017-Q3, 2017-08-05 or 2017-01/2017-05",
    )


def _from_parts(parts: dict[str, int]) -> Period:
    if "d" in parts:
        start = date(parts["y"], parts["m"], parts["d"])
        return Period(start, start + timedelta(days=1))
    if "m" in parts:
        return month(parts["m"], parts["y"])
    if "q" in parts:
        first = 3 * parts["q"] - 2
        return Period(date(parts["y"], first, 1), _month_after(parts["y"], first + 2))
    return year(parts["y"])


def _month_after(of_year: int, number: int) -> date:
    return date(of_year + number // 12, number % 12 + 1, 1)
