"""BatchNorm against an independent float64 version in numpy."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.sharding import AxisType, NamedSharding, PartitionSpec

from motext_jax.models.batch_norm import BatchNorm, normalised_by_batch

SHAPE = (16, 3, 5, 4)
VARIABLES = {
    "params": {
        "scale": np.array([0.5, 1.0, -2.0, 3.0], np.float32),
        "bias": np.array([0.0, 1.0, 2.0, -3.0], np.float32),
    },
    "batch_stats": {
        "mean": np.array([1.0, -1.0, 0.0, 5.0], np.float32),
        "var": np.array([1.0, 0.5, 4.0, 9.0], np.float32),
    },
}


def batch(mean=2.0, deviation=3.0):
    return np.random.default_rng(0).normal(mean, deviation, SHAPE).astype(np.float32)


def train(x, variables=VARIABLES, two_passes=False):
    variables, x = jax.tree.map(jnp.asarray, (variables, x))
    norm = BatchNorm(two_passes=two_passes)
    y, updates = norm.apply(variables, x, train=True, mutable="batch_stats")
    return y, updates["batch_stats"]


def normalised(x, mean, var):
    params = VARIABLES["params"]
    return (x - mean) / np.sqrt(var + 1e-5) * params["scale"] + params["bias"]


def variance(moved):
    """The batch's, of moved statistics."""
    return (moved["var"] - 0.9 * VARIABLES["batch_stats"]["var"]) / 0.1


@pytest.mark.parametrize("two_passes", [True, False])
def test_training_normalises_by_the_batch_and_moves_the_running_statistics(two_passes):
    x = batch()
    y, moved = train(x, two_passes=two_passes)

    columns = x.reshape(-1, 4).astype(np.float64)
    expected = normalised(x, columns.mean(axis=0), columns.var(axis=0))
    np.testing.assert_allclose(y, expected, rtol=1e-5, atol=1e-5)

    old = VARIABLES["batch_stats"]
    mean = 0.9 * old["mean"] + 0.1 * columns.mean(axis=0)
    var = 0.9 * old["var"] + 0.1 * columns.var(axis=0, ddof=1)
    np.testing.assert_allclose(moved["mean"], mean, rtol=1e-6)
    np.testing.assert_allclose(moved["var"], var, rtol=1e-6)


