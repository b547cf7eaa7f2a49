"""Which characters may be printed; the others would break a file or hide what it says."""

from __future__ import annotations

import re
from typing import Any

_PLANES = range(0x10000, 0x110000, 0x10000)
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\u202a-\u202e\ufdd0-\ufdef\ufffe\uffff"
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000)
    )
    + "]"
)


def printable(text: str) -> str:
    """Return a text in which a replacement mark stands for every character that may not be printed.

    These are control characters and non-characters, which no XML holds and which end the drawing
    of a chart, and overrides of the direction of writing, which show a word as another.

    Examples
    --------
    >>> printable("a\\x00b")
    'a�b'
    """
    return _UNPRINTABLE.sub("�", text)


def printable_tree(value: Any) -> Any:
    """Return plain data in which every text is printable."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: printable_tree(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [printable_tree(one) for one in value]
    return value
