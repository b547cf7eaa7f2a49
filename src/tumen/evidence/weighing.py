"""Weighing rival hypotheses: likelihoods, reliability, dependence, bands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tumen.core.chance import Chance
from tumen.core.errors import CaseError, ModelError, raise_all
from tumen.core.finding import Estimate
from tumen.core.nearest import did_you_mean
from tumen.core.status import Status
from tumen.evidence.check import check
from tumen.evidence.matrix import Matrix, Stated, matrix
from tumen.evidence.spec import Spec
from tumen.numerics.random import stream

Array = NDArray[np.float64]

BAND = (0.05, 0.95)
"""Quantiles of the draws that bound a printed band."""


@dataclass(frozen=True, eq=False)
class Weighing:
    """One set of hypotheses after the evidence.

    The central values are exact: stated chances at their centre, reliabilities at the mean of
    their grade. The draws show what the ranges, the reliabilities and the priors leave open.

    Attributes
    ----------
    matrix
        What entered.
    prior, posterior
        Central values by hypothesis; each sums to 1.
    prior_band, band
        Shape (2, hypothesis): the 5 and 95 % quantiles of the draws.
    draws
        Shape (draw, hypothesis): the posterior of each draw.
    stays_top
        By hypothesis: share of the draws in which it leads.
    likelihood, base
        Shape (item, hypothesis): central chances.
    trust
        By item: central chance that its bearer tracks the truth.
    reliability
        By group, in the order of `matrix.groups`: the least trust of its items.
    group_evidence
        Shape (group, hypothesis): log of the central chance of what each group reports.
    without_models
        The same question without model runs, when model runs count in this one.
    """

    matrix: Matrix
    prior: Array
    posterior: Array
    prior_band: Array
    band: Array
    draws: Array
    stays_top: Array
    likelihood: Array
    base: Array
    trust: Array
    reliability: Array
    group_evidence: Array
    without_models: Weighing | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Ids of the hypotheses."""
        return tuple(each.id for each in self.matrix.set.hypotheses)

    @property
    def top(self) -> int:
        """Place of the hypothesis that leads; the first named one on a tie."""
        return int(np.argmax(self.posterior))

    def posterior_estimate(self, place: int) -> Estimate:
        """Return the probability of a hypothesis after the evidence, with its band."""
        return _estimate(self.posterior[place], *self.band[:, place])

    def prior_estimate(self, place: int) -> Estimate:
        """Return the probability of a hypothesis before the evidence, with its band."""
        return _estimate(self.prior[place], *self.prior_band[:, place])

    @property
    def membership(self) -> NDArray[np.intp]:
        """By item: the place of its group."""
        places = {name: place for place, name in enumerate(self.matrix.groups)}
        return np.array([places[row.group] for row in self.matrix.rows], dtype=np.intp)


def _estimate(value: float, low: float, high: float) -> Estimate:
    return Estimate(
        value=float(value),
        low=float(min(low, value)),
        high=float(max(high, value)),
        coverage=round(BAND[1] - BAND[0], 10),
        unit="probability",
        basis="judged",
        digits=2,
    )


