"""The long run and its gradient on JAX: the same equations, derivatives by the machine.

Extra `jax`. Nothing here is loaded before it is used. Arrays stand as in `kernel`: (sector,
country) and (sector, importer, exporter), in double precision. Where JAX has a GPU it is used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from tumen.core.errors import DataError, ModelError
from tumen.core.status import Status
from tumen.impact.block import LongRun
from tumen.impact.economy import Economy, Floats
from tumen.impact.gradient import Gradient
from tumen.impact.kernel import kernel_of, steering_of
from tumen.impact.response import Response
from tumen.impact.shock import Shock
from tumen.impact.weights import cells_of, refuse_stranded

Array = Any
"""An array of JAX; it has no types of its own here, as the extra may be absent."""

RESIDUALS = ("price", "goods", "labour", "walras")
ADJOINT = 1e-8
"""Stop of one pass over the adjoint equations, as a share of their right-hand side."""
PASSES = 2
"""Passes: the second one solves for what the first one left, down to rounding."""
UNSOLVED = 1e-12
"""What the adjoint equations may miss after all passes, as a share."""
RIDGE = 1e-12
"""Relative Tikhonov term of Anderson's least squares."""
SAME = 1e-6
"""How near a response must be to the economy and the shock that it names."""


class _Model(NamedTuple):
    """What the equations need; `kept` is 1 / (1 + t'), or None without tariffs."""

    weight: Array
    kept: Array | None
    inputs: Array
    beta: Array
    final_share: Array
    theta: Array
    value_added: Array
    fixed: Array
    """Income besides wages and tariffs, over value added; (country,)."""
    following: Array
    """Deficit over value added that moves with the country's wage; (country,)."""


class _Steering(NamedTuple):
    """Benchmark responses of `kernel.Steering`, in double precision."""

    price_block: Array
    output_block: Array
    price_of_wage: Array
    output_of_wage: Array
    wage_of_gap: Array


class _State(NamedTuple):
    """Log prices, output over value added (sector, country), and log wages (country,)."""

    log_price: Array
    output: Array
    log_wage: Array


class _Market(NamedTuple):
    """Choices at a state, levels over benchmark value added; share is (sector, n, i)."""

    share: Array
    appeal: Array
    income: Array
    spent: Array
    sold: Array


@dataclass(frozen=True)
class JaxBackend:
    """Solves the long run, and differentiates it, on JAX.

    It serves single solves and gradients with low delay, GPUs, and gradients of economies with
    tariffs. The first call for a size of economy compiles for seconds.

    Attributes
    ----------
    settings
        As of `solve`; an extreme shock is not walked to in stages here.
    cache
        Folder in which compiled programs are kept between processes; none when None.

    Raises
    ------
    DataError
        When JAX is not installed.

    Examples
    --------
    ``JaxBackend(cache=folder).solve(economy, shock)`` is `solve(economy, shock)`, and
    ``JaxBackend().leak_values(response, {"RUS": 1.0})`` is `leak_values`.
    """

    settings: LongRun = field(default_factory=lambda: LongRun(tolerance=1e-11))
    cache: Path | None = None

    def __post_init__(self) -> None:
        try:
            import jax  # noqa: F401
        except ImportError as error:
            what = "the JAX backend needs the extra 'jax'"
            raise DataError(what, "JaxBackend", "pip install tumen[jax]") from error

    def solve(self, economy: Economy, shock: Shock) -> Response:
        """Return the long-run counterfactual of one shock, as `tumen.impact.solve` does.

        Raises
        ------
        ModelError
            When there is no answer; it carries the `Status`, no number comes with it.
        """
        model, note = _model(economy, shock, self.settings)
        kernel = kernel_of(economy)
        start = _State(
            np.zeros(kernel.output.shape[:2]),
            kernel.output[:, :, 0] / economy.value_added,
            np.zeros(len(economy.countries)),
        )
        chosen = self.settings
        with _session(self.cache):
            run = _programs().fixed_point
            state, worst, sweeps = run(
                model, _steering(economy), start, chosen.tolerance, chosen.iterations, chosen.memory
            )
            market = _programs().market(model, state)
        state = _State(*map(np.asarray, state))
        market = _Market(*map(np.asarray, market))
        gaps = dict(zip(RESIDUALS, np.asarray(worst).tolist(), strict=True))
        status = _status(int(sweeps), gaps, chosen.tolerance, note)
        _refuse(economy, shock, status, market.income)
        return _response(economy, shock, status, state, market)

    def leak_values(self, response: Response, weights: Mapping[str, float]) -> Gradient:
        """Return the derivative of a weighted sum of equivalent variations for every flow.

        As `tumen.impact.leak_values`, and for economies with tariffs too. The equations are
        differentiated by reverse accumulation at the response, whichever backend solved it. JAX
        does not count its products: `iterations` is 0.

        Raises
        ------
        ModelError
            When the response has other deficits or elasticities than its economy and shock say,
            or the adjoint equations are not solved.
        """
        economy = response.economy
        model, ease, state = _at(response)
        wanted = np.zeros(len(economy.countries))
        for name, weight in weights.items():
            wanted[economy.countries.place(name)] = weight
        worth = wanted * economy.value_added
        with _session(self.cache):
            raw, missed = _programs().gradient(model, _steering(economy), state, worth)
        if not float(missed) <= UNSOLVED:
            what = f"the adjoint equations are solved to {float(missed):.2g} only"
            raise ModelError(what, "gradient", "tighten the solve")
        named = " + ".join(f"{w:g} EV({n})" for n, w in weights.items())
        return Gradient(economy, (np.asarray(raw) * ease).transpose(2, 1, 0), named, 0)


