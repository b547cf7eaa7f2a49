"""Files of strangers: every problem named once, with file, line and hint; nothing crashes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tumen import regime
from tumen.core.errors import CaseError

PROGRAMME = """\
id: TEST
title: A test
target: PRK
lines: [UN, CHN]
ports: {Rajin: [Rason]}
sources: {TEXT: the text}
"""

ACT = """\
id: un.1
issuer: UNSC
cite: S/RES/1 (2020)
adopted: 2020-01-01
target: PRK
provenance: {status: read, source: [TEXT]}
measures:
- id: coal
  title: Coal banned
  kind: ban
  flow: from_target
  from: 2020-01-01
  goods: {hs: [2701], what: coal}
  exempt:
  - {id: rajin, when: {origin_not: PRK, port: Rajin, flags: {notified: yes}}}
  provenance: {status: read, source: [TEXT]}
- id: oil
  title: Oil capped
  kind: cap
  flow: to_target
  from: 2020-01-01
  goods: {hs: [2710]}
  cap:
    scope: all_states
    recurrence: calendar_year
    periods: [{from: 2020-01-01, limits: [{q: 5, unit: bbl}]}]
  provenance: {status: recalled}
"""


def folder(path: Path, *acts: str, programme: str = PROGRAMME) -> Path:
    (path / "programme.yaml").write_text(programme, encoding="utf-8")
    for number, act in enumerate(acts):
        (path / f"act{number}.yaml").write_text(act, encoding="utf-8")
    return path


def test_a_folder_of_ones_own_is_a_regime(tmp_path: Path) -> None:
    own = regime.load(folder(tmp_path, ACT))
    assert own.rule(exporter="PRK", importer="CHN", product="270112", on="2020-02-01").verdict == (
        "prohibited"
    )
    assert own.input.id == "regime.TEST"


def test_one_file_is_a_regime(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(ACT, encoding="utf-8")
    assert regime.load(str(path)).measure("un.1.coal").start == date(2020, 1, 1)


def test_the_hash_changes_with_one_letter(tmp_path: Path) -> None:
    first = regime.load(folder(tmp_path, ACT)).sha256
    second = regime.load(folder(tmp_path, ACT.replace("Coal banned", "Coal barred"))).sha256
    assert first != second


@pytest.mark.parametrize(
    ("old", "new", "what", "hint"),
    [
        ("hs: [2701]", "hs: [27o1]", "'27o1' is no HS code", "2, 4 or 6 digits"),
        ("hs: [2701]", "hs: [701]", "'701' is no HS code", "0701"),
        (
            "from: 2020-01-01\n  goods: {hs: [2701]",
            "from: 2020-02-31\n  goods: {hs: [2701]",
            "2020-02-31",
            "2017-08-05",
        ),
        ("kind: ban", "kind: bann", "'bann' is not one of the valid words", "ban"),
        ("flow: from_target", "flow: from_taget", "'from_taget'", "from_target"),
        ("unit: bbl", "unit: bll", "'bll' is no unit", "bbl"),
        ("q: 5", "q: -5", "-5", ""),
        ("q: 5", "q: inf", "inf", ""),
        ("target: PRK\nprov", "target: PKR\nprov", "'PKR' is no country code", "PRK"),
        ("notified: yes", "notifyed: yes", "'notifyed' is no fact", "notified"),
        ("notified: yes", "notified: perhaps", "'perhaps'", ""),
        ("port: Rajin", "port: Rajni", "'Rajni' is no port", "Rajin"),
        ("source: [TEXT]}\nmeas", "source: [TEXD]}\nmeas", "no source 'TEXD'", "TEXT"),
        (
            "kind: ban\n",
            "kind: ban\n  replaces: [un.1.cole]\n",
            "there is no 'un.1.cole'",
            "un.1.coal",
        ),
        ("kind: ban\n", "kind: ban\n  replaces: [un.1.oil]\n", "cannot replace", "starts later"),
        ("kind: ban\n", "kind: ban\n  surprise: 1\n", "'surprise' is no key here", ""),
        ("  title: Coal banned\n", "", "'title' is missing", "add title"),
        ("issuer: UNSC", "issuer: USA", "'USA' is no line", "UN, CHN"),
        ("kind: ban\n", "kind: ban\n  to: 2019-01-01\n", "not after", ""),
        (
            "kind: ban\n",
            "kind: service_ban\n  services: [bankin]\n",
            "'bankin' is no kind of service",
            "banking",
        ),
        ("what: coal", "exclude: [2702]", "lies inside none", ""),
        ("id: oil", "id: coal", "stands twice", ""),
        ("scope: all_states", "scope: every_state", "'every_state'", "each_state"),
        ("adopted: 2020-01-01", "adopted: 2020-01-01\nimplements: [un.2]", "no 'un.2'", "un.1"),
    ],
)
def test_a_fault_is_named_with_file_line_and_hint(
    tmp_path: Path, old: str, new: str, what: str, hint: str
) -> None:
    assert old in ACT
    with pytest.raises(CaseError) as caught:
        regime.load(folder(tmp_path, ACT.replace(old, new, 1)))
    problems = [p for p in caught.value.problems if what in p.what]
    assert problems, str(caught.value)
    assert "act0.yaml:" in problems[0].where
    assert hint in problems[0].hint


def test_all_faults_of_all_files_come_at_once(tmp_path: Path) -> None:
    with pytest.raises(CaseError) as caught:
        regime.load(
            folder(
                tmp_path,
                ACT.replace("kind: ban", "kind: bann"),
                ACT.replace("unit: bbl", "unit: bll"),
                programme=PROGRAMME.replace("target: PRK", "target: PKR"),
            )
        )
    assert len(caught.value.problems) == 3


def test_two_acts_of_one_name_and_two_caps_at_once_are_faults(tmp_path: Path) -> None:
    with pytest.raises(CaseError) as caught:
        regime.load(folder(tmp_path, ACT, ACT))
    texts = " ".join(problem.what for problem in caught.value.problems)
    assert "stands twice" in texts
    assert "overlap" in texts


def test_a_file_outside_the_folder_is_refused(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    outside = tmp_path / "secret.yaml"
    outside.write_text(ACT, encoding="utf-8")
    folder(inside, ACT)
    (inside / "link.yaml").symlink_to(outside)
    with pytest.raises(CaseError, match="outside"):
        regime.load(inside)


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(CaseError, match="UN-1718"):
        regime.load("UN-1781")


@pytest.mark.parametrize(
    "clause",
    ["wind_down: {last_day: 2019-08-06}", "exempt: [{id: aid, text: aid, when: {port: X}}]"],
)
def test_a_clause_that_would_do_nothing_is_refused(tmp_path: Path, clause: str) -> None:
    file = tmp_path / "eo.yaml"
    file.write_text(
        "id: us.eo\nissuer: USA\ncite: E.O. 1\nadopted: 2019-05-08\ntarget: IRN\n"
        "provenance: {status: recalled}\nmeasures:\n"
        "- {id: ore, title: Buyers risk designation, kind: exposure, flow: from_target,\n"
        f"   from: 2019-05-08, goods: {{hs: [26], basis: text}}, {clause},\n"
        "   provenance: {status: recalled}}\n"
    )
    with pytest.raises(CaseError, match="does nothing to a measure of kind exposure"):
        regime.load(file)
