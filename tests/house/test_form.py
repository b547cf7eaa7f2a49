"""Form: sizes, names, no print, docstrings; the rules of STYLE.md that a machine can check."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

MOST_LINES_OF_A_FILE = 600
MOST_LINES_OF_A_FUNCTION = 60
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base"}
FOLDERS = ("src", "tests", "tools", "benchmarks")


def python_files(project: Path, *folders: str) -> list[Path]:
    """Python files of the project's own folders."""
    return sorted(file for folder in folders for file in (project / folder).rglob("*.py"))


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method, nested ones too."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def test_no_file_is_longer_than_the_wall(project: Path) -> None:
    long = {
        str(file.relative_to(project)): count
        for file in python_files(project, *FOLDERS)
        if (count := len(file.read_text(encoding="utf-8").splitlines())) > MOST_LINES_OF_A_FILE
    }
    assert not long


def test_no_function_of_the_library_is_longer_than_the_wall(project: Path) -> None:
    long = [
        f"{file.relative_to(project)}:{node.lineno}: {node.name}"
        for file in python_files(project, "src")
        for node in functions(ast.parse(file.read_text(encoding="utf-8")))
        if _lines_without_docstring(node) > MOST_LINES_OF_A_FUNCTION
    ]
    assert not long, "\n".join(long)


def _lines_without_docstring(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    length = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if ast.get_docstring(node) is not None:
        length -= (first.end_lineno or first.lineno) - first.lineno + 1
    return length


def test_no_file_has_a_name_that_says_nothing(project: Path) -> None:
    wrong = [f for f in python_files(project, *FOLDERS) if f.stem in FORBIDDEN_NAMES]
    wrong += [f for f in (project / "src/tumen").rglob("*") if f.name in FORBIDDEN_NAMES]
    assert not wrong


def test_the_library_prints_nothing_and_sets_up_no_logging(project: Path) -> None:
    wrong = []
    for file in python_files(project, "src"):
        if "cli" in file.relative_to(project).parts:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = ast.unparse(node.func)
            if name in ("print", "logging.basicConfig", "sys.exit", "exit") or name.endswith(
                ".addHandler"
            ):
                wrong.append(f"{file.relative_to(project)}:{node.lineno}: {name}")
    assert not wrong, "\n".join(wrong)


def test_the_library_never_runs_what_it_reads(project: Path) -> None:
    """No eval, exec, pickle, shell or unsafe YAML: cases come from strangers."""
    # Building and writing XML is harmless; parsing it goes through defusedxml.
    writing = r"(\w*Element|ParseError|tostring)"
    banned = re.compile(
        r"\b(eval|exec)\(|\bimport (pickle|marshal|shelve)\b|\bos\.system\(|shell=True"
        r"|yaml\.(load|unsafe_load|full_load)\(|allow_pickle=True|import xml\b"
        rf"|from xml\.etree\.ElementTree import (?!{writing}(, {writing})*$)"
    )
    wrong = [
        f"{file.relative_to(project)}:{number}: {line.strip()}"
        for file in python_files(project, "src")
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if banned.search(line)
    ]
    assert not wrong, "\n".join(wrong)


def test_every_public_thing_of_the_library_has_a_docstring(project: Path) -> None:
    wrong = []
    for file in python_files(project, "src"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        if ast.get_docstring(tree) is None:
            wrong.append(f"{file.relative_to(project)}: the file")
        for node in tree.body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
                wrong += [
                    f"{file.relative_to(project)}:{thing.lineno}: {thing.name}"
                    for thing in (node, *(n for n in ast.walk(node) if n is not node))
                    if isinstance(thing, (ast.FunctionDef, ast.ClassDef))
                    and (thing is node or thing in node.body)
                    and not thing.name.startswith("_")
                    and ast.get_docstring(thing) is None
                    and not isinstance(node, ast.FunctionDef)
                ]
                if isinstance(node, ast.FunctionDef) and ast.get_docstring(node) is None:
                    wrong.append(f"{file.relative_to(project)}:{node.lineno}: {node.name}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy", "--no-error-summary"],
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_the_source_passes(command: list[str], project: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=project, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
