"""UN Comtrade as its service prints it: version 1 JSON, or the CSV of the same columns."""

from __future__ import annotations

import csv
import io
import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tumen.core.countries import country_names
from tumen.core.errors import DataError, Problem, raise_all
from tumen.core.finding import Input
from tumen.core.nearest import did_you_mean
from tumen.core.products import product as product_code
from tumen.core.record import sha256_bytes
from tumen.core.units import counted
from tumen.trade.coded import Coded
from tumen.trade.flows import Coverage, Flows

MAX_BYTES = 500_000_000
"""Largest file that is read."""
GROUPS = frozenset(
    "W00 _X X1 X2 XX E19 F19 F97 R20 R4 A49 A59 A79 O19 EU2 EUR ZA1 PUS DDR BES_ _E".split()
)
"""Partners that are the world, a group, or not specified; they are left out and counted."""
STANDS_FOR = {"S19": "TWN"}
REVISIONS = {
    "H0": "HS1992",
    "H1": "HS1996",
    "H2": "HS2002",
    "H3": "HS2007",
    "H4": "HS2012",
    "H5": "HS2017",
    "H6": "HS2022",
}
NEEDED = ("period", "reporterISO", "flowCode", "partnerISO", "cmdCode", "primaryValue")
ONLY = {"motCode": "0", "customsCode": "C00", "partner2Code": "0", "mosCode": "0"}
"""Columns that split a flow further; only their totals are kept."""
_MOST_PROBLEMS = 20


@dataclass(frozen=True)
class _Row:
    exporter: str
    importer: str
    product: str
    period: str
    value_usd: float
    quantity: float
    unit: str
    reporter: str


def read_comtrade(path: Path | str, *, digits: int = 6) -> Flows:
    """Read an answer of UN Comtrade, as each reporter recorded it; nothing is reconciled.

    Kept are imports and exports over all modes of transport, customs procedures and second
    partners, at one level of aggregation. The world, groups and unspecified partners, re-exports
    and other levels are left out and counted. An estimated quantity is missing, its value stays.

    Parameters
    ----------
    path
        A ``.json`` file (``{"data": [...]}``) or a ``.csv`` file.
    digits
        Level of aggregation: 2, 4 or 6 digits.

    Raises
    ------
    DataError
        When a code is unknown, a value is no number, the file mixes HS revisions, or a flow
        stands twice.

    Examples
    --------
    >>> import tempfile
    >>> answer = Path(tempfile.mkdtemp()) / "answer.json"
    >>> _ = answer.write_text(json.dumps({"data": [{"period": "2017", "reporterISO": "CHN",
    ...     "flowCode": "M", "partnerISO": "PRK", "cmdCode": "270111", "motCode": 0,
    ...     "customsCode": "C00", "partner2Code": 0, "primaryValue": 409468452.0}]}))
    >>> next(read_comtrade(answer).rows()).exporter
    'PRK'
    """
    place = Path(path)
    if not place.is_file():
        raise DataError("there is no such file", str(path))
    if place.stat().st_size > MAX_BYTES:
        raise DataError(f"the file is larger than {MAX_BYTES:,} bytes", str(path))
    content = place.read_bytes()
    records = list(_records(content, str(path)))
    left_out: Counter[str] = Counter()
    rows: list[_Row] = []
    problems: list[Problem] = []
    for where, record in records:
        try:
            row = _row(record, where, digits, left_out)
        except DataError as error:
            problems.extend(error.problems)
            if len(problems) >= _MOST_PROBLEMS:
                break
            continue
        if row is not None:
            rows.append(row)
    raise_all(problems, DataError)
    _check_unique(rows, str(path))
    source = Input(id="trade.comtrade", sha256=sha256_bytes(content), note=place.name)
    return _flows(rows, vintage=_revision(records, str(path)), input=source, left_out=left_out)


