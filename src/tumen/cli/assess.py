"""tumen assess: how sure one may be."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tumen.cli.parameters import CASE, DAY
from tumen.cli.show import emit, json_option, table_text
from tumen.core.errors import CaseError
from tumen.core.units import counted

if TYPE_CHECKING:
    from tumen.assess import Judgment, Ledger


@click.group()
def assess() -> None:
    """How sure are we? Judgments of a record."""


@assess.command()
@click.argument("record", type=CASE)
@json_option
def judgments(record: Path, as_json: bool) -> None:
    """Print the judgments of a record: two sentences each, how they are settled, what moves them.

    RECORD is a case that was run, its folder `out`, or an assessment.json.

    \b
    Example:
      tumen assess judgments cases/dprk-2017-backfill
    """
    from tumen.case import read_record

    found = read_record(record).judgments
    emit(found, as_json=as_json, text=lambda: "\n\n".join(judgment_text(each) for each in found))


@assess.command()
@click.argument("record", type=CASE)
@json_option
def confidence(record: Path, as_json: bool) -> None:
    """Print the components of confidence behind each judgment.

    \b
    Example:
      tumen assess confidence cases/dprk-2017-backfill
    """
    from tumen.case import read_record

    found = {each.id: each.confidence for each in read_record(record).judgments}
    rows = [
        (name, each.name, each.level, "yes" if each.is_critical else "", each.reason)
        for name, whole in found.items()
        for each in whole.components
    ]
    columns = ("judgment", "component", "allows", "caps", "reason")
    emit(found, as_json=as_json, text=lambda: table_text(columns, rows, most_width=110))


@assess.command()
@click.argument("old", type=CASE)
@click.argument("new", type=CASE)
@json_option
def compare(old: Path, new: Path, as_json: bool) -> None:
    """Name what moved between two records, judgments first.

    \b
    Example:
      tumen assess compare yesterday/assessment.json out/assessment.json
    """
    from tumen.assess import differences
    from tumen.case import read_record

    found = differences(read_record(old), read_record(new))
    emit(
        found,
        as_json=as_json,
        text=lambda: (
            "\n".join(f"- {each.part}: {each.sentence}" for each in found) or "no difference"
        ),
    )


@assess.command()
@click.argument("low", type=click.FloatRange(0, 1))
@click.argument("high", type=click.FloatRange(0, 1), required=False)
@click.option(
    "--scale",
    "name",
    type=click.Choice(["ICD 203", "PHIA"]),
    default="ICD 203",
    show_default=True,
    help="Whose words.",
)
@json_option
def word(low: float, high: float | None, name: str, as_json: bool) -> None:
    """Print the likelihood word of a probability, or of an interval.

    \b
    Example:
      tumen assess word 0.58 0.71
    """
    from tumen.assess import scale
    from tumen.assess import word as word_of

    upper = low if high is None else high
    if not low <= upper:
        raise CaseError(f"{low:g} {upper:g} is no interval", "LOW HIGH", "the lower one first")

    found = word_of(low, upper, on=scale(name))
    emit({"word": found, "scale": name}, as_json=as_json, text=lambda: found)


@assess.command()
@click.argument("ledger", type=click.Path(path_type=Path))
@click.argument("record", type=CASE)
@click.option("--on", type=DAY, help="Day of the entry; today when left out.")
@json_option
def forecast(ledger: Path, record: Path, on: date | None, as_json: bool) -> None:
    """Append the judgments of a record to a ledger of forecasts.

    A ledger only grows. A day before its last entry is refused, and so is a judgment that is
    settled already.

    \b
    Example:
      tumen assess forecast forecasts.jsonl my-case
    """
    from tumen.assess import Ledger
    from tumen.case import read_record

    found = Ledger.read(ledger).record(read_record(record), on=on or date.today())
    emit(found, as_json=as_json, text=lambda: entries_text(found))


@assess.command()
@click.argument("ledger", type=click.Path(path_type=Path))
@click.argument("name", metavar="FORECAST")
@click.argument("outcome", type=click.Choice(["yes", "no", "unknown"]))
@click.option("--source", required=True, help="What settles it.")
@click.option("--on", type=DAY, help="Day of the entry; today when left out.")
@json_option
def settle(
    ledger: Path, name: str, outcome: str, source: str, on: date | None, as_json: bool
) -> None:
    """Append how a forecast came out.

    \b
    Example:
      tumen assess settle forecasts.jsonl my-case.record-ends yes --source "GACC, 2018-01-23"
    """
    from tumen.assess import Ledger

    happened = {"yes": True, "no": False, "unknown": None}[outcome]
    day = on or date.today()
    found = Ledger.read(ledger).settle(name, happened=happened, source=source, on=day)
    emit(found, as_json=as_json, text=lambda: entries_text(found))


@assess.command()
@click.argument("ledger", type=click.Path(path_type=Path))
@json_option
def score(ledger: Path, as_json: bool) -> None:
    """Score the settled forecasts of a ledger: Brier, log score, and each word's record.

    \b
    Example:
      tumen assess score forecasts.jsonl
    """
    from tumen.assess import Ledger

    found = Ledger.read(ledger).score()
    rows = [
        (each.word, each.count, round(each.mean_probability, 3), round(each.share_happened, 3))
        for each in found.words
    ]
    parts = (
        ("forecasts", found.count),
        ("Brier score", round(found.brier, 4)),
        ("log score", round(found.log_score, 4)),
        ("calibration error", round(found.calibration_error, 4)),
        ("discrimination", round(found.discrimination, 4)),
        ("uncertainty", round(found.uncertainty, 4)),
        ("spread in words", round(found.spread, 4)),
    )
    columns = ("word", "count", "said", "came true")
    emit(
        found,
        as_json=as_json,
        text=lambda: f"{table_text(('score', 'value'), parts)}\n\n{table_text(columns, rows)}",
    )


def entries_text(ledger: Ledger) -> str:
    """Return where a ledger lies and how much it holds."""
    return f"{ledger.path}: {counted(len(ledger.entries), 'entry', 'entries')}"


def judgment_text(judgment: Judgment) -> str:
    """Return a judgment as lines: two sentences, resolution, what would change it."""
    likelihood, sureness = judgment.sentences()
    settled = judgment.resolution
    return "\n".join(
        [
            f"{judgment.id} ({judgment.flow} flow)" if judgment.flow != "none" else judgment.id,
            likelihood,
            sureness,
            f"Settled by {settled.by}: {settled.quantity} ({settled.source}).",
            *(f"- {sentence}" for sentence in judgment.would_change),
        ]
    )
