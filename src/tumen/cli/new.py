"""tumen new: a first case to change."""

from __future__ import annotations

from pathlib import Path

import click

from tumen.cli.parameters import CASE
from tumen.cli.show import emit, json_option


@click.command()
@click.argument("folder", type=CASE)
@json_option
def new(folder: Path, as_json: bool) -> None:
    """Scaffold a commented case that runs.

    \b
    Example:
      tumen new coal-2371
    """
    from tumen.case import new as make

    made = make(folder)
    emit(
        made,
        as_json=as_json,
        text=lambda: f"{made}/case.yaml is ready; change it, then: tumen run {made}",
    )