def _records(content: bytes, where: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each record with its place: a line of a CSV, a number of a JSON list."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DataError("the file is not UTF-8", where) from None
    if text.lstrip()[:1] in ("{", "["):
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise DataError(f"this is not JSON: {error}", where) from None
        listed = data.get("data") if isinstance(data, dict) else data
        if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
            raise DataError("the answer holds no list 'data' of records", where)
        yield from ((f"{where}: data.{n}", record) for n, record in enumerate(listed))
        return
    reader = csv.DictReader(io.StringIO(text))
    missing = [name for name in NEEDED if name not in _heads(reader, where)]
    if missing:
        raise DataError(f"columns are missing: {', '.join(missing)}", f"{where}:1")
    try:
        for row in reader:
            yield f"{where}:{reader.line_num}", row
    except csv.Error as error:
        raise DataError(f"this is no CSV: {error}", f"{where}:{reader.line_num}") from None


def _heads(reader: csv.DictReader[str], where: str) -> tuple[str, ...]:
    try:
        return tuple(reader.fieldnames or ())
    except csv.Error as error:
        raise DataError(f"this is no CSV: {error}", f"{where}:1") from None


def _row(record: Mapping[str, Any], where: str, digits: int, left_out: Counter[str]) -> _Row | None:
    missing = [name for name in NEEDED if record.get(name) in (None, "")]
    if missing:
        raise DataError(f"'{missing[0]}' is missing", where)
    for name, total in ONLY.items():
        given = record.get(name)
        if given not in (None, "") and _plain(given) != total:
            left_out["split by transport, procedure or second partner"] += 1
            return None
    code = str(record["cmdCode"]).strip()
    if code == "TOTAL" or len(code) != digits:
        left_out["other levels of aggregation"] += 1
        return None
    flow = str(record["flowCode"]).strip()
    if flow not in ("M", "X"):
        left_out["re-exports and other flows"] += 1
        return None
    partner = _country(record["partnerISO"], where)
    if partner is None:
        left_out["the world, groups and unspecified partners"] += 1
        return None
    reporter = _country(record["reporterISO"], where)
    if reporter is None:
        raise DataError(f"'{record['reporterISO']}' cannot report", where)
    exporter, importer = (partner, reporter) if flow == "M" else (reporter, partner)
    quantity, unit = _quantity(record, where)
    return _Row(
        exporter=exporter,
        importer=importer,
        product=product_code(code, where=where),
        period=_period(str(record["period"]), where),
        value_usd=_number(record["primaryValue"], where),
        quantity=quantity,
        unit=unit,
        reporter=reporter,
    )


def _country(code: Any, where: str) -> str | None:
    """Return the alpha-3 code; None for a group."""
    text = STANDS_FOR.get(str(code).strip(), str(code).strip())
    if text in country_names():
        return text
    if text in GROUPS:
        return None
    raise DataError(f"'{text}' is no country code", where, did_you_mean(text, country_names()))


def _period(text: str, where: str) -> str:
    if text.isdigit() and len(text) == 4:
        return text
    if text.isdigit() and len(text) == 6 and "01" <= text[4:] <= "12":
        return f"{text[:4]}-{text[4:]}"
    raise DataError(f"'{text}' is no period", where, "Comtrade writes 2017 or 201708")


def _quantity(record: Mapping[str, Any], where: str) -> tuple[float, str]:
    """Return net weight in kg; NaN where it is missing, zero or estimated."""
    weight = record.get("netWgt")
    is_estimated = _plain(record.get("isNetWgtEstimated", "")).lower() in ("true", "1")
    if weight in (None, "") or is_estimated:
        return math.nan, "kg"
    number = _number(weight, where)
    return (number if number > 0 else math.nan), "kg"


def _number(value: Any, where: str) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise DataError(f"'{value}' is no number", where) from None
    if not 0 <= number < math.inf:
        raise DataError(f"'{value}' is negative or not finite", where)
    return number


def _plain(value: Any) -> str:
    text = str(value).strip()
    return text[:-2] if text.endswith(".0") else text


def _check_unique(rows: Iterable[_Row], where: str) -> None:
    count = Counter((r.reporter, r.exporter, r.importer, r.product, r.period) for r in rows)
    twice = [key for key, number in count.items() if number > 1]
    raise_all(
        (
            Problem(
                f"{reporter} reports {product} from {exporter} to {importer} in {period} twice",
                where,
                "ask Comtrade for one breakdown only",
            )
            for reporter, exporter, importer, product, period in twice[:_MOST_PROBLEMS]
        ),
        DataError,
    )


def _revision(records: list[tuple[str, Mapping[str, Any]]], where: str) -> str:
    found = {str(record.get("classificationCode") or "H0").strip() for _, record in records}
    if len(found) > 1:
        raise DataError(
            f"the file mixes HS revisions: {', '.join(sorted(found))}", where,
            "ask for one classification at a time",
        )  # fmt: skip
    code = found.pop() if found else "H0"
    if code not in REVISIONS:
        raise DataError(f"'{code}' is no HS revision", where, did_you_mean(code, REVISIONS))
    return REVISIONS[code]


def _flows(rows: list[_Row], *, vintage: str, input: Input, left_out: Counter[str]) -> Flows:
    notes = tuple(
        f"{counted(count, 'row')} left out: {why}." for why, count in sorted(left_out.items())
    )
    return Flows(
        exporter=Coded.of(row.exporter for row in rows),
        importer=Coded.of(row.importer for row in rows),
        product=Coded.of(row.product for row in rows),
        period=Coded.of(row.period for row in rows),
        value_usd=np.array([row.value_usd for row in rows], dtype=np.float64),
        quantity=np.array([row.quantity for row in rows], dtype=np.float64),
        unit=Coded.of(row.unit for row in rows),
        reporter=Coded.of(row.reporter for row in rows),
        basis=Coded.constant("recorded", len(rows)),
        source=Coded.constant("UN Comtrade", len(rows)),
        input=input,
        vintage=vintage,
        # An answer does not say what was asked for: a missing pair is unknown, never a zero.
        coverage=Coverage(frozenset(), frozenset(row.period for row in rows)),
        caveats=(
            "As each reporter recorded it: imports with freight and insurance as a rule, exports "
            "without. One trade may stand twice, once by each partner: choose a reporter.",
            *notes,
        ),
    )
