"""What is weighed: rival hypotheses, items of evidence with their ratings, open indicators."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from tumen.core.chance import StatedChance, read_chance
from tumen.core.fields import Day, FieldError
from tumen.core.record import Record
from tumen.evidence.sources import IdText, Reliability

Word = Literal["CC", "C", "N", "I", "II", "NA"]
"""Very consistent, consistent, neutral, inconsistent, very inconsistent, not applicable."""

WORDS: tuple[Word, ...] = ("CC", "C", "N", "I", "II", "NA")


def _read_likelihood(value: Any) -> Any:
    if isinstance(value, str) and value in WORDS:
        return value
    if isinstance(value, str) and not _is_number(value):
        raise FieldError(
            f"'{value}' is no likelihood",
            f"write {', '.join(WORDS)}, a number such as 0.7 or a range such as [0.6, 0.8]",
        )
    return read_chance(value)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


Likelihood = Annotated[Word | StatedChance, BeforeValidator(_read_likelihood)]
"""A word, a number or a range: the chance of the evidence if the hypothesis is true."""


def _read_rating(value: Any) -> Any:
    return {"likelihood": value} if isinstance(value, str | float | list | tuple) else value


class Rating(Record):
    """How likely an item is if one hypothesis is true, and why.

    Attributes
    ----------
    likelihood
        The chance of the item if the hypothesis is true.
    because
        The reason; may be left out when the item gives one for all its ratings.
    """

    likelihood: Likelihood
    because: str = ""


StatedRating = Annotated[Rating, BeforeValidator(_read_rating)]
"""A `Rating` field that a file may also write as the bare likelihood."""


class Hypothesis(Record):
    """One answer to a set's question, with the chance it has before the evidence.

    Attributes
    ----------
    label
        A few words for tables and charts; the first sentence of the text when empty.
    prior
        Its chance before the evidence.
    because
        Why this prior.
    """

    id: str = IdText
    text: str = Field(min_length=3)
    label: str = Field(default="", max_length=60)
    prior: StatedChance
    because: str = ""

    @property
    def name(self) -> str:
        """How sentences, tables and charts call it."""
        return self.label or self.text.split(". ")[0].rstrip(".")


class HypothesisSet(Record):
    """One question with rival answers of which exactly one is true.

    Attributes
    ----------
    question
        What the hypotheses answer.
    hypotheses
        The answers, two at least; 1 must lie within the sum of their priors.
    with_models
        Whether items of kind ``model`` count; the result without them is shown beside.
    """

    id: str = IdText
    question: str = Field(min_length=3)
    hypotheses: tuple[Hypothesis, ...] = Field(min_length=2)
    with_models: bool = False

    @model_validator(mode="after")
    def _has_possible_priors(self) -> Self:
        names = [hypothesis.id for hypothesis in self.hypotheses]
        if len(set(names)) != len(names):
            raise ValueError(f"set '{self.id}' names a hypothesis twice")
        low = sum(hypothesis.prior.low for hypothesis in self.hypotheses)
        high = sum(hypothesis.prior.high for hypothesis in self.hypotheses)
        if low > 1 + 1e-9 or high < 1 - 1e-9:
            raise ValueError(
                f"the priors of set '{self.id}' sum to {low:g}-{high:g}; 1 must lie within"
            )
        return self


class Claim(Record):
    """Who says it, and through whom it is known.

    Attributes
    ----------
    speaker
        Person or body whose statement it is; empty when the reporter speaks for itself.
    is_named
        Whether the speaker is named.
    is_interested
        Whether the speaker gains when it is believed.
    reporter
        Who passes it on: the journalist or the outlet.
    quote
        The decisive words, when they matter.
    """

    speaker: str = ""
    is_named: bool = True
    is_interested: bool = False
    reporter: str = ""
    quote: str = ""


class EvidenceItem(Record):
    """One observation that bears on one or more sets of hypotheses.

    Attributes
    ----------
    text
        What was reported or observed, in one sentence of our own words.
    label
        A few words for tables and charts; the text when empty.
    kind
        ``report`` somebody's words, ``data`` a recorded number, ``model`` a model run.
    sources
        Ids of the sources that carry it; the most reliable one decides.
    finding
        Id of the finding behind a ``data`` or ``model`` item.
    reliability
        Grade of the item itself, when it rests on a finding and on no source.
    claim
        Speaker and reporter, for a ``report``.
    credibility
        Admiralty scale: 1 confirmed, 2 probably true, 3 possibly true, 4 doubtful, 5 improbable,
        6 cannot be judged. It is printed and enters confidence, never the likelihood.
    confirmed_by
        For credibility 1: sources outside the matrix that confirm it.
    origin
        Where the information first came from; items of one origin are copies and count once.
        The item's own id when empty.
    group
        Items of one group stand or fall together. The source group of its sources when empty.
    published
        Day from which it was known; the earliest source's day when left out.
    event
        When it happened, as a period such as 2017-08 or 2017-08-15.
    status
        Only ``accepted`` items count.
    rater
        Who accepted and rated it; the section's `rater` when empty.
    because
        One reason for all ratings, when they have none of their own.
    ratings
        By set and hypothesis.
    """

    id: str = IdText
    text: str = Field(min_length=3)
    label: str = Field(default="", max_length=60)
    kind: Literal["report", "data", "model"] = "report"
    sources: tuple[str, ...] = ()
    finding: str = ""
    reliability: Reliability | None = None
    claim: Claim = Claim()
    credibility: Literal["1", "2", "3", "4", "5", "6"]
    confirmed_by: tuple[str, ...] = ()
    origin: str = ""
    group: str = ""
    published: Day | None = None
    event: str = ""
    status: Literal["proposed", "accepted", "rejected"] = "accepted"
    rater: str = ""
    because: str = ""
    ratings: dict[str, dict[str, StatedRating]] = Field(min_length=1)

    @property
    def name(self) -> str:
        """How sentences, tables and charts call it."""
        return self.label or self.text

    @property
    def origin_id(self) -> str:
        """The origin under which copies collapse."""
        return self.origin or self.id

    @model_validator(mode="after")
    def _can_be_defended(self) -> Self:
        if not self.sources and not self.finding:
            raise FieldError(f"item '{self.id}' rests on nothing", "name its sources or a finding")
        if not self.sources and self.reliability is None:
            raise FieldError(
                f"item '{self.id}' has no source, so nobody vouches for it",
                "add reliability: {grade: C, on: 2017-08-31, reason: ...}",
            )
        if self.kind == "model" and not self.finding:
            raise FieldError(f"item '{self.id}' is a model run", "name its finding")
        if self.credibility == "1" and not self.confirmed_by:
            raise FieldError(
                f"item '{self.id}' is graded 1 (confirmed) and nothing confirms it",
                "add confirmed_by: sources outside the matrix, or grade it 2",
            )
        if not self.because:
            bare = sorted(
                f"{name}.{hypothesis}"
                for name, ratings in self.ratings.items()
                for hypothesis, rating in ratings.items()
                if not rating.because
            )
            if bare:
                raise FieldError(
                    f"item '{self.id}' gives no reason for {', '.join(bare)}",
                    "write because: for the item or for each rating",
                )
        return self


class Indicator(Record):
    """Something not yet observed that would tell the hypotheses apart.

    Attributes
    ----------
    likelihood
        By set and hypothesis: the chance of seeing it if the hypothesis is true.
    threshold
        From which value on it counts as seen.
    due
        When it can be known.
    where
        Who publishes it.
    """

    id: str = IdText
    text: str = Field(min_length=3)
    threshold: str = ""
    due: Day | None = None
    where: str = ""
    likelihood: dict[str, dict[str, Likelihood]] = Field(min_length=1)
