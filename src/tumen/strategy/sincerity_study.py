"""All numbers of a case's record: what deeds and words say of a state's type, over draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from tumen.core.errors import CaseError
from tumen.numerics.random import stream
from tumen.strategy.game import Floats
from tumen.strategy.ranges import Range
from tumen.strategy.sampling import Swing, Values, drawn, modes, swings_of, triangular
from tumen.strategy.sincerity import (
    TINY,
    Observation,
    Sincerity,
    Types,
    expected_information,
    normalised,
    weigh_record,
)
from tumen.strategy.sincerity_spec import Month, SinceritySpec

TOGETHER = ("aims", "dark")
"""Inputs that rise and fall together over all types, which keeps the order of the types."""
INFORMATION_DRAWS, INFORMATION_POINTS = 60, 1001
"""Draws and points of the integral for the next month's information."""
READINGS = ("as recorded", "deeds alone", "words at full weight", "no record of deeds")
"""How the record can be read; see `SincerityStudy.readings`."""


def sincerity_ranges(spec: SinceritySpec) -> dict[str, Range]:
    """Return every uncertain input by its dotted name, e.g. ``sincerity.evader.prior``."""
    found = {f"sincerity.{name}": value for name, value in spec.weights.items()}
    for each in spec.types:
        own = {"prior": each.prior, "dark": each.dark, "recorded_share": each.recorded}
        found |= {f"sincerity.{each.id}.{name}": value for name, value in own.items()}
        for name, value in each.aims.items():
            found[f"sincerity.{each.id}.{name}.aims"] = value
        for name, value in each.says.items():
            found[f"sincerity.{each.id}.{name}.says"] = value
    return found


def sincerity_draws(spec: SinceritySpec, *, seed: int) -> dict[str, Floats]:
    """Return draws of every input; the types' aims and blackouts rise and fall together.

    One stream for all aims and one for all blackouts keep the order of the types in every draw.
    """
    found = sincerity_ranges(spec)
    values = drawn(found, draws=spec.draws, seed=seed)
    for key in TOGETHER:
        chance = stream(seed, f"strategy.sincerity.{key}").random(spec.draws)
        for name, value in found.items():
            if name.endswith(f".{key}"):
                values[name] = triangular(chance, value)
    return values


def types_at(spec: SinceritySpec, values: Values, place: int) -> Types:
    """Return the types at one draw."""

    def of(name: str, key: str) -> float:
        return float(values[f"sincerity.{name}.{key}"][place])

    names = [each.id for each in spec.types]
    prior = np.array([of(name, "prior") for name in names])
    says = np.array([[of(name, f"{word}.says") for word in spec.statements] for name in names])
    aims = np.array([[of(name, f"{word}.aims") for word in spec.circumstances] for name in names])
    levels = np.array(spec.levels)
    spread = float(values["sincerity.aim_spread"][place])
    weight = -0.5 * ((levels - aims[..., None]) / spread) ** 2
    deeds = np.exp(weight - weight.max(axis=-1, keepdims=True))
    return Types(
        names=tuple(names),
        prior=prior / prior.sum(),
        levels=levels,
        deeds=deeds / deeds.sum(axis=-1, keepdims=True),
        words=says / says.sum(axis=-1, keepdims=True),
        dark=np.array([of(name, "dark") for name in names]),
        recorded=np.array([of(name, "recorded_share") for name in names]),
        banned=float(values["sincerity.banned_share"][place]),
    )


@dataclass(frozen=True, eq=False)
class SincerityStudy:
    """The numbers behind the findings; draws run first.

    Attributes
    ----------
    months
        The record as it was known on the day.
    windows
        First and last month of each window.
    prior
        Chance of each type before the record, shape (draw, type).
    path
        After each window, shape (draw, window, type).
    deeds, words
        Log Bayes factor of the claimed type against all others together, shape (draw,).
    readings
        Chance of the claimed type by reading of the record, shape (draw,): as it stands, from
        deeds alone, with words at full weight, and as if no month had been recorded.
    information
        Expected information of the next month by circumstance, nats, shape (draw,).
    swings
        What each input alone does to the chance of the claimed type.
    """

    spec: SinceritySpec
    months: tuple[Month, ...]
    windows: tuple[tuple[str, str], ...]
    prior: Floats
    path: Floats
    deeds: Floats
    words: Floats
    readings: dict[str, Floats]
    information: dict[str, Floats]
    swings: tuple[Swing, ...]
    central: float

    @property
    def claimed(self) -> Floats:
        """Chance after the whole record that the state is what it claims, shape (draw,)."""
        return np.asarray(self.path[:, -1, self.claim_place])

    @property
    def claim_place(self) -> int:
        """Place of the claimed type."""
        return [each.id for each in self.spec.types].index(self.spec.claim)


