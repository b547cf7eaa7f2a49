"""A customs table as a country prints it: any CSV whose columns a layout explains."""

from __future__ import annotations

import csv
import math
import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from tumen.core.countries import country, country_by_iso2, country_hint, country_names
from tumen.core.errors import DataError, Problem
from tumen.core.finding import Input
from tumen.core.nearest import did_you_mean
from tumen.core.periods import period as read_period
from tumen.core.products import product as product_code
from tumen.core.reading import read_yaml, validate
from tumen.core.record import sha256_file
from tumen.core.units import UNITS, convert, counted
from tumen.trade.coded import Coded
from tumen.trade.flows import Coverage, Flows
from tumen.trade.sources.layout import CustomsLayout, Part

MAX_BYTES = 500_000_000
"""Largest file that is read."""
MOST_PROBLEMS = 100
"""So many problems are told; the rest is counted."""
LARGEST = 1e18
"""No amount of trade is larger, in any unit or currency."""
MOST_REPEATED = 20
"""Of so many words that nobody understands the rows are counted."""


def read_customs(path: Path | str, layout: CustomsLayout | Path | str) -> Flows:
    """Read a customs table as its reporter printed it; nothing is reconciled.

    Codes longer than six digits are cut to six, so several rows may stand for one subheading.

    Parameters
    ----------
    path
        A CSV file.
    layout
        What its columns mean, or a YAML file that says so.

    Raises
    ------
    CaseError
        When the layout is wrong; it names file, line and field.
    DataError
        With every cell that is wrong: file, line and column.

    Examples
    --------
    >>> import tempfile
    >>> table = Path(tempfile.mkdtemp()) / "imports.csv"
    >>> _ = table.write_text("Origin,HS,Month,USD\\nD.P.R. Korea,27011100,201708,138134000\\n")
    >>> layout = CustomsLayout(
    ...     reporter="CHN", vintage="HS2017", product_digits=8, always={"flow": "imports"},
    ...     columns={"partner": "Origin", "product": "HS", "period": "Month", "value": "USD"},
    ...     countries={"D.P.R. Korea": "PRK"})
    >>> [(row.exporter, row.product, row.period) for row in read_customs(table, layout).rows()]
    [('PRK', '270111', '2017-08')]
    """
    place = Path(path)
    if not isinstance(layout, CustomsLayout):
        layout = validate(read_yaml(Path(layout)), CustomsLayout)
    if not place.is_file():
        raise DataError("there is no such file", str(path))
    if place.stat().st_size > MAX_BYTES:
        raise DataError(f"the file is larger than {MAX_BYTES:,} bytes", str(path))
    table = _Table(layout, str(path))
    try:
        with place.open(encoding=layout.encoding, newline="") as file:
            table.read(file)
        source = Input(id="trade.customs", sha256=sha256_file(place), note=place.name)
    except OSError as error:
        raise DataError(f"the file cannot be read: {error.strerror}", str(path)) from None
    except UnicodeDecodeError as error:
        what = f"the file is not {layout.encoding} (near line {table.line})"
        raise DataError(what, str(path), f"state its encoding ({error.reason})") from None
    return table.flows(source)


