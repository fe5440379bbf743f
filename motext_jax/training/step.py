"""The train step: pure, the same on one device and on many."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import flax.struct
import jax
import jax.numpy as jnp
import numpy as np
import optax
from jaxtyping import Array, Float, Int, Shaped

from motext_jax.config import Config
from motext_jax.losses import (
    category_labels,
    cross_entropy,
    identity_labels,
    sigmoid_loss,
    softmax_loss,
    split,
)
from motext_jax.models.two_tower import Model, MotionClassifier, TwoTower
from motext_jax.training.optimizer import freeze

MAX_LOGIT_SCALE = 100.0
"""CLIP's bound on the learned factor of the cosines (Radford et al. 2021)."""

Metrics = dict[str, Array]

_LOSSES: Mapping[str, Callable[..., Float[Array, ""]]] = {
    "softmax": softmax_loss,
    "sigmoid": sigmoid_loss,
}


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
    """(state, batch) -> (state, metrics); BatchNorm and the loss see the global batch.

    With `train.micro_batch` BatchNorm sees groups of so many clips, see `embed`.
    """

    def loss_of(params, batch_stats, batch):
        variables = {"params": freeze(params, config.optimizer), "batch_stats": batch_stats}
        if isinstance(model, MotionClassifier):
            logits, updates = model.apply(variables, batch["clips"], True, mutable=["batch_stats"])
            classes = jax.nn.one_hot(batch["categories"], model.classes)
            return cross_entropy(logits, classes), (updates.get("batch_stats", {}), {})
        groups = len(batch["clips"]) // (config.train.micro_batch or len(batch["clips"]))
        (motion, distinct), stats = embed(model, variables, batch, groups)
        text = distinct[batch["text"]]
        if config.loss.targets == "category":
            labels = category_labels(batch["categories"])
        else:
            labels = identity_labels(len(motion))
        terms: Any = model.apply(variables, method="logit_terms")
        return _LOSSES[config.loss.name](motion, text, labels, **terms), (stats, terms)

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


def embed(
    model: TwoTower, variables: Mapping[str, Any], batch: Mapping[str, Array], groups: int
) -> tuple[tuple[Float[Array, "n d"], Float[Array, "m d"]], Any]:
    """A batch's motions, its distinct texts, and new BatchNorm statistics.

    In several groups it takes the memory of one, by gradient caching (Gao et al. 2021, "Scaling
    deep contrastive learning batch size under memory limited setup"): the towers embed one group
    after the other and keep nothing but the embeddings; the gradient of the loss of all embeddings
    goes back through each group anew. BatchNorm sees a group, and its running statistics move once
    for each. Clip k is in group k modulo `groups`, so that every device has its share of each.

    Texts that come embedded, because their tower is frozen, stay as they are.
    """
    params = variables["params"]

    def embed_clips(batch_stats, clips):
        motion, updates = model.apply(
            {"params": params, "batch_stats": batch_stats},
            clips,
            True,
            method="encode_motion",
            mutable=["batch_stats"],
        )
        return updates.get("batch_stats", {}), motion

    def embed_texts(_, tokens):
        return None, model.apply({"params": params}, tokens, method="encode_text")

    def in_groups(function, carry, rows, number):
        if number == 1:
            return function(carry, rows)
        # Without a checkpoint a scan keeps every group's activations for the way back.
        carry, embedded = jax.lax.scan(jax.checkpoint(function), carry, split(rows, number))
        return carry, _joined(embedded)

    stats, motion = in_groups(embed_clips, variables["batch_stats"], batch["clips"], groups)
    if "text_embeddings" in batch:
        text = batch["text_embeddings"]
    else:
        tokens = batch["tokens"]
        _, text = in_groups(embed_texts, None, tokens, math.gcd(groups, len(tokens)))
    return (motion, text), stats


def _joined(groups: Shaped[Array, "g b *r"]) -> Shaped[Array, "n *r"]:
    """The inverse of `split`."""
    return groups.swapaxes(0, 1).reshape(-1, *groups.shape[2:])
