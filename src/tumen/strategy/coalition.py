"""What each member adds to a coalition's pressure, alone and together with others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from tumen.core.errors import DataError
from tumen.numerics.random import stream
from tumen.strategy.game import Floats
from tumen.strategy.payoffs import Profiles, Provider

MOST_EXACT = 10
"""Largest number of members for which every coalition is worked out."""

Worth = Callable[[Floats], Floats]
"""Pressure of coalitions given as rows of zeros and ones, shape (coalition, member)."""


@dataclass(frozen=True, eq=False)
class Coalition:
    """The worth of every coalition.

    Attributes
    ----------
    members
        Codes, in the order of the bits: coalition number 5 holds the first and the third member.
    worth
        Billion US dollars a year, shape (2 ** member,).
    """

    members: tuple[str, ...]
    worth: Floats

    def __post_init__(self) -> None:
        if self.worth.shape != (2 ** len(self.members),) or not np.isfinite(self.worth).all():
            raise DataError("a coalition's worth must be finite and given for every coalition")

    @property
    def _sizes(self) -> Floats:
        return np.asarray(rows(len(self.members)).sum(axis=1))

    @property
    def dividends(self) -> Floats:
        """Harsanyi dividends: what each group adds that none of its parts does, (coalition,)."""
        result = self.worth.copy()
        for bit in range(len(self.members)):
            with_bit = np.arange(len(result)) & (1 << bit) != 0
            result[with_bit] -= result[np.flatnonzero(with_bit) ^ (1 << bit)]
        return result

    @property
    def shapley(self) -> Floats:
        """Shapley values: each dividend is shared by its group; shape (member,)."""
        share = self.dividends / np.maximum(self._sizes, 1)
        return np.asarray(rows(len(self.members)).T @ share)

    @property
    def interaction(self) -> Floats:
        """Shapley interaction of each pair, shape (member, member), zero on the diagonal."""
        inside = rows(len(self.members))
        weight = np.where(self._sizes > 1, 1.0 / np.maximum(self._sizes - 1, 1), 0.0)
        result = inside.T @ (inside * (self.dividends * weight)[:, None])
        np.fill_diagonal(result, 0.0)
        return np.asarray(result)

    def of(self, *members: str) -> float:
        """Return the worth of one coalition."""
        return float(self.worth[self.number(*members)])

    def dividend(self, *members: str) -> float:
        """Return the dividend of one group: above 0, each effort is undone without the other."""
        return float(self.dividends[self.number(*members)])

    def number(self, *members: str) -> int:
        """Return the number of a coalition."""
        unknown = [name for name in members if name not in self.members]
        if unknown:
            raise DataError(
                f"'{unknown[0]}' is no member", hint=f"valid: {', '.join(self.members)}"
            )
        return sum(1 << self.members.index(name) for name in members)

    def pivotal_pairs(self) -> list[tuple[str, str, float]]:
        """Return the pairs by the size of their interaction, largest first."""
        pairs = combinations(range(len(self.members)), 2)
        found = [
            (self.members[i], self.members[j], float(self.interaction[i, j])) for i, j in pairs
        ]
        return sorted(found, key=lambda pair: -abs(pair[2]))


def rows(count: int) -> Floats:
    """Return every coalition as a row of zeros and ones, shape (2 ** count, count)."""
    return ((np.arange(2**count)[:, None] >> np.arange(count)) & 1).astype(np.float64)


def worth_of(provider: Provider, *, capacity: Floats) -> Worth:
    """Return the pressure when the members of a coalition enforce in full and others stand aside.

    Parameters
    ----------
    provider
        A provider without draws.
    capacity
        Trade that each member can take over while it stands outside, shape (member,).
    """

    def worth(coalitions: Floats) -> Floats:
        profiles = Profiles(coalitions, np.zeros_like(coalitions))
        relief = np.zeros(coalitions.shape[1])
        return provider.outcomes(profiles, capacity=capacity, relief=relief).pressure

    return worth


def coalition_worth(members: Sequence[str], worth: Worth) -> Coalition:
    """Return the worth of every coalition of up to ten members.

    Raises
    ------
    DataError
        When there are more; `sampled_shapley` handles them.

    Examples
    --------
    >>> both = coalition_worth(("CHN", "RUS"), lambda inside: inside.prod(axis=1))
    >>> both.dividend("CHN", "RUS")
    1.0
    """
    if len(members) > MOST_EXACT:
        raise DataError(
            f"{len(members)} members make {2 ** len(members):,} coalitions",
            hint=f"up to {MOST_EXACT} are worked out exactly; sample for more",
        )
    return Coalition(tuple(members), worth(rows(len(members))))


@dataclass(frozen=True, eq=False)
class SampledShapley:
    """Shapley values from sampled orders, with their standard errors, shape (member,)."""

    members: tuple[str, ...]
    value: Floats
    standard_error: Floats


def sampled_shapley(
    members: Sequence[str], worth: Worth, *, orders: int = 2000, seed: int = 1
) -> SampledShapley:
    """Return Shapley values from random orders of joining, each beside its reverse."""
    count = len(members)
    random = stream(seed, "strategy.coalition")
    half = np.array([random.permutation(count) for _ in range(max(2, orders // 2))])
    joined = np.stack([half, half[:, ::-1]])
    gains = np.empty((2, len(half), count))
    for turn, order in enumerate(joined):
        inside = np.zeros((len(half), count + 1, count))
        places = np.arange(len(half))
        for step in range(count):
            inside[:, step + 1] = inside[:, step]
            inside[places, step + 1, order[:, step]] = 1.0
        value = worth(inside.reshape(-1, count)).reshape(len(half), count + 1)
        np.put_along_axis(gains[turn], order, np.diff(value, axis=1), axis=1)
    pairs = gains.mean(axis=0)
    error = pairs.std(axis=0, ddof=1) / np.sqrt(len(half))
    return SampledShapley(tuple(members), pairs.mean(axis=0), error)
