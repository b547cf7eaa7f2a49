"""Three-valued answers to the conditions of exemptions and wind-downs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tumen.regime.clauses import Exemption, When, WindDown
from tumen.regime.flags import FLAGS

if TYPE_CHECKING:
    from tumen.regime.transaction import Transaction


@dataclass(frozen=True)
class Answer:
    """Whether something holds: True, False, or None when a fact is missing.

    Attributes
    ----------
    reason
        Why, as a clause.
    needs
        The missing facts, when `holds` is None.
    """

    holds: bool | None
    reason: str
    needs: tuple[str, ...] = ()


def answer_when(when: When, given: Transaction, ports: Mapping[str, str]) -> Answer:
    """Return whether all conditions hold.

    A condition that fails decides; missing facts count only when nothing fails. A permission
    that nobody states is taken as absent, and goods that the target exports as its own; other
    silence decides nothing.

    Parameters
    ----------
    ports
        Main name of a port by each of its spellings, casefolded.
    """
    needs: list[str] = []
    if when.origin_not is not None:
        if given.origin is None and given.exporter != when.origin_not:
            needs.append("the country of origin")
        elif given.origin is None:
            return Answer(False, f"no other origin than {when.origin_not} is stated")
        elif given.origin == when.origin_not:
            return Answer(False, f"the origin is {given.origin}")
    if when.port is not None:
        if given.port is None:
            needs.append("the port of loading")
        elif port_name(given.port, ports) != port_name(when.port, ports):
            return Answer(False, f"the port of loading is {given.port}, not {when.port}")
    if when.contract_before is not None:
        if given.contract_date is None:
            needs.append("the date of the written contract")
        elif given.contract_date >= when.contract_before:
            return Answer(False, _too_young(given.contract_date, when.contract_before))
    flags = answer_flags(when.flags, given.declared)
    if flags.holds is False:
        return flags
    needs.extend(flags.needs)
    if needs:
        return Answer(None, "not all conditions are known", tuple(needs))
    return Answer(True, "every condition holds")


def answer_flags(wanted: Mapping[str, bool], declared: Mapping[str, bool]) -> Answer:
    """Return whether declared facts have the wanted values."""
    needs = []
    for name, value in wanted.items():
        stated = declared.get(name, FLAGS[name].presumed)
        if stated is None:
            needs.append(f"whether {FLAGS[name].text}")
        elif stated is not value:
            if name not in declared:
                return Answer(False, f"nobody shows that {FLAGS[name].text}")
            said = "untrue " if value else ""
            return Answer(False, f"it is declared {said}that {FLAGS[name].text}")
    if needs:
        return Answer(None, "not all facts are declared", tuple(needs))
    return Answer(True, "the declared facts hold")


def answer_exemption(
    exemption: Exemption, given: Transaction, ports: Mapping[str, str]
) -> Answer | None:
    """Return whether an exemption holds; None when it does not concern the day or the goods."""
    if exemption.start is not None and given.on < exemption.start:
        return None
    if exemption.end is not None and given.on >= exemption.end:
        return None
    if exemption.goods and not any(given.product.startswith(code) for code in exemption.goods):
        return None
    return answer_when(exemption.when, given, ports)


def answer_wind_down(wind_down: WindDown, given: Transaction) -> Answer:
    """Return whether older business may still be finished on the day."""
    if given.on > wind_down.last_day:
        return Answer(False, f"the wind-down ended on {wind_down.last_day}")
    needs: list[str] = []
    if wind_down.contract_before is not None:
        if given.contract_date is None:
            needs.append("the date of the written contract")
        elif given.contract_date >= wind_down.contract_before:
            return Answer(False, _too_young(given.contract_date, wind_down.contract_before))
    flags = answer_flags(wind_down.flags, given.declared)
    if flags.holds is False:
        return flags
    needs.extend(flags.needs)
    if needs:
        return Answer(None, "not all conditions are known", tuple(needs))
    notice = f"; the Committee must be told by {wind_down.notify_by}" if wind_down.notify_by else ""
    return Answer(True, f"older business may finish until {wind_down.last_day}{notice}")


def _too_young(contract: date, before: date) -> str:
    return f"the contract of {contract} is not older than {before}"


def port_name(text: str, ports: Mapping[str, str]) -> str:
    """Return the main name of a port, or its casefolded text when the programme has none.

    Examples
    --------
    >>> port_name("Port of Rajin, DPRK", {"rajin": "Rajin"})
    'Rajin'
    """
    whole = " ".join(text.casefold().split())
    bare = whole.partition(",")[0].strip().removeprefix("port of ").removesuffix(" port").strip()
    return ports.get(whole) or ports.get(bare) or bare


def port_names(named: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return the main name by every spelling of the programme's ports."""
    return {
        spelling.casefold(): main for main, others in named.items() for spelling in (main, *others)
    }
