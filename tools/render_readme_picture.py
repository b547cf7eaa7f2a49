"""Render page one of a brief as docs/images/brief.png, the picture of the README.

    python tools/render_readme_picture.py [RECORD]

RECORD is an assessment.json; without it the shipped case is run.
"""

from __future__ import annotations

import sys
from pathlib import Path

import tumen
from tumen.assess import Assessment
from tumen.brief import charts, compose
from tumen.brief.drawing import draw_all
from tumen.brief.pdf import to_png
from tumen.brief.plain import pictures_of, plain_document

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "images" / "brief.png"
PIXELS_PER_INCH = 120.0


def main() -> None:
    """Write the picture."""
    if len(sys.argv) > 1:
        record = Assessment.model_validate_json(Path(sys.argv[1]).read_text(encoding="utf-8"))
    else:
        record = tumen.run(tumen.load(ROOT / "cases" / "dprk-2017-backfill"))
    document = plain_document(compose(record))
    drawings = draw_all(charts(record), pictures_of(document), is_for_phones=False)
    picture = to_png(document, drawings=drawings, ppi=PIXELS_PER_INCH)
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_bytes(picture)
    print(f"{PICTURE.relative_to(ROOT)}: {len(picture) // 1000} kB")


if __name__ == "__main__":
    main()
