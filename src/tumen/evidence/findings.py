"""What the evidence says: the answer to each question, what tells most, what to watch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from tumen.core.finding import Cell, Column, Figure, Finding, Grid
from tumen.core.units import counted, rounded_text
from tumen.evidence.diagnosticity import diagnosticity, watch_list
from tumen.evidence.relations import relation_findings
from tumen.evidence.spec import Spec
from tumen.evidence.weighing import Weighing, weigh

METHOD = (
    "Bayes over rated items: a source group reports by its stated likelihoods with the chance "
    "that it tracks the truth, and by chance otherwise. Ranges are the 5 and 95 % quantiles of "
    "draws over stated ranges, reliabilities and priors."
)

SCALE_CAVEAT = (
    "No official mapping from reliability letters or likelihood words to numbers exists; the "
    "case states the one it uses."
)


def find(spec: Spec, *, as_of: date, seed: int) -> tuple[Finding, ...]:
    """Return what the evidence says.

    Parameters
    ----------
    spec
        The section with all its sources (see `complete`).
    as_of
        Nothing published later may enter.
    seed
        Root of the named random streams.

    Returns
    -------
    tuple of Finding
        For each set ``evidence.<set>.posterior`` (interval chart), ``.diagnosticity`` (bars) and,
        when there are open indicators, ``.watch`` (bars); then ``evidence.sources``, and
        ``evidence.relations.<channel>`` (series) for each channel.

    Raises
    ------
    CaseError
        When the section is wrong or holds a later source.
    ModelError
        When the evidence rules out every hypothesis of a set.

    Examples
    --------
    >>> from datetime import date
    >>> from tumen.evidence import Spec, find
    >>> section = Spec.model_validate({"rater": "A. Analyst", "sets": [
    ...     {"id": "coal", "question": "Does China stop buying coal?", "hypotheses": [
    ...         {"id": "stops", "text": "It stops.", "prior": "0.6"},
    ...         {"id": "goes_on", "text": "It goes on.", "prior": "0.4"}]}]})
    >>> [finding.id for finding in find(section, as_of=date(2017, 8, 31), seed=1)]
    ['evidence.coal.posterior']
    """
    found: list[Finding] = []
    for each in spec.sets:
        weighing = weigh(spec, each.id, as_of=as_of, seed=seed)
        found.append(_posterior(spec, weighing))
        found.extend(_diagnosticity(spec, weighing))
        found.extend(_watch(spec, weighing))
    return (*found, *_sources(spec), *relation_findings(spec.relations, as_of=as_of))


def _posterior(spec: Spec, weighing: Weighing) -> Finding:
    top, hypotheses = weighing.top, weighing.matrix.set.hypotheses
    estimate = weighing.posterior_estimate(top)
    order = sorted(range(len(hypotheses)), key=lambda place: -weighing.posterior[place])
    rows: list[tuple[Cell, ...]] = []
    for place in order:
        after, before = weighing.posterior_estimate(place), weighing.prior_estimate(place)
        rows.append((hypotheses[place].name, after.value, after.low, after.high, before.value))
    runner = hypotheses[order[1]]
    sentence = (
        f"On the question “{weighing.matrix.set.question}” the evidence supports most the answer "
        f"“{_bare(hypotheses[top].text)}”: {estimate.text()}. It leads in "
        f"{rounded_text(100 * weighing.stays_top[top], 2)} % of the draws; next is "
        f"“{_bare(runner.text)}” with {weighing.posterior_estimate(order[1]).text()}."
    )
    return Finding(
        id=f"evidence.{weighing.matrix.set.id}.posterior",
        sentence=sentence,
        estimate=estimate,
        method=METHOD,
        inputs=(spec.input(),),
        sources=_sources_of(weighing),
        caveats=(*_caveats(spec, weighing), SCALE_CAVEAT),
        grid=Grid(
            columns=(
                Column(key="hypothesis", title="Answer"),
                Column(key="after", title="After the evidence", unit="probability"),
                Column(key="low", title="Low", unit="probability"),
                Column(key="high", title="High", unit="probability"),
                Column(key="before", title="Before the evidence", unit="probability"),
            ),
            rows=tuple(rows),
        ),
        figure=Figure(
            kind="interval",
            title=f"The evidence supports most: {_bare(hypotheses[top].name)}",
            x="hypothesis",
            y="after",
            low="low",
            high="high",
            group="before",
            unit_note="Probability, per cent; range over draws of ratings, reliability and priors.",
            source_note=f"{counted(len(weighing.matrix.rows), 'item')} in "
            f"{counted(len(weighing.matrix.groups), 'source group')}, rated by {spec.rater}.",
            alt=sentence,
        ),
        rank=1,
    )


def _diagnosticity(spec: Spec, weighing: Weighing) -> Iterator[Finding]:
    rows = weighing.matrix.rows
    if not rows:
        return
    bits = diagnosticity(weighing)
    order = sorted(range(len(rows)), key=lambda place: (-bits[place], rows[place].item.id))
    best = rows[order[0]].item
    total = float(bits.sum())
    share = float(bits[order[0]]) / total if total > 0 else 0.0
    yield Finding(
        id=f"evidence.{weighing.matrix.set.id}.diagnosticity",
        sentence=(
            f"Of {counted(len(rows), 'item')} the one that tells the answers apart best is "
            f"“{_bare(best.text)}” with {rounded_text(float(bits[order[0]]), 2)} bits, "
            f"{rounded_text(100 * share, 2)} % of what all items tell one by one."
        ),
        method="Mutual information of each item alone with the hypotheses, under the priors.",
        inputs=(spec.input(),),
        sources=tuple(sorted(set(best.sources))),
        caveats=("Items of one group overlap, so their bits do not add up.",),
        grid=Grid(
            columns=(
                Column(key="item", title="Item"),
                Column(key="bits", title="Information", unit="bit"),
                Column(key="group", title="Source group"),
            ),
            rows=tuple(
                (rows[place].item.name, float(bits[place]), spec.group_name(rows[place].group))
                for place in order
            ),
        ),
        figure=Figure(
            kind="bars",
            title=f"“{_bare(best.name)}” tells the answers apart best",
            x="item",
            y="bits",
            unit_note="Bits; 1 bit settles a choice between two equally likely answers.",
            source_note=f"Ratings by {spec.rater}.",
            alt=f"Information of {counted(len(rows), 'item')} in bits, most first.",
        ),
        rank=7,
    )


def _watch(spec: Spec, weighing: Weighing) -> Iterator[Finding]:
    watches = watch_list(spec, weighing)
    if not watches:
        return
    first = watches[0]
    due = f", due {first.indicator.due}," if first.indicator.due else ""
    top = weighing.top
    yield Finding(
        id=f"evidence.{weighing.matrix.set.id}.watch",
        sentence=(
            f"The open indicator that would tell most{due} is “{_bare(first.indicator.text)}”: "
            f"seen, it moves the leading answer from {_per_cent(weighing.posterior[top])} to "
            f"{_per_cent(first.if_seen[top])}; not seen, to {_per_cent(first.if_not[top])}."
        ),
        method="Expected information of each open indicator about the hypotheses, in bits.",
        inputs=(spec.input(),),
        grid=Grid(
            columns=(
                Column(key="indicator", title="Indicator"),
                Column(key="bits", title="Information", unit="bit"),
                Column(key="chance", title="Chance of seeing it", unit="probability"),
                Column(key="if_seen", title="Leading answer if seen", unit="probability"),
                Column(key="if_not", title="Leading answer if not", unit="probability"),
                Column(key="threshold", title="Counts as seen"),
                Column(key="due", title="Due"),
                Column(key="where", title="Published by"),
            ),
            rows=tuple(
                (
                    _bare(each.indicator.text),
                    each.bits,
                    each.chance,
                    float(each.if_seen[top]),
                    float(each.if_not[top]),
                    each.indicator.threshold,
                    str(each.indicator.due or ""),
                    each.indicator.where,
                )
                for each in watches
            ),
        ),
        figure=Figure(
            kind="bars",
            title=f"Watch first: {_bare(first.indicator.text)}",
            x="indicator",
            y="bits",
            unit_note="Expected information, bits.",
            source_note=f"Likelihoods stated by {spec.rater}.",
            alt=f"Information of {counted(len(watches), 'open indicator')} in bits, most first.",
        ),
        rank=6,
    )


def _sources(spec: Spec) -> Iterator[Finding]:
    groups = {source.id: source.source_group for source in spec.sources}
    used = {name for item in spec.items if item.status == "accepted" for name in item.sources}
    counts = Counter(groups[name] for name in used)
    if not counts:
        return
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    most, number = ranked[0]
    outlets = {outlet.id: outlet for outlet in spec.outlets}
    state = sum(outlets[s.outlet].state_affiliated for s in spec.sources if s.id in used)
    retracted = [source for source in spec.sources if source.retracted is not None]
    later = [source for source in spec.sources if source.is_later_vintage and source.id in used]
    caveats = [
        f"“{source.title}” was withdrawn on {source.retracted.on}: {source.retracted.reason}."
        for source in retracted
        if source.retracted is not None
    ] + [
        f"“{source.title}” is a vintage of {source.issued}; the figures were first released on "
        f"{source.first_released}."
        for source in later
    ]
    yield Finding(
        id="evidence.sources",
        sentence=(
            f"The items rest on {counted(len(used), 'source')} in {counted(len(counts), 'group')} "
            f"that can fail independently; the largest group, {spec.group_name(most)}, holds "
            f"{number}. State-affiliated outlets issued {state}."
        ),
        method="Sources that share a journalist, an agency or an office form one group.",
        inputs=(spec.input(),),
        sources=tuple(sorted(used)),
        caveats=tuple(caveats),
        grid=Grid(
            columns=(
                Column(key="group", title="Source group"),
                Column(key="sources", title="Sources", unit="count"),
            ),
            rows=tuple((spec.group_name(group), float(count)) for group, count in ranked),
        ),
        rank=8,
    )


def _caveats(spec: Spec, weighing: Weighing) -> tuple[str, ...]:
    names = {item.id: item.name for item in spec.items}
    left_out = tuple(
        f"Not counted: “{_bare(names[left.id])}” ({left.reason})."
        if not left.reason.startswith("copy of ")
        else f"Counted once: “{_bare(names[left.id])}” repeats another item's origin."
        for left in weighing.matrix.left_out
    )
    without = weighing.without_models
    if without is None:
        return left_out
    value = without.posterior[weighing.top]
    return (f"Model runs count here; without them it is {_per_cent(value)}.", *left_out)


def _sources_of(weighing: Weighing) -> tuple[str, ...]:
    return tuple(sorted({name for row in weighing.matrix.rows for name in row.item.sources}))


def _per_cent(chance: float) -> str:
    return f"{rounded_text(100 * float(chance), 2)} %"


def _bare(text: str) -> str:
    return text.strip().rstrip(".")
