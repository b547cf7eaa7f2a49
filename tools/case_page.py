"""Write docs/reference/case-sections.md from the types of the sections.

python tools/case_page.py
"""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from tumen.core.chance import Chance, StatedChance
from tumen.core.fields import CountryCode, Day, ProductCode
from tumen.core.record import Record
from tumen.evidence.items import Likelihood, StatedRating
from tumen.strategy.ranges import Range

PAGE = Path(__file__).resolve().parents[1] / "docs/reference/case-sections.md"
ROOMS = ("regime", "trade", "monitor", "impact", "strategy", "evidence", "assess", "brief")
HEAD = """# Keys of the sections

Written by `tools/case_page.py` from the types that read the file. The keys at the top of
`case.yaml` and the rules of reading stand in [The case file](case.md).

*Without it*: what holds when the key is left out; **needed** when it cannot be, a dash for nothing.
A *chance* is a number such as `0.7` or a range such as `[0.6, 0.8]`; a *word* is `CC`, `C`, `N`,
`I`, `II` or `NA`. A *day* is written `2017-08-05`. A *country* is an alpha-3 code, a *product* an
HS code of 2, 4 or 6 digits.
"""
NAMED = (
    (CountryCode, "country"),
    (ProductCode, "product"),
    (Day, "day"),
    (StatedChance, "chance"),
    (Likelihood, "chance or word"),
)
PLAIN: dict[Any, str] = {str: "text", int: "whole number", float: "number", bool: "yes or no"}
MEANINGS = {
    "id": "Name by which other parts refer to it.",
    "text": "In words.",
    "label": "What the reader sees.",
    "because": "Why.",
    "reason": "Why.",
    "note": "What a reader must know.",
    "name": "In words.",
    "sources": "Ids of the case's sources.",
    "rank": "Place in the brief: 0 stands on page one, 6 and later in the annex only.",
    "low": "Lower end.",
    "high": "Upper end.",
    "code": "Who it is.",
    "product": "What is traded.",
    "exporter": "Who sells.",
    "importer": "Who buys.",
    "on": "The day.",
    "weights": "By name; `tumen strategy parameters` lists the names, units and starting ranges.",
}


def meanings(record: type[Record]) -> dict[str, str]:
    """What the docstrings of a record and its parents say of each key."""
    found: dict[str, str] = {}
    for kind in reversed([kind for kind in record.__mro__ if issubclass(kind, Record)]):
        text = inspect.cleandoc(kind.__doc__ or "")
        part = re.search(r"(?s)\nAttributes\n-+\n(.*?)(?:\n\n[A-Z][a-z]+\n-+\n|\Z)", text)
        for entry in re.split(r"\n(?=\S)", part[1]) if part else ():
            names, _, meaning = entry.partition("\n")
            found |= dict.fromkeys(names.split(", "), " ".join(meaning.split()))
    return found


def form(kind: Any, places: dict[type, str]) -> str:
    """How a value of this type is written, for a reader."""
    for named, word in NAMED:
        if kind == named:
            return word
    if kind == StatedRating:
        return f"chance, word or {form(get_args(kind)[0], places)}"
    origin, inner = get_origin(kind), get_args(kind)
    if hasattr(kind, "__metadata__"):
        return form(inner[0], places)
    if origin is Literal:
        return " or ".join(f"`{word}`" if word else "nothing" for word in inner)
    if origin in (Union, UnionType):
        words = (form(each, places) for each in inner if each is not type(None))
        return " or ".join(dict.fromkeys(words))
    if origin is tuple:
        return f"list: {form(inner[0], places)}"
    if origin is dict:
        return f"mapping: {form(inner[0], places)} to {form(inner[1], places)}"
    if kind in places:
        anchor = places[kind].replace(".", "").lower()
        return f"[{places[kind].rpartition('.')[2]}](#{anchor})"
    return PLAIN[kind]


def default(field: Any) -> str:
    """What holds when a key is left out."""
    if field.is_required():
        return "**needed**"
    value = field.get_default(call_default_factory=True)
    if value is True or value is False:
        return "yes" if value else "no"
    if value is None or value in ((), {}, ""):
        return "–"
    if isinstance(value, int | float | str):
        return f"`{value}`"
    if isinstance(value, tuple) and not isinstance(value[0], Record):
        return f"`[{', '.join(map(str, value))}]`"
    return "tumen's own"


def records_in(kind: Any) -> Iterator[type[Record]]:
    """The records that a type names, wherever they stand in it."""
    if inspect.isclass(kind) and issubclass(kind, Record):
        yield kind
    for each in get_args(kind):
        yield from records_in(each)


def collect(record: type[Record], place: str, places: dict[type, str]) -> None:
    """Find each record below one, with the first path of keys that leads to it."""
    for key, kind in get_type_hints(record, include_extras=True).items():
        for inner in records_in(kind) if key in record.model_fields else ():
            if inner not in places and inner is not Chance:
                places[inner] = f"{place}.{key}"
                collect(inner, places[inner], places)


def summary(record: type[Record]) -> str:
    """The first line of a record's docstring."""
    return inspect.cleandoc(record.__doc__ or "").partition("\n")[0].replace("``", "`")


def table(record: type[Record], places: dict[type, str]) -> str:
    """The keys of one record."""
    said, hints = meanings(record), get_type_hints(record, include_extras=True)
    lines = ["| key | form | without it | meaning |", "|---|---|---|---|"]
    for key, field in record.model_fields.items():
        inner = next(records_in(hints[key]), None)
        meaning = said.get(key) or MEANINGS.get(key) or (summary(inner) if inner else "")
        meaning = meaning.replace("``", "`")
        cells = (f"`{key}`", form(hints[key], places), default(field), meaning)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def page() -> str:
    """The whole page."""
    parts = [HEAD.rstrip()]
    for room in ROOMS:
        spec = importlib.import_module(f"tumen.{room}.spec").Spec
        places: dict[type, str] = {Range: "strategy.range"} if room == "strategy" else {}
        collect(spec, room, places)
        for record, place in {spec: room, **places}.items():
            level = "##" if record is spec else "###"
            parts += [f"{level} {place}", summary(record), table(record, places)]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
