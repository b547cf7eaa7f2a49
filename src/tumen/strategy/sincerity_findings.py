"""What a state's record says of its aims, in words; deeds and talk stand apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from tumen.core.countries import country_name
from tumen.core.finding import Estimate, Figure, Finding
from tumen.core.units import quantity_text, rounded_text
from tumen.strategy.bands import band, band_columns, grid_of, quantiles
from tumen.strategy.labels import game_input_label
from tumen.strategy.sincerity_spec import SinceritySpec
from tumen.strategy.sincerity_study import SincerityStudy, sincerity_ranges, study_sincerity
from tumen.strategy.telling import Teller, once, spec_input, tornado_figure, tornado_grid

NOTHING = 0.05
"""Log Bayes factors below this, either way, tell nothing."""


def tell_sincerity(
    spec: SinceritySpec, *, target: str, as_of: date, seed: int
) -> tuple[Finding, ...]:
    """Return what the record of a state says of its aims.

    Parameters
    ----------
    spec
        Types, record and weights.
    target
        Code of the country under sanctions.
    as_of
        Periods that were released later are not read.
    seed
        Root of the random streams.

    Raises
    ------
    CaseError
        When nothing of the record was known on that day.
    """
    numbers = study_sincerity(spec, as_of=as_of, seed=seed)
    teller = _Sincerity(
        game="sincerity",
        spec=spec,
        method=(
            "Posterior of rival types from recorded trade and statements; "
            f"{spec.window} periods count as one choice; a recorded zero is read as less than "
            f"full enforcement leaves; {spec.draws:,} draws over the ranges."
        ),
        inputs=(spec_input("sincerity", spec, "types, record and weights of the case"),),
        drivers=tuple(game_input_label(swing.name) for swing in numbers.swings[:4]),
        study=numbers,
        target=country_name(target),
    )
    return (
        teller.outlook(),
        teller.readings(),
        teller.next_period(),
        teller.record(),
        *teller.tornado(),
        teller.weights("sincerity-weights", sincerity_ranges(spec), game_input_label),
    )


@dataclass(frozen=True)
class _Sincerity(Teller):
    """Says in words what the numbers of one study show."""

    spec: SinceritySpec
    study: SincerityStudy
    target: str

    @property
    def state(self) -> str:
        return country_name(self.spec.state)

    @property
    def claimed(self) -> str:
        return self.spec.types[self.study.claim_place].text

    def outlook(self) -> Finding:
        study = self.study
        before = band(study.prior[:, study.claim_place], "probability")
        after = band(study.claimed, "probability")
        months = study.months
        sentence = (
            f"{len(months)} periods of record, {months[0].period} to {months[-1].period}, move the "
            f"probability that {self.state} is what it claims ('{self.claimed}') from "
            f"{before.text()} to {after.text()}; {_weight(study)}."
        )
        rows = [
            (period, each.id.replace("-", " "), *quantiles(values[:, place]))
            for period, values in [("before", study.prior)]
            + [(last, study.path[:, k]) for k, (_, last) in enumerate(study.windows)]
            for place, each in enumerate(self.spec.types)
        ]
        ways = "more" if after.value > before.value else "less"
        return self.made(
            "sincerity",
            sentence,
            rank=1,
            estimate=after,
            sources=self.sources,
            grid=grid_of(
                (
                    ("window", "record until", ""),
                    ("type", "type", ""),
                    *band_columns("probability"),
                ),
                rows,
            ),
            figure=Figure(
                kind="bars",
                title=f"The record makes {self.state}'s claim {ways} likely",
                x="mean",
                y="window",
                group="type",
                unit_note="probability of each type, mean over draws",
                source_note=self.source_note,
                alt=sentence,
            ),
            caveats=(
                f"The record is {self.state}'s own: customs data are the testimony of an "
                "interested party.",
                "What is recorded is not what flows; a recorded zero fits a blackout too.",
            ),
        )

    def readings(self) -> Finding:
        found = self.study.readings
        deeds, talk, dark = (
            band(found[name], "probability").text()
            for name in ("deeds alone", "words at full weight", "no record of deeds")
        )
        return self.made(
            "sincerity-readings",
            f"Read from deeds alone the probability is {deeds}, with words at full weight {talk}; "
            f"if the record of deeds were a blackout it would be {dark}.",
            rank=3,
            grid=grid_of(
                (("reading", "reading of the record", ""), *band_columns("probability")),
                [(name, *quantiles(values)) for name, values in found.items()],
            ),
            caveats=("A blackout is never counted as a sign of sincerity.",),
        )

    def next_period(self) -> Finding:
        found = self.study.information
        best = max(found, key=lambda name: float(found[name].mean()))
        most = band(found[best], "nat")
        text = self.spec.circumstances[best]
        sentence = (
            f"The next recorded period tells most about {self.state}'s aims when {text}: "
            f"{most.text()} on average."
        )
        return self.made(
            "sincerity-next",
            sentence,
            rank=5,
            estimate=most,
            grid=grid_of(
                (
                    ("circumstance", "circumstance", ""),
                    *((key, title, "nat") for key, title, _ in band_columns("nat")),
                ),
                [(self.spec.circumstances[name], *quantiles(v)) for name, v in found.items()],
            ),
            caveats=(
                f"{rounded_text(float(np.log(len(self.spec.types))), 2)} nats would settle the "
                "question from ignorance.",
            ),
        )

    def record(self) -> Finding:
        rows = [
            (
                month.period,
                month.ratio,
                self.spec.circumstances[month.circumstance],
                self.spec.statements[month.statement] if month.statement else "none rated",
                str(month.released),
                month.note,
            )
            for month in self.study.months
        ]
        known = [month.ratio for month in self.study.months if month.ratio is not None]
        later = len(self.spec.record) - len(rows)
        span = (
            f"between {quantity_text(min(known), 'share', digits=2)} and "
            f"{quantity_text(max(known), 'share', digits=2)}"
            if known
            else "nowhere on record"
        )
        return self.made(
            "sincerity-record",
            f"Recorded trade stands {span} of its baseline ({self.spec.baseline}) over "
            f"{len(rows)} periods.",
            rank=8,
            sources=self.sources,
            grid=grid_of(
                (
                    ("period", "period", ""),
                    ("ratio", "recorded beside the baseline", "share"),
                    ("circumstance", "circumstance", ""),
                    ("statement", "statement", ""),
                    ("released", "known from", ""),
                    ("note", "note", ""),
                ),
                rows,
            ),
            caveats=(f"{later} later periods were not yet known.",) if later else (),
        )

    def tornado(self) -> tuple[Finding, ...]:
        if not self.study.swings:
            return ()
        top = self.study.swings[0]
        ends = [
            quantity_text(v, "probability", digits=2) for v in sorted((top.at_low, top.at_high))
        ]
        name = game_input_label(top.name)
        sentence = (
            f"The probability that {self.state} is what it claims turns most on one input, {name}: "
            f"over its range it goes from {ends[0]} to {ends[1]} with all else at its likeliest "
            "value."
        )
        what = f"probability that {self.state} is what it claims"
        finding = self.made(
            "sincerity-tornado",
            sentence,
            rank=5,
            grid=tornado_grid(
                self.study.swings,
                centre=self.study.central,
                label=game_input_label,
                column=(what, "probability"),
            ),
            figure=tornado_figure(
                name, x="chance", unit_note=f"{what}; one input at a time", alt=sentence
            ),
        )
        return (finding,)

    @property
    def sources(self) -> tuple[str, ...]:
        """Ids of the sources of the record."""
        return once(source for month in self.study.months for source in month.sources)


def _weight(study: SincerityStudy) -> str:
    deeds, words = (band(values, "nat") for values in (study.deeds, study.words))
    return f"deeds {_speak(deeds)}, words {_speak(words)}"


def _speak(weight: Estimate) -> str:
    if abs(weight.value) < NOTHING:
        return "tell nothing"
    way = "for" if weight.value > 0 else "against"
    low, high = weight.low or 0.0, weight.high or 0.0
    ends = sorted((abs(low), abs(high))) if low * high > 0 else (0.0, max(abs(low), abs(high)))
    size = quantity_text(abs(weight.value), "nat", digits=2)
    return f"speak {way} it by {size} ({rounded_text(ends[0], 2)} to {rounded_text(ends[1], 2)})"
