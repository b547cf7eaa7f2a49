"""What would put a rival on top: one item less, one item reversed, the smallest set, a tipping."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from tumen.evidence.weighing import Array, Weighing, group_evidence, normalised

LARGEST_ENUMERATED = 14
"""Groups of more items are searched greedily; the answer is then marked as not exact."""


@dataclass(frozen=True, eq=False)
class Change:
    """The posterior after one change, and whether another hypothesis leads then."""

    item: str
    posterior: Array
    has_new_top: bool


@dataclass(frozen=True)
class FlippingSet:
    """The fewest items without which a rival overtakes the leading hypothesis.

    Attributes
    ----------
    items
        Their ids; empty when the rival does not overtake even without all evidence.
    is_possible
        Whether leaving out evidence can do it at all.
    is_exact
        Whether no smaller set exists; False when a large group was searched greedily.
    """

    rival: str
    items: tuple[str, ...]
    is_possible: bool
    is_exact: bool


@dataclass(frozen=True)
class Tipping:
    """A value at which a rival draws level, with all else as it is.

    Attributes
    ----------
    what
        Name of the group, or of the rival whose prior it is.
    value
        Chance at which it tips; None when no value in [0, 1] does.
    current
        The value in the weighing.
    """

    what: str
    rival: str
    value: float | None
    current: float


@dataclass(frozen=True)
class Sensitivity:
    """How a weighing answers to changes of what entered it.

    Attributes
    ----------
    without_item, reversed_item
        One change for each counted item, in the order of the matrix.
    without_group
        One change for each source group.
    flipping
        The smallest flipping set of each rival.
    priors, reliabilities
        Where each rival draws level.
    """

    without_item: tuple[Change, ...]
    reversed_item: tuple[Change, ...]
    without_group: tuple[Change, ...]
    flipping: tuple[FlippingSet, ...]
    priors: tuple[Tipping, ...]
    reliabilities: tuple[Tipping, ...]


def sensitivity(weighing: Weighing) -> Sensitivity:
    """Return how a weighing answers to the loss or the contrary of what entered it.

    Examples
    --------
    >>> from datetime import date
    >>> from tumen.evidence import Spec, sensitivity, weigh
    >>> section = Spec.model_validate({"rater": "A. Analyst", "sets": [
    ...     {"id": "q", "question": "Is it so?", "hypotheses": [
    ...         {"id": "yes", "text": "It is so.", "prior": "0.6"},
    ...         {"id": "no", "text": "It is not so.", "prior": "0.4"}]}]})
    >>> weighing = weigh(section, "q", as_of=date(2017, 8, 31), seed=1)
    >>> round(sensitivity(weighing).priors[0].value, 9)
    0.5
    """
    groups = weighing.matrix.groups
    return Sensitivity(
        without_item=drop_each(weighing),
        reversed_item=reverse_each(weighing),
        without_group=tuple(drop_group(weighing, group) for group in groups),
        flipping=flipping_sets(weighing),
        priors=tipping_prior(weighing),
        reliabilities=tuple(
            tipping for group in groups for tipping in tipping_reliability(weighing, group)
        ),
    )


def drop_each(weighing: Weighing) -> tuple[Change, ...]:
    """Return the posterior without each item in turn (its copies leave with it)."""
    return tuple(
        _changed(weighing, int(place), weighing.likelihood, leave=(number,), label=row.item.id)
        for number, (row, place) in enumerate(
            zip(weighing.matrix.rows, weighing.membership, strict=True)
        )
    )


def drop_group(weighing: Weighing, group: str) -> Change:
    """Return the posterior without a whole source group."""
    place = weighing.matrix.groups.index(group)
    members = tuple(int(each) for each in np.flatnonzero(weighing.membership == place))
    return _changed(weighing, place, weighing.likelihood, leave=members, label=group)


def reverse_each(weighing: Weighing) -> tuple[Change, ...]:
    """Return the posterior with each item turned into its contrary: L becomes 1 - L.

    It answers "what if the opposite had been observed".
    """
    changes = []
    for number, (row, place) in enumerate(
        zip(weighing.matrix.rows, weighing.membership, strict=True)
    ):
        likelihood = weighing.likelihood.copy()
        flips = np.array([not each.is_na for each in row.likelihood])
        likelihood[number, flips] = 1 - likelihood[number, flips]
        changes.append(_changed(weighing, int(place), likelihood, leave=(), label=row.item.id))
    return tuple(changes)


def flipping_sets(weighing: Weighing) -> tuple[FlippingSet, ...]:
    """Return, for each rival, the smallest set of items whose loss puts it level with the top.

    Log odds add up over groups; inside a group every subset is tried, across groups the best
    gain for each number of dropped items is combined. Exact while no group holds more than
    `LARGEST_ENUMERATED` items.
    """
    top = weighing.top
    return tuple(
        _flipping_set(weighing, top, rival) for rival in range(len(weighing.names)) if rival != top
    )


def tipping_reliability(weighing: Weighing, group: str) -> tuple[Tipping, ...]:
    """Return, for each rival, the reliability of one group at which the rival draws level.

    Both sides are linear in r, so the point is exact.
    """
    top, place = weighing.top, weighing.matrix.groups.index(group)
    chosen = weighing.membership == place
    tracks = weighing.likelihood[chosen].prod(axis=0)
    strays = weighing.base[chosen].prod(axis=0)
    others = np.delete(weighing.group_evidence, place, axis=0).sum(axis=0)
    rest = normalised(weighing.prior, others)
    tippings = []
    for rival, name in enumerate(weighing.names):
        if rival == top:
            continue
        at_zero = rest[top] * strays[top] - rest[rival] * strays[rival]
        at_one = rest[top] * tracks[top] - rest[rival] * tracks[rival]
        value = None
        if at_zero * at_one <= 0 and at_zero != at_one:
            value = float(at_zero / (at_zero - at_one))
        tippings.append(Tipping(group, name, value, float(weighing.reliability[place])))
    return tuple(tippings)


def tipping_prior(weighing: Weighing) -> tuple[Tipping, ...]:
    """Return, for each rival, the prior at which it draws level; the others keep their ratios."""
    top, evidence = weighing.top, weighing.group_evidence.sum(axis=0)
    tippings = []
    for rival, name in enumerate(weighing.names):
        if rival == top:
            continue
        current = float(weighing.prior[rival])
        odds = np.exp(evidence[top] - evidence[rival]) * weighing.prior[top] / (1 - current)
        tippings.append(Tipping(name, name, float(odds / (1 + odds)), current))
    return tuple(tippings)


def _changed(
    weighing: Weighing, place: int, likelihood: Array, *, leave: tuple[int, ...], label: str
) -> Change:
    """Return the posterior with other likelihoods, or fewer items, in one group."""
    kept = [
        int(number)
        for number in np.flatnonzero(weighing.membership == place)
        if int(number) not in leave
    ]
    evidence = np.delete(weighing.group_evidence, place, axis=0).sum(axis=0)
    if kept:
        evidence = evidence + group_evidence(
            likelihood[kept], weighing.base[kept], weighing.trust[kept].min()
        )
    after = normalised(weighing.prior, evidence)
    return Change(label, after, bool(np.argmax(after) != weighing.top))


def _flipping_set(weighing: Weighing, top: int, rival: int) -> FlippingSet:
    with np.errstate(divide="ignore"):
        odds = float(np.log(weighing.prior[rival]) - np.log(weighing.prior[top]))
    is_exact = True
    # best[m]: the highest log odds of the rival with m items dropped so far, and which.
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (odds, ())}
    for place in range(len(weighing.matrix.groups)):
        members = [int(each) for each in np.flatnonzero(weighing.membership == place)]
        is_exact = is_exact and len(members) <= LARGEST_ENUMERATED
        gains = _gains(weighing, place, members, top, rival)
        merged: dict[int, tuple[float, tuple[int, ...]]] = {}
        for count, (value, dropped) in best.items():
            for more, (gain, chosen) in gains.items():
                candidate = (value + gain, dropped + chosen)
                if count + more not in merged or candidate[0] > merged[count + more][0]:
                    merged[count + more] = candidate
        best = merged
    for count in sorted(best):
        value, dropped = best[count]
        if value >= 0:
            names = tuple(sorted(weighing.matrix.rows[number].item.id for number in dropped))
            return FlippingSet(weighing.names[rival], names, True, is_exact)
    return FlippingSet(weighing.names[rival], (), False, is_exact)


def _gains(
    weighing: Weighing, place: int, members: list[int], top: int, rival: int
) -> dict[int, tuple[float, tuple[int, ...]]]:
    """Return, by number of dropped items of one group, the best log odds left and which to drop."""

    def odds(dropped: tuple[int, ...]) -> float:
        kept = [number for number in members if number not in dropped]
        if not kept:
            return 0.0
        term = group_evidence(
            weighing.likelihood[kept], weighing.base[kept], weighing.trust[kept].min()
        )
        return float(term[rival] - term[top])

    if len(members) <= LARGEST_ENUMERATED:
        return {
            count: max(
                ((odds(dropped), dropped) for dropped in combinations(members, count)),
                key=lambda pair: pair[0],
            )
            for count in range(len(members) + 1)
        }
    gains: dict[int, tuple[float, tuple[int, ...]]] = {0: (odds(()), ())}
    dropped: tuple[int, ...] = ()
    while len(dropped) < len(members):
        left = [number for number in members if number not in dropped]
        dropped = max(((*dropped, number) for number in left), key=odds)
        gains[len(dropped)] = (odds(dropped), dropped)
    return gains
