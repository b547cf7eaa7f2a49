"""Page one: what a minister reads."""

from __future__ import annotations

from collections.abc import Iterator
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
from tumen.brief.labels import Labels
from tumen.brief.roles import readable
from tumen.brief.tables import grid_table
from tumen.core.errors import CaseError
from tumen.core.finding import Finding
from tumen.core.nearest import did_you_mean

if TYPE_CHECKING:
    from tumen.assess import Assessment, Judgment
    from tumen.brief.spec import Spec

MODEL_ROOMS = frozenset({"impact", "strategy"})
_FLOWS = {"recorded": "recorded trade", "real": "real flows", "none": ""}
_MOST_CHANGES = 5
_LAW_ROWS = 8


def is_model(finding: Finding) -> bool:
    """Whether a finding is a model's or an analyst's number rather than a sourced fact."""
    estimate = finding.estimate
    is_judged = estimate is not None and estimate.basis in ("modelled", "judged")
    return finding.room in MODEL_ROOMS or is_judged


def front(record: Assessment, labels: Labels, spec: Spec) -> tuple[Block, ...]:
    """Return page one: answer, judgments, law, facts, what would change, options."""
    chosen = _chosen(record, labels, spec)
    law = [finding for finding in chosen if finding.room == "regime"]
    facts = [finding for finding in chosen if finding.room != "regime" and not is_model(finding)]
    models = [finding for finding in chosen if finding.room != "regime" and is_model(finding)]
    return (
        Paragraph((Text(record.headline),), role="lead"),
        *_judgments(record, labels),
        *_law(record, law, labels),
        *_facts(facts, models, labels),
        *_changes(record, labels),
        *_options(record, labels),
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
    for judgment in record.judgments:
        yield _judged(judgment, labels)


def _judged(judgment: Judgment, labels: Labels) -> Judged:
    likelihood, confidence = judgment.sentences()
    chance, settled = judgment.probability, judgment.resolution
    assert chance.low is not None
    assert chance.high is not None
    return Judged(
        ref=labels.judgment(judgment.id),
        about=_FLOWS[judgment.flow],
        word=judgment.word,
        chance=(chance.low, chance.value, chance.high),
        likelihood=(Text(likelihood),),
        confidence=(Text(confidence),),
        settled=(
            Text("Settled by ", "strong"),
            Text(f"{_unstopped(settled.quantity)}; source: {_unstopped(settled.source)}; "),
            Text(f"by {long_day(settled.by)}."),
        ),
    )


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
        yield Paragraph(sentence(finding, labels))
        if finding.grid is not None and finding.figure is None:
            yield grid_table(finding, labels, most=_LAW_ROWS, shows_caption=False)


def _facts(facts: list[Finding], models: list[Finding], labels: Labels) -> Iterator[Block]:
    if facts:
        yield Heading(1, "What the record shows", "facts-in-short")
        yield Bullets(tuple(sentence(finding, labels) for finding in facts))
    if models:
        lines = tuple(sentence(finding, labels) for finding in models)
        yield Box("model", "Model, not fact", (Bullets(lines),))


def _changes(record: Assessment, labels: Labels) -> Iterator[Block]:
    """Yield what would change the judgments: the first reason of each, then the second ones."""
    found: dict[str, list[Ref]] = {}
    depth = max((len(judgment.would_change) for judgment in record.judgments), default=0)
    for place in range(depth):
        for judgment in record.judgments:
            if place < len(judgment.would_change):
                reasons = found.setdefault(judgment.would_change[place], [])
                reasons.append(labels.judgment(judgment.id))
    if not found:
        return
    yield Heading(1, "What would change this", "would-change")
    lines: list[Line] = []
    for text, refs in list(found.items())[:_MOST_CHANGES]:
        marks = [part for ref in dict.fromkeys(refs) for part in (Text(" "), ref)]
        lines.append((Text(_stopped(_capital(text))), *marks))
    yield Bullets(tuple(lines))


def _options(record: Assessment, labels: Labels) -> Iterator[Block]:
    if not record.options:
        return
    yield Heading(1, "Options", "options")
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
            Head("Cost", width=1.4),
            Head("Likely reply", width=1.5),
            Head("What it would reveal", width=1.5),
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
