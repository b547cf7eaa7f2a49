"""Add a small country that the world table leaves out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tumen.core.countries import country_name
from tumen.core.errors import DataError, Problem, raise_all
from tumen.core.nearest import did_you_mean
from tumen.impact.calibration import calibrate_flows
from tumen.impact.closure import balance
from tumen.impact.economy import Economy, Floats
from tumen.impact.profile import Profile, read_profile
from tumen.trade import Facts

PROXIES = ("VNM", "ASEAN_other", "IDN")
"""Countries whose technology a poor, coal-rich economy of the region is given."""

CAPACITY = 1.3
"""Output is at least so many times exports: something is sold at home."""

FINAL = 0.05
"""Final demand is at least this part of what is available of a good."""


@dataclass(frozen=True, eq=False)
class Parts:
    """The target's numbers in the sectors of the economy.

    Attributes
    ----------
    output, home
        Value of output and home sales; (sector,).
    exports, imports
        By partner; (country, sector).
    input_share
        Inputs for each unit of output; (input, using sector).
    """

    output: Floats
    home: Floats
    exports: Floats
    imports: Floats
    input_share: Floats


def attach(
    economy: Economy,
    target: str,
    *,
    facts: Facts | None = None,
    profile: Profile | None = None,
    proxies: tuple[str, ...] = PROXIES,
    keep_deficit: bool = True,
) -> Economy:
    """Return the economy with one more country, made from published and assumed inputs.

    Value added by industry gives output by the proxies' technology; output less exports is sold at
    home; inputs are scaled so that goods suffice; final demand is the rest. Partners' spending
    stays: what they buy from the target they buy less from all others. The deficits of all other
    countries are then balanced away, the target's stays: its financing is part of the mechanism.

    Parameters
    ----------
    economy
        World without the target.
    target
        Alpha-3 code.
    facts
        Facts on the target; the attached totals are compared with them in the notes.
    profile
        Inputs; those that the package ships when None.
    proxies
        Countries whose input shares are averaged.
    keep_deficit
        Whether to balance the others' deficits away; False leaves them as they are.

    Raises
    ------
    DataError
        When a partner or sector is unknown, the target is there already, or it sells more to a
        partner than the partner buys.

    Examples
    --------
    >>> from tumen.impact import calibrate
    >>> from tumen.trade import read_world
    >>> attach(calibrate(read_world()), "PRK").countries.labels[-1]
    'PRK'
    """
    chosen = profile if profile is not None else read_profile(target)
    if target in economy.countries.labels:
        raise DataError(f"{target} is in the economy already", "attach")
    parts = target_parts(economy, chosen, proxies=proxies)
    wide = _joined(economy, target, parts, chosen, facts)
    return balance(wide, keep=(target,)) if keep_deficit else wide


def target_parts(
    economy: Economy,
    profile: Profile,
    *,
    proxies: tuple[str, ...] = PROXIES,
    quantiles: Floats | None = None,
) -> Parts:
    """Return the target's output, trade and technology.

    Parameters
    ----------
    quantiles
        See `Profile.values`; every array of the answer then leads with the axis of draws.

    Raises
    ------
    DataError
        When a partner or sector of the profile is none of the economy.
    """
    _refuse_unknown(economy, profile)
    values = profile.values(quantiles)
    batch, j = values.shape[:-1], len(economy.sectors)
    industry = np.zeros((*batch, j))
    trade = {key: np.zeros((*batch, len(economy.countries), j)) for key in ("exports", "imports")}
    gdp = np.zeros((*batch, 1))
    for place, row in enumerate(profile.rows):
        if row.key == "gdp":
            gdp[..., 0] = values[..., place]
        elif row.key == "industry":
            industry[..., economy.sectors.place(row.label)] += values[..., place]
        elif row.key in trade:
            partner = economy.countries.place(row.partner)
            trade[row.key][..., partner, economy.sectors.place(row.label)] += values[..., place]
    if (industry.sum(axis=-1) <= 0).any():
        raise DataError("the industries have no value added", profile.input.id)
    known = [name for name in proxies if name in economy.countries.labels]
    if not known:
        raise DataError("no proxy is a country of the economy", "attach: proxies")
    gamma, beta = proxy_technology(economy, tuple(known))
    value_added = gdp * industry / industry.sum(axis=-1, keepdims=True)
    sold = trade["exports"].sum(axis=-2)
    output = np.maximum(value_added / beta, CAPACITY * sold)
    home = output - sold
    available = home + trade["imports"].sum(axis=-2)
    used = _fitted(gamma * output[..., None, :], available * (1 - FINAL), (1 - beta) * output)
    made = output[..., None, :]
    share = np.divide(used, made, out=np.zeros_like(used), where=made > 0)
    return Parts(output, home, trade["exports"], trade["imports"], share)


def proxy_technology(economy: Economy, proxies: tuple[str, ...]) -> tuple[Floats, Floats]:
    """Return output-weighted input shares (input, using) and value-added shares (sector,)."""
    places = economy.countries.places(proxies)
    output = economy.output[places]
    total = output.sum(axis=0)
    weight = np.divide(output, total, out=np.full_like(output, 1 / len(places)), where=total > 0)
    gamma = np.einsum("cj,ckj->kj", weight, economy.input_share[places])
    return gamma, 1.0 - gamma.sum(axis=0)


def _fitted(used: Floats, most: Floats, wanted: Floats) -> Floats:
    """Scale inputs so that no good is used beyond what there is (RAS with capped rows).

    Each draw stops by itself, so that its answer does not depend on the others.
    """
    fitted = used.reshape(-1, *used.shape[-2:]).copy()
    most, wanted = most.reshape(len(fitted), -1), wanted.reshape(len(fitted), -1)
    open_ = np.arange(len(fitted))
    for _ in range(200):
        rows = fitted[open_] * _cap(fitted[open_], most[open_])
        columns = rows.sum(axis=-2)
        scale = np.divide(wanted[open_], columns, out=np.ones_like(columns), where=columns > 0)
        going = np.abs(scale - 1).max(axis=-1) >= 1e-10
        fitted[open_] = np.where(going[:, None, None], rows * scale[:, None, :], rows)
        open_ = open_[going]
        if len(open_) == 0:
            break
    return np.asarray((fitted * _cap(fitted, most)).reshape(used.shape))


def _cap(used: Floats, most: Floats) -> Floats:
    """Return the factor that keeps each row within what there is; (draw, input, 1)."""
    rows = used.sum(axis=-1)
    within = np.divide(most, rows, out=np.ones_like(rows), where=rows > 0)
    return np.asarray(np.minimum(1.0, within)[..., None])


def _joined(
    economy: Economy, target: str, parts: Parts, profile: Profile, facts: Facts | None
) -> Economy:
    n, j = len(economy.countries), len(economy.sectors)
    before = economy.sales()
    bought = before.sum(axis=0)
    _refuse_too_much(economy, parts.exports, bought)
    left = 1.0 - np.divide(parts.exports, bought, out=np.zeros_like(bought), where=bought > 0)
    sales = np.zeros((n + 1, n + 1, j))
    sales[:n, :n] = before * left[None]
    sales[n, :n] = parts.exports
    sales[:n, n] = parts.imports
    sales[n, n] = parts.home
    gamma = np.concatenate([economy.input_share, parts.input_share[None]])
    sales = _covered(sales, gamma)
    tariff = None
    if economy.tariff is not None:
        tariff = np.zeros_like(sales)
        tariff[:n, :n] = economy.tariff
    notes = (*economy.notes, *_notes(target, parts, profile, facts))
    return calibrate_flows(
        (*economy.countries, target),
        economy.sectors,
        sales=sales,
        input_share=gamma,
        trade_elasticity=economy.trade_elasticity,
        tariff=tariff,
        unit=economy.unit,
        notes=notes,
        inputs=(*economy.inputs, profile.input, *((facts.input,) if facts else ())),
    )


def _covered(sales: Floats, input_share: Floats) -> Floats:
    """Raise home sales a little where a partner would use more of a good than it buys."""
    home = np.arange(sales.shape[0])
    for _ in range(100):
        used = np.einsum("nkj,nj->nk", input_share, sales.sum(axis=1))
        short = used - sales.sum(axis=0)
        if (short <= 0).all():
            break
        sales[home, home] += 1.001 * np.maximum(short, 0.0)
    return sales


def _notes(target: str, parts: Parts, profile: Profile, facts: Facts | None) -> tuple[str, ...]:
    share = sum(row.status == "assumed" for row in profile.rows) / len(profile.rows)
    exports, imports = float(parts.exports.sum()), float(parts.imports.sum())
    notes = [
        f"{country_name(target)} is attached from {len(profile.rows)} inputs, "
        f"{100 * share:.0f} % of them assumed by the analyst; "
        f"exports {exports:,.0f}, imports {imports:,.0f} MUSD"
    ]
    if facts is None:
        return tuple(notes)
    for flow in ("exports", "imports"):
        for fact in facts.items:
            is_total = fact.flow == flow and not fact.partner and not fact.product
            if is_total and fact.period == "2016" and fact.unit == "MUSD":
                notes.append(f"{fact.series} puts {flow} of 2016 at {fact.value:,.0f} MUSD")
    return tuple(dict.fromkeys(notes))


def _refuse_unknown(economy: Economy, profile: Profile) -> None:
    problems = []
    for row in profile.rows:
        if (
            row.key in ("industry", "exports", "imports")
            and row.label not in economy.sectors.labels
        ):
            hint = did_you_mean(row.label, economy.sectors)
            problems.append(Problem(f"'{row.label}' is no sector", profile.input.id, hint))
        if row.key in ("exports", "imports") and row.partner not in economy.countries.labels:
            hint = did_you_mean(row.partner, economy.countries)
            problems.append(Problem(f"'{row.partner}' is no country", profile.input.id, hint))
    raise_all(dict.fromkeys(problems), DataError)


def _refuse_too_much(economy: Economy, exports: Floats, bought: Floats) -> None:
    wrong = exports > 0.5 * bought
    problems = [
        Problem(
            f"exports {exports[n, j]:,.0f} are more than half of what the partner buys",
            f"attach: {economy.countries.labels[n]}, {economy.sectors.labels[j]}",
            "check the unit (million USD a year)",
        )
        for n, j in np.argwhere(wrong)
    ]
    raise_all(problems, DataError)
