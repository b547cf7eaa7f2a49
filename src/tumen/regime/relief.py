"""Relief: a draft applied as if adopted, or phases of one's own, with snap-back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fnmatch import fnmatchcase

from tumen.core.errors import DataError
from tumen.core.nearest import did_you_mean
from tumen.core.record import canonical_json, sha256_text
from tumen.regime.clauses import Interval
from tumen.regime.rules import Instrument, Measure, Phase, Regime


def with_relief(
    regime: Regime,
    relief: str | Sequence[Phase],
    *,
    start: date | None = None,
    snap_back: date | None = None,
) -> Regime:
    """Return the regime as it would be under relief.

    Parameters
    ----------
    relief
        Id of a draft in the library, such as ``relief.draft-2019``, or phases of one's own.
    start
        First day of a draft's phases and exemptions; its own day when left out.
    snap_back
        First day on which the suspended measures bind again; open when left out. A phase with
        its own last day keeps the earlier one.

    Raises
    ------
    DataError
        When there is no such draft, a phase names a measure that the regime lacks, or the
        snap-back does not lie after the start.

    Examples
    --------
    >>> from tumen import regime
    >>> eased = regime.with_relief(regime.load("UN-1718"), "relief.draft-2019")
    >>> goods = {"exporter": "PRK", "importer": "CHN", "product": "610910", "on": "2020-01-15"}
    >>> eased.rule(**goods).verdict
    'permitted'
    """
    if isinstance(relief, str):
        draft = _draft(regime, relief)
        phases = [_moved(phase, draft.adopted, start, snap_back) for phase in draft.phases]
        adopted = draft.model_copy(
            update={
                "status": "adopted",
                "phases": (),
                "measures": tuple(
                    _moved_measure(measure, start, snap_back) for measure in draft.measures
                ),
            }
        )
        others = tuple(act for act in regime.instruments if act.id != relief)
        regime = regime.model_copy(update={"instruments": (*others, adopted)})
    else:
        phases = [_moved(phase, phase.start, start, snap_back) for phase in relief]
    suspensions = {name: list(found) for name, found in regime.suspensions.items()}
    names = [name for name, _, _ in regime.measures()]
    for phase in phases:
        for pattern in phase.suspends:
            reached = [name for name in names if fnmatchcase(name, pattern)]
            if not reached:
                raise DataError(
                    f"phase '{phase.id}' suspends '{pattern}', which the regime lacks",
                    hint=did_you_mean(pattern, names),
                )
            for name in reached:
                interval = Interval(start=phase.start, end=phase.end)
                suspensions.setdefault(name, []).append(interval)
    suspended = {name: tuple(found) for name, found in suspensions.items()}
    mark = canonical_json({name: [str(i) for i in found] for name, found in suspended.items()})
    return regime.model_copy(
        update={"suspensions": suspended, "sha256": sha256_text(regime.sha256 + mark)}
    )


def _draft(regime: Regime, name: str) -> Instrument:
    drafts = [act.id for act in regime.instruments if act.status == "draft" and act.phases]
    if name not in drafts:
        raise DataError(f"'{name}' is no draft of relief", hint=did_you_mean(name, drafts))
    return regime.instrument(name)


def _moved(phase: Phase, own: date, start: date | None, snap_back: date | None) -> Phase:
    """Shift a phase so that the first day of the relief is `start`, and end it at `snap_back`."""
    shift = (start - own) if start is not None else own - own
    begin = phase.start + shift
    ends = [day for day in (phase.end + shift if phase.end else None, snap_back) if day is not None]
    end = min(ends) if ends else None
    if end is not None and end <= begin:
        raise DataError(f"phase '{phase.id}' would end on {end}, not after its start {begin}")
    return phase.model_copy(update={"start": begin, "end": end})


def _moved_measure(measure: Measure, start: date | None, snap_back: date | None) -> Measure:
    begin = start or measure.start
    return measure.model_copy(update={"start": begin, "end": snap_back or measure.end})
