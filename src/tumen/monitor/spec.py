"""The section `monitor` of a case file."""

from __future__ import annotations

from pydantic import Field

from tumen.core.fields import CountryCode, ProductCode
from tumen.core.record import Record


class Heading(Record):
    """A product that the case watches.

    Attributes
    ----------
    product
        HS heading or subheading of the target's exports.
    label
        Printed name; the short name of the code when empty.
    """

    product: ProductCode
    label: str = ""


class Spec(Record):
    """What the case asks of recorded trade.

    Attributes
    ----------
    senders
        Countries whose purchases from the target are restricted and watched.
    rivals
        Countries that may take the senders' place.
    headings
        Products watched; every restricted heading of the data when empty.
    years_before
        Whole years before a ban whose mean is the base.
    noise_floor_musd
        Rises and falls below this are not called a change.
    """

    senders: tuple[CountryCode, ...] = ("CHN",)
    rivals: tuple[CountryCode, ...] = ("RUS",)
    headings: tuple[Heading, ...] = ()
    years_before: int = Field(default=2, ge=1, le=10)
    noise_floor_musd: float = Field(default=1.0, ge=0)
