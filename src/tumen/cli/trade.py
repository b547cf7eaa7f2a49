"""tumen trade: recorded flows, dated facts, imports into the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tumen.cli.parameters import COUNTRY, DAY, PRODUCT, SPAN
from tumen.cli.show import bar, csv_text, emit, json_option, table_text
from tumen.core.errors import CaseError
from tumen.core.units import counted

if TYPE_CHECKING:
    from tumen.trade import Facts, Flows, Store

CSV = click.option("--csv", "as_csv", is_flag=True, help="Print the table as CSV.")
AS_OF = click.option("--as-of", type=DAY, help="Show only what had been released by this day.")
STORE = click.option(
    "--store",
    "folder",
    type=click.Path(path_type=Path),
    help="Folder of a store; trade/baci in tumen's cache when left out.",
)
COLUMNS = ("exporter", "importer", "product", "period")


@click.group()
def trade() -> None:
    """What was traded? Recorded flows and facts.

    A missing row is a recorded zero only where the data would show the trade; elsewhere it is
    unknown.
    """


@trade.command("show")
@click.option("--exporter", type=COUNTRY, multiple=True, help="Who sold; may be repeated.")
@click.option("--importer", type=COUNTRY, multiple=True, help="Who bought; may be repeated.")
@click.option("--product", type=PRODUCT, multiple=True, help="HS code or prefix; may be repeated.")
@click.option("--since", type=SPAN, help="First year.")
@click.option("--until", type=SPAN, help="Last year.")
@click.option(
    "--by",
    multiple=True,
    type=click.Choice(COLUMNS),
    help="Columns of the table; period when left out.",
)
@click.option("--digits", type=click.Choice(["2", "4", "6"]), default="6", show_default=True,
              help="Length of product codes.")  # fmt: skip
@click.option("--imported", is_flag=True, help="Ask the store instead of the shipped sample.")
@click.option(
    "--file",
    "path",
    type=click.Path(path_type=Path),
    help="Ask an answer of UN Comtrade or, with --layout, a customs table.",
)
@click.option(
    "--layout",
    type=click.Path(path_type=Path),
    help="YAML file that says what the columns of --file mean.",
)
@AS_OF
@STORE
@CSV
@json_option
def show_command(
    exporter: tuple[str, ...],
    importer: tuple[str, ...],
    product: tuple[str, ...],
    since: str | None,
    until: str | None,
    by: tuple[Any, ...],
    digits: str,
    imported: bool,
    path: Path | None,
    layout: Path | None,
    as_of: date | None,
    folder: Path | None,
    as_csv: bool,
    as_json: bool,
) -> None:
    """Sum recorded trade: the shipped minerals, an imported store, or a file.

    \b
    Examples:
      tumen trade show --exporter PRK --importer CHN --product 2701 --since 2014
      tumen trade show --importer CHN --product 270111 --by exporter --since 2018 --until 2018
      tumen trade show --exporter PRK --by importer --by period --as-of 2017-08-31 --csv
      tumen trade show --file imports.csv --layout layout.yaml --by exporter --by period
    """
    chosen = {
        "exporter": exporter or None,
        "importer": importer or None,
        "product": product or None,
        "since": since,
        "until": until,
    }
    flows = _flows(imported or folder is not None, folder, path, layout, chosen).cut(as_of)
    columns = by or ("period",)
    sums = flows.in_tonnes().by(*columns, digits=int(digits))
    head = (*columns, "value_usd", "quantity_t", "rows")
    rows = [
        (*key, value, quantity, count)
        for key, value, quantity, count in zip(
            sums.keys, sums.value_usd.tolist(), sums.quantity.tolist(), sums.rows.tolist(),
            strict=True,
        )
    ]  # fmt: skip
    result = {
        "rows": [dict(zip(head, row, strict=True)) for row in rows],
        "input": flows.input,
        "vintage": flows.vintage,
        "caveats": flows.caveats,
    }
    if as_csv:
        click.echo(csv_text(head, rows), nl=False)
        return
    emit(result, as_json=as_json, text=lambda: _table(flows, head, rows))


@trade.command("facts")
@click.argument("target", type=COUNTRY)
@click.option("--partner", type=COUNTRY, help="Only trade with this country.")
@click.option(
    "--flow", type=click.Choice(["exports", "imports", "total", "gdp_growth"]), help="One kind."
)
@click.option("--product", type=PRODUCT, help="The exact code of the fact.")
@click.option("--since", type=SPAN, help="First period.")
@click.option("--until", type=SPAN, help="Last period.")
@AS_OF
@CSV
@json_option
def facts_command(
    target: str, as_of: date | None, as_csv: bool, as_json: bool, **chosen: Any
) -> None:
    """List published figures on a target, each with series, status and source.

    \b
    Examples:
      tumen trade facts PRK --partner CHN --flow total
      tumen trade facts PRK --product 2701 --since 2017-01 --as-of 2017-08-31
    """
    from tumen.trade import read_facts

    facts = read_facts(target).cut(as_of)
    found = facts.select(**chosen)
    head = ("period", "partner", "flow", "product", "value", "unit", "series", "status", "known")
    rows = [
        (f.period, f.partner or "world", f.flow, f.product or "all", f.value, f.unit, f.series,
         f.status, f.available.isoformat())
        for f in found
    ]  # fmt: skip
    if as_csv:
        full = (*head, "claimant", "source", "note")
        extra = [(*row, f.claimant, f.source, f.note) for row, f in zip(rows, found, strict=True)]
        click.echo(csv_text(full, extra), nl=False)
        return
    emit(found, as_json=as_json, text=lambda: _facts_table(facts, head, rows))


@trade.group("import")
def import_command() -> None:
    """Take files of others into the store."""


@import_command.command("baci")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@STORE
@json_option
def import_baci_command(files: tuple[Path, ...], folder: Path | None, as_json: bool) -> None:
    """Import yearly files of CEPII's BACI.

    Keep CEPII's names, and country_codes_V*.csv beside the files. A year enters whole or not at
    all; an interrupted import resumes.

    \b
    Example:
      tumen trade import baci downloads/BACI_HS92_Y20*_V202401b.csv
    """
    store = _store(folder)
    with bar() as progress:
        entered = store.import_baci(files, progress=progress)
    held = store.years()
    emit(
        {"folder": store.folder, "entered": entered, "years": held},
        as_json=as_json,
        text=lambda: (
            f"{store.folder}: {counted(len(entered), 'year')} entered, {held[0]} to {held[-1]} held"
        ),
    )


@trade.command("world")
@click.option(
    "--file",
    "path",
    type=click.Path(path_type=Path),
    help="Wheel file with the full table, or a CSV of the OECD; the shipped table when left out.",
)
@CSV
@json_option
def world_command(path: Path | None, as_csv: bool, as_json: bool) -> None:
    """Show a world input-output table: value added by region, and how well it adds up.

    \b
    Examples:
      tumen trade world
      tumen trade world --file sanction_simulator-0.1.4-py3-none-any.whl
    """
    from tumen.trade import read_icio, read_world, read_world_file

    if path is None:
        world = read_world()
    else:
        world = read_icio(path) if path.suffix == ".csv" else read_world_file(path)
    added = world.gross_domestic_product().values
    order = sorted(range(len(added)), key=lambda place: -added[place])
    head = ("region", "value_added_musd")
    rows = [(world.regions.labels[place], round(float(added[place]), 1)) for place in order]
    if as_csv:
        click.echo(csv_text(head, rows), nl=False)
        return
    gaps = world.gaps()
    result = {
        "year": world.year,
        "regions": world.regions.labels,
        "sectors": world.sectors.labels,
        "gaps": gaps,
        "value_added_musd": dict(rows),
        "caveats": world.caveats,
        "input": world.input,
    }
    emit(
        result,
        as_json=as_json,
        text=lambda: "\n".join(
            [
                table_text(head, rows),
                "",
                f"{world.year}, {len(world.regions)} regions x {len(world.sectors)} sectors",
                *(f"- largest gap, {name}: {gap:.1e} of the largest output" for name, gap in
                  gaps.items()),
                *(f"- {caveat}" for caveat in world.caveats),
            ]
        ),
    )  # fmt: skip


def _flows(
    imported: bool,
    folder: Path | None,
    path: Path | None,
    layout: Path | None,
    chosen: dict[str, Any],
) -> Flows:
    from tumen.trade import read_comtrade, read_customs, read_sample

    if layout is not None and path is None:
        raise CaseError("a layout needs the file that it describes", "--layout", "add --file")
    if path is not None:
        flows = read_comtrade(path) if layout is None else read_customs(path, layout)
        return flows.where(**chosen)
    if imported:
        return _store(folder).read(**chosen)
    return read_sample().where(**chosen)


def _store(folder: Path | None) -> Store:
    from tumen.core.settings import default_settings
    from tumen.trade import Store

    return Store(folder or default_settings().cache / "trade" / "baci")


def _table(flows: Flows, head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    shown = [(*row[:-3], f"{row[-3]:,.0f}", f"{row[-2]:,.0f}", row[-1]) for row in rows]
    body = table_text(head, shown) if rows else "no row"
    notes = [f"{flows.input.note or flows.input.id}; {flows.vintage}", *flows.caveats]
    return "\n".join([body, "", *(f"- {note}" for note in notes)])


def _facts_table(facts: Facts, head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    body = table_text(head, rows) if rows else "no fact"
    return "\n".join([body, "", *(f"- {caveat}" for caveat in facts.caveats)])
