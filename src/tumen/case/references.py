"""What one section says of another: every name that a judgment uses must exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from tumen.case.case import Case
from tumen.case.files import CaseDocument
from tumen.core.errors import Problem
from tumen.core.nearest import did_you_mean
from tumen.evidence import Spec as EvidenceSpec


def references(
    case: Case,
    *,
    evidence: EvidenceSpec,
    document: CaseDocument,
    are_sources_known: bool = True,
) -> list[Problem]:
    """Return a problem for each name in `assess` and `strategy` that no other section knows.

    Parameters
    ----------
    case
        The case, valid section by section.
    evidence
        Its evidence with the sources of the sources file.
    document
        The files, for the lines.
    are_sources_known
        Whether the sources could be read; names of sources are not checked otherwise.
    """
    return [
        *_headlines(case, evidence, document),
        *_judgments(case, evidence, document),
        *_rests(case, document),
        *_hinges(case, evidence, document),
        *(_cited(case, evidence, document) if are_sources_known else ()),
        *_days(case, document),
    ]


def _headlines(case: Case, evidence: EvidenceSpec, document: CaseDocument) -> Iterator[Problem]:
    sets = _hypotheses(evidence)
    for name, lines in case.assess.headlines.items():
        at = ("assess", "headlines", name)
        if name not in sets:
            yield _unknown(name, sets, "hypothesis set", document, at)
            continue
        yield from _names(lines, sets[name], "hypothesis", document, at)
        missing = [hypothesis for hypothesis in sets[name] if hypothesis not in lines]
        if missing:
            yield Problem(
                f"no headline for {', '.join(missing)}",
                document.where(at),
                "write one for every hypothesis: any of them may lead",
            )


def _judgments(case: Case, evidence: EvidenceSpec, document: CaseDocument) -> Iterator[Problem]:
    sets = _hypotheses(evidence)
    seen: set[str] = set()
    for number, judgment in enumerate(case.assess.judgments):
        at = ("assess", "judgments", number)
        if judgment.id in seen:
            yield Problem(
                f"'{judgment.id}' stands twice", document.where((*at, "id")), "rename one"
            )
        seen.add(judgment.id)
        if judgment.set not in sets:
            yield _unknown(judgment.set, sets, "hypothesis set", document, (*at, "set"))
            continue
        yield from _names(
            judgment.given, sets[judgment.set], "hypothesis", document, (*at, "given")
        )
        missing = [name for name in sets[judgment.set] if name not in judgment.given]
        if missing:
            yield Problem(
                f"no chance given for {', '.join(missing)}",
                document.where((*at, "given")),
                "give one for every hypothesis of the set",
            )


def _rests(case: Case, document: CaseDocument) -> Iterator[Problem]:
    """Find assumptions that do not exist; findings, which have a dot, are known after the run."""
    known = [assumption.id for assumption in case.assess.assumptions]
    for number, judgment in enumerate(case.assess.judgments):
        for place, name in enumerate(judgment.rests_on):
            if "." not in name and name not in known:
                at = ("assess", "judgments", number, "rests_on", place)
                yield _unknown(name, known, "assumption", document, at)


def _hinges(case: Case, evidence: EvidenceSpec, document: CaseDocument) -> Iterator[Problem]:
    sets = _hypotheses(evidence)
    for number, assumption in enumerate(case.assess.assumptions):
        for name, hypotheses in assumption.hinges.items():
            at = ("assess", "assumptions", number, "hinges", name)
            if name not in sets:
                yield _unknown(name, sets, "hypothesis set", document, at)
                continue
            for place, hypothesis in enumerate(hypotheses):
                if hypothesis not in sets[name]:
                    yield _unknown(hypothesis, sets[name], "hypothesis", document, (*at, place))


def _cited(case: Case, evidence: EvidenceSpec, document: CaseDocument) -> Iterator[Problem]:
    known = [source.id for source in evidence.sources]
    for part in ("options", "rival_views", "assumptions", "events"):
        for number, record in enumerate(getattr(case.assess, part)):
            for place, name in enumerate(record.sources):
                if name not in known:
                    at = ("assess", part, number, "sources", place)
                    yield _unknown(name, known, "source", document, at)
    for spot, name in _sources_in(document.data.get("strategy"), ("strategy",)):
        if name not in known:
            yield _unknown(name, known, "source", document, spot)


def _sources_in(
    value: Any, at: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Walk a section for the names under every key `sources`, with their places."""
    if not isinstance(value, dict | list):
        return
    for key, part in value.items() if isinstance(value, dict) else enumerate(value):
        if key == "sources" and isinstance(part, list):
            yield from (((*at, key, place), name) for place, name in enumerate(part))
        else:
            yield from _sources_in(part, (*at, key))


def _days(case: Case, document: CaseDocument) -> Iterator[Problem]:
    for number, judgment in enumerate(case.assess.judgments):
        if judgment.resolution.by <= case.as_of:
            yield Problem(
                f"'{judgment.id}' is settled by {judgment.resolution.by}, "
                f"not after the as-of date {case.as_of}",
                document.where(("assess", "judgments", number, "resolution", "by")),
                "judge what is still open",
            )
    for number, event in enumerate(case.assess.events):
        if event.on > case.as_of:
            yield Problem(
                f"the event of {event.on} is after the as-of date {case.as_of}",
                document.where(("assess", "events", number, "on")),
                "leave it out",
            )


def _hypotheses(evidence: EvidenceSpec) -> dict[str, list[str]]:
    return {each.id: [hypothesis.id for hypothesis in each.hypotheses] for each in evidence.sets}


def _names(
    names: Iterable[str],
    valid: Sequence[str],
    kind: str,
    document: CaseDocument,
    at: Sequence[str | int],
) -> Iterator[Problem]:
    for name in names:
        if name not in valid:
            yield _unknown(name, valid, kind, document, (*at, name))


def _unknown(
    name: str, valid: Iterable[str], kind: str, document: CaseDocument, at: Sequence[str | int]
) -> Problem:
    return Problem(f"'{name}' is no {kind}", document.where(at), did_you_mean(name, valid))
