"""The loss against a float64 numpy version and cases worked by hand."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motext_jax import losses


def reference(motion, text, scale, targets):
    """Equations 3-11, one logit at a time."""
    n = len(motion)
    unit = lambda x: x / np.sqrt((x * x).sum())  # noqa: E731
    logits = np.array([[scale * unit(t) @ unit(m) for m in motion] for t in text])
    total = 0.0
    for i in range(n):
        row, column = np.exp(logits[i]), np.exp(logits[:, i])
        # A text counts as its share among the texts that are right for the same motions.
        column = [value / np.count_nonzero(targets[j]) for j, value in enumerate(column)]
        for j in range(n):
            total -= targets[i][j] * np.log(row[j] / sum(row))
            total -= targets[j][i] * np.log(column[j] / sum(column))
    return total / (2 * n)


def test_two_pairs_by_hand():
    # Orthogonal pairs: each row's logits are (1, 0), so the loss is log(e + 1) - 1.
    pair = jnp.eye(2)
    loss = losses.contrastive_loss(pair, pair, 1.0, losses.identity_targets(2))
    assert loss == pytest.approx(np.log(np.e + 1) - 1, abs=1e-6)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**31), scale=st.floats(0.5, 20.0))
def test_agrees_with_the_equations_in_float64(seed, scale):
    rng = np.random.default_rng(seed)
    motion, text = rng.normal(size=(2, 5, 7))
    loss = losses.contrastive_loss(
        losses.normalise(jnp.float32(motion)),
        losses.normalise(jnp.float32(text)),
        jnp.float32(scale),
        losses.identity_targets(5),
    )
    assert loss == pytest.approx(reference(motion, text, scale, np.eye(5)), rel=1e-5)


def test_category_targets_share_a_row_among_its_category():
    targets = losses.category_targets(jnp.array([2, 0, 2, -1, -1]))
    expected = np.eye(5)
    expected[0, 2] = expected[2, 0] = expected[0, 0] = expected[2, 2] = 0.5
    np.testing.assert_allclose(targets, expected)


def test_category_targets_in_the_loss_agree_with_float64():
    rng = np.random.default_rng(0)
    motion, text = rng.normal(size=(2, 4, 3))
    targets = losses.category_targets(jnp.array([0, 1, 0, 1]))
    loss = losses.contrastive_loss(
        losses.normalise(jnp.float32(motion)), losses.normalise(jnp.float32(text)), 5.0, targets
    )
    assert loss == pytest.approx(reference(motion, text, 5.0, np.asarray(targets)), rel=1e-5)


def test_a_zero_embedding_has_a_finite_gradient():
    gradient = jax.grad(lambda x: losses.normalise(x).sum())(jnp.zeros((2, 3)))
    assert np.isfinite(gradient).all()
