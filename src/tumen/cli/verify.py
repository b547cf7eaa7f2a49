"""tumen verify: run again and compare."""

from __future__ import annotations

from pathlib import Path

import click

from tumen.cli.parameters import CASE
from tumen.cli.show import bar, emit, json_option


@click.command()
@click.argument("case", type=CASE)
@click.option("--record", type=CASE, help="Record to compare with; CASE/out when left out.")
@json_option
def verify(case: Path, record: Path | None, as_json: bool) -> None:
    """Run a case again and name what differs from its record.

    Leaves with 0 when nothing differs and with 3 otherwise.

    \b
    Example:
      tumen verify cases/dprk-2017-backfill
    """
    from tumen.case import verify as verify_case

    with bar() as progress:
        found = verify_case(case, record=record, progress=progress)
    emit(found, as_json=as_json, text=found.text)
    if found.differences:
        raise click.exceptions.Exit(3)
