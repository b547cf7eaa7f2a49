"""Cells of a csv that a spreadsheet will open."""

from __future__ import annotations

_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def inert_cell(text: str) -> str:
    """Return a cell that no spreadsheet runs as a formula; a number stays a number.

    Names and notes in a csv come from outsiders. A text that would start a formula gets an
    apostrophe in front, which spreadsheets take as "this is text".

    Examples
    --------
    >>> inert_cell('=HYPERLINK("http://x")')
    '\\'=HYPERLINK("http://x")'
    >>> inert_cell("-4.5"), inert_cell("Ri Chol Su")
    ('-4.5', 'Ri Chol Su')
    """
    if not text.startswith(_STARTS_FORMULA):
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text
