"""The coalition in a case: whose trade the pressure is made of."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from tumen.core.fields import CountryCode, FieldError
from tumen.core.record import Record
from tumen.strategy.ranges import GameSpec, Range, Text, check_unit, check_weights

COALITION_WEIGHTS = ("passive_backfill",)
"""Weights that the case gives for a coalition."""

MAX_MEMBERS = 8
MAX_CELLS = 4_000_000
"""Draws times groups times members that are worked out at once."""


class MemberSpec(Record):
    """A state that may enforce or stand aside.

    Attributes
    ----------
    code
        Alpha-3 code.
    text
        What it trades, in words.
    listed_trade
        What it bought of the listed goods before the ban, billion US dollars a year.
    capacity
        What it can take over of other members' trade while it stands aside.
    """

    code: CountryCode
    text: Text
    listed_trade: Range
    capacity: Range

    @model_validator(mode="after")
    def _is_measured(self) -> Self:
        check_unit(self.listed_trade, "GUSD/year", name="listed_trade")
        check_unit(self.capacity, "GUSD/year", name="capacity")
        return self


class CoalitionSpec(GameSpec):
    """Who makes the pressure.

    Attributes
    ----------
    members
        States that may enforce; whoever does not stands aside.
    pair
        The two members whose joint effort is asked for.
    weights
        The share of free capacity that firms use without their state's help.
    """

    members: tuple[MemberSpec, ...] = Field(min_length=2, max_length=MAX_MEMBERS)
    pair: tuple[CountryCode, CountryCode]
    weights: dict[str, Range]

    @model_validator(mode="after")
    def _names_what_it_has(self) -> Self:
        check_weights(self.weights, COALITION_WEIGHTS, player="")
        codes = [member.code for member in self.members]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise FieldError(f"member '{twice[0]}' stands twice")
        for code in self.pair:
            if code not in codes:
                raise FieldError(f"pair names {code}, which is no member")
        if self.pair[0] == self.pair[1]:
            raise FieldError("the pair is one member twice")
        cells = self.draws * 2 ** len(codes) * len(codes)
        if cells > MAX_CELLS:
            most = max(100, MAX_CELLS // (2 ** len(codes) * len(codes)))
            raise FieldError(
                f"{self.draws:,} draws of {2 ** len(codes)} groups of {len(codes)} members make "
                f"{cells:,} cells; at most {MAX_CELLS:,} are worked out",
                f"write draws: {most} or less",
            )
        if not any(member.listed_trade.low > 0 for member in self.members):
            raise FieldError("no member has listed trade", "give one a low above 0")
        return self
