"""A store of many years of trade: Parquet files, sorted twice, read by query."""

from __future__ import annotations

import json
import os
import re
import shutil
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

import duckdb
import numpy as np
from pydantic import Field, ValidationError

from tumen.core.countries import country
from tumen.core.errors import DataError
from tumen.core.finding import Input
from tumen.core.periods import between
from tumen.core.products import product as product_code
from tumen.core.progress import Progress, Step, silent
from tumen.core.record import Record, canonical_json, sha256_file, sha256_text
from tumen.trade.flows import Choice, Flows
from tumen.trade.sources.baci import CAVEATS, BaciFile, baci_file, country_codes, stage
from tumen.trade.sources.columns import flows_of

MANIFEST = "store.json"
ROW_GROUP = 122_880
Order = Literal["by_exporter", "by_importer"]
_SORTING: dict[Order, str] = {"by_exporter": "i, j, k", "by_importer": "j, i, k"}


class StoredYear(Record):
    """One year in the store: its files by order, where they came from, what they hold."""

    files: dict[str, str]
    source: str
    sha256: str
    rows: int
    left_out: int


class StoreManifest(Record):
    """What a store holds; a file that it does not name is no part of the store."""

    vintage: str
    release: str
    countries: dict[int, str]
    products: tuple[str, ...] = ()
    years: dict[int, StoredYear] = Field(default_factory=dict)


@dataclass(frozen=True)
class Store:
    """A folder of yearly Parquet files, each sorted by exporter and again by importer.

    Writing is atomic: a year enters when its files are whole and the manifest, replaced in one
    step, names them. A crash leaves the store as it was; the next import starts where it stopped.

    Attributes
    ----------
    folder
        Where the store lies; made on the first import.

    Examples
    --------
    >>> import tempfile
    >>> Store(Path(tempfile.mkdtemp())).years()
    ()
    """

    folder: Path

    def manifest(self) -> StoreManifest | None:
        """Return what the store holds; None when it holds nothing.

        Raises
        ------
        DataError
            When the manifest is broken.
        """
        path = self.folder / MANIFEST
        if not path.is_file():
            return None
        try:
            return StoreManifest.model_validate(json.loads(path.read_text(encoding="utf-8")))
        except (ValidationError, ValueError) as error:
            raise DataError(
                f"the store's manifest is broken: {str(error).splitlines()[0]}",
                str(path),
                "remove the folder and import again",
            ) from None

    def years(self) -> tuple[int, ...]:
        """Return the years that the store holds."""
        held = self.manifest()
        return () if held is None else tuple(sorted(held.years))

    def import_baci(
        self, paths: Iterable[Path | str], *, progress: Progress = silent
    ) -> tuple[int, ...]:
        """Take yearly files of BACI into the store.

        A file whose content is held already is skipped, so an interrupted import resumes.

        Parameters
        ----------
        paths
            Files with CEPII's names, all of one HS revision and one release.
        progress
            Told after each file.

        Returns
        -------
        Years that entered.

        Raises
        ------
        DataError
            When a file is wrong, of another revision or release than the store, or the store
            cannot be written; years that entered before are kept.
        """
        files = sorted((baci_file(path) for path in paths), key=lambda file: file.year)
        self._check_one_release(files)
        entered = []
        try:
            self._remove_strays()
            for done, file in enumerate(files):
                progress(Step("trade", done, len(files), f"BACI {file.year}"))
                digest = sha256_file(file.path)
                held = self.manifest()
                if held and file.year in held.years and held.years[file.year].sha256 == digest:
                    continue
                self._take(file, digest, held)
                entered.append(file.year)
        except (OSError, duckdb.Error) as error:
            raise DataError(
                f"the store cannot be written: {_reason(error)}",
                str(self.folder),
                "free some space, or name another folder; the years imported before are kept",
            ) from None
        finally:
            shutil.rmtree(self.folder / "staging", ignore_errors=True)
        progress(Step("trade", len(files), len(files), "done"))
        return tuple(entered)

    def read(
        self,
        *,
        exporter: Choice = None,
        importer: Choice = None,
        product: Choice = None,
        since: str | None = None,
        until: str | None = None,
    ) -> Flows:
        """Read the rows that meet every condition; see `Flows.where`.

        Name an exporter or an importer where possible: its rows lie together in one of the two
        copies, so that a query touches a small part of the files.

        Raises
        ------
        DataError
            When the store is empty or a code is unknown.
        """
        held = self.manifest()
        if held is None or not held.years:
            raise DataError(
                "the store holds nothing", str(self.folder), "tumen trade import baci FILE..."
            )
        years = _years_between(held, since, until)
        sellers, buyers = _numbers(held, exporter), _numbers(held, importer)
        order: Order = "by_importer" if sellers is None and buyers is not None else "by_exporter"
        columns = self._query(held, years, order, sellers, buyers, product)
        found = flows_of(
            columns,
            names=held.countries,
            newest=max(held.years),
            products=_covered(held, product),
            periods=[str(year) for year in years],
            input=Input(
                id="trade.store",
                sha256=sha256_text(canonical_json({str(y): held.years[y].sha256 for y in years})),
                note=f"CEPII BACI {held.release}, {held.vintage}",
            ),
            vintage=held.vintage,
            caveats=CAVEATS,
        )
        coverage = found.coverage.narrowed(exporters=_codes(exporter), importers=_codes(importer))
        return replace(found, coverage=coverage)

    def _query(
        self,
        held: StoreManifest,
        years: list[int],
        order: Order,
        sellers: list[int] | None,
        buyers: list[int] | None,
        product: Choice,
    ) -> dict[str, Any]:
        conditions, values = _conditions(sellers, buyers, product)
        paths = [str(self.folder / held.years[year].files[order]) for year in years]
        query = " ".join(
            (
                "select t, i, j, k, v, coalesce(q / 1000.0, 'nan'::double) as q",
                "from read_parquet(?) where",
                conditions,
            )
        )
        try:
            with duckdb.connect() as connection:
                found = connection.execute(query, [paths, *values]).fetchnumpy()
        except duckdb.Error as error:
            raise DataError(
                f"the store cannot be read: {str(error).splitlines()[0]}",
                str(self.folder),
                "remove the folder and import again",
            ) from None
        return {name: np.ma.getdata(column) for name, column in found.items()}

    def _check_one_release(self, files: list[BaciFile]) -> None:
        held = self.manifest()
        kinds = {(file.vintage, file.release) for file in files}
        if held is not None and held.years:
            kinds.add((held.vintage, held.release))
        if len(kinds) > 1:
            words = " and ".join(f"{vintage} V{release}" for vintage, release in sorted(kinds))
            raise DataError(
                f"two releases or revisions are never mixed: {words}",
                str(self.folder),
                "import each into a store of its own",
            )

    def _remove_strays(self) -> None:
        """Remove what a crashed import left: files that the manifest does not name."""
        held = self.manifest()
        named = (
            {file for year in held.years.values() for file in year.files.values()}
            if held
            else set()
        )
        for order in _SORTING:
            for path in (self.folder / order).glob("*.parquet"):
                if f"{order}/{path.name}" not in named:
                    path.unlink()

    def _take(self, file: BaciFile, digest: str, held: StoreManifest | None) -> None:
        names = country_codes(file.path.parent, release=file.release)
        staging = self.folder / "staging"
        staging.mkdir(parents=True, exist_ok=True)
        written: dict[str, str] = {}
        with duckdb.connect() as connection:
            connection.execute("set preserve_insertion_order = true")
            connection.execute("set memory_limit = '2GB'")
            connection.execute(f"set temp_directory = '{_quoted(staging / 'spill')}'")
            left_out = stage(connection, file, names)
            for order, sorting in _SORTING.items():
                name = f"{order}/{file.year}-{digest[:12]}.parquet"
                target = staging / f"{order}.parquet"
                connection.execute(  # the path is our own, quoted
                    f"copy (select * from staged order by {sorting}) to '{_quoted(target)}' "  # noqa: S608
                    f"(format parquet, compression zstd, row_group_size {ROW_GROUP})"
                )
                (self.folder / order).mkdir(exist_ok=True)
                os.replace(target, self.folder / name)
                written[order] = name
            (rows,) = connection.execute("select count(*) from staged").fetchall()[0]
            codes = connection.execute("select distinct k from staged").fetchall()
            products = {f"{code:06d}" for (code,) in codes}
        year = StoredYear(
            files=written,
            source=file.path.name,
            sha256=digest,
            rows=rows,
            left_out=left_out,
        )
        years = dict(held.years) if held else {}
        countries = (dict(held.countries) if held else {}) | names
        self._write(
            StoreManifest(
                vintage=file.vintage,
                release=file.release,
                countries=countries,
                products=tuple(sorted({*(held.products if held else ()), *products})),
                years=years | {file.year: year},
            )
        )

    def _write(self, manifest: StoreManifest) -> None:
        part = self.folder / f"{MANIFEST}.{uuid.uuid4().hex}.part"
        part.write_text(canonical_json(manifest), encoding="utf-8")
        os.replace(part, self.folder / MANIFEST)


