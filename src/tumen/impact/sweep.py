"""Many scenarios in pieces that survive an interruption."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
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

    A piece is written under another name and then renamed, so a file is whole or absent. Its name
    holds a hash of the economy, the settings and the piece's shocks; pieces of other runs are not
    used.

    Parameters
    ----------
    scenario
        Gives the shock of a number; called again for a piece that is missing.
    folder
        Where the pieces lie; made when absent.
    workers
        Threads on this machine.
    scheduler
        Address of a Dask scheduler; the extra `cluster` is needed.

    Raises
    ------
    ModelError
        When `count` is not positive.
    DataError
        When the folder cannot be written.

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
    work = partial(_piece, economy, scenario, settings=chosen, workers=workers)
    names = [place / _name(economy, chosen, scenario, span) for span in spans]
    missing = [k for k, name in enumerate(names) if not name.exists()]
    done = len(spans) - len(missing)
    progress(Step("sweep", done, len(spans)))
    for k, content in _contents(work, [spans[k] for k in missing], missing, scheduler):
        _store(names[k], content)
        done += 1
        progress(Step("sweep", done, len(spans)))
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
    parts = [str(memo).encode(), repr(settings).encode()]
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


def _contents(
    work: Callable[[range], bytes],
    spans: Sequence[range],
    places: Sequence[int],
    address: str | None,
) -> Iterator[tuple[int, bytes]]:
    """Yield the place and content of each missing piece, from here or from a cluster."""
    if address is None:
        for place, span in zip(places, spans, strict=True):
            yield place, work(span)
        return
    try:
        from distributed import Client, as_completed
    except ImportError as error:
        hint = "pip install 'tumen[cluster]'"
        raise ModelError("a scheduler needs the extra 'cluster'", "sweep", hint) from error
    with Client(address) as client:
        futures = {
            client.submit(work, span, pure=False): k for k, span in zip(places, spans, strict=True)
        }
        for future in as_completed(list(futures)):
            yield futures[future], future.result()


def _store(name: Path, content: bytes) -> None:
    partial_name = name.with_suffix(f".{os.getpid()}.part")
    partial_name.write_bytes(content)
    partial_name.replace(name)


def _joined(names: Sequence[Path]) -> SweepResult:
    pieces = []
    for name in names:
        buffer = io.BytesIO(name.read_bytes())
        pieces.append([np.lib.format.read_array(buffer, allow_pickle=False) for _ in range(3)])
    columns = [np.concatenate(column) for column in zip(*pieces, strict=True)]
    return SweepResult(columns[0], columns[1], columns[2])
