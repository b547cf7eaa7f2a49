"""What the room says: partners, series and coverage, with nothing released later."""

from __future__ import annotations

import re
from datetime import date

import pytest

from tumen import trade
from tumen.core.errors import CaseError
from tumen.core.finding import Finding
from tumen.core.reading import parse_yaml, validate
from tumen.trade import Spec

DAY = date(2017, 8, 31)
SECTION = """
series:
- {id: coal, partner: CHN, product: '2701', since: '2010', rank: 0}
- {id: monthly, partner: CHN, product: '2701', frequency: monthly, unit: kt, since: 2016-01}
- {id: to-prk, partner: RUS, flow: imports, product: '2701', since: '2010'}
- {id: total, partner: RUS, flow: total, since: '2012'}
- {id: shirts, partner: CHN, product: '6109', since: '2012'}
events:
- {at: 2017-08-05, label: Resolution 2371}
- {at: 2016-03, label: Resolution 2270}
"""


def findings(as_of: date | None) -> dict[str, Finding]:
    spec = validate(parse_yaml(SECTION, name="case.yaml"), Spec)
    found = trade.find(
        spec, flows=trade.read_sample(), facts=trade.read_facts("PRK"), target="PRK", as_of=as_of
    )
    return {one.id: one for one in found}


@pytest.mark.parametrize("as_of", [DAY, None])
def test_every_finding_is_defensible(as_of: date | None) -> None:
    for one in findings(as_of).values():
        assert one.method
        assert one.caveats
        assert all(len(item.sha256) == 64 for item in one.inputs)


def test_a_series_without_a_value_is_left_out_and_not_drawn_as_zero() -> None:
    assert "trade.series.shirts" not in findings(None)
    assert "trade.series.coal" in findings(None)


def test_on_the_case_day_the_yearly_series_ends_in_2016() -> None:
    one = findings(DAY)["trade.series.coal"]
    assert one.grid is not None
    assert one.grid.column("period")[-1] == "2016"
    assert "USD 1,180 million in 2016" in one.sentence
    assert "hold no later figure that was public by 2017-08-31" in one.sentence
    assert one.figure is not None
    assert [rule.label for rule in one.figure.rules] == ["Resolution 2270"]


def test_the_monthly_series_is_one_line_that_ends_in_july() -> None:
    one = findings(DAY)["trade.series.monthly"]
    assert one.grid is not None
    months = one.grid.column("period")
    assert months == sorted(set(months))  # type: ignore[type-var]
    assert months[-1] == "2017-07"
    assert set(one.grid.column("series")) == {"GAC", "UN 1718"}
    assert one.figure is not None
    assert one.figure.group == ""
    assert any("recalled" in caveat for caveat in one.caveats)


def test_nothing_later_than_the_day_is_said() -> None:
    for one in findings(DAY).values():
        rows = [] if one.grid is None else [str(cell) for row in one.grid.rows for cell in row]
        text = " ".join([one.sentence, *rows])
        assert not re.search(r"\b(2017-(08-[0-2]|09|1)|2018|2019|202\d)\b", text), one.id


def test_the_whole_record_shows_what_no_register_shows_as_a_gap() -> None:
    one = findings(None)["trade.series.to-prk"]
    assert one.grid is not None
    # Russia publishes nothing from 2022 on, the DPRK never did: the series ends in 2021.
    assert one.grid.column("period")[-1] == "2021"
    assert "nothing from 2018 to 2021, on record" in one.sentence


def test_transit_through_rajin_is_not_called_supply() -> None:
    one = findings(None)["trade.series.to-prk"]
    assert any("transit, not supply" in caveat for caveat in one.caveats)
    assert not any("transit" in caveat for caveat in findings(None)["trade.series.coal"].caveats)


def test_china_against_russia() -> None:
    found = findings(DAY)
    assert "China took part in 91.5 %" in found["trade.partners"].sentence
    assert "Russia USD 76 million" in found["trade.partners"].sentence
    assert "China USD 5,510 million in 2016" in found["trade.totals"].sentence


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("series:\n- {id: a, partner: CHM, since: '2010'}\n", "CHN .China"),
        ("series:\n- {id: a, partner: CHN, product: '271', since: '2010'}\n", "is no HS code"),
        ("series:\n- {id: a, partner: CHN, since: 20x0}\n", "is no period"),
        ("series:\n- {id: a, partner: CHN, since: '2018', until: '2016'}\n", "ends in 2016"),
        ("series:\n- {id: a, partner: CHN, since: '2010', unit: MUSS}\n", "not one of"),
        ("serie: []\n", "did you mean series"),
        ("source: store\n", "sample"),
        ("events:\n- {at: soon, label: x}\n", "is no period"),
    ],
)
def test_a_wrong_section_names_line_and_nearest_word(text: str, message: str) -> None:
    with pytest.raises(CaseError, match=message) as caught:
        validate(parse_yaml(text, name="case.yaml"), Spec)
    assert "case.yaml:" in str(caught.value)
