"""The OECD's csv, from its form on paper to an economy, and what is refused on the way."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tumen.core.errors import DataError
from tumen.impact import embargo, solve
from tumen.impact.calibration import calibrate_table
from tumen.impact.tables import FINAL_USES, read_icio, read_wheel_table

SECTORS = ("A01_02", "B05_06", "C19", "J62_63")
PARTS = ("AUS", "CN1", "CN2", "MX1", "MX2", "ROW")
OWNERS = ("AUS", "CHN", "MEX", "ROW")
USES = ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR")
OWNER = {"CN1": "CHN", "CN2": "CHN", "MX1": "MEX", "MX2": "MEX"}

Table = tuple[np.ndarray, np.ndarray]


def table(*, negative: float = 0.4) -> Table:
    """Sales to sectors and to final users; rows and the first columns are parts x sectors."""
    rng = np.random.default_rng(11)
    nodes = len(PARTS) * len(SECTORS)
    used = rng.uniform(0.0, 1.0, (nodes, nodes))
    final = rng.uniform(1.0, 4.0, (nodes, len(OWNERS) * len(USES)))
    final[3, USES.index("INVNT")] = -negative
    return used, final


def write(path: Path, content: Table, *, change: Callable[[list[list[str]]], None] | None = None):  # type: ignore[no-untyped-def]
    """Write a table as the OECD does: totals at the right and below, parts of two countries."""
    used, final = content
    names = [f"{country}_{sector}" for country in PARTS for sector in SECTORS]
    uses = [f"{country}_{use}" for country in OWNERS for use in USES]
    total = used.sum(axis=1) + final.sum(axis=1)
    lines = [["V1", *names, *uses, "OUT"]]
    for name, left, right, out in zip(names, used, final, total, strict=True):
        lines.append([name, *(f"{v:.17g}" for v in (*left, *right, out))])
    below = len(uses) + 1
    for label in ("TLS", "AUS_TAXSUB", "VA", "OUT"):
        lines.append([label, *("1.5" for _ in names), *("0" for _ in range(below))])
    if change is not None:
        change(lines)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
    return path


def test_the_csv_gives_the_economy_of_its_arrays(tmp_path: Path) -> None:
    used, final = table()
    economy = read_icio(write(tmp_path / "2020_SML.csv", (used, final)))
    assert economy.countries.labels == OWNERS
    assert economy.sectors.labels == SECTORS
    n, j = len(OWNERS), len(SECTORS)
    home = np.array([OWNERS.index(OWNER.get(part, part)) for part in PARTS])
    gather = np.zeros((n * j, len(PARTS) * j))
    for k, owner in enumerate(home):
        for m in range(j):
            gather[owner * j + m, k * j + m] = 1.0
    joined = (gather @ used @ gather.T).reshape(n, j, n, j)
    # What is negative in the joined table counts as zero.
    bought = np.maximum(gather @ final.reshape(len(final), n, len(USES)).sum(axis=2), 0.0)
    expected = calibrate_table(
        OWNERS,
        SECTORS,
        intermediate=joined,
        final=bought.reshape(n, j, n).transpose(0, 2, 1),
    )
    for name in ("trade_share", "input_share", "final_share", "value_added", "output", "deficit"):
        np.testing.assert_allclose(getattr(economy, name), getattr(expected, name), atol=1e-12)
    assert economy.inputs[0].id == "impact.table.2020_SML"
    assert economy.value_added.sum() == pytest.approx(bought.sum(), rel=1e-12)
    found = solve(economy, embargo(economy, sender="CHN", target="MEX", leak=0.1))
    assert found.welfare_hat[OWNERS.index("MEX")] < 1


def test_negative_final_use_is_zero_and_said_so(tmp_path: Path) -> None:
    economy = read_icio(write(tmp_path / "t.csv", table(negative=40.0)))
    assert any("negative final use" in note and " 0 %" not in note for note in economy.notes)
    assert economy.final_share.min() >= 0


def test_a_sector_that_buys_more_than_it_sells_keeps_a_little_value_added(tmp_path: Path) -> None:
    used, final = table()
    used[:, 2] *= 10  # AUS C19
    economy = read_icio(write(tmp_path / "t.csv", (used, final)))
    assert 0 < economy.value_added_share[0, 2] <= 0.01
    assert "inputs are cut to what is sold, where they are more, in: AUS C19" in economy.notes


def cell(row: int, column: int, value: str) -> Callable[[list[list[str]]], None]:
    def change(lines: list[list[str]]) -> None:
        lines[row][column] = value

    return change


def shorter(lines: list[list[str]]) -> None:
    lines[4] = lines[4][:7]


def without_rows(lines: list[list[str]]) -> None:
    del lines[1:]


def without_uses(lines: list[list[str]]) -> None:
    lines[0] = [name if name.partition("_")[2] not in USES else "OUT" for name in lines[0]]


@pytest.mark.parametrize(
    ("change", "says", "where"),
    [
        (cell(2, 3, "many"), "a cell is no number", "t.csv:3"),
        (cell(2, 3, ""), "a cell is no number", "t.csv:3"),
        (cell(2, 3, "nan"), "a cell is not finite", "t.csv:3"),
        (cell(2, 3, "-1"), "intermediate is negative", "intermediate"),
        (shorter, "a cell is no number", "t.csv:5"),
        (cell(3, 0, "AUSTRALIA"), "'AUSTRALIA' is no country and sector", "row"),
        (cell(0, 3, "AUS"), "'AUS' is no country and sector", "column"),
        (cell(0, 3, "AUS_C91"), "'AUS_C91' is neither a sector nor a final use", "t.csv"),
        (cell(0, 3, "AUT_C19"), "'AUT_C19' is of a country that has no rows", "t.csv"),
        (cell(1, 0, "AUS_X99"), "no trade elasticity is known for 'X99'", ""),
        (without_rows, "the table has no rows", "t.csv"),
        (without_uses, "no column of final use", "t.csv"),
    ],
)
def test_what_is_no_table_is_refused_with_its_place(
    tmp_path: Path, change: Callable[[list[list[str]]], None], says: str, where: str
) -> None:
    path = write(tmp_path / "t.csv", table(), change=change)
    with pytest.raises(DataError, match=says) as raised:
        read_icio(path)
    assert where in raised.value.problems[0].where


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read_icio(tmp_path / "absent.csv")
    (tmp_path / "t.csv").write_bytes(b"V1,AUS_A01\n\xff\xfe\x00")
    with pytest.raises(DataError, match="cannot be read"):
        read_icio(tmp_path / "t.csv")
    (tmp_path / "t.whl").write_bytes(b"no zip")
    with pytest.raises(DataError, match="holds no table"):
        read_wheel_table(tmp_path / "t.whl")


def test_every_final_use_of_the_csv_is_known() -> None:
    assert set(USES) <= set(FINAL_USES)
