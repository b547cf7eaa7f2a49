"""The view leads back to the raw text; spans survive changes and never a changed number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.evidence.texts import anchor, span, view

texts = st.text(
    alphabet=st.sampled_from("abc XYZ 123 .,\n\n[]()\\$“”’\u00a0\u00ad고병준#-"), max_size=120
)


@given(texts)
def test_every_character_of_a_view_has_its_place_in_order(raw):
    seen = view(raw)
    assert len(seen.text) == len(seen.starts) == len(seen.ends)
    assert all(start < end for start, end in zip(seen.starts, seen.ends, strict=True))
    assert all(a <= b for a, b in zip(seen.ends, seen.starts[1:], strict=False))
    assert not seen.ends or seen.ends[-1] <= len(raw)


@given(st.text(alphabet="abc XYZ 123.,", max_size=80))
def test_a_plain_text_is_its_own_view(raw):
    assert view(raw).text == raw


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("The vote was [hailed](#) by all", "The vote was hailed by all"),
        ("[a](http://x.y/z) and [b](#)", "a and b"),
        (r"less than \$100", "less than $100"),
        ("economic\n\nrelations", "economic relations"),
        ("An end.\n\nA start", "An end.\n\nA start"),
        ("“quoted” and ’tis\u00a0so", '"quoted" and \'tis so'),
        ("soft\u00adhyphen", "softhyphen"),
        ("an [open bracket (stays", "an [open bracket (stays"),
    ],
)
def test_what_the_view_changes(raw, text):
    assert view(raw).text == text


def test_a_span_of_the_view_quotes_the_raw_text():
    seen = view(r"trade of less than \$100 Million ([marginal](#))")
    start = seen.text.index("$100")
    assert seen.span(start, start + len("$100 Million")).quote == r"\$100 Million"
    start = seen.text.index("marginal")
    assert seen.span(start, start + 8).quote == "marginal"


@given(st.text(max_size=40), st.text(max_size=40), st.integers(0, 30), st.integers(1, 20))
def test_a_span_is_found_again_when_text_is_added_around_it(before, after, start, length):
    raw = "China's imports of coal fell to nil in March 2017, the record says."
    old = span(raw, start, min(start + length, len(raw)))
    new = before + raw + after
    found = anchor(old, new)
    if found is not None:
        assert found.quote == old.quote
    elif new.count(old.quote) == 1:
        raise AssertionError("a quote that stands once must be found")


@pytest.mark.parametrize(
    "new",
    [
        "imports of coal fell to 16.4 Mt",
        "imports of coal fell  to\n17.4 Mt",
        "imports of coal did not fall to 17.4 Mt",
        "imports of coal rose to 17.4 Mt",
    ],
)
def test_a_changed_number_or_a_new_negation_is_never_the_same_span(new):
    raw = "imports of coal fell to 17.4 Mt"
    found = anchor(span(raw, 0, len(raw)), new)
    if "fell  to" in new:
        assert found is not None
        assert "17.4" in found.quote
    else:
        assert found is None


@pytest.mark.parametrize(
    ("old", "new", "quote"),
    [
        ("China’s coal", "In short, China's coal it is", "China's coal"),
        ("maximum  pressure", "of maximum pressure.", "maximum pressure"),
        ("the Kim Regime", "support for the Kim regime", "the Kim regime"),
        ("coal—and iron", "coal-and iron", "coal-and iron"),
    ],
)
def test_spaces_typography_and_capitals_may_change(old, new, quote):
    found = anchor(span(old, 0, len(old)), new)
    assert found is not None
    assert found.quote == quote


def test_of_two_equal_quotes_the_surroundings_decide():
    raw = "Russia sold coal. China sold coal."
    old = span(raw, raw.index("coal. C"), raw.index("coal. C") + 4)
    moved = "In 2016 " + raw
    assert anchor(old, moved).start == moved.index("coal. C")


def test_two_equal_quotes_with_equal_surroundings_are_not_guessed():
    assert anchor(span("x coal x", 2, 6), "y coal y, y coal y") is None
