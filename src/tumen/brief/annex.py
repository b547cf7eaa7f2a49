"""The end of a brief: method and data, every finding and item with its ground, the references."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tumen.brief.blocks import Block, Cell, Head, Heading, Inline, Line, Paragraph, Table, Text
from tumen.brief.front import long_day
from tumen.brief.labels import Labels
from tumen.brief.rows import likelihood_words
from tumen.brief.sections import has_table_in_text
from tumen.brief.tables import grid_table
from tumen.core.finding import Estimate, Finding, Input

if TYPE_CHECKING:
    from tumen.assess import Assessment
    from tumen.assess.record import EvidenceRecord, WeighingRecord

HASH_LENGTH = 12
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
    yield Heading(1, "Method and data", "method")
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
    inputs = _inputs(record)
    if inputs:
        yield Table(
            heads=(Head("Data", width=5.0), Head("SHA-256 begins", "right", 1.6)),
            rows=tuple(
                (
                    Cell((Text(one.note or _spoken(one.id)),)),
                    Cell((Text(one.sha256[:HASH_LENGTH]),)),
                )
                for one in inputs
            ),
            caption="Data and libraries by content",
            size="small",
        )
    versions = ", ".join(f"{name} {number}" for name, number in sorted(manifest.versions.items()))
    yield Paragraph(
        (
            Text(f"Case {manifest.case_sha256[:HASH_LENGTH]}, random streams from seed "),
            Text(f"{manifest.seed}; {versions}."),
        ),
        role="quiet",
    )


def _inputs(record: Assessment) -> list[Input]:
    """Return all inputs, each content once, those of the manifest first."""
    every = [*record.manifest.inputs, *(one for each in record.findings for one in each.inputs)]
    return list({(one.id, one.sha256): one for one in reversed(every)}.values())[::-1]


def _spoken(name: str) -> str:
    return name.replace(".", ": ", 1).replace("_", " ").replace(".", " ")


def annex(record: Assessment, labels: Labels) -> Iterator[Block]:
    """Yield every item of evidence and every finding with what it rests on."""
    if any(weighing.items for weighing in record.weighings):
        yield Heading(1, "Annex: the evidence", "evidence")
        seen: set[str] = set()
        for weighing in record.weighings:
            for item in weighing.items:
                if item.id not in seen:
                    yield _item(item, weighing, labels)
                seen.add(item.id)
    if labels.findings:
        yield Heading(1, "Annex: the findings", "findings")
        for finding in labels.findings:
            yield from _finding(finding, labels)


def _item(item: EvidenceRecord, weighing: WeighingRecord, labels: Labels) -> Paragraph:
    ref = labels.refs[item.id]
    parts: list[Inline] = [Text(f"{ref.label}  ", "strong"), Text(_stopped(item.text))]
    cites = labels.cites(item.sources)
    if cites:
        parts += [Text(" "), *cites]
    parts.append(
        Text(f" Grade {item.reliability}{item.credibility}; source group: {item.group}.", "quiet")
    )
    for place, reason in enumerate(item.reasons):
        if reason and place < len(item.ratings):
            parts.append(Text(f" H{place + 1} {item.ratings[place]}: ", "emphasis"))
            parts.append(Text(_stopped(reason)))
    return Paragraph(tuple(parts), role="entry", anchor=ref.anchor)


def _finding(finding: Finding, labels: Labels) -> Iterator[Block]:
    ref = labels.refs[finding.id]
    line: list[Inline] = [Text(f"{ref.label}  ", "strong"), Text(finding.sentence)]
    cites = labels.cites(finding.sources)
    if cites:
        line += [Text(" "), *cites]
    yield Paragraph(tuple(line), role="entry", anchor=ref.anchor)
    if finding.estimate is not None:
        yield Paragraph((Text("Number: ", "emphasis"), Text(_number(finding.estimate))), "quiet")
    if finding.method:
        yield Paragraph((Text("Method: ", "emphasis"), Text(_stopped(finding.method))), "quiet")
    if finding.inputs:
        yield Paragraph((Text("From: ", "emphasis"), *_from(finding)), "quiet")
    if finding.caveats:
        caveats = " ".join(_stopped(caveat) for caveat in finding.caveats)
        yield Paragraph((Text("Mind: ", "emphasis"), Text(caveats)), "quiet")
    if finding.grid is not None and finding.grid.rows and not has_table_in_text(finding):
        is_dense = finding.figure is not None and finding.figure.kind in ("strip", "heatmap")
        yield grid_table(finding, labels, most=10 if is_dense else 24)


def _from(finding: Finding) -> Line:
    words = "; ".join(
        f"{one.note or _spoken(one.id)} [{one.sha256[:HASH_LENGTH]}]" for one in finding.inputs
    )
    return (Text(f"{words}."),)


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
