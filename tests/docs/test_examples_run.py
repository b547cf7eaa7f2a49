"""Every example runs: in docstrings, in the pages, and the commands that the pages show."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import tumen
from tumen.cli.app import tumen as command_line

PROJECT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    page
    for page in [*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")]
    if page.name != "CHANGELOG.md"
)
BLOCK = re.compile(r"(?ms)^```(\w+)\n(.*?)^```$")
MODULES = sorted(
    found.name
    for found in pkgutil.walk_packages(tumen.__path__, "tumen.")
    if not found.name.endswith("__main__")
)
DOORS = [f"tumen.{path.parent.name}" for path in sorted(PROJECT.glob("src/tumen/*/__init__.py"))]


def blocks(page: Path, *languages: str) -> list[str]:
    """The code blocks of a page in these languages."""
    text = page.read_text(encoding="utf-8")
    return [code for language, code in BLOCK.findall(text) if language in languages]


def shown(page: Path) -> str:
    return str(page.relative_to(PROJECT))


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_file_run(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cases").symlink_to(PROJECT / "cases")
    failed, _ = doctest.testmod(
        importlib.import_module(name), optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    )
    assert failed == 0


def test_every_public_verb_shows_an_example() -> None:
    missing = []
    for door in DOORS:
        module = importlib.import_module(door)
        for name in getattr(module, "__all__", []):
            thing = getattr(module, name)
            if inspect.isfunction(thing) and ">>>" not in (inspect.getdoc(thing) or ""):
                missing.append(f"{door}.{name}")
    missing = [name for name in missing if name != "tumen.cli.main"]
    assert not missing, missing


@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p, "python")], ids=shown)
def test_the_python_of_a_page_runs_from_top_to_bottom(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cases").symlink_to(PROJECT / "cases")
    names: dict[str, object] = {"__name__": page.stem}
    for number, code in enumerate(blocks(page, "python"), 1):
        place = f"{shown(page)}, block {number}"
        if ">>>" in code:
            test = doctest.DocTestParser().get_doctest(code, names, place, place, 0)
            flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
            runner = doctest.DocTestRunner(optionflags=flags)
            runner.run(test, clear_globs=False)
            names |= test.globs
            assert runner.summarize(verbose=False).failed == 0, place
        else:
            exec(compile(code, place, "exec"), names)


def commands_in(page: Path) -> Iterator[str]:
    """Lines of a page's shell blocks that call tumen."""
    for code in blocks(page, "bash", "console", "sh"):
        for line in code.replace("\\\n", " ").splitlines():
            bare = line.strip().removeprefix("$ ").split("  #")[0]
            if re.match(r"(\.venv/bin/|uv run )?tumen ", bare):
                yield bare.split("tumen ", 1)[1]


@pytest.mark.parametrize("page", [p for p in PAGES if any(commands_in(p))], ids=shown)
def test_the_commands_of_a_page_exist_with_their_options(page: Path) -> None:
    for line in commands_in(page):
        words = re.split(r" [|>&] ?", line)[0]
        parse(command_line, shlex.split(words))


def parse(command: click.Command, words: list[str]) -> None:
    """Follow the words through the groups; an unknown word or option is an error."""
    context = click.Context(command, info_name=command.name)
    _, rest, _ = command.make_parser(context).parse_args(list(words))
    if isinstance(command, click.Group) and rest:
        inner = command.get_command(context, rest[0])
        assert inner is not None, f"there is no command '{rest[0]}' in: {' '.join(words)}"
        parse(inner, rest[1:])


@pytest.mark.parametrize("wrong", ["run --fast x", "rum x", "regime no-such-verb"])
def test_the_reader_of_commands_refuses_what_does_not_exist(wrong: str) -> None:
    with pytest.raises((click.UsageError, AssertionError)):
        parse(command_line, wrong.split())
