"""Fonts from installed packages: where they lie, what they lack, and small subsets for pages.

The fonts are Source Serif Pro and Source Sans Pro (Latin, Greek, Cyrillic) and Noto Sans CJK
(Hangul, Han, kana), all under the SIL Open Font License.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from tumen.brief.keeping import kept
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


@dataclass(frozen=True)
class Letters:
    """The characters of a text beyond ASCII, by who prints them, each once and in order.

    Attributes
    ----------
    wide
        Only the wide font holds them.
    missing
        No font holds them.
    """

    wide: str
    missing: str


def letters(text: str, *, kept_in: Path | None = None) -> Letters:
    """Return which fonts a text needs beside those of running text.

    Parameters
    ----------
    text
        All words of a page.
    kept_in
        Folder in which the answer is kept; fonts are slow to open.

    Examples
    --------
    >>> letters("Пхеньян, 평양, \u0645")
    Letters(wide='양평', missing='م')
    """
    shown = {char for char in set(text) if ord(char) > 0x7E and not char.isspace()}
    beyond = "".join(sorted(shown - set(_UNSEEN)))
    if not beyond:
        return Letters("", "")
    content = kept(kept_in, f"letters {_versions()} {beyond}", lambda: _sorted_out(beyond))
    wide, missing = content.decode().split("\n")
    return Letters(wide, missing)


def _sorted_out(beyond: str) -> bytes:
    narrow = frozenset.intersection(
        *(_cover(_path(face), -1) for face in FACES if face.style == "normal")
    )
    others = [char for char in beyond if ord(char) not in narrow]
    wide = _cover(wide_font(), _KOREAN) if others else frozenset()
    held = "".join(char for char in others if ord(char) in wide)
    return f"{held}\n{''.join(char for char in others if ord(char) not in wide)}".encode()


@cache
def _versions() -> str:
    names = ("fonttools", *_PACKAGES, _WIDE_PACKAGE)
    return " ".join(version(name.replace("_", "-")) for name in names)


@cache
def _cover(path: Path, number: int) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(path, fontNumber=number, lazy=True) as font:
        return frozenset(font.getBestCmap())


def font_faces(wide: str, *, kept_in: Path | None = None) -> str:
    """Return CSS that embeds the fonts of a page.

    The faces of running text are embedded whole: cutting them costs a second and saves half a
    megabyte. Of the wide font only the characters in use are embedded.

    Parameters
    ----------
    wide
        The characters that the wide font prints, from `letters`.
    kept_in
        Folder in which packed fonts are kept.
    """

    def woff(face: str, pack: Callable[[], bytes]) -> bytes:
        return kept(kept_in, f"woff {_versions()} {face}", pack)

    rules = [
        _rule(face.family, face.weight, face.style, woff(face.file, partial(_packed, _path(face))))
        for face in FACES
    ]
    if wide:
        cut = woff(f"wide {wide}", lambda: _cut(wide_font(), wide))
        rules.append(_rule("Noto Sans CJK KR", 400, "normal", cut))
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
