"""Nouns of a regime: instruments, measures, exemptions, caps, designations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from tumen.core.errors import TumenError
from tumen.core.fields import CountryCode, FieldError, ProductCode
from tumen.core.nearest import did_you_mean
from tumen.core.products import Vintage
from tumen.core.record import Record
from tumen.core.units import UNITS
from tumen.regime.flags import flag
from tumen.regime.uses import Use

if TYPE_CHECKING:
    from tumen.core.finding import Input
    from tumen.regime.index import Index
    from tumen.regime.ruling import Ruling

FieldStatus = Literal["read", "computed", "recalled"]
"""How a field came to be known: read in the named source, computed from others, recalled."""

MeasureKind = Literal[
    "ban",
    "cap",
    "freeze_level",
    "notify",
    "designation",
    "service_ban",
    "investment_ban",
    "labour",
    "inspection",
    "exemption",
    "exposure",
    "monitoring",
    "commitment",
]
Flow = Literal["from_target", "to_target", "either"]
InstrumentStatus = Literal["adopted", "draft"]


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
    contract_before: date | None = None
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
    start: date | None = Field(default=None, alias="from")
    end: date | None = Field(default=None, alias="to")


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

    contract_before: date | None = None
    last_day: date
    notify_by: date | None = None
    flags: dict[FlagName, bool] = Field(default_factory=dict)
    text: Text = ""


class Limit(Record):
    """A quantity that one period allows."""

    q: float = Field(gt=0, allow_inf_nan=False)
    unit: UnitCode


class CapPeriod(Record):
    """The limits from a day on; a later entry of the same cap replaces them."""

    start: date = Field(alias="from")
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
    end
        First day on which it is listed no more; written `to`.
    gone_by
        A day on which it was seen to be off the list, when the day of removal is unknown.
    """

    name: str = Field(min_length=2, max_length=200)
    aliases: tuple[str, ...] = ()
    type: Literal["person", "entity", "vessel"] = "entity"
    country: CountryCode | None = None
    imo: str = Field(default="", pattern=r"^(\d{7})?$")
    start: date | None = Field(default=None, alias="from")
    end: date | None = Field(default=None, alias="to")
    gone_by: date | None = None
    note: Text = ""


class Interval(Record):
    """A half-open interval of days; None is open."""

    start: date = Field(alias="from")
    end: date | None = Field(default=None, alias="to")

    @model_validator(mode="after")
    def _is_forward(self) -> Self:
        if self.end is not None and self.end <= self.start:
            raise ValueError(f"interval ends on {self.end}, not after its start {self.start}")
        return self

    def holds(self, day: date) -> bool:
        """Return whether a day lies inside."""
        return self.start <= day and (self.end is None or day < self.end)


class Measure(Record):
    """One rule of an instrument.

    Attributes
    ----------
    id
        Name inside the instrument; its full name is ``instrument.measure``.
    start, end
        Half-open interval, written `from` and `to`; `to` only where the text itself ends it. A
        successor ends a measure through its own `replaces`.
    replaces
        Full names of measures that end when this one starts.
    countries
        For a national act that concerns only some partners; empty for all.
    reach
        ``everyone`` where trade between strangers needs the issuer's services, as under a price
        cap; otherwise a national act binds its own side of the trade.
    services
        Kinds of service, investment or labour that the measure bans.
    conditions
        Facts that a transaction under a cap must meet; one declared false makes it prohibited.
    applies_to
        For a general exemption: full names of the measures it touches, ``*`` for every measure
        of its issuer.
    when
        For an exemption its conditions; for another kind, what must hold for it to apply at all.
    """

    id: Id
    paragraph: str = Field(default="", max_length=80)
    title: Text
    kind: MeasureKind
    flow: Flow = "either"
    start: date = Field(alias="from")
    end: date | None = Field(default=None, alias="to")
    replaces: tuple[str, ...] = ()
    countries: tuple[CountryCode, ...] = ()
    reach: Literal["own", "everyone"] = "own"
    goods: Goods | None = None
    services: tuple[str, ...] = ()
    exempt: tuple[Exemption, ...] = ()
    wind_down: WindDown | None = None
    cap: Cap | None = None
    conditions: dict[FlagName, bool] = Field(default_factory=dict)
    parties: tuple[Party, ...] = ()
    applies_to: tuple[str, ...] = ()
    when: When | None = None
    note: Text = ""
    provenance: Provenance

    @model_validator(mode="after")
    def _is_coherent(self) -> Self:
        if self.end is not None and self.end <= self.start:
            raise ValueError(f"'to' {self.end} is not after 'from' {self.start}")
        if self.kind in ("ban", "exposure") and self.goods is None and not self.services:
            raise ValueError(f"a {self.kind} needs goods or services")
        if self.kind in ("cap", "freeze_level") and (self.cap is None or self.goods is None):
            raise ValueError(f"a {self.kind} needs cap and goods")
        if self.kind in ("service_ban", "investment_ban", "labour") and not self.services:
            raise ValueError(f"a {self.kind} needs services")
        if self.kind == "exemption" and (self.when is None or not self.applies_to):
            raise ValueError("an exemption needs when and applies_to")
        unknown = set(self.provenance.fields) - set(type(self).model_fields) - {"from", "to"}
        if unknown:
            raise ValueError(f"provenance.fields: {', '.join(sorted(unknown))} is no field")
        return self


