"""What no single file can tell: names that lead nowhere, doubles, rules that overlap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from itertools import combinations

from tumen.core.errors import Problem
from tumen.core.nearest import did_you_mean
from tumen.core.reading import Document
from tumen.regime.rules import Instrument, Measure, Programme
from tumen.regime.services import SERVICES
from tumen.regime.uses import Use

Placed = tuple[Document, Instrument]


def problems_between(
    programme: Programme, found: Sequence[Placed], uses: Sequence[Use]
) -> list[Problem]:
    """Return every problem that shows only when the files stand side by side."""
    return [
        *_doubles(found),
        *_dangling(programme, found, uses),
        *_unknown_words(programme, found),
        *_overlaps(found),
    ]


def sources_of(instrument: Instrument) -> set[str]:
    """Return the source keys that an instrument names."""
    notes = [instrument.provenance, *(measure.provenance for measure in instrument.measures)]
    return {
        key
        for note in notes
        for key in (*note.source, *(k for field in note.fields.values() for k in field.source))
    }


def _doubles(found: Sequence[Placed]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for document, instrument in found:
        if instrument.id in first:
            where = document.where(("id",))
            yield Problem(
                f"'{instrument.id}' stands twice", where, f"first in {first[instrument.id]}"
            )
        first.setdefault(instrument.id, document.name)
        seen: set[str] = set()
        for place, measure in enumerate(instrument.measures):
            if measure.id in seen:
                where = document.where(("measures", place, "id"))
                yield Problem(f"measure '{measure.id}' stands twice in {instrument.id}", where)
            seen.add(measure.id)


def _dangling(
    programme: Programme, found: Sequence[Placed], uses: Sequence[Use]
) -> Iterator[Problem]:
    acts = {instrument.id for _, instrument in found}
    measures = {f"{i.id}.{m.id}": m for _, i in found for m in i.measures}
    phases = {f"{i.id}.{p.id}" for _, i in found for p in i.phases}
    for document, instrument in found:
        for name in instrument.implements:
            if name not in acts:
                yield _lost("implements", name, acts, document.where(("implements",)))
        for name in instrument.snaps_back:
            if name not in phases:
                yield _lost("snaps_back", name, phases, document.where(("snaps_back",)))
        for place, phase in enumerate(instrument.phases):
            for name in phase.suspends:
                if not _names_one(name, measures):
                    where = document.where(("phases", place, "suspends"))
                    yield _lost("suspends", name, measures, where)
        for place, measure in enumerate(instrument.measures):
            yield from _lost_names(document, instrument, place, measure, measures)
    for use in uses:
        if use.measure not in measures or measures[use.measure].cap is None:
            caps = [name for name, measure in measures.items() if measure.cap]
            yield _lost("measure", use.measure, caps, f"{programme.id}/uses.yaml")


def _lost_names(
    document: Document,
    instrument: Instrument,
    place: int,
    measure: Measure,
    measures: dict[str, Measure],
) -> Iterator[Problem]:
    for name in measure.replaces:
        where = document.where(("measures", place, "replaces"))
        if name not in measures:
            yield _lost("replaces", name, measures, where)
        elif measures[name].start >= measure.start:
            yield Problem(
                f"'{instrument.id}.{measure.id}' starts on {measure.start} and cannot replace "
                f"'{name}', which starts on {measures[name].start}",
                where,
                "a successor starts later",
            )
    for name in measure.applies_to:
        if not _names_one(name, measures):
            where = document.where(("measures", place, "applies_to"))
            yield _lost("applies_to", name, measures, where)


def _names_one(pattern: str, measures: dict[str, Measure]) -> bool:
    return any(fnmatchcase(name, pattern) for name in measures)


def _lost(field: str, name: str, valid: object, where: str) -> Problem:
    words = sorted(valid) if isinstance(valid, set) else list(valid)  # type: ignore[call-overload]
    return Problem(f"{field}: there is no '{name}'", where, did_you_mean(name, words))


def _unknown_words(programme: Programme, found: Sequence[Placed]) -> Iterator[Problem]:
    ports = [*programme.ports, *(other for names in programme.ports.values() for other in names)]
    for document, instrument in found:
        if instrument.line not in programme.lines:
            where = document.where(("issuer",))
            hint = f"lines of {programme.id}: {', '.join(programme.lines)}"
            yield Problem(f"'{instrument.line}' is no line of the programme", where, hint)
        for key in sorted(sources_of(instrument) - set(programme.sources)):
            where = document.where(("provenance",))
            yield Problem(
                f"there is no source '{key}'", where, did_you_mean(key, programme.sources)
            )
        for place, measure in enumerate(instrument.measures):
            for name in measure.services:
                if name not in SERVICES:
                    where = document.where(("measures", place, "services"))
                    yield Problem(
                        f"'{name}' is no kind of service", where, did_you_mean(name, SERVICES)
                    )
            for condition in (measure.when, *(exemption.when for exemption in measure.exempt)):
                if condition and condition.port and ports and condition.port not in ports:
                    where = document.where(("measures", place))
                    yield Problem(
                        f"'{condition.port}' is no port of the programme",
                        where,
                        did_you_mean(condition.port, ports),
                    )


def _overlaps(found: Sequence[Placed]) -> Iterator[Problem]:
    """Name two caps of one line on the same codes that would be in force together."""
    caps = [
        (document, place, instrument, measure)
        for document, instrument in found
        for place, measure in enumerate(instrument.measures)
        if measure.kind in ("cap", "freeze_level") and instrument.status == "adopted"
    ]
    ends: dict[str, list[Measure]] = {}
    for _, instrument in found:
        for measure in instrument.measures:
            for name in measure.replaces:
                ends.setdefault(name, []).append(measure)
    for (_, _, act_a, a), (document, place, act_b, b) in combinations(caps, 2):
        if act_a.line != act_b.line or a.flow != b.flow or not a.goods or not b.goods:
            continue
        if not any(x.startswith(y) or y.startswith(x) for x in a.goods.hs for y in b.goods.hs):
            continue
        early, late = sorted(((act_a, a), (act_b, b)), key=lambda pair: pair[1].start)
        successors = ends.get(f"{early[0].id}.{early[1].id}", [])
        stops = [m.start for m in successors] + ([early[1].end] if early[1].end else [])
        if not any(stop <= late[1].start for stop in stops):
            yield Problem(
                f"caps '{act_a.id}.{a.id}' and '{act_b.id}.{b.id}' overlap on the same goods",
                document.where(("measures", place)),
                "name the earlier one in replaces of the later, or end it",
            )
