"""Paths that tests share, and the reasons for which a test is skipped."""

from __future__ import annotations

from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
SHARED = PROJECT.parent / "shared"


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
