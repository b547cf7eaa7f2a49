"""What one measure says of a transaction that it touches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tumen.regime.caps import CapUse, Ledger, cap_period, cap_use, in_unit, limits_on
from tumen.regime.conditions import (
    answer_exemption,
    answer_flags,
    answer_when,
    answer_wind_down,
)
from tumen.regime.flags import FLAGS
from tumen.regime.index import Entry
from tumen.regime.ruling import Outcome, Step, Verdict, made

if TYPE_CHECKING:
    from tumen.regime.clauses import Party
    from tumen.regime.rules import Regime
    from tumen.regime.transaction import Transaction

Said = tuple[Outcome, str, tuple[str, ...], tuple[str, ...]]
"""Outcome, sentence, what was tried, what is needed."""


@dataclass(frozen=True)
class Touch:
    """A measure that a transaction touches.

    Attributes
    ----------
    matched
        Prefix, service or party.
    is_sure
        False when the code holds more than the measure means, or is shorter than its selector.
    needs
        Facts that would make it sure.
    """

    entry: Entry
    matched: str
    is_sure: bool = True
    needs: tuple[str, ...] = ()
    party: Party | None = None


def plain_outcome(entry: Entry, given: Transaction, regime: Regime) -> Outcome:
    """Return what one measure in force says of a plain transaction in its goods."""
    said = _SAY[entry.measure.kind](Touch(entry, ""), given, regime, None)
    assert said is not None
    return said[0]


def say(
    touch: Touch,
    given: Transaction,
    regime: Regime,
    ledger: Ledger | None,
) -> Step | None:
    """Return what a measure says, or None when it says nothing on the day."""
    entry, measure = touch.entry, touch.entry.measure
    state = entry.state(given.on)
    if state == "ahead":
        return None
    reach = _reach(touch, given)
    if reach is None:
        return None
    if state in ("replaced", "ended"):
        return _over(touch, regime, state)
    if state == "suspended":
        return _make(touch, "suspended", f"Suspended by {_suspender(entry, given.on)}")
    said = _SAY[measure.kind](touch, given, regime, ledger) if measure.kind in _SAY else None
    if said is None:
        return None
    outcome, text, tried, needs = said
    if not reach.is_sure and outcome in ("prohibited", "undetermined", "conditional"):
        if outcome != "conditional" or reach.needs:
            outcome = "undetermined"
        needs = (*reach.needs, *needs)
        text = f"Reaches it only in part: {text}"
    return _make(touch, outcome, text, tried, tuple(dict.fromkeys(needs)), reach.is_sure)


def _over(touch: Touch, regime: Regime, state: str) -> Step:
    """Return the step of a measure that is no longer in force; the same text every time."""
    entry = touch.entry
    key = (entry.name, touch.matched)
    if key not in regime.index.over:
        heir = f", replaced by {regime.index.place(entry.successor)}" if entry.successor else ""
        outcome: Outcome = "replaced" if state == "replaced" else "ended"
        text = f"No longer in force since {entry.end}{heir}"
        regime.index.over[key] = _make(touch, outcome, text)
    return regime.index.over[key]


def _reach(touch: Touch, given: Transaction) -> Touch | None:
    """Return how surely a measure reaches the transaction; None when it does not."""
    measure = touch.entry.measure
    goods = measure.goods
    is_sure, needs = touch.is_sure, list(touch.needs)
    if goods is not None and goods.part is not None and not touch.party:
        stated = given.declared.get(goods.part)
        if stated is False or (stated is None and not goods.hs):
            return None
        if stated is None:
            is_sure = False
            needs.append(f"whether {FLAGS[goods.part].text}")
    if measure.when is not None and measure.kind != "exemption":
        answer = answer_flags(measure.when.flags, given.declared)
        if answer.holds is False:
            return None
        if answer.holds is None:
            is_sure = False
            needs.extend(answer.needs)
    return Touch(touch.entry, touch.matched, is_sure, tuple(needs), touch.party)


def _suspender(entry: Entry, on: date) -> str:
    return next(cite for interval, cite in entry.suspended if interval.holds(on))


def _say_ban(touch: Touch, given: Transaction, regime: Regime, ledger: Ledger | None) -> Said:
    """Return what a ban says after its exemptions and its wind-down were tried."""
    tried, needs, permission = _permissions(touch.entry, given, regime)
    title = _title(touch.entry)
    if permission is not None:
        return permission, f"{title}: {tried[-1]}", tuple(tried), ()
    if needs:
        return "undetermined", f"{title}; an exemption may hold", tuple(tried), tuple(needs)
    conditions = answer_flags(touch.entry.measure.conditions, given.declared)
    if touch.entry.measure.conditions and conditions.holds is not False:
        return (
            "conditional",
            f"{title}; {_condition_words(touch.entry)}",
            tuple(tried),
            conditions.needs,
        )
    return "prohibited", title, tuple(tried), ()


def _permissions(
    entry: Entry, given: Transaction, regime: Regime
) -> tuple[list[str], list[str], Verdict | None]:
    """Try the ways out in turn; return what was tried, what is missing and what holds."""
    ports = regime.index.ports
    tried: list[str] = []
    needs: list[str] = []
    for exemption in entry.measure.exempt:
        answer = answer_exemption(exemption, given, ports)
        if answer is None:
            continue
        tried.append(
            f"{_exemption_words(exemption.id, exemption.paragraph, exemption.text)} "
            f"{_word(answer.holds)}: {answer.reason}"
        )
        if answer.holds:
            return tried, [], "exempt"
        needs.extend(answer.needs)
    for general in entry.general:
        if general.start <= given.on and (general.end is None or given.on < general.end):
            assert general.when is not None
            answer = answer_when(general.when, given, ports)
            if answer.holds is not False:
                words = _exemption_words(general.id, general.paragraph, general.title)
                tried.append(f"{words} {_word(answer.holds)}: {answer.reason}")
            if answer.holds:
                return tried, [], "exempt"
            needs.extend(answer.needs)
    if entry.measure.wind_down is not None:
        answer = answer_wind_down(entry.measure.wind_down, given)
        tried.append(f"The wind-down {_word(answer.holds)}: {answer.reason}")
        if answer.holds:
            return tried, [], "wind_down"
        needs.extend(answer.needs)
    return tried, list(dict.fromkeys(needs)), None


def _exemption_words(name: str, paragraph: str, text: str) -> str:
    """Return ``The exemption of paragraph 8 (coal from outside ...)``."""
    place = f" of paragraph {paragraph}" if paragraph else ""
    return f"The exemption{place} ({text or name.replace('-', ' ')})"


def _word(holds: bool | None) -> str:
    return {True: "holds", False: "fails", None: "is open"}[holds]


def _say_cap(touch: Touch, given: Transaction, regime: Regime, ledger: Ledger | None) -> Said:
    """Return what a cap says: exempt, used up, or allowed under conditions."""
    entry = touch.entry
    tried, needs, permission = _permissions(entry, given, regime)
    title = _title(entry)
    if permission is not None:
        return permission, f"{title}: {tried[-1]}", tuple(tried), ()
    answer = answer_flags(entry.measure.conditions, given.declared)
    if answer.holds is False:
        return "prohibited", f"{title}: {answer.reason}", tuple(tried), ()
    arithmetic, is_full = _arithmetic(regime, entry, given, ledger)
    tried.extend(arithmetic)
    if is_full:
        return "prohibited", f"{title}: it goes beyond the cap", tuple(tried), ()
    return (
        "conditional",
        f"{title}; {_condition_words(entry)}",
        tuple(tried),
        (*answer.needs, *needs),
    )


def _arithmetic(
    regime: Regime, entry: Entry, given: Transaction, ledger: Ledger | None
) -> tuple[list[str], bool]:
    cap = entry.measure.cap
    assert cap is not None
    if not cap.periods:
        return [f"Cap: {cap.reference}"], False
    limits = limits_on(cap, given.on)
    lines = [f"Cap: {' or '.join(f'{limit.q:,.0f} {limit.unit}' for limit in limits)} a period"]
    if not limits:
        return lines, False
    found: list[CapUse] = []
    if ledger is not None:
        period = cap_period(entry.measure, given.on)
        uses = cap_use(regime, uses=_before(ledger, given.on), measure=entry.name)
        found = [use for use in uses if use.period == period]
    lines.extend(f"Cap: {use.text()}" for use in found)
    reported = next((use for use in found if use.basis == "reported"), None)
    if reported is not None and reported.ratio >= cap.stop_at:
        return lines, True
    over = _exceeds(entry, given, reported)
    if over:
        lines.append(f"Cap: {over}")
    return lines, bool(over)


def _before(ledger: Ledger, on: date) -> Ledger:
    return Ledger(tuple(use for use in ledger.uses if use.span.end <= on))


def _exceeds(entry: Entry, given: Transaction, reported: CapUse | None) -> str:
    """Say which limit the shipment would pass on top of reported use; empty when none."""
    cap = entry.measure.cap
    assert cap is not None
    sizes: list[tuple[float, str]] = []
    if given.quantity is not None and given.unit is not None:
        sizes.append((given.quantity, given.unit))
    if given.value_usd is not None:
        sizes.append((given.value_usd, "USD"))
    for limit in limits_on(cap, given.on):
        used = 0.0
        if reported is not None:
            used = next((each.used for each in reported.limits if each.limit == limit), 0.0)
        for amount, code in sizes:
            more = in_unit(cap, amount, code, limit.unit)
            if more is not None and used + more > limit.q:
                total = f"{used + more:,.0f} of {limit.q:,.0f} {limit.unit}"
                if not used:
                    return f"the shipment alone is {total}"
                return f"{used:,.0f} reported + {more:,.0f} = {total}"
    return ""


def _condition_words(entry: Entry) -> str:
    words = [FLAGS[name].text for name in entry.measure.conditions]
    return (
        f"allowed within the limit if {', '.join(words)}" if words else "allowed within the limit"
    )


def _say_designation(
    touch: Touch, given: Transaction, regime: Regime, ledger: Ledger | None
) -> Said | None:
    """Return what a listing says of a named party.

    Two people may bear one name, so a listed person's name alone decides nothing.
    """
    entry = touch.entry
    if touch.party is None:
        if given.vessel or given.parties:
            return None
        return "undetermined", _title(entry), (), ("the name or IMO number of the ship",)
    since = touch.party.start or entry.measure.start
    text = f"{touch.party.name} is listed since {since}"
    index = regime.index
    if entry.line not in index.binding(given.exporter) | index.binding(given.importer):
        return "noted", f"{text}; dealing with it risks being listed", (), ()
    tried, needs, permission = _permissions(entry, given, regime)
    if permission is not None:
        return permission, f"{text}: {tried[-1]}", tuple(tried), ()
    if touch.party.type == "person":
        years = ", ".join(map(str, touch.party.born))
        who = f"{touch.party.name}, born {years}" if years else touch.party.name
        return "undetermined", text, tuple(tried), (f"whether the person is the listed {who}",)
    return "prohibited", text, tuple(tried), tuple(needs)


def _say_exposure(touch: Touch, given: Transaction, regime: Regime, ledger: Ledger | None) -> Said:
    return "noted", _title(touch.entry), (), ()


_SAY: dict[str, Callable[..., Said | None]] = {
    "ban": _say_ban,
    "service_ban": _say_ban,
    "investment_ban": _say_ban,
    "labour": _say_ban,
    "notify": _say_cap,
    "cap": _say_cap,
    "freeze_level": _say_cap,
    "designation": _say_designation,
    "exposure": _say_exposure,
}


def _title(entry: Entry) -> str:
    title = entry.measure.title
    return title if title else entry.instrument.cite


def _make(
    touch: Touch,
    outcome: Outcome,
    text: str,
    tried: tuple[str, ...] = (),
    needs: tuple[str, ...] = (),
    is_sure: bool = True,
) -> Step:
    entry = touch.entry
    return made(
        Step,
        {
            "measure": entry.name,
            "line": entry.line,
            "cite": entry.instrument.cite,
            "paragraph": entry.measure.paragraph,
            "outcome": outcome,
            "matched": touch.matched,
            "start": entry.measure.start,
            "end": entry.end,
            "text": text,
            "tried": tried,
            "needs": needs,
            "coverage": "full" if is_sure else "possible",
        },
    )
