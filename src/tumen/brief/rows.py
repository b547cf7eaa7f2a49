"""Charts with one row for each item: bars, intervals, swings, before and after, the yardstick."""

from __future__ import annotations

from dataclasses import dataclass

from tumen.assess import scale
from tumen.brief.palette import (
    ACCENT,
    FONT_SIZE,
    INK,
    LINE_HEIGHT,
    PAPER,
    QUIET,
    SERIES,
    SHADE,
    Plain,
    axis_format,
    is_share,
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
from tumen.brief.series import NARROW
from tumen.core.errors import DataError
from tumen.core.finding import Figure, Grid

_MARK_ROOM = 22.0
_MOST_SWINGS = 8
"""Inputs that a tornado shows; the widest tell the story."""
_PALE = "#b9c9d6"


@dataclass(frozen=True)
class Frame:
    """Rows in px: where their labels stand, where their marks stand, and the plot's size.

    Attributes
    ----------
    width, height
        Inner size of the plot.
    middles
        Place of each row's mark, from the top.
    labels
        Layers with the items' names.
    """

    width: float
    height: float
    middles: list[float]
    labels: list[Plain]
    stands_above: bool


def likelihood_words() -> list[tuple[str, float, float]]:
    """Return the words of ICD 203 with the probabilities that each stands for."""
    return [(band.word, band.low, band.high) for band in scale("ICD 203").bands]


def frame(items: list[str], width: int, *, tall: float = _MARK_ROOM, above: bool = False) -> Frame:
    """Lay out rows; names stand at the left, or above their marks where the page is narrow."""
    if not items:
        raise DataError("there is nothing to draw")
    longest = max(text_width(item) for item in items)
    stands_above = above or width < NARROW or longest > 2.6 * width * 0.4
    room = 0.0 if stands_above else min(width * 0.4, longest + 6)
    names = [wrapped(item, width if stands_above else room) for item in items]
    middles: list[float] = []
    places: list[float] = []
    top = 0.0
    for lines in names:
        text_height = len(lines) * LINE_HEIGHT
        if stands_above:
            middles.append(top + text_height + 10.0)
            places.append(top + 2)
            top += text_height + 21.0
        else:
            height = max(tall, text_height + 6)
            middles.append(top + height / 2)
            places.append(top + (height - text_height) / 2 + 1)
            top += height
    inner = width - (room + 12 if room else 4)
    labels = many_words(
        list(zip(names, places, strict=True)),
        x=0 if stands_above else -10,
        align="left" if stands_above else "right",
        baseline="top",
        lineHeight=LINE_HEIGHT,
        color=INK,
    )
    return Frame(inner - 8, top, middles, [labels], stands_above)


def _value_axis(domain: tuple[float, float, float], unit: str) -> Plain:
    return {
        "field": "value",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [domain[0], domain[1]], "nice": False},
        "axis": {
            "values": ticks(domain),
            "format": axis_format(unit, domain[2]),
            "orient": "bottom",
            "labelFlush": True,
        },
    }


def _place() -> Plain:
    return {"field": "place", "type": "quantitative", "scale": None, "axis": None}


def _assembled(shape: Frame, data: list[Plain], x: Plain, layers: list[Plain], head: str) -> Plain:
    return {
        "title": {"text": head, "frame": "bounds"},
        "width": shape.width,
        "height": shape.height,
        "data": {"values": data},
        "encoding": {"x": x, "y": _place()},
        "layer": [*layers, *shape.labels],
    }


def _rows(roles: Roles, shape: Frame, value_key: str) -> list[Plain]:
    figure = roles.figure
    return [
        {"place": place, "value": value, "low": low, "high": high}
        for place, value, low, high in zip(
            shape.middles,
            roles.numbers(value_key),
            roles.numbers(figure.low),
            roles.numbers(figure.high),
            strict=True,
        )
    ]


def _domain(data: list[Plain], unit: str, *, room: float = 0.0) -> tuple[float, float, float]:
    ends = [
        row[key]
        for row in data
        for key in ("value", "low", "high", "prior")
        if row.get(key) is not None
    ]
    low, high = min(ends, default=0.0), max(ends, default=1.0)
    if unit == "probability":
        return (0.0, 1.0, 0.2)
    if is_share(unit) and 0.5 < high <= 1 and low >= 0:
        return (0.0, 1.0, 0.25)
    return nice_domain(low, high + (high - min(0.0, low)) * room)


