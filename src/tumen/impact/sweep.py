"""Many scenarios in pieces that survive an interruption."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

import numpy as np

from tumen.core.errors import DataError, ModelError
from tumen.core.progress import Progress, Step, silent
from tumen.core.record import canonical_json, sha256_bytes
from tumen.impact.block import LongRun
from tumen.impact.economy import Economy, Floats
from tumen.impact.long_run import solve_batch
from tumen.impact.shock import Shock

PIECE = 256
"""Scenarios in one file."""

PATIENCE = 10.0
"""Seconds after which a sweep on a cluster says how many workers it waits for."""


@dataclass(frozen=True, eq=False)
class SweepResult:
    """Summaries of a sweep, in the order of the scenarios.

    Attributes
    ----------
    welfare_hat
        (scenario, country); NaN where there is no answer.
    has_converged
        (scenario,).
    iterations
        (scenario,).
    """

    welfare_hat: Floats
    has_converged: np.ndarray
    iterations: np.ndarray

    def to_bytes(self) -> bytes:
        """Return the one file of the result: the same scenarios give the same bytes."""
        buffer = io.BytesIO()
        for values in (self.welfare_hat, self.has_converged, self.iterations):
            np.lib.format.write_array(buffer, np.ascontiguousarray(values), version=(1, 0))
        return buffer.getvalue()


def run_sweep(
    economy: Economy,
    count: int,
    scenario: Callable[[int], Shock],
    *,
    folder: str | Path,
    settings: LongRun | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Progress = silent,
) -> SweepResult:
    """Solve `count` scenarios, storing each piece, and go on where an earlier run stopped.

    A piece is written under another name and then renamed, so a file is whole or absent, whenever
    the process is killed. Its name holds a hash of the economy, the settings, the piece's shocks
    and the version of tumen; pieces of other runs are not used.

    Parameters
    ----------
    scenario
        Gives the shock of a number; called again for a piece that is missing.
    folder
        Where the pieces lie; made when absent.
    workers
        Threads on this machine.
    scheduler
        Address of a Dask scheduler; the extra `cluster` is needed, here and on its workers. Every
        worker solves a piece with one thread; this process stores the pieces.
    progress
        Told each piece that is stored, with the number of scenarios that have no answer.

    Raises
    ------
    ModelError
        When `count` is not positive, or no scheduler answers, or a worker dies again and again.
        What a scenario raises on a worker is raised here.
    DataError
        When the folder cannot be written or a piece in it is damaged.

    Examples
    --------
    >>> import tempfile
    >>> from tumen.impact import calibrate, isolate, run_sweep
    >>> from tumen.trade import read_world
    >>> economy = calibrate(read_world())
    >>> def scenario(number):
    ...     return isolate(economy, "RUS", leak=0.1 / (number + 1))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     result = run_sweep(economy, 3, scenario, folder=folder)
    >>> result.has_converged.tolist()
    [True, True, True]
    """
    if count < 1:
        raise ModelError(f"{count} scenarios are none", "sweep")
    chosen = settings or LongRun()
    place = Path(folder)
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"the folder cannot be made ({error})", str(place)) from error
    spans = [range(k, min(k + PIECE, count)) for k in range(0, count, PIECE)]
    names = [place / _name(economy, chosen, scenario, span) for span in spans]
    missing = [k for k, name in enumerate(names) if not name.exists()]
    done, failed = len(spans) - len(missing), 0
    progress(Step("sweep", done, len(spans), "pieces of an earlier run" if done else ""))
    work = partial(_piece, economy, scenario, settings=chosen)
    todo = {k: spans[k] for k in missing}
    pieces: Iterator[tuple[int, bytes]]
    if scheduler is None:
        pieces = ((k, work(span, workers=workers)) for k, span in todo.items())
    else:
        pieces = _on_cluster(partial(work, workers=1), todo, scheduler, progress)
    for k, content in pieces:
        _store(names[k], content)
        done += 1
        failed += int((~_read(content, names[k]).has_converged).sum())
        note = f"{failed} scenarios without an answer" if failed else ""
        progress(Step("sweep", done, len(spans), note))
    _tidy(names)
    return _joined(names)


def economy_hash(economy: Economy) -> str:
    """Return the hash of an economy's numbers and labels."""
    parts = [canonical_json([list(economy.countries), list(economy.sectors)]).encode()]
    for name in (
        "trade_share",
        "input_share",
        "value_added_share",
        "final_share",
        "value_added",
        "deficit",
        "trade_elasticity",
    ):
        parts.append(np.ascontiguousarray(getattr(economy, name)).tobytes())
    if economy.tariff is not None:
        parts.append(np.ascontiguousarray(economy.tariff).tobytes())
    return sha256_bytes(b"".join(parts))


