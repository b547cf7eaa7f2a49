"""Rules as restrictions: intervals for each product, shares for each product or sector."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tumen.core.errors import DataError
from tumen.core.nearest import did_you_mean
from tumen.core.periods import day as read_day
from tumen.core.products import product
from tumen.core.products import vintage as read_vintage
from tumen.regime.index import Entry, Reached
from tumen.regime.rules import MeasureKind, Regime
from tumen.regime.saying import plain_outcome
from tumen.regime.transaction import Transaction
from tumen.regime.verdicts import STRICTNESS

TradeFlow = Literal["from_target", "to_target"]
FLOWS: tuple[TradeFlow, ...] = ("from_target", "to_target")
COMPILED_KINDS = frozenset({"ban", "cap", "freeze_level", "notify"})


class RestrictedInterval(NamedTuple):
    """A product, a flow and a half-open interval in which a measure is in force."""

    hs6: str
    flow: TradeFlow
    start: date
    end: date | None
    kind: MeasureKind
    measure: str
    line: str
    coverage: Literal["full", "possible"]


@dataclass(frozen=True, eq=False)
class Restriction:
    """Shares of trade that a line of law restricts on a day.

    Attributes
    ----------
    labels
        HS codes, or groups such as sectors.
    banned, capped, undetermined
        Shares from 0 to 1, in the order of `labels`; shape ``(label,)``. They add up to at most
        1; the rest is free. *Undetermined* is trade whose verdict needs a fact that statistics
        lack: an end use, a part of an HS code.
    unweighted
        Labels without weight: their shares count products, not value.
    """

    on: date
    line: str
    flow: TradeFlow
    labels: tuple[str, ...]
    banned: NDArray[np.float64]
    capped: NDArray[np.float64]
    undetermined: NDArray[np.float64]
    unweighted: tuple[str, ...] = ()

    def at(self, label: str) -> tuple[float, float, float]:
        """Return the shares banned, capped and undetermined of one label."""
        if label not in self.labels:
            raise DataError(
                f"'{label}' has no restriction here", hint=did_you_mean(label, self.labels)
            )
        place = self.labels.index(label)
        return (
            float(self.banned[place]),
            float(self.capped[place]),
            float(self.undetermined[place]),
        )


def compile_intervals(
    regime: Regime,
    *,
    codes: Iterable[str],
    vintage: str = "HS2017",
    lines: Sequence[str] = (),
    flows: Sequence[TradeFlow] = FLOWS,
) -> tuple[RestrictedInterval, ...]:
    """Return, for every product and flow, the intervals in which a goods measure is in force.

    Export bans by the target and bans on its imports are different flows. Exemptions and
    wind-downs are not applied: this is the law's reach, `rule` and `restrict` decide.

    Parameters
    ----------
    codes
        HS codes (usually of six digits) in `vintage`.
    lines
        Lines of law; the leading one when left out.

    Examples
    --------
    >>> from tumen import regime
    >>> un = regime.load("UN-1718")
    >>> rows = regime.compile_intervals(un, codes=["270112"])
    >>> [(row.kind, str(row.start)) for row in rows if row.flow == "from_target"][-1]
    ('ban', '2017-08-05')
    """
    read_vintage(vintage)
    lines = lines or regime.lines[:1]
    rows: list[RestrictedInterval] = []
    forms: dict[int, tuple[object, list[tuple[object, ...]]]] = {}
    for code in codes:
        reached = regime.index.reach(product(code), vintage)
        if id(reached) not in forms:  # products of the same selectors share one tuple
            forms[id(reached)] = reached, list(_forms(reached, lines, flows))
        rows.extend(RestrictedInterval(code, *form) for form in forms[id(reached)][1])  # type: ignore[arg-type]
    return tuple(rows)


def _forms(
    reached: tuple[Reached, ...], lines: Sequence[str], flows: Sequence[TradeFlow]
) -> Iterator[tuple[object, ...]]:
    """Yield the fields of an interval that follow its product."""
    for entry, is_sure in _reaching(reached):
        measure = entry.measure
        if measure.kind in COMPILED_KINDS and entry.line in lines:
            coverage = "full" if is_sure else "possible"
            for flow in flows:
                if measure.flow in (flow, "either"):
                    for start, end in entry.intervals():
                        yield flow, start, end, measure.kind, entry.name, entry.line, coverage


def restrict(
    regime: Regime,
    *,
    on: date | str,
    codes: Sequence[str],
    flow: TradeFlow = "from_target",
    line: str = "",
    vintage: str = "HS2017",
    weights: Mapping[str, float] | None = None,
    groups: Mapping[str, str] | None = None,
) -> Restriction:
    """Return the shares of trade that a line of law bans, caps or leaves undetermined on a day.

    The trade that is ruled is plain: a new contract of the day, nothing declared.

    Parameters
    ----------
    codes
        HS codes in `vintage`.
    line
        Line of law; the leading one when left out.
    weights
        Trade by code, for example of a base year; every code counts the same when left out.
    groups
        Group by code or prefix, for example sectors; the longest prefix counts. Without groups
        every code is its own label.

    Raises
    ------
    DataError
        When a code, day or line is unknown, a weight is negative or not finite, or a code
        belongs to no group.

    Examples
    --------
    >>> from tumen import regime
    >>> un = regime.load("UN-1718")
    >>> regime.restrict(un, on="2017-09-05", codes=["270112", "610910"]).banned.tolist()
    [1.0, 0.0]
    """
    at = on if isinstance(on, date) else read_day(on)
    read_vintage(vintage)
    line = line or regime.lines[0]
    if line not in regime.lines:
        raise DataError(
            f"'{line}' is no line of {regime.id}", hint=did_you_mean(line, regime.lines)
        )
    said = _outcomes(regime, at, flow, line)
    kinds = np.array([_kind(regime, product(code), vintage, said) for code in codes])
    shares = [(kinds == kind).astype(np.float64) for kind in ("banned", "capped", "undetermined")]
    if groups is None:
        return Restriction(at, line, flow, tuple(codes), shares[0], shares[1], shares[2])
    members = [_group(code, groups) for code in codes]
    labels = tuple(dict.fromkeys(groups.values()))
    place = np.array([labels.index(member) for member in members], dtype=np.intp)
    size = np.array([1.0 if weights is None else weights.get(code, 0.0) for code in codes])
    if not np.isfinite(size).all() or (size < 0).any():
        bad = codes[int(np.argmax(~np.isfinite(size) | (size < 0)))]
        raise DataError(f"the weight of '{bad}' is negative or not finite", "weights")
    total = np.bincount(place, size, len(labels)).astype(np.float64)
    count = np.bincount(place, minlength=len(labels)).astype(np.float64)
    weighted = [_share(place, share, size, total, count) for share in shares]
    empty = tuple(label for label, value in zip(labels, total, strict=True) if value == 0)
    return Restriction(at, line, flow, labels, weighted[0], weighted[1], weighted[2], empty)


def _share(
    place: NDArray[np.intp],
    share: NDArray[np.float64],
    size: NDArray[np.float64],
    total: NDArray[np.float64],
    count: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Average over groups by weight; by number of products where a group has no weight."""
    by_weight = np.bincount(place, share * size, len(total))
    by_count = np.bincount(place, share, len(total))
    has_weight = total > 0
    return np.where(
        has_weight,
        by_weight / np.where(has_weight, total, 1.0),
        by_count / np.where(count > 0, count, 1.0),
    )