def bars(figure: Figure, grid: Grid, width: int) -> Plain:
    """Return horizontal bars with their values; groups get a colour and a word at their name."""
    roles = Roles(figure, grid)
    item_key, value_key = roles.item_and_value()
    unit = roles.unit(value_key)
    groups = list(dict.fromkeys(roles.texts(figure.group)))
    has_groups = roles.is_text(figure.group) and len(groups) > 1
    names = roles.texts(item_key)
    if has_groups:
        names = [
            f"{name}, {group}" if group != name else name
            for name, group in zip(names, roles.texts(figure.group), strict=True)
        ]
    shape = frame(names, width)
    data = _rows(roles, shape, value_key)
    for row, group in zip(data, roles.texts(figure.group), strict=True):
        row["colour"] = SERIES[groups.index(group) % len(SERIES)] if has_groups else ACCENT
        row["label"] = "unknown" if row["value"] is None else value_text(row["value"], unit)
        row["end"] = max(row["value"] or 0.0, row["high"] or 0.0, 0.0)
    domain = _domain(data, unit, room=0.14)
    if is_share(unit) and domain[1] == 1.0:
        domain = (domain[0], 1.15, domain[2])
    layers: list[Plain] = [
        {
            "mark": {"type": "bar", "height": 13},
            "encoding": {
                "x2": {"datum": max(0.0, domain[0])},
                "color": {"field": "colour", "type": "nominal", "scale": None},
            },
        },
        *_whiskers(figure, INK),
        _value_labels("end"),
    ]
    return _assembled(
        shape, data, _ticked(domain, unit), layers, unit_label(roles.title(value_key), unit)
    )


def _ticked(domain: tuple[float, float, float], unit: str) -> Plain:
    axis = _value_axis(domain, unit)
    if is_share(unit):
        axis["axis"]["values"] = [tick for tick in ticks(domain) if tick <= 1.0]
    return axis


def _value_labels(field: str) -> Plain:
    return {
        "mark": {"type": "text", "align": "left", "dx": 6, "color": INK},
        "encoding": {
            "x": {"field": field, "type": "quantitative"},
            "text": {"field": "label", "type": "nominal"},
        },
    }


def _whiskers(figure: Figure, colour: str, *, thick: float = 1.2) -> list[Plain]:
    if not (figure.low and figure.high):
        return []
    return [
        {
            "transform": [{"filter": "isValid(datum.low) && isValid(datum.high)"}],
            "mark": {"type": "rule", "strokeWidth": thick, "color": colour, "opacity": 0.75},
            "encoding": {
                "x": {"field": "low", "type": "quantitative"},
                "x2": {"field": "high"},
            },
        }
    ]


def interval(figure: Figure, grid: Grid, width: int) -> Plain:
    """Return a dot with its range for each item; a numeric `group` is drawn as a ring."""
    roles = Roles(figure, grid)
    item_key, value_key = roles.item_and_value()
    unit = roles.unit(value_key)
    shape = frame(roles.texts(item_key), width, tall=28)
    data = _rows(roles, shape, value_key)
    has_ring = bool(figure.group) and not roles.is_text(figure.group)
    for row, prior in zip(
        data, roles.numbers(figure.group) if has_ring else [None] * len(data), strict=True
    ):
        row["prior"] = prior
        row["label"] = "unknown" if row["value"] is None else value_text(row["value"], unit)
        ends = [end for end in (row["value"], row["high"], prior) if end is not None]
        row["end"] = max(ends, default=0.0)
    domain = _domain(data, unit, room=0.18 if shape.stands_above else 0.05)
    if shape.stands_above and unit == "probability":
        domain = (0.0, 1.2, 0.2)
    layers: list[Plain] = [*_whiskers(figure, ACCENT, thick=5)]
    if layers:
        layers[0]["mark"] |= {"strokeCap": "round", "color": _PALE, "opacity": 1}
    if has_ring:
        layers.append(
            {
                "mark": {"type": "point", "filled": False, "size": 60, "color": QUIET},
                "encoding": {"x": {"field": "prior", "type": "quantitative"}},
            }
        )
    layers.append(
        {"mark": {"type": "point", "filled": True, "size": 85, "color": ACCENT, "opacity": 1}}
    )
    layers.append(_beside() if shape.stands_above else _over())
    return _assembled(
        shape, data, _ticked(domain, unit), layers, unit_label(roles.title(value_key), unit)
    )


def _over() -> Plain:
    return {
        "mark": {"type": "text", "baseline": "bottom", "dy": -6, "fontWeight": 600},
        "encoding": {"text": {"field": "label", "type": "nominal"}},
    }


def _beside() -> Plain:
    return {
        "mark": {"type": "text", "align": "left", "dx": 8, "fontWeight": 600},
        "encoding": {
            "x": {"field": "end", "type": "quantitative"},
            "text": {"field": "label", "type": "nominal"},
        },
    }


