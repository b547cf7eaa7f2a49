"""Arrays of an economy as the solver wants them, and the benchmark responses that speed it up.

Axes here are (sector, country, scenario) and (sector, importer, exporter): one product with a
sector's matrix serves all scenarios.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from tumen.impact.economy import Economy, Floats

Singles = NDArray[np.float32]
Real = TypeVar("Real", np.float32, np.float64)

SETTLED = 1e-8
"""Benchmark responses are computed to this: they steer and do not enter the result."""

LINKS = (np.float32(1.0), np.float32(1.15))
"""Links of foreign supply chains that a step follows beyond the exact home part, by their weight;
the last one stands for those that would follow it."""


@dataclass(frozen=True, eq=False)
class Kernel:
    """An economy in solver axes.

    Attributes
    ----------
    weight
        pi; (sector, importer, exporter).
    received
        pi / (1 + t): what reaches the exporter; the same array as `weight` without tariffs.
    inputs, inputs_by_user
        gamma as (country, input, using) and (country, using, input).
    beta, final_share
        (sector, country, 1).
    theta
        (sector, 1, 1).
    value_added, deficit
        (country, 1).
    output, spending
        Y and X at the benchmark; (sector, country, 1).
    """

    weight: Floats
    received: Floats
    inputs: Floats
    inputs_by_user: Floats
    beta: Floats
    final_share: Floats
    theta: Floats
    value_added: Floats
    deficit: Floats
    output: Floats
    spending: Floats

    @property
    def has_tariffs(self) -> bool:
        """Whether the benchmark has tariffs."""
        return self.received is not self.weight

    @cached_property
    def single(self) -> Kernel:
        """The same in single precision, for sweeps far from the answer."""
        values = {f.name: getattr(self, f.name).astype(np.float32) for f in fields(self)}
        if not self.has_tariffs:
            values["received"] = values["weight"]
        return Kernel(**values)


def kernel_of(economy: Economy) -> Kernel:
    """Return the arrays of an economy in solver axes; made once for each economy."""
    made = economy._memory.get("kernel")
    if not isinstance(made, Kernel):
        made = economy._memory["kernel"] = _arrange(economy)
    assert isinstance(made, Kernel)
    return made


def _arrange(economy: Economy) -> Kernel:
    weight = np.ascontiguousarray(economy.trade_share.transpose(2, 1, 0))
    received = weight
    if economy.tariff is not None:
        received = weight / (1 + economy.tariff.transpose(2, 1, 0))
    return Kernel(
        weight=weight,
        received=received,
        inputs=economy.input_share,
        inputs_by_user=np.ascontiguousarray(economy.input_share.transpose(0, 2, 1)),
        beta=np.ascontiguousarray(economy.value_added_share.T)[:, :, None],
        final_share=np.ascontiguousarray(economy.final_share.T)[:, :, None],
        theta=economy.trade_elasticity[:, None, None],
        value_added=economy.value_added[:, None],
        deficit=economy.deficit[:, None],
        output=np.ascontiguousarray(economy.output.T)[:, :, None],
        spending=np.ascontiguousarray(economy.expenditure.T)[:, :, None],
    )


@dataclass(frozen=True, eq=False)
class Steering:
    """First-order responses at a point, in single precision: they only steer.

    A step is nearly the exact linear one: at given wages, chains of suppliers abroad are followed
    for `LINKS` beyond the exact home part, prices first and then output, which feels them;
    wages are exact given these.

    Attributes
    ----------
    price_block, output_block
        Inverse of (I - home share x inputs) for prices and for output; (country, sector, sector).
    cost_block, demand_block
        Input costs and input demand of the two blocks above; (country, sector, sector).
    abroad, sold_abroad
        Weight of foreign suppliers in a price, and of foreign buyers in output over value added;
        (sector, country, country).
    moved
        d(Y/VA) by costs: sales won and lost, at given spending; (sector, country, country).
    price_of_wage, output_of_wage
        dlp/dlw and d(Y/VA)/dlw with all markets but labour's cleared; (sector x country, country).
    wage_of_gap
        Change of log wages that closes labour gaps; (country, country).
    beta
        Value-added shares; (sector, country, 1).
    """

    price_block: Singles
    output_block: Singles
    cost_block: Singles
    demand_block: Singles
    abroad: Singles
    sold_abroad: Singles
    moved: Singles
    price_of_wage: Singles
    output_of_wage: Singles
    wage_of_gap: Floats
    beta: Singles

    def step(
        self, price_gap: Singles, goods_gap: Singles, labour_gap: Floats
    ) -> tuple[Singles, Singles, Floats]:
        """Return the changes of log prices, output over value added and log wages that close gaps.

        Gaps of prices and goods are (sector, country, scenario), of labour (country, scenario).
        """
        gap = felt = price_gap
        flow = cost = by_country(self.cost_block, gap)
        for weight in LINKS:
            gap = weight * np.matmul(self.abroad, flow)
            flow = by_country(self.cost_block, gap)
            felt, cost = felt + gap, cost + flow
        gap = wanted = goods_gap + np.matmul(self.moved, cost)
        for weight in LINKS:
            gap = weight * np.matmul(self.sold_abroad, by_country(self.demand_block, gap))
            wanted = wanted + gap
        output = by_country(self.output_block, wanted)
        paid = np.einsum("jn,jns->ns", self.beta[:, :, 0], output)
        wage = self.wage_of_gap @ (labour_gap + paid)
        single = wage.astype(np.float32)
        price = by_country(self.price_block, felt)
        price += np.matmul(self.price_of_wage, single).reshape(price.shape)
        output += np.matmul(self.output_of_wage, single).reshape(output.shape)
        return price, output, wage

    def transposed(
        self, price: Singles, goods: Singles, labour: Floats
    ) -> tuple[Singles, Singles, Floats]:
        """Return the transpose of `step` times changes of log prices, output and log wages."""
        flat = (-1, price.shape[2])
        felt = labour + self.price_of_wage.T @ price.reshape(flat)
        felt = felt + self.output_of_wage.T @ goods.reshape(flat)
        labour_gap = self.wage_of_gap.T @ felt
        paid = self.beta * labour_gap.astype(np.float32)
        gap = goods_gap = by_country(self.output_block.transpose(0, 2, 1), goods + paid)
        for weight in LINKS:
            gap = weight * np.matmul(self.sold_abroad.transpose(0, 2, 1), gap)
            gap = by_country(self.demand_block.transpose(0, 2, 1), gap)
            goods_gap = goods_gap + gap
        cost = np.matmul(self.moved.transpose(0, 2, 1), goods_gap)
        to_cost = self.cost_block.transpose(0, 2, 1)
        gap = by_country(self.price_block.transpose(0, 2, 1), price) + by_country(to_cost, cost)
        price_gap = gap
        for weight in LINKS:
            gap = weight * by_country(to_cost, np.matmul(self.abroad.transpose(0, 2, 1), gap))
            price_gap = price_gap + gap
        return price_gap, goods_gap, labour_gap


def steering_of(economy: Economy) -> Steering:
    """Return the benchmark responses of an economy; made once for each economy."""
    made = economy._memory.get("steering")
    if not isinstance(made, Steering):
        made = economy._memory["steering"] = respond(kernel_of(economy))
    assert isinstance(made, Steering)
    return made


def respond(kernel: Kernel, *, unit: Floats | None = None) -> Steering:
    """Linearise the model at a kernel's point and solve it for every country's wage.

    `unit` (country, 1) is what output is measured in; the kernel's value added when None.
    """
    size = kernel.value_added if unit is None else unit
    home = np.einsum("jnn->nj", kernel.weight)
    home_received = np.einsum("jnn->nj", kernel.received)
    eye = np.eye(home.shape[1])
    price_block = np.linalg.inv(eye - home[:, :, None] * kernel.inputs_by_user)
    output_block = np.linalg.inv(eye - home_received[:, :, None] * kernel.inputs)
    sectors, countries = home.shape[1], home.shape[0]
    wages = np.eye(countries)
    price = _price_response(kernel, price_block, wages)
    output = _output_response(kernel, output_block, wages, price)
    gap = (kernel.beta * output).sum(axis=0) / kernel.value_added - wages
    weight = kernel.value_added[:, 0] / kernel.value_added.sum()
    # The labour rows sum to nothing (Walras) and a common wage change does nothing: one rank is
    # free and pins the numeraire. The pseudo-inverse serves worlds of several components.
    wage_of_gap = -np.linalg.pinv(gap - weight[None, :], rcond=1e-12)
    back = kernel.received.transpose(0, 2, 1)
    won = np.matmul(back * kernel.spending.transpose(0, 2, 1), kernel.weight)
    won[:, range(countries), range(countries)] -= kernel.output[:, :, 0]
    flat = (sectors * countries, countries)
    return Steering(
        price_block=_single(price_block),
        output_block=_single(output_block),
        cost_block=_single(np.matmul(kernel.inputs_by_user, price_block)),
        demand_block=_single(np.matmul(kernel.inputs, output_block)),
        abroad=_single(_without_home(kernel.weight)),
        sold_abroad=_single(_without_home(back * (size[:, 0] / size))),
        moved=_single(kernel.theta * won / size),
        price_of_wage=_single(price.reshape(flat)),
        output_of_wage=_single((output / size).reshape(flat)),
        wage_of_gap=wage_of_gap * (size / kernel.value_added)[:, 0],
        beta=_single(kernel.beta),
    )


def _single(values: Floats) -> Singles:
    return np.ascontiguousarray(values, dtype=np.float32)


def _without_home(matrices: Floats) -> Floats:
    abroad = matrices.copy()
    home = np.arange(abroad.shape[1])
    abroad[:, home, home] = 0.0
    return abroad


def by_country(blocks: NDArray[np.floating], values: NDArray[Real]) -> NDArray[Real]:
    """Multiply every country's (sector x sector) block with its column of (sector, country, .)."""
    out = np.empty(values.shape, dtype=np.result_type(blocks, values))
    np.matmul(blocks, values.transpose(1, 0, 2), out=out.transpose(1, 0, 2))
    return out


def _price_response(kernel: Kernel, block: Floats, wages: Floats) -> Floats:
    direct = kernel.beta * wages[None]
    price = np.zeros_like(direct)
    for _ in range(500):
        cost = direct + by_country(kernel.inputs_by_user, price)
        change = by_country(block, np.matmul(kernel.weight, cost) - price)
        price += change
        if np.abs(change).max() < SETTLED:
            break
    return price


def _output_response(kernel: Kernel, block: Floats, wages: Floats, price: Floats) -> Floats:
    cost = kernel.beta * wages[None] + by_country(kernel.inputs_by_user, price)
    sold = kernel.received * kernel.spending
    back = sold.transpose(0, 2, 1)
    moved = -kernel.theta * (kernel.output * cost - np.matmul(back, price))
    received = kernel.received.transpose(0, 2, 1)
    earned = np.matmul(received, kernel.final_share * (kernel.value_added * wages)[None])
    direct = moved + earned
    output = np.zeros_like(direct)
    size = kernel.value_added
    for _ in range(500):
        bought = by_country(kernel.inputs, output)
        change = by_country(block, direct + np.matmul(received, bought) - output)
        output += change
        if np.abs(change / size).max() < SETTLED:
            break
    return np.asarray(output)
