"""Short labels and anchors: F for findings, E for evidence, J for judgments, H for hypotheses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tumen.brief.bibliography import Bibliography
from tumen.brief.blocks import Inline, Line, Ref, Text
from tumen.core.finding import Finding, Input

if TYPE_CHECKING:
    from tumen.assess import Assessment

ROOMS = ("regime", "trade", "monitor", "impact", "strategy", "evidence", "assess")
"""Rooms in the order of the story, by which findings are numbered."""


_SHARED = 3
"""A caveat of so many findings is printed once and referred to."""


@dataclass(frozen=True)
class Labels:
    """Where every finding, item, judgment and source stands, and what it is called.

    Attributes
    ----------
    refs
        Link by id of a finding, an item or a judgment.
    findings
        All findings in the order of their numbers.
    works
        The list of references.
    page_one
        Ids of the findings that stand on page one.
    data
        Link by id and hash of what the findings were computed from.
    cautions
        Link by text of each caveat that several findings share.
    """

    refs: dict[str, Ref]
    findings: tuple[Finding, ...]
    works: Bibliography
    page_one: frozenset[str]
    data: dict[tuple[str, str], Ref]
    cautions: dict[str, Ref]

    @classmethod
    def of(cls, record: Assessment, *, page_one: Iterable[str] = ()) -> Labels:
        """Number everything in an assessment; page one holds rank 0 unless it is told."""
        findings = tuple(sorted(record.findings, key=_story))
        refs: dict[str, Ref] = {}
        for place, finding in enumerate(findings, 1):
            refs[finding.id] = Ref(f"finding-{finding.id}", f"F{place}")
        items = [item.id for weighing in record.weighings for item in weighing.items]
        for place, item in enumerate(dict.fromkeys(items), 1):
            refs.setdefault(item, Ref(f"item-{item}", f"E{place}"))
        for place, judgment in enumerate(record.judgments, 1):
            refs[f"judgment {judgment.id}"] = Ref(f"judgment-{judgment.id}", f"J{place}")
        chosen = frozenset(page_one) or {one.id for one in findings if one.rank == 0}
        works = Bibliography(record.sources)
        return cls(refs, findings, works, frozenset(chosen), _data(record), _cautions(findings))

    def judgment(self, key: str) -> Ref:
        """Return the link of a judgment."""
        return self.refs[f"judgment {key}"]

    def links(self, ids: Iterable[str]) -> Line:
        """Return links to findings and items, with commas; unknown ids are left out."""
        known = [self.refs[one] for one in dict.fromkeys(ids) if one in self.refs]
        return joined(known, ", ")

    def cites(self, sources: Iterable[str], *, most: int = 4) -> Line:
        """Return citations in parentheses, e.g. ``(Kim 2018a; UN 2017)``, or nothing.

        Of more than `most` the first are named and the rest is counted; the annex names all.
        """
        entries = [self.works[one] for one in dict.fromkeys(sources) if one in self.works]
        if not entries:
            return ()
        shown = entries if len(entries) <= most else entries[: most - 1]
        refs: list[Inline] = [Ref(entry.anchor, entry.label) for entry in shown]
        if len(shown) < len(entries):
            refs.append(Text(f"{len(entries) - len(shown)} more"))
        return (Text("("), *joined(refs, "; "), Text(")"))


def inputs_of(record: Assessment) -> list[Input]:
    """Return what everything was computed from, each content once, the manifest's first."""
    every = [*record.manifest.inputs, *(one for each in record.findings for one in each.inputs)]
    return list({(one.id, one.sha256): one for one in every}.values())


def _data(record: Assessment) -> dict[tuple[str, str], Ref]:
    return {
        (one.id, one.sha256): Ref(f"data-{one.id}-{one.sha256[:12]}", f"D{place}")
        for place, one in enumerate(inputs_of(record), 1)
    }


def _cautions(findings: Iterable[Finding]) -> dict[str, Ref]:
    counts = Counter(caveat for finding in findings for caveat in dict.fromkeys(finding.caveats))
    shared = [caveat for caveat, count in counts.items() if count >= _SHARED]
    return {caveat: Ref(f"caution-{place}", f"C{place}") for place, caveat in enumerate(shared, 1)}


def joined(parts: Iterable[Inline], comma: str) -> Line:
    """Return parts with a text between them."""
    line: list[Inline] = []
    for part in parts:
        if line:
            line.append(Text(comma))
        line.append(part)
    return tuple(line)


def _story(finding: Finding) -> tuple[int, int]:
    place = ROOMS.index(finding.room) if finding.room in ROOMS else len(ROOMS)
    return place, finding.rank
