"""The matrix of one question: which items count, in which group, with which stated chances."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tumen.core.chance import Chance
from tumen.evidence.check import item_group
from tumen.evidence.items import EvidenceItem, HypothesisSet, Indicator, Likelihood
from tumen.evidence.sources import Grade, Outlet, Source
from tumen.evidence.spec import Spec

UNINFORMED = Chance(low=0.5, high=0.5)
"""Chance of a report that does not track the truth, where no stake is stated."""

WORD_LIMIT = 0.01
"""A word never means impossible or certain: its range stops this short of 0 and 1."""


@dataclass(frozen=True)
class Stated:
    """A chance with its central value; `range` is what the draws come from."""

    centre: float
    range: Chance
    is_na: bool = False


@dataclass(frozen=True)
class Row:
    """One counted item with what it says about each hypothesis of a set.

    Attributes
    ----------
    bearer
        Who bears its reliability: an outlet's id, or ``item:ID`` for an item without source.
    likelihood, base
        By hypothesis: chance of the report when it tracks the truth, and when it does not.
    copies
        Ids of the other items of the same origin, which add nothing.
    """

    item: EvidenceItem
    group: str
    bearer: str
    grade: Grade
    likelihood: tuple[Stated, ...]
    base: tuple[Stated, ...]
    copies: tuple[str, ...] = ()


@dataclass(frozen=True)
class LeftOut:
    """An item that does not count, and why."""

    id: str
    reason: str


@dataclass(frozen=True)
class Matrix:
    """All that enters the weighing of one set of hypotheses.

    Attributes
    ----------
    rows
        Counted items in the order of the case.
    left_out
        Items that bear on the set and do not count.
    group_bearer
        By group: the bearer of its weakest reliability, which is the group's.
    """

    set: HypothesisSet
    rows: tuple[Row, ...]
    left_out: tuple[LeftOut, ...]
    group_bearer: dict[str, str]
    bearer_grade: dict[str, Grade]
    indicators: tuple[Indicator, ...]

    @property
    def groups(self) -> tuple[str, ...]:
        """Names of the source groups, sorted."""
        return tuple(sorted(self.group_bearer))


def matrix(spec: Spec, set_id: str, *, with_models: bool) -> Matrix:
    """Gather the counted items of one set; copies of one origin collapse to the earliest.

    Parameters
    ----------
    spec
        A checked section.
    set_id
        Which question.
    with_models
        Whether items of kind ``model`` count.
    """
    chosen = spec.hypothesis_set(set_id)
    sources = {source.id: source for source in spec.sources}
    outlets = {outlet.id: outlet for outlet in spec.outlets}
    counted: list[EvidenceItem] = []
    left_out: list[LeftOut] = []
    for item in spec.items:
        if set_id not in item.ratings:
            continue
        reason = _reason_to_leave(item, sources, with_models)
        if reason:
            left_out.append(LeftOut(item.id, reason))
        else:
            counted.append(item)
    by_origin: dict[str, list[EvidenceItem]] = {}
    for item in counted:
        by_origin.setdefault(item.origin_id, []).append(item)
    firsts = {
        min(items, key=lambda item: (_known_from(item, sources), item.id)).id: items
        for items in by_origin.values()
    }
    rows = []
    for item in counted:
        if item.id in firsts:
            copies = sorted(each.id for each in firsts[item.id] if each.id != item.id)
            rows.append(_row(spec, chosen, item, sources, outlets, tuple(copies)))
            left_out.extend(LeftOut(each, f"copy of {item.id}") for each in copies)
    grades = {row.bearer: row.grade for row in rows}
    bearers: dict[str, str] = {}
    for row in rows:
        rivals = {row.bearer, bearers.get(row.group, row.bearer)}
        bearers[row.group] = min(rivals, key=lambda each: (spec.grades[grades[each]].mean, each))
    return Matrix(
        set=chosen,
        rows=tuple(rows),
        left_out=tuple(left_out),
        group_bearer=bearers,
        bearer_grade=grades,
        indicators=tuple(each for each in spec.indicators if set_id in each.likelihood),
    )


def stated(spec: Spec, likelihood: Likelihood, *, if_na: Chance = UNINFORMED) -> Stated:
    """Return the central value and the range of a likelihood as it was written."""
    if isinstance(likelihood, Chance):
        return Stated(likelihood.centre, likelihood)
    if likelihood == "NA":
        return Stated(if_na.centre, if_na, is_na=True)
    meant = spec.likelihoods[likelihood]
    if not meant.is_point:
        return Stated(meant.centre, meant)
    centre = meant.centre
    low = max(min(centre, WORD_LIMIT), centre - spec.word_spread)
    high = min(max(centre, 1 - WORD_LIMIT), centre + spec.word_spread)
    return Stated(centre, Chance(low=low, high=high))


def _reason_to_leave(item: EvidenceItem, sources: Mapping[str, Source], with_models: bool) -> str:
    if item.status != "accepted":
        return "rejected" if item.status == "rejected" else "proposed, not yet accepted"
    if item.kind == "model" and not with_models:
        return "a model run; the set counts none"
    if item.sources and all(sources[name].retracted is not None for name in item.sources):
        return f"every source is retracted ({', '.join(item.sources)})"
    return ""


def _known_from(item: EvidenceItem, sources: Mapping[str, Source]) -> str:
    days = [sources[name].known_from for name in item.sources]
    known = item.published or min(days, default=None)
    return known.isoformat() if known else ""


def _row(
    spec: Spec,
    chosen: HypothesisSet,
    item: EvidenceItem,
    sources: Mapping[str, Source],
    outlets: Mapping[str, Outlet],
    copies: tuple[str, ...],
) -> Row:
    bearer, grade, stake = _bearer(spec, item, sources, outlets)
    ratings = item.ratings[chosen.id]
    base = [stake.get(chosen.id, {}).get(each.id, UNINFORMED) for each in chosen.hypotheses]
    likelihood = [
        stated(spec, ratings[each.id].likelihood, if_na=chance)
        for each, chance in zip(chosen.hypotheses, base, strict=True)
    ]
    return Row(
        item=item,
        group=item_group(item, {name: source.source_group for name, source in sources.items()}),
        bearer=bearer,
        grade=grade,
        likelihood=tuple(likelihood),
        base=tuple(Stated(chance.centre, chance) for chance in base),
        copies=copies,
    )


def _bearer(
    spec: Spec,
    item: EvidenceItem,
    sources: Mapping[str, Source],
    outlets: Mapping[str, Outlet],
) -> tuple[str, Grade, Mapping[str, Mapping[str, Chance]]]:
    """Return who bears the reliability: the best outlet that still stands by the item."""
    standing = [sources[name] for name in item.sources if sources[name].retracted is None]
    if not standing:
        assert item.reliability is not None
        return f"item:{item.id}", item.reliability.grade, {}
    best = max(
        (outlets[source.outlet] for source in standing),
        key=lambda outlet: (spec.grades[outlet.reliability.grade].mean, outlet.id),
    )
    return best.id, best.reliability.grade, best.stake
