"""The case after page one: law, record, rival views, models, weighing, judgments, assumptions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from tumen.brief.blocks import (
    Block,
    Box,
    Bullets,
    Cell,
    Columns,
    Head,
    Heading,
    Line,
    Paragraph,
    Picture,
    Table,
    Text,
)
from tumen.brief.figures import charts, hypotheses_key
from tumen.brief.front import is_model, long_day, sentence
from tumen.brief.labels import Labels
from tumen.brief.roles import readable
from tumen.brief.tables import chance_text, components, grid_table, matrix
from tumen.core.finding import Figure, Finding

if TYPE_CHECKING:
    from tumen.assess import Assessment, Judgment, WeighingRecord

LAST_RANK = 5
"""Findings of a later rank stand in the annex only."""
LAST_PICTURE = 4
HALF_RANK = 2
"""From this rank on charts take half of the width."""
_WIDE_KINDS = ("heatmap", "strip", "yardstick")
_MOST_ROWS = 14
"""A longer table without a chart stands in the annex only."""


def law(record: Assessment, labels: Labels) -> Iterator[Block]:
    """Yield what the law says, with the dates of the case."""
    found = [finding for finding in _told(labels) if finding.room == "regime"]
    if not found and not record.events:
        return
    yield Heading(1, "What the law forbids", "law")
    yield from _findings(found, labels)
    if record.events:
        yield Heading(2, "Dates", "dates")
        yield _timeline(record, labels)


def record_shows(record: Assessment, labels: Labels) -> Iterator[Block]:
    """Yield what was traded and whether it fits the rules."""
    elsewhere = ("regime", "evidence")
    found = [
        finding
        for finding in _told(labels)
        if finding.room not in elsewhere and not is_model(finding)
    ]
    if not found:
        return
    yield Heading(1, "What the record shows", "record")
    yield from _findings(found, labels)


def rivals(record: Assessment, labels: Labels) -> Iterator[Block]:
    """Yield the views that the assessment does not take."""
    if not record.rival_views:
        return
    yield Heading(1, "Who sees it otherwise", "rivals")
    for view in record.rival_views:
        cites = labels.cites(view.sources)
        yield Paragraph(
            (
                Text(f"{view.holder}: ", "strong"),
                Text(f"{view.text} "),
                *((*cites, Text(" ")) if cites else ()),
                Text("If this is right: ", "emphasis"),
                Text(view.implication),
            )
        )


def models(record: Assessment, labels: Labels) -> Iterator[Block]:
    """Yield the model numbers in a box of their own."""
    found = [
        finding for finding in _told(labels) if is_model(finding) and finding.room != "evidence"
    ]
    if not found:
        return
    yield Heading(1, "What the models say", "models")
    caution = Paragraph(
        (
            Text(
                "Everything in this box is computed or judged, not observed. Read directions and "
                "ranges; single digits mean little."
            ),
        ),
        role="quiet",
    )
    yield Box("model", "Model, not fact", (caution, *_findings(found, labels)))


def weighings(record: Assessment, labels: Labels) -> Iterator[Block]:
    """Yield each set of rival hypotheses with its matrix, its weak points and its watch list."""
    if not record.weighings:
        return
    yield Heading(1, "How the evidence weighs", "weighing")
    for weighing in record.weighings:
        yield from _weighing(record, weighing, labels)


def _weighing(record: Assessment, weighing: WeighingRecord, labels: Labels) -> Iterator[Block]:
    anchor = f"weighing-{weighing.id}"
    yield Heading(2, weighing.question, anchor)
    own = [
        finding
        for finding in labels.findings
        if finding.id.startswith(f"evidence.{weighing.id}.") and finding.rank <= LAST_RANK
    ]
    if not any(finding.figure for finding in own):
        drawn = charts(record)[hypotheses_key(weighing.id)]
        yield picture(drawn.key, drawn.figure, ())
    yield from _findings(own, labels)
    yield _hypotheses(weighing)
    if weighing.items:
        yield matrix(weighing, labels)
    if weighing.flipping:
        yield Heading(3, "What would put a rival on top", f"{anchor}-flips")
        yield _bullets(weighing.flipping)
    if weighing.watch:
        yield Heading(3, "What to watch, most telling first", f"{anchor}-watch")
        yield _bullets(weighing.watch)
    yield Paragraph((Text(weighing.method),), role="quiet")


def _hypotheses(weighing: WeighingRecord) -> Table:
    has_without = any(one.without is not None for one in weighing.hypotheses)
    heads = [
        Head("", width=0.6),
        Head("Hypothesis", width=4.0),
        Head("Before", "right", 1.0),
        Head("After", "right", 2.2),
        *([Head("Without models", "right", 2.2)] if has_without else []),
        Head("Leads in draws", "right", 1.2),
    ]
    rows = []
    for place, one in enumerate(weighing.hypotheses, 1):
        cells = [
            f"H{place}",
            one.text,
            f"{100 * one.prior.value:.0f} %",
            chance_text(one.posterior),
        ]
        if has_without:
            cells.append(chance_text(one.without) if one.without else "–")
        cells.append(f"{100 * one.stays_top:.0f} %")
        rows.append(tuple(Cell((Text(text),)) for text in cells))
    return Table(
        heads=tuple(heads),
        rows=tuple(rows),
        caption="The rivals, before and after the evidence",
        size="small",
        shows_caption=False,
    )


def judgments(record: Assessment, labels: Labels) -> Iterator[Block]:
    """Yield each judgment with what limits its confidence, what it rests on and its dissent."""
    if not record.judgments:
        return
    yield Heading(1, "How sure, and why not more", "judgments")
    drawn = charts(record)["brief.judgments"]
    yield picture(drawn.key, drawn.figure, ())
    for judgment in record.judgments:
        yield from _judgment(judgment, labels)


def _judgment(judgment: Judgment, labels: Labels) -> Iterator[Block]:
    ref = labels.judgment(judgment.id)
    likelihood, confidence = judgment.sentences()
    yield Heading(2, f"{ref.label}  {_capital(judgment.statement)}", ref.anchor)
    yield Paragraph((Text(f"{likelihood} "), Text(confidence)))
    if judgment.confidence.lowered_by:
        yield Paragraph((Text("Lowered by the analyst: "), Text(judgment.confidence.lowered_by)))
    if judgment.confidence.components:
        yield components(judgment)
    rests = labels.links(judgment.rests_on)
    if rests:
        yield Paragraph((Text("Rests on ", "strong"), *rests, Text(".")))
    if judgment.dissent:
        yield Paragraph((Text("Against it: ", "strong"), Text(judgment.dissent)))
    if judgment.would_change:
        yield Paragraph((Text("What would change it", "strong"),), role="label")
        yield _bullets(judgment.would_change)


def assumptions(record: Assessment, labels: Labels) -> Iterator[Block]:
    """Yield the key assumptions and what is not known."""
    if not record.assumptions and not record.gaps:
        return
    yield Heading(1, "Assumptions and gaps", "assumptions")
    if record.assumptions:
        yield Table(
            heads=(
                Head("Assumed", width=2.4),
                Head("If it is wrong", width=2.4),
                Head("Support", width=1.8),
            ),
            rows=tuple(
                (
                    Cell((Text(one.text),)),
                    Cell((Text(one.if_wrong),)),
                    Cell((Text(one.support or "none given", "plain" if one.support else "quiet"),)),
                )
                for one in record.assumptions
            ),
            caption="Key assumptions and what follows if they are wrong",
            size="small",
            shows_caption=False,
        )
    if record.gaps:
        yield Heading(2, "What is not known", "gaps")
        yield _bullets(record.gaps)


def picture(key: str, figure: Figure, cited: Line, *, is_half: bool = False) -> Picture:
    """Return a chart with its title, its unit and source notes and its text for the blind."""
    words = [figure.unit_note] if figure.unit_note else []
    if figure.source_note:
        words.append(f"Source: {figure.source_note}")
    note: Line = (Text(" ".join(_stopped(_capital(one)) for one in words) + " "), *cited)
    return Picture(
        key=key,
        title=figure.title,
        alt=figure.alt or f"{figure.title}. {figure.unit_note}",
        notes=(note,) if words or cited else (),
        anchor=f"chart-{key}",
        is_half=is_half,
    )


def _told(labels: Labels) -> list[Finding]:
    return [finding for finding in labels.findings if finding.rank <= LAST_RANK]


def _findings(found: Iterable[Finding], labels: Labels) -> Iterator[Block]:
    """Yield findings in their order; lesser charts stand side by side."""
    aside: list[tuple[Block, ...]] = []
    for finding in found:
        blocks = tuple(_finding(finding, labels))
        if any(isinstance(block, Picture) and block.is_half for block in blocks):
            aside.append(blocks)
            continue
        yield from _side_by_side(aside)
        aside = []
        yield from blocks
    yield from _side_by_side(aside)


def _side_by_side(groups: list[tuple[Block, ...]]) -> Iterator[Block]:
    """Yield pairs of findings beside each other; an odd one takes the whole width."""
    paired = len(groups) - len(groups) % 2
    if paired:
        yield Columns(tuple(groups[:paired]))
    for block in (block for group in groups[paired:] for block in group):
        yield replace(block, is_half=False) if isinstance(block, Picture) else block


def _finding(finding: Finding, labels: Labels) -> Iterator[Block]:
    cites = () if is_model(finding) else labels.cites(finding.sources)
    yield Paragraph((*sentence(finding, labels), *((Text(" "), *cites) if cites else ())))
    if is_pictured(finding):
        assert finding.figure is not None
        is_half = finding.rank >= HALF_RANK and finding.figure.kind not in _WIDE_KINDS
        yield picture(finding.id, finding.figure, (labels.refs[finding.id],), is_half=is_half)
    elif finding.id not in labels.page_one and has_table_in_text(finding):
        yield grid_table(finding, labels, shows_caption=False)
    if finding.caveats and finding.rank <= 1:
        yield Paragraph((Text("Mind: ", "strong"), Text(finding.caveats[0])), role="quiet")


def is_pictured(finding: Finding) -> bool:
    """Whether a finding's chart stands in the text: not of late rank, and no line of two points."""
    figure, grid = finding.figure, finding.grid
    if figure is None or grid is None or finding.rank > LAST_PICTURE:
        return False
    return figure.kind != "series" or len(set(grid.column(figure.x))) > 2


def has_table_in_text(finding: Finding) -> bool:
    """Whether a finding's table stands in the text, so that the annex need not repeat it."""
    grid = finding.grid
    is_short = grid is not None and len(grid.rows) <= _MOST_ROWS
    return is_short and finding.figure is None and finding.rank <= LAST_RANK


def _timeline(record: Assessment, labels: Labels) -> Table:
    ordered = sorted(record.events, key=lambda event: event.on)
    return Table(
        heads=(Head("Date", width=1.3), Head("Event", width=5.0)),
        rows=tuple(
            (
                Cell((Text(long_day(event.on)),)),
                Cell((Text(f"{readable(event.text)} "), *labels.cites(event.sources))),
            )
            for event in ordered
        ),
        caption="Dates of the case",
        size="small",
        shows_caption=False,
    )


def _bullets(texts: Iterable[str]) -> Bullets:
    return Bullets(tuple((Text(_stopped(_capital(text))),) for text in texts))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _stopped(text: str) -> str:
    return text if text.rstrip().endswith((".", "!", "?", "…")) else f"{text.rstrip()}."
