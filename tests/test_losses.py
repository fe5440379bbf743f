"""The losses against n×n float64 numpy versions and cases worked by hand, and their memory."""

import re
from unittest import mock

import hypothesis
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motext_jax import losses
from motext_jax.config import LossConfig, settings
from motext_jax.runtime import mesh as meshes

N = 12
# Row 4 has no category; category 4 is another row's.
CATEGORIES = np.array([2, 0, 2, 1, -1, 0, 2, -1, 2, 4, 0, 2], np.int32)
SAME = {
    "identity": np.eye(N, dtype=bool),
    "category": np.eye(N, dtype=bool)
    | (CATEGORIES[:, None] == CATEGORIES) & (CATEGORIES >= 0)[:, None],
}


def softmax_by_hand(motion, text, same, scale, _=None):
    """Equations 5-11; a text counts as its share among those right for the same motions."""
    targets = same / same.sum(axis=1, keepdims=True)
    logits = scale * text @ motion.T
    rows = np.exp(logits)
    columns = np.exp(logits) / same.sum(axis=1)[:, None]
    text_to_motion = -(targets * np.log(rows / rows.sum(axis=1, keepdims=True))).sum() / len(text)
    motion_to_text = -(targets * np.log(columns / columns.sum(axis=0))).sum() / len(text)
    return (text_to_motion + motion_to_text) / 2


def sigmoid_by_hand(motion, text, same, scale, bias):
    """Each pair is right with probability p, and counts as log p or log(1 - p)."""
    p = 1 / (1 + np.exp(-(scale * text @ motion.T + bias)))
    return -np.log(np.where(same, p, 1 - p)).sum() / len(text)


BY_HAND = {"softmax": softmax_by_hand, "sigmoid": sigmoid_by_hand}


def loss_of(name, motion, text, labels, scale, bias):
    return losses.LOSSES[name](motion, text, labels, losses.LogitTerms(scale, bias))


