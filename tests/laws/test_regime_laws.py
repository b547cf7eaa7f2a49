"""Laws of rulings: what holds for every transaction, day and regime."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tumen import regime
from tumen.core.errors import DataError
from tumen.regime import Ledger, Regime, Ruling, Use
from tumen.regime.clauses import Goods, Provenance
from tumen.regime.flags import FLAGS
from tumen.regime.rules import Instrument, Measure
from tumen.regime.ruling import ORDER
from tumen.regime.services import SERVICES

UN = regime.load("UN-1718")
CODES = sorted({code for _, _, m in UN.measures() if m.goods for code in m.goods.hs})
PRODUCTS = sorted(
    {(code + "1000")[:6] if len(code) < 6 else code for code in CODES}
    | {"270112", "260111", "030614", "610910", "271019", "100630", "670420", "300490", "380110"}
)
COUNTRIES = ("CHN", "RUS", "USA", "KOR", "NAM", "DEU")
STRICT = {verdict: place for place, verdict in enumerate(ORDER)}

days = st.dates(date(2006, 1, 1), date(2024, 12, 31))
flags = st.dictionaries(st.sampled_from(sorted(FLAGS)), st.booleans(), max_size=8)


@st.composite
def transactions(draw: st.DrawFn) -> dict[str, Any]:
    partner = draw(st.sampled_from(COUNTRIES))
    pair = ("PRK", partner) if draw(st.booleans()) else (partner, "PRK")
    on = draw(days)
    given_: dict[str, Any] = {"exporter": pair[0], "importer": pair[1], "on": on}
    given_["product"] = draw(st.sampled_from(PRODUCTS) | st.sampled_from(CODES))
    if draw(st.integers(0, 3)) == 0:
        given_["service"] = draw(st.sampled_from(sorted(SERVICES)))
    given_["origin"] = draw(st.sampled_from((None, "PRK", "RUS", "CHN")))
    given_["port"] = draw(st.sampled_from((None, "Rajin", "Rason", "Nampo", "Dalian")))
    given_["contract_date"] = draw(st.none() | st.just(on - timedelta(days=200)) | st.just(on))
    given_["declared"] = draw(flags)
    return given_


relaxed = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def without(law: Regime, states: set[str], on: date) -> Regime:
    """The regime without the measures that are in one of the states on a day."""
    state = {entry.name: entry.state(on) for entry in law.index.entries}
    acts = tuple(
        act.model_copy(
            update={
                "measures": tuple(
                    m for m in act.measures if state.get(f"{act.id}.{m.id}") not in states
                )
            }
        )
        for act in law.instruments
    )
    return law.model_copy(update={"instruments": acts})


@relaxed
@given(transactions())
def test_a_measure_outside_its_interval_never_changes_a_verdict(given_: dict[str, Any]) -> None:
    before = UN.rule(**given_)
    on = given_["on"]
    # Future measures first: a past measure's successor must stay until the past one has gone.
    kept = without(without(UN, {"replaced", "ended"}, on), {"ahead"}, on)
    after = kept.rule(**given_)
    assert [(line.line, line.verdict, line.needs) for line in before.lines] == [
        (line.line, line.verdict, line.needs) for line in after.lines
    ]


@relaxed
@given(transactions(), st.sampled_from(CODES), st.sampled_from(("from_target", "to_target")))
def test_adding_a_ban_never_permits_more(given_: dict[str, Any], code: str, flow: Any) -> None:
    ban = Measure(
        id="more",
        title="One more ban",
        kind="ban",
        flow=flow,
        start=date(2005, 1, 1),
        goods=Goods(hs=(code,)),
        provenance=Provenance(status="computed"),
    )
    act = Instrument(
        id="un.more",
        issuer="UNSC",
        cite="S/RES/9999 (2005)",
        adopted=date(2005, 1, 1),
        target="PRK",
        measures=(ban,),
        provenance=Provenance(status="computed"),
    )
    more = UN.model_copy(update={"instruments": (*UN.instruments, act)})
    assert STRICT[more.rule(**given_).verdict] <= STRICT[UN.rule(**given_).verdict]


@relaxed
@given(transactions(), st.randoms(use_true_random=False))
def test_the_order_of_files_is_irrelevant(given_: dict[str, Any], random: Any) -> None:
    acts = list(UN.instruments)
    random.shuffle(acts)
    shuffled = UN.model_copy(update={"instruments": tuple(acts)})
    assert shuffled.rule(**given_) == UN.rule(**given_)


@settings(max_examples=25, deadline=None)
@given(
    days,
    st.sampled_from(("from_target", "to_target")),
    st.sampled_from(("UN", "CHN", "RUS", "USA")),
)
@example(date(2017, 8, 20), "from_target", "UN")
@example(date(2017, 8, 20), "from_target", "CHN")
def test_restrict_equals_rule_over_every_product(on: date, flow: Any, line: str) -> None:
    shares = regime.restrict(UN, on=on, codes=PRODUCTS, flow=flow, line=line)
    partner = line if line != "UN" else "CHN"
    pair = ("PRK", partner) if flow == "from_target" else (partner, "PRK")
    for code, banned, capped, open_ in zip(
        shares.labels, shares.banned, shares.capped, shares.undetermined, strict=True
    ):
        ruling = UN.rule(exporter=pair[0], importer=pair[1], product=code, on=on, contract_date=on)
        found = ruling.line(line)
        assert found is not None
        verdict = found.verdict
        assert (banned, capped, open_) == (
            float(verdict == "prohibited"),
            float(verdict == "conditional"),
            float(verdict == "undetermined"),
        ), (code, verdict)


@relaxed
@given(transactions())
def test_nothing_adopted_after_the_as_of_date_is_seen(given_: dict[str, Any]) -> None:
    known = UN.known(given_["on"])
    adopted = {act.id: act.adopted for act in UN.instruments}
    ruling = known.rule(**given_)
    for step in ruling.because:
        assert adopted[step.measure.rpartition(".")[0]] <= given_["on"]
        assert step.end is None or step.end <= given_["on"] or not step.text.startswith("no longer")
    full = UN.rule(**given_)
    assert known.rule(**given_).lines[0].verdict == full.lines[0].verdict


@relaxed
@given(transactions(), st.booleans())
def test_a_fully_declared_shipment_is_never_undetermined(
    given_: dict[str, Any], value: bool
) -> None:
    full = given_ | {
        "declared": dict.fromkeys(FLAGS, value) | given_["declared"],
        "contract_date": given_["contract_date"] or given_["on"],
        "port": given_["port"] or "Dalian",
        "origin": given_["origin"] or "PRK",
        "product": (given_["product"] + "1000")[:6],
    }
    assert UN.rule(**full).verdict != "undetermined"


@relaxed
@given(transactions())
def test_a_ruling_is_a_valid_record_and_its_lines_follow_its_steps(given_: dict[str, Any]) -> None:
    ruling = UN.rule(**given_)
    assert Ruling.model_validate(ruling.model_dump(mode="json")) == ruling
    for line in ruling.lines:
        said = [s.outcome for s in ruling.because if s.line == line.line and s.outcome in STRICT]
        strictest = min(said, key=lambda outcome: STRICT[outcome], default="permitted")  # type: ignore[index]
        assert line.verdict == strictest
    assert (ruling.verdict == "undetermined") <= bool(ruling.needs)
    assert STRICT[ruling.strictest] <= STRICT[ruling.verdict]


uses = st.builds(
    Use,
    measure=st.just("un.2397.refined"),
    period=st.sampled_from(("2020-01", "2020-02", "2020-05", "2020-11")),
    q=st.floats(0, 400_000),
    unit=st.sampled_from(("bbl", "t")),
    basis=st.just("reported"),
    published=st.just(date(2021, 1, 1)),
)


@relaxed
@given(st.lists(uses, min_size=1, max_size=6), uses)
def test_more_use_never_lowers_a_cap_and_estimates_stay_apart(found: list[Use], more: Use) -> None:
    before = regime.cap_use(UN, uses=Ledger(tuple(found)))[0]
    after = regime.cap_use(UN, uses=Ledger((*reversed(found), more)))[0]
    assert after.ratio >= before.ratio * (1 - 1e-12)
    estimate = more.model_copy(update={"basis": "estimate", "claimant": "somebody"})
    apart = regime.cap_use(UN, uses=Ledger((*found, estimate)))
    assert before in apart
    assert (before.ratio > 1) == (before.breached_on is not None)


@relaxed
@given(days, days)
def test_changes_add_up_over_adjoining_spans(first: date, second: date) -> None:
    if first > second:
        with pytest.raises(DataError):
            regime.diff(UN, first, second)
        first, second = second, first
    middle = first + (second - first) / 2
    whole = regime.diff(UN, first, second)
    parts = regime.diff(UN, first, middle) + regime.diff(UN, middle, second)
    assert sorted(map(repr, whole)) == sorted(map(repr, parts))


@relaxed
@given(days, st.sampled_from(PRODUCTS))
def test_an_interval_holds_exactly_on_the_days_on_which_its_measure_speaks(
    on: date, product: str
) -> None:
    rows = regime.compile_intervals(UN, codes=[product], flows=("from_target",))
    active = {row.measure for row in rows if row.start <= on and (row.end is None or on < row.end)}
    ruling = UN.rule(exporter="PRK", importer="KOR", product=product, on=on)
    speaking = {s.measure for s in ruling.because if s.line == "UN" and s.outcome in STRICT}
    assert speaking == active


ANYTHING = (
    st.none()
    | st.booleans()
    | st.integers(-(10**6), 10**6)
    | st.floats()
    | st.text(max_size=12)
    | st.binary(max_size=4)
    | st.lists(st.text(max_size=5), max_size=3)
    | st.dictionaries(st.text(max_size=5), st.booleans(), max_size=2)
    | st.dates()
    | st.datetimes()
    | st.sampled_from(["PRK", "CHN", "270112", "2017-08-05", "insurance", "t", "HS1992", "Rajin"])
)
FIELDS = (
    "exporter importer product on vintage origin contract_date quantity unit value_usd port "
    "parties vessel service declared"
).split()


@relaxed
@given(st.dictionaries(st.sampled_from(FIELDS), ANYTHING, max_size=8), st.booleans())
def test_whatever_is_given_comes_a_ruling_or_an_error_that_says_what_to_do(
    given_: dict[str, Any], is_complete: bool
) -> None:
    sound = {"exporter": "PRK", "importer": "CHN", "product": "270112", "on": "2017-08-05"}
    facts = (
        (sound | given_)
        if is_complete
        else ({"exporter": "PRK", "importer": "CHN", "on": "2017-08-05"} | given_)
    )
    try:
        ruling = UN.rule(**facts)
    except DataError as error:
        found = error.problems
        assert all(problem.what and problem.where for problem in found)
    else:
        assert ruling.verdict in ORDER
