"""What the games of a case say, as findings; each game's prose stands in its own file."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tumen.core.finding import Finding
from tumen.core.progress import Progress, silent
from tumen.strategy.spec import Spec

if TYPE_CHECKING:
    from tumen.regime import Regime
    from tumen.trade import Facts, Flows, InputOutput


def find(
    spec: Spec,
    *,
    target: str,
    as_of: date,
    seed: int,
    world: InputOutput | None = None,
    facts: Facts | None = None,
    flows: Flows | None = None,
    regime: Regime | None = None,
    progress: Progress = silent,
) -> tuple[Finding, ...]:
    """Return what the games of a case say.

    Parameters
    ----------
    spec
        The case's section ``strategy``.
    target
        Code of the country under sanctions.
    as_of
        Day of the assessment; a plan whose legal authority is younger is not played, and a record
        that is younger is not read.
    seed
        Root of the random streams.
    world, facts
        Inputs of the trade model; used when the enforcement game asks for it.
    flows, regime
        Not used; taken so that all rooms are called alike.

    Raises
    ------
    CaseError
        When a game asks for the trade model without its inputs, or names what did not exist on
        that day.
    ModelError
        When a game or the trade model has no answer to show.

    Examples
    --------
    >>> from tumen.case import load
    >>> from tumen.strategy import find
    >>> case = load("cases/dprk-2017-backfill")
    >>> game = case.strategy.enforcement.model_copy(update={"payoffs": "reduced_form"})
    >>> spec = case.strategy.model_copy(update={"enforcement": game})
    >>> find(spec, target=case.target, as_of=case.as_of, seed=1)[0].id
    'strategy.enforcement'
    """
    found: list[Finding] = []
    if spec.enforcement is not None:
        from tumen.strategy.enforcement_findings import tell_enforcement

        found += tell_enforcement(
            spec.enforcement,
            target=target,
            as_of=as_of,
            seed=seed,
            world=world,
            facts=facts,
            progress=progress,
        )
    if spec.roadmap is not None:
        from tumen.strategy.roadmap_findings import tell_roadmap

        found += tell_roadmap(spec.roadmap, target=target, seed=seed)
    if spec.sincerity is not None:
        from tumen.strategy.sincerity_findings import tell_sincerity

        found += tell_sincerity(spec.sincerity, as_of=as_of, seed=seed)
    if spec.coalition is not None:
        from tumen.strategy.coalition_findings import tell_coalition

        found += tell_coalition(spec.coalition, target=target, seed=seed)
    return tuple(found)
