"""Progress is an argument: the interface decides how it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Step:
    """One report of progress.

    Attributes
    ----------
    stage
        What is under way, e.g. ``"impact"``.
    done, total
        Units of work; `total` is 0 when it is unknown.
    note
        One short phrase for a person.
    """

    stage: str
    done: int = 0
    total: int = 0
    note: str = ""


class Progress(Protocol):
    """Takes reports of progress; may raise KeyboardInterrupt to stop the work."""

    def __call__(self, step: Step, /) -> None: ...


def silent(step: Step, /) -> None:
    """Show nothing."""
