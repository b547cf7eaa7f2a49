"""Screening finds who was listed that day, however the name is written."""

from __future__ import annotations

import contextlib
import csv
import json
import math
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tumen.core.errors import CaseError, DataError
from tumen.regime import load
from tumen.regime.screening import (
    Listing,
    NameIndex,
    Party,
    build_index,
    load_index,
    measure,
    parties_of,
    read_list,
    screen,
    screen_csv,
)
from tumen.regime.screening.names import MOST_TOKENS, fold, name_tokens, normal, skeleton
from tumen.regime.screening.similarity import align, token_similarity

MARCH = date(2016, 3, 2)
UN_LISTING = Listing("UNSC", listed=MARCH)
OFAC_LISTING = Listing("OFAC", seen=MARCH)
PARTIES = (
    Party("1", "person", ("Ri Chol Su", "리철수"), ("PRK",), (1959,), (UN_LISTING,)),
    Party("2", "person", ("Mikhail Yur'evich PISKLIN",), ("RUS",), (), (OFAC_LISTING,)),
    Party(
        "3",
        "organization",
        ("Independent Petroleum Company",),
        ("RUS",),
        (),
        (Listing("OFAC", listed=date(2017, 6, 1), delisted=date(2020, 3, 2)),),
    ),
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> NameIndex:
    return build_index(PARTIES, tmp_path_factory.mktemp("screening") / "index")


def found(index: NameIndex, name: str, day: date = date(2018, 1, 1)) -> list[str]:
    return [hit.party.id for hit in screen(name, index=index, as_of=day).hits]


@pytest.mark.parametrize(
    "name",
    [
        "Ri Chol Su",
        "Chol Su RI",
        "Lee Cheol-su",
        "RI CHOLSU",
        "Ri Chol Soo",
        "리철수",
        "Mr. Ri Chol Su",
    ],
)
def test_one_person_is_found_under_many_spellings(index: NameIndex, name: str) -> None:
    assert "1" in found(index, name)


def test_a_name_in_cyrillic_finds_its_latin_listing(index: NameIndex) -> None:
    assert found(index, "Писклин Михаил Юрьевич") == ["2"]


def test_a_party_hits_from_its_listing_to_its_delisting(index: NameIndex) -> None:
    name = "Independent Petroleum Company"
    assert found(index, name, date(2017, 5, 31)) == []
    assert found(index, name, date(2017, 6, 1)) == ["3"]
    assert found(index, name, date(2020, 3, 1)) == ["3"]
    assert found(index, name, date(2020, 3, 2)) == []


def test_an_unknown_listing_day_is_said_and_is_no_hit(index: NameIndex) -> None:
    before = screen("Mikhail Pisklin", index=index, as_of=date(2015, 1, 1))
    assert before.hits == ()
    assert [hit.party.id for hit in before.undated] == ["2"]
    assert any("unknown day" in reason for reason in before.undated[0].reasons)
    assert found(index, "Mikhail Pisklin", date(2016, 3, 2)) == ["2"]


def test_a_conflicting_birth_year_lowers_the_score(index: NameIndex) -> None:
    day = date(2018, 1, 1)
    same = screen("Ri Chol Su", index=index, as_of=day, born=1959).hits[0]
    other = screen("Ri Chol Su", index=index, as_of=day, born=1990, threshold=0.5).hits[0]
    assert same.score > other.score
    assert "birth year differs: 1959" in other.reasons


def test_a_name_without_letters_is_refused(index: NameIndex) -> None:
    with pytest.raises(CaseError, match="no letters"):
        screen("--- !!", index=index, as_of=MARCH)


def test_an_index_never_replaces_a_folder_of_other_things(tmp_path: Path) -> None:
    home, letter = tmp_path / "home", tmp_path / "home" / "letter.txt"
    home.mkdir()
    letter.write_text("dear")
    with pytest.raises(DataError, match="is no screening index and stays"):
        build_index(PARTIES, home)
    assert letter.read_text() == "dear"
    build_index(PARTIES, tmp_path / "lists")
    (tmp_path / "lists" / "notes.txt").write_text("mine")
    with pytest.raises(DataError, match="is no screening index and stays"):
        build_index(PARTIES, tmp_path / "lists")
    assert (tmp_path / "lists" / "notes.txt").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "lists"]


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("meta.json", "gone"),
        ("meta.json", "cut"),
        ("tokens.txt", "gone"),
        ("weight.npy", "gone"),
        ("weight.npy", "cut"),
        ("parties.npy", "cut"),
    ],
)
def test_a_damaged_index_is_refused(tmp_path: Path, name: str, damage: str) -> None:
    folder = tmp_path / "lists"
    build_index(PARTIES, folder)
    if damage == "gone":
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(b"{")
    with pytest.raises(DataError, match=r"the index is damaged|there is no screening index"):
        load_index(folder)


