"""JAX gives the numbers of NumPy: solves, and gradients at free trade and at a ban."""

from __future__ import annotations

import builtins
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tumen.core.errors import DataError, ModelError
from tumen.impact import (
    Economy,
    JaxBackend,
    LongRun,
    Shock,
    embargo,
    from_cells,
    gradient,
    isolate,
    leak_values,
    solve,
)
from tumen.impact.missing import Floor
from tumen.impact.shock import from_openness, new_tariffs, no_shock

TIGHT = LongRun(tolerance=1e-13, iterations=200)
FIELDS = ("price_hat", "wage_hat", "output", "income", "welfare_hat", "price_index_hat")


@pytest.fixture(scope="module")
def backend() -> JaxBackend:
    """The backend, or a skip."""
    pytest.importorskip("jax", reason="the extra 'jax' is not installed")
    return JaxBackend(settings=TIGHT)


def ban(economy: Economy) -> Shock:
    """Nothing Russian into China; no leak."""
    return embargo(economy, sender="CHN", target="RUS", imports=False)


SHOCKS = {
    "nothing": no_shock,
    "ban": ban,
    "isolation": lambda economy: isolate(economy, "RUS", leak=0.001),
    "easier": lambda economy: from_cells(economy, {("DEU", "FRA", "transport_equip"): 3.0}),
    "transfer": lambda economy: replace(
        no_shock(economy),
        transfer=1e4 * np.where(np.arange(len(economy.countries)) < 2, [1, -1] + [0] * 30, 0),
    ),
    "tariff": lambda economy: new_tariffs(economy, np.full_like(economy.trade_share, 0.05)),
}


@pytest.mark.parametrize("name", SHOCKS)
@pytest.mark.parametrize("deficits", ["fixed", "share"])
def test_a_solve_is_that_of_numpy(
    world: Economy, backend: JaxBackend, name: str, deficits: str
) -> None:
    settings = replace(TIGHT, deficits=deficits)
    shock = SHOCKS[name](world)
    here = JaxBackend(settings=settings).solve(world, shock)
    there = solve(world, shock, settings=settings)
    assert here.status.has_converged
    assert max(here.status.residuals.values()) <= TIGHT.tolerance
    for field in FIELDS:
        np.testing.assert_allclose(getattr(here, field), getattr(there, field), rtol=1e-10)
    np.testing.assert_allclose(here.trade_share, there.trade_share, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(here.deficit, there.deficit, rtol=1e-8, atol=1e-3)


def test_a_banned_flow_is_zero(world: Economy, backend: JaxBackend) -> None:
    before, after = backend.solve(world, ban(world)).trade(exporter="RUS", importer="CHN")
    assert before > 0
    assert after == 0.0


def test_the_rule_for_missing_purchases_holds(with_target: Economy, backend: JaxBackend) -> None:
    shock = isolate(with_target, "PRK")
    with pytest.raises(ModelError, match="no supplier is left"):
        backend.solve(with_target, shock)
    settings = replace(TIGHT, missing=Floor(0.01))
    shock = embargo(with_target, sender="CHN", target="PRK")
    here = JaxBackend(settings=settings).solve(with_target, shock)
    there = solve(with_target, shock, settings=settings)
    np.testing.assert_allclose(here.welfare_hat, there.welfare_hat, rtol=1e-10)
    assert here.status.message == there.status.message != ""


def test_no_number_comes_without_convergence(world: Economy, backend: JaxBackend) -> None:
    hasty = JaxBackend(settings=LongRun(tolerance=1e-12, iterations=2))
    with pytest.raises(ModelError, match="after 2 sweeps") as raised:
        hasty.solve(world, ban(world))
    assert raised.value.status is not None
    assert not raised.value.status.has_converged


@pytest.mark.parametrize("name", ["nothing", "ban", "isolation", "easier"])
@pytest.mark.parametrize("country", ["RUS", "CHN"])
def test_a_gradient_is_that_of_numpy(
    world: Economy,
    backend: JaxBackend,
    name: str,
    country: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The default adjoint of NumPy stops at six digits; both go to the end here.
    monkeypatch.setattr(gradient, "TOLERANCE", 1e-14)
    response = solve(world, SHOCKS[name](world), settings=TIGHT)
    place = world.countries.place(country)
    log_welfare = {country: 1 / (world.income[place] * response.welfare_hat[place])}
    expected = leak_values(response, log_welfare).openness
    found = backend.leak_values(response, log_welfare).openness
    counts = np.abs(expected) > 1e-6
    assert counts.sum() > 100
    np.testing.assert_allclose(found[counts], expected[counts], rtol=1e-9)


def test_a_gradient_with_tariffs_is_a_difference(world: Economy, backend: JaxBackend) -> None:
    shock = new_tariffs(world, np.full_like(world.trade_share, 0.1))
    # A little money and no home tariff: revenue, its part in prices and in income all move.
    home = np.arange(len(world.countries))
    assert shock.tariff is not None
    shock.tariff[home, home] = 0.0
    response = backend.solve(world, shock)
    found = backend.leak_values(response, {"RUS": 1.0}).openness
    for cell in (("CHN", "RUS", "machinery"), ("RUS", "CHN", "oil_gas")):
        i, n = world.countries.places(cell[:2])
        j = world.sectors.place(cell[2])
        ends = []
        for step in (1e-4, -1e-4):
            openness = shock.dense()
            openness[i, n, j] += step
            near = replace(from_openness(world, openness), tariff=shock.tariff)
            ends.append(backend.solve(world, near).equivalent_variation)
        place = world.countries.place("RUS")
        assert found[i, n, j] == pytest.approx((ends[0] - ends[1])[place] / 2e-4, rel=1e-5)


def test_a_gradient_refuses_what_its_equations_do_not_say(
    world: Economy, backend: JaxBackend
) -> None:
    moved = solve(world, ban(world), settings=replace(TIGHT, deficits="share"))
    with pytest.raises(ModelError, match="fixed deficits"):
        backend.leak_values(replace(moved, deficit=moved.deficit * 1.1), {"RUS": 1.0})
    draw = solve(world, ban(world), trade_elasticity=world.trade_elasticity * 1.2)
    with pytest.raises(ModelError, match="other elasticities"):
        backend.leak_values(draw, {"RUS": 1.0})


def test_compiled_programs_are_kept_and_settings_restored(
    world: Economy, backend: JaxBackend, tmp_path: Path
) -> None:
    jax = pytest.importorskip("jax", reason="the extra 'jax' is not installed")
    before = jax.config.jax_compilation_cache_dir, jax.config.jax_enable_x64
    jax.clear_caches()
    response = JaxBackend(settings=TIGHT, cache=tmp_path).solve(world, ban(world))
    assert response.price_hat.dtype == np.float64
    assert list(tmp_path.iterdir())
    assert (jax.config.jax_compilation_cache_dir, jax.config.jax_enable_x64) == before


def test_without_jax_the_hint_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "jax" or name.startswith("jax."):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.delitem(sys.modules, "jax", raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(DataError, match=r"pip install tumen\[jax\]"):
        JaxBackend()
