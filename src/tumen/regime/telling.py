"""A ruling as text: the sentence, the lines of law, the steps behind them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from tumen.regime.ruling import VERDICT_WORDS
from tumen.regime.services import SERVICES

if TYPE_CHECKING:
    from tumen.regime.ruling import Ruling, Step

OUTCOME_WORDS = VERDICT_WORDS | {"suspended": "suspended", "noted": "exposure"}
PAST = ("replaced", "ended")
NARROW, WIDE = 60, 110
"""Columns that a text takes at least and at most."""


def told(ruling: Ruling, width: int) -> str:
    """Return a ruling as a person reads it; see `Ruling.text`."""
    columns = max(NARROW, min(width, WIDE))
    parts = [*_wrapped(ruling.summary, columns), "", *_overview(ruling)]
    for name in dict.fromkeys(step.line for step in ruling.because):
        steps = [step for step in ruling.because if step.line == name]
        parts += ["", name]
        for step in steps:
            if step.outcome not in PAST:
                parts += _step(step, columns)
        parts += _past([step for step in steps if step.outcome in PAST], columns)
    if ruling.red_flags:
        parts += ["", "Red flags"]
        for flag in ruling.red_flags:
            parts += _wrapped(_sentence(flag), columns, "  ")
    return "\n".join(parts)


def _overview(ruling: Ruling) -> Iterator[str]:
    rows = [(line.line, _sentence(line.words, stop=""), line.place) for line in ruling.lines]
    table = [("Line", "Verdict", "By"), *rows]
    widths = [max(len(row[place]) for row in table) for place in (0, 1)]
    for line, verdict, place in table:
        yield f"{line.ljust(widths[0])}  {verdict.ljust(widths[1])}  {place}".rstrip()


def _step(step: Step, columns: int) -> Iterator[str]:
    head = f"{_sentence(OUTCOME_WORDS[step.outcome], stop='')}: {step.place}, since {step.start}"
    if step.end is not None:
        head += f" until {step.end - timedelta(days=1)}"
    head += f" ({_matched(step.matched)})." if step.matched else "."
    yield from _wrapped(head, columns, "  ")
    tried = (text for text in step.tried if not step.text.endswith(text))
    for text in (step.text, *tried):
        yield from _wrapped(_sentence(text), columns, "      ")
    if step.needs:
        yield from _wrapped(f"Needed: {'; '.join(step.needs)}.", columns, "      ")


def _past(steps: list[Step], columns: int) -> Iterator[str]:
    if not steps:
        return
    acts = dict.fromkeys(
        f"{step.place} ({step.start} to {step.end - timedelta(days=1) if step.end else 'now'})"
        for step in steps
    )
    yield from _wrapped(f"No longer in force: {'; '.join(acts)}.", columns, "  ")


def _matched(text: str) -> str:
    return f"HS {text}" if text.isdigit() and len(text) in (2, 4, 6) else SERVICES.get(text, text)


def _sentence(text: str, *, stop: str = ".") -> str:
    end = "" if text.endswith((".", "?", "!")) else stop
    return text[:1].upper() + text[1:] + end


def _wrapped(text: str, columns: int, indent: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        columns,
        initial_indent=indent,
        subsequent_indent=f"{indent}  " if indent else "",
        break_long_words=False,
        break_on_hyphens=False,
    )
