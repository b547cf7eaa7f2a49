"""How two governments stand to each other, and whether a model beats the last value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from tumen.core.errors import CaseError, ModelError
from tumen.core.finding import Cell, Column, Estimate, Figure, Finding, Grid
from tumen.core.units import rounded_text
from tumen.evidence.channels import Channel, Observation
from tumen.numerics.local_level import FEWEST, LocalLevel, fit_local_level

BREAK = 3.0
"""A step of the level of so many standard errors is called a break."""
FEWEST_TESTED = 6
"""Fewer forecasts tell nothing about skill."""


@dataclass(frozen=True)
class Skill:
    """A model against the last value, one period ahead, each time with the past only.

    Attributes
    ----------
    forecasts
        Number of periods that were forecast.
    model_error, last_value_error
        Root mean squared errors, in the unit of the channel.
    """

    forecasts: int
    model_error: float
    last_value_error: float

    @property
    def is_better(self) -> bool:
        """Whether the model wins, on enough forecasts."""
        return self.forecasts >= FEWEST_TESTED and self.model_error < self.last_value_error


@dataclass(frozen=True, eq=False)
class Relation:
    """A channel as of a day, with its fitted level where there is enough to fit.

    Attributes
    ----------
    known
        Observations up to the day, in order.
    level
        None with fewer than eight observations.
    breaks
        Places in `known` at which the level breaks.
    skill
        None when there is no level.
    """

    channel: Channel
    known: tuple[Observation, ...]
    level: LocalLevel | None
    breaks: tuple[int, ...]
    skill: Skill | None


def relate(channel: Channel, *, as_of: date) -> Relation:
    """Return a channel as of a day: level, breaks, and skill against the last value.

    Parameters
    ----------
    channel
        What is observed.
    as_of
        Observations released later are cut.

    Raises
    ------
    CaseError
        When nothing was known on that day.

    Examples
    --------
    >>> votes = Channel.model_validate({"id": "un-votes", "dyad": ["RUS", "CHN"],
    ...     "name": "agreement on roll calls", "observations": [
    ...         {"period": "2015", "value": "0.71"}, {"period": "2016", "value": "0.68"},
    ...         {"period": "2017", "value": "0.79"}]})
    >>> [each.period for each in relate(votes, as_of=date(2017, 8, 31)).known]
    ['2015', '2016']
    """
    known = tuple(
        sorted(
            (each for each in channel.observations if each.known_from <= as_of),
            key=lambda each: each.when,
        )
    )
    if not known:
        raise CaseError(
            f"nothing of channel '{channel.id}' was known on {as_of}",
            f"evidence.relations.{channel.id}",
        )
    if len(known) < FEWEST:
        return Relation(channel, known, None, (), None)
    places, values, counts = _series(known)
    level = fit_local_level(values, counts=counts)
    if not level.status.has_converged:
        raise ModelError(f"the level of channel '{channel.id}' did not settle", status=level.status)
    breaks = tuple(number for number, place in enumerate(places) if abs(level.step[place]) > BREAK)
    return Relation(channel, known, level, breaks, backtest(known))


def backtest(known: Sequence[Observation]) -> Skill:
    """Forecast each observation from those before it, by the model and by the last value."""
    model, last = [], []
    for number in range(FEWEST, len(known)):
        places, values, counts = _series(known[:number])
        try:
            level = fit_local_level(values, counts=counts)
        except ModelError:
            continue
        target = known[number].value
        model.append(float(level.level[-1]) - target)
        last.append(float(values[places[-1]]) - target)
    if not model:
        return Skill(0, 0.0, 0.0)
    return Skill(
        len(model),
        float(np.sqrt(np.mean(np.square(model)))),
        float(np.sqrt(np.mean(np.square(last)))),
    )


def relation_findings(channels: Sequence[Channel], *, as_of: date) -> Iterator[Finding]:
    """Yield one finding for each channel: where it stands, and whether a model adds anything."""
    for channel in channels:
        yield _finding(relate(channel, as_of=as_of))


Array = NDArray[np.float64]


def _series(known: Sequence[Observation]) -> tuple[list[int], Array, Array]:
    """Lay observations on a grid of equal periods; gaps are nan."""
    first = known[0].when
    days = first.days
    places = [round((each.when.start - first.start) / timedelta(days=days)) for each in known]
    values = np.full(places[-1] + 1, np.nan)
    counts = np.ones(places[-1] + 1)
    for place, each in zip(places, known, strict=True):
        values[place], counts[place] = each.value, each.count
    return places, values, counts


def _finding(relation: Relation) -> Finding:
    channel, known = relation.channel, relation.known
    first, last = known[0], known[-1]
    pair = "-".join(channel.dyad)
    sentence = (
        f"{channel.name[0].upper()}{channel.name[1:]} between {channel.dyad[0]} and "
        f"{channel.dyad[1]} stands at {rounded_text(last.value, 3)} in {last.period}, after "
        f"{rounded_text(first.value, 3)} in {first.period}; higher is {channel.higher_is}."
    )
    caveats = []
    skill = relation.skill
    if relation.level is None:
        caveats.append(f"{len(known)} observations are too few for a level; values stand alone.")
    elif skill is not None and not skill.is_better:
        caveats.append("A drifting level forecasts no better than the last value.")
    elif skill is not None:
        gain = 1 - skill.model_error / skill.last_value_error
        sentence += (
            f" A drifting level forecasts it {rounded_text(100 * gain, 2)} % closer than the last "
            f"value over {skill.forecasts} periods."
        )
    if relation.breaks:
        named = ", ".join(known[place].period for place in relation.breaks)
        sentence += f" The level breaks in {named}."
    return Finding(
        id=f"evidence.relations.{channel.id}",
        sentence=sentence,
        estimate=Estimate(value=last.value, unit=channel.unit, basis="recorded"),
        method="Local level with drift and heavy-tailed noise by maximum likelihood; each "
        "forecast uses the past only.",
        inputs=(channel.input(),),
        sources=channel.sources,
        caveats=tuple(caveats),
        grid=_grid(relation, pair),
        figure=Figure(
            kind="series",
            title=f"{pair}: {channel.name} moves from {rounded_text(first.value, 2)} to "
            f"{rounded_text(last.value, 2)}",
            x="period",
            y="value",
            low="low" if relation.level is not None else "",
            high="high" if relation.level is not None else "",
            group="line",
            unit_note=f"Higher is {channel.higher_is}.",
            source_note=f"{len(known)} observations, {first.period} to {last.period}.",
            alt=sentence,
        ),
        rank=6,
    )


def _grid(relation: Relation, pair: str) -> Grid:
    columns = (
        Column(key="period", title="Period"),
        Column(key="line", title="Line"),
        Column(key="value", title=relation.channel.name, unit=relation.channel.unit),
        Column(key="low", title="Low"),
        Column(key="high", title="High"),
    )
    rows: list[tuple[Cell, ...]] = [
        (each.period, pair, each.value, None, None) for each in relation.known
    ]
    if relation.level is not None:
        places, _, _ = _series(relation.known)
        for place, each in zip(places, relation.known, strict=True):
            centre = float(relation.level.level[place])
            reach = 1.645 * float(np.sqrt(relation.level.variance[place]))
            rows.append((each.period, "level", centre, centre - reach, centre + reach))
    return Grid(columns=columns, rows=tuple(rows))