def _name(
    economy: Economy, settings: LongRun, scenario: Callable[[int], Shock], span: range
) -> str:
    memo = economy._memory.setdefault("hash", economy_hash(economy))
    parts = [str(memo).encode(), repr(settings).encode(), version("tumen").encode()]
    for k in span:
        shock = scenario(k)
        for values in (shock.exporter, shock.importer, shock.sector, shock.openness):
            parts.append(np.ascontiguousarray(values).tobytes())
        for extra in (shock.tariff, shock.transfer):
            parts.append(b"-" if extra is None else np.ascontiguousarray(extra).tobytes())
    return f"{span.start:08d}-{sha256_bytes(b'|'.join(parts))[:24]}.npy"


def _piece(
    economy: Economy,
    scenario: Callable[[int], Shock],
    span: range,
    *,
    settings: LongRun,
    workers: int | None,
) -> bytes:
    batch = solve_batch(economy, [scenario(k) for k in span], settings=settings, workers=workers)
    result = SweepResult(
        batch.welfare_hat,
        np.array([status.has_converged for status in batch.statuses]),
        np.array([status.iterations for status in batch.statuses], dtype=np.int64),
    )
    return result.to_bytes()


def _on_cluster(
    work: Callable[[range], bytes], spans: Mapping[int, range], address: str, progress: Progress
) -> Iterator[tuple[int, bytes]]:
    """Yield the number and content of each piece, in the order in which workers finish."""
    try:
        from distributed import CancelledError, Client, KilledWorker, wait
    except ImportError as error:
        hint = "pip install 'tumen[cluster]'"
        raise ModelError("a scheduler needs the extra 'cluster'", "sweep", hint) from error
    try:
        client = Client(address)
    except (OSError, ValueError) as error:
        hint = "start it with 'dask scheduler' and give what it prints, e.g. tcp://host:8786"
        raise ModelError(f"no scheduler answers ({error})", address, hint) from error
    with client:
        # What all pieces share travels once; as a task it outlives the worker that holds it.
        shared = client.submit(_kept, work, pure=False)
        futures = {client.submit(_remote, shared, span, pure=False): k for k, span in spans.items()}
        while futures:
            try:
                finished = wait(list(futures), timeout=PATIENCE, return_when="FIRST_COMPLETED").done
            except TimeoutError:
                workers = len(client.scheduler_info()["workers"])
                note = f"{len(futures)} pieces wait for {workers} workers of {address}"
                progress(Step("sweep", len(spans) - len(futures), len(spans), note))
                continue
            for future in finished:
                k = futures.pop(future)
                try:
                    yield k, future.result()
                except (KilledWorker, CancelledError) as error:
                    what = f"lost with scenarios {spans[k].start} to {spans[k].stop - 1}"
                    hint = "look at the workers' logs; stored pieces are not lost, run again"
                    raise ModelError(f"the workers were {what} ({error})", address, hint) from error


def _kept(work: Callable[[range], bytes]) -> Callable[[range], bytes]:
    return work


def _remote(work: Callable[[range], bytes], span: range) -> bytes:
    return work(span)


def _store(name: Path, content: bytes) -> None:
    """Write a piece; another run that wrote the same piece meanwhile does no harm."""
    unfinished = name.with_suffix(f".{os.getpid()}.part")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(name)
    except OSError as error:
        if not name.exists():
            raise DataError(f"the piece cannot be written ({error})", str(name)) from error


def _tidy(names: Sequence[Path]) -> None:
    """Remove what killed runs left unfinished of pieces that are whole."""
    stems = {name.stem for name in names}
    for left in names[0].parent.glob("*.part"):
        if left.name.partition(".")[0] in stems:
            left.unlink(missing_ok=True)


def _read(content: bytes, name: Path) -> SweepResult:
    buffer = io.BytesIO(content)
    try:
        parts = [np.lib.format.read_array(buffer, allow_pickle=False) for _ in range(3)]
    except ValueError as error:
        hint = "delete the file and run again"
        raise DataError(f"the piece is damaged ({error})", str(name), hint) from error
    return SweepResult(*parts)


def _joined(names: Sequence[Path]) -> SweepResult:
    pieces = [_read(name.read_bytes(), name) for name in names]
    return SweepResult(
        np.concatenate([piece.welfare_hat for piece in pieces]),
        np.concatenate([piece.has_converged for piece in pieces]),
        np.concatenate([piece.iterations for piece in pieces]),
    )
