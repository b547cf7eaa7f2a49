"""Rulings on dated transactions that were written from the texts, not from the library."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tumen import regime
from tumen.core.reading import read_yaml
from tumen.regime import Regime

CASES = Path(__file__).resolve().parents[1] / "oracles" / "regime"
TRUE = {"yes": True, "no": False}


def cases() -> Iterator[Any]:
    for path in sorted(CASES.rglob("*.yaml")):
        for number, case in enumerate(read_yaml(path).data["cases"]):
            name = f"{path.parent.name}/{path.stem}-{number}"
            yield pytest.param(path.parent.name, case, id=name)


@pytest.fixture(scope="module")
def programmes() -> dict[str, Regime]:
    return {name: regime.load(name) for name in regime.library()}


@pytest.mark.oracle
@pytest.mark.parametrize(("on", "case"), list(cases()))
def test_the_ruling_is_what_the_text_says(
    on: str, case: dict[str, Any], programmes: dict[str, Regime]
) -> None:
    law = programmes[case.get("regime", "UN-1718")]
    given = dict(case["given"])
    if "declared" in given:
        given["declared"] = {name: TRUE[value] for name, value in given["declared"].items()}
    if "quantity" in given:
        given["quantity"] = float(given["quantity"])
    uses = regime.ledger(law) if case.get("ledger") else None
    ruling = regime.rule(law, on=on, ledger=uses, **given)
    assert ruling.verdict == case["verdict"], ruling.summary
    assert ruling.lines[0].place == case.get("place", "")
    if "needs" in case:
        assert any(case["needs"] in need for need in ruling.needs), ruling.needs
    for line, verdict in case.get("lines", {}).items():
        found = ruling.line(line)
        assert found is not None
        assert found.verdict == verdict, (line, found)
    if "coverage" in case:
        assert ruling.coverage == case["coverage"]
    assert bool(ruling.red_flags) == ("red_flag" in case)


def test_there_are_more_than_sixty_cases() -> None:
    assert len(list(cases())) >= 140
