"""A document as Markdown: every text is escaped, every chart becomes its table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote

from tumen.brief.blocks import (
    Block,
    Box,
    Bullets,
    Columns,
    Document,
    Heading,
    Inline,
    Judged,
    Line,
    Link,
    Paragraph,
    Picture,
    Ref,
    Table,
    Text,
)
from tumen.brief.characters import printable
from tumen.brief.figures import Chart
from tumen.brief.front import long_day
from tumen.brief.links import safe_url
from tumen.brief.palette import signed
from tumen.brief.roles import cell_text

_SPECIAL = re.compile(r"([\\`*_\[\]|~$<>&])")
_LINE_START = re.compile(r"^(\s*)(\d*)([-+=#.)])")
_MOST_ROWS = 30


def escaped(text: str) -> str:
    """Return a text as Markdown prints it: no mark-up, no HTML, no automatic link.

    Examples
    --------
    >>> escaped("<b>*x*</b>")
    '\\\\<b\\\\>\\\\*x\\\\*\\\\</b\\\\>'
    """
    flat = re.sub(r"\s+", " ", printable(text))
    marked = _SPECIAL.sub(r"\\\1", flat)
    marked = marked.replace("://", ":\u200b//").replace("www.", "www\u200b.")
    return marked.replace("@", "\\@")


def to_markdown(document: Document, *, charts: Mapping[str, Chart]) -> str:
    """Return a document as Markdown (CommonMark with tables).

    Parameters
    ----------
    document
        The document tree.
    charts
        Charts by key; each is printed as its table.
    """
    head = [
        f"# {escaped(document.title)}",
        f"*{escaped(document.question)}*",
        " · ".join(
            [
                f"As of {long_day(document.as_of)}",
                f"judged to {long_day(document.horizon)}",
                *(escaped(author) for author in document.authors),
                f"edition {escaped(document.edition)}",
            ]
        ),
    ]
    parts = [part for block in document.front for part in _block(block, charts)]
    contents = "\n".join(
        f"{place}. [{escaped(title)}](#{_target(anchor)})"
        for place, (title, anchor) in enumerate(document.contents, 1)
    )
    body = [part for block in document.body for part in _block(block, charts)]
    return "\n\n".join([*head, *parts, contents, *body]) + "\n"


def _target(anchor: str) -> str:
    return quote(anchor, safe="._-")


def _block(block: Block, charts: Mapping[str, Chart]) -> Iterator[str]:
    match block:
        case Heading():
            yield _anchor(block.anchor) + f"{'#' * (block.level + 1)} {escaped(block.text)}"
        case Paragraph():
            yield _anchor(block.anchor) + _started(_line(block.line))
        case Bullets():
            mark = "1." if block.ordered else "-"
            yield "\n".join(f"{mark} {_started(_line(item))}" for item in block.items)
        case Table():
            yield from _table(block)
        case Picture():
            yield from _picture(block, charts)
        case Judged():
            about = f" ({escaped(block.about)})" if block.about else ""
            yield (
                f"**{_inline(block.ref)}: {escaped(block.word)}{about}.** "
                f"{_line(block.likelihood)} {_line(block.confidence)} {_line(block.settled)}"
            )
        case Columns():
            for group in block.groups:
                yield from (part for one in group for part in _block(one, charts))
        case Box():
            inner = [part for one in block.blocks for part in _block(one, charts)]
            text = "\n\n".join([f"**{escaped(block.title)}**", *inner])
            yield "\n".join(f"> {row}".rstrip() for row in text.splitlines())


def _anchor(anchor: str) -> str:
    return f'<a id="{_target(anchor)}"></a>\n\n' if anchor else ""


def _started(text: str) -> str:
    """Keep the first characters of a line from making a list or a heading."""
    return _LINE_START.sub(lambda found: f"{found[1]}{found[2]}\\{found[3]}", text)


def _line(line: Line) -> str:
    return "".join(_inline(part) for part in line)


def _inline(part: Inline) -> str:
    match part:
        case Ref():
            return f"[{escaped(part.label)}](#{_target(part.anchor)})"
        case Link():
            url = safe_url(part.url)
            if not url:
                return escaped(part.label)
            return f"<{url.replace('<', '%3C').replace('>', '%3E')}>"
        case Text():
            return _styled(part)


def _styled(part: Text) -> str:
    text = escaped(part.text)
    bare = text.strip()
    mark = {"strong": "**", "emphasis": "*"}.get(part.style, "")
    if not mark or not bare:
        return text
    lead = text[: len(text) - len(text.lstrip())]
    trail = text[len(text.rstrip()) :]
    return f"{lead}{mark}{bare}{mark}{trail}"


def _table(block: Table) -> Iterator[str]:
    if block.shows_caption:
        yield f"**{escaped(block.caption)}**"
    marks = {"left": ":--", "right": "--:", "center": ":-:"}
    rows = [
        "| " + " | ".join(escaped(head.title) or " " for head in block.heads) + " |",
        "| " + " | ".join(marks[head.align] for head in block.heads) + " |",
    ]
    rows += [
        "| " + " | ".join(_line(cell.line) or " " for cell in row) + " |" for row in block.rows
    ]
    yield "\n".join(rows)
    if block.note:
        yield _line(block.note)


def _picture(block: Picture, charts: Mapping[str, Chart]) -> Iterator[str]:
    yield _anchor(block.anchor) + f"**{escaped(block.title)}**"
    grid = charts[block.key].grid
    rows = [
        "| " + " | ".join(escaped(column.title) or " " for column in grid.columns) + " |",
        "| " + " | ".join(":--" for _ in grid.columns) + " |",
    ]
    for row in grid.rows[:_MOST_ROWS]:
        cells = [
            escaped(signed(cell_text(cell, column.unit)))
            for cell, column in zip(row, grid.columns, strict=True)
        ]
        rows.append("| " + " | ".join(cells) + " |")
    yield "\n".join(rows)
    left_out = len(grid.rows) - _MOST_ROWS
    if left_out > 0:
        yield f"{left_out} more rows stand in the record of the assessment."
    if block.notes:
        yield " ".join(_line(note) for note in block.notes)
