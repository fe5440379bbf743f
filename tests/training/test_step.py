"""The train step's loss, by hand from the embeddings, and the bound on its scale."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
import tiny

from motext_jax import losses
from motext_jax.models.agcn import AGCNConfig
from motext_jax.models.two_tower import build_model
from motext_jax.skeleton import SMPL22
from motext_jax.training.step import MAX_LOGIT_SCALE, Examples, TrainState, make_train_step

CATEGORIES = np.array([2, 0, 2, 1, -1, 0, 2, -1], np.int32)
SAME_CATEGORY = (CATEGORIES[:, None] == CATEGORIES) & (CATEGORIES >= 0)[:, None]
SAME_CATEGORY |= np.eye(len(CATEGORIES), dtype=bool)


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
    return Examples(*map(jnp.asarray, (clips, CATEGORIES, text, tokens)))


@pytest.fixture(scope="module")
def model(batch):
    config = tiny.config()
    config.loss = tiny.category_loss()
    model = build_model(config, SMPL22, classes=3)
    init = jax.jit(model.init, static_argnums=3)
    return model, init(jax.random.key(0), batch.clips[:2], batch.tokens[:2], False)


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
    apply = jax.jit(model.apply, static_argnums=3, static_argnames="mutable")
    (motion, text, scale), _ = apply(
        variables, batch.clips, batch.tokens[batch.text_rows], True, mutable=("batch_stats",)
    )
    same = {"category": SAME_CATEGORY, "identity": np.eye(len(CATEGORIES), dtype=bool)}[targets]
    motion, text = np.asarray(motion, np.float64), np.asarray(text, np.float64)
    assert metrics["loss"] == pytest.approx(by_hand(motion, text, float(scale), same), rel=1e-4)
    assert metrics["logit_scale"] == scale
    assert "logit_bias" not in metrics


def test_the_sigmoid_loss_learns_its_scale_and_bias(model, batch):
    """The loss of the model's embeddings, and both numbers' updates from d loss / d logit."""
    model, variables = model
    config = tiny.config()
    config.loss = tiny.category_loss()
    config.loss.name = "sigmoid"
    model = build_model(config, SMPL22, classes=3)
    params = variables["params"] | {"logit_bias": jnp.float32(-4.0)}
    variables = {**variables, "params": params}
    optimizer = optax.sgd(1e-2)
    step = jax.jit(make_train_step(model, optimizer, config))
    after, metrics = step(TrainState.create(variables, optimizer), batch)
    (motion, text, _), _ = model.apply(
        variables, batch.clips, batch.tokens[batch.text_rows], True, mutable=["batch_stats"]
    )
    cosines = np.asarray(text, np.float64) @ np.asarray(motion, np.float64).T
    p = 1 / (1 + np.exp(4.0 - 10.0 * cosines))
    loss = -np.log(np.where(SAME_CATEGORY, p, 1 - p)).sum() / len(CATEGORIES)
    slope = (p - SAME_CATEGORY) / len(CATEGORIES)
    assert metrics["loss"] == pytest.approx(loss, rel=1e-4)
    assert metrics["logit_scale"] == pytest.approx(10.0, rel=1e-6)
    assert metrics["logit_bias"] == -4.0
    bias, log_scale = after.params["logit_bias"], after.params["log_scale"]
    assert bias == pytest.approx(-4.0 - 1e-2 * slope.sum(), rel=1e-5)
    moved = 1e-2 * (slope * 10.0 * cosines).sum()
    assert log_scale == pytest.approx(np.log(10.0) - moved, rel=1e-5)


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


def test_a_frozen_towers_texts_may_come_embedded(model, batch):
    """The same loss and the same motion gradients as from their tokens."""
    model, variables = model
    config = tiny.config()
    config.optimizer.text_scale = 0.0
    optimizer = optax.sgd(1.0)
    step = jax.jit(make_train_step(model, optimizer, config))
    text_embeddings = model.apply(variables, batch.tokens, method="encode_text")
    embedded = batch.replace(tokens=None, text_embeddings=text_embeddings)
    (state, metrics), (other, other_metrics) = (
        step(TrainState.create(variables, optimizer), b) for b in (batch, embedded)
    )
    assert metrics["loss"] == pytest.approx(float(other_metrics["loss"]), rel=1e-6)
    for one, two in zip(
        jax.tree.leaves(state.params["motion"]),
        jax.tree.leaves(other.params["motion"]),
        strict=True,
    ):
        np.testing.assert_allclose(one, two, atol=1e-6)


def test_twins_are_a_second_loss_with_its_weight(model, batch):
    """The first four clips' texts have the last text as their twin."""
    model, variables = model
    config = tiny.config()
    twin_rows = jnp.where(jnp.arange(8) < 4, 3, batch.text_rows)
    optimizer = optax.sgd(1e-3)
    step = make_train_step(model, optimizer, config)
    state = TrainState.create(variables, optimizer)
    _, without = jax.jit(step)(state, batch)
    config.loss.twins = 0.5
    _, metrics = jax.jit(make_train_step(model, optimizer, config))(
        state, batch.replace(twin_rows=twin_rows)
    )
    params = {"params": variables["params"]}
    motion, _ = model.apply(
        variables, batch.clips, True, method="encode_motion", mutable=["batch_stats"]
    )
    distinct = np.float64(model.apply(params, batch.tokens, method="encode_text"))
    motion, scale = np.float64(motion)[:4], float(metrics["logit_scale"])
    own, other = distinct[batch.text_rows[:4]], distinct[3]
    margins = scale * (motion * (own - other)).sum(axis=1)
    expected = np.log1p(np.exp(-margins)).mean()
    np.testing.assert_allclose(metrics["twin_loss"], expected, rtol=1e-5)
    np.testing.assert_allclose(metrics["loss"], without["loss"] + 0.5 * expected, rtol=1e-5)


