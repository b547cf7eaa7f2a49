"""What a careful editor would ask about a text: its citations, its sources, its judgments."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Literal

from tumen.core.record import Record
from tumen.core.units import counted
from tumen.evidence.extraction import Extraction, extract
from tumen.evidence.references import Entry, InTextCitation
from tumen.evidence.sentences import Sentence
from tumen.evidence.texts import Span

RemarkKind = Literal[
    "ambiguous_citation",
    "orphan_citation",
    "orphan_reference",
    "source_predates_event",
    "outlet_name_mismatch",
    "single_outlet_dependence",
    "unnamed_speaker",
    "undated_recent",
    "speaker_denies_proof",
    "dead_link",
    "no_likelihood_word",
    "no_rival_hypothesis",
    "likelihood_and_confidence_together",
    "mixed_date_formats",
]

_MOST_SHARE = 0.4
"""From this share of all citations on, one author is called a dependence."""
_AHEAD = re.compile(
    r"(?i)\b(?:looks? to|set to|plans? to|hopes? to|ahead of|before|will|may|could|"
    r"to (?:huddle|meet|visit|hold|discuss|talk|call|press|urge|seek|sign|launch|vote))\b"
)
_OUTCOME = re.compile(
    r"\b(?:resulted in|announced|agreed|signed|met with|adopted|voted|called (?:for|up)|concluded|"
    r"declared|issued|decided)\b"
)
_UNNAMED = re.compile(
    r"(?i)\b(?:(?:an?|one|some|several|senior|unnamed|anonymous|many) )+"
    r"(?:[\w-]+ ){0,4}?(?:sources?|officials?|analysts?|experts?|scholars?|observers?|diplomats?|"
    r"commentators?)\b(?=(?: \w+){0,3}? (?:said|says|told|argued?s?|notes?d?|claims?(?:ed)?|warn|"
    r"suspect|believe|cited|have|suggests?))"
)
_RECENT = re.compile(r"(?i)\b(?:recent(?:ly)?|lately|in recent (?:days|weeks|months|years))\b")
_NO_PROOF = re.compile(
    r"(?i)(?:do(?:es)? not|don't|did not|didn't|have no|has no|without) (?:any )?"
    r"(?:have )?(?:any )?(?:proof|evidence|confirmation)"
)
_DEAD = re.compile(r"\[[^\[\]]+\]\((?:#|about:blank|javascript:[^)]*|)\)")
_OUTLET = re.compile(
    r"\b(?:the |an? article published in (?:the )?)(?P<name>(?:[A-Z][\w&]+ ?){2,5})"
)
_RIVAL = re.compile(
    r"(?i)\b(?:alternatively|another explanation|rival|an alternative (?:explanation|hypothesis)|"
    r"on the other hand|other (?:views|explanations)|it is also possible)\b"
)


class Remark(Record):
    """One thing to look at.

    Attributes
    ----------
    kind
        What it is.
    sentence
        What is the matter, in plain words.
    spans
        Where it stands, in the raw text.
    """

    kind: RemarkKind
    sentence: str
    spans: tuple[Span, ...]


def lint(text: str | Extraction) -> tuple[Remark, ...]:
    """Return what a careful editor would ask about a text; every remark is a question, no verdict.

    Parameters
    ----------
    text
        A raw text, or what was extracted from it.

    Examples
    --------
    >>> [each.kind for each in lint("Talks have stalled recently (Lee 2018).")]
    ['orphan_citation', 'undated_recent']
    """
    found = extract(text) if isinstance(text, str) else text
    return (
        *_ambiguous(found),
        *_orphans(found),
        *_older_than_event(found),
        *_outlets(found),
        *_one_author(found),
        *_wording(found),
        *_links(found),
        *_judgments(found),
        *_date_formats(found),
    )


def _ambiguous(found: Extraction) -> Iterator[Remark]:
    groups: defaultdict[tuple[str, str], list[InTextCitation]] = defaultdict(list)
    for each in found.citations:
        if each.is_ambiguous:
            groups[each.author, each.year].append(each)
    for (author, year), members in groups.items():
        titles = "; ".join(f"“{found.bibliography[n].title}”" for n in members[0].entries)
        yield Remark(
            kind="ambiguous_citation",
            sentence=(
                f"“({author} {year})” stands {counted(len(members), 'time')} and may mean "
                f"{len(members[0].entries)} references: {titles}. Write {year}a, {year}b."
            ),
            spans=tuple(found.view.span(each.start, each.end) for each in members),
        )


def _orphans(found: Extraction) -> Iterator[Remark]:
    for each in found.citations:
        if not each.entries:
            yield Remark(
                kind="orphan_citation",
                sentence=f"“{each.author} {each.year}” has no entry in the bibliography.",
                spans=(found.view.span(each.start, each.end),),
            )
    cited = {place for each in found.citations for place in each.entries}
    for place, entry in enumerate(found.bibliography):
        if place not in cited:
            yield Remark(
                kind="orphan_reference",
                sentence=f"“{entry.title}” stands in the bibliography and is never cited.",
                spans=(found.view.span(entry.start, entry.end),),
            )


def _older_than_event(found: Extraction) -> Iterator[Remark]:
    for each in found.citations:
        sentence = _sentence_at(found, each.start)
        if sentence is None or len(each.entries) != 1:
            continue
        entry = found.bibliography[each.entries[0]]
        reason = _why_older(found, sentence, each, entry)
        if reason:
            yield Remark(
                kind="source_predates_event",
                sentence=f"“{entry.title}” ({entry.published}) {reason}.",
                spans=(
                    found.view.span(each.start, each.end),
                    found.view.span(entry.start, entry.end),
                ),
            )


def _why_older(
    found: Extraction, sentence: Sentence, citation: InTextCitation, entry: Entry
) -> str:
    text = found.view.text[sentence.start : citation.start]
    later = [
        each
        for each in found.dates
        if sentence.start <= each.start < citation.start
        and entry.published is not None
        and each.first > entry.published
    ]
    if later:
        return f"is older than {later[0].first}, for which it is cited"
    outcome = _OUTCOME.search(text)
    if outcome and _AHEAD.search(entry.title):
        return f"looks ahead in its title; it is cited for an outcome (“{outcome.group()}”)"
    return ""


def _outlets(found: Extraction) -> Iterator[Remark]:
    containers = {entry.container for entry in found.bibliography if entry.container}
    for hit in _OUTLET.finditer(found.view.text, 0, found.body_end):
        name = hit["name"].strip()
        if name in containers:
            continue
        near = [each for each in sorted(containers) if _is_near(name, each)]
        if near:
            start = hit.start("name")
            yield Remark(
                kind="outlet_name_mismatch",
                sentence=f"The text says “{name}”, the bibliography “{near[0]}”.",
                spans=(found.view.span(start, start + len(name)),),
            )


def _is_near(first: str, second: str) -> bool:
    mine, theirs = first.casefold().split(), second.casefold().split()
    if len(mine) != len(theirs) or mine == theirs:
        return False
    pairs = list(zip(mine, theirs, strict=True))
    same = sum(a == b for a, b in pairs)
    return same >= len(mine) - 1 and all(a[:3] == b[:3] for a, b in pairs)


def _one_author(found: Extraction) -> Iterator[Remark]:
    counts = Counter(each.author for each in found.citations)
    if len(found.citations) < 5:
        return
    author, count = counts.most_common(1)[0]
    if count / len(found.citations) >= _MOST_SHARE:
        yield Remark(
            kind="single_outlet_dependence",
            sentence=f"{count} of {len(found.citations)} citations rest on one author, {author}.",
            spans=tuple(
                found.view.span(each.start, each.end)
                for each in found.citations
                if each.author == author
            ),
        )


def _wording(found: Extraction) -> Iterator[Remark]:
    rules: tuple[tuple[RemarkKind, re.Pattern[str], str], ...] = (
        ("unnamed_speaker", _UNNAMED, "Who is “{}”? An unnamed speaker cannot be graded."),
        ("speaker_denies_proof", _NO_PROOF, "The speaker has no proof (“{}”): say so beside it."),
        ("undated_recent", _RECENT, "“{}” has no date; give the day."),
    )
    for kind, form, words in rules:
        for hit in form.finditer(found.view.text, 0, found.body_end):
            if kind == "undated_recent" and _is_dated(found, hit.start()):
                continue
            yield Remark(
                kind=kind,
                sentence=words.format(hit.group()),
                spans=(found.view.span(*hit.span()),),
            )


def _is_dated(found: Extraction, place: int) -> bool:
    sentence = _sentence_at(found, place)
    return sentence is not None and any(
        sentence.start <= each.start < sentence.end for each in found.dates
    )


def _links(found: Extraction) -> Iterator[Remark]:
    raw = found.view.raw
    for hit in _DEAD.finditer(raw):
        span = Span(start=hit.start(), end=hit.end(), quote=hit.group())
        yield Remark(kind="dead_link", sentence=f"“{hit.group()}” leads nowhere.", spans=(span,))


def _judgments(found: Extraction) -> Iterator[Remark]:
    if not found.judgments:
        return
    text = found.view.text[: found.body_end]
    for each in found.judgments:
        if each.word is not None:
            yield Remark(
                kind="likelihood_and_confidence_together",
                sentence="Likelihood and confidence share a sentence; write two.",
                spans=(found.view.span(each.start, each.end),),
            )
        else:
            yield Remark(
                kind="no_likelihood_word",
                sentence="The judgment states a confidence and no likelihood.",
                spans=(found.view.span(*each.proposition),),
            )
    if not _RIVAL.search(text):
        yield Remark(
            kind="no_rival_hypothesis",
            sentence="No judgment is weighed against a rival explanation.",
            spans=tuple(found.view.span(*each.proposition) for each in found.judgments),
        )


def _date_formats(found: Extraction) -> Iterator[Remark]:
    tail = found.view.text[found.body_end :]
    day_first = re.search(r"\b\d{1,2} (?:[A-Z][a-z]+) \d{4}", tail)
    month_first = re.search(r"\b[A-Z][a-z]+ \d{1,2}, \d{4}", tail)
    if day_first and month_first:
        yield Remark(
            kind="mixed_date_formats",
            sentence=f"The bibliography mixes “{day_first.group()}” and “{month_first.group()}”.",
            spans=tuple(
                found.view.span(found.body_end + hit.start(), found.body_end + hit.end())
                for hit in (day_first, month_first)
            ),
        )


def _sentence_at(found: Extraction, place: int) -> Sentence | None:
    return next((each for each in found.sentences if each.start <= place < each.end), None)
