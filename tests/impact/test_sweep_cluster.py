"""A sweep on two Dask workers gives the bytes of a sweep on this machine, and says what fails."""

from __future__ import annotations

import builtins
import os
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tumen.core.errors import DataError, ModelError
from tumen.core.progress import Step
from tumen.core.status import Status
from tumen.impact import Economy, Shock, embargo, run_sweep
from tumen.impact import sweep as sweeping
from tumen.impact.kernel import steering_of


def scenarios(economy: Economy, *, wrong: int | None = None) -> Callable[[int], Shock]:
    labels = economy.countries.labels

    def make(number: int) -> Shock:
        draw = np.random.default_rng(number)
        sender, target = draw.choice(len(labels), 2, replace=False)
        leak = 7.0 if number == wrong else float(draw.uniform(0.05, 1))
        return embargo(economy, sender=labels[sender], target=labels[target], leak=leak)

    return make


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Two worker processes of one thread each; a piece that kills one is not tried again."""
    distributed = pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    dask = pytest.importorskip("dask", reason="the extra 'cluster' is not installed")
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
    ):
        yield cluster.scheduler_address


class Patience:
    """Takes progress, and ends a sweep that goes on waiting."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def __call__(self, step: Step, /) -> None:
        self.steps.append(step)
        if sum("wait" in step.note for step in self.steps) > 10:
            raise AssertionError(f"the sweep hangs: {step.note}")


def test_two_workers_give_the_same_bytes(
    world: Economy, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "PIECE", 8)
    steps = Patience()
    make = scenarios(world)
    here = run_sweep(world, 40, make, folder=tmp_path / "here", workers=1)
    there = run_sweep(world, 40, make, folder=tmp_path / "there", scheduler=address, progress=steps)
    assert there.to_bytes() == here.to_bytes()
    told = [(step.done, step.total) for step in steps.steps if "wait" not in step.note]
    assert told == [(k, 5) for k in range(6)]
    # A sweep that began here goes on there.
    for piece in sorted((tmp_path / "here").glob("*.npy"))[1::2]:
        piece.unlink()
    resumed = run_sweep(world, 40, make, folder=tmp_path / "here", scheduler=address)
    assert resumed.to_bytes() == here.to_bytes()


def test_an_error_of_a_worker_reaches_the_caller_and_what_is_done_stays(
    world: Economy, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "PIECE", 4)
    here, good = os.getpid(), scenarios(world)

    def fails_elsewhere(number: int) -> Shock:
        if number == 9 and os.getpid() != here:
            raise DataError("scenario 9 has no shock", "scenario:9", "write one")
        return good(number)

    with pytest.raises(DataError, match="scenario 9 has no shock") as raised:
        run_sweep(
            world, 12, fails_elsewhere, folder=tmp_path, scheduler=address, progress=Patience()
        )
    assert raised.value.problems[0].hint == "write one"
    again = run_sweep(world, 12, fails_elsewhere, folder=tmp_path)
    assert again.has_converged.all()


def test_a_worker_that_dies_is_named(
    world: Economy, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "PIECE", 4)
    here, good = os.getpid(), scenarios(world)

    def dies_elsewhere(number: int) -> Shock:
        if number == 5 and os.getpid() != here:
            os._exit(1)
        return good(number)

    with pytest.raises(ModelError, match="the workers were lost with scenarios 4 to 7") as raised:
        run_sweep(world, 8, dies_elsewhere, folder=tmp_path, scheduler=address, progress=Patience())
    assert "logs" in raised.value.problems[0].hint


def test_a_cluster_without_workers_is_waited_for_and_said_so(
    world: Economy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    monkeypatch.setattr(sweeping, "PATIENCE", 0.2)
    patience = Patience()
    with (
        distributed.LocalCluster(n_workers=0, processes=False, dashboard_address=None) as cluster,
        pytest.raises(AssertionError, match="1 pieces wait for 0 workers of"),
    ):
        run_sweep(
            world,
            1,
            scenarios(world),
            folder=tmp_path,
            scheduler=cluster.scheduler_address,
            progress=patience,
        )


def test_no_scheduler_is_said_so(world: Economy, tmp_path: Path) -> None:
    dask = pytest.importorskip("dask", reason="the extra 'cluster' is not installed")
    make = scenarios(world)
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "300ms"}),
        pytest.raises(ModelError, match="no scheduler answers"),
    ):
        run_sweep(world, 1, make, folder=tmp_path, scheduler="tcp://127.0.0.1:9")
    with pytest.raises(ModelError, match="no scheduler answers"):
        run_sweep(world, 1, make, folder=tmp_path, scheduler="nonsense://here")


def test_without_dask_the_hint_says_what_to_install(
    world: Economy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "distributed":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ModelError, match=r"tumen\[cluster\]"):
        run_sweep(world, 1, scenarios(world), folder=tmp_path, scheduler="tcp://127.0.0.1:9")


def test_an_economy_and_an_error_travel(world: Economy) -> None:
    steering_of(world)
    travelled = pickle.loads(pickle.dumps(world))
    assert travelled._memory == {}
    assert sweeping.economy_hash(travelled) == sweeping.economy_hash(world)
    error = ModelError("no answer", "solve", "leak", status=Status("infeasible", 3, message="why"))
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.status) == (str(error), error.status)
