"""The record on disk: canonical JSON, written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from tumen.assess import Assessment
from tumen.brief import Spec as BriefSpec
from tumen.brief import draft
from tumen.case.files import CASE_FILE
from tumen.core.errors import CaseError, DataError
from tumen.core.record import canonical_json

RECORD_FILE = "assessment.json"
OUT = "out"
SCHEMA = Assessment.model_fields["schema_version"].default
BriefFormat = Literal["html", "pdf", "md"]
MAX_BYTES = 64_000_000
"""Largest record that is read; a record is a few hundred kB."""


def record_path(place: str | Path) -> Path:
    """Return where the record of a case, an output folder or a record itself lies.

    Examples
    --------
    >>> from tumen.case import record_path
    >>> record_path("elsewhere/assessment.json").as_posix()
    'elsewhere/assessment.json'
    """
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

    Examples
    --------
    >>> from tumen.case import read_record
    >>> read_record("no-such-place")
    Traceback (most recent call last):
    ...
    tumen.core.errors.DataError: no-such-place: there is no record
      hint: tumen run CASE writes it
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
        reason = getattr(error, "strerror", None) or error
        raise DataError(f"the record cannot be read: {reason}", str(path)) from None
    try:
        record = Assessment.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(map(str, first["loc"]))
        raise DataError(
            f"this is no record that this version can read: {first['msg']}",
            f"{path}: {field}" if field else str(path),
            "tumen run CASE writes it anew",
        ) from None
    if record.schema_version != SCHEMA:
        raise DataError(
            f"the record has layout {record.schema_version}, this version reads layout {SCHEMA}",
            str(path),
            "tumen run CASE writes it anew",
        )
    return record


def write_record(
    record: Assessment,
    folder: str | Path,
    *,
    briefs: Sequence[BriefFormat] = (),
    spec: BriefSpec | None = None,
    kept_in: Path | None = None,
) -> tuple[Path, ...]:
    """Write a record as canonical JSON, and its briefs, into a folder; return their paths.

    Everything is made first and then put in place, so that a failure leaves what was there.

    Parameters
    ----------
    record
        See `run`.
    folder
        Made when it is missing.
    briefs
        Formats of the brief: ``html``, ``pdf``, ``md``.
    spec, kept_in
        How the brief is made and where its charts are kept; see `tumen.brief.write_brief`.

    Raises
    ------
    CaseError
        When the folder cannot be written.

    Examples
    --------
    >>> import tempfile, tumen
    >>> from tumen.case import new, write_record
    >>> with tempfile.TemporaryDirectory() as place:
    ...     record = tumen.run(tumen.load(new(place + "/coal")))
    ...     [path.name for path in write_record(record, place, briefs=("md",))]
    ['brief.md', 'assessment.json']
    """
    text = canonical_json(record) + "\n"
    drawn_up = draft(record, spec=spec, kept_in=kept_in) if briefs else None
    names = [*(f"brief.{suffix}" for suffix in briefs), RECORD_FILE]

    def write(path: Path) -> None:
        if path.name == RECORD_FILE:
            path.write_text(text, encoding="utf-8")
        elif drawn_up is not None:
            drawn_up.write(path)

    return write_whole([Path(folder) / name for name in names], write)


def write_whole(paths: Sequence[Path], write: Callable[[Path], object]) -> tuple[Path, ...]:
    """Let `write` make each file in a folder aside, then put all in place.

    Parameters
    ----------
    paths
        Where the files shall stand.
    write
        Called with a path of the same name, for all files at once, each in a thread; a reader
        sees the old file or the new one, never a part.

    Raises
    ------
    CaseError
        When a place cannot be written; what stood there before still does.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from tumen.case import write_whole
    >>> with tempfile.TemporaryDirectory() as place:
    ...     (path,) = write_whole([Path(place) / "a.txt"], lambda part: part.write_text("done"))
    ...     path.read_text()
    'done'
    """
    with ExitStack() as parts:
        made = []
        for path in paths:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                part = parts.enter_context(
                    tempfile.TemporaryDirectory(dir=path.parent, prefix=".part-")
                )
            except OSError as error:
                raise _unwritable(path, error) from None
            made.append((Path(part) / path.name, path))
        # The PDF is set outside of Python's lock, so it costs no time beside the page.
        with ThreadPoolExecutor(max_workers=len(made) or 1) as pool:
            writing = [(path, pool.submit(write, part_path)) for part_path, path in made]
        for path, done in writing:
            try:
                done.result()
            except OSError as error:
                raise _unwritable(path, error) from None
        for part_path, path in made:
            try:
                os.replace(part_path, path)
            except OSError as error:
                raise _unwritable(path, error) from None
    return tuple(paths)


def _unwritable(path: Path, error: OSError) -> CaseError:
    return CaseError(
        f"the file cannot be written: {error.strerror or error}",
        str(path),
        "name another place with --out or --to",
    )
