"""Named random streams: the same name and seed give the same draws, whatever else is drawn."""

from __future__ import annotations

import hashlib

import numpy as np


def stream(seed: int, name: str) -> np.random.Generator:
    """Return the random stream with this name.

    Parameters
    ----------
    seed
        Root seed of the case.
    name
        What the draws are for, e.g. ``"evidence.reliability"``. Streams of different names are
        independent, so a new consumer changes no other draw.

    Examples
    --------
    >>> float(stream(1, "a").random()) == float(stream(1, "a").random())
    True
    """
    digest = hashlib.sha256(name.encode()).digest()
    words = np.frombuffer(digest, dtype="<u4").astype(np.uint64).tolist()
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *words])))
