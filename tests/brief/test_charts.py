"""Charts: laws of their parts, every kind at both widths, unknown values, hostile words."""

from __future__ import annotations

import math
import re
from datetime import date
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tumen.assess import Assessment
from tumen.brief import Chart, chart, charts, draw
from tumen.brief.contour import crossings
from tumen.brief.drawing import inert
from tumen.brief.fields import colours_of
from tumen.brief.figures import NARROW, WIDE
from tumen.brief.palette import nice_domain, ticks, wrapped
from tumen.brief.roles import readable
from tumen.brief.series import Plot, event_rules, spread
from tumen.core.errors import DataError
from tumen.core.finding import Column, EventRule, Figure, FigureKind, Finding, Grid

NUMBERS = st.floats(-1e9, 1e9, allow_nan=False)
HOSTILE = "</text><script>alert(1)</script>&\"'<svg onload=x> {datum.a} 평양"


@given(NUMBERS, NUMBERS)
def test_a_nice_domain_holds_its_interval_and_zero(one: float, two: float) -> None:
    low, high = min(one, two), max(one, two)
    assume(high == 0 or low == 0 or high - low > 1e-6 * max(abs(low), abs(high)))
    first, last, step = nice_domain(low, high)
    slack = 1e-6 * step
    assert first <= min(low, 0) + slack
    assert last >= max(high, 0) - slack
    assert 2 <= len(ticks((first, last, step))) <= 9


@given(st.lists(st.tuples(st.floats(0, 200), st.floats(8, 40)), min_size=1, max_size=5))
def test_pushed_apart_labels_do_not_cover_each_other(wanted: list[tuple[float, float]]) -> None:
    ordered = sorted(wanted)
    middles = spread(ordered, 200.0)
    for (one, (_, size)), (two, (_, other)) in zip(
        zip(middles, ordered, strict=True), list(zip(middles, ordered, strict=True))[1:],
        strict=False,
    ):  # fmt: skip
        assert two - one >= (size + other) / 2 - 1e-9
    assert middles[-1] + ordered[-1][1] / 2 <= 208.0 + 1e-9


@given(
    st.lists(
        st.tuples(st.dates(), st.sampled_from(["UN", "Resolution 2321: cap", "A long " * 5])),
        min_size=1,
        max_size=6,
    )
)
def test_words_of_events_never_share_a_place(events) -> None:  # type: ignore[no-untyped-def]
    days = [day for day, _ in events]
    assume(min(days) < max(days))
    plot = Plot(500.0, 200.0, (0.0, 1.0, 0.5), min(days), max(days))
    layers, above = event_rules(
        tuple(EventRule(at=day.isoformat(), label=label) for day, label in events), plot
    )
    boxes = []
    for layer in layers:
        mark = layer["mark"]
        if mark["type"] == "text" and "stroke" not in mark:
            lines = layer["data"]["values"][0]["words"]
            width = max(len(line) for line in lines) * 5.0
            x, top = layer["encoding"]["x"]["value"], layer["encoding"]["y"]["value"]
            left = x - width if mark["align"] == "right" else x
            boxes.append((left, left + width, top, top + 12.0 * len(lines)))
            assert -above - 3 <= top <= 0
    for place, (left, right, top, bottom) in enumerate(boxes):
        for other in boxes[place + 1 :]:
            apart = right <= other[0] or other[1] <= left
            assert apart or bottom <= other[2] + 1 or other[3] <= top + 1


def test_no_line_leads_across_a_period_without_a_value() -> None:
    grid = Grid(
        columns=(Column(key="period", title="Period"), Column(key="value", title="Recorded")),
        rows=(("2017-12", 54.0), ("2018-06", 13.0), ("2018-07", 17.1)),
    )
    figure = Figure(kind="series", title="Purchases fell", x="period", y="value", alt="Purchases")
    spec = Chart("trade.one", figure, grid).spec()
    unknown = [row["at"] for row in spec["data"]["values"] if row["value"] is None]
    assert unknown == ["2018-01-01"]
    (line,) = re.findall(r'd="(M[^"]*)"[^>]*stroke-width="2.2"', draw(spec))
    assert line.count("M") == 2


