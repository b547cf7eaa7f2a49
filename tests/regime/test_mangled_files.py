"""Files of strangers, mangled by bytes and by structure: read or refused, never a crash.

Each kind of file is mangled sixty times; ten thousand times with ``-m slow``. A single
file may take neither more than twenty seconds nor more than a gigabyte.
"""

from __future__ import annotations

import copy
import csv
import io
import json
import random
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from tumen import regime
from tumen.core.errors import TumenError
from tumen.regime import Regime
from tumen.regime.screening import NameIndex, build_index, parties_of, read_list, screen, screen_csv

DAY = date(2018, 1, 1)

ACT = """\
id: un.1
issuer: UNSC
cite: S/RES/1 (2020)
adopted: 2020-01-01
vote: {for: 15, against: 0, abstain: 0}
target: PRK
provenance: {status: read, source: [TEXT]}
measures:
- id: coal
  paragraph: 8
  title: Coal banned
  kind: ban
  flow: from_target
  from: 2020-01-01
  replaces: [un.1.oil]
  goods: {hs: [2701], exclude: [270119], what: coal}
  exempt:
  - {id: rajin, when: {origin_not: PRK, flags: {notified: yes}}}
  wind_down: {contract_before: 2020-01-01, last_day: 2020-02-01}
  provenance: {status: read, source: [TEXT]}
- id: oil
  title: Oil capped
  kind: cap
  flow: to_target
  from: 2019-01-01
  goods: {hs: [2710], part: aviation_fuel}
  cap:
    scope: all_states
    recurrence: calendar_year
    periods: [{from: 2019-01-01, limits: [{q: 5, unit: bbl}]}]
    conversions: [{from_unit: t, to_unit: bbl, factor: 8.33}]
  provenance: {status: recalled}
- id: listed
  title: Listed
  kind: designation
  from: 2020-01-01
  parties: [{name: Some Bank, aliases: [SB], type: entity, born: [1950], from: 2020-02-01}]
  provenance: {status: recalled}
phases: []
"""

UN_XML = """<?xml version="1.0" encoding="UTF-8"?>
<CONSOLIDATED_LIST dateGenerated="2018-10-29T00:00:00"><INDIVIDUALS><INDIVIDUAL>
<DATAID>1</DATAID><FIRST_NAME>RI</FIRST_NAME><SECOND_NAME>WON HO</SECOND_NAME>
<UN_LIST_TYPE>DPRK</UN_LIST_TYPE><REFERENCE_NUMBER>KPi.033</REFERENCE_NUMBER>
<LISTED_ON>2016-11-30</LISTED_ON><NATIONALITY><VALUE>Viet Nam</VALUE></NATIONALITY>
<INDIVIDUAL_DATE_OF_BIRTH><DATE>1964-07-17</DATE></INDIVIDUAL_DATE_OF_BIRTH>
<INDIVIDUAL_ALIAS><ALIAS_NAME>Lee Won Ho</ALIAS_NAME></INDIVIDUAL_ALIAS>
</INDIVIDUAL></INDIVIDUALS><ENTITIES><ENTITY><DATAID>2</DATAID>
<FIRST_NAME>FOREIGN TRADE BANK</FIRST_NAME><LISTED_ON>2017-08-05</LISTED_ON>
</ENTITY></ENTITIES></CONSOLIDATED_LIST>"""

OFAC_XML = """<?xml version="1.0"?><sdnList xmlns="http://tempuri.org/sdnList.xsd">
<publshInformation><Publish_Date>05/03/2024</Publish_Date></publshInformation>
<sdnEntry><uid>22288</uid><lastName>ARDIS-BEARINGS LLC</lastName><sdnType>Entity</sdnType>
<programList><program>NPWMD</program></programList>
<akaList><aka><uid>1</uid><lastName>ARDIS BEARINGS OOO</lastName></aka></akaList>
<dateOfBirthList><dateOfBirthItem><dateOfBirth>1966</dateOfBirth></dateOfBirthItem>
</dateOfBirthList></sdnEntry></sdnList>"""

