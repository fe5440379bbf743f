"""CTR-GCN against the official module's arrays, and its initial values."""

import jax
import jax.numpy as jnp
import numpy as np
import official_graph_convolution as official
import pytest
from official_graph_convolution import BLOCKS, assert_close, parameters

from motext_jax.models import ctrgcn
from motext_jax.models.ctrgcn import CTRGCN, refined_sums, with_each_clip
from motext_jax.runtime.mesh import data_mesh
from motext_jax.skeleton import NTU25, SMPL22


@pytest.fixture(scope="module", params=official.FORMS)
def compared(request, golden):
    arrays = golden("ctrgcn_ntu25_width16")
    return official.compared(request.param, CTRGCN(NTU25, width=16), arrays, ctrgcn, "refined_sums")


def test_outputs_are_the_official_ones(compared):
    dtype, ours, theirs = compared
    names = ("eval_features", "eval_logits", "train_logits", *BLOCKS, "running")
    for name in names:
        assert_close(ours[name], theirs[name], 1e-5 if dtype == np.float64 else 1e-4)


def test_every_gradient_is_the_official_one(compared):
    dtype, ours, theirs = compared
    largest = max(np.abs(gradient).max() for gradient in jax.tree.leaves(theirs["gradients"]))
    assert_close(
        ours["gradients"],
        theirs["gradients"],
        1e-5 if dtype == np.float64 else 1e-3,
        floor=1e-8 * largest,
    )


def refined_sums_by_loops(x, relations, topology, alpha, refine, transform):
    """Σ_k Σ_v (A_k[u, v] + α ξ_k tanh(φ_u - ψ_v)) (T_k x)_v, one clip and joint at a time."""
    (clips, joints, frames, _), subsets = x.shape, len(topology)
    refine, transform = (
        [(kernel[:, columns], bias[columns]) for columns in np.split(np.arange(len(bias)), subsets)]
        for kernel, bias in (refine, transform)
    )
    sums = np.zeros((clips, joints, frames, len(refine[0][1])))
    for n, k, u, v in np.ndindex(clips, subsets, joints, joints):
        difference = np.tanh(relations[n, u, k, 0] - relations[n, v, k, 1])
        refined = difference @ refine[k][0] + refine[k][1]
        weights = topology[k, u, v] + alpha * refined
        sums[n, u] += weights * (x[n, v] @ transform[k][0] + transform[k][1])
    return sums


@pytest.mark.parametrize(
    "form, tolerance",
    [
        ("_by_additions", 1e-12),
        ("_by_products", 1e-12),
        ("_by_einsums", 1e-12),
        ("chosen", 1e-12),
        # Its sums are in float32.
        ("_by_kernel", 1e-5),
    ],
)
def test_forms_of_the_sums_over_joints(form, tolerance):
    rng = np.random.default_rng(0)
    clips, joints, frames, channels, reduced, features = 2, 4, 3, 5, 2, 6
    arguments = (
        rng.normal(size=(clips, joints, frames, channels)),
        rng.normal(size=(clips, joints, 3, 2, reduced)),
        rng.normal(size=(3, joints, joints)),
        np.float64(0.7),
        (rng.normal(size=(reduced, 3 * features)), rng.normal(size=3 * features)),
        (rng.normal(size=(channels, 3 * features)), rng.normal(size=3 * features)),
    )
    function = refined_sums if form == "chosen" else getattr(ctrgcn, form)
    mesh = data_mesh(jax.devices()[:1])
    with jax.enable_x64(True), jax.sharding.use_abstract_mesh(mesh.abstract_mesh):
        found = jax.jit(function)(*jax.tree.map(jnp.asarray, arguments))
        expected = refined_sums_by_loops(*arguments)
        assert_close(found, expected, tolerance)


def test_a_cpu_adds_short_clips_joints_and_multiplies_long_ones():
    def products(frames, channels):
        shapes = (
            (2, 3, frames, channels),
            (2, 3, 3, 2, 2),
            (3, 3, 3),
            (),
            ((2, 3 * channels), (3 * channels,)),
            ((channels, 3 * channels), (3 * channels,)),
        )
        is_shape = lambda shape: not shape or isinstance(shape[0], int)  # noqa: E731
        arguments = jax.tree.map(jnp.zeros, shapes, is_leaf=is_shape)
        lowered = jax.jit(refined_sums).trace(*arguments).lower(lowering_platforms=("cpu",))
        return lowered.as_text().count("dot_general")

    assert products(50, 8) == 1
    assert products(51, 8) > 1
    assert products(26, 96) == 1
    assert products(27, 96) > 1


def test_full_size_parameters():
    # The official module's, without its classifier and its second person.
    assert parameters(CTRGCN(NTU25)) == 1_431_102


@pytest.fixture(scope="module")
def initial():
    tower = CTRGCN(SMPL22, blocks=3)
    clips = jnp.zeros((1, 1, 22, 3))
    return jax.jit(tower.init, static_argnames="train")(jax.random.key(0), clips, train=False)


def test_initial_deviations(initial):
    # Block 2: 64 channels to 128, an eighth for the relation, a quarter in a temporal branch.
    block = initial["params"]["block_2"]
    spatial, temporal = block["spatial"], block["temporal"]
    variances = [
        (2 / 8, spatial["relation"]["kernel"]),
        (2 / 128, spatial["refine"]["kernel"]),
        (2 / 128, spatial["transform"]["kernel"]),
        (2 / 128, block["spatial_shortcut"]["project"]["kernel"]),
        (2 / 32, temporal["heads"]["kernel"]),
        (2 / (32 * 5), temporal["near"]["conv"]["kernel"]),
        (2 / (32 * 5), temporal["far"]["conv"]["kernel"]),
        (2 / 32, temporal["point"]["kernel"]),
        (0.02**2, temporal["heads_norm"]["scale"] - 1),
        (0.02**2, temporal["norm"]["scale"] - 1),
        (2 / 128, block["shortcut"]["project"]["kernel"]),
    ]
    for variance, values in variances:
        # Five standard deviations of a mean square of so many normal numbers.
        margin = 5 * (2 / values.size) ** 0.5
        assert np.mean(np.square(values)) == pytest.approx(variance, rel=margin)


def test_initial_constants(initial):
    for path, leaf in jax.tree_util.tree_leaves_with_path(initial["params"]):
        *_, layer, name = (key.key for key in path)
        if name in ("bias", "alpha"):
            np.testing.assert_array_equal(leaf, 0)
        if name == "scale" and layer == "spatial_norm":
            np.testing.assert_array_equal(leaf, np.float32(1e-6))
        if name == "topology":
            np.testing.assert_array_equal(leaf, np.float32(SMPL22.adjacency()))


def test_a_product_with_every_clip_has_the_derivative_of_its_einsum():
    rng = np.random.default_rng(0)
    kernel, x, weights = (rng.normal(size=size) for size in ((5, 3), (4, 6, 3), (4, 5, 6)))

    def plain(kernel, x):
        return (jnp.einsum("fc,npc->nfp", kernel, x) ** 2 * weights).sum()

    def ours(kernel, x):
        return (with_each_clip("fc,npc->nfp", kernel, x) ** 2 * weights).sum()

    with jax.enable_x64(True):
        arguments = jnp.asarray(kernel), jnp.asarray(x)
        expected = jax.grad(plain, argnums=(0, 1))(*arguments)
        for one, other in zip(jax.grad(ours, argnums=(0, 1))(*arguments), expected, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-12)
