"""The main verb: the rooms in the order of the story, from a case to its assessment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from functools import partial
from operator import call
from threading import Event

from tumen.assess import Assessment, assess
from tumen.case.case import Case
from tumen.case.loading import regime_of
from tumen.core.finding import Finding, Input
from tumen.core.manifest import Manifest, installed_versions
from tumen.core.progress import Progress, Step, silent
from tumen.evidence import find as find_evidence
from tumen.impact import find as find_impact
from tumen.monitor import find as find_monitor
from tumen.numerics.batches import map_blocks
from tumen.regime import find as find_regime
from tumen.strategy import find as find_strategy
from tumen.trade import find as find_trade
from tumen.trade import read_facts, read_sample, read_world

Find = Callable[[], Sequence[Finding]]

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

    def begin(stage: str) -> None:
        progress(Step("case", STAGES.index(stage), len(STAGES), stage))

    def report(step: Step) -> None:
        if stopped.is_set():
            raise KeyboardInterrupt
        progress(step)

    begin("data")
    stopped = Event()
    rooms = _rooms(case, report)
    found: list[Finding] = []
    # No room asks another: side by side they take two thirds of the time, to the same digit.
    with closing(map_blocks(call, tuple(rooms.values()))) as results:
        try:
            for stage in rooms:
                begin(stage)
                found += next(results)
        except BaseException:
            stopped.set()  # the other rooms end at their next report
            raise
    begin("assess")
    return assess(
        case.assess,
        evidence=case.evidence,
        findings=found,
        case_id=case.id,
        title=case.title,
        question=case.question,
        as_of=case.as_of,
        horizon=case.horizon,
        actors=dict(case.actors),
        authors=case.authors,
        manifest=manifest(case, found),
    )


def _rooms(case: Case, progress: Progress) -> dict[str, Find]:
    """Return the rooms that a case asks, in the order of the story, each with all it needs."""
    target, as_of, seed = case.target, case.as_of, case.seed
    regime, flows, facts = regime_of(case), read_sample(), read_facts(target)
    rooms: dict[str, Find] = {
        "regime": partial(find_regime, case.regime, regime=regime, target=target, as_of=as_of),
        "trade": partial(
            find_trade, case.trade, flows=flows, facts=facts, target=target, as_of=as_of
        ),
        "monitor": partial(
            find_monitor,
            case.monitor,
            regime=regime,
            flows=flows,
            facts=facts,
            target=target,
            as_of=as_of,
        ),
    }
    if case.impact is not None or case.strategy is not None:
        model = partial(
            call,
            world=read_world(),
            facts=facts,
            flows=flows,
            regime=regime,
            target=target,
            as_of=as_of,
            seed=seed,
            progress=progress,
        )
        if case.impact is not None:
            rooms["impact"] = partial(model, find_impact, case.impact)
        if case.strategy is not None:
            rooms["strategy"] = partial(model, find_strategy, case.strategy)
    rooms["evidence"] = partial(find_evidence, case.evidence, as_of=as_of, seed=seed)
    return rooms


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
