"""The TPU's kernel for temporal branches, interpreted, against plain sums in float64."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from traced_mesh import traced_for

from motext_jax.models import temporal_branches, tpu_kernel
from motext_jax.models.ctrgcn import MultiScaleTemporalConvolution
from motext_jax.models.joined_clips import join, separate

JOINTS = 2


def arrays(frames, clips, features, stride):
    """z, norm, both kernels and a gradient, with numbers whose products bfloat16 has."""
    rng = np.random.default_rng(0)
    width = features // 4
    z = rng.integers(-8, 9, (JOINTS, frames, clips, features)) / 4
    norm = np.stack([rng.integers(-2, 3, features) / 4, 2.0 ** rng.integers(-1, 2, features)])
    norm = np.concatenate([norm, rng.integers(-2, 3, (1, features)) / 4])
    # Few of the many products of a sum are not zero, so that float32 has it exactly.
    kernels = rng.integers(-8, 9, (2, 5, width, width)) / 8
    gradient = rng.integers(-8, 9, (JOINTS, -(-frames // stride), clips, features)) / 8
    return z, norm, *kernels, gradient


def plain(z, norm, near, far, stride):
    """The branches frame by frame."""
    frames, width = z.shape[1], near.shape[-1]
    mean, factor, bias = norm[:, None, None, None]
    hidden = jnp.where(z > mean - bias / factor, (z - mean) * factor + bias, 0)
    one, two, three, _ = jnp.split(hidden, 4, axis=-1)
    branches = []
    for frame in range(0, frames, stride):
        sums = [jnp.zeros((*one.shape[:1], one.shape[2], width))] * 2
        for tap in range(-2, 3):
            for k, (x, kernel) in enumerate(((one, near), (two, far))):
                other = frame + tap * (k + 1)
                if 0 <= other < frames:
                    sums[k] += x[:, other] @ kernel[tap + 2]
        here = three[:, frame]
        peak = jnp.maximum(three[:, frame - 1], here) if frame else here
        peak = jnp.maximum(peak, three[:, frame + 1]) if frame + 1 < frames else peak
        branches.append(jnp.concatenate([*sums, peak, z[:, frame, :, 3 * width :]], axis=-1))
    return jnp.stack(branches, axis=1)


@pytest.mark.parametrize(
    "devices, frames, clips, features, stride",
    [(1, 5, 32, 128, 1), (1, 6, 16, 128, 2), (1, 7, 16, 256, 2), (2, 4, 64, 128, 1)],
    ids=["two blocks of clips", "every second frame", "half of the channels", "two devices"],
)
@pytest.mark.parametrize("dtype", [jnp.float32, jnp.bfloat16])
def test_branches_and_their_derivatives(
    devices, frames, clips, features, stride, dtype, monkeypatch
):
    monkeypatch.setattr(temporal_branches, "BLOCK", 0)
    *factors, gradient = arrays(frames, clips, features, stride)
    with jax.enable_x64(True):
        expected, pull = jax.vjp(
            functools.partial(plain, stride=stride), *map(jnp.asarray, factors)
        )
        expected = [np.asarray(array) for array in (expected, *pull(jnp.asarray(gradient)))]
    mesh, tracing = traced_for(devices)
    with tracing:

        def function(*factors):
            branches = functools.partial(temporal_branches.temporal_branches, stride=stride)
            sums, pull = jax.vjp(branches, *factors)
            return sums, pull(jnp.asarray(gradient, dtype))

        jitted = jax.jit(function, in_shardings=jax.NamedSharding(mesh, jax.P()))
        z, norm, *kernels = factors
        norm, kernels = jnp.asarray(norm, jnp.float32), jnp.asarray(kernels, jnp.float32)
        found = jax.tree.leaves(jitted(jnp.asarray(z, dtype), norm, *kernels))
    assert [array.dtype for array in found] == [dtype, dtype, *[jnp.float32] * 3]
    # Sums are in float32 and rounded once.
    tolerance = {jnp.float32: 1e-6, jnp.bfloat16: 2**-8}[dtype]
    for one, other in zip(found, expected, strict=True):
        error = np.abs(np.asarray(one, np.float64) - other)
        assert (error <= tolerance * np.abs(other) + 1e-5).all()


@pytest.mark.parametrize(
    "clips, frames, features, dtype, taken",
    [
        (32, 150, 128, jnp.bfloat16, True),
        (32, 75, 256, jnp.float32, True),
        (16, 150, 128, jnp.float32, False),
        (33, 150, 128, jnp.float32, False),
        (32, 150, 64, jnp.float32, False),
        (32, 300, 128, jnp.float32, False),
    ],
)
def test_sizes_that_it_is_made_for(clips, frames, features, dtype, taken, monkeypatch):
    """On two devices; the last would not fit into vector memory."""
    assert not temporal_branches.fits(clips, frames, features, dtype)
    monkeypatch.setattr(tpu_kernel, "has_kernels", lambda: True)
    with traced_for(2)[1]:
        assert temporal_branches.fits(clips, frames, features, dtype) == taken


@pytest.mark.parametrize("clips, frames, features", [(336, 8, 256), (640, 4, 128)])
def test_many_clips_of_few_frames(clips, frames, features):
    """More than there are registers for at once, of which a block must have fewer."""
    z = jax.ShapeDtypeStruct((JOINTS, frames, clips, features), jnp.bfloat16)
    norm = jax.ShapeDtypeStruct((3, features), jnp.float32)
    weights = jax.ShapeDtypeStruct((5, features // 4, features // 4), jnp.float32)

    def function(*factors):
        branches = functools.partial(temporal_branches.temporal_branches, stride=1)
        results, pull = jax.vjp(branches, *factors)
        return results, *pull(results)

    with traced_for(1)[1]:
        results, *derivatives = jax.eval_shape(function, z, norm, weights, weights)
    assert results.shape == z.shape
    assert [each.shape for each in derivatives] == [z.shape, norm.shape, *[weights.shape] * 2]


@pytest.mark.parametrize("train", [True, False])
@pytest.mark.parametrize("features, joined, stride", [(64, 2, 1), (128, 1, 2)])
def test_the_unit_is_the_same_with_it(features, joined, stride, train, monkeypatch):
    rng = np.random.default_rng(0)
    x = jnp.asarray(rng.normal(size=(16 * joined, JOINTS, 5, 24)), jnp.float32)
    variables = MultiScaleTemporalConvolution(features, stride).init(jax.random.key(0), x, True)
    variables = jax.tree.map(
        lambda leaf: leaf + jnp.asarray(rng.uniform(0, 0.1, leaf.shape), leaf.dtype), variables
    )

    def results(joined, variables, x):
        unit = MultiScaleTemporalConvolution(features, stride, joined)

        def function(params, x):
            given = {"params": params, "batch_stats": variables["batch_stats"]}
            y, moved = unit.apply(given, join(x, joined), train, mutable="batch_stats")
            return separate(y, joined), moved

        y, pull, moved = jax.vjp(function, variables["params"], x, has_aux=True)
        return y, moved, *pull(jnp.cos(jnp.arange(y.size, dtype=y.dtype)).reshape(y.shape))

    expected = jax.jit(functools.partial(results, 1))(variables, x)
    monkeypatch.setattr(tpu_kernel, "has_kernels", lambda: True)
    mesh, tracing = traced_for(1)
    with tracing:
        by_kernel = functools.partial(results, joined)
        assert "pallas_call" in str(jax.make_jaxpr(by_kernel)(variables, x))
        found = jax.jit(by_kernel, in_shardings=jax.NamedSharding(mesh, jax.P()))(variables, x)
    paths = [path for path, _ in jax.tree.leaves_with_path(expected)]
    for path, one, other in zip(paths, *map(jax.tree.leaves, (found, expected)), strict=True):
        # A bias before a BatchNorm has no gradient but rounding in training.
        size = 1.0 if "bias" in str(path[-1]) else np.abs(other).max()
        np.testing.assert_allclose(one, other, rtol=0, atol=2e-5 * size, err_msg=str(path))
