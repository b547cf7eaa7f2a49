"""Caps against the published observations; relief and its snap-back."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tumen import regime
from tumen.core.errors import DataError
from tumen.regime import Ledger, Regime, Use
from tumen.regime.rules import Phase

EVERYTHING = ("270112", "260111", "030614", "610910", "970300", "830621", "740311", "250410")


@pytest.fixture(scope="module")
def un() -> Regime:
    return regime.load("UN-1718")


@pytest.fixture(scope="module")
def observations(shared: Path) -> list[dict[str, Any]]:
    path = shared / "facts" / "cap_usage_observations.json"
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return found


def used(un: Regime, observation: dict[str, Any], basis: str) -> regime.CapUse:
    names = {"t": "t", "usd": "USD", "bbl": "bbl"}
    uses = tuple(
        Use(
            measure=observation["measure"],
            period=observation["period"],
            q=observation[key],
            unit=unit,
            basis=basis,  # type: ignore[arg-type]
            claimant="the source" if basis == "estimate" else "",
            published=date(2025, 1, 1),
        )
        for key, unit in names.items()
        if key in observation
    )
    return regime.cap_use(un, uses=Ledger(uses))[0]


@pytest.mark.parametrize(
    ("place", "basis", "percent"),
    [(1, "reported", 19), (5, "reported", 21), (6, "estimate", 320), (7, "reported", 33.7)],
)
def test_an_observation_gives_its_published_percentage(
    un: Regime, observations: list[dict[str, Any]], place: int, basis: str, percent: float
) -> None:
    use = used(un, observations[place], basis)
    assert observations[place]["expect"].startswith(f"{percent:g} percent")
    assert 100 * use.ratio == pytest.approx(percent, abs=0.5 if percent == int(percent) else 0.05)


def test_december_2016_coal_is_a_breach_of_both_limits(
    un: Regime, observations: list[dict[str, Any]]
) -> None:
    use = used(un, observations[0], "reported")
    assert use.state == observations[0]["expect"] == "breach"
    assert use.breached_on == date(2016, 12, 31)
    assert [part.ratio for part in use.limits] == pytest.approx(
        [184_000_000 / 53_495_894, 2_000_000 / 1_000_866]
    )


def test_january_and_february_2017_make_56_percent_by_value(
    un: Regime, observations: list[dict[str, Any]]
) -> None:
    uses = tuple(use for use in un.uses if use.measure == "un.2321.coal-cap" and use.unit == "USD")
    (use,) = regime.cap_use(un, uses=Ledger(uses))
    assert "56 percent" in observations[4]["expect"]
    assert round(100 * use.ratio) == 56
    assert use.state == "within"


def test_all_nine_observations_are_shipped(un: Regime, observations: list[dict[str, Any]]) -> None:
    shipped = {(use.measure, use.period, use.q) for use in un.uses}
    for seen in observations:
        period = seen["period"].replace("2024-01/2024-12-04", "2024-01-01/2024-12-04")
        for key in ("t", "usd", "bbl"):
            if key in seen:
                assert (seen["measure"], period, float(seen[key])) in shipped


def test_reported_and_estimated_use_of_2020_stand_side_by_side(un: Regime) -> None:
    found = [
        use
        for use in regime.cap_use(un, uses=regime.ledger(un), measure="un.2397.refined")
        if use.period.start.year == 2020
    ]
    assert {use.basis: round(100 * use.ratio) for use in found} == {"reported": 21, "estimate": 320}
    estimate = next(use for use in found if use.basis == "estimate")
    assert estimate.claimants
    assert estimate.breached_on == date(2020, 5, 31)


def test_a_ruling_shows_the_arithmetic_and_stops_at_95_percent(un: Regime) -> None:
    def uses(q: float) -> Ledger:
        return Ledger(
            (
                Use(
                    measure="un.2321.coal-cap",
                    period="2017-01",
                    q=q,
                    unit="t",
                    basis="reported",
                    published=date(2017, 2, 20),
                ),
            )
        )

    coal = {"exporter": "PRK", "importer": "CHN", "product": "270112", "on": "2017-03-01"}
    below = regime.rule(un, ledger=uses(7_124_999), **coal)
    at = regime.rule(un, ledger=uses(7_125_000), **coal)
    assert (below.verdict, at.verdict) == ("conditional", "prohibited")
    assert any("95.0%" in text for text in at.because[0].tried)
    over = regime.rule(un, ledger=uses(7_000_000), quantity=600_000, unit="t", **coal)
    assert over.verdict == "prohibited"


def test_what_was_published_later_is_not_in_the_ledger(un: Regime) -> None:
    uses = regime.ledger(un, as_of=date(2017, 2, 23)).uses
    assert {use.published for use in uses} == {date(2017, 2, 22)}


def test_use_across_two_periods_is_refused(un: Regime) -> None:
    use = un.uses[0].model_copy(update={"measure": "un.2397.refined", "period": "2019/2020"})
    with pytest.raises(DataError, match="split the entry"):
        regime.cap_use(un, uses=Ledger((use,)))


# Relief ---------------------------------------------------------------------------------------


def test_the_draft_of_2019_flips_exactly_its_items(un: Regime) -> None:
    eased = regime.with_relief(un, "relief.draft-2019")
    prefixes = {code for _, _, m in un.measures() if m.goods for code in m.goods.hs}
    codes = sorted({(code + "9000")[:6] for code in prefixes} | set(EVERYTHING))
    flipped = set()
    for code in codes:
        for pair in (("PRK", "CHN"), ("CHN", "PRK")):
            deal = {"exporter": pair[0], "importer": pair[1], "product": code, "on": "2020-01-15"}
            if un.rule(**deal).verdict != eased.rule(**deal).verdict:
                assert pair[0] == "PRK"
                flipped.add(code)
    textiles = {code for code in codes if "50" <= code[:2] <= "63"}
    seafood = {code for code in codes if code.startswith(("03", "1603", "1604", "1605"))}
    statues = {code for code in codes if code.startswith(("9703", "830621", "830629"))}
    assert flipped == textiles | seafood | statues


def test_the_draft_of_2019_flips_labour_and_no_other_service(un: Regime) -> None:
    from tumen.regime.services import SERVICES

    eased = regime.with_relief(un, "relief.draft-2019")
    flipped = set()
    for name in SERVICES:
        deal = {"exporter": "PRK", "importer": "RUS", "service": name, "on": "2020-01-15"}
        deal["contract_date"] = "2020-01-02"
        if un.rule(**deal).verdict != eased.rule(**deal).verdict:
            flipped.add(name)
    assert flipped == {"labour_new", "labour_existing"}


def test_the_draft_of_2019_exempts_inter_korean_rail(un: Regime) -> None:
    eased = regime.with_relief(un, "relief.draft-2019")
    rails = {"exporter": "KOR", "importer": "PRK", "product": "730210", "on": "2020-01-15"}
    named = {"inter_korean_rail_road": True}
    assert un.rule(**rails, declared=named).verdict == "prohibited"
    assert eased.rule(**rails, declared=named).verdict == "exempt"
    assert eased.rule(**rails).verdict == "prohibited"


def test_a_regime_under_relief_has_a_hash_of_its_own(un: Regime) -> None:
    assert regime.with_relief(un, "relief.draft-2019").sha256 != un.sha256


def test_a_draft_binds_nobody(un: Regime) -> None:
    shirts = {"exporter": "PRK", "importer": "CHN", "product": "610910", "on": "2020-01-15"}
    assert un.rule(**shirts).verdict == "prohibited"


def test_phases_snap_back_to_dated_restrictions(un: Regime) -> None:
    phases = [
        Phase(
            id="textiles",
            start=date(2025, 1, 1),
            end=date(2025, 7, 1),
            suspends=("un.2375.textiles",),
            authority="Security Council: nine votes and no veto",
            reversal="lapses on its last day unless the Council renews it",
        ),
        Phase(
            id="coal",
            start=date(2025, 4, 1),
            suspends=("un.2371.coal",),
            authority="Security Council: nine votes and no veto",
            reversal="a new resolution",
        ),
    ]
    eased = regime.with_relief(un, phases, snap_back=date(2026, 1, 1))
    rows = regime.compile_intervals(eased, codes=["610910", "270112"], flows=("from_target",))
    spans = {
        code: [(str(r.start), str(r.end)) for r in rows if r.hs6 == code and r.kind == "ban"]
        for code in ("610910", "270112")
    }
    assert spans["610910"] == [("2017-09-11", "2025-01-01"), ("2025-07-01", "None")]
    assert spans["270112"][-2:] == [("2017-08-05", "2025-04-01"), ("2026-01-01", "None")]
    shares = [
        regime.restrict(eased, on=on, codes=["610910", "270112"]).banned.tolist()
        for on in ("2024-12-31", "2025-05-01", "2025-08-01", "2026-01-01")
    ]
    assert shares == [[1.0, 1.0], [0.0, 0.0], [1.0, 0.0], [1.0, 1.0]]
    changes = [(c.what, str(c.on)) for c in regime.diff(eased, "2024-12-31", "2026-01-01")]
    assert changes == [
        ("suspended", "2025-01-01"),
        ("suspended", "2025-04-01"),
        ("resumes", "2025-07-01"),
        ("resumes", "2026-01-01"),
    ]


def test_relief_that_is_unknown_or_backwards_is_refused(un: Regime) -> None:
    with pytest.raises(DataError, match=r"draft-2019"):
        regime.with_relief(un, "relief.draft-2091")
    with pytest.raises(DataError, match="not after its start"):
        regime.with_relief(un, "relief.draft-2019", snap_back=date(2019, 1, 1))


def test_iranian_relief_ends_with_the_snap_back_and_not_before_it_is_known() -> None:
    iran = regime.load("UN-2231")
    arms = {"exporter": "IRN", "importer": "RUS", "product": "930690", "on": "2025-10-01"}
    assert iran.rule(**arms).verdict == "prohibited"
    assert iran.known(date(2025, 1, 1)).rule(**arms).verdict == "permitted"
