"""What is kept is what would be made."""

from __future__ import annotations

import hashlib
from pathlib import Path
from unittest.mock import Mock

import pytest

from tumen.brief import fonts, keeping
from tumen.brief.drawing import draw
from tumen.brief.fonts import font_faces, letters
from tumen.brief.keeping import kept

SPEC = {
    "data": {"values": [{"a": 1, "b": "coal"}]},
    "mark": "bar",
    "encoding": {
        "x": {"field": "a", "type": "quantitative"},
        "y": {"field": "b", "type": "nominal"},
    },
}


def plant(file: Path, content: str) -> None:
    """Write what a hand with access to the folder could write."""
    file.write_bytes(hashlib.sha256(content.encode()).digest() + content.encode())


def test_a_kept_drawing_equals_a_fresh_one_and_is_read_back(tmp_path: Path) -> None:
    fresh = draw(SPEC)
    assert draw(SPEC, kept_in=tmp_path) == fresh
    (file,) = tmp_path.iterdir()
    plant(file, file.read_bytes()[32:].decode().replace(">coal<", ">lead<"))
    assert draw(SPEC, kept_in=tmp_path) == fresh.replace(">coal<", ">lead<")


def test_a_damaged_or_hostile_kept_drawing_does_no_harm(tmp_path: Path) -> None:
    fresh = draw(SPEC, kept_in=tmp_path)
    (file,) = tmp_path.iterdir()
    for damaged in (b"", file.read_bytes()[:100], file.read_bytes()[:-1] + b"?"):
        file.write_bytes(damaged)
        assert draw(SPEC, kept_in=tmp_path) == fresh
    plant(file, '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
    assert "script" not in draw(SPEC, kept_in=tmp_path)


def test_kept_fonts_are_the_fonts_and_open_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "평양 é \u0645"
    fresh, faces = letters(words, kept_in=tmp_path), font_faces("평", kept_in=tmp_path)
    for slow in ("_cover", "_packed", "_cut"):
        monkeypatch.setattr(fonts, slow, Mock(side_effect=AssertionError))
    assert letters(words, kept_in=tmp_path) == fresh
    assert font_faces("평", kept_in=tmp_path) == faces


def test_the_oldest_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST_KEPT", 3)
    for number in range(9):
        assert kept(tmp_path, str(number), lambda n=number: bytes([n])) == bytes([number])
    assert len(list(tmp_path.iterdir())) <= 4


def test_a_folder_that_cannot_be_written_only_costs_time(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert draw(SPEC, kept_in=blocked / "drawings") == draw(SPEC)
