"""Trade as reported: who sold what to whom, when, in which unit, by whose word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tumen.core.countries import country
from tumen.core.errors import DataError
from tumen.core.finding import Input
from tumen.core.nearest import did_you_mean
from tumen.core.periods import Period, between, period
from tumen.core.products import product as product_code
from tumen.core.units import UNITS, convert
from tumen.trade.coded import Coded
from tumen.trade.release import RULE_CHANGES, ReleaseRule, customs_rule

RECONCILED = "reconciled"
"""Reporter of a flow that was made from both partners' reports (BACI)."""

Key = Literal["exporter", "importer", "product", "period", "unit", "reporter", "basis", "source"]
Choice = str | Iterable[str] | None

_KEYS: tuple[Key, ...] = (
    "exporter", "importer", "product", "period", "unit", "reporter", "basis", "source"
)  # fmt: skip


@dataclass(frozen=True)
class Coverage:
    """What a data set would hold if it had been traded and recorded.

    A pair, product and period inside the coverage without a row is a recorded zero; outside it,
    the trade is unknown.

    Attributes
    ----------
    products
        Codes that the data set holds.
    periods
        Labels of the periods that it holds.
    parties
        When not empty, exporter or importer is one of these.
    exporters, importers
        None for all; else the only ones that the data set holds.
    as_of
        Trade that no partner had released by this day is unknown; None for all.
    reporters
        Whose registers these are; empty for those of both partners.
    """

    products: frozenset[str]
    periods: frozenset[str]
    parties: frozenset[str] = frozenset()
    exporters: frozenset[str] | None = None
    importers: frozenset[str] | None = None
    as_of: date | None = None
    reporters: frozenset[str] = frozenset()

    def holds(self, *, exporter: str, importer: str, prefix: str, period: str) -> bool:
        """Return whether rows of this pair, product and period would be here.

        Trade between two countries that publish nothing in the period stands in no register, and
        trade that neither partner had released by the as-of day in none that could be read.
        """
        has_party = not self.parties or exporter in self.parties or importer in self.parties
        has_sides = (self.exporters is None or exporter in self.exporters) and (
            self.importers is None or importer in self.importers
        )
        has_product = any(code.startswith(prefix) for code in self.products)
        return (
            has_party
            and has_sides
            and has_product
            and period in self.periods
            and _is_released(self.reporters or (exporter, importer), period, self.as_of)
        )

    def narrowed(
        self,
        *,
        exporters: Iterable[str] | None = None,
        importers: Iterable[str] | None = None,
        prefixes: Iterable[str] | None = None,
        periods: Iterable[str] | None = None,
    ) -> Coverage:
        """Return what is still covered after a selection; None leaves a side as it is."""
        starts = None if prefixes is None else tuple(prefixes)
        return replace(
            self,
            products=self.products
            if starts is None
            else frozenset(code for code in self.products if code.startswith(starts)),
            periods=self.periods if periods is None else self.periods & frozenset(periods),
            exporters=_narrowed(self.exporters, exporters),
            importers=_narrowed(self.importers, importers),
        )

    def codes(self, prefix: str) -> tuple[str, ...]:
        """Return the covered codes inside a chapter, heading or subheading, sorted."""
        return tuple(sorted(code for code in self.products if code.startswith(prefix)))


@dataclass(frozen=True)
class Row:
    """One row of the data, for a person or a test."""

    exporter: str
    importer: str
    product: str
    period: str
    value_usd: float
    quantity: float | None
    unit: str
    reporter: str
    basis: str
    source: str


@dataclass(frozen=True, eq=False)
class Sums:
    """Sums of values and quantities by the words of some columns.

    Attributes
    ----------
    by
        Names of the columns.
    keys
        One tuple of words for each group, sorted.
    value_usd, quantity
        Sums, shape (groups,); a quantity leaves out rows that have none.
    rows
        Number of rows in each group.
    """

    by: tuple[str, ...]
    keys: tuple[tuple[str, ...], ...]
    value_usd: NDArray[np.float64]
    quantity: NDArray[np.float64]
    rows: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.keys)

    def value(self, *words: str, unit: str = "USD") -> float:
        """Return the value of one group; 0 when it has no row."""
        place = self._places.get(words)
        return 0.0 if place is None else _money(float(self.value_usd[place]), unit)

    def items(self, *, unit: str = "USD") -> Iterator[tuple[tuple[str, ...], float]]:
        """Yield each group's words with its value."""
        for key, value in zip(self.keys, self.value_usd.tolist(), strict=True):
            yield key, _money(value, unit)

    @cached_property
    def _places(self) -> dict[tuple[str, ...], int]:
        return {key: place for place, key in enumerate(self.keys)}


