"""The train step's loss, by hand from the embeddings, and the bound on its scale."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
import tiny

from motext_jax.models.two_tower import build_model
from motext_jax.skeleton import SMPL22
from motext_jax.training.step import MAX_LOGIT_SCALE, TrainState, make_train_step

CATEGORIES = np.array([2, 0, 2, 1, -1, 0, 2, -1], np.int32)


@pytest.fixture(scope="module")
def batch():
    rng = np.random.default_rng(0)
    n = len(CATEGORIES)
    tokens = np.zeros((4, 8), np.int32)
    tokens[:, 0], tokens[:, 2] = 49406, 49407
    tokens[:, 1] = rng.integers(1000, 9000, 4)
    clips = rng.normal(size=(n, 16, 22, 3)).astype(np.float32)
    # The last of the four distinct texts is no clip's.
    text = np.array([1, 0, 1, 2, 0, 0, 1, 2], np.int32)
    return {"clips": clips, "tokens": tokens, "text": text, "categories": CATEGORIES}


@pytest.fixture(scope="module")
def model(batch):
    config = tiny.config()
    config.loss = tiny.category_loss()
    model = build_model(config, SMPL22, classes=3)
    init = jax.jit(model.init, static_argnums=3)
    return model, init(jax.random.key(0), batch["clips"][:2], batch["tokens"][:2], False)


def by_hand(motion, text, scale, same):
    """Each text among all clips; each clip among the distinct categories and bare texts."""
    n = len(motion)
    logits = scale * text @ motion.T
    total = 0.0
    for i in range(n):
        row, column = np.exp(logits[i]), np.exp(logits[:, i])
        shares = np.array([column[same[j]].mean() / same[j].sum() for j in range(n)])
        assert np.isclose(shares.sum(), sum(column[j] / same[j].sum() for j in range(n)))
        total -= np.mean([np.log(row[j] / row.sum()) for j in np.flatnonzero(same[i])])
        total -= np.mean(
            [np.log(column[j] / same[j].sum() / shares.sum()) for j in np.flatnonzero(same[i])]
        )
    return total / (2 * n)


@pytest.mark.parametrize("targets", ["category", "identity"])
def test_the_loss_is_that_of_the_configs_targets(model, batch, targets):
    model, variables = model
    config = tiny.config()
    config.loss.targets = targets
    optimizer = optax.sgd(0.0)
    step = jax.jit(make_train_step(model, optimizer, config))
    _, metrics = step(TrainState.create(variables, optimizer), batch)
    (motion, text, scale), _ = model.apply(
        variables, batch["clips"], batch["tokens"][batch["text"]], True, mutable=["batch_stats"]
    )
    same = np.eye(len(CATEGORIES), dtype=bool)
    if targets == "category":
        same |= (CATEGORIES[:, None] == CATEGORIES) & (CATEGORIES >= 0)[:, None]
    motion, text = np.asarray(motion, np.float64), np.asarray(text, np.float64)
    assert metrics["loss"] == pytest.approx(by_hand(motion, text, float(scale), same), rel=1e-4)


def test_the_learned_scale_is_bounded_and_comes_down_again(model, batch):
    """An update of 9 takes the scale to its bound; one of -0.5 takes it from there by e^-0.5."""
    model, variables = model
    config = tiny.config()
    config.loss = tiny.category_loss()

    def pushed(state, push):
        update = jax.tree.map(jnp.zeros_like, state.params) | {"log_scale": jnp.float32(push)}
        optimizer = optax.GradientTransformation(lambda _: (), lambda *_: (update, ()))
        return jax.jit(make_train_step(model, optimizer, config))(state, batch)[0]

    start = TrainState.create(variables, optax.sgd(0.0)).replace(opt_state=())
    high = pushed(start, 9.0)
    assert np.exp(high.params["log_scale"]) == pytest.approx(MAX_LOGIT_SCALE, rel=1e-5)
    low = pushed(high, -0.5)
    expected = MAX_LOGIT_SCALE * np.exp(-0.5)
    assert np.exp(low.params["log_scale"]) == pytest.approx(expected, rel=1e-5)
