"""From YAML text to plain data: every scalar keeps its letters, every node its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from tumen.core.errors import CaseError, Problem

MAX_DEPTH = 40
"""Deepest nesting that is read."""
MOST_PROBLEMS = 100
"""Reading stops after so many problems."""

Path_ = tuple[str | int, ...]

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def plain_data(text: str, *, name: str) -> tuple[Any, dict[Path_, int]]:
    """Return the mappings, lists and texts of a YAML text, and the line of each by its path.

    The events of the parser are read one by one, so no alias is followed, no tag is honoured and
    no nesting goes deeper than `MAX_DEPTH`, whatever the text holds.

    Raises
    ------
    CaseError
        With every problem and its line.
    """
    strange = _NOT_TEXT.search(text)
    if strange:
        line = text.count("\n", 0, strange.start()) + 1
        raise CaseError(
            f"the sign U+{ord(strange[0]):04X} is no text", f"{name}:{line}", "remove it"
        )
    builder = _Builder(name)
    try:
        data = builder.document(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(error, text, name) from None
    except yaml.YAMLError as error:
        raise CaseError(f"this is not YAML: {str(error).splitlines()[0]}", name) from None
    if builder.problems:
        raise CaseError(problems=builder.problems)
    return data, builder.lines


class _Builder:
    """Takes the parser's events and builds plain data, with lines and problems."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[Path_, int] = {}
        self.problems: list[Problem] = []

    def document(self, events: Iterator[Any]) -> Any:
        """Read the one document of a stream."""
        next(events)  # the stream starts
        if isinstance(next(events), yaml.StreamEndEvent):
            return None
        data = self._node(next(events), events, ())
        next(events)  # the document ends
        more = next(events)
        if not isinstance(more, yaml.StreamEndEvent):
            self._problem(more, "a second document starts here", "remove the line ---")
        return data

    def _node(self, event: Any, events: Iterator[Any], path: Path_) -> Any:
        self.lines.setdefault(path, _line(event))
        self._bound(len(path), event)
        if isinstance(event, yaml.AliasEvent):
            # Following aliases lets nine lines stand for a billion.
            self._problem(event, "aliases (*name) are not read", "write the value out")
            return None
        if event.tag is not None:
            self._problem(event, f"tag '{short(event.tag)}' is not read", "remove the tag")
        if isinstance(event, yaml.ScalarEvent):
            is_bare = event.implicit[0]
            return None if is_bare and event.value in ("", "~", "null") else event.value
        if isinstance(event, yaml.SequenceStartEvent):
            return self._items(events, path)
        return self._fields(events, path)

    def _items(self, events: Iterator[Any], path: Path_) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(self._node(event, events, (*path, len(items))))
        return items

    def _fields(self, events: Iterator[Any], path: Path_) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self._problem(event, "a key must be a word", "write `key: value`")
                self._skip(event, events)
                self._skip(next(events), events)
            elif event.value in fields:
                first = self.lines[(*path, event.value)]
                what = f"'{short(event.value)}' stands twice (first on line {first})"
                self._problem(event, what, "keep one of them")
                self._skip(next(events), events)
            else:
                self.lines[(*path, event.value)] = _line(event)
                # The place is taken before the value is read, so that a key counts once.
                fields[event.value] = None
                fields[event.value] = self._node(next(events), events, (*path, event.value))
        return fields

    def _skip(self, event: Any, events: Iterator[Any]) -> None:
        """Read past a node without building it."""
        depth = 0
        while True:
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                self._bound(depth, event)
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth == 0:
                return
            event = next(events)

    def _bound(self, depth: int, event: Any) -> None:
        if depth > MAX_DEPTH:
            where = f"{self.name}:{_line(event)}"
            raise CaseError(f"nested deeper than {MAX_DEPTH} levels", where, "flatten it")

    def _problem(self, event: Any, what: str, hint: str) -> None:
        self.problems.append(Problem(what, f"{self.name}:{_line(event)}", hint))
        if len(self.problems) >= MOST_PROBLEMS:
            raise CaseError(problems=self.problems)


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _syntax_error(error: yaml.MarkedYAMLError, text: str, name: str) -> CaseError:
    mark = error.problem_mark or error.context_mark
    number = int(mark.line) if mark is not None else 0
    lines = text.split("\n")
    # The parser sees some mistakes one line late: look at both.
    near = lines[max(0, number - 1) : number + 1]
    what = " ".join(part for part in (error.context, error.problem) if part)
    return CaseError(f"this is not YAML: {what}", f"{name}:{number + 1}", _syntax_hint(near))


def _syntax_hint(near: list[str]) -> str:
    if any("\t" in line for line in near):
        return "indent with spaces, not tabs"
    values = [line.partition(": ")[2].strip() for line in near]
    if any(": " in value or value.endswith(":") for value in values):
        return "put quotes around a text that holds a colon"
    if any(value[:1] in ("@", "`", "%", "*", "&", "!", "|", ">") for value in values if value):
        return f"put quotes around a text that starts with {next(v[0] for v in values if v)}"
    return "look at the indentation, and at quotes and brackets that are not closed"


def short(value: Any, *, most: int = 60) -> str:
    """Return a text that fits into a message."""
    text = str(value)
    return text if len(text) <= most else text[: most - 1] + "…"
