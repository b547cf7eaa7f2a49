"""The section `impact` of a case: which ban, enforced by whom, over which ranges."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from tumen.core.errors import TumenError
from tumen.core.fields import CountryCode, FieldError
from tumen.core.record import Record

Run = Literal["long", "medium", "short", "very_short"]
Direction = Literal["exports", "imports"]

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


def _known_sector(name: str) -> str:
    from tumen.impact.elasticities import default_elasticities

    try:
        default_elasticities([name])
    except TumenError as error:
        raise FieldError(f"'{name}' is no sector", error.problems[0].hint) from None
    return name


SectorName = Annotated[str, AfterValidator(_known_sector)]


class Ban(Record):
    """A part of the target's trade that the measures forbid.

    Attributes
    ----------
    sector
        Sector of the model.
    flow
        Seen from the target: its exports or its imports.
    share
        Part of the sector's trade under the ban, by value in the base year.
    label
        What the reader sees.
    """

    sector: SectorName
    flow: Direction = "exports"
    share: Share = 1.0
    label: str = ""


class Scenario(Record):
    """A way in which the states enforce.

    Attributes
    ----------
    id, label
        Part of the finding's id, and what the reader sees.
    leak
        Share of the banned trade that a state lets pass, by state; the others let pass
        `others_leak`.
    others_leak
        Share that every state which `leak` does not name lets pass.
    scope
        ``bans`` the listed trade; ``all`` every flow of goods, as in a full embargo.
    """

    id: str = Field(pattern=r"^[a-z0-9_-]+$")
    label: str = Field(min_length=3)
    leak: dict[CountryCode, Share] = Field(default_factory=dict)
    others_leak: Share = 0.0
    scope: Literal["bans", "all"] = "bans"


class Range(Record):
    """A range with its reason."""

    low: Positive
    high: Positive
    reason: str = Field(min_length=3)

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        if self.low > self.high:
            raise ValueError(f"low {self.low} is above high {self.high}")
        return self


DEFAULT_BANS = (
    Ban(sector="coal", share=1.0, label="coal"),
    Ban(sector="metal_ores_other_mining", share=0.6, label="iron ore and lead ore"),
    Ban(sector="metals", share=0.6, label="iron and lead"),
    Ban(sector="fishing", share=1.0, label="seafood"),
)
"""Resolution 2371 in the sectors of the model; shares of the base year 2016."""

DEFAULT_SCENARIOS = (
    Scenario(id="full", label="all states enforce"),
    Scenario(id="half", label="China lets half pass", leak={"CHN": 0.5}),
    Scenario(id="china_not", label="China does not enforce", leak={"CHN": 1.0}),
    Scenario(id="embargo", label="full embargo, 2 % leaks", others_leak=0.02, scope="all"),
)


class Spec(Record):
    """What the case asks of the trade model.

    Attributes
    ----------
    bans
        Trade under the measures; `bans_from` says where they come from.
    bans_from
        ``case`` takes `bans`; ``regime`` compiles the case's regime on the as-of date.
    scenarios
        Ways of enforcing; the first is the headline.
    gdp
        Range of the target's GDP, million US dollars; the profile's when left out.
    elasticities
        Trade elasticities that replace the default ones, by sector.
    runs
        Which time spans are reported.
    draws
        Draws over elasticities and the target's inputs; a power of two.
    sampling
        How draws are spread: ``latin`` a Latin hypercube, ``sobol`` a scrambled Sobol sequence,
        which takes a second more.
    floor
        Part of the banned trade that stays where a ban leaves nobody who sells a good; the
        findings print what a tenth of it would change. Without it such a scenario is refused.
    seed_name
        Name of the random stream.
    gainers
        How many states to list that gain or lose most.
    """

    bans: tuple[Ban, ...] = DEFAULT_BANS
    bans_from: Literal["case", "regime"] = "case"
    scenarios: tuple[Scenario, ...] = Field(default=DEFAULT_SCENARIOS, min_length=1)
    gdp: Range | None = None
    elasticities: dict[SectorName, Positive] = Field(default_factory=dict)
    runs: tuple[Run, ...] = ("long", "short")
    draws: int = Field(default=256, ge=16, le=16384)
    sampling: Literal["latin", "sobol"] = "latin"
    floor: float | None = Field(default=None, gt=0, le=1, allow_inf_nan=False)
    seed_name: str = "impact.draws"
    gainers: int = Field(default=6, ge=1, le=20)

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        ids = [scenario.id for scenario in self.scenarios]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise FieldError(f"scenario '{twice[0]}' stands twice")
        flows = [(ban.sector, ban.flow) for ban in self.bans]
        again = sorted({flow for flow in flows if flows.count(flow) > 1})
        if again:
            what = f"the {again[0][1]} of {again[0][0]} are banned twice"
            raise FieldError(what, "add the shares and write one ban")
        if self.draws & (self.draws - 1):
            raise FieldError(f"draws {self.draws} is no power of two", "write 256 or 1024")
        if self.bans_from == "case" and not self.bans:
            raise FieldError("no trade is under the measures", "list bans, or take the regime's")
        return self
