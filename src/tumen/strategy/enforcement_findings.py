"""What the enforcement game says, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from tumen.core.countries import country_name
from tumen.core.finding import Figure, Finding
from tumen.core.progress import Progress, silent
from tumen.core.units import quantity_text
from tumen.strategy import labels
from tumen.strategy.bands import band, band_columns, grid_of, plans_grid, quantiles
from tumen.strategy.draws import ranges, sourced_span
from tumen.strategy.enforcement import TERMS
from tumen.strategy.enforcement_spec import EnforcementSpec
from tumen.strategy.enforcement_study import Study, study
from tumen.strategy.equilibrium import AGENT_LOGIT, LOGIT_PATH
from tumen.strategy.labels import TERM_LABELS
from tumen.strategy.provide import outcomes_for
from tumen.strategy.telling import Teller, once, spec_input, tornado_figure, tornado_grid

if TYPE_CHECKING:
    from tumen.trade import Facts, InputOutput


def tell_enforcement(
    spec: EnforcementSpec,
    *,
    target: str,
    as_of: date,
    seed: int,
    world: InputOutput | None = None,
    facts: Facts | None = None,
    progress: Progress = silent,
) -> tuple[Finding, ...]:
    """Return what the enforcement game of a case says.

    Parameters
    ----------
    spec
        The game.
    target
        Code of the country under sanctions.
    as_of
        Day of the assessment; a plan whose legal authority is younger is not played.
    seed
        Root of the random streams.
    world, facts
        Inputs of the trade model; used when the case asks for ``payoffs: trade_model``.

    Raises
    ------
    CaseError
        When the case asks for the trade model without its inputs, or the current plan has no
        legal authority on that day.
    ModelError
        When a game or the trade model has no answer to show.
    """
    provider_at, inputs = outcomes_for(
        spec, target=target, world=world, facts=facts, progress=progress
    )
    numbers = study(spec, as_of=as_of, seed=seed, provider_at=provider_at, progress=progress)
    note = "players, levers, capacities and weights of the case"
    teller = _Enforcement(
        game="enforcement",
        spec=spec,
        method=_method(spec, numbers),
        inputs=(spec_input("enforcement", spec, note), *inputs),
        drivers=tuple(labels.input_label(swing.name) for swing in numbers.swings[:4]),
        study=numbers,
        as_of=as_of,
    )
    found = (
        teller.enforcement(),
        teller.tipping(),
        teller.plans(),
        teller.backfill(),
        teller.tornado(),
        teller.explanation(),
        teller.tipping_line(),
        teller.views(),
        teller.precision("precision", "probability", numbers.by_precision),
        teller.timing(),
        teller.weights("weights", ranges(spec), labels.input_label),
    )
    return tuple(finding for finding in found if finding is not None)


def _method(spec: EnforcementSpec, numbers: Study) -> str:
    solution = AGENT_LOGIT if spec.timing == "sequential" else LOGIT_PATH
    order = ", then ".join(country_name(party.code) for party in spec.players)
    when = f"{order} move in turn" if spec.timing == "sequential" else "all move at once"
    return (
        f"Enforcement game with payoffs in billion US dollars a year ({solution}; {when}); "
        f"{spec.draws:,} draws over the ranges of the weights. "
        f"{numbers.outlook.game.provider.method}"
    )


@dataclass(frozen=True)
class _Enforcement(Teller):
    """Says in words what the numbers of one study show."""

    spec: EnforcementSpec
    study: Study
    as_of: date

    @property
    def enforcer(self) -> str:
        return country_name(self.spec.enforcer)

    @property
    def filler(self) -> str:
        return country_name(self.spec.filler)

    @property
    def what(self) -> str:
        share = quantity_text(self.spec.enforces_at, "share", digits=2)
        return f"{self.enforcer} enforces the ban on at least {share} of its listed trade"

    def enforcement(self) -> Finding:
        chance = self.study.enforces
        estimate = band(chance, "probability")
        plan = self.spec.current_plan
        text = next(item.text for item in self.spec.sender.plans if item.id == plan)
        names = [labels.input_label(swing.name) for swing in self.study.swings[:3]]
        level = self.study.outlook.expected_level(self.spec.enforcer)
        sentence = (
            f"Under the plan '{text}' the game gives a probability of {estimate.text()} that "
            f"{self.what}; it is driven by: {'; '.join(names)}."
        )
        stopped = self.study.realised_share
        return self.made(
            "enforcement",
            sentence,
            rank=1,
            estimate=estimate,
            grid=grid_of(
                (("quantity", "quantity", ""), *band_columns("probability")),
                [
                    (self.what, *quantiles(chance)),
                    ("expected enforced share (policy)", *quantiles(level)),
                    ("expected share that really stops", *quantiles(stopped)),
                ],
            ),
            caveats=(
                "The enforced share is the policy; the share that really stops stands beside it.",
            ),
        )

    def backfill(self) -> Finding:
        outlook = self.study.outlook
        active = outlook.is_active(self.spec.filler)
        estimate = band(active, "probability")
        low, high = sourced_span(self.spec.player(self.spec.filler))
        sentence = (
            f"{self.filler} fills the gap actively with a probability of {estimate.text()}; its "
            f"counted channels can carry {quantity_text(low, 'GUSD', digits=2)} to "
            f"{quantity_text(high, 'GUSD', digits=2)} a year, and the expected leak is "
            f"{band(outlook.leak, 'share').text()} of the listed trade."
        )
        rows = [
            (
                channel.text,
                channel.capacity.mode,
                channel.capacity.low,
                channel.capacity.high,
                "counted" if channel.is_counted else "outside the account",
                channel.capacity.reason,
            )
            for channel in self.spec.player(self.spec.filler).channels
        ]
        return self.made(
            "backfill",
            sentence,
            rank=3,
            sources=once(
                source
                for channel in self.spec.player(self.spec.filler).channels
                for source in channel.capacity.sources
            ),
            estimate=estimate,
            grid=grid_of(
                (
                    ("channel", "channel", ""),
                    ("capacity", "capacity a year", "GUSD"),
                    ("low", "lowest", "GUSD"),
                    ("high", "highest", "GUSD"),
                    ("counts", "in the account", ""),
                    ("reason", "reason", ""),
                ),
                rows,
            ),
            figure=self.intervals(
                f"{self.filler}'s channels can carry up to "
                f"{quantity_text(high, 'GUSD', digits=2)} a year in all",
                x="capacity",
                y="channel",
                unit_note="billion US dollars a year that the channel can bring the target",
                alt=sentence,
                source_note="Ranges of the case with their reasons",
            ),
            caveats=(
                "The channels are capacities, not flows: they say what can be carried, not what is "
                "recorded.",
            ),
        )

    def plans(self) -> Finding:
        plans, sender = self.study.plans, country_name(self.spec.sender.code)
        order = np.argsort(-plans.value.mean(axis=-1), kind="stable")
        enforces = plans.outlook.at_least(self.spec.enforcer, self.spec.enforces_at)
        enforces = np.broadcast_to(enforces, plans.value.shape)
        best = plans.plans[int(order[0])]
        share = quantity_text(float(plans.is_best[order[0]]), "share", digits=2)
        worth = band(plans.value[order[0]], "GUSD")
        sentence = (
            f"Of the plans open to the sender ({sender}) on {self.as_of}, '{best.text}' has the "
            f"highest mean value to it, {worth.text()} a year, and is worth most in {share} of "
            "the draws."
        )
        return self.made(
            "plans",
            sentence,
            rank=2,
            sources=once(source for plan in self.spec.sender.plans for source in plan.sources),
            estimate=worth,
            grid=plans_grid(plans, enforces, order, names=(self.enforcer, sender)),
            figure=self.intervals(
                labels.plans_title(self.enforcer, plans, enforces),
                x="enforced",
                y="plan",
                low="enforced_low",
                high="enforced_high",
                unit_note=f"probability that {self.what}",
                source_note=self.source_note,
                alt=sentence,
            ),
            caveats=("A dollar value of a plan means nothing without the ranges that make it.",),
        )

    def tipping(self) -> Finding:
        surface = self.study.surface
        low, high = sourced_span(self.spec.player(self.spec.filler))
        sentence = labels.tipping_sentence(self.enforcer, self.filler, surface, (low, high))
        rows = [
            (float(capacity), float(strength), float(surface.probability[0, i, j]))
            for i, capacity in enumerate(surface.capacities)
            for j, strength in enumerate(surface.strengths)
        ]
        return self.made(
            "tipping",
            sentence,
            rank=1,
            grid=grid_of(
                (
                    ("capacity", f"{self.filler}'s capacity to fill the gap, a year", "GUSD"),
                    ("strength", f"strength of secondary sanctions on {self.enforcer}", "share"),
                    ("chance", f"probability that {self.enforcer} enforces", "probability"),
                ),
                rows,
            ),
            figure=Figure(
                kind="heatmap",
                title=labels.tipping_title(self.enforcer, surface, (low, high)),
                x="capacity",
                y="strength",
                group="chance",
                level=0.5,
                span=(low, high),
                span_label="range with sources",
                unit_note=f"probability that {self.what}, weights at their likeliest values",
                source_note="Model; the band marks the sum of the channels' ranges in the case",
                alt=sentence,
            ),
            caveats=(
                "The axis is the capacity that all players take the filler to have; the weights "
                "stand at their likeliest values.",
            ),
        )

    def tipping_line(self) -> Finding:
        tip = self.study.band
        never = np.isnan(tip.line)
        ends = np.quantile(
            np.where(never, np.inf, tip.line), [0.05, 0.5, 0.95], axis=0, method="nearest"
        )
        rows = [
            (
                f"{quantity_text(float(capacity), 'GUSD', digits=2)}",
                *(float(v) if np.isfinite(v) else None for v in ends[[1, 0, 2], i]),
                float(never[:, i].mean()),
            )
            for i, capacity in enumerate(tip.capacities)
        ]
        _, high = sourced_span(self.spec.player(self.spec.filler))
        place = int(np.abs(tip.capacities - high).argmin())
        free = float((np.nan_to_num(tip.line[:, place], nan=1.0) == 0).mean())
        share = quantity_text(free, "share", digits=2)
        sentence = (
            f"With {self.filler}'s capacity at the top of its range, {self.enforcer} enforces as "
            f"likely as not without any secondary sanctions in {share} of the draws."
        )
        return self.made(
            "tipping-line",
            sentence,
            rank=6,
            grid=grid_of(
                (
                    ("capacity", f"{self.filler}'s capacity a year", ""),
                    ("strength", "strength needed (median)", "share"),
                    ("low", "5 %", "share"),
                    ("high", "95 %", "share"),
                    ("never", "share of draws in which no strength is enough", "share"),
                ),
                rows,
            ),
            caveats=("An empty cell means that no strength is enough.",),
        )

    def tornado(self) -> Finding | None:
        if not self.study.swings:
            return None
        centre = float(np.mean(self.study.central))
        top = self.study.swings[0]
        ends = sorted((top.at_low, top.at_high))
        sentence = (
            f"The probability of enforcement turns most on one input, "
            f"{labels.input_label(top.name)}: over its range it goes from "
            f"{quantity_text(ends[0], 'probability', digits=2)} to "
            f"{quantity_text(ends[1], 'probability', digits=2)} with all else at its likeliest "
            "value."
        )
        return self.made(
            "tornado",
            sentence,
            rank=4,
            grid=tornado_grid(
                self.study.swings,
                centre=centre,
                label=labels.input_label,
                column=(f"probability that {self.enforcer} enforces", "probability"),
            ),
            figure=tornado_figure(
                labels.input_label(top.name),
                x="chance",
                unit_note=f"probability that {self.what}; one input at a time",
                alt=sentence,
            ),
        )

    def explanation(self) -> Finding:
        why = self.study.explanation
        means = why.difference.mean(axis=-1)
        total = band(why.difference.sum(axis=0), "GUSD")
        first = labels.move_text(why.enforcing)
        second = labels.move_text(why.standing)
        ahead, behind, lead = first, second, total
        if total.value < 0:
            ahead, behind, lead = second, first, band(-why.difference.sum(axis=0), "GUSD")
        reasons = labels.reasons_text(dict(zip(TERMS, means.tolist(), strict=True)), move=first)
        sentence = (
            f"To {self.enforcer}, {ahead} is worth {lead.text()} a year more than {behind}; "
            f"{reasons}."
        )
        largest = float(np.abs(np.quantile(why.difference, [0.05, 0.95], axis=-1)).max())
        rows = []
        for place in np.argsort(-means, kind="stable"):
            mean, low, _, high = quantiles(why.difference[place])
            if max(abs(low), abs(high)) > 0.02 * largest:
                rows.append((TERM_LABELS[TERMS[place]], *np.round((mean, low, high), 3).tolist()))
        return self.made(
            "explain",
            sentence,
            rank=4,
            estimate=total,
            grid=grid_of(
                (
                    ("term", "term", ""),
                    ("difference", f"worth to {self.enforcer} a year", "GUSD"),
                    ("low", "5 %", "GUSD"),
                    ("high", "95 %", "GUSD"),
                ),
                rows,
            ),
            figure=Figure(
                kind="interval",
                title=labels.capital(reasons),
                x="difference",
                y="term",
                unit_note=f"{first} less {second}, billion US dollars a year to {self.enforcer}",
                alt=sentence,
            ),
        )

    def views(self) -> Finding | None:
        by_view = self.study.by_view
        if not by_view:
            return None
        weak, strong = (band(by_view[view], "probability") for view in ("weak", "strong"))
        sentence = (
            f"If {self.enforcer} is sure that {self.filler} is weak, the probability is "
            f"{weak.text()}; if it is sure that {self.filler} is strong, {strong.text()}."
        )
        return self.made(
            "views",
            sentence,
            rank=5,
            estimate=band(by_view["weak"] - by_view["strong"], "probability"),
            grid=grid_of(
                (("view", "view that becomes dominant", ""), *band_columns("probability")),
                [
                    (f"{self.filler} is weak", *quantiles(by_view["weak"])),
                    ("as the case believes", *quantiles(self.study.enforces)),
                    (f"{self.filler} is strong", *quantiles(by_view["strong"])),
                ],
            ),
        )

    def timing(self) -> Finding:
        times = self.study.timing
        turn = quantity_text(times.in_turn, "probability", digits=2)
        if times.at_once is None:
            second = f"when they move at once, {times.message}"
        else:
            once = quantity_text(times.at_once, "probability", digits=2)
            second = f"when they move at once it is {once}"
        pure = ", ".join(labels.move_text(name) for name in times.pure)
        return self.made(
            "timing",
            f"With all weights at their likeliest values and capacities known, the probability is "
            f"{turn} when the parties move in turn; {second}.",
            rank=7,
            grid=grid_of(
                (("timing", "timing", ""), ("chance", "probability", "probability")),
                [("in turn", times.in_turn), ("at once", times.at_once)],
            ),
            caveats=(
                f"Pure equilibria of the game played at once have {self.enforcer} {pure}."
                if pure
                else "The game played at once has no pure equilibrium.",
            ),
        )
