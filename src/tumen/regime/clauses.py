"""Clauses of a measure: goods, conditions, exemptions, wind-downs, caps, parties, sources."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from tumen.core.errors import TumenError
from tumen.core.fields import CountryCode, Day, FieldError, ProductCode
from tumen.core.nearest import did_you_mean
from tumen.core.products import Vintage
from tumen.core.record import Record
from tumen.core.units import UNITS
from tumen.regime.flags import flag

FieldStatus = Literal["read", "computed", "recalled"]
"""How a field came to be known: read in the named source, computed from others, recalled."""


def _known_flag(name: str) -> str:
    try:
        flag(name)
    except TumenError as error:
        raise FieldError(error.problems[0].what, error.problems[0].hint) from None
    return name


def _known_unit(code: str) -> str:
    if code not in UNITS:
        raise FieldError(f"'{code}' is no unit", did_you_mean(code, UNITS))
    return code


FlagName = Annotated[str, AfterValidator(_known_flag)]
UnitCode = Annotated[str, AfterValidator(_known_unit)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*$", max_length=60)]
Text = Annotated[str, Field(max_length=600)]


class FieldNote(Record):
    """Status of one field, where it differs from its measure's."""

    status: FieldStatus
    source: tuple[str, ...] = ()
    note: Text = ""


class Provenance(Record):
    """Where a measure's fields come from.

    Attributes
    ----------
    status
        Status of every field that `fields` does not name.
    source
        Keys of the programme's sources.
    fields
        By field name: a status of its own, with the reason.
    """

    status: FieldStatus
    source: tuple[str, ...] = ()
    note: Text = ""
    fields: dict[str, FieldNote] = Field(default_factory=dict)


class Goods(Record):
    """Which goods a measure names.

    Attributes
    ----------
    hs
        Chapters, headings or subheadings; empty where the text names goods without a code.
    exclude
        Codes inside `hs` that the text leaves out.
    vintage
        Revision of the Harmonized System in which `hs` is written.
    basis
        Who chose the codes: the text itself, an implementing act, or the analyst.
    every
        All goods, whatever their code.
    part
        Where the text means less than the codes hold: the flag that tells them apart. The
        measure then reaches a shipment only when the flag is declared, and *possibly* otherwise.
    what
        The goods in words.
    """

    hs: tuple[ProductCode, ...] = ()
    exclude: tuple[ProductCode, ...] = ()
    vintage: Vintage = "HS2017"
    every: bool = False
    basis: Literal["text", "act", "analyst", "end_use", "list"] = "analyst"
    part: FlagName | None = None
    what: Text = ""

    @model_validator(mode="after")
    def _codes_are_consistent(self) -> Self:
        for code in self.exclude:
            if not any(code.startswith(prefix) for prefix in self.hs):
                raise ValueError(f"exclude: '{code}' lies inside none of the codes in hs")
        if not self.hs and self.part is None and not self.every:
            raise ValueError("goods without codes need the flag that tells them (part: ...)")
        return self


class When(Record):
    """Conditions that must all hold.

    Attributes
    ----------
    origin_not
        Origin of the goods must be stated and be another country.
    port
        Port of loading; other spellings stand in the programme.
    contract_before
        The written contract must be older than this day.
    flags
        Declared facts and the value each must have.
    """

    origin_not: CountryCode | None = None
    port: str | None = Field(default=None, max_length=60)
    contract_before: Day | None = None
    flags: dict[FlagName, bool] = Field(default_factory=dict)


class Exemption(Record):
    """What takes a transaction out of a measure.

    Attributes
    ----------
    start, end
        Half-open interval, when it differs from the measure's; written `from` and `to`.
    goods
        When the exemption concerns only part of the measure's goods.
    """

    id: Id
    text: Text = ""
    paragraph: str = ""
    when: When
    goods: tuple[ProductCode, ...] = ()
    start: Day | None = Field(default=None, alias="from")
    end: Day | None = Field(default=None, alias="to")


