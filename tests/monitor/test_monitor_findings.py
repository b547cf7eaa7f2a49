"""What the room says: recorded, estimated and unknown stay apart, and nothing later leaks."""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import pytest

from tumen import monitor, regime, trade
from tumen.core.finding import Finding
from tumen.monitor import Spec
from tumen.monitor.wording import went_words
from tumen.regime import Regime
from tumen.trade import Flows

DAY = date(2017, 8, 31)
SPEC = Spec.model_validate({"headings": [{"product": code} for code in ("2701", "2601", "2607")]})


@pytest.fixture(scope="module")
def rules() -> Regime:
    return regime.load("UN-1718")


def findings(
    rules: Regime, as_of: date | None, spec: Spec = SPEC, flows: Flows | None = None
) -> dict[str, Finding]:
    found = monitor.find(
        spec,
        regime=rules,
        flows=flows or trade.read_sample(),
        facts=trade.read_facts("PRK"),
        target="PRK",
        as_of=as_of,
    )
    return {one.id: one for one in found}


@pytest.mark.parametrize("as_of", [DAY, None])
@pytest.mark.parametrize("spec", [SPEC, Spec()])
def test_every_finding_is_defensible(rules: Regime, as_of: date | None, spec: Spec) -> None:
    for one in findings(rules, as_of, spec).values():
        assert one.method
        assert one.caveats
        assert all(len(item.sha256) == 64 for item in one.inputs)
        assert "compli" not in one.sentence.lower()
        assert re.search(r"record", one.sentence)


def test_the_whole_record_says_what_was_recorded_estimated_and_unknown(rules: Regime) -> None:
    found = findings(rules, None)
    coal = found["monitor.compliance.CHN.2701"]
    assert "USD 1,120 million a year of coal" in coal.sentence
    assert "none in 2018 to 2019" in coal.sentence
    assert "3.70 million tonnes in January to August 2019 (UN Panel of Experts" in coal.sentence
    assert any("no proof of compliance" in caveat for caveat in coal.caveats)
    grid = found["monitor.compliance.CHN"].grid
    assert grid is not None
    assert [column.key for column in grid.columns][-3:] == ["after", "estimated", "unknown"]
    assert grid.column("estimated")[1] is None
    assert all("unknown" in str(cell) for cell in grid.column("unknown"))


def test_backfill_says_which_channels_the_data_cannot_see(rules: Regime) -> None:
    one = findings(rules, None)["monitor.backfill.CHN.RUS"]
    assert one.estimate is not None
    assert one.estimate.value == 0.0
    for channel in ("refined petroleum", "labour", "finance", "seafood", "clothing"):
        assert channel in one.sentence


def test_nothing_later_than_the_day_is_said(rules: Regime) -> None:
    for one in findings(rules, DAY).values():
        text = " ".join([one.sentence, *one.caveats, str(one.grid)])
        years = {
            int(year) for year in re.findall(r"\b(20[12]\d)\b", re.sub(r"1995-2024", "", text))
        }
        assert all(year <= 2017 for year in years - {2024}), one.id
        assert "2024" not in one.sentence
        assert "Panel" not in one.sentence
        assert "2397" not in text


def test_on_the_case_day_the_findings_use_what_was_known(rules: Regime) -> None:
    found = findings(rules, DAY)
    assert "No figures for a whole year after a ban had been released by 2017-08-31" in (
        found["monitor.compliance.CHN"].sentence
    )
    assert "then none recorded in April to July 2017 (in part recalled)" in (
        found["monitor.compliance.CHN.2701"].sentence
    )
    assert "cannot be read from trade released by 2017-08-31" in (
        found["monitor.backfill.CHN.RUS"].sentence
    )
    assert "rose by 10.5 %" in found["monitor.compensation.CHN.2701"].sentence


def test_a_planted_later_flow_changes_nothing(rules: Regime) -> None:
    """Coal of 2018 at ten times its value must not be seen on 31 August 2017."""
    flows = trade.read_sample()
    later = flows.period.is_one_of([str(year) for year in range(2017, 2025)])
    from dataclasses import replace

    planted = replace(flows, value_usd=np.where(later, flows.value_usd * 10, flows.value_usd))
    before, after = findings(rules, DAY), findings(rules, DAY, flows=planted)
    assert {key: one.sentence for key, one in before.items()} == {
        key: one.sentence for key, one in after.items()
    }


