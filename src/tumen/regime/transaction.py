"""One transaction, checked: what the parties say about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from numbers import Real
from typing import Any, TypeVar, cast

from tumen.core.countries import country, country_name
from tumen.core.errors import DataError, Problem, TumenError, raise_all
from tumen.core.periods import day
from tumen.core.products import product, vintage
from tumen.core.units import unit
from tumen.regime.flags import flag
from tumen.regime.services import SERVICES, service

T = TypeVar("T")

MOST_LETTERS = 500
"""Letters in the name of a party, a ship or a port."""

_country = lru_cache(maxsize=512)(country)
_product = lru_cache(maxsize=8192)(product)
_vintage = lru_cache(maxsize=32)(vintage)


@dataclass(frozen=True)
class Transaction:
    """A shipment or a service, as declared.

    Attributes
    ----------
    exporter, importer
        Alpha-3 codes; for a service: who gives it, who gets it.
    product
        HS code of 2, 4 or 6 digits in `vintage`; empty for a service alone.
    on
        Day of import or of the service.
    origin
        Country of origin, when it is stated.
    contract_date
        Day of the written contract, when it is known.
    quantity, unit, value_usd
        Size of the shipment, for caps.
    parties, vessel
        Names to look for among the designated.
    """

    exporter: str
    importer: str
    on: date
    product: str = ""
    vintage: str = "HS2017"
    origin: str | None = None
    contract_date: date | None = None
    quantity: float | None = None
    unit: str | None = None
    value_usd: float | None = None
    port: str | None = None
    parties: tuple[str, ...] = ()
    vessel: str | None = None
    service: str | None = None
    declared: Mapping[str, bool] = field(default_factory=dict)

    @property
    def what(self) -> str:
        """The goods or service and the parties, as words."""
        between = f"from {country_name(self.exporter)} to {country_name(self.importer)}"
        if self.product:
            return f"HS {self.product} {between}"
        return f"{SERVICES[self.service]}, {between}" if self.service else f"dealing {between}"


def read_transaction(
    *,
    exporter: str,
    importer: str,
    on: date | str,
    product: str | None = None,
    vintage: str = "HS2017",
    origin: str | None = None,
    contract_date: date | str | None = None,
    quantity: float | None = None,
    unit: str | None = None,
    value_usd: float | None = None,
    port: str | None = None,
    parties: Sequence[str] = (),
    vessel: str | None = None,
    service: str | None = None,
    declared: Mapping[str, bool] | None = None,
) -> Transaction:
    """Check what the caller gives and return it as a transaction.

    Raises
    ------
    DataError
        With every problem: unknown country, product, unit, service, flag; impossible date;
        exporter and importer the same; neither product nor service nor party.
    """
    problems: list[Problem] = []
    given = Transaction(
        exporter=_ask(problems, _country, exporter, "exporter"),
        importer=_ask(problems, _country, importer, "importer"),
        on=_ask(problems, _day, on, "on"),
        product=_ask(problems, _product, product, "product") if product else "",
        vintage=_ask(problems, _vintage, vintage, "vintage"),
        origin=_ask(problems, _country, origin, "origin") if origin else None,
        contract_date=_ask(problems, _day, contract_date, "contract_date")
        if contract_date
        else None,
        quantity=_size(problems, quantity, "quantity"),
        unit=_ask(problems, _unit, unit, "unit") if unit else None,
        value_usd=_size(problems, value_usd, "value_usd"),
        port=_ask(problems, _text, port, "port") if port else None,
        parties=_parties(problems, parties),
        vessel=_ask(problems, _text, vessel, "vessel") if vessel else None,
        service=_ask(problems, service_name, service, "service") if service else None,
        declared=_facts(problems, declared),
    )
    if not problems:
        problems.extend(_contradictions(given))
    raise_all(problems, DataError)
    return given


def service_name(name: str) -> str:
    """Return the name of a kind of service when there is one."""
    return service(name)


def _ask(problems: list[Problem], check: Callable[[Any], T], value: Any, where: str) -> T:
    try:
        if not isinstance(value, (str, date) if check is _day else str):
            raise TypeError
        return check(value)
    except TumenError as error:
        found = error.problems[0]
        problems.append(Problem(found.what, where, found.hint))
    except (TypeError, ValueError):
        shown = str(value)[:60]
        problems.append(Problem(f"'{shown}' cannot be read", where, "write a short text"))
    return cast(T, value)


def _day(value: date | str) -> date:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else day(value)


def _text(value: str) -> str:
    if not isinstance(value, str) or len(value) > MOST_LETTERS:
        raise TypeError
    return value


def _unit(code: str) -> str:
    return unit(code).code


def _size(problems: list[Problem], value: float | None, where: str) -> float | None:
    if value is None:
        return None
    is_number = isinstance(value, Real) and not isinstance(value, bool)
    if not is_number or not 0 <= value < float("inf"):
        shown = str(value)[:60]
        problems.append(
            Problem(f"'{shown}' is no quantity", where, "write a number from 0 upwards")
        )
    return value


def _parties(problems: list[Problem], parties: Sequence[str]) -> tuple[str, ...]:
    names: Sequence[Any] = parties if isinstance(parties, (list, tuple)) else [parties]
    return tuple(_ask(problems, _text, name, "parties") for name in names)


def _facts(problems: list[Problem], declared: Mapping[str, bool] | None) -> dict[str, bool]:
    if declared is not None and not isinstance(declared, Mapping):
        hint = "for example {'notified': True}"
        problems.append(Problem("declared facts are no mapping", "declared", hint))
        return {}
    facts = dict(declared or {})
    for name, value in facts.items():
        try:
            flag(name)
        except TumenError as error:
            problems.append(Problem(error.problems[0].what, "declared", error.problems[0].hint))
        if not isinstance(value, bool):
            problems.append(
                Problem(
                    f"'{value}' is neither true nor false",
                    f"declared.{name}",
                    "leave it out when it is unknown",
                )
            )
    return facts


def _contradictions(given: Transaction) -> list[Problem]:
    problems = []
    if given.exporter == given.importer:
        problems.append(
            Problem(
                "exporter and importer are the same country", "importer", "a ruling is on trade"
            )
        )
    if not (given.product or given.service or given.parties or given.vessel):
        problems.append(
            Problem("there is nothing to rule", "product", "give a product, a service or a party")
        )
    if (given.quantity is None) != (given.unit is None):
        problems.append(Problem("quantity and unit go together", "unit", "for example 5000 and t"))
    return problems
