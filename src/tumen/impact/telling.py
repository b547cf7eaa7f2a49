"""What the findings of the room share: estimates, caveats, figures and plain names."""

from __future__ import annotations

import numpy as np

from tumen.core.countries import country_name
from tumen.core.finding import Estimate, Figure
from tumen.core.units import quantity_text
from tumen.impact.economy import Floats
from tumen.impact.study import Study

COVERAGE = 0.9
"""Intervals hold the middle 90 % of the draws."""

RUN_NAMES = {
    "long": "in the long run",
    "medium": "in the medium run",
    "short": "in the short run",
    "very_short": "at once",
}
METHOD = (
    "Trade model with input-output links in exact changes (Caliendo and Parro 2015), bans as true "
    "zeros, the target attached from published and assumed inputs."
)
SHORT_METHOD = (
    "Short run: factors stay in their sectors, elasticities of substitution are low and trade "
    "elasticities are half the long-run ones."
)


def estimate(draws: Floats, unit: str, *, digits: int = 2) -> Estimate:
    """Return the central draw with the middle 90 % of all draws."""
    good = draws[np.isfinite(draws)]
    low, high = (float(q) for q in np.quantile(good, [0.05, 0.95]))
    value = float(draws[0])
    return Estimate(
        value=value,
        low=min(low, value),
        high=max(high, value),
        coverage=COVERAGE,
        unit=unit,
        basis="modelled",
        digits=digits,
    )


def caveats(made: Study) -> tuple[str, ...]:
    """Return what every finding of the room says about its numbers."""
    year = next((n for n in made.world.notes if n.startswith("benchmark year")), "")
    notes = [
        "Modelled numbers, not recorded ones; intervals hold the middle 90 % of draws over "
        "trade elasticities and the target's inputs, not doubts about the model itself.",
        f"The world table has {year}; its vintage may be later than {made.as_of.isoformat()}, "
        "while the target's inputs are of 2016.",
    ]
    notes += [note[0].upper() + note[1:] + "." for note in made.world.notes if "imputed" in note]
    notes += _floor_notes(made)
    failed = sum(int((~o.has_converged).sum()) for o in made.outcomes.values())
    if failed:
        total = sum(len(o.has_converged) for o in made.outcomes.values())
        notes.append(f"{failed} of {total} draws have no answer and are left out.")
    return tuple(notes)


def _floor_notes(made: Study) -> list[str]:
    """Say where the floor holds and what a tenth of it would give."""
    labels = {scenario.id: scenario.label for scenario in made.scenarios}
    notes = []
    for held in made.floors:
        goods = ", ".join(sector_name(sector) for sector in held.sectors)
        tenth = (
            "a tenth of it leaves no answer"
            if held.with_tenth is None
            else f"with a tenth of it {quantity_text(held.with_tenth, 'percent', digits=2)}"
        )
        notes.append(
            f"If {labels[held.scenario]}, nobody is left who sells {goods}; the case keeps a floor "
            f"of the banned trade there. Real spending changes by "
            f"{quantity_text(held.change, 'percent', digits=2)} {RUN_NAMES[made.headline_run]}, "
            f"{tenth}."
        )
    return notes


def revenue_lost(made: Study, scenario: str, run: str) -> Floats:
    """Return the export revenue that a scenario takes, million USD a year; (draw,)."""
    after = made.outcomes[scenario, run].exports
    return np.asarray((made.draws.exports - after).sum(axis=(1, 2)))


def interval_figure(title: str, unit_note: str, made: Study) -> Figure:
    """Return a figure of values with their bands, one row a scenario."""
    return Figure(
        kind="interval",
        title=title,
        x="scenario",
        y="value",
        low="low",
        high="high",
        unit_note=unit_note,
        source_note=source_note(made),
        alt=title,
    )


def source_note(made: Study) -> str:
    """Return the line below a figure."""
    return f"Modelled with {made.inputs[0].note or made.inputs[0].id}; bands hold 90 % of draws"


def plain(name: str) -> str:
    """Return the name of an input with sectors and states as a reader writes them."""
    for sector in sorted(SECTOR_WORDS, key=len, reverse=True):
        name = name.replace(sector, SECTOR_WORDS[sector])
    words = [
        country_name(word) if word.isupper() and len(word) == 3 else word for word in name.split()
    ]
    return " ".join(words)


SECTOR_WORDS = {
    "metal_ores_other_mining": "ores",
    "oil_gas": "crude oil and gas",
    "electronics_electrical": "electronics",
    "refined_petroleum": "refined oil",
    "transport_equip": "vehicles and ships",
    "other_manuf": "other manufactures",
    "construction_utilities": "construction and utilities",
    "transport_trade": "transport and trade",
    "other_services": "other services",
    "fishing": "seafood",
}


def sector_name(sector: str) -> str:
    """Return what a reader calls a sector."""
    return SECTOR_WORDS.get(sector, sector)


def region_name(region: str) -> str:
    """Return what a reader calls a country or region of the model."""
    known = {
        "EU_other": "the other EU states",
        "ASEAN_other": "the other ASEAN states",
        "Africa_other": "the rest of Africa",
        "LatAm_other": "the rest of Latin America",
        "MENA_other": "the rest of the Middle East and North Africa",
        "Other": "the rest of the world",
    }
    return known.get(region, country_name(region))
