"""Lines over time with dated events and, when there is one, a band."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from tumen.brief.palette import (
    FONT_SIZE,
    LINE_HEIGHT,
    QUIET,
    SERIES,
    Plain,
    axis_format,
    nice_domain,
    text_width,
    ticks,
    unit_label,
    wrapped,
)
from tumen.brief.roles import Roles
from tumen.core.errors import DataError
from tumen.core.finding import EventRule, Figure, Grid
from tumen.core.periods import Period, period

HEIGHT = 230
AXIS_ROOM = 46
NARROW = 450
_MOST_DOTS = 16


@dataclass(frozen=True)
class Plot:
    """The inner frame in px, its domain of values and its span of days."""

    width: float
    height: float
    domain: tuple[float, float, float]
    first: date
    last: date

    def x(self, at: date) -> float:
        """Return the place of a day."""
        return self.width * (at - self.first).days / max(1, (self.last - self.first).days)

    def y(self, value: float) -> float:
        """Return the place of a value, from the top."""
        low, high, _ = self.domain
        return self.height * (1 - (value - low) / (high - low))


def series(figure: Figure, grid: Grid, width: int) -> Plain:
    """Return lines of `y` over the periods of `x`, one for each `group`, with direct labels."""
    roles = Roles(figure, grid)
    periods = [_period(text, figure) for text in roles.texts(figure.x)]
    if not periods:
        raise DataError("there is nothing to draw", f"figure '{figure.title}'")
    values = roles.numbers(figure.y)
    lows, highs = roles.numbers(figure.low), roles.numbers(figure.high)
    groups = list(dict.fromkeys(roles.texts(figure.group)))
    is_narrow = width < NARROW
    margin = 0.0 if is_narrow or len(groups) < 2 else _label_room(groups)
    plot = _plot(width - margin - AXIS_ROOM, periods, [*values, *lows, *highs], figure.rules)
    data = [
        {"at": at.start.isoformat(), "group": group, "value": value, "low": low, "high": high}
        for at, group, value, low, high in zip(
            periods, roles.texts(figure.group), values, lows, highs, strict=True
        )
    ]
    rules, above = event_rules(figure.rules, plot)
    layers = [*rules, *(_band(groups) if figure.low else []), *_lines(data, groups)]
    head = unit_label(roles.title(figure.y), roles.unit(figure.y))
    if is_narrow and len(groups) > 1:
        key, room = _key(groups, plot.width, above)
        layers += key
        above += room
    elif margin:
        layers += _end_labels(data, groups, plot, margin)
    return {
        "title": {"text": head, "offset": 8 + above},
        "width": plot.width,
        "height": plot.height,
        "data": {"values": data},
        "encoding": {
            "x": _time_axis(periods, plot),
            "y": {
                "field": "value",
                "type": "quantitative",
                "title": None,
                "scale": {"domain": [plot.domain[0], plot.domain[1]], "nice": False},
                "axis": {
                    "values": ticks(plot.domain),
                    "format": axis_format(roles.unit(figure.y)),
                    "ticks": False,
                },
            },
        },
        "layer": layers,
    }


def event_rules(rules: tuple[EventRule, ...], plot: Plot) -> tuple[list[Plain], float]:
    """Return dated lines with labels that do not cover each other, and the room above the plot."""
    layers: list[Plain] = []
    taken: list[list[tuple[float, float]]] = []
    for rule in sorted(rules, key=lambda one: _day(one.at)):
        place = plot.x(_day(rule.at))
        room = max(plot.width - place, place) - 8
        lines = wrapped(rule.label, min(150.0, room), most=3)
        extent = max(text_width(line) for line in lines) * 0.95 + 8
        to_left = place + extent > plot.width and place - extent >= -AXIS_ROOM
        start, end = (place - extent, place) if to_left else (place, place + extent)
        level = _free_level(taken, start, end, len(lines))
        top = -4 - LINE_HEIGHT * 0.9 * (level + len(lines)) + 6
        layers += _event(place, lines, top, to_left, plot.height)
    return layers, LINE_HEIGHT * 0.9 * len(taken)


def _free_level(taken: list[list[tuple[float, float]]], start: float, end: float, n: int) -> int:
    """Take the lowest rows above the plot in which a label has room."""
    level = 0
    while True:
        while len(taken) < level + n:
            taken.append([])
        rows = taken[level : level + n]
        if all(end <= left or start >= right for row in rows for left, right in row):
            for row in rows:
                row.append((start, end))
            # The line rises through every row below its label.
            for row in taken[:level]:
                row.append((start, start + 2))
            return level
        level += 1


def _event(place: float, lines: list[str], top: float, to_left: bool, height: float) -> list[Plain]:
    here: Plain = {"values": [{}]}
    return [
        {
            "data": here,
            "mark": {"type": "rule", "color": QUIET, "strokeDash": [3, 2], "strokeWidth": 1},
            "encoding": {
                "x": {"value": place},
                "x2": {"value": place},
                "y": {"value": top - 4},
                "y2": {"value": height},
            },
        },
        {
            "data": here,
            "mark": {
                "type": "text",
                "text": lines,
                "align": "right" if to_left else "left",
                "baseline": "top",
                "dx": -4 if to_left else 4,
                "fontSize": FONT_SIZE - 1,
                "lineHeight": LINE_HEIGHT * 0.9,
                "color": QUIET,
            },
            "encoding": {"x": {"value": place}, "y": {"value": top - 5}},
        },
    ]


def _plot(
    width: float,
    periods: list[Period],
    values: list[float | None],
    rules: tuple[EventRule, ...],
) -> Plot:
    known = [value for value in values if value is not None]
    domain = nice_domain(min(known, default=0.0), max(known, default=1.0))
    days = [one.start for one in periods] + [_day(rule.at) for rule in rules]
    first, last = min(days), max(days)
    return Plot(width, HEIGHT, domain, first, last if last > first else first + timedelta(days=1))


def _period(text: str, figure: Figure) -> Period:
    try:
        return period(text)
    except DataError:
        raise DataError(
            f"'{text}' is no period", f"figure '{figure.title}': column {figure.x}"
        ) from None


def _day(text: str) -> date:
    return period(text).start


def _time_axis(periods: list[Period], plot: Plot) -> Plain:
    is_yearly = all(one.days >= 365 for one in periods)
    starts = sorted({one.start for one in periods})
    axis: Plain = {"grid": False, "labelFlush": False, "domain": True, "domainColor": QUIET}
    if is_yearly or (plot.last - plot.first).days > 6 * 365:
        years = sorted({start.year for start in starts})
        step = max(1, round(len(years) * 34 / plot.width + 0.49))
        kept = [year for year in years if (years[-1] - year) % step == 0]
        axis |= {"values": [f"{year}-01-01" for year in kept], "format": "%Y"}
    else:
        axis |= {
            "tickCount": max(3, int(plot.width / 55)),
            "labelExpr": "utcmonth(datum.value) == 0 ? utcFormat(datum.value, '%Y') "
            ": utcFormat(datum.value, '%b')",
        }
    return {
        "field": "at",
        "type": "temporal",
        "title": None,
        "scale": {"type": "utc", "domain": [plot.first.isoformat(), plot.last.isoformat()]},
        "axis": axis,
    }


def _colour(groups: list[str]) -> Plain:
    colours = [SERIES[place % len(SERIES)] for place in range(len(groups))]
    return {
        "field": "group",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": groups, "range": colours},
    }


def _lines(data: list[Plain], groups: list[str]) -> list[Plain]:
    counts = [sum(row["group"] == group for row in data) for group in groups]
    mark: Plain = {"type": "line", "strokeWidth": 2.2, "invalid": "break-paths-show-path-domains"}
    if max(counts) <= _MOST_DOTS:
        mark["point"] = {"filled": True, "size": 26, "opacity": 1}
    return [{"mark": mark, "encoding": {"color": _colour(groups)}}]


def _band(groups: list[str]) -> list[Plain]:
    return [
        {
            "mark": {"type": "area", "opacity": 0.18, "line": False},
            "encoding": {
                "y": {"field": "low", "type": "quantitative"},
                "y2": {"field": "high"},
                "color": _colour(groups),
            },
        }
    ]


def _label_room(groups: list[str]) -> float:
    widest = max(text_width(line) for group in groups for line in wrapped(group, 110))
    return min(120.0, widest + 14)


def _end_labels(data: list[Plain], groups: list[str], plot: Plot, room: float) -> list[Plain]:
    """Return a label at the end of each line, pushed apart where lines end close together."""
    lasts = {row["group"]: row for row in data if row["value"] is not None}
    placed: list[tuple[float, list[str], str]] = []
    for group in sorted(lasts, key=lambda one: -lasts[one]["value"]):
        lines = wrapped(group, room - 12)
        placed.append((plot.y(lasts[group]["value"]), lines, group))
    tops = spread([(y, len(lines) * LINE_HEIGHT) for y, lines, _ in placed], plot.height)
    return [
        {
            "data": {"values": [{}]},
            "mark": {
                "type": "text",
                "text": lines,
                "align": "left",
                "baseline": "middle",
                "dy": -(len(lines) - 1) * LINE_HEIGHT / 2,
                "lineHeight": LINE_HEIGHT,
                "fontWeight": 600,
                "color": SERIES[groups.index(group) % len(SERIES)],
            },
            "encoding": {
                "x": {"value": plot.width + 9},
                "y": {"value": top},
            },
        }
        for top, (_, lines, group) in zip(tops, placed, strict=True)
    ]


def spread(wanted: list[tuple[float, float]], height: float) -> list[float]:
    """Push labels apart along one axis.

    Parameters
    ----------
    wanted
        Middle and size of each label, from top to bottom.
    height
        End of the axis; labels are pushed back from it.

    Examples
    --------
    >>> spread([(50.0, 14.0), (52.0, 14.0)], 100.0)
    [50.0, 64.0]
    """
    middles: list[float] = []
    floor = float("-inf")
    for middle, size in wanted:
        middles.append(max(middle, floor + size / 2))
        floor = middles[-1] + size / 2
    ceiling = height + 8.0
    for place in range(len(middles) - 1, -1, -1):
        size = wanted[place][1]
        middles[place] = min(middles[place], ceiling - size / 2)
        ceiling = middles[place] - size / 2
    return middles


def _key(groups: list[str], width: float, above: float) -> tuple[list[Plain], float]:
    """Return coloured words above the plot, for a page too narrow for labels at the lines."""
    layers: list[Plain] = []
    rows: list[tuple[str, str]] = []
    for place, group in enumerate(groups):
        colour = SERIES[place % len(SERIES)]
        rows += [(line, colour) for line in wrapped(f"— {group}", width, most=2)]
    for place, (line, colour) in enumerate(rows):
        top = -above - 8 - LINE_HEIGHT * (len(rows) - place - 1)
        layers.append(
            {
                "data": {"values": [{}]},
                "mark": {
                    "type": "text",
                    "text": line,
                    "align": "left",
                    "baseline": "bottom",
                    "fontWeight": 600,
                    "color": colour,
                },
                "encoding": {"x": {"value": 0}, "y": {"value": top}},
            }
        )
    return layers, LINE_HEIGHT * len(rows) + 4
