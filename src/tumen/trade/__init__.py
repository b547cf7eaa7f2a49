"""What was traded: flows as reported, input-output tables and dated facts."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from tumen.trade.spec import Spec

if TYPE_CHECKING:
    from tumen.trade.classify import product_name, region_of, sector_of
    from tumen.trade.facts import Fact, Facts
    from tumen.trade.findings import find
    from tumen.trade.flows import Flows
    from tumen.trade.sources.baci import read_baci
    from tumen.trade.sources.comtrade import read_comtrade
    from tumen.trade.sources.customs import read_customs
    from tumen.trade.sources.facts import read_facts
    from tumen.trade.sources.icio import read_icio
    from tumen.trade.sources.layout import CustomsLayout
    from tumen.trade.sources.sample import read_sample
    from tumen.trade.sources.world import read_world, read_world_file
    from tumen.trade.store import Store
    from tumen.trade.world import InputOutput

__all__ = [
    "CustomsLayout",
    "Fact",
    "Facts",
    "Flows",
    "InputOutput",
    "Spec",
    "Store",
    "find",
    "product_name",
    "read_baci",
    "read_comtrade",
    "read_customs",
    "read_facts",
    "read_icio",
    "read_sample",
    "read_world",
    "read_world_file",
    "region_of",
    "sector_of",
]

_HOMES = {
    "CustomsLayout": "sources.layout",
    "Fact": "facts",
    "Facts": "facts",
    "Flows": "flows",
    "InputOutput": "world",
    "Store": "store",
    "find": "findings",
    "product_name": "classify",
    "read_baci": "sources.baci",
    "read_comtrade": "sources.comtrade",
    "read_customs": "sources.customs",
    "read_facts": "sources.facts",
    "read_icio": "sources.icio",
    "read_sample": "sources.sample",
    "read_world": "sources.world",
    "read_world_file": "sources.world",
    "region_of": "classify",
    "sector_of": "classify",
}


def __getattr__(name: str) -> Any:
    """Load a name of the door, and its file, on first use."""
    if name in _HOMES:
        return getattr(import_module(f"tumen.trade.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'tumen.trade' has no attribute '{name}'")
