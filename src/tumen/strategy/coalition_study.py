"""All numbers of a case's coalition: what each member adds, and what two undo for each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tumen.strategy.coalition import Coalition, rows, worth_of
from tumen.strategy.coalition_spec import CoalitionSpec
from tumen.strategy.game import Floats
from tumen.strategy.payoffs import ReducedForm
from tumen.strategy.ranges import Range
from tumen.strategy.sampling import Swing, Values, alone, drawn, modes


def coalition_ranges(spec: CoalitionSpec) -> dict[str, Range]:
    """Return every uncertain input by its dotted name, e.g. ``coalition.CHN.capacity``."""
    found = {f"coalition.{name}": value for name, value in spec.weights.items()}
    for member in spec.members:
        found[f"coalition.{member.code}.listed_trade"] = member.listed_trade
        found[f"coalition.{member.code}.capacity"] = member.capacity
    return found


def coalitions_at(spec: CoalitionSpec, values: Values) -> tuple[Coalition, ...]:
    """Return the coalition at each draw."""
    codes = tuple(member.code for member in spec.members)

    def by_member(key: str) -> Floats:
        return np.stack([values[f"coalition.{code}.{key}"] for code in codes], axis=-1)

    listed = by_member("listed_trade")
    provider = ReducedForm(
        listed=listed,
        other=np.zeros_like(listed),
        surplus=np.zeros_like(listed),
        passive_backfill=values["coalition.passive_backfill"],
    )
    worth = worth_of(provider, capacity=by_member("capacity"))(rows(len(codes)))
    return tuple(Coalition(codes, each) for each in worth)


@dataclass(frozen=True, eq=False)
class CoalitionStudy:
    """The numbers behind the findings; draws run first.

    Attributes
    ----------
    everyone
        Pressure when all enforce, shape (draw,).
    shares
        Shapley value of each member as a share of that, shape (draw, member).
    without
        Share of the pressure that is lost when one member stands aside, shape (draw, member).
    alone
        Pressure when one member alone enforces, as a share, shape (draw, member).
    pairs
        Two members each, and their interaction as a share of the whole, shape (draw,).
    pair
        Dividend of the case's pair as a share of the whole, shape (draw,).
    swings
        What each input alone does to `pair`.
    """

    spec: CoalitionSpec
    everyone: Floats
    shares: Floats
    without: Floats
    alone: Floats
    pairs: tuple[tuple[str, str, Floats], ...]
    pair: Floats
    swings: tuple[Swing, ...]
    central: float


def study_coalition(spec: CoalitionSpec, *, seed: int) -> CoalitionStudy:
    """Return all numbers of a case's coalition."""
    found = coalition_ranges(spec)
    drawn_coalitions = coalitions_at(spec, drawn(found, draws=spec.draws, seed=seed))
    codes = drawn_coalitions[0].members
    every = np.array([each.of(*codes) for each in drawn_coalitions])
    scale = np.where(every > 0, every, 1.0)
    interaction = np.array([each.interaction for each in drawn_coalitions])
    return CoalitionStudy(
        spec=spec,
        everyone=every,
        shares=np.array([each.shapley for each in drawn_coalitions]) / scale[:, None],
        without=1.0 - _of_each(drawn_coalitions, without=True) / scale[:, None],
        alone=_of_each(drawn_coalitions, without=False) / scale[:, None],
        pairs=tuple(
            (codes[i], codes[j], interaction[:, i, j] / scale)
            for i in range(len(codes))
            for j in range(i + 1, len(codes))
        ),
        pair=_pair(spec, drawn_coalitions),
        swings=alone(found, lambda moved: _pair(spec, coalitions_at(spec, moved))),
        central=float(_pair(spec, coalitions_at(spec, modes(found)))[0]),
    )


def _of_each(found: tuple[Coalition, ...], *, without: bool) -> Floats:
    """Worth of each member alone, or of all but it, shape (draw, member)."""
    codes = found[0].members
    groups = [[c for c in codes if (c != code) == without] for code in codes]
    return np.array([[each.of(*group) for group in groups] for each in found])


def _pair(spec: CoalitionSpec, found: tuple[Coalition, ...]) -> Floats:
    """Dividend of the case's pair as a share of the whole pressure, shape (draw,)."""
    return np.array(
        [each.dividend(*spec.pair) / max(each.of(*each.members), 1e-12) for each in found]
    )