@pytest.mark.parametrize("targets", ["category", "identity"])
def test_groups_give_the_gradients_of_one_pass_over_the_same_groups(model, targets, monkeypatch):
    """16 clips in groups of 4, their logits too, against autodiff through everything at once."""
    model, variables = model
    rng = np.random.default_rng(3)
    tokens = np.zeros((16, 8), np.int32)
    tokens[:, 0], tokens[:, 2] = 49406, 49407
    tokens[:, 1] = rng.integers(1000, 9000, 16)
    batch = Examples(
        clips=jnp.asarray(rng.normal(size=(16, 16, 22, 3)).astype(np.float32)),
        tokens=jnp.asarray(tokens),
        text_rows=jnp.asarray(rng.integers(0, 16, 16).astype(np.int32)),
        categories=jnp.asarray(rng.integers(0, 4, 16).astype(np.int32)),
    )
    config = tiny.config()
    config.loss.targets = targets
    config.train.batch_size, config.train.micro_batch = 16, 4
    optimizer = optax.sgd(1.0)
    state = TrainState.create(variables, optimizer)
    step = jax.jit(make_train_step(model, optimizer, config))
    with monkeypatch.context() as patch:
        patch.setattr(losses, "BLOCK", 4 * 16)
        after, metrics = step(state, batch)

    def at_once(params):
        """Every group's own pass, kept in memory; then the loss of all."""
        stats, motion = variables["batch_stats"], [None] * 16
        for group in range(4):
            found, updates = model.apply(
                {"params": params, "batch_stats": stats},
                batch.clips[group::4],
                True,
                method="encode_motion",
                mutable=["batch_stats"],
            )
            stats, motion[group::4] = updates["batch_stats"], list(found)
        text = model.apply({"params": params}, batch.tokens, method="encode_text")
        labels = batch.categories if targets == "category" else jnp.arange(16)
        scale = model.apply({"params": params}, method="scale")
        terms = losses.LogitTerms(scale)
        loss = losses.softmax_loss(jnp.stack(motion), text[batch.text_rows], labels, terms)
        return loss, stats

    (loss, stats), gradient = jax.jit(jax.value_and_grad(at_once, has_aux=True))(
        variables["params"]
    )
    assert metrics["loss"] == pytest.approx(float(loss), rel=1e-6)
    found = jax.tree.map(lambda old, new: old - new, state.params, after.params)
    largest = max(float(jnp.abs(g).max()) for g in jax.tree.leaves(gradient))
    for (path, expected), value in zip(
        jax.tree_util.tree_leaves_with_path(gradient), jax.tree.leaves(found), strict=True
    ):
        scale = max(float(jnp.abs(expected).max()), 1e-3 * largest)
        error = float(jnp.abs(value - expected).max())
        # The difference of the parameters has their rounding, besides the gradient's own.
        assert error <= 1e-5 * scale + 2e-7, jax.tree_util.keystr(path)
    for expected, value in zip(
        jax.tree.leaves(stats), jax.tree.leaves(after.batch_stats), strict=True
    ):
        np.testing.assert_allclose(value, expected, rtol=1e-5, atol=1e-6)