@given(st.text(max_size=60))
@example("QH")
def test_any_text_has_a_normal_form_that_stays(text: str) -> None:
    once = normal(text)
    assert once.isascii()
    assert normal(once) == once
    for token in once.split():
        assert fold(fold(token)) == fold(token)
        assert skeleton(token) == skeleton(fold(token))


@given(st.lists(st.text("abcdefghijklmno", min_size=1, max_size=8), min_size=1, max_size=5))
def test_a_name_is_wholly_like_itself_in_any_order(tokens: list[str]) -> None:
    score = align(tokens, tokens[::-1], lambda _: 1.0).score
    assert score == pytest.approx(1.0)


@given(
    st.text("abcdeghiklmnoprsu", min_size=1, max_size=9),
    st.text("abcdeghiklmnoprsu", min_size=1, max_size=9),
)
@example("ab", "bb")
def test_likeness_of_tokens_lies_between_0_and_1_and_has_no_direction(one: str, other: str) -> None:
    there, back = token_similarity(one, other), token_similarity(other, one)
    assert 0 <= there <= 1
    assert there == back


def test_a_page_is_no_name_and_a_listed_one_of_many_words_does_not_hang(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="too long for a name"):
        screen("A" * 10_000, index=build_index(PARTIES, tmp_path / "a"), as_of=MARCH)
    endless = Party("e", "other", ("리" * 300,), listings=(UN_LISTING,))
    index = build_index([endless, *PARTIES], tmp_path / "b")
    assert "e" in found(index, "리" * 40)
    with pytest.raises(CaseError, match="too long for a name"):
        screen("리" * 41, index=index, as_of=MARCH)


def test_an_index_knows_the_day_of_its_newest_list(tmp_path: Path) -> None:
    assert build_index(PARTIES, tmp_path / "a").newest == MARCH
    assert build_index(parties_of(load("UN-1718")), tmp_path / "b").newest is None


@given(st.text(max_size=80))
def test_no_query_crashes(index: NameIndex, text: str) -> None:
    if 0 < len(name_tokens(text)) <= MOST_TOKENS:
        screen(text, index=index, as_of=MARCH)
    else:
        with pytest.raises(CaseError):
            screen(text, index=index, as_of=MARCH)


