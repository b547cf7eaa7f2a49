"""The world table: it adds up, says what is not known, and is the wheel's table aggregated."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from tumen import trade
from tumen.core.errors import DataError
from tumen.core.finding import Input
from tumen.numerics.tolerance import assert_close
from tumen.trade.classify import sector_names
from tumen.trade.world import input_output

INPUT = Input(id="trade.test", sha256="0" * 64)


def test_the_shipped_table_adds_up() -> None:
    world = trade.read_world()
    assert (len(world.regions), len(world.sectors)) == (32, 17)
    assert max(world.gaps().values()) < 1e-12
    assert world.final_use_by_importer is None
    assert any("row only" in caveat for caveat in world.caveats)
    assert np.all(world.value_added.values >= 0)


def test_world_value_added_is_world_final_use() -> None:
    world = trade.read_world()
    assert_close(world.value_added.values.sum(), world.final_use.values.sum(), "identity")


def test_the_shipped_sectors_have_names() -> None:
    assert list(sector_names()) == list(trade.read_world().sectors)


def test_the_shipped_table_agrees_with_the_shared_aggregate(shared: Path) -> None:
    """An aggregate of the same source that someone else made: 32 regions x 15 sectors."""
    other = np.load(shared / "data/icio/icio32_s15.npz")
    world = trade.read_world()
    places = [list(other["countries"]).index(region) for region in world.regions]
    theirs_output = other["s"][places]
    assert_close(world.output.values.sum(axis=1) / theirs_output.sum(axis=1), np.ones(32), "solver")
    coal = list(other["sectors"]).index("coal")
    ours = world.output.values[:, world.sectors.place("coal")]
    # Whole hundreds of dollars are shipped: a small sector may be off by its rounding.
    np.testing.assert_allclose(ours, theirs_output[:, coal], rtol=1e-6, atol=0.05)
    theirs = other["Z"][np.ix_(places, range(15), places, range(15))]
    np.testing.assert_allclose(
        world.intermediate.values.sum(axis=(1, 3)), theirs.sum(axis=(1, 3)), rtol=1e-6, atol=0.1
    )


def test_every_country_of_the_source_has_a_region(shared: Path) -> None:
    regions = json.loads((shared / "data/icio/maps.json").read_text())["regions"]
    for country, region in regions.items():
        assert trade.region_of(country) == region


def small(**changes: object) -> dict[str, object]:
    given: dict[str, object] = {
        "regions": ("CHN", "PRK"),
        "sectors": ("coal", "food"),
        "intermediate": np.ones((2, 2, 2, 2)),
        "final_use": np.ones((2, 2)),
        "year": 2016,
        "input": INPUT,
    }
    return given | changes


def test_output_is_the_sum_of_uses_and_value_added_the_rest() -> None:
    table = input_output(**small())  # type: ignore[arg-type]
    assert table.output.at(exporter="PRK", input_sector="coal") == 5.0
    assert table.value_added.at(exporter="PRK", input_sector="coal") == 1.0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"intermediate": -np.ones((2, 2, 2, 2))}, "negative"),
        ({"intermediate": np.full((2, 2, 2, 2), np.nan)}, "infinite"),
        ({"value_added": np.zeros((2, 2))}, "does not add up"),
        ({"final_use": np.ones((3, 2))}, "shape"),
        ({"regions": ("PRK", "PRK")}, "twice"),
        ({"final_use_by_importer": np.zeros((2, 2, 2))}, "does not add up"),
    ],
)
def test_a_nonsense_table_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises((DataError, ValueError), match=message):
        input_output(**small(**changes))  # type: ignore[arg-type]


def write_wheel(path: Path, **changes: object) -> Path:
    """A small file of the wheel's layout: 2 countries, 2 sectors."""
    flows = np.arange(16, dtype=float).reshape(4, 4)
    final = np.full(4, 50.0)
    output = flows.sum(axis=1) + final
    bill = flows.sum(axis=0) / output
    arrays: dict[str, object] = {
        "A": flows / (bill * output)[None, :],
        "omb": bill,
        "s": output,
        "z": final,
        "countries": np.array(["CHN", "PRK"]),
        "sectors": np.array(["B05", "C19"]),
    }
    buffer = io.BytesIO()
    np.savez(buffer, **(arrays | changes))  # type: ignore[arg-type]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("sanction_simulator/data/bench_cache.npz", buffer.getvalue())
    return path


def test_the_wheels_node_order_is_sector_major(tmp_path: Path) -> None:
    world = trade.read_world_file(write_wheel(tmp_path / "x.whl"))
    # Node 1 is (B05, PRK), node 2 is (C19, CHN): flow 1 -> 2 is 6 in the matrix 0..15.
    assert world.intermediate.at(
        exporter="PRK", input_sector="B05", importer="CHN", using_sector="C19"
    ) == pytest.approx(6.0)
    assert world.final_use.at(exporter="PRK", input_sector="C19") == 50.0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"s": np.full(4, 1.0)}, "differ from stated output|negative"),
        ({"z": np.zeros(3)}, "do not fit"),
        ({"countries": np.array(["CHN"])}, "do not fit"),
        ({"omb": np.array([object()] * 4)}, "unexpected type"),
    ],
)
def test_a_wheel_of_another_layout_is_refused(
    tmp_path: Path, changes: dict[str, object], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        trade.read_world_file(write_wheel(tmp_path / "x.whl", **changes))


def test_a_file_that_is_no_wheel_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.whl"
    path.write_bytes(b"no zip")
    with pytest.raises(DataError, match="not the expected table"):
        trade.read_world_file(path)
    with pytest.raises(DataError, match="no such file"):
        trade.read_world_file(tmp_path / "absent.whl")
