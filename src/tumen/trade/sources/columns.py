"""From columns in the layout of BACI (country numbers, dollars, tonnes) to flows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from tumen.core.finding import Input
from tumen.trade.coded import Coded
from tumen.trade.flows import RECONCILED, Coverage, Flows

Columns = Mapping[str, NDArray[np.generic]]


def flows_of(
    columns: Columns,
    *,
    names: Mapping[int, str],
    newest: int,
    input: Input,
    vintage: str,
    caveats: tuple[str, ...],
    products: Iterable[str] | None = None,
    periods: Iterable[str] | None = None,
    parties: frozenset[str] = frozenset(),
) -> Flows:
    """Return flows from columns.

    Parameters
    ----------
    columns
        ``t`` year, ``i`` and ``j`` numbers of exporter and importer, ``k`` product as a number,
        ``v`` US dollars, ``q`` tonnes or NaN; each of shape (rows,).
    names
        Alpha-3 code by number.
    newest
        Newest year of the release, which is provisional.
    products, periods
        What the data set covers; what stands in the rows when None.
    parties
        See `Coverage`.
    """
    rows = len(columns["t"])
    product = _coded(columns["k"], lambda code: f"{code:06d}")
    period = _coded(columns["t"], str)
    return Flows(
        exporter=_countries(columns["i"], names),
        importer=_countries(columns["j"], names),
        product=product,
        period=period,
        value_usd=columns["v"].astype(np.float64),
        quantity=columns["q"].astype(np.float64),
        unit=Coded.constant("t", rows),
        reporter=Coded.constant(RECONCILED, rows),
        basis=Coded(
            (columns["t"] == newest).astype(np.int32).reshape(rows), ("recorded", "provisional")
        ),
        source=Coded.constant("BACI", rows),
        input=input,
        vintage=vintage,
        coverage=Coverage(
            frozenset(product.labels if products is None else products),
            frozenset(period.labels if periods is None else periods),
            parties,
        ),
        caveats=caveats,
    )


def _coded(column: NDArray[np.generic], word: Callable[[int], str]) -> Coded:
    distinct, codes = np.unique(column, return_inverse=True)
    return Coded(codes.astype(np.int32), tuple(word(int(value)) for value in distinct))


def _countries(column: NDArray[np.generic], names: Mapping[int, str]) -> Coded:
    distinct, codes = np.unique(column, return_inverse=True)
    # Two numbers may mean one country (58 and 56 are Belgium): words must stay distinct.
    words = Coded.of(names[int(number)] for number in distinct)
    return Coded(words.codes[codes], words.labels)
