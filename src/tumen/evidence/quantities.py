"""Quantities with their bounds: money, shares, multiples, votes, counts, tonnes and barrels."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["money", "share", "multiple", "vote", "mass", "volume", "count"]
Bound = Literal["", "less than", "at most", "more than", "at least", "about"]

_WORDS = {
    word: float(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen twenty".split()
    )
} | {"thirty": 30.0, "forty": 40.0, "fifty": 50.0, "sixty": 60.0, "seventy": 70.0}
_WORDS |= {"eighty": 80.0, "ninety": 90.0, "hundred": 100.0, "dozen": 12.0}
_SIZES = {
    "thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "mn": 1e6, "mln": 1e6,
    "billion": 1e9, "bn": 1e9, "b": 1e9, "trillion": 1e12, "tn": 1e12,
}  # fmt: skip
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))
_SIZE = r"(?:\s*-?\s*(?P<size>thousand|million|billion|trillion|mln|mn|bn|tn|[kmb](?![\w])))?"
_CURRENCIES = {
    "$": "USD", "us$": "USD", "usd": "USD", "dollars": "USD", "dollar": "USD", "us dollars": "USD",
    "€": "EUR", "eur": "EUR", "euros": "EUR", "euro": "EUR", "£": "GBP", "gbp": "GBP",
    "¥": "JPY", "yuan": "CNY", "rmb": "CNY", "renminbi": "CNY", "cny": "CNY", "won": "KRW",
    "rubles": "RUB", "roubles": "RUB", "rub": "RUB", "yen": "JPY",
}  # fmt: skip
_SIGN = r"US\$|\$|€|£|¥|USD\s?|EUR\s?|GBP\s?|RMB\s?|CNY\s?"
_NAMED = r"US dollars|dollars?|USD|euros?|EUR|yuan|RMB|renminbi|won|rou?bles|yen"
_MASS = {"tonnes": 1.0, "tonne": 1.0, "tons": 1.0, "ton": 1.0, "mt": 1.0, "kilograms": 1e-3}
_MASS |= {"kg": 1e-3, "kilogram": 1e-3, "t": 1.0, "metric tons": 1.0, "metric tonnes": 1.0}
_COUNTED = (
    r"(?:(?!of\b)[A-Za-z-]+ ){0,2}?(?P<what>firms?|companies|company|banks?|ships?|vessels?|people|"
    r"persons?|workers?|labou?rers|countries|states|officials|individuals|entities|items|votes?|"
    r"tests?|missiles?|warheads?|refineries|tankers|trucks|traders?|cargoes|voyages|deliveries|"
    r"citations|years?|months?|weeks?|days?|times)"
)
_N = rf"(?P<n>{_NUMBER}|{_WORD})"
_VOTES = r"(?P<yes>\d{1,3})\s?(?:[-–]|to)\s?(?P<no>\d{1,3})"
_SHARE = r"%|percent\b|per cent\b|percentage points\b"
_TONNES = r"metric tonnes|metric tons|tonnes?|tons?|kilograms?|kg"
_FORM_TEXTS: tuple[tuple[Kind, str], ...] = (
    ("vote", rf"(?<![\d-]){_VOTES}(?=[\s\w-]{{0,30}}\bvote)"),
    ("vote", rf"\bvot\w*(?:\s\w+){{0,3}}\s{_VOTES}(?![\d-])"),
    ("money", rf"(?:{_SIGN})\s?(?P<n>{_NUMBER}){_SIZE}"),
    ("money", rf"\b(?P<n>{_NUMBER}){_SIZE}\s(?:{_NAMED})\b"),
    ("share", rf"\b{_N}\s?(?:{_SHARE})"),
    ("multiple", rf"\b{_N}-?\s?fold\b"),
    ("multiple", r"\b(?P<n>doubl|tripl|quadrupl|halv)(?:ed|es|ing|e)\b"),
    ("mass", rf"\b(?P<n>{_NUMBER}){_SIZE}\s(?P<unit>{_TONNES})\b"),
    ("volume", rf"\b(?P<n>{_NUMBER}){_SIZE}\s(?P<unit>barrels?|bbl)\b"),
    ("count", rf"\b{_N}{_SIZE}\s{_COUNTED}\b"),
)
_FORMS = tuple((kind, re.compile(f"(?i){form}")) for kind, form in _FORM_TEXTS)
_MULTIPLES = {"doubl": 2.0, "tripl": 3.0, "quadrupl": 4.0, "halv": 0.5}
_BOUNDS: tuple[tuple[Bound, str], ...] = (
    ("less than", r"less than|fewer than|under|below|<|short of|shy of"),
    ("at most", r"no more than|not more than|at most|up to|a maximum of|maximum|≤|not exceeding"),
    ("more than", r"more than|over|above|exceeding|>|upwards? of|in excess of"),
    ("at least", r"at least|no less than|no fewer than|not less than|a minimum of|minimum|≥"),
    ("about", r"about|around|roughly|approximately|nearly|almost|some|an estimated|~|close to"),
)
_BOUND = re.compile(
    r"(?i)(?:(?<=\s)|(?<=^)|(?<=\())(?:"
    + "|".join(f"(?P<b{number}>{words})" for number, (_, words) in enumerate(_BOUNDS))
    + r")(?:\s(?:a|the))?\s?$"
)


@dataclass(frozen=True)
class Quantity:
    """A number in a view with its unit and its bound.

    Attributes
    ----------
    value
        In the base unit: US dollars, a share from 0 to 1, tonnes, barrels, or the number itself.
        For a vote, the votes in favour.
    unit
        Currency code, ``share``, ``t``, ``bbl``, ``times`` or what is counted.
    bound
        What the words before it make of it; empty for a plain number.
    against
        For a vote: the votes against.
    """

    start: int
    end: int
    kind: Kind
    value: float
    unit: str
    bound: Bound = ""
    against: float | None = None


def quantities(text: str) -> tuple[Quantity, ...]:
    """Return the quantities of a view in reading order.

    Examples
    --------
    >>> [(each.bound, each.value, each.unit) for each in quantities(
    ...     "less than $100 Million compared to China's more than $5 Billion")]
    [('less than', 100000000.0, 'USD'), ('more than', 5000000000.0, 'USD')]
    """
    taken: list[Quantity] = []
    for kind, form in _FORMS:
        for hit in form.finditer(text):
            start, end = (hit.start("yes"), hit.end("no")) if kind == "vote" else hit.span()
            if any(start < each.end and end > each.start for each in taken):
                continue
            taken.append(_quantity(text, kind, hit, start, end))
    return tuple(sorted(taken, key=lambda each: each.start))


def _quantity(text: str, kind: Kind, hit: re.Match[str], start: int, end: int) -> Quantity:
    bound = _bound(text[max(0, start - 30) : start])
    if kind == "vote":
        against = float(hit["no"])
        return Quantity(start, end, kind, float(hit["yes"]), "votes", bound, against)
    value = _number(hit["n"])
    if "size" in hit.re.groupindex and hit["size"]:
        value *= _SIZES[hit["size"].casefold()]
    if kind == "money":
        return Quantity(start, end, kind, value, _currency(hit.group()), bound)
    if kind == "share":
        return Quantity(start, end, kind, value / 100, "share", bound)
    if kind == "multiple":
        return Quantity(start, end, kind, value, "times", bound)
    if kind == "mass":
        return Quantity(start, end, kind, value * _MASS[hit["unit"].casefold()], "t", bound)
    if kind == "volume":
        return Quantity(start, end, kind, value, "bbl", bound)
    return Quantity(start, end, kind, value, hit["what"].casefold(), bound)


def _number(text: str) -> float:
    folded = text.casefold()
    if folded in _MULTIPLES:
        return _MULTIPLES[folded]
    return _WORDS[folded] if folded in _WORDS else float(folded.replace(",", ""))


def _currency(text: str) -> str:
    folded = text.casefold().strip()
    named = sorted(_CURRENCIES, key=len, reverse=True)
    return next(
        _CURRENCIES[name] for name in named if folded.startswith(name) or folded.endswith(name)
    )


def _bound(before: str) -> Bound:
    hit = _BOUND.search(before)
    if hit is None:
        return ""
    return next(word for number, (word, _) in enumerate(_BOUNDS) if hit[f"b{number}"])
