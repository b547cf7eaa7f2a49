"""Who verifies: what each party finds, what its presence costs, whom both sides accept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tumen.core.errors import DataError
from tumen.strategy.game import Floats
from tumen.strategy.roadmap import Roadmap, RoadmapOutlook, follow
from tumen.strategy.roadmap_spec import NUCLEAR_WEAPON_STATES


@dataclass(frozen=True)
class Inspection:
    """The one-period inspection game of an inspectee and an inspector.

    Attributes
    ----------
    gain, loss
        Of the inspectee from a violation that is not found, and from one that is (g, L).
    cost, hit, detection, damage
        Of the inspector: cost c of inspecting, gain h from finding a violation, chance d that an
        inspection finds one, damage D of one that is not found.

    Raises
    ------
    DataError
        When a value is negative or not finite, or the chance lies outside (0, 1].
    """

    gain: float
    loss: float
    cost: float
    hit: float
    detection: float
    damage: float

    def __post_init__(self) -> None:
        values = (self.gain, self.loss, self.cost, self.hit, self.detection, self.damage)
        if not all(np.isfinite(values)) or min(values) < 0:
            raise DataError("an inspection needs finite values that are not negative")
        if not 0 < self.detection <= 1:
            raise DataError("the chance of detection lies in (0, 1]")

    @property
    def is_interior(self) -> bool:
        """Whether both sides mix: an inspection can deter, and is worth its cost."""
        return self._deterring <= 1.0 and self._tempting <= 1.0

    @property
    def inspects(self) -> float:
        """Equilibrium chance of an inspection, ``g / (d (g + L))`` when both sides mix."""
        if self._tempting > 1.0:
            return 0.0
        return min(1.0, self._deterring)

    @property
    def violates(self) -> float:
        """Equilibrium chance of a violation, ``c / (d (h + D))`` when both sides mix."""
        if self._deterring > 1.0 or self._tempting > 1.0:
            return 1.0
        return self._tempting

    @property
    def _deterring(self) -> float:
        stake = self.detection * (self.gain + self.loss)
        return self.gain / stake if stake > 0 else (0.0 if self.gain == 0 else np.inf)

    @property
    def _tempting(self) -> float:
        stake = self.detection * (self.hit + self.damage)
        return self.cost / stake if stake > 0 else (0.0 if self.cost == 0 else np.inf)


@dataclass(frozen=True, eq=False)
class Verifier:
    """A party that may verify.

    Attributes
    ----------
    code
        Alpha-3 code of a state, or ``IAEA``.
    detection
        Chance per period that it finds a hidden step, shape (*batch, step).
    intrusion
        What its presence costs the target at each declared step, shape (*batch, step).
    collusion
        Share of what it finds that it would not report, shape (*batch,).
    takes_warheads
        Whether it is to take warheads into custody.

    Raises
    ------
    DataError
        When it may not take warheads and is to, or a value lies outside its range.
    """

    code: str
    detection: Floats
    intrusion: Floats
    collusion: Floats | float = 0.0
    takes_warheads: bool = False

    def __post_init__(self) -> None:
        if self.takes_warheads and self.code not in NUCLEAR_WEAPON_STATES:
            raise DataError(
                f"{self.code} cannot take warheads into custody",
                hint=f"only nuclear-weapon states can: {', '.join(NUCLEAR_WEAPON_STATES)}",
            )
        detection, intrusion, collusion = (
            np.asarray(v, dtype=float) for v in (self.detection, self.intrusion, self.collusion)
        )
        if not (_is_share(collusion) and _is_share(detection)):
            raise DataError(f"detection and collusion of {self.code} lie in [0, 1]")
        if not np.isfinite(intrusion).all() or (intrusion < 0).any():
            raise DataError(f"intrusion of {self.code} must be finite and not negative")
        object.__setattr__(self, "detection", detection)
        object.__setattr__(self, "intrusion", intrusion)
        object.__setattr__(self, "collusion", collusion)

    @property
    def reports(self) -> Floats:
        """Chance that a hidden step is found and reported, shape (*batch, step)."""
        return np.asarray(self.detection * (1.0 - np.asarray(self.collusion)[..., None]))


def _is_share(values: Floats) -> bool:
    return bool(((values >= 0) & (values <= 1)).all())


@dataclass(frozen=True, eq=False)
class Verified:
    """How a roadmap ends under one verifier.

    Attributes
    ----------
    is_acceptable
        Whether both sides gain beside no roadmap at all, in the mean over draws.
    is_efficient
        Whether no other verifier is better for one side and no worse for the other.
    """

    verifier: Verifier
    outlook: RoadmapOutlook
    is_acceptable: bool
    is_efficient: bool


def compare_verifiers(roadmap: Roadmap, verifiers: Sequence[Verifier]) -> tuple[Verified, ...]:
    """Return how a roadmap ends under each verifier, in the order given.

    Examples
    --------
    ``compare_verifiers(roadmap, (Verifier("IAEA", q, iota), Verifier("CHN", q, iota, 0.2)))``

    >>> Verifier("IAEA", np.full(2, 0.8), np.zeros(2), collusion=0.25).reports
    array([0.6, 0.6])
    """
    outlooks = [
        follow(roadmap.at(step_detection=party.reports, intrusion=party.intrusion))
        for party in verifiers
    ]
    values = np.array(
        [[float(np.mean(o.value_target)), float(np.mean(o.value_sender))] for o in outlooks]
    )
    return tuple(
        Verified(party, outlook, bool((value > 0).all()), _is_efficient(value, values))
        for party, outlook, value in zip(verifiers, outlooks, values, strict=True)
    )


def _is_efficient(value: Floats, values: Floats) -> bool:
    better = (values >= value).all(axis=1) & (values > value).any(axis=1)
    return not bool(better.any())
