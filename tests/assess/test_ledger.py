"""The ledger cannot be edited or backdated; its scores are the textbook's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from math import log
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tumen.assess import Ledger, score
from tumen.assess.ledger import Score
from tumen.core.errors import DataError
from tumen.numerics.tolerance import assert_close

DAY = date(2017, 9, 1)


@pytest.fixture
def record(evidence_data, assess_data, judged):
    second = {**assess_data["judgments"][0], "id": "J2"}
    second["given"] = {"stops": "0.1", "hides": "0.2", "goes_on": "0.9"}
    assess_data["judgments"].append(second)
    return judged(evidence_data, assess_data)


@pytest.fixture
def ledger_path(tmp_path, record):
    path = tmp_path / "ledger.jsonl"
    Ledger.read(path).record(record, on=DAY)
    Ledger.read(path).settle(
        "coal.J1", happened=True, source="China Customs, 2018", on=date(2018, 3, 1)
    )
    Ledger.read(path).settle(
        "coal.J2", happened=False, source="China Customs, 2018", on=date(2018, 3, 1)
    )
    return path


def test_what_is_written_is_read_back(ledger_path, record):
    ledger = Ledger.read(ledger_path)
    assert len(ledger.entries) == 4
    assert_close(
        ledger.forecasts()["coal.J1"].probability, record.judgments[0].probability.value, "identity"
    )


@pytest.mark.parametrize("line", range(4))
def test_a_changed_line_breaks_the_chain(ledger_path, line):
    lines = ledger_path.read_text().splitlines()
    data = json.loads(lines[line])
    data["recorded_on"] = "2017-09-02" if line < 2 else "2018-03-02"
    lines[line] = json.dumps(data, sort_keys=True, separators=(",", ":"))
    ledger_path.write_text("\n".join(lines) + "\n")
    if line == 3:
        # The last entry has none below it: only a copy of its hash elsewhere can tell.
        assert len(Ledger.read(ledger_path).entries) == 4
    else:
        with pytest.raises(DataError, match=f":{line + 2}: the chain is broken"):
            Ledger.read(ledger_path)


@pytest.mark.parametrize("lost", range(3))
def test_a_lost_line_breaks_the_chain(ledger_path, lost):
    lines = ledger_path.read_text().splitlines()
    del lines[lost]
    ledger_path.write_text("\n".join(lines) + "\n")
    with pytest.raises(DataError, match="the chain is broken"):
        Ledger.read(ledger_path)


def test_backdating_is_refused(ledger_path, record):
    with pytest.raises(DataError, match="before the last one of 2018-03-01"):
        Ledger.read(ledger_path).settle(
            "coal.J1", happened=False, source="x y z", on=date(2018, 2, 1)
        )
    with pytest.raises(DataError, match="before the last one"):
        Ledger.read(ledger_path).record(record, on=DAY)


def test_a_forecast_after_its_settlement_is_refused(tmp_path, record):
    with pytest.raises(DataError, match="it is no forecast"):
        Ledger.read(tmp_path / "l.jsonl").record(record, on=date(2018, 3, 1))
    with pytest.raises(DataError, match="after the day of entry"):
        Ledger.read(tmp_path / "l.jsonl").record(record, on=date(2017, 8, 1))
    assert not (tmp_path / "l.jsonl").exists()


def test_an_outcome_of_nothing_is_refused(ledger_path):
    with pytest.raises(DataError, match=r"did you mean coal\.J1"):
        Ledger.read(ledger_path).settle(
            "coal.J11", happened=True, source="x y z", on=date(2018, 3, 1)
        )


def test_garbage_in_a_ledger_names_its_line(ledger_path):
    with ledger_path.open("a") as file:
        file.write('{"kind": "forecast"}\n')
    with pytest.raises(DataError, match=":5: this is no entry"):
        Ledger.read(ledger_path)


@pytest.mark.parametrize("sign", ["\u2028", "\x85", "\x0c"])
def test_a_statement_may_hold_any_sign(tmp_path, record, sign):
    judgment = record.judgments[0].model_copy(update={"statement": f"coal{sign}is sold"})
    odd = record.model_copy(update={"judgments": (judgment,)})
    Ledger.read(tmp_path / "l.jsonl").record(odd, on=DAY)
    assert Ledger.read(tmp_path / "l.jsonl").entries[0].statement == f"coal{sign}is sold"


def test_an_outcome_without_a_source_is_refused(ledger_path):
    before = ledger_path.read_bytes()
    with pytest.raises(DataError, match="'x' names no source"):
        Ledger.read(ledger_path).settle("coal.J1", happened=True, source="x", on=date(2018, 3, 1))
    assert ledger_path.read_bytes() == before


def test_what_is_no_ledger_is_refused(tmp_path, record):
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "latin").write_bytes(b"\xff\xfe")
    for path, message in (
        (tmp_path, "this is no file"),
        (tmp_path / "fifo", "this is no file"),
        (Path("/dev/zero"), "this is no file"),
        (tmp_path / "latin", "not UTF-8"),
    ):
        with pytest.raises(DataError, match=message):
            Ledger.read(path)
    with pytest.raises(DataError, match="cannot be written"):
        Ledger.read(tmp_path / "no-such-folder" / "l.jsonl").record(record, on=DAY)


def test_an_entry_that_does_not_fit_leaves_the_ledger_as_it_was(ledger_path, record):
    before = ledger_path.read_bytes()
    program = (
        "import resource, signal, sys; from datetime import date; from pathlib import Path\n"
        "from tumen.assess import Ledger; from tumen.core.errors import DataError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({len(before) + 20}, {len(before) + 20}))\n"
        "try:\n"
        "    Ledger.read(Path(sys.argv[1])).settle('coal.J1', happened=True, source='abc',"
        " on=date(2018, 3, 1))\n"
        "except DataError as error:\n"
        "    sys.exit(str(error))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(ledger_path)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert "the ledger cannot be written" in done.stderr
    assert ledger_path.read_bytes() == before


def test_scores_of_a_ledger_and_of_an_assessment_agree(ledger_path, record):
    first = Ledger.read(ledger_path).score()
    second = score(record, {"J1": True, "J2": False})
    assert first == second
    chances = [judgment.probability.value for judgment in record.judgments]
    assert_close(first.brier, ((1 - chances[0]) ** 2 + chances[1] ** 2) / 2, "identity")
    assert_close(first.log_score, -(log(chances[0]) + log(1 - chances[1])) / 2, "identity")


def test_what_cannot_be_settled_does_not_count(ledger_path):
    Ledger.read(ledger_path).settle(
        "coal.J2", happened=None, source="series ended", on=date(2018, 3, 2)
    )
    assert Ledger.read(ledger_path).score().count == 1


def test_nothing_settled_is_no_score(tmp_path, record):
    ledger = Ledger.read(tmp_path / "l.jsonl").record(record, on=DAY)
    with pytest.raises(DataError, match="no settled forecast"):
        ledger.score()
    with pytest.raises(DataError, match="did you mean J1"):
        score(record, {"J11": True})


rows = st.lists(
    st.tuples(st.sampled_from(["likely", "unlikely", "even"]), st.floats(0, 1), st.booleans()),
    min_size=1,
    max_size=30,
)


@given(rows)
def test_the_parts_add_up_to_the_brier_score(rows):
    found = Score.of(rows)
    total = found.calibration_error - found.discrimination + found.uncertainty + found.spread
    assert_close(total, found.brier, "identity")
    assert 0 <= found.brier <= 1
    assert found.calibration_error >= 0
    assert found.discrimination >= 0
    assert sum(each.count for each in found.words) == found.count == len(rows)


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.4, 0.8]), st.booleans()), min_size=1))
def test_without_spread_in_a_word_murphys_parts_are_exact(pairs):
    found = Score.of([(str(chance), chance, happened) for chance, happened in pairs])
    assert_close(found.spread, 0, "identity")


def test_perfect_and_ignorant_forecasts():
    assert Score.of([("almost certain", 1.0, True), ("almost no chance", 0.0, False)]).brier == 0
    even = Score.of([("roughly even chance", 0.5, True), ("roughly even chance", 0.5, False)])
    assert (even.brier, even.discrimination, even.calibration_error) == (0.25, 0, 0)


def test_a_number_is_no_day_of_an_entry(ledger_path):
    text = ledger_path.read_text().replace('"by":"2018-02-28"', '"by":1519776000')
    assert "1519776000" in text
    ledger_path.write_text(text)
    with pytest.raises(DataError, match=":1: this is no entry"):
        Ledger.read(ledger_path)


def test_an_entry_made_on_an_older_view_follows_what_was_written_meanwhile(ledger_path):
    older = Ledger.read(ledger_path)
    day = date(2018, 3, 2)
    older.settle("coal.J1", happened=False, source="the first writer", on=day)
    written = older.settle("coal.J2", happened=True, source="the second writer", on=day)
    assert Ledger.read(ledger_path) == written
    assert [each.source for each in written.entries[-2:]] == [
        "the first writer",
        "the second writer",
    ]
    with pytest.raises(DataError, match="before the last one of 2018-03-02"):
        older.settle("coal.J1", happened=True, source="a late writer", on=date(2018, 3, 1))


def test_an_entry_after_a_last_line_without_its_end_starts_a_line_of_its_own(ledger_path):
    ledger_path.write_bytes(ledger_path.read_bytes().rstrip())
    written = Ledger.read(ledger_path).settle(
        "coal.J1", happened=True, source="abc", on=date(2018, 3, 1)
    )
    assert Ledger.read(ledger_path) == written


WRITER = """
import sys
from datetime import date
from pathlib import Path
from tumen.assess import Ledger

path, name = Path(sys.argv[1]), sys.argv[2]
print("ready", flush=True)
sys.stdin.readline()
for number in range(int(sys.argv[3])):
    Ledger.read(path).settle(
        "coal.J1", happened=True, source=f"{name} {number:03}", on=date(2018, 3, 1)
    )
"""


def test_two_processes_that_write_at_once_lose_no_entry(ledger_path):
    rounds = 40
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(ledger_path), name, str(rounds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("first", "second")
    ]
    for writer in writers:
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        assert writer.communicate(timeout=120)[1] == ""
    found = [each.source for each in Ledger.read(ledger_path).entries[4:]]
    for name in ("first", "second"):
        own = [source for source in found if source.startswith(name)]
        assert own == [f"{name} {number:03}" for number in range(rounds)]
    assert len(found) == 2 * rounds
