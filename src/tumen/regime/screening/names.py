"""Names as they are written, spelled, shortened and mistyped: normal forms of tokens.

Four forms, each looser than the one before. `normal` makes Latin letters of any script.
`fold` spells the variants of a transliteration alike. `skeleton` keeps the consonants, with
voiced and unvoiced alike. Looser forms find candidates; the tighter ones decide the score.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_CYRILLIC = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґў",
        "a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya "
        "i yi ye g u".replace("_", "").split(" "),
        strict=True,
    )
)
_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρσςτυφχψω",
        "a v g d e z i th i k l m n x o p r s s t y f ch ps o".split(),
        strict=True,
    )
)
# Consonants only, as the script writes them; the skeleton makes up for the missing vowels.
_ARABIC_LATIN = (
    "a b t th j h kh d dh r z s sh s d t z a gh f q k l m n h w y _ a a i a a p ch zh g k y"
)
_ARABIC = dict(
    zip(
        "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأإةىپچژگکی",
        _ARABIC_LATIN.replace("_", "").split(" "),
        strict=True,
    )
)
_LETTERS = dict(zip("æøłßđıþðœħ", "ae o l ss d i th d oe h".split(), strict=True))
_INITIAL = "g kk n d tt r m b pp s ss _ j jj ch k t p h".replace("_", "").split(" ")
_MEDIAL = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split()
_FINAL = "_ k k k n n n t l k m l l l p l m p p t t ng t t k t p t".replace("_", "").split(" ")

FORMS = frozenset(
    "co company corp corporation inc incorporated limited ltd llc llp plc pte pty gmbh ag sa sarl "
    "srl bv nv oy ab as spa spzoo ooo oao zao pao ao kft doo jsc ojsc pjsc cjsc group holding "
    "holdings gen general the of and for de la el al bin ibn abu trading trade enterprise "
    "enterprises international intl industrial industry industries import export development "
    "bureau ministry department dept committee bank commercial shipping "
    "dprk north korea korean democratic peoples republic state federation".split()
)
"""Tokens that say what kind of body it is, or of which country: they weigh little."""
FORM_SHARE = 0.3
"""Share of its weight that such a token keeps."""
LINKS = frozenset("of the and for de la".split())
"""Tokens that only link others: they weigh next to nothing."""
LINK_SHARE = 0.1

_COUNTRIES = (
    (" democratic peoples republic of korea ", " dprk "),
    (" north korea ", " dprk "),
    (" russian federation ", " russia "),
    (" peoples republic of china ", " china "),
    (" islamic republic of iran ", " iran "),
    (" syrian arab republic ", " syria "),
)

HONORIFICS = frozenset(
    "mr mrs ms miss dr prof professor sir madam general gen colonel col major maj captain capt "
    "lt lieutenant comrade sheikh sheik haji hajji mullah maulavi gospodin herr frau monsieur "
    "mme eng ing vice admiral marshal".split()
)
"""Tokens before a name that are no part of it."""

_EXPANSIONS = {
    "intl": "international",
    "corp": "corporation",
    "dev": "development",
    "ind": "industrial",
    "co": "company",
    "ltd": "limited",
    "gen": "general",
    "dept": "department",
    "mfg": "manufacturing",
    "tech": "technology",
    "trdg": "trading",
    "inc": "incorporated",
}

_NICKNAMES = (
    "aleksandr alexander alex aleks sasha sanya shura",
    "vladimir volodya vova vlad",
    "dmitri dmitry dmitriy dima mitya",
    "mikhail michael misha mike mick",
    "nikolai nikolay nicholas kolya nick",
    "ivan vanya john jon johnny jack",
    "sergei sergey seryozha serge",
    "yevgeni evgeny eugene zhenya gene",
    "andrei andrey andrew andy drew",
    "aleksei alexei alexey lyosha alyosha",
    "konstantin kostya constantine",
    "pavel paul pasha",
    "pyotr petr peter petya pete",
    "yuri yury yura george",
    "boris borya",
    "grigori grigory gregory grisha greg",
    "anatoli anatoly tolya",
    "viktor victor vitya vic",
    "vasili vasily vasya basil",
    "yekaterina ekaterina catherine katya kate kathy",
    "anastasia nastya",
    "natalia natalya natasha",
    "tatiana tatyana tanya",
    "william will bill billy liam",
    "robert rob bob bobby bert",
    "richard rich rick dick",
    "james jim jimmy jamie",
    "joseph joe josef yusuf yosef",
    "thomas tom tommy",
    "charles charlie chuck karl carl",
    "edward ed eddie ted ned",
    "anthony tony antonio",
    "david dave davy daud dawood",
    "daniel dan danny",
    "matthew matt",
    "christopher chris",
    "elizabeth liz beth betty",
    "margaret maggie peggy",
    "muhammad mohammed mohamed mohammad muhammed mohd md",
    "abdullah abdallah abdulla",
    "ibrahim abraham",
    "yusif yousef yusuf youssef",
    "ahmad ahmed ahmet",
    "hussein husayn hossein hussain",
    "ri lee yi rhee li",
    "pak park bak",
    "choe choi",
    "jong jung jeong chong chung",
    "rim lim im",
    "ryu yu yoo ryoo",
    "no ro roh noh",
    "jang chang zhang",
    "jo cho",
    "jon chon jeon",
    "ju chu joo zhu",
    "kang gang",
    "kim gim",
    "ryang yang",
    "o oh",
    "u woo wu",
    "un eun",
    "yun yoon",
    "paek baek paik",
    "kwon gwon",
)
_NICKNAME_GROUPS: dict[str, frozenset[int]] = {}
for _number, _line in enumerate(_NICKNAMES):
    for _name in _line.split():
        _NICKNAME_GROUPS[_name] = _NICKNAME_GROUPS.get(_name, frozenset()) | {_number}

_SPLIT = re.compile(r"[^0-9a-z]+")
_DOUBLED = re.compile(r"(.)\1+")
_DROPPED = dict.fromkeys(map(ord, "'`´’‘ʼʻ′."))
_OCR = str.maketrans("01583", "olsbe")
_FOLDS = (
    ("sch", "sh"), ("tch", "ch"), ("zh", "j"), ("kh", "h"), ("gh", "g"), ("ph", "f"),
    ("dh", "d"), ("th", "t"), ("ck", "k"), ("rn", "m"), ("vv", "w"), ("ts", "z"), ("tz", "z"),
    ("x", "ks"), ("q", "k"), ("w", "v"), ("yeo", "yo"), ("eo", "o"), ("eu", "u"), ("oo", "u"),
    ("ou", "u"), ("ee", "i"), ("ae", "e"), ("oe", "e"), ("ya", "a"), ("ia", "a"), ("yo", "o"),
    ("yu", "u"), ("iu", "u"), ("ye", "e"), ("ie", "e"), ("y", "i"),
)  # fmt: skip
_SOUNDS = str.maketrans("gdbjzrv", "ktpcslf")
_VOWELS = re.compile(r"[aeiouhy]")


def normal(name: str) -> str:
    """Return a name in lower-case Latin letters and digits, tokens parted by single spaces.

    Cyrillic, Greek, Arabic and Hangul are transliterated; a Han character becomes a token of
    its own, since its reading depends on the language.

    Examples
    --------
    >>> normal("PISKLIN, Mikhail Yur'evich")
    'pisklin mikhail yurevich'
    >>> normal("김정은")
    'gim jeong eun'
    """
    text = name.translate(_DROPPED).lower()
    if not text.isascii():
        text = "".join(map(_latin, unicodedata.normalize("NFKC", text)))
    return " ".join(_SPLIT.split(text)).strip()


@lru_cache(maxsize=8192)
def _latin(character: str) -> str:
    if character.isascii():
        return character
    for table in (_LETTERS, _CYRILLIC, _GREEK, _ARABIC):
        if character in table:
            return table[character]
    code = ord(character)
    if 0xAC00 <= code <= 0xD7A3:
        initial, rest = divmod(code - 0xAC00, 588)
        return f" {_INITIAL[initial]}{_MEDIAL[rest // 28]}{_FINAL[rest % 28]} "
    if 0x3400 <= code <= 0x9FFF:
        return f" han{code:x} "
    plain = unicodedata.normalize("NFKD", character)
    return "".join(part for part in plain if part.isascii()) or (
        "" if unicodedata.combining(character) else " "
    )


@lru_cache(maxsize=65536)
def fold(token: str) -> str:
    """Return a token with the usual variants of a transliteration spelled alike.

    Examples
    --------
    >>> fold("aleksey") == fold("alexei")
    True
    """
    folded = token if token.isdigit() else token.translate(_OCR)
    before = ""
    # One variant may make another: qh is kh, and kh is h.
    while folded != before:
        before = folded
        for variant, one in _FOLDS:
            if variant in folded:
                folded = folded.replace(variant, one)
        folded = _DOUBLED.sub(r"\1", folded)
    return folded


@lru_cache(maxsize=65536)
def skeleton(token: str) -> str:
    """Return the consonants of a token, voiced and unvoiced alike.

    Examples
    --------
    >>> skeleton("mikhail") == skeleton("mkhl")
    True
    """
    return bones(fold(token))


def bones(folded: str) -> str:
    """Return the skeleton of a token that is folded already."""
    return _DOUBLED.sub(r"\1", _VOWELS.sub("", folded).translate(_SOUNDS))


def form_share(token: str) -> float:
    """Return the share of its weight that a token keeps: little for a form, less for a link."""
    if token in LINKS:
        return LINK_SHARE
    return FORM_SHARE if token in FORMS else 1.0


def is_nickname(one: str, other: str) -> bool:
    """Return whether two tokens are usual forms of one name."""
    return bool(_NICKNAME_GROUPS.get(one, frozenset()) & _NICKNAME_GROUPS.get(other, frozenset()))


def spelled_out(token: str) -> str:
    """Return the long form of a company-form abbreviation."""
    return _EXPANSIONS.get(token, token)


def nickname_group(token: str) -> list[str]:
    """Return all usual forms of a name, without the name itself."""
    groups = _NICKNAME_GROUPS.get(token, frozenset())
    return sorted({name for group in groups for name in _NICKNAMES[group].split()} - {token})


MOST_TOKENS = 40
"""Words of a name that count: nobody has more, and the time grows with their square."""


def name_tokens(name: str) -> list[str]:
    """Return the tokens of a name without honorifics; forms spelled out, countries in short.

    A name that holds honorifics only keeps them.
    """
    text = f" {normal(name)} "
    for phrase, short in _COUNTRIES:
        text = text.replace(phrase, short)
    tokens = [_EXPANSIONS.get(token, token) for token in text.split()]
    if HONORIFICS.isdisjoint(tokens):
        return tokens
    return [token for token in tokens if token not in HONORIFICS] or tokens
