"""Reading YAML as text: every scalar keeps its letters, every node keeps its file and line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from tumen.core.errors import CaseError, Problem, TumenError
from tumen.core.nearest import did_you_mean
from tumen.core.plain import MOST_PROBLEMS, Path_, plain_data, short

MAX_BYTES = 4_000_000
"""Largest file that is read; a case file is a few thousand lines."""

R = TypeVar("R", bound=BaseModel)


@dataclass(frozen=True)
class Document:
    """A YAML file as plain dicts, lists and texts, with the line of every field.

    Attributes
    ----------
    name
        The file as it is named in messages.
    data
        Mappings, lists and texts; an empty value and ``~`` are None.
    lines
        Line (from 1) by path, e.g. ``("actors", 2)``.
    """

    name: str
    data: Any
    lines: dict[Path_, int]

    def where(self, path: Sequence[str | int]) -> str:
        """Return ``file:line: field`` for a path, or for its nearest known parent."""
        field = ".".join(short(part) for part in path)
        for length in range(len(path), -1, -1):
            line = self.lines.get(tuple(path[:length]))
            if line is not None:
                return f"{self.name}:{line}: {field}" if field else f"{self.name}:{line}"
        return f"{self.name}: {field}" if field else self.name


def read_yaml(path: Path, *, name: str = "") -> Document:
    """Read a YAML file as text.

    No tag is honoured, no anchor is followed, no key may stand twice. ``NO`` stays Norway and
    ``0303`` stays frozen fish.

    Parameters
    ----------
    path
        The file.
    name
        How messages call it; the path by default.

    Raises
    ------
    CaseError
        When the file is missing, too large, not UTF-8 or not YAML.
    """
    shown = name or str(path)
    try:
        if not path.is_file():
            raise CaseError("there is no such file", shown, "look at the name and its folder")
        if path.stat().st_size > MAX_BYTES:
            raise CaseError(
                f"the file has {path.stat().st_size:,} bytes; at most {MAX_BYTES:,} are read",
                shown,
                "keep data in CSV files beside the case",
            )
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CaseError(
            f"the file is not UTF-8 (byte {error.start})", shown, "save it as UTF-8"
        ) from None
    except OSError as error:
        raise CaseError(f"the file cannot be read: {error.strerror}", shown) from None
    return parse_yaml(text, name=shown)


def parse_yaml(text: str, *, name: str) -> Document:
    """Parse YAML text; see `read_yaml`."""
    data, lines = plain_data(text, name=name)
    return Document(name=name, data=data, lines=lines)


def validate(document: Document, model: type[R], *, at: Sequence[str | int] = ()) -> R:
    """Check a document, or the part of it at a path, against a schema.

    Raises
    ------
    CaseError
        With every problem: file, line, field, and the nearest valid word.
    """
    data = document.data
    for key in at:
        data = data[key]
    if not isinstance(data, dict):
        raise CaseError(
            "here a mapping of keys is expected",
            document.where(at),
            f"keys: {', '.join(model.model_fields)}",
        )
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise CaseError(problems=problems_of(error, document, model, at=at)) from None


def problems_of(
    error: ValidationError,
    document: Document,
    model: type[BaseModel],
    *,
    at: Sequence[str | int] = (),
) -> list[Problem]:
    """Turn a schema's complaints into problems with file, line, field and hint."""
    problems = []
    items = _causes(error.errors(include_url=False))
    for item in items[:MOST_PROBLEMS]:
        path = (*at, *_data_path(item["loc"], document.data, at))
        what, hint = _explain(item, model)
        problems.append(Problem(short(what, most=300), document.where(path), short(hint, most=300)))
    if len(items) > MOST_PROBLEMS:
        more = f"... and {len(items) - MOST_PROBLEMS:,} more problems of this kind"
        problems.append(Problem(more, document.name))
    return list(dict.fromkeys(problems))


