"""What moved between two assessments of a case, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal, Protocol, TypeVar

from tumen.assess.record import Assessment, EvidenceRecord, Judgment, WeighingRecord
from tumen.core.finding import Finding, Input
from tumen.core.record import Record
from tumen.core.units import counted, rounded_text

Part = Literal["judgment", "weighing", "finding", "input", "version", "text"]


NAMES = {
    "would_change": "list of what would change it",
    "stays_top": "share of draws in the lead",
    "drop_changes": "change of the leader when left out",
    "flipping": "list of what would flip it",
    "watch": "watch list",
}
"""What a field is called in a sentence, where its own name says too little."""


class Difference(Record):
    """One thing that moved.

    Attributes
    ----------
    part
        ``judgment``, ``weighing``, ``finding``, ``input`` (data, seed or case), ``version`` (of a
        package; by itself no change of a result) or ``text`` (everything else).
    id
        Of the judgment, weighing, finding, input or field.
    sentence
        What moved, with the old and the new value.
    """

    part: Part
    id: str
    sentence: str

    def __str__(self) -> str:
        return self.sentence


class _Named(Protocol):
    @property
    def id(self) -> str: ...


N = TypeVar("N", bound=_Named)


def differences(old: Assessment, new: Assessment) -> tuple[Difference, ...]:
    """Return what moved from one assessment to another; nothing when they are equal.

    Judgments come first, then weighings, findings, inputs, versions and texts. Every field is
    compared: two assessments without a difference have the same canonical JSON.

    Examples
    --------
    >>> from datetime import date
    >>> from tumen.assess import Assessment, differences
    >>> old = Assessment(
    ...     case_id="coal", title="Coal", question="Does China stop?", as_of=date(2017, 8, 31),
    ...     horizon=date(2018, 12, 31), actors={}, headline="China stops.", judgments=(),
    ...     weighings=(), findings=(), options=(), rival_views=(), assumptions=(), gaps=(),
    ...     events=(), sources=(), caveats=(),
    ...     manifest={"case_sha256": "", "seed": 1, "inputs": (), "versions": {}})
    >>> new = old.model_copy(update={"headline": "China goes on."})
    >>> [str(each) for each in differences(old, new)]
    ['The field headline moves from “China stops.” to “China goes on.”.']
    """
    return (
        *_judgments(old.judgments, new.judgments),
        *_weighings(old.weighings, new.weighings),
        *_findings(old.findings, new.findings),
        *_inputs(old.manifest.inputs, new.manifest.inputs, where="the record", id_=""),
        *_manifest(old, new),
        *_texts(old, new),
    )


def _pairs(
    old: Sequence[N], new: Sequence[N], part: Part, kind: str
) -> Iterator[tuple[N, N] | Difference]:
    before, after = {each.id: each for each in old}, {each.id: each for each in new}
    for name, record in before.items():
        if name in after:
            yield record, after[name]
        else:
            yield Difference(part=part, id=name, sentence=f"{kind} {name} is gone.")
    for name in after:
        if name not in before:
            yield Difference(part=part, id=name, sentence=f"{kind} {name} is new.")
    common = [name for name in before if name in after]
    if common != [name for name in after if name in before]:
        yield Difference(part=part, id="", sentence=f"The order of the {kind.lower()}s changed.")


def _judgments(old: Sequence[Judgment], new: Sequence[Judgment]) -> Iterator[Difference]:
    for pair in _pairs(old, new, "judgment", "Judgment"):
        if isinstance(pair, Difference):
            yield pair
            continue
        before, after = pair
        said = []
        if before.probability != after.probability:
            shown = _moved(before.probability.text(), after.probability.text())
            said.append(f"its probability {shown}")
        if before.word != after.word:
            said.append(f"its word {_moved(before.word, after.word)}")
        if before.confidence.level != after.confidence.level:
            said.append(f"its confidence {_moved(before.confidence.level, after.confidence.level)}")
        elif before.confidence != after.confidence:
            said.append("the reasons for its confidence changed")
        said += _fields(before, after, besides={"probability", "word", "confidence"})
        if said:
            sentence = f"Judgment {before.id}: {'; '.join(said)}."
            yield Difference(part="judgment", id=before.id, sentence=sentence)


def _weighings(
    old: Sequence[WeighingRecord], new: Sequence[WeighingRecord]
) -> Iterator[Difference]:
    for pair in _pairs(old, new, "weighing", "Weighing"):
        if isinstance(pair, Difference):
            yield pair
            continue
        before, after = pair
        said = []
        for hypotheses in _pairs(before.hypotheses, after.hypotheses, "weighing", "Hypothesis"):
            if isinstance(hypotheses, Difference):
                said.append(_clause(hypotheses.sentence))
                continue
            first, second = hypotheses
            if first.posterior != second.posterior:
                shown = _moved(first.posterior.text(), second.posterior.text())
                said.append(f"{first.label or first.id} {shown}")
            said += [
                f"{first.label or first.id}: {text}"
                for text in _fields(first, second, besides={"posterior"})
            ]
        said += _items(before.items, after.items)
        said += _fields(before, after, besides={"hypotheses", "items"})
        if said:
            sentence = f"Weighing {before.id}: {'; '.join(said)}."
            yield Difference(part="weighing", id=before.id, sentence=sentence)


def _items(old: Sequence[EvidenceRecord], new: Sequence[EvidenceRecord]) -> Iterator[str]:
    for pair in _pairs(old, new, "weighing", "Item"):
        if isinstance(pair, Difference):
            yield _clause(pair.sentence)
            continue
        before, after = pair
        if before.ratings != after.ratings:
            first, second = " ".join(before.ratings), " ".join(after.ratings)
            yield f"item {before.id}: its ratings move from {first} to {second}"
        elif before.reliability != after.reliability:
            shown = _moved(before.reliability, after.reliability)
            yield f"item {before.id}: its reliability {shown}"
        other = list(_fields(before, after, besides={"ratings", "reliability"}))
        if other:
            yield f"item {before.id}: {'; '.join(other)}"


def _findings(old: Sequence[Finding], new: Sequence[Finding]) -> Iterator[Difference]:
    for pair in _pairs(old, new, "finding", "Finding"):
        if isinstance(pair, Difference):
            yield pair
            continue
        before, after = pair
        said = []
        if before.estimate != after.estimate:
            first = before.estimate.text() if before.estimate else "no number"
            second = after.estimate.text() if after.estimate else "no number"
            said.append(f"its number {_moved(first, second)}")
        said += [
            _clause(each.sentence)
            for each in _inputs(before.inputs, after.inputs, where="it", id_=before.id)
        ]
        said += _fields(before, after, besides={"estimate", "inputs"})
        if said:
            sentence = f"Finding {before.id}: {'; '.join(said)}."
            yield Difference(part="finding", id=before.id, sentence=sentence)


def _inputs(
    old: Sequence[Input], new: Sequence[Input], *, where: str, id_: str
) -> Iterator[Difference]:
    before, after = {each.id: each for each in old}, {each.id: each for each in new}
    for name in sorted(before.keys() | after.keys()):
        if name not in after:
            text = f"input {name} no longer enters {where}"
        elif name not in before:
            text = f"input {name} enters {where}"
        elif before[name].sha256 != after[name].sha256:
            text = f"the content of input {name} changed"
        elif before[name] != after[name]:
            text = f"the note of input {name} changed"
        else:
            continue
        yield Difference(part="input", id=id_ or name, sentence=f"{text[0].upper()}{text[1:]}.")
    if before == after and tuple(old) != tuple(new):
        sentence = f"The inputs of {where} stand in another order."
        yield Difference(part="input", id=id_, sentence=sentence)


def _manifest(old: Assessment, new: Assessment) -> Iterator[Difference]:
    first, second = old.manifest, new.manifest
    if first.case_sha256 != second.case_sha256:
        yield Difference(part="input", id="case", sentence="The content of the case changed.")
    if first.seed != second.seed:
        sentence = f"The seed {_moved(str(first.seed), str(second.seed))}."
        yield Difference(part="input", id="seed", sentence=sentence)
    for name in sorted(first.versions.keys() | second.versions.keys()):
        before, after = first.versions.get(name, "none"), second.versions.get(name, "none")
        if before != after:
            sentence = f"The version of {name} {_moved(before, after)}."
            yield Difference(part="version", id=name, sentence=sentence)


def _texts(old: Assessment, new: Assessment) -> Iterator[Difference]:
    told = {"judgments", "weighings", "findings", "manifest"}
    for name in Assessment.model_fields:
        before, after = getattr(old, name), getattr(new, name)
        if name in told or before == after:
            continue
        sentence = f"The field {name.replace('_', ' ')} {_changed(before, after)}."
        yield Difference(part="text", id=name, sentence=sentence)


def _fields(before: Record, after: Record, *, besides: set[str]) -> Iterator[str]:
    for name in type(before).model_fields:
        first, second = getattr(before, name), getattr(after, name)
        if name not in besides and first != second:
            word = NAMES.get(name, name.replace("_", " "))
            yield f"its {word} {_changed(first, second)}"


def _changed(before: Any, after: Any) -> str:
    if isinstance(before, float) and isinstance(after, float):
        return _moved(rounded_text(before, 3), rounded_text(after, 3))
    if isinstance(before, str) and isinstance(after, str) and len(before) + len(after) < 120:
        return _moved(f"“{before}”", f"“{after}”")
    if isinstance(before, tuple) and isinstance(after, tuple) and len(before) != len(after):
        return _moved(*(counted(len(each), "entry", "entries") for each in (before, after)))
    return "changed"


def _moved(before: str, after: str) -> str:
    if before == after:
        return f"stays {before} as printed and moves behind the last digit"
    return f"moves from {before} to {after}"


def _clause(sentence: str) -> str:
    return f"{sentence[0].lower()}{sentence[1:].rstrip('.')}"
