"""A reference to a published work, in the shape of CSL-JSON."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tumen.core.fields import Day
from tumen.core.record import Record

WorkType = Literal[
    "article",
    "article-journal",
    "article-newspaper",
    "bill",
    "book",
    "chapter",
    "dataset",
    "legislation",
    "post-weblog",
    "report",
    "speech",
    "webpage",
]


class Name(Record):
    """A person's or body's name; `literal` is printed as it stands (a body, a native script)."""

    family: str = ""
    given: str = ""
    literal: str = ""

    @property
    def sort_key(self) -> str:
        """The text that sorts the bibliography and stands in a citation."""
        return self.literal or self.family


class Citation(Record):
    """A published work.

    Attributes
    ----------
    id
        Key by which the case refers to it.
    issued
        Day of publication; decides what an as-of date lets in.
    precision
        How much of `issued` is known: an unknown day or month counts as the last one.
    accessed
        Day on which it was read, when it was read online.
    """

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    type: WorkType
    title: str = Field(min_length=1)
    author: tuple[Name, ...] = ()
    container_title: str = ""
    publisher: str = ""
    publisher_place: str = ""
    number: str = ""
    issued: Day
    precision: Literal["day", "month", "year"] = "day"
    accessed: Day | None = None
    url: str = ""
    doi: str = ""
    language: str = "en"
    note: str = ""
