"""Channels of a relation: votes alike, events, trade; each a dated series with its source."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Self

from pydantic import Field, field_validator, model_validator

from tumen.core.fields import CountryCode, Day, FieldError
from tumen.core.finding import Input
from tumen.core.nearest import did_you_mean
from tumen.core.periods import Period, period
from tumen.core.record import Record, canonical_json, sha256_text
from tumen.core.units import UNITS


class Observation(Record):
    """One value of a channel: a period, a number, and how many events stand behind it.

    Attributes
    ----------
    period
        A day, a month, a quarter or a year.
    value
        In the unit of the channel.
    count
        Events behind it.
    released
        First day on which it was known; the day after its period ends when left out.
    """

    period: str
    value: float
    count: float = Field(default=1.0, gt=0)
    released: Day | None = None

    @property
    def when(self) -> Period:
        """The period."""
        return period(self.period)

    @property
    def known_from(self) -> date:
        """First day on which it may be used."""
        return self.released or self.when.end


class Channel(Record):
    """One way in which a relation shows: votes alike, events, trade.

    Attributes
    ----------
    dyad
        Two country codes.
    name
        What is measured, e.g. ``agreement on roll calls of the General Assembly``.
    higher_is
        What a higher value means, e.g. ``closer``.
    unit
        Code in `tumen.core.units.UNITS`.
    sources
        Ids of the case's sources.
    """

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")
    dyad: tuple[CountryCode, CountryCode]
    name: str = Field(min_length=3)
    higher_is: str = "closer"
    unit: str = "share"
    sources: tuple[str, ...] = ()
    observations: tuple[Observation, ...] = Field(min_length=1)

    @field_validator("unit")
    @classmethod
    def _is_known_unit(cls, code: str) -> str:
        if code not in UNITS:
            raise FieldError(f"'{code}' is no unit", did_you_mean(code, UNITS))
        return code

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        if self.dyad[0] == self.dyad[1]:
            raise FieldError(f"channel '{self.id}' relates {self.dyad[0]} to itself")
        ordered = sorted(self.observations, key=lambda each: each.when)
        for before, after in pairwise(ordered):
            if after.when.start < before.when.end:
                raise FieldError(
                    f"channel '{self.id}': {before.period} and {after.period} overlap",
                    "give one value a period",
                )
            if before.when.months != after.when.months:
                raise FieldError(
                    f"channel '{self.id}': {before.period} and {after.period} differ in length",
                    "give years, or months, or quarters; put the others into another channel",
                )
        return self

    def input(self) -> Input:
        """The channel as a hashed input."""
        digest = sha256_text(canonical_json(self))
        note = f"{'-'.join(self.dyad)}, {self.name}"
        return Input(id=f"evidence.relations.{self.id}", sha256=digest, note=note)