def weigh(spec: Spec, set_id: str, *, as_of: date, seed: int) -> Weighing:
    """Weigh one set of rival hypotheses.

    P(report of group g | H_k) = r_g prod L_ik + (1 - r_g) prod b_ik over the items i of the
    group: r_g is the chance that the group tracks the truth (its weakest outlet's), L the stated
    likelihoods, b the chance of the report when the group does not track the truth. Groups are
    independent given H, copies of one origin count once.

    Parameters
    ----------
    spec
        The section with all its sources (see `complete`).
    set_id
        Which question.
    as_of
        Nothing published later may enter.
    seed
        Root of the named random streams.

    Raises
    ------
    CaseError
        When the section is wrong, holds a later source, or has no such set.
    ModelError
        When the evidence rules out every hypothesis.

    Examples
    --------
    >>> from datetime import date
    >>> from tumen.evidence import Spec, weigh
    >>> section = Spec.model_validate({
    ...     "rater": "A. Analyst",
    ...     "sets": [{"id": "coal", "question": "Does China stop buying coal?", "hypotheses": [
    ...         {"id": "stops", "text": "It stops.", "prior": "0.5"},
    ...         {"id": "goes_on", "text": "It goes on.", "prior": "0.5"}]}],
    ...     "outlets": [{"id": "gacc", "name": "China Customs", "reliability": {
    ...         "grade": "C", "on": "2017-08-01", "reason": "orderly, with known gaps"}}],
    ...     "sources": [{"id": "s1", "type": "dataset", "title": "Monthly imports",
    ...         "issued": "2017-07-23", "outlet": "gacc"}],
    ...     "items": [{"id": "E1", "text": "No coal is recorded from March on.", "kind": "data",
    ...         "sources": ["s1"], "credibility": "2", "because": "A stop leaves no record.",
    ...         "ratings": {"coal": {"stops": "CC", "goes_on": "I"}}}]})
    >>> weighing = weigh(section, "coal", as_of=date(2017, 8, 31), seed=1)
    >>> weighing.posterior.round(3).tolist()
    [0.684, 0.316]
    """
    raise_all(check(spec, as_of=as_of), CaseError)
    known = [each.id for each in spec.sets]
    if set_id not in known:
        raise CaseError(f"'{set_id}' is no set", "evidence.sets", did_you_mean(set_id, known))
    with_models = spec.hypothesis_set(set_id).with_models
    entered = matrix(spec, set_id, with_models=with_models)
    without = None
    if any(row.item.kind == "model" for row in entered.rows):
        without = _weigh(spec, matrix(spec, set_id, with_models=False), seed, None)
    return _weigh(spec, entered, seed, without)


def posterior(
    prior: Array,
    likelihood: Array,
    base: Array,
    reliability: Array,
    membership: NDArray[np.intp],
) -> Array:
    """Return P(H | evidence), by Bayes over independent groups.

    Parameters
    ----------
    prior
        Shape (..., hypothesis).
    likelihood, base
        Shape (..., item, hypothesis).
    reliability
        Shape (..., group).
    membership
        Shape (item,): the place of each item's group.
    """
    evidence = np.zeros(prior.shape)
    for place in range(reliability.shape[-1]):
        chosen = membership == place
        evidence = evidence + group_evidence(
            likelihood[..., chosen, :], base[..., chosen, :], reliability[..., place]
        )
    return normalised(prior, evidence)


def group_evidence(
    likelihood: Array, base: Array, reliability: Array | np.float64 | float
) -> Array:
    """Return log(r prod L + (1 - r) prod b) of one group, shape (..., hypothesis)."""
    trust = np.asarray(reliability)[..., np.newaxis]
    with np.errstate(divide="ignore"):
        tracks = np.log(trust) + np.log(likelihood).sum(axis=-2)
        strays = np.log1p(-trust) + np.log(base).sum(axis=-2)
    return np.asarray(np.logaddexp(tracks, strays))


def normalised(prior: Array, evidence: Array) -> Array:
    """Return prior times evidence, scaled to sum 1 over the hypotheses.

    Raises
    ------
    ModelError
        When every hypothesis is ruled out.
    """
    with np.errstate(divide="ignore"):
        score = np.log(prior) + evidence
    best = score.max(axis=-1, keepdims=True)
    if not np.all(np.isfinite(best)):
        raise ModelError(
            "the evidence rules out every hypothesis",
            hint="a likelihood of 0 says impossible; give it a small chance, or add a hypothesis",
            status=Status("infeasible", 0, message="no hypothesis is left"),
        )
    weight = np.exp(score - best)
    return np.asarray(weight / weight.sum(axis=-1, keepdims=True))


def onto_simplex(values: Array, low: Array, high: Array) -> Array:
    """Move points of a box towards a corner until they sum to 1; they stay inside the box.

    Parameters
    ----------
    values
        Shape (..., hypothesis), within [low, high].
    low, high
        Shape (hypothesis,), with ``sum(low) <= 1 <= sum(high)``.
    """
    total = values.sum(axis=-1, keepdims=True)
    corner = np.where(total < 1, high, low)
    gap = corner.sum(axis=-1, keepdims=True) - total
    step = np.divide(1 - total, gap, out=np.zeros_like(total), where=np.abs(gap) > 1e-15)
    moved = values + step * (corner - values)
    return np.asarray(moved / moved.sum(axis=-1, keepdims=True))


