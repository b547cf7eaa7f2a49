"""Say what the law forbids: the only place of this room with result prose."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from tumen.core.countries import country_name
from tumen.core.errors import CaseError
from tumen.core.finding import Cell, Column, EventRule, Figure, Finding, Grid
from tumen.core.nearest import did_you_mean
from tumen.core.units import counted
from tumen.regime.provenance import audit
from tumen.regime.rules import Regime
from tumen.regime.ruling import VERDICT_WORDS, LineRuling, Ruling
from tumen.regime.spec import Check, Spec, StripRow
from tumen.regime.timeline import Lag, diff, implementation_lag
from tumen.regime.verdicts import rule

METHOD = (
    "Each transaction is ruled by the encoded paragraphs that were adopted by the as-of date; the "
    "strictest measure decides a line of law."
)
CAVEAT_SCOPE = (
    "A ruling applies the encoded text to stated facts; it is no legal advice, and says nothing "
    "about whether trade takes place."
)


DOUBTS = {
    "cap": "limits",
    "conditions": "conditions",
    "exempt": "exemptions",
    "goods": "choice of HS codes",
    "paragraph": "paragraph numbers",
    "start": "first days",
    "wind_down": "wind-down clauses",
}
"""Fields whose doubt a reader must know of, in words."""


def find(spec: Spec, *, regime: Regime, target: str, as_of: date) -> tuple[Finding, ...]:
    """Return what the law says on the as-of date: checks, changes, lags, the strip of verdicts.

    Nothing adopted or listed after `as_of` appears.

    Parameters
    ----------
    spec
        The section `regime` of a case.
    regime
        What `load` returns.
    target
        Country that the case is about.

    Raises
    ------
    CaseError
        When the section names a line that the regime lacks.

    Examples
    --------
    >>> from tumen import regime
    >>> coal = {"label": "Coal", "exporter": "PRK", "importer": "CHN", "product": "2701"}
    >>> un, section = regime.load("UN-1718"), regime.Spec.model_validate({"checks": [coal]})
    >>> regime.find(section, regime=un, target="PRK", as_of=date(2017, 8, 31))[0].sentence
    'On 31 August 2017 the UN line prohibits the one checked dealing.'
    """
    for line in spec.lines:
        if line not in regime.lines:
            hint = did_you_mean(line, regime.lines)
            raise CaseError(f"'{line}' is no line of {regime.id}", "regime.lines", hint)
    known = regime.known(as_of)
    found = [
        _prohibited_today(spec, known, as_of),
        _changes(spec, known, target, as_of),
        _lag(known, as_of),
        _strip(spec, known, as_of),
    ]
    return tuple(finding for finding in found if finding is not None)


# Page one -------------------------------------------------------------------------------------


def _prohibited_today(spec: Spec, regime: Regime, as_of: date) -> Finding | None:
    if not spec.checks:
        return None
    lines = spec.lines or regime.lines
    rulings = [(check, _ruled(regime, check, as_of)) for check in spec.checks]
    columns = (
        Column(key="trade", title="Trade"),
        Column(key="product", title="HS code"),
        Column(key="on", title="Day"),
        *(Column(key=line, title=f"{_line_name(line)}") for line in lines),
        Column(key="paragraph", title="Deciding paragraph"),
        Column(key="needs", title="What would decide it"),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            check.label,
            check.product or (check.service or "").replace("_", " ") or None,
            str(ruling.on),
            *(_cell(ruling.line(line)) for line in lines),
            ruling.lines[0].place or None,
            "; ".join(ruling.needs) or None,
        )
        for check, ruling in rulings
    ]
    banned = [check.label for check, ruling in rulings if ruling.verdict == "prohibited"]
    open_ = [check.label for check, ruling in rulings if ruling.verdict == "undetermined"]
    return Finding(
        id="regime.prohibited-today",
        sentence=_today_sentence(_line_name(regime.lines[0]), as_of, len(rulings), banned, open_),
        method=METHOD,
        inputs=(regime.input,),
        caveats=(CAVEAT_SCOPE, *_doubts(regime, rulings)),
        grid=Grid(columns=columns, rows=tuple(rows)),
        rank=0,
    )


def _ruled(regime: Regime, check: Check, as_of: date) -> Ruling:
    return rule(
        regime,
        exporter=check.exporter,
        importer=check.importer,
        product=check.product,
        service=check.service,
        on=check.on or as_of,
        origin=check.origin,
        contract_date=check.contract_date,
        port=check.port,
        vessel=check.vessel,
        parties=check.parties,
        vintage=check.vintage,
        declared=check.declared,
    )


def _today_sentence(line: str, as_of: date, count: int, banned: list[str], open_: list[str]) -> str:
    start = f"On {_day(as_of)} the {line} line prohibits"
    if not banned:
        first = f"{start} none of {_counted(count)}."
        if count == 1:
            first = f"On {_day(as_of)} the {line} line does not prohibit {_counted(count)}."
    elif len(banned) == count:
        first = f"{start} {'all ' if count > 1 else ''}{_counted(count)}."
    else:
        first = f"{start} {len(banned)} of {_counted(count)}: {_list(banned)}."
    return f"{first} Undetermined: {_list(open_)}." if open_ else first


def _counted(count: int) -> str:
    return f"{count} checked dealings" if count > 1 else "the one checked dealing"


def _cell(line: LineRuling | None) -> str | None:
    return None if line is None else line.words


def _doubts(regime: Regime, rulings: list[tuple[Check, Ruling]]) -> tuple[str, ...]:
    """Name the fields of the deciding measures that were not read in a source."""
    deciding = {
        line.decided_by for _, ruling in rulings for line in ruling.lines if line.decided_by
    }
    doubtful = [
        row for row in audit(regime).rows if row.measure in deciding and row.status == "recalled"
    ]
    if not any(row.field in DOUBTS for row in doubtful):
        return ()
    fields = sorted({DOUBTS[row.field] for row in doubtful if row.field in DOUBTS})
    return (
        f"Not read in the primary text for some deciding measures: {_list(fields)}. "
        "The audit of the library lists each.",
    )


# What changed ---------------------------------------------------------------------------------


def _changes(spec: Spec, regime: Regime, target: str, as_of: date) -> Finding | None:
    since = spec.since or _year_before(as_of)
    lines = spec.lines or regime.lines
    changes = [
        change
        for change in diff(regime, since, as_of, lines=lines)
        if not (change.what == "replaced" and change.by)
    ]
    if not changes:
        return None
    replaced = {
        change.by: change.measure
        for change in diff(regime, since, as_of, lines=lines)
        if change.what == "replaced"
    }
    names = {name: measure.title for name, _, measure in regime.measures()}
    rows: list[tuple[Cell, ...]] = [
        (
            str(change.on),
            _line_name(change.line),
            change.cite,
            change.paragraph or None,
            change.what,
            change.title,
            names.get(replaced.get(change.measure, "")),
        )
        for change in changes
    ]
    begun = sum(change.what == "begins" for change in changes)
    newest = next((c for c in reversed(changes) if c.what == "begins"), changes[-1])
    span = f"Between {_day(since)} and {_day(as_of)} {counted(begun, 'measure')} on "
    last = f", the last on {_day(newest.on)} under {newest.cite}" if begun else ""
    return Finding(
        id="regime.changes",
        sentence=f"{span}{country_name(target)} began{last}.",
        method="The encoded measures in force on the two days are compared.",
        inputs=(regime.input,),
        caveats=("Only the acts in the library count.",),
        grid=Grid(
            columns=(
                Column(key="on", title="Day"),
                Column(key="line", title="Line"),
                Column(key="act", title="Act"),
                Column(key="paragraph", title="Paragraph"),
                Column(key="what", title="Change"),
                Column(key="measure", title="Measure"),
                Column(key="replaces", title="Replaces"),
            ),
            rows=tuple(rows),
        ),
        rank=4,
    )


# Lag ------------------------------------------------------------------------------------------


def _lag(regime: Regime, as_of: date) -> Finding | None:
    lags = [lag for lag in implementation_lag(regime) if lag.issued <= as_of]
    if not lags:
        return None
    first = [lag for lag in lags if lag.is_first]
    spans = "; ".join(
        _span(state, [lag for lag in first if lag.state == state]) for state in _states(first)
    )
    rows: list[tuple[Cell, ...]] = [
        (
            lag.resolution_cite,
            country_name(lag.state),
            lag.act_cite,
            str(lag.issued),
            float(lag.days),
            float(lag.days_published) if lag.days_published is not None else None,
            "first act" if lag.is_first else "later act",
        )
        for lag in lags
    ]
    return Finding(
        id="regime.lag",
        sentence=f"First acts to carry out resolutions, known by {_day(as_of)}, took: {spans}.",
        method=(
            "Days from the adoption of a resolution to the day on which a state signed or issued "
            "its act; publication is shown where it is another day."
        ),
        inputs=(regime.input,),
        caveats=(
            "A lag measures paperwork. It is an indicator to be weighed, not a verdict on intent.",
            "States whose acts are not in the library are absent, not idle.",
        ),
        grid=Grid(
            columns=(
                Column(key="resolution", title="Resolution"),
                Column(key="state", title="State"),
                Column(key="act", title="Act"),
                Column(key="issued", title="Signed or issued"),
                Column(key="days", title="Lag", unit="day"),
                Column(key="days_published", title="Lag to publication", unit="day"),
                Column(key="order", title="Order"),
            ),
            rows=tuple(rows),
        ),
        rank=3,
    )


def _states(lags: list[Lag]) -> list[str]:
    return sorted({lag.state for lag in lags})


def _span(state: str, lags: list[Lag]) -> str:
    days = sorted(lag.days for lag in lags)
    name = country_name(state)
    if len(days) == 1:
        return f"{name} {days[0]} days (one resolution)"
    return f"{name} {days[0]} to {days[-1]} days ({len(days)} resolutions)"


# Strip ----------------------------------------------------------------------------------------


def _strip(spec: Spec, regime: Regime, as_of: date) -> Finding | None:
    rows = spec.strip or tuple(
        StripRow(
            label=check.label[:40],
            exporter=check.exporter,
            importer=check.importer,
            product=check.product,
        )
        for check in spec.checks
        if check.product and not check.origin and not check.declared
    )
    if not rows:
        return None
    months = _months(spec.strip_from or _year_before(as_of, months=18), as_of)
    cells = tuple(
        (row.label, f"{month:%Y-%m}", _month_words(regime, row, min(_last_day(month), as_of)))
        for row in rows
        for month in months
    )
    line = _line_name(regime.lines[0])
    turns = _turns(cells)
    sentence = (
        f"The {line} line turns to a ban for {'; for '.join(turns)}."
        if turns
        else f"The {line} line turns to no ban between {months[0]:%B %Y} and {_day(as_of)}."
    )
    return Finding(
        id="regime.strip",
        sentence=sentence,
        method=f"{METHOD} Each month shows its last day; the trade is a new contract of that day.",
        inputs=(regime.input,),
        caveats=(CAVEAT_SCOPE,),
        grid=Grid(
            columns=(
                Column(key="trade", title="Trade"),
                Column(key="month", title="Month"),
                Column(key="verdict", title=f"Verdict of the {line} line"),
            ),
            rows=cells,
        ),
        figure=Figure(
            kind="strip",
            title=sentence.rstrip("."),
            x="month",
            y="trade",
            group="verdict",
            rules=_resolutions(regime, months[0], as_of),
            unit_note="verdict on the last day of each month, new contract, nothing declared",
            source_note=regime.programme.title,
            alt=sentence,
        ),
        rank=2,
    )


def _month_words(regime: Regime, row: StripRow, on: date) -> str:
    ruling = rule(
        regime,
        exporter=row.exporter,
        importer=row.importer,
        product=row.product,
        on=on,
        contract_date=on,
    )
    return ruling.lines[0].words


def _turns(cells: tuple[tuple[str, str, str], ...]) -> list[str]:
    """Name the rows that turn to a ban, month by month."""
    turned: dict[str, list[str]] = {}
    for (before, _, old), (row, month, words) in pairwise(cells):
        if row == before and words == VERDICT_WORDS["prohibited"] != old:
            turned.setdefault(month, []).append(row)
    return [
        f"{_list(turned[month])} from {date.fromisoformat(f'{month}-01'):%B %Y}"
        for month in sorted(turned)
    ]


def _resolutions(regime: Regime, first: date, last: date) -> tuple[EventRule, ...]:
    return tuple(
        EventRule(at=f"{act.adopted:%Y-%m}", label=act.cite.split(" ")[0].removeprefix("S/RES/"))
        for act in regime.instruments
        if act.line == "UN" and act.status == "adopted" and first <= act.adopted <= last
    )


def _months(first: date, last: date) -> list[date]:
    months = [date(first.year, first.month, 1)]
    while (following := _next_month(months[-1])) <= last:
        months.append(following)
    return months


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _last_day(month: date) -> date:
    return _next_month(month) - timedelta(days=1)


def _year_before(day: date, months: int = 12) -> date:
    place = day.year * 12 + day.month - 1 - months
    return date(place // 12, place % 12 + 1, 1)


# Words ----------------------------------------------------------------------------------------


def _line_name(line: str) -> str:
    return "UN" if line == "UN" else country_name(line)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _list(words: list[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
