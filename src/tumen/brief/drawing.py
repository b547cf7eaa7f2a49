"""Drawing: a Vega-Lite specification becomes an SVG that cannot act."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, tostring

from tumen.brief.characters import printable_tree
from tumen.brief.figures import NARROW, WIDE, Chart
from tumen.brief.keeping import kept
from tumen.brief.palette import Plain
from tumen.core.errors import DataError
from tumen.core.record import canonical_json

if TYPE_CHECKING:
    from types import ModuleType

_SVG = "{http://www.w3.org/2000/svg}"
_TAGS = frozenset(
    "svg g rect path line circle text tspan clipPath defs linearGradient stop title".split()
)
_ATTRIBUTES = frozenset(
    """width height viewBox version transform d x y x1 y1 x2 y2 cx cy r rx ry id class
    fill fill-opacity stroke stroke-width stroke-opacity stroke-dasharray stroke-linecap
    stroke-linejoin stroke-miterlimit stroke-dashoffset opacity clip-path text-anchor dx dy
    font-family font-size font-weight font-style offset stop-color stop-opacity
    gradientUnits gradientTransform pointer-events aria-hidden xml:space""".split()
)
_LOCAL_URL = re.compile(r"url\(#([A-Za-z0-9_-]+)\)")
_ANY_URL = re.compile(r"url\(\s*(?!#)", re.IGNORECASE)


@dataclass(frozen=True)
class Drawings:
    """A chart as SVG for a page and for a phone."""

    wide: str
    narrow: str


def draw_all(
    charts: Mapping[str, Chart],
    pictures: Mapping[str, bool],
    *,
    is_for_phones: bool,
    kept_in: Path | None = None,
) -> dict[str, Drawings]:
    """Return the SVG of each chart that a document shows.

    Parameters
    ----------
    charts
        Charts by key.
    pictures
        Key of each picture of the document, and whether it takes half of the width.
    is_for_phones
        Whether every chart needs its narrow form; an unneeded form is empty.
    kept_in
        Folder in which drawings are kept by the hash of what they were drawn from.
    """
    drawn = {}
    for place, (key, is_half) in enumerate(pictures.items()):
        chart = charts[key]
        wide = "" if is_half else draw(chart.spec(width=WIDE), name=f"w{place}", kept_in=kept_in)
        needs_narrow = is_half or is_for_phones
        narrow = (
            draw(chart.spec(width=NARROW), name=f"n{place}", kept_in=kept_in)
            if needs_narrow
            else ""
        )
        drawn[key] = Drawings(wide, narrow)
    return drawn


def draw(spec: Plain, *, name: str = "chart", kept_in: Path | None = None) -> str:
    """Return a chart as SVG.

    Parameters
    ----------
    spec
        A Vega-Lite specification, from `Chart.spec`.
    name
        Prefix of the ids inside the SVG, so that several charts can share a page.
    kept_in
        Folder of kept drawings; nothing is kept when left out.

    Raises
    ------
    DataError
        When the specification cannot be drawn.

    Examples
    --------
    >>> spec = {"data": {"values": [{"a": 1}]}, "mark": "point",
    ...     "encoding": {"x": {"field": "a", "type": "quantitative"}}}
    >>> draw(spec).startswith("<svg")
    True
    """
    text = canonical_json(printable_tree(spec))
    svg = kept(
        kept_in,
        f"{version('vl-convert-python')} {text}",
        lambda: _drawn_once(text).encode(),
    )
    # Cleaned whether it was kept or not: a kept drawing is no more to be trusted than a fresh one.
    return inert(svg.decode(), name=name)


def inert(svg: str, *, name: str) -> str:
    """Keep of an SVG only shapes and words, and make its ids unique to `name`.

    Links, scripts, styles, embedded documents, events and addresses fall away.

    Examples
    --------
    >>> inert('<svg xmlns="http://www.w3.org/2000/svg"><a href="x"><g/></a></svg>', name="n")
    '<svg xmlns="http://www.w3.org/2000/svg" />'
    """
    from defusedxml.ElementTree import fromstring

    root = fromstring(svg)
    prefix = re.sub(r"[^A-Za-z0-9_-]", "-", name)
    clean = _kept(root, prefix)
    if clean is None:
        raise DataError("a chart is no SVG")
    clean.set("xmlns", "http://www.w3.org/2000/svg")
    return tostring(clean, encoding="unicode")


def _kept(node: Element, prefix: str) -> Element | None:
    tag = node.tag.removeprefix(_SVG) if isinstance(node.tag, str) else ""
    if tag not in _TAGS:
        return None
    copy = Element(tag)
    copy.text, copy.tail = node.text, node.tail
    for key, value in node.attrib.items():
        if key not in _ATTRIBUTES or _ANY_URL.search(value):
            continue
        if key == "class":
            continue
        kept = f"{prefix}-{value}" if key == "id" else value
        copy.set(key, _LOCAL_URL.sub(rf"url(#{prefix}-\1)", kept))
    for child in node:
        kept_child = _kept(child, prefix)
        if kept_child is not None:
            copy.append(kept_child)
    return copy


_ONE_AT_A_TIME = Lock()


def _drawn_once(spec: str) -> str:
    """Draw one chart at a time: two formats made side by side then share their drawings."""
    with _ONE_AT_A_TIME:
        return _drawn(spec)


@lru_cache(maxsize=256)
def _drawn(spec: str) -> str:
    """Return the converter's SVG of a specification as JSON; a second format draws nothing."""
    try:
        svg = _converter().vegalite_to_svg(spec, vl_version="5.21")
    except ValueError as error:
        raise DataError(f"a chart cannot be drawn: {str(error)[:200]}") from None
    return str(svg)


@cache
def _converter() -> ModuleType:
    """Load the converter once and show it the fonts, by which it measures words."""
    import vl_convert

    from tumen.brief.fonts import text_font_folders

    for folder in text_font_folders():
        vl_convert.register_font_directory(str(folder))
    module: Any = vl_convert
    return module  # type: ignore[no-any-return]
