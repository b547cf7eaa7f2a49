"""The document tree as plain data, by which templates read it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from tumen.brief.blocks import (
    Block,
    Box,
    Bullets,
    Cell,
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
from tumen.brief.characters import printable_tree
from tumen.brief.front import long_day
from tumen.brief.links import safe_url

Plain = dict[str, Any]

_APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])")
_UNIT = re.compile(r"(?<=\d) (?=%)|(?<=\bUSD) (?=[\d-])")
_DAY = re.compile(r"(?<![\w/-])\d{4}-\d{2}-\d{2}(?![\w/-])")
_RANGE = re.compile(r"(?<=\d)-(?=\d+ ?%)")


def plain_document(document: Document) -> Plain:
    """Return a document as dictionaries, lists, texts and numbers, each block with its kind.

    Anchors are unique, and a reference whose place is missing is a text: no link is dead.
    """
    plain: Plain = printable_tree(_plain(document))
    known: set[str] = set()
    _keep_first_anchors(plain, known)
    _free_dead_references(plain, known)
    return plain


def _keep_first_anchors(value: Any, known: set[str]) -> None:
    if isinstance(value, dict):
        if value.get("anchor") and value.get("kind") != "ref":
            if value["anchor"] in known:
                value["anchor"] = ""
            known.add(value["anchor"])
        for one in value.values():
            _keep_first_anchors(one, known)
    elif isinstance(value, list):
        for one in value:
            _keep_first_anchors(one, known)


def _free_dead_references(value: Any, known: set[str]) -> None:
    if isinstance(value, dict):
        if value.get("kind") == "ref" and value["anchor"] not in known:
            label = value.pop("label")
            value.pop("anchor")
            value.update(kind="text", text=label, style="plain", lang="")
        for one in value.values():
            _free_dead_references(one, known)
    elif isinstance(value, list):
        for one in value:
            _free_dead_references(one, known)


def _plain(document: Document) -> Plain:
    return {
        "title": typeset(document.title),
        "question": typeset(document.question),
        "as_of": long_day(document.as_of),
        "horizon": long_day(document.horizon),
        "date": document.as_of.isoformat(),
        "authors": list(document.authors),
        "edition": document.edition,
        "language": document.language,
        "contents": [[title, anchor] for title, anchor in document.contents],
        "front": [plain_block(block) for block in document.front],
        "body": [plain_block(block) for block in document.body],
    }


def plain_block(block: Block) -> Plain:
    """Return one block."""
    match block:
        case Heading():
            return {
                "kind": "heading",
                "level": block.level,
                "text": typeset(spoken_days(block.text)),
                "anchor": block.anchor,
                "is_on_new_page": block.is_on_new_page,
            }
        case Paragraph():
            return {
                "kind": "paragraph",
                "line": plain_line(block.line),
                "role": block.role,
                "anchor": block.anchor,
            }
        case Bullets():
            items = [plain_line(item) for item in block.items]
            return {"kind": "bullets", "points": items, "ordered": block.ordered}
        case Table():
            return _table(block)
        case Picture():
            return {
                "kind": "picture",
                "key": block.key,
                "title": typeset(spoken_days(block.title)),
                "alt": block.alt,
                "notes": [plain_line(note) for note in block.notes],
                "anchor": block.anchor,
                "is_half": block.is_half,
            }
        case Judged():
            return _judged(block)
        case Box():
            return {
                "kind": "box",
                "tone": block.kind,
                "title": typeset(block.title),
                "blocks": [plain_block(inner) for inner in block.blocks],
            }
        case Columns():
            groups = [[plain_block(inner) for inner in group] for group in block.groups]
            return {"kind": "columns", "groups": groups}


def plain_line(line: Line, *, is_cell: bool = False) -> list[Plain]:
    """Return a line's parts; a link with an unsafe address is a text.

    Days are spoken in running text and stay short in the cells of a table.
    """
    return [_inline(part, is_cell=is_cell) for part in line]


def _inline(part: Inline, *, is_cell: bool = False) -> Plain:
    match part:
        case Ref():
            return {"kind": "ref", "anchor": part.anchor, "label": part.label}
        case Link():
            url = safe_url(part.url)
            if url:
                return {"kind": "link", "url": url, "label": part.label}
            return {"kind": "text", "text": part.label, "style": "plain", "lang": ""}
        case Text():
            text = typeset(_whole_days(part.text) if is_cell else spoken_days(part.text))
            return {"kind": "text", "text": text, "style": part.style, "lang": part.lang}


def _table(block: Table) -> Plain:
    total = sum(head.width for head in block.heads)
    return {
        "kind": "table",
        "heads": [
            {"title": head.title, "align": head.align, "share": head.width / total}
            for head in block.heads
        ],
        "rows": [[_cell(cell) for cell in row] for row in block.rows],
        "caption": block.caption,
        "note": plain_line(block.note),
        "anchor": block.anchor,
        "size": block.size,
        # Text tables fall apart into short lists on a phone; numbers stay in columns.
        "stacks": all(head.align == "left" for head in block.heads),
        "row_heads": block.row_heads,
        "shows_caption": block.shows_caption,
    }


def _cell(cell: Cell) -> Plain:
    return {"line": plain_line(cell.line, is_cell=True), "tone": cell.tone}


def _judged(block: Judged) -> Plain:
    return {
        "kind": "judged",
        "ref": _inline(block.ref),
        "about": block.about,
        "word": block.word,
        "chance": list(block.chance),
        "likelihood": plain_line(block.likelihood),
        "confidence": plain_line(block.confidence),
        "settled": plain_line(block.settled),
    }


def typeset(text: str) -> str:
    """Return a text with true apostrophes, dashes in ranges, and units that stay at their number.

    Examples
    --------
    >>> typeset("China's share is 5-20 %").replace("\\u00a0", "_").replace("\\u2060", "")
    'China’s share is 5–20_%'
    """
    return _UNIT.sub("\u00a0", _RANGE.sub("–\u2060", _APOSTROPHE.sub("’", text)))


def _whole_days(text: str) -> str:
    """Keep a day in a narrow column from breaking at its hyphens."""
    return _DAY.sub(lambda found: found[0].replace("-", "-\u2060"), text)


def spoken_days(text: str) -> str:
    """Return a text in which each ISO day is spoken.

    Examples
    --------
    >>> spoken_days("released by 2017-08-31.")
    'released by 31 August 2017.'
    """

    def spoken(found: re.Match[str]) -> str:
        try:
            return long_day(date.fromisoformat(found[0]))
        except ValueError:
            return found[0]

    return _DAY.sub(spoken, text)


def pictures_of(value: Any) -> dict[str, bool]:
    """Return the key of each picture in plain data, and whether it takes half of the width."""
    if isinstance(value, list):
        return {key: half for one in value for key, half in pictures_of(one).items()}
    if not isinstance(value, dict):
        return {}
    if value.get("kind") == "picture":
        return {value["key"]: value["is_half"]}
    return pictures_of(list(value.values()))


def words_of(value: Any) -> str:
    """Return every text in plain data, joined: what a page needs glyphs for."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return "".join(words_of(one) for one in value.values())
    if isinstance(value, list):
        return "".join(words_of(one) for one in value)
    return ""
