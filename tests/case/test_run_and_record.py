"""Running and keeping: stages in order, whole files or none, a second run alike."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import tumen.case.record as record_file
from tumen.assess import Assessment
from tumen.case import load, new, read_record, run, verify, write_record
from tumen.case.running import STAGES
from tumen.core.errors import CaseError, DataError
from tumen.core.progress import Step
from tumen.core.record import canonical_json
from tumen.numerics import batches


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new(tmp_path_factory.mktemp("cases") / "coal")


@pytest.fixture(scope="module")
def record(folder: Path) -> Assessment:
    return run(load(folder))


def command(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tumen", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_rooms_run_in_the_order_of_the_story(folder: Path) -> None:
    steps: list[Step] = []
    run(load(folder), progress=steps.append)
    stages = [step.note for step in steps if step.stage == "case"]
    assert stages == [stage for stage in STAGES if stage not in ("impact", "strategy")]


def test_rooms_side_by_side_say_what_they_say_one_after_the_other(
    folder: Path, record: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "cores", lambda: 1)
    assert run(load(folder)) == record


def test_a_room_without_a_section_says_nothing(record: Assessment) -> None:
    rooms = {finding.room for finding in record.findings}
    assert {"regime", "trade", "monitor", "evidence"} <= rooms
    assert rooms.isdisjoint({"impact", "strategy"})


def test_a_run_that_is_stopped_stops(folder: Path) -> None:
    def stop(step: Step) -> None:
        if step.note == "monitor":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(load(folder), progress=stop)


def test_the_manifest_names_what_the_record_is_made_from(folder: Path, record: Assessment) -> None:
    manifest = record.manifest
    assert manifest.case_sha256 == load(folder).sha256
    assert manifest.seed == 1
    named = {each.id for each in manifest.inputs}
    assert {each.id for finding in record.findings for each in finding.inputs} == named
    assert {"python", "tumen", "numpy"} <= set(manifest.versions)


def test_a_record_reads_back(record: Assessment, tmp_path: Path) -> None:
    (path,) = write_record(record, tmp_path / "made" / "on-demand")
    assert read_record(path) == read_record(path.parent) == record
    assert path.read_text(encoding="utf-8") == canonical_json(record) + "\n"


def test_a_brief_that_fails_leaves_everything_as_it_was(
    record: Assessment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("assessment.json", "brief.md", "brief.html"):
        (tmp_path / name).write_text("old", encoding="utf-8")

    class Failing:
        def write(self, path: Path) -> None:
            if path.suffix == ".html":
                raise DataError("a chart cannot be drawn")
            path.write_text("new", encoding="utf-8")

    monkeypatch.setattr(record_file, "draft", lambda *_, **__: Failing())
    with pytest.raises(DataError):
        write_record(record, tmp_path, briefs=("md", "html"))
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == {
        "assessment.json": "old",
        "brief.md": "old",
        "brief.html": "old",
    }


def test_a_place_that_cannot_be_written_is_the_authors_error(
    record: Assessment, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(CaseError, match="cannot be written"):
        write_record(record, tmp_path / "file")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no record that this version can read"),
        (b"{", "no record that this version can read"),
        (b"[1, 2]", "no record that this version can read"),
        (b'{"schema_version": 1}', "no record that this version can read"),
        (b"\xff" * 100, "no record that this version can read"),
        (b"[" * 100_000, "no record that this version can read"),
    ],
)
def test_a_broken_record_is_an_error_of_the_data(content: bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / "assessment.json"
    path.write_bytes(content)
    with pytest.raises(DataError, match=says) as caught:
        read_record(path)
    assert str(path) in caught.value.problems[0].where
    assert caught.value.problems[0].hint


def test_a_record_of_another_layout_is_refused(record: Assessment, tmp_path: Path) -> None:
    data = record.model_dump(mode="json") | {"schema_version": 999}
    path = tmp_path / "assessment.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(DataError, match="999"):
        read_record(path)


def test_verify_holds_after_a_run_and_names_what_moved(record: Assessment, tmp_path: Path) -> None:
    made = new(tmp_path / "coal")
    write_record(record, made / "out")
    assert verify(made).holds
    path = made / "case.yaml"
    text = path.read_text(encoding="utf-8")
    before = "record: {stops: [0.8, 0.95], resumes: [0.4, 0.6]}"
    assert before in text
    path.write_text(
        text.replace(before, "record: {stops: [0.1, 0.2], resumes: [0.4, 0.6]}"), encoding="utf-8"
    )
    found = verify(made)
    assert not found.holds
    assert found.differences[0].part == "judgment"
    assert "record-ends" in found.differences[0].id


def test_another_version_alone_is_a_note(record: Assessment, tmp_path: Path) -> None:
    made = new(tmp_path / "coal")
    versions = record.manifest.versions | {"scipy": "0.0.1"}
    manifest = record.manifest.model_copy(update={"versions": versions})
    write_record(record.model_copy(update={"manifest": manifest}), made / "out")
    found = verify(made)
    assert found.holds
    assert len(found.versions) == 1
    assert "0.0.1" in found.text()


def test_the_commands_from_new_to_verify(tmp_path: Path) -> None:
    case = tmp_path / "coal"
    assert command("new", case).returncode == 0
    assert "no problem" in command("check", case).stdout
    ran = command("run", case)
    assert ran.returncode == 0, ran.stderr
    assert "Confidence is" in ran.stdout
    for name in ("brief.html", "brief.pdf", "assessment.json"):
        assert str(case / "out" / name) in ran.stdout
        assert (case / "out" / name).stat().st_size > 1000
    assert (case / "out/brief.pdf").read_bytes()[:5] == b"%PDF-"
    assert command("verify", case).returncode == 0
    path = case / "case.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("prior: [0.3, 0.5]", "prior: [0.35, 0.5]"),
        encoding="utf-8",
    )
    moved = command("verify", case)
    assert moved.returncode == 3
    assert "Judgment record-ends: its probability moves" in moved.stdout


def test_json_is_the_record_itself(tmp_path: Path) -> None:
    case = new(tmp_path / "coal")
    ran = command("run", case, "--json", "--no-brief", "--out", tmp_path / "elsewhere")
    assert ran.returncode == 0, ran.stderr
    printed = Assessment.model_validate_json(ran.stdout)
    assert printed == read_record(tmp_path / "elsewhere")
    assert not (case / "out").exists()
    assert [path.name for path in (tmp_path / "elsewhere").iterdir()] == ["assessment.json"]
