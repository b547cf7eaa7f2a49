"""The main verb: the rooms in the order of the story, from a case to its assessment."""

from __future__ import annotations

from collections.abc import Iterable

from tumen.assess import Assessment, assess
from tumen.case.case import Case
from tumen.case.loading import regime_of
from tumen.core.finding import Finding, Input
from tumen.core.manifest import Manifest, installed_versions
from tumen.core.progress import Progress, Step, silent
from tumen.evidence import find as find_evidence
from tumen.impact import find as find_impact
from tumen.monitor import find as find_monitor
from tumen.regime import find as find_regime
from tumen.strategy import find as find_strategy
from tumen.trade import find as find_trade
from tumen.trade import read_facts, read_sample, read_world

STAGES = ("data", "regime", "trade", "monitor", "impact", "strategy", "evidence", "assess")
"""What a run reports, in this order."""


def run(case: Case, *, progress: Progress = silent) -> Assessment:
    """Run a case and return its assessment.

    Nothing is written, and nothing is read but what the case names and what tumen ships.

    Parameters
    ----------
    case
        See `load`.
    progress
        Called before each room, and by slow rooms in between.

    Raises
    ------
    CaseError, DataError, ModelError
        When a room has no answer that may be shown.

    Examples
    --------
    >>> import tempfile, tumen
    >>> from tumen.case import new
    >>> with tempfile.TemporaryDirectory() as place:
    ...     record = tumen.run(tumen.load(new(place + "/coal")))
    >>> record.judgments[0].id
    'record-ends'
    """
    target, as_of, seed = case.target, case.as_of, case.seed
    found: list[Finding] = []

    def begin(stage: str) -> None:
        progress(Step("case", STAGES.index(stage), len(STAGES), stage))

    begin("data")
    regime, flows, facts = regime_of(case), read_sample(), read_facts(target)
    world = read_world() if case.impact or case.strategy else None
    begin("regime")
    found += find_regime(case.regime, regime=regime, target=target, as_of=as_of)
    begin("trade")
    found += find_trade(case.trade, flows=flows, facts=facts, target=target, as_of=as_of)
    begin("monitor")
    found += find_monitor(
        case.monitor, regime=regime, flows=flows, facts=facts, target=target, as_of=as_of
    )
    if case.impact is not None and world is not None:
        begin("impact")
        found += find_impact(
            case.impact,
            world=world,
            facts=facts,
            flows=flows,
            regime=regime,
            target=target,
            as_of=as_of,
            seed=seed,
            progress=progress,
        )
    if case.strategy is not None:
        begin("strategy")
        found += find_strategy(
            case.strategy,
            world=world,
            facts=facts,
            flows=flows,
            regime=regime,
            target=target,
            as_of=as_of,
            seed=seed,
            progress=progress,
        )
    begin("evidence")
    found += find_evidence(case.evidence, as_of=as_of, seed=seed)
    begin("assess")
    return assess(
        case.assess,
        evidence=case.evidence,
        findings=found,
        case_id=case.id,
        title=case.title,
        question=case.question,
        as_of=as_of,
        horizon=case.horizon,
        actors=dict(case.actors),
        authors=case.authors,
        manifest=manifest(case, found),
    )


def manifest(case: Case, findings: Iterable[Finding]) -> Manifest:
    """Return what a result was made from: the case, the seed, every input, the versions."""
    inputs: dict[tuple[str, str], Input] = {}
    for finding in findings:
        for each in finding.inputs:
            inputs.setdefault((each.id, each.sha256), each)
    return Manifest(
        case_sha256=case.sha256,
        seed=case.seed,
        inputs=tuple(inputs[key] for key in sorted(inputs)),
        versions=installed_versions(),
    )
