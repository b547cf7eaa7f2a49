"""When a statistic's period was first released: what an as-of date lets in."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from tumen.core.errors import DataError
from tumen.core.nearest import did_you_mean
from tumen.core.periods import Period


@dataclass(frozen=True)
class ReleaseRule:
    """How long after a period's end its first figures appear.

    Attributes
    ----------
    series
        Who publishes.
    months
        Months from the period's last month to the month of release.
    day
        Day of that month; the month's last day when it has fewer.
    why
        What the rule rests on, and its weak side.
    """

    series: str
    months: int
    day: int
    why: str

    def release(self, period: Period) -> date:
        """Return the day on which the period counts as released."""
        last = period.end - timedelta(days=1)
        ordinal = last.year * 12 + last.month - 1 + self.months
        year, month = divmod(ordinal, 12)
        return date(year, month + 1, min(self.day, calendar.monthrange(year, month + 1)[1]))


_CUSTOMS = (
    ReleaseRule("CHN", 1, 26, "China's customs prints trade by partner and product in the last "
                "third of the following month"),
    ReleaseRule("KOR", 1, 20, "Korean customs prints trade by product by the 15th to 20th of the "
                "following month"),
    ReleaseRule("USA", 2, 10, "the US Census prints a month about 36 days after its end"),
    ReleaseRule("RUS", 2, 28, "Russian customs printed a month about 40 to 60 days after its end; "
                "it stopped in February 2022"),
)  # fmt: skip

_FACTS = (
    ReleaseRule("GAC", 1, 26, "China's customs; totals appear near the 13th, detail by the 26th"),
    ReleaseRule("GAC/CEIC", 1, 31, "China's customs as compiled by CEIC"),
    ReleaseRule("UN 1718", 2, 28, "states report a month's coal to the Committee within 30 days; "
                "it prints about a month later"),
    ReleaseRule("KOTRA", 7, 31, "the yearly report appears between May and July"),
    ReleaseRule("KITA", 5, 31, "the yearly report appears by May"),
    ReleaseRule("ITC", 6, 30, "partners' reports, complete enough by mid-year"),
    ReleaseRule("BOK", 7, 31, "the yearly estimate appears in the last week of July"),
    ReleaseRule("KOTRA/BOK", 7, 31, "printed with the Bank of Korea's yearly estimate"),
    ReleaseRule("OECD/BOK", 18, 30, "printed in a survey of the second year after"),
    ReleaseRule("RU customs", 2, 28, "see RUS"),
    ReleaseRule("RU official", 6, 30, "named by officials in the following year"),
    ReleaseRule("KR unification", 2, 28, "the Ministry of Unification prints the year in February"),
    ReleaseRule("UN 1718 oil", 2, 28, "the Committee's page on refined petroleum"),
    ReleaseRule("UN Panel", 9, 30, "Panel of Experts reports appear twice a year, months later"),
    ReleaseRule("US", 12, 31, "statements of the US government; the day of the page decides"),
)  # fmt: skip

OTHER = ReleaseRule(
    "*", 6, 30, "most states deliver a year to UN Comtrade by the middle of the next"
)
"""Rule for a reporter without a rule of its own."""

EUROSTAT = ReleaseRule(
    "EU", 2, 28, "member states deliver trade with others in detail six weeks after a month's end; "
    "Eurostat prints it in the middle of the month. Trade between members takes four weeks more"
)  # fmt: skip
"""Rule for a member of the European Union."""

EU_SINCE: dict[str, int] = {
    **dict.fromkeys("AUT BEL DEU DNK ESP FIN FRA GRC IRL ITA LUX NLD PRT SWE".split(), 1995),
    **dict.fromkeys("CYP CZE EST HUN LTU LVA MLT POL SVK SVN".split(), 2005),
    **dict.fromkeys(("BGR", "ROU"), 2007),
    "HRV": 2014,
}
"""First whole year of membership, of those who are members today."""

CUSTOMS_RULES: dict[str, ReleaseRule] = {rule.series: rule for rule in _CUSTOMS}
"""First release of national customs data by reporter (alpha-3)."""

FACT_RULES: dict[str, ReleaseRule] = {rule.series: rule for rule in _FACTS}
"""First release by series of the fact tables."""

SILENT_FROM: dict[str, date] = {
    "PRK": date.min,
    "RUS": date(2022, 1, 1),
}
"""Countries that publish no detailed customs data, from the first silent day on.

Their trade counts from the partner's release; trade between two silent countries is unknown.
Russia stopped in 2022; the DPRK never published any.
"""


RULE_CHANGES = frozenset({*SILENT_FROM, *EU_SINCE})
"""Countries whose rule is not the same for all periods."""


def customs_rule(reporter: str, period: Period) -> ReleaseRule | None:
    """Return the release rule of a country's customs data; None when it publishes nothing."""
    silent = SILENT_FROM.get(reporter)
    if silent is not None and period.end > silent:
        return None
    if period.start.year >= EU_SINCE.get(reporter, date.max.year):
        return EUROSTAT
    return CUSTOMS_RULES.get(reporter, OTHER)


def fact_release(series: str, period: Period) -> date:
    """Return the day on which a period of a fact series counts as released.

    Raises
    ------
    DataError
        When the series has no rule.
    """
    if series not in FACT_RULES:
        raise DataError(
            f"series '{series}' has no release rule", "", did_you_mean(series, FACT_RULES)
        )
    return FACT_RULES[series].release(period)