def test_a_failed_build_leaves_the_old_index(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    build_index(PARTIES, folder)
    with pytest.raises(DataError, match="no names"):
        build_index([], folder)
    assert load_index(folder).meta["names"] == 4
    assert [path.name for path in tmp_path.iterdir()] == ["index"]


def test_a_missing_index_says_how_to_build_one(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="screen-index"):
        load_index(tmp_path / "none")


UN_XML = """<?xml version="1.0" encoding="UTF-8"?>
<CONSOLIDATED_LIST dateGenerated="2018-10-29T00:00:00">
 <INDIVIDUALS><INDIVIDUAL><DATAID>1</DATAID>
  <FIRST_NAME>RI</FIRST_NAME><SECOND_NAME>WON HO</SECOND_NAME>
  <UN_LIST_TYPE>DPRK</UN_LIST_TYPE><REFERENCE_NUMBER>KPi.033</REFERENCE_NUMBER>
  <LISTED_ON>2016-11-30</LISTED_ON>
  <NATIONALITY><VALUE>Democratic People's Republic of Korea</VALUE></NATIONALITY>
  <INDIVIDUAL_DATE_OF_BIRTH><DATE>1964-07-17</DATE></INDIVIDUAL_DATE_OF_BIRTH>
  <INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Lee Won Ho</ALIAS_NAME></INDIVIDUAL_ALIAS>
 </INDIVIDUAL></INDIVIDUALS>
 <ENTITIES><ENTITY><DATAID>2</DATAID><FIRST_NAME>FOREIGN TRADE BANK</FIRST_NAME>
  <REFERENCE_NUMBER>KPe.047</REFERENCE_NUMBER><LISTED_ON>2017-08-05</LISTED_ON></ENTITY></ENTITIES>
</CONSOLIDATED_LIST>"""

OFAC_XML = """<?xml version="1.0"?><sdnList xmlns="http://tempuri.org/sdnList.xsd">
<publshInformation><Publish_Date>05/03/2024</Publish_Date></publshInformation>
<sdnEntry><uid>22288</uid><lastName>ARDIS-BEARINGS LLC</lastName><sdnType>Entity</sdnType>
<programList><program>NPWMD</program></programList>
<akaList><aka><uid>1</uid><lastName>ARDIS BEARINGS OOO</lastName></aka></akaList>
</sdnEntry></sdnList>"""


def test_the_un_list_is_read_with_listing_days(tmp_path: Path) -> None:
    path = tmp_path / "consolidated.xml"
    path.write_text(UN_XML)
    person, body = read_list(path)
    assert person.names == ("RI WON HO", "Lee Won Ho")
    assert person.countries == ("PRK",)
    assert person.born == (1964,)
    assert person.listings[0].listed == date(2016, 11, 30)
    assert body.listings[0].listed == date(2017, 8, 5)


def test_the_ofac_xml_is_read_with_the_day_of_the_list(tmp_path: Path) -> None:
    path = tmp_path / "sdn.xml"
    path.write_text(OFAC_XML)
    (party,) = read_list(path)
    assert party.names == ("ARDIS-BEARINGS LLC", "ARDIS BEARINGS OOO")
    assert party.listings[0].listed is None
    assert party.listings[0].seen == date(2024, 5, 3)


def test_a_name_with_its_letters_in_brackets_is_found_without_them(tmp_path: Path) -> None:
    path = tmp_path / "consolidated.xml"
    path.write_text(UN_XML.replace("FOREIGN TRADE BANK", "FOREIGN TRADE BANK (FTB)"))
    _, body = read_list(path)
    assert body.names == ("FOREIGN TRADE BANK (FTB)", "FOREIGN TRADE BANK")


@pytest.mark.parametrize(
    "name",
    [
        "FOREIGN TRADE BANK OF DPRK",
        "The Foreign Trade Bank of the Democratic People's Republic of Korea",
        "Foreign Trade Bank, North Korea",
    ],
)
def test_the_country_behind_a_name_does_not_hide_it(tmp_path: Path, name: str) -> None:
    own = build_index(parties_of(load("UN-1718")), tmp_path / "own")
    assert "un.2371.designations.0" in found(own, name)


def test_the_official_csv_without_a_header_is_read(tmp_path: Path) -> None:
    path = tmp_path / "sdn.csv"
    fields = [
        "36",
        "KIM, Tong-chol",
        "individual",
        "DPRK2",
        *["-0-"] * 7,
        "DOB 28 Jan 1966; a.k.a. 'KIM TC'.",
    ]
    path.write_text(",".join(f'"{field}"' for field in fields) + "\n\x1a\n")
    (party,) = read_list(path, seen=date(2024, 5, 3))
    assert party.names == ("Tong-chol KIM", "KIM TC")
    assert party.born == (1966,)


def test_follow_the_money_entities_carry_their_sanctions(tmp_path: Path) -> None:
    path = tmp_path / "entities.ftm.json"
    flat = {
        "id": "s",
        "schema": "Sanction",
        "properties": {
            "entity": ["p"],
            "authority": ["UNSC"],
            "listingDate": ["2016-03-02"],
            "endDate": ["2018-01-01"],
        },
    }
    person = {
        "id": "p",
        "schema": "Person",
        "properties": {"name": ["Jang Song Chol"], "country": ["kp"]},
    }
    path.write_text("\n".join(map(json.dumps, (person, flat))))
    (party,) = read_list(path)
    assert party.countries == ("PRK",)
    assert party.listings == (Listing("UNSC", listed=MARCH, delisted=date(2018, 1, 1)),)


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    "<CONSOLIDATED_LIST>&b;</CONSOLIDATED_LIST>"
)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("bomb.xml", BOMB, "entities or a document type"),
        ("cut.xml", UN_XML[:400], "not XML"),
        ("odd.xml", '<?xml version="1.0" encoding="utf-9"?><sdnList/>', "unknown encoding"),
        ("other.xml", "<feed><entry/></feed>", "neither the UN nor the OFAC"),
        ("bad.json", '{"id": "1"\n', "no JSON"),
        ("list.json", "[1, 2]\n", "no JSON object"),
        ("deep.json", "[" * 100_000 + "\n", "no JSON"),
        ("narrow.csv", "1,2,3\n", "12 are expected"),
        ("names.pdf", "x", "no list format"),
    ],
)
def test_a_list_of_another_form_is_refused_with_its_place(
    tmp_path: Path, name: str, content: str, message: str
) -> None:
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(DataError, match=message) as caught:
        list(read_list(path))
    assert name in str(caught.value)


