"""A sweep whose process is killed at random points gives the bytes of one that was left alone."""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

SWEEP = """
import sys
import numpy as np
from tumen.impact import embargo, run_sweep, sweep
from tumen.impact.calibration import calibrate_table

folder, count, sweep.PIECE = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
rng = np.random.default_rng(7)
labels, goods = ("AAA", "BBB", "CCC", "DDD"), ("ore", "cars", "rest")
economy = calibrate_table(
    labels,
    goods,
    intermediate=rng.uniform(0.1, 1.0, (4, 3, 4, 3)),
    final=rng.uniform(1.0, 3.0, (4, 4, 3)),
    trade_elasticity=np.array([4.0, 6.0, 5.0]),
)

def scenario(number):
    draw = np.random.default_rng(number)
    sender, target = draw.choice(4, 2, replace=False)
    leak = float(draw.choice([0.0, 1e-3, draw.uniform()]))
    return embargo(economy, sender=labels[sender], target=labels[target], leak=leak)

result = run_sweep(economy, count, scenario, folder=folder)
sys.stdout.buffer.write(result.to_bytes())
"""


def start(folder: Path, count: int, piece: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", SWEEP, str(folder), str(count), str(piece)]
    return subprocess.Popen(command, stdout=subprocess.PIPE)


def finished(folder: Path, count: int, piece: int) -> str:
    process = start(folder, count, piece)
    content, _ = process.communicate(timeout=900)
    assert process.returncode == 0
    assert len(content) > count * 8
    return hashlib.sha256(content).hexdigest()


def killed(folder: Path, count: int, piece: int, *, after: int, wait: float) -> bool:
    """Kill a sweep some time after it has stored so many pieces; False when it ends before."""
    process = start(folder, count, piece)
    while process.poll() is None and len(list(folder.glob("*.npy"))) < after:
        time.sleep(0.001)
    time.sleep(wait)
    lived = process.poll() is None
    process.kill()
    process.communicate()
    return lived


@pytest.mark.parametrize(
    ("count", "piece", "kills"),
    [(400, 16, 3), pytest.param(10_000, 256, 12, marks=pytest.mark.slow)],
)
def test_killed_at_random_points_it_gives_the_same_bytes(
    tmp_path: Path, count: int, piece: int, kills: int
) -> None:
    dice = random.Random(count)
    folder, pieces = tmp_path / "killed", -(-count // piece)
    stops = sorted(dice.randrange(pieces) for _ in range(kills))
    struck = sum(
        killed(folder, count, piece, after=stop, wait=dice.uniform(0.0, 0.05)) for stop in stops
    )
    assert struck >= 2
    before = len(list(folder.glob("*.npy")))
    assert 0 < before < pieces
    assert finished(folder, count, piece) == finished(tmp_path / "whole", count, piece)
    assert not list(folder.glob("*.part"))
