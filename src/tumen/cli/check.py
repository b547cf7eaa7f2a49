"""tumen check: every problem of a case at once."""

from __future__ import annotations

from pathlib import Path

import click

from tumen.cli.parameters import CASE
from tumen.cli.show import emit, json_option
from tumen.core.errors import CaseError


@click.command()
@click.argument("case", type=CASE)
@json_option
def check(case: Path, as_json: bool) -> None:
    """List every problem of a case at once.

    Leaves with 0 when there is none and with 2 otherwise.

    \b
    Example:
      tumen check cases/dprk-2017-backfill
    """
    from tumen.case import check as problems_of

    problems = problems_of(case)
    if as_json:
        emit(problems, as_json=True, text=str)
        if problems:
            raise click.exceptions.Exit(2)
    elif problems:
        raise CaseError(problems=problems)
    else:
        click.echo(f"{case}: no problem")
