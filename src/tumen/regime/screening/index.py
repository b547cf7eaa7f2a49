"""An index of a million names on disk: tokens to names, letter pairs to tokens.

Tokens repeat, so letters are compared once per distinct token and not once per name. A query
token finds its like among the tokens (equal, truncated, same consonants, shared letter pairs,
usual forms of a name); those lead to names; the names are then aligned one by one.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tumen.core.errors import DataError
from tumen.core.progress import Progress, Step, silent
from tumen.regime.screening.names import MOST_TOKENS, bones, fold, form_share, name_tokens, skeleton
from tumen.regime.screening.party import Listing, Party, PartyKind

LAYOUT = 4
"""Changes with the files of an index and with the folds of `names`, which they hold."""
META, TOKENS, FOLDS = "meta.json", "tokens.txt", "folds.txt"
_ALPHABET = 38  # boundary, a-z, 0-9, other
Ints = NDArray[np.int32]


@dataclass(frozen=True)
class NameIndex:
    """A loaded index; arrays are mapped from disk.

    Attributes
    ----------
    folder
        Where it lies.
    meta
        Number of names and parties, sources with hashes, layout.
    arrays
        By name: ``name_party`` (name), ``name_start`` and ``name_token`` (tokens of a name),
        ``token_start`` and ``token_name`` (names of a token), ``pair_start`` and ``pair_token``
        (tokens that hold a letter pair), ``pair_count`` (pairs of a token), ``bone_key`` and
        ``bone_token`` (tokens by hash of their consonants), ``weight`` (token),
        ``name_weight`` (name).
    """

    folder: Path
    meta: dict[str, Any]
    arrays: dict[str, NDArray[Any]]

    @property
    def newest(self) -> date | None:
        """Day of the newest list, where the lists carry one; later listings are not in it."""
        text = self.meta["newest"]
        return date.fromisoformat(text) if text else None

    @cached_property
    def tokens(self) -> list[str]:
        """Distinct tokens in alphabetical order."""
        return (self.folder / TOKENS).read_text(encoding="utf-8").split("\n")

    @cached_property
    def folds(self) -> list[str]:
        """Folded form of every token."""
        return (self.folder / FOLDS).read_text(encoding="utf-8").split("\n")

    @cached_property
    def token_place(self) -> dict[str, int]:
        """Position by token."""
        return {token: place for place, token in enumerate(self.tokens)}

    def tokens_of(self, name: int) -> list[str]:
        """Return the tokens of a name."""
        start, end = self.arrays["name_start"][name : name + 2]
        return [self.tokens[place] for place in self.arrays["name_token"][start:end]]

    def names_of(self, token: int) -> Ints:
        """Return the names that hold a token."""
        start, end = self.arrays["token_start"][token : token + 2]
        found: Ints = self.arrays["token_name"][start:end]
        return found

    def weight_of(self, token: str) -> float:
        """Return the weight of a token; one that is not in the index is rare."""
        place = self.token_place.get(token)
        if place is None:
            return form_share(token)
        return float(self.arrays["weight"][place])

    def party(self, name: int) -> Party:
        """Return the party that bears a name."""
        place = int(self.arrays["name_party"][name])
        start, end = self.arrays["party_start"][place : place + 2]
        text = bytes(self.arrays["parties"][int(start) : int(end)]).decode()
        return _party_from(json.loads(text))

    def with_prefix(self, prefix: str, most: int) -> range:
        """Return the positions of up to `most` tokens that start with a prefix."""
        start = bisect_left(self.tokens, prefix)
        end = bisect_left(self.tokens, prefix + "\uffff", start)
        return range(start, min(end, start + most))

    def with_skeleton(self, token: str) -> Ints:
        """Return the tokens that have the same consonants."""
        keys = self.arrays["bone_key"]
        key = _hash(skeleton(token))
        start, end = np.searchsorted(keys, key, "left"), np.searchsorted(keys, key, "right")
        found: Ints = self.arrays["bone_token"][int(start) : int(end)]
        return found

    def sharing_pairs(self, token: str, most: int) -> Ints:
        """Return up to `most` tokens that share the most letter pairs with a token."""
        pairs = np.unique(_pairs_of(fold(token)))
        starts, posts = self.arrays["pair_start"], self.arrays["pair_token"]
        counts = np.zeros(len(self.tokens), dtype=np.uint8)
        for pair in pairs:
            counts[posts[starts[pair] : starts[pair + 1]]] += 1
        likely = np.flatnonzero(counts >= max(1, (len(pairs) + 1) // 3))
        if len(likely) == 0:
            return np.empty(0, dtype=np.int32)
        dice = 2.0 * counts[likely] / (len(pairs) + self.arrays["pair_count"][likely])
        if len(likely) > most:
            best = np.argpartition(-dice, most)[:most]
            likely, dice = likely[best], dice[best]
        return np.asarray(likely[dice >= 0.3], dtype=np.int32)


def build_index(
    parties: Iterable[Party],
    folder: Path,
    *,
    sources: Iterable[dict[str, str]] = (),
    progress: Progress = silent,
) -> NameIndex:
    """Write an index of all names of all parties; an older index stays until the new one is whole.

    Parameters
    ----------
    parties
        Read once, in a stream.
    folder
        Where the index will lie; replaced as a whole.
    sources
        Lists with their hashes and days, kept for the record.
    progress
        Told every 50,000 names.

    Raises
    ------
    DataError
        When no party has a name, or the folder holds anything but an older index.
    """
    if folder.is_dir() and any(folder.iterdir()) and not (folder / META).is_file():
        raise _not_ours(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _write(parties, work, list(sources), progress)
        old = folder.with_name(f".{folder.name}-old")
        shutil.rmtree(old, ignore_errors=True)
        if folder.exists():
            if not folder.is_dir() or _names(folder) - _names(work):
                raise _not_ours(folder)
            folder.rename(old)
        work.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return load_index(folder)


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def _not_ours(folder: Path) -> DataError:
    return DataError(
        "the folder is no screening index and stays as it is", str(folder), "name a new folder"
    )


def load_index(folder: Path) -> NameIndex:
    """Open an index.

    Raises
    ------
    DataError
        When there is none, it is damaged, or it was written by another layout.
    """
    meta_file = folder / META
    if not meta_file.is_file():
        raise DataError(
            "there is no screening index", str(folder), "build one: tumen regime screen-index LIST"
        )
    try:
        meta = json.loads(meta_file.read_text(encoding="utf-8"))
        if meta["layout"] != LAYOUT:
            raise DataError(
                "the index was written by another version", str(folder), "build it again"
            )
        # A plain view of the map: memmap's own indexing is many times slower.
        arrays = {
            name: np.load(folder / f"{Path(name).name}.npy", mmap_mode="r").view(np.ndarray)
            for name in meta["arrays"]
        }
        if not (folder / TOKENS).is_file() or not (folder / FOLDS).is_file():
            raise FileNotFoundError(f"{TOKENS} or {FOLDS} is missing")
    except (ValueError, KeyError, TypeError, EOFError, FileNotFoundError) as error:
        raise DataError(f"the index is damaged: {error}", str(folder), "build it again") from None
    return NameIndex(folder, meta, arrays)


def _write(
    parties: Iterable[Party], folder: Path, sources: list[dict[str, str]], progress: Progress
) -> None:
    places: dict[str, int] = {}
    flat: list[int] = []
    name_start, name_party, party_start = [0], [], [0]
    days: set[date] = set()
    with (folder / "parties.bin").open("wb") as out:
        for number, party in enumerate(parties):
            days.update(listing.seen for listing in party.listings if listing.seen)
            text = _party_text(party).encode()
            out.write(text)
            party_start.append(party_start[-1] + len(text))
            for name in dict.fromkeys(party.names):
                tokens = name_tokens(name)[:MOST_TOKENS]
                if not tokens:
                    continue
                flat += [places.setdefault(token, len(places)) for token in tokens]
                name_start.append(len(flat))
                name_party.append(number)
                if len(name_party) % 50_000 == 0:
                    progress(Step("screen", len(name_party), 0, "names read"))
    if not name_party:
        raise DataError("the lists hold no names", hint="check the format of the files")
    tokens = sorted(places)
    rank = np.empty(len(tokens), dtype=np.int32)
    rank[[places[token] for token in tokens]] = np.arange(len(tokens), dtype=np.int32)
    name_token = rank[np.array(flat, dtype=np.int32)]
    starts = np.array(name_start, dtype=np.int32)
    folds = [fold(token) for token in tokens]
    (folder / TOKENS).write_text("\n".join(tokens), encoding="utf-8")
    (folder / FOLDS).write_text("\n".join(folds), encoding="utf-8")
    raw = np.fromfile(folder / "parties.bin", dtype=np.uint8)
    (folder / "parties.bin").unlink()
    progress(Step("screen", len(name_party), len(name_party), "sorting"))
    arrays: dict[str, NDArray[Any]] = {
        "name_party": np.array(name_party, dtype=np.int32),
        "name_start": starts,
        "name_token": name_token,
        "parties": raw,
        "party_start": np.array(party_start, dtype=np.int64),
        **_inverted(name_token, starts, len(tokens)),
        **_letter_pairs(folds),
        **_bones(folds),
    }
    arrays |= _weights(tokens, arrays, starts, name_token)
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    meta = {
        "layout": LAYOUT,
        "names": len(name_party),
        "parties": len(party_start) - 1,
        "tokens": len(tokens),
        "arrays": sorted(arrays),
        "newest": max(days).isoformat() if days else None,
        "sources": sources,
    }
    (folder / META).write_text(json.dumps(meta, indent=1), encoding="utf-8")


def _inverted(name_token: Ints, starts: Ints, size: int) -> dict[str, NDArray[Any]]:
    names = np.repeat(np.arange(len(starts) - 1, dtype=np.int32), np.diff(starts))
    order = np.argsort(name_token, kind="stable")
    counts = np.bincount(name_token, minlength=size)
    return {
        "token_name": names[order],
        "token_start": np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
    }


def _letter_pairs(folds: list[str]) -> dict[str, NDArray[Any]]:
    pairs, owners, counts = [], [], np.zeros(len(folds), dtype=np.uint8)
    block = 50_000
    for start in range(0, len(folds), block):
        folded = folds[start : start + block]
        codes, owner = _pairs_of_many(folded)
        both = np.unique(owner.astype(np.int64) * _ALPHABET**2 + codes)
        owner, codes = both // _ALPHABET**2, both % _ALPHABET**2
        counts[start : start + len(folded)] = np.minimum(
            np.bincount(owner, minlength=len(folded)), 255
        )
        pairs.append(codes.astype(np.int16))
        owners.append((owner + start).astype(np.int32))
    code, token = np.concatenate(pairs), np.concatenate(owners)
    order = np.argsort(code, kind="stable")
    sizes = np.bincount(code, minlength=_ALPHABET**2)
    return {
        "pair_token": token[order],
        "pair_start": np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32),
        "pair_count": counts,
    }


_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode

_CODES = np.full(256, 37, dtype=np.int16)
_CODES[ord(" ")] = 0
_CODES[ord("a") : ord("z") + 1] = np.arange(1, 27)
_CODES[ord("0") : ord("9") + 1] = np.arange(27, 37)


def _pairs_of(token: str) -> NDArray[np.int16]:
    codes = _CODES[np.frombuffer(f" {token} ".encode(), dtype=np.uint8)]
    result: NDArray[np.int16] = codes[:-1] * _ALPHABET + codes[1:]
    return result


def _pairs_of_many(tokens: list[str]) -> tuple[NDArray[np.int16], NDArray[np.int64]]:
    """Return the letter pairs of tokens and the number of the token each belongs to."""
    letters = np.frombuffer(f" {' '.join(tokens)} ".encode(), dtype=np.uint8)
    codes = _CODES[letters]
    owner = np.cumsum(codes == 0) - 1
    return codes[:-1] * _ALPHABET + codes[1:], owner[:-1]


def _bones(folds: list[str]) -> dict[str, NDArray[Any]]:
    keys = np.array([_hash(bones(folded)) for folded in folds], dtype=np.uint64)
    order = np.argsort(keys, kind="stable")
    return {"bone_key": keys[order], "bone_token": order.astype(np.int32)}


def _weights(
    tokens: list[str], arrays: dict[str, NDArray[Any]], starts: Ints, name_token: Ints
) -> dict[str, NDArray[Any]]:
    names = len(starts) - 1
    uses = np.diff(arrays["token_start"])
    rarity = np.log((names + 1) / (uses + 0.5)) / np.log(names + 2)
    weight = 0.3 + 0.7 * np.clip(rarity, 0, 1)
    weight *= [form_share(token) for token in tokens]
    total = np.add.reduceat(weight[name_token], starts[:-1])
    return {"weight": weight.astype(np.float32), "name_weight": total.astype(np.float32)}


def _hash(text: str) -> int:
    """Return a 64-bit hash that is the same on every machine and in every process."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def _party_text(party: Party) -> str:
    listings = [
        [
            listing.issuer,
            listing.reference,
            listing.programme,
            *(
                day.isoformat() if day else ""
                for day in (listing.listed, listing.delisted, listing.seen, listing.gone_by)
            ),
        ]
        for listing in party.listings
    ]
    fields = [party.id, party.kind, party.names, party.countries, party.born, listings]
    return _ENCODE(fields)


def _party_from(fields: list[Any]) -> Party:
    def day(text: str) -> date | None:
        return date.fromisoformat(text) if text else None

    kind: PartyKind = fields[1]
    return Party(
        id=fields[0],
        kind=kind,
        names=tuple(fields[2]),
        countries=tuple(fields[3]),
        born=tuple(fields[4]),
        listings=tuple(
            Listing(issuer, reference, programme, *map(day, days))
            for issuer, reference, programme, *days in fields[5]
        ),
    )
