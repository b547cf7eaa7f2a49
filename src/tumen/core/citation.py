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
    """A person's or body's name; `literal` is printed as it stands (a body, a native script).

    Attributes
    ----------
    family, given
        Names of a person.
    literal
        A name that is printed as it stands.
    """

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
    type
        Kind of work, in the words of CSL.
    title, author
        Of the work itself; authors in their order.
    container_title
        Newspaper, journal, book or site in which it stands.
    publisher, publisher_place
        Who brought it out, and where.
    number
        Symbol or number of a document, e.g. ``S/RES/2371 (2017)``.
    issued
        Day of publication; decides what an as-of date lets in.
    precision
        How much of `issued` is known: an unknown day or month counts as the last one.
    accessed
        Day on which it was read, when it was read online.
    url, doi
        Where it can be read.
    language
        Language of the work, as a two-letter code.
    note
        What of it was read, or through whom it is known.
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