def test_the_residuals_are_ruled(rules: Regime) -> None:
    one = findings(rules, None, Spec())["monitor.residuals.CHN"]
    assert "graphite in 2018, USD 4.8 million" in one.sentence
    assert "S/RES/2397 (2017), paragraph 6" in one.sentence
    assert one.grid is not None
    assert len(one.grid.rows) == 5


def test_a_case_that_watches_another_country_runs(rules: Regime) -> None:
    found = findings(rules, None, Spec.model_validate({"senders": ["RUS"], "rivals": ["CHN"]}))
    assert "monitor.quality" in found


def test_a_heading_banned_in_two_steps_is_watched_by_its_parts(rules: Regime) -> None:
    spec = Spec.model_validate({"headings": [{"product": "2616"}]})
    found = findings(rules, None, spec)
    silver = found["monitor.compliance.CHN.261610"]
    assert "after the ban of 2016-11-30" in silver.sentence
    whole = found["monitor.compliance.CHN"]
    assert "USD 34.9 million a year of purchases of 2 banned products" in whole.sentence


def overview(rules: Regime, as_of: date | None, *products: str) -> Finding:
    spec = Spec.model_validate({"headings": [{"product": code} for code in products]})
    return findings(rules, as_of, spec)["monitor.compliance.CHN"]


@pytest.mark.parametrize(
    ("as_of", "products", "expected"),
    [
        (
            None,
            ("2701",),
            "Before the ban China recorded USD 1,120 million a year of purchases of coal from "
            "North Korea. Afterwards it recorded none. What was not recorded is unknown.",
        ),
        (
            None,
            ("2701", "2601"),
            "Before the bans China recorded USD 1,190 million a year of purchases of 2 banned "
            "products, most of it coal, from North Korea. Afterwards it recorded none. What was "
            "not recorded is unknown.",
        ),
        (
            None,
            ("2701", "2608"),
            "Afterwards it recorded USD 340,000 a year (in 1 of the 2 products).",
        ),
        (None, ("2504",), "Afterwards it recorded USD 2.40 million a year. What"),
        (None, ("2607", "2601", "2608"), "3 banned products, most of it iron ore, from"),
        (
            None,
            ("2607", "2608", "2603", "2601"),
            "4 banned products, the largest of them iron ore,",
        ),
        (
            date(2018, 2, 28),
            ("2701", "2608"),
            "For 1 of them a whole year after the ban had been released: USD 13.7 million a year "
            "before, and after it USD 681,000 a year.",
        ),
        (
            date(2017, 8, 31),
            ("2701",),
            "No figures for a whole year after a ban had been released by 2017-08-31.",
        ),
    ],
)
def test_the_overview_counts_in_plain_words(
    rules: Regime, as_of: date | None, products: tuple[str, ...], expected: str
) -> None:
    assert expected in overview(rules, as_of, *products).sentence


def test_the_title_compares_the_same_goods_before_and_after(rules: Regime) -> None:
    figure = overview(rules, date(2018, 2, 28), "2701", "2608").figure
    assert figure is not None
    assert figure.title == (
        "China's recorded purchases of banned goods fell from USD 13.7 million to USD 681,000 a "
        "year"
    )


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (1120.0, 0.0, "fell from USD 1,120 million a year to none"),
        (2.0, 4.0, "rose from USD 2.00 million to USD 4.00 million a year"),
        (4.0, 2.0, "fell from USD 4.00 million to USD 2.00 million a year"),
        (2.0, 2.0001, "stayed at USD 2.00 million a year"),
    ],
)
def test_a_move_is_named_by_its_direction(before: float, after: float, expected: str) -> None:
    assert went_words(before, after) == expected


@pytest.mark.parametrize("as_of", [DAY, date(2018, 2, 28), None])
def test_every_column_of_numbers_has_a_unit(rules: Regime, as_of: date | None) -> None:
    for one in findings(rules, as_of, Spec()).values():
        for column in one.grid.columns if one.grid else ():
            has_numbers = any(isinstance(cell, float) for cell in one.grid.column(column.key))
            assert not has_numbers or column.unit, (one.id, column.key)


def test_a_sender_for_whom_nothing_is_banned_is_told(rules: Regime) -> None:
    spec = Spec.model_validate({"senders": ["CHN"], "headings": [{"product": "2608"}]})
    one = findings(rules, date(2016, 3, 1), spec)["monitor.compliance.CHN"]
    assert one.sentence == (
        "No act bans China's purchases of the 1 product watched from North Korea by 2016-03-01; "
        "recorded trade is held against nothing."
    )
