"""The end of a brief: method and data, every finding and item with its ground, the references."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tumen.brief.blocks import Block, Heading, Inline, Line, Paragraph, Text
from tumen.brief.front import long_day
from tumen.brief.labels import Labels, inputs_of, joined
from tumen.brief.rows import likelihood_words
from tumen.brief.sections import has_table_in_text
from tumen.brief.tables import grid_table
from tumen.core.finding import Estimate, Finding

if TYPE_CHECKING:
    from tumen.assess import Assessment, EvidenceRecord, WeighingRecord

HASH_LENGTH = 12
_MOST_ROWS, _MOST_WHOLE = 12, 80
"""Rows of a table that a chart shows too, and of one that shows all; the record holds the rest."""
_BASES = {
    "recorded": "recorded",
    "estimated": "estimated by",
    "modelled": "computed by a model",
    "judged": "judged by the analyst",
    "computed": "computed from the above inputs",
    "law": "set by law",
}


def method_and_data(record: Assessment, labels: Labels) -> Iterator[Block]:
    """Yield what the numbers were made from and how they can be made again."""
    manifest = record.manifest
    yield Heading(1, "Method and data", "method", is_on_new_page=True)
    yield Paragraph((Text(
        f"Nothing published after {long_day(record.as_of)} enters any number, except later "
        "vintages of earlier periods, which are named below. Labels such as F1 lead to a "
        "finding with its method, inputs and caveats, labels such as E1 to an item of evidence."
    ),))  # fmt: skip
    scale = "; ".join(
        f"{word} {100 * low:.0f}-{100 * high:.0f} %" for word, low, high in likelihood_words()
    )
    yield Paragraph((Text("Words of likelihood (ICD 203): ", "strong"), Text(f"{scale}.")))
    for caveat in record.caveats:
        yield Paragraph((Text("Mind: ", "strong"), Text(caveat)), role="quiet")
    inputs = inputs_of(record)
    if inputs:
        yield Heading(2, "Data and libraries by content", "data")
    for one in inputs:
        ref = labels.data[(one.id, one.sha256)]
        line = (
            Text(f"{ref.label}  ", "strong"),
            Text(_stopped(one.note or _spoken(one.id))),
            Text(f" SHA-256 begins {one.sha256[:HASH_LENGTH]}.", "quiet"),
        )
        yield Paragraph(line, role="entry", anchor=ref.anchor)
    versions = ", ".join(f"{name} {number}" for name, number in sorted(manifest.versions.items()))
    yield Paragraph(
        (
            Text(f"Case {manifest.case_sha256[:HASH_LENGTH]}, random streams from seed "),
            Text(f"{manifest.seed}; {versions}."),
        ),
        role="quiet",
    )


def _spoken(name: str) -> str:
    return name.replace(".", ": ", 1).replace("_", " ").replace(".", " ")


def annex(record: Assessment, labels: Labels) -> Iterator[Block]:
    """Yield every item of evidence and every finding with what it rests on."""
    if any(weighing.items for weighing in record.weighings):
        yield Heading(1, "Annex: the evidence", "evidence", is_on_new_page=True)
        seen: set[str] = set()
        for weighing in record.weighings:
            for item in weighing.items:
                if item.id not in seen:
                    yield _item(item, weighing, labels)
                seen.add(item.id)
    if labels.findings:
        yield Heading(1, "Annex: the findings", "findings", is_on_new_page=True)
        for caveat, ref in labels.cautions.items():
            line = (Text(f"{ref.label}  ", "strong"), Text(_stopped(caveat)))
            yield Paragraph(line, role="entry", anchor=ref.anchor)
        for finding in labels.findings:
            yield from _finding(finding, labels)


def _item(item: EvidenceRecord, weighing: WeighingRecord, labels: Labels) -> Paragraph:
    ref = labels.refs[item.id]
    parts: list[Inline] = [Text(f"{ref.label}  ", "strong"), Text(_stopped(item.text))]
    cites = labels.cites(item.sources, most=99)
    if cites:
        parts += [Text(" "), *cites]
    parts.append(
        Text(f" Grade {item.reliability}{item.credibility}; source group: {item.group}.", "quiet")
    )
    parts += _reasons(item)
    return Paragraph(tuple(parts), role="entry", anchor=ref.anchor)


def _finding(finding: Finding, labels: Labels) -> Iterator[Block]:
    ref = labels.refs[finding.id]
    line: list[Inline] = [Text(f"{ref.label}  ", "strong"), Text(finding.sentence)]
    cites = labels.cites(finding.sources, most=99)
    if cites:
        line += [Text(" "), *cites]
    yield Paragraph(tuple(line), role="entry", anchor=ref.anchor)
    yield Paragraph(_ground(finding, labels), role="quiet")
    if finding.grid is None or not finding.grid.rows or has_table_in_text(finding):
        return
    if finding.figure is not None and finding.figure.kind in ("strip", "heatmap"):
        count = len(finding.grid.rows)
        yield Paragraph((Text(f"Its {count} cells stand in the record."),), role="quiet")
    else:
        most = _MOST_WHOLE if finding.figure is None else _MOST_ROWS
        yield grid_table(finding, labels, most=most)


def _ground(finding: Finding, labels: Labels) -> Line:
    """Return how a number came about: itself, the method, the data, what to mind."""
    parts: list[Inline] = []
    if finding.estimate is not None:
        parts += [Text("Number: ", "emphasis"), Text(f"{_number(finding.estimate)} ")]
    if finding.method:
        parts += [Text("Method: ", "emphasis"), Text(f"{_stopped(finding.method)} ")]
    if finding.inputs:
        data = [labels.data[(one.id, one.sha256)] for one in finding.inputs]
        parts += [Text("From: ", "emphasis"), *joined(data, ", "), Text(". ")]
    own = [caveat for caveat in finding.caveats if caveat not in labels.cautions]
    shared = [labels.cautions[one] for one in finding.caveats if one in labels.cautions]
    if own or shared:
        parts.append(Text("Mind: ", "emphasis"))
        parts += [Text(f"{_stopped(caveat)} ") for caveat in own]
        parts += [*joined(shared, ", "), Text(".")] if shared else []
    return tuple(parts)


def _reasons(item: EvidenceRecord) -> list[Inline]:
    """Return the reasons of the ratings, each told once with the ratings that it explains."""
    marks: dict[str, list[str]] = {}
    for place, (rating, reason) in enumerate(zip(item.ratings, item.reasons, strict=False), 1):
        if reason:
            marks.setdefault(reason, []).append(f"H{place} {rating}")
    parts: list[Inline] = []
    for reason, rated in marks.items():
        parts += [Text(f" {', '.join(rated)}: ", "emphasis"), Text(_stopped(reason))]
    return parts


def _number(estimate: Estimate) -> str:
    basis = _BASES[estimate.basis]
    who = f" {estimate.claimant}" if estimate.claimant else ""
    words = f"{estimate.text()}, {basis}{who}".rstrip()
    if estimate.coverage is not None:
        words += f"; the range holds {100 * estimate.coverage:.0f} % of the draws"
    return f"{words}."


def references(labels: Labels) -> Iterator[Block]:
    """Yield the list of references."""
    if not len(labels.works):
        return
    yield Heading(1, "References", "references")
    for entry in labels.works:
        yield Paragraph(entry.line, role="entry", anchor=entry.anchor)


def _stopped(text: str) -> str:
    return text if text.rstrip().endswith((".", "!", "?", "…")) else f"{text.rstrip()}."
