"""What a section refuses, with file and line, and what it lets in."""

from __future__ import annotations

from datetime import date

import pytest
import yaml

from tumen.core.errors import CaseError
from tumen.core.reading import parse_yaml, validate
from tumen.evidence import Spec, complete, find, weigh

AS_OF = date(2017, 8, 31)


def read(section, folder, *, as_of=AS_OF):
    text = yaml.safe_dump({"evidence": section}, sort_keys=False, allow_unicode=True)
    document = parse_yaml(text, name="case.yaml")
    spec = validate(document, Spec, at=("evidence",))
    return complete(spec, folder=folder, as_of=as_of, document=document)


def problems(section, folder, **settings):
    with pytest.raises(CaseError) as caught:
        read(section, folder, **settings)
    return [str(problem) for problem in caught.value.problems]


def test_a_sound_section_is_read(section, tmp_path):
    assert len(read(section, tmp_path).sources) == 2


def test_a_source_from_after_the_as_of_date_is_refused_with_line_and_both_dates(section, tmp_path):
    (said,) = problems(section, tmp_path, as_of=date(2017, 8, 1))
    assert said.startswith("case.yaml:")
    assert "evidence.sources.1.issued" in said
    assert "2017-08-14" in said
    assert "2017-08-01" in said


def test_weighing_itself_refuses_a_later_source(section):
    with pytest.raises(CaseError, match="after the as-of date 2017-08-01"):
        weigh(Spec.model_validate(section), "coal", as_of=date(2017, 8, 1), seed=1)
    with pytest.raises(CaseError, match="after the as-of date 2017-08-01"):
        find(Spec.model_validate(section), as_of=date(2017, 8, 1), seed=1)


@pytest.mark.parametrize(("precision", "last"), [("month", "2017-08-31"), ("year", "2017-12-31")])
def test_an_unknown_day_counts_as_the_last_one(section, tmp_path, precision, last):
    section["sources"][1] |= {"issued": "2017-08-14", "precision": precision}
    (said,) = problems(section, tmp_path, as_of=date(2017, 8, 20))
    assert last in said


def test_a_later_vintage_is_let_in_by_its_first_release_and_prints_a_caveat(section, tmp_path):
    section["sources"][0] |= {"issued": "2024-01-30", "first_released": "2017-07-23"}
    spec = read(section, tmp_path)
    caveats = next(f for f in find(spec, as_of=AS_OF, seed=1) if f.id == "evidence.sources").caveats
    assert any("vintage of 2024-01-30" in each and "2017-07-23" in each for each in caveats)


def test_a_later_first_release_is_refused(section, tmp_path):
    section["sources"][0] |= {"issued": "2024-01-30", "first_released": "2017-09-23"}
    (said,) = problems(section, tmp_path)
    assert "2017-09-23" in said


def test_sources_may_lie_in_a_file_and_their_problems_name_its_lines(section, tmp_path):
    (tmp_path / "sources").mkdir()
    path = tmp_path / "sources" / "sources.yaml"
    path.write_text(yaml.safe_dump({"sources": section.pop("sources")}), encoding="utf-8")
    section["sources_file"] = "sources/sources.yaml"
    assert len(read(section, tmp_path).sources) == 2
    (said,) = problems(section, tmp_path, as_of=date(2017, 8, 1))
    assert f"{path}:" in said
    assert "sources.1.issued" in said


@pytest.mark.parametrize("name", ["../outside.yaml", "/etc/passwd", "sources/../../outside.yaml"])
def test_a_sources_file_outside_the_case_is_refused(section, tmp_path, name):
    folder = tmp_path / "case"
    folder.mkdir()
    (tmp_path / "outside.yaml").write_text("sources: []")
    section["sources_file"] = name
    (said,) = problems(section, folder)
    assert "outside the case's folder" in said


def test_a_link_that_leads_out_of_the_case_is_refused(section, tmp_path):
    folder = tmp_path / "case"
    folder.mkdir()
    (tmp_path / "outside.yaml").write_text("sources: []")
    (folder / "inside.yaml").symlink_to(tmp_path / "outside.yaml")
    section["sources_file"] = "inside.yaml"
    (said,) = problems(section, folder)
    assert "outside the case's folder" in said