@dataclass
class _Table:
    """What has been read so far: columns of words as numbers, amounts, problems.

    A word is understood once, and a word that nobody understands is told once, with its rows.
    """

    layout: CustomsLayout
    name: str
    line: int = 0
    width: int = 0
    words: dict[str, dict[str, int]] = field(default_factory=dict)
    codes: dict[str, array[int]] = field(default_factory=dict)
    amounts: dict[str, array[float]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    more_problems: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    known: dict[tuple[str, str], str] = field(default_factory=dict)
    unknown: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.number = _number(self.layout)
        for name in ("exporter", "importer", "product", "period", "unit"):
            self.words[name], self.codes[name] = {}, array("i")
        self.amounts = {"value": array("d"), "quantity": array("d")}

    def read(self, lines: Iterator[str]) -> None:
        """Read heads and rows; raise every problem at once."""
        delimiter = "\t" if self.layout.delimiter == "tab" else self.layout.delimiter
        reader = csv.reader(lines, delimiter=delimiter)
        places: dict[Part, int] | None = None
        try:
            for row in reader:
                self.line = reader.line_num
                if places is None:
                    places = self._places(row) if self.line >= self.layout.head else None
                elif any(cell.strip() for cell in row):
                    self._take(row, places)
        except csv.Error as error:
            self._add(f"this is no CSV: {error}", "")
        if places is None:
            self._add("the file ends before its heads", "")
        if self.more_problems:
            more = f"... and {self.more_problems:,} more problems"
            self.problems.append(Problem(more, self.name))
        for (part, text), rows in self.unknown.most_common(MOST_REPEATED):
            if rows > 1:
                what = f"'{text}' stands in {rows:,} rows ({part})"
                self.problems.append(Problem(what, self.name))
        for one, other in self._overlaps():
            what = f"the periods {one} and {other} overlap: their rows would count twice"
            self.problems.append(Problem(what, self.name, "read years or months, not both"))
        if self.problems:
            raise DataError(problems=self.problems)

    def _overlaps(self) -> list[tuple[str, str]]:
        """Return periods of the table of which one reaches into the next."""
        ordered = sorted((read_period(label), label) for label in self.words["period"])
        return [
            (label, later)
            for (span, label), (after, later) in pairwise(ordered)
            if after.start < span.end
        ][:MOST_PROBLEMS]

    def _repeats(self) -> int:
        """Return how many rows equal an earlier one in every part."""
        rows = np.column_stack([*self.codes.values(), *self.amounts.values()])
        return len(rows) - len(np.unique(np.nan_to_num(rows, nan=-1.0), axis=0))

    def flows(self, source: Input) -> Flows:
        """Return what was read."""
        reporter, rows = self.layout.reporter, len(self.amounts["value"])
        columns = {
            name: Coded(np.array(self.codes[name], dtype=np.int32), tuple(self.words[name]))
            for name in self.codes
        }
        notes = [
            f"Left out, as “{word}” is no country: {counted(count, 'row')}."
            for word, count in sorted(self.left_out.items())
        ]
        repeats = self._repeats()
        if repeats:
            equal = f"{counted(repeats, 'row')} equal to an earlier one in pair, subheading, "
            notes.append(f"The table holds {equal}period and amounts; all are counted.")
        return Flows(
            **columns,
            value_usd=np.array(self.amounts["value"], dtype=np.float64)
            * convert(1.0, from_unit=self.layout.value_unit, to_unit="USD"),
            quantity=np.array(self.amounts["quantity"], dtype=np.float64),
            reporter=Coded.constant(reporter, rows),
            basis=Coded.constant("recorded", rows),
            source=Coded.constant(f"customs of {reporter}", rows),
            input=source,
            vintage=self.layout.vintage,
            coverage=self._coverage(columns),
            caveats=(
                f"As the customs of {reporter} recorded it: imports with freight and insurance as "
                "a rule, exports without.",
                *notes,
            ),
        )

    def _coverage(self, columns: dict[str, Coded]) -> Coverage:
        periods = frozenset(columns["period"].labels)
        if not self.layout.is_complete:
            return Coverage(frozenset(), periods)
        own, only = frozenset({self.layout.reporter}), self.layout.always.get("flow")
        return Coverage(
            products=frozenset(columns["product"].labels),
            periods=periods,
            parties=own,
            exporters=own if only in self.layout.export_words else None,
            importers=own if only in self.layout.import_words else None,
            reporters=own,
        )

    def _places(self, heads: list[str]) -> dict[Part, int]:
        clean = [head.strip().lstrip("\ufeff") for head in heads]
        for part, head in self.layout.columns.items():
            if head not in clean:
                hint = did_you_mean(head, clean) or f"heads: {', '.join(clean[:12])}"
                self._add(f"there is no column '{head}' for the {part}", "", hint)
            elif clean.count(head) > 1:
                self._add(f"column '{head}' stands {clean.count(head)} times", "")
        if self.problems:
            raise DataError(problems=self.problems)
        self.width = len(clean)
        return {part: clean.index(head) for part, head in self.layout.columns.items()}

    def _take(self, row: list[str], places: dict[Part, int]) -> None:
        """Take one row, or tell everything that is wrong with it."""
        last = max(places.values())
        if len(row) <= last:
            self._add(f"the row has {len(row)} cells, {last + 1} are needed", "")
            return
        if any(cell.strip() for cell in row[self.width :]):
            what = f"the row has {len(row)} cells under {self.width} heads"
            self._add(what, "", "quote cells that hold the delimiter")
            return
        given: dict[Part, str] = {part: row[place].strip() for part, place in places.items()}
        given |= self.layout.always
        if given["partner"] in self.layout.left_out:
            self.left_out[given["partner"]] += 1
            return
        flow = self._word("flow", given["flow"], self._direction)
        partner = self._word("partner", given["partner"], self._partner)
        product = self._word("product", given["product"], self._product)
        period = self._word("period", given["period"], _period)
        unit = self._word("unit", given.get("unit", ""), self._unit)
        value = self._amount("value", given["value"])
        quantity = self._quantity(given.get("quantity", ""))
        if self.problems:  # nothing is returned, so nothing more is kept
            return
        reporter = self.layout.reporter
        exporter, importer = (partner, reporter) if flow == "imports" else (reporter, partner)
        self._keep("exporter", exporter)
        self._keep("importer", importer)
        self._keep("product", product)
        self._keep("period", period)
        self._keep("unit", unit or self.layout.quantity_unit)
        self.amounts["value"].append(value)
        self.amounts["quantity"].append(quantity if unit else math.nan)

    def _keep(self, name: str, word: str) -> None:
        places = self.words[name]
        self.codes[name].append(places.setdefault(word, len(places)))

    def _word(self, part: Part, text: str, read: Callable[[str], str]) -> str:
        """Return what a word means, or an empty text."""
        key = (part, text)
        found = self.known.get(key)
        if found is not None:
            return found
        if key in self.unknown:
            self.unknown[key] += 1
            return ""
        try:
            self.known[key] = read(text)
        except DataError as error:
            self.unknown[key] = 1
            problem = error.problems[0]
            self._add(problem.what, part, problem.hint)
            return ""
        return self.known[key]

    def _direction(self, text: str) -> str:
        if text in self.layout.import_words:
            return "imports"
        if text in self.layout.export_words:
            return "exports"
        known = (*self.layout.import_words, *self.layout.export_words)
        hint = did_you_mean(text, known) or "add it to import_words or export_words"
        raise DataError(f"'{text}' is no flow", "", hint)

    def _partner(self, text: str) -> str:
        found = self.layout.countries.get(text) or _countries().get(text.casefold())
        if found is None:
            hint = f"{country_hint(text)}; else add it to countries or left_out"
            raise DataError(f"'{text}' is no country", "", hint)
        if found == self.layout.reporter:
            raise DataError(f"'{text}' is the reporter itself", "", "add it to left_out")
        return country(found)

    def _product(self, text: str) -> str:
        digits = self.layout.product_digits
        plain = text.replace(".", "")
        code = f"0{plain}" if len(plain) == digits - 1 else plain
        if not (code.isascii() and code.isdigit()) or len(code) != digits:
            raise DataError(
                f"'{text}' is no code of {digits} digits", "", "product_digits: length of the codes"
            )
        return product_code(code[:6])

    def _unit(self, text: str) -> str:
        if not text:
            return self.layout.quantity_unit
        if text in self.layout.units:
            return self.layout.units[text]
        if text in UNITS and UNITS[text].dimension in ("mass", "volume"):
            return text
        raise DataError(f"'{text}' is no unit", "", "add it to units, with '' to leave it out")

    def _quantity(self, text: str) -> float:
        if text in self.layout.missing or "quantity" not in self.layout.columns:
            return math.nan
        return self._amount("quantity", text)

    def _amount(self, part: Part, text: str) -> float:
        if not self.number.fullmatch(text):
            self._add(f"'{text}' is no number", part, "check decimal and thousands")
            return 0.0
        plain = text.replace(self.layout.thousands, "") if self.layout.thousands else text
        number = float(plain.replace(self.layout.decimal, "."))
        if not 0 <= number <= LARGEST:
            self._add(f"'{text}' is negative or no amount of trade", part)
            return 0.0
        return number

    def _add(self, what: str, part: str, hint: str = "") -> None:
        if len(self.problems) >= MOST_PROBLEMS:
            self.more_problems += 1
            return
        head = self.layout.columns.get(part, part)  # type: ignore[call-overload]
        where = f"{self.name}:{self.line}: {head}" if part else f"{self.name}:{self.line}"
        self.problems.append(Problem(what, where, hint))


@cache
def _countries() -> dict[str, str]:
    """Return alpha-3 codes by code and English name in lower case."""
    names = country_names()
    return {
        **{name.casefold(): iso3 for iso3, name in names.items()},
        **{iso2.casefold(): iso3 for iso2, iso3 in country_by_iso2().items()},
        **{iso3.casefold(): iso3 for iso3 in names},
    }


def _number(layout: CustomsLayout) -> re.Pattern[str]:
    """Return how a number is written: another way of writing is a mistake and never a guess."""
    part, point = re.escape(layout.thousands), re.escape(layout.decimal)
    whole = rf"(?:\d{{1,3}}(?:{part}\d{{3}})+|\d+)" if part else r"\d+"
    return re.compile(rf"[+-]?(?:{whole}(?:{point}\d*)?|{point}\d+)(?:[eE][+-]?\d+)?", re.ASCII)


def _period(text: str) -> str:
    plain = text.replace("/", "-").replace(".", "-")
    if plain.isascii() and plain.isdigit() and len(plain) == 6:
        plain = f"{plain[:4]}-{plain[4:]}"
    return read_period(plain).label
