"""The forecast ledger: append-only, hash-chained, one JSON line an entry; and its scores."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from errno import ENOSPC
from io import FileIO
from math import log
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, TypeAdapter, ValidationError

from tumen.assess.locked import locked
from tumen.assess.record import Assessment, Judgment
from tumen.core.errors import DataError
from tumen.core.fields import Day
from tumen.core.nearest import did_you_mean
from tumen.core.record import Record, canonical_json, sha256_text

MOST_BYTES = 64_000_000
"""Longest ledger that is read."""
FIRST = "0" * 64
"""What the first entry's `before` holds."""
LEAST_SOURCE = 3
"""Fewest characters that name what settles a forecast."""
LEAST_CHANCE = 1e-6
"""The log score takes no forecast as more certain than this."""


class ForecastEntry(Record):
    """A judgment that went into the ledger.

    Attributes
    ----------
    id
        ``case.judgment``; a later forecast of the same id replaces it in the scores.
    recorded_on
        Day of the entry; never before that of the entry above it.
    before
        Hash of the entry above it.
    """

    kind: Literal["forecast"] = "forecast"
    id: str
    recorded_on: Day
    as_of: Day
    statement: str
    probability: float = Field(ge=0, le=1)
    word: str
    confidence: Literal["low", "moderate", "high"]
    quantity: str
    source: str
    by: Day
    assessment_sha256: str
    before: str


class OutcomeEntry(Record):
    """How a forecast came out: it happened, it did not, or it cannot be settled."""

    kind: Literal["outcome"] = "outcome"
    id: str
    recorded_on: Day
    happened: bool | None
    source: str = Field(min_length=LEAST_SOURCE)
    before: str


Entry = Annotated[ForecastEntry | OutcomeEntry, Field(discriminator="kind")]
_ENTRY: TypeAdapter[ForecastEntry | OutcomeEntry] = TypeAdapter(Entry)


def entry_hash(entry: ForecastEntry | OutcomeEntry) -> str:
    """Return the hash of an entry, which the next entry carries."""
    return sha256_text(canonical_json(entry))


class WordScore(Record):
    """What became of the forecasts that carried one likelihood word."""

    word: str
    count: int
    mean_probability: float
    share_happened: float


class Score(Record):
    """How good probabilities were.

    Attributes
    ----------
    brier
        Mean squared distance of probability and outcome, 0 is best, 0.25 is a coin.
    log_score
        Mean of -ln of the probability given to what happened, in nats.
    calibration_error, discrimination, uncertainty
        Murphy's parts by word: brier = calibration_error - discrimination + uncertainty + spread.
    spread
        What remains because probabilities differ within one word.
    """

    count: int
    brier: float
    log_score: float
    calibration_error: float
    discrimination: float
    uncertainty: float
    spread: float
    words: tuple[WordScore, ...]

    @classmethod
    def of(cls, rows: Sequence[tuple[str, float, bool]]) -> Self:
        """Score rows of word, probability and whether it happened.

        Raises
        ------
        DataError
            When there is no row.
        """
        if not rows:
            raise DataError("no settled forecast to score")
        count = len(rows)
        base = sum(happened for _, _, happened in rows) / count
        brier = sum((chance - happened) ** 2 for _, chance, happened in rows) / count
        logs = (chance if happened else 1 - chance for _, chance, happened in rows)
        words, reliability, resolution = [], 0.0, 0.0
        for word in dict.fromkeys(word for word, _, _ in rows):
            mine = [(chance, happened) for name, chance, happened in rows if name == word]
            mean = sum(chance for chance, _ in mine) / len(mine)
            share = sum(happened for _, happened in mine) / len(mine)
            reliability += len(mine) * (mean - share) ** 2 / count
            resolution += len(mine) * (share - base) ** 2 / count
            words.append(
                WordScore(word=word, count=len(mine), mean_probability=mean, share_happened=share)
            )
        uncertainty = base * (1 - base)
        return cls(
            count=count,
            brier=brier,
            log_score=-sum(log(max(LEAST_CHANCE, each)) for each in logs) / count,
            calibration_error=reliability,
            discrimination=resolution,
            uncertainty=uncertainty,
            spread=brier - (reliability - resolution + uncertainty),
            words=tuple(sorted(words, key=lambda each: each.mean_probability)),
        )


