"""An editor's questions, one by one, and silence where there is nothing to ask."""

from __future__ import annotations

from time import process_time

import pytest

from tumen.evidence import lint

BIBLIOGRAPHY = (
    '\n\nReferences\n\nLee, Ann. (2018) "China Agrees to Talks", The Daily Paper, 5 October.\n'
)


LONG = 200_000


@pytest.mark.parametrize("sign", ["A", "a-", " ", "\t ", "\n", "\r\n", "(", '"', "1,", "[]("])
def test_a_long_run_of_one_sign_is_read_in_linear_time(sign):
    """Written to hang a pattern: each took minutes while its work grew with the square."""
    started = process_time()
    lint(sign * (LONG // len(sign)) + "x")
    assert process_time() - started < 40


def kinds(text):
    return {remark.kind for remark in lint(text)}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Talks stall (Kim 2018)." + BIBLIOGRAPHY, "orphan_citation"),
        ("Talks stall." + BIBLIOGRAPHY, "orphan_reference"),
        (
            "On 9 October the two signed it (Lee 2018)." + BIBLIOGRAPHY,
            "source_predates_event",
        ),
        ("One senior official said that talks stall.", "unnamed_speaker"),
        ("Relations have cooled recently.", "undated_recent"),
        ("She said that they don't have proof of that.", "speaker_denies_proof"),
        ("The vote was [hailed](#) by all.", "dead_link"),
        (
            "It is assessed with high confidence that talks will likely fail.",
            "likelihood_and_confidence_together",
        ),
        ("It is assessed with high confidence that talks will fail.", "no_likelihood_word"),
        ("It is assessed with low confidence that talks will fail.", "no_rival_hypothesis"),
    ],
)
def test_a_question_is_asked(text, kind):
    assert kind in kinds(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Talks stall (Lee 2018)." + BIBLIOGRAPHY, "orphan_citation"),
        ("Talks stall (Lee 2018)." + BIBLIOGRAPHY, "orphan_reference"),
        ("On 3 October the two met (Lee 2018)." + BIBLIOGRAPHY, "source_predates_event"),
        ("Vasily Kashin, a scholar, said that talks stall.", "unnamed_speaker"),
        ("Relations have cooled recently, since 5 August 2017.", "undated_recent"),
        ("The vote was [hailed](https://un.org/x) by all.", "dead_link"),
        (
            "It is assessed with low confidence that talks fail. Alternatively, they pause.",
            "no_rival_hypothesis",
        ),
    ],
)
def test_no_question_is_asked(text, kind):
    assert kind not in kinds(text)


def test_a_text_without_claims_has_no_remark():
    assert lint("") == ()
    assert lint("China sold coal in 2016.") == ()
