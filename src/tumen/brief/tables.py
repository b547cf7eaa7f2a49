"""Tables of an assessment: a finding's grid, the matrix, the components of confidence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tumen.brief.blocks import Cell, Head, Line, Table, Text, Tone
from tumen.brief.labels import Labels
from tumen.brief.palette import signed
from tumen.brief.roles import cell_text
from tumen.core.finding import Column, Estimate, Finding, Grid
from tumen.core.units import UNITS

if TYPE_CHECKING:
    from tumen.assess import EvidenceRecord, Judgment, WeighingRecord

_TONES: dict[str, Tone] = {
    "CC": "strong", "C": "for", "N": "plain", "I": "against", "II": "firmly-against", "NA": "muted",
}  # fmt: skip

_LINE_LENGTH = 105.0
"""Characters that a line of a small table holds."""
_RANGE = re.compile(r"(\d+)\s*[-–]\s*(\d+)\s*%")

RATINGS = (
    "CC very consistent, C consistent, N neutral, I inconsistent, II very inconsistent, "
    "NA not applicable"
)


def grid_table(
    finding: Finding, labels: Labels, *, most: int = 40, shows_caption: bool = True
) -> Table:
    """Return a finding's grid as a table; rows past `most` are counted in the note."""
    assert finding.grid is not None
    grid = _known_columns(finding.grid)
    left_out = len(grid.rows) - most
    note: Line = ()
    if left_out > 0:
        note = (Text(f"{left_out} more rows stand in the record of the assessment."),)
    shown = grid.rows[:most]
    caption = f"Table to {labels.refs[finding.id].label}"
    if finding.figure is not None:
        caption = finding.figure.title
    unit = _shared_unit(grid)
    if unit:
        caption += f" ({UNITS[unit].label})"
    return Table(
        heads=tuple(
            Head(column.title if unit else _title(column), "right" if is_number else "left", width)
            for column, is_number, width in zip(
                grid.columns, _are_numbers(grid), _widths(grid), strict=True
            )
        ),
        rows=tuple(
            tuple(
                Cell((Text(signed(cell_text(cell, _bare_unit(column)))),))
                for cell, column in zip(row, grid.columns, strict=True)
            )
            for row in shown
        ),
        caption=caption,
        note=note,
        size="small",
        shows_caption=shows_caption,
    )


def _shared_unit(grid: Grid) -> str:
    """Return the unit that all columns of quantities share, when it stands in heads at all."""
    units = {column.unit for column in grid.columns if _title(column) != column.title}
    return units.pop() if len(units) == 1 else ""


def _known_columns(grid: Grid) -> Grid:
    """Leave out the columns in which nothing is known."""
    kept = [
        place
        for place in range(len(grid.columns))
        if any(row[place] is not None and row[place] != "" for row in grid.rows)
    ]
    return Grid(
        columns=tuple(grid.columns[place] for place in kept),
        rows=tuple(tuple(row[place] for place in kept) for row in grid.rows),
    )


def _title(column: Column) -> str:
    unit = _bare_unit(column)
    if unit or column.unit in ("", "count", "index", "share", "probability", "percent"):
        return column.title
    label = UNITS[column.unit].label if column.unit in UNITS else column.unit
    return f"{column.title}, {label}"


def _bare_unit(column: Column) -> str:
    """Return the unit that is printed in each cell; other units stand in the head."""
    return column.unit if column.unit in ("share", "probability", "percent") else ""


def _are_numbers(grid: Grid) -> list[bool]:
    return [
        any(isinstance(row[place], float) for row in grid.rows)
        for place in range(len(grid.columns))
    ]


def _widths(grid: Grid) -> list[float]:
    """Return shares of the width: room for the longest word first, the rest by the cells."""
    words, wants = [], []
    for place, column in enumerate(grid.columns):
        texts = [cell_text(row[place], _bare_unit(column)) for row in grid.rows]
        pieces = [word for text in [column.title, *texts] for word in _pieces(text)]
        words.append(min(max(map(len, pieces), default=4), 16) + 1.5)
        mean = sum(map(len, texts)) / max(1, len(texts))
        most = max(map(len, texts), default=0)
        wants.append(max(min((mean + most) / 2, 60.0) - words[-1], 0.0))
    spare = max(_LINE_LENGTH - sum(words), 0.0)
    total = sum(wants) or 1.0
    return [word + spare * want / total for word, want in zip(words, wants, strict=True)]


