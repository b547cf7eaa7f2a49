"""What the room says: recorded, estimated and unknown stay apart, and nothing later leaks."""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import pytest

from tumen import monitor, regime, trade
from tumen.core.finding import Finding
from tumen.monitor import Spec
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