def _model(economy: Economy, shock: Shock, settings: LongRun) -> tuple[_Model, str]:
    """Return the arrays of a shock, and what was done about purchases without a supplier."""
    kernel = kernel_of(economy)
    theta = economy.trade_elasticity
    cells = cells_of(economy, kernel, shock, theta=theta, missing=settings.missing)
    refuse_stranded(economy, kernel, shock, cells)
    if cells.kernel is not None:
        raise ModelError("who does without is not solved on JAX", "JaxBackend", "use solve")
    places = cells.sector, cells.importer, cells.exporter
    weight, received = kernel.weight.copy(), kernel.received.copy()
    weight[places], received[places] = cells.weight, cells.received
    kept = None
    if kernel.has_tariffs or shock.tariff is not None:
        kept = np.divide(received, weight, out=np.ones_like(weight), where=weight > 0)
    transfer = 0.0 if shock.transfer is None else shock.transfer
    deficit = economy.deficit / economy.value_added
    has_fixed = settings.deficits == "fixed"
    fixed = transfer / economy.value_added + (deficit if has_fixed else np.zeros_like(deficit))
    following = np.zeros_like(deficit) if has_fixed else deficit
    return _arranged(economy, weight, kept, fixed, following), cells.note


def _arranged(
    economy: Economy, weight: Floats, kept: Floats | None, fixed: Floats, following: Floats
) -> _Model:
    kernel = kernel_of(economy)
    return _Model(
        weight=weight,
        kept=kept,
        inputs=kernel.inputs,
        beta=kernel.beta[:, :, 0],
        final_share=kernel.final_share[:, :, 0],
        theta=kernel.theta[:, :, 0],
        value_added=economy.value_added,
        fixed=fixed,
        following=following,
    )


