"""Read a regime strictly: a programme that tumen ships, a folder, or one file."""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import TypeVar

from tumen.core.errors import CaseError, Problem, TumenError, raise_all
from tumen.core.nearest import did_you_mean
from tumen.core.reading import Document, read_yaml, validate
from tumen.core.record import Record, sha256_text
from tumen.regime.coherence import problems_between, sources_of
from tumen.regime.rules import Instrument, Programme, Regime
from tumen.regime.uses import Use

R = TypeVar("R", bound=Record)

MOST_FILES = 500
"""A programme with more files is refused."""

PROGRAMME, USES = "programme.yaml", "uses.yaml"


class UsesFile(Record):
    """What ``uses.yaml`` holds."""

    uses: tuple[Use, ...] = ()


def library() -> tuple[str, ...]:
    """Return the ids of the programmes that tumen ships.

    Examples
    --------
    >>> "UN-1718" in library()
    True
    """
    root = files("tumen.regime").joinpath("library")
    return tuple(sorted(entry.name for entry in root.iterdir() if entry.is_dir()))


def load(name: str | Path) -> Regime:
    """Return a regime by the name of a shipped programme, or from a folder or file.

    Parameters
    ----------
    name
        ``"UN-1718"`` or another name of a shipped programme; or the path of a folder with
        ``programme.yaml``, instrument files and ``uses.yaml``; or the path of one instrument file.

    Raises
    ------
    CaseError
        With every problem: file, line, field and the nearest valid word.

    Examples
    --------
    >>> load("UN-1718").target
    'PRK'
    """
    if isinstance(name, str):
        for shipped in library():
            if name == shipped:
                return _shipped(shipped)
        path = Path(name)
        if not path.exists():
            by_name = {
                alias: shipped
                for shipped in library()
                for alias in _shipped(shipped).programme.names
            }
            if name in by_name:
                return _shipped(by_name[name])
            hint = did_you_mean(name, [*library(), *by_name])
            raise CaseError(f"'{name}' is no regime that tumen ships, and no file", "regime", hint)
        return load(path)
    if name.is_dir():
        return _read_folder(name)
    return _read_file(name)


@cache
def _shipped(name: str) -> Regime:
    with as_file(files("tumen.regime").joinpath("library", name)) as folder:
        return _read_folder(folder)


def _read_folder(folder: Path) -> Regime:
    paths = _yaml_files(folder)
    if folder / PROGRAMME not in paths:
        raise CaseError(
            f"the folder has no {PROGRAMME}", str(folder), "say id, title, target, lines"
        )
    problems: list[Problem] = []
    documents: dict[str, Document] = {}
    for path in paths:
        try:
            documents[path.relative_to(folder).as_posix()] = read_yaml(
                path, name=f"{folder.name}/{path.relative_to(folder).as_posix()}"
            )
        except TumenError as error:
            problems.extend(error.problems)
    digest = sha256_text(
        "".join(f"{key}\0{sha256_text(_text(folder / key))}" for key in sorted(documents))
    )
    programme = _checked(documents.pop(PROGRAMME, None), Programme, problems)
    uses = _checked(documents.pop(USES, None), UsesFile, problems)
    instruments = {
        key: _checked(document, Instrument, problems) for key, document in documents.items()
    }
    raise_all(problems, CaseError)
    assert programme is not None
    return _joined(
        programme,
        {
            documents[key].name: (documents[key], found)
            for key, found in instruments.items()
            if found
        },
        uses.uses if uses else (),
        digest,
    )


def _read_file(path: Path) -> Regime:
    document = read_yaml(path)
    instrument = validate(document, Instrument)
    programme = Programme(
        id=path.stem.replace(".", "-").replace("_", "-").upper() or "FILE",
        title=instrument.title or instrument.cite,
        target=instrument.target,
        lines=(instrument.line,),
        sources={key: key for key in sources_of(instrument)},
    )
    digest = sha256_text(_text(path))
    return _joined(programme, {document.name: (document, instrument)}, (), digest)


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="replace")


def _yaml_files(folder: Path) -> list[Path]:
    root = folder.resolve()
    found = sorted(path for path in folder.rglob("*.yaml") if path.is_file())
    if len(found) > MOST_FILES:
        raise CaseError(f"{len(found)} files; at most {MOST_FILES} are read", str(folder))
    outside = [path for path in found if root not in path.resolve().parents]
    raise_all(
        (
            Problem("the file lies outside the folder", str(path), "copy it inside")
            for path in outside
        ),
        CaseError,
    )
    return found


def _checked(document: Document | None, model: type[R], problems: list[Problem]) -> R | None:
    if document is None:
        return None
    try:
        return validate(document, model)
    except TumenError as error:
        problems.extend(error.problems)
        return None


def _joined(
    programme: Programme,
    found: dict[str, tuple[Document, Instrument]],
    uses: tuple[Use, ...],
    digest: str,
) -> Regime:
    raise_all(problems_between(programme, tuple(found.values()), uses), CaseError)
    order = sorted(
        (instrument for _, instrument in found.values()),
        key=lambda instrument: (instrument.adopted, instrument.id),
    )
    return Regime(programme=programme, instruments=tuple(order), uses=uses, sha256=digest)
