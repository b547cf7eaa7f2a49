"""What stands where: cites are counted, days are spoken, tables keep what tells rows apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.assess import Assessment
from tumen.brief import Spec, compose
from tumen.brief.annex import annex
from tumen.brief.blocks import Box, Columns, Heading, Paragraph, Picture, Table, plain_text
from tumen.brief.characters import printable
from tumen.brief.front import short_law
from tumen.brief.labels import Labels
from tumen.brief.plain import pictures_of, plain_document, spoken_days, typeset
from tumen.brief.sections import is_pictured, models
from tumen.brief.tables import grid_table, matrix
from tumen.core.errors import DataError
from tumen.core.finding import Cell, Column, Figure, Finding, Grid


def finding(rows: list[tuple[Cell, ...]], *titles: str, **more: object) -> Finding:
    """Return a finding with a table of these columns."""
    columns = tuple(Column(key=f"c{place}", title=title) for place, title in enumerate(titles))
    told = {"id": "regime.x", "sentence": "S.", "grid": Grid(columns=columns, rows=tuple(rows))}
    return Finding.model_validate(told | more)


def test_findings_are_numbered_in_the_order_of_the_story(record: Assessment) -> None:
    labels = Labels.of(record)
    rooms = [one.room for one in labels.findings]
    assert rooms == sorted(rooms, key=["regime", "trade", "monitor", "impact", "strategy"].index)
    assert [labels.refs[one.id].label for one in labels.findings][:2] == ["F1", "F2"]


def test_many_cites_are_counted_in_the_text_and_named_in_the_annex(record: Assessment) -> None:
    labels = Labels.of(record)
    every = [source.id for source in record.sources]
    assert plain_text(labels.cites(every)).endswith("; 6 more)")
    assert "more" not in plain_text(labels.cites(every, most=99))
    assert labels.cites(["no-such-source"]) == ()
    with pytest.raises(DataError, match="is no source"):
        labels.works["no-such-source"]


def test_a_caution_of_three_findings_is_told_once(record: Assessment) -> None:
    findings = tuple(
        one.model_copy(update={"caveats": ("Shared by all.", f"Own {place}.")})
        for place, one in enumerate(record.findings)
    )
    shared = record.model_copy(update={"findings": findings})
    words = " ".join(
        plain_text(block.line)
        for block in annex(shared, Labels.of(shared))
        if isinstance(block, Paragraph)
    )
    assert words.count("Shared by all.") == 1
    assert words.count("C1  Shared by all.") == 1
    assert words.count(" C1.") == len(findings)
    assert "Own 3." in words


def test_page_one_keeps_the_columns_that_tell_rows_apart() -> None:
    law = finding(
        [
            ("coal", "270112", "2017-08-31", "prohibited", None, "S/RES/2371 (2017), paragraph 8"),
            ("shirts", "610910", "2017-08-31", "permitted", None, None),
            ("crabs", "030614", "2017-08-31", "prohibited", "x", "S/RES/2371 (2017), paragraph 9"),
        ],
        "Trade", "HS code", "Day", "UN", "Russia", "Paragraph",
    )  # fmt: skip
    short = short_law(law).grid
    assert short is not None
    assert [column.title for column in short.columns] == ["Trade", "UN", "Paragraph"]
    assert short.rows[0] == ("coal", "prohibited", "2371, para. 8")


def test_a_table_says_its_unit_once_and_drops_what_is_unknown_everywhere(
    record: Assessment,
) -> None:
    labels = Labels.of(record)
    table = grid_table(next(one for one in record.findings if one.id == "trade.coal"), labels)
    assert [head.title for head in table.heads] == ["Year", "Flow", "Recorded trade"]
    assert table.caption.endswith("(million US dollars)")
    assert table.heads[-1].align == "right"


def test_a_line_of_two_points_is_told_and_not_drawn() -> None:
    figure = Figure(kind="series", title="T", x="c0", y="c1")
    rows: list[tuple[Cell, ...]] = [(str(2014 + place), 1.0) for place in range(3)]
    assert is_pictured(finding(rows, "Year", "V", figure=figure, rank=2))
    assert not is_pictured(finding(rows[:2], "Year", "V", figure=figure, rank=2))
    assert not is_pictured(finding(rows, "Year", "V", figure=figure, rank=5))


def test_lesser_charts_stand_in_pairs_and_an_odd_one_takes_the_width(record: Assessment) -> None:
    labels = Labels.of(record)
    box = next(block for block in models(record, labels) if isinstance(block, Box))
    pairs = [block for block in box.blocks if isinstance(block, Columns)]
    assert all(len(one.groups) % 2 == 0 for one in pairs)
    whole = [block for block in box.blocks if isinstance(block, Picture)]
    assert not any(one.is_half for one in whole)
    pictures = pictures_of(plain_document(compose(record)))
    assert {"trade.coal", "strategy.tipping", "brief.judgments"} <= set(pictures)


def test_the_matrix_tints_a_range_by_its_middle_and_says_so(record: Assessment) -> None:
    weighing = record.weighings[0]
    item = weighing.items[0].model_copy(update={"ratings": ("85-95 %", "10-20 %", "45-55 %")})
    ranged = weighing.model_copy(update={"items": (item, *weighing.items[1:])})
    table = matrix(ranged, Labels.of(record))
    row = next(row for row in table.rows if plain_text(row[0].line).startswith("E1 "))
    assert [plain_text(cell.line) for cell in row[2:5]] == ["85–95", "10–20", "45–55"]
    assert [cell.tone for cell in row[2:5]] == ["strong", "firmly-against", "plain"]
    assert "in per cent" in plain_text(table.note)


def test_a_table_refuses_a_row_of_another_width(record: Assessment) -> None:
    table = matrix(record.weighings[0], Labels.of(record))
    with pytest.raises(ValueError, match="a row has"):
        Table(heads=table.heads, rows=(table.rows[0][:-1],), caption="c")


def test_days_are_spoken_in_text_and_nothing_else_is_touched() -> None:
    assert spoken_days("on 2017-08-05, not S/RES/2017-08-05 or 2017-13-40") == (
        "on 5 August 2017, not S/RES/2017-08-05 or 2017-13-40"
    )


@given(st.text(max_size=80))
def test_setting_changes_no_letter(text: str) -> None:
    def bare(one: str) -> str:
        return "".join(char for char in one if char.isalnum())

    assert bare(typeset(text)) == bare(text)


@given(st.text(max_size=80))
def test_printable_text_keeps_its_length_and_is_stable(text: str) -> None:
    once = printable(text)
    assert len(once) == len(text)
    assert printable(once) == once
    assert not any(ord(char) < 32 and char not in "\t\n\r" for char in once)


def test_the_contents_name_every_part_of_the_body(record: Assessment) -> None:
    document = compose(record, spec=Spec())
    parts = [one.text for one in document.body if isinstance(one, Heading) and one.level == 1]
    assert [title for title, _ in document.contents] == parts
    assert parts[0].startswith("Options")
    assert parts[-1] == "References"
