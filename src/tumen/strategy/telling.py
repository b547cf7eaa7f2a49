"""What all games' findings share: how one is made, and the tables that they have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from tumen.core.finding import Estimate, Figure, Finding, Grid, Input
from tumen.core.record import canonical_json, sha256_text
from tumen.core.units import quantity_text
from tumen.strategy.bands import band_columns, grid_of, quantiles
from tumen.strategy.game import Floats
from tumen.strategy.labels import NO_EVIDENCE, NO_SOURCE, capital
from tumen.strategy.ranges import GameSpec
from tumen.strategy.sampling import Ranges, Swing

BAND_NOTE = "bands hold 90 %"
GAME_NAMES = {
    "enforcement": "enforcement game",
    "roadmap": "roadmap",
    "sincerity": "reading of the record",
    "coalition": "coalition",
}
"""What sentences call each game of the section."""


@dataclass(frozen=True)
class Teller:
    """Makes the findings of one game.

    Attributes
    ----------
    game
        The game's key in the section, and the first part of its findings' ids.
    method
        How the numbers came about.
    inputs
        What they were computed from.
    drivers
        Names of the inputs that move the answer most, for a reader.
    """

    game: str
    spec: GameSpec
    method: str
    inputs: tuple[Input, ...]
    drivers: tuple[str, ...]

    @property
    def source_note(self) -> str:
        """What stands below a chart."""
        return f"Model; {self.spec.draws:,} draws over the ranges of the case; {BAND_NOTE}"

    def intervals(
        self,
        title: str,
        *,
        x: str,
        y: str,
        unit_note: str,
        alt: str,
        low: str = "low",
        high: str = "high",
        source_note: str = "",
    ) -> Figure:
        """Return a chart of points with their bands; `x` to `high` are columns of the table."""
        return Figure(
            kind="interval",
            title=title,
            x=x,
            y=y,
            low=low,
            high=high,
            unit_note=unit_note,
            source_note=source_note or self.source_note,
            alt=alt,
        )

    def made(
        self,
        name: str,
        sentence: str,
        *,
        rank: int,
        estimate: Estimate | None = None,
        grid: Grid | None = None,
        figure: Figure | None = None,
        caveats: tuple[str, ...] = (),
        sources: tuple[str, ...] = (),
    ) -> Finding:
        """Return a finding with the game's method, inputs and caveats."""
        driven = (f"Driven by: {'; '.join(self.drivers)}.",) if self.drivers else ()
        judged = () if self.spec.counts_as_evidence else (NO_EVIDENCE,)
        return Finding(
            id=f"strategy.{name}",
            sentence=sentence,
            estimate=estimate,
            method=self.method,
            inputs=self.inputs,
            sources=sources,
            caveats=(*caveats, NO_SOURCE, *driven, *judged),
            grid=grid,
            figure=figure,
            rank=rank,
        )

    def weights(self, name: str, found: Ranges, label: Callable[[str], str]) -> Finding:
        """Return the table of every input with its range and reason."""
        rows = [
            (label(key), item.low, item.mode, item.high, item.unit, item.reason)
            for key, item in found.items()
        ]
        return self.made(
            name,
            f"The {GAME_NAMES[self.game]} rests on {len(rows)} inputs, each with a range and a "
            "reason.",
            rank=9,
            sources=sources_of(found),
            grid=grid_of(
                (
                    ("input", "input", ""),
                    ("low", "lowest", ""),
                    ("mode", "likeliest", ""),
                    ("high", "highest", ""),
                    ("unit", "unit", ""),
                    ("reason", "reason", ""),
                ),
                rows,
            ),
        )

    def precision(self, name: str, what: str, by_precision: Mapping[str, Floats]) -> Finding:
        """Return what the noise in the choices does to a probability or share."""
        names = {"low": "lowest", "mode": "likeliest", "high": "highest"}
        low, high = (float(by_precision[end].mean()) for end in ("low", "high"))
        sentence = (
            f"With the precision of every state's choice at its lowest the mean {what} is "
            f"{quantity_text(low, 'probability', digits=2)}, at its highest "
            f"{quantity_text(high, 'probability', digits=2)}."
        )
        return self.made(
            name,
            sentence,
            rank=6,
            grid=grid_of(
                (("precision", "precision of choice", ""), *band_columns("probability")),
                [(names[end], *quantiles(by_precision[end])) for end in ("low", "mode", "high")],
            ),
            caveats=("Noise in decisions is kept apart from the analyst's doubt.",),
        )


def spec_input(game: str, spec: GameSpec, note: str) -> Input:
    """Return a game's section of the case as a hashed input."""
    return Input(id=f"case.strategy.{game}", sha256=sha256_text(canonical_json(spec)), note=note)


def sources_of(found: Ranges) -> tuple[str, ...]:
    """Return the ids of the case's sources that ranges rest on, each once."""
    return once(source for value in found.values() for source in value.sources)


def once(found: Iterable[str]) -> tuple[str, ...]:
    """Return each text once, in order."""
    return tuple(dict.fromkeys(found))


def tornado_figure(top: str, *, x: str, unit_note: str, alt: str) -> Figure:
    """Return the chart of what each input does alone."""
    return Figure(
        kind="tornado",
        title=f"{capital(top)} moves the answer most",
        x=x,
        y="input",
        low="at_low",
        high="at_high",
        unit_note=unit_note,
        source_note="Model; ranges of the case",
        alt=alt,
    )


def tornado_grid(
    swings: Iterable[Swing], *, centre: float, label: Callable[[str], str], column: tuple[str, str]
) -> Grid:
    """Return the table of what each input does alone, largest first.

    Parameters
    ----------
    column
        Title and unit of the answer.
    """
    title, unit = column
    return grid_of(
        (
            ("input", "input", ""),
            ("chance", title, unit),
            ("at_low", "input at its low end", unit),
            ("at_high", "input at its high end", unit),
        ),
        [(label(each.name), centre, each.at_low, each.at_high) for each in list(swings)[:12]],
    )