class Phase(Record):
    """A step of relief: what it suspends, from when, who decides, who can undo it.

    Attributes
    ----------
    suspends
        Full names of measures; `*` for all measures of the issuer.
    start
        First day, written `from`.
    end
        Snap-back day, written `to`: the measures bind again from it on.
    authority
        Who must act, e.g. ``"Council: nine yes and no veto"``.
    reversal
        Who can undo it, and how.
    """

    id: Id
    start: date = Field(alias="from")
    end: date | None = Field(default=None, alias="to")
    suspends: tuple[str, ...] = Field(min_length=1)
    authority: Text = Field(min_length=3)
    reversal: Text = Field(min_length=3)
    text: Text = ""

    @model_validator(mode="after")
    def _is_forward(self) -> Self:
        if self.end is not None and self.end <= self.start:
            raise ValueError(f"phase snaps back on {self.end}, not after its start {self.start}")
        return self


class Vote(Record):
    """A vote in the Council."""

    yes: int = Field(alias="for", ge=0, le=15)
    no: int = Field(alias="against", ge=0, le=15)
    abstain: int = Field(ge=0, le=15)


class Instrument(Record):
    """A legal act: a resolution, a national act, an order, or a draft of relief.

    Attributes
    ----------
    issuer
        ``UNSC``, or the country code of the state whose act it is.
    adopted
        Day of adoption or signature.
    published
        Day of publication, where it differs.
    implements
        Ids of the resolutions that a national act carries out.
    status
        A draft binds nobody; it is applied on request only.
    phases
        For relief: its steps.
    snaps_back
        For an act that ends relief: full name of a phase and the day on which it ends.
    """

    id: Id
    issuer: str = Field(pattern=r"^(UNSC|[A-Z]{2,3})$")
    cite: str = Field(min_length=3, max_length=160)
    title: Text = ""
    adopted: date
    published: date | None = None
    vote: Vote | None = None
    meeting: int | None = Field(default=None, gt=0)
    target: CountryCode
    implements: tuple[str, ...] = ()
    status: InstrumentStatus = "adopted"
    measures: tuple[Measure, ...] = ()
    phases: tuple[Phase, ...] = ()
    snaps_back: dict[str, date] = Field(default_factory=dict)
    url: str = Field(default="", max_length=300)
    note: Text = ""
    provenance: Provenance

    @property
    def line(self) -> str:
        """Whose rules it belongs to: ``UN``, or a country code."""
        return "UN" if self.issuer == "UNSC" else self.issuer