class WindDown(Record):
    """A period in which older business may still be finished.

    Attributes
    ----------
    contract_before
        Written contracts must be older than this day.
    last_day
        Last day of import or completion.
    notify_by
        Last day on which the Committee may be told.
    flags
        Declared facts that must hold besides.
    """

    contract_before: Day | None = None
    last_day: Day
    notify_by: Day | None = None
    flags: dict[FlagName, bool] = Field(default_factory=dict)
    text: Text = ""


class Limit(Record):
    """A quantity that one period allows."""

    q: float = Field(gt=0, allow_inf_nan=False)
    unit: UnitCode


class CapPeriod(Record):
    """The limits from a day on; a later entry of the same cap replaces them."""

    start: Day = Field(alias="from")
    limits: tuple[Limit, ...] = Field(min_length=1)


class Conversion(Record):
    """How a recorded unit becomes a unit of the cap, for this product.

    Attributes
    ----------
    factor
        Units of `to_unit` in one `from_unit`, e.g. 8.33 barrels of refined oil in a tonne.
    """

    from_unit: UnitCode
    to_unit: UnitCode
    factor: float = Field(gt=0, allow_inf_nan=False)
    note: Text = ""


class Cap(Record):
    """A ceiling on quantity or value.

    Attributes
    ----------
    scope
        ``all_states`` together, or ``each_state`` for itself.
    recurrence
        ``once`` for the measure's interval, ``calendar_year``, or ``twelve_months`` from the
        first period's start.
    periods
        Limits by first day. Empty for a freeze at an earlier level that is not published.
    rule
        ``lower_of``: the limit that is reached first binds; ``either``: two ways to write one
        limit.
    stop_at, warn_at
        Share of the cap at which procurement must cease, and at which states are told.
    """

    scope: Literal["all_states", "each_state"]
    recurrence: Literal["once", "calendar_year", "twelve_months"] = "once"
    periods: tuple[CapPeriod, ...] = ()
    rule: Literal["lower_of", "either", "each"] = "each"
    stop_at: float = Field(default=1.0, gt=0, le=1)
    warn_at: tuple[float, ...] = ()
    report_days: int | None = Field(default=None, gt=0)
    conversions: tuple[Conversion, ...] = ()
    reference: Text = ""

    @model_validator(mode="after")
    def _periods_are_in_order(self) -> Self:
        starts = [period.start for period in self.periods]
        if starts != sorted(set(starts)):
            raise ValueError("periods must stand in the order of their first days")
        if not self.periods and not self.reference:
            raise ValueError("a cap needs periods with limits, or the reference it freezes")
        return self


class Party(Record):
    """A designated person, entity or vessel, with the days of listing and removal.

    Attributes
    ----------
    born
        Years of birth that the list gives a person.
    end
        First day on which it is listed no more; written `to`.
    gone_by
        A day on which it was seen to be off the list, when the day of removal is unknown.
    """

    name: str = Field(min_length=2, max_length=200)
    aliases: tuple[str, ...] = ()
    type: Literal["person", "entity", "vessel"] = "entity"
    country: CountryCode | None = None
    born: tuple[Annotated[int, Field(ge=1900, le=2100)], ...] = ()
    imo: str = Field(default="", pattern=r"^(\d{7})?$")
    start: Day | None = Field(default=None, alias="from")
    end: Day | None = Field(default=None, alias="to")
    gone_by: Day | None = None
    note: Text = ""


class Interval(Record):
    """A half-open interval of days; None is open."""

    start: Day = Field(alias="from")
    end: Day | None = Field(default=None, alias="to")

    @model_validator(mode="after")
    def _is_forward(self) -> Self:
        if self.end is not None and self.end <= self.start:
            raise ValueError(f"interval ends on {self.end}, not after its start {self.start}")
        return self

    def holds(self, day: date) -> bool:
        """Return whether a day lies inside."""
        return self.start <= day and (self.end is None or day < self.end)
