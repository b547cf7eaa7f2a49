"""Files of strangers: whatever stands in them, a reader answers with flows or with a DataError."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tumen import trade
from tumen.core.errors import DataError
from tumen.core.finding import Input
from tumen.trade.facts import parse_facts

INPUT = Input(id="trade.law", sha256="0" * 64)
RECORD = {
    "period": "2017", "reporterISO": "CHN", "flowCode": "M", "partnerISO": "PRK",
    "cmdCode": "270111", "primaryValue": 1.0, "netWgt": 1.0, "motCode": 0, "customsCode": "C00",
    "partner2Code": 0, "classificationCode": "H5",
}  # fmt: skip
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=5,
)
BACI = "t,i,j,k,v,q\n2016,408,156,270111,1.5,2\n2016,408,842,260700,1.5,NA\n"
FACTS = (
    "target,period,partner,flow,product,value,unit,series,basis,claimant,status,published,"
    "precision,source,note\nPRK,2016,CHN,total,,5510,MUSD,ITC,recorded,,read,2017-04-30,,page,\n"
)
ICIO = (
    "V1,CHN_B05,PRK_B05,CHN_HFCE,PRK_HFCE,OUT\nCHN_B05,1,2,3,4,10\nPRK_B05,5,0,1,2,8\n"
    "VA,4,6,0,0,0\n"
)
few = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@st.composite
def mutated(draw: st.DrawFn, text: str) -> bytes:
    """The text with a few bytes replaced, removed or put in."""
    content = bytearray(text.encode())
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, max(0, len(content) - 1)))
        kind = draw(st.sampled_from(("replace", "remove", "insert", "cut")))
        if kind == "replace" and content:
            content[place] = draw(st.integers(0, 255))
        elif kind == "remove":
            del content[place : place + draw(st.integers(1, 9))]
        elif kind == "insert":
            content[place:place] = draw(st.binary(max_size=6))
        else:
            del content[place:]
    return bytes(content)


def answer(read: Callable[[], Any]) -> Any:
    """What a reader gives back, or the error it raises on purpose."""
    try:
        return read()
    except DataError as error:
        return error


@few
@given(st.dictionaries(st.sampled_from(sorted(RECORD)), plain, max_size=3))
def test_a_comtrade_record_of_any_kind(tmp_path: Path, changes: dict[str, object]) -> None:
    path = tmp_path / "answer.json"
    path.write_text(json.dumps({"data": [RECORD | changes]}), encoding="utf-8")
    found = answer(lambda: trade.read_comtrade(path))
    assert isinstance(found, DataError) or len(found) <= 1


@few
@given(mutated(json.dumps({"data": [RECORD]})))
def test_a_mutated_comtrade_answer(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "answer.json"
    path.write_bytes(content)
    found = answer(lambda: trade.read_comtrade(path))
    assert isinstance(found, (DataError, trade.Flows))


@few
@given(mutated(BACI))
def test_a_mutated_baci_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "BACI_HS92_Y2016_V202401b.csv"
    path.write_bytes(content)
    found = answer(lambda: trade.read_baci(path))
    if isinstance(found, DataError):
        assert str(path) in str(found)
    else:
        assert set(found.period.present()) <= {"2016"}


@few
@given(mutated(ICIO))
def test_a_mutated_table(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "2020_SML.csv"
    path.write_bytes(content)
    found = answer(lambda: trade.read_icio(path))
    assert isinstance(found, DataError) or max(found.gaps().values()) <= 1e-9


@few
@given(mutated(FACTS))
def test_a_mutated_fact_table(content: bytes) -> None:
    text = content.decode("utf-8", errors="replace")
    found = answer(lambda: parse_facts(text, name="facts.csv", target="PRK", input=INPUT))
    if isinstance(found, DataError):
        assert "facts.csv" in str(found)
    else:
        assert len(found) <= 2


def test_a_deeply_nested_answer_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    path.write_text('{"data": ' + "[" * 200_000, encoding="utf-8")
    with pytest.raises(DataError):
        trade.read_comtrade(path)
