"""Confidence from named components, capped by the weakest critical one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median_low

import numpy as np

from tumen.assess.record import Component, Confidence, ConfidenceLevel
from tumen.assess.spec import AssumptionSpec, JudgmentSpec
from tumen.assess.weighed import Weighed
from tumen.assess.words import Scale
from tumen.core.units import rounded_text
from tumen.evidence import Spec as EvidenceSpec
from tumen.evidence import Weighing

LEVELS: tuple[ConfidenceLevel, ...] = ("low", "moderate", "high")

GROUPS_FOR_HIGH, GROUPS_FOR_MODERATE = 3.5, 1.5
"""Effective number of independent source groups."""
GRADED_FOR_HIGH, GRADED_FOR_MODERATE = 0.5, 0.15
"""Share of the weight that outlets of grade A or B bear."""
KEPT_FOR_HIGH, KEPT_FOR_MODERATE = 0.7, 0.35
"""Share of the draws that keep the likelihood word."""
NEAR = 0.05
"""A move of less than this across the edge of two words is no change of word."""
RATED_FOR_HIGH, RATED_FOR_MODERATE = 0.9, 0.6
"""Share of the items on which every hypothesis is rated."""
OPEN_FOR_HIGH, OPEN_FOR_MODERATE = 0.25, 0.6
"""Share of what is unknown that the best open indicator would tell."""
INTERESTED_FOR_HIGH, INTERESTED_FOR_MODERATE = 0.25, 0.5
"""Share of the weight that comes from interested, unnamed or doubtful sources."""
DAYS_FOR_HIGH, DAYS_FOR_MODERATE = 200, 730
"""Days from the as-of date until the judgment is settled."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """The probability of a judgment: its central value, and one for each draw.

    Attributes
    ----------
    given
        Shape (hypothesis,): central chance of the outcome under each hypothesis.
    draws
        Shape (draw,).
    """

    value: float
    given: np.ndarray[tuple[int], np.dtype[np.float64]]
    draws: np.ndarray[tuple[int], np.dtype[np.float64]]


def confidence(
    judgment: JudgmentSpec,
    *,
    outcome: Outcome,
    weighed: Weighed,
    evidence: EvidenceSpec,
    assumptions: Sequence[AssumptionSpec],
    as_of: date,
    on: Scale,
) -> Confidence:
    """Return how sure one may be of a judgment, and why not more.

    The level is the median of the components, never above the weakest critical one. A person's
    cap can lower it and cannot raise it.

    Parameters
    ----------
    judgment
        What the case says of it.
    outcome
        Its probability.
    weighed
        The hypotheses that it rests on.
    evidence
        The case's evidence, for the names of groups and the scales.
    assumptions
        The case's assumptions; those that hinge on the set, or that the judgment names, count.
    as_of
        From here the horizon is measured.
    on
        Scale of the likelihood words.
    """
    components = (
        _groups(weighed, evidence),
        _robustness(outcome, weighed, on),
        _linchpins(judgment, assumptions),
        _rivals(weighed.weighing),
        _open_indicators(weighed),
        _interested(weighed, evidence),
        _horizon(judgment, as_of),
    )
    levels = [LEVELS.index(component.level) for component in components]
    critical = [LEVELS.index(each.level) for each in components if each.is_critical]
    computed = min(median_low(levels), *critical)
    cap = judgment.confidence_at_most
    lowered = cap is not None and LEVELS.index(cap.level) < computed
    level = cap.level if cap is not None and lowered else LEVELS[computed]
    reason = _reason(components, LEVELS[computed])
    if cap is not None and lowered:
        reason = f"lowered by {cap.by}, {cap.reason.rstrip('.')}; computed {LEVELS[computed]}"
    return Confidence(
        level=level,
        components=components,
        lowered_by=cap.by if cap is not None and lowered else "",
        reason=reason,
    )


def _reason(components: Sequence[Component], level: ConfidenceLevel) -> str:
    """Return the components that hold the level where it is, the critical ones first."""
    if level == "high":
        best = [each.reason for each in components if each.is_critical and each.level == "high"]
        return "; ".join(best[:2])
    binding = [each for each in components if LEVELS.index(each.level) <= LEVELS.index(level)]
    binding.sort(key=lambda each: (LEVELS.index(each.level), not each.is_critical))
    return "; ".join(each.reason for each in binding[:3])


def _level(is_high: bool, is_moderate: bool) -> ConfidenceLevel:
    return "high" if is_high else "moderate" if is_moderate else "low"


def _groups(weighed: Weighed, evidence: EvidenceSpec) -> Component:
    name, weighing = "independent sources", weighed.weighing
    rows, weights = weighing.matrix.rows, weighed.information.group_weights
    total = float(weights.sum())
    if total <= 0:
        return Component(
            name=name, level="low", reason="no item tells the hypotheses apart", is_critical=True
        )
    effective = total**2 / float((weights**2).sum())
    bearers = weighing.matrix.group_bearer
    graded = sum(
        float(weight)
        for group, weight in zip(weighing.matrix.groups, weights, strict=True)
        if weighing.matrix.bearer_grade[bearers[group]] in ("A", "B")
    )
    share = graded / total
    group, count = min(
        Counter(row.group for row in rows).items(), key=lambda pair: (-pair[1], pair[0])
    )
    largest = (
        f"{count} of {len(rows)} items rest on one source group ({evidence.group_name(group)}), "
        if count > 1 and 3 * count >= len(rows)
        else ""
    )
    return Component(
        name=name,
        level=_level(
            effective >= GROUPS_FOR_HIGH and share >= GRADED_FOR_HIGH,
            effective >= GROUPS_FOR_MODERATE and share >= GRADED_FOR_MODERATE,
        ),
        reason=(
            f"{largest}the evidence weighs as much as {rounded_text(effective, 2)} independent "
            f"source groups, {_per_cent(share)} of it from outlets graded A or B"
        ),
        is_critical=True,
    )


def _robustness(outcome: Outcome, weighed: Weighed, on: Scale) -> Component:
    rows, changes = weighed.weighing.matrix.rows, weighed.sensitivity.without_item
    here = on.place(outcome.value)
    edges = np.array([band.upto for band in on.bands[:-1]])
    places = np.searchsorted(edges, outcome.draws, side="right")
    is_near = np.abs(outcome.draws - outcome.value) <= NEAR
    kept = float(np.mean((places == here) | is_near))
    chances = [float(outcome.given @ change.posterior) for change in changes]
    steps = [
        abs(on.place(chance) - here) if abs(chance - outcome.value) > NEAR else 0
        for chance in chances
    ]
    farthest = max(steps, default=0)
    single = "no single item changes it"
    if farthest:
        number = steps.index(farthest)
        single = (
            f"it becomes “{on.bands[on.place(chances[number])].word}” if "
            f"“{_bare(rows[number].item.name)}” is wrong"
        )
    return Component(
        name="robustness",
        level=_level(
            kept >= KEPT_FOR_HIGH and farthest == 0, kept >= KEPT_FOR_MODERATE and farthest <= 1
        ),
        reason=(
            f"the word “{on.bands[here].word}” stays in {_per_cent(kept)} of the draws, {single}"
        ),
        is_critical=True,
    )


def _linchpins(judgment: JudgmentSpec, assumptions: Sequence[AssumptionSpec]) -> Component:
    mine = [
        each for each in assumptions if judgment.set in each.hinges or each.id in judgment.rests_on
    ]
    bare = [each for each in mine if not each.support.strip()]
    if not mine:
        reason = "no key assumption is stated"
    elif bare:
        verb = "has" if len(bare) == 1 else "have"
        reason = (
            f"{len(bare)} of {len(mine)} key assumptions {verb} no support, for one: "
            f"“{_bare(bare[0].text)}”"
        )
    else:
        reason = f"each of the {len(mine)} key assumptions has support"
    return Component(
        name="key assumptions",
        level=_level(bool(mine) and not bare, 2 * len(bare) <= len(mine)),
        reason=reason,
        is_critical=True,
    )


def _rivals(weighing: Weighing) -> Component:
    rows = weighing.matrix.rows
    full = sum(not any(each.is_na for each in row.likelihood) for row in rows)
    share = full / len(rows) if rows else 0.0
    return Component(
        name="rival hypotheses",
        level=_level(share >= RATED_FOR_HIGH, share >= RATED_FOR_MODERATE),
        reason=(
            f"all {len(weighing.names)} hypotheses are rated on {full} of {len(rows)} items"
            if rows
            else "no item is rated"
        ),
        is_critical=True,
    )


def _open_indicators(weighed: Weighed) -> Component:
    name, told = "open indicators", weighed.information
    if not told.watch:
        return Component(
            name=name, level="moderate", reason="no open indicator is stated", is_critical=False
        )
    first = told.watch[0]
    share = first.bits / told.unknown if told.unknown > 0 else 0.0
    return Component(
        name=name,
        level=_level(share <= OPEN_FOR_HIGH, share <= OPEN_FOR_MODERATE),
        reason=(
            f"“{_bare(first.indicator.text)}”, not yet observed, would settle "
            f"{_per_cent(share)} of what is unknown"
        ),
        is_critical=False,
    )


def _interested(weighed: Weighed, evidence: EvidenceSpec) -> Component:
    weighing = weighed.weighing
    rows, weights = weighing.matrix.rows, weighed.information.item_weights
    staked = {outlet.id for outlet in evidence.outlets if weighing.matrix.set.id in outlet.stake}
    doubtful = np.array(
        [
            row.bearer in staked
            or row.item.claim.is_interested
            or not row.item.claim.is_named
            or row.item.credibility in ("4", "5")
            for row in rows
        ],
        dtype=bool,
    )
    total = float(weights.sum())
    share = float(weights[doubtful].sum()) / total if total > 0 else 1.0
    return Component(
        name="interested sources",
        level=_level(share <= INTERESTED_FOR_HIGH, share <= INTERESTED_FOR_MODERATE),
        reason=(
            f"{_per_cent(share)} of the weight comes from interested, unnamed or doubtful sources"
        ),
        is_critical=False,
    )


def _horizon(judgment: JudgmentSpec, as_of: date) -> Component:
    days = (judgment.resolution.by - as_of).days
    return Component(
        name="horizon",
        level=_level(days <= DAYS_FOR_HIGH, days <= DAYS_FOR_MODERATE),
        reason=f"it is settled {days} days after the as-of date",
        is_critical=False,
    )


def _per_cent(share: float) -> str:
    return f"{rounded_text(100 * share, 2)} %"


def _bare(text: str) -> str:
    return text.strip().rstrip(".")
