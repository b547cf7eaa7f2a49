"""The list of references: labels that tell works apart, names in their own script, safe links."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.brief import Bibliography
from tumen.brief.blocks import Link, plain_text
from tumen.brief.links import doi_url, safe_url
from tumen.core.citation import Citation, Name
from tumen.core.errors import DataError

NAMES = st.sampled_from(["Kim", "Lee", "한국은행", "Федоров", "中国海关总署"])
WORKS = st.lists(
    st.tuples(NAMES, st.integers(2015, 2018), st.text("abc", min_size=1, max_size=4)),
    min_size=1,
    max_size=12,
)


def work(key: str, **more: object) -> Citation:
    """Return a newspaper article; any field can be told."""
    told: dict[str, object] = {
        "id": key,
        "type": "article-newspaper",
        "title": "A title",
        "author": (Name(family="Kim", given="Jeong-ho"),),
        "container_title": "Post",
        "issued": date(2018, 10, 6),
    }
    return Citation.model_validate(told | more)


@given(WORKS, st.randoms())
def test_labels_are_unique_and_do_not_depend_on_the_order(rows: list, shuffler) -> None:  # type: ignore[no-untyped-def, type-arg]
    works = [
        work(f"w{place}", author=(Name(literal=name),), issued=date(year, 1, 1), title=title)
        for place, (name, year, title) in enumerate(rows)
    ]
    labels = {entry.source: entry.label for entry in Bibliography(works)}
    assert len(set(labels.values())) == len(works)
    shuffler.shuffle(works)
    assert {entry.source: entry.label for entry in Bibliography(works)} == labels


def test_works_of_one_author_and_year_get_letters_in_the_order_of_their_titles() -> None:
    works = Bibliography(
        [work("z", title="The Zebra"), work("a", title="An apple"), work("x", title="Xylophone")]
    )
    assert [works[key].label for key in "axz"] == ["Kim 2018a", "Kim 2018b", "Kim 2018c"]


def test_more_than_two_authors_become_et_al_in_the_text_only() -> None:
    authors = (Name(family="Caldara", given="D."), Name(family="B", given="C."), Name(literal="UN"))
    entry = Bibliography([work("k", author=authors)])["k"]
    assert entry.label == "Caldara et al. 2018"
    assert plain_text(entry.line).startswith("Caldara, D., C. B, and UN. 2018.")


def test_a_newspaper_article_reads_as_chicago_prints_it() -> None:
    entry = Bibliography(
        [work("k", title="China and Russia.", url="https://e.org/1", accessed=date(2026, 1, 2))]
    )["k"]
    assert plain_text(entry.line) == (
        "Kim, Jeong-ho. 2018. “China and Russia.” Post, October 6, 2018. "
        "Accessed January 2, 2026. https://e.org/1."
    )


def test_a_resolution_reads_with_its_number_and_day() -> None:
    resolution = work(
        "r", type="legislation", title="Resolution 2371 (2017)", number="S/RES/2371",
        author=(Name(literal="UN Security Council"),), container_title="", issued=date(2017, 8, 5),
    )  # fmt: skip
    assert plain_text(Bibliography([resolution])["r"].line) == (
        "UN Security Council. 2017. Resolution 2371 (2017). S/RES/2371. August 5, 2017."
    )


def test_a_work_without_author_is_cited_by_its_paper() -> None:
    entry = Bibliography([work("k", author=())])["k"]
    assert entry.label == "Post 2018"
    assert plain_text(entry.line).count("Post") == 1


def test_names_in_native_script_keep_their_order() -> None:
    entry = Bibliography([work("k", author=(Name(family="김", given="민수"),))])["k"]
    assert plain_text(entry.line).startswith("김민수. 2018.")


def test_an_unknown_day_is_not_printed() -> None:
    monthly = Bibliography([work("k", precision="month")])["k"]
    yearly = Bibliography([work("k", precision="year")])["k"]
    assert "October 2018." in plain_text(monthly.line)
    assert "October" not in plain_text(yearly.line)


def test_two_works_with_one_id_and_an_unknown_id_are_refused() -> None:
    with pytest.raises(DataError, match="share the id 'k'"):
        Bibliography([work("k"), work("k")])
    with pytest.raises(DataError, match="hint: did you mean kim"):
        Bibliography([work("kim")])["kym"]


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " \tjavascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd",
        "vbscript:x",
        "//evil.example",
        "http:///nohost",
        "https:\\\\evil.example",
        "http://[::1",
        "",
    ],
)
def test_only_web_addresses_become_links(address: str) -> None:
    assert safe_url(address) == ""
    entry = Bibliography([work("k", url=address)])["k"]
    assert not any(isinstance(part, Link) for part in entry.line)


@given(st.text(max_size=60))
def test_a_safe_address_cannot_leave_its_attribute(text: str) -> None:
    address = safe_url(f"https://example.org/{text}")
    assert not set(address) & set('"<>` \n\t\\^{}|')
    assert address.isascii()


def test_a_doi_is_resolved_by_the_registry_only() -> None:
    assert doi_url("doi:10.1093/restud/rdu035") == "https://doi.org/10.1093/restud/rdu035"
    assert doi_url("javascript:10.1") == ""
