"""A probability that a person states: a number, or a range."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from tumen.core.fields import FieldError
from tumen.core.record import Record

HINT = "write 0.7 or [0.6, 0.8], from 0 to 1"


class Chance(Record):
    """A stated probability from `low` to `high`; both are equal when it is a number."""

    low: float = Field(ge=0, le=1)
    high: float = Field(ge=0, le=1)

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        if self.low > self.high:
            raise FieldError(
                f"range [{self.low:g}, {self.high:g}] is upside down",
                f"write [{self.high:g}, {self.low:g}]",
            )
        return self

    @property
    def centre(self) -> float:
        """The middle of the range."""
        return 0.5 * (self.low + self.high)

    @property
    def is_point(self) -> bool:
        """Whether it is one number."""
        return self.low == self.high

    def text(self) -> str:
        """Print it in per cent, e.g. ``70 %`` or ``60-80 %``."""
        low, high = f"{100 * self.low:.3g}", f"{100 * self.high:.3g}"
        return f"{low} %" if low == high else f"{low}-{high} %"


def read_chance(value: Any) -> Any:
    """Return the ends of ``0.7`` or ``[0.6, 0.8]``; mappings and records pass as they are.

    Raises
    ------
    ValueError
        When it is neither a number from 0 to 1 nor two of them.
    """
    if isinstance(value, Chance | Mapping):
        return value
    ends = list(value) if isinstance(value, list | tuple) else [value, value]
    try:
        numbers = [float(end) for end in ends]
    except (TypeError, ValueError):
        raise FieldError(f"'{_shown(value)}' is no probability", HINT) from None
    if len(numbers) != 2 or not all(0 <= number <= 1 for number in numbers):
        raise FieldError(f"'{_shown(value)}' is no probability", HINT)
    return {"low": numbers[0], "high": numbers[1]}


def _shown(value: Any) -> str:
    return f"[{', '.join(map(str, value))}]" if isinstance(value, list | tuple) else str(value)


StatedChance = Annotated[Chance, BeforeValidator(read_chance)]
"""A `Chance` field that a file may write as ``0.7`` or ``[0.6, 0.8]``."""
