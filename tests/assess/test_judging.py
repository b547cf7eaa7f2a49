"""From evidence to judgments: total probability, what moves them, what is refused."""

from __future__ import annotations

import re
from copy import deepcopy
from datetime import date

import numpy as np
import pytest

from tumen.assess import differences
from tumen.core.errors import CaseError
from tumen.core.finding import Finding
from tumen.core.record import canonical_json
from tumen.evidence import Spec as EvidenceSpec
from tumen.evidence import weigh
from tumen.numerics.tolerance import assert_close


def test_a_judgment_is_the_total_probability_over_the_hypotheses(
    evidence_data, assess_data, judged
):
    record = judged(evidence_data, assess_data)
    weighing = weigh(
        EvidenceSpec.model_validate(evidence_data), "coal", as_of=date(2017, 8, 31), seed=1
    )
    expected = np.array([0.89, 0.89, 0.125]) @ weighing.posterior
    assert_close(record.judgments[0].probability.value, expected, "identity")


def test_stated_chances_without_ranges_and_certain_evidence_give_a_point(
    evidence_data, assess_data, judged
):
    for hypothesis, prior in zip(
        evidence_data["sets"][0]["hypotheses"], ("1", "0", "0"), strict=True
    ):
        hypothesis["prior"] = prior
    assess_data["judgments"][0]["given"] = {"stops": "0.9", "hides": "0.2", "goes_on": "0.1"}
    estimate = judged(evidence_data, assess_data).judgments[0].probability
    assert_close([estimate.low, estimate.value, estimate.high], [0.9, 0.9, 0.9], "identity")


def test_likelihood_and_confidence_stand_in_two_sentences(evidence_data, assess_data, judged):
    likelihood, confidence = judged(evidence_data, assess_data).judgments[0].sentences()
    assert re.match(r"It is very likely \(\d+-\d+ %\) that China's customs record", likelihood)
    assert "onfidence" not in likelihood
    assert re.match(r"Confidence is (low|moderate|high): .+\.$", confidence)
    assert not re.search(r"\b(un)?likely\b(?!”)", confidence)


def test_changing_one_item_changes_the_judgment_and_the_difference_is_named(
    evidence_data, assess_data, judged
):
    old = judged(evidence_data, assess_data)
    changed = deepcopy(evidence_data)
    changed["items"][0]["ratings"]["coal"] = {"stops": "II", "hides": "II", "goes_on": "CC"}
    new = judged(changed, assess_data)
    assert new.judgments[0].probability.value < old.judgments[0].probability.value - 0.04
    said = {(each.part, each.id): each.sentence for each in differences(old, new)}
    assert "its probability moves from" in said["judgment", "J1"]
    assert "item E1: its ratings move from CC CC II to II II CC" in said["weighing", "coal"]
    assert "Stops moves from" in said["weighing", "coal"]


def test_two_equal_runs_have_no_difference(evidence_data, assess_data, judged):
    first, second = (judged(evidence_data, assess_data) for _ in range(2))
    assert differences(first, second) == ()
    assert canonical_json(first) == canonical_json(second)


def test_the_headline_is_that_of_the_leading_hypothesis(evidence_data, assess_data, judged):
    assert judged(evidence_data, assess_data).headline == "China is set to stop."
    for item in evidence_data["items"]:
        item["ratings"]["coal"] = {"stops": "II", "hides": "I", "goes_on": "CC"}
    assert judged(evidence_data, assess_data).headline == "China is set to go on."


def test_a_judgment_rests_on_its_items_assumptions_and_findings(evidence_data, assess_data, judged):
    finding = Finding(id="monitor.compliance.2701", sentence="No coal is recorded.")
    evidence_data["items"][0] |= {"kind": "data", "finding": finding.id}
    record = judged(evidence_data, assess_data, findings=[finding])
    assert set(record.judgments[0].rests_on) == {"A1", finding.id, "E1", "E2", "E3", "E4", "E5"}


def test_the_indicator_that_moves_a_judgment_is_named_with_its_effect(
    evidence_data, assess_data, judged
):
    first = judged(evidence_data, assess_data).judgments[0].would_change[0]
    assert "Satellite images show coal carriers" in first
    assert re.search(r"seen, the probability moves from \d+ % to \d+ %; not seen, to \d+ %", first)


def test_sources_stand_in_the_order_of_their_authors_and_only_cited_ones(
    evidence_data, assess_data, judged
):
    evidence_data["sources"].append(
        {**evidence_data["sources"][0], "id": "unused", "title": "Nobody cites it"}
    )
    record = judged(evidence_data, assess_data)
    authors = [source.author[0].sort_key.casefold() for source in record.sources]
    assert authors == sorted(authors)
    assert "unused" not in {source.id for source in record.sources}


def test_model_runs_count_only_when_asked_and_are_shown_with_and_without(
    evidence_data, assess_data, judged
):
    finding = Finding(id="impact.loss", sentence="The model says so.")
    evidence_data["items"].append(
        {
            "id": "M1",
            "text": "The trade model finds no gain from going on.",
            "kind": "model",
            "finding": finding.id,
            "reliability": {"grade": "D", "on": "2017-08-01", "reason": "a model"},
            "credibility": "3",
            "because": "simulated",
            "ratings": {"coal": {"stops": "C", "hides": "I", "goes_on": "I"}},
        }
    )
    without = judged(evidence_data, assess_data, findings=[finding])
    assert "M1" not in {item.id for item in without.weighings[0].items}
    assert without.weighings[0].hypotheses[0].without is None
    evidence_data["sets"][0]["with_models"] = "yes"
    record = judged(evidence_data, assess_data, findings=[finding])
    hypothesis = record.weighings[0].hypotheses[0]
    assert hypothesis.without is not None
    assert_close(
        hypothesis.without.value, without.weighings[0].hypotheses[0].posterior.value, "identity"
    )
    assert hypothesis.posterior.value > hypothesis.without.value


def test_every_unknown_name_is_refused_at_once(evidence_data, assess_data, judged):
    judgment = assess_data["judgments"][0]
    judgment["rests_on"] = ["monitor.nothing"]
    judgment["given"] = {"stops": "0.9", "hides": "0.9", "goes-on": "0.1"}
    del assess_data["headlines"]["coal"]["hides"]
    assess_data["assumptions"][0]["sources"] = ["s-pannel"]
    with pytest.raises(CaseError) as caught:
        judged(evidence_data, assess_data)
    said = [str(problem) for problem in caught.value.problems]
    assert len(said) == 5
    assert any("'goes-on' is no hypothesis" in each and "goes_on" in each for each in said)
    assert any("goes_on is missing" in each for each in said)
    assert any("hides is missing" in each for each in said)
    assert any("'monitor.nothing' is no finding or assumption" in each for each in said)
    assert any("did you mean s-panel" in each for each in said)


def test_a_retracted_source_is_told_with_the_path_to_the_judgments(
    evidence_data, assess_data, judged
):
    before = judged(evidence_data, assess_data)
    evidence_data["sources"][1]["retracted"] = {"on": "2017-08-30", "reason": "invented"}
    after = judged(evidence_data, assess_data)
    assert after.judgments[0].probability.value != before.judgments[0].probability.value
    assert "E2" not in after.judgments[0].rests_on
    (caveat,) = after.caveats
    assert "was withdrawn on 2017-08-30 (invented)" in caveat
    assert "“Observation 2 about coal” no longer counts (judgments J1)" in caveat
    assert any(each.id == "caveats" for each in differences(before, after))
