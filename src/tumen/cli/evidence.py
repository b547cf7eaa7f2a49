"""tumen evidence: who said what, and what it is worth."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tumen.cli.parameters import CASE
from tumen.cli.show import emit, json_option, table_text
from tumen.core.errors import DataError

if TYPE_CHECKING:
    from tumen.assess import WeighingRecord

MOST_BYTES = 8_000_000
"""Longer files are refused."""


@click.group()
def evidence() -> None:
    """Who says so? Sources, claims, hypotheses."""


@evidence.command()
@click.argument("case", type=CASE)
@click.option("--set", "name", help="Only this set of hypotheses.")
@json_option
def weigh(case: Path, name: str | None, as_json: bool) -> None:
    """Weigh the hypotheses of a case: what leads, what would flip it, what to watch.

    \b
    Examples:
      tumen evidence weigh cases/dprk-2017-backfill
      tumen evidence weigh cases/dprk-2017-backfill --set enforcement --json
    """
    from tumen.assess import weigh_record
    from tumen.case import load

    loaded = load(case)
    names = [name] if name else [each.id for each in loaded.evidence.sets]
    records = [
        weigh_record(loaded.evidence, each, as_of=loaded.as_of, seed=loaded.seed) for each in names
    ]
    emit(
        records,
        as_json=as_json,
        text=lambda: "\n\n".join(weighing_text(record) for record in records),
    )


@evidence.command()
@click.argument("case", type=CASE)
@json_option
def find(case: Path, as_json: bool) -> None:
    """Print what the evidence of a case says, as findings.

    \b
    Example:
      tumen evidence find cases/dprk-2017-backfill
    """
    from tumen.case import load
    from tumen.evidence import find as find_evidence

    loaded = load(case)
    found = find_evidence(loaded.evidence, as_of=loaded.as_of, seed=loaded.seed)
    emit(found, as_json=as_json, text=lambda: "\n\n".join(each.sentence for each in found))


@evidence.command()
@click.argument("case", type=CASE)
@json_option
def sources(case: Path, as_json: bool) -> None:
    """List the sources of a case with outlet, grade, group and the items that rest on them.

    \b
    Example:
      tumen evidence sources cases/dprk-2017-backfill
    """
    from tumen.case import load

    spec = load(case).evidence
    outlets = {outlet.id: outlet for outlet in spec.outlets}
    rows = [
        (
            source.id,
            str(source.issued),
            outlets[source.outlet].name,
            outlets[source.outlet].reliability.grade,
            spec.group_name(source.source_group),
            " ".join(item.id for item in spec.items if source.id in item.sources) or None,
        )
        for source in spec.sources
    ]
    columns = ("source", "issued", "outlet", "grade", "group", "items")
    emit(spec.sources, as_json=as_json, text=lambda: table_text(columns, rows, most_width=48))


@evidence.command()
@click.argument("text", type=click.Path(path_type=Path))
@json_option
def lint(text: Path, as_json: bool) -> None:
    """Ask of a text what a careful editor would ask: citations, sources, judgments.

    TEXT is a UTF-8 file. Every remark is a question, no verdict.

    \b
    Example:
      tumen evidence lint report.txt
    """
    from tumen.evidence import lint as lint_text

    found = lint_text(_read(text))
    emit(
        found,
        as_json=as_json,
        text=lambda: (
            "\n".join(
                f"{each.spans[0].start}: {each.kind.replace('_', ' ')}: {each.sentence}"
                for each in found
            )
            or "no remark"
        ),
    )


def _read(path: Path) -> str:
    try:
        if path.exists() and not path.is_file():
            raise DataError("this is no file", str(path), "name a text file")
        if path.stat().st_size > MOST_BYTES:
            raise DataError(f"the file has more than {MOST_BYTES:,} bytes", str(path))
        return path.read_bytes().decode()
    except UnicodeDecodeError as error:
        what = f"the file is not UTF-8 (byte {error.start})"
        raise DataError(what, str(path), "save it as UTF-8") from None
    except OSError as error:
        raise DataError(f"the file cannot be read: {error.strerror}", str(path)) from None


def weighing_text(record: WeighingRecord) -> str:
    """Return a weighing as tables and sentences."""
    hypotheses = [
        (
            each.id,
            each.prior.text(),
            each.posterior.text(),
            f"{100 * each.stays_top:.0f} %",
            each.label or each.text,
        )
        for each in record.hypotheses
    ]
    names = [each.id for each in record.hypotheses]
    items = [
        (
            each.id,
            each.reliability + each.credibility,
            *each.ratings,
            round(each.diagnosticity, 3),
            f"{100 * each.drop_changes:+.1f}",
            each.group,
        )
        for each in record.items
    ]
    columns = ("item", "grade", *names, "bits", "if dropped", "source group")
    return "\n".join(
        [
            record.question,
            "",
            table_text(("hypothesis", "before", "after", "leads in", "text"), hypotheses),
            "",
            table_text(columns, items, most_width=40),
            "",
            *(f"- {sentence}" for sentence in record.flipping),
            *(f"- watch: {sentence}" for sentence in record.watch),
            "",
            record.method,
        ]
    )
