"""Lines over time with dated events and, when there is one, a band."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise, product

from tumen.brief.palette import (
    FONT_SIZE,
    LINE_HEIGHT,
    PAPER,
    QUIET,
    SERIES,
    Plain,
    axis_format,
    nice_domain,
    text_width,
    ticks,
    unit_label,
    words,
    wrapped,
)
from tumen.brief.roles import Roles
from tumen.core.errors import DataError
from tumen.core.finding import EventRule, Figure, Grid
from tumen.core.periods import Period, period

HEIGHT, LOW_HEIGHT = 210, 170
"""Height of the plot on a page and in half of its width, in px."""
AXIS_ROOM = 46
NARROW = 450
_MOST_DOTS = 16
_MOST_TURNED = 6
"""So many events at most are tried on both sides of their lines."""
_EVENT_LINE = LINE_HEIGHT * 0.9


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
        {"at": _middle(at).isoformat(), "group": group, "value": value, "low": low, "high": high}
        for at, group, value, low, high in zip(
            periods, roles.texts(figure.group), values, lows, highs, strict=True
        )
    ]
    gaps = _gaps(periods, roles.texts(figure.group))
    rules, above = event_rules(figure.rules, plot)
    layers = [
        *rules,
        *(_band(groups) if figure.low else []),
        *_lines(data, groups, has_gaps=bool(gaps)),
    ]
    head = unit_label(roles.title(figure.y), roles.unit(figure.y))
    if is_narrow and len(groups) > 1:
        key, room = _key(groups, plot.width, above)
        layers += key
        above += room
    elif margin:
        layers += _end_labels(data, groups, plot, margin)
    return {
        "title": {"text": head, "offset": 8},
        "width": plot.width,
        "height": plot.height,
        "data": {"values": [*data, *gaps]},
        "encoding": {
            "x": _time_axis(periods, plot),
            "y": {
                "field": "value",
                "type": "quantitative",
                "title": None,
                "scale": {"domain": [plot.domain[0], plot.domain[1]], "nice": False},
                "axis": {
                    "values": ticks(plot.domain),
                    "format": axis_format(roles.unit(figure.y), plot.domain[2]),
                    "ticks": False,
                },
            },
        },
        "layer": layers,
    }


def event_rules(rules: tuple[EventRule, ...], plot: Plot) -> tuple[list[Plain], float]:
    """Return dated lines with labels that do not cover each other, and the room above the plot.

    Each label stands right or left of its line; the sides are chosen by which the fewest words
    are struck by another's line.
    """
    sides = [_Label.sides(rule, plot) for rule in rules]
    if len(rules) > _MOST_TURNED:
        sides = [options[:1] for options in sides]
    placed = min(
        (_Labels.stacked(labels) for labels in product(*sides)),
        key=lambda labels: (labels.struck, labels.height),
    )
    layers: list[Plain] = []
    for label, level in placed.levels:
        top = -_EVENT_LINE * (level + len(label.lines)) - 2
        layers += [_event_line(label, top, plot.height), *_event_words(label, top)]
    return layers, _EVENT_LINE * placed.height


@dataclass(frozen=True)
class _Label:
    """A dated line's words: where the line stands and how far the words reach."""

    place: float
    lines: list[str]
    start: float
    end: float

    @property
    def is_flipped(self) -> bool:
        return self.start < self.place

    @classmethod
    def sides(cls, rule: EventRule, plot: Plot) -> list[_Label]:
        """Return the label right of its line and left of it, as far as there is room."""
        place = plot.x(_day(rule.at))
        lines = wrapped(rule.label, min(170.0, max(plot.width - place, place) - 8), most=3)
        extent = max(text_width(line) for line in lines) * 0.95 + 10
        right, left = (
            cls(place, lines, place, place + extent),
            cls(place, lines, place - extent, place),
        )
        if place - extent < -AXIS_ROOM:
            return [right]
        return [left] if place + extent > plot.width + 6 else [right, left]


@dataclass(frozen=True)
class _Labels:
    """Labels with the row of each above the plot, and how many are struck by another's line."""

    levels: list[tuple[_Label, int]]
    height: int
    struck: int

    @classmethod
    def stacked(cls, labels: Sequence[_Label]) -> _Labels:
        """Give each label the lowest rows in which it has room and, if it can be, its line a way.

        Labels right of their lines come first, from the right, then those left of their lines,
        from the left: a label then lies above the lines that it passes.
        """
        taken: list[list[tuple[float, float]]] = []
        levels: list[tuple[_Label, int]] = []
        struck = 0
        for label in sorted(
            labels, key=lambda one: (one.is_flipped, one.place if one.is_flipped else -one.place)
        ):
            level, has_way = _free_level(taken, label)
            levels.append((label, level))
            struck += not has_way
        return cls(levels, len(taken), struck)


def _free_level(taken: list[list[tuple[float, float]]], label: _Label) -> tuple[int, bool]:
    """Take the lowest free rows above the plot, and say whether the line has a way up to them."""
    size = len(label.lines)
    found, found_way = len(taken), False
    for level in range(len(taken), -1, -1):
        rows, below = taken[level : level + size], taken[:level]
        has_room = all(
            label.end <= left or label.start >= right for row in rows for left, right in row
        )
        has_way = all(
            label.place <= left or label.place >= right for row in below for left, right in row
        )
        if has_room and has_way >= found_way:
            found, found_way = level, has_way
    while len(taken) < found + size:
        taken.append([])
    for row in taken[found : found + size]:
        row.append((label.start, label.end))
    for row in taken[:found]:
        row.append((label.place - 1, label.place + 1))
    return found, found_way


