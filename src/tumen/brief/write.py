"""Writing a brief to a file."""

from __future__ import annotations

import logging
import os
import tempfile
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from tumen.brief.outline import compose
from tumen.brief.spec import Spec
from tumen.core.errors import CaseError
from tumen.core.nearest import did_you_mean

if TYPE_CHECKING:
    from tumen.assess import Assessment

Format = Literal["html", "pdf", "md"]
"""What a brief can be written as."""

_LOG = logging.getLogger(__name__)


def write_brief(
    record: Assessment,
    path: str | Path,
    *,
    format: Format | None = None,
    spec: Spec | None = None,
    drawings: Path | None = None,
) -> Path:
    """Write the brief of an assessment; the file is whole or not there.

    Parameters
    ----------
    record
        The assessment.
    path
        Where to write; its folder exists.
    format
        What to write; the suffix of `path` decides when left out.
    spec
        The case's section ``brief``; its defaults when left out.
    drawings
        Folder in which charts are kept for the next time; nothing is kept when left out.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    CaseError
        When the format is unknown, the folder is missing, or the spec names no finding.
    DataError
        When a figure cannot be drawn.
    TumenError
        When the PDF cannot be set.

    Examples
    --------
    >>> import tempfile, tumen
    >>> record = tumen.run(tumen.load("cases/russia-2023-oil-cap"))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     tumen.write_brief(record, Path(folder) / "brief.md").name
    'brief.md'
    """
    target = Path(path)
    chosen = format or _format_of(target)
    if chosen not in get_args(Format):
        raise CaseError(f"'{chosen}' is no format", hint=did_you_mean(chosen, get_args(Format)))
    if not target.parent.is_dir():
        raise CaseError("the folder does not exist", str(target.parent), "make it first")
    _replace(target, _made(record, chosen, spec, drawings))
    return target


def _format_of(target: Path) -> Format:
    suffixes: dict[str, Format] = {
        ".html": "html", ".htm": "html", ".pdf": "pdf", ".md": "md", ".markdown": "md",
    }  # fmt: skip
    found = suffixes.get(target.suffix.lower())
    if found is None:
        raise CaseError(
            f"'{target.suffix or target.name}' names no format",
            target.name,
            "write .html, .pdf or .md",
        )
    return found


def _made(record: Assessment, chosen: Format, spec: Spec | None, kept_in: Path | None) -> bytes:
    from tumen.brief.figures import charts

    document = compose(record, spec=spec)
    drawn = charts(record)
    if chosen == "md":
        from tumen.brief.markdown import to_markdown

        return to_markdown(document, charts=drawn).encode()
    from tumen.brief.drawing import draw_all
    from tumen.brief.plain import pictures_of, plain_document, words_of

    plain = plain_document(document)
    drawings = draw_all(drawn, pictures_of(plain), is_for_phones=chosen == "html", kept_in=kept_in)
    if chosen == "pdf":
        from tumen.brief.pdf import to_pdf

        _warn_of_missing_glyphs(words_of(plain))
        return to_pdf(document, drawings=drawings)
    from tumen.brief.html import to_html

    return to_html(document, drawings=drawings).encode()


def _warn_of_missing_glyphs(words: str) -> None:
    """Log the characters that no font holds; a PDF prints boxes, a browser has more fonts."""
    from tumen.brief.fonts import without_glyph

    missing = without_glyph(words)
    if missing:
        names = ", ".join(
            f"U+{ord(char):04X} {unicodedata.name(char, 'unnamed')}" for char in missing[:12]
        )
        _LOG.warning("%d characters of the brief have no glyph: %s", len(missing), names)


def _replace(target: Path, content: bytes) -> None:
    """Write beside the target, then put it in place in one step."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