def _weigh(spec: Spec, entered: Matrix, seed: int, without: Weighing | None) -> Weighing:
    name, hypotheses = entered.set.id, entered.set.hypotheses
    low = np.array([each.prior.low for each in hypotheses])
    high = np.array([each.prior.high for each in hypotheses])
    uniform = np.stack(
        [
            stream(seed, f"evidence.prior.{name}.{each.id}").random(spec.draws)
            for each in hypotheses
        ],
        axis=-1,
    )
    prior = onto_simplex(0.5 * (low + high), low, high)
    prior_draws = onto_simplex(low + uniform * (high - low), low, high)
    shape = (len(entered.rows), len(hypotheses))
    likelihood = np.array(
        [[each.centre for each in row.likelihood] for row in entered.rows]
    ).reshape(shape)
    base = np.array([[each.centre for each in row.base] for row in entered.rows]).reshape(shape)
    trust = np.array([spec.grades[row.grade].mean for row in entered.rows])
    members = [
        [number for number, row in enumerate(entered.rows) if row.group == group]
        for group in entered.groups
    ]
    reliability = np.array([trust[chosen].min() for chosen in members])
    terms = np.zeros((len(entered.groups), len(hypotheses)))
    evidence_draws = np.zeros((spec.draws, len(hypotheses)))
    for place, (group, chosen) in enumerate(zip(entered.groups, members, strict=True)):
        terms[place] = group_evidence(likelihood[chosen], base[chosen], reliability[place])
        evidence_draws += _draw_group(spec, entered, group, chosen, seed)
    draws = normalised(prior_draws, evidence_draws)
    leads = np.argmax(draws, axis=-1)
    return Weighing(
        matrix=entered,
        prior=prior,
        posterior=normalised(prior, terms.sum(axis=0)),
        prior_band=np.quantile(prior_draws, BAND, axis=0),
        band=np.quantile(draws, BAND, axis=0),
        draws=draws,
        stays_top=np.bincount(leads, minlength=len(hypotheses)) / spec.draws,
        likelihood=likelihood,
        base=base,
        trust=trust,
        reliability=reliability,
        group_evidence=terms,
        without_models=without,
    )


def _draw_group(spec: Spec, entered: Matrix, group: str, chosen: Sequence[int], seed: int) -> Array:
    """Return draws of log P(report of the group | H), shape (draw, hypothesis)."""
    bearer = entered.group_bearer[group]
    scale = spec.grades[entered.bearer_grade[bearer]]
    first, second = scale.mean * scale.strength, (1 - scale.mean) * scale.strength
    # One stream per bearer: two groups of one outlet are trusted together.
    trust = stream(seed, f"evidence.reliability.{bearer}").beta(first, second, spec.draws)
    likelihood = np.empty((spec.draws, len(chosen), len(entered.set.hypotheses)))
    base = np.empty_like(likelihood)
    for place, number in enumerate(chosen):
        row = entered.rows[number]
        for column, hypothesis in enumerate(entered.set.hypotheses):
            stake = f"evidence.base.{entered.set.id}.{row.bearer}.{hypothesis.id}"
            label = f"evidence.likelihood.{entered.set.id}.{row.item.origin_id}.{hypothesis.id}"
            base[:, place, column] = _draw(row.base[column], seed, stake, spec.draws)
            likelihood[:, place, column] = (
                base[:, place, column]
                if row.likelihood[column].is_na
                else _draw(row.likelihood[column], seed, label, spec.draws)
            )
    return group_evidence(likelihood, base, trust)


def _draw(chance: Stated, seed: int, name: str, draws: int) -> Array:
    meant: Chance = chance.range
    if meant.is_point:
        return np.full(draws, meant.low)
    return meant.low + (meant.high - meant.low) * stream(seed, name).random(draws)