OFAC_CSV = (
    '36,"KIM, Tong-chol","individual","DPRK2","-0-","-0-","-0-","-0-","-0-","-0-","-0-",'
    "\"DOB 28 Jan 1966; a.k.a. 'KIM TC'.\"\n"
    '37,"PAEK MA","vessel","DPRK4] [NPWMD","-0-","-0-","-0-","-0-","-0-","-0-","-0-","IMO 9"\n'
)

FTM = [
    {
        "id": "p",
        "schema": "Person",
        "properties": {
            "name": ["Jang Song Chol"],
            "birthDate": ["1967-03-12"],
            "country": ["kp"],
            "sanctions": [{"properties": {"authority": ["OFAC"], "startDate": ["2018-01-01"]}}],
        },
    },
    {
        "id": "s",
        "schema": "Sanction",
        "properties": {"entity": ["p"], "listingDate": ["2017-08-05"], "endDate": ["2019-01-01"]},
    },
]

SHIPMENTS = (
    "exporter,importer,product,on,contract_date,quantity,unit,livelihood,parties\n"
    "PRK,CHN,270112,2017-09-05,,,,,\n"
    "PRK,CHN,260111,2017-08-20,2017-07-01,5000,t,,Foreign Trade Bank; Somebody\n"
    "CHN,PRK,271019,2018-02-01,,100,t,yes,\n"
)

NAMES = "name,country,born,as_of\nRi Won Ho,PRK,1964,\nIndependent Petroleum,RUS,,2017-08-31\n"


@pytest.fixture(scope="module")
def un() -> Regime:
    return regime.load("UN-1718")


@pytest.fixture(scope="module")
def index(un: Regime, tmp_path_factory: pytest.TempPathFactory) -> NameIndex:
    return build_index(parties_of(un), tmp_path_factory.mktemp("lists") / "index")


# Mangling ---------------------------------------------------------------------------------------

TOKENS = [
    b"&a ",
    b"*a",
    b"!!python/object:os.system ",
    b"9" * 400,
    b"\x00",
    b"{",
    b"- ",
    b'"',
    b"\xff\xfe",
    b"&lol;",
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
    b"<![CDATA[",
    b"\r",
    b"\xef\xbb\xbf",
]


def by_bytes(rng: random.Random, data: bytes) -> bytes:
    """Change, drop, repeat and insert pieces, and shuffle lines."""
    for _ in range(rng.randint(1, 4)):
        a = rng.randrange(len(data) or 1)
        b = min(len(data), a + rng.randint(1, 40))
        kind = rng.randrange(6)
        if kind == 0:
            data = data[:a] + bytes([rng.randrange(256)]) + data[a + 1 :]
        elif kind == 1:
            data = data[:a] + data[b:]
        elif kind == 2:
            data = data[:b] + data[a:b] * rng.randint(1, 5) + data[b:]
        elif kind == 3:
            data = data[:a] + rng.choice(TOKENS) + data[a:]
        elif kind == 4:
            year = rng.choice([b"2020", b"2017", b"2018", b"1964"])
            data = data.replace(year, rng.choice([b"0000", b"9999", b"-1", b"20200"]), 1)
        else:
            lines = data.split(b"\n")
            rng.shuffle(lines)
            data = b"\n".join(lines)
    return data


def odd_value(rng: random.Random) -> Any:
    """Return a value that no file should hold at most of its places."""
    deep: Any = "x"
    for _ in range(rng.choice([3, 90, 400])):
        deep = [deep] if rng.random() < 0.7 else {"a": deep}
    return rng.choice(
        [
            None,
            True,
            -1,
            10**30,
            1e308,
            float("nan"),
            "",
            "9" * 5000,
            "2020-02-31",
            "9999-12-31",
            "0001-01-01",
            "un.1.coal",
            "*",
            "../../etc/passwd",
            "=cmd|calc",
            "\u202e\u0000\ud7a3\u0301" * 20,
            [],
            {},
            ["a"] * 2000,
            deep,
        ]
    )


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value inside a tree of dicts and lists."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in list(pairs):
        yield (*path, key)
        if isinstance(inner, (dict, list)):
            yield from places(inner, (*path, key))


