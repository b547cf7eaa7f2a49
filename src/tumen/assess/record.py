"""The product of record: judgments with all they rest on, as canonical JSON."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tumen.assess.words import likelihood_sentence
from tumen.core.citation import Citation
from tumen.core.fields import Day
from tumen.core.finding import Estimate, Finding
from tumen.core.manifest import Manifest
from tumen.core.record import Record

SCHEMA = 1
"""Version of the JSON layout."""

ConfidenceLevel = Literal["low", "moderate", "high"]


class Component(Record):
    """One named component of confidence.

    Attributes
    ----------
    name
        e.g. ``"independent source groups"``.
    level
        What this component alone would allow.
    reason
        Printed for the reader, with its figures.
    is_critical
        Whether it caps the whole.
    """

    name: str
    level: ConfidenceLevel
    reason: str
    is_critical: bool


class Confidence(Record):
    """How sure one may be, and why not more."""

    level: ConfidenceLevel
    components: tuple[Component, ...]
    lowered_by: str = ""
    reason: str


class Resolution(Record):
    """How a judgment will be settled: which quantity, from which source, by which day.

    Attributes
    ----------
    quantity
        What is counted or measured, with unit and period.
    source
        Who publishes it.
    by
        Last day on which it can be settled; after the as-of date.
    """

    quantity: str
    source: str
    by: Day


class Judgment(Record):
    """One thing the assessment says about the future, or about what cannot be seen.

    Attributes
    ----------
    id
        Short name in the case.
    statement
        What is judged, as a clause that follows "that", e.g. ``"China's customs record ..."``.
    flow
        Whether it speaks of recorded trade, of real trade, or of neither.
    probability
        With its interval over draws; unit ``probability``.
    word
        Likelihood word; ``between X and Y`` when the interval spans several bands.
    confidence
        Level with components and reason.
    resolution
        How and when it is settled.
    hypotheses
        Id of the weighing it rests on.
    rests_on
        Ids of evidence items and findings.
    would_change
        What would change it, most effective first.
    dissent
        The strongest argument against it.
    """

    id: str
    statement: str
    flow: Literal["recorded", "real", "none"]
    probability: Estimate
    word: str
    confidence: Confidence
    resolution: Resolution
    hypotheses: str
    rests_on: tuple[str, ...]
    would_change: tuple[str, ...]
    dissent: str = ""

    def sentences(self) -> tuple[str, str]:
        """Return the likelihood and the confidence, which never share a sentence."""
        low, high = self.probability.low, self.probability.high
        assert low is not None
        assert high is not None
        first = likelihood_sentence(statement=self.statement, word=self.word, low=low, high=high)
        return first, f"Confidence is {self.confidence.level}: {self.confidence.reason}."


class HypothesisRecord(Record):
    """One hypothesis with its probability before and after the evidence.

    Attributes
    ----------
    label
        A few words for tables and charts; the text when empty.
    without
        Posterior without model runs, when model runs count.
    stays_top
        Share of the draws in which it leads.
    """

    id: str
    text: str
    label: str = ""
    prior: Estimate
    posterior: Estimate
    without: Estimate | None = None
    stays_top: float = Field(ge=0, le=1)


class EvidenceRecord(Record):
    """One row of the hypotheses matrix.

    Attributes
    ----------
    label
        A few words for tables and charts; the text when empty.
    group
        Printed name of the source group with which it stands or falls.
    ratings
        Likelihood word or interval as printed, in the order of the hypotheses.
    diagnosticity
        Mutual information with the hypotheses, in bits.
    drop_changes
        Change of the leading hypothesis' probability when the item is left out.
    """

    id: str
    text: str
    label: str = ""
    sources: tuple[str, ...]
    group: str
    reliability: str
    credibility: str
    ratings: tuple[str, ...]
    reasons: tuple[str, ...] = ()
    diagnosticity: float
    drop_changes: float
    is_model: bool = False


class WeighingRecord(Record):
    """One set of rival hypotheses, weighed."""

    id: str
    question: str
    hypotheses: tuple[HypothesisRecord, ...]
    items: tuple[EvidenceRecord, ...]
    method: str
    flipping: tuple[str, ...]
    """Sentences: what would put a rival on top (drop one, reverse, smallest set, tipping prior)."""
    watch: tuple[str, ...]
    """Sentences: the open indicators by information value, most informative first."""


class Option(Record):
    """A lever: who must act, at what cost, with which likely reply, and what it would reveal.

    Attributes
    ----------
    who
        Who must act.
    authority
        The act that allows it.
    available_from
        First day on which it exists.
    cost
        What it costs, and whom.
    reply
        The likely answer of the others.
    reveals
        What the reply would tell about the hypotheses.
    """

    id: str
    text: str
    who: str
    authority: str
    available_from: Day | None = None
    cost: str
    reply: str
    reveals: str
    sources: tuple[str, ...] = ()


class RivalView(Record):
    """A view that the assessment does not take: who holds it, what follows if it is right.

    Attributes
    ----------
    holder
        Who holds it.
    implication
        What follows if it is right.
    """

    holder: str
    text: str
    implication: str
    sources: tuple[str, ...] = ()


class Assumption(Record):
    """A key assumption and what follows if it is wrong.

    Attributes
    ----------
    if_wrong
        What follows then.
    """

    id: str
    text: str
    if_wrong: str
    support: str = ""


class Event(Record):
    """A dated event of the case's timeline."""

    on: Day
    text: str
    sources: tuple[str, ...] = ()


class Assessment(Record):
    """A defensible answer to a case's question.

    Every number and sentence leads to a finding, an evidence item or a source. A brief is only a
    view of it.
    """

    schema_version: int = SCHEMA
    case_id: str
    title: str
    question: str
    as_of: Day
    horizon: Day
    authors: tuple[str, ...] = ()
    actors: dict[str, str]
    headline: str
    judgments: tuple[Judgment, ...]
    weighings: tuple[WeighingRecord, ...]
    findings: tuple[Finding, ...]
    options: tuple[Option, ...]
    rival_views: tuple[RivalView, ...]
    assumptions: tuple[Assumption, ...]
    gaps: tuple[str, ...]
    events: tuple[Event, ...]
    sources: tuple[Citation, ...]
    caveats: tuple[str, ...]
    manifest: Manifest
