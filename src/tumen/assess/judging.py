"""From findings and evidence to judgments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import numpy as np

from tumen.assess.confidence import Outcome, confidence
from tumen.assess.record import Assessment, Assumption, Judgment
from tumen.assess.spec import JudgmentSpec, Spec
from tumen.assess.weighed import Weighed, change_sentences, shaken, weighing_record
from tumen.assess.words import scale, word
from tumen.core.chance import Chance
from tumen.core.citation import Citation
from tumen.core.errors import CaseError, Problem, raise_all
from tumen.core.finding import Estimate, Finding
from tumen.core.manifest import Manifest
from tumen.core.nearest import did_you_mean
from tumen.evidence import Spec as EvidenceSpec
from tumen.evidence import weigh
from tumen.numerics.random import stream

BAND = (0.05, 0.95)
"""Quantiles of the draws that bound a printed probability."""


def assess(
    spec: Spec,
    *,
    evidence: EvidenceSpec,
    findings: Sequence[Finding],
    case_id: str,
    title: str,
    question: str,
    as_of: date,
    horizon: date,
    actors: dict[str, str],
    manifest: Manifest,
    authors: Sequence[str] = (),
    caveats: Sequence[str] = (),
) -> Assessment:
    """Return the assessment of a case.

    The probability of a judgment is the total probability of its outcome over the hypotheses,
    sum_k P(outcome | H_k) P(H_k | evidence), at the central values; its band comes from the draws
    of both. Its word is the word of the band.

    Parameters
    ----------
    spec
        The case's section `assess`.
    evidence
        The case's section `evidence` with all its sources (see `tumen.evidence.complete`).
    findings
        What the other rooms found; they are carried, and judgments may name them.
    case_id, title, question, as_of, horizon, actors, authors
        The case's own.
    manifest
        What the result is made from; its seed is the root of the random streams.
    caveats
        What holds for the whole.

    Raises
    ------
    CaseError
        When a judgment names an unknown set, hypothesis, finding or source, or a headline is
        missing for a hypothesis.
    ModelError
        When the evidence rules out every hypothesis of a set.

    Examples
    --------
    >>> from datetime import date
    >>> from tumen.assess import Spec, assess
    >>> from tumen.core.manifest import Manifest
    >>> from tumen.evidence import Spec as EvidenceSpec
    >>> evidence = EvidenceSpec.model_validate({"rater": "A. Analyst", "sets": [
    ...     {"id": "coal", "question": "Does China stop buying coal?", "hypotheses": [
    ...         {"id": "stops", "text": "It stops.", "prior": "0.6"},
    ...         {"id": "goes_on", "text": "It goes on.", "prior": "0.4"}]}]})
    >>> section = Spec.model_validate({
    ...     "headlines": {"coal": {"stops": "China stops.", "goes_on": "China goes on."}},
    ...     "judgments": [{"id": "J1", "statement": "China records no coal in 2018",
    ...         "flow": "recorded", "set": "coal", "given": {"stops": "0.9", "goes_on": "0.1"},
    ...         "because": "Open trade is recorded.", "resolution": {
    ...             "quantity": "imports of 2701", "source": "China Customs",
    ...             "by": "2019-01-31"}}]})
    >>> record = assess(
    ...     section, evidence=evidence, findings=(), case_id="coal", title="Coal",
    ...     question="Does China stop buying coal?", as_of=date(2017, 8, 31),
    ...     horizon=date(2018, 12, 31), actors={"CHN": "enforcer"},
    ...     manifest=Manifest(case_sha256="", seed=1, inputs=(), versions={}))
    >>> record.judgments[0].sentences()[0]
    'It is likely (58 %) that China records no coal in 2018.'
    >>> record.judgments[0].confidence.level
    'low'
    """
    raise_all(_unknown_names(spec, evidence, findings), CaseError)
    weighed = {
        each.id: shaken(evidence, weigh(evidence, each.id, as_of=as_of, seed=manifest.seed))
        for each in evidence.sets
    }
    judgments = tuple(
        _judgment(spec, each, weighed[each.set], evidence, as_of=as_of, seed=manifest.seed)
        for each in spec.judgments
    )
    return Assessment(
        case_id=case_id,
        title=title,
        question=question,
        as_of=as_of,
        horizon=horizon,
        authors=tuple(authors),
        actors=actors,
        headline=_headline(spec, weighed),
        judgments=judgments,
        weighings=tuple(weighing_record(evidence, each) for each in weighed.values()),
        findings=tuple(findings),
        options=spec.options,
        rival_views=spec.rival_views,
        assumptions=tuple(
            Assumption(id=each.id, text=each.text, if_wrong=each.if_wrong, support=each.support)
            for each in spec.assumptions
        ),
        gaps=spec.gaps,
        events=tuple(sorted(spec.events, key=lambda event: (event.on, event.text))),
        sources=_cited(spec, evidence, findings),
        caveats=(*caveats, *_caveats(spec, evidence)),
        manifest=manifest,
    )


def _judgment(
    spec: Spec,
    judgment: JudgmentSpec,
    weighed: Weighed,
    evidence: EvidenceSpec,
    *,
    as_of: date,
    seed: int,
) -> Judgment:
    outcome = total_probability(judgment, weighed, seed=seed)
    low, high = (float(end) for end in np.quantile(outcome.draws, BAND))
    low, high = min(low, outcome.value), max(high, outcome.value)
    words = scale(spec.words)
    hinges = [each.id for each in spec.assumptions if judgment.set in each.hinges]
    items = [row.item for row in weighed.weighing.matrix.rows]
    named = [item.finding for item in items if item.finding]
    return Judgment(
        id=judgment.id,
        statement=judgment.statement.rstrip("."),
        flow=judgment.flow,
        probability=Estimate(
            value=outcome.value,
            low=low,
            high=high,
            coverage=round(BAND[1] - BAND[0], 10),
            unit="probability",
            basis="judged",
            digits=2,
        ),
        word=word(low, high, on=words),
        confidence=confidence(
            judgment,
            outcome=outcome,
            weighed=weighed,
            evidence=evidence,
            assumptions=spec.assumptions,
            as_of=as_of,
            on=words,
        ),
        resolution=judgment.resolution,
        hypotheses=judgment.set,
        rests_on=tuple(
            dict.fromkeys([*(item.id for item in items), *judgment.rests_on, *named, *hinges])
        ),
        would_change=change_sentences(judgment, weighed),
        dissent=judgment.dissent,
    )


def total_probability(judgment: JudgmentSpec, weighed: Weighed, *, seed: int) -> Outcome:
    """Return the probability of a judgment's outcome: its central value and its draws."""
    weighing = weighed.weighing
    given = np.array([judgment.given[name].centre for name in weighing.names])
    draws = np.zeros(len(weighing.draws))
    for column, name in enumerate(weighing.names):
        chance: Chance = judgment.given[name]
        uniform = stream(seed, f"assess.given.{judgment.id}.{name}").random(len(draws))
        draws += (chance.low + (chance.high - chance.low) * uniform) * weighing.draws[:, column]
    value = float(np.clip(given @ weighing.posterior, 0, 1))
    return Outcome(value=value, given=given, draws=np.clip(draws, 0, 1))


