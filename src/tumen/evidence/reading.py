"""Reading a section to the end: the sources file beside the case, and every cross-check."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from tumen.core.errors import CaseError, Problem, raise_all
from tumen.core.reading import Document, read_yaml, validate
from tumen.evidence.check import Where, check, dotted
from tumen.evidence.spec import SourcesFile, Spec


def complete(
    spec: Spec,
    *,
    folder: Path,
    as_of: date,
    document: Document | None = None,
    at: Sequence[str | int] = ("evidence",),
) -> Spec:
    """Return the section with the outlets and sources of its sources file, fully checked.

    Parameters
    ----------
    spec
        The section as it stands in the case file.
    folder
        The case's folder; the sources file lies inside it.
    as_of
        Nothing published later may stand in the section.
    document, at
        The case file and the path of the section, so that messages name file and line.

    Raises
    ------
    CaseError
        With every problem: unknown names, a source issued after `as_of` (with both dates),
        missing ratings, copies that are rated differently, a sources file outside the folder.

    Examples
    --------
    >>> from datetime import date
    >>> from pathlib import Path
    >>> from tumen.evidence import Spec, complete
    >>> section = Spec.model_validate({"rater": "A. Analyst", "sets": [
    ...     {"id": "q", "question": "Is it so?", "hypotheses": [
    ...         {"id": "yes", "text": "It is so.", "prior": "0.5"},
    ...         {"id": "no", "text": "It is not so.", "prior": "0.5"}]}]})
    >>> complete(section, folder=Path("."), as_of=date(2017, 8, 31)).sources
    ()
    """
    extra, extra_document = SourcesFile(), None
    if spec.sources_file:
        extra_document = _read_sources(spec.sources_file, folder, _place(document, at))
        extra = validate(extra_document, SourcesFile)
    whole = spec.model_copy(
        update={
            "sources_file": "",
            "outlets": spec.outlets + extra.outlets,
            "sources": spec.sources + extra.sources,
        }
    )
    here = {"outlets": len(spec.outlets), "sources": len(spec.sources)}

    def where(path: Sequence[str | int]) -> str:
        head, number = (path[0], path[1]) if len(path) > 1 else ("", 0)
        if (
            extra_document is not None
            and isinstance(number, int)
            and number >= here.get(str(head), number + 1)
        ):
            return extra_document.where((head, number - here[str(head)], *path[2:]))
        return _place(document, at)(path)

    raise_all(check(whole, as_of=as_of, where=where), CaseError)
    return whole


def _place(document: Document | None, at: Sequence[str | int]) -> Where:
    if document is None:
        return dotted
    return lambda path: document.where((*at, *path))


def _read_sources(name: str, folder: Path, where: Where) -> Document:
    path = folder / name
    if Path(name).is_absolute() or not path.resolve().is_relative_to(folder.resolve()):
        problem = Problem(
            f"'{name}' lies outside the case's folder", where(("sources_file",)), "put it inside"
        )
        raise CaseError(problems=[problem])
    return read_yaml(path, name=str(path))
