"""The shipped programmes against the facts, the lists and the published counts."""

from __future__ import annotations

import csv
import gzip
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tumen import regime
from tumen.regime import Regime
from tumen.regime.index import normal_name

SPLIT = {
    "un.1718.arms-in": ("un.1718.arms-in", "un.1718.weapons-in"),
    "un.2270.coal-iron": ("un.2270.coal", "un.2270.iron"),
    "un.2371.coal-iron": ("un.2371.coal", "un.2371.iron"),
    "un.2270.gold-ti": ("un.2270.gold-ti", "un.2270.vanadium", "un.2270.rare-earth-ore"),
    "un.2094.luxury-list": ("un.2094.luxury-list", "un.2094.luxury-vehicles"),
}
"""Measures of the facts that the library tells apart."""


@pytest.fixture(scope="module")
def un() -> Regime:
    return regime.load("UN-1718")


@pytest.fixture(scope="module")
def facts(shared: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        (shared / "facts" / "measures.json").read_text(encoding="utf-8")
    )["measures"]
    return found


@pytest.fixture(scope="module")
def hs2022(shared: Path) -> list[str]:
    with gzip.open(shared / "data" / "hs" / "hs6_codes_by_vintage.csv.gz", "rt") as file:
        rows = list(csv.DictReader(file))
    return [row["hs6"] for row in rows if row["vintage"] == "2022" and row["hs6"] != "999999"]


def test_every_un_measure_of_the_facts_is_in_the_library(
    un: Regime, facts: list[dict[str, Any]]
) -> None:
    names = {name for name, _, _ in un.measures()}
    wanted = {f["id"] for f in facts if f["issuer"] == "UNSC"}
    for fact in sorted(wanted):
        for name in SPLIT.get(fact, (fact,)):
            assert name in names, name


def test_codes_flows_and_first_days_are_those_of_the_facts(
    un: Regime, facts: list[dict[str, Any]]
) -> None:
    for fact in facts:
        if fact["issuer"] != "UNSC" or not fact.get("goods") or not fact["goods"]["hs"]:
            continue
        parts = [un.measure(name) for name in SPLIT.get(fact["id"], (fact["id"],))]
        codes = {code for part in parts if part.goods for code in part.goods.hs}
        assert codes == {code.replace(".", "") for code in fact["goods"]["hs"]}, fact["id"]
        for part in parts:
            assert str(part.start) == fact["from"]
            assert part.flow == {"any": "either"}.get(fact["direction"], fact["direction"])


def test_no_field_is_better_known_than_the_facts_say(
    un: Regime, facts: list[dict[str, Any]]
) -> None:
    for fact in facts:
        if fact["issuer"] != "UNSC" or fact["verification"]["status"] != "memory":
            continue
        for name in SPLIT.get(fact["id"], (fact["id"],)):
            assert un.measure(name).provenance.status == "recalled", name


def test_what_is_read_names_its_source() -> None:
    for programme in regime.library():
        for row in regime.audit(regime.load(programme)).rows:
            assert row.status != "read" or row.source, (row.measure, row.field)


def test_the_audit_counts_every_field(un: Regime) -> None:
    found = regime.audit(un)
    assert sum(found.counts.values()) == len(found.rows)
    assert found.counts["recalled"] > 100


@pytest.mark.parametrize(
    ("measure", "field", "status"),
    [
        ("un.2371.coal", "wind_down", "read"),
        ("un.2371.coal", "exempt", "read"),
        ("un.2371.iron", "wind_down", "read"),
        ("un.2375.textiles", "wind_down", "read"),
        ("un.2375.jv", "wind_down", "read"),
        *[
            (f"un.2397.export-{goods}", "wind_down", "read")
            for goods in ("food", "mach", "stone", "wood", "vessels")
        ],
        # Paragraphs 9 and 10 of 2371 were found in no wording; nobody may call them read.
        ("un.2371.seafood", "wind_down", "recalled"),
        ("un.2371.lead", "wind_down", "recalled"),
    ],
)
def test_clauses_that_decide_say_how_they_are_known(
    un: Regime, measure: str, field: str, status: str
) -> None:
    rows = [r for r in regime.audit(un).rows if (r.measure, r.field) == (measure, field)]
    assert [row.status for row in rows] == [status]
    assert all(row.source for row in rows)


def test_the_listing_of_30_march_2018_is_whole(un: Regime) -> None:
    act = un.instrument("un.committee-2018-03-30")
    kinds: dict[str, set[str]] = {"person": set(), "entity": set(), "vessel": set()}
    for measure in act.measures:
        for party in measure.parties:
            kinds[party.type].add(party.name)
    assert {kind: len(names) for kind, names in kinds.items()} == {
        "person": 1,
        "entity": 21,
        "vessel": 27,
    }


