"""Kinds of arguments: a case's folder, a day, a country, a product; wrong ones name the nearest."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from tumen.core.errors import DataError

CASE = click.Path(path_type=Path)
"""A case's folder, or its case.yaml."""


class Day(click.ParamType[date]):
    """A day such as 2017-08-05."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read a day."""
        if isinstance(value, date):
            return value
        try:
            if len(value) != len("2017-08-05"):
                raise ValueError
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"'{value}' is no day; write it as 2017-08-05", param, ctx)


class Country(click.ParamType[str]):
    """An ISO 3166-1 alpha-3 code such as PRK."""

    name = "country"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read a country code; the message names the nearest."""
        from tumen.core.countries import country

        try:
            return country(str(value))
        except DataError as error:
            problem = error.problems[0]
            self.fail(f"{problem.what}; {problem.hint}", param, ctx)


class Span(click.ParamType[str]):
    """A period such as 2017, 2017-08 or 2017-01/2017-05."""

    name = "period"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read a period."""
        from tumen.core.periods import period

        try:
            return period(str(value)).label
        except DataError as error:
            problem = error.problems[0]
            self.fail(f"{problem.what}; {problem.hint}", param, ctx)


class Product(click.ParamType[str]):
    """An HS code of 2, 4 or 6 digits such as 270112."""

    name = "product"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read a product code."""
        from tumen.core.products import product

        try:
            return product(str(value))
        except DataError as error:
            problem = error.problems[0]
            self.fail(f"{problem.what}; {problem.hint}", param, ctx)


DAY, COUNTRY, SPAN, PRODUCT = Day(), Country(), Span(), Product()
