"""What a result was made from, so that it can be made again."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import PackageNotFoundError, version

from tumen.core.finding import Input
from tumen.core.record import Record

PACKAGES = ("tumen", "numpy", "scipy", "pydantic", "duckdb")
"""Packages whose version may change a number."""


class Manifest(Record):
    """Versions, seeds, settings and content hashes behind an assessment.

    Attributes
    ----------
    case_sha256
        Hash of the case: every file that may change a result.
    seed
        Root of the named random streams.
    inputs
        Data sets and libraries with their hashes.
    versions
        Package name to version; `verify` names a difference but does not fail on it alone.
    """

    case_sha256: str
    seed: int
    inputs: tuple[Input, ...]
    versions: dict[str, str]


def installed_versions() -> dict[str, str]:
    """Return Python's version and those of the packages that may change a number."""
    found = {"python": ".".join(map(str, sys.version_info[:3])), "machine": platform.machine()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
