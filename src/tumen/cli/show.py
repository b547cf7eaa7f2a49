"""How results are shown in a terminal: JSON, plain tables, a progress bar."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tumen.core.cells import inert_cell
from tumen.core.progress import Progress, Step, silent

if TYPE_CHECKING:
    from rich.progress import TaskID

    from tumen.core.finding import Cell, Grid

F = TypeVar("F", bound=Callable[..., Any])

_STEERS_A_TERMINAL = dict.fromkeys(
    {*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
    - {ord("\n"), ord("\t")},
    "\ufffd",
)


def json_option(command: F) -> F:
    """Give a command `--json`, passed to it as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")(
        command
    )


def emit(value: Any, *, as_json: bool, text: Callable[[], str]) -> None:
    """Print a result: as JSON what the Python call returned, otherwise the text for a person."""
    if as_json:
        click.echo(
            json.dumps(plain(value), indent=2, ensure_ascii=False, sort_keys=True, allow_nan=False)
        )
    else:
        click.echo(inert_text(text()))


def inert_text(text: str) -> str:
    """Return a text that moves no cursor, changes no colour and turns no writing around.

    Names and cells come from outsiders' files and may hold the signs that steer a terminal.

    Examples
    --------
    >>> inert_text("\\x1b[2Jgone")
    '\ufffd[2Jgone'
    """
    return text.translate(_STEERS_A_TERMINAL)


def plain(value: Any) -> Any:
    """Return a result as dicts, lists, texts and numbers; a number that is not finite is None.

    Examples
    --------
    >>> plain({"on": date(2017, 8, 5), "flows": (1.5, float("nan"))})
    {'on': '2017-08-05', 'flows': [1.5, None]}
    """
    if hasattr(value, "model_dump"):
        return plain(value.model_dump(mode="json", by_alias=True))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = [field for field in dataclasses.fields(value) if not field.name.startswith("_")]
        return {field.name: plain(getattr(value, field.name)) for field in fields}
    if isinstance(value, Mapping):
        return {_key(key): plain(item) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted((plain(item) for item in value), key=str)
    if isinstance(value, (date, Path, Enum)):
        return str(value.value if isinstance(value, Enum) else value)
    if hasattr(value, "tolist"):  # an array or a number of numpy
        return plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return value if abs(value) < float("inf") else None
    return value if isinstance(value, (str, int, bool, type(None))) else str(value)


def _key(key: Any) -> str:
    return ",".join(map(str, key)) if isinstance(key, tuple) else str(key)


def grid_text(grid: Grid) -> str:
    """Return a finding's table as aligned text; the unit of a column stands in its head."""
    head = [
        f"{each.title} ({each.unit})" if _lacks_unit(each.title, each.unit) else each.title
        for each in grid.columns
    ]
    return table_text(head, _grid_rows(grid, decimals=3))


def grid_csv(grid: Grid) -> str:
    """Return a finding's table as CSV; a head is the column's key with its unit, ``after_musd``."""
    head = [
        f"{each.key}_{each.unit.lower()}" if _lacks_unit(each.key, each.unit) else each.key
        for each in grid.columns
    ]
    return csv_text(head, _grid_rows(grid))


def _lacks_unit(name: str, unit: str) -> bool:
    """Whether a head must be told its unit: a count has none, ``share`` is its own."""
    return unit not in ("", "count") and unit.lower() not in name.lower()


def _grid_rows(grid: Grid, *, decimals: int | None = None) -> list[list[Any]]:
    """Return the cells: counts as whole numbers, other numbers rounded when asked for."""

    def shown(cell: Cell, unit: str) -> Any:
        if not isinstance(cell, float):
            return cell
        if unit == "count" and cell.is_integer():
            return int(cell)
        return cell if decimals is None else round(cell, decimals)

    units = [column.unit for column in grid.columns]
    return [[shown(*pair) for pair in zip(row, units, strict=True)] for row in grid.rows]


def csv_text(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Return a table as CSV; no text in it starts a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([inert_cell(c) if isinstance(c, str) else c for c in row] for row in rows)
    return text.getvalue()


def table_text(
    columns: Sequence[str], rows: Sequence[Sequence[Any]], *, most_width: int = 60
) -> str:
    """Return rows as aligned text: numbers to the right, None as ``-``, long cells cut.

    Minus zero is printed as zero.

    Examples
    --------
    >>> print(table_text(("year", "MUSD"), ((2016, 1182.8), (2018, None), (2019, -0.0))))
    year    MUSD
    2016  1182.8
    2018       -
    2019     0.0
    """
    cells = [[_cell(item, most_width) for item in row] for row in rows]
    widths = [max(len(line[n]) for line in [list(columns), *cells]) for n in range(len(columns))]
    to_right = [
        any(isinstance(row[n], (int, float)) for row in rows)
        and all(isinstance(row[n], (int, float, type(None))) for row in rows)
        for n in range(len(columns))
    ]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(line, widths, to_right, strict=True)
        ).rstrip()
        for line in [list(columns), *cells]
    )


def _cell(item: Any, most_width: int) -> str:
    item = item + 0.0 if isinstance(item, float) else item
    text = "-" if item is None else " ".join(str(item).split())
    return text if len(text) <= most_width else text[: most_width - 1] + "…"


@contextmanager
def bar() -> Iterator[Progress]:
    """Show progress on standard error when that is a terminal; otherwise show nothing."""
    if not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description:<9}"),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[note]}"),
        TimeElapsedColumn(),
    )
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def show(step: Step, /) -> None:
            if step.stage not in tasks:
                tasks[step.stage] = bars.add_task(step.stage, total=None, note="")
            bars.update(
                tasks[step.stage],
                completed=step.done,
                total=step.total or None,
                note=step.note.replace("[", r"\["),
            )

        yield show
