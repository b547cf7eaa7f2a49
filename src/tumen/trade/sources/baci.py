"""CEPII's BACI as it is published: one CSV for each year, and a file of country codes."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from tumen.core.countries import country_names
from tumen.core.errors import DataError, Problem
from tumen.core.finding import Input
from tumen.core.products import vintage as hs_vintage
from tumen.core.record import sha256_file
from tumen.core.units import counted
from tumen.trade.flows import Flows
from tumen.trade.sources.columns import flows_of
from tumen.trade.sources.sample import baci_countries

COLUMNS = ("t", "i", "j", "k", "v", "q")
STANDS_FOR = {"S19": "TWN", "ZA1": "ZAF", "R20": "", "PUS": "", "DDR": ""}
"""BACI's own codes: a country of today, or nothing (their rows are left out and counted)."""
CAVEATS = (
    "BACI reconciles both partners' reports and values trade free on board; it cannot be mirrored.",
    "Some quantities are filled in from average prices; the room monitor marks them.",
    "The newest year of a release is provisional.",
)
_NAME = re.compile(r"BACI_(?P<hs>HS\d{2})_Y(?P<year>\d{4})_V(?P<release>\w+)\.csv")
_MOST_PROBLEMS = 20


@dataclass(frozen=True)
class BaciFile:
    """A yearly file with what its name says.

    Attributes
    ----------
    path
        The CSV file.
    vintage
        HS revision of its codes, e.g. ``HS1992``.
    year
        Its year.
    release
        Release of BACI, e.g. ``202401b``.
    """

    path: Path
    vintage: str
    year: int
    release: str


def baci_file(path: Path | str) -> BaciFile:
    """Return what the name of a BACI file says.

    Raises
    ------
    DataError
        When the file is missing or has another name.
    """
    place = Path(path)
    match = _NAME.fullmatch(place.name)
    if match is None:
        raise DataError(
            f"'{place.name}' is not the name of a BACI file",
            str(path),
            "keep CEPII's name, e.g. BACI_HS92_Y2016_V202401b.csv",
        )
    if not place.is_file():
        raise DataError("there is no such file", str(path))
    return BaciFile(place, hs_vintage(match["hs"]), int(match["year"]), match["release"])


def country_codes(beside: Path, *, release: str) -> dict[int, str]:
    """Return alpha-3 by BACI's numbers: from the release's own file, else the shipped list.

    Parameters
    ----------
    beside
        Folder of the yearly files, where ``country_codes_V<release>.csv`` may lie.

    Raises
    ------
    DataError
        When a code of that file is neither a country nor one of BACI's own.
    """
    path = beside / f"country_codes_V{release}.csv"
    if not path.is_file():
        return dict(baci_countries())
    problems: list[Problem] = []
    found: dict[int, str] = {}
    for number, code, own in _country_rows(path):
        iso3 = STANDS_FOR.get(own, own)
        if iso3 and iso3 not in country_names():
            problems.append(Problem(f"'{iso3}' is no country code", f"{path}:{number}"))
        elif iso3:
            found[code] = iso3
    if problems:
        raise DataError(problems=problems)
    return found


def _country_rows(path: Path) -> Iterator[tuple[int, int, str]]:
    """Yield line, number and own code of each country of a release."""
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        reader = csv.DictReader(file)
        try:
            for row in reader:
                yield reader.line_num, int(row["country_code"]), row["country_iso3"] or ""
        except (KeyError, ValueError, TypeError, csv.Error) as error:
            raise DataError(
                f"this is no list of BACI's countries ({type(error).__name__}: {error})",
                f"{path}:{reader.line_num}",
                "columns: country_code, country_name, country_iso2, country_iso3",
            ) from None


def read_baci(path: Path | str) -> Flows:
    """Read one yearly file of BACI into memory; for many years use a `Store`.

    Units become US dollars and tonnes, codes six digits of text, a blank or ``NA`` quantity is
    missing, and Namibia's ``NA`` never enters since countries are numbers.

    Parameters
    ----------
    path
        A file with CEPII's name; ``country_codes_V<release>.csv`` is read when it lies beside it.

    Raises
    ------
    DataError
        When name, columns, a number or a code is wrong; it names file and line.

    Examples
    --------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "BACI_HS92_Y2016_V202401b.csv"
    >>> _ = place.write_text("t,i,j,k,v,q\\n2016,408,156,270111,1182762.524,NA\\n")
    >>> next(read_baci(place).rows()).value_usd
    1182762524.0
    """
    file = baci_file(path)
    names = country_codes(file.path.parent, release=file.release)
    with duckdb.connect() as connection:
        left_out = stage(connection, file, names)
        found = connection.execute(
            "select t, i, j, k, v, coalesce(q / 1000.0, 'nan'::double) as q from staged"
        ).fetchnumpy()
    return flows_of(
        {name: np.ma.getdata(column) for name, column in found.items()},
        names=names,
        newest=-1,
        input=Input(
            id=f"trade.baci.{file.year}",
            sha256=sha256_file(file.path),
            note=f"CEPII BACI {file.release}, {file.vintage}, {file.year}",
        ),
        vintage=file.vintage,
        caveats=(*CAVEATS, *_left_out_note(left_out)),
    )