class Programme(Record):
    """What a library folder says about itself.

    Attributes
    ----------
    lines
        Lines in the order of printing; the first one leads: its verdict is the ruling's.
    members
        For a line that binds several states, such as ``EU``: the states.
    ports
        Ports of the target by name, with other spellings.
    sources
        Keys that provenance uses, with what they stand for.
    names
        Other names by which `load` finds it.
    """

    id: str = Field(pattern=r"^[A-Z0-9][A-Za-z0-9-]*$", max_length=40)
    title: Text
    target: CountryCode
    lines: tuple[str, ...] = Field(min_length=1)
    members: dict[str, tuple[CountryCode, ...]] = Field(default_factory=dict)
    ports: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    sources: dict[str, str] = Field(default_factory=dict)
    names: tuple[str, ...] = ()


class Regime(Record):
    """All instruments of one programme.

    Attributes
    ----------
    sha256
        Hash of the files it was read from.
    uses
        Recorded and estimated use of caps that the library ships.
    suspensions
        By full name of a measure: intervals in which it is suspended.
    as_of
        Last day of adoption that it holds; None for everything.
    """

    programme: Programme
    instruments: tuple[Instrument, ...]
    uses: tuple[Use, ...] = ()
    suspensions: dict[str, tuple[Interval, ...]] = Field(default_factory=dict)
    sha256: str = ""
    as_of: date | None = None

    @property
    def id(self) -> str:
        """The programme's id, e.g. ``UN-1718``."""
        return self.programme.id

    @property
    def target(self) -> str:
        """The country that the programme is about."""
        return self.programme.target

    @property
    def lines(self) -> tuple[str, ...]:
        """Lines of law, the leading one first."""
        return self.programme.lines

    @property
    def input(self) -> Input:
        """The regime as a finding's input."""
        from tumen.core.finding import Input

        return Input(id=f"regime.{self.id}", sha256=self.sha256, note=self.programme.title)

    def instrument(self, name: str) -> Instrument:
        """Return an instrument by id."""
        for found in self.instruments:
            if found.id == name:
                return found
        raise _unknown("instrument", name, [found.id for found in self.instruments])

    def measures(self) -> tuple[tuple[str, Instrument, Measure], ...]:
        """Return every measure with its full name and instrument, by day of adoption."""
        return tuple(
            (f"{instrument.id}.{measure.id}", instrument, measure)
            for instrument in self.instruments
            for measure in instrument.measures
        )

    def measure(self, name: str) -> Measure:
        """Return a measure by its full name, e.g. ``un.2371.coal``."""
        found = {full: measure for full, _, measure in self.measures()}
        if name not in found:
            raise _unknown("measure", name, list(found))
        return found[name]

    def known(self, as_of: date) -> Regime:
        """Return what was known on a day: nothing adopted, listed or published later.

        A measure that a later act replaces is open again.
        """
        kept = tuple(found for found in self.instruments if found.adopted <= as_of)
        kept = tuple(_listed_by(act, as_of) for act in kept)
        uses = tuple(use for use in self.uses if use.published <= as_of)
        return self.model_copy(update={"instruments": kept, "uses": uses, "as_of": as_of})

    @cached_property
    def index(self) -> Index:
        """The measures by product prefix, with the intervals in which each is in force."""
        from tumen.regime.index import build_index

        return build_index(self)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy with some fields changed; what was computed from the old is dropped."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self)(**fields | dict(update or {}))

    def rule(self, **transaction: Any) -> Ruling:
        """Rule one transaction; see `tumen.regime.rule`."""
        from tumen.regime.verdicts import rule

        return rule(self, **transaction)


def _listed_by(act: Instrument, as_of: date) -> Instrument:
    """Return an act without the parties that were added to its lists later."""
    if all(p.start is None or p.start <= as_of for m in act.measures for p in m.parties):
        return act
    measures = tuple(
        measure.model_copy(
            update={
                "parties": tuple(
                    party for party in measure.parties if not party.start or party.start <= as_of
                )
            }
        )
        for measure in act.measures
    )
    return act.model_copy(update={"measures": measures})


def _unknown(kind: str, name: str, valid: list[str]) -> TumenError:
    from tumen.core.errors import DataError

    return DataError(f"'{name}' is no {kind} of this regime", hint=did_you_mean(name, valid))
