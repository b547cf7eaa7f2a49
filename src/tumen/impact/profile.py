"""Inputs on a country that the world tables leave out: each with range, status and source."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationError, model_validator

from tumen.core.countries import country
from tumen.core.errors import DataError, Problem, raise_all
from tumen.core.finding import Input
from tumen.core.record import Record, sha256_text

Key = Literal["gdp", "industry", "exports", "imports", "hard_currency"]
Floats = NDArray[np.float64]


class ProfileRow(Record):
    """One input on a target.

    Attributes
    ----------
    key
        ``gdp``; ``industry`` a sector's share of GDP; ``exports`` to and ``imports`` from a
        partner by sector; ``hard_currency`` income outside goods trade.
    partner
        Country or region of the model, for exports and imports.
    label
        Sector, or name of the income.
    value, low, high
        Central value and the range over which draws go.
    status
        ``read`` on the source's page, ``computed`` from numbers there, ``recalled`` and not
        checked, ``assumed`` by the analyst.
    released
        First day on which the number, or what it was made from, could be known.
    """

    key: Key
    partner: str = ""
    label: str = ""
    value: float = Field(ge=0)
    low: float = Field(ge=0)
    high: float = Field(ge=0)
    unit: Literal["MUSD", "share"]
    status: Literal["read", "computed", "recalled", "assumed"]
    released: date
    source: str = Field(min_length=1)
    note: str = ""

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        if not all(math.isfinite(x) for x in (self.low, self.value, self.high)):
            raise ValueError("value, low and high must be finite")
        if not self.low <= self.value <= self.high:
            raise ValueError(f"value {self.value} is outside its range {self.low} to {self.high}")
        return self

    @property
    def name(self) -> str:
        """What a table calls the input."""
        if self.key == "gdp":
            return "GDP"
        if self.key == "industry":
            return f"share of {self.label} in GDP"
        if self.key == "hard_currency":
            return f"income from {self.label}"
        preposition = "to" if self.key == "exports" else "from"
        return f"{self.key} of {self.label} {preposition} {self.partner}"


@dataclass(frozen=True)
class Profile:
    """All inputs on a target.

    Attributes
    ----------
    target
        Alpha-3 code.
    rows
        Inputs in the order of the file.
    input
        Name and hash.
    """

    target: str
    rows: tuple[ProfileRow, ...]
    input: Input

    def of(self, key: Key) -> tuple[ProfileRow, ...]:
        """Return the inputs of one kind."""
        return tuple(row for row in self.rows if row.key == key)

    @property
    def uncertain(self) -> tuple[ProfileRow, ...]:
        """Inputs with a range."""
        return tuple(row for row in self.rows if row.low < row.high)

    def values(self, quantiles: Floats | None = None) -> Floats:
        """Return the value of every input, or its values at quantiles of the uncertain ones.

        Parameters
        ----------
        quantiles
            Between low (0) and high (1), even in logs, in the order of `uncertain`;
            (draw, uncertain input).

        Returns
        -------
        (input,), or (draw, input) when quantiles are given.
        """
        if quantiles is None:
            return np.array([row.value for row in self.rows])
        made = np.tile(self.values(), (len(quantiles), 1))
        places = [place for place, row in enumerate(self.rows) if row.low < row.high]
        low = np.array([self.rows[place].low for place in places])
        high = np.array([self.rows[place].high for place in places])
        ratio = np.divide(high, low, out=np.ones_like(high), where=low > 0)
        in_logs = low * ratio**quantiles
        made[:, places] = np.where(low > 0, in_logs, low + quantiles * (high - low))
        return made

    def with_gdp(
        self, value: float, *, low: float | None = None, high: float | None = None
    ) -> Self:
        """Return the profile with another GDP and its range, million USD."""
        ends = {
            "low": value if low is None else low,
            "value": value,
            "high": value if high is None else high,
        }
        rows = tuple(
            ProfileRow.model_validate(row.model_dump() | ends) if row.key == "gdp" else row
            for row in self.rows
        )
        return replace(self, rows=rows)

    def cut(self, as_of: date) -> Profile:
        """Return the profile as it could be known on a day.

        Raises
        ------
        DataError
            When GDP or the industries were not known then.
        """
        kept = tuple(row for row in self.rows if row.released <= as_of)
        made = replace(self, rows=kept)
        if len(made.of("gdp")) != 1 or not made.of("industry"):
            what = f"GDP or the industries of {self.target} were not known on {as_of}"
            raise DataError(what, self.input.id)
        return made


@cache
def read_profile(target: str) -> Profile:
    """Read the shipped inputs on a target.

    Raises
    ------
    DataError
        When the code is unknown or nothing is shipped for it.

    Examples
    --------
    >>> read_profile("PRK").of("gdp")[0].unit
    'MUSD'
    """
    place = files("tumen.impact").joinpath("profiles", f"{country(target)}.csv")
    if not place.is_file():
        raise DataError(f"no inputs on {target} are shipped", "impact", "shipped: PRK")
    text = place.read_text(encoding="utf-8")
    return parse_profile(text, target=target, name=f"impact.profile.{target}")


def parse_profile(text: str, *, target: str, name: str) -> Profile:
    """Read inputs from a table in CSV.

    Raises
    ------
    DataError
        With every row that is wrong, by line and column.
    """
    problems: list[Problem] = []
    rows: list[ProfileRow] = []
    for number, cells in enumerate(csv.DictReader(io.StringIO(text)), start=2):
        try:
            rows.append(ProfileRow.model_validate(cells))
        except ValidationError as error:
            for detail in error.errors():
                field = ".".join(str(part) for part in detail["loc"])
                problems.append(Problem(detail["msg"], f"{name}:{number}: {field}"))
    names = [row.name for row in rows]
    for twice in sorted({n for n in names if names.count(n) > 1}):
        problems.append(Problem(f"'{twice}' stands twice", name))
    if sum(row.key == "gdp" for row in rows) != 1:
        problems.append(Problem("there must be one row with key gdp", name))
    raise_all(problems, DataError)
    made = Input(id=name, sha256=sha256_text(text), note="inputs on an economy without a table")
    return Profile(country(target), tuple(rows), made)


def totals(rows: Iterable[ProfileRow]) -> float:
    """Return the sum of the values."""
    return sum(row.value for row in rows)
