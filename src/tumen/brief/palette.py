"""Colours, type and measures of charts and pages: one accent, safe for colour-blind readers."""

from __future__ import annotations

import math
import textwrap
from typing import Any

from tumen.core.units import UNITS, quantity_text, rounded_text

Plain = dict[str, Any]
"""A piece of a Vega-Lite specification."""

PAPER = "#fbf9f4"
INK = "#1d1d1b"
QUIET = "#5c574e"
HAIRLINE = "#ddd6c8"
SHADE = "#f1ece1"
ACCENT = "#17496b"
SECOND = "#c4662a"
"""Blue and burnt orange differ for every common form of colour blindness, and in grey."""

SERIES = (ACCENT, SECOND, "#6f6a61", "#5b9bc4", "#8a5581", "#a58a2c")
"""Colours of lines and groups, in order."""

FAMILY = "'Source Sans Pro', 'Noto Sans CJK KR', 'Noto Sans KR', sans-serif"
"""Family names are quoted, and the list ends in a generic family: else text may be dropped."""

FONT_SIZE = 11.5
CHAR_WIDTH = 5.5
"""Mean advance of a character at `FONT_SIZE`, in px."""
LINE_HEIGHT = 14.0


def config() -> Plain:
    """Return the configuration that every chart shares."""
    return {
        "background": None,
        "font": FAMILY,
        "view": {"stroke": None},
        "axis": {
            "labelColor": QUIET,
            "labelFontSize": FONT_SIZE - 0.5,
            "titleColor": QUIET,
            "titleFontSize": FONT_SIZE - 0.5,
            "titleFontWeight": "normal",
            "gridColor": HAIRLINE,
            "domain": False,
            "tickColor": HAIRLINE,
            "tickSize": 4,
            "labelPadding": 4,
        },
        "text": {"font": FAMILY, "fontSize": FONT_SIZE, "color": INK},
        "title": {
            "color": QUIET,
            "font": FAMILY,
            "fontSize": FONT_SIZE - 0.5,
            "fontWeight": "normal",
            "anchor": "start",
            "frame": "bounds",
            "offset": 8,
        },
        "legend": {
            "labelColor": INK,
            "labelFontSize": FONT_SIZE,
            "titleColor": QUIET,
            "titleFontSize": FONT_SIZE - 0.5,
            "titleFontWeight": "normal",
        },
    }


def words(lines: str | list[str], *, x: Plain, y: Plain, **mark: Any) -> Plain:
    """Return a layer that writes words at a place.

    The words are data. As a property of the mark, a list of lines would be read as an expression.

    Parameters
    ----------
    lines
        One line, or several.
    x, y
        Encodings of the place, e.g. ``{"value": 3}``.
    mark
        Further properties of the text mark.
    """
    return {
        "data": {"values": [{"words": lines}]},
        "mark": {"type": "text", **mark},
        "encoding": {"text": {"field": "words", "type": "nominal"}, "x": x, "y": y},
    }


def many_words(rows: list[tuple[list[str], float]], *, x: float, **mark: Any) -> Plain:
    """Return one layer that writes words at several heights; a layer each would cost time.

    Parameters
    ----------
    rows
        Lines and place from the top, in px.
    x
        Place from the left, in px.
    mark
        Further properties of the text mark.
    """
    return {
        "data": {"values": [{"words": lines, "top": top} for lines, top in rows]},
        "mark": {"type": "text", **mark},
        "encoding": {
            "text": {"field": "words", "type": "nominal"},
            "x": {"value": x},
            "y": {"field": "top", "type": "quantitative", "scale": None, "axis": None},
        },
    }


def wrapped(text: str, width_px: float, *, most: int = 4) -> list[str]:
    """Break a label into lines that fit a width; the last line ends in an ellipsis when cut."""
    lines: list[str] = []
    room = max(6, int(width_px / CHAR_WIDTH))
    for part in text.splitlines() or [""]:
        lines += textwrap.wrap(_spread(part), room, break_long_words=True) or [""]
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1].rstrip(" ,;") + " …"]
    return [line.replace("\u200b", "") for line in lines]


def text_width(text: str) -> float:
    """Return the approximate width of a line in px; wide characters count twice."""
    return sum(2 * CHAR_WIDTH if ord(char) > 0x2E7F else CHAR_WIDTH for char in text)


def _spread(text: str) -> str:
    """Allow a break between wide characters, which count as two."""
    return "".join(f"{char}\u200b" if ord(char) > 0x2E7F else char for char in text)


def nice_domain(low: float, high: float, *, from_zero: bool = True) -> tuple[float, float, float]:
    """Return a round lower end, upper end and step that hold an interval.

    Examples
    --------
    >>> nice_domain(0, 1182.8)
    (0.0, 1250.0, 250.0)
    """
    if from_zero:
        low, high = min(0.0, low), max(0.0, high)
    if low == high:
        high = low + (abs(low) or 1.0)
    rough = (high - low) / 5
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * size for factor in (1, 2, 2.5, 5, 10) if factor * size >= rough * 0.999)
    first = math.floor(low / step + 1e-9) * step
    last = math.ceil(high / step - 1e-9) * step
    return float(first), float(last), float(step)


def ticks(domain: tuple[float, float, float]) -> list[float]:
    """Return the ticks of a nice domain."""
    first, last, step = domain
    count = round((last - first) / step)
    return [first + step * place for place in range(count + 1)]


def is_share(unit: str) -> bool:
    """Whether a unit is printed as a percentage."""
    return unit in ("share", "probability")


def value_text(value: float, unit: str, *, digits: int = 3) -> str:
    """Print a value beside its mark: short, the unit stands above the chart.

    Examples
    --------
    >>> value_text(-773.3, "MUSD"), value_text(41.0, "MUSD"), value_text(0.137, "share")
    ('−773', '41', '14 %')
    """
    if is_share(unit):
        return f"{signed(_trimmed(rounded_text(100 * value, min(digits, 2))))} %"
    text = signed(_trimmed(rounded_text(value, digits)))
    return f"{text} %" if unit == "percent" else text


def signed(text: str) -> str:
    """Return a number with a true minus sign."""
    return f"−{text[1:]}" if text.startswith("-") else text


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def full_text(value: float, unit: str, *, digits: int = 3) -> str:
    """Print a value with its unit, as prose does."""
    if unit in UNITS:
        return quantity_text(value, unit, digits=digits)
    return _trimmed(rounded_text(value, digits))


def axis_format(unit: str, step: float) -> str:
    """Return the d3 format of an axis in this unit whose ticks are `step` apart.

    Examples
    --------
    >>> axis_format("MUSD", 250.0), axis_format("share", 0.025)
    (',.0f', '.1%')
    """
    size = step * 100 if is_share(unit) else step
    decimals = next(n for n in range(9) if abs(size * 10**n - round(size * 10**n)) < 1e-6 or n == 8)
    return f".{decimals}%" if is_share(unit) else f",.{decimals}f"


def unit_label(title: str, unit: str) -> str:
    """Return what stands above an axis: the column's title with its unit, said once."""
    if unit in ("", "count", "index", "share", "probability"):
        return title
    label = "per cent" if unit == "percent" else UNITS[unit].label if unit in UNITS else unit
    return title if label.lower() in title.lower() else f"{title}, {label}" if title else label
