"""Confidence spreads over low, moderate and high, names its reasons, and cannot be raised."""

from __future__ import annotations

from copy import deepcopy

import pytest


def confidence_of(judged, evidence, section):
    return judged(evidence, section).judgments[0].confidence


def component(confidence, name):
    return next(each for each in confidence.components if each.name == name)


def test_four_independent_good_sources_and_a_supported_assumption_allow_high(
    evidence_data, assess_data, judged
):
    found = confidence_of(judged, evidence_data, assess_data)
    assert found.level == "high", [
        (each.name, each.level, each.reason) for each in found.components
    ]


def one_group(evidence, section):
    for source in evidence["sources"]:
        source["group"] = "one-journalist"
    evidence["group_names"] = {"one-journalist": "one journalist"}


def weak_outlets(evidence, section):
    for outlet in evidence["outlets"]:
        outlet["reliability"]["grade"] = "E"


def unsupported(evidence, section):
    section["assumptions"][0]["support"] = ""


def unrated_rivals(evidence, section):
    for item in evidence["items"][1:]:
        item["ratings"]["coal"]["hides"] = "NA"


def contested(evidence, section):
    evidence["items"] = evidence["items"][:1]
    evidence["items"][0]["ratings"]["coal"] = {"stops": "CC", "hides": "N", "goes_on": "II"}


@pytest.mark.parametrize(
    ("change", "name", "reason"),
    [
        (
            one_group,
            "independent sources",
            "5 of 5 items rest on one source group (one journalist)",
        ),
        (weak_outlets, "independent sources", "0 % of it from outlets graded A or B"),
        (unsupported, "key assumptions", "1 of 1 key assumptions has no support"),
        (unrated_rivals, "rival hypotheses", "all 3 hypotheses are rated on 1 of 5 items"),
        (contested, "independent sources", "as 1.0 independent source groups"),
    ],
)
def test_a_weak_critical_component_makes_it_low_and_is_named(
    evidence_data, assess_data, judged, change, name, reason
):
    change(evidence_data, assess_data)
    found = confidence_of(judged, evidence_data, assess_data)
    assert found.level == "low"
    weak = component(found, name)
    assert (weak.level, weak.is_critical) == ("low", True)
    assert reason in weak.reason
    assert weak.reason in found.reason


def no_assumption(evidence, section):
    section["assumptions"] = []
    section["judgments"][0]["rests_on"] = []


def half_supported(evidence, section):
    section["assumptions"].append(
        {"id": "A2", "text": "No new test.", "if_wrong": "All is open.", "hinges": {"coal": []}}
    )


def two_sources(evidence, section):
    evidence["items"] = evidence["items"][:2]


@pytest.mark.parametrize("change", [no_assumption, half_supported, two_sources])
def test_middling_cases_are_moderate(evidence_data, assess_data, judged, change):
    change(evidence_data, assess_data)
    assert confidence_of(judged, evidence_data, assess_data).level == "moderate"


def test_non_critical_weakness_alone_does_not_cap(evidence_data, assess_data, judged):
    for item in evidence_data["items"]:
        item["claim"]["is_interested"] = "yes"
    found = confidence_of(judged, evidence_data, assess_data)
    assert component(found, "interested sources").level == "low"
    assert found.level == "high"


def test_the_whole_never_exceeds_its_weakest_critical_component(evidence_data, assess_data, judged):
    order = ("low", "moderate", "high")
    for change in (one_group, unsupported, unrated_rivals, half_supported, two_sources, contested):
        evidence, section = deepcopy(evidence_data), deepcopy(assess_data)
        change(evidence, section)
        found = confidence_of(judged, evidence, section)
        weakest = min(order.index(each.level) for each in found.components if each.is_critical)
        assert order.index(found.level) <= weakest


def test_a_person_may_lower_with_a_reason(evidence_data, assess_data, judged):
    cap = {"level": "low", "by": "B. Editor", "reason": "the record was revised twice"}
    assess_data["judgments"][0]["confidence_at_most"] = cap
    found = confidence_of(judged, evidence_data, assess_data)
    assert (found.level, found.lowered_by) == ("low", "B. Editor")
    assert found.reason == "lowered by B. Editor, the record was revised twice; computed high"


def test_a_person_can_never_raise(evidence_data, assess_data, judged):
    unsupported(evidence_data, assess_data)
    cap = {"level": "moderate", "by": "B. Editor", "reason": "optimism"}
    assess_data["judgments"][0]["confidence_at_most"] = cap
    found = confidence_of(judged, evidence_data, assess_data)
    assert (found.level, found.lowered_by) == ("low", "")


def test_an_item_whose_loss_moves_the_word_far_is_named(evidence_data, assess_data, judged):
    evidence_data["items"] = evidence_data["items"][:1]
    evidence_data["items"][0]["ratings"]["coal"] = {"stops": "CC", "hides": "CC", "goes_on": "II"}
    for hypothesis, prior in zip(
        evidence_data["sets"][0]["hypotheses"], ([0.1, 0.2], [0.1, 0.2], [0.6, 0.8]), strict=True
    ):
        hypothesis["prior"] = prior
    weak = component(confidence_of(judged, evidence_data, assess_data), "robustness")
    assert weak.level == "low"
    assert "if “Observation 1 about coal” is wrong" in weak.reason
