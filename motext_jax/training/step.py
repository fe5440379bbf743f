"""The train step: pure, the same on one device and on many."""

from collections.abc import Callable, Mapping
from typing import Any

import flax.struct
import jax
import jax.numpy as jnp
import numpy as np
import optax
from jaxtyping import Array, Int

from motext_jax.config import Config
from motext_jax.losses import category_targets, contrastive_loss, cross_entropy, identity_targets
from motext_jax.models.two_tower import Model, MotionClassifier
from motext_jax.training.optimizer import freeze

MAX_LOGIT_SCALE = 100.0
"""CLIP's bound on the learned factor of the cosines (Radford et al. 2021)."""

Metrics = dict[str, Array]


class TrainState(flax.struct.PyTreeNode):
    """All that a step changes."""

    step: Int[Array, ""]
    params: Any
    batch_stats: Any
    opt_state: Any

    @classmethod
    def create(
        cls, variables: Mapping[str, Any], optimizer: optax.GradientTransformation
    ) -> "TrainState":
        """The state before step 0."""
        params = variables["params"]
        return cls(jnp.int32(0), params, variables["batch_stats"], optimizer.init(params))

    @property
    def variables(self) -> dict[str, Any]:
        """What the model's functions take."""
        return {"params": self.params, "batch_stats": self.batch_stats}


def make_train_step(
    model: Model, optimizer: optax.GradientTransformation, config: Config
) -> Callable[[TrainState, dict[str, Array]], tuple[TrainState, Metrics]]:
    """(state, batch) -> (state, metrics); BatchNorm and the n×n logits see the global batch."""

    def loss_of(params, batch_stats, batch):
        params = freeze(params, config.optimizer)
        outputs, updates = model.apply(
            {"params": params, "batch_stats": batch_stats},
            *_inputs(model, batch),
            True,
            mutable=["batch_stats"],
        )
        if isinstance(model, MotionClassifier):
            classes = jax.nn.one_hot(batch["categories"], model.classes)
            return cross_entropy(outputs, classes), (updates["batch_stats"], {})
        motion, distinct, scale = outputs
        text = distinct[batch["text"]]
        if config.loss.targets == "category":
            targets = category_targets(batch["categories"])
        else:
            targets = identity_targets(len(motion))
        loss = contrastive_loss(motion, text, scale, targets)
        return loss, (updates["batch_stats"], {"logit_scale": scale})

    def train_step(state: TrainState, batch: dict[str, Array]) -> tuple[TrainState, Metrics]:
        gradient = jax.value_and_grad(loss_of, has_aux=True)
        (loss, (stats, extra)), grads = gradient(state.params, state.batch_stats, batch)
        updates, opt_state = optimizer.update(grads, state.opt_state, state.params)
        params = _with_bounded_scale(optax.apply_updates(state.params, updates))
        norms = {"grad_norm": optax.tree.norm(grads), "param_norm": optax.tree.norm(params)}
        metrics = {"loss": loss, **norms, **extra}
        return TrainState(state.step + 1, params, stats, opt_state), metrics

    return train_step


def _with_bounded_scale(params: dict[str, Any]) -> dict[str, Any]:
    """The parameter itself is bounded: a bound on the factor would have no gradient beyond it."""
    if "log_scale" not in params:
        return params
    return {**params, "log_scale": jnp.minimum(params["log_scale"], np.log(MAX_LOGIT_SCALE))}


def _inputs(model: Model, batch: dict[str, Array]) -> tuple[Array, ...]:
    if isinstance(model, MotionClassifier):
        return (batch["clips"],)
    return batch["clips"], batch["tokens"]
