"""tumen run: from a case to a record and a brief."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tumen.cli.parameters import CASE
from tumen.cli.show import bar, emit, json_option
from tumen.core.progress import Step
from tumen.core.settings import default_settings

if TYPE_CHECKING:
    from tumen.assess import Assessment


@click.command()
@click.argument("case", type=CASE)
@click.option(
    "--out", type=CASE, help="Folder for the record and the brief; CASE/out when left out."
)
@click.option("--brief/--no-brief", "with_brief", default=True, help="Whether to write the brief.")
@json_option
def run(case: Path, out: Path | None, with_brief: bool, as_json: bool) -> None:
    """Run a case: findings, judgments, record and brief.

    Writes assessment.json and the brief. When the run fails, what stood there before still does.

    \b
    Example:
      tumen run cases/dprk-2017-backfill
    """
    from tumen.case import load, record_path, write_record
    from tumen.case import run as run_case

    loaded = load(case)
    with bar() as progress:
        record = run_case(loaded, progress=progress)
        progress(Step("case", note="brief"))
        paths = write_record(
            record,
            out or record_path(case).parent,
            briefs=loaded.brief.formats if with_brief else (),
            spec=loaded.brief,
            kept_in=default_settings().cache / "drawings",
        )
    emit(
        record,
        as_json=as_json,
        text=lambda: "\n".join([judgments_text(record), "", *map(str, paths)]),
    )


def judgments_text(record: Assessment) -> str:
    """Return the headline and the key judgments as plain text."""
    lines = [record.title, record.question, "", record.headline]
    for number, judgment in enumerate(record.judgments, 1):
        likelihood, confidence = judgment.sentences()
        lines += ["", f"{number}. {likelihood}", f"   {confidence}"]
    return "\n".join(lines)
