"""Fonts from installed packages: where they lie, what they lack, and small subsets for pages.

The fonts are Source Serif Pro and Source Sans Pro (Latin, Greek, Cyrillic) and Noto Sans CJK
(Hangul, Han, kana), all under the SIL Open Font License.
"""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

from tumen.core.errors import DataError

_PACKAGES = ("font_source_serif_pro", "font_source_sans_pro")
_WIDE_PACKAGE = "noto_cjk_sans_otc"
_UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
"""Characters that print nothing and need no glyph."""
_KOREAN = 1
"""Place of the Korean face in the collection; every face holds all Han and Hangul."""


@dataclass(frozen=True)
class Face:
    """One face of a family as a page needs it."""

    family: str
    file: str
    weight: int
    style: str = "normal"


FACES = (
    Face("Source Serif Pro", "SourceSerifPro-Regular.ttf", 400),
    Face("Source Serif Pro", "SourceSerifPro-It.ttf", 400, "italic"),
    Face("Source Serif Pro", "SourceSerifPro-Semibold.ttf", 600),
    Face("Source Sans Pro", "SourceSansPro-Regular.ttf", 400),
    Face("Source Sans Pro", "SourceSansPro-Semibold.ttf", 600),
)


def text_font_folders() -> tuple[Path, ...]:
    """Return the folders with the fonts of running text."""
    return tuple(_folder(package) / "files" for package in _PACKAGES)


def font_folders() -> tuple[Path, ...]:
    """Return every folder with fonts, for the PDF."""
    return (*text_font_folders(), _folder(_WIDE_PACKAGE))


@cache
def _folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise DataError(
            f"the fonts of the package '{package.replace('_', '-')}' are missing",
            hint="install tumen again, its requirements hold the fonts",
        )
    return Path(next(iter(spec.submodule_search_locations)))


def _path(face: Face) -> Path:
    package = _PACKAGES[0] if "Serif" in face.family else _PACKAGES[1]
    return _folder(package) / "files" / face.file


def wide_font() -> Path:
    """Return the file of the collection with Hangul, Han and kana."""
    return _folder(_WIDE_PACKAGE) / "NotoSansCJK-Regular.ttc"


@cache
def _narrow_cover() -> frozenset[int]:
    """Return the characters that every upright face of running text holds."""
    covers = [_cover(_path(face), -1) for face in FACES if face.style == "normal"]
    return frozenset.intersection(*covers)


@cache
def _cover(path: Path, number: int) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(path, fontNumber=number, lazy=True) as font:
        return frozenset(font.getBestCmap())


def wide_characters(text: str) -> str:
    """Return the characters of a text that only the wide font holds, each once, in order."""
    narrow = _narrow_cover()
    others = {char for char in set(text) if ord(char) > 0x7E and ord(char) not in narrow}
    if not others:
        return ""
    wide = _cover(wide_font(), _KOREAN)
    return "".join(sorted(char for char in others if ord(char) in wide))


def without_glyph(text: str) -> str:
    """Return the characters that no font prints, each once, in order.

    Examples
    --------
    >>> without_glyph("Пхеньян, 평양, 平壤")
    ''
    """
    narrow = _narrow_cover()
    others = {char for char in set(text) if ord(char) > 0x7E and ord(char) not in narrow}
    others = {char for char in others if not char.isspace() and char not in _UNSEEN}
    if not others:
        return ""
    wide = _cover(wide_font(), _KOREAN)
    return "".join(sorted(char for char in others if ord(char) not in wide))


def font_faces(text: str) -> str:
    """Return CSS that embeds the fonts of a page.

    The faces of running text are embedded whole: cutting them costs a second and saves half a
    megabyte. Of the wide font only the characters in use are embedded.

    Parameters
    ----------
    text
        All words of the page.
    """
    rules = [_rule(face.family, face.weight, face.style, _packed(_path(face))) for face in FACES]
    wide = wide_characters(text)
    if wide:
        rules.append(_rule("Noto Sans CJK KR", 400, "normal", _cut(wide_font(), wide)))
    return "\n".join(rules)


def _rule(family: str, weight: int, style: str, woff: bytes) -> str:
    data = base64.b64encode(woff).decode("ascii")
    return (
        f"@font-face{{font-family:'{family}';font-weight:{weight};font-style:{style};"
        f"font-display:swap;src:url(data:font/woff;base64,{data}) format('woff')}}"
    )


@cache
def _packed(path: Path) -> bytes:
    """Return a whole font as WOFF."""
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True, recalcTimestamp=False) as font:
        font.flavor = "woff"
        stream = io.BytesIO()
        font.save(stream, reorderTables=None)
    return stream.getvalue()


@lru_cache(maxsize=8)
def _cut(path: Path, text: str) -> bytes:
    """Return the glyphs of some characters of the Korean face as WOFF."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options()
    options.layout_features = []
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.hinting = False
    with TTFont(path, fontNumber=_KOREAN, lazy=True, recalcTimestamp=False) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=sorted(map(ord, text)))
        cutter.subset(font)
        font.flavor = "woff"
        stream = io.BytesIO()
        font.save(stream)
    return stream.getvalue()
