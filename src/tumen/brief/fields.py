"""Charts over a plane: a field of values over two axes, and categories over items and months."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from tumen.brief.contour import Segment, crossings
from tumen.brief.palette import (
    ACCENT,
    FONT_SIZE,
    HAIRLINE,
    INK,
    LINE_HEIGHT,
    QUIET,
    SECOND,
    SERIES,
    Plain,
    axis_format,
    many_words,
    nice_domain,
    text_width,
    ticks,
    unit_label,
    value_text,
    words,
    wrapped,
)
from tumen.brief.roles import Roles
from tumen.brief.series import NARROW, Plot, event_rules
from tumen.core.errors import DataError
from tumen.core.finding import Figure, Grid
from tumen.core.periods import period

_LOW, _MIDDLE, _HIGH = "#c4662a", "#f6f2ea", "#17496b"

_MEANINGS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("breach", "recorded while", "recorded although", "despite"), SECOND),
    (("undetermined", "unknown", "no data", "not published", "blackout"), "#ffffff"),
    (("wind-down", "wind down", "transition"), "#5b9bc4"),
    (("condition", "cap", "licence", "unless", "exempt", "exposed"), "#a9c6da"),
    (("prohibited", "banned", "ban", "forbidden"), ACCENT),
    (("permitted", "free", "allowed", "no rule", "lawful"), "#e8e1d2"),
    (("does not bind",), "#cfc8ba"),
)
"""Words of a category and its colour, the first that fits."""


def heatmap(figure: Figure, grid: Grid, width: int) -> Plain:
    """Return a field over two numeric axes, with a line at `level` and a band over `span`."""
    roles = Roles(figure, grid)
    xs, ys = roles.numbers(figure.x), roles.numbers(figure.y)
    if not figure.group:
        raise DataError("no column holds the values", f"figure '{figure.title}'")
    is_text = roles.is_text(figure.group)
    across, down = _axis(xs, figure.x, figure), _axis(ys, figure.y, figure)
    plot_width = min(width - 64, 520)
    height = min(250.0, plot_width * 0.7)
    values: list[Plain] = []
    labels, numbers = roles.texts(figure.group), [] if is_text else roles.numbers(figure.group)
    for place, (x, y) in enumerate(zip(xs, ys, strict=True)):
        assert x is not None
        assert y is not None
        (x1, x2), (y1, y2) = across[x], down[y]
        values.append({
            "x1": x1, "x2": x2, "y1": y1, "y2": y2,
            "value": labels[place] if is_text else numbers[place],
        })  # fmt: skip
    layers: list[Plain] = [
        {
            "data": {"values": values},
            "mark": {"type": "rect", "stroke": None, "invalid": "filter"},
            "encoding": {
                "x": _edge("x1", across, roles, figure.x),
                "x2": {"field": "x2"},
                "y": _edge("y1", down, roles, figure.y),
                "y2": {"field": "y2"},
                "color": _colours(roles, labels if is_text else [], numbers),
            },
        }
    ]
    if not is_text:
        layers += _contour(figure, xs, ys, numbers, roles.unit(figure.group))
    marks = _marks_on_x(figure, height, plot_width, across)
    title = unit_label(roles.title(figure.y), roles.unit(figure.y))
    return {
        "title": {"text": f"↑ {title}", "offset": 8},
        "width": plot_width,
        "height": height,
        "layer": [*layers, *marks],
    }


_Edges = dict[float, tuple[float, float]]


def _axis(values: list[float | None], key: str, figure: Figure) -> _Edges:
    """Return the edges of the cell around each value of an axis."""
    if any(value is None for value in values):
        raise DataError("an axis has an unknown value", f"figure '{figure.title}': column {key}")
    marks = sorted({value for value in values if value is not None})
    if len(marks) < 2:
        return {mark: (mark - 0.5, mark + 0.5) for mark in marks}
    halves = [(left + right) / 2 for left, right in pairwise(marks)]
    lower = [marks[0] - (halves[0] - marks[0]), *halves]
    upper = [*halves, marks[-1] + (marks[-1] - halves[-1])]
    return dict(zip(marks, zip(lower, upper, strict=True), strict=True))


def _edge(field: str, edges: _Edges, roles: Roles, key: str) -> Plain:
    unit = roles.unit(key)
    marks = sorted(edges)
    low, high = edges[marks[0]][0], edges[marks[-1]][1]
    first, last, step = nice_domain(low, high, from_zero=False)
    title = unit_label(roles.title(key), unit) + " →" if field == "x1" else None
    return {
        "field": field,
        "type": "quantitative",
        "title": title,
        "scale": {
            "domain": [low, high],
            "nice": False,
            "zero": False,
        },
        "axis": {
            "format": axis_format(unit, step),
            "values": [tick for tick in ticks((first, last, step)) if low <= tick <= high],
            "grid": False,
            "zindex": 1,
        },
    }


def _colours(roles: Roles, labels: list[str], numbers: list[float | None]) -> Plain:
    figure = roles.figure
    column = roles.column(figure.group)
    if labels:
        kinds = list(dict.fromkeys(label for label in labels if label))
        scale: Plain = {"domain": kinds, "range": colours_of(kinds)}
        return {
            "field": "value",
            "type": "nominal",
            "title": None,
            "scale": scale,
            "legend": _legend(kinds),
        }
    known = [number for number in numbers if number is not None]
    low, high = min(known, default=0.0), max(known, default=1.0)
    scale = {"domain": [low, (low + high) / 2, high], "range": [_MIDDLE, "#9dbdd2", _HIGH]}
    if low == high:
        high = low + 1.0
    if figure.level is not None and low < figure.level < high:
        scale = _diverging(low, figure.level, high)
    return {
        "field": "value",
        "type": "quantitative",
        "title": unit_label(column.title, column.unit),
        "scale": scale,
        "legend": {
            "orient": "bottom",
            "direction": "horizontal",
            "gradientLength": 180,
            "gradientThickness": 9,
            "format": axis_format(column.unit, nice_domain(low, high)[2]),
            "titleLimit": 400,
        },
    }


def _diverging(low: float, level: float, high: float) -> Plain:
    """Return a scale with its neutral colour at the level; rgb steps stay clear of green."""
    domain = [low, (low + level) / 2, level, (level + high) / 2, high]
    return {
        "interpolate": "rgb",
        "domain": domain,
        "range": [_LOW, "#e2b18c", _MIDDLE, "#9dbdd2", _HIGH],
    }


def _contour(
    figure: Figure,
    xs: list[float | None],
    ys: list[float | None],
    numbers: list[float | None],
    unit: str,
) -> list[Plain]:
    if figure.level is None:
        return []
    field = {
        (x, y): number
        for x, y, number in zip(xs, ys, numbers, strict=True)
        if x is not None and y is not None and number is not None
    }
    segments = crossings(field, figure.level)
    if not segments:
        return []
    label = value_text(figure.level, unit)
    middle = sorted(segment.x1 for segment in segments)[len(segments) // 2]
    central = min(segments, key=lambda segment: abs(segment.x1 - middle))
    return [
        {
            "data": {"values": [segment._asdict() for segment in segments]},
            "mark": {"type": "rule", "strokeWidth": 2.4, "color": INK, "strokeCap": "round"},
            "encoding": {
                "x": {"field": "x1", "type": "quantitative"},
                "x2": {"field": "x2"},
                "y": {"field": "y1", "type": "quantitative"},
                "y2": {"field": "y2"},
            },
        },
        *[_contour_word(label, central, halo=halo) for halo in (True, False)],
    ]


def _contour_word(label: str, at: Segment, *, halo: bool) -> Plain:
    outline: Plain = {"stroke": _MIDDLE, "strokeWidth": 4} if halo else {}
    return words(
        label,
        x={"datum": at.x1},
        y={"datum": at.y1},
        fontWeight=600,
        dx=9,
        dy=12,
        align="left",
        color=INK,
        **outline,
    )


def _marks_on_x(figure: Figure, height: float, width: float, edges: _Edges) -> list[Plain]:
    """Return the marked values of x and the sourced range, with words in rows above the plot."""
    left = min(edge for edge, _ in edges.values())
    right = max(edge for _, edge in edges.values())
    marks = [
        (_number(rule.at, figure), rule.label, [_number(rule.at, figure)]) for rule in figure.rules
    ]
    if figure.span is not None:
        low, high = figure.span
        marks.append(((low + high) / 2, figure.span_label, [low, high]))
    layers: list[Plain] = []
    ends: list[float] = []
    for middle, label, places in sorted(marks):
        half = text_width(label) * 0.5
        centre = width * (middle - left) / (right - left)
        centre = min(max(centre, half - 40), width - half)
        row = next((n for n, end in enumerate(ends) if centre - half > end + 8), len(ends))
        ends[row : row + 1] = [centre + half]
        top = -6 - LINE_HEIGHT * row
        layers += [_upright(place, top if len(places) == 1 else 0.0, height, len(places) > 1)
                   for place in places]  # fmt: skip
        layers.append(_above(label, centre, top))
    return layers


def _number(text: str, figure: Figure) -> float:
    try:
        return float(text)
    except ValueError:
        raise DataError(
            f"'{text}' is no value of the axis", f"figure '{figure.title}': rules"
        ) from None


def _upright(at: float, top: float, height: float, is_dashed: bool) -> Plain:
    dash: Plain = {"strokeDash": [4, 3]} if is_dashed else {}
    return {
        "data": {"values": [{}]},
        "mark": {"type": "rule", "color": INK, "strokeWidth": 1.3, **dash},
        "encoding": {"x": {"datum": at}, "y": {"value": top + 4}, "y2": {"value": height}},
    }


def _above(text: str, at: float, top: float) -> Plain:
    return words(
        text,
        x={"value": at},
        y={"value": top},
        baseline="bottom",
        fontSize=FONT_SIZE - 1,
        color=INK,
    )


def colours_of(kinds: list[str]) -> list[str]:
    """Return a colour for each category: by its meaning where a word tells it, else in order."""
    spare = [colour for colour in SERIES if colour != ACCENT]
    found: list[str] = []
    for kind in kinds:
        folded = kind.casefold()
        match = next(
            (colour for parts, colour in _MEANINGS if any(part in folded for part in parts)), ""
        )
        while not match or match in found:
            match = spare.pop(0) if spare else "#b4ada0"
            if not spare:
                break
        found.append(match)
    return found


def _legend(kinds: list[str]) -> Plain:
    return {
        "orient": "bottom",
        "columns": 2 if max(map(len, kinds), default=0) > 24 else 4,
        "labelLimit": 260,
        "symbolType": "square",
        "symbolStrokeColor": QUIET,
        "symbolStrokeWidth": 0.6,
    }


def strip(figure: Figure, grid: Grid, width: int) -> Plain:
    """Return a tile for each item and month (or year), coloured by its category."""
    roles = Roles(figure, grid)
    if not figure.group:
        raise DataError("no column holds the categories", f"figure '{figure.title}'")
    items = list(dict.fromkeys(roles.texts(figure.y)))
    spans = [period(text) for text in roles.texts(figure.x)]
    if not spans:
        raise DataError("there is nothing to draw", f"figure '{figure.title}'")
    is_narrow = width < NARROW
    room = 0.0 if is_narrow else min(width * 0.34, max(map(text_width, items)) + 6)
    inner = width - room - 16
    tall = 20.0
    names, tops, top = [], {}, 0.0
    for item in items:
        lines = wrapped(item, inner if is_narrow else room, most=3)
        text_height = len(lines) * LINE_HEIGHT
        lead = text_height + 2 if is_narrow else max(0.0, text_height - tall + 4) / 2
        tops[item] = top + lead
        place = top if is_narrow else top + lead + (tall - text_height) / 2
        names.append((lines, place + 1))
        top += lead + tall + (6 if is_narrow else 4 + lead)
    first, last = min(span.start for span in spans), max(span.end for span in spans)
    plot = Plot(inner, top, (0.0, 1.0, 1.0), first, last)
    kinds = list(dict.fromkeys(roles.texts(figure.group)))
    tiles = [
        {
            "x1": plot.x(span.start) + 0.6,
            "x2": plot.x(span.end) - 0.6,
            "y1": tops[item],
            "y2": tops[item] + tall,
            "kind": kind,
        }
        for span, item, kind in zip(
            spans, roles.texts(figure.y), roles.texts(figure.group), strict=True
        )
    ]
    rules, _ = event_rules(figure.rules, plot)
    labels = many_words(
        names,
        x=0 if is_narrow else -8,
        align="left" if is_narrow else "right",
        baseline="top",
        lineHeight=LINE_HEIGHT,
    )
    return {
        "width": inner,
        "height": top,
        "layer": [_tiles(tiles, kinds), labels, *rules, *_years(plot)],
    }


def _tiles(tiles: list[Plain], kinds: list[str]) -> Plain:
    raw: Plain = {"type": "quantitative", "scale": None, "axis": None}
    return {
        "data": {"values": tiles},
        "mark": {"type": "rect", "stroke": HAIRLINE, "strokeWidth": 0.5},
        "encoding": {
            "x": {"field": "x1", **raw},
            "x2": {"field": "x2"},
            "y": {"field": "y1", **raw},
            "y2": {"field": "y2"},
            "color": {
                "field": "kind",
                "type": "nominal",
                "title": None,
                "scale": {"domain": kinds, "range": colours_of(kinds)},
                "legend": _legend(kinds),
            },
        },
    }


def _years(plot: Plot) -> list[Plain]:
    """Return a tick and a number below the tiles at the start of each year."""
    layers: list[Plain] = []
    years = range(plot.first.year, plot.last.year + 1)
    for year in years:
        start = max(plot.first, date(year, 1, 1))
        if start >= plot.last or plot.width - plot.x(start) < 18:
            continue
        place = plot.x(start)
        here: Plain = {"values": [{}]}
        layers += [
            {
                "data": here,
                "mark": {"type": "rule", "color": QUIET, "strokeWidth": 0.8},
                "encoding": {
                    "x": {"value": place},
                    "y": {"value": plot.height},
                    "y2": {"value": plot.height + 5},
                },
            },
            words(
                str(year),
                x={"value": place},
                y={"value": plot.height + 1},
                align="left",
                baseline="top",
                dx=3,
                color=QUIET,
                fontSize=FONT_SIZE - 0.5,
            ),
        ]
    return layers
