"""The shipped files: small, attributed, and refused when they have changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tumen import trade
from tumen.core.errors import DataError
from tumen.trade.shipped import read_shipped, shipped_folder, shipped_manifest


def test_every_shipped_file_has_its_hash_and_the_whole_is_small() -> None:
    listed = shipped_manifest().files
    folder = shipped_folder()
    found = {place.name for place in folder.iterdir() if place.name != "manifest.json"}
    assert found == set(listed)
    for name, entry in listed.items():
        content = folder.joinpath(name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry.sha256
        assert len(content) == entry.bytes
    assert sum(entry.bytes for entry in listed.values()) < 5_000_000


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    content = shipped_folder().joinpath("regions.csv").read_bytes()
    (tmp_path / "regions.csv").write_bytes(content + b"XXX,Other\n")
    with pytest.raises(DataError, match="has changed"):
        read_shipped("regions.csv", folder=tmp_path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="missing"):
        read_shipped("world.npz", folder=tmp_path)


def test_the_notice_names_the_owners_of_the_data(project: Path) -> None:
    notice = (project / "NOTICE").read_text(encoding="utf-8")
    for word in ("CEPII", "Etalab Open Licence 2.0", "OECD", "Creative Commons Attribution 4.0"):
        assert word in notice


def test_each_reader_carries_its_hash() -> None:
    files = shipped_manifest().files
    assert trade.read_sample().input.sha256 == files["baci_sample.parquet"].sha256
    assert trade.read_world().input.sha256 == files["world.npz"].sha256
    assert trade.read_facts("PRK").input.sha256 == files["facts_PRK.csv"].sha256


def test_the_sample_is_the_shared_file_cut_to_five_parties(shared: Path) -> None:
    """Same rows and sums as a copy of the source that was read independently."""
    import duckdb

    source = shared / "data/baci/baci_minerals74_int_zstd19.parquet"
    parties = (156, 408, 410, 643, 842)
    with duckdb.connect() as connection:
        rows, value = connection.execute(
            f"select count(*), sum(v) from read_parquet('{source}') "
            f"where (i in {parties} or j in {parties}) and 849 not in (i, j)"
        ).fetchall()[0]
    flows = trade.read_sample()
    assert len(flows) == rows
    assert flows.total() == pytest.approx(float(value), rel=1e-12)


@pytest.mark.parametrize(
    ("code", "sector"),
    [
        ("270112", "coal"),
        ("2709", "oil_gas"),
        ("2710", "refined_petroleum"),
        ("260111", "metal_ores_other_mining"),
        ("030617", "food"),
        ("030211", "fishing"),
        ("6109", "textiles"),
        ("847130", "electronics_electrical"),
    ],
)
def test_products_belong_to_the_sector_that_makes_them(code: str, sector: str) -> None:
    assert trade.sector_of(code) == sector


def test_every_code_of_the_sample_has_a_name_and_a_sector() -> None:
    for code in trade.read_sample().coverage.products:
        assert not trade.product_name(code).startswith("HS ")
        assert trade.sector_of(code)
