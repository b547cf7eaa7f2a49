"""Pages that a tool writes say what the code says."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

PROJECT = Path(__file__).resolve().parents[2]


def tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, PROJECT / f"tools/{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["cli_page", "case_page"])
def test_a_page_that_a_tool_writes_is_the_one_in_the_docs(name: str) -> None:
    writer = tool(name)
    assert writer.PAGE.read_text(encoding="utf-8") == writer.page(), f"run: python tools/{name}.py"


def test_every_key_of_a_case_has_a_meaning() -> None:
    rows = [line for line in tool("case_page").page().splitlines() if line.startswith("| `")]
    assert len(rows) > 250
    assert not [row for row in rows if row.endswith("|  |")]