def test_bfloat16_learns_as_float32_does(model, batch):
    """Ten steps from the same values: as large a fall of the loss, and float32 all that is kept."""
    _, variables = model
    config = tiny.config()
    optimizer = optax.adamw(3e-3)

    def trained(dtype):
        config.model.dtype = dtype
        model = build_model(config, SMPL22, classes=3)
        step = jax.jit(make_train_step(model, optimizer, config))
        state, losses = TrainState.create(variables, optimizer), []
        # Optax raises its decay rates, of type float, to the power of an integer.
        with jax.numpy_dtype_promotion("standard"):
            for _ in range(10):
                state, metrics = step(state, batch)
                losses.append(float(metrics["loss"]))
        return model, state, np.array(losses)

    model, state, losses = trained("float32")
    _, half, half_losses = trained("bfloat16")
    fall = losses[0] - losses[-1]
    assert fall > 0.2 * losses[0]
    # The same function, but for roundings of 2^-9; then its steps, which these have changed.
    assert half_losses[0] == pytest.approx(losses[0], rel=1e-2)
    assert half_losses[0] - half_losses[-1] == pytest.approx(fall, rel=0.2)
    assert not np.array_equal(half_losses, losses)
    for one, other in zip(jax.tree.leaves(state), jax.tree.leaves(half), strict=True):
        assert one.dtype == other.dtype
    # A model that was trained in bfloat16 embeds in float32.
    assert jax.tree.structure(half.variables) == jax.tree.structure(state.variables)
    found = model.apply(half.variables, batch.clips, False, method="encode_motion")
    assert found.dtype == np.float32


def test_groups_of_blocks_that_are_computed_again_give_the_same_step(batch):
    """The gradient cache's second pass over a group, with its blocks' second passes inside it."""
    config = tiny.config()
    config.model.motion = AGCNConfig(**vars(config.model.motion))
    config.train.micro_batch = 4
    optimizer = optax.sgd(1.0)

    def after(remat):
        config.model.motion.remat = remat
        model = build_model(config, SMPL22, classes=3)
        init = jax.jit(model.init, static_argnums=3)
        variables = init(jax.random.key(0), batch.clips[:2], batch.tokens[:2], False)
        step = jax.jit(make_train_step(model, optimizer, config))
        return step(TrainState.create(variables, optimizer), batch)

    (kept, metrics), (again, other_metrics) = after(remat=False), after(remat=True)
    assert other_metrics["loss"] == pytest.approx(float(metrics["loss"]), rel=1e-6)
    for (path, one), other in zip(
        jax.tree_util.tree_leaves_with_path((kept.params, kept.batch_stats)),
        jax.tree.leaves((again.params, again.batch_stats)),
        strict=True,
    ):
        np.testing.assert_allclose(
            other, one, rtol=1e-5, atol=1e-5, err_msg=jax.tree_util.keystr(path)
        )


def test_groups_take_the_memory_of_one(model):
    """By the compiled program's own account: 512 clips in groups of 64, against 64 clips."""
    model, variables = model
    optimizer = optax.sgd(1.0)
    state = jax.eval_shape(lambda: TrainState.create(variables, optimizer))

    def temporary(clips, micro_batch):
        config = tiny.config()
        config.train.batch_size, config.train.micro_batch = clips, micro_batch
        rows = jnp.zeros(clips, jnp.int32)
        tokens = jnp.zeros((16, 8), jnp.int32)
        batch = Examples(jnp.zeros((clips, 16, 22, 3)), rows, rows, tokens)
        step = jax.jit(make_train_step(model, optimizer, config))
        return step.lower(state, batch).compile().memory_analysis().temp_size_in_bytes

    few, many = temporary(64, 0), temporary(512, 64)
    assert many < 1.25 * few
    assert temporary(128, 0) > 1.7 * few
