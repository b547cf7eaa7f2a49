"""The document tree: what a brief says, before anyone decides how it looks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Style = Literal["plain", "strong", "emphasis", "quiet"]
Align = Literal["left", "right", "center"]
Tone = Literal["plain", "for", "against", "firmly-against", "strong", "muted"]


@dataclass(frozen=True)
class Text:
    """Words as they stand; nothing in them is markup. `lang` is a BCP 47 tag when it is known."""

    text: str
    style: Style = "plain"
    lang: str = ""


@dataclass(frozen=True)
class Ref:
    """A link inside the document, printed as a short label such as ``F12``."""

    anchor: str
    label: str


@dataclass(frozen=True)
class Link:
    """A link to the web; only ``http`` and ``https`` are followed, see `links.safe_url`."""

    url: str
    label: str


Inline = Text | Ref | Link
Line = tuple[Inline, ...]


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 (part) to 3, with an anchor; a part may begin on a new page."""

    level: int
    text: str
    anchor: str
    is_on_new_page: bool = False


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; its role decides its size (``lead`` for the answer in one sentence)."""

    line: Line
    role: Literal["body", "lead", "quiet", "entry", "label"] = "body"
    anchor: str = ""


@dataclass(frozen=True)
class Bullets:
    """A list of lines."""

    items: tuple[Line, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Cell:
    """A cell of a table with its tint; the tint only repeats what the words say."""

    line: Line
    tone: Tone = "plain"
    anchor: str = ""


@dataclass(frozen=True)
class Head:
    """The head of a column: title, alignment and share of the width."""

    title: str
    align: Align = "left"
    width: float = 1.0


@dataclass(frozen=True)
class Table:
    """A table with a caption that says what it holds."""

    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str
    note: Line = ()
    anchor: str = ""
    size: Literal["normal", "small"] = "normal"
    row_heads: bool = True
    shows_caption: bool = True

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.heads):
                raise ValueError(f"a row has {len(row)} cells, the table {len(self.heads)} heads")


@dataclass(frozen=True)
class Picture:
    """A chart by the key that `figures.charts` gives it, with what stands above and below."""

    key: str
    title: str
    alt: str
    notes: tuple[Line, ...] = ()
    anchor: str = ""
    is_half: bool = False


@dataclass(frozen=True)
class Judged:
    """A key judgment as a minister reads it: what, how sure, and how it will be settled.

    Attributes
    ----------
    ref
        Its label, which leads to its reasons.
    about
        Whether it speaks of recorded trade or real flows; empty for neither.
    word, chance
        Likelihood word, and low, central and high probability.
    likelihood, confidence, settled
        One sentence each.
    """

    ref: Ref
    about: str
    word: str
    chance: tuple[float, float, float]
    likelihood: Line
    confidence: Line
    settled: Line


@dataclass(frozen=True)
class Box:
    """Blocks that stand apart; the kind decides the ground and the mark at its edge."""

    kind: Literal["model", "law", "warning", "plain"]
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Columns:
    """Groups of blocks side by side, two in a row; one below the other on a phone."""

    groups: tuple[tuple[Block, ...], ...]


Block = Heading | Paragraph | Bullets | Table | Picture | Judged | Box | Columns


@dataclass(frozen=True)
class Document:
    """A brief: page one, then the case.

    Attributes
    ----------
    title, question, as_of, authors
        The head of page one.
    front
        Page one; a paged renderer keeps it on one page when it can.
    body
        Everything else, in reading order.
    edition
        What identifies this edition: case and content hash, shortened.
    """

    title: str
    question: str
    as_of: date
    horizon: date
    authors: tuple[str, ...]
    edition: str
    front: tuple[Block, ...]
    body: tuple[Block, ...]
    language: str = "en"
    contents: tuple[tuple[str, str], ...] = field(default=())


def plain_text(line: Line) -> str:
    """Return the words of a line without style or links.

    Examples
    --------
    >>> plain_text((Text("Coal "), Ref("f-1", "F1")))
    'Coal F1'
    """
    return "".join(part.text if isinstance(part, Text) else part.label for part in line)
