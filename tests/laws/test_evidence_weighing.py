"""Laws of the weighing, on random sections."""

from __future__ import annotations

from datetime import date
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tumen.evidence import Spec, weigh
from tumen.evidence.diagnosticity import diagnosticity, entropy, watch_list
from tumen.evidence.robustness import (
    drop_each,
    flipping_sets,
    reverse_each,
    tipping_prior,
    tipping_reliability,
)
from tumen.evidence.weighing import group_evidence, normalised, onto_simplex, posterior
from tumen.numerics.tolerance import assert_close

AS_OF = date(2017, 8, 31)
WORDS = ("CC", "C", "N", "I", "II", "NA")
likelihoods = st.one_of(
    st.sampled_from(WORDS),
    st.floats(0.02, 0.98).map(lambda value: round(value, 3)),
    st.tuples(st.floats(0.02, 0.5), st.floats(0.5, 0.98)).map(list),
)


@st.composite
def sections(draw, *, items=5, draws=100):
    names = [f"h{number}" for number in range(draw(st.integers(2, 4)))]
    count = draw(st.integers(1, items))
    outlets = [
        {
            "id": f"o{number}",
            "name": f"Outlet {number}",
            "reliability": {
                "grade": draw(st.sampled_from("ABCDEF")),
                "on": "2017-08-01",
                "reason": "as drawn",
            },
        }
        for number in range(3)
    ]
    return {
        "rater": "law",
        "draws": draws,
        "outlets": outlets,
        "sources": [
            {
                "id": f"s{number}",
                "type": "report",
                "title": "A report",
                "issued": "2017-08-01",
                "outlet": f"o{draw(st.integers(0, 2))}",
                "group": f"g{draw(st.integers(0, 2))}",
            }
            for number in range(count)
        ],
        "sets": [
            {
                "id": "q",
                "question": "Which is it?",
                "hypotheses": [
                    {"id": name, "text": f"It is {name}.", "prior": [0.05, 0.9]} for name in names
                ],
            }
        ],
        "items": [
            {
                "id": f"E{number}",
                "text": "Something is reported.",
                "sources": [f"s{number}"],
                "credibility": "2",
                "because": "as drawn",
                "ratings": {"q": {name: draw(likelihoods) for name in names}},
            }
            for number in range(count)
        ],
        "indicators": [
            {
                "id": "W1",
                "text": "Something may be seen.",
                "likelihood": {"q": {name: draw(likelihoods) for name in names}},
            }
        ],
    }


def weighed(section, seed=7):
    return weigh(Spec.model_validate(section), "q", as_of=AS_OF, seed=seed)


@given(sections(), st.integers(0, 1000).map(Random))
@settings(max_examples=40)
def test_the_order_of_items_hypotheses_and_sources_is_irrelevant(section, random):
    first = weighed(section)
    shuffled = {**section}
    for part in ("items", "sources", "outlets"):
        shuffled[part] = random.sample(section[part], len(section[part]))
    hypotheses = section["sets"][0]["hypotheses"]
    shuffled["sets"] = [
        {**section["sets"][0], "hypotheses": random.sample(hypotheses, len(hypotheses))}
    ]
    second = weighed(shuffled)
    places = [second.names.index(name) for name in first.names]
    assert_close(second.posterior[places], first.posterior, "identity")
    assert_close(second.band[:, places], first.band, "identity")
    assert_close(second.prior_band[:, places], first.prior_band, "identity")


@given(sections(), st.integers(0, 4))
@settings(max_examples=40)
def test_a_duplicate_of_a_copy_changes_nothing(section, number):
    item = section["items"][number % len(section["items"])]
    origin = {**item, "origin": "dispatch"}
    others = [each for each in section["items"] if each is not item]
    once = weighed({**section, "items": [*others, origin]})
    copies = [{**origin, "id": name} for name in ("Z1", "Z2")]
    thrice = weighed({**section, "items": [copies[1], *others, origin, copies[0]]})
    assert_close(thrice.posterior, once.posterior, "identity")
    assert_close(thrice.draws, once.draws, "identity")
    assert {left.id for left in thrice.matrix.left_out} == {"Z1", "Z2"}


@given(sections())
@settings(max_examples=40)
def test_a_proposed_item_changes_nothing_and_is_named(section):
    first = weighed(section)
    extra = {**section["items"][0], "id": "P1", "origin": "other", "status": "proposed"}
    second = weighed({**section, "items": [*section["items"], extra]})
    assert_close(second.draws, first.draws, "identity")
    assert [left.id for left in second.matrix.left_out] == ["P1"]


@given(sections())
@settings(max_examples=40)
def test_without_reliability_and_with_equal_stakes_the_prior_stays(section):
    weighing = weighed(section)
    nothing = np.zeros_like(weighing.reliability)
    after = posterior(
        weighing.prior, weighing.likelihood, weighing.base, nothing, weighing.membership
    )
    assert_close(after, weighing.prior, "identity")


