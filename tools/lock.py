"""Write requirements.lock: what tumen needs, then what its tests need, with hashes, no host names.

Run it with uv on PATH after a change of dependencies in pyproject.toml:

    python tools/lock.py
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
TESTS_START = "# ---- what only the tests need ----\n"
HEAD = (
    "# Written by tools/lock.py from pyproject.toml; do not edit.\n"
    "# The upper part is what tumen needs, the lower part what only its tests need.\n"
)


def pins(*extras: str) -> dict[str, str]:
    """Return the locked blocks by name of the package, for tumen with these extras."""
    command = ["uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes"]
    command += ["--no-header", "--no-annotate", "--python-version", "3.11", "pyproject.toml"]
    command += [part for extra in extras for part in ("--extra", extra)]
    text = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    blocks = re.split(r"(?m)^(?=[A-Za-z0-9])", text)
    return {block.split(" ", 1)[0]: block for block in blocks if block.strip()}


def main() -> None:
    """Write the lock."""
    everything = pins("build", "test")
    needed = {name.split("==")[0] for name in pins("build")}
    upper = [block for name, block in everything.items() if name.split("==")[0] in needed]
    lower = [block for name, block in everything.items() if name.split("==")[0] not in needed]
    LOCK.write_text(HEAD + "".join(upper) + TESTS_START + "".join(lower), encoding="utf-8")
    print(f"{LOCK.name}: {len(upper)} packages, {len(lower)} more for the tests")


if __name__ == "__main__":
    main()