def _at(response: Response) -> tuple[_Model, Floats, _State]:
    """Return the model and state of a response, and dW/dm; the weights follow from its shares."""
    economy, shock = response.economy, response.shock
    kernel = kernel_of(economy)
    closed = economy.deficit if shock.transfer is None else economy.deficit + shock.transfer
    if np.abs(response.deficit - closed).max() > SAME * economy.value_added.sum():
        raise ModelError("derivatives are for fixed deficits", "gradient", "LongRun()")
    theta = kernel.theta[:, :, 0]
    state = _State(
        np.log(response.price_hat.T),
        response.output.T / economy.value_added,
        np.log(response.wage_hat),
    )
    inputs = np.einsum("nkj,kn->jn", kernel.inputs, state.log_price)
    attraction = np.exp(-theta * (kernel.beta[:, :, 0] * state.log_wage + inputs))
    appeal = np.exp(-theta * state.log_price)
    weight = response.trade_share.transpose(2, 1, 0) * appeal[:, :, None] / attraction[:, None, :]
    kept, ease = None, kernel.weight
    if response.tariff is not None:
        after = 1 + response.tariff.transpose(2, 1, 0)
        before = 1.0 if economy.tariff is None else 1 + economy.tariff.transpose(2, 1, 0)
        kept, ease = 1 / after, kernel.weight * (after / before) ** -theta[:, :, None]
    expected = ease * shock.dense().transpose(2, 1, 0)
    # Where no supplier is left, the rule for missing purchases decides instead.
    is_alive = expected.sum(axis=2) > 0
    if np.abs(weight - expected)[is_alive].max() > SAME:
        raise ModelError("the response was solved with other elasticities", "gradient")
    fixed = closed / economy.value_added
    return _arranged(economy, weight, kept, fixed, np.zeros_like(fixed)), ease, state


def _steering(economy: Economy) -> _Steering:
    made = steering_of(economy)
    names = _Steering._fields
    return _Steering(*(getattr(made, name).astype(np.float64) for name in names))


def _status(sweeps: int, gaps: dict[str, float], tolerance: float, note: str) -> Status:
    if all(gap <= tolerance for gap in gaps.values()):
        return Status("converged", sweeps, gaps, tolerance, note)
    worst = max(gaps, key=lambda name: (not np.isfinite(gaps[name]), gaps[name]))
    message = f"the {worst} residual is {gaps[worst]:.2g} after {sweeps} sweeps"
    return Status("not_converged", sweeps, gaps, tolerance, message)


def _refuse(economy: Economy, shock: Shock, status: Status, income: Floats) -> None:
    hint = "tumen.impact.solve walks to an extreme shock in stages"
    if status.has_converged and not (income > 0).all():
        names = [n for n, v in zip(economy.countries, income, strict=True) if v <= 0]
        message = f"nothing is left to spend in {', '.join(names)}"
        hint = "a surplus or transfer is more than income; balance the economy"
        status = Status("infeasible", 0, message=message)
    if not status.has_converged:
        what = f"no answer for '{shock.label or 'shock'}': {status.message}"
        raise ModelError(what, "solve", hint, status=status)


def _response(
    economy: Economy, shock: Shock, status: Status, state: _State, market: _Market
) -> Response:
    va = economy.value_added
    tariff = economy.tariff if shock.tariff is None else shock.tariff
    wage, income = np.exp(state.log_wage), market.income * va
    share, spending = market.share.transpose(2, 1, 0), (market.spent * va).T
    revenue = np.zeros_like(income)
    if tariff is not None:
        revenue = (share * spending * tariff / (1 + tariff)).sum(axis=(0, 2))
    return Response(
        economy=economy,
        shock=shock,
        status=status,
        price_hat=np.exp(state.log_price).T,
        wage_hat=wage,
        output=(state.output * va).T,
        expenditure=spending,
        trade_share=share,
        tariff=tariff,
        income=income,
        price_index_hat=np.exp((economy.final_share.T * state.log_price).sum(axis=0)),
        deficit=income - revenue - wage * va,
    )


@contextmanager
def _session(folder: Path | None) -> Iterator[None]:
    """Compute in double precision, with compiled programs kept in a folder; then as before."""
    import jax
    from jax.experimental.compilation_cache import compilation_cache

    with jax.enable_x64(True):
        if folder is None:
            yield
            return
        wanted = {
            "jax_compilation_cache_dir": str(folder),
            "jax_persistent_cache_min_compile_time_secs": 0.0,
            "jax_persistent_cache_min_entry_size_bytes": -1,
        }
        before = {name: getattr(jax.config, name) for name in wanted}
        compilation_cache.reset_cache()
        try:
            for name, value in wanted.items():
                jax.config.update(name, value)
            yield
        finally:
            for name, value in before.items():
                jax.config.update(name, value)
            compilation_cache.reset_cache()