def test_every_name_of_the_un_list_of_october_2018_is_designated(un: Regime, shared: Path) -> None:
    text = (shared / "data" / "lists" / "un_1718_2018-10-29.json").read_text(encoding="utf-8")
    bracket = re.compile(r"\s*\([^)]*\)\s*$")
    for entry in json.loads(text):
        names = {normal_name(bracket.sub("", " ".join(entry["name"].split())))}
        names |= {normal_name(alias) for alias in entry["aliases"]}
        days = {
            str(found.measure.start)
            for name in names
            for found, _ in un.index.by_party.get(name, ())
            if found.line == "UN"
        }
        assert entry["listed_on"] in days, entry["name"]


def test_a_listed_persons_name_alone_decides_nothing(un: Regime) -> None:
    deal = {"exporter": "CHN", "importer": "PRK", "product": "300490", "on": "2018-06-01"}
    named = un.rule(parties=["Ri Man Gon"], **deal)
    assert named.verdict == "undetermined"
    assert named.needs == ("whether the person is the listed Ri Man Gon, born 1945",)
    assert un.rule(parties=["Foreign Trade Bank"], **deal).verdict == "prohibited"


def test_acts_of_china_russia_and_the_united_states_are_in_with_their_days(
    un: Regime, facts: list[dict[str, Any]]
) -> None:
    days = {(act.line, act.adopted) for act in un.instruments}
    published = {(act.line, act.published) for act in un.instruments}
    for fact in facts:
        if fact["issuer"] == "UNSC":
            continue
        day = date.fromisoformat(fact.get("issued") or fact["from"])
        assert (fact["issuer"], day) in days | published, fact["id"]
        for name in fact.get("names", ()):
            hits = un.index.by_party.get(normal_name(name), ())
            assert any(entry.measure.start == day for entry, _ in hits), name


def test_un_listings_have_the_day_of_the_published_list(un: Regime, shared: Path) -> None:
    text = (shared / "data" / "lists" / "un_1718_2018-10-29.json").read_text(encoding="utf-8")
    bracket = re.compile(r"\s*\([^)]*\)\s*$")
    listed = {
        normal_name(bracket.sub("", " ".join(name.split()))): entry["listed_on"]
        for entry in json.loads(text)
        for name in (entry["name"], *entry["aliases"])
    }
    checked = 0
    for name, act, measure in un.measures():
        if act.line != "UN":
            continue
        for party in measure.parties:
            if party.type != "vessel":
                assert listed[normal_name(party.name)] == str(act.adopted), (name, party.name)
                checked += 1
    assert checked >= 40


@pytest.mark.parametrize("number", ["2094", "2270", "2321", "2371", "2375", "2397"])
def test_designations_of_a_resolution_start_on_its_day(un: Regime, number: str) -> None:
    act = un.instrument(f"un.{number}")
    measure = un.measure(f"un.{number}.designations")
    assert measure.parties
    assert measure.start == act.adopted


@pytest.mark.parametrize("name", ["Independent Petroleum Company", "ARDIS-BEARINGS LLC"])
def test_firms_of_june_2017_are_hit_on_31_august_2017_and_not_before_listing(
    un: Regime, name: str
) -> None:
    deal = {"exporter": "RUS", "importer": "PRK", "product": "271019", "parties": [name]}
    after = un.rule(on="2017-08-31", **deal).line("USA")
    before = un.rule(on="2017-05-31", **deal).line("USA")
    assert after is not None
    assert any(name.upper() in text for text in after.exposure)
    assert before is None or not any(name.upper() in text for text in before.exposure)


def test_no_united_states_order_is_seen_before_its_day(un: Regime) -> None:
    deal = {"exporter": "PRK", "importer": "CHN", "product": "610910"}
    before = un.rule(on="2017-09-19", **deal).line("USA")
    after = un.rule(on="2017-09-20", **deal).line("USA")
    assert before is not None
    assert not any("13810" in text for text in before.exposure)
    assert after is not None
    assert any("13810" in text for text in after.exposure)


@pytest.mark.parametrize(
    ("on", "count"),
    [
        ("2016-01-01", 18),
        ("2016-03-02", 77),
        ("2016-12-01", 156),
        ("2017-08-05", 429),
        ("2017-09-11", 1226),
        ("2017-12-23", 2472),
    ],
)
def test_banned_exports_grow_as_published(
    un: Regime, hs2022: list[str], on: str, count: int
) -> None:
    """Prefix match on HS2022 codes as they stand, kind ban, caps and exemptions left aside."""
    assert len(hs2022) == 5612  # 5,613 with 999999, which is no product
    rows = regime.compile_intervals(un, codes=hs2022, flows=("from_target",))
    day = date.fromisoformat(on)
    banned = {
        row.hs6
        for row in rows
        if row.kind == "ban" and row.start <= day and (row.end is None or day < row.end)
    }
    assert len(banned) == count


