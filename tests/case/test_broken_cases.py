"""Broken case files: one clear message each, with file, line and hint; the record stays."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tumen.case import check, load, new
from tumen.core.errors import CaseError
from tumen.core.reading import MAX_BYTES, read_yaml


@dataclass(frozen=True)
class Broken:
    """A mistake: a text of the good case, what stands there instead, what the message says."""

    name: str
    before: str
    after: str
    says: str
    line: str = ""
    """Text of the line that the message must point at; the changed line when empty."""

    def __str__(self) -> str:
        return self.name


MISTAKES = tuple(
    Broken(**mistake)
    for mistake in read_yaml(Path(__file__).with_name("mistakes.yaml"), name="mistakes").data
)

WHOLE_FILES = {
    "empty": (b"", "mapping of keys"),
    "only-comments": (b"# nothing\n", "mapping of keys"),
    "a-list": (b"- a\n- b\n", "mapping of keys"),
    "a-word": (b"word\n", "mapping of keys"),
    "latin-1": ("title: Gespräch\n".encode("latin-1"), "not UTF-8"),
    "utf-16": ("title: x\n".encode("utf-16"), "not UTF-8"),
    "ten-megabytes": (b"a: " + b"x" * 10_000_000, f"at most {MAX_BYTES:,}"),
    "garbage": (bytes(range(256)) * 40_000, "bytes"),
    "nul-bytes": (b"\x00" * 1000, "U+0000"),
    "a-zip": (b"PK\x03\x04" + b"\x00\x99" * 100, "UTF-8"),
    "brackets": (b"[" * 1_000_000, "nested deeper"),
    "keys-without-end": (b"".join(b"k%d: 1\n" % n for n in range(50_000)), "more problems"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A good case with an old record beside it, a link that leaves it and a ring of links."""
    made = new(tmp_path / "case")
    (made / "out").mkdir()
    (made / "out/assessment.json").write_text("the old record", encoding="utf-8")
    (tmp_path / "outside.yaml").write_text("a: 1\n", encoding="utf-8")
    (made / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    (made / "ring.yaml").symlink_to(made / "ring.yaml")
    return made


def test_the_good_case_is_good(folder: Path) -> None:
    assert check(folder) == ()
    assert load(folder / "case.yaml").id == "case"


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_mistake_is_named_with_file_line_and_hint(mistake: Broken, folder: Path) -> None:
    path = folder / "case.yaml"
    good = path.read_text(encoding="utf-8")
    assert good.count(mistake.before) >= 1, "the mistake does not fit the case"
    bad = good.replace(mistake.before, mistake.after, 1)
    path.write_text(bad, encoding="utf-8")
    problems = check(folder)
    text = "\n".join(map(str, problems))
    assert mistake.says in text, text
    assert len(problems) <= 3, text
    told = next(problem for problem in problems if mistake.says in str(problem))
    assert told.hint or "must" in told.what or "should be" in told.what, text
    place = re.search(r"\.yaml:(\d+)", told.where)
    if mistake.name == "sources-missing":
        assert "s.yaml" in told.where
        return
    assert place, text
    pointed = bad.splitlines()[int(place[1]) - 1]
    wanted = mistake.line or mistake.after.splitlines()[0]
    assert (wanted.strip() in pointed) or (pointed.strip() in mistake.after), (text, pointed)


@pytest.mark.parametrize("name", WHOLE_FILES)
def test_a_file_that_is_no_case_is_one_message(name: str, folder: Path) -> None:
    content, says = WHOLE_FILES[name]
    (folder / "case.yaml").write_bytes(content)
    text = "\n".join(map(str, check(folder)))
    assert says in text
    assert "case.yaml" in text
    assert len(text) < 60_000


@pytest.mark.parametrize("name", ["country-swapped", "key-twice", "section-by-link", "regime"])
def test_the_command_leaves_with_two_and_the_record_untouched(name: str, folder: Path) -> None:
    mistake = next(mistake for mistake in MISTAKES if mistake.name == name)
    path = folder / "case.yaml"
    good = path.read_text(encoding="utf-8")
    path.write_text(good.replace(mistake.before, mistake.after, 1), encoding="utf-8")
    for command in ("run", "check", "verify"):
        done = subprocess.run(
            [sys.executable, "-m", "tumen", command, str(folder)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode in (2, 3), done.stderr
        assert "Traceback" not in done.stderr
        assert (mistake.says in done.stderr) or command == "verify"
        assert done.stdout == ""
    assert (folder / "out/assessment.json").read_text(encoding="utf-8") == "the old record"
    assert sorted(os.listdir(folder / "out")) == ["assessment.json"]


def test_all_mistakes_of_all_files_come_at_once(folder: Path) -> None:
    path = folder / "case.yaml"
    text = path.read_text(encoding="utf-8")
    start = text.index("\nmonitor:") + 1
    end = text.index("# ---- impact")
    (folder / "monitor.yaml").write_text("senders: [CNH]\nrivals: [RUS]\n", encoding="utf-8")
    text = text[:start] + "monitor: monitor.yaml\n" + text[end:]
    text = text.replace("target: PRK", "target: PKR").replace("flow: recorded", "flow: both")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CaseError) as caught:
        load(folder)
    wheres = [problem.where for problem in caught.value.problems]
    assert len(wheres) == 3
    assert f"{folder}/monitor.yaml:1: senders.0" in wheres
    assert any("target" in where for where in wheres)
    assert any("assess.judgments.0.flow" in where for where in wheres)


@pytest.mark.parametrize("place", ["missing", "file.txt", "empty", "x" * 300, "nul\x00"])
def test_a_place_that_is_no_case_is_one_message(place: str, tmp_path: Path) -> None:
    (tmp_path / "file.txt").write_text("x", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    (problem,) = check(tmp_path / place)
    assert problem.what
