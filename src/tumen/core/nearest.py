"""The nearest valid word, for error hints."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from itertools import takewhile

MOST_LETTERS = 80
"""A longer word resembles nothing; comparing it would only take time."""


def nearest(word: str, valid: Iterable[str], *, most: int = 3) -> list[str]:
    """Return up to `most` valid words that look like `word`, best first.

    Transposed letters count as close: ``PKR`` finds ``PRK``.
    """
    if len(word) > MOST_LETTERS:
        return []
    candidates = sorted(set(valid))
    folded = {candidate.casefold(): candidate for candidate in reversed(candidates)}
    wanted = word.casefold()
    anagrams = [c for f, c in folded.items() if sorted(f) == sorted(wanted) and f != wanted]
    alike = difflib.get_close_matches(wanted, folded, n=4 * most, cutoff=0.6)
    close = [folded[f] for f in sorted(alike, key=lambda f: _unlike(f, wanted))]
    ranked = list(dict.fromkeys(([folded[wanted]] if wanted in folded else []) + anagrams + close))
    return ranked[:most]


def _unlike(candidate: str, wanted: str) -> tuple[float, int, str]:
    """Rank by likeness, then by letters in common at the start, then by the alphabet."""
    ratio = difflib.SequenceMatcher(None, wanted, candidate).ratio()
    start = takewhile(lambda pair: pair[0] == pair[1], zip(candidate, wanted, strict=False))
    return -round(ratio, 6), -len(list(start)), candidate


def did_you_mean(word: str, valid: Iterable[str]) -> str:
    """Return a hint such as ``did you mean PRK or PAK?``, or the list of valid words when short."""
    words = list(valid)
    found = nearest(word, words)
    if found:
        return f"did you mean {' or '.join(found)}?"
    if 0 < len(words) <= 12:
        return f"valid: {', '.join(sorted(words))}"
    return ""