@given(st.data())
def test_a_damaged_list_is_read_or_refused_but_never_crashes(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    text = data.draw(st.sampled_from([UN_XML, OFAC_XML]))
    place = data.draw(st.integers(0, len(text)))
    path = tmp_path_factory.mktemp("damaged") / "list.xml"
    path.write_text(
        text[:place] + data.draw(st.text(max_size=5)) + text[place + data.draw(st.integers(0, 9)) :]
    )
    with contextlib.suppress(DataError):
        list(read_list(path))


def test_every_line_of_a_batch_comes_back(tmp_path: Path, index: NameIndex) -> None:
    source, out = tmp_path / "names.csv", tmp_path / "screened.csv"
    source.write_text(
        "name,born,as_of\nRi Chol Su,,\nJane Doe,,\n???,,\n"
        "Independent Petroleum Company,,2016-01-01\nX,abc,\n"
    )
    result = screen_csv(source, out, index=index, as_of=date(2018, 1, 1))
    lines = out.read_text().splitlines()
    assert (result.lines, result.hits, result.bad) == (5, 1, 2)
    assert [line.split(",")[0] for line in lines[1:]] == ["2", "3", "4", "5", "6"]
    assert "hit" in lines[1]
    assert "no letters" in lines[3]
    assert "clear" in lines[4]


def test_a_batch_without_names_says_which_columns_it_needs(
    tmp_path: Path, index: NameIndex
) -> None:
    source = tmp_path / "names.csv"
    source.write_text("nmae\nRi\n")
    with pytest.raises(CaseError, match="no column 'name'"):
        screen_csv(source, tmp_path / "out.csv", index=index, as_of=MARCH)


def test_a_bad_cell_of_a_batch_is_named_in_plain_words(tmp_path: Path, index: NameIndex) -> None:
    source, out = tmp_path / "names.csv", tmp_path / "screened.csv"
    source.write_text(
        "name,country,born,as_of\nRi Chol Su,,abc,\nRi Chol Su,,-5,\nRi Chol Su,,99999,\n"
        "Ri Chol Su,RU,,\nRi Chol Su,,,foo\nRi Chol Su,,1970-03-01, 2018-01-01\n"
    )
    result = screen_csv(source, out, index=index, as_of=date(2018, 1, 1))
    problems = [line["problem"] for line in csv.DictReader(out.open())]
    assert result.bad == 5
    assert problems == [
        "'abc' is no year of birth; write a year from 1800 to 2100, or a day",
        "'-5' is no year of birth; write a year from 1800 to 2100, or a day",
        "'99999' is no year of birth; write a year from 1800 to 2100, or a day",
        "'RU' is no country code; write RUS",
        "'foo' is no day; write it as 2017-08-05",
        "",
    ]


def test_a_batch_never_replaces_its_input(tmp_path: Path, index: NameIndex) -> None:
    source = tmp_path / "names.csv"
    source.write_text("name\nRi Chol Su\n")
    with pytest.raises(CaseError, match="would replace the input"):
        screen_csv(source, tmp_path / "." / "names.csv", index=index, as_of=MARCH)
    assert source.read_text() == "name\nRi Chol Su\n"


def test_a_field_without_end_is_refused_and_the_old_output_stays(
    tmp_path: Path, index: NameIndex
) -> None:
    source, out = tmp_path / "names.csv", tmp_path / "out.csv"
    source.write_text('name\n"' + "x" * 200_000)
    out.write_text("old")
    with pytest.raises(DataError, match="this is no csv"):
        screen_csv(source, out, index=index, as_of=MARCH)
    assert out.read_text() == "old"


@pytest.mark.parametrize("threshold", [math.nan, 0.0, -1.0, 1.1])
def test_a_threshold_that_hides_or_hits_all_is_refused(index: NameIndex, threshold: float) -> None:
    with pytest.raises(CaseError, match="is no threshold"):
        screen("Ri Chol Su", index=index, as_of=MARCH, threshold=threshold)


def lists_of(shared: Path) -> list[Party]:
    rows = json.loads((shared / "data/lists/un_1718_2018-10-29.json").read_text())
    un = [
        Party(
            f"UN-{row['ref'].strip()}",
            "person" if row["type"] == "individual" else "organization",
            (row["name"], *row["aliases"]),
            listings=(Listing("UNSC", row["ref"], "DPRK", date.fromisoformat(row["listed_on"])),),
        )
        for row in rows
    ]
    path = shared / "data/lists/ofac_sdn_dprk_2024-05-03.csv"
    return un + list(read_list(path, seen=date(2024, 5, 3)))


@pytest.mark.oracle
@pytest.mark.parametrize("seed", [1, 2])
def test_perturbed_names_of_real_lists_are_found(shared: Path, tmp_path: Path, seed: int) -> None:
    real = build_index(lists_of(shared), tmp_path / "real")
    quality = measure(real, as_of=date(2024, 6, 1), names=500, seed=seed)
    assert quality.false_positive_rate <= 0.01
    assert quality.recall >= 0.92
    assert quality.hard_negative_rate <= 0.15


@pytest.mark.oracle
def test_no_one_hits_before_the_day_of_listing(shared: Path, tmp_path: Path) -> None:
    parties = lists_of(shared)[:155]
    real = build_index(parties, tmp_path / "real")
    for party in parties:
        listed = party.listings[0].listed
        assert listed is not None
        day_before = date.fromordinal(listed.toordinal() - 1)
        assert party.id not in found(real, party.names[0], day_before)
        hits = screen(party.names[0], index=real, as_of=listed, most=50).hits
        assert party.id in [hit.party.id for hit in hits]


def test_the_librarys_own_designations_are_screened(tmp_path: Path) -> None:
    own = build_index(parties_of(load("UN-1718")), tmp_path / "own")
    day = date(2017, 8, 31)
    for name in ("Independent Petroleum Company", "Ardis Bearings", "Foreign Trade Bank"):
        assert found(own, name, day), name
    assert found(own, "Ardis Bearings", date(2017, 5, 31)) == []
    gone = screen("Independent Petroleum Company", index=own, as_of=date(2024, 6, 1))
    assert gone.hits == ()
    assert gone.not_listed == 1


def test_no_cell_of_a_batch_starts_a_formula(tmp_path: Path, index: NameIndex) -> None:
    source, out = tmp_path / "names.csv", tmp_path / "out.csv"
    source.write_text("name\n=cmd|calc\n-2+3\n")
    screen_csv(source, out, index=index, as_of=MARCH)
    lines = out.read_text().splitlines()[1:]
    assert [line.split(",")[1] for line in lines] == ["'=cmd|calc", "'-2+3"]
