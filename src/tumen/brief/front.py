"""Page one: what a minister reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from tumen.brief.blocks import (
    Block,
    Box,
    Bullets,
    Cell,
    Head,
    Heading,
    Judged,
    Line,
    Paragraph,
    Ref,
    Table,
    Text,
)
from tumen.brief.labels import Labels, joined
from tumen.brief.roles import readable
from tumen.brief.tables import grid_table
from tumen.core.errors import CaseError
from tumen.core.finding import Cell as GridCell
from tumen.core.finding import Finding, Grid
from tumen.core.nearest import did_you_mean

if TYPE_CHECKING:
    from tumen.assess import Assessment, Judgment
    from tumen.brief.spec import Spec

MODEL_ROOMS = frozenset({"impact", "strategy"})
_FLOWS = {"recorded": "recorded trade", "real": "real flows", "none": ""}
_MOST_JUDGMENTS = 6
_MOST_CHANGES = 4
_LAW_ROWS = 12
_LONG_CELL = 48
_ASIDE = re.compile(r" \([^()]{12,}\)")
_PARAGRAPH = re.compile(r"S/RES/(\d+) \(\d{4}\), paragraph (\d+)")


def is_model(finding: Finding) -> bool:
    """Whether a finding is a model's or an analyst's number rather than a sourced fact."""
    estimate = finding.estimate
    is_judged = estimate is not None and estimate.basis in ("modelled", "judged")
    return finding.room in MODEL_ROOMS or is_judged


def front(record: Assessment, labels: Labels, spec: Spec) -> tuple[Block, ...]:
    """Return page one: answer, judgments, law, facts, what would change, options."""
    chosen = _chosen(record, labels, spec)
    law = [finding for finding in chosen if finding.room == "regime"]
    others = [finding for finding in chosen if finding.room != "regime"]
    facts = [finding for finding in others if not is_model(finding)]
    models = [finding for finding in others if is_model(finding)]
    return (
        Paragraph((Text(record.headline),), role="lead"),
        *_judgments(record, labels),
        *_law(record, law, labels),
        *_facts(facts, models, labels),
        *_changes(record, labels),
        *_levers(record),
    )


def sentence(finding: Finding, labels: Labels) -> Line:
    """Return a finding's sentence with its label."""
    return (Text(f"{finding.sentence} "), labels.refs[finding.id])


def _chosen(record: Assessment, labels: Labels, spec: Spec) -> list[Finding]:
    if not spec.page_one:
        return [finding for finding in labels.findings if finding.rank == 0]
    by_id = {finding.id: finding for finding in record.findings}
    for name in spec.page_one:
        if name not in by_id:
            raise CaseError(
                f"'{name}' is no finding of the assessment",
                "brief.page_one",
                did_you_mean(name, by_id),
            )
    return [by_id[name] for name in spec.page_one]


def _judgments(record: Assessment, labels: Labels) -> Iterator[Block]:
    if not record.judgments:
        return
    yield Heading(1, "Key judgments", "key-judgments")
    for judgment in record.judgments[:_MOST_JUDGMENTS]:
        yield _judged(judgment, labels)
    left_out = [labels.judgment(one.id) for one in record.judgments[_MOST_JUDGMENTS:]]
    if left_out:
        yield Paragraph((Text("Further judgments: "), *joined(left_out, ", ")), role="quiet")


def _judged(judgment: Judgment, labels: Labels) -> Judged:
    likelihood, _ = judgment.sentences()
    chance, settled = judgment.probability, judgment.resolution
    assert chance.low is not None
    assert chance.high is not None
    return Judged(
        ref=labels.judgment(judgment.id),
        about=_FLOWS[judgment.flow],
        word=judgment.word,
        chance=(chance.low, chance.value, chance.high),
        likelihood=(Text(likelihood),),
        confidence=(Text(_first_reason(judgment)),),
        settled=(
            Text("Settled by ", "strong"),
            Text(f"{long_day(settled.by)}: {_unstopped(settled.quantity)}. "),
            Text(f"Source: {_unstopped(settled.source)}."),
        ),
    )


def _first_reason(judgment: Judgment) -> str:
    """Return the confidence with its first reason; the other reasons stand in the case."""
    reason = judgment.confidence.reason.split("; ", 1)[0]
    return f"Confidence is {judgment.confidence.level}: {_unstopped(reason)}."


def _unstopped(text: str) -> str:
    return text.strip().rstrip(".")


def long_day(day: object) -> str:
    """Return a day as prose prints it, e.g. ``31 August 2017``."""
    return f"{day:%d %B %Y}".lstrip("0")