def stage(connection: Any, file: BaciFile, names: dict[int, str]) -> int:
    """Load one file into the table ``staged``, checked and in whole dollars and kilograms.

    Returns
    -------
    Number of rows left out because they name no country.

    Raises
    ------
    DataError
        With file and line of the first bad rows.
    """
    _check_head(file.path)
    known = set(names) | set(_own_codes(file))
    connection.execute(
        "create or replace temp table country as select unnest(?)::smallint as code, "
        "unnest(?)::boolean as is_kept",
        [sorted(known), [code in names for code in sorted(known)]],
    )
    try:
        connection.execute(_STAGE, [file.year, str(file.path)])
    except duckdb.Error as error:
        raise DataError(
            f"the file cannot be read: {str(error).splitlines()[0]}", str(file.path)
        ) from None
    bad, left_out = connection.execute(
        "select count(*) filter (is_bad), count(*) filter (not is_kept) from raw"
    ).fetchall()[0]
    if bad:
        raise DataError(problems=[*_problems(file, known)])
    connection.execute(
        "create or replace temp view staged as select t, i, j, k, v, q from raw where is_kept"
    )
    return int(left_out)


_STAGE = """
create or replace temp table raw as
select given.t, given.i, given.j, given.k,
       try_cast(round(given.v * 1000) as bigint) as v,
       try_cast(round(given.mass * 1000) as bigint) as q,
       coalesce(seller.is_kept and buyer.is_kept, false) as is_kept,
       coalesce(given.t <> ? or given.k not between 10100 and 999999 or given.v < 0
           or not isfinite(given.v) or seller.code is null or buyer.code is null, true)
       or (given.mass is null and trim(given.q) not in ('', 'NA'))
       or (given.mass is not null and (given.mass < 0 or not isfinite(given.mass))) as is_bad
from (
    select *, try_cast(q as double) as mass
    from read_csv(?, header = true, delim = ',', quote = '"', auto_detect = false,
        nullstr = ['', 'NA'], columns = {'t': 'smallint', 'i': 'smallint', 'j': 'smallint',
        'k': 'integer', 'v': 'double', 'q': 'varchar'})
) as given
left join country as seller on given.i = seller.code
left join country as buyer on given.j = buyer.code
"""


def _own_codes(file: BaciFile) -> Iterator[int]:
    """Yield numbers that BACI knows and that stand for no country."""
    path = file.path.parent / f"country_codes_V{file.release}.csv"
    if not path.is_file():
        yield from (278, 697, 849)
        return
    yield from (code for _, code, own in _country_rows(path) if STANDS_FOR.get(own) == "")


def _check_head(path: Path) -> None:
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        head = file.readline(1000).strip().lstrip("\ufeff").replace('"', "")
    if tuple(head.split(",")) != COLUMNS:
        raise DataError(
            f"the columns are '{head[:80]}'", f"{path}:1", f"expected: {','.join(COLUMNS)}"
        )


def _problems(file: BaciFile, known: set[int]) -> Iterator[Problem]:
    shown = 0
    with file.path.open(encoding="utf-8", errors="replace", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), 2):
            what = _fault(row, file.year, known)
            if what:
                yield Problem(what, f"{file.path}:{number}")
                shown += 1
            if shown == _MOST_PROBLEMS:
                return


def _fault(row: dict[str, str | None], year: int, known: set[int]) -> str:
    given = {name: (row.get(name) or "").strip() for name in COLUMNS}
    if given["t"] != str(year):
        return f"the year is '{given['t']}' in a file of {year}"
    for name in ("i", "j"):
        if not given[name].isdigit() or int(given[name]) not in known:
            return f"'{given[name]}' is no country number of BACI (column {name})"
    if not re.fullmatch(r"\d{5,6}", given["k"]):
        return f"'{given['k']}' is no HS code of six digits (column k)"
    for name in ("v", "q"):
        if name == "q" and given["q"] in ("", "NA"):
            continue
        try:
            number = float(given[name])
        except ValueError:
            return f"'{given[name]}' is no number (column {name})"
        if not 0 <= number < float("inf"):
            return f"'{given[name]}' is negative or not finite (column {name})"
    return ""


def _left_out_note(rows: int) -> tuple[str, ...]:
    return (f"Left out, as they name no country of today: {counted(rows, 'row')}.",) if rows else ()
