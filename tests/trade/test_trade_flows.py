"""Flows: selection, sums, recorded zero against unknown, and the as-of cut."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from tumen import trade
from tumen.core.errors import DataError
from tumen.core.finding import Input
from tumen.trade import Flows
from tumen.trade.coded import Coded
from tumen.trade.flows import Coverage

COAL = {  # million US dollars, China's anthracite from the DPRK
    "2015": 1052.7,
    "2016": 1182.8,
    "2017": 409.5,
    "2018": 0.0,
}
IRON = {"2016": 74.6, "2017": 103.4, "2018": 0.0}
LEAD = {"2016": 61.5, "2017": 74.5, "2018": 0.0}


@pytest.fixture(scope="module")
def flows() -> Flows:
    return trade.read_sample()


def make_flows(rows: list[tuple[str, str, str, str, float]], **changes: object) -> Flows:
    """Rows of exporter, importer, product, period, value in US dollars."""
    columns = list(zip(*rows, strict=True)) if rows else [(), (), (), (), ()]
    fields: dict[str, object] = {
        "exporter": Coded.of(columns[0]),
        "importer": Coded.of(columns[1]),
        "product": Coded.of(columns[2]),
        "period": Coded.of(columns[3]),
        "value_usd": np.array(columns[4], dtype=float),
        "quantity": np.full(len(rows), np.nan),
        "unit": Coded.constant("t", len(rows)),
        "reporter": Coded.constant("reconciled", len(rows)),
        "basis": Coded.constant("recorded", len(rows)),
        "source": Coded.constant("test", len(rows)),
        "input": Input(id="trade.test", sha256="0" * 64),
        "vintage": "HS1992",
        "coverage": Coverage(frozenset(columns[2]), frozenset(columns[3])),
    }
    return Flows(**(fields | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(("product", "truth"), [("270111", COAL), ("2601", IRON), ("2607", LEAD)])
def test_chinas_recorded_purchases_are_the_known_ones(
    flows: Flows, product: str, truth: dict[str, float]
) -> None:
    for year, value in truth.items():
        found = flows.recorded(
            exporter="PRK", importer="CHN", product=product, period=year, unit="MUSD"
        )
        assert found is not None
        assert found == pytest.approx(value, abs=0.0501)


def test_a_missing_row_is_zero_only_where_the_data_would_show_it(flows: Flows) -> None:
    ask = {"exporter": "PRK", "importer": "CHN", "period": "2018"}
    assert flows.recorded(product="2701", **ask) == 0.0
    assert flows.recorded(product="6109", **ask) is None
    assert flows.recorded(exporter="PRK", importer="CHN", product="2701", period="1990") is None
    assert flows.recorded(exporter="BRA", importer="JPN", product="2601", period="2018") is None


def test_selection_by_prefix_and_period_is_what_a_scan_finds(flows: Flows) -> None:
    chosen = flows.where(exporter="PRK", product="26", since="2015", until="2016")
    rows = list(chosen.rows())
    assert rows
    assert all(row.exporter == "PRK" and row.product.startswith("26") for row in rows)
    assert {row.period for row in rows} == {"2015", "2016"}
    assert sum(row.value_usd for row in rows) == pytest.approx(chosen.total())


@pytest.mark.parametrize(
    ("choice", "hint"),
    [
        ({"exporter": "PKR"}, "PRK"),
        ({"product": "271"}, "leading zero"),
        ({"since": "2015-13"}, "write 2017"),
    ],
)
def test_unknown_codes_are_errors_with_a_hint(
    flows: Flows, choice: dict[str, str], hint: str
) -> None:
    with pytest.raises(DataError, match=hint):
        flows.where(**choice)  # type: ignore[arg-type]


def test_missing_quantities_give_no_tonnage() -> None:
    flows = make_flows([("PRK", "CHN", "270111", "2016", 5.0), ("PRK", "CHN", "2607", "2016", 1.0)])
    assert flows.tonnes() is None
    known = make_flows(
        [("PRK", "CHN", "270111", "2016", 5.0)],
        quantity=np.array([2000.0]),
        unit=Coded.constant("kg", 1),
    )
    assert known.tonnes() == 2.0


@pytest.mark.parametrize("bad", [-1.0, float("nan"), float("inf")])
def test_impossible_values_are_refused(bad: float) -> None:
    with pytest.raises(DataError, match="negative or not finite"):
        make_flows([("PRK", "CHN", "270111", "2016", bad)])


def test_columns_of_unequal_length_are_refused() -> None:
    with pytest.raises(DataError, match="differ in length"):
        make_flows([("PRK", "CHN", "270111", "2016", 1.0)], quantity=np.array([1.0, 2.0]))


def test_a_selection_does_not_turn_what_it_left_out_into_zeros(flows: Flows) -> None:
    coal = flows.where(exporter="PRK", product="2701", since="2015", until="2018")
    ask = {"product": "2701", "period": "2016"}
    assert coal.recorded(exporter="PRK", importer="RUS", **ask) == 0.0
    assert coal.recorded(exporter="RUS", importer="CHN", **ask) is None
    assert coal.recorded(exporter="PRK", importer="CHN", product="2601", period="2016") is None
    assert coal.recorded(exporter="PRK", importer="CHN", product="2701", period="2014") is None
    again = coal.where(importer="CHN")
    assert again.recorded(exporter="PRK", importer="RUS", **ask) is None


def test_a_flow_released_after_the_day_is_cut() -> None:
    flows = make_flows(
        [
            ("PRK", "CHN", "270111", "2016", 1.0),
            ("PRK", "CHN", "270111", "2017-07", 2.0),
            ("PRK", "CHN", "270111", "2017-08", 4.0),
            ("PRK", "CHN", "270111", "2017", 8.0),
        ]
    )
    known = flows.cut(date(2017, 8, 31))
    assert sorted(known.period.present()) == ["2016", "2017-07"]
    assert known.total() == 3.0
    assert known.recorded(exporter="PRK", importer="CHN", product="2701", period="2017") is None
    assert any("later vintage" in note for note in known.caveats)
    assert flows.cut(None) is flows


def test_trade_of_a_country_that_publishes_nothing_counts_from_its_partners_release() -> None:
    pair = [("PRK", "CHN", "270111", "2016", 1.0), ("BRA", "PRK", "260111", "2016", 2.0)]
    assert make_flows(pair).cut(date(2017, 1, 25)).total() == 0.0
    assert make_flows(pair).cut(date(2017, 1, 26)).total() == 1.0
    assert make_flows(pair).cut(date(2017, 6, 30)).total() == 3.0


def test_trade_between_two_silent_countries_is_unknown_and_not_zero(flows: Flows) -> None:
    """Russia stopped publishing in 2022; the DPRK never began."""
    ask = {"exporter": "RUS", "importer": "PRK", "product": "2701"}
    assert flows.recorded(period="2021", **ask) == 0.0
    assert flows.recorded(period="2022", **ask) is None
    assert flows.recorded(exporter="PRK", importer="CHN", product="2701", period="2022") == 0.0


def test_a_silent_countrys_trade_is_released_by_its_partner() -> None:
    pair = [("RUS", "IND", "270900", "2022", 1.0), ("RUS", "IND", "270900", "2021", 1.0)]
    flows = make_flows(pair)
    assert flows.cut(date(2022, 3, 31)).period.present() == ("2021",)
    assert flows.cut(date(2023, 3, 31)).period.present() == ("2021",)
    assert flows.cut(date(2023, 6, 30)).period.present() == ("2021", "2022")


def test_a_members_trade_counts_when_eurostat_has_printed_it() -> None:
    """German purchases of Russian crude of December 2022 were printed in mid-February 2023."""
    flows = make_flows([("RUS", "DEU", "270900", "2022", 1.0)])
    assert flows.cut(date(2023, 1, 31)).total() == 0.0
    assert flows.cut(date(2023, 2, 15)).total() == 0.0
    assert flows.cut(date(2023, 2, 28)).total() == 1.0


@pytest.mark.parametrize(
    ("member", "year", "day"),
    [
        ("DEU", "1995", date(1996, 2, 28)),
        ("POL", "2004", date(2005, 6, 30)),
        ("POL", "2005", date(2006, 2, 28)),
        ("HRV", "2013", date(2014, 6, 30)),
        ("HRV", "2014", date(2015, 2, 28)),
        ("GBR", "2022", date(2023, 6, 30)),
    ],
)
def test_eurostats_rule_begins_with_the_first_whole_year_of_membership(
    member: str, year: str, day: date
) -> None:
    flows = make_flows(
        [("PRK", member, "270900", year, 1.0), ("PRK", "BRA", "270900", "2000", 1.0)]
    )
    assert flows.where(period=year).cut(day - timedelta(days=1)).total() == 0.0
    assert flows.where(period=year).cut(day).total() == 1.0
    assert flows.cut(day).where(period=year).total() == 1.0


def test_trade_that_nobody_had_released_by_the_day_is_unknown_and_not_zero(flows: Flows) -> None:
    """In March 2023 Germany and China had printed 2022, India had not."""
    known = trade.read_sample().cut(date(2023, 3, 31))
    ask = {"exporter": "RUS", "product": "2709", "period": "2022"}
    assert known.recorded(importer="CHN", **ask) is not None
    assert known.recorded(importer="DEU", **ask) is not None
    assert known.recorded(importer="IND", **ask) is None
    assert known.recorded(importer="NPL", **ask) is None
    later = trade.read_sample().cut(date(2023, 6, 30))
    assert later.recorded(importer="NPL", **ask) == 0.0
    assert later.cut(date(2023, 3, 31)).recorded(importer="NPL", **ask) is None
    assert known.cut(date(2023, 6, 30)).recorded(importer="NPL", **ask) is None


def test_a_single_reporters_flow_counts_from_its_own_release() -> None:
    pair = [("CHN", "RUS", "270111", "2016", 1.0)]
    late = make_flows(pair, reporter=Coded.constant("RUS", 1))
    assert late.cut(date(2017, 1, 31)).total() == 0.0
    assert make_flows(pair).cut(date(2017, 1, 31)).total() == 1.0


def test_the_sample_cut_at_the_case_day_ends_in_2016(flows: Flows) -> None:
    assert flows.cut(date(2017, 8, 31)).period.present()[-1] == "2016"


def test_the_newest_year_is_marked_provisional(flows: Flows) -> None:
    assert flows.where(period="2024").basis.present() == ("provisional",)
    assert flows.where(period="2023").basis.present() == ("recorded",)


def test_namibia_is_a_country_and_not_missing(flows: Flows) -> None:
    assert flows.where(exporter="NAM").total() > 0
