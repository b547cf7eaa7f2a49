"""Laws of the shared nouns: units, periods, codes, words, records."""

from __future__ import annotations

import contextlib
import json
import math
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tumen.core.countries import country, country_by_iso2, country_hint, country_names
from tumen.core.errors import CaseError, DataError, Problem, raise_all
from tumen.core.nearest import did_you_mean, nearest
from tumen.core.periods import Period, between, day, month, period, year
from tumen.core.products import VINTAGES, holds, product, vintage
from tumen.core.record import Record, canonical_json, sha256_text
from tumen.core.units import UNITS, convert, quantity_text, rounded_text
from tumen.numerics.tolerance import is_close

NUMBERS = st.floats(-1e12, 1e12, allow_nan=False)
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


# ---- units ----


@given(NUMBERS, st.sampled_from(sorted(UNITS)), st.sampled_from(sorted(UNITS)))
def test_a_conversion_there_and_back_changes_nothing(value: float, one: str, two: str) -> None:
    if UNITS[one].dimension != UNITS[two].dimension:
        with pytest.raises(DataError, match="is a unit of"):
            convert(value, from_unit=one, to_unit=two)
        return
    there = convert(value, from_unit=one, to_unit=two)
    assert is_close(convert(there, from_unit=two, to_unit=one), value, "identity")


@pytest.mark.parametrize(
    ("value", "one", "two", "expected"),
    [
        (1, "GUSD", "MUSD", 1000),
        (1, "bbl", "l", 158.987294928),
        (1, "m3", "bbl", 6.28981),
        (1, "kt", "kg", 1e6),
        (50, "percent", "share", 0.5),
        (1, "year", "day", 365.2425),
        (1, "nat", "bit", 1 / math.log(2)),
    ],
)
def test_known_conversions(value: float, one: str, two: str, expected: float) -> None:
    assert convert(value, from_unit=one, to_unit=two) == pytest.approx(expected, rel=1e-6)


@given(NUMBERS, st.integers(1, 6))
def test_a_rounded_number_is_as_near_as_its_digits_allow(value: float, digits: int) -> None:
    shown = float(rounded_text(value, digits).replace(",", ""))
    assert abs(shown - value) <= 0.5001 * 10 ** (_magnitude(value) - digits + 1)


def _magnitude(value: float) -> int:
    return math.floor(math.log10(abs(value))) if abs(value) > 1e-300 else 0


@given(st.sampled_from([math.nan, math.inf, -math.inf]), st.sampled_from(sorted(UNITS)))
def test_a_number_that_is_not_finite_is_never_printed(value: float, unit: str) -> None:
    with pytest.raises(ValueError, match="not finite"):
        quantity_text(value, unit)


@pytest.mark.parametrize(
    ("value", "unit", "digits", "expected"),
    [
        (1182.8, "MUSD", 3, "USD 1,180 million"),
        (0, "MUSD", 3, "USD 0"),
        (-0.0, "share", 2, "0 %"),
        (0.0349, "share", 2, "3.5 %"),
        (999.96, "MUSD", 3, "USD 1,000 million"),
        (25e9, "USD", 2, "USD 25 billion"),
        (22.49, "Mt", 4, "22.49 million tonnes"),
        (5, "month", 1, "5 months"),
        (3, "count", 1, "3"),
    ],
)
def test_how_a_quantity_reads(value: float, unit: str, digits: int, expected: str) -> None:
    assert quantity_text(value, unit, digits=digits) == expected


def test_an_unknown_unit_names_the_nearest() -> None:
    with pytest.raises(DataError, match=r"did you mean.*MUSD"):
        quantity_text(1, "MUSDD")


# ---- periods ----


@given(DAYS, st.integers(1, 800))
def test_a_label_reads_back_as_the_same_period(start: date, days: int) -> None:
    span = Period(start, start + timedelta(days=days))
    assert period(span.label) == span


@given(DAYS, st.integers(1, 800), DAYS, st.integers(1, 800))
def test_overlap_is_mutual_and_no_longer_than_either(
    one: date, one_days: int, two: date, two_days: int
) -> None:
    first = Period(one, one + timedelta(days=one_days))
    second = Period(two, two + timedelta(days=two_days))
    overlap = first.overlap_days(second)
    assert overlap == second.overlap_days(first)
    assert 0 <= overlap <= min(first.days, second.days)
    assert first.overlap_days(first) == first.days


@given(st.integers(1900, 2100))
def test_twelve_months_and_four_quarters_make_a_year(number: int) -> None:
    assert sum(month(m, number).days for m in range(1, 13)) == year(number).days
    assert sum(period(f"{number}-Q{q}").days for q in range(1, 5)) == year(number).days


@pytest.mark.parametrize(
    "text",
    [
        *("", "17", "2017-13", "2017-00", "2017-Q5", "2017-02-30", "2018/2017", "2017/", "/2017"),
        *("9999", "0000", "2017-08-05T00", "２０１７", "2017/2018/2019", "latest", "2017-8"),
    ],
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(DataError):
        period(text)


@given(st.text(max_size=12))
def test_any_text_is_a_period_or_a_data_error(text: str) -> None:
    with contextlib.suppress(DataError):
        assert isinstance(period(text), Period)


@pytest.mark.parametrize("text", ["20170805", "2017-W31-6", "2017-8-5", "5.8.2017", "", " "])
def test_a_day_is_written_in_one_way(text: str) -> None:
    with pytest.raises(DataError, match="write a day as 2017-08-05"):
        day(text)


# ---- codes ----


def test_every_country_has_one_code_of_each_length() -> None:
    names = country_names()
    assert len(names) > 240
    assert all(len(code) == 3 and code.isupper() for code in names)
    assert all(len(code) == 2 for code in country_by_iso2())
    assert len(set(country_by_iso2().values())) == len(country_by_iso2())
    assert len(set(names.values())) == len(names)


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("PKR", "PRK"),
        ("KP", "write PRK"),
        ("China", "write CHN"),
        ("prk", "PRK"),
        ("RUSS", "RUS"),
        ("", "alpha-3"),
    ],
)
def test_a_wrong_country_gets_the_code_that_was_meant(code: str, hint: str) -> None:
    assert hint in country_hint(code)
    with pytest.raises(DataError):
        country(code)


