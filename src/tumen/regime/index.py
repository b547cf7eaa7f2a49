"""Measures in the order of use: by product prefix, service and party, with true intervals."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from tumen.regime.clauses import Interval, Party
from tumen.regime.conditions import port_names
from tumen.regime.rules import Instrument, Measure
from tumen.regime.ruling import place_text
from tumen.regime.vintages import codes_in_rules

if TYPE_CHECKING:
    from tumen.regime.rules import Regime
    from tumen.regime.ruling import Step

MOST_REACHED = 50_000
"""Products that an index remembers."""

GOODS_KINDS = frozenset({"ban", "cap", "freeze_level", "notify", "exposure"})
SERVICE_KINDS = frozenset({"ban", "service_ban", "investment_ban", "labour", "exposure"})


@dataclass(frozen=True, eq=False)
class Entry:
    """A measure with its act and the interval in which it is in force.

    Attributes
    ----------
    end
        First day on which it is in force no more: by its own text or by a successor.
    successor
        Full name of the measure that ends it; empty when its own text does, or nothing.
    suspended
        Intervals in which it is suspended, with the act that suspends it.
    general
        General exemptions that may touch it.
    line
        Line of law.
    """

    name: str
    instrument: Instrument
    measure: Measure
    end: date | None
    successor: str
    suspended: tuple[tuple[Interval, str], ...]
    general: tuple[Measure, ...]
    line: str

    def state(self, day: date) -> str:
        """Return ``ahead``, ``in_force``, ``suspended``, ``replaced`` or ``ended`` on a day."""
        if day < self.measure.start:
            return "ahead"
        if self.end is not None and day >= self.end:
            return "replaced" if self.successor else "ended"
        if any(interval.holds(day) for interval, _ in self.suspended):
            return "suspended"
        return "in_force"

    def intervals(self) -> tuple[tuple[date, date | None], ...]:
        """Return the half-open intervals in which it is in force."""
        spans: list[tuple[date, date | None]] = [(self.measure.start, self.end)]
        for interval, _ in self.suspended:
            spans = [piece for span in spans for piece in _cut(span, interval)]
        return tuple(sorted(spans, key=lambda span: span[0]))


@dataclass(frozen=True, eq=False)
class Reached:
    """A goods measure whose codes reach a product.

    Attributes
    ----------
    prefix
        Code of the selector, or the product when it is wider than the selector.
    doubt
        What would make it sure; empty when the codes leave no doubt.
    """

    entry: Entry
    prefix: str
    doubt: str = ""


@dataclass(frozen=True, eq=False)
class Index:
    """All entries, and where to find them.

    Attributes
    ----------
    entries
        In the order of lines, then of adoption.
    by_prefix
        Goods measures by a code of their selector.
    wider
        Goods measures by a chapter or heading that holds one of their longer codes.
    every
        Goods measures that name all goods, or goods without a code.
    by_service, by_party
        Measures by kind of service; designated parties by normalised name or IMO number.
    order
        Place of each measure in `entries`.
    ports
        Main name of each port of the target, by every spelling.
    members
        Countries of each line that binds several.
    excluded
        Codes that some selector leaves out.
    over, reached, shared, bound
        What was worked out before: steps of measures no longer in force, measures by product and
        by selectors, lines by country.
    """

    entries: tuple[Entry, ...]
    by_prefix: dict[str, tuple[Entry, ...]]
    wider: dict[str, tuple[Entry, ...]]
    every: tuple[Entry, ...]
    by_service: dict[str, tuple[Entry, ...]]
    by_party: dict[str, tuple[tuple[Entry, Party], ...]]
    order: dict[str, int]
    ports: dict[str, str]
    members: dict[str, tuple[str, ...]]
    excluded: tuple[str, ...]
    over: dict[tuple[str, str], Step] = field(default_factory=dict)
    reached: dict[tuple[str, str], tuple[Reached, ...]] = field(default_factory=dict)
    shared: dict[tuple[str, ...], tuple[Reached, ...]] = field(default_factory=dict)
    bound: dict[str, frozenset[str]] = field(default_factory=dict)

    def binding(self, country: str) -> frozenset[str]:
        """Return the lines of law that bind the persons of a country."""
        if country not in self.bound:
            groups = (line for line, members in self.members.items() if country in members)
            self.bound[country] = frozenset(("UN", country, *groups))
        return self.bound[country]

    def place(self, name: str) -> str:
        """Return the act and paragraph of a measure, e.g. ``S/RES/2371 (2017), paragraph 8``."""
        entry = self.entries[self.order[name]]
        return place_text(entry.instrument.cite, entry.measure.paragraph)

    def reach(self, code: str, vintage: str) -> tuple[Reached, ...]:
        """Return the goods measures whose codes reach a product, whatever the day."""
        key = (code, vintage)
        if key not in self.reached:
            if len(self.reached) >= MOST_REACHED:
                self.reached.clear()
            self.reached[key] = self._shared(codes_in_rules(code, vintage))
        return self.reached[key]

    def _shared(self, codes: tuple[str, ...]) -> tuple[Reached, ...]:
        """Return the measures of codes; products of the same selectors share one tuple."""
        code = codes[0]
        if len(codes) > 1 or any(code.startswith(left_out) for left_out in self.excluded):
            return tuple(_reach(self, codes))
        prefixes = (code[:length] for length in range(2, len(code) + 1, 2))
        key = (*(p for p in prefixes if p in self.by_prefix), code if code in self.wider else "")
        if key not in self.shared:
            self.shared[key] = tuple(_reach(self, codes))
        return self.shared[key]


def _reach(index: Index, codes: tuple[str, ...]) -> Iterator[Reached]:
    hits: dict[str, tuple[Entry, set[str], str]] = {}
    for target in codes:
        for length in range(2, len(target) + 1, 2):
            for entry in index.by_prefix.get(target[:length], ()):
                goods = entry.measure.goods
                assert goods is not None
                if not any(target.startswith(left_out) for left_out in goods.exclude):
                    hits.setdefault(entry.name, (entry, set(), target[:length]))[1].add(target)
    for entry, touched, prefix in hits.values():
        yield Reached(entry, prefix, "" if len(touched) == len(codes) else "the code in HS2017")
    wider = {
        entry.name: (entry, target)
        for target in codes
        for entry in index.wider.get(target, ())
        if entry.name not in hits
    }
    for entry, target in wider.values():
        yield Reached(entry, target, "the full HS code")
    for entry in index.every:
        goods = entry.measure.goods
        yield Reached(entry, goods.what if goods and goods.what else "all goods")


_IMO = re.compile(r"IMO (?:NO |NUMBER )?(\d{7})")


def normal_name(text: str) -> str:
    """Return a name in capitals without accents, punctuation and legal forms in brackets."""
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(
        re.sub(r"[^\w ]+", " ", plain.replace("'", "").replace("’", "")).upper().split()
    )


def party_key(text: str) -> str:
    """Return the key of a party or ship: its normal name, or the IMO number that is written.

    Examples
    --------
    >>> party_key("IMO No. 9562233"), party_key("Petrel  8")
    ('9562233', 'PETREL 8')
    """
    name = normal_name(text)
    number = _IMO.fullmatch(name)
    return number[1] if number else name


def build_index(regime: Regime) -> Index:
    """Build the index of a regime; drafts are left out."""
    entries = _entries(regime)
    by_prefix: dict[str, list[Entry]] = {}
    wider: dict[str, list[Entry]] = {}
    by_service: dict[str, list[Entry]] = {}
    by_party: dict[str, list[tuple[Entry, Party]]] = {}
    every: list[Entry] = []
    for entry in entries:
        measure = entry.measure
        for name in measure.services:
            by_service.setdefault(name, []).append(entry)
        for party in measure.parties:
            for text in {*map(normal_name, (party.name, *party.aliases)), party.imo} - {""}:
                by_party.setdefault(text, []).append((entry, party))
        if measure.goods is None or measure.kind not in GOODS_KINDS:
            continue
        if not measure.goods.hs:
            every.append(entry)
        for code in measure.goods.hs:
            by_prefix.setdefault(code, []).append(entry)
            for length in range(2, len(code), 2):
                wider.setdefault(code[:length], []).append(entry)
    return Index(
        entries=entries,
        by_prefix={key: tuple(dict.fromkeys(found)) for key, found in by_prefix.items()},
        wider={key: tuple(dict.fromkeys(found)) for key, found in wider.items()},
        every=tuple(every),
        by_service={key: tuple(found) for key, found in by_service.items()},
        by_party={key: tuple(found) for key, found in by_party.items()},
        order={entry.name: place for place, entry in enumerate(entries)},
        ports=port_names(regime.programme.ports),
        members=dict(regime.programme.members),
        excluded=tuple(
            {code for e in entries if e.measure.goods for code in e.measure.goods.exclude}
        ),
    )


def _entries(regime: Regime) -> tuple[Entry, ...]:
    adopted = [act for act in regime.instruments if act.status == "adopted"]
    successors: dict[str, list[tuple[date, str]]] = {}
    exemptions: list[tuple[str, Instrument, Measure]] = []
    for act in adopted:
        for measure in act.measures:
            name = f"{act.id}.{measure.id}"
            for old in measure.replaces:
                successors.setdefault(old, []).append((measure.start, name))
            if measure.kind == "exemption":
                exemptions.append((name, act, measure))
    suspensions = _suspensions(regime, adopted)
    entries = []
    for act in sorted(
        adopted, key=lambda act: (_line_place(regime, act.line), act.adopted, act.id)
    ):
        for measure in act.measures:
            name = f"{act.id}.{measure.id}"
            heirs = sorted(successors.get(name, []))
            end, successor = heirs[0] if heirs else (None, "")
            if measure.end is not None and (end is None or measure.end < end):
                end, successor = measure.end, ""
            general = tuple(
                found
                for full, other, found in exemptions
                if full != name and _reaches(found, other, name, act)
            )
            entries.append(
                Entry(
                    name,
                    act,
                    measure,
                    end,
                    successor,
                    suspensions.get(name, ()),
                    general,
                    act.line,
                )
            )
    return tuple(entries)


def _line_place(regime: Regime, line: str) -> int:
    return regime.lines.index(line) if line in regime.lines else len(regime.lines)


def _reaches(exemption: Measure, act: Instrument, name: str, other: Instrument) -> bool:
    if act.issuer != other.issuer:
        return False
    return any(fnmatchcase(name, pattern) for pattern in exemption.applies_to)


def _suspensions(
    regime: Regime, adopted: list[Instrument]
) -> dict[str, tuple[tuple[Interval, str], ...]]:
    names = [name for name, _, _ in regime.measures()]
    ends = {phase: day for act in adopted for phase, day in act.snaps_back.items()}
    found: dict[str, list[tuple[Interval, str]]] = {}
    for name, intervals in regime.suspensions.items():
        found.setdefault(name, []).extend((interval, "relief") for interval in intervals)
    for act in adopted:
        for phase in act.phases:
            days = [d for d in (phase.end, ends.get(f"{act.id}.{phase.id}")) if d is not None]
            interval = Interval(start=phase.start, end=min(days) if days else None)
            for pattern in phase.suspends:
                for name in names:
                    if fnmatchcase(name, pattern):
                        found.setdefault(name, []).append((interval, act.cite))
    return {name: tuple(intervals) for name, intervals in found.items()}


def _cut(span: tuple[date, date | None], hole: Interval) -> list[tuple[date, date | None]]:
    start, end = span
    if (end is not None and hole.start >= end) or (hole.end is not None and hole.end <= start):
        return [span]
    pieces: list[tuple[date, date | None]] = []
    if start < hole.start:
        pieces.append((start, hole.start))
    if hole.end is not None and (end is None or hole.end < end):
        pieces.append((hole.end, end))
    return pieces
