"""The parties that a regime's own instruments designate, ready for screening."""

from __future__ import annotations

from collections.abc import Iterator

from tumen.regime.clauses import Party as Designated
from tumen.regime.rules import Instrument, Measure, Regime
from tumen.regime.screening.party import Listing, Party, PartyKind

_KINDS: dict[str, PartyKind] = {"person": "person", "entity": "organization", "vessel": "vessel"}


def parties_of(regime: Regime) -> Iterator[Party]:
    """Yield every party that an adopted instrument of a regime names.

    The library names the parties of the acts it holds and is no substitute for the full lists:
    read those with `read_list`.

    Examples
    --------
    >>> from tumen.regime import load
    >>> any("Foreign Trade Bank" in party.names for party in parties_of(load("UN-1718")))
    True
    """
    for instrument in regime.instruments:
        if instrument.status != "adopted":
            continue
        for measure in instrument.measures:
            for number, designated in enumerate(measure.parties):
                yield _party(instrument, measure, designated, number)


def _party(instrument: Instrument, measure: Measure, designated: Designated, number: int) -> Party:
    name = designated.name
    last, comma, first = name.partition(", ")
    turned = f"{first} {last}" if comma and designated.type == "person" else name
    listing = Listing(
        issuer=instrument.issuer,
        reference=instrument.cite,
        programme=measure.title,
        listed=designated.start or measure.start,
        delisted=designated.end or measure.end,
        gone_by=designated.gone_by,
    )
    return Party(
        id=f"{instrument.id}.{measure.id}.{number}",
        kind=_KINDS[designated.type],
        names=(turned, *designated.aliases),
        countries=(designated.country,) if designated.country else (),
        born=designated.born,
        listings=(listing,),
    )
