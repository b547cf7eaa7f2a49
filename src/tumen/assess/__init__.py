"""How sure are we: findings and evidence become judgments."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tumen.assess.comparison import Difference, differences
    from tumen.assess.judging import assess
    from tumen.assess.ledger import Ledger, score
    from tumen.assess.record import Assessment, EvidenceRecord, Judgment, WeighingRecord
    from tumen.assess.spec import Spec
    from tumen.assess.weighed import weigh_record
    from tumen.assess.words import scale, word

__all__ = [
    "Assessment",
    "Difference",
    "EvidenceRecord",
    "Judgment",
    "Ledger",
    "Spec",
    "WeighingRecord",
    "assess",
    "differences",
    "scale",
    "score",
    "weigh_record",
    "word",
]

_HOMES = {
    "Assessment": "record",
    "Difference": "comparison",
    "EvidenceRecord": "record",
    "Judgment": "record",
    "Ledger": "ledger",
    "Spec": "spec",
    "WeighingRecord": "record",
    "assess": "judging",
    "differences": "comparison",
    "scale": "words",
    "score": "ledger",
    "weigh_record": "weighed",
    "word": "words",
}


def __getattr__(name: str) -> Any:
    """Load a name of the door, and its file, on first use."""
    if name in _HOMES:
        return getattr(import_module(f"tumen.assess.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'tumen.assess' has no attribute '{name}'")
