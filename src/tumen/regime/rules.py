"""Nouns of a regime: measures, relief, instruments, programmes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import Field, model_validator

from tumen.core.errors import TumenError
from tumen.core.fields import CountryCode, Day, FieldError
from tumen.core.nearest import did_you_mean
from tumen.core.record import Record
from tumen.regime.clauses import (
    Cap,
    Exemption,
    FlagName,
    Goods,
    Id,
    Interval,
    Party,
    Provenance,
    Text,
    When,
    WindDown,
)
from tumen.regime.uses import Use

if TYPE_CHECKING:
    from tumen.core.finding import Input
    from tumen.regime.index import Index
    from tumen.regime.ruling import Ruling

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
NOTED = ("exposure", "inspection", "monitoring", "commitment")
"""Kinds that are recorded beside a verdict and decide nothing."""
Flow = Literal["from_target", "to_target", "either"]
InstrumentStatus = Literal["adopted", "draft"]


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
    start: Day = Field(alias="from")
    end: Day | None = Field(default=None, alias="to")
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
        if self.kind in NOTED:
            decides = [
                word for word in ("exempt", "wind_down", "cap", "conditions") if getattr(self, word)
            ]
            if decides:
                raise FieldError(
                    f"{decides[0]} does nothing to a measure of kind {self.kind}",
                    "write the days on which it holds under from and to",
                )
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
    start: Day = Field(alias="from")
    end: Day | None = Field(default=None, alias="to")
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
    adopted: Day
    published: Day | None = None
    vote: Vote | None = None
    meeting: int | None = Field(default=None, gt=0)
    target: CountryCode
    implements: tuple[str, ...] = ()
    status: InstrumentStatus = "adopted"
    measures: tuple[Measure, ...] = ()
    phases: tuple[Phase, ...] = ()
    snaps_back: dict[str, Day] = Field(default_factory=dict)
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
    as_of: Day | None = None

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
