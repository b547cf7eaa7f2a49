"""Compliance, backfill, diversion, compensation: four different things, four numbers."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from tumen import monitor, regime, trade
from tumen.core.errors import DataError
from tumen.monitor.adjudicating import adjudicate, banned_from
from tumen.regime import Regime
from tumen.trade import Facts, Flows

BAN_2371 = date(2017, 8, 5)
PARTIES = {"sender": "CHN", "target": "PRK"}


@pytest.fixture(scope="module")
def flows() -> Flows:
    return trade.read_sample()


@pytest.fixture(scope="module")
def facts() -> Facts:
    return trade.read_facts("PRK")


@pytest.fixture(scope="module")
def rules() -> Regime:
    return regime.load("UN-1718")


def metrics(shared: Path) -> list[dict[str, str]]:
    with (shared / "facts/dprk/compliance_metrics_baci.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["date"]]


@pytest.mark.oracle
def test_before_after_and_backfill_agree_with_independent_metrics(
    shared: Path, flows: Flows, facts: Facts
) -> None:
    rows = metrics(shared)
    assert len(rows) == 9
    for row in rows:
        on = date.fromisoformat(row["date"])
        around = monitor.compliance(flows, facts, product=row["hs4"], banned_from=on, **PARTIES)
        assert around.before_musd == pytest.approx(float(row["chn_pre_musd_yr"]), abs=0.006)
        assert around.after_musd == pytest.approx(float(row["chn_post_musd_yr"]), abs=0.006)
        assert around.recorded_fall == pytest.approx(float(row["china_reduction"]), abs=1e-3)
        taken = monitor.backfill(
            flows, product=row["hs4"], banned_from=on, rivals=("RUS",), **PARTIES
        )
        assert taken.changes_musd["RUS"] == pytest.approx(float(row["rus_change"]), abs=1e-3)
        assert taken.others_change_musd == pytest.approx(float(row["others_change"]), abs=1e-3)
        assert taken.share("RUS") == pytest.approx(float(row["rus_backfill_share"]), abs=1e-3)
        assert taken.total_share == pytest.approx(float(row["others_backfill_share"]), abs=1e-3)


@pytest.mark.oracle
def test_the_rules_give_the_same_days_as_the_independent_metrics(
    shared: Path, rules: Regime
) -> None:
    for row in metrics(shared):
        found = banned_from(rules, exporter="PRK", importer="CHN", product=row["hs4"])
        if row["hs4"] == "2616":
            # Silver ore and other precious ore share the heading; no one day bans all of it.
            assert found is None
        else:
            assert found == date.fromisoformat(row["date"])


def test_russias_share_of_what_china_gave_up_is_zero_in_every_heading(flows: Flows) -> None:
    for heading in ("2701", "2601", "2607", "2608", "2603", "7108", "2614"):
        taken = monitor.backfill(
            flows, product=heading, banned_from=BAN_2371, rivals=("RUS",), **PARTIES
        )
        assert taken.fall_musd is not None
        assert taken.share("RUS") in (0.0, None)


def test_a_silent_rivals_share_is_unknown_and_not_zero(flows: Flows) -> None:
    """A ban of 2021 would be judged on years for which Russia publishes nothing."""
    late = monitor.backfill(
        flows, product="2611", banned_from=date(2020, 6, 1), rivals=("RUS",), **PARTIES
    )
    assert late.years_after == ("2021", "2022")
    assert late.changes_musd == {"RUS": None}
    assert late.share("RUS") is None


def test_a_silent_senders_later_trade_is_unknown_and_not_zero(flows: Flows) -> None:
    late = monitor.compliance(
        flows, product="2701", banned_from=date(2021, 6, 1), sender="RUS", target="PRK"
    )
    assert (late.years_after, late.after_musd, late.state) == ((), None, "unknown")
    assert "unknown" in late.unknown


def test_what_had_not_been_released_is_unknown_and_not_zero(flows: Flows) -> None:
    """In February 2018 China had printed 2017; Russia had not, nor had India."""
    known = flows.cut(date(2018, 2, 20))
    taken = monitor.backfill(
        known, product="2611", banned_from=date(2016, 3, 2), rivals=("RUS", "IND"), **PARTIES
    )
    assert taken.years_after == ("2017",)
    assert taken.fall_musd is not None
    assert taken.changes_musd == {"RUS": None, "IND": None}
    later = flows.cut(date(2018, 2, 28))
    taken = monitor.backfill(
        later, product="2611", banned_from=date(2016, 3, 2), rivals=("RUS", "IND"), **PARTIES
    )
    assert taken.changes_musd["RUS"] == 0.0
    assert taken.changes_musd["IND"] is None


def test_a_window_holds_only_years_that_the_sender_had_released(flows: Flows) -> None:
    ask = {"product": "2601", "banned_from": date(2017, 8, 5), "sender": "IND", "target": "PRK"}
    early = monitor.compliance(flows.cut(date(2017, 3, 31)), **ask)
    assert early.years_before == ("2015",)
    early = monitor.compliance(flows.cut(date(2017, 6, 30)), **ask)
    assert early.years_before == ("2015", "2016")
    in_between = monitor.compliance(flows.cut(date(2018, 2, 28)), **ask)
    assert in_between.of_ban_musd is None


def test_a_recorded_zero_is_none_recorded_and_leaves_the_unknown(
    flows: Flows, facts: Facts
) -> None:
    coal = monitor.compliance(flows, facts, product="2701", banned_from=BAN_2371, **PARTIES)
    assert coal.state == "none_recorded"
    panel = [one for one in coal.estimates if one.unit == "Mt" and one.period == "2019-01/2019-08"]
    assert panel[0].value == 3.7
    assert "unknown" in coal.unknown


def test_the_ban_year_belongs_to_neither_window(flows: Flows) -> None:
    coal = monitor.compliance(flows, product="2701", banned_from=BAN_2371, **PARTIES)
    assert coal.years_before == ("2015", "2016")
    assert coal.years_after == ("2018", "2019")
    assert coal.of_ban_musd == pytest.approx(409.47, abs=0.005)


def test_what_the_data_cannot_show_is_refused_and_not_zero(flows: Flows) -> None:
    with pytest.raises(DataError, match="do not show"):
        monitor.compliance(flows, product="6109", banned_from=BAN_2371, **PARTIES)
    with pytest.raises(DataError, match="do not show"):
        monitor.compliance(flows, product="2701", banned_from=BAN_2371, sender="BRA", target="VEN")


def test_before_any_later_year_is_released_nothing_is_said_about_it(
    flows: Flows, facts: Facts
) -> None:
    day = date(2017, 8, 31)
    known, said = flows.cut(day), facts.cut(day)
    coal = monitor.compliance(known, said, product="2701", banned_from=BAN_2371, **PARTIES)
    assert (coal.after_musd, coal.of_ban_musd, coal.recorded_fall) == (None, None, None)
    assert coal.state == "unknown"
    assert coal.estimates == ()
    assert all(fact.available <= day for fact in coal.monthly)
    taken = monitor.backfill(known, product="2701", banned_from=BAN_2371, **PARTIES)
    assert taken.total_share is None


def test_unlisted_minerals_appear_instead(flows: Flows, rules: Regime) -> None:
    bans = {
        heading: start
        for heading in ("2701", "2601", "2607", "2608", "2603", "2504")
        if (start := banned_from(rules, exporter="PRK", importer="CHN", product=heading))
    }
    found = monitor.diversion(flows, banned_from=bans, at=BAN_2371, **PARTIES)
    assert [shift.product for shift in found.unlisted_goods] == ["2611", "2613"]
    both = {"exporter": "PRK", "importer": "CHN", "product": ("2611", "2613")}
    assert flows.where(period="2016", **both).total(unit="MUSD") == pytest.approx(4.4, abs=0.06)  # type: ignore[arg-type]
    assert flows.where(period="2018", **both).total(unit="MUSD") == pytest.approx(25.3, abs=0.05)  # type: ignore[arg-type]
    assert found.new_buyers == ()


def test_russian_anthracite_takes_the_place_of_the_dprks(flows: Flows) -> None:
    found = monitor.diversion(flows, banned_from={"2701": BAN_2371}, at=BAN_2371, **PARTIES)
    first = found.new_suppliers[0]
    assert (first.party, first.product) == ("RUS", "270111")
    tonnes = {
        year: flows.where(exporter="RUS", importer="CHN", product="270111", period=year).tonnes()
        for year in ("2016", "2023")
    }
    assert tonnes["2016"] == pytest.approx(1.7e6, rel=0.01)
    assert tonnes["2023"] == pytest.approx(17.5e6, rel=0.01)


def test_total_trade_rose_while_coal_fell_in_the_first_half_of_2017(facts: Facts) -> None:
    known = facts.cut(date(2017, 8, 31))
    (found,) = monitor.compensation(known, partner="CHN", target="PRK", product="2701")
    assert found.is_compensated
    assert found.total.relative == pytest.approx(0.105, abs=5e-4)
    assert found.restricted.relative == pytest.approx(-0.745, abs=5e-4)
    assert found.imports is not None
    assert found.imports.relative == pytest.approx(0.291, abs=5e-4)
    assert found.exports is not None
    assert found.exports.relative == pytest.approx(-0.132, abs=5e-4)


def test_compensation_needs_both_numbers(facts: Facts) -> None:
    assert monitor.compensation(facts, partner="CHN", target="PRK", product="2601") == ()
    early = facts.cut(date(2017, 7, 12))
    assert monitor.compensation(early, partner="CHN", target="PRK", product="2701") == ()


def test_graphite_of_2018_is_wind_down_or_breach_with_its_clause(
    flows: Flows, rules: Regime
) -> None:
    around = monitor.compliance(flows, product="2504", banned_from=date(2017, 12, 22), **PARTIES)
    residual = around.residuals[0]
    assert (residual.period, residual.value_musd) == ("2018", pytest.approx(4.8, abs=0.01))
    found = adjudicate(
        rules,
        exporter="PRK",
        importer="CHN",
        product="2504",
        period=residual.period,
        value_musd=residual.value_musd,
    )
    assert found.word == "wind_down_or_breach"
    assert found.clause == "S/RES/2397 (2017), paragraph 6"
    assert [(spell.verdict, spell.last) for spell in found.spells] == [
        ("wind_down", date(2018, 1, 21)),
        ("prohibited", date(2018, 12, 31)),
    ]


def test_a_whole_year_under_a_ban_is_a_breach(rules: Regime) -> None:
    found = adjudicate(
        rules, exporter="PRK", importer="CHN", product="2608", period="2017", value_musd=0.68
    )
    assert found.word == "breach"
    assert found.clause == "S/RES/2321 (2016), paragraph 28"


def test_what_no_list_names_is_permitted(rules: Regime) -> None:
    assert banned_from(rules, exporter="PRK", importer="CHN", product="2611") is None
    found = adjudicate(
        rules, exporter="PRK", importer="CHN", product="2611", period="2018", value_musd=18.5
    )
    assert found.word == "permitted"
