"""How well does screening work on this list? Perturb its names, count what is found.

The answer depends on the list, so a user can measure it on the list in use: recall on perturbed
names at the threshold that fires on one in a hundred unrelated names.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from tumen.core.errors import DataError
from tumen.regime.screening.index import NameIndex
from tumen.regime.screening.names import nickname_group, normal
from tumen.regime.screening.query import screen

_LOWEST = 0.3


@dataclass(frozen=True)
class Quality:
    """What screening finds and how often it errs, on one index.

    Attributes
    ----------
    threshold
        Score above which `false_positive_rate` of the unrelated names fire.
    recall
        Share of the perturbed names whose party is found at the threshold.
    recall_by_kind
        The same by kind of perturbation.
    hard_negative_rate
        Share of names put together from the tokens of different listed persons that fire.
    false_positive_rate
        Share of unrelated names that fire.
    names
        Number of perturbed names tried.
    """

    threshold: float
    recall: float
    recall_by_kind: dict[str, float]
    hard_negative_rate: float
    false_positive_rate: float
    names: int


def measure(
    index: NameIndex, *, as_of: date, names: int = 500, seed: int = 1, unrelated: int = 1000
) -> Quality:
    """Measure recall and false positives of screening on an index.

    Parameters
    ----------
    index
        The index in use.
    as_of
        Day of the screening; only parties listed that day are perturbed.
    names
        Number of listed names to perturb, one perturbation each, all kinds in turn.
    seed
        Of the generator.
    unrelated
        Number of unrelated names that set the threshold.
    """
    draw = random.Random(seed)  # noqa: S311
    listed = _listed_names(index, as_of)
    if not listed:
        raise DataError(f"no party of the index is listed on {as_of}")
    own = {normal(name) for name, _ in listed}
    strangers = [
        name for name in (stranger(draw) for _ in range(unrelated)) if normal(name) not in own
    ]
    scores = sorted((_best(name, index, as_of) for name in strangers), reverse=True)
    threshold = scores[len(scores) // 100] + 1e-9
    sample = [listed[draw.randrange(len(listed))] for _ in range(names)]
    found: dict[str, list[bool]] = {kind: [] for kind in PERTURBATIONS}
    for number, (name, party) in enumerate(sample):
        kind = list(PERTURBATIONS)[number % len(PERTURBATIONS)]
        changed = PERTURBATIONS[kind](name, draw)
        found[kind].append(_finds(changed, party, index, as_of, threshold))
    tried = [hit for hits in found.values() for hit in hits]
    crossed = [n for n in crossings(listed, draw, 300) if normal(n) not in own]
    fired = [_best(name, index, as_of) >= threshold for name in crossed]
    return Quality(
        threshold=threshold,
        recall=sum(tried) / len(tried),
        recall_by_kind={kind: sum(hits) / len(hits) for kind, hits in found.items() if hits},
        hard_negative_rate=sum(fired) / max(1, len(fired)),
        false_positive_rate=sum(score >= threshold for score in scores) / len(scores),
        names=len(tried),
    )


def _listed_names(index: NameIndex, as_of: date) -> list[tuple[str, str]]:
    pairs = []
    for number in range(index.meta["names"]):
        party = index.party(number)
        if any(listing.holds_on(as_of) for listing in party.listings):
            pairs += [(name, party.id) for name in party.names if len(normal(name).split()) > 1]
    return sorted(set(pairs))


def _best(name: str, index: NameIndex, as_of: date) -> float:
    hits = screen(name, index=index, as_of=as_of, threshold=_LOWEST, most=1).hits
    return hits[0].score if hits else 0.0


def _finds(name: str, party: str, index: NameIndex, as_of: date, threshold: float) -> bool:
    if not normal(name):
        return False
    hits = screen(name, index=index, as_of=as_of, threshold=threshold, most=50).hits
    return any(hit.party.id == party for hit in hits)


def crossings(listed: Sequence[tuple[str, str]], draw: random.Random, number: int) -> list[str]:
    """Return names put together from the tokens of two listed persons with three tokens each."""
    persons = [normal(name).split() for name, _ in listed]
    persons = [tokens for tokens in persons if len(tokens) == 3]
    made: list[str] = []
    while persons and len(made) < number:
        one, other = draw.choice(persons), draw.choice(persons)
        if one != other:
            made.append(" ".join([one[0], *other[1:]]))
    return made


_KOREAN = "kim ri pak choe jong kang jo yun jang rim han o so sin kwon hwang an song ryu hong"
_SYLLABLES = "chol su nam il ho song myong hyok yong un kwang jin hak sok guk sam gil ryong chun"
_RUSSIAN = "ivanov petrov smirnov kuznetsov popov sokolov lebedev kozlov novikov morozov volkov"
_RUSSIAN_FIRST = "ivan sergei nikolai oleg viktor pavel anna olga roman maksim artyom denis"
_CHINESE = "wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin luo gao"
_CHINESE_FIRST = "wei fang xiuying na min jing lei qiang jun yang yong yan jie tao ming chao"
_WESTERN = "smith jones taylor brown williams wilson johnson davies garcia muller schmidt rossi"
_WESTERN_FIRST = "oliver emma james sophie lucas marie peter laura hans julia marco elena"
_ARABIC = "hassan ali khalil mansour saleh nasser haddad khoury aziz rahman karim farouk"
_PLACES = "northern pacific golden blue river harbor summit baltic andean coral sahara delta"
_THINGS = "foods textiles bearings optics timber fisheries motors ceramics software logistics media"
_ENDS = "ltd llc gmbh co inc trading group holdings international"


def stranger(draw: random.Random) -> str:
    """Return a name that no list is meant to hold: a person of some culture, or a firm."""

    def one(words: str) -> str:
        return draw.choice(words.split())

    kind = draw.randrange(6)
    if kind == 0:
        return f"{one(_KOREAN)} {one(_SYLLABLES)} {one(_SYLLABLES)}"
    if kind == 1:
        return f"{one(_RUSSIAN_FIRST)} {one(_RUSSIAN)}"
    if kind == 2:
        return f"{one(_CHINESE)} {one(_CHINESE_FIRST)}{draw.choice(['', one(_CHINESE_FIRST)])}"
    if kind == 3:
        return f"{one(_WESTERN_FIRST)} {one(_WESTERN)}"
    if kind == 4:
        return f"{one(_ARABIC)} {one(_ARABIC)} {one(_ARABIC)}"
    return f"{one(_PLACES)} {one(_THINGS)} {one(_ENDS)}"


def _tokens(name: str) -> list[str]:
    return normal(name).split()


def _longest(tokens: Sequence[str]) -> int:
    return max(range(len(tokens)), key=lambda place: len(tokens[place]))


def _initial(name: str, draw: random.Random) -> str:
    tokens = _tokens(name)
    place = draw.randrange(len(tokens))
    tokens[place] = tokens[place][0]
    return " ".join(tokens)


def _drop(name: str, draw: random.Random) -> str:
    tokens = _tokens(name)
    if len(tokens) > 2:
        del tokens[draw.randrange(len(tokens))]
    return " ".join(tokens)


def _swap(name: str, draw: random.Random) -> str:
    tokens = _tokens(name)
    place = draw.randrange(len(tokens) - 1) if len(tokens) > 1 else 0
    tokens[place : place + 2] = reversed(tokens[place : place + 2])
    return " ".join(tokens)


def _typo(name: str, draw: random.Random) -> str:
    text = list(normal(name))
    places = [number for number, letter in enumerate(text) if letter.isalpha()]
    place, letter = draw.choice(places), draw.choice("abcdefghijklmnopqrstuvwxyz")
    action = draw.randrange(4)
    if action == 0:
        text[place] = letter
    elif action == 1:
        text.insert(place, letter)
    elif action == 2:
        del text[place]
    elif place + 1 < len(text) and text[place + 1] != " ":
        text[place], text[place + 1] = text[place + 1], text[place]
    return "".join(text)


def _two_typos(name: str, draw: random.Random) -> str:
    return _typo(_typo(name, draw), draw)


def _vowels(name: str, draw: random.Random) -> str:
    tokens = _tokens(name)
    place = _longest(tokens)
    bare = "".join(letter for letter in tokens[place] if letter not in "aeiou")
    tokens[place] = bare or tokens[place]
    return " ".join(tokens)


def _double(name: str, draw: random.Random) -> str:
    text = normal(name)
    places = [number for number, letter in enumerate(text) if letter in "bcdfgklmnprstvz"]
    place = draw.choice(places) if places else 0
    return text[:place] + text[place] + text[place:]


_VARIANTS = (
    ("kh", "h"), ("j", "zh"), ("ch", "tch"), ("yo", "jo"), ("ks", "x"), ("o", "eo"), ("u", "oo"),
    ("k", "g"), ("i", "y"), ("ya", "ia"), ("v", "w"), ("ai", "ay"), ("ei", "ey"), ("t", "d"),
)  # fmt: skip


def _transliterated(name: str, draw: random.Random) -> str:
    text = normal(name)
    found = [pair for pair in _VARIANTS if pair[0] in text]
    if not found:
        return text
    old, new = draw.choice(found)
    return text.replace(old, new, 1)


def _honoured(name: str, draw: random.Random) -> str:
    return f"{draw.choice(['Mr', 'Dr', 'General', 'Comrade', 'Prof.'])} {name}"


def _formed(name: str, draw: random.Random) -> str:
    return f"{name} {draw.choice(['Ltd', 'Co., Ltd.', 'LLC', 'Corp'])}"


def _spaced(name: str, draw: random.Random) -> str:
    tokens = _tokens(name)
    place = draw.randrange(max(1, len(tokens) - 1))
    glue = draw.choice(["-", ""])
    return " ".join([*tokens[:place], glue.join(tokens[place : place + 2]), *tokens[place + 2 :]])


def _accented(name: str, draw: random.Random) -> str:
    marks = {"a": "á", "e": "é", "i": "í", "o": "ö", "u": "ü", "c": "ç", "n": "ñ", "s": "š"}
    return "".join(marks.get(letter, letter) for letter in normal(name))


def _reversed(name: str, draw: random.Random) -> str:
    return " ".join(reversed(_tokens(name)))


def _nicknamed(name: str, draw: random.Random) -> str:
    tokens = _tokens(name)
    places = [place for place, token in enumerate(tokens) if nickname_group(token)]
    if places:
        place = draw.choice(places)
        tokens[place] = draw.choice(nickname_group(tokens[place]))
    return " ".join(tokens)


def _truncated(name: str, draw: random.Random) -> str:
    tokens = _tokens(name)
    place = _longest(tokens)
    tokens[place] = tokens[place][: max(4, len(tokens[place]) - draw.randrange(1, 4))]
    return " ".join(tokens)


def _concatenated(name: str, draw: random.Random) -> str:
    return "".join(_tokens(name))


def _scanned(name: str, draw: random.Random) -> str:
    slips = [("o", "0"), ("l", "1"), ("i", "l"), ("m", "rn"), ("s", "5"), ("b", "8"), ("e", "c")]
    text = normal(name)
    found = [pair for pair in slips if pair[0] in text]
    if not found:
        return text
    old, new = draw.choice(found)
    return text.replace(old, new, 1)


PERTURBATIONS: dict[str, Callable[[str, random.Random], str]] = {
    "initial": _initial,
    "dropped token": _drop,
    "swapped tokens": _swap,
    "one typo": _typo,
    "two typos": _two_typos,
    "vowel drop": _vowels,
    "doubled consonant": _double,
    "transliteration": _transliterated,
    "honorific": _honoured,
    "company form": _formed,
    "spacing or hyphen": _spaced,
    "diacritics": _accented,
    "reversed order": _reversed,
    "usual form": _nicknamed,
    "truncation": _truncated,
    "concatenation": _concatenated,
    "scanning slip": _scanned,
}
"""Ways in which a name is changed, by what an analyst would call them."""
