"""The data that the package ships: every file is checked against its recorded hash."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from tumen.core.errors import DataError
from tumen.core.finding import Input
from tumen.core.record import Record, sha256_bytes

MANIFEST = "manifest.json"


class ShippedFile(Record):
    """One shipped file: its hash, size, origin and attribution."""

    sha256: str
    bytes: int
    origin: str
    licence: str
    note: str


class ShippedManifest(Record):
    """The list of shipped files by name."""

    files: dict[str, ShippedFile]


def shipped_folder() -> Traversable:
    """Return the folder that holds the shipped data."""
    return files("tumen.trade").joinpath("data")


@cache
def shipped_manifest() -> ShippedManifest:
    """Return the list of shipped files."""
    text = shipped_folder().joinpath(MANIFEST).read_text(encoding="utf-8")
    return ShippedManifest.model_validate(json.loads(text))


def read_shipped(name: str, *, folder: Traversable | None = None) -> bytes:
    """Return a shipped file's content.

    Raises
    ------
    DataError
        When it is missing, or not the file that was shipped.
    """
    place = (folder or shipped_folder()).joinpath(name)
    expected = shipped_manifest().files.get(name)
    if expected is None or not place.is_file():
        raise DataError("the shipped file is missing", name, "install tumen again")
    content = place.read_bytes()
    found = sha256_bytes(content)
    if found != expected.sha256:
        raise DataError(
            f"the shipped file has changed: SHA-256 {found[:12]}..., expected "
            f"{expected.sha256[:12]}...",
            name,
            "install tumen again, or make the data with tools/build_shipped_data.py",
        )
    return content


def shipped_input(name: str, *, id: str) -> Input:
    """Return the input record of a shipped file."""
    entry = shipped_manifest().files[name]
    return Input(id=id, sha256=entry.sha256, note=entry.note)
