"""Paths that tests share, and the reasons for which a test is skipped."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

PROJECT = Path(__file__).resolve().parents[1]
SHARED = PROJECT.parent / "shared"

# How long an example takes is the machine's business: no law fails on a busy one.
settings.register_profile("tumen", deadline=None)
settings.load_profile("tumen")


@pytest.fixture(scope="session")
def project() -> Path:
    """The project's root."""
    return PROJECT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of test data beside the project; skips the test when it is absent."""
    if not SHARED.is_dir():
        pytest.skip("test data beside the project (../shared) is absent")
    return SHARED
