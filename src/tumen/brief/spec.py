"""The section ``brief`` of a case file."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tumen.core.record import Record

Suffix = Literal["html", "pdf", "md"]


class Spec(Record):
    """How the brief of a case is set; nothing in it changes a number.

    Attributes
    ----------
    title, authors
        Printed instead of the case's own when given.
    formats
        Files that ``tumen run`` writes.
    page_one
        Ids of findings that stand on page one; the findings of rank 0 when empty.
    language
        Language of the brief's own words.
    """

    title: str = ""
    authors: tuple[str, ...] = ()
    formats: tuple[Suffix, ...] = ("html", "pdf", "md")
    page_one: tuple[str, ...] = Field(default=(), max_length=8)
    language: Literal["en"] = "en"
