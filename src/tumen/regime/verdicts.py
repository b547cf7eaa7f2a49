"""Rule one transaction: which measures it touches, what each says, which verdict follows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, cast

from tumen.core.countries import country_name, country_names
from tumen.regime.caps import Ledger
from tumen.regime.clauses import Party
from tumen.regime.conditions import port_name
from tumen.regime.index import Entry, party_key
from tumen.regime.rules import Flow, Regime
from tumen.regime.ruling import ORDER, VERDICT_WORDS, LineRuling, Ruling, Step, Verdict, made
from tumen.regime.saying import Touch, say
from tumen.regime.transaction import Transaction, read_transaction

STRICTNESS: dict[str, int] = {verdict: place for place, verdict in enumerate(ORDER)}


def rule(regime: Regime, *, ledger: Ledger | None = None, **transaction: Any) -> Ruling:
    """Rule one transaction under every line of a regime.

    Parameters
    ----------
    regime
        What `load` returns.
    ledger
        Recorded and estimated use of caps; without it a shipment is held against the empty cap.
    **transaction
        Facts of the transaction; see `tumen.regime.transaction.read_transaction`: exporter,
        importer, on, product, vintage, origin, contract_date, quantity, unit, value_usd, port,
        parties, vessel, service, declared.

    Returns
    -------
    Ruling
        Verdict of the leading line, the rulings of all lines, and every step behind them.

    Raises
    ------
    DataError
        When a code, day, unit, service or declared fact is unknown.

    Examples
    --------
    >>> from tumen import regime
    >>> un = regime.load("UN-1718")
    >>> found = regime.rule(un, exporter="PRK", importer="CHN", product="270112", on="2017-09-05")
    >>> found.verdict, found.lines[0].cite, found.lines[0].paragraph
    ('prohibited', 'S/RES/2371 (2017)', '8')
    """
    return rule_transaction(regime, read_transaction(**transaction), ledger=ledger)


def rule_transaction(regime: Regime, given: Transaction, *, ledger: Ledger | None = None) -> Ruling:
    """Rule a transaction that has been checked; see `rule`."""
    flows = _flows(regime, given)
    places = {line: place for place, line in enumerate(regime.lines)}
    touched = sorted(
        _touched(regime, given, flows), key=lambda touch: regime.index.order[touch.entry.name]
    )
    found = [say(touch, given, regime, ledger) for touch in touched]
    steps = tuple(
        sorted(
            (step for step in found if step is not None),
            key=lambda step: (places[step.line], STRICTNESS.get(step.outcome, 9)),
        )
    )
    lines = _lines(regime, given, steps)
    leading = lines[0]
    return made(
        Ruling,
        {
            "exporter": given.exporter,
            "importer": given.importer,
            "product": given.product,
            "on": given.on,
            "verdict": leading.verdict,
            "coverage": leading.coverage,
            "because": steps,
            "needs": leading.needs,
            "red_flags": _red_flags(regime, given, flows),
            "lines": lines,
            "summary": _summary(regime, given, lines),
        },
    )


def _flows(regime: Regime, given: Transaction) -> tuple[Flow, ...]:
    """Return the flows that a transaction is: out of the target, into it, or neither."""
    target = regime.target
    flows: list[Flow] = []
    ports = regime.index.ports
    from_port = given.port is not None and port_name(given.port, ports) in ports.values()
    is_from = target in (given.exporter, given.origin) or from_port
    if is_from and given.importer != target:
        flows.append("from_target")
    if given.importer == target:
        flows.append("to_target")
    return tuple(flows)


def _touched(regime: Regime, given: Transaction, flows: tuple[Flow, ...]) -> Iterator[Touch]:
    index = regime.index
    if given.product and flows:
        for found in index.reach(given.product, given.vintage):
            if _concerns(found.entry, given, flows, regime):
                needs = (found.doubt,) if found.doubt else ()
                yield Touch(found.entry, found.prefix, not needs, needs)
    if given.service:
        for entry in index.by_service.get(given.service, ()):
            if _concerns(entry, given, flows, regime):
                yield Touch(entry, given.service)
    for name in _names(given):
        for entry, party in index.by_party.get(party_key(name), ()):
            if _is_listed(entry, party, given.on):
                yield Touch(entry, party.name, party=party)


def _names(given: Transaction) -> list[str]:
    return [*given.parties, *((given.vessel,) if given.vessel else ())]


def _concerns(entry: Entry, given: Transaction, flows: tuple[Flow, ...], regime: Regime) -> bool:
    """Return whether a measure looks at this direction and binds or watches these countries."""
    measure = entry.measure
    flow = measure.flow
    if measure.countries and not {given.exporter, given.importer} & set(measure.countries):
        return False
    if measure.services:
        if regime.target not in (given.exporter, given.importer) and not flows:
            return False
    elif flow != "either" and flow not in flows:
        return False
    line = entry.line
    if line == "UN" or measure.kind == "exposure" or measure.reach == "everyone":
        return True
    if measure.services or flow == "either":
        return binds(regime, line, given.exporter) or binds(regime, line, given.importer)
    return binds(regime, line, given.importer if "from_target" in flows else given.exporter)


def binds(regime: Regime, line: str, country: str) -> bool:
    """Return whether a line of law binds the persons of a country."""
    return line in regime.index.binding(country)


def _is_listed(entry: Entry, party: Party, on: date) -> bool:
    start = party.start or entry.measure.start
    if on < start or (party.end is not None and on >= party.end):
        return False
    return party.gone_by is None or on < party.gone_by


# All lines ------------------------------------------------------------------------------------


def _lines(regime: Regime, given: Transaction, steps: tuple[Step, ...]) -> tuple[LineRuling, ...]:
    lines = []
    for place, name in enumerate(regime.lines):
        own = [step for step in steps if step.line == name]
        is_binding = binds(regime, name, given.exporter) or binds(regime, name, given.importer)
        if place and not own and not is_binding:
            continue
        lines.append(_line(name, own, is_binding))
    return tuple(lines)


def _line(name: str, steps: list[Step], is_binding: bool) -> LineRuling:
    deciding = [step for step in steps if step.outcome in STRICTNESS]
    exposure = tuple(f"{step.place}: {step.text}" for step in steps if step.outcome == "noted")
    if not deciding:
        return made(
            LineRuling,
            {
                "line": name,
                "verdict": "permitted",
                "is_binding": is_binding,
                "decided_by": "",
                "cite": "",
                "paragraph": "",
                "coverage": "full",
                "needs": (),
                "exposure": exposure,
            },
        )
    first = deciding[0]
    return made(
        LineRuling,
        {
            "line": name,
            "verdict": cast(Verdict, first.outcome),
            "is_binding": is_binding,
            "decided_by": first.measure,
            "cite": first.cite,
            "paragraph": first.paragraph,
            "coverage": first.coverage,
            "needs": _union(step.needs for step in deciding if step.outcome == first.outcome),
            "exposure": exposure,
        },
    )


def _union(needs: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(need for found in needs for need in found))


def _red_flags(regime: Regime, given: Transaction, flows: tuple[Flow, ...]) -> tuple[str, ...]:
    flags = []
    target = regime.target
    if "from_target" in flows:
        is_confirmed = any(
            given.declared.get(f"origin_confirmed_by_{who}") for who in ("exporter", "importer")
        )
        if given.origin is not None and given.origin != target and not is_confirmed:
            flags.append("The origin is stated by the parties; a statement alone exempts nothing")
        if given.exporter != target:
            flags.append("Goods of the target, or from its port, shipped by a third country")
    flags += [
        f"'{name}' is no listed name letter by letter; screen it for other spellings"
        for name in _names(given)
        if party_key(name) not in regime.index.by_party
    ]
    if given.contract_date is not None and given.contract_date > given.on:
        flags.append("The contract is younger than the shipment")
    return tuple(flags)


def _summary(regime: Regime, given: Transaction, lines: tuple[LineRuling, ...]) -> str:
    first = lines[0]
    place = f" by {first.place}" if first.cite else ""
    needs = f" (needs: {'; '.join(first.needs)})" if first.verdict == "undetermined" else ""
    beside = "".join(
        f"; {_line_name(line.line)}: {VERDICT_WORDS[line.verdict]}"
        for line in lines[1:]
        if line.is_binding and line.verdict != first.verdict
    )
    words = first.words
    if words == "does not bind":
        words = f"the line of {_line_name(first.line)} does not bind"
    what = given.what[:1].upper() + given.what[1:]
    return f"{what} on {given.on}: {words}{place}{needs}{beside}."


def _line_name(line: str) -> str:
    """Return whose law it is, in words."""
    return country_name(line) if line in country_names() else line