def by_structure(rng: random.Random, tree: Any) -> Any:
    """Drop, repeat, rename, swap and replace values of a tree."""
    tree = copy.deepcopy(tree)
    for _ in range(rng.randint(1, 3)):
        every = [path for path in places(tree) if len(path) < 9]
        if not every:
            break
        *way, key = rng.choice(every)
        holder = tree
        for step in way:
            holder = holder[step]
        kind = rng.randrange(5)
        if kind == 0:
            del holder[key]
        elif kind == 1 and isinstance(holder, list):
            holder.insert(key, copy.deepcopy(holder[key]))
        elif kind == 1:
            holder[f"{key}x"] = holder.pop(key)
        elif kind == 2:
            other = rng.choice(every)
            value = tree
            for step in other:
                value = value[step] if _has(value, step) else None
            holder[key] = copy.deepcopy(value)
        else:
            holder[key] = odd_value(rng)
    return tree


def _has(value: Any, step: Any) -> bool:
    if isinstance(value, dict):
        return step in value
    return isinstance(value, list) and isinstance(step, int) and step < len(value)


def instrument(rng: random.Random) -> bytes:
    if rng.random() < 0.5:
        return by_bytes(rng, ACT.encode())
    tree = by_structure(rng, yaml.safe_load(ACT))
    return json.dumps(tree, default=str, ensure_ascii=False).encode(errors="replace")


def xml_list(rng: random.Random) -> bytes:
    text = rng.choice([UN_XML, OFAC_XML])
    if rng.random() < 0.5:
        return by_bytes(rng, text.encode())
    root = ElementTree.fromstring(text)
    for _ in range(rng.randint(1, 4)):
        every = list(root.iter())
        element, other = rng.choice(every), rng.choice(every)
        kind = rng.randrange(6)
        if kind == 0:
            element.clear()
        elif kind == 1 and root not in (element, other) and element not in list(other.iter()):
            element.append(copy.deepcopy(other))
        elif kind == 2:
            element.tag = other.tag
        elif kind == 3:
            element.text = rng.choice(["9" * 5000, "", " \t", "0000-00-00", "a,b;c", "리" * 400])
        elif kind == 4:
            inner = element
            for _ in range(rng.choice([5, 3000])):
                inner = ElementTree.SubElement(inner, "ENTITY")
            break  # a deep tree cannot be copied
        else:
            element.set("dateGenerated", "x" * rng.choice([0, 3, 5000]))
    # Written by hand: the library's writer recurses, and some trees are deep.
    return _written(root).encode(errors="replace")


def _written(root: ElementTree.Element) -> str:
    parts: list[str] = []
    waiting: list[ElementTree.Element | str] = [root]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            parts.append(each)
            continue
        tag = each.tag.rsplit("}", 1)[-1]
        day = each.get("dateGenerated")
        parts.append(f'<{tag} dateGenerated="{day}">' if day else f"<{tag}>")
        parts.append((each.text or "").replace("&", "").replace("<", ""))
        waiting.append(f"</{tag}>")
        waiting.extend(reversed(list(each)))
    return "".join(parts)


def ftm_list(rng: random.Random) -> bytes:
    lines = [
        json.dumps(by_structure(rng, entity) if rng.random() < 0.8 else entity) for entity in FTM
    ]
    text = "\n".join(lines).encode()
    return by_bytes(rng, text) if rng.random() < 0.5 else text


def table(text: str) -> Callable[[random.Random], bytes]:
    """Return a mangler of a csv: by bytes, or by rows and cells."""

    def mangled(rng: random.Random) -> bytes:
        if rng.random() < 0.5:
            return by_bytes(rng, text.encode())
        rows = by_structure(rng, list(csv.reader(io.StringIO(text))))
        out = io.StringIO()
        csv.writer(out).writerows(
            [str(cell)[:20_000] for cell in (row if isinstance(row, list) else [row])]
            for row in rows
        )
        return out.getvalue().encode(errors="replace")

    return mangled


