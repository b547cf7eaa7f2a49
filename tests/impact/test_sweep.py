"""A sweep that was killed and resumed gives the same bytes as one that was not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tumen.core.errors import ModelError
from tumen.core.progress import Step
from tumen.impact import Economy, Shock, embargo
from tumen.impact import sweep as sweeping
from tumen.impact.latent import Latent, flows_of, solve_with_backfill, with_latent


def scenarios(economy: Economy):  # type: ignore[no-untyped-def]
    labels = economy.countries.labels

    def make(number: int) -> Shock:
        rng = np.random.default_rng(number)
        sender, target = rng.choice(len(labels), 2, replace=False)
        return embargo(
            economy, sender=labels[sender], target=labels[target], leak=float(rng.uniform(0.05, 1))
        )

    return make


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "PIECE", 8)


@pytest.mark.usefixtures("small_pieces")
def test_killed_and_resumed_gives_the_same_bytes(world: Economy, tmp_path: Path) -> None:
    make = scenarios(world)
    whole = sweeping.run_sweep(world, 40, make, folder=tmp_path / "a", workers=1)

    class KilledError(Exception):
        pass

    for stop_after in (1, 3):

        def progress(step: Step, /, limit: int = stop_after) -> None:
            if step.done >= limit:
                raise KilledError

        with pytest.raises(KilledError):
            sweeping.run_sweep(world, 40, make, folder=tmp_path / "b", workers=1, progress=progress)
    (tmp_path / "b" / "00000008-half.part").write_bytes(b"half")
    resumed = sweeping.run_sweep(world, 40, make, folder=tmp_path / "b", workers=2)
    assert resumed.to_bytes() == whole.to_bytes()


@pytest.mark.usefixtures("small_pieces")
def test_pieces_of_another_run_are_not_used(world: Economy, tmp_path: Path) -> None:
    make = scenarios(world)
    one = sweeping.run_sweep(world, 8, make, folder=tmp_path)
    two = sweeping.run_sweep(world, 8, lambda k: make(k + 100), folder=tmp_path)
    assert one.to_bytes() != two.to_bytes()
    assert len(list(tmp_path.glob("*.npy"))) == 2


def test_no_scenario_is_refused(world: Economy, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="0 scenarios are none"):
        sweeping.run_sweep(world, 0, scenarios(world), folder=tmp_path)


def test_backfill_from_zero_stays_within_capacity(with_target: Economy) -> None:
    latent = (Latent("PRK", "RUS", "coal", 300.0, "analyst"),)
    seeded = with_latent(with_target, latent)
    ban = embargo(seeded, sender="CHN", target="PRK", sectors=["coal"], imports=False)
    closed = solve_with_backfill(seeded, ban, latent, openings={"RUS": 0.0})
    half = solve_with_backfill(seeded, ban, latent, openings={"RUS": 0.5})
    full = solve_with_backfill(seeded, ban, latent)
    bought = [float(flows_of(r, latent)[0]) for r in (closed, half, full)]
    assert bought[0] == pytest.approx(0.0, abs=1e-6)
    assert bought[0] < bought[1] <= 150.0 * 1.001
    assert bought[1] < bought[2] <= 300.0 * 1.001
    place = seeded.countries.place("PRK")
    welfare = [r.welfare_hat[place] for r in (closed, half, full)]
    assert welfare == sorted(welfare)
