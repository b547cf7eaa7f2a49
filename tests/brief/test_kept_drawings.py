"""A kept drawing is the drawing."""

from __future__ import annotations

from pathlib import Path

from tumen.brief.drawing import draw

SPEC = {
    "data": {"values": [{"a": 1, "b": "coal"}]},
    "mark": "bar",
    "encoding": {
        "x": {"field": "a", "type": "quantitative"},
        "y": {"field": "b", "type": "nominal"},
    },
}


def test_a_kept_drawing_equals_a_fresh_one_and_is_read_back(tmp_path: Path) -> None:
    fresh = draw(SPEC)
    assert draw(SPEC, kept_in=tmp_path) == fresh
    (file,) = tmp_path.iterdir()
    file.write_text(file.read_text().replace(">coal<", ">lead<"))
    assert draw(SPEC, kept_in=tmp_path) == fresh.replace(">coal<", ">lead<")


def test_a_damaged_or_hostile_kept_drawing_does_no_harm(tmp_path: Path) -> None:
    fresh = draw(SPEC, kept_in=tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_text(file.read_text()[:100])
    assert draw(SPEC, kept_in=tmp_path) == fresh
    file.write_text('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
    assert "script" not in draw(SPEC, kept_in=tmp_path)


def test_a_folder_that_cannot_be_written_only_costs_time(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert draw(SPEC, kept_in=blocked / "drawings") == draw(SPEC)