def _causes(items: list[Any]) -> list[Any]:
    """Leave out that a list is too short when only because its items are wrong."""
    places = {tuple(item["loc"]) for item in items}
    inner = {place[:length] for place in places for length in range(len(place))}
    return [i for i in items if not (i["type"] == "too_short" and tuple(i["loc"]) in inner)]


def _data_path(loc: Sequence[str | int], data: Any, at: Sequence[str | int]) -> list[str | int]:
    """Keep the parts of a schema location that are keys of the data: unions add their own."""
    node = data
    for key in at:
        node = node[key]
    path: list[str | int] = []
    for number, key in enumerate(loc):
        is_index = isinstance(node, list) and isinstance(key, int) and key < len(node)
        if is_index or (isinstance(node, dict) and key in node):
            node = node[key]
            path.append(key)
        elif number == len(loc) - 1 and isinstance(node, dict):
            path.append(key)
    return path


_EXPECTED = {
    "model_type": "a mapping of keys",
    "model_attributes_type": "a mapping of keys",
    "dict_type": "a mapping of keys",
    "list_type": "a list",
    "tuple_type": "a list",
    "string_type": "a text",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a finite number",
}
"""What a person would write, by the schema's word for a value of the wrong kind."""


def _explain(item: Any, model: type[BaseModel]) -> tuple[str, str]:
    kind, loc, given = item["type"], item["loc"], item.get("input")
    context = item.get("ctx", {})
    last = str(loc[-1]) if loc else ""
    if kind == "extra_forbidden":
        return f"'{short(last)}' is no key here", (
            did_you_mean(last, _keys_at(model, loc[:-1])) or "remove it"
        )
    if kind == "missing":
        return f"'{last}' is missing", f"add {last}: ..."
    if kind == "literal_error":
        words = _words_at(model, loc)
        return f"'{short(given)}' is not one of the valid words", (
            did_you_mean(str(given), words) if words else f"valid: {context.get('expected', '')}"
        )
    if kind.startswith(("date_", "datetime_")):
        return f"'{short(given)}' is no day ({item['msg'].lower()})", "write a day as 2017-08-05"
    if kind in ("value_error", "assertion_error"):
        raised = context.get("error", item["msg"])
        if isinstance(raised, TumenError):
            return raised.problems[0].what, raised.problems[0].hint
        return str(raised), str(getattr(raised, "hint", ""))
    if kind in _EXPECTED:
        wanted = _EXPECTED[kind]
        what = "the value is missing" if given is None else f"'{short(given)}' is not {wanted}"
        return what, f"write {wanted}"
    return f"'{short(given)}': {item['msg'][:1].lower()}{item['msg'][1:]}", ""


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in get_args(annotation) for found in _models_in(part)]


def _annotations_at(model: type[BaseModel], loc: Sequence[str | int]) -> list[Any]:
    """Follow a location through nested models and return the annotations it ends in."""
    models: list[type[BaseModel]] = [model]
    annotations: list[Any] = [model]
    for key in loc:
        if isinstance(key, int):
            continue
        step = [
            info.annotation
            for inner in models
            for name, info in inner.model_fields.items()
            if key in (name, info.alias)
        ]
        if step:
            annotations = step
            models = [found for annotation in step for found in _models_in(annotation)]
    return annotations


def _keys_at(model: type[BaseModel], loc: Sequence[str | int]) -> list[str]:
    return [
        info.alias or name
        for annotation in _annotations_at(model, loc)
        for inner in _models_in(annotation)
        for name, info in inner.model_fields.items()
    ]


def _words_at(model: type[BaseModel], loc: Sequence[str | int]) -> list[str]:
    def words(annotation: Any) -> list[str]:
        arguments = get_args(annotation)
        if arguments and all(isinstance(argument, str) for argument in arguments):
            return list(arguments)
        return [word for argument in arguments for word in words(argument)]

    return [word for annotation in _annotations_at(model, loc) for word in words(annotation)]
