"""Reading YAML: letters stay, lines are known, nothing runs, nothing grows without bound."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from tumen.core import plain, reading
from tumen.core.errors import CaseError, Problem
from tumen.core.fields import CountryCode, Day, ProductCode
from tumen.core.plain import MAX_DEPTH, MOST_PROBLEMS
from tumen.core.reading import MAX_BYTES, parse_yaml, read_yaml, validate
from tumen.core.record import Record

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), max_size=40)
PLAIN = st.recursive(
    TEXT.filter(lambda text: text not in ("", "~", "null")) | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def problems_in(text: str) -> tuple[Problem, ...]:
    try:
        parse_yaml(text, name="x")
    except CaseError as error:
        return error.problems
    return ()


def refused(text: str) -> CaseError:
    with pytest.raises(CaseError) as caught:
        parse_yaml(text, name="case.yaml")
    return caught.value


@given(PLAIN)
def test_every_text_comes_back_as_it_was_written(data: object) -> None:
    assert parse_yaml(json.dumps(data, ensure_ascii=False), name="x").data == data


@given(st.text(max_size=200))
def test_no_text_does_more_than_give_data_or_a_case_error(text: str) -> None:
    assert all(problem.what for problem in problems_in(text))


@given(st.text(st.sampled_from("[]{}:,-?&*!|>'\"%@`#ab \n\t"), max_size=60))
def test_no_mixture_of_signs_does_more_than_give_data_or_a_case_error(text: str) -> None:
    assert all(problem.where.startswith("x") for problem in problems_in(text))


def test_norway_fish_and_switches_stay_words() -> None:
    text = "country: NO\nfish: 0303\non: on\nnumber: 1e3\nday: 2017-08-05\nname: Null"
    assert parse_yaml(text, name="x").data == {
        "country": "NO",
        "fish": "0303",
        "on": "on",
        "number": "1e3",
        "day": "2017-08-05",
        "name": "Null",
    }


@pytest.mark.parametrize("nothing", ["", "~", "null"])
def test_only_three_ways_to_say_nothing(nothing: str) -> None:
    assert parse_yaml(f"a: {nothing}", name="x").data == {"a": None}
    assert parse_yaml(f"a: '{nothing}'", name="x").data == {"a": nothing}


def test_every_node_knows_its_line() -> None:
    document = parse_yaml("a: 1\nb:\n  - c\n  - d:\n      e: 2\n", name="case.yaml")
    assert document.where(("b", 1, "d", "e")) == "case.yaml:5: b.1.d.e"
    assert document.where(("b", 1, "d", "missing")) == "case.yaml:4: b.1.d.missing"
    assert document.where(()) == "case.yaml:1"


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        ("a: !!python/object/apply:os.system [x]", "tag", 1),
        ("a: 1\nb: !!python/name:os.system ''", "tag", 2),
        ("a: !include /etc/passwd", "tag", 1),
        ("a: !!binary aGk=", "tag", 1),
        ("a: &x [1]\nb: *x", "aliases", 2),
        ("a: &a\n  - *a", "aliases", 2),
        ("a: 1\n\nb: 2\na: 3", "stands twice (first on line 1)", 4),
        ("a: 1\n? [b]\n: 2", "a key must be a word", 2),
        ("--- 1\n--- 2", "second document", 2),
        ("a:\n\t- b", "not YAML", 2),
        ("a: b: c", "not YAML", 1),
        ("a: 1\nb: 'open", "not YAML", 2),
        ("a: x\x00y", "U+0000", 1),
        ("a: 1\nb: \x1b[31m", "U+001B", 2),
    ],
)
def test_what_is_not_read_is_named_with_its_line(text: str, what: str, line: int) -> None:
    problem = refused(text).problems[0]
    assert what in problem.what
    assert problem.where == f"case.yaml:{line}"
    assert problem.hint


def test_a_merge_key_is_a_key_like_any_other() -> None:
    assert parse_yaml("<<: {a: 1}\nb: 2", name="x").data == {"<<": {"a": "1"}, "b": "2"}


def test_a_billion_laughs_stay_nine_lines() -> None:
    lines = ["a0: &a0 [lol, lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    error = refused("\n".join(lines))
    assert len(error.problems) == 81
    assert error.problems[-1].where == "case.yaml:10"


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_deep_nesting_is_refused_at_once(opening: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much follows, the parser is asked for no more events than the bound needs."""
    events: list[object] = []
    parse = plain.yaml.parse

    def counted(*given: object, **settings: object) -> Iterator[object]:
        for event in parse(*given, **settings):
            events.append(event)
            yield event

    monkeypatch.setattr(plain.yaml, "parse", counted)
    assert "nested deeper" in str(refused(opening * 200_000))
    assert len(events) < 3 * MAX_DEPTH


def test_nesting_up_to_the_bound_is_read() -> None:
    text = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert parse_yaml(text, name="x").data is not None
    assert "nested deeper" in str(refused(f"[[{text}]]"))