def test_evaluation_normalises_by_the_running_statistics():
    x = batch()
    y = BatchNorm().apply(*jax.tree.map(jnp.asarray, (VARIABLES, x)), train=False)
    expected = normalised(x, *VARIABLES["batch_stats"].values())
    np.testing.assert_allclose(y, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("mean", [1e2, -1e3])
def test_a_mean_far_from_zero_costs_no_digits_of_the_variance(mean):
    x = batch(mean, deviation=0.1)
    _, moved = train(x, two_passes=True)
    expected = x.reshape(-1, 4).astype(np.float64).var(axis=0, ddof=1)
    np.testing.assert_allclose(variance(moved), expected, rtol=1e-3)


def test_one_pass_is_about_the_running_mean():
    """As far from zero as above, and 50 deviations from the running mean."""
    x = batch(1e3, deviation=0.1)
    near = {**VARIABLES["batch_stats"], "mean": np.full(4, 1005, np.float32)}
    _, moved = train(x, {**VARIABLES, "batch_stats": near})
    columns = x.reshape(-1, 4).astype(np.float64)
    mean = 0.9 * 1005 + 0.1 * columns.mean(axis=0)
    np.testing.assert_allclose(moved["mean"], mean, rtol=1e-6)
    # 2500 · 2⁻²³, and what `variance` loses.
    np.testing.assert_allclose(variance(moved), columns.var(axis=0, ddof=1), rtol=2e-3)


@pytest.mark.parametrize("near", [[1.0, -1.0, 0.0, 5.0], [2990.0, 3010.0, 3000.0, 3001.0]])
def test_a_constant_channel_has_the_variance_that_rounding_leaves(near):
    """Bounds of sums in any order: Higham, "Accuracy and Stability of Numerical Algorithms", 4.2.

    A sum of n terms, and each other operation, adds as many relative errors of `unit`.
    """
    x, near = np.full(SHAPE, 3e3 + 1 / 3, np.float32), np.array(near, np.float32)
    scale, bias = VARIABLES["params"]["scale"], VARIABLES["params"]["bias"]
    y, mean, var = map(np.asarray, normalised_by_batch(*map(jnp.asarray, (x, scale, bias, near))))

    exact, n, unit = x.astype(np.float64), x[..., 0].size, 2.0**-24
    apart = np.abs(exact[0, 0, 0] - near)
    assert np.all(np.abs(mean - exact[0, 0, 0]) <= unit * ((n + 1) * apart + 3.1e3))
    # E[(x - m)²] has n + 1 of them, E[x - m]² has 2n + 1, and so do x - m and the difference.
    assert np.all((var >= 0) & (var <= unit * 3 * (n + 2) * apart**2))
    factor = scale / np.sqrt(var.astype(np.float64) + 1e-5)
    np.testing.assert_allclose(y - bias, (exact - mean) * factor, rtol=1e-6, atol=1e-6)


def test_initial_statistics_are_those_of_no_batch():
    variables = BatchNorm().init(jax.random.key(0), jnp.asarray(batch()), train=True)
    np.testing.assert_array_equal(variables["batch_stats"]["mean"], np.zeros(4))
    np.testing.assert_array_equal(variables["batch_stats"]["var"], np.ones(4))
    np.testing.assert_array_equal(variables["params"]["scale"], np.ones(4))


def test_half_precision_is_normalised_in_single():
    x = batch(mean=100.0).astype(jnp.bfloat16)
    y, moved = train(x)
    assert y.dtype == jnp.bfloat16
    assert moved["mean"].dtype == jnp.float32
    exact, _ = train(x.astype(np.float32))
    np.testing.assert_allclose(y.astype(np.float32), exact, rtol=2**-8)


@pytest.mark.parametrize("near", [None, 1.5])
@pytest.mark.parametrize(
    "dtype, tolerance", [(np.float64, 1e-12), (np.float32, 1e-4), (jnp.bfloat16, 2e-2)]
)
def test_the_written_derivative_is_that_of_the_formula(dtype, tolerance, near):
    """Against automatic differentiation of the definition, in float64."""
    rng = np.random.default_rng(1)
    x, weights = rng.normal(2.0, 3.0, (2, *SHAPE))
    scale, bias = rng.normal(size=(2, 4))

    def plain(x, scale, bias):
        axes = (0, 1, 2)
        mean, var = jnp.mean(x, axes, keepdims=True), jnp.var(x, axes, keepdims=True)
        y = (x - mean) / jnp.sqrt(var + 1e-5) * scale[None, None, None] + bias[None, None, None]
        return jnp.sum(y**2 * weights)

    kept = np.promote_types(dtype, np.float32)

    def ours(x, scale, bias):
        means = None if near is None else jnp.full(4, near, kept)
        y, _, _ = normalised_by_batch(x, scale, bias, means)
        return jnp.sum(y.astype(kept) ** 2 * weights.astype(kept))

    with jax.enable_x64(True), jax.numpy_dtype_promotion("standard"):
        rounded = jnp.asarray(x, dtype)
        arguments = (rounded.astype(np.float64), jnp.asarray(scale), jnp.asarray(bias))
        expected = jax.grad(plain, argnums=(0, 1, 2))(*arguments)
        arguments = (rounded, jnp.asarray(scale, kept), jnp.asarray(bias, kept))
        found = jax.grad(ours, argnums=(0, 1, 2))(*arguments)
        found, expected = jax.device_get((found, expected))
    assert [g.dtype for g in found] == [rounded.dtype, kept, kept]
    for one, other in zip(found, expected, strict=True):
        error = np.abs(np.asarray(one, np.float64) - other).max()
        assert error <= tolerance * np.abs(other).max()


def test_a_sharded_batch_is_normalised_as_a_whole():
    x = batch()
    # So that a device's own statistics would be far from the batch's.
    x[:2] += 10
    mesh = jax.make_mesh((8,), ("data",), axis_types=(AxisType.Auto,))
    sharded = jax.device_put(x, NamedSharding(mesh, PartitionSpec("data")))
    y, moved = jax.jit(train)(sharded)
    assert len(y.sharding.device_set) == 8

    expected_y, expected_moved = train(x)
    np.testing.assert_allclose(y, expected_y, rtol=1e-5, atol=1e-5)
    for name, expected in expected_moved.items():
        np.testing.assert_allclose(moved[name], expected, rtol=1e-5)
