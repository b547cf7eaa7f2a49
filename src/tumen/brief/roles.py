"""What the columns of a grid stand for in a figure, and cells as a reader sees them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tumen.brief.palette import full_text
from tumen.core.countries import country_name
from tumen.core.errors import DataError
from tumen.core.finding import Cell, Column, Figure, Grid
from tumen.core.units import UNITS

_CODE = re.compile(r"[A-Z]{3}")
_JOINED = re.compile(r"(?<=[^\W_])_(?=[^\W_])")


def readable(text: str) -> str:
    """Return a text cell without raw codes: a country's name, and words instead of identifiers.

    Examples
    --------
    >>> readable("RUS"), readable("share of metal_ores in GDP")
    ('Russia', 'share of metal ores in GDP')
    """
    if _CODE.fullmatch(text):
        return country_name(text)
    return text if "://" in text else _JOINED.sub(" ", text)


def cell_text(cell: Cell, unit: str) -> str:
    """Return a cell of a table; an unknown value is a dash, never a zero, and a unit has words."""
    if cell is None:
        return "–"
    if isinstance(cell, str):
        return UNITS[cell].label if cell in UNITS else readable(cell)
    return full_text(cell, unit)


@dataclass(frozen=True)
class Roles:
    """The grid of a figure, read by column."""

    figure: Figure
    grid: Grid

    def column(self, key: str) -> Column:
        """Return a column's head."""
        return next(column for column in self.grid.columns if column.key == key)

    def title(self, key: str) -> str:
        """Return a column's printed title."""
        return self.column(key).title

    def unit(self, key: str) -> str:
        """Return a column's unit code."""
        return self.column(key).unit

    def texts(self, key: str) -> list[str]:
        """Return a column as texts; an empty key gives empty texts."""
        if not key:
            return [""] * len(self.grid.rows)
        return [_plain(cell) for cell in self.grid.column(key)]

    def numbers(self, key: str) -> list[float | None]:
        """Return a column as numbers; an empty key gives unknowns.

        Raises
        ------
        DataError
            When a cell is a text.
        """
        if not key:
            return [None] * len(self.grid.rows)
        found: list[float | None] = []
        for place, cell in enumerate(self.grid.column(key)):
            if isinstance(cell, str):
                raise DataError(
                    f"'{cell}' is no number",
                    f"figure '{self.figure.title}': column {key}, row {place + 1}",
                    f"the kind {self.figure.kind} needs numbers in this column",
                )
            found.append(cell)
        return found

    def is_text(self, key: str) -> bool:
        """Whether a column holds texts."""
        return bool(key) and any(isinstance(cell, str) for cell in self.grid.column(key))

    def item_and_value(self) -> tuple[str, str]:
        """Return the keys of the column that names the items and of the one with their values.

        Raises
        ------
        DataError
            When there are no rows, or neither `x` nor `y` holds texts.
        """
        figure = self.figure
        if not self.grid.rows:
            raise DataError("there is nothing to draw", f"figure '{figure.title}'")
        if self.is_text(figure.y):
            return figure.y, figure.x
        if self.is_text(figure.x):
            return figure.x, figure.y
        raise DataError(
            "neither axis names the items",
            f"figure '{figure.title}'",
            f"the kind {figure.kind} needs a column of texts on x or y",
        )


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:g}"
    return readable(cell)
