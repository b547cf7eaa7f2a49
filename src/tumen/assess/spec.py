"""The section `assess` of a case: judgments, assumptions, options, rival views, gaps, events."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tumen.assess.record import Assumption, Event, Option, Resolution, RivalView
from tumen.core.chance import StatedChance
from tumen.core.record import Record

ScaleName = Literal["ICD 203", "PHIA"]


class AtMost(Record):
    """A person's cap on confidence: it can lower the computed level, never raise it.

    Attributes
    ----------
    level
        The most that is printed.
    by
        Who lowers it.
    """

    level: Literal["low", "moderate"]
    by: str = Field(min_length=1)
    reason: str = Field(min_length=3)


class JudgmentSpec(Record):
    """One judgment: a resolvable outcome and its chance under each hypothesis.

    Attributes
    ----------
    statement
        The outcome as a clause that follows "that", with its quantity and date.
    flow
        ``recorded`` when it speaks of trade in the books, ``real`` when of trade as it happens,
        ``none`` otherwise.
    set
        Id of the hypothesis set it rests on.
    given
        By hypothesis: the chance of the outcome if the hypothesis is true.
    because
        Why these chances.
    resolution
        Quantity, source and day that settle it.
    would_change
        What would change it, besides the open indicators of the set, which are added by rank.
    dissent
        The strongest argument against it.
    rests_on
        Ids of findings and assumptions behind it; the accepted items of the set are added.
    confidence_at_most
        A person's cap, with name and reason.
    """

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    statement: str = Field(min_length=10)
    flow: Literal["recorded", "real", "none"]
    set: str
    given: dict[str, StatedChance]
    because: str = Field(min_length=3)
    resolution: Resolution
    would_change: tuple[str, ...] = ()
    dissent: str = ""
    rests_on: tuple[str, ...] = ()
    confidence_at_most: AtMost | None = None


class AssumptionSpec(Assumption):
    """A key assumption with what hangs on it.

    Attributes
    ----------
    support
        What speaks for it; empty means that nothing does, which caps confidence.
    sources
        Ids of sources behind `support`.
    hinges
        By set: the hypotheses that stand or fall with it.
    """

    sources: tuple[str, ...] = ()
    hinges: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class Spec(Record):
    """Judgments of a case and what surrounds them.

    Attributes
    ----------
    words
        Scale of likelihood words.
    headlines
        By hypothesis set and hypothesis: the sentence that answers the case's question when that
        hypothesis leads. The assessment picks; so a headline cannot outlive its evidence.
    gaps
        What nobody knows and what would matter, in words.
    """

    words: ScaleName = "ICD 203"
    headlines: dict[str, dict[str, str]] = Field(min_length=1)
    judgments: tuple[JudgmentSpec, ...] = Field(min_length=1)
    assumptions: tuple[AssumptionSpec, ...] = ()
    options: tuple[Option, ...] = ()
    rival_views: tuple[RivalView, ...] = ()
    gaps: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
