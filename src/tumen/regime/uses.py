"""Entries of the cap ledger: who used how much of which cap, who says so."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from tumen.core.errors import TumenError
from tumen.core.fields import CountryCode, Day, FieldError
from tumen.core.nearest import did_you_mean
from tumen.core.periods import Period, period
from tumen.core.record import Record
from tumen.core.units import UNITS

UseBasis = Literal["reported", "mirror", "estimate"]
"""Reported to the Committee or by the supplier; by the other side's customs; estimated."""


class Use(Record):
    """One quantity under a cap, in one period.

    Attributes
    ----------
    measure
        Full name of the cap.
    period
        Text such as ``2017-01`` or ``2020-01/2020-05``; both ends are included.
    q, unit
        Quantity; zero is a number, not a gap.
    basis, claimant
        ``reported``, ``mirror`` or ``estimate``; an estimate names its claimant.
    published
        Day from which it could be known.
    """

    measure: str
    period: str
    q: float = Field(ge=0, allow_inf_nan=False)
    unit: str
    reporter: CountryCode | None = None
    partner: CountryCode | None = None
    basis: UseBasis
    claimant: str = ""
    source: str = ""
    published: Day
    note: str = ""

    @field_validator("period")
    @classmethod
    def _is_a_period(cls, text: str) -> str:
        try:
            period(text)
        except TumenError as error:
            raise FieldError(error.problems[0].what, error.problems[0].hint) from None
        return text

    @field_validator("unit")
    @classmethod
    def _is_a_unit(cls, code: str) -> str:
        if code not in UNITS:
            raise FieldError(f"'{code}' is no unit", did_you_mean(code, UNITS))
        return code

    @model_validator(mode="after")
    def _names_its_claimant(self) -> Self:
        if self.basis == "estimate" and not self.claimant:
            raise ValueError("an estimate names its claimant")
        return self

    @property
    def span(self) -> Period:
        """The period as an interval of days."""
        return period(self.period)
