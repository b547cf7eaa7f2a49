"""A document as PDF, set by typst; the same record gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, time
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from tumen.brief.blocks import Document
from tumen.brief.drawing import Drawings
from tumen.brief.plain import plain_document
from tumen.core.errors import TumenError

if TYPE_CHECKING:
    from typst import Fonts


def to_pdf(document: Document, *, drawings: Mapping[str, Drawings]) -> bytes:
    """Return a tagged PDF (PDF/UA-1), dated by the as-of date.

    Parameters
    ----------
    document
        The document tree.
    drawings
        SVG of each chart by its key.

    Raises
    ------
    TumenError
        When the page cannot be set.
    """
    return _compiled(document, drawings, format="pdf", pdf_standards=["ua-1"])


def to_png(document: Document, *, drawings: Mapping[str, Drawings], ppi: float = 144.0) -> bytes:
    """Return page one as a picture; the other pages are set too, so that its links stand.

    Parameters
    ----------
    document
        The document tree.
    drawings
        SVG of each chart by its key.
    ppi
        Pixels per inch.
    """
    return _compiled(document, drawings, format="png", ppi=ppi)


def boxed(text: str) -> str:
    """Return a text in which a box stands for every character that no font prints.

    PDF/UA-1 refuses a character without a glyph; a box says that something stood there.

    Examples
    --------
    >>> boxed("coal \u0645, \u5e73\u58e4")
    'coal □, 平壤'
    """
    from tumen.brief.fonts import without_glyph

    return text.translate({0xFEFF: None} | dict.fromkeys(map(ord, without_glyph(text)), "□"))


def _compiled(document: Document, drawings: Mapping[str, Drawings], **options: Any) -> bytes:
    import typst

    content = {
        "document": plain_document(document),
        "charts": {key: drawn.wide or drawn.narrow for key, drawn in drawings.items()},
    }
    text = json.dumps(content, ensure_ascii=False, allow_nan=False)
    noon = datetime.combine(document.as_of, time(12), tzinfo=UTC)
    try:
        made = typst.compile(
            files("tumen.brief.looks").joinpath("brief.typ").read_bytes(),
            sys_inputs={"brief": boxed(text)},
            font_paths=_fonts(),
            ignore_system_fonts=True,
            timestamp=noon,
            **options,
        )
    except typst.TypstError as error:
        raise TumenError(f"the PDF cannot be set: {str(error)[:300]}") from None
    if isinstance(made, list):
        made = made[0]
    assert isinstance(made, bytes)
    return made


@cache
def _fonts() -> Fonts:
    """Read the fonts once; fonts of the machine are left out, so that every machine agrees."""
    from typst import Fonts

    from tumen.brief.fonts import font_folders

    return Fonts(include_system_fonts=False, font_paths=[str(one) for one in font_folders()])