def tornado(figure: Figure, grid: Grid, width: int) -> Plain:
    """Return the swing of a result for the inputs with the widest, around the central value."""
    roles = Roles(figure, grid)
    item_key, value_key = roles.item_and_value()
    unit = roles.unit(value_key)
    lows, highs = roles.numbers(figure.low), roles.numbers(figure.high)
    swing = [abs((high or 0.0) - (low or 0.0)) for low, high in zip(lows, highs, strict=True)]
    order = sorted(range(len(swing)), key=lambda place: -swing[place])[:_MOST_SWINGS]
    kept = Grid(columns=grid.columns, rows=tuple(grid.rows[place] for place in order))
    roles = Roles(figure, kept)
    shape = frame(roles.texts(item_key), width)
    data = _rows(roles, shape, value_key)
    ends = [end for row in data for end in (row["low"], row["high"]) if end is not None]
    domain = nice_domain(min(ends, default=0.0), max(ends, default=1.0), from_zero=False)
    x = _value_axis(domain, unit)
    if value_key in (figure.low, figure.high):
        # Without a central value the whole swing is one bar.
        return _assembled(shape, data, x, [_swing("low", "high", ACCENT)], _range_label(roles))
    centre = next((row["value"] for row in data if row["value"] is not None), None)
    layers: list[Plain] = [_swing("value", "low", _PALE), _swing("value", "high", ACCENT)]
    if centre is not None:
        layers.append(_centre_line(centre, shape))
    head = unit_label(roles.title(value_key), unit)
    note = "pale: input at its low end, dark: at its high end"
    return _assembled(shape, data, x, layers, f"{head}; {note}" if head else note)


def _range_label(roles: Roles) -> str:
    unit = unit_label("", roles.unit(roles.figure.low))
    return f"Range, {unit}" if unit else "Range"


def _swing(start: str, end: str, colour: str) -> Plain:
    return {
        "transform": [{"filter": f"isValid(datum.{start}) && isValid(datum.{end})"}],
        "mark": {"type": "bar", "height": 13, "color": colour},
        "encoding": {"x": {"field": start, "type": "quantitative"}, "x2": {"field": end}},
    }


def _centre_line(at: float, shape: Frame) -> Plain:
    """Return an upright line, cut where names stand above their bars so that it strikes none."""
    spans = [(0.0, shape.height)]
    if shape.stands_above:
        spans = [(middle - 9, middle + 9) for middle in shape.middles]
    return {
        "data": {"values": [{"value": at, "place": top, "end": end} for top, end in spans]},
        "mark": {"type": "rule", "color": QUIET, "strokeWidth": 1.2},
        "encoding": {"y2": {"field": "end"}},
    }


def before_after(figure: Figure, grid: Grid, width: int) -> Plain:
    """Return an arrow from the value before to the value after for each item.

    The two values are `low` and `high`, or `x` and `y` where both hold numbers (then `group`
    names the items), or two rows of one item whose `group` says which is which.
    """
    roles = Roles(figure, grid)
    items, befores, afters, unit, titles = _pairs(roles)
    shape = frame(items, width, tall=26)
    data: list[Plain] = [
        {"place": place, "value": after, "low": before, "high": after}
        for place, before, after in zip(shape.middles, befores, afters, strict=True)
    ]
    for row in data:
        before, after = row["low"], row["value"]
        row["label"] = "unknown" if after is None else value_text(after, unit)
        row["first"] = "unknown" if before is None else value_text(before, unit)
        row["falls"] = (after or 0.0) < (before or 0.0)
    first, last, step = _domain(data, unit)
    # Words stand outside of the dots, so both ends need room.
    room = 0.12 * (last - first)
    domain = (first - room, last + room, step)
    x = _value_axis(domain, unit)
    x["axis"]["values"] = ticks((first, last, step))
    layers: list[Plain] = [
        {
            "transform": [{"filter": "isValid(datum.low) && isValid(datum.value)"}],
            "mark": {"type": "rule", "strokeWidth": 2.2, "color": "#cfc6b4"},
            "encoding": {"x": {"field": "low", "type": "quantitative"}, "x2": {"field": "value"}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 60, "color": "#8d8577", "opacity": 1},
            "encoding": {"x": {"field": "low", "type": "quantitative"}},
        },
        {"mark": {"type": "point", "filled": True, "size": 85, "color": ACCENT, "opacity": 1}},
        *_end_words(falls=True),
        *_end_words(falls=False),
    ]
    label = unit_label("", unit)
    head = f"grey: {titles[0]}; blue: {titles[1]}"
    head = f"{label[:1].upper()}{label[1:]}; {head}" if label else head
    return _assembled(shape, data, x, layers, head)


