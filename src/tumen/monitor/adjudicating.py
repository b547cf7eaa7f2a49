"""Law beside trade: from which day a heading is banned, and what a recorded residual is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from tumen.core.periods import period as read_period

if TYPE_CHECKING:
    from tumen.regime import Regime, Ruling

FORBIDDEN = frozenset({"prohibited", "wind_down"})
"""Verdicts under which new business is banned."""

Word = Literal["breach", "wind_down_or_breach", "undetermined", "permitted"]

WORDS: dict[Word, str] = {
    "breach": "prohibited on every day of the period",
    "wind_down_or_breach": "wind-down under an older contract, or else a breach",
    "undetermined": "undetermined: the ruling needs facts that no register holds",
    "permitted": "permitted on at least part of the period",
}


@dataclass(frozen=True)
class Spell:
    """Days of one verdict.

    Attributes
    ----------
    start, last
        First and last day.
    verdict
        The leading line's verdict for an ordinary shipment.
    clause
        Act and paragraph that decide it.
    summary
        The ruling in one sentence.
    """

    start: date
    last: date
    verdict: str
    clause: str
    summary: str


@dataclass(frozen=True)
class Adjudication:
    """What the rules say about trade that a register shows after a ban.

    Attributes
    ----------
    product, period, value_musd
        The recorded residual.
    word
        ``breach``, ``wind_down_or_breach``, ``undetermined`` or ``permitted``.
    spells
        The verdicts over the period, in order of time.
    """

    product: str
    period: str
    value_musd: float
    word: Word
    spells: tuple[Spell, ...]

    @property
    def clause(self) -> str:
        """The clause under which the trade is forbidden; else the last one that decides."""
        for spell in self.spells:
            if spell.verdict in FORBIDDEN:
                return spell.clause
        return self.spells[-1].clause


def adjudicate(
    regime: Regime,
    *,
    exporter: str,
    importer: str,
    product: str,
    period: str,
    value_musd: float,
    vintage: str = "HS1992",
) -> Adjudication:
    """Say what a recorded residual is: a breach, a wind-down, or open.

    The record gives a period, the rules a day: every day of the period on which a verdict could
    change is ruled, with contracts of unknown date. A wind-down in part of the period leaves two
    readings, which a finer record would tell apart.

    Parameters
    ----------
    product
        HS heading or subheading of the recorded flow, in `vintage`.
    period
        Label of the recorded period.
    """
    span = read_period(period)
    days = sorted({span.start, *_turning_days(regime, after=span.start, before=span.end)})
    spells: list[Spell] = []
    for place, day in enumerate(days):
        last = (days[place + 1] if place + 1 < len(days) else span.end) - timedelta(days=1)
        ruling = _ruled(regime, exporter, importer, product, day, vintage)
        verdict = _verdict(ruling)
        spells.append(Spell(day, last, verdict, _clause(ruling), ruling.summary))
    return Adjudication(product, period, value_musd, _word(spells), tuple(_merged(spells)))


def banned_from(
    regime: Regime,
    *,
    exporter: str,
    importer: str,
    product: str,
    vintage: str = "HS1992",
) -> date | None:
    """Return the first day on which a product is banned for good; None when it never is.

    A cap, or a ban that yields to a declared livelihood purpose, is no ban for good; a ban with a
    wind-down for older contracts is one.
    """
    for day in _starts(regime, product):
        if _verdict(_ruled(regime, exporter, importer, product, day, vintage)) in FORBIDDEN:
            return day
    return None


def _starts(regime: Regime, product: str) -> list[date]:
    """Return the first days of the measures whose codes share a heading; spares idle rulings."""
    heading = product[:4]
    found: set[date] = set()
    for _, _, measure in regime.measures():
        goods = measure.goods
        if goods is not None and (
            goods.every
            or any(code.startswith(heading) or heading.startswith(code[:4]) for code in goods.hs)
        ):
            found.add(measure.start)
    return sorted(found)


def _ruled(
    regime: Regime, exporter: str, importer: str, product: str, on: date, vintage: str
) -> Ruling:
    return regime.rule(
        exporter=exporter, importer=importer, product=product, on=on, vintage=vintage
    )


def _verdict(ruling: Ruling) -> str:
    """Return the leading line's verdict; a measure that means only part of the code is open."""
    if ruling.coverage == "possible" and ruling.verdict in FORBIDDEN:
        return "undetermined"
    if ruling.verdict == "undetermined" and _is_wind_down(ruling):
        return "wind_down"
    return ruling.verdict


def _is_wind_down(ruling: Ruling) -> bool:
    """Return whether a ruling is open only because the contract's date is unknown."""
    return bool(ruling.needs) and all("contract" in need for need in ruling.needs)


def _clause(ruling: Ruling) -> str:
    leading = ruling.lines[0] if ruling.lines else None
    if leading is None or not leading.cite:
        return ""
    return f"{leading.cite}, paragraph {leading.paragraph}" if leading.paragraph else leading.cite


def _turning_days(regime: Regime, *, after: date, before: date) -> set[date]:
    found: set[date] = set()
    for _, _, measure in regime.measures():
        ends = [measure.start, measure.end]
        if measure.wind_down is not None:
            ends.append(measure.wind_down.last_day + timedelta(days=1))
        found.update(day for day in ends if day is not None and after < day < before)
    return found


def _word(spells: list[Spell]) -> Word:
    verdicts = {spell.verdict for spell in spells}
    if verdicts == {"prohibited"}:
        return "breach"
    if verdicts <= FORBIDDEN:
        return "wind_down_or_breach"
    return "undetermined" if "undetermined" in verdicts else "permitted"


def _merged(spells: list[Spell]) -> list[Spell]:
    """Join neighbouring days of one verdict and clause."""
    joined: list[Spell] = []
    for spell in spells:
        same = joined and (joined[-1].verdict, joined[-1].clause) == (spell.verdict, spell.clause)
        if same:
            joined[-1] = replace(joined[-1], last=spell.last)
        else:
            joined.append(spell)
    return joined