@given(sections())
@settings(max_examples=40)
def test_evidence_that_is_neutral_throughout_leaves_the_prior(section):
    neutral = [
        {**item, "ratings": {"q": dict.fromkeys(item["ratings"]["q"], "0.5")}}
        for item in section["items"]
    ]
    weighing = weighed({**section, "items": neutral})
    assert_close(weighing.posterior, weighing.prior, "identity")
    assert_close(diagnosticity(weighing), np.zeros(len(neutral)), "identity")


@given(sections())
@settings(max_examples=40)
def test_chances_sum_to_one_and_bands_hold_chances(section):
    weighing = weighed(section)
    assert_close(weighing.posterior.sum(), 1, "identity")
    assert_close(weighing.draws.sum(axis=1), np.ones(len(weighing.draws)), "identity")
    assert np.all(weighing.band[0] <= weighing.band[1])
    assert_close(weighing.stays_top.sum(), 1, "identity")


@given(sections(items=6))
@settings(max_examples=40)
def test_the_smallest_flipping_set_flips_and_no_smaller_one_does(section):
    weighing = weighed(section)
    top, rows = weighing.top, weighing.matrix.rows
    for flipping in flipping_sets(weighing):
        rival = weighing.names.index(flipping.rival)
        smallest = None
        for mask in sorted(range(2 ** len(rows)), key=lambda bits: bits.bit_count()):
            keep = np.array([not mask >> number & 1 for number in range(len(rows))])
            odds = np.log(weighing.prior[rival] / weighing.prior[top])
            for place in range(len(weighing.matrix.groups)):
                chosen = keep & (weighing.membership == place)
                if chosen.any():
                    term = group_evidence(
                        weighing.likelihood[chosen],
                        weighing.base[chosen],
                        weighing.trust[chosen].min(),
                    )
                    odds += term[rival] - term[top]
            if odds >= -1e-12:
                smallest = mask.bit_count()
                break
        assert flipping.is_exact
        assert flipping.is_possible == (smallest is not None)
        if smallest is not None:
            assert len(flipping.items) == smallest


@given(sections())
@settings(max_examples=40)
def test_at_the_tipping_values_the_rival_is_level(section):
    weighing = weighed(section)
    top = weighing.top
    for tipping in tipping_prior(weighing):
        rival = weighing.names.index(tipping.rival)
        prior = weighing.prior * (1 - tipping.value) / (1 - weighing.prior[rival])
        prior[rival] = tipping.value
        after = normalised(prior, weighing.group_evidence.sum(axis=0))
        assert_close(after[rival], after[top], "oracle")
    for place, group in enumerate(weighing.matrix.groups):
        for tipping in tipping_reliability(weighing, group):
            if tipping.value is None:
                continue
            rival = weighing.names.index(tipping.rival)
            trust = weighing.reliability.copy()
            trust[place] = tipping.value
            after = posterior(
                weighing.prior, weighing.likelihood, weighing.base, trust, weighing.membership
            )
            assert_close(after[rival], after[top], "oracle")


@given(sections())
@settings(max_examples=40)
def test_dropping_and_reversing_name_each_item_once(section):
    weighing = weighed(section)
    names = [row.item.id for row in weighing.matrix.rows]
    assert [change.item for change in drop_each(weighing)] == names
    assert [change.item for change in reverse_each(weighing)] == names
    if len(names) == 1:
        assert_close(drop_each(weighing)[0].posterior, weighing.prior, "identity")


@given(sections())
@settings(max_examples=40)
def test_dropping_an_item_is_weighing_without_it(section):
    weighing = weighed(section)
    for number, change in enumerate(drop_each(weighing)):
        left = [item for place, item in enumerate(section["items"]) if place != number]
        rest = weighed({**section, "items": left})
        assert_close(change.posterior, rest.posterior, "identity")


@given(sections())
@settings(max_examples=40)
def test_an_indicator_tells_no_more_than_is_unknown(section):
    spec = Spec.model_validate(section)
    weighing = weighed(section)
    for watch in watch_list(spec, weighing):
        assert 0 <= watch.bits <= min(1.0, entropy(weighing.posterior)) + 1e-12
        mixed = watch.chance * watch.if_seen + (1 - watch.chance) * watch.if_not
        assert_close(mixed, weighing.posterior, "identity")


@given(
    st.lists(
        st.tuples(st.floats(0, 0.2), st.floats(0.5, 1), st.floats(0, 1)), min_size=2, max_size=5
    )
)
def test_drawn_priors_sum_to_one_and_stay_in_their_ranges(rows):
    low, high, place = (np.array(column) for column in zip(*rows, strict=True))
    low = low / max(1, low.sum())
    values = onto_simplex(low + place * (high - low), low, high)
    assert_close(values.sum(), 1, "identity")
    assert np.all(values >= low - 1e-9)
    assert np.all(values <= high + 1e-9)
