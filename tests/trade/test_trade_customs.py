"""A country's customs table: any columns, words and numbers, every mistake at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen import trade
from tumen.core.errors import CaseError, DataError
from tumen.trade import CustomsLayout, Flows

HEADS = {"partner": "Origin", "product": "HS", "period": "Month", "value": "USD"}
IMPORTS: dict[str, Any] = {
    "reporter": "CHN",
    "vintage": "HS2017",
    "columns": {**HEADS, "quantity": "Qty", "unit": "Unit"},
    "always": {"flow": "imports"},
    "product_digits": 8,
    "countries": {"D.P.R. Korea": "PRK"},
    "left_out": ["World"],
    "units": {"Pieces": ""},
}
TABLE = """Month,Origin,HS,Qty,Unit,USD
201707,D.P.R. Korea,27011100,1500000,kg,150000
201708,D.P.R. Korea,27011100,,kg,138134
2017-08,Mongolia,27011210,3,t,400
2017/08,mng,03061490,7,Pieces,12.5
201708,World,27011100,9,kg,99
"""


def layout(**changes: Any) -> CustomsLayout:
    return CustomsLayout.model_validate({**IMPORTS, **changes})


def read(folder: Path, text: str = TABLE, written: str = "utf-8", **changes: Any) -> Flows:
    path = folder / "customs.csv"
    path.write_bytes(text.encode(written))
    return trade.read_customs(path, layout(**changes))


def told(folder: Path, text: str, **changes: Any) -> list[str]:
    with pytest.raises(DataError) as caught:
        read(folder, text, **changes)
    return [
        f"{problem.where.removeprefix(str(folder))}: {problem.what}"
        for problem in caught.value.problems
    ]


def test_a_table_becomes_flows_in_dollars_with_their_units(tmp_path: Path) -> None:
    flows = read(tmp_path)
    rows = [
        (r.exporter, r.importer, r.product, r.period, r.value_usd, r.quantity, r.unit)
        for r in flows.rows()
    ]
    assert rows == [
        ("PRK", "CHN", "270111", "2017-07", 150000.0, 1500000.0, "kg"),
        ("PRK", "CHN", "270111", "2017-08", 138134.0, None, "kg"),
        ("MNG", "CHN", "270112", "2017-08", 400.0, 3.0, "t"),
        ("MNG", "CHN", "030614", "2017-08", 12.5, None, "kg"),
    ]
    assert flows.where(product="2701", period="2017-07").tonnes() == 1500.0
    tonnes = flows.in_tonnes()
    assert tonnes.unit.present() == ("t",)
    sums = tonnes.by("exporter")
    assert (sums.keys, sums.quantity.tolist()) == ((("MNG",), ("PRK",)), [3.0, 1500.0])
    assert flows.reporter.present() == ("CHN",)
    assert any("“World” is no country: 1 row." in note for note in flows.caveats)


def test_a_korean_table_in_thousands_with_a_flow_column(tmp_path: Path) -> None:
    text = '제목\n\n수출입,국가,품목,연월,금액\n수입,중국,2601110000,2017.01,"1,234.5"\n'
    text += "수출,중국,303140000,2017.01,10\n"
    flows = read(
        tmp_path,
        text,
        "cp949",
        reporter="KOR",
        columns={
            "flow": "수출입", "partner": "국가", "product": "품목", "period": "연월",
            "value": "금액",
        },
        always={},
        import_words=["수입"],
        export_words=["수출"],
        countries={"중국": "CHN"},
        product_digits=10,
        value_unit="kUSD",
        thousands=",",
        encoding="cp949",
        head=3,
    )  # fmt: skip
    assert [(r.exporter, r.importer, r.product, r.value_usd) for r in flows.rows()] == [
        ("CHN", "KOR", "260111", 1234500.0),
        ("KOR", "CHN", "030314", 10000.0),
    ]


def test_decimal_commas_and_semicolons(tmp_path: Path) -> None:
    text = "Month;Origin;HS;USD\n201708;PRK;27011100;1.234,5\n"
    flows = read(tmp_path, text, columns=HEADS, delimiter=";", decimal=",", thousands=".", units={})
    assert flows.total() == 1234.5


def test_every_problem_is_told_at_once_with_line_and_column(tmp_path: Path) -> None:
    text = (
        "Month,Origin,HS,Qty,Unit,USD\n"
        "201713,Korea DPR,2701,x,stones,-5\n"
        "201708,D.P.R. Korea,27011100,1,kg,many\n"
        "201708\n"
        "201708,Korea DPR,27011100,1,kg,1\n"
        "201708,China,27011100,1,kg,nan\n"
    )
    assert told(tmp_path, text) == [
        "/customs.csv:2: Origin: 'Korea DPR' is no country",
        "/customs.csv:2: HS: '2701' is no code of 8 digits",
        "/customs.csv:2: Month: '2017-13' is no period",
        "/customs.csv:2: Unit: 'stones' is no unit",
        "/customs.csv:2: USD: '-5' is negative or no amount of trade",
        "/customs.csv:2: Qty: 'x' is no number",
        "/customs.csv:3: USD: 'many' is no number",
        "/customs.csv:4: the row has 1 cells, 6 are needed",
        "/customs.csv:6: Origin: 'China' is the reporter itself",
        "/customs.csv:6: USD: 'nan' is no number",
        "/customs.csv: 'Korea DPR' stands in 2 rows (partner)",
    ]


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("138134,5", {"thousands": ","}),
        ("13,81,34", {"thousands": ","}),
        ("1,2345", {"thousands": ","}),
        ("1.234", {"decimal": ",", "thousands": ""}),
        ("1_000", {}),
        ("\u0661\u0662\u0663", {}),
        ("inf", {}),
    ],
)
def test_a_number_written_in_another_way_is_not_guessed(
    tmp_path: Path, cell: str, written: dict[str, Any]
) -> None:
    text = f"Month;Origin;HS;USD\n201708;PRK;27011100;{cell}\n"
    found = told(tmp_path, text, columns=HEADS, delimiter=";", units={}, **written)
    assert found == [f"/customs.csv:2: USD: '{cell}' is no number"]


@pytest.mark.parametrize(
    ("cell", "written", "value"),
    [
        ("1,234,567.5", {"thousands": ","}, 1_234_567.5),
        ("1234567", {"thousands": ","}, 1_234_567.0),
        ("1 234,5", {"thousands": " ", "decimal": ","}, 1234.5),
        ("1.38134E+08", {}, 138_134_000.0),
        (".5", {}, 0.5),
    ],
)
def test_a_number_is_read_as_the_layout_writes_it(
    tmp_path: Path, cell: str, written: dict[str, Any], value: float
) -> None:
    text = f"Month;Origin;HS;USD\n201708;PRK;27011100;{cell}\n"
    flows = read(tmp_path, text, columns=HEADS, delimiter=";", units={}, **written)
    assert flows.total() == value


def test_cells_beyond_the_heads_are_refused(tmp_path: Path) -> None:
    """138,134,000 without quotes is three cells: 138 is no answer."""
    text = "Month,Origin,HS,USD\n201708,PRK,27011100,138,134,000\n201708,PRK,27011100,5,,\n"
    assert told(tmp_path, text, columns=HEADS, units={}) == [
        "/customs.csv:2: the row has 6 cells under 4 heads",
    ]


def test_problems_without_number_are_counted(tmp_path: Path) -> None:
    rows = "".join(f"201708,PRK,27011100,1,kg,x{n}\n" for n in range(1000))
    found = told(tmp_path, "Month,Origin,HS,Qty,Unit,USD\n" + rows)
    assert len(found) == 101
    assert found[-1].endswith("... and 900 more problems")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file ends before its heads"),
        ("Month,Origin,HS,Qty,Unit\n", "there is no column 'USD' for the value"),
        ("Month,Origin,HS,Qty,Unit,USD,USD\n", "column 'USD' stands 2 times"),
        ("a" * 200_000, "this is no CSV"),
    ],
)
def test_a_table_without_its_heads_is_refused(tmp_path: Path, text: str, message: str) -> None:
    assert message in "\n".join(told(tmp_path, text))


def test_another_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "customs.csv"
    path.write_bytes(TABLE.replace("Mongolia", "蒙古").encode("gb18030"))
    with pytest.raises(DataError, match="the file is not utf-8"):
        trade.read_customs(path, layout())
    known = layout(encoding="gb18030", countries={"D.P.R. Korea": "PRK", "蒙古": "MNG"})
    assert trade.read_customs(path, known).exporter.present() == ("MNG", "PRK")


def test_a_missing_row_is_unknown_unless_the_table_is_complete(tmp_path: Path) -> None:
    ask = {"importer": "CHN", "product": "270111", "period": "2017-08"}
    assert read(tmp_path).recorded(exporter="RUS", **ask) is None
    whole = read(tmp_path, is_complete=True)
    assert whole.recorded(exporter="RUS", **ask) == 0.0
    assert (
        whole.recorded(exporter="RUS", importer="PRK", product="270111", period="2017-08") is None
    )
    assert (
        whole.recorded(exporter="CHN", importer="RUS", product="270111", period="2017-08") is None
    )


def test_a_table_counts_from_its_own_reporters_release(tmp_path: Path) -> None:
    """China prints August 2017 on 26 September, the United States a month earlier or later."""
    whole = read(tmp_path, is_complete=True)
    ask = {"importer": "CHN", "product": "270111", "period": "2017-08"}
    early, late = whole.cut(date(2017, 9, 25)), whole.cut(date(2017, 9, 26))
    assert early.recorded(exporter="KOR", **ask) is None  # Korea had printed it on 20 September
    assert late.recorded(exporter="KOR", **ask) == 0.0
    assert late.recorded(exporter="PRK", **ask) == 138134.0
    assert early.recorded(exporter="PRK", **ask) is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ("reporter: CHI", "layout.yaml:1: reporter: 'CHI' is no country code"),
        ("vintage: HS2018", "layout.yaml:2: vintage: 'HS2018' is no HS revision"),
        ("units: {kilo: kgs}", "units: 'kgs' is no unit of mass or volume"),
        ("always: {}", "'flow' has no column"),
        ("always: {flow: imports, value: '3'}", "'value' stands in columns and in always"),
        ("thousands: .", "parts decimals and thousands"),
        ("product_digits: 7", "multiple of 2"),
        ("collumns: {}", "did you mean columns?"),
    ],
)
def test_a_wrong_layout_names_file_line_and_field(
    tmp_path: Path, changes: str, message: str
) -> None:
    lines = {
        "reporter": "reporter: CHN",
        "vintage": "vintage: HS17",
        "columns": "columns: {partner: Origin, product: HS, period: Month, value: USD}",
        "always": "always: {flow: imports}",
        "product_digits": "product_digits: 8",
    }
    key = changes.partition(":")[0]
    lines[key] = changes
    path = tmp_path / "layout.yaml"
    path.write_text("\n".join(lines.values()), encoding="utf-8")
    with pytest.raises(CaseError) as caught:
        trade.read_customs(tmp_path / "customs.csv", path)
    assert message in str(caught.value)


PARTNERS = st.sampled_from(["PRK", "RUS", "MNG", "USA"])
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["201612", "201701", "201702"]),
        PARTNERS,
        st.sampled_from(["27011100", "26011110", "03061490"]),
        st.floats(0, 1e9, allow_nan=False).map(lambda value: round(value, 2)),
    ),
    max_size=30,
)


@given(rows=ROWS)
def test_no_dollar_is_lost_and_order_is_irrelevant(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str, float]]
) -> None:
    folder = tmp_path_factory.mktemp("customs")

    def sums(chosen: list[tuple[str, str, str, float]]) -> dict[tuple[str, ...], float]:
        lines = "".join(f"{m},{p},{hs},1,kg,{value!r}\n" for m, p, hs, value in chosen)
        flows = read(folder, "Month,Origin,HS,Qty,Unit,USD\n" + lines)
        return dict(flows.by("exporter", "product", "period").items(unit="USD"))

    forward, backward = sums(rows), sums(rows[::-1])
    assert forward == pytest.approx(backward)
    assert sum(forward.values()) == pytest.approx(sum(row[3] for row in rows))


def test_a_year_and_its_month_are_not_summed(tmp_path: Path) -> None:
    text = TABLE + "2017,D.P.R. Korea,27011100,1,kg,5\n"
    assert told(tmp_path, text) == [
        "/customs.csv: the periods 2017 and 2017-07 overlap: their rows would count twice",
    ]


def test_rows_that_repeat_are_counted_and_told(tmp_path: Path) -> None:
    once = read(tmp_path)
    twice = read(tmp_path, TABLE + "201707,D.P.R. Korea,27011100,1500000,kg,150000\n")
    assert twice.total() == once.total() + 150000
    assert [note for note in twice.caveats if "1 row equal to an earlier one" in note]
    assert not [note for note in once.caveats if "equal to an earlier" in note]


def test_an_amount_beyond_all_trade_is_refused(tmp_path: Path) -> None:
    (problem,) = told(tmp_path, TABLE.replace("138134", "1e308"))
    assert "'1e308' is negative or no amount of trade" in problem
