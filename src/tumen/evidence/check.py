"""What a schema cannot see: unknown names, sources from after the as-of date, unequal copies."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from tumen.core.countries import country, country_hint
from tumen.core.errors import DataError, Problem
from tumen.core.nearest import did_you_mean
from tumen.evidence.items import EvidenceItem
from tumen.evidence.spec import Spec

Where = Callable[[Sequence[str | int]], str]


def dotted(path: Sequence[str | int]) -> str:
    """Return ``evidence.items.3.sources``, for a section that did not come from a file."""
    return ".".join(("evidence", *map(str, path)))


def check(spec: Spec, *, as_of: date, where: Where = dotted) -> list[Problem]:
    """Return everything that is wrong with a section and that its schema cannot see.

    Parameters
    ----------
    spec
        The section with all its outlets and sources.
    as_of
        Nothing published later may stand in it.
    where
        Names the place of a path inside the section, e.g. ``case.yaml:12: evidence.items.3``.
    """
    return [
        *_twice(spec, where),
        *_unknown_names(spec, where),
        *_later_than(spec, as_of, where),
        *_incomplete_ratings(spec, where),
        *_unequal_copies(spec, where),
        *_unclear_groups(spec, where),
        *_self_confirmed(spec, where),
    ]


def item_group(item: EvidenceItem, groups: Mapping[str, str]) -> str:
    """Return the group in which an item stands or falls; `groups` is group by source id."""
    if item.group:
        return item.group
    found = sorted({groups[name] for name in item.sources if name in groups})
    return found[0] if found else (item.finding.split(".", 1)[0] or item.id)


def _twice(spec: Spec, where: Where) -> Iterator[Problem]:
    for part in ("outlets", "sources", "sets", "items", "indicators", "relations"):
        names = [record.id for record in getattr(spec, part)]
        for number, name in enumerate(names):
            if name in names[:number]:
                yield Problem(f"'{name}' stands twice", where((part, number, "id")), "rename one")


def _unknown(
    names: Iterable[str], known: Iterable[str], kind: str, where: Where, path: Sequence[str | int]
) -> Iterator[Problem]:
    valid = list(known)
    for number, name in enumerate(names):
        if name not in valid:
            hint = did_you_mean(name, valid)
            yield Problem(f"'{name}' is no {kind}", where((*path, number)), hint)


def _unknown_names(spec: Spec, where: Where) -> Iterator[Problem]:
    outlets = [outlet.id for outlet in spec.outlets]
    sources = [source.id for source in spec.sources]
    for number, source in enumerate(spec.sources):
        if source.outlet not in outlets:
            hint = did_you_mean(source.outlet, outlets)
            place = where(("sources", number, "outlet"))
            yield Problem(f"'{source.outlet}' is no outlet", place, hint)
    for number, item in enumerate(spec.items):
        for field in ("sources", "confirmed_by"):
            names = getattr(item, field)
            yield from _unknown(names, sources, "source", where, ("items", number, field))
    for number, channel in enumerate(spec.relations):
        path = ("relations", number, "sources")
        yield from _unknown(channel.sources, sources, "source", where, path)
    for number, outlet in enumerate(spec.outlets):
        yield from _stakes(spec, outlet.stake, where, ("outlets", number, "stake"))
        if outlet.country:
            try:
                country(outlet.country)
            except DataError:
                place = where(("outlets", number, "country"))
                hint = country_hint(outlet.country)
                yield Problem(f"'{outlet.country}' is no country code", place, hint)


def _stakes(
    spec: Spec,
    stakes: Mapping[str, Mapping[str, object]],
    where: Where,
    path: tuple[str | int, ...],
) -> Iterator[Problem]:
    known = {each.id: [hypothesis.id for hypothesis in each.hypotheses] for each in spec.sets}
    for name, by_hypothesis in stakes.items():
        if name not in known:
            yield Problem(f"'{name}' is no set", where((*path, name)), did_you_mean(name, known))
            continue
        for hypothesis in by_hypothesis:
            if hypothesis not in known[name]:
                hint = did_you_mean(hypothesis, known[name])
                place = where((*path, name, hypothesis))
                yield Problem(f"'{hypothesis}' is no hypothesis of '{name}'", place, hint)


def _later_than(spec: Spec, as_of: date, where: Where) -> Iterator[Problem]:
    for number, source in enumerate(spec.sources):
        if source.known_from > as_of:
            yield Problem(
                f"source '{source.id}' is of {source.known_from}, after the as-of date {as_of}",
                where(("sources", number, "issued")),
                "leave it out, or state first_released for a statistic",
            )
    for number, item in enumerate(spec.items):
        if item.published is not None and item.published > as_of:
            yield Problem(
                f"item '{item.id}' was known from {item.published}, after the as-of date {as_of}",
                where(("items", number, "published")),
                "leave it out",
            )
    for number, outlet in enumerate(spec.outlets):
        if outlet.reliability.on > as_of:
            yield Problem(
                f"the grade of '{outlet.id}' reflects {outlet.reliability.on}, "
                f"after the as-of date {as_of}",
                where(("outlets", number, "reliability", "on")),
                "grade it as it was known then",
            )
    for number, indicator in enumerate(spec.indicators):
        if indicator.due is not None and indicator.due <= as_of:
            yield Problem(
                f"indicator '{indicator.id}' was due on {indicator.due}, "
                f"before the as-of date {as_of}",
                where(("indicators", number, "due")),
                "make it an item when it was seen, or drop it",
            )


def _incomplete_ratings(spec: Spec, where: Where) -> Iterator[Problem]:
    known = {each.id: [hypothesis.id for hypothesis in each.hypotheses] for each in spec.sets}
    rated: list[tuple[tuple[str | int, ...], Mapping[str, Mapping[str, object]]]] = [
        *((("items", number, "ratings"), item.ratings) for number, item in enumerate(spec.items)),
        *(
            (("indicators", number, "likelihood"), indicator.likelihood)
            for number, indicator in enumerate(spec.indicators)
        ),
    ]
    for path, by_set in rated:
        yield from _stakes(spec, by_set, where, path)
        for name, by_hypothesis in by_set.items():
            missing = [each for each in known.get(name, ()) if each not in by_hypothesis]
            if missing:
                yield Problem(
                    f"no rating for {', '.join(missing)}",
                    where((*path, name)),
                    "rate every hypothesis; NA when it does not apply",
                )


def _unequal_copies(spec: Spec, where: Where) -> Iterator[Problem]:
    first: dict[tuple[str, str], EvidenceItem] = {}
    groups = {source.id: source.source_group for source in spec.sources}
    for number, item in enumerate(spec.items):
        for name in item.ratings:
            other = first.setdefault((item.origin_id, name), item)
            if other is item:
                continue
            mine = {key: rating.likelihood for key, rating in item.ratings[name].items()}
            theirs = {key: rating.likelihood for key, rating in other.ratings[name].items()}
            if mine != theirs:
                yield Problem(
                    f"items '{other.id}' and '{item.id}' are copies of '{item.origin_id}' "
                    "and are rated differently",
                    where(("items", number, "ratings", name)),
                    "rate copies alike, or give the item an origin of its own",
                )
            if item_group(item, groups) != item_group(other, groups):
                yield Problem(
                    f"items '{other.id}' and '{item.id}' are copies of '{item.origin_id}' "
                    "and stand in different groups",
                    where(("items", number)),
                    "state the same group: for both",
                )


def _unclear_groups(spec: Spec, where: Where) -> Iterator[Problem]:
    groups = {source.id: source.source_group for source in spec.sources}
    for number, item in enumerate(spec.items):
        found = sorted({groups[name] for name in item.sources if name in groups})
        if len(found) > 1 and not item.group:
            yield Problem(
                f"the sources of item '{item.id}' belong to the groups {', '.join(found)}",
                where(("items", number, "sources")),
                "state group: for the item",
            )


def _self_confirmed(spec: Spec, where: Where) -> Iterator[Problem]:
    uses: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for item in spec.items:
        for name in item.sources:
            uses[name].update(item.ratings.keys())
    for number, item in enumerate(spec.items):
        inside = [name for name in item.confirmed_by if set(uses[name]) & set(item.ratings)]
        if inside:
            yield Problem(
                f"item '{item.id}' is confirmed by {', '.join(inside)}, "
                "which the matrix already counts",
                where(("items", number, "confirmed_by")),
                "grade it 2: a corroborator counts once",
            )
