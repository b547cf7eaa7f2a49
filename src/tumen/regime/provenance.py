"""How well the library is known: every field read, computed or recalled, with its source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from tumen.regime.clauses import FieldStatus
from tumen.regime.rules import Measure, Regime

LEGAL_FIELDS = (
    "paragraph",
    "title",
    "flow",
    "start",
    "end",
    "replaces",
    "goods",
    "services",
    "exempt",
    "wind_down",
    "cap",
    "conditions",
    "parties",
    "applies_to",
    "when",
)
"""Fields that say what the law is, in the order of a measure."""

STATUSES: tuple[FieldStatus, ...] = get_args(FieldStatus)


@dataclass(frozen=True)
class FieldAudit:
    """One field of one measure.

    Attributes
    ----------
    note
        What was not verified, or how the field was found.
    """

    measure: str
    line: str
    field: str
    status: FieldStatus
    source: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Audit:
    """All fields of a regime, and how many of each status.

    Attributes
    ----------
    counts
        Number of fields by status.
    by_line
        The same by line of law.
    """

    regime: str
    sha256: str
    rows: tuple[FieldAudit, ...]
    counts: dict[str, int]
    by_line: dict[str, dict[str, int]]


def audit(regime: Regime) -> Audit:
    """List every field of law with its status and source.

    A field without a source is never *read*; the loader's library test enforces it.

    Examples
    --------
    >>> from tumen import regime
    >>> sorted(regime.audit(regime.load("UN-1718")).counts)
    ['computed', 'read', 'recalled']
    """
    rows = [
        row
        for name, act, measure in regime.measures()
        for row in _rows(regime, name, act.line, measure)
    ]
    counts: dict[str, int] = {
        status: sum(row.status == status for row in rows) for status in STATUSES
    }
    by_line: dict[str, dict[str, int]] = {
        line: {
            status: sum(row.status == status and row.line == line for row in rows)
            for status in STATUSES
        }
        for line in regime.lines
    }
    return Audit(regime.id, regime.sha256, tuple(rows), counts, by_line)


def _rows(regime: Regime, name: str, line: str, measure: Measure) -> list[FieldAudit]:
    aliases = {"start": "from", "end": "to"}
    own = measure.provenance
    rows = []
    for field in LEGAL_FIELDS:
        noted = own.fields.get(field) or own.fields.get(aliases.get(field, ""))
        if not getattr(measure, field) and noted is None:
            continue
        status = noted.status if noted else own.status
        source = (noted.source if noted else ()) or own.source
        texts = tuple(regime.programme.sources.get(key, key) for key in source)
        note = noted.note if noted else own.note
        rows.append(FieldAudit(name, line, field, status, texts, note))
    return rows