def test_all_unknown_names_are_told_at_once_with_the_nearest_word(section, tmp_path):
    section["items"][0]["sources"] = ["s11"]
    section["items"][1]["ratings"]["cole"] = {"stops": "C"}
    section["sources"][1]["outlet"] = "wires"
    section["outlets"][0]["stake"] = {"coal": {"stop": "0.8"}}
    section["outlets"][1]["country"] = "PKR"
    said = problems(section, tmp_path)
    assert len(said) == 5
    assert any("'s11' is no source" in each and "s1" in each for each in said)
    assert any("'cole' is no set" in each and "did you mean coal" in each for each in said)
    assert any("'wires' is no outlet" in each and "did you mean wire" in each for each in said)
    assert any("'stop' is no hypothesis" in each and "stops" in each for each in said)
    assert any("'PKR' is no country code" in each and "PRK" in each for each in said)


def test_every_hypothesis_must_be_rated(section, tmp_path):
    del section["items"][0]["ratings"]["coal"]["goes_on"]
    (said,) = problems(section, tmp_path)
    assert "no rating for goes_on" in said


def test_copies_must_be_rated_alike_and_share_a_group(section, tmp_path):
    for item in section["items"]:
        item["origin"] = "dispatch"
    said = problems(section, tmp_path)
    assert any("rated differently" in each for each in said)
    assert any("stand in different groups" in each for each in said)


def test_an_item_of_two_groups_must_name_its_own(section, tmp_path):
    section["items"][0]["sources"] = ["s1", "s2"]
    (said,) = problems(section, tmp_path)
    assert "customs, wire" in said
    section["items"][0]["group"] = "customs"
    assert read(section, tmp_path)


def test_a_corroborator_counts_once(section, tmp_path):
    section["items"][0] |= {"credibility": "1", "confirmed_by": ["s2"]}
    (said,) = problems(section, tmp_path)
    assert "which the matrix already counts" in said


def test_an_indicator_that_was_due_is_no_open_indicator(section, tmp_path):
    section["indicators"][0]["due"] = "2017-08-30"
    (said,) = problems(section, tmp_path)
    assert "was due on 2017-08-30" in said


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (("items", 0, "ratings", "coal", "stops"), "VC", "'VC' is no likelihood"),
        (("items", 0, "ratings", "coal", "stops"), "1.7", "no probability"),
        (("items", 0, "ratings", "coal", "stops"), ["0.8", "0.2"], "upside down"),
        (("items", 0, "ratings", "coal", "stops"), ["0.1", "0.2", "0.3"], "no probability"),
        (("items", 0, "because"), "", "gives no reason for coal.goes_on, coal.stops"),
        (("items", 0, "sources"), [], "rests on nothing"),
        (("items", 0, "credibility"), "1", "nothing confirms it"),
        (("items", 0, "credibility"), "7", "not one of the valid words"),
        (("items", 0, "kind"), "model", "name its finding"),
        (("sets", 0, "hypotheses", 0, "prior"), "0.7", "1 must lie within"),
        (("sets", 0, "hypotheses", 0, "id"), "goes_on", "names a hypothesis twice"),
        (("outlets", 0, "reliability", "grade"), "G", "not one of the valid words"),
        (("sources", 0, "issued"), "2017-02-30", "is no day"),
        (("sources", 0, "issued"), "1501891200", "'1501891200' is no day"),
        (("sources", 0, "issued"), "20170805", "'20170805' is no day"),
        (("sources", 0, "accessed"), "1501891200", "'1501891200' is no day"),
        (("sources", 0, "first_released"), "1501891200", "'1501891200' is no day"),
        (("outlets", 0, "reliability", "on"), "1501891200", "'1501891200' is no day"),
        (("sources", 0, "outlett"), "x", "'outlett' is no key here"),
        (("draws",), "1000000", "less than or equal"),
        (("likelihoods",), {"XX": "0.5"}, "XX"),
    ],
)
def test_broken_values_are_refused_with_their_line(section, tmp_path, path, value, expected):
    node = section
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    said = "\n".join(problems(section, tmp_path))
    assert expected in said
    assert "case.yaml:" in said


def test_a_single_hypothesis_is_no_set(section, tmp_path):
    section["sets"][0]["hypotheses"] = section["sets"][0]["hypotheses"][:1]
    assert problems(section, tmp_path)