def _end_words(*, falls: bool) -> list[Plain]:
    """Return both values outside of the line between their dots."""
    near = {"filter": "datum.falls" if falls else "!datum.falls"}
    after, before = ("right", "left") if falls else ("left", "right")
    shift = {"left": 8, "right": -8}
    return [
        {
            "transform": [near, {"filter": "isValid(datum.value)"}],
            "mark": {"type": "text", "align": after, "dx": shift[after], "fontWeight": 600},
            "encoding": {"text": {"field": "label", "type": "nominal"}},
        },
        {
            "transform": [near, {"filter": "isValid(datum.low)"}],
            "mark": {"type": "text", "align": before, "dx": shift[before], "color": QUIET},
            "encoding": {
                "x": {"field": "low", "type": "quantitative"},
                "text": {"field": "first", "type": "nominal"},
            },
        },
    ]


_Values = list[float | None]


def _pairs(roles: Roles) -> tuple[list[str], _Values, _Values, str, tuple[str, str]]:
    """Return items, values before, values after, unit and the two titles."""
    figure = roles.figure
    if figure.low and figure.high:
        item_key = next(
            key for key in (figure.y, figure.x, figure.group) if key and roles.is_text(key)
        )
        keys = (figure.low, figure.high)
        return (
            roles.texts(item_key),
            roles.numbers(keys[0]),
            roles.numbers(keys[1]),
            roles.unit(keys[0]),
            (roles.title(keys[0]), roles.title(keys[1])),
        )
    if not roles.is_text(figure.x) and not roles.is_text(figure.y):
        return (
            roles.texts(figure.group),
            roles.numbers(figure.x),
            roles.numbers(figure.y),
            roles.unit(figure.x),
            (roles.title(figure.x), roles.title(figure.y)),
        )
    item_key, value_key = roles.item_and_value()
    stages = list(dict.fromkeys(roles.texts(figure.group)))
    if len(stages) != 2:
        raise DataError(
            f"there are {len(stages)} stages ({', '.join(stages)[:80]})",
            f"figure '{figure.title}'",
            "a before_after figure compares two",
        )
    found: dict[str, dict[str, float | None]] = {}
    cells = zip(
        roles.texts(item_key), roles.texts(figure.group), roles.numbers(value_key), strict=True
    )
    for item, stage, value in cells:
        found.setdefault(item, {})[stage] = value
    return (
        list(found),
        [pair.get(stages[0]) for pair in found.values()],
        [pair.get(stages[1]) for pair in found.values()],
        roles.unit(value_key),
        (stages[0], stages[1]),
    )


def yardstick(figure: Figure, grid: Grid, width: int) -> Plain:
    """Return probabilities with their ranges on the scale of likelihood words."""
    roles = Roles(figure, grid)
    item_key, value_key = roles.item_and_value()
    shape = frame(roles.texts(item_key), width, tall=18, above=True)
    data = _rows(roles, shape, value_key)
    bands, names = _scale_of_words(shape)
    layers: list[Plain] = [
        bands,
        *names,
        *_whiskers(figure, ACCENT, thick=7),
        {
            "mark": {
                "type": "point",
                "filled": True,
                "size": 95,
                "color": ACCENT,
                "stroke": PAPER,
                "strokeWidth": 1.5,
                "opacity": 1,
            }
        },
    ]
    if figure.low:
        layers[-2]["mark"] |= {"strokeCap": "round", "color": ACCENT, "opacity": 0.35}
    axis = _value_axis((0.0, 1.0, 0.2), "probability")
    axis["axis"] |= {
        "values": [0.05, 0.2, 0.45, 0.55, 0.8, 0.95],
        "grid": False,
        "labelFlush": False,
    }
    return _assembled(shape, data, axis, layers, "") | {"title": None}


def _scale_of_words(shape: Frame) -> tuple[Plain, list[Plain]]:
    bands: Plain = {
        "data": {
            "values": [
                {"value": low, "high": high, "tint": SHADE if place % 2 == 0 else "#e6dfd0"}
                for place, (_, low, high) in enumerate(likelihood_words())
            ]
        },
        "mark": {"type": "rect"},
        "encoding": {
            "x": {"field": "value", "type": "quantitative"},
            "x2": {"field": "high"},
            "y": {"value": 0},
            "y2": {"value": shape.height},
            "color": {"field": "tint", "type": "nominal", "scale": None},
        },
    }
    layers: list[Plain] = []
    for word, low, high in likelihood_words():
        room = shape.width * (high - low)
        lines = word.split()
        if max(text_width(line) for line in lines) * 0.8 > room + 6:
            continue
        if text_width(word) * 0.85 < room:
            lines = [word]
        layers.append(
            words(
                lines,
                x={"value": shape.width * (low + high) / 2},
                y={"value": 0},
                baseline="bottom",
                fontSize=FONT_SIZE - 2,
                lineHeight=11,
                dy=-4 - 11 * (len(lines) - 1),
                color=QUIET,
            )
        )
    return bands, layers
