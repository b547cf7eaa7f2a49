"""tumen impact: what would a cut-off cost, and whom?"""

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
    from tumen.impact import Economy, Response, Shock

SENDERS = click.option(
    "--sender", "senders", multiple=True, required=True, help="Who bans; may be repeated."
)
TARGET = click.option("--target", required=True, help="Who is banned, e.g. PRK or RUS.")
SECTORS = click.option(
    "--sector", "sectors", multiple=True, help="Sector under the ban; all if unset."
)
LEAK = click.option(
    "--leak", type=click.FloatRange(0, 1), default=0.0, show_default=True, help="Part that passes."
)


@click.group()
def impact() -> None:
    """What would a cut-off cost, and whom?

    Modelled numbers: a trade model with input-output links on the shipped world table. Countries
    that the table leaves out, such as PRK, are attached from the inputs that tumen ships.
    """


@impact.command("show")
@click.argument("case", type=CASE)
@click.option("--as-of", "on", type=DAY, help="Another day than the case's.")
@json_option
def show_command(case: Path, on: date | None, as_json: bool) -> None:
    """Print what the trade model says about a case.

    \b
    Example:
      tumen impact show cases/dprk-2017-backfill
    """
    from tumen import regime, trade
    from tumen.case import load
    from tumen.impact import find

    loaded = load(case)
    if loaded.impact is None:
        raise CaseError("the case has no section 'impact'", str(case), "add impact: {}")
    law = regime.load(loaded.regime.load) if loaded.impact.bans_from == "regime" else None
    with bar() as progress:
        found = find(
            loaded.impact,
            world=trade.read_world(),
            facts=trade.read_facts(loaded.target),
            flows=trade.read_sample(),
            regime=law,
            target=loaded.target,
            as_of=on or loaded.as_of,
            seed=loaded.seed,
            progress=progress,
        )
    ordered = sorted(found, key=lambda finding: finding.rank)
    emit(ordered, as_json=as_json, text=lambda: "\n".join(f.sentence for f in ordered))


@impact.command("solve")
@SENDERS
@TARGET
@SECTORS
@LEAK
@click.option("--exports-only", is_flag=True, help="Ban only what the target sells.")
@click.option(
    "--horizon",
    "span",
    type=click.Choice(["long", "medium", "short", "very_short"]),
    default="long",
    show_default=True,
    help="How much can adjust.",
)
@click.option(
    "--missing",
    default="raise",
    show_default=True,
    metavar="RULE",
    help="For purchases without a supplier: floor:0.01, backstop:3, drop, essential:0.05 or raise.",
)
@click.option("--rows", default=12, show_default=True, help="Countries to print.")
@json_option
def solve_command(
    senders: Sequence[str],
    target: str,
    sectors: Sequence[str],
    leak: float,
    exports_only: bool,
    span: str,
    missing: str,
    rows: int,
    as_json: bool,
) -> None:
    """Solve one ban and print who loses what.

    \b
    Examples:
      tumen impact solve --sender CHN --target PRK --sector coal --exports-only
      tumen impact solve --sender USA --sender DEU --target RUS --leak 0.1 --horizon short
      tumen impact solve --sender CHN --target PRK --missing floor:0.01
    """
    economy = _economy(target)
    shock = _ban(economy, senders, target, sectors, leak, not exports_only)
    response = _solved(economy, shock, span, missing)
    found = _summary(response, target, rows)
    emit(found, as_json=as_json, text=lambda: _summary_text(found))


