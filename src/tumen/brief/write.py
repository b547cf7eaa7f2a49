"""Writing a brief to a file."""

from __future__ import annotations

import logging
import os
import tempfile
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from tumen.brief.outline import compose
from tumen.brief.spec import Spec
from tumen.core.errors import CaseError
from tumen.core.nearest import did_you_mean

if TYPE_CHECKING:
    from tumen.assess import Assessment
    from tumen.brief.blocks import Document
    from tumen.brief.figures import Chart
    from tumen.brief.plain import Plain

Format = Literal["html", "pdf", "md"]
"""What a brief can be written as."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Draft:
    """A brief drawn up: what all formats of it share.

    Attributes
    ----------
    document
        The document tree.
    plain
        The same as plain data.
    charts
        Charts by key.
    kept_in
        Folder in which charts and fonts are kept for the next time; nothing is kept when None.
    """

    document: Document
    plain: Plain
    charts: Mapping[str, Chart]
    kept_in: Path | None

    def write(self, path: str | Path, *, format: Format | None = None) -> Path:
        """Write the brief to a file; see `write_brief`."""
        target = Path(path)
        chosen = format or format_of(target)
        if chosen not in get_args(Format):
            raise CaseError(f"'{chosen}' is no format", hint=did_you_mean(chosen, get_args(Format)))
        if not target.parent.is_dir():
            raise CaseError("the folder does not exist", str(target.parent), "make it first")
        _replace(target, self._made(chosen))
        return target

    def _made(self, chosen: Format) -> bytes:
        if chosen == "md":
            from tumen.brief.markdown import to_markdown

            return to_markdown(self.document, charts=self.charts).encode()
        from tumen.brief.drawing import draw_all
        from tumen.brief.plain import pictures_of

        drawings = draw_all(
            self.charts,
            pictures_of(self.plain),
            is_for_phones=chosen == "html",
            kept_in=self.kept_in,
        )
        if chosen == "pdf":
            from tumen.brief.pdf import to_pdf

            _warn_of_missing_glyphs(self.plain, self.kept_in)
            return to_pdf(self.plain, drawings=drawings, kept_in=self.kept_in)
        from tumen.brief.html import to_html

        return to_html(self.plain, drawings=drawings, kept_in=self.kept_in).encode()


def draft(record: Assessment, *, spec: Spec | None = None, kept_in: Path | None = None) -> Draft:
    """Draw up the brief of an assessment once, to be written in several formats.

    Parameters
    ----------
    record
        The assessment.
    spec
        The case's section ``brief``; its defaults when left out.
    kept_in
        Folder in which charts and fonts are kept for the next time; nothing is kept when left out.

    Raises
    ------
    CaseError
        When the spec names no finding.

    Examples
    --------
    >>> import tempfile, tumen
    >>> record = tumen.run(tumen.load("cases/russia-2023-oil-cap"))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     draft(record).write(Path(folder) / "brief.md").name
    'brief.md'
    """
    from tumen.brief.figures import charts
    from tumen.brief.plain import plain_document

    document = compose(record, spec=spec)
    return Draft(document, plain_document(document), charts(record), kept_in)


def write_brief(
    record: Assessment,
    path: str | Path,
    *,
    format: Format | None = None,
    spec: Spec | None = None,
    kept_in: Path | None = None,
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
    kept_in
        Folder in which charts and fonts are kept for the next time; nothing is kept when left out.

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
    return draft(record, spec=spec, kept_in=kept_in).write(path, format=format)


def format_of(target: Path) -> Format:
    """Return the format that the suffix of a path names.

    Raises
    ------
    CaseError
        When it names none.

    Examples
    --------
    >>> format_of(Path("brief.html"))
    'html'
    """
    suffixes: dict[str, Format] = {
        ".html": "html", ".htm": "html", ".pdf": "pdf", ".md": "md", ".markdown": "md",
    }  # fmt: skip
    found = suffixes.get(target.suffix.lower())
    if found is None:
        raise CaseError(
            f"'{target.suffix or target.name}' names no format",
            str(target),
            "write .html, .pdf or .md",
        )
    return found


def _warn_of_missing_glyphs(plain: Plain, kept_in: Path | None) -> None:
    """Log the characters that no font holds; a PDF prints boxes, a browser has more fonts."""
    from tumen.brief.fonts import letters
    from tumen.brief.plain import words_of

    missing = letters(words_of(plain), kept_in=kept_in).missing
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