@dataclass(frozen=True)
class Ledger:
    """A ledger on disk whose chain holds.

    Several processes may write: an entry follows whatever the file holds when it is written.

    Attributes
    ----------
    path
        Its file; it is made by the first entry.
    entries
        In the order of the file.
    """

    path: Path
    entries: tuple[ForecastEntry | OutcomeEntry, ...]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a ledger and check its chain; one that does not exist is empty.

        Raises
        ------
        DataError
            When a line was changed, lost, added or moved; it names the line.

        Examples
        --------
        >>> Ledger.read(Path("no-such-ledger.jsonl")).entries
        ()
        """
        return cls(path, _read_entries(path) if path.exists() else ())

    @property
    def head(self) -> str:
        """Hash of the last entry."""
        return entry_hash(self.entries[-1]) if self.entries else FIRST

    @property
    def last_day(self) -> date:
        """Day of the last entry."""
        return self.entries[-1].recorded_on if self.entries else date.min

    def forecasts(self) -> dict[str, ForecastEntry]:
        """Return the latest forecast of each id."""
        return {each.id: each for each in self.entries if isinstance(each, ForecastEntry)}

    def outcomes(self) -> dict[str, OutcomeEntry]:
        """Return the latest outcome of each id."""
        return {each.id: each for each in self.entries if isinstance(each, OutcomeEntry)}

    def record(self, assessment: Assessment, *, on: date) -> Self:
        """Append the judgments of an assessment and return the longer ledger.

        Parameters
        ----------
        assessment
            What is forecast.
        on
            The day of the entry.

        Raises
        ------
        DataError
            When the day is before the last entry or the as-of date, or after a judgment is
            settled.
        """
        digest = sha256_text(canonical_json(assessment))

        def entries_after(ledger: Ledger) -> list[ForecastEntry]:
            ledger._check_day(on)
            before, entries = ledger.head, list[ForecastEntry]()
            for judgment in assessment.judgments:
                entry = _forecast(assessment, judgment, digest=digest, before=before, on=on)
                entries.append(entry)
                before = entry_hash(entry)
            return entries

        return self._append(entries_after)

    def settle(self, forecast: str, *, happened: bool | None, source: str, on: date) -> Self:
        """Append how a forecast came out; None when it cannot be settled.

        Raises
        ------
        DataError
            When there is no such forecast, the day is before the last entry, or the source is
            too short to name one.
        """
        if len(source.strip()) < LEAST_SOURCE:
            hint = 'for example "China Customs, 23 January 2018"'
            raise DataError(f"'{source}' names no source", hint=hint)

        def entry_after(ledger: Ledger) -> list[OutcomeEntry]:
            ledger._check_day(on)
            known = ledger.forecasts()
            if forecast not in known:
                hint = did_you_mean(forecast, known)
                raise DataError(f"'{forecast}' is no forecast", str(self.path), hint)
            return [
                OutcomeEntry(
                    id=forecast, recorded_on=on, happened=happened, source=source,
                    before=ledger.head,
                )
            ]  # fmt: skip

        return self._append(entry_after)

    def score(self) -> Score:
        """Score the settled forecasts; the latest forecast and outcome of each id count.

        Raises
        ------
        DataError
            When none is settled.
        """
        outcomes = self.outcomes()
        rows = [
            (each.word, each.probability, bool(outcomes[name].happened))
            for name, each in self.forecasts().items()
            if name in outcomes and outcomes[name].happened is not None
        ]
        if not rows:
            what = "no settled forecast to score" if self.entries else "the ledger is empty"
            raise DataError(what, str(self.path))
        return Score.of(rows)

    def _check_day(self, on: date) -> None:
        if on < self.last_day:
            raise DataError(
                f"the entry would be dated {on}, before the last one of {self.last_day}",
                hint="nothing is entered into a ledger later than it is dated",
            )

    def _append(
        self, entries_after: Callable[[Ledger], Sequence[ForecastEntry | OutcomeEntry]]
    ) -> Self:
        """Write the entries that follow what the file holds: all at once, or none of them."""
        entries_after(self)  # so that a refused entry makes no file
        try:
            with locked(self.path, to="append") as file:
                content = file.readall()
                held = type(self)(self.path, _entries_of(content, self.path))
                added = entries_after(held)
                start = "" if content.endswith(b"\n") or not content else "\n"
                lines = [f"{canonical_json(entry)}\n" for entry in added]
                _write_whole(file, start + "".join(lines))
        except OSError as error:
            what = f"the ledger cannot be written: {error.strerror or error}"
            raise DataError(what, str(self.path)) from None
        return type(self)(self.path, (*held.entries, *added))


def _write_whole(file: FileIO, text: str) -> None:
    """Append a text, or leave the file as it was."""
    content, length = text.encode(), file.tell()
    try:
        if file.write(content) < len(content):
            raise OSError(ENOSPC, os.strerror(ENOSPC))
        os.fsync(file.fileno())
    except OSError:
        file.truncate(length)
        raise


def _read_entries(path: Path) -> tuple[ForecastEntry | OutcomeEntry, ...]:
    try:
        if not path.is_file():
            raise DataError("this is no file", str(path), "name the file of a ledger")
        if path.stat().st_size > MOST_BYTES:
            raise DataError(f"the ledger has more than {MOST_BYTES:,} bytes", str(path))
        with locked(path, to="read") as file:
            content = file.readall()
    except OSError as error:
        raise DataError(f"the ledger cannot be read: {error.strerror}", str(path)) from None
    return _entries_of(content, path)


def _entries_of(content: bytes, path: Path) -> tuple[ForecastEntry | OutcomeEntry, ...]:
    """Return the entries of a ledger's content, whose chain holds."""
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise DataError(f"the ledger is not UTF-8 (byte {error.start})", str(path)) from None
    entries: list[ForecastEntry | OutcomeEntry] = []
    before, last = FIRST, date.min
    # Not splitlines: a statement may hold U+2028, which JSON writes as it is.
    lines = text.removesuffix("\n").split("\n") if text else []
    for number, line in enumerate(lines, start=1):
        where = f"{path}:{number}"
        try:
            entry = _ENTRY.validate_json(line)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]["msg"]
            raise DataError(f"this is no entry of a ledger: {first}", where) from None
        if entry.before != before:
            raise DataError(
                "the chain is broken: the entry above was changed, lost or moved",
                where,
                "take the ledger from its last good copy; nothing in it is ever edited",
            )
        if entry.recorded_on < last:
            raise DataError(f"the entry is dated {entry.recorded_on}, before {last}", where)
        entries.append(entry)
        before, last = entry_hash(entry), entry.recorded_on
    return tuple(entries)


