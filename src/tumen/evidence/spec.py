"""The section `evidence` of a case: outlets, sources, hypotheses, items, open indicators."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from tumen.core.chance import Chance, StatedChance
from tumen.core.finding import Input
from tumen.core.record import Record, canonical_json, sha256_text
from tumen.core.units import counted
from tumen.evidence.channels import Channel
from tumen.evidence.items import EvidenceItem, HypothesisSet, Indicator
from tumen.evidence.sources import Grade, Outlet, Source

RatedWord = Literal["CC", "C", "N", "I", "II"]

DEFAULT_WORDS: dict[RatedWord, Chance] = {
    "CC": Chance(low=0.9, high=0.9),
    "C": Chance(low=0.7, high=0.7),
    "N": Chance(low=0.5, high=0.5),
    "I": Chance(low=0.3, high=0.3),
    "II": Chance(low=0.1, high=0.1),
}


MOST_ITEMS = 500
"""A case with more items asks more than one question."""


class GradeScale(Record):
    """What a reliability letter means: a Beta distribution by its mean and its strength.

    Attributes
    ----------
    mean
        Chance that a report of this grade tracks the truth.
    strength
        Sum of the two Beta parameters; 20 is like having checked twenty reports, 2 is ignorance.
    """

    mean: float = Field(gt=0, lt=1)
    strength: float = Field(gt=0)


DEFAULT_GRADES: dict[Grade, GradeScale] = {
    "A": GradeScale(mean=0.95, strength=20),
    "B": GradeScale(mean=0.85, strength=20),
    "C": GradeScale(mean=0.7, strength=20),
    "D": GradeScale(mean=0.5, strength=20),
    "E": GradeScale(mean=0.3, strength=20),
    "F": GradeScale(mean=0.5, strength=2),
}
"""There is no official mapping from letters to probabilities; these are tumen's, and printed."""


class SourcesFile(Record):
    """What the file named by `sources_file` holds."""

    outlets: tuple[Outlet, ...] = ()
    sources: tuple[Source, ...] = ()


class Spec(Record):
    """Evidence of a case.

    Attributes
    ----------
    rater
        Person or role who accepted and rated the items; an item may name another.
    sources_file
        File beside the case file with more outlets and sources, e.g. ``sources/sources.yaml``.
    group_names
        What tables call a source group that is no outlet, e.g. ``{lee: "Lee Jeong-ho, SCMP"}``.
    relations
        How pairs of governments stand to each other, one channel each.
    likelihoods
        What the likelihood words mean; a word left out keeps its default.
    word_spread
        A word stands for its number plus or minus this; a stated range stands for itself.
    grades
        What the reliability letters mean; a letter left out keeps its default.
    draws
        Number of Monte Carlo draws behind the bands.
    """

    rater: str = Field(min_length=1)
    sources_file: str = ""
    outlets: tuple[Outlet, ...] = ()
    sources: tuple[Source, ...] = ()
    group_names: dict[str, str] = Field(default_factory=dict)
    sets: tuple[HypothesisSet, ...] = Field(min_length=1)
    items: tuple[EvidenceItem, ...] = Field(default=(), max_length=MOST_ITEMS)
    indicators: tuple[Indicator, ...] = Field(default=(), max_length=MOST_ITEMS)
    relations: tuple[Channel, ...] = ()
    likelihoods: dict[RatedWord, StatedChance] = DEFAULT_WORDS
    word_spread: float = Field(default=0.1, ge=0, le=0.5)
    grades: dict[Grade, GradeScale] = DEFAULT_GRADES
    draws: int = Field(default=4000, ge=100, le=50_000)

    @field_validator("likelihoods")
    @classmethod
    def _fill_words(cls, stated: dict[RatedWord, Chance]) -> dict[RatedWord, Chance]:
        return {**DEFAULT_WORDS, **stated}

    @field_validator("grades")
    @classmethod
    def _fill_grades(cls, stated: dict[Grade, GradeScale]) -> dict[Grade, GradeScale]:
        return {**DEFAULT_GRADES, **stated}

    def hypothesis_set(self, name: str) -> HypothesisSet:
        """Return the set with this id."""
        return next(found for found in self.sets if found.id == name)

    def group_name(self, group: str) -> str:
        """Return what tables call a source group: its stated name, or its outlets."""
        names = {outlet.id: outlet.name for outlet in self.outlets}
        if group in self.group_names:
            return self.group_names[group]
        if group in names:
            return names[group]
        outlet_of = {source.id: source.outlet for source in self.sources}
        members = [source.outlet for source in self.sources if source.group == group] or [
            outlet_of[name]
            for item in self.items
            if item.group == group
            for name in item.sources
            if name in outlet_of
        ]
        found = list(dict.fromkeys(names[each] for each in members if each in names))
        more = f" and {len(found) - 2} more" if len(found) > 2 else ""
        return ", ".join(found[:2]) + more if found else group

    def input(self) -> Input:
        """Return the section as a hashed input; the order of its records changes nothing."""
        plain = self.model_dump(mode="json")
        for part in ("outlets", "sources", "sets", "items", "indicators", "relations"):
            plain[part] = sorted(plain[part], key=lambda record: str(record["id"]))
        return Input(
            id="evidence.section",
            sha256=sha256_text(canonical_json(plain)),
            note=f"{counted(len(self.items), 'item')} from {counted(len(self.sources), 'source')}, "
            f"rated by {self.rater}",
        )
