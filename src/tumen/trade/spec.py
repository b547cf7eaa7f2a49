"""The section `trade` of a case file."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from tumen.core.countries import country
from tumen.core.periods import period
from tumen.core.products import product as product_code
from tumen.core.record import Record


class Event(Record):
    """A dated line across the charts of this room."""

    at: str
    label: str = Field(min_length=1)

    @field_validator("at")
    @classmethod
    def _is_period(cls, text: str) -> str:
        period(text)
        return text


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
    partner: str
    flow: Literal["exports", "imports", "total"] = "exports"
    product: str = ""
    frequency: Literal["annual", "monthly"] = "annual"
    unit: Literal["MUSD", "kt"] = "MUSD"
    since: str
    until: str | None = None
    rank: int = Field(default=5, ge=0, le=9)

    @field_validator("partner")
    @classmethod
    def _is_country(cls, code: str) -> str:
        return country(code)

    @field_validator("product")
    @classmethod
    def _is_product(cls, code: str) -> str:
        return product_code(code) if code else code

    @field_validator("since", "until")
    @classmethod
    def _is_period(cls, text: str | None) -> str | None:
        if text is not None:
            period(text)
        return text

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