@impact.command("rank")
@SENDERS
@TARGET
@json_option
def rank_command(senders: Sequence[str], target: str, as_json: bool) -> None:
    """Rank a ban of each sector by the target's loss for each dollar of the senders'.

    \b
    Example:
      tumen impact rank --sender DEU --sender FRA --target RUS
    """
    from tumen.impact import candidate_cells, rank_bans

    economy = _economy(target)
    groups = {
        sector: candidate_cells(economy, senders=senders, target=target, sectors=[sector])
        for sector in economy.sectors
    }
    groups = {name: cells for name, cells in groups.items() if cells}
    found = rank_bans(economy, groups, senders=tuple(senders), target=target)
    rows = [(r.label, round(r.target_loss, 1), round(r.sender_loss, 1)) for r in found]
    columns = ("ban", "target loses, MUSD", "senders lose, MUSD")
    emit(found, as_json=as_json, text=lambda: table_text(columns, rows))


@impact.command("leaks")
@SENDERS
@TARGET
@SECTORS
@LEAK
@click.option("--rows", default=10, show_default=True, help="Flows to print.")
@json_option
def leaks_command(
    senders: Sequence[str],
    target: str,
    sectors: Sequence[str],
    leak: float,
    rows: int,
    as_json: bool,
) -> None:
    """Name the flows whose opening would help the target most, from one adjoint solve.

    \b
    Example:
      tumen impact leaks --sender CHN --target PRK --leak 0.05
    """
    from tumen.impact import leak_values

    economy = _economy(target)
    response = _solved(economy, _ban(economy, senders, target, sectors, leak, True), "long")
    found = leak_values(response, {target: 1.0}).largest(rows)
    columns = ("exporter", "importer", "sector", "MUSD for each unit of openness")
    emit(
        found,
        as_json=as_json,
        text=lambda: table_text(columns, [(*row[:3], round(row[3], 1)) for row in found]),
    )


@impact.command("optimal")
@SENDERS
@TARGET
@SECTORS
@click.option(
    "--price",
    "prices",
    type=click.FloatRange(min=0),
    multiple=True,
    default=(0.0, 1.0, 5.0),
    help="Dollars of the target's loss that a sender's dollar must buy; may be repeated.",
)
@json_option
def optimal_command(
    senders: Sequence[str],
    target: str,
    sectors: Sequence[str],
    prices: Sequence[float],
    as_json: bool,
) -> None:
    """Find the bans with the best exchange of losses, for each price.

    \b
    Example:
      tumen impact optimal --sender DEU --sender FRA --target RUS --price 1 --price 5
    """
    from tumen.impact import balance, candidate_cells, frontier

    economy = _economy(target)
    economy = economy if target == "PRK" else balance(economy)
    cells = candidate_cells(economy, senders=senders, target=target, sectors=list(sectors) or None)
    found = frontier(economy, cells, senders=tuple(senders), target=target, prices=prices)
    rows = [
        (
            made.price,
            round(made.target_loss, 1),
            round(made.sender_loss, 1),
            int((made.openness < 0.05).sum()),
            len(made.cells),
        )
        for made in found
    ]
    columns = ("price", "target loses, MUSD", "senders lose, MUSD", "banned", "flows")
    emit(
        [
            {"price": m.price, "target_loss": m.target_loss, "sender_loss": m.sender_loss}
            | {
                "openness": {
                    ",".join(c): float(v) for c, v in zip(m.cells, m.openness, strict=True)
                }
            }
            for m in found
        ],
        as_json=as_json,
        text=lambda: table_text(columns, rows),
    )