def _headline(spec: Spec, weighed: dict[str, Weighed]) -> str:
    return " ".join(
        by_hypothesis[weighed[name].weighing.names[weighed[name].weighing.top]].strip()
        for name, by_hypothesis in spec.headlines.items()
    )


def _cited(spec: Spec, evidence: EvidenceSpec, findings: Iterable[Finding]) -> tuple[Citation, ...]:
    """Return every source that something in the assessment names, in the order of its author."""
    named = {name for item in evidence.items for name in (*item.sources, *item.confirmed_by)}
    for part in (spec.options, spec.rival_views, spec.assumptions, spec.events, findings):
        named.update(name for record in part for name in record.sources)
    chosen = [source.citation() for source in evidence.sources if source.id in named]
    return tuple(sorted(chosen, key=_sort_key))


def _sort_key(citation: Citation) -> tuple[str, date, str]:
    first = citation.author[0].sort_key if citation.author else citation.container_title
    return (
        (first or citation.publisher or citation.title).casefold(),
        citation.issued,
        citation.id,
    )


def _caveats(spec: Spec, evidence: EvidenceSpec) -> Iterator[str]:
    for source in evidence.sources:
        if source.is_later_vintage:
            yield (
                f"“{source.title}” is used in its vintage of {source.issued}; its figures were "
                f"first released on {source.first_released}."
            )
        if source.retracted is not None:
            yield (
                f"“{source.title}” was withdrawn on {source.retracted.on} "
                f"({source.retracted.reason.rstrip('.')}). {_path(spec, evidence, source.id)}"
            )


def _path(spec: Spec, evidence: EvidenceSpec, source: str) -> str:
    """Say which items fall with a source or lose one leg, and which judgments they bear on."""
    withdrawn = {each.id for each in evidence.sources if each.retracted is not None}
    said = []
    for item in evidence.items:
        if source not in item.sources:
            continue
        falls = set(item.sources) <= withdrawn
        judgments = [each.id for each in spec.judgments if each.set in item.ratings]
        effect = "no longer counts" if falls else "rests on its other sources"
        bears = f" (judgments {', '.join(judgments)})" if judgments else ""
        said.append(f"“{item.name.rstrip('.')}” {effect}{bears}.")
    return " ".join(said) or "No item rests on it."


def _unknown_names(
    spec: Spec, evidence: EvidenceSpec, findings: Sequence[Finding]
) -> Iterator[Problem]:
    sets = {each.id: [one.id for one in each.hypotheses] for each in evidence.sets}
    for name, by_hypothesis in spec.headlines.items():
        yield from _complete(sets, name, by_hypothesis, f"assess.headlines.{name}")
    known = {finding.id for finding in findings} | {each.id for each in spec.assumptions}
    for judgment in spec.judgments:
        where = f"assess.judgments.{judgment.id}"
        yield from _complete(sets, judgment.set, judgment.given, f"{where}.given")
        for name in judgment.rests_on:
            if name not in known:
                yield Problem(
                    f"'{name}' is no finding or assumption",
                    f"{where}.rests_on",
                    did_you_mean(name, known),
                )
    for item in evidence.items:
        if item.finding and item.finding not in known:
            where = f"evidence.items.{item.id}.finding"
            yield Problem(
                f"'{item.finding}' is no finding", where, did_you_mean(item.finding, known)
            )
    sources = [source.id for source in evidence.sources]
    for part in ("options", "rival_views", "assumptions", "events"):
        for number, record in enumerate(getattr(spec, part)):
            for name in record.sources:
                if name not in sources:
                    where = f"assess.{part}.{number}.sources"
                    yield Problem(f"'{name}' is no source", where, did_you_mean(name, sources))


def _complete(
    sets: dict[str, list[str]], name: str, given: Iterable[str], where: str
) -> Iterator[Problem]:
    if name not in sets:
        yield Problem(f"'{name}' is no set", where, did_you_mean(name, sets))
        return
    stated = list(given)
    for each in stated:
        if each not in sets[name]:
            yield Problem(
                f"'{each}' is no hypothesis of '{name}'", where, did_you_mean(each, sets[name])
            )
    missing = [each for each in sets[name] if each not in stated]
    if missing:
        yield Problem(
            f"{', '.join(missing)} is missing", where, "state every hypothesis of the set"
        )
