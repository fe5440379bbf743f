"""The TPU's kernel, interpreted, against its einsum in float64."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from traced_mesh import traced_for

from motext_jax.models import joint_sums, tpu_kernel
from motext_jax.models.ctrgcn import refined_sums

SUBSETS, JOINTS = 3, 4


def arrays(clips, frames, channels):
    """A, T, b and a gradient, with numbers that bfloat16 has."""
    rng = np.random.default_rng(0)
    sizes = (
        (SUBSETS, JOINTS, JOINTS, clips, channels),
        (SUBSETS, JOINTS, frames, clips, channels),
        (SUBSETS, channels),
        (JOINTS, frames, clips, channels),
    )
    return [rng.integers(-8, 9, size) / 8 for size in sizes]


@pytest.mark.parametrize(
    "devices, clips, frames, channels",
    [(1, 3, 2, 16), (1, 11, 4, 160), (2, 16, 38, 128)],
    ids=["less than a block", "blocks that jut out", "two devices, two blocks of frames"],
)
@pytest.mark.parametrize("dtype", [jnp.float32, jnp.bfloat16])
def test_sums_and_their_derivatives(devices, clips, frames, channels, dtype):
    a, t, b, gradient = arrays(clips, frames, channels)
    shifted = t + b[:, None, None, None]
    expected = np.einsum("kvunf,kvtnf->utnf", a, shifted)
    derivatives = (
        np.einsum("utnf,kvtnf->kvunf", gradient, shifted),
        np.einsum("utnf,kvunf->kvtnf", gradient, a),
        np.einsum("utnf,kvunf->kf", gradient, a),
    )
    mesh, tracing = traced_for(devices)
    with tracing:

        def function(*factors):
            sums, pull = jax.vjp(joint_sums.joint_sums, *factors)
            return sums, pull(jnp.asarray(gradient, dtype))

        jitted = jax.jit(function, in_shardings=jax.NamedSharding(mesh, jax.P()))
        found = jitted(*(jnp.asarray(factor, dtype) for factor in (a, t, b)))
    # Sums are in float32 and rounded once.
    tolerance = {jnp.float32: 1e-6, jnp.bfloat16: 2**-8}[dtype]
    for one, other in zip(jax.tree.leaves(found), (expected, *derivatives), strict=True):
        assert one.dtype == dtype
        error = np.abs(np.asarray(one, np.float64) - other)
        assert (error <= tolerance * np.abs(other) + 1e-5).all()


def test_each_device_sums_its_own_clips():
    mesh, tracing = traced_for(8)
    a, t, b, _ = (jnp.asarray(array, jnp.float32) for array in arrays(8, 2, 16))
    by_clips = jax.NamedSharding(mesh, jax.P(None, None, None, "data"))
    whole = jax.NamedSharding(mesh, jax.P())
    with tracing:
        jitted = jax.jit(joint_sums.joint_sums, in_shardings=(by_clips, by_clips, whole))
        text = jitted.lower(a, t, b).compile().as_text()
    assert "all-gather" not in text and "all-reduce" not in text


def sums_of(joints, features, monkeypatch):
    """The jaxpr of CTR-GCN's sums, traced as for TPUs."""
    monkeypatch.setattr(tpu_kernel, "has_kernels", lambda: True)
    channels, reduced = 8, 2
    arguments = (
        jnp.zeros((8, joints, 2, channels)),
        jnp.zeros((8, joints, SUBSETS, 2, reduced)),
        jnp.zeros((SUBSETS, joints, joints)),
        jnp.zeros(()),
        (jnp.zeros((reduced, SUBSETS * features)), jnp.zeros(SUBSETS * features)),
        (jnp.zeros((channels, SUBSETS * features)), jnp.zeros(SUBSETS * features)),
    )
    with traced_for(1)[1]:
        return str(jax.make_jaxpr(refined_sums)(*arguments))


@pytest.mark.parametrize(
    "joints, features, taken", [(4, 128, True), (4, 64, False), (26, 128, False)]
)
def test_tpus_take_the_kernel_where_it_fits(joints, features, taken, monkeypatch):
    assert ("pallas_call" in sums_of(joints, features, monkeypatch)) == taken
