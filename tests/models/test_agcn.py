"""2s-AGCN against the official module's arrays, and its initial values."""

import jax
import jax.numpy as jnp
import numpy as np
import official_graph_convolution as official
import pytest
from official_graph_convolution import BLOCKS, assert_close, parameters

from motext_jax.models import agcn
from motext_jax.models.agcn import AGCN
from motext_jax.skeleton import NTU25, SMPL22


@pytest.fixture(scope="module", params=official.FORMS)
def compared(request, golden):
    arrays = golden("agcn_ntu25_width16")
    return official.compared(request.param, AGCN(NTU25, width=16), arrays, agcn, "aggregated")


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


def test_full_size_parameters():
    # The official module's likewise, less the two biases a block that our transform does without.
    assert parameters(AGCN(NTU25)) == 3_453_940 - 2 * (4 * 64 + 3 * 128 + 3 * 256)


@pytest.fixture(scope="module")
def initial():
    tower = AGCN(SMPL22, blocks=3)
    clips = jnp.zeros((1, 1, 22, 3))
    return jax.jit(tower.init, static_argnames="train")(jax.random.key(0), clips, train=False)


def test_initial_deviations(initial):
    # Block 2: 64 channels to 128, a quarter for the embeddings.
    block = initial["params"]["block_2"]
    variances = [
        (2 / 32, block["spatial"]["theta"]["kernel"]),
        (2 / 32, block["spatial"]["phi"]["kernel"]),
        (2 / (128 * 64 * 3), block["spatial"]["transform"]["kernel"]),
        (2 / 128, block["spatial_shortcut"]["project"]["kernel"]),
        (2 / (128 * 9), block["temporal"]["conv"]["conv"]["kernel"]),
        (2 / 128, block["shortcut"]["project"]["kernel"]),
    ]
    for variance, values in variances:
        # Five standard deviations of a mean square of so many normal numbers.
        margin = 5 * (2 / values.size) ** 0.5
        assert np.mean(np.square(values)) == pytest.approx(variance, rel=margin)


def test_initial_constants(initial):
    for path, leaf in jax.tree_util.tree_leaves_with_path(initial["params"]):
        *_, layer, name = (key.key for key in path)
        if name == "bias":
            np.testing.assert_array_equal(leaf, 0)
        if name == "scale":
            np.testing.assert_array_equal(leaf, np.float32(1e-6 if layer == "spatial_norm" else 1))
        if name == "topology":
            np.testing.assert_array_equal(leaf, np.float32(1e-6))