def _pieces(text: str) -> list[str]:
    """Return the parts between which a line may break; a per cent sign stays at its number."""
    return text.replace(" %", "\u00a0%").split(" ")


def matrix(weighing: WeighingRecord, labels: Labels) -> Table:
    """Return items against hypotheses, most telling first; tints repeat the words."""
    count = len(weighing.hypotheses)
    ordered = sorted(weighing.items, key=lambda item: -item.diagnosticity)
    return Table(
        heads=(
            Head("Evidence", width=7.5),
            Head("Grade", "center", 1.1),
            *(Head(f"H{place}", "center", 1.0) for place in range(1, count + 1)),
            Head("Bits", "right", 1.0),
            Head("If left out", "right", 1.5),
        ),
        rows=tuple(_matrix_row(item, labels) for item in ordered),
        caption="Each item against each hypothesis, most telling first",
        note=(Text(_matrix_note(weighing)),),
        size="small",
    )


def _matrix_note(weighing: WeighingRecord) -> str:
    used = {rating for item in weighing.items for rating in item.ratings}
    parts = [f"{RATINGS}."] if used & set(_TONES) else []
    if any(_RANGE.fullmatch(rating) for rating in used):
        parts.append("Ranges: how likely the item is if the hypothesis holds, in per cent.")
    parts.append(
        "Grade: reliability of the source (A to F) and credibility of the item (1 to 6). Bits: "
        "what the item alone tells about the hypotheses. If left out: change of the leading "
        "hypothesis, in percentage points."
    )
    return " ".join(parts)


def _rating(rating: str) -> Cell:
    """Return a rating with its tint; a range loses its unit, which stands in the note."""
    found = _RANGE.fullmatch(rating)
    if found is None:
        return Cell((Text(rating),), _TONES.get(rating, "plain"))
    low, high = int(found[1]), int(found[2])
    middle = (low + high) / 2
    tone: Tone = "strong" if middle >= 80 else "for" if middle >= 60 else "plain"
    if middle <= 40:
        tone = "firmly-against" if middle <= 20 else "against"
    return Cell((Text(f"{low}–{high}"),), tone)


def _matrix_row(item: EvidenceRecord, labels: Labels) -> tuple[Cell, ...]:
    cites = labels.cites(item.sources)
    text: Line = (labels.refs[item.id], Text(f" {item.label or item.text} "), *cites)
    if item.is_model:
        text = (*text, Text(" model", "emphasis"))
    return (
        Cell(text),
        Cell((Text(f"{item.reliability}{item.credibility}"),)),
        *(_rating(rating) for rating in item.ratings),
        Cell((Text(f"{item.diagnosticity:.2f}"),)),
        Cell((Text(_points(item.drop_changes)),)),
    )


def components(judgment: Judgment) -> Table:
    """Return what limits the confidence in a judgment."""
    critical = (Text(" critical", "quiet"),)
    return Table(
        heads=(
            Head("Component", width=2.0),
            Head("Allows", width=0.9),
            Head("Because", width=4.0),
        ),
        rows=tuple(
            (
                Cell((Text(_capital(one.name)), *critical[: one.is_critical])),
                Cell((Text(one.level),)),
                Cell((Text(_capital(one.reason)),)),
            )
            for one in judgment.confidence.components
        ),
        caption="What the confidence is made of",
        size="small",
        shows_caption=False,
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _points(change: float) -> str:
    points = round(100 * change)
    return "0" if points == 0 else signed(f"{points:+d}")


def chance_text(chance: Estimate) -> str:
    """Return a probability with its range, in full per cent.

    Examples
    --------
    >>> from tumen.core.finding import Estimate
    >>> chance_text(Estimate(value=0.58, low=0.44, high=0.7, unit="probability", basis="computed"))
    '58 % (44-70 %)'
    """
    central = f"{100 * chance.value:.0f} %"
    if chance.low is None or chance.high is None:
        return central
    return f"{central} ({100 * chance.low:.0f}-{100 * chance.high:.0f} %)"