def _group(code: str, groups: Mapping[str, str]) -> str:
    for length in range(len(code), 1, -1):
        if code[:length] in groups:
            return groups[code[:length]]
    raise DataError(f"'{code}' belongs to no group", "groups", "give a group for its chapter")


def _reaching(reached: tuple[Reached, ...]) -> list[tuple[Entry, bool]]:
    """Return the goods measures that reach a code undeclared, and whether each does for sure."""
    found = []
    for each in reached:
        measure = each.entry.measure
        assert measure.goods is not None
        is_part = measure.goods.part is not None or measure.when is not None
        if measure.goods.hs or not is_part:
            found.append((each.entry, not each.doubt and not is_part))
    return found


def _outcomes(regime: Regime, at: date, flow: TradeFlow, line: str) -> dict[str, str]:
    """Return what each measure of the line says of plain trade in its goods on the day."""
    members = regime.programme.members.get(line, ())
    own = members[0] if members else line
    partner = own if line != "UN" else ("CHN" if regime.target != "CHN" else "USA")
    exporter, importer = (
        (regime.target, partner) if flow == "from_target" else (partner, regime.target)
    )
    plain = Transaction(exporter=exporter, importer=importer, on=at, contract_date=at)
    said: dict[str, str] = {}
    for entry in regime.index.entries:
        measure = entry.measure
        if entry.line != line or measure.goods is None or measure.kind not in COMPILED_KINDS:
            continue
        if measure.flow in (flow, "either") and entry.state(at) == "in_force":
            said[entry.name] = plain_outcome(entry, plain, regime)
    return said


def _kind(regime: Regime, code: str, vintage: str, said: Mapping[str, str]) -> str:
    outcomes = []
    for entry, is_sure in _reaching(regime.index.reach(code, vintage)):
        if entry.name in said:
            outcome = said[entry.name]
            unsure = outcome in ("prohibited", "conditional") and not is_sure
            outcomes.append("undetermined" if unsure else outcome)
    strictest = min(outcomes, key=lambda outcome: STRICTNESS[outcome], default="permitted")
    return {
        "prohibited": "banned",
        "conditional": "capped",
        "undetermined": "undetermined",
    }.get(strictest, "free")
