"""tumen monitor: recorded trade beside the rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tumen.cli.parameters import CASE, COUNTRY, DAY, PRODUCT
from tumen.cli.show import emit, grid_csv, grid_text, json_option
from tumen.cli.trade import CSV
from tumen.core.errors import CaseError

if TYPE_CHECKING:
    from tumen.core.finding import Finding
    from tumen.monitor import Spec


@click.command()
@click.argument("case", type=CASE, required=False)
@click.option("--target", type=COUNTRY, default="PRK", show_default=True, help="Under sanctions.")
@click.option("--sender", "senders", type=COUNTRY, multiple=True, help="Whose purchases; CHN.")
@click.option("--rival", "rivals", type=COUNTRY, multiple=True, help="Who may fill in; RUS.")
@click.option("--product", "products", type=PRODUCT, multiple=True,
              help="HS heading to watch; every traded one when left out.")  # fmt: skip
@click.option(
    "--regime", "name", default="UN-1718", show_default=True, help="Rules to hold against."
)
@click.option("--as-of", type=DAY, help="Use only what was known on this day; a case has its own.")
@click.option("--table", "only", help="Print one finding with its table, e.g. residuals.CHN.")
@CSV
@json_option
def monitor(
    case: Path | None,
    target: str,
    senders: tuple[str, ...],
    rivals: tuple[str, ...],
    products: tuple[str, ...],
    name: str,
    as_of: date | None,
    only: str | None,
    as_csv: bool,
    as_json: bool,
) -> None:
    """Does recorded trade fit the rules?

    Recorded, estimated and unknown trade stay apart: a recorded zero is no proof of compliance.
    Without a day the whole record is used; with a CASE its section, its target and its day.

    \b
    Examples:
      tumen monitor
      tumen monitor --sender CHN --product 2701 --as-of 2017-08-31
      tumen monitor --table residuals.CHN
      tumen monitor --table compliance.CHN --csv
      tumen monitor cases/dprk-2017-backfill --json
    """
    if as_csv and only is None:
        raise CaseError("CSV needs one table", "--csv", "name it: --table compliance.CHN")
    if case is None:
        spec, day = _spec(senders, rivals, products), as_of
    else:
        from tumen.case import load

        loaded = load(case)
        spec, target = loaded.monitor, loaded.target
        day = as_of or loaded.as_of
        name = loaded.regime.load
    found = _find(spec, target=target, name=name, as_of=day)
    if only is not None:
        found = [_one(found, only)]
    if as_csv:
        click.echo(_csv(found[0]), nl=False)
        return
    emit(found, as_json=as_json, text=lambda: _text(found, with_tables=only is not None))


def _spec(senders: tuple[str, ...], rivals: tuple[str, ...], products: tuple[str, ...]) -> Spec:
    from tumen.monitor import Spec

    given: dict[str, Any] = {"headings": [{"product": code} for code in products]}
    if senders:
        given["senders"] = senders
    if rivals:
        given["rivals"] = rivals
    return Spec.model_validate(given)


def _find(spec: Spec, *, target: str, name: str, as_of: date | None) -> list[Finding]:
    from tumen import monitor as room
    from tumen import regime, trade

    return list(
        room.find(
            spec,
            regime=regime.load(name),
            flows=trade.read_sample(),
            facts=trade.read_facts(target),
            target=target,
            as_of=as_of,
        )
    )


def _one(found: Sequence[Finding], name: str) -> Finding:
    from tumen.core.nearest import did_you_mean

    named = {item.id.partition(".")[2]: item for item in found}
    if name not in named:
        hint = did_you_mean(name, named) or f"for example {', '.join(list(named)[:3])}"
        raise CaseError(f"'{name}' is no finding here", "--table", hint)
    return named[name]


def _csv(finding: Finding) -> str:
    if finding.grid is None:
        raise CaseError(f"finding {finding.id} has no table", "--csv")
    return grid_csv(finding.grid)


def _text(found: Sequence[Finding], *, with_tables: bool) -> str:
    lines: list[str] = []
    for item in sorted(found, key=lambda finding: finding.rank):
        lines += [item.sentence, ""]
        if with_tables and item.grid is not None:
            lines += [grid_text(item.grid), ""]
    caveats = dict.fromkeys(caveat for item in found for caveat in item.caveats)
    return "\n".join([*lines, *(f"- {caveat}" for caveat in caveats)])
