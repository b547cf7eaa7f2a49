"""The files of a case: no name leaves the folder, sections may live apart, places are known."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tumen.case import check, load, new
from tumen.case.files import case_folder, inside, read_case_files
from tumen.core.errors import CaseError
from tumen.core.reading import MAX_BYTES

PARTS = st.sampled_from(
    ["..", ".", "", "a", "out", "link", "~", "C:", "\\", "\x00", "名", "etc", "passwd", " "]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PARTS, max_size=6).map("/".join) | st.text(max_size=40))
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "case"
    folder.mkdir(exist_ok=True)
    with contextlib.suppress(FileExistsError):
        (folder / "link").symlink_to("/etc")
    with contextlib.suppress(CaseError):
        assert inside(folder, name).resolve().is_relative_to(folder.resolve())


@pytest.mark.parametrize(
    "name",
    [
        *("", "/etc/passwd", "../x", "a/../../x", "..", "~/x", "C:\\x", "\\\\host\\x", "link"),
        *("link/x", "a\x00b", "a\nb", "x" * 300, "file:///etc/passwd", "ring"),
    ],
)
def test_names_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "link").symlink_to("/etc")
    (tmp_path / "ring").symlink_to(tmp_path / "ring")
    with pytest.raises(CaseError) as caught:
        inside(tmp_path, name, where="case.yaml:3: evidence")
    assert caught.value.problems[0].where == "case.yaml:3: evidence"
    assert caught.value.problems[0].hint


def test_a_link_inside_the_folder_is_a_file_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("x", encoding="utf-8")
    (tmp_path / "b.yaml").symlink_to(tmp_path / "a.yaml")
    assert inside(tmp_path, "b.yaml").read_text(encoding="utf-8") == "x"


def test_a_case_is_named_by_its_folder_or_its_file(tmp_path: Path) -> None:
    made = new(tmp_path / "coal")
    assert case_folder(made) == case_folder(made / "case.yaml") == made
    other = made / "notes.yaml"
    other.write_text("a: 1", encoding="utf-8")
    with pytest.raises(
        CaseError, match=r"this is no folder\n  hint: name a case's folder or case\."
    ):
        case_folder(other)
    assert load(made).sha256 == load(made / "case.yaml").sha256


def test_a_case_that_is_itself_a_link_out_is_refused(tmp_path: Path) -> None:
    real = new(tmp_path / "real")
    fake = tmp_path / "fake"
    fake.mkdir()
    (fake / "case.yaml").symlink_to(real / "case.yaml")
    (problem,) = check(fake)
    assert "leaves the case's folder" in problem.what


def test_a_pipe_is_no_case_and_nobody_waits_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "case.yaml")
    (problem,) = check(tmp_path)
    assert problem.what == "there is no such file"


def split(folder: Path, *sections: str) -> None:
    """Move sections of a case into files of their own."""
    path = folder / "case.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    for section in sections:
        start = lines.index(f"{section}:")
        end = start + 1
        while end < len(lines) and (not lines[end] or lines[end][0] in " #"):
            end += 1
        (folder / f"{section}.yaml").write_text(
            "\n".join(line.removeprefix("  ") for line in lines[start + 1 : end]) + "\n",
            encoding="utf-8",
        )
        lines[start:end] = [f"{section}: {section}.yaml"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_a_case_in_parts_is_the_same_case(tmp_path: Path) -> None:
    whole = load(new(tmp_path / "coal"))
    parts = new(tmp_path / "parts" / "coal")
    split(parts, "monitor", "evidence", "assess")
    assert check(parts) == ()
    assert load(parts).sha256 == whole.sha256


def test_places_in_parts_name_the_part(tmp_path: Path) -> None:
    made = new(tmp_path / "coal")
    split(made, "evidence")
    document = read_case_files(made)
    assert document.where(("evidence", "rater")) == f"{made}/evidence.yaml:1: rater"
    assert document.where(("evidence", "sets", 0, "nothing")).startswith(f"{made}/evidence.yaml:")
    assert document.where(("title",)).startswith(f"{made}/case.yaml:")


def test_a_part_may_not_be_larger_than_a_file_may_be(tmp_path: Path) -> None:
    made = new(tmp_path / "coal")
    split(made, "monitor")
    (made / "monitor.yaml").write_bytes(b"#" * (MAX_BYTES + 1))
    (problem,) = check(made)
    assert "monitor.yaml" in problem.where
    assert "bytes" in problem.what


def test_place_look_and_comments_are_no_content(tmp_path: Path) -> None:
    one, two = new(tmp_path / "coal"), new(tmp_path / "elsewhere" / "coal")
    path = two / "case.yaml"
    text = "# a comment\n" + path.read_text(encoding="utf-8") + "brief: {formats: [md]}\n"
    path.write_text(text, encoding="utf-8")
    assert load(one).sha256 == load(two).sha256
    path.write_text(text.replace("seed: 1 ", "seed: 2 "), encoding="utf-8")
    assert load(one).sha256 != load(two).sha256


def test_new_writes_over_nothing(tmp_path: Path) -> None:
    made = new(tmp_path / "coal")
    with pytest.raises(CaseError, match="not empty"):
        new(made)
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for place in ("file", "file/below", "nul\x00"):
        with pytest.raises(CaseError):
            new(tmp_path / place)
