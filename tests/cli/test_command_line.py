"""The command line: help with examples, JSON everywhere, errors with exit codes."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tumen.cli.app import COMMANDS, MOST_PROBLEMS, error_text, main, tumen
from tumen.cli.show import bar, emit, plain, table_text
from tumen.core.errors import CaseError, DataError, ModelError, Problem
from tumen.core.progress import Step, silent
from tumen.core.settings import default_settings


def leaves(command: click.Command, name: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, with its words."""
    if not isinstance(command, click.Group):
        yield name, command
        return
    context = click.Context(command)
    for word in command.list_commands(context):
        inner = command.get_command(context, word)
        assert inner is not None
        yield from leaves(inner, f"{name} {word}".strip())


ALL = dict(leaves(tumen))


def run(*words: str) -> tuple[int, str, str]:
    """Run the command line in an interpreter of its own: exit code, output, errors."""
    done = subprocess.run(
        [sys.executable, "-m", "tumen", *words], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("words", ALL)
def test_every_command_explains_itself_with_an_example(words: str) -> None:
    result = CliRunner().invoke(tumen, [*words.split(), "--help"])
    assert result.exit_code == 0
    assert "Example" in result.output
    assert f"tumen {words}" in result.output


@pytest.mark.parametrize("words", ALL)
def test_every_command_prints_json_when_asked(words: str) -> None:
    assert "--json" in [opt for parameter in ALL[words].params for opt in parameter.opts]


@pytest.mark.parametrize("word", COMMANDS)
def test_the_list_of_commands_says_what_each_says_of_itself(word: str) -> None:
    command = tumen.get_command(click.Context(tumen), word)
    assert command is not None
    assert (command.help or "").split("\n")[0].strip() == COMMANDS[word]
    assert command.name == word


def test_a_wrong_word_names_the_nearest_command() -> None:
    code, _, errors = run("veryfy", "x")
    assert code == 2
    assert "did you mean verify?" in errors


def test_a_missing_case_is_the_authors_error() -> None:
    code, output, errors = run("run", "no-such-case")
    assert (code, output) == (2, "")
    assert "no-such-case: there is no such folder" in errors
    assert "hint:" in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("trade", "show", "--since", "banana"), "'banana' is no period"),
        (("trade", "facts", "PRK", "--until", "2017-13"), "'2017-13' is no period"),
        (("assess", "word", "0.9", "0.1"), "0.9 0.1 is no interval"),
        (("assess", "word", "nan"), "nan nan is no interval"),
        (("monitor", "--table", "nope"), "for example compliance.CHN"),
    ],
)
def test_a_wrong_word_of_the_call_is_the_callers_error(
    words: tuple[str, ...], message: str
) -> None:
    code, output, errors = run(*words)
    assert (code, output) == (2, "")
    assert message in errors


def test_a_missing_record_is_an_error_of_the_data(tmp_path: Path) -> None:
    code, _, errors = run("brief", str(tmp_path))
    assert code == 3
    assert "there is no record" in errors


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (CaseError("a", "b:1", "c"), 2),
        (DataError("a", "b:1", "c"), 3),
        (ModelError("a", "b:1", "c"), 4),
        (OSError(errno.ENOSPC, "full", "b"), 5),
        (PermissionError(errno.EACCES, "no", "b"), 5),
        (MemoryError(), 5),
        (FileNotFoundError(errno.ENOENT, "a bug", "b"), 1),
        (RuntimeError("a"), 1),
        (KeyboardInterrupt(), 130),
        (RuntimeError("Query interrupted"), 130),
        (click.UsageError("a"), 2),
    ],
)
def test_each_kind_of_error_has_its_exit_code(
    error: BaseException,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(**_: object) -> None:
        raise error

    monkeypatch.setattr(tumen, "main", fail)
    monkeypatch.delenv("TUMEN_TRACEBACK", raising=False)
    with pytest.raises(SystemExit) as caught:
        main([])
    printed = capsys.readouterr()
    assert caught.value.code == code
    assert printed.out == ""
    assert printed.err
    assert "Traceback" not in printed.err


def test_problems_beyond_a_screenful_are_counted() -> None:
    text = error_text(CaseError(problems=[Problem(f"p{n}") for n in range(80)]))
    assert text.count("\n") < MOST_PROBLEMS + 5
    assert f"and {80 - MOST_PROBLEMS} more" in text


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = f"{sys.executable} -m tumen --help | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode in (0, 141)
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_an_output_that_takes_nothing_is_the_machines_fault() -> None:
    command = f"{sys.executable} -m tumen --help > /dev/full"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 5
    assert done.stderr == (
        "the output cannot be used: No space left on device\n  hint: free some space\n"
    )


def test_a_user_without_a_home_is_told_which_variable_to_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("TUMEN_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", fail)
    with pytest.raises(CaseError, match="set TUMEN_CACHE"):
        default_settings()
    monkeypatch.setenv("TUMEN_CACHE", "/elsewhere")
    assert default_settings().cache == Path("/elsewhere")


def test_no_name_of_an_outsider_steers_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "BACI_HS92_Y2016_V202401b.csv"
    path.write_bytes(b"t,\x1b[2J\xc2\x9b31m\xe2\x80\xaei\n")
    with pytest.raises(SystemExit):
        main(["trade", "import", "baci", str(path), "--store", str(tmp_path / "store")])
    told = capsys.readouterr().err
    assert "the columns are 't,�[2J�31m�i'" in told
    emit({}, as_json=False, text=lambda: "a\tb\n\x1b[31mred\u202e")
    assert capsys.readouterr().out == "a\tb\n�[31mred�\n"


def test_a_terminal_without_letters_gets_signs_instead_of_an_error() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-m", "tumen", "check", "없는-사건"],
        capture_output=True,
        check=False,
        env=environment,
    )
    assert done.returncode == 2
    assert b"there is no such folder" in done.stderr


def test_plain_data_of_any_result() -> None:
    import numpy as np

    from tumen.core.finding import Estimate
    from tumen.core.periods import period

    value = {
        "estimate": Estimate(value=1, unit="MUSD", basis="recorded"),
        "array": np.array([1.0, np.nan]),
        "count": np.int64(3),
        ("PRK", "CHN"): {"b", "a"},
        "span": period("2017-08"),
        "path": Path("x"),
    }
    found = plain(value)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["array"] == [1.0, None]
    assert found["PRK,CHN"] == ["a", "b"]
    assert found["span"] == {"start": "2017-08-01", "end": "2017-09-01"}
    assert found["count"] == 3


def test_a_result_is_printed_for_a_person_or_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    emit({"a": 1}, as_json=True, text=lambda: "for a person")
    emit({"a": 1}, as_json=False, text=lambda: "for a person")
    assert capsys.readouterr().out == '{\n  "a": 1\n}\nfor a person\n'


def test_a_table_is_aligned_and_long_cells_are_cut() -> None:
    text = table_text(
        ("name", "MUSD"), [("coal", 1182.8), ("x" * 99, None), ("tabs\tand\nlines", 3)]
    )
    lines = text.splitlines()
    assert len(lines) == 4
    assert len({len(line) for line in lines}) == 1
    assert "…" in lines[2]
    assert lines[2].endswith("-")


def test_progress_is_silent_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with bar() as progress:
        progress(Step("impact", 1, 2, "half"))
        assert progress is silent
    assert capsys.readouterr().err == ""


def test_progress_on_a_terminal_survives_odd_notes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with bar() as progress:
        for done in range(3):
            progress(Step("impact", done, 0 if done == 0 else 2, "[/bold] [x"))
