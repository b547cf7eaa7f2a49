"""tumen regime: may this be traded, by whom, on which day, and which paragraph says so?"""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tumen.cli.parameters import COUNTRY, DAY, PRODUCT
from tumen.cli.screening import index_command, quality_command, screen_command
from tumen.cli.show import bar, emit, json_option, table_text
from tumen.core.errors import CaseError

if TYPE_CHECKING:
    from tumen.regime import Regime

REGIME = click.option(
    "--regime",
    "name",
    default="UN-1718",
    show_default=True,
    help="Name of a shipped regime, or a folder or file.",
)
LINE = click.option("--line", "lines", multiple=True, help="Line of law, e.g. UN; all if unset.")


@click.group()
def regime() -> None:
    """May I trade this?

    Verdicts: prohibited, undetermined (with what is needed), conditional, wind_down, exempt,
    permitted. They apply encoded texts to stated facts and are no legal advice.
    """


regime.add_command(screen_command)
regime.add_command(index_command)
regime.add_command(quality_command)


@regime.command("rule")
@click.option("--exporter", type=COUNTRY, help="Who sends the goods or gives the service.")
@click.option("--importer", type=COUNTRY, help="Who gets them.")
@click.option("--product", type=PRODUCT, help="HS code of 2, 4 or 6 digits.")
@click.option("--on", "day", type=DAY, help="Day of the transaction.")
@click.option("--vintage", default="HS2017", show_default=True, help="HS revision of the code.")
@click.option("--origin", type=COUNTRY, help="Stated country of origin.")
@click.option("--contract", type=DAY, help="Day of the written contract.")
@click.option("--port", help="Port of loading.")
@click.option("--quantity", type=float, help="Size of the shipment; with --unit.")
@click.option("--unit", help="Unit of the quantity: t, kg, bbl, USD, ...")
@click.option("--party", "parties", multiple=True, help="Name of a party; may be repeated.")
@click.option("--vessel", help="Name or IMO number of the ship.")
@click.option("--service", help="Kind of service instead of goods, e.g. insurance.")
@click.option("--yes", "yes", multiple=True, help="Fact that holds, e.g. livelihood.")
@click.option("--no", "no", multiple=True, help="Fact that does not hold.")
@click.option("--with-caps", is_flag=True, help="Use the shipped ledger of caps.")
@click.option("--file", "path", type=click.Path(path_type=Path), help="csv of transactions.")
@click.option("--out", type=click.Path(path_type=Path), help="Where the ruled csv goes.")
@REGIME
@json_option
def rule_command(
    name: str,
    path: Path | None,
    out: Path | None,
    yes: Sequence[str],
    no: Sequence[str],
    with_caps: bool,
    as_json: bool,
    **given: Any,
) -> None:
    """Rule one transaction, or every row of a csv.

    Every row of a csv comes back, a row that cannot be ruled with its error; then the command
    leaves with 3.

    \b
    Examples:
      tumen regime rule --exporter PRK --importer CHN --product 270112 --on 2017-09-05
      tumen regime rule --exporter PRK --importer CHN --product 260111 --on 2017-08-20 \\
          --contract 2017-07-01
      tumen regime rule --exporter PRK --importer RUS --service labour_new --on 2017-10-01
      tumen regime rule --file shipments.csv --out ruled.csv
    """
    from tumen.regime import ledger, load, rule

    loaded = load(name)
    uses = ledger(loaded) if with_caps else None
    if path is not None:
        _rule_file(loaded, path, out, with_caps=with_caps, as_json=as_json)
        return
    missing = [f"--{key}" for key in ("exporter", "importer") if given[key] is None]
    missing += ["--on"] if given["day"] is None else []
    if missing:
        raise CaseError(f"{', '.join(missing)} is missing", "tumen regime rule", "or give --file")
    facts = dict.fromkeys(yes, True) | dict.fromkeys(no, False)
    given["on"], given["contract_date"] = given.pop("day"), given.pop("contract")
    ruling = rule(loaded, ledger=uses, declared=facts, **given)
    emit(
        ruling,
        as_json=as_json,
        text=lambda: ruling.text(shutil.get_terminal_size((100, 24)).columns),
    )


def _rule_file(
    loaded: Regime, path: Path, out: Path | None, *, with_caps: bool, as_json: bool
) -> None:
    from tumen.regime import ledger, rule_csv

    target = out or path.with_name(f"{path.stem}-ruled.csv")
    with bar() as progress:
        result = rule_csv(
            loaded,
            path,
            target,
            ledger=ledger(loaded) if with_caps else None,
            progress=progress,
        )
    lines = [f"{result.rows:,} rows", *(f"  {n:,} {word}" for word, n in result.verdicts.items())]
    lines += [f"Line {line}: {reason}" for line, reason in result.bad[:20]]
    if len(result.bad) > 20:
        lines.append(f"... and {len(result.bad) - 20:,} more bad rows")
    lines.append(str(target))
    emit(result, as_json=as_json, text=lambda: "\n".join(lines))
    if result.bad:
        raise click.exceptions.Exit(3)


@regime.command("diff")
@click.argument("first", type=DAY)
@click.argument("second", type=DAY)
@LINE
@REGIME
@json_option
def diff_command(first: date, second: date, lines: Sequence[str], name: str, as_json: bool) -> None:
    """List what changed after one day, up to another.

    \b
    Example:
      tumen regime diff 2017-08-01 2017-09-30 --line UN
    """
    from tumen.regime import diff, load

    found = diff(load(name), first, second, lines=lines or None)
    rows = [(str(c.on), c.line, c.what, c.cite, c.paragraph or None, c.title) for c in found]
    columns = ("day", "line", "change", "act", "paragraph", "measure")
    emit(found, as_json=as_json, text=lambda: table_text(columns, rows, most_width=80))


