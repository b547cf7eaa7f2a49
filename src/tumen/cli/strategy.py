"""tumen strategy: what the governments are likely to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tumen.cli.parameters import CASE, DAY
from tumen.cli.show import bar, emit, json_option, table_text
from tumen.core.errors import CaseError

if TYPE_CHECKING:
    from tumen.case import Case
    from tumen.core.finding import Finding
    from tumen.strategy import Spec

GAMES = ("enforcement", "roadmap", "sincerity", "coalition")


@click.group()
def strategy() -> None:
    """What will the governments do?"""


@strategy.command()
@click.argument("case", type=CASE)
@click.option("--on", type=DAY, help="Day of the choice; the case's as_of when left out.")
@click.option("--seed", type=click.IntRange(min=0), help="Root of the draws; the case's own.")
@click.option("--game", type=click.Choice(GAMES), help="Play one game of the case; all by default.")
@click.option("--table", "name", help="Print the table of one finding, e.g. plans or tornado.")
@json_option
def outlook(
    case: Path,
    on: date | None,
    seed: int | None,
    game: str | None,
    name: str | None,
    as_json: bool,
) -> None:
    """Play the games of a case.

    Prints what each finding says, with its band and what drives it.

    \b
    Examples:
      tumen strategy outlook cases/dprk-2017-backfill
      tumen strategy outlook cases/dprk-2017-backfill --table plans
      tumen strategy outlook cases/dprk-2017-backfill --on 2017-09-25 --json
      tumen strategy outlook cases/dprk-2018-relief --game roadmap
    """
    loaded, spec = _games_of(case)
    if game is not None:
        spec = type(spec)(**{game: _game_of(spec, game, case)})
    found = _find(loaded, spec, on=on, seed=seed)
    if name is not None:
        found = [item for item in found if item.id == f"strategy.{name}"] or _no_such(name, found)
    emit(found, as_json=as_json, text=lambda: findings_text(found, with_tables=name is not None))


@strategy.command()
@json_option
def parameters(as_json: bool) -> None:
    """List the starting ranges of all parameters with their reasons.

    \b
    Example:
      tumen strategy parameters
    """
    from tumen.strategy import PARAMETERS

    columns = ("model", "name", "player", "low", "likeliest", "high", "unit", "reason")
    rows = [
        (row.model, row.name, row.player, row.low, row.mode, row.high, row.unit, row.reason)
        for row in PARAMETERS
    ]
    emit(PARAMETERS, as_json=as_json, text=lambda: table_text(columns, rows, most_width=90))


@strategy.command()
@click.argument("case", type=CASE)
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--plan", help="Plan of the sender; the current plan when left out.")
@json_option
def export(case: Path, path: Path, plan: str | None, as_json: bool) -> None:
    """Write a case's enforcement game as .nfg or .efg, to check it elsewhere.

    The weights stand at their likeliest values. Every listed level counts once there: those
    formats know no widths. A belief about the capacity is left out: all players know it.

    \b
    Example:
      tumen strategy export cases/dprk-2017-backfill game.efg
    """
    from tumen.strategy import likeliest_game, write_gambit

    loaded, spec = _games_of(case)
    game = likeliest_game(_game_of(spec, "enforcement", case), plan=plan or "")
    write_gambit(game, path, title=loaded.title)
    emit({"path": path}, as_json=as_json, text=lambda: str(path))


def _games_of(case: Path) -> tuple[Case, Spec]:
    from tumen.case import load

    loaded = load(case)
    if loaded.strategy is None:
        raise CaseError(
            "the case has no section 'strategy'", str(case), f"add strategy: with {GAMES[0]}: ..."
        )
    return loaded, loaded.strategy


def _game_of(spec: Spec, game: str, case: Path) -> Any:
    found = getattr(spec, game)
    if found is None:
        there = ", ".join(name for name in GAMES if getattr(spec, name) is not None)
        raise CaseError(f"the case has no game '{game}'", str(case), f"it has: {there}")
    return found


def _find(case: Case, spec: Spec, *, on: date | None, seed: int | None) -> list[Finding]:
    from tumen.strategy import find

    data: dict[str, Any] = {}
    if spec.enforcement is not None and spec.enforcement.payoffs == "trade_model":
        from tumen.trade import read_facts, read_world

        data = {"world": read_world(), "facts": read_facts(case.target)}
    with bar() as progress:
        return list(
            find(
                spec,
                **data,
                target=case.target,
                as_of=on or case.as_of,
                seed=case.seed if seed is None else seed,
                progress=progress,
            )
        )


def _no_such(name: str, found: Sequence[Finding]) -> list[Finding]:
    from tumen.core.nearest import did_you_mean

    names = [item.id.partition(".")[2] for item in found]
    raise CaseError(f"'{name}' is no finding of these games", "--table", did_you_mean(name, names))


def findings_text(found: Sequence[Finding], *, with_tables: bool) -> str:
    """Return each finding as text, with its table when asked for; caveats stand once at the end."""
    lines: list[str] = []
    for item in sorted(found, key=lambda finding: finding.rank):
        lines += [item.sentence, ""]
        if with_tables and item.grid is not None:
            lines += [
                table_text(
                    [column.title for column in item.grid.columns],
                    [
                        [round(c, 4) if isinstance(c, float) else c for c in row]
                        for row in item.grid.rows
                    ],
                ),
                "",
            ]
    caveats = dict.fromkeys(caveat for item in found for caveat in item.caveats)
    return "\n".join([*lines, *(f"- {caveat}" for caveat in caveats)])