def _event_line(label: _Label, top: float, height: float) -> Plain:
    return {
        "data": {"values": [{}]},
        "mark": {"type": "rule", "color": QUIET, "strokeDash": [3, 2], "strokeWidth": 1},
        "encoding": {
            "x": {"value": label.place},
            "x2": {"value": label.place},
            "y": {"value": top},
            "y2": {"value": height},
        },
    }


def _event_words(label: _Label, top: float) -> list[Plain]:
    """Return the words twice: a ground in the paper's colour, then the ink."""
    mark: Plain = {
        "align": "right" if label.is_flipped else "left",
        "baseline": "top",
        "dx": -4 if label.is_flipped else 4,
        "fontSize": FONT_SIZE - 1,
        "lineHeight": _EVENT_LINE,
    }
    place: Plain = {"x": {"value": label.place}, "y": {"value": top}}
    return [
        words(label.lines, **place, **mark, color=PAPER, stroke=PAPER, strokeWidth=4),
        words(label.lines, **place, **mark, color=QUIET),
    ]


def _plot(
    width: float,
    periods: list[Period],
    values: list[float | None],
    rules: tuple[EventRule, ...],
) -> Plot:
    known = [value for value in values if value is not None]
    domain = nice_domain(min(known, default=0.0), max(known, default=1.0))
    days = [_day(rule.at) for rule in rules]
    first = min([*(one.start for one in periods), *days])
    last = max([*(one.end for one in periods), *days])
    return Plot(width, LOW_HEIGHT if width < NARROW else HEIGHT, domain, first, last)


def _period(text: str, figure: Figure) -> Period:
    try:
        return period(text)
    except DataError:
        raise DataError(
            f"'{text}' is no period", f"figure '{figure.title}': column {figure.x}"
        ) from None


def _day(text: str) -> date:
    return period(text).start


def _middle(span: Period) -> date:
    """Return the middle day: a sum over a period belongs to no single day."""
    return span.start + timedelta(days=span.days // 2)


def _time_axis(periods: list[Period], plot: Plot) -> Plain:
    spans = sorted(set(periods))
    is_yearly = all(span.days >= 365 for span in spans)
    axis: Plain = {"grid": False, "domain": True, "domainColor": QUIET, "labelFlush": False}
    if is_yearly:
        axis |= {"values": _thinned(spans, plot, 36), "format": "%Y"}
    elif (plot.last - plot.first).days > 3 * 365:
        years = range(plot.first.year, plot.last.year + 1)
        starts = [date(year, 1, 1) for year in years if plot.first <= date(year, 1, 1) < plot.last]
        axis |= {"values": [start.isoformat() for start in starts], "format": "%Y"}
    else:
        values = _thinned(spans, plot, 30)
        first = values[0]
        axis |= {
            "values": values,
            "labelExpr": "utcFormat(datum.value, '%Y-%m-%d') == "
            f"'{first}' || utcmonth(datum.value) == 0 "
            "? [utcFormat(datum.value, '%b'), utcFormat(datum.value, '%Y')] "
            ": utcFormat(datum.value, '%b')",
        }
    return {
        "field": "at",
        "type": "temporal",
        "title": None,
        "scale": {"type": "utc", "domain": [plot.first.isoformat(), plot.last.isoformat()]},
        "axis": axis,
    }


def _thinned(spans: list[Period], plot: Plot, room: float) -> list[str]:
    """Return the middles of as many periods as have room for their names; January stays.

    Months are counted through, so that the steps stay even where some are missing.
    """
    if spans[0].days >= 365:
        step = max(1, math.ceil(len(spans) * room / plot.width))
        return [_middle(span).isoformat() for span in reversed(spans[::-1][::step])]
    size = max(1, round(spans[0].days / 30.4))
    first, last = (12 * day.year + day.month - 1 for day in (spans[0].start, spans[-1].start))
    least = room * (plot.last - plot.first).days / 30.4 / plot.width
    step = next((one for one in (1, 2, 3, 4, 6) if one >= least and one % size == 0), 12)
    return [
        (date(month // 12, month % 12 + 1, 1) + timedelta(days=15 * size)).isoformat()
        for month in range(first, last + 1)
        if month % step == 0
    ] or [_middle(spans[0]).isoformat()]


def _colour(groups: list[str]) -> Plain:
    colours = [SERIES[place % len(SERIES)] for place in range(len(groups))]
    return {
        "field": "group",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": groups, "range": colours},
    }


def _gaps(periods: list[Period], groups: Sequence[str]) -> list[Plain]:
    """Return an unknown value between two periods that do not touch: no line leads across it."""
    gaps = []
    for group in dict.fromkeys(groups):
        own = sorted(at for at, name in zip(periods, groups, strict=True) if name == group)
        gaps += [
            {"at": before.end.isoformat(), "group": group, "value": None, "low": None, "high": None}
            for before, after in pairwise(own)
            if before.end < after.start
        ]
    return gaps


def _lines(data: list[Plain], groups: list[str], *, has_gaps: bool) -> list[Plain]:
    counts = [sum(row["group"] == group for row in data) for group in groups]
    mark: Plain = {"type": "line", "strokeWidth": 2.2, "invalid": "break-paths-show-path-domains"}
    if has_gaps or max(counts) <= _MOST_DOTS:  # a value between two gaps is seen by its dot only
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
        words(
            lines,
            x={"value": plot.width + 9},
            y={"value": top},
            align="left",
            baseline="middle",
            dy=-(len(lines) - 1) * LINE_HEIGHT / 2,
            lineHeight=LINE_HEIGHT,
            fontWeight=600,
            color=SERIES[groups.index(group) % len(SERIES)],
        )
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
            words(
                line,
                x={"value": 0},
                y={"value": top},
                align="left",
                baseline="bottom",
                fontWeight=600,
                color=colour,
            )
        )
    return layers, LINE_HEIGHT * len(rows) + 4
