"""Weighing by hand-computed cases, and what retraction and grading do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date

import numpy as np
import pytest

from tumen.core.errors import CaseError, ModelError
from tumen.evidence import Spec, find, information, sensitivity, weigh
from tumen.evidence.matrix import matrix
from tumen.numerics.tolerance import assert_close, is_close

AS_OF = date(2017, 8, 31)


def weighed(section, seed=1):
    return weigh(Spec.model_validate(section), "coal", as_of=AS_OF, seed=seed)


def test_two_independent_items_by_hand(section):
    # 0.5 * (.7*.9 + .3*.5) * (.95*.7 + .05*.5)  against  0.5 * (.7*.3 + .3*.5) * (.95*.1 + .05*.5)
    stops = (0.7 * 0.9 + 0.3 * 0.5) * (0.95 * 0.7 + 0.05 * 0.5)
    goes_on = (0.7 * 0.3 + 0.3 * 0.5) * (0.95 * 0.1 + 0.05 * 0.5)
    assert_close(
        weighed(section).posterior,
        [stops / (stops + goes_on), goes_on / (stops + goes_on)],
        "identity",
    )


def test_one_group_weighs_less_than_two(section):
    apart = weighed(section).posterior[0]
    for item in section["items"]:
        item["group"] = "together"
    together = weighed(section)
    # One latent truth, trusted as its weakest outlet (C).
    stops, goes_on = 0.7 * 0.9 * 0.7 + 0.3 * 0.25, 0.7 * 0.3 * 0.1 + 0.3 * 0.25
    assert_close(together.posterior[0], stops / (stops + goes_on), "identity")
    assert together.posterior[0] < apart


def test_a_stake_lets_a_report_weigh_less(section):
    before = weighed(section).posterior[0]
    section["outlets"][0]["stake"] = {"coal": {"goes_on": "0.9"}}
    after = weighed(section)
    assert after.posterior[0] < before
    assert_close(after.base[0], [0.5, 0.9], "identity")


def test_not_applicable_leaves_the_hypothesis_to_chance(section):
    section["items"][0]["ratings"]["coal"] = {"stops": "NA", "goes_on": "NA"}
    with_na = weighed(section)
    section["items"] = section["items"][1:]
    assert_close(with_na.posterior, weighed(section).posterior, "identity")


def test_a_retracted_source_takes_its_item_along_and_both_are_named(section):
    section["sources"][0]["retracted"] = {"on": "2017-08-30", "reason": "figures were wrong"}
    spec = Spec.model_validate(section)
    weighing = weighed(section)
    assert [row.item.id for row in weighing.matrix.rows] == ["E2"]
    (left,) = weighing.matrix.left_out
    assert (left.id, left.reason) == ("E1", "every source is retracted (s1)")
    findings = {finding.id: finding for finding in find(spec, as_of=AS_OF, seed=1)}
    assert any(
        "No coal is recorded" in each for each in findings["evidence.coal.posterior"].caveats
    )
    assert any("figures were wrong" in each for each in findings["evidence.sources"].caveats)


def test_a_source_that_still_stands_keeps_its_item(section):
    section["items"][0] |= {"sources": ["s1", "s2"], "group": "customs"}
    assert weighed(section).matrix.rows[0].grade == "A"
    section["sources"][1]["retracted"] = {"on": "2017-08-30", "reason": "invented"}
    assert weighed(section).matrix.rows[0].grade == "C"


def test_a_better_grade_moves_the_posterior_further(section):
    found = []
    for grade in "EDCBA":
        section["outlets"][0]["reliability"]["grade"] = grade
        found.append(weighed(section).posterior[0])
    assert found == sorted(found)
    assert found[-1] > found[0]


def test_credibility_never_enters_the_likelihood(section):
    before = weighed(section).draws
    section["items"][0]["credibility"] = "5"
    assert np.array_equal(weighed(section).draws, before)


def test_the_same_seed_gives_the_same_draws_and_another_seed_others(section):
    assert np.array_equal(weighed(section).draws, weighed(section).draws)
    assert not np.array_equal(weighed(section).draws, weighed(section, seed=2).draws)


def test_a_new_question_changes_no_other_draw(section):
    before = weighed(section)
    section["sets"].append({**section["sets"][0], "id": "iron"})
    for item in section["items"]:
        item["ratings"]["iron"] = item["ratings"]["coal"]
    assert np.array_equal(weighed(section).draws, before.draws)


def test_points_and_sure_reliability_give_bands_without_width(section):
    section["word_spread"] = "0"
    section["grades"] = {grade: {"mean": "0.8", "strength": "1e12"} for grade in "ABCDEF"}
    weighing = weighed(section)
    assert is_close(weighing.band[0], weighing.posterior, "draws")
    assert is_close(weighing.band[1], weighing.posterior, "draws")
    assert weighing.band[1, 0] - weighing.band[0, 0] < 1e-5


def test_the_mean_of_the_draws_stands_near_the_central_value(section):
    section["draws"] = "20000"
    weighing = weighed(section)
    assert abs(weighing.draws.mean(axis=0) - weighing.posterior).max() < 0.02


def test_evidence_that_rules_out_everything_raises(section):
    # A stake of 0 and a likelihood of 0: neither a true nor a false report could exist.
    section["outlets"][0]["stake"] = {"coal": {"stops": "0", "goes_on": "0"}}
    section["items"][0]["ratings"]["coal"] = {"stops": "0", "goes_on": "0"}
    with pytest.raises(ModelError, match="rules out every hypothesis"):
        weighed(section)


def test_an_unknown_set_names_the_nearest(section):
    with pytest.raises(CaseError, match="did you mean coal"):
        weigh(Spec.model_validate(section), "cola", as_of=AS_OF, seed=1)


def test_no_item_at_all_leaves_the_prior(section):
    section["items"] = []
    weighing = weighed(section)
    assert_close(weighing.posterior, [0.5, 0.5], "identity")
    assert sensitivity(weighing).without_item == ()
    assert information(Spec.model_validate(section), weighing).items.shape == (0,)


def test_reversing_the_only_item_swaps_two_equal_hypotheses(section):
    section["items"] = section["items"][:1]
    section["items"][0]["ratings"]["coal"] = {"stops": "CC", "goes_on": "II"}
    weighing = weighed(section)
    (change,) = sensitivity(weighing).reversed_item
    assert change.has_new_top
    assert_close(change.posterior, weighing.posterior[::-1], "identity")


def test_a_word_is_drawn_from_its_fifth_and_never_means_certain(section):
    spec = Spec.model_validate(section)
    rows = matrix(spec, "coal", with_models=False).rows
    assert rows[0].likelihood[0].range.text() == "80-99 %"
    assert rows[1].likelihood[1].range.text() == "1-20 %"


def test_findings_state_the_answer_its_runner_up_and_what_to_watch(section):
    spec = Spec.model_validate(section)
    findings = {finding.id: finding for finding in find(spec, as_of=AS_OF, seed=1)}
    assert set(findings) == {
        "evidence.coal.posterior",
        "evidence.coal.diagnosticity",
        "evidence.coal.watch",
        "evidence.sources",
    }
    posterior = findings["evidence.coal.posterior"]
    assert "“It stops”" in posterior.sentence
    assert posterior.figure.kind == "interval"
    assert posterior.grid.column("hypothesis") == ["It stops", "It goes on"]
    assert_close(posterior.estimate.value, weighed(section).posterior[0], "identity")
    assert posterior.inputs[0].sha256 == spec.input().sha256
    assert posterior.sources == ("s1", "s2")
    assert "Ships unload coal" in findings["evidence.coal.watch"].sentence
    assert "2 groups" in findings["evidence.sources"].sentence


def test_the_input_hash_follows_content_and_not_order(section):
    first = Spec.model_validate(section).input().sha256
    section["items"].reverse()
    section["sources"].reverse()
    assert Spec.model_validate(section).input().sha256 == first
    section["items"][0]["text"] += " Twice."
    assert Spec.model_validate(section).input().sha256 != first


def test_a_scale_that_states_one_letter_keeps_the_others(section):
    section["grades"] = {"A": {"mean": "0.9", "strength": "20"}}
    section["likelihoods"] = {"CC": "0.95"}
    spec = Spec.model_validate(section)
    assert (spec.grades["A"].mean, spec.grades["C"].mean) == (0.9, 0.7)
    assert (spec.likelihoods["CC"].centre, spec.likelihoods["I"].centre) == (0.95, 0.3)


PRINTING = """
import json, sys
from datetime import date
from tumen.core.record import canonical_json
from tumen.evidence import Spec, find
spec = Spec.model_validate(json.loads(sys.stdin.read()))
for finding in find(spec, as_of=date(2017, 8, 31), seed=1):
    print(canonical_json(finding))
"""


def test_findings_do_not_depend_on_the_hashing_of_texts(section):
    for number in range(6):
        section["sources"].append(
            {**section["sources"][0], "id": f"x{number}", "group": f"group-{number}"}
        )
        section["items"].append(
            {**section["items"][0], "id": f"X{number}", "sources": [f"x{number}"]}
        )
    printed = [
        subprocess.run(
            [sys.executable, "-c", PRINTING],
            input=json.dumps(section),
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    ]
    assert len(set(printed)) == 1
