"""Arrays with labels and a unit: aligned by label, never by position."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tumen.core.errors import DataError
from tumen.core.nearest import did_you_mean


@dataclass(frozen=True)
class Axis:
    """An ordered set of distinct labels, e.g. the importers of a table.

    Raises
    ------
    DataError
        When a label stands twice or there is none.
    """

    name: str
    labels: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.labels:
            raise DataError(f"axis '{self.name}' has no labels", hint="give one label or more")
        if len(set(self.labels)) != len(self.labels):
            twice = sorted({label for label in self.labels if self.labels.count(label) > 1})
            what = f"axis '{self.name}' names {', '.join(twice)} twice"
            raise DataError(what, hint="join the two, or give them different labels")

    def __len__(self) -> int:
        return len(self.labels)

    def __iter__(self) -> Iterator[str]:
        return iter(self.labels)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {label: place for place, label in enumerate(self.labels)}

    def place(self, label: str) -> int:
        """Return the position of a label.

        Raises
        ------
        DataError
            When there is no such label; the hint names the nearest.
        """
        try:
            return self._places[label]
        except KeyError:
            raise DataError(
                f"'{label}' is no label of axis '{self.name}'",
                hint=did_you_mean(label, self.labels),
            ) from None

    def places(self, labels: Iterable[str]) -> NDArray[np.intp]:
        """Return the positions of several labels."""
        return np.array([self.place(label) for label in labels], dtype=np.intp)


@dataclass(frozen=True, eq=False)
class Table:
    """An array whose axes carry labels and whose values carry a unit.

    Attributes
    ----------
    values
        Read-only array of float64 with one dimension per axis.
    axes
        Axes in the order of the dimensions.
    unit
        Code of the unit.

    Examples
    --------
    >>> axis = Axis("importer", ("CHN", "RUS"))
    >>> Table(np.array([1182.8, 0.0]), (axis,), "MUSD").at(importer="CHN")
    1182.8
    """

    values: NDArray[np.float64]
    axes: tuple[Axis, ...]
    unit: str

    def __post_init__(self) -> None:
        values = np.array(self.values, dtype=np.float64)
        shape = tuple(len(axis) for axis in self.axes)
        if values.shape != shape:
            names = ", ".join(axis.name for axis in self.axes)
            raise DataError(f"array of shape {values.shape} does not fit axes ({names}) {shape}")
        values.setflags(write=False)
        object.__setattr__(self, "values", values)

    def axis(self, name: str) -> Axis:
        """Return the axis with this name."""
        return self.axes[self._dimension(name)]

    def at(self, **labels: str) -> float:
        """Return one cell, named by a label on every axis."""
        if set(labels) != {axis.name for axis in self.axes}:
            raise DataError(
                f"name a label for each of: {', '.join(axis.name for axis in self.axes)}"
            )
        return float(self.values[tuple(axis.place(labels[axis.name]) for axis in self.axes)])

    def sum_over(self, name: str) -> Table:
        """Return the table summed over one axis."""
        dimension = self._dimension(name)
        axes = (*self.axes[:dimension], *self.axes[dimension + 1 :])
        return Table(self.values.sum(axis=dimension), axes, self.unit)

    def _dimension(self, name: str) -> int:
        names = [axis.name for axis in self.axes]
        if name not in names:
            raise DataError(f"the table has no axis '{name}'", hint=did_you_mean(name, names))
        return names.index(name)
