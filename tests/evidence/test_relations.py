"""Relations: cut by the as-of date, backtested, and honest when the model does not win."""

from __future__ import annotations

import csv
from datetime import date

import numpy as np
import pytest
from pydantic import ValidationError

from tumen.core.errors import CaseError
from tumen.evidence import Spec, find
from tumen.evidence.channels import Channel
from tumen.evidence.relations import relate, relation_findings

VOTES = {
    "id": "un-votes",
    "dyad": ["RUS", "CHN"],
    "name": "share of roll calls with the same vote",
    "observations": [
        {"period": year, "value": value}
        for year, value in [
            ("2006", "0.82"),
            ("2010", "0.74"),
            ("2015", "0.71"),
            ("2016", "0.68"),
            ("2017", "0.79"),
        ]
    ],
}


def monthly(values, **other):
    return Channel.model_validate(
        {
            "id": "events",
            "dyad": ["RUS", "CHN"],
            "name": "tone of events",
            "unit": "index",
            "observations": [
                {"period": f"{2010 + n // 12}-{n % 12 + 1:02d}", "value": float(value)}
                for n, value in enumerate(values)
            ],
            **other,
        }
    )


def only(channel, as_of=date(2020, 1, 1)):
    (finding,) = relation_findings([channel], as_of=as_of)
    return finding


def test_a_year_is_known_only_when_it_is_over():
    channel = Channel.model_validate(VOTES)
    assert relate(channel, as_of=date(2017, 8, 31)).known[-1].period == "2016"
    assert relate(channel, as_of=date(2017, 12, 31)).known[-1].period == "2016"
    assert relate(channel, as_of=date(2018, 1, 1)).known[-1].period == "2017"


def test_a_release_day_cuts_later_than_the_period_does():
    data = {**VOTES, "observations": [dict(each) for each in VOTES["observations"]]}
    data["observations"][3]["released"] = "2017-09-15"
    assert relate(Channel.model_validate(data), as_of=date(2017, 8, 31)).known[-1].period == "2015"


def test_too_few_values_stand_alone_and_say_so():
    finding = only(Channel.model_validate(VOTES), date(2017, 8, 31))
    assert (
        "between Russia and China stands at 68.0 % in 2016, after 82.0 % in 2006"
        in finding.sentence
    )
    assert any("too few for a level" in each for each in finding.caveats)


@pytest.mark.parametrize("seed", range(20))
def test_a_random_walk_is_forecast_no_better_than_by_its_last_value(seed):
    rng = np.random.default_rng(seed)
    finding = only(monthly(np.cumsum(rng.normal(0, 1, 48))))
    assert "A drifting level forecasts no better than the last value." in finding.caveats


def test_noise_around_a_level_is_forecast_better_and_says_by_how_much():
    rng = np.random.default_rng(3)
    finding = only(monthly(rng.normal(5, 1, 48)))
    assert "closer than the last value over 40 periods" in finding.sentence
    assert finding.caveats == ()


def test_a_break_is_named_with_its_period():
    rng = np.random.default_rng(1)
    values = np.concatenate([rng.normal(0, 0.3, 24), rng.normal(6, 0.3, 24)])
    assert "The level breaks in 2012-01." in only(monthly(values)).sentence


def test_the_level_is_projected_and_its_band_widens():
    rng = np.random.default_rng(2)
    grid = only(monthly(np.cumsum(rng.normal(0, 1, 24)))).grid
    assert {column.unit for column in grid.columns[2:]} == {"index"}
    level = [row for row in grid.rows if row[1] == "level"]
    assert [row[0] for row in level[-4:]] == ["2011-12", "2012-01", "2012-02", "2012-03"]
    widths = [row[4] - row[3] for row in level[-4:]]
    assert widths == sorted(widths)
    assert widths[0] < widths[-1]
    assert len({row[2] for row in level[-4:]}) == 1


def test_gaps_stay_gaps():
    channel = monthly(np.arange(24.0) % 5)
    kept = channel.model_copy(
        update={"observations": channel.observations[:6] + channel.observations[12:]}
    )
    relation = relate(kept, as_of=date(2020, 1, 1))
    assert len(relation.known) == 18
    assert relation.level is not None
    assert relation.level.level.shape == (24,)
    assert np.all(relation.level.weights[6:12] == 0)


def test_nothing_known_is_an_error():
    with pytest.raises(CaseError, match="nothing of channel 'un-votes' was known"):
        relate(Channel.model_validate(VOTES), as_of=date(2001, 1, 1))


@pytest.mark.parametrize(
    "change",
    [
        {"dyad": ["RUS", "RUS"]},
        {"dyad": ["RUS", "XXX"]},
        {"observations": [{"period": "2016", "value": "1"}, {"period": "2016-03", "value": "1"}]},
        {"observations": []},
        {"observations": [{"period": "2015", "value": "1"}, {"period": "2016-03", "value": "1"}]},
        {"unit": "points"},
    ],
)
def test_impossible_channels_are_refused(change):
    with pytest.raises(ValidationError):
        Channel.model_validate({**VOTES, **change})


def test_a_case_carries_its_relations_as_findings(section):
    section["relations"] = [{**VOTES, "sources": ["s1"]}]
    findings = find(Spec.model_validate(section), as_of=date(2017, 8, 31), seed=1)
    finding = next(each for each in findings if each.id == "evidence.relations.un-votes")
    assert finding.figure.kind == "series"
    assert finding.sources == ("s1",)
    section["relations"][0]["sources"] = ["nothing"]
    with pytest.raises(CaseError, match="'nothing' is no source"):
        find(Spec.model_validate(section), as_of=date(2017, 8, 31), seed=1)


@pytest.mark.oracle
def test_monthly_events_are_backtested(shared):
    path = shared / "data" / "relations" / "gdelt_bilateral_monthly_2018_2024.csv"
    if not path.is_file():
        pytest.skip("the monthly events are absent")
    with path.open(encoding="utf-8") as file:
        rows = [
            row for row in csv.DictReader(file) if (row["source"], row["target"]) == ("CHN", "RUS")
        ]
    channel = Channel.model_validate(
        {
            "id": "gdelt",
            "dyad": ["CHN", "RUS"],
            "name": "mean tone of events",
            "unit": "index",
            "observations": [
                {"period": row["month"], "value": row["mean"], "count": row["count"]}
                for row in rows
            ],
        }
    )
    relation = relate(channel, as_of=date(2025, 1, 1))
    assert relation.skill is not None
    assert relation.skill.forecasts > 60
    assert relation.skill.model_error > 0


@pytest.mark.oracle
def test_the_yearly_agreement_is_that_of_the_roll_calls(shared):
    duckdb = pytest.importorskip("duckdb")
    folder = shared / "data" / "relations"
    if not (folder / "un_votes.parquet").is_file():
        pytest.skip("the roll calls are absent")
    rows = duckdb.execute(
        f"""
        with votes as (
            select v.*, left(r.date, 4) as year
            from '{folder}/un_votes.parquet' v join '{folder}/un_roll_calls.parquet' r using (rcid)
        )
        select a.year, avg((a.vote = b.vote)::int)
        from votes a join votes b using (rcid)
        where a.country_code = 'RU' and b.country_code = 'CN' group by 1
        """
    ).fetchall()
    found = dict(rows)
    for each in VOTES["observations"]:
        assert abs(found[each["period"]] - float(each["value"])) <= 0.0051
