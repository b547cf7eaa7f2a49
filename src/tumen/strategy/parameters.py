"""Every parameter of the games with its starting range, unit and reason. No source fixes them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal, cast

Model = Literal["enforcement", "sincerity", "roadmap", "verification", "coalition"]


@dataclass(frozen=True)
class Parameter:
    """A parameter's starting range.

    Attributes
    ----------
    name
        Key in the case file.
    model
        The game that it belongs to.
    player
        Alpha-3 code when the range is that player's; empty when it is anyone's.
    low, mode, high
        Range of the analyst's uncertainty, drawn as a triangular distribution.
    unit
        ``GUSD/year`` is billion US dollars a year.
    symbol
        Letter in the equations.
    label
        How it is printed.
    reason
        Why this range.
    """

    name: str
    model: Model
    player: str
    low: float
    mode: float
    high: float
    unit: str
    symbol: str
    label: str
    reason: str


def _read() -> tuple[Parameter, ...]:
    text = files("tumen.strategy").joinpath("parameters.csv").read_text(encoding="utf-8")
    return tuple(
        Parameter(
            row["name"],
            cast(Model, row["model"]),
            row["player"],
            float(row["low"]),
            float(row["mode"]),
            float(row["high"]),
            row["unit"],
            row["symbol"],
            row["label"],
            f"{row['reason']}. No source fixes it.",
        )
        for row in csv.DictReader(text.splitlines())
    )


PARAMETERS: tuple[Parameter, ...] = _read()
"""The starting ranges of all models, from the one table ``parameters.csv``."""


def starting_range(name: str, *, player: str = "") -> Parameter | None:
    """Return the starting range of a parameter: the player's own, else the first that is listed."""
    found = [row for row in PARAMETERS if row.name == name]
    own = [row for row in found if row.player == player] + found
    return own[0] if own else None


def parameters_table() -> str:
    """Return all starting ranges as a Markdown table, as the reference page prints it."""
    lines = [
        "| model | parameter | player | low | likeliest | high | unit | symbol | reason |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.model} | `{row.name}` | {row.player} | {row.low:g} | {row.mode:g} | {row.high:g} "
        f"| {row.unit} | {row.symbol} | {row.reason} |"
        for row in PARAMETERS
    ]
    return "\n".join(lines)
