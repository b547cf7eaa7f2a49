"""Facts: each with series and source, and none used before it was known."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tumen import trade
from tumen.core.errors import DataError
from tumen.core.finding import Input
from tumen.core.periods import period
from tumen.trade.facts import Fact, parse_facts
from tumen.trade.release import FACT_RULES, fact_release

HEAD = (
    "target,period,partner,flow,product,value,unit,series,basis,claimant,status,published,"
    "precision,source,note\n"
)
INPUT = Input(id="trade.test", sha256="0" * 64)


def fact(**changes: object) -> Fact:
    given: dict[str, object] = {
        "target": "PRK", "period": "2017", "partner": "CHN", "flow": "total", "value": 1.0,
        "unit": "MUSD", "series": "GAC", "basis": "recorded", "status": "read", "source": "a page",
    }  # fmt: skip
    return Fact.model_validate(given | changes)


def test_every_shipped_fact_names_its_source_and_has_a_release_rule() -> None:
    facts = trade.read_facts("PRK")
    assert len(facts) == 200
    assert all(one.source and one.series in FACT_RULES for one in facts)


def test_facts_are_the_shared_ones(shared) -> None:  # type: ignore[no-untyped-def]
    import csv

    facts = trade.read_facts("PRK")
    with (shared / "facts/dprk/dprk_trade_totals.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        for column, flow in (
            ("total_musd", "total"), ("exports_musd", "exports"), ("imports_musd", "imports")
        ):  # fmt: skip
            if row[column]:
                found = facts.select(
                    partner="", flow=flow, product="", series=row["series"], since=row["year"],
                    until=row["year"],
                )  # type: ignore[arg-type]  # fmt: skip
                assert [one.value for one in found] == [float(row[column])]


def test_a_fact_counts_from_the_day_of_its_page() -> None:
    one = fact(period="2016", published="2018-01-12")
    assert one.available == date(2018, 1, 12)


@pytest.mark.parametrize(
    ("precision", "expected"), [("month", date(2017, 2, 28)), ("year", date(2017, 12, 31))]
)
def test_an_unknown_day_counts_as_the_last_one(precision: str, expected: date) -> None:
    one = fact(period="2016", published="2017-02-03", precision=precision)
    assert one.available == expected


def test_without_a_page_the_release_rule_of_the_series_decides() -> None:
    assert fact(period="2017-07", status="recalled").available == date(2017, 8, 26)
    assert fact(series="KOTRA", basis="estimated", claimant="KOTRA").available == date(2018, 7, 31)


def test_no_shipped_fact_is_available_before_its_period_began() -> None:
    for one in trade.read_facts("PRK"):
        assert one.available >= one.span.start


def test_no_rule_releases_a_period_before_it_ends() -> None:
    for series in FACT_RULES:
        for label in ("2016", "2017-02", "2017-12"):
            assert fact_release(series, period(label)) >= period(label).end


def test_the_cut_leaves_nothing_that_came_later() -> None:
    day = date(2017, 8, 31)
    facts = trade.read_facts("PRK")
    known = facts.cut(day)
    assert 0 < len(known) < len(facts)
    assert all(one.available <= day for one in known)
    periods = {(one.period, one.product, one.flow) for one in known}
    assert ("2017-07", "2701", "exports") in periods
    assert ("2017-08", "2701", "exports") not in periods
    # The 2016 figure that was derived from an article of January 2018 must not leak.
    whole_years = [one.period for one in known.select(partner="CHN", flow="total", series="GAC")]
    assert "2016" not in whole_years
    assert "2017-01/2017-06" in whole_years
    assert known.select(partner="CHN", flow="total", series="ITC", since="2016", until="2016")


def test_a_planted_later_fact_is_cut_and_counted() -> None:
    text = (
        HEAD
        + "PRK,2016,CHN,total,,5510,MUSD,ITC,recorded,,read,2017-04-30,,a page,\n"
        + "PRK,2016,CHN,total,,9999,MUSD,ITC,recorded,,read,2017-09-01,,a later page,\n"
    )
    facts = parse_facts(text, name="facts.csv", target="PRK", input=INPUT)
    known = facts.cut(date(2017, 8, 31))
    assert [one.value for one in known] == [5510.0]
    assert "Of 2 facts on North Korea, 1" in known.caveats[-1]
    assert len(facts.cut(date(2017, 8, 31) + timedelta(days=1))) == 2


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("PKR,2016,CHN,total,,1,MUSD,ITC,recorded,,read,,,page,", "'PKR' is no country code"),
        ("PRK,2016,CHN,total,,1,MUSS,ITC,recorded,,read,,,page,", "'MUSS' is no unit"),
        ("PRK,2016,CHN,total,,1,MUSD,ITD,recorded,,read,,,page,", "no release rule"),
        ("PRK,2016,CHN,total,,x,MUSD,ITC,recorded,,read,,,page,", "facts.csv:2: value"),
        ("PRK,2016,CHN,total,,1,MUSD,KOTRA,estimated,,read,,,page,", "names its claimant"),
        ("PRK,2018,CHN,total,,1,MUSD,ITC,recorded,,read,2017-01-01,,page,", "before its period"),
        ("PRK,2016,CHN,total,,1,MUSD,ITC,recorded,,read,1501891200,,page,", "is no day"),
        ("PRK,2016,CHN,total,271,1,MUSD,ITC,recorded,,read,,,page,", "'271' is no HS code"),
    ],
)
def test_a_bad_row_names_file_and_line(line: str, message: str) -> None:
    with pytest.raises(DataError) as caught:
        parse_facts(HEAD + line + "\n", name="facts.csv", target="PRK", input=INPUT)
    assert message in str(caught.value)
    assert "facts.csv:2" in str(caught.value)


def test_all_bad_rows_are_named_at_once() -> None:
    bad = "PKR,2016,CHN,total,,1,MUSD,ITC,recorded,,read,,,page,\n"
    with pytest.raises(DataError) as caught:
        parse_facts(HEAD + bad * 3, name="facts.csv", target="PRK", input=INPUT)
    assert len(caught.value.problems) == 3


def test_a_target_without_facts_gets_none_and_is_told() -> None:
    facts = trade.read_facts("IRN")
    assert len(facts) == 0
    assert facts.caveats == ("No facts on IRN are shipped (shipped: PRK).",)
    with pytest.raises(DataError, match="did you mean"):
        trade.read_facts("PKR")
