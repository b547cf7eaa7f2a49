"""How alike two names are: tokens first, then the alignment of tokens."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from tumen.regime.screening.names import fold, is_nickname, skeleton

QUERY_SHARE = 0.6
"""Share of the query's own weight in the denominator: a query token without a partner counts
more than a listed token that the query leaves out."""
INITIAL_CREDIT = 0.65
"""Similarity of an initial and the name it may stand for."""
KNOWN_DISCOUNT = 0.6
"""What a likeness by letters counts when the query token is a name of its own."""

_VOWELS = frozenset("aeiouy")


@dataclass(frozen=True)
class Match:
    """The alignment of a query with one listed name.

    Attributes
    ----------
    score
        Between 0 and 1.
    pairs
        Query token, listed token, similarity; merged tokens are joined by ``+``.
    """

    score: float
    pairs: tuple[tuple[str, str, float], ...]


@lru_cache(maxsize=262144)
def token_similarity(query: str, listed: str) -> float:
    """Return how likely two tokens write the same name, between 0 and 1.

    Equal 1; spelled alike after transliteration .95; usual forms of one name .92; a truncation
    or the same consonants without vowels .85; an initial .65; else by the share of edited
    letters, and 0 when more than two in five are.
    """
    if query == listed:
        return 1.0
    if query.isdigit() or listed.isdigit():
        return 0.0
    if len(query) == 1 or len(listed) == 1:
        return INITIAL_CREDIT if query[0] == listed[0] else 0.0
    query_fold, listed_fold = fold(query), fold(listed)
    if query_fold == listed_fold and abs(len(query) - len(listed)) <= 2:
        return 0.95
    if is_nickname(query, listed):
        return 0.92
    shorter, longer = sorted((query, listed), key=len)
    if len(shorter) >= 4 and longer.startswith(shorter):
        return 0.85
    edited = max(
        OSA.normalized_similarity(query_fold, listed_fold, score_cutoff=0.6),
        OSA.normalized_similarity(query, listed, score_cutoff=0.6),
    )
    alike = (edited - 0.35) / 0.65 if edited else 0.0
    return max(alike, _vowels_lost(shorter, longer))


def _vowels_lost(shorter: str, longer: str) -> float:
    """Return the credit for one token being the other without vowels, or spelled by ear."""
    bones = skeleton(shorter)
    if not bones or bones != skeleton(longer):
        return 0.0
    if not _VOWELS & set(shorter) and 2 <= len(shorter) < len(longer):
        return 0.85
    return 0.8 if len(bones) >= 4 else 0.0


def align(
    query: Sequence[str],
    listed: Sequence[str],
    weight: Callable[[str], float],
    known: Container[str] = (),
) -> Match:
    """Align two names token by token, in any order, and score the alignment.

    Two neighbouring tokens on one side may stand for one on the other (``Chol Su``,
    ``Cholsu``).

    Parameters
    ----------
    query, listed
        Tokens as `tumen.regime.screening.names.name_tokens` gives them.
    weight
        Weight of a token: rare tokens weigh more.
    known
        Tokens that are names of their own. When a query token is one, a likeness by edited
        letters counts less: ``Ryong`` is another name, not a slip for ``Yong``.
    """
    best = _greedy(query, listed, weight, known)
    # A join shifts the number of tokens: with as many on both sides there is none to find.
    if best.score < 0.97 and len(query) != len(listed):
        for left, right in _merged(query, listed):
            found = _greedy(left, right, weight, known)
            if found.score > best.score:
                best = found
    return best


def _greedy(
    query: Sequence[str],
    listed: Sequence[str],
    weight: Callable[[str], float],
    known: Container[str],
) -> Match:
    found = sorted(
        (
            (_alike(q, t, known), -abs(i - j), i, j)
            for i, q in enumerate(query)
            for j, t in enumerate(listed)
        ),
        reverse=True,
    )
    free_query, free_listed = set(range(len(query))), set(range(len(listed)))
    gained, pairs = 0.0, []
    query_weights = [_weight(token, weight) for token in query]
    listed_weights = [_weight(token, weight) for token in listed]
    for alike, _, i, j in found:
        if alike <= 0:
            break
        if i in free_query and j in free_listed:
            free_query.discard(i)
            free_listed.discard(j)
            shared = QUERY_SHARE * query_weights[i] + (1 - QUERY_SHARE) * listed_weights[j]
            gained += alike * shared
            pairs.append((i, query[i], listed[j], alike))
    whole = QUERY_SHARE * sum(query_weights) + (1 - QUERY_SHARE) * sum(listed_weights)
    score = gained / whole if whole else 0.0
    return Match(score, tuple((q, t, alike) for _, q, t, alike in sorted(pairs)))


def _alike(query: str, listed: str, known: Container[str]) -> float:
    alike = token_similarity(query.replace("+", ""), listed.replace("+", ""))
    is_another = alike < 0.92 and len(query) > 1 and query in known
    return alike * KNOWN_DISCOUNT if is_another else alike


def _weight(token: str, weight: Callable[[str], float]) -> float:
    parts = token.split("+")
    found = sum(map(weight, parts)) if len(parts) > 1 else weight(token)
    # An initial says little, whichever way it points.
    return 0.4 * found if len(token) == 1 else found


def _merged(
    query: Sequence[str], listed: Sequence[str]
) -> list[tuple[Sequence[str], Sequence[str]]]:
    """Return variants in which neighbours are joined when the join has a partner."""
    variants: list[tuple[Sequence[str], Sequence[str]]] = []
    if len(query) > 1:
        variants += [(joined, listed) for joined in _joins(query, listed)]
    if len(listed) > 1:
        variants += [(query, joined) for joined in _joins(listed, query)]
    return variants


def _joins(tokens: Sequence[str], partners: Sequence[str]) -> list[list[str]]:
    joined = []
    for place in range(len(tokens) - 1):
        for size in (2, 3):
            if place + size > len(tokens):
                continue
            run = tokens[place : place + size]
            whole = "".join(run)
            if any(
                abs(len(whole) - len(partner)) <= 1 and token_similarity(whole, partner) >= 0.8
                for partner in partners
                if len(partner) > 3 and min(map(len, run)) > 1
            ):
                joined.append([*tokens[:place], "+".join(run), *tokens[place + size :]])
    return joined