def _law(record: Assessment, law: list[Finding], labels: Labels) -> Iterator[Block]:
    if not law:
        return
    yield Heading(1, f"What is prohibited on {long_day(record.as_of)}", "prohibited")
    for finding in law:
        has_table = finding.grid is not None and finding.figure is None
        if has_table:
            table = grid_table(short_law(finding), labels, most=_LAW_ROWS, shows_caption=False)
            more = (
                Text("In words, with every line of law and the reasons: "),
                labels.refs[finding.id],
            )
            yield replace(table, note=(*more, Text("."), *(Text(" "), *table.note)))
        else:
            yield Paragraph(sentence(finding, labels))


def short_law(finding: Finding) -> Finding:
    """Return a finding with the columns of its table that page one has room for.

    A column of codes, one that says the same or nothing in most rows and one with long cells are
    left to the annex; paragraphs of the Security Council are cited shortly.
    """
    grid = finding.grid
    assert grid is not None
    rows = [[_short_paragraph(cell) for cell in row] for row in grid.rows]
    kept = [
        place
        for place in range(len(grid.columns))
        if place == 0 or _tells_rows_apart([row[place] for row in rows])
    ]
    shown = Grid(
        columns=tuple(grid.columns[place] for place in kept),
        rows=tuple(tuple(row[place] for place in kept) for row in rows),
    )
    return finding.model_copy(update={"grid": shown})


def _tells_rows_apart(cells: list[GridCell]) -> bool:
    known = [cell for cell in cells if cell is not None]
    if sum(str(cell).isdigit() for cell in known) > len(known) / 2:
        return False
    is_long = sum(len(str(cell)) for cell in known) > _LONG_CELL * len(known)
    return len(known) > len(cells) / 3 and (len(set(cells)) > 1 or len(cells) == 1) and not is_long


def _short_paragraph(cell: GridCell) -> GridCell:
    return _PARAGRAPH.sub(r"\1, para. \2", cell) if isinstance(cell, str) else cell


def _facts(facts: list[Finding], models: list[Finding], labels: Labels) -> Iterator[Block]:
    if facts:
        yield Heading(1, "What the record shows", "facts-in-short")
        yield Bullets(tuple(sentence(finding, labels) for finding in facts))
    if models:
        lines = tuple(sentence(finding, labels) for finding in models)
        yield Box("model", "Model, not fact", (Bullets(lines),))


def _changes(record: Assessment, labels: Labels) -> Iterator[Block]:
    """Yield what would change the judgments most: the first reason of each, told once."""
    found: dict[str, list[Ref]] = {}
    for judgment in record.judgments:
        for text in judgment.would_change[:1]:
            found.setdefault(text, []).append(labels.judgment(judgment.id))
    if not found:
        return
    yield Heading(1, "What would change this", "would-change")
    lines: list[Line] = []
    for text, refs in list(found.items())[:_MOST_CHANGES]:
        short = _ASIDE.sub("", text)
        lines.append((Text(f"{_stopped(_capital(short))} "), *joined(refs, " ")))
    yield Bullets(tuple(lines))


def _levers(record: Assessment) -> Iterator[Block]:
    """Yield the levers and who must act; cost, reply and what they reveal stand overleaf."""
    if not record.options:
        return
    yield Heading(1, "Options and who must act", "levers")
    yield Bullets(
        tuple(
            (Text(f"{_stopped(option.text)} "), Text(_stopped(readable(option.who)), "quiet"))
            for option in record.options
        )
    )


def options(record: Assessment, labels: Labels) -> Iterator[Block]:
    """Yield each lever with who must act, its cost, the likely reply and what it would reveal."""
    if not record.options:
        return
    yield Heading(1, "Options: cost, likely reply, what each reveals", "options")
    rows = []
    for option in record.options:
        lever: list[Text] = [Text(option.text, "strong")]
        if option.authority:
            lever.append(Text(f" {_stopped(option.authority)}", "quiet"))
        if option.available_from:
            lever.append(Text(f" From {long_day(option.available_from)}.", "quiet"))
        cites = labels.cites(option.sources)
        rows.append(
            (
                Cell((*lever, *((Text(" "), *cites) if cites else ()))),
                *(
                    Cell((Text(readable(text)),))
                    for text in (option.who, option.cost, option.reply, option.reveals)
                ),
            )
        )
    yield Table(
        heads=(
            Head("Lever", width=2.2),
            Head("Who must act", width=1.2),
            Head("Cost", width=1.5),
            Head("Likely reply", width=1.6),
            Head("What it would reveal", width=1.6),
        ),
        rows=tuple(rows),
        caption="Options: who must act, at what cost, with which reply",
        size="small",
        shows_caption=False,
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _stopped(text: str) -> str:
    return text if text.rstrip().endswith((".", "!", "?", "…")) else f"{text.rstrip()}."
