"""How two governments stand to each other, and whether a model beats the last value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from tumen.core.countries import country_name
from tumen.core.errors import CaseError, ModelError
from tumen.core.finding import Cell, Column, Estimate, Figure, Finding, Grid
from tumen.core.units import counted, quantity_text, rounded_text
from tumen.evidence.channels import Channel, Observation
from tumen.numerics.local_level import FEWEST, LocalLevel, fit_local_level

BREAK = 3.0
"""A step of the level of so many standard errors is called a break."""
FEWEST_TESTED = 6
"""Fewer forecasts tell nothing about skill."""
CLEAR = 1.645
"""A lead of so many standard errors would be chance in one case of twenty."""
AHEAD = 3
"""So many periods are projected."""


@dataclass(frozen=True)
class Skill:
    """A model against the last value, one period ahead, each time with the past only.

    Attributes
    ----------
    forecasts
        Number of periods that were forecast.
    model_error, last_value_error
        Root mean squared errors, in the unit of the channel.
    lead
        Mean lead of the model in absolute error, in its standard errors.
    """

    forecasts: int
    model_error: float
    last_value_error: float
    lead: float = 0.0

    @property
    def is_better(self) -> bool:
        """Whether the model wins by more than chance would have it, on enough forecasts."""
        return self.forecasts >= FEWEST_TESTED and self.lead > CLEAR


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
    leads = np.abs(last) - np.abs(model)
    spread = float(leads.std(ddof=1)) / np.sqrt(len(leads)) if len(leads) > 1 else 0.0
    return Skill(
        len(model),
        float(np.sqrt(np.mean(np.square(model)))),
        float(np.sqrt(np.mean(np.square(last)))),
        float(leads.mean() / spread) if spread > 0 else 0.0,
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
    pair = " and ".join(country_name(code) for code in channel.dyad)
    newest, oldest = (_value_text(each.value, channel.unit) for each in (last, first))
    sentence = (
        f"{channel.name[0].upper()}{channel.name[1:]} between {pair} stands at {newest} in "
        f"{last.period}, after {oldest} in {first.period}; higher is {channel.higher_is}."
    )
    caveats: list[str] = []
    skill = relation.skill
    if relation.level is None:
        number = counted(len(known), "observation is", "observations are")
        caveats.append(f"{number} too few for a level; values stand alone.")
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
        grid=_grid(relation),
        figure=Figure(
            kind="series",
            title=f"{pair}: {channel.name}, {oldest} in {first.period} and {newest} in "
            f"{last.period}",
            x="period",
            y="value",
            low="low" if relation.level is not None else "",
            high="high" if relation.level is not None else "",
            group="line",
            unit_note=_unit_note(relation),
            source_note=f"{counted(len(known), 'observation')}, {first.period} to {last.period}.",
            alt=sentence,
        ),
        rank=6,
    )


def _value_text(value: float, unit: str) -> str:
    return rounded_text(value, 3) if unit == "index" else quantity_text(value, unit)


def _unit_note(relation: Relation) -> str:
    note = f"Higher is {relation.channel.higher_is}."
    if relation.level is None:
        return note
    return (
        f"{note} Band: where the level lies in 90 of 100 cases; after {relation.known[-1].period} "
        "projected. Single values scatter around it."
    )


def _grid(relation: Relation) -> Grid:
    """Return the values and, when there is a level, its band and where it may go."""
    channel, known = relation.channel, relation.known
    columns = (
        Column(key="period", title="Period"),
        Column(key="line", title="Line"),
        Column(key="value", title=channel.name, unit=channel.unit),
        Column(key="low", title="Low", unit=channel.unit),
        Column(key="high", title="High", unit=channel.unit),
    )
    rows: list[tuple[Cell, ...]] = [
        (each.period, "observed", each.value, None, None) for each in known
    ]
    if relation.level is not None:
        places, _, _ = _series(known)
        means, variances = relation.level.project(AHEAD)
        period = known[-1].when
        level = [
            (each.period, relation.level.level[place], relation.level.variance[place])
            for place, each in zip(places, known, strict=True)
        ]
        for mean, variance in zip(means, variances, strict=True):
            period = period.after()
            level.append((period.label, mean, variance))
        for label, mean, variance in level:
            reach = CLEAR * float(np.sqrt(variance))
            rows.append((label, "level", float(mean), float(mean) - reach, float(mean) + reach))
    return Grid(columns=columns, rows=tuple(rows))
