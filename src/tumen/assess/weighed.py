"""A weighing with its sensitivity and information, and its record in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from tumen.assess.record import EvidenceRecord, HypothesisRecord, WeighingRecord
from tumen.assess.spec import JudgmentSpec
from tumen.core.chance import Chance
from tumen.core.units import rounded_text
from tumen.evidence import (
    Change,
    Information,
    Sensitivity,
    Watch,
    Weighing,
    information,
    sensitivity,
    weigh,
)
from tumen.evidence import Spec as EvidenceSpec

LEAST_MOVE = 0.02
"""Smallest move of a judgment's probability that is worth a sentence."""
MOST_INDICATORS = 3
"""So many indicators stand with a judgment; the weighing lists all."""


@dataclass(frozen=True, eq=False)
class Weighed:
    """One set of hypotheses, weighed, shaken and searched for what is still unknown."""

    weighing: Weighing
    sensitivity: Sensitivity
    information: Information

    @property
    def id(self) -> str:
        """Id of the set."""
        return self.weighing.matrix.set.id

    def hypothesis(self, name: str) -> str:
        """Return how sentences call a hypothesis."""
        found = next(each for each in self.weighing.matrix.set.hypotheses if each.id == name)
        return f"“{_bare(found.name)}”"

    def item(self, name: str) -> str:
        """Return how sentences call an item."""
        found = next(row.item for row in self.weighing.matrix.rows if row.item.id == name)
        return f"“{_bare(found.name)}”"


def shaken(evidence: EvidenceSpec, weighing: Weighing) -> Weighed:
    """Return a weighing with its sensitivity and information."""
    return Weighed(weighing, sensitivity(weighing), information(evidence, weighing))


def weigh_record(evidence: EvidenceSpec, set_id: str, *, as_of: date, seed: int) -> WeighingRecord:
    """Weigh one set of a case's evidence and return its record.

    Raises
    ------
    CaseError
        When the section is wrong, holds a later source, or has no such set.
    ModelError
        When the evidence rules out every hypothesis.

    Examples
    --------
    >>> from datetime import date
    >>> from tumen.assess import weigh_record
    >>> from tumen.evidence import Spec
    >>> section = Spec.model_validate({"rater": "A. Analyst", "sets": [
    ...     {"id": "coal", "question": "Does China stop buying coal?", "hypotheses": [
    ...         {"id": "stops", "text": "It stops.", "prior": "0.6"},
    ...         {"id": "goes_on", "text": "It goes on.", "prior": "0.4"}]}]})
    >>> weigh_record(section, "coal", as_of=date(2017, 8, 31), seed=1).hypotheses[0].prior.value
    0.6
    """
    return weighing_record(
        evidence, shaken(evidence, weigh(evidence, set_id, as_of=as_of, seed=seed))
    )


def weighing_record(evidence: EvidenceSpec, weighed: Weighed) -> WeighingRecord:
    """Return the record of a weighing: hypotheses, matrix, what would flip it, what to watch."""
    weighing = weighed.weighing
    return WeighingRecord(
        id=weighed.id,
        question=weighing.matrix.set.question,
        hypotheses=tuple(
            HypothesisRecord(
                id=hypothesis.id,
                text=hypothesis.text,
                label=hypothesis.label,
                prior=weighing.prior_estimate(place),
                posterior=weighing.posterior_estimate(place),
                without=weighing.without_models.posterior_estimate(place)
                if weighing.without_models is not None
                else None,
                stays_top=float(weighing.stays_top[place]),
            )
            for place, hypothesis in enumerate(weighing.matrix.set.hypotheses)
        ),
        items=_item_records(evidence, weighed),
        method=_method(evidence, weighing),
        flipping=tuple(flipping_sentences(evidence, weighed)),
        watch=tuple(watch_sentence(weighed, watch) for watch in weighed.information.watch),
    )


def watch_sentence(weighed: Weighed, watch: Watch) -> str:
    """Return an open indicator with what seeing it, or not, would do to the leading hypothesis."""
    weighing = weighed.weighing
    top = weighing.top
    return (
        f"{_watched(watch)}: seen, {weighed.hypothesis(weighing.names[top])} moves from "
        f"{per_cent(weighing.posterior[top])} to {per_cent(watch.if_seen[top])}; not seen, to "
        f"{per_cent(watch.if_not[top])} ({rounded_text(watch.bits, 2)} bits)."
    )


def change_sentences(judgment: JudgmentSpec, weighed: Weighed) -> tuple[str, ...]:
    """Return what would change a judgment: open indicators by their effect, then the case's own.

    An indicator that moves the probability by less than `LEAST_MOVE` either way is left out.
    """
    weighing = weighed.weighing
    given = np.array([judgment.given[name].centre for name in weighing.names])
    here = float(given @ weighing.posterior)
    moves = []
    for watch in weighed.information.watch:
        seen, unseen = float(given @ watch.if_seen), float(given @ watch.if_not)
        effect = watch.chance * abs(seen - here) + (1 - watch.chance) * abs(unseen - here)
        if max(abs(seen - here), abs(unseen - here)) >= LEAST_MOVE:
            sentence = (
                f"{_watched(watch)}: seen, the probability moves from {per_cent(here)} to "
                f"{per_cent(seen)}; not seen, to {per_cent(unseen)}."
            )
            moves.append((-effect, sentence))
    return (*(sentence for _, sentence in sorted(moves)[:MOST_INDICATORS]), *judgment.would_change)


