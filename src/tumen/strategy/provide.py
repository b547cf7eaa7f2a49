"""Which outcomes a case asks for: the reduced form, or the trade model solved once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tumen.core.errors import CaseError
from tumen.core.finding import Input
from tumen.core.progress import Progress, silent
from tumen.strategy.draws import reduced_form
from tumen.strategy.enforcement_spec import EnforcementSpec
from tumen.strategy.payoffs import Provider
from tumen.strategy.sampling import Values

if TYPE_CHECKING:
    from tumen.trade import Facts, InputOutput

ProviderAt = Callable[[Values], Provider]
"""Gives the outcomes at some values of the inputs."""


def outcomes_for(
    spec: EnforcementSpec,
    *,
    target: str,
    world: InputOutput | None = None,
    facts: Facts | None = None,
    progress: Progress = silent,
) -> tuple[ProviderAt, tuple[Input, ...]]:
    """Return what gives a case's outcomes, and the data that it rests on.

    Raises
    ------
    CaseError
        When the case asks for the trade model and its data are not there.
    ModelError
        When the trade model has no answer.
    """
    if spec.payoffs == "reduced_form":
        return lambda values: reduced_form(spec, values), ()
    if world is None or facts is None:
        raise CaseError(
            "payoffs: trade_model needs a world table and facts of the target",
            "strategy.enforcement.payoffs",
            "give world=trade.read_world() and facts=trade.read_facts(target)",
        )
    from tumen.impact import attach, calibrate
    from tumen.strategy.trade_model import TradeModel, enforcement_table

    table = enforcement_table(
        attach(calibrate(world), target, facts=facts),
        target=target,
        parties=[party.code for party in spec.players],
        sectors=spec.listed_sectors,
        levels=[party.levels for party in spec.players],
        others_leak=spec.others_leak,
        progress=progress,
    )
    return lambda values: TradeModel(table, reduced_form(spec, values)), (world.input, facts.input)
