"""The section `trade` of a case file."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from tumen.core.errors import DataError
from tumen.core.fields import CountryCode, FieldError, ProductCode
from tumen.core.periods import period
from tumen.core.record import Record


def _is_period(text: str) -> str:
    try:
        period(text)
    except DataError as error:
        raise FieldError(error.problems[0].what, error.problems[0].hint) from None
    return text


PeriodText = Annotated[str, AfterValidator(_is_period)]
"""A period such as 2016, 2017-08 or 2017-01/2017-06."""


class Event(Record):
    """A dated line across the charts of this room.

    Attributes
    ----------
    at
        A day, a month or a year.
    """

    at: PeriodText
    label: str = Field(min_length=1)


class Series(Record):
    """One trade series that the case shows.

    Attributes
    ----------
    id
        Last part of the finding's id.
    partner
        Whose trade with the target.
    flow
        Seen from the target.
    product
        HS chapter, heading or subheading; empty for all goods (facts only).
    frequency
        ``annual`` reads the flows and the facts, ``monthly`` the facts.
    unit
        ``MUSD`` or ``kt``.
    since, until
        Years, or months for a monthly series.
    """

    id: str = Field(pattern=r"^[A-Za-z0-9_-]+$")
    partner: CountryCode
    flow: Literal["exports", "imports", "total"] = "exports"
    product: ProductCode | Literal[""] = ""
    frequency: Literal["annual", "monthly"] = "annual"
    unit: Literal["MUSD", "kt"] = "MUSD"
    since: PeriodText
    until: PeriodText | None = None
    rank: int = Field(default=5, ge=0, le=9)

    @model_validator(mode="after")
    def _has_a_source(self) -> Self:
        if self.until is not None and period(self.since).start >= period(self.until).end:
            raise ValueError(f"series ends in {self.until}, before its start {self.since}")
        return self


class Spec(Record):
    """What the case takes from trade data.

    Attributes
    ----------
    source
        ``sample``: the flows that the package ships.
    series
        Series to show.
    events
        Dated lines across every chart of this room.
    """

    source: Literal["sample"] = "sample"
    series: tuple[Series, ...] = ()
    events: tuple[Event, ...] = ()
