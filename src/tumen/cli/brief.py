"""tumen brief: a view of a record."""

from __future__ import annotations

from pathlib import Path

import click

from tumen.cli.parameters import CASE
from tumen.cli.show import emit, json_option
from tumen.core.settings import default_settings


@click.command()
@click.argument("record", type=CASE)
@click.option(
    "--to",
    "targets",
    type=CASE,
    multiple=True,
    help="File to write, .html .pdf or .md; when left out, brief.html and brief.pdf beside it.",
)
@json_option
def brief(record: Path, targets: tuple[Path, ...], as_json: bool) -> None:
    """Write the brief of a record as HTML, PDF or Markdown.

    RECORD is a case that has been run, or the path of an assessment.json.

    \b
    Example:
      tumen brief cases/dprk-2017-backfill --to brief.md
    """
    from tumen.brief import draft, format_of
    from tumen.case import read_record, record_path, write_whole

    beside = record_path(record).parent
    chosen = targets or (beside / "brief.html", beside / "brief.pdf")
    for path in chosen:
        format_of(path)
    drawn_up = draft(read_record(record), kept_in=default_settings().cache / "drawings")
    paths = write_whole(chosen, drawn_up.write)
    emit(paths, as_json=as_json, text=lambda: "\n".join(map(str, paths)))
