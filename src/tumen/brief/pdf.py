"""A document as PDF, set by typst; the same record gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tumen.brief.drawing import Drawings
from tumen.brief.fonts import font_folders, letters
from tumen.brief.plain import Plain
from tumen.core.errors import TumenError

if TYPE_CHECKING:
    from typst import Fonts


def to_pdf(
    document: Plain, *, drawings: Mapping[str, Drawings], kept_in: Path | None = None
) -> bytes:
    """Return a tagged PDF (PDF/UA-1), dated by the as-of date.

    Parameters
    ----------
    document
        The document tree as plain data.
    drawings
        SVG of each chart by its key.
    kept_in
        Folder in which the glyphs that fonts lack are kept.

    Raises
    ------
    TumenError
        When the page cannot be set.
    """
    return _compiled(document, drawings, kept_in, format="pdf", pdf_standards=["ua-1"])


def to_png(document: Plain, *, drawings: Mapping[str, Drawings], ppi: float = 144.0) -> bytes:
    """Return page one as a picture; the other pages are set too, so that its links stand.

    Parameters
    ----------
    document
        The document tree as plain data.
    drawings
        SVG of each chart by its key.
    ppi
        Pixels per inch.
    """
    return _compiled(document, drawings, None, format="png", ppi=ppi)


def boxed(text: str, *, kept_in: Path | None = None) -> str:
    """Return a text in which a box stands for every character that no font prints.

    PDF/UA-1 refuses a character without a glyph; a box says that something stood there.

    Examples
    --------
    >>> boxed("coal \u0645, \u5e73\u58e4")
    'coal □, 平壤'
    """
    missing = letters(text, kept_in=kept_in).missing
    return text.translate({0xFEFF: None} | dict.fromkeys(map(ord, missing), "□"))


def _compiled(
    document: Plain, drawings: Mapping[str, Drawings], kept_in: Path | None, **options: Any
) -> bytes:
    import typst

    content = {
        "document": document,
        "charts": {key: drawn.wide or drawn.narrow for key, drawn in drawings.items()},
    }
    text = json.dumps(content, ensure_ascii=False, allow_nan=False)
    noon = datetime.fromisoformat(f"{document['date']}T12:00+00:00")
    try:
        made = typst.compile(
            files("tumen.brief.looks").joinpath("brief.typ").read_bytes(),
            sys_inputs={"brief": boxed(text, kept_in=kept_in)},
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

    return Fonts(include_system_fonts=False, font_paths=[str(one) for one in font_folders()])
