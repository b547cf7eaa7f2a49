"""What the columns and words of a customs table mean, as its reader states it in a file."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from tumen.core.fields import CountryCode, FieldError
from tumen.core.nearest import did_you_mean
from tumen.core.products import vintage
from tumen.core.record import Record
from tumen.core.units import UNITS

Part = Literal["flow", "partner", "product", "period", "value", "quantity", "unit"]
NEEDED: tuple[Part, ...] = ("flow", "partner", "product", "period", "value")


class CustomsLayout(Record):
    """What the columns and words of a customs table mean.

    Attributes
    ----------
    reporter
        Whose customs it is.
    vintage
        HS revision of the product codes.
    columns
        Head of the column that holds a part: ``flow``, ``partner``, ``product``, ``period``,
        ``value``, ``quantity``, ``unit``.
    always
        A part that is the same in every row and has no column, e.g. ``{flow: imports}``.
    import_words, export_words
        Words for the flow, seen from the reporter.
    countries
        Alpha-3 code by a word of the file; alpha-3, alpha-2 and English names need none.
    left_out
        Partners that are no country, e.g. ``World``; their rows are left out and counted.
    product_digits
        Length of the file's codes; a code that lost its leading zero gets it back.
    value_unit
        ``USD``, ``kUSD`` or ``MUSD``.
    quantity_unit
        Unit of every quantity when there is no column for it.
    units
        Unit code by a word of the file; an empty code means that the quantity is not used.
    missing
        Words for a quantity that nobody recorded.
    decimal, thousands, delimiter, encoding
        How numbers and cells are written.
    head
        Line of the heads.
    is_complete
        Whether a pair and product without a row was not traded on record; otherwise it is unknown.
    """

    reporter: CountryCode
    vintage: str
    columns: dict[Part, str] = Field(min_length=1)
    always: dict[Part, str] = Field(default_factory=dict)
    import_words: tuple[str, ...] = ("imports",)
    export_words: tuple[str, ...] = ("exports",)
    countries: dict[str, CountryCode] = Field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    product_digits: int = Field(default=6, ge=2, le=12, multiple_of=2)
    value_unit: Literal["USD", "kUSD", "MUSD"] = "USD"
    quantity_unit: str = "kg"
    units: dict[str, str] = Field(default_factory=dict)
    missing: tuple[str, ...] = ("", "-", "NA")
    decimal: Literal[".", ","] = "."
    thousands: Literal["", ",", ".", " ", "'"] = ""
    delimiter: Literal[",", ";", "|", "tab"] = ","
    encoding: Literal["utf-8", "gb18030", "cp949", "cp1251", "latin-1"] = "utf-8"
    head: int = Field(default=1, ge=1, le=100)
    is_complete: bool = False

    @field_validator("vintage")
    @classmethod
    def _is_a_revision(cls, name: str) -> str:
        return vintage(name)

    @field_validator("quantity_unit")
    @classmethod
    def _is_a_unit(cls, code: str) -> str:
        return _unit_code(code)

    @field_validator("units")
    @classmethod
    def _are_units(cls, words: dict[str, str]) -> dict[str, str]:
        return {word: code and _unit_code(code) for word, code in words.items()}

    @model_validator(mode="after")
    def _has_all_parts(self) -> Self:
        for part in NEEDED:
            if part not in self.columns and part not in self.always:
                raise FieldError(
                    f"'{part}' has no column", f"add it to columns or to always: {part}"
                )
        for part in self.always:
            if part in self.columns:
                raise FieldError(f"'{part}' stands in columns and in always", "keep one of them")
        if self.decimal == self.thousands:
            raise FieldError(f"'{self.decimal}' parts decimals and thousands", "they must differ")
        return self


def _unit_code(code: str) -> str:
    if code not in UNITS or UNITS[code].dimension not in ("mass", "volume"):
        known = [unit.code for unit in UNITS.values() if unit.dimension in ("mass", "volume")]
        raise FieldError(f"'{code}' is no unit of mass or volume", did_you_mean(code, known))
    return code