@impact.command("sweep")
@TARGET
@click.option("--steps", default=11, show_default=True, help="Leaks from 0.001 to 1.")
@click.option(
    "--folder", type=click.Path(path_type=Path), required=True, help="Where the pieces lie."
)
@click.option("--scheduler", help="Address of a Dask scheduler; needs the extra 'cluster'.")
@json_option
def sweep_command(
    target: str, steps: int, folder: Path, scheduler: str | None, as_json: bool
) -> None:
    """Solve a ban by every single state at every leak; goes on where it stopped.

    \b
    Example:
      tumen impact sweep --target PRK --folder out/sweep
    """
    from tumen.impact import embargo, run_sweep

    if steps < 2:
        raise CaseError(f"{steps} steps are no grid", "--steps", "at least 2")
    economy = _economy(target)
    others = [name for name in economy.countries if name != target]
    leaks = [max(0.001, k / (steps - 1)) for k in range(steps)]

    def scenario(number: int) -> Shock:
        sender, leak = others[number // steps], leaks[number % steps]
        return embargo(economy, sender=sender, target=target, leak=leak)

    with bar() as progress:
        result = run_sweep(
            economy,
            len(others) * steps,
            scenario,
            folder=folder,
            scheduler=scheduler,
            progress=progress,
        )
    place = economy.countries.place(target)
    change = 100 * (result.welfare_hat[:, place].reshape(len(others), steps) - 1)
    rows = [
        (name, round(float(line[0]), 4), round(float(line[steps // 2]), 4))
        for name, line in sorted(zip(others, change, strict=True), key=lambda pair: pair[1][0])
    ]
    columns = ("sender", f"leak {leaks[0]:g}: %", f"leak {leaks[steps // 2]:g}: %")
    emit(
        {"senders": others, "leaks": leaks, "welfare_change_percent": change.tolist()},
        as_json=as_json,
        text=lambda: table_text(columns, rows[:15]),
    )


def _economy(target: str) -> Economy:
    from tumen.impact import attach, calibrate
    from tumen.trade import read_world

    world = calibrate(read_world())
    if target in world.countries.labels:
        return world
    return attach(world, target)


def _ban(
    economy: Economy,
    senders: Sequence[str],
    target: str,
    sectors: Sequence[str],
    leak: float,
    imports: bool,
) -> Shock:
    from tumen.impact import embargo

    return embargo(
        economy,
        sender=tuple(senders),
        target=target,
        sectors=list(sectors) or None,
        leak=leak,
        imports=imports,
    )


def _solved(economy: Economy, shock: Shock, span: str, missing: str = "raise") -> Response:
    from tumen.impact import LongRun, missing_rule, solve, solve_short

    settings = LongRun(missing=missing_rule(missing))
    if span == "long":
        return solve(economy, shock, settings=settings)
    return solve_short(economy, shock, span, settings=settings)


def _summary(response: Response, target: str, rows: int) -> dict[str, Any]:
    economy = response.economy
    change = 100 * (response.welfare_hat - 1)
    ev = response.equivalent_variation
    order = sorted(range(len(ev)), key=lambda k: -abs(float(ev[k])))[:rows]
    sold, bought = response.trade(exporter=target), response.trade(importer=target)
    return {
        "label": response.shock.label,
        "basis": "modelled",
        "target": target,
        "exports_before_musd": sold[0],
        "exports_after_musd": sold[1],
        "imports_before_musd": bought[0],
        "imports_after_musd": bought[1],
        "countries": [
            {
                "country": economy.countries.labels[k],
                "welfare_change_percent": float(change[k]),
                "equivalent_variation_musd": float(ev[k]),
            }
            for k in order
        ],
        "iterations": response.status.iterations,
        "residuals": dict(response.status.residuals),
        "note": response.status.message,
    }


def _summary_text(found: dict[str, Any]) -> str:
    columns = ("country", "real spending, %", "MUSD a year")
    rows = [
        (
            row["country"],
            float(f"{row['welfare_change_percent']:.3g}"),
            float(f"{row['equivalent_variation_musd']:.3g}"),
        )
        for row in found["countries"]
    ]
    return "\n".join(
        [
            f"{found['label']} (modelled)",
            f"exports of {found['target']}: {found['exports_before_musd']:,.0f} -> "
            f"{found['exports_after_musd']:,.0f} MUSD a year",
            f"imports of {found['target']}: {found['imports_before_musd']:,.0f} -> "
            f"{found['imports_after_musd']:,.0f} MUSD a year",
            *([found["note"]] if found["note"] else []),
            "",
            table_text(columns, rows),
        ]
    )