@dataclass(frozen=True, eq=False)
class Flows:
    """Reported trade as columns of equal length.

    Attributes
    ----------
    exporter, importer
        Alpha-3 codes.
    product
        HS codes of the revision `vintage`, as text.
    period
        Labels that `tumen.core.periods.period` reads.
    value_usd
        US dollars at current prices, shape (rows,).
    quantity
        In the row's `unit`; NaN where none was recorded.
    unit
        Unit code of the quantity.
    reporter
        Alpha-3 code of the country whose register it is, or ``reconciled``.
    basis
        ``recorded``, ``provisional`` (the newest year of a release) or ``estimated``.
    source
        Data set.
    input
        Name and hash of the content.
    vintage
        HS revision of `product`.
    coverage
        What the data set would hold; decides between a recorded zero and unknown.
    caveats
        What a reader must know before quoting a number.

    Raises
    ------
    DataError
        When columns differ in length or a value is negative or not finite.
    """

    exporter: Coded
    importer: Coded
    product: Coded
    period: Coded
    value_usd: NDArray[np.float64]
    quantity: NDArray[np.float64]
    unit: Coded
    reporter: Coded
    basis: Coded
    source: Coded
    input: Input
    vintage: str
    coverage: Coverage
    caveats: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        lengths = {name: len(getattr(self, name)) for name in (*_KEYS, "value_usd", "quantity")}
        if len(set(lengths.values())) != 1:
            raise DataError(f"columns differ in length: {lengths}", self.input.id)
        for name in ("value_usd", "quantity"):
            column = np.asarray(getattr(self, name), dtype=np.float64)
            column.setflags(write=False)
            object.__setattr__(self, name, column)
        if not np.all(np.isfinite(self.value_usd)) or np.any(self.value_usd < 0):
            raise DataError("a value is negative or not finite", self.input.id)
        if np.any(self.quantity < 0) or np.any(np.isinf(self.quantity)):
            raise DataError("a quantity is negative or not finite", self.input.id)

    def __len__(self) -> int:
        return int(self.value_usd.size)

    def column(self, name: str) -> Coded:
        """Return a column of words by its name."""
        if name not in _KEYS:
            raise DataError(f"'{name}' is no column of trade flows", "", did_you_mean(name, _KEYS))
        column: Coded = getattr(self, name)
        return column

    def take(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> Flows:
        """Return some of the rows; what the data cover stays as it is."""
        return replace(
            self,
            exporter=self.exporter.take(rows),
            importer=self.importer.take(rows),
            product=self.product.take(rows),
            period=self.period.take(rows),
            value_usd=self.value_usd[rows],
            quantity=self.quantity[rows],
            unit=self.unit.take(rows),
            reporter=self.reporter.take(rows),
            basis=self.basis.take(rows),
            source=self.source.take(rows),
        )

    def where(
        self,
        *,
        exporter: Choice = None,
        importer: Choice = None,
        product: Choice = None,
        period: Choice = None,
        reporter: Choice = None,
        since: str | None = None,
        until: str | None = None,
    ) -> Flows:
        """Return the rows that meet every condition.

        Parameters
        ----------
        exporter, importer
            One alpha-3 code or several.
        product
            Chapters, headings or subheadings; a prefix holds what starts with it.
        period
            Period labels.
        reporter
            Whose register; of two-sided data choose one, or a trade counts twice.
        since, until
            Periods; a row lies wholly between the start of `since` and the end of `until`.

        Raises
        ------
        DataError
            When a code is unknown.

        Examples
        --------
        >>> from tumen import trade
        >>> coal = trade.read_sample().where(exporter="PRK", importer="CHN", product="2701")
        >>> round(coal.where(period="2016").total(unit="MUSD"), 1)
        1182.9
        """
        keep = np.ones(len(self), dtype=bool)
        sides: dict[str, list[str] | None] = {"exporter": None, "importer": None}
        for name, choice in (("exporter", exporter), ("importer", importer)):
            if choice is not None:
                codes = [_party(code, self.column(name)) for code in _several(choice)]
                keep &= self.column(name).is_one_of(codes)
                sides[name] = codes
        prefixes = None if product is None else [product_code(code) for code in _several(product)]
        if prefixes is not None:
            keep &= self.product.starts_with(prefixes)
        labels = None if period is None else _several(period)
        if labels is not None:
            keep &= self.period.is_one_of(labels)
        if reporter is not None:
            keep &= self.reporter.is_one_of(_several(reporter))
        if since is not None or until is not None:
            inside = _labels_between(self.coverage.periods | {*self.period.labels}, since, until)
            keep &= self.period.is_one_of(inside)
            labels = [label for label in inside if labels is None or label in labels]
        coverage = self.coverage.narrowed(
            exporters=sides["exporter"],
            importers=sides["importer"],
            prefixes=prefixes,
            periods=labels,
        )
        return replace(self.take(keep), coverage=coverage)

    def total(self, *, unit: str = "USD") -> float:
        """Return the sum of all values in a unit of money."""
        return _money(float(self.value_usd.sum()), unit)

    def in_tonnes(self) -> Flows:
        """Return the same flows with every mass in tonnes; a volume becomes unknown."""
        sizes = [
            UNITS[label].size if UNITS[label].dimension == "mass" else np.nan
            for label in self.unit.labels
        ]
        mass = self.quantity * np.array(sizes)[self.unit.codes] if sizes else self.quantity
        return replace(self, quantity=mass, unit=Coded.constant("t", len(self)))

    def tonnes(self) -> float | None:
        """Return the sum of the masses in tonnes; None when a row has no mass."""
        if np.any(np.isnan(self.quantity)):
            return None
        total = 0.0
        for place, label in enumerate(self.unit.labels):
            amount = float(self.quantity[self.unit.codes == place].sum())
            total += convert(amount, from_unit=label, to_unit="t") if amount else 0.0
        return total

    def recorded(
        self, *, exporter: str, importer: str, product: str, period: str, unit: str = "USD"
    ) -> float | None:
        """Return a pair's recorded trade: 0 where the data would show it, None where they cannot.

        Examples
        --------
        >>> from tumen import trade
        >>> flows = trade.read_sample()
        >>> flows.recorded(exporter="PRK", importer="CHN", product="2701", period="2018")
        0.0
        >>> flows.recorded(exporter="PRK", importer="CHN", product="61", period="2018") is None
        True
        """
        prefix = product_code(product)
        rows = self.where(exporter=exporter, importer=importer, product=prefix, period=period)
        is_covered = self.coverage.holds(
            exporter=exporter, importer=importer, prefix=prefix, period=period
        )
        return rows.total(unit=unit) if is_covered or len(rows) else None

    def by(self, *columns: Key, digits: int = 6) -> Sums:
        """Sum values and quantities by the words of some columns.

        Parameters
        ----------
        columns
            Names of columns.
        digits
            Length to which product codes are cut: 4 gives headings.
        """
        chosen = [
            self.product.shorten(digits) if name == "product" else self.column(name)
            for name in columns
        ]
        combined = np.zeros(len(self), dtype=np.int64)
        for column in chosen:
            combined = combined * max(1, len(column.labels)) + column.codes
        distinct, place = np.unique(combined, return_inverse=True)
        value = np.bincount(place, weights=self.value_usd, minlength=len(distinct))
        mass = np.nan_to_num(self.quantity, nan=0.0)
        quantity = np.bincount(place, weights=mass, minlength=len(distinct))
        rows = np.bincount(place, minlength=len(distinct)).astype(np.int64)
        keys = _split(distinct, chosen)
        order = sorted(range(len(keys)), key=keys.__getitem__)
        index = np.array(order, dtype=np.intp)
        return Sums(
            by=tuple(columns),
            keys=tuple(keys[place] for place in order),
            value_usd=value[index].astype(np.float64),
            quantity=quantity[index].astype(np.float64),
            rows=rows[index],
        )

    def cut(self, as_of: date | None) -> Flows:
        """Return what had been released by a day; everything when it is None.

        A flow counts from the day on which the period was first released by its reporter, or,
        when both partners' reports were reconciled, by the earlier of the two. A later vintage of
        that period is allowed; the returned flows carry the caveat.
        """
        if as_of is None:
            return self
        kept = self.take(self._release_days() <= as_of.toordinal())
        periods = frozenset(kept.period.present())
        note = (
            f"Rows count from the day their period was first released, cut on {as_of}. The "
            f"values are those of a later vintage ({self.input.note or self.input.id}), which "
            "holds revisions made after that day."
        )
        day = min(as_of, self.coverage.as_of or as_of)
        coverage = replace(self.coverage, periods=self.coverage.periods & periods, as_of=day)
        return replace(kept, coverage=coverage, caveats=(*self.caveats, note))

    def rows(self) -> Iterator[Row]:
        """Yield every row; meant for small selections."""
        words = [self.column(name).words() for name in _KEYS]
        columns = dict(zip(_KEYS, words, strict=True))
        for place in range(len(self)):
            quantity = float(self.quantity[place])
            yield Row(
                exporter=columns["exporter"][place],
                importer=columns["importer"][place],
                product=columns["product"][place],
                period=columns["period"][place],
                unit=columns["unit"][place],
                reporter=columns["reporter"][place],
                basis=columns["basis"][place],
                source=columns["source"][place],
                value_usd=float(self.value_usd[place]),
                quantity=None if np.isnan(quantity) else quantity,
            )

    def _release_days(self) -> NDArray[np.int64]:
        """Return the ordinal of each row's first release, shape (rows,)."""
        spans = [period(label) for label in self.period.labels]

        def released(side: Coded) -> NDArray[np.int64]:
            table = _release_table(side.labels, spans).ravel()
            days: NDArray[np.int64] = table[side.codes * len(spans) + self.period.codes]
            return days

        reconciled = self.reporter.is_one_of([RECONCILED])
        if not reconciled.any():
            return released(self.reporter)
        earlier = np.minimum(released(self.exporter), released(self.importer))
        if reconciled.all():
            return earlier
        return np.where(reconciled, earlier, released(self.reporter))


def _is_released(reporters: Iterable[str], label: str, as_of: date | None) -> bool:
    """Return whether one of some countries published a period, and by the day if there is one."""
    span = period(label)
    rules = [rule for code in reporters if (rule := customs_rule(code, span)) is not None]
    return any(as_of is None or rule.release(span) <= as_of for rule in rules)


def _labels_between(labels: Iterable[str], since: str | None, until: str | None) -> list[str]:
    wanted = between(since, until)
    spans = ((label, period(label)) for label in labels)
    return [label for label, span in spans if wanted.start <= span.start and span.end <= wanted.end]


def _narrowed(held: frozenset[str] | None, chosen: Iterable[str] | None) -> frozenset[str] | None:
    if chosen is None:
        return held
    return frozenset(chosen) if held is None else held & frozenset(chosen)


def _release_table(countries: tuple[str, ...], spans: list[Period]) -> NDArray[np.int64]:
    """Return the ordinal of each reporter's first release of each period."""
    never = date.max.toordinal()
    by_rule: dict[ReleaseRule, list[int]] = {}
    rows = []
    for code in countries:
        # Most countries follow one rule for all periods: compute each rule once.
        own = spans if code in RULE_CHANGES else spans[:1]
        rules = [customs_rule(code, span) for span in own]
        for rule in rules:
            if rule is not None and rule not in by_rule:
                by_rule[rule] = [rule.release(span).toordinal() for span in spans]
        full = rules if len(rules) == len(spans) else rules * len(spans)
        rows.append(
            [never if rule is None else by_rule[rule][place] for place, rule in enumerate(full)]
        )
    return np.array(rows, dtype=np.int64).reshape(len(countries), len(spans))


def _split(combined: NDArray[np.int64], columns: list[Coded]) -> list[tuple[str, ...]]:
    parts: list[list[str]] = []
    for column in reversed(columns):
        size = max(1, len(column.labels))
        parts.append([column.labels[code] for code in (combined % size).tolist()])
        combined = combined // size
    return list(zip(*reversed(parts), strict=True)) if parts else [() for _ in combined]


def _party(code: str, column: Coded) -> str:
    return code if code in column.labels else country(code)


def _several(choice: str | Iterable[str]) -> list[str]:
    return [choice] if isinstance(choice, str) else list(choice)


def _money(value_usd: float, unit: str) -> float:
    return convert(value_usd, from_unit="USD", to_unit=unit)
