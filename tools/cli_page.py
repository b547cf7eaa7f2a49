"""Write docs/reference/cli.md from the help of the commands.

python tools/cli_page.py
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import click

from tumen.cli.app import tumen

PAGE = Path(__file__).resolve().parents[1] / "docs/reference/cli.md"
HEAD = """# Command line

Written by `tools/cli_page.py` from the commands' own help.

| exit code | meaning |
|---|---|
| 0 | done |
| 2 | the case or the call is wrong: its author can repair it |
| 3 | the data are wrong or missing, or a record does not come out again |
| 4 | a model has no answer that may be shown |
| 5 | the machine: a full disk, a missing right, too little memory |
| 1 | a bug |
| 130 | stopped from the keyboard |

`--json` prints what the Python call returns, on standard output; progress and errors go to
standard error. No command asks a question, and none uses the network unless its name is `pull`.

| variable | effect |
|---|---|
| `TUMEN_CACHE` | folder for indexes and imported data |
| `TUMEN_TRACEBACK` | set to 1, a bug prints its traceback |
"""


def commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    """Every command and group below one, in the order of the help."""
    yield name, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for word in command.list_commands(context):
            inner = command.get_command(context, word)
            assert inner is not None
            yield from commands(inner, f"{name} {word}")


def section(name: str, command: click.Command) -> str:
    """The section of one command."""
    context = click.Context(command, info_name=name)
    text, _, example = inspect.cleandoc(command.help or "").partition("\b\n")
    usage = " ".join([name, *command.collect_usage_pieces(context)])
    lines = [f"{'#' * (name.count(' ') + 1)} {name}", "", text.strip(), "", "```text", usage, "```"]
    rows = [
        f"| `{', '.join(option.opts)}` | {' '.join((option.help or '').split())} |"
        for option in command.params
        if isinstance(option, click.Option) and option.help
    ]
    if rows and not isinstance(command, click.Group):
        lines += ["", "| option | meaning |", "|---|---|", *rows]
    shown = [line.strip() for line in example.splitlines()[1:] if line.strip()]
    if shown:
        lines += ["", "```bash", *shown, "```"]
    return "\n".join(lines)


def page() -> str:
    """The whole page."""
    sections = [section(name, command) for name, command in commands(tumen, "tumen")][1:]
    return "\n\n".join([HEAD.rstrip(), *sections]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
