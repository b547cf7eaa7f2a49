"""The order of a brief: page one, the case, the weighing, the method, the annexes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tumen.brief.annex import annex, method_and_data, references
from tumen.brief.blocks import Block, Document, Heading
from tumen.brief.front import front, options
from tumen.brief.labels import Labels
from tumen.brief.sections import (
    assumptions,
    judgments,
    law,
    models,
    record_shows,
    rivals,
    weighings,
)
from tumen.brief.spec import Spec
from tumen.core.record import canonical_json, sha256_text

if TYPE_CHECKING:
    from tumen.assess import Assessment


def compose(record: Assessment, *, spec: Spec | None = None) -> Document:
    """Return the document tree of an assessment.

    Parameters
    ----------
    record
        The assessment.
    spec
        The case's section ``brief``; its defaults when left out.

    Returns
    -------
    Document
        Page one and the body; nothing in it is markup.

    Raises
    ------
    CaseError
        When the spec names a finding that the assessment lacks.

    Examples
    --------
    >>> import tumen
    >>> record = tumen.run(tumen.load("cases/russia-2023-oil-cap"))
    >>> compose(record).contents[0]
    ('Options: cost, likely reply, what each reveals', 'options')
    """
    chosen = spec or Spec()
    labels = Labels.of(record, page_one=chosen.page_one)
    body = tuple(_body(record, labels))
    return Document(
        title=chosen.title or record.title,
        question=record.question,
        as_of=record.as_of,
        horizon=record.horizon,
        authors=chosen.authors or record.authors,
        edition=sha256_text(canonical_json(record))[:12],
        front=front(record, labels, chosen),
        body=body,
        language=chosen.language,
        contents=tuple(
            (block.text, block.anchor)
            for block in body
            if isinstance(block, Heading) and block.level == 1
        ),
    )


def _body(record: Assessment, labels: Labels) -> Iterator[Block]:
    for part in (options, law, record_shows, rivals, models, weighings, judgments, assumptions):
        yield from part(record, labels)
    yield from method_and_data(record, labels)
    yield from annex(record, labels)
    yield from references(labels)
