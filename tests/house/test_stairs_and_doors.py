"""Stairs and doors: who may import whom, and through what."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

OPEN = {"core", "numerics"}
"""Rooms without a door: import from their files."""


def rooms(project: Path) -> list[str]:
    """Names of the rooms, from the folders."""
    return sorted(p.name for p in (project / "src/tumen").iterdir() if (p / "__init__.py").exists())


def imported(tree: ast.AST) -> list[tuple[int, str]]:
    """Line and dotted name of each module that a file imports."""
    found: list[tuple[int, str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"relative import on line {node.lineno}"
            found.append((node.lineno, node.module or ""))
            if node.module == "tumen":
                found += [(node.lineno, f"tumen.{alias.name}") for alias in node.names]
    return found


def test_a_room_imports_only_from_lower_floors_and_strangers_stay_strangers(project: Path) -> None:
    """The floors stand in pyproject.toml; import-linter walks every chain of imports."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_floors_name_every_room(project: Path) -> None:
    text = (project / "pyproject.toml").read_text(encoding="utf-8")
    floors = text.split("layers = [", 1)[1].split("]", 1)[0]
    assert set(rooms(project)) <= set(re.findall(r"[a-z]+", floors))


def test_another_room_is_entered_only_through_its_door(project: Path) -> None:
    wrong = []
    for file in sorted((project / "src/tumen").rglob("*.py")):
        home = file.relative_to(project / "src/tumen").parts[0]
        for line, name in imported(ast.parse(file.read_text(encoding="utf-8"))):
            parts = name.split(".")
            if parts[0] != "tumen" or len(parts) < 3 or parts[1] in OPEN or parts[1] == home:
                continue
            if (project / "src" / "/".join(parts) / "__init__.py").exists():
                continue  # a room inside a room has a door of its own
            wrong.append(f"{file.relative_to(project)}:{line}: {name} is behind a door")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import tumen.regime.rule", ["tumen.regime.rule"]),
        ("from tumen import trade", ["tumen", "tumen.trade"]),
        ("def f():\n    from tumen.impact.solve import x", ["tumen.impact.solve"]),
    ],
)
def test_the_reader_of_imports_sees_every_form(source: str, names: list[str]) -> None:
    assert [name for _, name in imported(ast.parse(source))] == names
