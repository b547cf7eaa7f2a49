"""Run blocks of work on threads, each with one BLAS thread."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from typing import TypeVar

from threadpoolctl import ThreadpoolController

Item = TypeVar("Item")
Result = TypeVar("Result")


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Keep linear algebra on one thread while the context lasts.

    Small products lose more time in handing work to threads than they gain.
    """
    with _controller().limit(limits=1, user_api="blas"):
        yield


def cores() -> int:
    """Return how many processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def map_blocks(
    work: Callable[[Item], Result], blocks: Sequence[Item], *, workers: int | None = None
) -> Generator[Result, None, None]:
    """Yield `work(block)` in the order of the blocks, on as many threads as there are cores.

    Parameters
    ----------
    work
        A function of one block that spends its time outside the interpreter lock.
    blocks
        What to work on.
    workers
        Number of threads; the number of cores when None.

    Raises
    ------
    Exception
        The first one that `work` raises; blocks that have not begun are dropped.
    """
    count = min(workers or cores(), max(1, len(blocks)))
    with one_blas_thread():
        if count == 1:
            yield from map(work, blocks)
            return
        with ThreadPoolExecutor(max_workers=count, thread_name_prefix="tumen") as pool:
            futures = [pool.submit(work, block) for block in blocks]
            try:
                for future in futures:
                    yield future.result()
            finally:
                for future in futures:
                    future.cancel()