@given(st.text(max_size=8))
def test_a_product_is_two_four_or_six_digits_or_a_data_error(code: str) -> None:
    try:
        product(code)
    except DataError:
        return
    assert code.isascii()
    assert code.isdigit()
    assert len(code) in (2, 4, 6)


@given(st.from_regex(r"[0-9]{6}", fullmatch=True), st.from_regex(r"[0-9]{6}", fullmatch=True))
def test_a_heading_holds_its_subheadings_and_no_others(one: str, two: str) -> None:
    assert holds(one[:4], one)
    assert holds(one[:4], two) == (one[:4] == two[:4])


def test_every_revision_has_its_names() -> None:
    assert {vintage(f"HS{name[4:]}") for name in VINTAGES} == set(VINTAGES)
    with pytest.raises(DataError, match="HS2017"):
        vintage("HS2018")


# ---- words ----


@given(st.text(max_size=20), st.lists(st.text(min_size=1, max_size=10), max_size=10))
def test_the_nearest_words_are_valid_words_and_few(word: str, valid: list[str]) -> None:
    found = nearest(word, valid)
    assert set(found) <= set(valid)
    assert len(found) <= 3
    assert len(set(found)) == len(found)


@given(st.lists(st.from_regex(r"[a-z]{4,8}", fullmatch=True), min_size=1, max_size=8))
def test_a_word_that_is_valid_is_its_own_nearest(valid: list[str]) -> None:
    assert nearest(valid[0].upper(), valid)[0] == valid[0]


def test_an_endless_word_is_compared_with_nothing() -> None:
    assert nearest("x" * 1_000_000, ["x", "y"]) == []
    assert did_you_mean("x" * 1_000_000, ["x", "y"]) == "valid: x, y"


# ---- errors, records ----


def test_an_error_says_what_where_and_what_to_do() -> None:
    error = CaseError("'PKR' is no country code", "case.yaml:3: actors.2", "did you mean PRK?")
    assert str(error) == (
        "case.yaml:3: actors.2: 'PKR' is no country code\n  hint: did you mean PRK?"
    )


def test_all_problems_are_raised_once_and_none_is_no_error() -> None:
    raise_all([], CaseError)
    with pytest.raises(DataError) as caught:
        raise_all((Problem(f"{n}") for n in range(3)), DataError)
    assert [problem.what for problem in caught.value.problems] == ["0", "1", "2"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10) | NUMBERS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=12,
)


@given(JSON)
def test_canonical_json_is_one_text_whatever_the_order_of_keys(value: object) -> None:
    text = canonical_json(value)
    assert json.loads(text) == value
    assert canonical_json(_reversed(value)) == text
    assert len(sha256_text(text)) == 64


def _reversed(value: object) -> object:
    if isinstance(value, dict):
        return {key: _reversed(value[key]) for key in reversed(value)}
    return [_reversed(item) for item in value] if isinstance(value, list) else value


@given(st.sampled_from([math.nan, math.inf]))
def test_canonical_json_has_no_word_for_what_is_not_finite(value: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical_json({"a": value})


class Pair(Record):
    one: float
    two: str = ""


@given(st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=20))
def test_a_record_reads_back_from_its_json(one: float, two: str) -> None:
    assume("\ud800" not in two)
    pair = Pair(one=one, two=two)
    assert Pair.model_validate_json(canonical_json(pair)) == pair


def test_a_record_is_frozen_strict_and_finite() -> None:
    pair = Pair(one=1)
    with pytest.raises(ValueError, match="frozen"):
        pair.one = 2  # type: ignore[misc]
    for wrong in ({"one": 1, "three": 3}, {"one": math.nan}, {"one": "inf"}, {}):
        with pytest.raises(ValueError, match="Pair"):
            Pair.model_validate(wrong)


@pytest.mark.parametrize(
    ("label", "months", "following"),
    [
        ("2016", 12, "2017"),
        ("2016-12", 1, "2017-01"),
        ("2017-01/2017-03", 3, "2017-04/2017-06"),
        ("2016-12-31", 0, "2017-01-01"),
        ("2017-01-30/2017-02-02", 0, "2017-02-03/2017-02-06"),
        ("2016/2017", 24, "2018/2019"),
    ],
)
def test_the_period_after_has_the_same_length(label: str, months: int, following: str) -> None:
    span = period(label)
    assert span.after() == period(following)
    if span.start.day == span.end.day:
        assert span.months == months


def test_between_two_periods_lies_what_both_ends_hold() -> None:
    assert between("2016", "2017-03") == period("2016-01/2017-03")
    assert between(None, "2016") == Period(date.min, date(2017, 1, 1))
    assert between("2016", None) == Period(date(2016, 1, 1), date.max)
    with pytest.raises(DataError, match="2010 ends before 2020 begins"):
        between("2020", "2010")
