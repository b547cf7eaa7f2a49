"""Likelihood words of ICD 203 and PHIA, and the sentence that carries them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.assess import scale, word
from tumen.assess.words import likelihood_sentence
from tumen.core.errors import DataError


@pytest.mark.parametrize(
    ("chance", "expected"),
    [
        (0.03, "almost no chance"),
        (0.1, "very unlikely"),
        (0.3, "unlikely"),
        (0.5, "roughly even chance"),
        (0.7, "likely"),
        (0.9, "very likely"),
        (0.97, "almost certain"),
        (0.0, "almost no chance"),
        (1.0, "almost certain"),
    ],
)
def test_icd_203_words(chance, expected):
    assert word(chance, chance) == expected


@pytest.mark.parametrize(
    ("chance", "expected"),
    [
        (0.03, "remote chance"),
        (0.15, "highly unlikely"),
        (0.3, "unlikely"),
        (0.45, "realistic possibility"),
        (0.65, "likely"),
        (0.85, "highly likely"),
        (0.97, "almost certain"),
        # gaps of the yardstick fall to the nearer word
        (0.07, "remote chance"),
        (0.08, "highly unlikely"),
        (0.77, "likely"),
        (0.78, "highly likely"),
    ],
)
def test_phia_words(chance, expected):
    assert word(chance, chance, on=scale("PHIA")) == expected


def test_an_interval_over_two_bands_says_so():
    assert word(0.48, 0.71) == "between roughly even chance and likely"
    assert word(0.1, 0.9) == "between very unlikely and very likely"


def test_an_interval_that_ends_on_an_edge_stays_in_its_band():
    assert word(0.55, 0.80) == "likely"
    assert word(0.80, 0.95) == "very likely"


def test_the_word_fits_the_printed_per_cents():
    assert word(0.5496, 0.701) == "likely"  # prints as 55-70 %


@given(st.floats(0, 1), st.floats(0, 1))
def test_every_interval_has_a_word_of_the_scale(first, second):
    low, high = sorted((first, second))
    for name in ("ICD 203", "PHIA"):
        words = [band.word for band in scale(name).bands]
        said = word(low, high, on=scale(name)).removeprefix("between ").split(" and ")
        assert set(said) <= set(words)
        assert [words.index(each) for each in said] == sorted(words.index(each) for each in said)


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_higher_chance_never_has_a_lower_word(first, second):
    low, high = sorted((first, second))
    for name in ("ICD 203", "PHIA"):
        assert scale(name).place(low) <= scale(name).place(high)


@given(st.floats(0, 1), st.floats(0, 1))
def test_no_sentence_prints_certainty(first, second):
    low, high = sorted((first, second))
    text = likelihood_sentence(statement="coal is sold", word=word(low, high), low=low, high=high)
    assert "(0 %" not in text
    assert "(0-" not in text
    assert "100 %" not in text
    assert text.endswith(".")
    assert text.count(". ") == 0
    assert "onfidence" not in text


def test_unknown_scales_and_upside_down_intervals_are_refused():
    with pytest.raises(DataError, match="did you mean PHIA"):
        scale("PHI")
    with pytest.raises(DataError, match="no interval"):
        word(0.7, 0.3)
