"""A first case to change: commented, valid and ready to run."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from tumen.case.files import CASE_FILE
from tumen.core.errors import CaseError


def new(folder: str | Path) -> Path:
    """Make a folder with a commented case that passes `check` and runs; return the folder.

    Raises
    ------
    CaseError
        When the folder holds something already, or cannot be made.

    Examples
    --------
    >>> import tempfile
    >>> from tumen.case import check, new
    >>> with tempfile.TemporaryDirectory() as place:
    ...     check(new(place + "/coal"))
    ()
    """
    path = Path(folder)
    text = files("tumen.case").joinpath("template", CASE_FILE).read_text(encoding="utf-8")
    try:
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise CaseError("the folder is not empty", str(path), "name a new folder")
        path.mkdir(parents=True, exist_ok=True)
        case_file = path / CASE_FILE
        try:
            case_file.write_text(text, encoding="utf-8")
        except OSError:
            case_file.unlink(missing_ok=True)
            raise
    except (OSError, ValueError) as error:
        if isinstance(error, CaseError):
            raise
        reason = getattr(error, "strerror", None) or error
        raise CaseError(f"the folder cannot be made: {reason}", str(path)) from None
    return path
