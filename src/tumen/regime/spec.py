"""The section `regime` of a case: which regime, which lines, which checks stand on page one."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from tumen.core.errors import TumenError
from tumen.core.fields import CountryCode, Day, FieldError, ProductCode
from tumen.core.products import Vintage
from tumen.core.record import Record
from tumen.regime.clauses import FlagName


def _known_service(name: str) -> str:
    from tumen.regime.services import service

    try:
        return service(name)
    except TumenError as error:
        raise FieldError(error.problems[0].what, error.problems[0].hint) from None


class Check(Record):
    """A transaction to be ruled, with the words that stand in the table.

    Attributes
    ----------
    label
        What the reader sees, e.g. ``"Coal to China"``.
    product, service
        What passes: an HS code, or a kind of service.
    on
        Day of the transaction; the case's as-of date when left out.
    origin
        Country of origin, when it is stated.
    contract_date
        Day of the contract, for clauses that spare older business.
    port
        Port of loading.
    vessel
        Name or IMO number of the ship.
    parties
        Names of those who take part.
    vintage
        Revision of the Harmonized System in which the product is written.
    declared
        Facts declared by the parties.
    """

    label: str = Field(min_length=2, max_length=80)
    exporter: CountryCode
    importer: CountryCode
    product: ProductCode | None = None
    service: Annotated[str, AfterValidator(_known_service)] | None = None
    on: Day | None = None
    origin: CountryCode | None = None
    contract_date: Day | None = None
    port: str | None = None
    vessel: str | None = None
    parties: tuple[str, ...] = ()
    vintage: Vintage = "HS2017"
    declared: dict[FlagName, bool] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if not (self.product or self.service or self.parties or self.vessel):
            raise ValueError("a check needs a product, a service, a party or a vessel")
        if self.exporter == self.importer:
            raise ValueError("exporter and importer are the same country")
        return self


class StripRow(Record):
    """A row of the compliance strip."""

    label: str = Field(min_length=2, max_length=40)
    exporter: CountryCode
    importer: CountryCode
    product: ProductCode


class Spec(Record):
    """Law of a case.

    Attributes
    ----------
    load
        Name of a regime that tumen ships, or of a file or folder beside the case.
    lines
        Lines of law to print; the regime's own when empty.
    checks
        Transactions for the table on page one.
    since
        First day of the list of changes; one year before the as-of date when left out.
    strip
        Rows of the strip of verdicts by month; the checks with a product when empty.
    strip_from
        First month of the strip; eighteen months before the as-of date when left out.
    """

    load: str = Field(default="UN-1718", min_length=1)
    lines: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    since: Day | None = None
    strip: tuple[StripRow, ...] = ()
    strip_from: Day | None = None