@pytest.mark.parametrize(
    "days", [("10-20", "12-10"), ("02-10", "02-25"), ("02-10", "06-01", "11-20")]
)
def test_no_line_of_an_event_strikes_the_words_of_another(days: tuple[str, ...]) -> None:
    plot = Plot(220.0, 170.0, (0.0, 1.0, 0.5), date(2016, 1, 1), date(2016, 12, 31))
    layers, _ = event_rules(
        tuple(EventRule(at=f"2016-{day}", label=f"Resolution {day}") for day in days), plot
    )
    lines = [one["encoding"] for one in layers if one["mark"]["type"] == "rule"]
    texts = [one for one in layers if one["mark"]["type"] == "text" and "stroke" not in one["mark"]]
    assert len(lines) == len(texts) == len(days)
    for text in texts:
        x, top = text["encoding"]["x"]["value"], text["encoding"]["y"]["value"]
        way = -1 if text["mark"]["align"] == "right" else 1
        for line in lines:
            inside = 0 < way * (line["x"]["value"] - x) < 60
            assert not (inside and line["y"]["value"] < top)


@given(
    st.lists(st.floats(-5, 5), min_size=9, max_size=9),
    st.floats(-4, 4),
)
def test_the_line_of_a_level_runs_where_the_field_has_the_level(
    values: list[float], level: float
) -> None:
    points = [(float(x), float(y)) for x in range(3) for y in range(3)]
    field = dict(zip(points, values, strict=True))
    assume(all(abs(value - level) > 1e-6 for value in values))
    for x1, y1, x2, y2 in crossings(field, level):
        for x, y in ((x1, y1), (x2, y2)):
            assert x == math.floor(x) or y == math.floor(y)
            left, low = min(math.floor(x), 2), min(math.floor(y), 2)
            right, high = math.ceil(x), math.ceil(y)
            start, end = field[(left, low)], field[(right, high)]
            share = (x - left) + (y - low)
            assert start + share * (end - start) == pytest.approx(level, abs=1e-6)


def test_a_field_on_one_side_of_the_level_has_no_line() -> None:
    assert crossings({(0, 0): 1.0, (1, 0): 2.0, (0, 1): 3.0, (1, 1): 4.0}, 9.0) == []


def test_every_kind_of_figure_is_drawn_for_a_page_and_for_a_phone(record: Assessment) -> None:
    drawn = charts(record)
    kinds = {one.figure.kind for one in drawn.values()}
    assert kinds == set(FigureKind.__args__)
    for key, one in drawn.items():
        for width in (WIDE, NARROW):
            svg = draw(one.spec(width=width), name=key)
            wide = float(fromstring(svg).attrib["width"])
            assert 0.7 * width < wide <= width * 1.08, (key, width, wide)


def test_a_chart_names_its_series_where_the_reader_looks(record: Assessment) -> None:
    svg = draw(charts(record)["trade.coal"].spec())
    words = "".join(fromstring(svg).itertext())
    for name in ("China's coal", "South Korea", "Resolution 2094", "million US dollars"):
        assert name in words


def test_country_codes_are_drawn_as_names(record: Assessment) -> None:
    words = "".join(fromstring(draw(charts(record)["monitor.share"].spec())).itertext())
    assert "China" in words
    assert "CHN" not in words
    assert readable("RUS") == "Russia"
    assert readable("Rusty") == "Rusty"


def test_an_unknown_value_is_called_unknown_and_not_zero(record: Assessment) -> None:
    words = list(fromstring(draw(charts(record)["monitor.share"].spec())).itertext())
    assert "unknown" in words


def one_chart(kind: FigureKind, rows: tuple, **figure: object) -> Chart:  # type: ignore[type-arg]
    """Return a chart over the columns name, a, b, c."""
    columns = tuple(
        Column(key=key, title=key.upper(), unit="" if key == "name" else "MUSD")
        for key in ("name", "a", "b", "c")
    )
    told = {"kind": kind, "title": "T", "x": "a", "y": "name"} | figure
    found = chart(
        Finding(
            id="trade.x",
            sentence="S.",
            grid=Grid(columns=columns, rows=rows),
            figure=Figure.model_validate(told),
        )
    )
    assert found is not None
    return found


