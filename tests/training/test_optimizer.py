"""Update rules by hand, in PyTorch's order; schedules; parameter groups."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from motext_jax.config import OptimizerConfig
from motext_jax.training.optimizer import build_optimizer, freeze, schedule


def run(config, gradients, params, steps=4):
    optimizer = build_optimizer(config, total_steps=steps)
    state = optimizer.init(params)
    for gradient in gradients:
        updates, state = optimizer.update(gradient, state, params)
        params = optax.apply_updates(params, updates)
    return params


def test_sgd_adds_the_decay_before_the_momentum():
    # torch.optim.SGD: g += wd·p; v = 0.9·v + g; p -= lr·v. Also for biases and scalars.
    config = OptimizerConfig(learning_rate=0.1, weight_decay=0.5)
    start = {"motion": jnp.float32(2.0), "log_scale": jnp.float32(-1.0)}
    gradients = [{"motion": jnp.float32(g), "log_scale": jnp.float32(-g)} for g in (1.0, 3.0)]
    after = run(config, gradients, start)
    for name, sign in (("motion", 1.0), ("log_scale", -1.0)):
        p, v = float(start[name]), 0.0
        for g in (1.0, 3.0):
            v = 0.9 * v + (sign * g + 0.5 * p)
            p -= 0.1 * v
        assert after[name] == pytest.approx(p, rel=1e-6)


def test_adamw_decays_kernels_alone():
    config = OptimizerConfig(name="adamw", learning_rate=0.1, weight_decay=0.5)
    # An attention's bias and a topology are matrices too.
    start = {"motion": {name: jnp.ones((2, 2)) for name in ("kernel", "bias", "topology")}}
    zero = jax.tree.map(jnp.zeros_like, start)
    with jax.numpy_dtype_promotion("standard"):  # optax's Adam needs it
        after = run(config, [zero], start)["motion"]
    np.testing.assert_allclose(after["kernel"], 1 - 0.1 * 0.5, rtol=1e-6)
    np.testing.assert_allclose(after["bias"], 1.0)
    np.testing.assert_allclose(after["topology"], 1.0)


def test_each_tower_has_its_own_rate():
    config = OptimizerConfig(
        learning_rate=0.1, weight_decay=0.0, momentum=0.0, motion_scale=0.5, text_scale=0.0
    )
    start = {name: jnp.float32(1.0) for name in ("motion", "text", "log_scale")}
    after = run(config, [start], start)
    assert {name: float(value) for name, value in after.items()} == pytest.approx(
        {"motion": 0.95, "text": 1.0, "log_scale": 0.9}
    )


def test_a_frozen_tower_passes_no_gradient():
    config = OptimizerConfig(text_scale=0.0)
    loss = lambda p: sum(x**2 for x in freeze(p, config).values())  # noqa: E731
    gradient = jax.grad(loss)({"motion": jnp.float32(1.0), "text": jnp.float32(1.0)})
    assert {name: float(value) for name, value in gradient.items()} == {"motion": 2.0, "text": 0.0}


@pytest.mark.parametrize("name", ["sgd", "adamw"])
def test_a_frozen_parameter_neither_moves_nor_has_moments(name):
    config = OptimizerConfig(name, learning_rate=0.1, weight_decay=0.5)
    start = {
        "text": {"table": jnp.ones((7, 3)), "kernel": jnp.ones((2, 3))},
        "motion": {"kernel": jnp.ones((5, 3))},
    }
    optimizer = build_optimizer(config, 4, frozen=("table",))
    state = optimizer.init(start)
    # Beside the moments there are numbers of steps.
    assert {leaf.shape for leaf in jax.tree.leaves(state)} == {(), (2, 3), (5, 3)}
    with jax.numpy_dtype_promotion("standard"):  # optax's Adam needs it
        updates, _ = optimizer.update(start, state, start)
    assert not updates["text"]["table"].any()
    assert updates["text"]["kernel"].all()
    assert updates["motion"]["kernel"].all()


def test_warmup_then_cosine_to_zero():
    rate = schedule(
        OptimizerConfig(learning_rate=2.0, schedule="cosine", warmup_steps=10), total_steps=110
    )
    assert [float(rate(step)) for step in (0, 5, 10, 60, 110)] == pytest.approx(
        [0.0, 1.0, 2.0, 1.0, 0.0], abs=1e-6
    )


def test_the_papers_rate_is_constant():
    rate = schedule(OptimizerConfig(), total_steps=100)
    assert [float(rate(step)) for step in (0, 50, 99)] == pytest.approx([1e-4] * 3)
