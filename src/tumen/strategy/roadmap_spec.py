"""The roadmap in a case: steps, what they are worth, who gives and who verifies."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from tumen.core.countries import country
from tumen.core.errors import TumenError
from tumen.core.fields import CountryCode, FieldError
from tumen.core.record import Record
from tumen.strategy.ranges import (
    GameSpec,
    Range,
    Text,
    Word,
    check_probability,
    check_unit,
    check_weights,
)

ROADMAP_WEIGHTS = (
    "pressure",
    "leak",
    "gain",
    "relief_cost",
    "discount_target",
    "discount_sender",
    "breakdown",
    "snapback",
    "penalty_caught",
    "cost_renege",
    "cost_snapback",
    "target_precision",
    "sender_precision",
)
"""Weights that the case gives for a roadmap."""

NUCLEAR_WEAPON_STATES = ("CHN", "FRA", "GBR", "RUS", "USA")
"""States that may take nuclear warheads: Article IX of the Non-Proliferation Treaty."""
AGENCY = "IAEA"
"""Verifies nuclear material; it does not handle weapons."""

ScheduleName = Literal["max_pressure", "phased", "value_matched", "front_loaded"]
MAX_STEPS = 8
MAX_VERIFIERS = 6
MAX_CELLS = 2_000_000
"""Draws times steps times periods that are worked out at once."""


class Step(Record):
    """One thing that the target gives up.

    Attributes
    ----------
    id
        Short name.
    text
        What is given up.
    worth_target, worth_sender
        What it is worth to each, billion US dollars a year.
    detection
        Chance per half year that a verifier with full access finds it hidden.
    relief
        What the target is to get for it under the proposal, in words.
    delivers, reverses
        Who can deliver that relief, and who can take it back.
    """

    id: Word
    text: Text
    worth_target: Range
    worth_sender: Range
    detection: Range
    relief: str = ""
    delivers: Text
    reverses: Text

    @model_validator(mode="after")
    def _is_measured(self) -> Self:
        check_unit(self.worth_target, "GUSD/year", name="worth_target")
        check_unit(self.worth_sender, "GUSD/year", name="worth_sender")
        check_unit(self.detection, "probability", name="detection")
        check_probability(self.detection, name="detection")
        return self


class VerifierSpec(Record):
    """A party that may verify.

    Attributes
    ----------
    code
        Alpha-3 code of a state, or ``IAEA``.
    text
        How it would verify, in words.
    access
        Share of the chance of detection that its access lets it reach.
    collusion
        Share of what it finds that it would not report.
    intrusion
        What declaring a step to it costs the target, billion US dollars once.
    takes_warheads
        Whether it is to take warheads into custody.
    """

    code: str
    text: Text
    access: Range
    collusion: Range
    intrusion: Range
    takes_warheads: bool = False

    @model_validator(mode="after")
    def _may_do_it(self) -> Self:
        if self.code != AGENCY:
            try:
                country(self.code)
            except TumenError as error:
                problem = error.problems[0]
                raise FieldError(problem.what, problem.hint or f"or {AGENCY}") from None
        if self.takes_warheads and self.code not in NUCLEAR_WEAPON_STATES:
            raise FieldError(
                f"{self.code} cannot take warheads into custody",
                f"only nuclear-weapon states can: {', '.join(NUCLEAR_WEAPON_STATES)}",
            )
        for name in ("access", "collusion"):
            check_unit(getattr(self, name), "share", name=name)
            check_probability(getattr(self, name), name=name)
        check_unit(self.intrusion, "GUSD", name="intrusion")
        return self


class RoadmapSpec(GameSpec):
    """Step-by-step relief in a case.

    Attributes
    ----------
    sender
        The state that lifts sanctions.
    steps
        In the order in which they are taken.
    policy, proposal
        Schedule in force, and the one that is proposed against it.
    horizon
        Number of half years; afterwards the state stays as it is.
    weights
        What relief, promises, patience and being caught are worth; thirteen ranges.
    verifiers
        Parties that may verify; the first one does unless the table says otherwise.
    """

    sender: CountryCode
    steps: tuple[Step, ...] = Field(min_length=2, max_length=MAX_STEPS)
    policy: ScheduleName = "max_pressure"
    proposal: ScheduleName = "phased"
    horizon: int = Field(default=16, ge=1, le=60)
    weights: dict[str, Range]
    verifiers: tuple[VerifierSpec, ...] = Field(min_length=1, max_length=MAX_VERIFIERS)

    @model_validator(mode="after")
    def _can_be_followed(self) -> Self:
        check_weights(self.weights, ROADMAP_WEIGHTS, player="")
        for name in ("discount_target", "discount_sender"):
            if self.weights[name].high >= 1:
                raise FieldError(f"{name} reaches 1: the future would count as much as today")
        for kind, names in (
            ("step", [step.id for step in self.steps]),
            ("verifier", [party.code for party in self.verifiers]),
        ):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise FieldError(f"{kind} '{twice[0]}' stands twice")
        if self.policy == self.proposal:
            raise FieldError("the proposal is the policy in force", "name another schedule")
        if not any(step.worth_target.low > 0 for step in self.steps):
            raise FieldError("no step is worth anything to the target", "give one a low above 0")
        cells = self.draws * len(self.steps) * self.horizon
        if cells > MAX_CELLS:
            most = max(100, MAX_CELLS // (len(self.steps) * self.horizon))
            raise FieldError(
                f"{self.draws:,} draws of {len(self.steps)} steps in {self.horizon} half years "
                f"make {cells:,} cells; at most {MAX_CELLS:,} are worked out",
                f"write draws: {most} or less",
            )
        return self
