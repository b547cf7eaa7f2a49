"""From a folder to a case, with every problem at once."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from tumen.case.case import Case
from tumen.case.files import CaseDocument, case_folder, inside, read_case_files
from tumen.case.references import references
from tumen.core.errors import CaseError, Problem, TumenError, raise_all
from tumen.core.reading import problems_of
from tumen.evidence import Spec as EvidenceSpec
from tumen.evidence import complete
from tumen.regime import Regime
from tumen.regime import load as load_regime


def load(folder: str | Path) -> Case:
    """Read a case from its folder.

    Parameters
    ----------
    folder
        The folder, or the case.yaml in it.

    Raises
    ------
    CaseError
        With every problem: file, line, field, and the nearest valid word.

    Examples
    --------
    >>> import tempfile, tumen
    >>> from tumen.case import new
    >>> with tempfile.TemporaryDirectory() as place:
    ...     tumen.load(new(place + "/coal")).target
    'PRK'
    """
    path = case_folder(Path(folder))
    document = read_case_files(path)
    problems = list(document.problems)
    case = _validated(path, document, problems)
    if case is not None:
        whole = _completed(case.evidence, path, document, problems, as_of=case.as_of)
        evidence = whole or case.evidence
        problems += references(
            case, evidence=evidence, document=document, are_sources_known=whole is not None
        )
        try:
            regime_of(case)
        except TumenError as error:
            place = document.where(("regime", "load"))
            problems += [
                Problem(each.what, each.where if ".yaml:" in each.where else place, each.hint)
                for each in error.problems
            ]
        if not problems:
            return case.model_copy(update={"evidence": evidence})
    raise_all(problems, CaseError)
    raise AssertionError("a case that cannot be read has problems")


def check(folder: str | Path) -> tuple[Problem, ...]:
    """Return every problem of a case; none when it would run.

    Examples
    --------
    >>> from tumen.case import check
    >>> check("no-such-folder")[0].what
    'there is no such folder'
    """
    try:
        load(folder)
    except CaseError as error:
        return error.problems
    return ()


def regime_of(case: Case) -> Regime:
    """Return the law of a case: a regime that tumen ships, or a file beside the case.

    Raises
    ------
    TumenError
        When there is none of that name, or it is broken.
    """
    name = case.regime.load
    if "/" in name or name.endswith((".yaml", ".yml", ".json")):
        return load_regime(inside(case.folder, name, where="regime.load"))
    return load_regime(name)


def _validated(path: Path, document: CaseDocument, problems: list[Problem]) -> Case | None:
    """Check everything against the schemas; a file that was not read is not called missing."""
    data = {"id": _slug(path), **document.data, "folder": path}
    if "folder" in document.data:
        problems.append(
            Problem("'folder' is no key here", document.where(("folder",)), "remove it")
        )
        return None
    for section in document.broken:
        data.pop(section, None)
    try:
        return Case.model_validate(data)
    except ValidationError as error:
        found = problems_of(error, document, Case)
        missing = {f"'{section}' is missing" for section in document.broken}
        problems += [problem for problem in found if problem.what not in missing]
        return None


def _completed(
    spec: EvidenceSpec,
    path: Path,
    document: CaseDocument,
    problems: list[Problem],
    *,
    as_of: date,
) -> EvidenceSpec | None:
    """Return the evidence with its sources, or nothing when they hold a problem."""
    try:
        if spec.sources_file:
            place = document.where(("evidence", "sources_file"))
            inside(path, spec.sources_file, where=place)
        return complete(spec, folder=path, as_of=as_of, document=document)
    except CaseError as error:
        problems.extend(error.problems)
        return None


def _slug(path: Path) -> str:
    """The folder's name as an id; ``case`` when nothing of it can stand in one."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", path.resolve().name).strip("-._")[:80] or "case"
