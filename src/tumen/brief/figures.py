"""Charts: a finding's figure and grid become a Vega-Lite specification."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tumen.brief import fields, rows, series
from tumen.brief.palette import Plain, config
from tumen.core.finding import Column, Figure, FigureKind, Finding, Grid

if TYPE_CHECKING:
    from tumen.assess import Assessment, WeighingRecord

WIDE = 640
"""Width of the plot and its labels on a page, in px."""
NARROW = 330
"""The same on a phone."""

_KINDS: dict[FigureKind, Callable[[Figure, Grid, int], Plain]] = {
    "series": series.series,
    "bars": rows.bars,
    "interval": rows.interval,
    "tornado": rows.tornado,
    "before_after": rows.before_after,
    "yardstick": rows.yardstick,
    "heatmap": fields.heatmap,
    "strip": fields.strip,
}


@dataclass(frozen=True)
class Chart:
    """A figure with the table it draws.

    Attributes
    ----------
    key
        Id of the finding, or a name of the brief's own such as ``brief.judgments``.
    figure
        Kind, title, axes and notes.
    grid
        The data.
    """

    key: str
    figure: Figure
    grid: Grid

    def spec(self, *, width: int = WIDE) -> Plain:
        """Return the Vega-Lite specification, as plain data without title and notes.

        Parameters
        ----------
        width
            Width of everything in px; below 450 the labels move above their rows.
        """
        body = _KINDS[self.figure.kind](self.figure, self.grid, width)
        return {
            "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
            "description": self.figure.alt or self.figure.title,
            "config": config(),
            "padding": 2,
            **body,
        }


def chart(finding: Finding) -> Chart | None:
    """Return the chart of a finding, or None when it has none.

    Examples
    --------
    >>> chart(Finding(id="trade.total", sentence="Trade grew.")) is None
    True
    """
    if finding.figure is None or finding.grid is None:
        return None
    return Chart(finding.id, finding.figure, finding.grid)


def charts(record: Assessment) -> dict[str, Chart]:
    """Return every chart of an assessment by its key, in reading order.

    Parameters
    ----------
    record
        The assessment.

    Returns
    -------
    dict
        ``brief.judgments`` (the yardstick), ``brief.hypotheses.<weighing>`` for each weighing,
        and one for each finding with a figure, by the finding's id.

    Examples
    --------
    >>> from tumen.assess import Assessment
    >>> charts(Assessment.model_construct(judgments=(), weighings=(), findings=()))
    {}
    """
    drawn: dict[str, Chart] = {}
    if record.judgments:
        drawn["brief.judgments"] = _yardstick(record)
    for weighing in record.weighings:
        drawn[hypotheses_key(weighing.id)] = _hypotheses(weighing)
    for finding in record.findings:
        found = chart(finding)
        if found is not None:
            drawn[finding.id] = found
    return drawn


def hypotheses_key(weighing: str) -> str:
    """Return the key of the chart of a set of hypotheses."""
    return f"brief.hypotheses.{weighing}"


def _yardstick(record: Assessment) -> Chart:
    grid = Grid(
        columns=(
            Column(key="judgment", title="Judgment"),
            Column(key="p", title="Probability", unit="probability"),
            Column(key="low", title="Low", unit="probability"),
            Column(key="high", title="High", unit="probability"),
        ),
        rows=tuple(
            (
                f"J{place} {_capital(judgment.statement)}",
                judgment.probability.value,
                judgment.probability.low,
                judgment.probability.high,
            )
            for place, judgment in enumerate(record.judgments, 1)
        ),
    )
    ranked = sorted(record.judgments, key=lambda judgment: judgment.probability.value)
    first, last = ranked[0].word, ranked[-1].word
    figure = Figure(
        kind="yardstick",
        title=f"The judgments range from {first} to {last}"
        if first != last
        else f"Each judgment is {first}",
        x="p",
        y="judgment",
        low="low",
        high="high",
        unit_note="Probability with the range over draws; words of ICD 203.",
        alt="; ".join(
            f"J{number}: {judgment.word}, {judgment.probability.text()}"
            for number, judgment in enumerate(record.judgments, 1)
        ),
    )
    return Chart("brief.judgments", figure, grid)


def _hypotheses(weighing: WeighingRecord) -> Chart:
    ordered = sorted(weighing.hypotheses, key=lambda one: -one.posterior.value)
    grid = Grid(
        columns=(
            Column(key="hypothesis", title="Hypothesis"),
            Column(key="p", title="Probability", unit="probability"),
            Column(key="low", title="Low", unit="probability"),
            Column(key="high", title="High", unit="probability"),
            Column(key="prior", title="Before the evidence", unit="probability"),
        ),
        rows=tuple(
            (
                one.label or one.text,
                one.posterior.value,
                one.posterior.low,
                one.posterior.high,
                one.prior.value,
            )
            for one in ordered
        ),
    )
    top = ordered[0]
    figure = Figure(
        kind="interval",
        title=f"The evidence favours one hypothesis: {top.label or top.text}",
        x="p",
        y="hypothesis",
        low="low",
        high="high",
        group="prior",
        unit_note="Dot: probability after the evidence, with its range over draws. "
        "Ring: before the evidence.",
        alt="; ".join(f"{one.text}: {one.posterior.text()}" for one in ordered),
    )
    return Chart(hypotheses_key(weighing.id), figure, grid)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
