"""The noun: a case as it stands in its folder, checked."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import Field, ValidationInfo, field_validator

from tumen.assess import Spec as AssessSpec
from tumen.brief import Spec as BriefSpec
from tumen.core.fields import CountryCode, Day, FieldError
from tumen.core.record import Record, canonical_json, sha256_text
from tumen.evidence import Spec as EvidenceSpec
from tumen.impact import Spec as ImpactSpec
from tumen.monitor import Spec as MonitorSpec
from tumen.regime import Spec as RegimeSpec
from tumen.strategy import Spec as StrategySpec
from tumen.trade import Spec as TradeSpec


class Case(Record):
    """One question, with everything that may change its answer and nothing that may not.

    Attributes
    ----------
    id
        Short name; the folder's name when left out.
    as_of
        Nothing published later enters any estimate.
    horizon
        Until when judgments are made.
    target
        Country under sanctions.
    actors
        Who acts, and in what role.
    seed
        Root of the named random streams.
    impact, strategy
        Left out, these rooms do not run.
    folder
        Where it was loaded from; no part of its content or hash.
    """

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=80)
    title: str = Field(min_length=3, max_length=200)
    question: str = Field(min_length=10, max_length=1000)
    as_of: Day
    horizon: Day
    target: CountryCode
    actors: dict[CountryCode, str] = Field(min_length=1)
    authors: tuple[str, ...] = ()
    seed: int = Field(default=1, ge=0, lt=2**63)
    regime: RegimeSpec = RegimeSpec()
    trade: TradeSpec = TradeSpec()
    monitor: MonitorSpec = MonitorSpec()
    impact: ImpactSpec | None = None
    strategy: StrategySpec | None = None
    evidence: EvidenceSpec
    assess: AssessSpec
    brief: BriefSpec = BriefSpec()
    folder: Path = Field(default=Path(), exclude=True)

    @field_validator("horizon")
    @classmethod
    def _looks_ahead(cls, horizon: date, others: ValidationInfo) -> date:
        as_of = others.data.get("as_of")
        if as_of is not None and horizon <= as_of:
            raise FieldError(
                f"horizon {horizon} is not after as_of {as_of}",
                "judgments look from as_of to horizon",
            )
        return horizon

    @property
    def sha256(self) -> str:
        """Hash of the content; comments, order of keys, place and look change nothing."""
        return sha256_text(canonical_json(self.model_dump(mode="json", exclude={"brief"})))
