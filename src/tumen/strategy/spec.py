"""The section `strategy` of a case: the games that it plays."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from tumen.core.fields import FieldError
from tumen.core.record import Record
from tumen.strategy.coalition_spec import CoalitionSpec
from tumen.strategy.enforcement_spec import EnforcementSpec
from tumen.strategy.roadmap_spec import RoadmapSpec
from tumen.strategy.sincerity_spec import SinceritySpec


class Spec(Record):
    """The games of a case; one at least.

    Attributes
    ----------
    enforcement
        How hard a state enforces, and whether another fills the gap.
    roadmap
        Relief step by step or all at the end, and who verifies.
    sincerity
        What deeds and words say of a state's aims.
    coalition
        What each state adds to the pressure, alone and together with others.
    """

    enforcement: EnforcementSpec | None = None
    roadmap: RoadmapSpec | None = None
    sincerity: SinceritySpec | None = None
    coalition: CoalitionSpec | None = None

    @model_validator(mode="after")
    def _plays_something(self) -> Self:
        if not any((self.enforcement, self.roadmap, self.sincerity, self.coalition)):
            raise FieldError(
                "the section holds no game", "add enforcement:, roadmap:, sincerity: or coalition:"
            )
        return self
