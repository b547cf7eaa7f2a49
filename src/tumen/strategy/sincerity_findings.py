"""What a state's record says of its aims, in words; deeds and talk stand apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from tumen.core.countries import country_name
from tumen.core.finding import Figure, Finding
from tumen.core.units import counted, quantity_text, rounded_text
from tumen.strategy.bands import (
    band,
    band_columns,
    band_text,
    cells,
    chance_text,
    grid_of,
    quantiles,
)
from tumen.strategy.game import Floats
from tumen.strategy.labels import game_input_label
from tumen.strategy.sincerity_spec import SinceritySpec
from tumen.strategy.sincerity_study import SincerityStudy, sincerity_ranges, study_sincerity
from tumen.strategy.telling import Teller, once, spec_input, tornado_figure, tornado_grid

LARGEST_ODDS = 1e6
NOTHING = 0.05
"""Log Bayes factors below this, either way, tell nothing."""


def tell_sincerity(spec: SinceritySpec, *, as_of: date, seed: int) -> tuple[Finding, ...]:
    """Return what the record of a state says of its aims.

    Parameters
    ----------
    spec
        Types, record and weights.
    as_of
        Months that were released later are not read.
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
            f"{spec.window} months count as one choice; a recorded zero is read as less than "
            f"full enforcement leaves; {spec.draws:,} draws over the ranges."
        ),
        inputs=(spec_input("sincerity", spec, "types, record and weights of the case"),),
        drivers=tuple(game_input_label(swing.name) for swing in numbers.swings[:4]),
        study=numbers,
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

    @property
    def state(self) -> str:
        return country_name(self.spec.state)

    @property
    def claimed(self) -> str:
        return self.spec.types[self.study.claim_place].text

    def outlook(self) -> Finding:
        study, months = self.study, self.study.months
        before, after = study.prior, study.path[:, -1]
        claimed = study.claim_place
        sentence = (
            f"{len(months)} months of record, {months[0].period} to {months[-1].period}, move the "
            f"probability that {self.state} is what it claims ('{self.claimed}') from "
            f"{band_text(before[:, claimed])} to {band_text(after[:, claimed])}; {_weight(study)}."
        )
        rows = []
        for place, each in enumerate(self.spec.types):
            first, last = cells(before[:, place]), cells(after[:, place])
            rows.append((each.text, first[0], last[0], last[1], last[3]))
        moved = after[:, claimed].mean() - before[:, claimed].mean()
        ways = "more" if moved > 0 else "less"
        return self.made(
            "sincerity",
            sentence,
            rank=1,
            estimate=band(after[:, claimed], "probability"),
            sources=self.sources,
            grid=grid_of(
                (
                    ("type", "what it may be", ""),
                    ("before", "before the record", "probability"),
                    ("after", "after it", "probability"),
                    ("low", "5 %", "probability"),
                    ("high", "95 %", "probability"),
                ),
                rows,
            ),
            figure=Figure(
                kind="before_after",
                title=f"The record makes {self.state}'s claim {ways} likely",
                x="after",
                y="type",
                low="before",
                high="after",
                unit_note="probability of each type before and after the record, mean over draws",
                source_note=self.source_note,
                alt=sentence,
            ),
            caveats=(
                f"The record is {self.state}'s own: customs data are the testimony of an "
                "interested party.",
                "What is recorded is not what flows; ships, prices and witnesses are no part of "
                "this record.",
            ),
        )

    def readings(self) -> Finding:
        found = self.study.readings
        deeds, talk, dark = (
            band_text(found[name])
            for name in ("deeds alone", "words at full weight", "no record of deeds")
        )
        return self.made(
            "sincerity-readings",
            f"Read from deeds alone the probability is {deeds}, with words at full weight {talk}; "
            f"had {self.state} published nothing in that time, its silence would put it at {dark}.",
            rank=3,
            grid=grid_of(
                (("reading", "reading of the record", ""), *band_columns("probability")),
                [(name, *cells(values)) for name, values in found.items()],
            ),
            caveats=(
                "A blackout is never counted as a sign of sincerity.",
                "The chances of silence are the case's; each silent month counts by itself, "
                "also where the months of a window share one choice.",
            ),
        )

    def next_period(self) -> Finding:
        found = self.study.information
        best = max(found, key=lambda name: float(found[name].mean()))
        most, whole = band(found[best], "nat"), float(np.log(len(self.spec.types)))
        text = self.spec.circumstances[best]
        share = chance_text(most.value / whole)
        sentence = (
            f"The next recorded month tells most about {self.state}'s aims when {text}: {share} of "
            "what would settle the question from ignorance."
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
                [(self.spec.circumstances[name], *cells(values)) for name, values in found.items()],
            ),
            caveats=(
                f"Information is counted in nats; {rounded_text(whole, 2)} of them would settle "
                "the question from ignorance.",
            ),
        )

    def record(self) -> Finding:
        last = {end: k for k, (_, end) in enumerate(self.study.windows)}
        path = self.study.path[:, :, self.study.claim_place].mean(axis=0)
        rows = [
            (
                month.period,
                month.ratio,
                round(float(path[last[month.period]]), 3) if month.period in last else None,
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
            f"between {chance_text(min(known))} and {chance_text(max(known))}"
            if known
            else "nowhere on record"
        )
        return self.made(
            "sincerity-record",
            f"Recorded trade stands {span} of its baseline ({self.spec.baseline}) over "
            f"{len(rows)} months.",
            rank=8,
            sources=self.sources,
            grid=grid_of(
                (
                    ("period", "period", ""),
                    ("ratio", "recorded beside the baseline", "share"),
                    ("claim", "probability of its claim by then", "probability"),
                    ("circumstance", "circumstance", ""),
                    ("statement", "statement", ""),
                    ("released", "known from", ""),
                    ("note", "note", ""),
                ),
                rows,
            ),
            caveats=(f"Not yet known: {counted(later, 'later month')}.",) if later else (),
        )

    def tornado(self) -> tuple[Finding, ...]:
        if not self.study.swings:
            return ()
        top = self.study.swings[0]
        ends = [chance_text(value) for value in sorted((top.at_low, top.at_high))]
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
    return f"deeds {_speak(study.deeds)}, words {_speak(study.words)}"


def _speak(weights: Floats) -> str:
    """Say what log Bayes factors for the claim weigh: median odds, and nats with their band."""
    _, low, median, high = quantiles(weights)
    if abs(median) < NOTHING:
        return "tell nothing"
    odds = rounded_text(min(float(np.exp(abs(median))), LARGEST_ODDS), 2)
    way = f"{odds} to 1 {'for' if median > 0 else 'against'} it"
    ends = f"{rounded_text(low, 2)} to {rounded_text(high, 2)}"
    return f"speak {way} ({quantity_text(median, 'nat', digits=2)}, {ends})"
