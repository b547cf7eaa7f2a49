"""Kinds of service, investment and labour that rules and transactions share."""

from __future__ import annotations

from tumen.core.errors import DataError
from tumen.core.nearest import did_you_mean

SERVICES: dict[str, str] = {
    "bunkering": "bunkering of a ship",
    "insurance": "insurance of a ship or cargo",
    "crewing": "crew for a ship or aircraft",
    "chartering": "lease or charter of a ship or aircraft",
    "registration": "registration or flagging of a ship",
    "classification": "classification of a ship",
    "ship_to_ship": "ship-to-ship transfer",
    "fishing_rights": "sale or transfer of fishing rights",
    "banking": "bank branches, offices and correspondent accounts",
    "trade_finance": "export credits, guarantees and trade insurance",
    "bulk_cash": "transfer of bulk cash",
    "finance": "financial services that could help the programmes",
    "joint_venture_new": "a new joint venture, or more money for an old one",
    "joint_venture_existing": "an existing joint venture",
    "labour_new": "a new work permit for a national of the target",
    "labour_existing": "income of a national of the target under an older permit",
    "training": "specialised teaching and technical cooperation",
    "shipping": "carriage by sea",
    "brokering": "brokering",
    "port_call": "port call of a ship",
}
"""Every kind of service by name."""


def service(name: str, *, where: str = "") -> str:
    """Return the name of a service when there is one.

    Raises
    ------
    DataError
        When there is none; the hint names the nearest.
    """
    if name in SERVICES:
        return name
    raise DataError(f"'{name}' is no kind of service", where, did_you_mean(name, SERVICES))
