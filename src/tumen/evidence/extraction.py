"""What a text says without being understood: citations, references, quotes, numbers, days, words.

Everything here is proposed. A person accepts what enters a case.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from tumen.core.errors import DataError
from tumen.evidence.dates import Dated, dates
from tumen.evidence.estimates import (
    Estimative,
    LikelihoodWord,
    estimative_judgments,
    likelihood_words,
)
from tumen.evidence.mentions import Mention, mentions
from tumen.evidence.quantities import Quantity, quantities
from tumen.evidence.quotes import Quote, quotes
from tumen.evidence.references import Entry, InTextCitation, bibliography, citations
from tumen.evidence.sentences import Sentence, body_end, sentences
from tumen.evidence.texts import View, view

MOST_CHARACTERS = 2_000_000
"""Longer texts are refused; a book has about one million."""


@dataclass(frozen=True)
class Extraction:
    """What was found in a text; all ranges are of `view.text`, `view.span` gives the raw text.

    Attributes
    ----------
    body_end
        Where the bibliography begins.
    year
        Year that dates without one were given: that of most references; None when there is none.
    """

    view: View
    body_end: int
    year: int | None
    sentences: tuple[Sentence, ...]
    citations: tuple[InTextCitation, ...]
    bibliography: tuple[Entry, ...]
    quotes: tuple[Quote, ...]
    quantities: tuple[Quantity, ...]
    dates: tuple[Dated, ...]
    mentions: tuple[Mention, ...]
    words: tuple[LikelihoodWord, ...]
    judgments: tuple[Estimative, ...]


def extract(raw: str) -> Extraction:
    """Return what a source text says without being understood.

    Parameters
    ----------
    raw
        The text as it is; offsets lead back to it.

    Raises
    ------
    DataError
        When the text is longer than two million characters.

    Examples
    --------
    >>> found = extract("Trade is less than $100 Million (Lee 2018).")
    >>> found.quantities[0].value, found.citations[0].author
    (100000000.0, 'Lee')
    """
    if len(raw) > MOST_CHARACTERS:
        raise DataError(f"the text has {len(raw):,} characters; {MOST_CHARACTERS:,} are read")
    seen = view(raw)
    text = seen.text
    end = body_end(text)
    entries = bibliography(text, start=end) if end < len(text) else ()
    years = Counter(int(each.year[:4]) for each in entries)
    year = years.most_common(1)[0][0] if years else None
    parts = sentences(text, end=end)
    words = likelihood_words(text, end=end)
    body = text[:end]
    return Extraction(
        view=seen,
        body_end=end,
        year=year,
        sentences=parts,
        citations=citations(text, entries, end=end),
        bibliography=entries,
        quotes=quotes(text, parts, end=end),
        quantities=quantities(body),
        dates=dates(body, year=year),
        mentions=mentions(body),
        words=words,
        judgments=estimative_judgments(text, parts, words),
    )