class _Programs(NamedTuple):
    fixed_point: Any
    market: Any
    gradient: Any


@cache
def _programs() -> _Programs:
    """Return what JAX compiles, once for each size of economy."""
    import jax

    return _Programs(jax.jit(_fixed_point, static_argnums=5), jax.jit(_market), jax.jit(_gradient))


def _market(model: _Model, state: _State) -> _Market:
    """Eqs. (1) to (6): what buyers choose and spend at given prices, output and wages."""
    import jax.numpy as jnp

    wage = jnp.exp(state.log_wage)
    inputs = jnp.einsum("nkj,kn->jn", model.inputs, state.log_price)
    attraction = jnp.exp(-model.theta * (model.beta * state.log_wage + inputs))
    appeal = jnp.einsum("jni,ji->jn", model.weight, attraction)
    share = model.weight * attraction[:, None, :] / appeal[:, :, None]
    earned = wage * model.value_added
    shift = (model.following * earned).sum() / earned.sum()
    income = wage * (1.0 + model.following - shift) + model.fixed
    intermediate = jnp.einsum("nkj,jn->kn", model.inputs, state.output)
    received = model.weight
    if model.kept is not None:
        received = model.weight * model.kept
        taken = 1.0 - jnp.einsum("jni,ji->jn", received, attraction) / appeal
        levied = (taken * (intermediate + model.final_share * income)).sum(axis=0)
        income = income + levied / (1.0 - (taken * model.final_share).sum(axis=0))
    spent = intermediate + model.final_share * income
    demand = spent * model.value_added / appeal
    sold = attraction * jnp.einsum("jni,jn->ji", received, demand) / model.value_added
    return _Market(share, appeal, income, spent, sold)


def _gaps(model: _Model, state: _State) -> _State:
    """Residuals of prices (2), goods (4) and labour (7), in the units of the state."""
    import jax.numpy as jnp

    market = _market(model, state)
    labour = (model.beta * state.output).sum(axis=0) - jnp.exp(state.log_wage)
    price = -jnp.log(market.appeal) / model.theta - state.log_price
    return _State(price, market.sold - state.output, labour)


def _steer(steering: _Steering, beta: Array, gaps: _State) -> _State:
    """Return the move that closes the gaps, to first order at the benchmark."""
    import jax.numpy as jnp

    shape = gaps.output.shape
    price = jnp.einsum("nkj,jn->kn", steering.price_block, gaps.log_price)
    output = jnp.einsum("nkj,jn->kn", steering.output_block, gaps.output)
    wage = steering.wage_of_gap @ (gaps.log_wage + (beta * output).sum(axis=0))
    return _State(
        price + (steering.price_of_wage @ wage).reshape(shape),
        output + (steering.output_of_wage @ wage).reshape(shape),
        wage,
    )


def _sweep(model: _Model, steering: _Steering, state: _State) -> tuple[_State, Array]:
    """Return the steered step, world value added held, and the largest residuals."""
    import jax.numpy as jnp

    gaps = _gaps(model, state)
    step = _steer(steering, model.beta, gaps)
    wage, va = jnp.exp(state.log_wage), model.value_added
    total = (jnp.exp(state.log_wage + step.log_wage) * va).sum() / va.sum()
    walras = jnp.abs((gaps.log_wage * va).sum()) / va.sum()
    worst = [jnp.abs(gaps.log_price).max(), jnp.abs(gaps.output / wage).max()]
    worst += [jnp.abs(gaps.log_wage / wage).max(), walras]
    return step._replace(log_wage=step.log_wage - jnp.log(total)), jnp.stack(worst)


class _Walk(NamedTuple):
    """Where the iteration is: point, step, largest residuals, sweeps, and Anderson's memory."""

    point: Array
    step: Array
    worst: Array
    sweeps: Array
    turns: Array
    moves: Array


