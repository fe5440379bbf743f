"""2s-AGCN's kernels for TPUs, interpreted, against plain sums in float64."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from traced_mesh import traced_for

from motext_jax.models import tpu_kernel
from motext_jax.models.adaptive_sums import adaptive_sums
from motext_jax.models.clip_topologies import fits, grouped, ungrouped
from motext_jax.models.joined_clips import joined_kernel, joined_vector
from motext_jax.models.joint_similarity import joint_similarity

SUBSETS, JOINTS = 3, 4
SIZES = [(1, 8, 3, 3, 64, 2), (1, 16, 38, 5, 16, 1), (1, 8, 2, 256, 256, 1), (2, 16, 4, 4, 8, 4)]
NAMES = ["clips side by side", "blocks of clips and frames", "blocks of channels", "two devices"]

sizes = pytest.mark.parametrize("devices, clips, frames, c, f, joined", SIZES, ids=NAMES)
dtypes = pytest.mark.parametrize("dtype", [jnp.float32, jnp.bfloat16])


def numbers(*size):
    """Numbers that bfloat16 has."""
    return np.random.default_rng(0).integers(-8, 9, size) / 8


def of_each_clip(x, joined):
    """Channels [jc] as [c j]."""
    return x.reshape(*x.shape[:-1], -1, joined)


def of_each_subset(a, joined):
    """Topologies [kj u n v] as [k j u n v]."""
    return a.reshape(SUBSETS, joined, *a.shape[1:])


def plain_sums(joined, a, x, weights, dy):
    """The sums, and their derivatives by A, x and W."""
    a, x, dy = of_each_subset(a, joined), of_each_clip(x, joined), of_each_clip(dy, joined)
    sums = np.einsum("kjunv,utncj->kvtncj", a, x)
    by_sums = np.einsum("vtnfj,kcf->kvtncj", dy, weights)
    return (
        np.einsum("kvtncj,kcf->vtnfj", sums, weights),
        np.einsum("utncj,kvtncj->kjunv", x, by_sums),
        np.einsum("kjunv,kvtncj->utncj", a, by_sums),
        np.einsum("kvtncj,vtnfj->kcf", sums, dy),
    )


def plain_similarity(joined, x, weights, biases, ds):
    """The similarities, and their derivatives by x, W and b."""
    x, ds = of_each_clip(x, joined), of_each_subset(ds, joined)
    weights = weights.reshape(2, len(weights[0]), SUBSETS, -1)
    biases = biases.reshape(2, SUBSETS, -1)
    theta, phi = (
        np.einsum("utncj,scke->sutnkej", x, weights) + biases[:, None, None, None, ..., None]
    )
    by_theta = np.einsum("kjunv,vtnkej->utnkej", ds, phi)
    by_phi = np.einsum("kjunv,utnkej->vtnkej", ds, theta)
    by_both = np.stack([by_theta, by_phi])
    return (
        np.einsum("utnkej,vtnkej->kjunv", theta, phi),
        np.einsum("sutnkej,scke->utncj", by_both, weights),
        np.einsum("utncj,sutnkej->scke", x, by_both),
        np.einsum("sutnkej->ske", by_both),
    )


def compare(function, plain, devices, dtypes, *arrays):
    """Compares a kernel's results and derivatives with the plain ones of the same arrays.

    All are sums of products. An error is held against the sum of the products' absolute values.
    """
    *factors, gradient = map(jnp.asarray, arrays, dtypes)
    mesh, tracing = traced_for(devices)
    with tracing:

        def both(*factors):
            sums, pull = jax.vjp(function, *factors)
            return sums, *pull(gradient)

        found = jax.jit(both, in_shardings=jax.NamedSharding(mesh, jax.P()))(*factors)
    assert [one.dtype for one in found] == [gradient.dtype, *(each.dtype for each in factors)]
    arrays = [np.asarray(array, np.float64) for array in (*factors, gradient)]
    sums = [plain(*given) for given in (arrays, [np.abs(array) for array in arrays])]
    # In bfloat16 two roundings: of a product's factor that is a sum itself, and of the result.
    tolerance = 2e-6 if dtypes[0] == jnp.float32 == dtypes[1] else 2**-7
    for one, expected, size in zip(found, *sums, strict=True):
        expected, size = expected.reshape(one.shape), size.reshape(one.shape)
        assert (np.abs(np.asarray(one, np.float64) - expected) <= tolerance * size).all()


@sizes
@dtypes
def test_sums_and_their_derivatives(devices, clips, frames, c, f, joined, dtype):
    def function(a, x, weights):
        return adaptive_sums(a, x, joined_kernel(weights, joined))

    arrays = (
        numbers(SUBSETS * joined, JOINTS, clips, JOINTS),
        numbers(JOINTS, frames, clips, c * joined),
        numbers(SUBSETS, c, f),
        numbers(JOINTS, frames, clips, f * joined),
    )
    kinds = jnp.float32, dtype, dtype, dtype
    compare(function, functools.partial(plain_sums, joined), devices, kinds, *arrays)


@sizes
@dtypes
def test_similarities_and_their_derivatives(devices, clips, frames, c, f, joined, dtype):
    def function(x, weights, biases):
        weights, biases = joined_kernel(weights, joined), joined_vector(biases, joined)
        return joint_similarity(x, weights, biases, SUBSETS, joined)

    arrays = (
        numbers(JOINTS, frames, clips, c * joined),
        numbers(2, c, SUBSETS * f // 4),
        numbers(2, SUBSETS * f // 4),
        numbers(SUBSETS * joined, JOINTS, clips, JOINTS),
    )
    kinds = dtype, dtype, jnp.float32, jnp.float32
    compare(function, functools.partial(plain_similarity, joined), devices, kinds, *arrays)


@pytest.mark.parametrize("joined", [1, 2])
def test_groups_of_topologies_are_clips_within_subsets(joined):
    a = jnp.asarray(numbers(6, SUBSETS, JOINTS, JOINTS), jnp.float32)
    groups = grouped(a, joined)
    assert groups.shape == (SUBSETS * joined, JOINTS, 6 // joined, JOINTS)
    # Subset 1 of the third block's last clip.
    np.testing.assert_array_equal(groups[2 * joined - 1, :, 2], a[3 * joined - 1, 1])
    np.testing.assert_array_equal(ungrouped(groups, joined), a)


@pytest.mark.parametrize(
    "clips, joints, features, taken",
    [
        (16, 25, 256, True),
        (16, 26, 128, False),
        (16, 21, 64, False),
        (16, 21, 384, False),
        (24, 21, 128, False),
        (33, 21, 128, False),
    ],
)
def test_sizes_that_the_kernels_are_made_for(clips, joints, features, taken, monkeypatch):
    """On two devices."""
    assert not fits(clips, joints, features)
    monkeypatch.setattr(tpu_kernel, "has_kernels", lambda: True)
    with traced_for(2)[1]:
        assert fits(clips, joints, features) == taken
