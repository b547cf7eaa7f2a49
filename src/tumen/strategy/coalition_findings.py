"""What a case's coalition says, in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tumen.core.countries import country_name
from tumen.core.finding import Finding
from tumen.strategy.bands import band, band_columns, band_text, cells, chance_text, grid_of
from tumen.strategy.coalition_spec import CoalitionSpec
from tumen.strategy.coalition_study import CoalitionStudy, coalition_ranges, study_coalition
from tumen.strategy.labels import game_input_label, with_article
from tumen.strategy.telling import Teller, sources_of, spec_input


def tell_coalition(spec: CoalitionSpec, *, target: str, seed: int) -> tuple[Finding, ...]:
    """Return what the coalition of a case says.

    Parameters
    ----------
    spec
        Members and their trade.
    target
        Code of the country under sanctions.
    seed
        Root of the random streams.
    """
    numbers = study_coalition(spec, seed=seed)
    teller = _Coalition(
        game="coalition",
        spec=spec,
        method=(
            "Export revenue that the target loses when a group enforces in full and the rest "
            "stand aside, worked out for every group (Shapley values, Harsanyi dividends); "
            f"{spec.draws:,} draws over the ranges."
        ),
        inputs=(spec_input("coalition", spec, "members and their trade"),),
        drivers=tuple(game_input_label(swing.name) for swing in numbers.swings[:4]),
        study=numbers,
        target=country_name(target),
    )
    return (
        teller.members(),
        teller.pairs(),
        teller.weights("coalition-weights", coalition_ranges(spec), game_input_label),
    )


@dataclass(frozen=True)
class _Coalition(Teller):
    """Says in words what the numbers of one study show."""

    spec: CoalitionSpec
    study: CoalitionStudy
    target: str

    def members(self) -> Finding:
        study = self.study
        order = np.argsort(-study.without.mean(axis=0), kind="stable")
        names = [country_name(member.code) for member in self.spec.members]
        first = int(order[0])
        sentence = (
            f"If all members enforce, {self.target} loses {band(study.everyone, 'GUSD').text()} a "
            f"year; if {names[first]} stands aside, {band_text(study.without[:, first])} of that "
            "pressure is gone."
        )
        rows = []
        for place in order:
            gone = cells(study.without[:, place])
            rows.append(
                (
                    names[place],
                    *(gone[0], gone[1], gone[3]),
                    round(float(study.shares[:, place].mean()), 3),
                    round(float(study.alone[:, place].mean()), 3),
                    self.spec.members[place].text,
                )
            )
        return self.made(
            "coalition",
            sentence,
            rank=2,
            sources=sources_of(coalition_ranges(self.spec)),
            estimate=band(study.without[:, first], "share"),
            grid=grid_of(
                (
                    ("member", "member", ""),
                    ("lost", "share of the pressure lost when it stands aside", "share"),
                    ("low", "5 %", "share"),
                    ("high", "95 %", "share"),
                    ("share", "Shapley share", "share"),
                    ("alone", "share when it alone enforces", "share"),
                    ("what", "what it trades", ""),
                ),
                rows,
            ),
            figure=self.intervals(
                f"{names[first]} holds the coalition: without it "
                f"{chance_text(float(study.without[:, first].mean()))} of the pressure is gone",
                x="lost",
                y="member",
                unit_note="share of the pressure lost when the member stands aside",
                alt=sentence,
            ),
            caveats=("Standing aside is not breach: firms use part of their free capacity.",),
        )

    def pairs(self) -> Finding:
        study = self.study
        first, second = (with_article(code) for code in self.spec.pair)
        sentence = (
            f"{band_text(study.pair)} of the whole pressure exists only when {first} and {second} "
            "both enforce: each undoes that part of the other's effort by standing aside."
        )
        ordered = sorted(study.pairs, key=lambda pair: -abs(float(pair[2].mean())))
        return self.made(
            "coalition-pairs",
            sentence,
            rank=3,
            estimate=band(study.pair, "share"),
            grid=grid_of(
                (("pair", "pair", ""), *band_columns("share")),
                [
                    (f"{country_name(one)} and {country_name(two)}", *cells(values))
                    for one, two, values in ordered[:10]
                ],
            ),
            caveats=(
                "The table gives each pair's interaction over all groups that hold both; the "
                "sentence gives the pair's own dividend.",
            ),
        )
