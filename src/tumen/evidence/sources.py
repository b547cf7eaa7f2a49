"""Who publishes: outlets with their reliability and stake, and the sources they issue."""

from __future__ import annotations

import calendar
from datetime import date
from typing import Literal

from pydantic import Field

from tumen.core.chance import StatedChance
from tumen.core.citation import Citation
from tumen.core.fields import Day
from tumen.core.record import Record

Grade = Literal["A", "B", "C", "D", "E", "F"]

IdText = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")


class Reliability(Record):
    """How far an outlet can be trusted, by the letter of the Admiralty scale.

    Attributes
    ----------
    grade
        ``A`` reliable, ``B`` usually, ``C`` fairly, ``D`` not usually, ``E`` unreliable,
        ``F`` cannot be judged.
    on
        Day whose knowledge the grade reflects; never later than the case's as-of date.
    reason
        Why this letter.
    """

    grade: Grade
    on: Day
    reason: str = Field(min_length=3)


class Outlet(Record):
    """A publisher, an office or an author: the bearer of reliability.

    Attributes
    ----------
    owner
        Who owns or runs it.
    state_affiliated
        Whether a government owns, runs or directs it.
    country
        Alpha-3 code of its seat; may be empty.
    stake
        Where it gains from a belief: by hypothesis set and hypothesis, the chance that it makes
        such a report although it does not track the truth (0.5 where nothing is stated).
    """

    id: str = IdText
    name: str = Field(min_length=1)
    owner: str = ""
    state_affiliated: bool = False
    country: str = ""
    reliability: Reliability
    stake: dict[str, dict[str, StatedChance]] = Field(default_factory=dict)


class Retraction(Record):
    """When and why a source was withdrawn.

    Attributes
    ----------
    on
        Day of the withdrawal.
    reason
        Why it was withdrawn.
    """

    on: Day
    reason: str = Field(min_length=3)


class Source(Citation):
    """A published work with its outlet and its source group.

    Attributes
    ----------
    outlet
        Id of the outlet.
    group
        What it shares with other sources so that they fail together: a journalist, an agency, an
        office. The outlet's id when empty.
    first_released
        For a statistic: the day on which the figure's period was first released. A later vintage
        (`issued` after the as-of date) is let in by this day and prints a caveat.
    retracted
        Set when the source was withdrawn; nothing counts that rests on it alone.
    """

    outlet: str
    group: str = ""
    first_released: Day | None = None
    retracted: Retraction | None = None

    @property
    def source_group(self) -> str:
        """The group in which it stands or falls."""
        return self.group or self.outlet

    @property
    def known_from(self) -> date:
        """First day on which it may be used: an unknown day or month counts as the last one."""
        if self.first_released is not None:
            return self.first_released
        return last_day(self.issued, self.precision)

    @property
    def is_later_vintage(self) -> bool:
        """Whether it is let in by the first release of its figures."""
        return self.first_released is not None and self.first_released < self.issued

    def citation(self) -> Citation:
        """Return the bibliographic part."""
        return Citation(**{name: getattr(self, name) for name in Citation.model_fields})


def last_day(issued: date, precision: Literal["day", "month", "year"]) -> date:
    """Return the last day that a date of this precision may mean.

    Examples
    --------
    >>> last_day(date(2017, 2, 1), "month")
    datetime.date(2017, 2, 28)
    """
    if precision == "day":
        return issued
    month = 12 if precision == "year" else issued.month
    return date(issued.year, month, calendar.monthrange(issued.year, month)[1])
