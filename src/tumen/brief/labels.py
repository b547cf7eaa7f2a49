"""Short labels and anchors: F for findings, E for evidence, J for judgments, H for hypotheses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tumen.brief.bibliography import Bibliography
from tumen.brief.blocks import Inline, Line, Ref, Text
from tumen.core.finding import Finding

if TYPE_CHECKING:
    from tumen.assess import Assessment

ROOMS = ("regime", "trade", "monitor", "impact", "strategy", "evidence", "assess")
"""Rooms in the order of the story, by which findings are numbered."""


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
    """

    refs: dict[str, Ref]
    findings: tuple[Finding, ...]
    works: Bibliography
    page_one: frozenset[str] = frozenset()

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
        return cls(refs, findings, Bibliography(record.sources), frozenset(chosen))

    def judgment(self, key: str) -> Ref:
        """Return the link of a judgment."""
        return self.refs[f"judgment {key}"]

    def links(self, ids: Iterable[str]) -> Line:
        """Return links to findings and items, with commas; unknown ids are left out."""
        known = [self.refs[one] for one in dict.fromkeys(ids) if one in self.refs]
        return joined(known, ", ")

    def cites(self, sources: Iterable[str]) -> Line:
        """Return citations in parentheses, e.g. ``(Kim 2018a; UN 2017)``, or nothing."""
        entries = [self.works[one] for one in dict.fromkeys(sources) if one in self.works]
        if not entries:
            return ()
        refs = [Ref(entry.anchor, entry.label) for entry in entries]
        return (Text("("), *joined(refs, "; "), Text(")"))


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
