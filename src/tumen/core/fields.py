"""Types of schema fields: country and product codes, checked, with the nearest valid as hint."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

from tumen.core.countries import country
from tumen.core.errors import TumenError
from tumen.core.periods import day
from tumen.core.products import product


class FieldError(ValueError):
    """Raised by a validator of a schema: the reader adds file and line and keeps the hint."""

    def __init__(self, what: str, hint: str = "") -> None:
        self.hint = hint
        super().__init__(what)


def _checked(check: Callable[[str], str]) -> Callable[[str], str]:
    def validator(code: str) -> str:
        try:
            return check(code)
        except TumenError as error:
            problem = error.problems[0]
            raise FieldError(problem.what, problem.hint) from None

    return validator


CountryCode = Annotated[str, AfterValidator(_checked(country))]
"""ISO 3166-1 alpha-3 code of a country, e.g. ``PRK``."""

ProductCode = Annotated[str, AfterValidator(_checked(product))]
"""HS code of 2, 4 or 6 digits as text, e.g. ``270112``."""


def _as_day(value: Any) -> Any:
    if isinstance(value, str):
        return _checked_day(value)
    if isinstance(value, date):
        return value
    raise FieldError(f"'{value}' is no day", "write a day as 2017-08-05")


def _checked_day(text: str) -> date:
    try:
        return day(text)
    except TumenError as error:
        raise FieldError(error.problems[0].what, error.problems[0].hint) from None


Day = Annotated[date, BeforeValidator(_as_day)]
"""A day written as ``2017-08-05`` and in no other way; a number is no day."""
