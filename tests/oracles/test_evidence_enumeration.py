"""The weighing against plain enumeration of every joint state, in fractions of pure Python."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.evidence.weighing import posterior
from tumen.numerics.tolerance import assert_close

pytestmark = pytest.mark.oracle


def enumerate_posterior(prior, likelihood, base, reliability, membership):
    """Sum over hypotheses and over which groups track the truth; exact in fractions."""
    weights = [Fraction(0)] * len(prior)
    for place, chance in enumerate(prior):
        for state in product((True, False), repeat=len(reliability)):
            weight = Fraction(chance)
            for tracks, trust in zip(state, reliability, strict=True):
                weight *= Fraction(trust) if tracks else 1 - Fraction(trust)
            for item, group in enumerate(membership):
                table = likelihood if state[group] else base
                weight *= Fraction(table[item][place])
            weights[place] += weight
    total = sum(weights)
    return [float(weight / total) for weight in weights]


chance = st.floats(0.01, 0.99)


@st.composite
def problems(draw, *, dependent):
    hypotheses, items = draw(st.integers(2, 4)), draw(st.integers(1, 5))
    raw = draw(st.lists(chance, min_size=hypotheses, max_size=hypotheses))
    groups = items if not dependent else draw(st.integers(1, items))
    membership = (
        list(range(items))
        if not dependent
        else [*range(groups), *(draw(st.integers(0, groups - 1)) for _ in range(items - groups))]
    )
    row = st.lists(chance, min_size=hypotheses, max_size=hypotheses)
    return (
        [each / sum(raw) for each in raw],
        draw(st.lists(row, min_size=items, max_size=items)),
        draw(st.lists(row, min_size=items, max_size=items)),
        draw(st.lists(chance, min_size=groups, max_size=groups)),
        membership,
    )


def computed(problem):
    prior, likelihood, base, reliability, membership = problem
    return posterior(
        np.array(prior),
        np.array(likelihood),
        np.array(base),
        np.array(reliability),
        np.array(membership),
    )


@given(problems(dependent=False))
def test_without_dependence_the_posterior_is_the_enumerated_one(problem):
    assert_close(computed(problem), enumerate_posterior(*problem), "identity")


@given(problems(dependent=True))
def test_with_groups_the_posterior_is_the_enumerated_one(problem):
    assert_close(computed(problem), enumerate_posterior(*problem), "identity")


@given(problems(dependent=False))
def test_full_trust_without_dependence_is_the_rule_of_bayes(problem):
    prior, likelihood, base, _, membership = problem
    trusted = (prior, likelihood, base, [1.0] * len(membership), membership)
    product_ = np.array(prior) * np.prod(likelihood, axis=0)
    assert_close(computed(trusted), product_ / product_.sum(), "identity")
