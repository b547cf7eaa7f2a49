"""Errors that say what is wrong, where it stands and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tumen.core.status import Status


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    Attributes
    ----------
    what
        What is wrong, as a plain sentence that quotes the offending value.
    where
        File, line and field, e.g. ``"case.yaml:12: actors.2"``; empty when there is no place.
    hint
        What to do, with the nearest valid word; empty when there is nothing to suggest.
    """

    what: str
    where: str = ""
    hint: str = ""

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text}\n  hint: {self.hint}" if self.hint else text


class TumenError(Exception):
    """Base of every error that tumen raises on purpose.

    Parameters
    ----------
    what
        What is wrong.
    where
        File, line and field.
    hint
        What to do.
    problems
        All problems, when several were collected; then `what` is left out.
    """

    def __init__(
        self,
        what: str = "",
        where: str = "",
        hint: str = "",
        *,
        problems: Sequence[Problem] = (),
    ) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems) or (Problem(what, where, hint),)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class CaseError(TumenError, ValueError):
    """The author of the case can repair it.

    Being a ValueError, it may be raised inside a schema's validator: the reader of the file adds
    the line.
    """


class DataError(TumenError, ValueError):
    """The keeper of the data can repair it; see `CaseError` on validators."""


class ModelError(TumenError):
    """A model has no answer to show; `status` says why."""

    def __init__(
        self, what: str = "", where: str = "", hint: str = "", *, status: Status | None = None
    ) -> None:
        self.status = status
        super().__init__(what, where, hint)


def raise_all(problems: Iterable[Problem], kind: type[CaseError] | type[DataError]) -> None:
    """Raise one error that holds all problems; return when there are none."""
    collected = tuple(problems)
    if collected:
        raise kind(problems=collected)