def _reason(error: OSError | duckdb.Error) -> str:
    """Return why a file cannot be written; duckdb tells the system's number inside its text."""
    number = re.search(r'"errno":"(\d+)"', str(error))
    if number:
        return os.strerror(int(number[1]))
    return getattr(error, "strerror", None) or str(error).splitlines()[0]


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _years_between(held: StoreManifest, since: str | None, until: str | None) -> list[int]:
    wanted = between(since, until)
    years = [
        year
        for year in sorted(held.years)
        if wanted.start <= date(year, 1, 1) and date(year + 1, 1, 1) <= wanted.end
    ]
    if not years:
        raise DataError(
            f"the store holds no year from {since or 'the start'} to {until or 'the end'}",
            hint=f"it holds {min(held.years)} to {max(held.years)}",
        )
    return years


def _codes(choice: Choice) -> list[str] | None:
    return None if choice is None else [choice] if isinstance(choice, str) else list(choice)


def _numbers(held: StoreManifest, choice: Choice) -> list[int] | None:
    """Return the numbers of some countries; one country may have several over time."""
    if choice is None:
        return None
    wanted = {country(code) for code in ([choice] if isinstance(choice, str) else choice)}
    return [number for number, iso3 in held.countries.items() if iso3 in wanted]


def _conditions(
    sellers: list[int] | None, buyers: list[int] | None, product: Choice
) -> tuple[str, list[Any]]:
    parts, values = ["true"], list[Any]()
    for column, numbers in (("i", sellers), ("j", buyers)):
        if numbers is not None:
            parts.append(f"{column} in (select unnest(?))")
            values.append(numbers)
    if product is not None:
        prefixes = [product] if isinstance(product, str) else list(product)
        ranges = []
        for prefix in map(product_code, prefixes):
            scale = 10 ** (6 - len(prefix))
            ranges.append("k between ? and ?")
            values += [int(prefix) * scale, (int(prefix) + 1) * scale - 1]
        parts.append(f"({' or '.join(ranges) or 'false'})")
    return " and ".join(parts), values


def _covered(held: StoreManifest, product: Choice) -> set[str]:
    if product is None:
        return set(held.products)
    prefixes = (product,) if isinstance(product, str) else tuple(product)
    return {code for code in held.products if code.startswith(prefixes)}
