"""Tables of an assessment: a finding's grid, the matrix, the components of confidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tumen.brief.blocks import Cell, Head, Line, Table, Text, Tone
from tumen.brief.labels import Labels
from tumen.brief.palette import signed
from tumen.brief.roles import cell_text
from tumen.core.finding import Column, Estimate, Finding, Grid
from tumen.core.units import UNITS

if TYPE_CHECKING:
    from tumen.assess.record import EvidenceRecord, Judgment, WeighingRecord

_TONES: dict[str, Tone] = {
    "CC": "strong", "C": "for", "N": "plain", "I": "against", "II": "firmly-against", "NA": "muted",
}  # fmt: skip

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
    return Table(
        heads=tuple(
            Head(_title(column), "right" if is_number else "left", width)
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
        caption=finding.figure.title if finding.figure else caption,
        note=note,
        size="small",
        shows_caption=shows_caption,
    )


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
    """Return shares of the width by the length of what stands in a column."""
    widths = []
    for place, column in enumerate(grid.columns):
        cells = [len(str(row[place])) if isinstance(row[place], str) else 6 for row in grid.rows]
        mean = sum(cells) / len(cells) if cells else 6
        longest_word = max(map(len, column.title.split()), default=4)
        widths.append(min(42.0, max(mean, longest_word, 6.0)))
    return widths


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
        note=(
            Text(
                f"{RATINGS}. Grade: reliability of the source (A to F) and credibility of the "
                "item (1 to 6). Bits: what the item alone tells about the hypotheses. If left "
                "out: change of the leading hypothesis, in percentage points."
            ),
        ),
        size="small",
    )


def _matrix_row(item: EvidenceRecord, labels: Labels) -> tuple[Cell, ...]:
    cites = labels.cites(item.sources)
    text: Line = (labels.refs[item.id], Text(f" {item.label or item.text} "), *cites)
    if item.is_model:
        text = (*text, Text(" model", "emphasis"))
    return (
        Cell(text),
        Cell((Text(f"{item.reliability}{item.credibility}"),)),
        *(Cell((Text(rating),), _TONES.get(rating, "plain")) for rating in item.ratings),
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