def in_blocks(blocks, n=N):
    """Within it n rows make so many blocks."""
    return mock.patch.object(losses, "BLOCK", n // blocks * n)


def embeddings(seed, n=N, d=3):
    x = np.random.default_rng(seed).normal(size=(2, n, d))
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def slopes(function, values):
    """Central differences, one number at a time."""
    found = []
    for value in values:
        slope = np.zeros(np.shape(value))
        for place in np.ndindex(slope.shape):
            step = np.zeros(slope.shape)
            step[place] = 1e-5
            ahead, behind = (
                function(*(v + sign * step if v is value else v for v in values))
                for sign in (1, -1)
            )
            slope[place] = (ahead - behind) / 2e-5
        found.append(slope)
    return found


def test_two_pairs_by_hand():
    pair = jnp.eye(2)
    labels = losses.identity_labels(2)
    # Orthogonal pairs: each row's logits are (1, 0), so the loss is log(e + 1) - 1.
    loss = losses.softmax_loss(pair, pair, labels, losses.LogitTerms(1.0))
    assert loss == pytest.approx(np.log(np.e + 1) - 1, abs=1e-6)
    # Each row's logits are (3 - 1, -1), of which the second should be low.
    loss = losses.sigmoid_loss(pair, pair, labels, losses.LogitTerms(3.0, -1.0))
    assert loss == pytest.approx(np.log1p(np.exp(-2)) + np.log1p(np.exp(-1)), abs=1e-6)


def test_twins_by_hand():
    """Of three motions the second has no twin; the third's own text is the less likely one."""
    motion = jnp.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    text = jnp.array([[1.0, 0.0], [1.0, 0.0], [0.6, -0.8]])
    twins = jnp.array([[0.0, 1.0], [1.0, 0.0], [0.8, 0.6]])
    has_twin = jnp.array([True, False, True])
    loss = losses.twin_loss(motion, text, twins, has_twin, losses.LogitTerms(2.0))
    # Margins are 2 (1 - 0) and 2 (-0.8 - 0.6).
    expected = (np.log1p(np.exp(-2.0)) + np.log1p(np.exp(2.8))) / 2
    assert loss == pytest.approx(expected, abs=1e-6)
    none = losses.twin_loss(motion, text, twins, jnp.zeros(3, bool), losses.LogitTerms(2.0))
    assert none == 0


def test_every_loss_is_an_option_and_is_compared_here():
    (name,) = (found for found in settings(LossConfig()) if found.path == "name")
    assert losses.LOSSES.keys() == BY_HAND.keys() == set(name.option.choices)


@pytest.mark.parametrize("targets", SAME)
def test_labels_are_the_same_where_a_clip_is_right(targets):
    labels = {
        "identity": losses.identity_labels(N),
        "category": losses.category_labels(jnp.asarray(CATEGORIES)),
    }[targets]
    np.testing.assert_array_equal(labels[:, None] == labels[None, :], SAME[targets])


@pytest.mark.parametrize("blocks", [1, 2, 4, N])
@pytest.mark.parametrize("targets", SAME)
@pytest.mark.parametrize("name", BY_HAND)
def test_values_and_gradients_are_those_of_the_whole_matrix(name, targets, blocks):
    motion, text = embeddings(0)
    values = [motion, text, np.float64(5.0), np.float64(-2.0)]
    labels = jnp.asarray(np.argmax(SAME[targets], axis=1))
    by_hand = lambda m, t, s, b: BY_HAND[name](m, t, SAME[targets], s, b)  # noqa: E731
    ours = jax.value_and_grad(lambda m, t, s, b: loss_of(name, m, t, labels, s, b), range(4))
    with in_blocks(blocks), jax.enable_x64(True), jax.numpy_dtype_promotion("standard"):
        loss, gradients = jax.jit(ours)(*values)
    assert loss == pytest.approx(by_hand(*values), rel=1e-12)
    for gradient, slope in zip(gradients, slopes(by_hand, values), strict=True):
        np.testing.assert_allclose(gradient, slope, atol=1e-8)


@hypothesis.settings(max_examples=20, deadline=None, derandomize=True)
@given(
    labels=st.lists(st.integers(-2, 4), min_size=N, max_size=N),
    order=st.permutations(range(N)),
    blocks=st.sampled_from([1, 2, 3, 4, 6, N]),
    seed=st.integers(0, 2**31),
    scale=st.floats(0.5, 20.0),
    name=st.sampled_from(list(BY_HAND)),
)
def test_any_labels_and_blocks_in_any_order(labels, order, blocks, seed, scale, name):
    motion, text = embeddings(seed)
    labels = np.array(labels)
    expected = BY_HAND[name](motion, text, labels[:, None] == labels, scale, -3.0)
    order = list(order)
    # Labels are names: which number stands for which is all the same.
    rows = jnp.float32(motion[order]), jnp.float32(text[order]), jnp.int32(7 - 3 * labels[order])
    with in_blocks(blocks):
        loss = loss_of(name, *rows, jnp.float32(scale), jnp.float32(-3.0))
    assert loss == pytest.approx(expected, rel=2e-5)


def compiled(name, n, d, devices):
    """The program of a loss and its gradient, for a batch shared out over devices."""
    mesh = meshes.data_mesh(jax.devices()[:devices])
    shared, whole = meshes.by_batch(mesh), meshes.replicated(mesh)
    gradient = jax.value_and_grad(
        lambda m, t, labels, s, b: loss_of(name, m, t, labels, s, b), (0, 1, 3, 4)
    )
    rows = jax.ShapeDtypeStruct((n, d), np.dtype(np.float32))
    labels = jax.ShapeDtypeStruct((n,), np.dtype(np.int32))
    one = jax.ShapeDtypeStruct((), np.dtype(np.float32))
    program = jax.jit(gradient, in_shardings=(shared, shared, shared, whole, whole))
    return program.lower(rows, rows, labels, one, one).compile()


@pytest.mark.parametrize("devices", [1, 8])
@pytest.mark.parametrize("name", BY_HAND)
def test_no_device_holds_the_whole_matrix(name, devices):
    """By the compiled program's own account, and by the shapes in it."""
    n, d, blocks = 4096, 16, 256

    def account():
        program = compiled(name, n, d, devices)
        shapes = re.findall(r"\w\[([\d,]+)\]", program.as_text())
        largest = max(int(np.prod([int(k) for k in shape.split(",")])) for shape in shapes)
        return program.memory_analysis().temp_size_in_bytes, largest

    with in_blocks(blocks, n):
        temporary, largest = account()
    # The embeddings themselves are as large as a block's logits.
    assert largest <= n // blocks * n == n * d
    assert temporary < 4 * n * n / 20
    with in_blocks(1, n):
        temporary, largest = account()
    assert largest >= n * n / devices
    assert temporary > 4 * n * n / devices


@pytest.mark.parametrize("name", BY_HAND)
def test_eight_devices_agree_with_one(name):
    n = 48
    arguments = (
        *jnp.float32(embeddings(1, n)),
        jnp.arange(n) % 7,
        jnp.float32(5.0),
        jnp.float32(-2.0),
    )
    # Blocks of 12 rows, which eight devices cannot share equally.
    with in_blocks(4, n):
        one, eight = (compiled(name, n, 3, k)(*jax.device_put(arguments)) for k in (1, 8))
    for a, b in zip(jax.tree.leaves(one), jax.tree.leaves(eight), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


def test_a_zero_embedding_has_a_finite_gradient():
    gradient = jax.grad(lambda x: losses.normalise(x).sum())(jnp.zeros((2, 3)))
    assert np.isfinite(gradient).all()
