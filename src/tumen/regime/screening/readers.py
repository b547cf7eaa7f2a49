"""Readers of published lists, as streams: UN XML, OFAC SDN csv and xml, FollowTheMoney.

Lists come from outside: XML is read without entities or external references, one entry at a
time; a line that is no JSON, or a row of another width, is an error with its line.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from tumen.core.countries import country_by_iso2, country_names
from tumen.core.errors import DataError
from tumen.regime.screening.party import Listing, Party, PartyKind

MAX_LINE = 2_000_000
"""Longest line of a JSON-lines file, in characters."""

_YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")
_AKA = re.compile(r"\b[afn]\.k\.a\.\s+'([^']{1,200})'")
_OFAC_COLUMNS = (
    "ent_num name type program title call_sign vess_type tonnage grt vess_flag vess_owner remarks"
).split()


def read_list(path: Path, *, seen: date | None = None) -> Iterator[Party]:
    """Read any list that tumen knows, by its content.

    Parameters
    ----------
    path
        ``.xml`` (UN consolidated list or OFAC SDN), ``.csv`` (OFAC SDN) or ``.json``, ``.jsonl``,
        ``.ftm`` (FollowTheMoney entities, one in a line).
    seen
        Day of the list, for formats that do not carry it. It bounds unknown listing days.

    Raises
    ------
    DataError
        When the file is missing or of another format; with the line where one is known.

    Examples
    --------
    >>> from pathlib import Path
    >>> parties = list(read_list(Path("consolidated.xml")))  # doctest: +SKIP
    """
    if not path.is_file():
        raise DataError("there is no such file", str(path))
    if path.suffix == ".xml":
        return _read_xml(path, seen)
    if path.suffix == ".csv":
        return _read_ofac_csv(path, seen)
    if path.suffix in (".json", ".jsonl", ".ftm", ".ndjson"):
        return _read_ftm(path, seen)
    raise DataError(
        f"'{path.suffix}' is no list format",
        str(path),
        "give a UN or OFAC .xml, an OFAC .csv or FollowTheMoney .json lines",
    )


def _read_xml(path: Path, seen: date | None) -> Iterator[Party]:
    """Read the UN consolidated list or the OFAC SDN list, told apart by the root element."""
    makers: dict[str, Callable[[Element, date | None], Party | None]] = {
        "INDIVIDUAL": _un_party,
        "ENTITY": _un_party,
        "sdnEntry": _ofac_party,
    }
    day, known = seen, False
    try:
        with path.open("rb") as file:
            for event, element in iterparse(
                file, events=("start", "end"), forbid_dtd=True, forbid_entities=True
            ):
                tag = _tag(element)
                if event == "start":
                    if tag == "CONSOLIDATED_LIST":
                        known, day = True, _day(element.get("dateGenerated", "")) or day
                    known = known or tag == "sdnList"
                    continue
                if tag == "Publish_Date":
                    day = _us_day(element.text or "") or day
                if tag in makers and known:
                    party = makers[tag](element, day)
                    element.clear()
                    if party is not None:
                        yield party
    except ParseError as error:
        line = error.position[0] if error.position else 0
        raise DataError(f"this is not XML: {error.msg}", f"{path}:{line}") from None
    except LookupError as error:
        raise DataError(f"this is not XML: {error}", str(path)) from None
    except DefusedXmlException as error:
        raise DataError(
            f"the file declares entities or a document type ({type(error).__name__})",
            str(path),
            "no published list needs them; do not trust this file",
        ) from None
    if not known:
        raise DataError("this XML is neither the UN nor the OFAC list", str(path))


def _tag(element: Element) -> str:
    return element.tag.rsplit("}", 1)[-1]


def _texts(element: Element, path: str) -> list[str]:
    """Return the texts at a path of tags, whatever their namespace."""
    found = [element]
    for tag in path.split("/"):
        found = [child for each in found for child in each if _tag(child) == tag]
    return [" ".join(each.text.split()) for each in found if each.text and each.text.strip()]


def _first(element: Element, path: str) -> str:
    return next(iter(_texts(element, path)), "")


def _un_party(element: Element, seen: date | None) -> Party | None:
    is_person = _tag(element) == "INDIVIDUAL"
    parts = [_first(element, f"{place}_NAME") for place in ("FIRST", "SECOND", "THIRD", "FOURTH")]
    names = [" ".join(filter(None, parts))]
    names += _texts(
        element, "INDIVIDUAL_ALIAS/ALIAS_NAME" if is_person else "ENTITY_ALIAS/ALIAS_NAME"
    )
    names += _texts(element, "NAME_ORIGINAL_SCRIPT")
    born = [
        *_texts(element, "INDIVIDUAL_DATE_OF_BIRTH/YEAR"),
        *_texts(element, "INDIVIDUAL_DATE_OF_BIRTH/DATE"),
    ]
    places = _texts(element, "NATIONALITY/VALUE") + _texts(element, "ENTITY_ADDRESS/COUNTRY")
    listing = Listing(
        issuer="UNSC",
        reference=_first(element, "REFERENCE_NUMBER"),
        programme=_first(element, "UN_LIST_TYPE"),
        listed=_day(_first(element, "LISTED_ON")),
        delisted=_day(_first(element, "DELISTED_ON")),
        seen=seen,
    )
    identifier = _first(element, "DATAID") or listing.reference
    kind: PartyKind = "person" if is_person else "organization"
    return _party(f"UNSC-{identifier}", kind, names, places, born, (listing,))


def _ofac_party(element: Element, seen: date | None) -> Party | None:
    kinds: dict[str, PartyKind] = {
        "individual": "person",
        "entity": "organization",
        "vessel": "vessel",
        "aircraft": "aircraft",
    }
    names = [" ".join(filter(None, (_first(element, "firstName"), _first(element, "lastName"))))]
    for aka in (each for child in element if _tag(child) == "akaList" for each in child):
        names.append(" ".join(filter(None, (_first(aka, "firstName"), _first(aka, "lastName")))))
    uid = _first(element, "uid")
    listings = tuple(
        Listing("OFAC", uid, programme, seen=seen)
        for programme in _texts(element, "programList/program") or [""]
    )
    places = _texts(element, "nationalityList/nationality/country")
    places += _texts(element, "addressList/address/country")
    born = _texts(element, "dateOfBirthList/dateOfBirthItem/dateOfBirth")
    kind = kinds.get(_first(element, "sdnType").lower(), "other")
    return _party(f"OFAC-{uid}", kind, names, places, born, listings)


def _read_ofac_csv(path: Path, seen: date | None) -> Iterator[Party]:
    """Read the SDN csv: the official one without a header, or one with a header row."""
    kinds: dict[str, PartyKind] = {
        "individual": "person",
        "vessel": "vessel",
        "aircraft": "aircraft",
        "entity": "organization",
        "": "organization",
    }
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        rows = csv.reader(file)
        header: list[str] | None = None
        for row in rows:
            if not row or (len(row) == 1 and not row[0].strip("\x1a ")):
                continue
            if header is None:
                has_header = "ent_num" in row
                header = row if has_header else list(_OFAC_COLUMNS)
                if has_header:
                    continue
            if len(row) != len(header):
                raise DataError(
                    f"the row has {len(row)} fields, {len(header)} are expected",
                    f"{path}:{rows.line_num}",
                    "give the SDN csv as OFAC publishes it",
                )
            cells = (cell.strip() for cell in row)
            record = dict(zip(header, ("" if c == "-0-" else c for c in cells), strict=True))
            remarks = record.get("remarks", "")
            names = [_turned(record.get("name", "")), *map(_turned, _AKA.findall(remarks))]
            kind = kinds.get(record.get("type", "").lower(), "other")
            born = [record.get("dob", ""), *re.findall(r"DOB ([^;]{4,20})", remarks)]
            programmes = re.split(r"[;\]\[ ]+", record.get("program", "")) or [""]
            number = record["ent_num"]
            listings = tuple(
                Listing("OFAC", number, programme, seen=seen)
                for programme in filter(None, programmes)
            )
            countries = [record.get("nationality", ""), record.get("reg_country", "")]
            party = _party(f"OFAC-{number}", kind, names, countries, born, listings)
            if party is not None:
                yield party


def _read_ftm(path: Path, seen: date | None) -> Iterator[Party]:
    """Read FollowTheMoney entities, with sanctions inside them or as entities of their own."""
    flat = _flat_sanctions(path)
    for line, entity in _json_lines(path):
        if entity.get("schema") == "Sanction":
            continue
        properties = entity.get("properties")
        if not isinstance(properties, dict):
            raise DataError("the entity has no properties", f"{path}:{line}")
        names = _values(properties, "name", "alias", "weakAlias", "previousName")
        if not names:
            continue
        nested = _dicts([s.get("properties") for s in _dicts(properties.get("sanctions"))])
        identifier = str(entity.get("id", f"{path.name}:{line}"))
        listings = [_ftm_listing(each, seen) for each in nested + flat.get(identifier, [])]
        schema = str(entity.get("schema", ""))
        party = _party(
            identifier,
            _FTM_KINDS.get(schema, "other"),
            names,
            _values(properties, "nationality", "country", "jurisdiction", "flag"),
            _values(properties, "birthDate"),
            tuple(listings) or (Listing(path.stem, identifier, seen=seen),),
        )
        if party is not None:
            yield party


_FTM_KINDS: dict[str, PartyKind] = {
    "Person": "person",
    "Company": "organization",
    "Organization": "organization",
    "LegalEntity": "organization",
    "PublicBody": "organization",
    "Vessel": "vessel",
    "Airplane": "aircraft",
}


def _flat_sanctions(path: Path) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for _, entity in _json_lines(path):
        if entity.get("schema") == "Sanction" and isinstance(entity.get("properties"), dict):
            for owner in _values(entity["properties"], "entity"):
                found.setdefault(owner, []).append(entity["properties"])
    return found


def _ftm_listing(properties: dict[str, Any], seen: date | None) -> Listing:
    def first(*keys: str) -> str:
        return next(iter(_values(properties, *keys)), "")

    return Listing(
        issuer=first("authority", "publisher") or "unknown",
        reference=first("authorityId", "unscId"),
        programme=first("programId", "program"),
        listed=_day(first("listingDate", "startDate")),
        delisted=_day(first("endDate")),
        seen=seen,
    )


def _json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    with path.open(encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(_bounded(file, path), start=1):
            if not line.strip():
                continue
            try:
                entity = json.loads(line)
            except (json.JSONDecodeError, RecursionError) as error:
                what = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deep"
                raise DataError(f"this line is no JSON: {what}", f"{path}:{number}") from None
            if not isinstance(entity, dict):
                raise DataError("this line is no JSON object", f"{path}:{number}")
            yield number, entity


def _bounded(file: IO[str], path: Path) -> Iterator[str]:
    number = 0
    while line := file.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            raise DataError(f"the line is longer than {MAX_LINE:,} characters", f"{path}:{number}")
        yield line


def _values(properties: dict[str, Any], *keys: str) -> list[str]:
    values = []
    for key in keys:
        value = properties.get(key)
        values += [each for each in (value if isinstance(value, list) else [value]) if each]
    return [str(value) for value in values if isinstance(value, str | int)]


def _dicts(value: Any) -> list[dict[str, Any]]:
    each = value if isinstance(value, list) else []
    return [item for item in each if isinstance(item, dict)]


def _party(
    identifier: str,
    kind: PartyKind,
    names: list[str],
    places: list[str],
    born: list[str],
    listings: tuple[Listing, ...],
) -> Party | None:
    written = [" ".join(name.split())[:300] for name in names if name.strip()]
    kept = tuple(dict.fromkeys([*written, *filter(None, map(_bare, written))]))
    if not kept:
        return None
    years = {int(year) for text in born for year in _YEAR.findall(text)}
    countries = dict.fromkeys(filter(None, map(_country, places)))
    return Party(identifier, kind, kept, tuple(countries), tuple(sorted(years)), listings)


def _bare(name: str) -> str:
    """Return ``FOREIGN TRADE BANK`` for ``FOREIGN TRADE BANK (FTB)``; empty without brackets."""
    found = re.fullmatch(r"(.{4,}?)\s*\([A-Z0-9&. -]{2,10}\)", name)
    return found[1] if found else ""


def _turned(name: str) -> str:
    """Return ``Mikhail PISKLIN`` for ``PISKLIN, Mikhail``; a body's ``, LTD.`` stays behind."""
    last, comma, first = name.partition(", ")
    if not comma or re.fullmatch(r"(?i)(co|inc|ltd|llc|pte|s\.?a|corp)\b.*", first):
        return name
    return f"{first} {last}"


def _country(text: str) -> str:
    """Return the alpha-3 code of a country as lists write it, or an empty text."""
    clean = text.strip().strip(".")
    if clean.upper() in country_names():
        return clean.upper()
    if len(clean) == 2:
        return country_by_iso2().get(clean.upper(), "")
    by_name = {name.casefold(): code for code, name in country_names().items()}
    by_name |= {
        "democratic people's republic of korea": "PRK",
        "korea, north": "PRK",
        "dprk": "PRK",
        "korea, south": "KOR",
        "russian federation": "RUS",
        "iran (islamic republic of)": "IRN",
        "syrian arab republic": "SYR",
        "viet nam": "VNM",
        "burma": "MMR",
    }
    return by_name.get(clean.casefold(), "")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None


def _us_day(text: str) -> date | None:
    try:
        return datetime.strptime(text.strip(), "%m/%d/%Y").date()
    except ValueError:
        return None
