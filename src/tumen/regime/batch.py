"""Rule the rows of a CSV file: a verdict, a reason and a line number for each, none lost."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tumen.core.cells import inert_cell
from tumen.core.errors import DataError, TumenError
from tumen.core.nearest import did_you_mean
from tumen.core.progress import Progress, Step, silent
from tumen.regime.caps import Ledger
from tumen.regime.flags import FLAGS
from tumen.regime.rules import Regime
from tumen.regime.ruling import ORDER
from tumen.regime.transaction import read_transaction
from tumen.regime.verdicts import rule_transaction
from tumen.regime.whole_file import whole_file

COLUMNS = (
    "exporter",
    "importer",
    "product",
    "on",
    "vintage",
    "origin",
    "contract_date",
    "quantity",
    "unit",
    "value_usd",
    "port",
    "parties",
    "vessel",
    "service",
)
"""Columns that are read; besides, every declared fact by its name with yes or no."""

NEEDED = ("exporter", "importer", "on")
RESULT = ("line", "verdict", "coverage", "cite", "paragraph", "measure", "needs", "reason", "error")
MOST_FIELD = 10_000
"""Letters in one cell; a longer one makes the row bad."""


@dataclass(frozen=True)
class BatchResult:
    """How a file was ruled.

    Attributes
    ----------
    rows
        Rows read, good and bad.
    verdicts
        Number of rows by verdict.
    bad
        Line number and reason of rows that could not be ruled; they stand in the output as well.
    """

    rows: int
    verdicts: dict[str, int]
    bad: tuple[tuple[int, str], ...] = field(default=())


def rule_csv(
    regime: Regime,
    path: Path,
    out: Path,
    *,
    ledger: Ledger | None = None,
    progress: Progress = silent,
) -> BatchResult:
    """Rule every row of a CSV file and write the rulings to another, row by row.

    Parameters
    ----------
    path
        UTF-8 with a header: ``exporter``, ``importer``, ``on`` and any of `COLUMNS`; a column may
        also bear the name of a declared fact, with ``yes``, ``no`` or nothing. Several parties
        are parted by semicolons.
    out
        Gets the columns of the input and those of `RESULT`. A row that cannot be ruled keeps its
        place, with its error. It replaces an older file only when it is whole.

    Raises
    ------
    CaseError
        When the output would replace the input.
    DataError
        When the file is missing, or its header names an unknown column.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from tumen import regime
    >>> with TemporaryDirectory() as folder:
    ...     source, out = Path(folder, "in.csv"), Path(folder, "out.csv")
    ...     rows = "exporter,importer,product,on\\nPRK,CHN,270112,2017-09-05\\n"
    ...     _ = source.write_text(rows)
    ...     regime.rule_csv(regime.load("UN-1718"), source, out).verdicts
    {'prohibited': 1}
    """
    verdicts: dict[str, int] = dict.fromkeys(ORDER, 0)
    bad: list[tuple[int, str]] = []
    rows = 0
    size = _size(path)
    with (
        path.open(encoding="utf-8-sig", errors="replace", newline="") as source,
        whole_file(out, source=path) as target,
    ):
        reader = csv.reader(_counted(source))
        header = _header(reader, path)
        writer = csv.writer(target)
        writer.writerow([*header, *RESULT])
        for line, last, cells in _rows(reader):
            rows += 1
            result, error = _ruled(regime, ledger, header, cells)
            if error:
                error += f" (lines {line} to {last}: is a quote left open?)" if last > line else ""
                bad.append((line, error))
                kept = map(inert_cell, _fit(cells, len(header)))
                writer.writerow([*kept, line, *[""] * (len(RESULT) - 2), error])
            else:
                verdicts[result[0]] += 1
                kept = map(inert_cell, _fit(cells, len(header)))
                writer.writerow([*kept, line, *result, ""])
            if rows % 2000 == 0:
                progress(Step("rule", done=rows, note=f"{rows:,} rows of {size:,} bytes"))
    progress(Step("rule", done=rows, total=rows, note=f"{rows:,} rows"))
    return BatchResult(rows, {key: count for key, count in verdicts.items() if count}, tuple(bad))


def _size(path: Path) -> int:
    try:
        if path.exists() and not path.is_file():
            raise DataError("this is no file", str(path), "name a csv with one row a transaction")
        return path.stat().st_size
    except OSError as error:
        raise DataError(f"the file cannot be read: {error.strerror}", str(path)) from None


def _counted(source: Any) -> Iterator[str]:
    """Yield lines without NUL, which the reader of the standard library refuses."""
    for text in source:
        yield text.replace("\0", "�")


def _rows(reader: Any) -> Iterator[tuple[int, int, list[str]]]:
    """Yield rows with their first and last line; one that is no CSV comes back as one odd cell."""
    while True:
        first = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield first, reader.line_num, [f"not CSV: {error}"]
            continue
        if cells:
            yield first, reader.line_num, cells


def _header(reader: Any, path: Path) -> list[str]:
    try:
        names = next(reader, None)
    except csv.Error as error:
        raise DataError(f"the header is no CSV: {error}", f"{path}:1") from None
    if not names:
        raise DataError("the file is empty", str(path), f"header: {','.join(COLUMNS[:4])}")
    clean = [name.strip() for name in names]
    valid = [*COLUMNS, *FLAGS]
    for place, name in enumerate(clean):
        if name not in valid:
            hint = did_you_mean(name, valid) or f"columns: {', '.join(COLUMNS)}"
            raise DataError(f"'{name}' is no column", f"{path}:1: column {place + 1}", hint)
        if name in clean[:place]:
            raise DataError(f"column '{name}' stands twice", f"{path}:1: column {place + 1}")
    for name in NEEDED:
        if name not in clean:
            raise DataError(f"column '{name}' is missing", f"{path}:1")
    return clean


def _fit(cells: list[str], width: int) -> list[str]:
    return [*cells[:width], *[""] * (width - len(cells))]


def _ruled(
    regime: Regime, ledger: Ledger | None, header: list[str], cells: list[str]
) -> tuple[list[str], str]:
    if len(cells) != len(header):
        return [], f"{len(cells)} cells instead of {len(header)}"
    if max(map(len, cells)) > MOST_FIELD:
        return [], f"a cell has more than {MOST_FIELD:,} letters"
    try:
        ruling = rule_transaction(regime, read_transaction(**_facts(header, cells)), ledger=ledger)
    except TumenError as error:
        return [], "; ".join(str(problem).replace("\n  ", "; ") for problem in error.problems)
    first = ruling.lines[0]
    return [
        ruling.verdict,
        ruling.coverage,
        first.cite,
        first.paragraph,
        first.decided_by,
        "; ".join(ruling.needs),
        ruling.summary,
    ], ""


def _facts(header: list[str], cells: list[str]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    declared: dict[str, bool] = {}
    for name, cell in zip(header, cells, strict=True):
        text = cell.strip()
        if name in FLAGS:
            if text:
                declared[name] = _yes_or_no(text, name)
        elif not text and name not in NEEDED:
            continue
        elif name in ("quantity", "value_usd"):
            facts[name] = _number(text, name)
        elif name == "parties":
            facts[name] = tuple(part.strip() for part in text.split(";") if part.strip())
        else:
            facts[name] = text
    if declared:
        facts["declared"] = declared
    return facts


def _yes_or_no(text: str, name: str) -> bool:
    known = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
    if text.casefold() not in known:
        raise DataError(f"'{text}' is neither yes nor no", name, "leave it empty when unknown")
    return known[text.casefold()]


def _number(text: str, name: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise DataError(f"'{text}' is no number", name, "write 5000 or 53495894.5") from None
