"""Screen a name: who may this be, and was that party listed on that day?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from tumen.core.errors import CaseError
from tumen.regime.screening.index import NameIndex
from tumen.regime.screening.names import (
    MOST_TOKENS,
    fold,
    name_tokens,
    nickname_group,
    spelled_out,
)
from tumen.regime.screening.party import Party
from tumen.regime.screening.similarity import Match, align, token_similarity

THRESHOLD = 0.78
"""Score from which a candidate is a hit, by default."""
CANDIDATES = 48
"""Names that are aligned one by one."""
POSTINGS = 40_000
"""Names that are compared by the worth of their tokens; the rarest query tokens choose them."""
MOST_LETTERS = 500
"""Letters of a query."""


@dataclass(frozen=True)
class Hit:
    """A listed party that the query may mean.

    Attributes
    ----------
    party
        The party, with its listings.
    name
        Its name, or alias, that is most like the query.
    score
        Between 0 and 1.
    reasons
        Why: aligned tokens, what speaks for and against.
    listed_on_day
        True, or None when no list says from when on it is listed.
    """

    party: Party
    name: str
    score: float
    reasons: tuple[str, ...]
    listed_on_day: bool | None


@dataclass(frozen=True)
class Screening:
    """The answer to one query.

    Attributes
    ----------
    query, as_of
        What was asked.
    hits
        Candidates at or above the threshold, best first.
    not_listed
        Parties that match but were not listed that day.
    undated
        Parties that match, of which no list says whether they were listed that day: check by
        hand.
    """

    query: str
    as_of: date
    hits: tuple[Hit, ...]
    not_listed: int
    undated: tuple[Hit, ...]


def screen(
    name: str,
    *,
    index: NameIndex,
    as_of: date,
    country: str | None = None,
    born: int | None = None,
    threshold: float = THRESHOLD,
    most: int = 10,
) -> Screening:
    """Return the listed parties that a name may mean, as of a day.

    Parameters
    ----------
    name
        In any of the scripts that `names.normal` reads.
    index
        See `load_index`.
    as_of
        A party listed later, or delisted by then, never hits.
    country, born
        Country code and birth year, if known: agreement and conflict move the score a little.
    threshold
        Score from which a candidate is a hit.
    most
        Largest number of hits returned.

    Raises
    ------
    CaseError
        When the name has no letters or too many, or the threshold lies outside (0, 1].

    Notes
    -----
    A hit is a reason to look, not a finding of identity; no hit is not a clearance.

    Examples
    --------
    >>> import tempfile
    >>> from datetime import date
    >>> from pathlib import Path
    >>> from tumen.regime import load
    >>> from tumen.regime.screening import build_index, parties_of, screen
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     index = build_index(parties_of(load("UN-1718")), Path(folder))
    ...     found = screen("Foreign Trade Bank", index=index, as_of=date(2017, 8, 31))
    >>> found.hits[0].name
    'Foreign Trade Bank'
    """
    if not 0 < threshold <= 1:  # not a number is refused, too: nothing would ever hit
        raise CaseError(f"{threshold:g} is no threshold", hint="above 0 and at most 1")
    tokens = name_tokens(name[: MOST_LETTERS + 1])
    if not tokens:
        raise CaseError(f"{name[:80]!r} holds no letters", hint="write the name of a party")
    if len(name) > MOST_LETTERS or len(tokens) > MOST_TOKENS:
        raise CaseError(
            f"{name[:40]!r}... is too long for a name",
            hint=f"at most {MOST_LETTERS} letters and {MOST_TOKENS} words; screen each party alone",
        )
    best: dict[int, tuple[float, int, Match]] = {}
    for written in (tokens, *_segmented(tokens, index)):
        for number in _candidates(written, index):
            listed = index.tokens_of(number)
            match = align(written, listed, index.weight_of, index.token_place)
            party = int(index.arrays["name_party"][number])
            if match.score >= threshold and match.score > best.get(party, (0.0,))[0]:
                best[party] = (match.score, number, match)
    hits, undated, not_listed = [], [], 0
    for score, number, match in best.values():
        hit = _hit(index, number, score, match, as_of=as_of, country=country, born=born)
        if hit.score < threshold:
            continue
        if hit.listed_on_day is False:
            not_listed += 1
        elif hit.listed_on_day is None:
            undated.append(hit)
        else:
            hits.append(hit)
    return Screening(name, as_of, _ranked(hits, most), not_listed, _ranked(undated, most))


def _ranked(hits: list[Hit], most: int) -> tuple[Hit, ...]:
    return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.party.id))[:most])


def _hit(
    index: NameIndex,
    number: int,
    score: float,
    match: Match,
    *,
    as_of: date,
    country: str | None,
    born: int | None,
) -> Hit:
    party = index.party(number)
    wanted = index.tokens_of(number)
    name = next(
        (each for each in party.names if name_tokens(each)[:MOST_TOKENS] == wanted), party.names[0]
    )
    reasons = [f"{q} ~ {t} ({alike:.2f})" for q, t, alike in match.pairs]
    if country is not None and party.countries:
        agrees = country in party.countries
        score *= 1.0 if agrees else 0.95
        reasons.append(
            f"country {'agrees' if agrees else 'differs: ' + ', '.join(party.countries)}"
        )
    if born is not None and party.born:
        agrees = any(abs(born - year) <= 1 for year in party.born)
        score *= 1.0 if agrees else 0.85
        years = ", ".join(map(str, party.born))
        reasons.append(f"birth year {'agrees' if agrees else 'differs: ' + years}")
    states = [listing.holds_on(as_of) for listing in party.listings]
    listed = True if True in states else (None if None in states else False)
    reasons += [_listing_text(party, place, as_of) for place in range(len(party.listings))]
    return Hit(party, name, round(score, 4), tuple(reasons), listed)


def _listing_text(party: Party, place: int, as_of: date) -> str:
    listing = party.listings[place]
    label = ", ".join(filter(None, (listing.issuer, listing.reference, listing.programme)))
    if listing.listed is not None:
        text = f"{label}: listed {listing.listed}"
    elif listing.seen is not None:
        text = f"{label}: listed on an unknown day, seen in the list of {listing.seen}"
    else:
        text = f"{label}: listed on an unknown day"
    if listing.delisted:
        return f"{text}, delisted {listing.delisted}"
    if listing.gone_by:
        return f"{text}, removed on an unknown day before {listing.gone_by}"
    return text


def _candidates(tokens: Sequence[str], index: NameIndex) -> list[int]:
    """Return the names most likely to be aligned well, by a bound on their score.

    The rarest query tokens gather names; the common ones only add to what is gathered.
    """
    groups = [group for group in _groups(tokens, index) if len(group.places)]
    if not groups:
        return []
    starts = index.arrays["token_start"]
    uses = [int((starts[group.places + 1] - starts[group.places]).sum()) for group in groups]
    order = sorted(range(len(groups)), key=lambda number: uses[number])
    gathered: list[NDArray[np.int32]] = []
    total = 0
    for number in order:
        if gathered and total + uses[number] > POSTINGS:
            break
        gathered += [index.names_of(int(place)) for place in groups[number].places]
        total += uses[number]
    names = np.concatenate(gathered)
    own = sum(index.weight_of(token) for token in tokens)
    bound = np.zeros(len(names), dtype=np.float32)
    worth = np.zeros(len(index.tokens), dtype=np.float32)
    for step, number in enumerate(order):
        group = groups[number]
        worth[group.places] = group.worth
        bound += _best_of_names(names, worth, index)
        worth[group.places] = 0
        left = len(order) - step
        if left > 1 and len(names) > POSTINGS // 2:
            names, bound = _top(names, bound, POSTINGS // 2)
    bound /= 0.6 * own + 0.4 * index.arrays["name_weight"][names]
    names, _ = _top(names, bound, 2 * CANDIDATES)
    return list(dict.fromkeys(names.tolist()))[:CANDIDATES]


def _top(
    names: NDArray[np.int32], bound: NDArray[np.float32], most: int
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    if len(names) > most:
        chosen = np.argpartition(-bound, most)[:most]
        names, bound = names[chosen], bound[chosen]
    order = np.argsort(-bound, kind="stable")
    return names[order], bound[order]


def _best_of_names(
    names: NDArray[np.int32], worth: NDArray[np.float32], index: NameIndex
) -> NDArray[np.float32]:
    """Return, per name, the largest worth of its tokens."""
    starts, tokens = index.arrays["name_start"], index.arrays["name_token"]
    first, counts = starts[names], starts[names + 1] - starts[names]
    best: NDArray[np.float32] = worth[tokens[first]]
    for place in range(1, int(counts.max(initial=1))):
        longer = np.flatnonzero(counts > place)
        best[longer] = np.maximum(best[longer], worth[tokens[first[longer] + place]])
    return best


@dataclass(frozen=True)
class _Group:
    """Tokens of the index that one query token may mean, and what each is worth."""

    places: NDArray[np.int64]
    worth: NDArray[np.float32]


def _groups(tokens: Sequence[str], index: NameIndex) -> list[_Group]:
    """Return, per query token, what to look for: itself, its joins with the next, its halves."""
    groups = []
    for place, token in enumerate(tokens):
        groups.append(_group(_similar_tokens(token, index), index))
        for size in (2, 3):
            joined = "".join(tokens[place : place + size])
            if place + size <= len(tokens) and 4 <= len(joined) <= 24:
                alike = [
                    (each, token_similarity(joined, index.tokens[each]))
                    for each in _spelled_alike(joined, index)
                ]
                groups.append(_group([(p, s) for p, s in alike if s >= 0.9], index))
        if token in index.token_place:
            continue
        for cut in range(2, len(token) - 1):
            first, second = token[:cut], token[cut:]
            if first in index.token_place and second in index.token_place:
                for half in (first, second):
                    groups.append(_group([(index.token_place[half], 1.0)], index))
    return groups


def _group(alike: Sequence[tuple[int, float]], index: NameIndex) -> _Group:
    places = np.array([place for place, _ in alike], dtype=np.int64)
    shares = np.array([share for _, share in alike], dtype=np.float32)
    return _Group(places, shares * index.arrays["weight"][places])


def _segmented(tokens: Sequence[str], index: NameIndex) -> list[list[str]]:
    """Return the name with a long unknown token cut into tokens of the index, if it can be."""
    whole = "".join(tokens)
    if len(tokens) > 2 or len(whole) < 7 or all(token in index.token_place for token in tokens):
        return []
    # Fewest tokens that spell the whole: the shortest path over positions.
    best: dict[int, tuple[int, list[str]]] = {0: (0, [])}
    for end in range(2, len(whole) + 1):
        for start in range(max(0, end - 24), end - 1):
            piece = whole[start:end]
            if start in best and piece in index.token_place:
                count = best[start][0] + 1
                if count < best.get(end, (99, []))[0]:
                    best[end] = (count, [*best[start][1], piece])
    found = best.get(len(whole))
    return [[spelled_out(piece) for piece in found[1]]] if found and len(found[1]) > 1 else []


def _similar_tokens(token: str, index: NameIndex) -> list[tuple[int, float]]:
    """Return the tokens of the index that may write the same name, most alike first."""
    places = set(_spelled_alike(token, index))
    if len(token) >= 4:
        places.update(index.with_prefix(token, 20))
        starts = (token[:end] for end in range(4, len(token)))
        places.update(index.token_place[s] for s in starts if s in index.token_place)
    usual = nickname_group(token)
    places.update(index.token_place[name] for name in usual if name in index.token_place)
    # A token that is a name of its own is hardly a slip for another; see `KNOWN_DISCOUNT`.
    if len(token) > 1 and token not in index.token_place:
        sharing = index.sharing_pairs(token, 64).tolist()
        edited = process.extract(
            fold(token),
            [index.folds[place] for place in sharing],
            scorer=OSA.normalized_similarity,
            score_cutoff=0.6,
            limit=40,
        )
        places.update(sharing[number] for _, _, number in edited)
    scored = ((place, token_similarity(token, index.tokens[place])) for place in places)
    return sorted(((p, s) for p, s in scored if s > 0.35), key=lambda pair: -pair[1])[:40]


def _spelled_alike(token: str, index: NameIndex) -> list[int]:
    """Return the tokens that are equal but for vowels and transliteration."""
    exact = index.token_place.get(token)
    alike: list[int] = index.with_skeleton(token)[:30].tolist()
    return alike if exact is None else [exact, *alike]
