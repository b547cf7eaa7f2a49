"""Where a text speaks of a country: by name, adjective, people, capital or combining form."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from tumen.core.countries import country_names

MentionKind = Literal["name", "adjective", "demonym", "place", "combining"]
_COLUMNS: dict[str, MentionKind] = {
    "names": "name",
    "adjectives": "adjective",
    "demonyms": "demonym",
    "places": "place",
    "combining": "combining",
}
_BOTH_KOREAS = re.compile(r"\b(?:two|both) Koreas\b")
# Titles of papers and institutions are no speech about the country.
_IN_A_NAME = re.compile(
    r"(?:South China (?:Morning Post|Sea)|Washington (?:Examiner|Post|Times)|Moscow Times|"
    r"New York Times|US News(?: & World Report)?|China Daily|Voice of America|Radio Free Asia|"
    r"Korea Times|Japan Times|Times of India|Bank of (?:China|Korea|America)|Air China)"
)


@dataclass(frozen=True)
class Mention:
    """A mention of a country in a view."""

    start: int
    end: int
    country: str
    kind: MentionKind


@cache
def _words() -> tuple[dict[str, tuple[str, MentionKind]], re.Pattern[str]]:
    words: dict[str, tuple[str, MentionKind]] = {
        name.partition(" (")[0].partition(",")[0]: (iso3, "name")
        for iso3, name in country_names().items()
    }
    text = files("tumen.evidence").joinpath("countrywords.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        for column, kind in _COLUMNS.items():
            for word in filter(None, row[column].split("|")):
                words[word.removeprefix("the ")] = (row["iso3"], kind)
    # "the North" and "the South" mean the Koreas only where the article and no noun stand by.
    longest = sorted(words, key=len, reverse=True)
    directions = r"(?<=\b[Tt]he )(?:North|South)(?![\w-]| (?:Korea|Africa|China|America|Sea|Pole))"
    rest = "|".join(re.escape(word) for word in longest if word not in ("North", "South"))
    return words, re.compile(rf"{directions}|(?<![\w.])(?:{rest})(?!\w|\.\w)")


def mentions(text: str) -> tuple[Mention, ...]:
    """Return the mentions of countries in reading order; "the two Koreas" counts for both.

    Examples
    --------
    >>> [(each.country, each.kind) for each in mentions("Sino-US ties; Moscow and the North")]
    [('CHN', 'combining'), ('USA', 'name'), ('RUS', 'place'), ('PRK', 'name')]
    """
    words, form = _words()
    names = [hit.span() for hit in _IN_A_NAME.finditer(text)]
    found = []
    for hit in form.finditer(text):
        if any(start <= hit.start() < end for start, end in names):
            continue
        iso3, kind = words[hit.group()]
        if kind == "combining" and text[hit.end() : hit.end() + 1] not in ("-", "–"):
            continue
        found.append(Mention(hit.start(), hit.end(), iso3, kind))
    for hit in _BOTH_KOREAS.finditer(text):
        found += [Mention(hit.start(), hit.end(), iso3, "name") for iso3 in ("PRK", "KOR")]
    return tuple(sorted(found, key=lambda each: (each.start, each.country)))
