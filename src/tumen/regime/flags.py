"""Declared facts of a transaction: the words that rules and transactions share."""

from __future__ import annotations

from dataclasses import dataclass

from tumen.core.errors import DataError
from tumen.core.nearest import did_you_mean


@dataclass(frozen=True)
class Flag:
    """One thing that a party may declare about a transaction.

    Attributes
    ----------
    text
        The fact as a clause, e.g. ``"the Committee was notified"``.
    presumed
        What holds when nobody says anything: False for permissions, which must be shown; None
        where silence decides nothing.
    """

    text: str
    presumed: bool | None


FLAGS: dict[str, Flag] = {
    "livelihood": Flag("the end use is exclusively livelihood", None),
    "unrelated_to_programmes": Flag(
        "the transaction earns nothing for the prohibited programmes", None
    ),
    "notified": Flag("the Committee was notified in advance", None),
    "origin_confirmed_by_exporter": Flag(
        "the exporting State confirms the origin on credible information", None
    ),
    "origin_confirmed_by_importer": Flag(
        "the procuring State confirms the origin on credible information", None
    ),
    "unrelated_to_designated": Flag("no designated person takes part", None),
    "reported": Flag("the supply is reported to the Committee", None),
    "in_port_before_act": Flag("the goods were in port before the act took effect", None),
    "shipped_before_act": Flag("the goods were shipped before the act took effect", None),
    "aviation_fuel": Flag("the goods are aviation or rocket fuel", None),
    "condensate": Flag("the goods are condensate or natural gas liquid", None),
    "luxury": Flag("the goods count as luxury goods", None),
    "industrial_machinery": Flag("the goods are industrial machinery", None),
    "rare_earth": Flag("the goods are rare earth minerals", None),
    "vanadium": Flag("the ore is vanadium ore", None),
    "above_value": Flag("the price is above the listed value", None),
    "statue": Flag("the goods are statues", None),
    "new_goods": Flag("the goods are new", None),
    "heavy_arms": Flag("the goods are heavy arms of the UN Register", None),
    "small_arms": Flag("the goods are small arms or light weapons", None),
    "military_use": Flag("the goods could directly help armed forces", None),
    "control_listed": Flag("the goods stand on a list of weapon-related items", None),
    "by_pipeline": Flag("the oil comes by pipeline", False),
    "above_price_cap": Flag("the price is above the cap", None),
    "suspected_cargo": Flag("there are grounds to suspect banned cargo on board", None),
    "helps_programmes": Flag("it could help the prohibited programmes", None),
    "total_not_increased": Flag("the total number of permits does not grow", None),
    "committee_approval": Flag("the Committee approved it in advance", False),
    "humanitarian_approval": Flag("the Committee exempted it for humanitarian work", False),
    "council_approval": Flag("the Security Council approved it in advance", False),
    "civil_aircraft_abroad": Flag("the fuel is for a civil flight to the DPRK and back", False),
    "civil_aircraft_spares": Flag("the goods keep listed civil passenger aircraft safe", False),
    "hydropower_project": Flag("it serves an existing China-DPRK hydropower project", False),
    "rajin_khasan_project": Flag(
        "it serves the Rajin-Khasan project for Russian-origin coal alone", False
    ),
    "inter_korean_rail_road": Flag("it serves an inter-Korean rail or road project", False),
    "basic_expenses": Flag("the funds meet notified or approved basic expenses", False),
    "humanitarian_2664": Flag("it is humanitarian aid by a listed provider", False),
    "licence": Flag("the authority issued a licence", False),
}
"""Every flag by name."""


def flag(name: str, *, where: str = "") -> Flag:
    """Return the flag with this name.

    Raises
    ------
    DataError
        When there is none; the hint names the nearest.
    """
    try:
        return FLAGS[name]
    except KeyError:
        raise DataError(
            f"'{name}' is no fact that can be declared", where, did_you_mean(name, FLAGS)
        ) from None
