"""Likelihood words: the scale of ICD 203, and the yardstick of the British assessment staffs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tumen.core.errors import DataError
from tumen.core.nearest import did_you_mean

ScaleName = Literal["ICD 203", "PHIA"]


@dataclass(frozen=True)
class Band:
    """A word and the probabilities that it stands for.

    Attributes
    ----------
    low, high
        Ends as the standard prints them.
    upto
        A probability below this, and not below the band before, takes this word. Where bands
        touch it is `high`; where the standard leaves a gap it is the gap's middle.
    """

    word: str
    low: float
    high: float
    upto: float


@dataclass(frozen=True)
class Scale:
    """The words of one standard, from least to most likely."""

    name: ScaleName
    bands: tuple[Band, ...]

    def place(self, chance: float, *, is_upper_end: bool = False) -> int:
        """Return the band of a probability.

        A probability on an edge belongs to the band above; as the upper end of an interval it
        belongs to the band below, so that [0.55, 0.80] is "likely" throughout.
        """
        for number, band in enumerate(self.bands[:-1]):
            if chance < band.upto or (is_upper_end and chance == band.upto):
                return number
        return len(self.bands) - 1


def _scale(name: ScaleName, *rows: tuple[str, float, float]) -> Scale:
    bands = []
    for number, (word_, low, high) in enumerate(rows):
        upper = rows[number + 1][1] if number + 1 < len(rows) else 1.0
        bands.append(Band(word_, low, high, round((high + upper) / 2, 6)))
    return Scale(name, tuple(bands))


ICD_203 = _scale(
    "ICD 203",
    ("almost no chance", 0.01, 0.05),
    ("very unlikely", 0.05, 0.20),
    ("unlikely", 0.20, 0.45),
    ("roughly even chance", 0.45, 0.55),
    ("likely", 0.55, 0.80),
    ("very likely", 0.80, 0.95),
    ("almost certain", 0.95, 0.99),
)
"""Intelligence Community Directive 203, Analytic Standards (2015), section D.6.e(2)."""

PHIA = _scale(
    "PHIA",
    ("remote chance", 0.0, 0.05),
    ("highly unlikely", 0.10, 0.20),
    ("unlikely", 0.25, 0.35),
    ("realistic possibility", 0.40, 0.50),
    ("likely", 0.55, 0.75),
    ("highly likely", 0.80, 0.90),
    ("almost certain", 0.95, 1.0),
)
"""Probability yardstick of the Professional Head of Intelligence Assessment, United Kingdom."""

_SCALES = {"ICD 203": ICD_203, "PHIA": PHIA}


def scale(name: str) -> Scale:
    """Return a scale of likelihood words by its name, ``ICD 203`` or ``PHIA``.

    Raises
    ------
    DataError
        When there is none of that name.

    Examples
    --------
    >>> scale("ICD 203").bands[4].word
    'likely'
    """
    if name not in _SCALES:
        raise DataError(f"'{name}' is no scale of words", hint=did_you_mean(name, _SCALES))
    return _SCALES[name]


def word(low: float, high: float, *, on: Scale = ICD_203) -> str:
    """Return the likelihood word of an interval; one that spans several bands says so.

    The ends are taken as whole per cents, as they are printed.

    Parameters
    ----------
    low, high
        Ends of the interval; equal for one probability.
    on
        The scale.

    Examples
    --------
    >>> word(0.58, 0.71)
    'likely'
    >>> word(0.48, 0.71)
    'between roughly even chance and likely'
    """
    if not 0 <= low <= high <= 1:
        raise DataError(f"[{low:g}, {high:g}] is no interval of probabilities")
    low, high = round(low, 2), round(high, 2)
    first = on.place(low)
    last = on.place(high, is_upper_end=high > low)
    if last <= first:
        return on.bands[first].word
    return f"between {on.bands[first].word} and {on.bands[last].word}"


def likelihood_sentence(*, statement: str, word: str, low: float, high: float) -> str:
    """Return the one sentence that carries the likelihood.

    Examples
    --------
    >>> likelihood_sentence(statement="coal is sold", word="likely", low=0.58, high=0.71)
    'It is likely (58-71 %) that coal is sold.'
    >>> likelihood_sentence(statement="coal is sold", word="almost no chance", low=0, high=0.04)
    'There is almost no chance (under 4 %) that coal is sold.'
    """
    shown = band_text(low, high)
    clause = statement.rstrip(".")
    if word.startswith("between "):
        first, _, last = word.removeprefix("between ").partition(" and ")
        return f"The likelihood that {clause} is between “{first}” and “{last}” ({shown})."
    if word.endswith(("chance", "possibility")):
        article = "" if word.startswith("almost") else "a "
        return f"There is {article}{word} ({shown}) that {clause}."
    return f"It is {word} ({shown}) that {clause}."


def band_text(low: float, high: float) -> str:
    """Return an interval in whole per cents; nothing is printed as 0 or 100 %."""
    first, last = round(100 * low), round(100 * high)
    if first <= 0 and last >= 100:
        return "1-99 %"
    if first <= 0:
        return f"under {max(1, last)} %"
    if last >= 100:
        return f"over {min(99, first)} %"
    return f"{first} %" if first == last else f"{first}-{last} %"
