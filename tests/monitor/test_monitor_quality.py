"""Quality marks: which rows are not what they say, and which must never be marked."""

from __future__ import annotations

import numpy as np
import pytest

from tumen import monitor, trade
from tumen.core.errors import DataError
from tumen.core.finding import Input
from tumen.monitor.quality import REAL_PARTNERS, imputed_quantities, sibling_swaps
from tumen.trade import Flows
from tumen.trade.coded import Coded
from tumen.trade.flows import Coverage


def make_flows(rows: list[tuple[str, str, str, str, float, float]]) -> Flows:
    """Rows of exporter, importer, product, period, value in US dollars, tonnes."""
    columns = list(zip(*rows, strict=True))
    count = len(rows)
    return Flows(
        exporter=Coded.of(columns[0]),
        importer=Coded.of(columns[1]),
        product=Coded.of(columns[2]),
        period=Coded.of(columns[3]),
        value_usd=np.array(columns[4], dtype=float),
        quantity=np.array(columns[5], dtype=float),
        unit=Coded.constant("t", count),
        reporter=Coded.constant("reconciled", count),
        basis=Coded.constant("recorded", count),
        source=Coded.constant("test", count),
        input=Input(id="trade.test", sha256="0" * 64),
        vintage="HS1992",
        coverage=Coverage(frozenset(columns[2]), frozenset(columns[3])),
    )


def test_over_half_of_the_large_sales_to_the_dprk_are_swaps_on_the_real_file() -> None:
    quality = monitor.check_quality(trade.read_sample(), target="PRK")
    assert quality.large_sales_to_target == 182
    assert quality.flagged_sales_to_target / quality.large_sales_to_target == pytest.approx(
        0.53, abs=0.005
    )


def test_no_chinese_or_russian_flow_is_marked_as_a_swap() -> None:
    quality = monitor.check_quality(trade.read_sample(), target="PRK")
    swapped = quality.flows.take(quality.flags["sibling_swap"])
    assert not {"CHN", "RUS"} & {*swapped.exporter.present(), *swapped.importer.present()}
    assert "GAB" in swapped.exporter.present()
    assert "PNG" in swapped.exporter.present()


def test_chinas_crude_oil_is_kept_and_gabons_is_not() -> None:
    quality = monitor.check_quality(trade.read_sample(), target="PRK")
    kept = quality.trusted().where(importer="PRK", product="2709")
    assert kept.where(exporter="CHN").total() > 1e9
    assert kept.where(exporter="GAB", period="2022").total() == 0
    assert quality.flows.where(exporter="GAB", importer="PRK", period="2022").total() > 3e8


@pytest.mark.parametrize(
    ("value", "sibling_value", "expected"),
    [
        (6e6, 1.3e8, True),  # the sibling takes more than twenty times as much
        (6e6, 1.1e8, False),  # less than twenty times
        (4e6, 1.3e8, False),  # too small a row to judge
    ],
)
def test_a_row_is_a_swap_when_the_sibling_takes_twenty_times_as_much_for_five_years(
    value: float, sibling_value: float, expected: bool
) -> None:
    past = [("BRA", "KOR", "760110", str(2010 + n), sibling_value, 1.0) for n in range(5)]
    flows = make_flows([*past, ("BRA", "PRK", "760110", "2015", value, 1.0)])
    assert sibling_swaps(flows, target="PRK").tolist() == [False] * 5 + [expected]
    if expected:
        four_years = make_flows([*past[1:], ("BRA", "PRK", "760110", "2015", value, 1.0)])
        assert not sibling_swaps(four_years, target="PRK").any()


def test_neighbours_and_hubs_are_never_swaps() -> None:
    rows = [(code, "PRK", "270900", "2015", 9e8, 1.0) for code in sorted(REAL_PARTNERS["PRK"])]
    assert not sibling_swaps(make_flows(rows), target="PRK").any()
    assert sibling_swaps(
        make_flows([("GAB", "PRK", "270900", "2015", 9e8, 1.0)]), target="PRK"
    ).all()


def test_a_fifth_of_chinas_mineral_rows_of_2016_has_an_imputed_quantity() -> None:
    china = trade.read_sample().where(importer="CHN", period="2016")
    assert imputed_quantities(china).mean() == pytest.approx(0.20, abs=0.03)


def test_chinas_coal_tonnage_of_2016_is_suppressed_and_its_value_kept() -> None:
    quality = monitor.check_quality(trade.read_sample(), target="PRK")
    coal = quality.trusted().where(exporter="PRK", importer="CHN", product="270111", period="2016")
    assert coal.total(unit="MUSD") == pytest.approx(1182.8, abs=0.05)
    assert coal.tonnes() is None
    reported = trade.read_facts("PRK").select(product="2701", dimension="mass", series="GAC/CEIC")
    raw = quality.flows.where(exporter="PRK", importer="CHN", product="270111", period="2016")
    tonnes = raw.tonnes()
    assert tonnes is not None
    assert tonnes < 0.4 * reported[0].value_in("t")


def test_three_equal_unit_values_are_imputed_and_two_are_not() -> None:
    three = [(code, "CHN", "270111", "2016", 100.0 * n, 1.0 * n)
             for n, code in enumerate(("PRK", "RUS", "MNG"), 1)]  # fmt: skip
    other = ("AUS", "CHN", "270111", "2016", 100.0, 2.0)
    assert imputed_quantities(make_flows([*three, other])).tolist() == [True, True, True, False]
    assert not imputed_quantities(make_flows([*three[:2], other])).any()
    elsewhere = [(*row[:3], "2017", *row[4:]) for row in three[2:]]
    assert not imputed_quantities(make_flows([*three[:2], *elsewhere])).any()  # type: ignore[list-item]


def test_missing_quantities_are_not_imputed_ones() -> None:
    rows = [(code, "CHN", "270111", "2016", 100.0, float("nan")) for code in ("PRK", "RUS", "MNG")]
    assert not imputed_quantities(make_flows(rows)).any()


def test_an_absurd_unit_value_is_marked_and_keeps_its_value() -> None:
    company = [(code, "CHN", "270111", "2016", 100.0 + n, 1.0)
               for n, code in enumerate(("RUS", "MNG", "AUS", "IDN"))]  # fmt: skip
    flows = make_flows([*company, ("PRK", "CHN", "270111", "2016", 100.0, 0.01)])
    quality = monitor.check_quality(flows, target="PRK")
    assert quality.flags["absurd_unit_value"].tolist() == [True]
    assert quality.trusted().total() == 100.0
    assert quality.trusted().tonnes() is None


def test_rows_are_kept_counted_and_left_out_by_default() -> None:
    quality = monitor.check_quality(trade.read_sample(), target="PRK")
    rows, value = quality.left_out()
    assert rows == quality.counts()["sibling_swap"] == 97
    assert len(quality.trusted()) == len(quality.flows) - rows
    assert quality.flows.total() - quality.trusted().total() == pytest.approx(value)


def test_a_reporter_that_stops_is_named() -> None:
    quality = monitor.check_quality(trade.read_sample(), target="PRK")
    assert quality.last_reported["TWN"] == "2016"
    assert "CHN" not in quality.last_reported


def test_a_target_without_rows_is_an_error() -> None:
    with pytest.raises(DataError, match="no row of FJI"):
        monitor.check_quality(make_flows([("PRK", "CHN", "2701", "2016", 1.0, 1.0)]), target="FJI")
