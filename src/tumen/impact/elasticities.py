"""Trade elasticities with their provenance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tumen.core.errors import DataError, Problem, raise_all
from tumen.core.nearest import did_you_mean

BOUNDS = (2.0, 15.0)
"""Estimates beyond these are cut: 0.37 for other transport and 51 for petroleum are outliers of
one sample, and results hinge on them."""

SERVICES = 5.0
"""Elasticity of services, which no tariff identifies (Costinot and Rodriguez-Clare 2014)."""


@dataclass(frozen=True)
class Elasticity:
    """A trade elasticity with the range over which draws go, and where it comes from."""

    value: float
    low: float
    high: float
    source: str


_CP = "Caliendo and Parro (2015), Table 1, 99 % sample"

PUBLISHED: Mapping[str, tuple[float, str]] = {
    "agriculture": (9.11, _CP),
    "mining": (13.53, _CP),
    "food": (2.62, _CP),
    "textiles": (8.10, _CP),
    "wood": (11.50, _CP),
    "paper": (16.52, _CP),
    "petroleum": (64.85, _CP),
    "chemicals": (3.13, _CP),
    "plastic": (1.67, _CP),
    "minerals": (2.41, _CP),
    "basic metals": (3.28, _CP),
    "metal products": (6.99, _CP),
    "machinery": (1.45, _CP),
    "office": (12.95, _CP),
    "electrical": (12.91, _CP),
    "communication": (3.95, _CP),
    "medical": (8.71, _CP),
    "other": (3.98, _CP),
    "services": (SERVICES, "Costinot and Rodriguez-Clare (2014), 5 for all"),
}
"""Dispersion parameters by Caliendo and Parro's sector, before bounds."""

_MEMBERS: Mapping[str, str] = {
    "agriculture": "agriculture agri crops forestry fishing A01 A02 A01_02 A03",
    "mining": "mining coal oil_gas energy_mining other_mining metal_ores_other_mining "
    "B05 B06 B05_06 B07 B08 B07_08 B09",
    "food": "food C10T12",
    "textiles": "textiles C13T15",
    "wood": "wood C16",
    "paper": "paper C17_18",
    "petroleum": "petroleum refined_petroleum C19",
    "chemicals": "chemicals C20 C21",
    "plastic": "plastics C22",
    "minerals": "nonmetallic_minerals C23",
    "basic metals": "basic_metals metals C24 C24A C24B",
    "metal products": "metal_products C25",
    "machinery": "machinery machinery_electronics C28",
    "electrical": "electrical electronics_electrical C26 C27",
    "other": "other_manuf transport_equip C29 C30 C301 C302T309 C31T33",
    "services": "services transport_trade other_services construction_utilities construction "
    "D E F G H49 H50 H51 H52 H53 I J58T60 J61 J62_63 K L M N O P Q R S T",
}
"""Sectors of the shipped tables and of the OECD's by published group."""


def _bounded(value: float) -> float:
    return min(max(value, BOUNDS[0]), BOUNDS[1])


def default_elasticities(
    sectors: Iterable[str], *, groups: Mapping[str, str] | None = None
) -> dict[str, Elasticity]:
    """Return an elasticity for every sector of the shipped tables.

    Parameters
    ----------
    sectors
        Names of sectors.
    groups
        Which key of `PUBLISHED` a sector takes, where the default assignment does not know it.

    Raises
    ------
    DataError
        When a sector is assigned to no published elasticity.

    Examples
    --------
    >>> default_elasticities(["coal"])["coal"].value
    13.53
    """
    home = {member: group for group, members in _MEMBERS.items() for member in members.split()}
    home |= dict(groups or {})
    found: dict[str, Elasticity] = {}
    problems: list[Problem] = []
    for sector in sectors:
        group = home.get(sector, "")
        if group not in PUBLISHED:
            hint = did_you_mean(sector, home) or "give it: elasticities={sector: value}"
            problems.append(Problem(f"no trade elasticity is known for '{sector}'", "", hint))
            continue
        value, source = PUBLISHED[group]
        central = _bounded(value)
        note = source if central == value else f"{source}: {value}, cut to {central}"
        found[sector] = Elasticity(central, central / 1.5, central * 1.5, note)
    raise_all(problems, DataError)
    return found
