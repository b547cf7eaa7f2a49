"""Weight: no door loads a heavy library, and importing does nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("numpy", "scipy", "duckdb", "jax", "typst", "vl_convert", "pandas")
DOORS = (
    "tumen",
    "tumen.cli",
    *(
        f"tumen.{room}"
        for room in (
            *("core", "regime", "trade", "evidence", "monitor", "impact"),
            *("strategy", "assess", "brief", "case"),
        )
    ),
)


def in_fresh_python(code: str, *, folder: Path | None = None) -> str:
    """Run code in a new interpreter and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=folder
    )
    return done.stdout


@pytest.mark.parametrize("door", DOORS)
def test_a_door_loads_no_heavy_library(door: str) -> None:
    printed = in_fresh_python(f"import sys, {door}; print(sorted(sys.modules))")
    loaded = {name.strip(" []'\n").split(".")[0] for name in printed.split(",")}
    assert loaded.isdisjoint(HEAVY), sorted(loaded.intersection(HEAVY))


def test_every_room_has_a_door_under_test(project: Path) -> None:
    found = {f"tumen.{p.parent.name}" for p in (project / "src/tumen").glob("*/__init__.py")}
    assert found - {"tumen.numerics"} == set(DOORS) - {"tumen"}


@pytest.mark.parametrize("door", DOORS)
def test_a_door_opens_every_name_it_shows(door: str) -> None:
    code = (
        f"import importlib, json; door = importlib.import_module({door!r})\n"
        "shown = list(getattr(door, '__all__', []))\n"
        "print(json.dumps([shown, [n for n in shown if not hasattr(door, n)], door.__doc__]))"
    )
    shown, missing, summary = json.loads(in_fresh_python(code))
    assert missing == []
    assert len(set(shown)) == len(shown)
    assert summary
    assert summary.strip().splitlines()[0].endswith((".", "?"))


@pytest.mark.parametrize("door", [d for d in DOORS if d not in ("tumen.core", "tumen.cli")])
def test_a_door_shows_about_a_dozen_names(door: str, project: Path) -> None:
    """A larger door needs a decision record that names the room."""
    shown = json.loads(in_fresh_python(f"import json, {door} as d; print(json.dumps(d.__all__))"))
    allowed = 14
    room = door.rsplit(".", maxsplit=1)[-1]
    if any(f"door-of-{room}" in file.name for file in (project / "docs/decisions").glob("*.md")):
        allowed = 24
    assert 1 <= len(shown) <= allowed, shown


def test_an_unknown_name_of_a_door_is_an_attribute_error() -> None:
    for door in DOORS:
        code = f"import {door} as d\ntry: d.no_such_name\nexcept AttributeError as e: print(e)"
        assert "no_such_name" in in_fresh_python(code), door


def test_importing_every_file_writes_nothing_and_prints_nothing(
    project: Path, tmp_path: Path
) -> None:
    # threadpoolctl sets KMP_DUPLICATE_LIB_OK when it is imported; it is here before.
    code = (
        "import importlib, pkgutil, random, os, threadpoolctl, tumen\n"
        "before = (random.getstate(), dict(os.environ), os.getcwd())\n"
        "for found in pkgutil.walk_packages(tumen.__path__, 'tumen.'):\n"
        "    if not found.name.endswith('__main__'):\n"
        "        importlib.import_module(found.name)\n"
        "assert (random.getstate(), dict(os.environ), os.getcwd()) == before\n"
    )
    assert in_fresh_python(code, folder=tmp_path) == ""
    assert list(tmp_path.iterdir()) == []


def _child_seconds() -> float:
    used = os.times()
    return used.children_user + used.children_system


def test_help_answers_at_once_and_loads_no_room(tmp_path: Path) -> None:
    """Processor time counts, and the best of five: a busy machine is not the command's fault."""
    command = [sys.executable, "-m", "tumen", "--help"]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    best = float("inf")
    for _ in range(5):
        start = _child_seconds()
        subprocess.run(command, check=True, capture_output=True, env=environment, cwd=tmp_path)
        best = min(best, _child_seconds() - start)
    assert best < 0.3
    code = (
        "import sys, contextlib, io\nfrom tumen.cli import main\n"
        "with contextlib.redirect_stdout(io.StringIO()):\n"
        "    try: main(['--help'])\n    except SystemExit: pass\n"
        "print([m for m in sys.modules if m.startswith('tumen.') or m in ('numpy', 'pydantic')])"
    )
    loaded = in_fresh_python(code)
    assert "numpy" not in loaded
    assert "pydantic" not in loaded
    assert "tumen.regime" not in loaded


def test_no_file_bears_a_name_that_its_door_shows(project: Path) -> None:
    """Importing such a file would put the file in the place of the verb."""
    wrong = []
    for door in DOORS[2:]:
        code = f"import json, {door} as d; print(json.dumps(list(getattr(d, '__all__', []))))"
        shown = set(json.loads(in_fresh_python(code)))
        room = project / "src/tumen" / door.removeprefix("tumen.")
        files = [*room.glob("*.py"), *(found.parent for found in room.glob("*/__init__.py"))]
        wrong += [f"{door}: {file.stem}" for file in files if file.stem in shown]
    assert not wrong, wrong
