"""Run again and compare: what a record says must come out of its case once more."""

from __future__ import annotations

from pathlib import Path

from tumen.assess import Difference, differences
from tumen.case.loading import load
from tumen.case.record import read_record, record_path
from tumen.case.running import run
from tumen.core.progress import Progress, silent
from tumen.core.record import Record


class Verification(Record):
    """What a second run says of a record.

    Attributes
    ----------
    record
        Path of the record.
    differences
        What moved, judgments first.
    versions
        Packages of another version; by themselves no difference of the result.
    """

    record: str
    differences: tuple[Difference, ...]
    versions: tuple[Difference, ...]

    @property
    def holds(self) -> bool:
        """Whether the record comes out again."""
        return not self.differences

    def text(self) -> str:
        """Return the outcome in lines for a person."""
        count = len(self.differences)
        first = f"{self.record}: no difference"
        if count:
            first = f"{self.record}: {count} difference{'s' if count > 1 else ''}"
        return "\n".join(
            [
                first,
                *(f"- {each.sentence}" for each in self.differences),
                *(f"- note: {each.sentence}" for each in self.versions),
            ]
        )


def verify(
    folder: str | Path, *, record: str | Path | None = None, progress: Progress = silent
) -> Verification:
    """Run a case again and compare with its record.

    Parameters
    ----------
    folder
        The case.
    record
        A record, or a folder that holds one; the case's own in ``out`` when left out.
    progress
        See `run`.

    Raises
    ------
    DataError
        When there is no record, or none that this version can read.
    CaseError
        When the case cannot be read.

    Examples
    --------
    >>> import tempfile, tumen
    >>> from tumen.case import new, write_record
    >>> with tempfile.TemporaryDirectory() as place:
    ...     case = new(place + "/coal")
    ...     written = write_record(tumen.run(tumen.load(case)), case / "out")
    ...     tumen.verify(case).holds
    True
    """
    path = record_path(record if record is not None else folder)
    old = read_record(path)
    found = differences(old, run(load(folder), progress=progress))
    return Verification(
        record=str(path),
        differences=tuple(each for each in found if each.part != "version"),
        versions=tuple(each for each in found if each.part == "version"),
    )