def test_a_text_where_a_number_belongs_says_which_cell() -> None:
    with pytest.raises(DataError, match=r"column b, row 2: 'many' is no number"):
        one_chart(
            "interval", (("x", 1.0, 2.0, 3.0), ("y", 1.0, "many", 3.0)), low="b", high="c"
        ).spec()


def test_an_empty_chart_is_refused() -> None:
    with pytest.raises(DataError, match="nothing to draw"):
        one_chart("bars", ()).spec()


def test_a_wrong_period_is_named() -> None:
    with pytest.raises(DataError, match="'soon' is no period"):
        one_chart("series", (("soon", 1.0, None, None),), x="name", y="a").spec()


@pytest.mark.parametrize("value", [0.0, 5.0, -5.0, 1e12, 1e-9])
def test_a_single_value_is_drawn(value: float) -> None:
    for kind in ("bars", "interval", "tornado"):
        svg = draw(
            one_chart(kind, (("x", value, value, value),), low="b", high="c").spec()  # type: ignore[arg-type]
        )
        assert "NaN" not in svg
        assert "Infinity" not in svg


@pytest.mark.parametrize("kind", ["bars", "interval", "tornado", "before_after", "yardstick"])
def test_hostile_names_are_words_in_the_picture(kind: FigureKind) -> None:
    one = one_chart(kind, ((HOSTILE, 0.2, 0.1, 0.4), ("b", 0.5, 0.3, 0.9)), low="b", high="c")
    svg = draw(one.spec(), name=HOSTILE)
    tags = {node.tag.rpartition("}")[2] for node in fromstring(svg).iter()}
    assert "script" not in tags
    words = "".join(fromstring(svg).itertext()).replace(" ", "")
    assert "alert(1)" in words
    assert "{datum.a}" in words


@pytest.mark.parametrize(
    "name", ["if", "datum.value", "1+1", "[]", "{", "\x00\x1b\ufffe", "\u202e"]
)
def test_a_name_is_never_read_as_an_expression(name: str) -> None:
    words = "".join(
        fromstring(draw(one_chart("bars", ((name, 1.0, None, None),)).spec())).itertext()
    )
    shown = re.sub("[\x00-\x1f\ufffe\u202e]", "�", name)
    assert shown in words


@settings(max_examples=20, deadline=None)
@given(st.text(max_size=40))
def test_any_name_leaves_the_picture_well_formed(name: str) -> None:
    one = one_chart("bars", ((name, 1.0, None, None),))
    fromstring(draw(one.spec()))


def test_what_could_act_falls_out_of_an_svg() -> None:
    dirty = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        'onload="x()"><script>x()</script><style>@import url(http://e)</style>'
        '<foreignObject><body/></foreignObject><a xlink:href="javascript:x()"><text>t</text></a>'
        '<image href="http://e/x.png"/><use href="#a"/><g onclick="x()" style="fill:red">'
        '<rect id="a" clip-path="url(#b)" fill="url(http://e)"/></g></svg>'
    )
    clean = inert(dirty, name="c")
    assert not re.search(r"script|style|foreign|href|image|use|on\w+=|http://e", clean)
    assert 'id="c-a"' in clean
    assert "url(#c-b)" in clean


def test_categories_keep_their_meaning_and_never_share_a_colour() -> None:
    kinds = ["permitted", "conditional", "prohibited", "recorded while prohibited", "unknown", "x"]
    colours = colours_of(kinds)
    assert len(set(colours)) == len(kinds)
    assert colours_of(["prohibited"]) == [colours[2]]


@given(st.text(min_size=1, max_size=80), st.floats(60, 300))
def test_wrapping_loses_no_letter_unless_it_says_so(text: str, width: float) -> None:
    lines = wrapped(text, width)
    assert 1 <= len(lines) <= 4
    if not lines[-1].endswith("…"):
        assert "".join("".join(lines).split()) == "".join(text.replace("\u200b", "").split())