# What must hold ---------------------------------------------------------------------------------


@contextmanager
def bounded(seconds: int = 20, memory: int = 2**30) -> Iterator[None]:
    """Fail where a file hangs or takes too much memory; both limits are put back."""

    def stop(*_: object) -> None:
        raise AssertionError(f"more than {seconds} seconds for one file")

    with Path("/proc/self/statm").open() as file:
        now = int(file.read().split()[0]) * resource.getpagesize()
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    before = signal.signal(signal.SIGALRM, stop)
    resource.setrlimit(resource.RLIMIT_AS, (now + memory, hard))
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def mangle(
    path: Path, mangler: Callable[[random.Random], bytes], count: int, use: Callable[[], object]
) -> tuple[int, int]:
    """Use mangled files one after the other; return how many were read and how many refused."""
    read = refused = 0
    for seed in range(count):
        path.write_bytes(mangler(random.Random(seed)))
        try:
            with bounded():
                use()
            read += 1
        except TumenError as error:
            refused += bool(str(error))
        except Exception as error:
            raise AssertionError(f"seed {seed} of {path.name}: {error!r}") from error
    assert read + refused == count
    return read, refused


COUNT = pytest.mark.parametrize("count", [60, pytest.param(10_000, marks=pytest.mark.slow)])


@COUNT
def test_a_mangled_instrument_is_law_or_refused(tmp_path: Path, count: int) -> None:
    path = tmp_path / "act.yaml"

    def use() -> None:
        law = regime.load(path)
        law.rule(exporter="PRK", importer="CHN", product="270112", on="2020-06-01")
        law.rule(exporter="CHN", importer="PRK", product="271019", on="2020-06-01", parties=["SB"])
        regime.audit(law)
        regime.compile_intervals(law, codes=["270112", "271019"])

    read, refused = mangle(path, instrument, count, use)
    assert min(read, refused) > count // 20


@COUNT
@pytest.mark.parametrize(
    ("name", "mangler"),
    [("list.xml", xml_list), ("sdn.csv", table(OFAC_CSV)), ("entities.json", ftm_list)],
)
def test_a_mangled_list_is_read_or_refused(
    tmp_path: Path, name: str, mangler: Callable[[random.Random], bytes], count: int
) -> None:
    path = tmp_path / name
    turn = iter(range(10**9))

    def use() -> None:
        parties = list(read_list(path, seen=DAY))
        if next(turn) % 20 == 0 and parties:
            made = build_index(parties, tmp_path / "index")
            for party in parties[:5]:
                screen(f"a {party.names[0]}", index=made, as_of=DAY)

    read, refused = mangle(path, mangler, count, use)
    assert min(read, refused) > count // 20


@COUNT
def test_a_mangled_file_of_shipments_loses_no_row(un: Regime, tmp_path: Path, count: int) -> None:
    path, out = tmp_path / "shipments.csv", tmp_path / "ruled.csv"

    def use() -> None:
        result = regime.rule_csv(un, path, out)
        with out.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert len(rows) == result.rows == sum(result.verdicts.values()) + len(result.bad)
        assert all(bool(row["verdict"]) != bool(row["error"]) for row in rows)

    read, refused = mangle(path, table(SHIPMENTS), count, use)
    assert min(read, refused) > count // 20


@COUNT
def test_a_mangled_file_of_names_loses_no_line(
    index: NameIndex, tmp_path: Path, count: int
) -> None:
    path, out = tmp_path / "names.csv", tmp_path / "screened.csv"

    def use() -> None:
        result = screen_csv(path, out, index=index, as_of=DAY)
        with out.open(encoding="utf-8", newline="") as file:
            assert len(list(csv.DictReader(file))) == result.lines

    read, refused = mangle(path, table(NAMES), count, use)
    assert min(read, refused) > count // 40