def _fixed_point(
    model: _Model, steering: _Steering, start: _State, tolerance: Array, most: Array, memory: int
) -> tuple[_State, Array, Array]:
    """Sweep from the start; Anderson mixes, as in `numerics.fixed_point`; all residuals decide."""
    import jax.numpy as jnp
    from jax import lax
    from jax.flatten_util import ravel_pytree

    flat, unpacked = ravel_pytree(start)

    def swept(point: Array) -> tuple[Array, Array]:
        step, worst = _sweep(model, steering, unpacked(point))
        return ravel_pytree(step)[0], worst

    def is_open(walk: _Walk) -> Array:
        largest = walk.worst.max()
        return (largest > tolerance) & jnp.isfinite(largest) & (walk.sweeps < most)

    def forward(walk: _Walk) -> _Walk:
        gram = walk.turns @ walk.turns.T
        size = jnp.diagonal(gram)
        # An empty slot of the memory takes no part: its row is that of the identity.
        gram = gram + jnp.diag(jnp.where(size > 0, RIDGE * size, 1.0))
        part = jnp.linalg.solve(gram, walk.turns @ walk.step)
        point = walk.point + walk.step - part @ walk.moves
        step, worst = swept(point)
        slot = walk.sweeps % memory
        turn = step - walk.step
        turns = walk.turns.at[slot].set(turn)
        moves = walk.moves.at[slot].set(point - walk.point + turn)
        return _Walk(point, step, worst, walk.sweeps + 1, turns, moves)

    none = jnp.zeros((memory, flat.size))
    begun = _Walk(flat, *swept(flat), jnp.asarray(0), none, none)
    end = lax.while_loop(is_open, forward, begun)
    return unpacked(end.point), end.worst, end.sweeps


def _gradient(
    model: _Model, steering: _Steering, state: _State, worth: Array
) -> tuple[Array, Array]:
    """Return dJ/dW by the implicit function theorem, and what the adjoint equations miss.

    F(x, W) = 0 gives dJ/dW = J_W - F_W' y with F_x' y = J_x. Walras' law leaves one labour gap
    free; the gap of world value added takes its place, as its average holds none else.
    """
    import jax
    import jax.numpy as jnp
    from jax.scipy.sparse.linalg import gmres

    def objective(point: _State, weight: Array) -> Array:
        income = _market(model._replace(weight=weight), point).income
        index = (model.final_share * point.log_price).sum(axis=0)
        return (worth * income * jnp.exp(-index)).sum()

    def gaps(point: _State, weight: Array) -> _State:
        found = _gaps(model._replace(weight=weight), point)
        va = model.value_added
        excess = (jnp.exp(point.log_wage) * va).sum() / va.sum() - 1.0
        return found._replace(log_wage=found.log_wage - excess)

    def steered(gap: _State) -> Array:
        return jax.tree.map(jnp.negative, _steer(steering, model.beta, gap))

    def size(values: _State) -> Array:
        return jnp.sqrt(sum((v**2).sum() for v in values))

    right, direct = jax.grad(objective, argnums=(0, 1))(state, model.weight)
    _, back = jax.vjp(lambda point: gaps(point, model.weight), state)
    _, through = jax.vjp(lambda weight: gaps(state, weight), model.weight)
    turned = jax.linear_transpose(steered, state)

    def refined(_: int, found: _State) -> Array:
        left = jax.tree.map(jnp.subtract, right, back(found)[0])
        more, _ = gmres(
            lambda y: back(y)[0],
            left,
            M=lambda y: turned(y)[0],
            tol=ADJOINT,
            restart=60,
            maxiter=10,
        )
        return jax.tree.map(jnp.add, found, more)

    found = jax.lax.fori_loop(0, PASSES, refined, jax.tree.map(jnp.zeros_like, right))
    left = jax.tree.map(jnp.subtract, right, back(found)[0])
    return direct - through(found)[0], size(left) / size(right)