def flipping_sentences(evidence: EvidenceSpec, weighed: Weighed) -> Iterator[str]:
    """Say what would put a rival on top: one item, its contrary, a group, a set, a prior."""
    weighing, shakes = weighed.weighing, weighed.sensitivity
    if not weighing.matrix.rows:
        return
    count = len(weighing.matrix.rows)
    top = weighed.hypothesis(weighing.names[weighing.top])
    dropped = list(_by_new_top(weighed, shakes.without_item))
    for rival, items in dropped:
        yield f"{rival} leads when any one of these is wrong: {items}."
    if not dropped:
        yield f"No single item decides: without any one of the {count}, {top} still leads."
    for rival, items in _by_new_top(weighed, shakes.reversed_item):
        yield f"{rival} would lead had the contrary of any one of these been observed: {items}."
    for change in shakes.without_group:
        members = [row for row in weighing.matrix.rows if row.group == change.item]
        if change.has_new_top and len(members) > 1:
            new = weighing.names[int(change.posterior.argmax())]
            yield (
                f"Without the {len(members)} items of {evidence.group_name(change.item)}, "
                f"{weighed.hypothesis(new)} leads."
            )
    for flipping in shakes.flipping:
        rival = weighed.hypothesis(flipping.rival)
        if flipping.is_possible and len(flipping.items) > 1:
            named = "; ".join(weighed.item(name) for name in flipping.items)
            bound = "the fewest" if flipping.is_exact else "at most"
            yield f"{rival} draws level when {len(flipping.items)} items fall, {bound}: {named}."
        elif not flipping.is_possible:
            yield f"{rival} does not draw level whichever items fall."
    yield from _tippings(evidence, weighed)


def _by_new_top(weighed: Weighed, changes: Sequence[Change]) -> Iterator[tuple[str, str]]:
    """Return each new leader with the items that each alone put it on top."""
    by_leader: dict[str, list[str]] = {}
    for change in changes:
        if change.has_new_top:
            leader = weighed.weighing.names[int(change.posterior.argmax())]
            by_leader.setdefault(leader, []).append(weighed.item(change.item))
    for leader, items in by_leader.items():
        yield weighed.hypothesis(leader), "; ".join(items)


def _tippings(evidence: EvidenceSpec, weighed: Weighed) -> Iterator[str]:
    for tipping in weighed.sensitivity.priors:
        assert tipping.value is not None
        yield (
            f"{weighed.hypothesis(tipping.rival)} draws level at a prior of "
            f"{per_cent(tipping.value)}; the case states {per_cent(tipping.current)}."
        )
    for tipping in weighed.sensitivity.reliabilities:
        if tipping.value is None:
            continue
        side = "below" if tipping.value < tipping.current else "above"
        yield (
            f"{weighed.hypothesis(tipping.rival)} overtakes when the chance that "
            f"{evidence.group_name(tipping.what)} tracks the truth is {side} "
            f"{per_cent(tipping.value)}; it counts with {per_cent(tipping.current)}."
        )


def _item_records(evidence: EvidenceSpec, weighed: Weighed) -> tuple[EvidenceRecord, ...]:
    weighing, names = weighed.weighing, weighed.weighing.names
    top = weighing.top
    records = []
    for number, row in enumerate(weighing.matrix.rows):
        ratings = row.item.ratings[weighed.id]
        drop = weighed.sensitivity.without_item[number]
        printed = [ratings[name].likelihood for name in names]
        records.append(
            EvidenceRecord(
                id=row.item.id,
                text=row.item.text,
                label=row.item.label,
                sources=row.item.sources,
                group=evidence.group_name(row.group),
                reliability=row.grade,
                credibility=row.item.credibility,
                ratings=tuple(
                    each.text() if isinstance(each, Chance) else each for each in printed
                ),
                reasons=tuple(ratings[name].because or row.item.because for name in names),
                diagnosticity=float(weighed.information.items[number]),
                drop_changes=float(drop.posterior[top] - weighing.posterior[top]),
                is_model=row.item.kind == "model",
            )
        )
    return tuple(records)


def _method(evidence: EvidenceSpec, weighing: Weighing) -> str:
    words = ", ".join(f"{name} {chance.text()}" for name, chance in evidence.likelihoods.items())
    used = sorted({row.grade for row in weighing.matrix.rows})
    grades = ", ".join(f"{grade} {per_cent(evidence.grades[grade].mean)}" for grade in used)
    return (
        f"A source group reports by the stated likelihoods ({words}) with the chance that it "
        f"tracks the truth ({grades or 'no graded item'}), and by chance otherwise; copies of "
        f"one origin count once. Ranges are the 5 and 95 % quantiles of "
        f"{evidence.draws:,} draws. There is no official mapping from these words and letters "
        "to numbers."
    )


def _watched(watch: Watch) -> str:
    indicator = watch.indicator
    notes = [
        indicator.threshold,
        f"due {indicator.due}" if indicator.due else "",
        f"from {indicator.where}" if indicator.where else "",
    ]
    noted = ", ".join(note for note in notes if note)
    return f"“{_bare(indicator.text)}”" + (f" ({noted})" if noted else "")


def per_cent(chance: float) -> str:
    """Print a probability in per cent with two digits; never 0 or 100."""
    value = 100 * float(chance)
    if value < 0.5:
        return "under 1 %"
    if value > 99.5:
        return "over 99 %"
    return f"{rounded_text(value, 2)} %"


def _bare(text: str) -> str:
    return text.strip().rstrip(".")
