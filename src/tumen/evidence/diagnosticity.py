"""How much an item tells, and how much an open indicator would: mutual information in bits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tumen.evidence.items import Indicator
from tumen.evidence.matrix import stated
from tumen.evidence.spec import Spec
from tumen.evidence.weighing import Array, Weighing, normalised

MOST_BITS = 40.0
"""Largest weight of an item or group."""


@dataclass(frozen=True, eq=False)
class Watch:
    """An open indicator with what seeing it, or not, would do.

    Attributes
    ----------
    bits
        Expected information about the hypotheses.
    chance
        Chance of seeing it, given what is known.
    if_seen, if_not
        Posterior afterwards, by hypothesis.
    """

    indicator: Indicator
    bits: float
    chance: float
    if_seen: Array
    if_not: Array


@dataclass(frozen=True, eq=False)
class Information:
    """How much a weighing knows, from what, and what it could still learn; all in bits.

    Attributes
    ----------
    unknown
        Entropy of the hypotheses after the evidence.
    items
        By item: its information alone, under the priors.
    item_weights
        By item: how far it parts the hypotheses that it favours most and least.
    group_weights
        By group: the same, with its items taken together.
    watch
        The open indicators, most informative first.
    """

    unknown: float
    items: Array
    item_weights: Array
    group_weights: Array
    watch: tuple[Watch, ...]


def information(spec: Spec, weighing: Weighing) -> Information:
    """Return how much each item tells and how much each open indicator would.

    Examples
    --------
    >>> from datetime import date
    >>> from tumen.evidence import Spec, information, weigh
    >>> section = Spec.model_validate({"rater": "A. Analyst", "sets": [
    ...     {"id": "q", "question": "Is it so?", "hypotheses": [
    ...         {"id": "yes", "text": "It is so.", "prior": "0.5"},
    ...         {"id": "no", "text": "It is not so.", "prior": "0.5"}]}]})
    >>> information(section, weigh(section, "q", as_of=date(2017, 8, 31), seed=1)).unknown
    1.0
    """
    has_items = bool(weighing.matrix.rows)
    nothing = np.zeros(0)
    return Information(
        unknown=entropy(weighing.posterior),
        items=diagnosticity(weighing) if has_items else nothing,
        item_weights=item_weight(weighing) if has_items else nothing,
        group_weights=group_weight(weighing) if has_items else nothing,
        watch=watch_list(spec, weighing),
    )


def entropy(chances: Array) -> float:
    """Return the entropy of a distribution in bits."""
    inside = chances[chances > 0]
    return float(-(inside * np.log2(inside)).sum())


def mutual_information(belief: Array, seen: Array) -> float:
    """Return the information between a yes-or-no observation and the hypotheses, in bits.

    Parameters
    ----------
    belief
        Shape (hypothesis,): chances before the observation.
    seen
        Shape (hypothesis,): chance of "yes" if the hypothesis is true.
    """

    def surprise(chance: Array) -> Array:
        pair = np.stack([chance, 1 - chance])
        return np.asarray(-(pair * np.log2(pair, out=np.zeros_like(pair), where=pair > 0)).sum(0))

    total = surprise(np.array([belief @ seen]))[0]
    return max(0.0, float(total - belief @ surprise(seen)))


def diagnosticity(weighing: Weighing) -> Array:
    """Return the information of each item on its own, under the priors, in bits."""
    trust = weighing.reliability[weighing.membership][:, np.newaxis]
    seen = trust * weighing.likelihood + (1 - trust) * weighing.base
    return np.array([mutual_information(weighing.prior, row) for row in seen])


def item_weight(weighing: Weighing) -> Array:
    """Return how far each item alone parts the hypotheses it favours most and least, in bits."""
    trust = weighing.reliability[weighing.membership][:, np.newaxis]
    with np.errstate(divide="ignore"):
        return _spread(np.log(trust * weighing.likelihood + (1 - trust) * weighing.base))


def group_weight(weighing: Weighing) -> Array:
    """Return how far each group parts the hypotheses it favours most and least, in bits."""
    return _spread(weighing.group_evidence)


def _spread(log_chances: Array) -> Array:
    # A ruled-out hypothesis would part them without end; forty bits are as good.
    low = np.maximum(log_chances, log_chances.max(axis=1, keepdims=True) - MOST_BITS * np.log(2))
    return np.asarray((low.max(axis=1) - low.min(axis=1)) / np.log(2))


def watch_list(spec: Spec, weighing: Weighing) -> tuple[Watch, ...]:
    """Return the open indicators of a set, most informative first."""
    found = []
    belief = weighing.posterior
    for indicator in weighing.matrix.indicators:
        by_hypothesis = indicator.likelihood[weighing.matrix.set.id]
        seen = np.array([stated(spec, by_hypothesis[name]).centre for name in weighing.names])
        with np.errstate(divide="ignore"):
            found.append(
                Watch(
                    indicator=indicator,
                    bits=mutual_information(belief, seen),
                    chance=float(belief @ seen),
                    if_seen=normalised(belief, np.log(seen)) if (belief @ seen) > 0 else belief,
                    if_not=normalised(belief, np.log1p(-seen)) if (belief @ seen) < 1 else belief,
                )
            )
    return tuple(sorted(found, key=lambda each: (-each.bits, each.indicator.id)))
