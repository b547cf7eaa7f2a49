"""Schedules of relief: what the comparison says when promises are believed, and when not."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tumen.strategy.roadmap import Roadmap, follow, schedule
from tumen.strategy.schedules import SCHEDULES, best_schedule, compare_schedules

CASES = json.loads(
    (Path(__file__).parents[1] / "oracles/strategy/case_roadmap_public.json").read_text()
)["cases"]


@pytest.fixture
def roadmap() -> Roadmap:
    par = CASES[0]["params"]
    return Roadmap(
        relief=schedule("phased", step_value_target=np.array(par["nu"])),
        step_value_target=par["nu"],
        step_value_sender=par["v"],
        step_detection=np.full(4, par["q"]),
        intrusion=np.zeros(4),
        benefit=par["B"],
        relief_cost=par["gamma"],
        discount_target=par["dT"],
        discount_sender=par["dS"],
        breakdown=par["b"],
        snapback=par["rho"],
        penalty_caught=par["phiT"],
        cost_renege=par["phiS"],
        cost_snapback=par["phi_snap"],
        precision_target=par["lT"],
        precision_sender=par["lS"],
        horizon=par["H"],
    )


def test_the_table_agrees_with_the_worked_cases(roadmap: Roadmap) -> None:
    found = compare_schedules(
        roadmap, pressure=6.0, leaks=np.array([0.0, 0.25, 0.5]), costs=np.array([2.0, 6.0])
    )
    for case in CASES:
        place = {0: 0, 0.25: 1, 0.5: 2}.get(case["leak"])
        if place is None:
            continue
        column = {2.0: 0, 6.0: 1}[case["params"]["phiS"]]
        value = found.outlooks[case["schedule"]].value_sender[place, column]
        assert value == pytest.approx(case["expect"]["VS"], abs=1e-9)


def test_phasing_repairs_a_sender_who_is_not_believed(roadmap: Roadmap) -> None:
    found = compare_schedules(
        roadmap, pressure=6.0, leaks=np.array([0.0]), costs=np.array([0.5, 8.0])
    )
    phased, pressed = (found.outlooks[n].value_sender[0] for n in ("phased", "max_pressure"))
    assert phased[0] > pressed[0]
    assert pressed[1] > pressed[0]
    assert len(found.best_for_sender()[0]) == 2


def test_the_best_schedule_is_no_worse_than_the_named_ones(roadmap: Roadmap) -> None:
    found = best_schedule(roadmap)
    assert found.relief.sum() == pytest.approx(1.0)
    for name in SCHEDULES:
        relief = schedule(name, step_value_target=roadmap.step_value_target)
        named = follow(roadmap.at(relief=relief)).value_sender
        assert found.outlook.value_sender >= named - 1e-12
