"""Numbers that nobody knows exactly: ranges with reasons, and how they are checked."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from tumen.core.fields import FieldError
from tumen.core.nearest import did_you_mean
from tumen.core.record import Record
from tumen.strategy.parameters import Parameter, starting_range

LARGEST = 1e6
"""Largest number of a range."""
ABOVE_ZERO = ("pressure_width", "instability_threshold", "observation_sd", "aim_spread")
"""Weights that divide something."""


Number = Annotated[float, Field(allow_inf_nan=False, le=LARGEST)]
Level = Annotated[float, Field(allow_inf_nan=False, ge=-1, le=1)]
Share = Annotated[float, Field(allow_inf_nan=False, ge=0, le=1)]
Word = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$", max_length=60)]
Text = Annotated[str, Field(min_length=1, max_length=2000)]


class Range(Record):
    """A number that nobody knows exactly: lowest, likeliest and highest value, unit and reason.

    Attributes
    ----------
    low, mode, high
        Drawn as a triangular distribution; equal when the number is known.
    unit
        ``GUSD/year`` is billion US dollars a year.
    reason
        Why this range; printed.
    sources
        Ids of the case's sources; empty for a judgment.
    """

    low: Number
    mode: Number
    high: Number
    unit: Text
    reason: Text
    sources: tuple[Word, ...] = ()

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        if not self.low <= self.mode <= self.high:
            raise FieldError(
                f"the range {self.low:g}, {self.mode:g}, {self.high:g} is not in order",
                "write low <= mode <= high",
            )
        if self.low < 0:
            raise FieldError(
                f"the range begins below 0, at {self.low:g}", "write a range from 0 up"
            )
        return self


class GameSpec(Record):
    """What every game of a case has.

    Attributes
    ----------
    draws
        Number of draws over the ranges.
    counts_as_evidence
        Whether the weighing of hypotheses may use the results; off, because the analyst's own
        weights would come back as evidence.
    """

    draws: int = Field(default=500, ge=100, le=100_000)
    counts_as_evidence: bool = False


def check_weights(given: dict[str, Range], wanted: tuple[str, ...], *, player: str) -> None:
    """Refuse unknown, missing and wrongly measured weights."""
    for name in given:
        if name not in wanted:
            raise FieldError(f"'{name}' is no weight here", did_you_mean(name, wanted))
    for name in wanted:
        if name not in given:
            raise FieldError(
                f"weight '{name}' is missing" + (f" for {player}" if player else ""),
                f"add {name}: {starting_text(name, player=player)}",
            )
        row = _row(name, player=player)
        check_unit(given[name], row.unit, name=name)
        if name in ABOVE_ZERO and given[name].low <= 0:
            raise FieldError(f"{name} must be above 0")
        if row.unit in ("probability", "share"):
            check_probability(given[name], name=name)


def check_unit(given: Range, unit: str, *, name: str) -> None:
    """Refuse a range in another unit."""
    if given.unit != unit:
        raise FieldError(f"{name} is measured in '{given.unit}'", f"write unit: {unit}")


def check_probability(given: Range, *, name: str) -> None:
    """Refuse a range that leaves [0, 1]."""
    if given.high > 1:
        raise FieldError(f"{name} reaches {given.high:g}; it lies in [0, 1]")


def _row(name: str, *, player: str) -> Parameter:
    row = starting_range(name, player=player)
    assert row is not None
    return row


def starting_text(name: str, *, player: str) -> str:
    """Return the starting range of a parameter as it is written in a case."""
    row = _row(name, player=player)
    return (
        f"{{low: {row.low:g}, mode: {row.mode:g}, high: {row.high:g}, unit: {row.unit}, "
        'reason: "..."}'
    )
