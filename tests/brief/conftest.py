"""An assessment as the rooms below make it: long names, native scripts, every kind of chart."""

from __future__ import annotations

from pathlib import Path

import pytest

from tumen.assess import Assessment


@pytest.fixture(scope="session")
def record() -> Assessment:
    """A full assessment, made up for tests."""
    text = Path(__file__).with_name("sample.json").read_text(encoding="utf-8")
    return Assessment.model_validate_json(text)