def test_problems_without_number_are_cut() -> None:
    error = refused("\n".join("a: 1" for _ in range(5000)))
    assert len(error.problems) == MOST_PROBLEMS


# ---- files ----


def test_a_file_names_itself(tmp_path: Path) -> None:
    for content, what in [
        (b"\xff\xfe a", "not UTF-8"),
        (b"a" * (MAX_BYTES + 1), "bytes"),
        (b"a: [", "not YAML"),
    ]:
        path = tmp_path / "case.yaml"
        path.write_bytes(content)
        with pytest.raises(CaseError, match=what) as caught:
            read_yaml(path)
        assert str(path) in caught.value.problems[0].where


def test_a_byte_order_mark_is_no_letter(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1")
    assert read_yaml(path).data == {"a": "1"}


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.yaml", tmp_path / ("x" * 5000)):
        with pytest.raises(CaseError):
            read_yaml(path)


# ---- schemas ----


class Inner(Record):
    country: CountryCode
    share: float = Field(default=0.5, ge=0, le=1)


class Outer(Record):
    as_of: Day
    products: tuple[ProductCode, ...] = ()
    inner: Inner | None = None


GOOD = "as_of: 2017-08-05\nproducts: ['2701', '0303']\ninner:\n  country: PRK\n  share: 0.3\n"


def complaints(text: str) -> list[str]:
    with pytest.raises(CaseError) as caught:
        validate(parse_yaml(text, name="case.yaml"), Outer)
    return [str(problem) for problem in caught.value.problems]


def test_a_good_file_passes() -> None:
    outer = validate(parse_yaml(GOOD, name="case.yaml"), Outer)
    assert outer.inner is not None
    assert (outer.inner.country, outer.products) == ("PRK", ("2701", "0303"))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("PRK", "PKR", ["case.yaml:4: inner.country: 'PKR' is no country code", "PRK"]),
        ("as_of", "asof", ["case.yaml:1: asof: 'asof' is no key here", "as_of?"]),
        ("as_of: 2017-08-05\n", "", ["'as_of' is missing"]),
        ("2017-08-05", "2017-02-30", ["case.yaml:1: as_of: '2017-02-30' is no day"]),
        ("2017-08-05", "1501891200", ["case.yaml:1: as_of: '1501891200' is no day"]),
        ("2017-08-05", "20170805", ["case.yaml:1: as_of: '20170805' is no day"]),
        ("'0303'", "303", ["case.yaml:2: products.1: '303' is no HS code", "0303"]),
        ("'0303'", "２７０１", ["case.yaml:2: products.1: '２７０１' is no HS code"]),
        ("0.3", "1.3", ["case.yaml:5: inner.share: '1.3'", "less than or equal to 1"]),
        ("0.3", "nan", ["case.yaml:5: inner.share: 'nan'", "finite"]),
        ("0.3", "much", ["case.yaml:5: inner.share: 'much'", "number"]),
        ("0.3", "~", ["case.yaml:5: inner.share: the value is missing", "write a number"]),
        ("share: 0.3", "share: [0.3]", ["case.yaml:5: inner.share"]),
        (
            "inner:\n",
            "inner: PRK\nx:\n",
            [
                "case.yaml:3: inner: 'PRK' is not a mapping of keys",
                "a mapping of keys",
                "case.yaml:4: x",
            ],
        ),
    ],
)
def test_a_wrong_field_is_named_with_line_and_hint(
    before: str, after: str, expected: list[str]
) -> None:
    found = "\n".join(complaints(GOOD.replace(before, after)))
    for part in expected:
        assert part in found


def test_all_problems_come_at_once() -> None:
    text = GOOD.replace("PRK", "PKR").replace("0.3", "2").replace("'2701'", "x")
    assert len(complaints(text)) == 3


def test_problems_of_a_schema_without_number_are_cut_and_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Only what is shown is explained: the nearest word is not sought for the rest."""
    explained: list[object] = []
    explain = reading._explain

    def counted(item: object, model: type[BaseModel]) -> tuple[str, str]:
        explained.append(item)
        return explain(item, model)

    monkeypatch.setattr(reading, "_explain", counted)
    text = GOOD + "".join(f"unknown{n}: 1\n" for n in range(20_000))
    found = complaints(text)
    assert len(found) == MOST_PROBLEMS + 1
    assert "19,900 more" in found[-1]
    assert len(explained) == MOST_PROBLEMS


def test_an_endless_word_makes_a_short_message() -> None:
    for text in (GOOD + "k" * 100_000 + ": 1\n", GOOD.replace("PRK", "P" * 100_000)):
        assert all(len(line) < 1000 for line in complaints(text))


def test_a_list_where_keys_are_expected_is_one_problem() -> None:
    (problem,) = complaints("- a\n- b\n")
    assert "a mapping of keys is expected" in problem
