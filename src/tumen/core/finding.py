"""The joint of the house: what an engine says upwards."""

from __future__ import annotations

import math
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from tumen.core.record import Record
from tumen.core.units import UNITS, quantity_text

Basis = Literal["recorded", "estimated", "modelled", "judged", "computed", "law"]
"""How a number came about: in a register, by a named third party, by a model run, by the analyst,
by arithmetic on the others, or by a legal text."""

Cell = str | float | None


class Estimate(Record):
    """A number with its interval, unit, basis and claimant.

    Attributes
    ----------
    value
        Central value, in `unit`.
    low, high
        Ends of the interval; both or neither. A model run or an estimate without an interval
        is refused.
    coverage
        Probability mass of the interval, e.g. 0.9; None for a range of claims.
    unit
        Code in `tumen.core.units.UNITS`.
    basis
        How the number came about.
    claimant
        Who says so, for a number that is not tumen's own arithmetic.
    digits
        Significant digits that the inputs bear.
    """

    value: float
    low: float | None = None
    high: float | None = None
    coverage: float | None = Field(default=None, gt=0, lt=1)
    unit: str
    basis: Basis
    claimant: str = ""
    digits: int = Field(default=3, ge=1, le=6)

    @field_validator("unit")
    @classmethod
    def _is_known_unit(cls, code: str) -> str:
        if code not in UNITS:
            raise ValueError(f"'{code}' is no unit")
        return code

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        if not math.isfinite(self.value):
            raise ValueError("an estimate must be finite")
        if (self.low is None) != (self.high is None):
            raise ValueError("an interval needs both ends")
        if self.low is not None and self.high is not None:
            if not (math.isfinite(self.low) and math.isfinite(self.high)):
                raise ValueError("an interval must be finite")
            if self.low > self.high:
                raise ValueError(f"interval [{self.low}, {self.high}] is upside down")
        if self.basis in ("modelled", "judged") and self.low is None:
            raise ValueError(f"a {self.basis} number carries an interval")
        if self.basis == "estimated" and not self.claimant:
            raise ValueError("an estimated number names its claimant")
        return self

    def text(self) -> str:
        """Print the value and, when there is one, its interval."""
        central = quantity_text(self.value, self.unit, digits=self.digits)
        if self.low is None or self.high is None:
            return central
        low = quantity_text(self.low, self.unit, digits=self.digits)
        high = quantity_text(self.high, self.unit, digits=self.digits)
        return f"{central} ({low} to {high})"


class Input(Record):
    """A thing that a finding was computed from.

    Attributes
    ----------
    id
        Stable name, e.g. ``trade.sample`` or ``regime.UN-1718``.
    sha256
        Hash of its content.
    note
        Vintage and attribution, for a person.
    """

    id: str
    sha256: str
    note: str = ""


class Column(Record):
    """A column of a finding's table: its key, its printed title and its unit code."""

    key: str
    title: str
    unit: str = ""


class Grid(Record):
    """A small table of cells; None is "unknown", never zero."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @model_validator(mode="after")
    def _is_rectangular(self) -> Self:
        width = len(self.columns)
        for number, row in enumerate(self.rows):
            if len(row) != width:
                raise ValueError(f"row {number} has {len(row)} cells, the table {width} columns")
            for cell in row:
                if isinstance(cell, float) and not math.isfinite(cell):
                    raise ValueError(f"row {number} holds a number that is not finite")
        return self

    def column(self, key: str) -> list[Cell]:
        """Return the cells of one column."""
        place = [column.key for column in self.columns].index(key)
        return [row[place] for row in self.rows]


class EventRule(Record):
    """A dated line across a chart."""

    at: str
    label: str


FigureKind = Literal[
    "series", "bars", "interval", "heatmap", "strip", "tornado", "before_after", "yardstick"
]


class Figure(Record):
    """How a finding's table is drawn; the brief knows the kinds and nothing of the engines.

    Attributes
    ----------
    kind
        ``series`` lines over time (x is a period), ``bars`` horizontal bars, ``interval`` points
        with ranges, ``heatmap`` a field over two axes, ``strip`` a category per item and month,
        ``tornado`` low and high swing per input, ``before_after`` two values per item (`low`
        before, `high` after), ``yardstick`` probabilities on the scale of likelihood words.
    title
        A sentence that states the finding.
    x, y, low, high, group
        Keys of columns in the table. In a heatmap `x` and `y` are the axes and `group` the value.
    unit_note, source_note
        What stands below the chart: unit and year, source and vintage.
    rules
        Dated lines (series, strip) or marked values of x (heatmap).
    level
        For a heatmap: the value at which a contour is drawn and labelled.
    span
        For a heatmap: two values of x that bound a sourced range, drawn as a band.
    alt
        What a reader who cannot see the chart needs to know.
    """

    kind: FigureKind
    title: str
    x: str
    y: str
    low: str = ""
    high: str = ""
    group: str = ""
    unit_note: str = ""
    source_note: str = ""
    rules: tuple[EventRule, ...] = ()
    level: float | None = None
    span: tuple[float, float] | None = None
    span_label: str = ""
    alt: str = ""


class Finding(Record):
    """One thing an engine found out, with all that is needed to defend it.

    Attributes
    ----------
    id
        Dotted name that starts with the room, e.g. ``monitor.compliance.2701``.
    sentence
        The finding as one plain sentence with its number and unit.
    estimate
        The number behind the sentence, if there is one.
    method
        How it was found, in one or two sentences.
    inputs
        What it was computed from, with hashes.
    sources
        Ids of the case's sources that it rests on.
    caveats
        What a careful reader must know before quoting it.
    grid, figure
        A table for the reader, and how to draw it.
    rank
        Order within its room; 0 is for page one, 9 for the annex.
    """

    id: str = Field(pattern=r"^[a-z]+(\.[A-Za-z0-9_-]+)+$")
    sentence: str = Field(min_length=1)
    estimate: Estimate | None = None
    method: str = ""
    inputs: tuple[Input, ...] = ()
    sources: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    grid: Grid | None = None
    figure: Figure | None = None
    rank: int = Field(default=5, ge=0, le=9)

    @property
    def room(self) -> str:
        """The room that says so."""
        return self.id.split(".", 1)[0]

    @model_validator(mode="after")
    def _draws_what_it_has(self) -> Self:
        if self.figure is None:
            return self
        if self.grid is None:
            raise ValueError("a figure needs a grid")
        known = {column.key for column in self.grid.columns}
        drawn = {self.figure.x, self.figure.y, self.figure.low, self.figure.high}
        missing = {key for key in drawn | {self.figure.group} if key} - known
        if missing:
            raise ValueError(f"figure uses columns that the grid lacks: {sorted(missing)}")
        return self