def test_the_revision_of_2022_adds_the_drones(un: Regime, hs2022: list[str]) -> None:
    """The one deviation from the count: 8806, drones, was 852580 in HS2017, electrical."""
    rows = regime.compile_intervals(un, codes=hs2022, vintage="HS2022", flows=("from_target",))
    day = date(2017, 12, 23)
    banned = {row.hs6 for row in rows if row.kind == "ban" and row.start <= day and not row.end}
    plain = regime.compile_intervals(un, codes=hs2022, flows=("from_target",))
    drones = banned - {row.hs6 for row in plain if row.kind == "ban" and not row.end}
    assert drones == {f"8806{kind}{weight}" for kind in "29" for weight in "1234"}


@pytest.mark.parametrize(
    ("resolution", "state", "days"),
    [
        ("un.2270", "CHN", {34}),
        ("un.2270", "RUS", {303}),
        ("un.2371", "CHN", {9}),
        ("un.2375", "CHN", {11}),
        ("un.2397", "CHN", {14}),
        ("un.2321", "RUS", {318}),
    ],
)
def test_first_acts_took_the_known_days(
    un: Regime, resolution: str, state: str, days: set[int]
) -> None:
    lags = regime.implementation_lag(un)
    assert {
        lag.days
        for lag in lags
        if (lag.resolution, lag.state, lag.is_first) == (resolution, state, True)
    } == days


def test_china_took_9_to_23_days_on_2321_and_russia_318_signed_320_published(un: Regime) -> None:
    lags = {lag.act: lag for lag in regime.implementation_lag(un) if lag.resolution == "un.2321"}
    assert (lags["cn.2016-75"].days, lags["cn.2016-81"].days) == (9, 23)
    assert (lags["ru.2017-484"].days, lags["ru.2017-484"].days_published) == (318, 320)


def test_the_same_shipment_has_the_same_verdict_in_every_revision(un: Regime, shared: Path) -> None:
    """Every code of every revision against the HS2017 codes it stands for."""
    table = _to_hs2017(shared)
    checked = 0
    for pair in (("PRK", "CHN"), ("CHN", "PRK")):
        for vintage, codes in table.items():
            for code, targets in codes.items():
                old = _plain(un, pair, code, vintage)
                new = {_plain(un, pair, target, "HS2017") for target in targets}
                if len(new) == 1:
                    assert old == next(iter(new)), (vintage, code, targets)
                    checked += 1
    assert checked > 40_000


def _plain(un: Regime, pair: tuple[str, str], code: str, vintage: str) -> frozenset[str]:
    """The measures that surely reach a code; rulings depend on nothing else of it."""
    flow = "from_target" if pair[0] == "PRK" else "to_target"
    return frozenset(
        found.entry.name
        for found in un.index.reach(code, vintage)
        if found.entry.measure.flow in (flow, "either") and not found.doubt
    )


def _to_hs2017(shared: Path) -> dict[str, dict[str, set[str]]]:
    folder = shared / "data" / "hs"
    years = ["1992", "1996", "2002", "2007", "2012", "2017", "2022"]
    codes: dict[str, set[str]] = {year: set() for year in years}
    with gzip.open(folder / "hs6_codes_by_vintage.csv.gz", "rt") as file:
        for row in csv.DictReader(file):
            if row["hs6"] != "999999":
                codes[row["vintage"]].add(row["hs6"])
    listed: dict[tuple[str, str, str], set[str]] = {}
    with (folder / "hs_conversion_nonidentity.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            key = (row["from_v"], row["to_v"], row["from"])
            listed.setdefault(key, set()).add(row["to"])

    def older(newer: str, old: str, code: str) -> set[str]:
        return listed.get((newer, old, code), {code})

    result: dict[str, dict[str, set[str]]] = {}
    for place, year in enumerate(years):
        current = {code: {code} for code in codes[year]}
        if year == "2022":
            current = {code: older("2022", "2017", code) for code in codes[year]}
        for step in range(place, 5):
            inverse: dict[str, set[str]] = {}
            for code in codes[years[step + 1]]:
                for old in older(years[step + 1], years[step], code):
                    inverse.setdefault(old, set()).add(code)
            current = {
                code: {new for old in olds for new in inverse.get(old, {old})}
                for code, olds in current.items()
            }
        result[f"HS{year}"] = current
    return result
