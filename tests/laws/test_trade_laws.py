"""Laws of recorded trade: sums, cuts and quality marks on random flows."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tumen import monitor
from tumen.core.finding import Input
from tumen.core.periods import period, year
from tumen.monitor.quality import imputed_quantities
from tumen.trade import Flows
from tumen.trade.coded import Coded
from tumen.trade.flows import Coverage
from tumen.trade.release import CUSTOMS_RULES, FACT_RULES, OTHER

COUNTRIES = ("PRK", "CHN", "RUS", "KOR", "IND")
PRODUCTS = ("270111", "270112", "260111", "261100")
YEARS = tuple(str(number) for number in range(2012, 2021))

rows = st.lists(
    st.tuples(
        st.sampled_from(COUNTRIES),
        st.sampled_from(COUNTRIES),
        st.sampled_from(PRODUCTS),
        st.sampled_from(YEARS),
        st.integers(0, 10**9),
        st.one_of(st.none(), st.integers(1, 10**7)),
    ),
    max_size=60,
)
days = st.dates(date(2012, 1, 1), date(2023, 1, 1))


def make_flows(given_rows: list[tuple[str, str, str, str, int, int | None]]) -> Flows:
    columns = list(zip(*given_rows, strict=True)) or [(), (), (), (), (), ()]
    count = len(given_rows)
    return Flows(
        exporter=Coded.of(columns[0]),
        importer=Coded.of(columns[1]),
        product=Coded.of(columns[2]),
        period=Coded.of(columns[3]),
        value_usd=np.array(columns[4], dtype=float),
        quantity=np.array([np.nan if q is None else q for q in columns[5]], dtype=float),
        unit=Coded.constant("t", count),
        reporter=Coded.constant("reconciled", count),
        basis=Coded.constant("recorded", count),
        source=Coded.constant("law", count),
        input=Input(id="trade.law", sha256="0" * 64),
        vintage="HS1992",
        coverage=Coverage(frozenset(PRODUCTS), frozenset(YEARS)),
    )


@given(rows)
def test_groups_partition_the_whole(given_rows: list[tuple[str, str, str, str, int, None]]) -> None:
    flows = make_flows(given_rows)
    for keys in (("exporter",), ("importer", "period"), ("product", "exporter", "importer")):
        sums = flows.by(*keys)  # type: ignore[arg-type]
        assert np.isclose(sums.value_usd.sum(), flows.total())
        assert sums.rows.sum() == len(flows)
        assert list(sums.keys) == sorted(set(sums.keys))


@given(rows, st.sampled_from(COUNTRIES), st.sampled_from(("27", "2701", "270111", "26")))
def test_a_selection_and_its_group_agree(
    given_rows: list[tuple[str, str, str, str, int, None]], seller: str, prefix: str
) -> None:
    flows = make_flows(given_rows)
    expected = sum(row[4] for row in given_rows if row[0] == seller and row[2].startswith(prefix))
    assert flows.where(exporter=seller, product=prefix).total() == expected
    grouped = flows.by("exporter", "product", digits=len(prefix))
    assert grouped.value(seller, prefix) == expected


@given(rows, days, days)
def test_a_later_day_never_knows_less(
    given_rows: list[tuple[str, str, str, str, int, None]], one: date, other: date
) -> None:
    flows = make_flows(given_rows)
    early, late = sorted((one, other))
    known = flows.cut(early)
    assert len(known) <= len(flows.cut(late)) <= len(flows)
    assert flows.cut(late).cut(early).total() == known.total()
    for label in known.period.present():
        assert period(label).end <= early


@given(rows, st.permutations(range(60)))
def test_the_order_of_rows_changes_no_mark(
    given_rows: list[tuple[str, str, str, str, int, None]], order: list[int]
) -> None:
    places = [place for place in order if place < len(given_rows)]
    marks = imputed_quantities(make_flows(given_rows))
    moved = imputed_quantities(make_flows([given_rows[place] for place in places]))
    assert moved.tolist() == [bool(marks[place]) for place in places]


@given(rows, st.integers(1, 4))
def test_scaling_values_scales_falls_and_keeps_shares(
    given_rows: list[tuple[str, str, str, str, int, None]], power: int
) -> None:
    ask = {"sender": "CHN", "target": "PRK", "product": "2701", "banned_from": date(2016, 3, 2)}
    flows = make_flows([*given_rows, ("PRK", "CHN", "270111", "2012", 1, None)])
    scaled = make_flows([(*row[:4], row[4] * 10**power, row[5]) for row in
                         [*given_rows, ("PRK", "CHN", "270111", "2012", 1, None)]])  # fmt: skip
    small = monitor.backfill(flows, rivals=("RUS",), noise_floor_musd=0.0, **ask)  # type: ignore[arg-type]
    large = monitor.backfill(scaled, rivals=("RUS",), noise_floor_musd=0.0, **ask)  # type: ignore[arg-type]
    assert small.fall_musd is not None
    assert large.fall_musd is not None
    assert np.isclose(large.fall_musd, small.fall_musd * 10**power)
    share = small.share("RUS")
    if share is None:
        assert large.share("RUS") is None
    else:
        assert np.isclose(large.share("RUS"), share)  # type: ignore[arg-type]
        assert share >= 0.0


@given(rows)
def test_the_ban_year_never_enters_a_window(
    given_rows: list[tuple[str, str, str, str, int, None]],
) -> None:
    ask = {"sender": "CHN", "target": "PRK", "product": "2701", "banned_from": date(2016, 3, 2)}
    flows = make_flows(given_rows)
    spiked = make_flows(
        [(*row[:4], row[4] * 7 + 5, row[5]) if row[3] == "2016" else row for row in given_rows]
    )
    plain = monitor.compliance(flows, **ask)  # type: ignore[arg-type]
    rush = monitor.compliance(spiked, **ask)  # type: ignore[arg-type]
    assert (plain.before_musd, plain.after_musd) == (rush.before_musd, rush.after_musd)


@settings(max_examples=50)
@given(st.integers(2000, 2030), st.integers(1, 12))
def test_no_rule_releases_a_period_before_its_end(number: int, month: int) -> None:
    for rule in (*CUSTOMS_RULES.values(), *FACT_RULES.values(), OTHER):
        for span in (year(number), period(f"{number}-{month:02d}")):
            assert rule.release(span) > span.end - timedelta(days=1)
