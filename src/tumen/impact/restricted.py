"""From a regime on a day to the part of each sector's trade that it bans."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from tumen.core.errors import CaseError
from tumen.impact.spec import Ban, Direction
from tumen.regime import Regime, restrict
from tumen.trade import Flows, InputOutput, sector_of

LEAST = 0.005
"""Shares below this are left out."""

STAND_INS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "exports": {
        "fishing": ("0302", "0303", "0306", "0307"),
        "textiles": ("5208", "6110", "6201", "6202", "6203", "6204"),
        "metals": ("7201", "7202", "7203", "7801", "7901"),
        "agriculture": ("0802", "0810", "1211"),
        "food": ("1604", "2008", "2202"),
        "electronics_electrical": ("8504", "8532", "8544"),
        "chemicals": ("2818", "2846", "3004"),
        "machinery": ("8411", "8483"),
        "other_manuf": ("4402", "6704", "9503"),
    },
    "imports": {
        "oil_gas": ("2709",),
        "refined_petroleum": ("2710",),
        "machinery": ("8429", "8451", "8479"),
        "transport_equip": ("8703", "8704", "8711"),
        "metals": ("7208", "7308", "7604"),
        "electronics_electrical": ("8517", "8528", "8541"),
        "chemicals": ("3102", "3901", "4011"),
        "textiles": ("5407", "5515", "6109"),
        "food": ("1101", "1507", "2402"),
        "agriculture": ("0808", "1005"),
        "other_manuf": ("6907", "9403"),
    },
}
"""Headings that stand for a sector where the trade data hold none of its products: the goods that
partners' customs list most often for a poor, coal-rich exporter of garments and fish."""


def banned_by(
    regime: Regime | None,
    *,
    flows: Flows | None,
    world: InputOutput,
    target: str,
    on: date,
    base_year: str = "2016",
) -> tuple[Ban, ...]:
    """Return the bans of a regime on a day as shares of sectors.

    Products of which the flows hold trade count by their value in the base year; other sectors by
    the headings of `STAND_INS`, each the same.

    Raises
    ------
    CaseError
        When the case has no regime.
    """
    if regime is None:
        what = "bans come from the regime, and the case has none"
        raise CaseError(what, "impact: bans_from", "write bans_from: case and list them")
    known = set(world.sectors.labels)
    bans = []
    pairs: tuple[tuple[Direction, Literal["from_target", "to_target"]], ...] = (
        ("exports", "from_target"),
        ("imports", "to_target"),
    )
    for flow, direction in pairs:
        weights = _traded(flows, target, flow, base_year)
        groups = {code: sector_of(code) for code in weights}
        for sector, headings in STAND_INS[flow].items():
            if sector not in groups.values():
                groups.update(dict.fromkeys(headings, sector))
                weights.update(dict.fromkeys(headings, 1.0))
        groups = {code: sector for code, sector in groups.items() if sector in known}
        if not groups:
            continue
        found = restrict(
            regime,
            on=on,
            codes=sorted(groups),
            flow=direction,
            weights=weights,
            groups=groups,
        )
        bans += [
            Ban(sector=label, flow=flow, share=min(1.0, float(share)))
            for label, share in zip(found.labels, found.banned, strict=True)
            if share >= LEAST
        ]
    return tuple(bans)


def _traded(flows: Flows | None, target: str, flow: str, year: str) -> dict[str, float]:
    if flows is None:
        return {}
    if flow == "exports":
        rows = flows.where(period=year, exporter=target)
    else:
        rows = flows.where(period=year, importer=target)
    return {key[0]: value for key, value in rows.by("product").items(unit="USD") if value > 0}
