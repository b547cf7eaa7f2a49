"""A document as one HTML page that needs nothing else and runs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from tumen.brief.blocks import Document
from tumen.brief.drawing import Drawings
from tumen.brief.fonts import font_faces
from tumen.brief.plain import plain_document, words_of


def to_html(document: Document, *, drawings: Mapping[str, Drawings]) -> str:
    """Return a self-contained page: no script, no request, every text escaped.

    Parameters
    ----------
    document
        The document tree.
    drawings
        SVG of each chart by its key.
    """
    plain = plain_document(document)

    def svg(key: str, size: str) -> Markup:
        drawn = drawings[key]
        return Markup(drawn.wide if size == "wide" else drawn.narrow)  # noqa: S704

    looks = files("tumen.brief.looks")
    page = Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    template = page.from_string(looks.joinpath("brief.html").read_text(encoding="utf-8"))
    words = words_of(plain) + "".join(one.wide + one.narrow for one in drawings.values())
    style = looks.joinpath("brief.css").read_text(encoding="utf-8")
    return template.render(
        document=plain,
        svg=svg,
        style=Markup(style),  # noqa: S704
        fonts=Markup(font_faces(words)),  # noqa: S704
    )