def study_sincerity(spec: SinceritySpec, *, as_of: date, seed: int) -> SincerityStudy:
    """Return all numbers of a case's record as it was known on a day.

    Raises
    ------
    CaseError
        When no month of the record was known on that day.
    """
    months = tuple(month for month in spec.record if month.released <= as_of)
    if not months:
        raise CaseError(
            f"no month of the record was known on {as_of}",
            "strategy.sincerity.record",
            f"the first is released on {spec.record[0].released}",
        )
    values = sincerity_draws(spec, seed=seed)
    record = _observations(spec, months)
    found = [_weigh(spec, values, place, record) for place in range(spec.draws)]
    place = [each.id for each in spec.types].index(spec.claim)
    names, moved = _moved(spec)
    likeliest = modes(sincerity_ranges(spec))
    answers = [
        _weigh(spec, moved, number, record).path[-1, place] for number in range(2 * len(names))
    ]
    return SincerityStudy(
        spec=spec,
        months=months,
        windows=tuple(
            (months[first].period, months[min(first + spec.window, len(months)) - 1].period)
            for first in range(0, len(months), spec.window)
        ),
        prior=np.array([each.types.prior for each in found]),
        path=np.array([each.path for each in found]),
        deeds=np.array([_against_others(each, each.deeds, place) for each in found]),
        words=np.array([_against_others(each, each.words, place) for each in found]),
        readings=_readings(found, record, place),
        information=_information(spec, values, found),
        swings=swings_of(names, np.array(answers)),
        central=float(_weigh(spec, likeliest, 0, record).path[-1, place]),
    )


def _moved(spec: SinceritySpec) -> tuple[list[str], dict[str, Floats]]:
    """Inputs with one of them moved; all aims move as one, and all blackouts.

    Moved alone they could change the order of the types, which is no doubt of the case.
    """
    found = sincerity_ranges(spec)
    groups: dict[str, list[str]] = {}
    for name, value in found.items():
        if value.low < value.high:
            key = name.rpartition(".")[2]
            groups.setdefault(f"sincerity.{key}" if key in TOGETHER else name, []).append(name)
    values = {name: np.full(2 * len(groups), value.mode) for name, value in found.items()}
    for place, members in enumerate(groups.values()):
        for name in members:
            values[name][2 * place : 2 * place + 2] = found[name].low, found[name].high
    return list(groups), values


def _observations(spec: SinceritySpec, months: Sequence[Month]) -> list[Observation]:
    circumstances, statements = list(spec.circumstances), list(spec.statements)
    return [
        Observation(
            ratio=month.ratio,
            capacity_class=circumstances.index(month.circumstance),
            statement=statements.index(month.statement) if month.statement else None,
        )
        for month in months
    ]


def _weigh(
    spec: SinceritySpec,
    values: Values,
    place: int,
    record: Sequence[Observation],
) -> Sincerity:
    """Weigh the record at one draw."""
    return weigh_record(
        types_at(spec, values, place),
        record,
        noise=float(values["sincerity.observation_sd"][place]),
        talk_weight=float(values["sincerity.talk_weight"][place]),
        window=spec.window,
    )


def _against_others(found: Sincerity, log_likelihood: Floats, place: int) -> float:
    """Log Bayes factor of a type against all others together."""
    others = np.arange(len(log_likelihood)) != place
    weight = found.types.prior[others] / found.types.prior[others].sum()
    top = log_likelihood[others].max()
    mixed = np.log(weight @ np.exp(log_likelihood[others] - top)) + top
    return float(log_likelihood[place] - mixed)


def _readings(
    found: Sequence[Sincerity], record: Sequence[Observation], place: int
) -> dict[str, Floats]:
    """Chance of the claimed type when the record is read in other ways, shape (draw,)."""
    said = [item.statement for item in record if item.statement is not None]
    ways: list[list[Floats]] = [[], [], [], []]
    for each in found:
        prior = np.log(each.types.prior)
        words = np.log(each.types.words)[:, said].sum(axis=1)
        dark = len(record) * np.log(np.maximum(each.types.dark, TINY))
        ways[0].append(each.path[-1])
        ways[1].append(normalised(prior + each.deeds))
        ways[2].append(normalised(prior + each.deeds + words))
        ways[3].append(normalised(prior + dark + each.words))
    return {name: np.array(values)[:, place] for name, values in zip(READINGS, ways, strict=True)}


def _information(
    spec: SinceritySpec, values: Values, found: Sequence[Sincerity]
) -> dict[str, Floats]:
    return {
        name: np.array(
            [
                expected_information(
                    each.types,
                    each.path[-1],
                    capacity_class=number,
                    noise=float(values["sincerity.observation_sd"][place]),
                    points=INFORMATION_POINTS,
                )
                for place, each in enumerate(found[:INFORMATION_DRAWS])
            ]
        )
        for number, name in enumerate(spec.circumstances)
    }
