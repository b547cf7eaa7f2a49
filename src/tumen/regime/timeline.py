"""What changed between two days, and how long states took to carry out resolutions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tumen.core.errors import DataError
from tumen.core.periods import day as read_day
from tumen.regime.index import Entry
from tumen.regime.rules import Regime


@dataclass(frozen=True)
class Change:
    """A measure that began, ended, was suspended or came back between two days.

    Attributes
    ----------
    on
        Day of the change.
    what
        ``begins``, ``ends``, ``replaced``, ``suspended`` or ``resumes``.
    by
        Full name of the successor, or the act that suspends; empty otherwise.
    """

    on: date
    what: Literal["begins", "ends", "replaced", "suspended", "resumes"]
    measure: str
    line: str
    cite: str
    paragraph: str
    title: str
    by: str = ""


@dataclass(frozen=True)
class Lag:
    """Days from a resolution to a state's act that carries it out.

    Attributes
    ----------
    days
        From adoption to the day the act was signed or issued.
    days_published
        To the day of publication, where that is another day.
    in_force
        First day on which one of its measures is in force.
    """

    resolution: str
    resolution_cite: str
    state: str
    act: str
    act_cite: str
    adopted: date
    issued: date
    days: int
    days_published: int | None
    in_force: date | None
    is_first: bool


def diff(
    regime: Regime, day1: date | str, day2: date | str, *, lines: Sequence[str] | None = None
) -> tuple[Change, ...]:
    """Return what changed after the first day, up to and including the second, in order.

    Parameters
    ----------
    lines
        Lines of law; all of the regime when left out.

    Raises
    ------
    DataError
        When a day is impossible or the second comes before the first.

    Examples
    --------
    >>> from tumen import regime
    >>> un = regime.load("UN-1718")
    >>> [change.measure for change in regime.diff(un, "2017-08-04", "2017-08-05", lines=["UN"])][:2]
    ['un.2321.coal-cap', 'un.2321.iron']
    """
    first = day1 if isinstance(day1, date) else read_day(day1)
    last = day2 if isinstance(day2, date) else read_day(day2)
    if last < first:
        raise DataError(f"{last} comes before {first}", "diff", "give the earlier day first")
    chosen = set(regime.lines if lines is None else lines)
    changes = [
        change
        for entry in regime.index.entries
        if entry.line in chosen
        for change in _changes(entry)
        if first < change.on <= last
    ]
    order = {name: place for place, name in enumerate(regime.lines)}
    return tuple(
        sorted(changes, key=lambda c: (c.on, order.get(c.line, 99), c.what == "begins", c.measure))
    )


def _changes(entry: Entry) -> list[Change]:
    def change(on: date, what: str, by: str = "") -> Change:
        return Change(
            on,
            what,  # type: ignore[arg-type]
            entry.name,
            entry.line,
            entry.instrument.cite,
            entry.measure.paragraph,
            entry.measure.title,
            by,
        )

    found = [change(entry.measure.start, "begins")]
    if entry.end is not None:
        found.append(change(entry.end, "replaced" if entry.successor else "ends", entry.successor))
    for interval, cite in entry.suspended:
        if entry.end is None or interval.start < entry.end:
            found.append(change(interval.start, "suspended", cite))
            if interval.end is not None and (entry.end is None or interval.end < entry.end):
                found.append(change(interval.end, "resumes"))
    return found


def implementation_lag(regime: Regime) -> tuple[Lag, ...]:
    """Return, for every resolution and state, the acts that carry it out and their delay.

    A lag measures paperwork: an indicator to be weighed, not a verdict on intent. Drafts do not
    count.

    Examples
    --------
    >>> from tumen import regime
    >>> lags = regime.implementation_lag(regime.load("UN-1718"))
    >>> [lag.days for lag in lags if lag.resolution == "un.2371" and lag.is_first]
    [9]
    """
    acts = {act.id: act for act in regime.instruments}
    rows = []
    seen: set[tuple[str, str]] = set()
    for act in sorted(regime.instruments, key=lambda act: (act.adopted, act.id)):
        if act.status != "adopted":
            continue
        for name in act.implements:
            if name not in acts:
                continue
            target = acts[name]
            starts = [measure.start for measure in act.measures]
            rows.append(
                Lag(
                    resolution=name,
                    resolution_cite=target.cite,
                    state=act.line,
                    act=act.id,
                    act_cite=act.cite,
                    adopted=target.adopted,
                    issued=act.adopted,
                    days=(act.adopted - target.adopted).days,
                    days_published=(act.published - target.adopted).days if act.published else None,
                    in_force=min(starts) if starts else None,
                    is_first=(name, act.line) not in seen,
                )
            )
            seen.add((name, act.line))
    return tuple(sorted(rows, key=lambda lag: (lag.adopted, lag.state, lag.issued, lag.act)))
