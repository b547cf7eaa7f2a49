"""What a case's roadmap says, in words: conditions and thresholds, not one chance of success."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tumen.core.countries import country_name
from tumen.core.finding import Figure, Finding, Grid
from tumen.core.units import quantity_text
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
from tumen.strategy.labels import capital, game_input_label, with_article
from tumen.strategy.roadmap_spec import AGENCY, NUCLEAR_WEAPON_STATES, RoadmapSpec
from tumen.strategy.roadmap_study import PERIOD, RoadmapStudy, roadmap_ranges, study_roadmap
from tumen.strategy.schedules import SCHEDULES
from tumen.strategy.telling import (
    Teller,
    once,
    sources_of,
    spec_input,
    tornado_figure,
    tornado_grid,
)

SCHEDULE_LABELS = {
    "max_pressure": "maximum pressure",
    "phased": "phased relief",
    "value_matched": "relief matched to each step's worth",
    "front_loaded": "relief in front",
}


def tell_roadmap(spec: RoadmapSpec, *, target: str, seed: int) -> tuple[Finding, ...]:
    """Return what the roadmap of a case says.

    Parameters
    ----------
    spec
        The roadmap.
    target
        Code of the country under sanctions.
    seed
        Root of the random streams.

    Raises
    ------
    ModelError
        When no schedule has a finite value.
    """
    numbers = study_roadmap(spec, seed=seed)
    teller = _Roadmap(
        game="roadmap",
        spec=spec,
        method=(
            f"Game of steps against relief over {spec.horizon} half years: in each the target "
            "takes a step, pretends to, or holds, and the sender keeps its promise or breaks it, "
            "waits or takes relief back (agent quantal response by backward recursion); "
            f"{spec.draws:,} draws over the ranges of the weights."
        ),
        inputs=(spec_input("roadmap", spec, "steps, weights and verifiers of the case"),),
        drivers=tuple(game_input_label(swing.name) for swing in numbers.swings[:4]),
        study=numbers,
        target=country_name(target),
    )
    return (
        teller.outlook(),
        teller.promise(),
        teller.over_leaks(),
        teller.steps(),
        teller.verifiers(),
        *teller.tornado(),
        teller.precision(
            "roadmap-precision", "share of the steps really taken", numbers.by_precision
        ),
        teller.weights("roadmap-weights", roadmap_ranges(spec), game_input_label),
    )


@dataclass(frozen=True)
class _Roadmap(Teller):
    """Says in words what the numbers of one study show."""

    spec: RoadmapSpec
    study: RoadmapStudy
    target: str

    @property
    def sender(self) -> str:
        return country_name(self.spec.sender)

    @property
    def proposal(self) -> str:
        return SCHEDULE_LABELS[self.spec.proposal]

    @property
    def policy(self) -> str:
        return SCHEDULE_LABELS[self.spec.policy]

    def outlook(self) -> Finding:
        proposal, policy = (
            self.study.outlooks[name] for name in (self.spec.proposal, self.spec.policy)
        )
        ahead = float((self.study.advantage > 0).mean())
        years = f"{self.spec.horizon * PERIOD:g} years"
        estimate = band(proposal.dismantled_share - policy.dismantled_share, "share")
        sentence = (
            f"Over {years} {self.proposal} gets {band_text(proposal.dismantled_share)} of the "
            f"steps really taken, {self.policy} {band_text(policy.dismantled_share)}; the first is "
            f"worth more to the sender ({self.sender}) in {chance_text(ahead)} of the draws."
        )
        grid = self._schedules()
        first, last = grid.rows[0], grid.rows[-1]
        overlaps = float(first[2] or 0) < float(last[3] or 0)
        return self.made(
            "roadmap",
            sentence,
            rank=1,
            estimate=estimate,
            grid=grid,
            figure=self.intervals(
                f"{first[0]} gets most steps really taken"
                + (", but the bands overlap" if overlaps else ""),
                x="taken",
                y="schedule",
                unit_note=f"share of the {len(self.spec.steps)} steps really taken in {years}",
                alt=sentence,
            ),
            caveats=(
                "The answer is conditional: phasing helps where the sender's promise is not "
                "believed or the pressure leaks; a believed sender without a leak loses nothing by "
                "asking for all first.",
                "Values are present values beside sanctions that stay as they are; what pressure "
                "does elsewhere, to arms sales or to others who watch, stands outside.",
            ),
        )

    def _schedules(self) -> Grid:
        """How each schedule ends, the one with most steps really taken first."""
        order = sorted(
            SCHEDULES, key=lambda name: -self.study.outlooks[name].dismantled_share.mean()
        )
        rows = []
        for name in order:
            found = self.study.outlooks[name]
            taken, worth = cells(found.dismantled_share), band(found.value_sender, "GUSD")
            rows.append(
                (
                    capital(SCHEDULE_LABELS[name]),
                    *(taken[0], taken[1], taken[3]),
                    round(float(found.hidden_share.mean()), 3),
                    round(float(found.completed.mean()), 3),
                    round(float(found.broken.mean()), 3),
                    round(float(found.reneged.mean()), 3),
                    *(worth.value, worth.low, worth.high),
                )
            )
        return grid_of(
            (
                ("schedule", "schedule of relief", ""),
                ("taken", "share of the steps really taken", "share"),
                ("low", "5 %", "share"),
                ("high", "95 %", "share"),
                ("hidden", "declared and not taken", "share"),
                ("completed", "all steps declared and relief given", "probability"),
                ("broken", "process broken off", "probability"),
                ("reneged", "by a broken promise of relief", "probability"),
                ("worth", f"worth to {with_article(self.spec.sender)}", "GUSD"),
                ("worth_low", "5 %", "GUSD"),
                ("worth_high", "95 %", "GUSD"),
            ),
            rows,
        )

    def promise(self) -> Finding:
        study, steps = self.study, len(self.spec.steps)
        threshold = band(study.threshold, "GUSD")
        cost = self.spec.weights["cost_renege"]
        low, high = (quantity_text(v, "GUSD", digits=2) for v in (cost.low, cost.high))
        holds = chance_text(float(study.is_credible.mean()))
        goes = chance_text(float(study.goes_all_the_way.mean()))
        benefit = band(study.roadmap.benefit / PERIOD, "GUSD")
        price = band(study.roadmap.step_value_target.sum(axis=-1) / PERIOD, "GUSD")
        sentence = (
            f"The one promise of maximum pressure is kept by a sender that follows its interest "
            f"only if breaking it costs more than {threshold.text()}; the case puts that cost at "
            f"{low} to {high}, and the condition holds in {holds} of the draws."
        )
        rows = [
            (
                "The sender keeps one promise of all relief",
                "cost of a broken promise above, USD billion",
                *quantiles(study.threshold),
                round(float(study.is_credible.mean()), 3),
            ),
            (
                f"The sender keeps a promise of one share of {steps}",
                "cost of a broken promise above, USD billion",
                *quantiles(study.threshold / steps),
                round(float((study.roadmap.cost_renege > study.threshold / steps).mean()), 3),
            ),
            (
                f"{self.target} gives up everything for relief at the end",
                "relief above, USD billion a year",
                *quantiles(_price_at_the_end(study)),
                round(float(study.goes_all_the_way.mean()), 3),
            ),
        ]
        return self.made(
            "roadmap-promise",
            sentence,
            rank=1,
            sources=sources_of(self.spec.weights),
            estimate=threshold,
            grid=grid_of(
                (
                    ("condition", "what must hold", ""),
                    ("needs", "it needs", ""),
                    *band_columns("GUSD"),
                    ("holds", "holds in draws", "share"),
                ),
                rows,
            ),
            caveats=(
                f"Relief is worth {benefit.text()} a year to {self.target}, and all steps cost it "
                f"{price.text()} a year; it goes all the way for relief at the end in {goes} of "
                "the draws.",
                "The cost of a broken promise cannot be observed; read the threshold, not the "
                "chance.",
                "Gains from later steps make a promise easier to keep than the threshold says.",
            ),
        )

    def over_leaks(self) -> Finding:
        surface, gap = self.study.surface, self._gap()
        rows = [
            (float(leak), float(cost), float(gap[i, j]))
            for i, leak in enumerate(surface.leaks)
            for j, cost in enumerate(surface.costs)
        ]
        leak = self.spec.weights["leak"]
        share = chance_text(float((gap > 0).mean()))
        inside = (surface.leaks >= leak.low) & (surface.leaks <= leak.high)
        here = chance_text(float((gap[inside] > 0).mean()))
        title = f"{capital(self.proposal)} is worth more to the sender on {share} of the map"
        if (gap > 0).all():
            title = f"{capital(self.proposal)} is worth more to the sender everywhere shown"
        if (gap <= 0).all():
            title = f"{capital(self.policy)} is worth more to the sender everywhere shown"
        sentence = (
            f"With the other inputs at their likeliest values {self.proposal} is worth more to "
            f"the sender than {self.policy} on {share} of the map of leak and cost of a broken "
            f"promise, and on {here} of the part inside the case's range of leaks."
        )
        return self.made(
            "roadmap-map",
            sentence,
            rank=2,
            grid=grid_of(
                (
                    ("leak", "share of the pressure that leaks", "share"),
                    ("cost", "cost of a broken promise to the sender", "GUSD"),
                    ("gap", f"{self.proposal} less {self.policy}", "GUSD"),
                ),
                rows,
            ),
            figure=Figure(
                kind="heatmap",
                title=title,
                x="leak",
                y="cost",
                group="gap",
                level=0.0,
                span=(leak.low, leak.high),
                span_label="range of the case",
                unit_note=f"worth to the sender of {self.proposal} less {self.policy}, billion "
                "US dollars; weights at their likeliest values",
                source_note="Model; the band marks the case's range of the leak",
                alt=sentence,
            ),
        )

    def _gap(self) -> Floats:
        """Return what the proposal is worth beside the policy on the map, shape (leak, cost)."""
        outlooks = self.study.surface.outlooks
        proposed, policy = outlooks[self.spec.proposal], outlooks[self.spec.policy]
        return np.asarray(proposed.value_sender - policy.value_sender)

    def _between(self) -> tuple[str, ...]:
        """Say where the cost of a broken promise leads between the ends of its range."""
        surface, cost = self.study.surface, self.spec.weights["cost_renege"]
        near = int(np.abs(surface.leaks - self.spec.weights["leak"].mode).argmin())
        inside = self._gap()[near][(surface.costs >= cost.low) & (surface.costs <= cost.high)]
        ends = [
            value
            for swing in self.study.swings
            if swing.name == "roadmap.cost_renege"
            for value in (swing.at_low, swing.at_high)
        ]
        if not ends or not inside.size:
            return ()
        most, least = float(inside.max()), float(inside.min())
        slack = 0.1 * (max(ends) - min(ends))
        if most > max(ends) + slack:
            far = most
        elif least < min(ends) - slack:
            far = least
        else:
            return ()
        return (
            "The table shows the ends of each range; between its ends the cost of a broken promise "
            f"takes it to {quantity_text(far, 'GUSD', digits=2)}, as the map shows.",
        )

    def steps(self) -> Finding:
        study, spec = self.study, self.spec
        outlook = study.outlooks[spec.proposal]
        given = outlook.given.mean(axis=0)
        low, high = np.quantile(outlook.given, [0.05, 0.95], axis=0)
        reliefs = (study.central.relief, study.best.relief)
        first, last = (chance_text(float(given[k])) for k in (0, -1))
        place = int(study.best.relief.argmax())
        share = chance_text(float(study.best.relief[place]))
        sentence = (
            f"Under {self.proposal} the first step is really taken with a probability of {first}, "
            f"the last one of {last}; the schedule worth most to the sender at the likeliest "
            f"weights gives {share} of the relief for step {place + 1} of {len(spec.steps)}."
        )
        rows: list[tuple[str | float | None, ...]] = [
            (
                f"{number}. {step.text}",
                *(round(float(each[number - 1]), 3) for each in (given, low, high)),
                *(round(float(shares[number - 1]), 3) for shares in reliefs),
                step.relief or "not named",
                step.delivers,
                step.reverses,
            )
            for number, step in enumerate(spec.steps, start=1)
        ]
        return self.made(
            "roadmap-steps",
            sentence,
            rank=2,
            sources=once(
                source
                for step in spec.steps
                for value in (step.worth_target, step.worth_sender, step.detection)
                for source in value.sources
            ),
            grid=grid_of(
                (
                    ("step", "step", ""),
                    ("given", f"really taken under {self.proposal}", "probability"),
                    ("low", "5 %", "probability"),
                    ("high", "95 %", "probability"),
                    *((key, f"relief under {title}", "share") for key, title in _RELIEFS),
                    ("relief", "what it is to bring", ""),
                    ("delivers", "who can deliver it", ""),
                    ("reverses", "who can take it back", ""),
                ),
                rows,
            ),
            figure=self.intervals(
                f"Chance of the first step: {first}; of the last: {last}",
                x="given",
                y="step",
                unit_note=f"probability that the step is really taken under {self.proposal}",
                alt=sentence,
            ),
            caveats=("The best schedule is a search and may be a local maximum.",),
        )

    def verifiers(self) -> Finding:
        found = self.study.verified
        both = [country_or_agency(each.verifier.code) for each in found if each.is_acceptable]
        efficient = [country_or_agency(each.verifier.code) for each in found if each.is_efficient]
        hidden = [float(each.outlook.hidden_share.mean()) for each in found]
        most = country_or_agency(found[int(np.argmax(hidden))].verifier.code)
        noun = "verifiers" if len(both) > 1 else "verifier"
        sentence = (
            f"Both sides gain in the mean with {listed(both) or 'none of the verifiers'} as "
            f"{noun}; {listed(efficient)} cannot be bettered for one side without loss to the "
            f"other, and most stays hidden from {most}."
        )
        return self.made(
            "verification",
            sentence,
            rank=2,
            sources=once(
                source
                for party in self.spec.verifiers
                for value in (party.access, party.collusion, party.intrusion)
                for source in value.sources
            ),
            grid=self._parties(),
            figure=self.intervals(
                f"Verified by {country_or_agency(self._best_for_sender)}, the proposal is "
                "worth most to the sender",
                x="sender",
                y="verifier",
                unit_note=f"worth to the sender of {self.proposal}, billion US dollars",
                alt=sentence,
            ),
            caveats=(
                "Only nuclear-weapon states may take warheads; the IAEA verifies nuclear material "
                "and does not handle weapons.",
            ),
        )

    def _parties(self) -> Grid:
        """How the proposal ends under each verifier."""
        rows: list[tuple[str | float | None, ...]] = []
        for party, each in zip(self.spec.verifiers, self.study.verified, strict=True):
            sender, target = each.outlook.value_sender, each.outlook.value_target
            worth = quantiles(sender)
            gain = float(((sender > 0) & (target > 0)).mean())
            rows.append(
                (
                    capital(country_or_agency(party.code)),
                    *(worth[0], worth[1], worth[3]),
                    float(target.mean()),
                    round(float(each.outlook.dismantled_share.mean()), 3),
                    round(float(each.outlook.hidden_share.mean()), 3),
                    round(gain, 3),
                    "yes" if each.is_efficient else "no",
                    _custody(party.code),
                    party.text,
                )
            )
        return grid_of(
            (
                ("verifier", "who verifies", ""),
                ("sender", f"worth to {with_article(self.spec.sender)}", "GUSD"),
                ("low", "5 %", "GUSD"),
                ("high", "95 %", "GUSD"),
                ("target", f"worth to {self.target}", "GUSD"),
                ("taken", "share of the steps really taken", "share"),
                ("hidden", "declared and not taken", "share"),
                ("both", "share of draws in which both sides gain", "share"),
                ("efficient", "not to be bettered for both", ""),
                ("custody", "warheads", ""),
                ("what", "how it would verify", ""),
            ),
            rows,
        )

    @property
    def _best_for_sender(self) -> str:
        worth = [float(each.outlook.value_sender.mean()) for each in self.study.verified]
        return self.study.verified[int(np.argmax(worth))].verifier.code

    def tornado(self) -> tuple[Finding, ...]:
        study = self.study
        if not study.swings:
            return ()
        top = study.swings[0]
        ends = [quantity_text(v, "GUSD", digits=2) for v in sorted((top.at_low, top.at_high))]
        name = game_input_label(top.name)
        sentence = (
            f"What {self.proposal} is worth to the sender beside {self.policy} turns most on "
            f"one input, {name}: over its range it goes from {ends[0]} to {ends[1]} with all else "
            "at its likeliest value."
        )
        what = f"worth of {self.proposal} less {self.policy} to the sender"
        finding = self.made(
            "roadmap-tornado",
            sentence,
            rank=4,
            grid=tornado_grid(
                study.swings,
                centre=study.central_advantage,
                label=game_input_label,
                column=(what, "GUSD"),
            ),
            figure=tornado_figure(
                name,
                x="chance",
                unit_note=f"{what}, billion US dollars; one input at a time",
                alt=sentence,
            ),
            caveats=self._between(),
        )
        return (finding,)


_RELIEFS = (("proposed", "the proposal"), ("best", "the schedule worth most to the sender"))


def _price_at_the_end(study: RoadmapStudy) -> np.ndarray:
    """Relief a year from which the target takes every step for relief at the end."""
    roadmap = study.roadmap
    powers = roadmap.discount_target[:, None] ** np.arange(roadmap.steps)
    cost = (powers * roadmap.step_value_target).sum(axis=-1)
    return np.asarray(cost / powers[:, -1] / PERIOD)


def _custody(code: str) -> str:
    if code in NUCLEAR_WEAPON_STATES:
        return "may take them"
    return "material only" if code == AGENCY else "may not take them"


def country_or_agency(code: str) -> str:
    """Return the name of a verifier."""
    return "the IAEA" if code == AGENCY else with_article(code)


def listed(names: list[str]) -> str:
    """Return names as a phrase: ``China, Russia and the IAEA``."""
    return ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1] if names else ""
