"""A document as one HTML page that needs nothing else and runs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from tumen.brief.drawing import Drawings
from tumen.brief.fonts import font_faces, letters
from tumen.brief.plain import Plain, words_of


def to_html(
    document: Plain, *, drawings: Mapping[str, Drawings], kept_in: Path | None = None
) -> str:
    """Return a self-contained page: no script, no request, every text escaped.

    Parameters
    ----------
    document
        The document tree as plain data.
    drawings
        SVG of each chart by its key.
    kept_in
        Folder in which packed fonts are kept.
    """

    def svg(key: str, size: str) -> Markup:
        drawn = drawings[key]
        return Markup(drawn.wide if size == "wide" else drawn.narrow)  # noqa: S704

    looks = files("tumen.brief.looks")
    page = Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    template = page.from_string(looks.joinpath("brief.html").read_text(encoding="utf-8"))
    words = words_of(document) + "".join(one.wide + one.narrow for one in drawings.values())
    wide = letters(words, kept_in=kept_in).wide
    style = looks.joinpath("brief.css").read_text(encoding="utf-8")
    return template.render(
        document=document,
        svg=svg,
        style=Markup(style),  # noqa: S704
        fonts=Markup(font_faces(wide, kept_in=kept_in)),  # noqa: S704
    )