@regime.command("lag")
@REGIME
@json_option
def lag_command(name: str, as_json: bool) -> None:
    """List the days from each resolution to the acts that carry it out.

    A lag measures paperwork, not intent.

    \b
    Example:
      tumen regime lag
    """
    from tumen.regime import implementation_lag, load

    found = implementation_lag(load(name))
    rows = [
        (
            lag.resolution_cite,
            lag.state,
            lag.act_cite,
            str(lag.issued),
            lag.days,
            lag.days_published,
        )
        for lag in found
    ]
    columns = ("resolution", "state", "act", "issued", "days", "to publication")
    emit(found, as_json=as_json, text=lambda: table_text(columns, rows, most_width=70))


@regime.command("caps")
@click.option("--as-of", "as_of", type=DAY, help="Count only what was published by this day.")
@click.option("--measure", help="Full name of one cap, e.g. un.2397.refined.")
@REGIME
@json_option
def caps_command(as_of: date | None, measure: str | None, name: str, as_json: bool) -> None:
    """Print the use of caps, reported and estimated apart.

    \b
    Examples:
      tumen regime caps
      tumen regime caps --measure un.2397.refined --as-of 2020-12-31
    """
    from tumen.regime import cap_use, ledger, load

    loaded = load(name)
    if measure is not None:
        loaded.measure(measure)
    found = cap_use(loaded, uses=ledger(loaded, as_of=as_of), measure=measure)
    rows = [
        (
            use.measure,
            str(use.period),
            use.basis,
            f"{use.ratio:.1%}",
            use.state,
            str(use.breached_on or "") or None,
            use.text(),
        )
        for use in found
    ]
    columns = ("cap", "period", "basis", "used", "state", "breached by", "arithmetic")
    emit(found, as_json=as_json, text=lambda: table_text(columns, rows, most_width=120))


@regime.command("compile")
@click.option("--codes", type=click.Path(path_type=Path), help="File with one HS code a line.")
@click.option("--product", "products", type=PRODUCT, multiple=True, help="HS code.")
@click.option("--vintage", default="HS2017", show_default=True)
@click.option("--on", "day", type=DAY, help="Print shares on this day instead of intervals.")
@click.option("--flow", type=click.Choice(["from_target", "to_target"]), default="from_target")
@LINE
@REGIME
@json_option
def compile_command(
    codes: Path | None,
    products: Sequence[str],
    vintage: str,
    day: date | None,
    flow: Any,
    lines: Sequence[str],
    name: str,
    as_json: bool,
) -> None:
    """Compile the rules to intervals for each product, as csv.

    \b
    Examples:
      tumen regime compile --product 270112 --product 610910
      tumen regime compile --codes hs6.txt > intervals.csv
      tumen regime compile --codes hs6.txt --on 2017-09-11
    """
    from tumen.regime import compile_intervals, load, restrict

    loaded = load(name)
    wanted = [*products, *_codes_of(codes)]
    if not wanted:
        raise CaseError("there is nothing to compile", "tumen regime compile", "give --codes")
    if day is not None:
        line = lines[0] if lines else loaded.lines[0]
        found = restrict(loaded, on=day, codes=wanted, flow=flow, line=line, vintage=vintage)
        rows = list(zip(found.labels, found.banned, found.capped, found.undetermined, strict=True))
        head = ("hs", "banned", "capped", "undetermined")
        emit(found, as_json=as_json, text=lambda: _csv_text(head, rows))
        return
    intervals = compile_intervals(
        loaded, codes=wanted, vintage=vintage, lines=lines or loaded.lines[:1]
    )
    columns = ("hs6", "flow", "from", "to", "kind", "measure", "line", "coverage")
    emit(
        [row._asdict() for row in intervals],
        as_json=as_json,
        text=lambda: _csv_text(columns, intervals),
    )


def _codes_of(path: Path | None) -> list[str]:
    if path is None:
        return []
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CaseError(f"the file cannot be read: {error.strerror}", str(path)) from None
    except UnicodeDecodeError as error:
        raise CaseError(f"the file is not UTF-8 (byte {error.start})", str(path)) from None
    return [code for line in text.splitlines() if (code := line.strip())]


def _csv_text(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue().rstrip("\n")


@regime.command("audit")
@click.option("--status", type=click.Choice(["read", "computed", "recalled"]), help="Only these.")
@REGIME
@json_option
def audit_command(status: str | None, name: str, as_json: bool) -> None:
    """Print how many fields of law are read, computed or recalled, and list them.

    \b
    Examples:
      tumen regime audit
      tumen regime audit --status recalled
    """
    from tumen.regime import audit, load

    found = audit(load(name))
    lines = [f"{count:,} {word}" for word, count in found.counts.items()]
    lines += [
        f"  {line}: " + ", ".join(f"{count:,} {word}" for word, count in counts.items())
        for line, counts in found.by_line.items()
    ]
    rows = [
        (row.measure, row.field, row.status, "; ".join(row.source) or None, row.note or None)
        for row in found.rows
        if row.status == status
    ]
    if rows:
        columns = ("measure", "field", "status", "source", "note")
        lines += ["", table_text(columns, rows, most_width=70)]
    emit(found, as_json=as_json, text=lambda: "\n".join(lines))
