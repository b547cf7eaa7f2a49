"""The files of a case: read inside its folder only, with the line of every field."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tumen.core.errors import CaseError, Problem
from tumen.core.nearest import did_you_mean
from tumen.core.plain import Path_, short
from tumen.core.reading import Document, read_yaml

CASE_FILE = "case.yaml"
SUFFIXES = (".yaml", ".yml", ".json")


@dataclass(frozen=True)
class CaseDocument(Document):
    """All files of a case as one document that knows the file and line of every field.

    Attributes
    ----------
    places
        File, line and field there, by path in the whole.
    problems
        What was wrong with a file that the case names.
    broken
        Sections whose file could not be read.
    """

    places: dict[Path_, tuple[str, int, str]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    broken: frozenset[str] = frozenset()

    def where(self, path: Any) -> str:
        """Return ``file:line: field`` for a path, or for its nearest known parent."""
        for length in range(len(path), -1, -1):
            if tuple(path[:length]) in self.places:
                name, line, start = self.places[tuple(path[:length])]
                shown = ".".join([start, *map(str, path[length:])] if start else path[length:])
                return f"{name}:{line}: {shown}" if shown else f"{name}:{line}"
        return super().where(path)


def case_folder(path: Path) -> Path:
    """Return the folder of a case that is named by its folder or by its case.yaml.

    Raises
    ------
    CaseError
        When there is no such folder, or no case.yaml in it.
    """
    hint = "tumen new FOLDER makes a case"
    folder = path.parent if path.name == CASE_FILE else path
    try:
        has_folder, has_file = folder.is_dir(), (folder / CASE_FILE).exists()
    except (OSError, ValueError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CaseError(f"the folder cannot be read: {reason}", short(path), hint) from None
    if not has_folder and folder.exists():
        raise CaseError("this is no folder", short(folder), f"name a case's folder or {CASE_FILE}")
    if not has_folder:
        raise CaseError("there is no such folder", short(folder), hint)
    if not has_file:
        raise CaseError(f"the folder holds no {CASE_FILE}", short(folder), hint)
    return folder


def inside(folder: Path, name: str, *, where: str = "") -> Path:
    """Return the path of a file of the case.

    Raises
    ------
    CaseError
        When the name leaves the folder: absolute, with ``..``, or through a link.
    """
    hint = "name a file inside the case's folder, for example sources/sources.yaml"
    parts = name.replace("\\", "/").split("/")
    is_plain = bool(name) and name.isprintable() and ":" not in name and len(name) <= 200
    if not is_plain or name.startswith(("/", "\\", "~")) or ".." in parts:
        raise CaseError(f"'{name[:60]}' is not a file inside the case's folder", where, hint)
    path = folder / name
    try:
        leaves = not path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        raise CaseError(f"'{name}' is a link that leads nowhere", where, hint) from None
    if leaves:
        raise CaseError(f"'{name}' is a link that leaves the case's folder", where, hint)
    return path


def read_case_files(folder: Path) -> CaseDocument:
    """Read case.yaml and every file that it names.

    Raises
    ------
    CaseError
        When case.yaml itself cannot be read; problems of the other files are collected.
    """
    shown = f"{folder}/{CASE_FILE}"
    main = read_yaml(inside(folder, CASE_FILE, where=shown), name=shown)
    if not isinstance(main.data, dict):
        raise CaseError(
            "a case is a mapping of keys", f"{shown}:1", "start with title: and question:"
        )
    whole = dict(main.data)
    places = {path: (shown, line, _dotted(path)) for path, line in main.lines.items()}
    problems: list[Problem] = []
    broken: set[str] = set()
    for section, value in main.data.items():
        if not (isinstance(value, str) and value.endswith(SUFFIXES)):
            continue
        part = _read_part(folder, value, main.where((section,)), problems)
        if part is None:
            broken.add(section)
            continue
        whole[section] = part.data
        _put(places, part, (section,))
    return CaseDocument(
        name=shown,
        data=whole,
        lines=main.lines,
        places=places,
        problems=tuple(problems),
        broken=frozenset(broken),
    )


def _read_part(folder: Path, name: str, where: str, problems: list[Problem]) -> Document | None:
    try:
        path = inside(folder, name, where=where)
        if path.resolve() == (folder / CASE_FILE).resolve():
            raise CaseError(f"'{name}' is the case file itself", where, "write the section out")
        if not path.exists():
            there = sorted(p.name for p in folder.iterdir() if p.suffix in SUFFIXES)
            raise CaseError(f"there is no file '{name}'", where, did_you_mean(name, there))
        return read_yaml(path, name=str(folder / name))
    except CaseError as error:
        problems.extend(error.problems)
        return None


def _put(places: dict[Path_, tuple[str, int, str]], part: Document, at: Path_) -> None:
    for path, line in part.lines.items():
        places[(*at, *path)] = (part.name, line, _dotted(path))


def _dotted(path: Path_) -> str:
    return ".".join(map(str, path))