def _forecast(
    assessment: Assessment, judgment: Judgment, *, digest: str, before: str, on: date
) -> ForecastEntry:
    name = f"{assessment.case_id}.{judgment.id}"
    if on < assessment.as_of:
        raise DataError(f"'{name}' is as of {assessment.as_of}, after the day of entry {on}")
    if on > judgment.resolution.by:
        raise DataError(
            f"'{name}' was settled by {judgment.resolution.by}; on {on} it is no forecast",
            hint="score a past assessment with `score` and its outcomes instead",
        )
    return ForecastEntry(
        id=name,
        recorded_on=on,
        as_of=assessment.as_of,
        statement=judgment.statement,
        probability=judgment.probability.value,
        word=judgment.word,
        confidence=judgment.confidence.level,
        quantity=judgment.resolution.quantity,
        source=judgment.resolution.source,
        by=judgment.resolution.by,
        assessment_sha256=digest,
        before=before,
    )


def score(assessment: Assessment, outcomes: Mapping[str, bool]) -> Score:
    """Score the judgments of one assessment against what happened.

    Parameters
    ----------
    assessment
        What was judged.
    outcomes
        By judgment id: whether its statement came true; judgments that are not named do not
        count.

    Raises
    ------
    DataError
        When an outcome names no judgment, or there is none.

    Examples
    --------
    >>> round(Score.of([("likely", 0.7, True), ("unlikely", 0.2, False)]).brier, 3)
    0.065
    """
    known = {judgment.id: judgment for judgment in assessment.judgments}
    for name in outcomes:
        if name not in known:
            raise DataError(f"'{name}' is no judgment", hint=did_you_mean(name, known))
    return Score.of(
        [(known[n].word, known[n].probability.value, happened) for n, happened in outcomes.items()]
    )
