"""Truth or pretext in a case: rival types of a state, what each does and says, the record."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, model_validator

from tumen.core.errors import TumenError
from tumen.core.fields import CountryCode, Day, FieldError
from tumen.core.nearest import did_you_mean
from tumen.core.periods import period
from tumen.core.record import Record
from tumen.strategy.ranges import (
    GameSpec,
    Level,
    Range,
    Text,
    Word,
    check_probability,
    check_unit,
    check_weights,
)

SINCERITY_WEIGHTS = ("talk_weight", "observation_sd", "aim_spread", "banned_share")
"""Weights that the case gives for the reading of a record."""

MAX_TYPES = 4
MAX_RECORD = 240
LEAST_NOISE = 0.02
MOST_DRAWS = 2_000
"""Each draw weighs the whole record."""
MOST_LEVELS = 50
"""Each month of each draw is weighed at every level."""

Ratio = Annotated[float, Field(allow_inf_nan=False, ge=0, le=1000)]


class TypeSpec(Record):
    """What the state may be.

    Attributes
    ----------
    id
        Short name; the claim names one.
    text
        What it does, as a sentence of its own.
    prior
        Chance before the record; the types' draws are made to sum to 1.
    aims
        Enforced share that it aims at, by circumstance.
    says
        Chance of each statement; the draws are made to sum to 1.
    dark
        Chance that a month is not recorded at all.
    recorded
        Share of real trade that reaches the records.
    """

    id: Word
    text: Text
    prior: Range
    aims: dict[Word, Range]
    says: dict[Word, Range]
    dark: Range
    recorded: Range

    @model_validator(mode="after")
    def _is_measured(self) -> Self:
        found = [("prior", self.prior, "probability"), ("dark", self.dark, "probability")]
        found += [("recorded", self.recorded, "share")]
        found += [(f"aims.{name}", value, "share") for name, value in self.aims.items()]
        found += [(f"says.{name}", value, "probability") for name, value in self.says.items()]
        for name, value, unit in found:
            check_unit(value, unit, name=name)
            check_probability(value, name=name)
        for name, value in (("prior", self.prior), ("recorded", self.recorded)):
            if value.low <= 0:
                raise FieldError(f"{name} must be above 0")
        for name, value in self.says.items():
            if value.low <= 0:
                raise FieldError(f"says.{name} must be above 0: nobody is sure what is never said")
        if self.dark.high >= 1:
            raise FieldError("dark reaches 1: nothing would ever be recorded")
        return self


class Month(Record):
    """One month of the record.

    Attributes
    ----------
    period
        The month, such as 2018-06.
    ratio
        Recorded trade beside the baseline; left out when nothing was published.
    circumstance
        One of the case's circumstances.
    statement
        One of the case's statements; left out when there was none to rate.
    released
        First day on which it was known.
    note
        Printed beside it.
    sources
        Ids of the case's sources.
    """

    period: Annotated[str, Field(pattern=r"^\d{4}-\d{2}$")]
    ratio: Ratio | None = None
    circumstance: Word
    statement: Word | None = None
    released: Day
    note: str = ""
    sources: tuple[Word, ...] = ()

    @model_validator(mode="after")
    def _is_dated(self) -> Self:
        try:
            ends = period(self.period).end
        except TumenError as error:
            raise FieldError(error.problems[0].what, error.problems[0].hint) from None
        if self.released < ends:
            raise FieldError(f"{self.period} is released on {self.released}, before its end")
        return self


class SinceritySpec(GameSpec):
    """The reading of a state's record.

    Attributes
    ----------
    state
        Whose aims are in question.
    baseline
        What the ratios are measured against, in words.
    circumstances
        What may change what the state aims at, by id; the first is the usual one.
    statements
        What it may say, by id.
    types
        From the one that enforces most to the one that enforces least.
    claim
        Id of the type that it claims to be.
    levels
        Enforced shares.
    window
        Number of months that count as one choice.
    weights
        The weight of words, the noise of the record, the spread about an aim and the banned share
        of the baseline.
    record
        The months in order.
    """

    draws: int = Field(default=300, ge=100, le=MOST_DRAWS)

    state: CountryCode
    baseline: Text
    circumstances: dict[Word, Text] = Field(min_length=1, max_length=4)
    statements: dict[Word, Text] = Field(min_length=2, max_length=5)
    types: tuple[TypeSpec, ...] = Field(min_length=2, max_length=MAX_TYPES)
    claim: Word
    levels: tuple[Level, ...] = Field(default=(0.0, 0.25, 0.5, 0.75, 1.0), max_length=MOST_LEVELS)
    window: int = Field(default=3, ge=1, le=24)
    weights: dict[str, Range]
    record: tuple[Month, ...] = Field(min_length=1, max_length=MAX_RECORD)

    @model_validator(mode="after")
    def _names_what_it_has(self) -> Self:
        check_weights(self.weights, SINCERITY_WEIGHTS, player="")
        names = [each.id for each in self.types]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise FieldError(f"type '{twice[0]}' stands twice")
        if self.weights["banned_share"].low <= 0 or self.weights["banned_share"].high >= 1:
            raise FieldError("banned_share lies between 0 and 1, and reaches neither")
        if self.weights["observation_sd"].low < LEAST_NOISE:
            raise FieldError(
                f"observation_sd begins below {LEAST_NOISE:g}", "no record is that exact"
            )
        if self.claim not in names:
            raise FieldError(f"'{self.claim}' is no type", did_you_mean(self.claim, names))
        for each in self.types:
            _same(each.aims, self.circumstances, kind="circumstance", place=f"{each.id}: aims")
            _same(each.says, self.statements, kind="statement", place=f"{each.id}: says")
        for month in self.record:
            _known(month.circumstance, self.circumstances, "circumstance", month.period)
            if month.statement is not None:
                _known(month.statement, self.statements, "statement", month.period)
        if len(self.levels) < 2 or list(self.levels) != sorted(set(self.levels)):
            raise FieldError("the levels must rise", "write levels: [0, 0.25, 0.5, 0.75, 1]")
        if self.levels[0] < 0:
            raise FieldError("a level below 0 is no enforced share")
        self._check_order()
        return self

    def _check_order(self) -> None:
        for before, after in pairwise(self.record):
            if period(after.period).start < period(before.period).end:
                raise FieldError(
                    f"{before.period} and {after.period} overlap or are out of order",
                    "list the months in order",
                )
        for first, second in pairwise(self.types):
            for name in self.circumstances:
                if not _above(first.aims[name], second.aims[name], strictly=True):
                    raise FieldError(
                        f"'{second.id}' does not aim below '{first.id}' in '{name}'",
                        "list the types from the one that enforces most to the one that does least",
                    )
            if not _above(second.dark, first.dark, strictly=False):
                raise FieldError(
                    f"'{first.id}' enforces more than '{second.id}' and hides more often",
                    "a blackout must not count as a sign of sincerity",
                )


def _same(given: dict[str, Range], wanted: dict[str, str], *, kind: str, place: str) -> None:
    for name in given:
        _known(name, wanted, kind, place)
    for name in wanted:
        if name not in given:
            raise FieldError(f"{place}: {kind} '{name}' is missing", f"add {name}: a range")


def _known(name: str, wanted: dict[str, str], kind: str, place: str) -> None:
    if name not in wanted:
        raise FieldError(f"{place}: '{name}' is no {kind}", did_you_mean(name, wanted))


def _above(one: Range, other: Range, *, strictly: bool) -> bool:
    ends = ((one.low, other.low), (one.mode, other.mode), (one.high, other.high))
    return all(a >= b for a, b in ends) and (not strictly or one.mode > other.mode)
