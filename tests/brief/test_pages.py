"""The written brief: nothing acts, every link leads somewhere, the same record gives the same."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tumen.assess import Assessment
from tumen.brief import Spec, compose, write_brief
from tumen.brief.blocks import Heading
from tumen.brief.fonts import Letters, letters
from tumen.brief.labels import Labels
from tumen.brief.markdown import escaped
from tumen.brief.plain import plain_document, words_of
from tumen.core.countries import country_names
from tumen.core.errors import CaseError

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)> \"' onmouseover=x "
    "[a](javascript:x) ![b](http://e/x.png) `c` #eval(1) $x$ {{ 7*7 }} {% raw %} "
    "</title></style> | a | <!-- --> &lt; @import \\ 평양"
)


class Page(HTMLParser):
    """Every tag with its attributes, and the words between them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def of(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of every tag of a name."""
        return [attributes for name, attributes in self.tags if name == tag]


def hostile(record: Assessment) -> Assessment:
    """Return the assessment with hostile words wherever an author writes."""
    finding = record.findings[0]
    grid = finding.grid
    assert grid is not None
    bad_grid = grid.model_copy(update={"rows": ((HOSTILE,) * len(grid.columns),)})
    bad_finding = finding.model_copy(
        update={"sentence": HOSTILE, "method": HOSTILE, "caveats": (HOSTILE,), "grid": bad_grid}
    )
    source = record.sources[0].model_copy(
        update={"title": HOSTILE, "url": "javascript:alert(3)", "note": HOSTILE}
    )
    weighing = record.weighings[0]
    item = weighing.items[0].model_copy(update={"text": HOSTILE, "group": HOSTILE})
    return record.model_copy(
        update={
            "title": HOSTILE,
            "question": HOSTILE,
            "headline": HOSTILE,
            "authors": (HOSTILE,),
            "findings": (bad_finding, *record.findings[1:]),
            "sources": (source, *record.sources[1:]),
            "weighings": (
                weighing.model_copy(
                    update={"items": (item, *weighing.items[1:]), "question": HOSTILE}
                ),
            ),
            "options": (record.options[0].model_copy(update={"text": HOSTILE, "who": HOSTILE}),),
            "gaps": (HOSTILE,),
        }
    )


@pytest.fixture(scope="module")
def page(record: Assessment, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The HTML of the sample."""
    return write_brief(record, tmp_path_factory.mktemp("brief") / "b.html").read_text("utf-8")


@pytest.fixture(scope="module")
def hostile_page(record: Assessment, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The HTML of the hostile sample."""
    path = tmp_path_factory.mktemp("brief") / "b.html"
    return write_brief(hostile(record), path).read_text("utf-8")


def test_nothing_on_the_page_can_act(hostile_page: str, page: str) -> None:
    for text in (hostile_page, page):
        found = Page(text)
        names = {name for name, _ in found.tags}
        assert not names & {"script", "iframe", "object", "embed", "form", "img", "base", "link"}
        for name, attributes in found.tags:
            assert not any(key.startswith("on") for key in attributes), name
            address = attributes.get("href") or ""
            assert address == "" or address.startswith(("#", "http://", "https://")), address
    assert "alert(1)" in Page(hostile_page).words
    assert "{{ 7*7 }}" in Page(hostile_page).words
    assert "alert(3)" in Page(hostile_page).words


def test_the_page_forbids_scripts_and_requests(page: str) -> None:
    policy = next(
        one["content"] or ""
        for one in Page(page).of("meta")
        if one.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none';")
    assert "script-src" not in policy
    assert not re.search(r"url\((?!data:font|#)", page)
    assert len(page) < 3_000_000


def test_every_link_of_the_page_leads_somewhere(page: str) -> None:
    found = Page(page)
    ids = [one["id"] for _, one in found.tags if one.get("id")]
    assert len(ids) == len(set(ids))
    inside = {(one["href"] or "")[1:] for one in found.of("a") if (one["href"] or "")[:1] == "#"}
    assert inside <= set(ids)
    assert {"finding-trade.coal", "item-item4", "judgment-real", "source-kim-a"} <= inside


def test_a_reader_who_cannot_see_finds_heads_texts_and_language(page: str) -> None:
    found = Page(page)
    assert found.of("html") == [{"lang": "en"}]
    bars = [one for one in found.of("svg") if one.get("class") == "chance"]
    assert len(bars) == 3
    assert all(one.get("aria-label") for one in bars)
    pictures = [one for one in found.of("div") if one.get("role") == "img"]
    assert pictures
    assert all(one["aria-label"] for one in pictures)
    assert len(found.of("table")) == len(found.of("caption"))
    assert all(one.get("scope") in ("col", "row") for one in found.of("th"))
    levels = [int(name[1]) for name, _ in found.tags if re.fullmatch(r"h[1-6]", name)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert {"ko", "ru", "zh"} <= {one.get("lang") for _, one in found.tags}


def test_hangul_han_and_cyrillic_have_glyphs_and_travel_with_the_page(page: str) -> None:
    assert letters("김정은 평양 平壤 北京 Пхеньян Ёё é §").missing == ""
    assert letters("abc 평양 é Ж \u0645") == Letters(wide="양평", missing="\u0645")
    assert "font-family:'Noto Sans CJK KR'" in page
    assert "한국은행" in Page(page).words


def test_a_character_without_a_glyph_is_named_in_one_warning(
    record: Assessment, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    strange = record.model_copy(update={"headline": "𓀀 said so."})
    with caplog.at_level(logging.WARNING):
        for suffix in ("html", "pdf", "md"):
            write_brief(strange, tmp_path / f"b.{suffix}")
    assert caplog.text.count("U+13000 EGYPTIAN HIEROGLYPH A001") == 1


def test_a_pdf_prints_a_box_where_no_font_has_the_character(
    record: Assessment, tmp_path: Path
) -> None:
    odd = "Coal \u0645 \U0001f600 \ufeff\u202e\ufffd\x00 ends"
    path = write_brief(record.model_copy(update={"title": odd}), tmp_path / "b.pdf")
    assert path.stat().st_size > 10_000


@pytest.mark.parametrize("suffix", ["html", "pdf", "md"])
def test_the_same_record_gives_the_same_bytes(
    record: Assessment, tmp_path: Path, suffix: str
) -> None:
    one = write_brief(record, tmp_path / f"one.{suffix}").read_bytes()
    two = write_brief(record, tmp_path / f"two.{suffix}").read_bytes()
    assert one == two


def test_the_pdf_is_tagged_dated_by_the_as_of_date_and_takes_hostile_words(
    record: Assessment, tmp_path: Path
) -> None:
    content = write_brief(record, tmp_path / "b.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert b"D:20170831120000" in content
    assert b"pdfuaid:part>1<" in content
    assert b"NotoSansCJK" in content
    assert write_brief(hostile(record), tmp_path / "h.pdf").stat().st_size > 10_000


def test_markdown_shows_hostile_words_as_words(record: Assessment, tmp_path: Path) -> None:
    text = write_brief(hostile(record), tmp_path / "b.md").read_text("utf-8")
    rendered = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    found = Page(rendered)
    assert {name for name, _ in found.tags} <= {
        "a", "h1", "h2", "h3", "h4", "p", "em", "strong", "ul", "ol", "li", "table", "thead",
        "tbody", "tr", "th", "td", "blockquote",
    }  # fmt: skip
    for one in found.of("a"):
        assert set(one) in ({"id"}, {"href"})
        assert (one.get("href") or "#").startswith(("#", "http://", "https://"))
    assert "alert(1)" in found.words


@settings(max_examples=60)
@given(st.text(max_size=60))
def test_markdown_keeps_any_words_as_they_are(text: str) -> None:
    clean = "".join(char for char in text if char.isprintable() or char == " ")
    flat = " ".join(clean.split())
    rendered = MarkdownIt("commonmark", {"html": True}).enable("table").render(f"x {escaped(flat)}")
    found = Page(rendered)
    assert [name for name, _ in found.tags] == ["p"]
    assert found.words.replace("\u200b", "").strip() == f"x {flat}".strip().replace("\u200b", "")


def test_the_words_hold_no_raw_identifier(record: Assessment) -> None:
    words = words_of_lines(plain_document(compose(record)))
    for finding in record.findings:
        assert finding.id not in words
    codes = set(re.findall(r"\b[A-Z]{3}\b", words)) & set(country_names())
    assert not codes


def words_of_lines(plain: object) -> str:
    """Return the printed words, without anchors and keys."""
    if isinstance(plain, dict):
        shown = {key: one for key, one in plain.items() if key not in ("anchor", "key", "kind")}
        return " ".join(words_of_lines(one) for one in shown.values())
    if isinstance(plain, list):
        return " ".join(words_of_lines(one) for one in plain)
    return plain if isinstance(plain, str) else ""


def test_likelihood_and_confidence_never_share_a_sentence(record: Assessment) -> None:
    words = words_of_lines(plain_document(compose(record)))
    for sentence in re.split(r"(?<=[.!?])\s", words):
        folded = sentence.casefold()
        assert not ("confidence is" in folded and re.search(r"\b(un)?likely\b", folded)), sentence


def test_model_numbers_stand_in_the_box_only(record: Assessment) -> None:
    plain = plain_document(compose(record))
    boxes = [one for one in plain["body"] if one["kind"] == "box"]
    assert [one["tone"] for one in boxes] == ["model"]
    sentence = "A full Chinese cut-off lowers North Korea’s export revenue"
    assert sentence in words_of(boxes)
    before_annex = plain["body"][: next(
        n for n, one in enumerate(plain["body"]) if one.get("anchor") == "findings"
    )]  # fmt: skip
    outside = [one for one in before_annex if one["kind"] != "box"]
    assert sentence not in words_of(outside)


def test_page_one_answers_a_minister(record: Assessment) -> None:
    document = compose(record)
    heads = [block.text for block in document.front if isinstance(block, Heading)]
    assert heads == [
        "Key judgments", "What is prohibited on 31 August 2017", "What the record shows",
        "What would change this", "Options and who must act",
    ]  # fmt: skip
    words = words_of_lines(plain_document(document)["front"])
    for needed in (
        "recorded trade", "real flows", "very likely", "Settled by", "31 January 2018",
        "para. 8", "China's own line", "United States.", "List two banks of Dandong",
    ):  # fmt: skip
        assert needed in words
    overleaf = words_of_lines(plain_document(document)["body"][:2])
    for needed in ("Who must act", "Cost", "Likely reply", "What it would reveal"):
        assert needed in overleaf


def test_page_one_prints_on_one_page(record: Assessment) -> None:
    """The setter shrinks a long page one; more judgments than six are left to the case."""
    from tumen.brief.drawing import draw_all
    from tumen.brief.figures import charts
    from tumen.brief.pdf import to_pdf

    many = record.model_copy(update={"judgments": record.judgments * 2, "horizon": record.as_of})
    document = plain_document(replace(compose(many), body=()))
    content = to_pdf(document, drawings=draw_all(charts(many), {}, is_for_phones=False))
    assert re.search(rb"/Type/Pages/Count 1\b", content)


def test_every_finding_and_item_stands_in_the_annex(record: Assessment) -> None:
    labels = Labels.of(record)
    anchors = {one["anchor"] for one in plain_document(compose(record))["body"] if "anchor" in one}
    assert {ref.anchor for ref in labels.refs.values()} <= anchors


def test_the_spec_chooses_what_stands_on_page_one(record: Assessment) -> None:
    spec = Spec(title="Own title", authors=("B. Other",), page_one=("trade.monthly",))
    document = compose(record, spec=spec)
    assert (document.title, document.authors) == ("Own title", ("B. Other",))
    words = words_of(plain_document(document)["front"])
    assert "fell to 0 after February 2017" in words
    assert "five sector bans" not in words
    with pytest.raises(CaseError, match=r"'trade.monthl' is no finding.*\n.*trade.monthly"):
        compose(record, spec=Spec(page_one=("trade.monthl",)))


def test_an_assessment_without_ornaments_is_still_a_brief(
    record: Assessment, tmp_path: Path
) -> None:
    bare = record.model_copy(
        update={
            "judgments": (), "weighings": (), "findings": (), "options": (), "rival_views": (),
            "assumptions": (), "gaps": (), "events": (), "sources": (), "authors": (),
        }
    )  # fmt: skip
    for suffix in ("html", "pdf", "md"):
        assert write_brief(bare, tmp_path / f"b.{suffix}").stat().st_size > 1000


def test_a_failed_write_leaves_the_old_brief(
    record: Assessment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_brief(record, tmp_path / "b.md")
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        write_brief(record.model_copy(update={"title": "New"}), path)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["b.md"]


def test_a_wrong_path_says_what_to_do(record: Assessment, tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"write \.html, \.pdf or \.md"):
        write_brief(record, tmp_path / "b.docx")
    with pytest.raises(CaseError, match="folder does not exist"):
        write_brief(record, tmp_path / "none" / "b.html")
    assert write_brief(record, tmp_path / "odd.txt", format="md").read_text("utf-8")[:2] == "# "
