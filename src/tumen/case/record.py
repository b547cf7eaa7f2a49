"""The record on disk: canonical JSON, written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from tumen.assess import Assessment
from tumen.case.files import CASE_FILE
from tumen.core.errors import CaseError, DataError
from tumen.core.record import canonical_json

RECORD_FILE = "assessment.json"
OUT = "out"
MAX_BYTES = 64_000_000
"""Largest record that is read; a record is a few hundred kB."""


def record_path(place: str | Path) -> Path:
    """Return where the record of a case, an output folder or a record itself lies."""
    path = Path(place)
    if path.name == CASE_FILE:
        path = path.parent
    if (path / CASE_FILE).exists():
        return path / OUT / RECORD_FILE
    return path / RECORD_FILE if path.is_dir() else path


def read_record(place: str | Path) -> Assessment:
    """Read the record of a case from its folder, or a record by its path.

    Raises
    ------
    DataError
        When there is none, or it is not a record of this version.
    """
    path = record_path(place)
    try:
        if not path.is_file():
            raise DataError("there is no record", str(path), "tumen run CASE writes it")
        if path.stat().st_size > MAX_BYTES:
            raise DataError(
                f"the file has more than {MAX_BYTES:,} bytes", str(path), "name a record"
            )
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"the record cannot be read: {error}", str(path)) from None
    try:
        return Assessment.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(map(str, first["loc"]))
        raise DataError(
            f"this is no record that this version can read: {first['msg']}",
            f"{path}: {field}" if field else str(path),
            "tumen run CASE writes it anew",
        ) from None


def write_record(record: Assessment, folder: str | Path) -> Path:
    """Write a record as canonical JSON into a folder and return its path.

    A reader sees the old record or the new one, never a part.

    Raises
    ------
    CaseError
        When the folder cannot be written.
    """
    path = Path(folder) / RECORD_FILE
    text = canonical_json(record) + "\n"
    write_whole(path, lambda part: _write_text(part, text))
    return path


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` make a file beside `path`, then put it in its place at once.

    Raises
    ------
    CaseError
        When the place cannot be written; what stood there before still does.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".part-") as part:
            # The name keeps its suffix: writers choose the format by it.
            written = Path(part) / path.name
            write(written)
            os.replace(written, path)
    except OSError as error:
        raise CaseError(
            f"the file cannot be written: {error.strerror or error}",
            str(path),
            "name another folder with --out",
        ) from None


def _write_text(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
