"""Facts on a target's trade: single published numbers, each with series, status and source."""

from __future__ import annotations

import calendar
import csv
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator

from tumen.core.countries import country, country_name
from tumen.core.errors import DataError, Problem
from tumen.core.fields import Day
from tumen.core.finding import Input
from tumen.core.periods import Period, between, period
from tumen.core.products import product as product_code
from tumen.core.record import Record
from tumen.core.units import UNITS, convert, counted
from tumen.trade.release import fact_release

FactFlow = Literal["exports", "imports", "total", "gdp_growth"]
"""Seen from the target: what it sells, what it buys, both together; or its yearly growth."""

FactStatus = Literal["read", "computed", "recalled"]
"""Read on the source's page; computed from numbers there; recalled, not checked against a page."""


class Fact(Record):
    """One published number on a target's trade or output.

    Attributes
    ----------
    target
        Alpha-3 code of the country that the number is about.
    period
        Label of the period.
    partner
        Alpha-3 code; empty for the world.
    flow
        Seen from the target.
    product
        HS chapter, heading or subheading; empty for all goods.
    value, unit
        The number.
    series
        Who compiled it; decides the release rule.
    basis
        ``recorded`` in a register, or ``estimated`` by `claimant`.
    status
        How the number came into the table.
    published
        Day of the source's page; None when it is unknown.
    precision
        How much of `published` is known: an unknown day or month counts as the last one.
    """

    target: str
    period: str
    partner: str = ""
    flow: FactFlow
    product: str = ""
    value: float
    unit: str
    series: str
    basis: Literal["recorded", "estimated"]
    claimant: str = ""
    status: FactStatus
    published: Day | None = None
    precision: Literal["day", "month", "year"] = "day"
    source: str = Field(min_length=1)
    note: str = ""

    @field_validator("target", "partner")
    @classmethod
    def _is_country(cls, code: str) -> str:
        return country(code) if code else code

    @field_validator("product")
    @classmethod
    def _is_product(cls, code: str) -> str:
        return product_code(code) if code else code

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if self.unit not in UNITS:
            raise ValueError(f"'{self.unit}' is no unit")
        if not math.isfinite(self.value):
            raise ValueError("the value must be finite")
        if self.basis == "estimated" and not self.claimant:
            raise ValueError("an estimated number names its claimant")
        if self.published is not None and self.available < self.span.start:
            raise ValueError(f"published on {self.published}, before its period {self.period}")
        fact_release(self.series, self.span)
        return self

    @property
    def span(self) -> Period:
        """The period as days."""
        return period(self.period)

    @property
    def available(self) -> date:
        """The day from which the number may be used.

        The page's day where it is known, since nobody read the number there earlier; else the
        day on which the series first released the period.
        """
        if self.published is None:
            return fact_release(self.series, self.span)
        if self.precision == "year":
            return date(self.published.year, 12, 31)
        if self.precision == "month":
            last = calendar.monthrange(self.published.year, self.published.month)[1]
            return self.published.replace(day=last)
        return self.published

    def value_in(self, unit: str) -> float:
        """Return the value in another unit of the same dimension."""
        return convert(self.value, from_unit=self.unit, to_unit=unit)


@dataclass(frozen=True)
class Facts:
    """Facts on one target with their hash.

    Attributes
    ----------
    target
        Alpha-3 code.
    items
        The facts in the order of the file.
    input
        Name and hash of the file.
    caveats
        What a reader must know, e.g. that an as-of date has cut rows.
    """

    target: str
    items: tuple[Fact, ...]
    input: Input
    caveats: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.items)

    def select(
        self,
        *,
        partner: str | None = None,
        flow: FactFlow | None = None,
        product: str | None = None,
        dimension: str | None = None,
        series: str | None = None,
        basis: str | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> tuple[Fact, ...]:
        """Return the facts that meet every condition, in order of time.

        Parameters
        ----------
        partner
            Alpha-3 code, or an empty text for the world.
        product
            The exact code of the fact, or an empty text for all goods.
        dimension
            Of the unit: ``money``, ``mass``, ``volume``, ``count``, ``share``.
        since, until
            Periods; a fact lies wholly between them.

        Examples
        --------
        >>> from tumen import trade
        >>> facts = trade.read_facts("PRK")
        >>> facts.select(partner="RUS", flow="total", series="ITC", since="2016")[0].value
        76.0
        """
        wanted = between(since, until)
        found = [
            fact
            for fact in self.items
            if (partner is None or fact.partner == partner)
            and (flow is None or fact.flow == flow)
            and (product is None or fact.product == product)
            and (dimension is None or UNITS[fact.unit].dimension == dimension)
            and (series is None or fact.series == series)
            and (basis is None or fact.basis == basis)
            and wanted.start <= fact.span.start
            and fact.span.end <= wanted.end
        ]
        return tuple(sorted(found, key=lambda fact: (fact.span, fact.series)))

    def cut(self, as_of: date | None) -> Facts:
        """Return the facts that were available on a day; all when it is None."""
        if as_of is None:
            return self
        kept = tuple(fact for fact in self.items if fact.available <= as_of)
        name = country_name(self.target)
        facts = counted(len(self.items), "fact")
        note = f"Of {facts} on {name}, {len(kept)} could be known on {as_of}."
        return replace(self, items=kept, caveats=(*self.caveats, note))


def _rows(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each row with its line; cells beyond the last column stand under ``...``."""
    reader = csv.DictReader(io.StringIO(text), restkey="...")
    for row in reader:
        yield reader.line_num, dict(row)


def parse_facts(text: str, *, name: str, target: str, input: Input) -> Facts:
    """Read a fact table in CSV.

    Raises
    ------
    DataError
        With every bad row: file, line and column.
    """
    try:
        rows = [*_rows(text)]
    except csv.Error as error:
        raise DataError(f"this is no CSV: {error}", name) from None
    known = set(Fact.model_fields)
    columns = {column for _, row in rows for column in row}
    if unknown := columns - known:
        raise DataError(
            f"unknown columns: {', '.join(sorted(unknown))}", f"{name}:1", f"valid: {sorted(known)}"
        )
    problems: list[Problem] = []
    items: list[Fact] = []
    for line, row in rows:
        where = f"{name}:{line}"
        given: dict[str, Any] = {key: value for key, value in row.items() if key and value}
        try:
            fact = Fact.model_validate(given)
        except ValidationError as error:
            problems.extend(
                Problem(item["msg"], f"{where}: {'.'.join(map(str, item['loc']))}")
                for item in error.errors(include_url=False)
            )
            continue
        except DataError as error:
            problems.extend(Problem(p.what, where, p.hint) for p in error.problems)
            continue
        if fact.target == target:
            items.append(fact)
    if problems:
        raise DataError(problems=problems)
    return Facts(target=target, items=tuple(items), input=input)
