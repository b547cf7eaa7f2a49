"""Screen a file of names, line by line."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tumen.core.cells import inert_cell
from tumen.core.countries import country
from tumen.core.errors import CaseError, DataError, TumenError
from tumen.core.nearest import did_you_mean
from tumen.core.progress import Progress, Step, silent
from tumen.regime.screening.index import NameIndex
from tumen.regime.screening.query import THRESHOLD, screen
from tumen.regime.whole_file import whole_file

COLUMNS = ("name", "country", "born", "as_of")
BIRTH_YEARS = range(1800, 2101)
_OUT = ("line", "name", "as_of", "verdict", "score", "matched", "party", "listings", "problem")


@dataclass(frozen=True)
class BatchScreening:
    """How many lines were screened, and with what result.

    Attributes
    ----------
    lines, hits, undated, bad
        Lines read; lines with a hit; with a match whose listing day is unknown; with a problem.
    out
        The file written: every line of the input stands in it, in order.
    """

    lines: int
    hits: int
    undated: int
    bad: int
    out: Path


def screen_csv(
    path: Path,
    out: Path,
    *,
    index: NameIndex,
    as_of: date,
    threshold: float = THRESHOLD,
    progress: Progress = silent,
) -> BatchScreening:
    """Screen every line of a CSV with the columns name and, if known, country, born, as_of.

    A line that cannot be screened is written with its problem; none is lost. The output replaces
    an older one only when it is whole.

    Parameters
    ----------
    path, out
        Input with a header row; output with a verdict, score, reason and line number each.
    index
        See `load_index`.
    as_of
        Day of the screening where a line gives none.
    threshold
        Score from which a candidate is a hit.
    progress
        Told every hundred lines.

    Raises
    ------
    CaseError
        When the file is missing, empty, lacks the column `name`, or would be overwritten.
    DataError
        When it is no csv; an older output stays as it was.
    """
    if not path.is_file():
        raise CaseError("there is no such file", str(path))
    counts = {"hit": 0, "undated": 0, "clear": 0, "bad": 0}
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as source:
        rows = csv.DictReader(source)
        _check_header(rows.fieldnames, path)
        with whole_file(out, source=path) as target:
            writer = csv.DictWriter(target, _OUT)
            writer.writeheader()
            for number, row in enumerate(_rows(rows, path), start=1):
                result = _screen_row(row, index, as_of, threshold)
                counts[result["verdict"]] += 1
                cells = {key: inert_cell(text) for key, text in result.items()}
                writer.writerow({"line": str(rows.line_num), **cells})
                if number % 100 == 0:
                    progress(Step("screen", number, 0, f"{counts['hit']} hits"))
    lines = sum(counts.values())
    return BatchScreening(lines, counts["hit"], counts["undated"], counts["bad"], out)


def _screen_row(
    row: dict[str, str], index: NameIndex, as_of: date, threshold: float
) -> dict[str, str]:
    result = dict.fromkeys(_OUT[1:], "") | {"name": str(row.get("name") or "")}
    try:
        day = _day(row["as_of"]) if row.get("as_of") else as_of
        found = screen(
            result["name"],
            index=index,
            as_of=day,
            country=country(row["country"]) if row.get("country") else None,
            born=_birth_year(row["born"]) if row.get("born") else None,
            threshold=threshold,
        )
    except TumenError as error:
        problem = error.problems[0]
        told = "; ".join(filter(None, (problem.what, problem.hint)))
        return result | {"verdict": "bad", "problem": told}
    result["as_of"] = day.isoformat()
    hits = found.hits or found.undated
    if not hits:
        return result | {"verdict": "clear"}
    best = hits[0]
    return result | {
        "verdict": "hit" if found.hits else "undated",
        "score": f"{best.score:.3f}",
        "matched": best.name,
        "party": best.party.id,
        "listings": "; ".join(reason for reason in best.reasons if "~" not in reason),
    }


def _rows(rows: csv.DictReader[str], path: Path) -> Iterator[dict[str, str]]:
    try:
        yield from rows
    except csv.Error as error:
        raise DataError(f"this is no csv: {error}", f"{path}:{rows.line_num}") from None


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written.strip())
    except ValueError:
        raise CaseError(f"'{written}' is no day", hint="write it as 2017-08-05") from None


def _birth_year(written: str) -> int:
    digits = written.strip()[:4]
    if not digits.isdecimal() or int(digits) not in BIRTH_YEARS:
        hint = f"write a year from {BIRTH_YEARS[0]} to {BIRTH_YEARS[-1]}, or a day"
        raise CaseError(f"'{written}' is no year of birth", hint=hint)
    return int(digits)


def _check_header(header: object, path: Path) -> None:
    names = [str(name) for name in header] if isinstance(header, list) else []
    if "name" not in names:
        raise CaseError(
            f"the header has no column 'name' (it has: {', '.join(names) or 'nothing'})",
            f"{path}:1",
            f"columns: {', '.join(COLUMNS)}",
        )
    for name in names:
        close = did_you_mean(name, COLUMNS)
        if name not in COLUMNS and close.startswith("did"):
            raise CaseError(f"'{name}' is no column", f"{path}:1", close)
