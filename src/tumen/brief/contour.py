"""The line along which a field over two axes has a given value (marching squares)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple


class Segment(NamedTuple):
    """A piece of the line."""

    x1: float
    y1: float
    x2: float
    y2: float


Point = tuple[float, float]


def crossings(field: Mapping[Point, float], level: float) -> list[Segment]:
    """Return the pieces of the line at which a field crosses a level.

    Inside each square of four neighbours the field is taken as linear along the sides; in a
    saddle the mean of the corners decides.

    Parameters
    ----------
    field
        Value at each point ``(x, y)``; a square with an unknown corner is left out.
    level
        The value of the line.

    Examples
    --------
    >>> crossings({(0, 0): 0.0, (1, 0): 1.0, (0, 1): 0.0, (1, 1): 1.0}, 0.5)
    [Segment(x1=0.5, y1=0.0, x2=0.5, y2=1.0)]
    """
    xs = sorted({x for x, _ in field})
    ys = sorted({y for _, y in field})
    found: list[Segment] = []
    for left, right in pairwise(xs):
        for low, high in pairwise(ys):
            corners = [(left, low), (right, low), (right, high), (left, high)]
            if all(corner in field for corner in corners):
                found += _in_square(corners, [field[corner] for corner in corners], level)
    return found


def _in_square(corners: list[Point], values: list[float], level: float) -> list[Segment]:
    cuts: list[Point] = []
    for place in range(4):
        start, end = values[place], values[(place + 1) % 4]
        if (start < level) == (end < level):
            continue
        share = (level - start) / (end - start)
        (x1, y1), (x2, y2) = corners[place], corners[(place + 1) % 4]
        cuts.append((x1 + share * (x2 - x1), y1 + share * (y2 - y1)))
    if len(cuts) == 2:
        return [Segment(*cuts[0], *cuts[1])]
    if len(cuts) == 4:
        is_joined = (sum(values) / 4 < level) == (values[0] < level)
        pairs = ((0, 1), (2, 3)) if is_joined else ((3, 0), (1, 2))
        return [Segment(*cuts[first], *cuts[second]) for first, second in pairs]
    return []
