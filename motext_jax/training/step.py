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
    LOSSES,
    category_labels,
    cross_entropy,
    identity_labels,
    split,
    twin_loss,
)
from motext_jax.models.two_tower import Model, MotionClassifier, TwoTower
from motext_jax.training.optimizer import freeze

MAX_LOGIT_SCALE = 100.0
"""CLIP's bound on the learned logit scale (Radford et al. 2021)."""

Metrics = dict[str, Array]


class Examples(flax.struct.PyTreeNode):
    """A step's clips and texts as the towers see them.

    JAX rebuilds it around what only stands for arrays, too, with a shape and a dtype.

    Attributes:
      clips: clips, mirrored and augmented.
      categories: each clip's category; -1 for none.
      text_rows: each clip's row of `tokens` or of `text_embeddings`.
      tokens: tokens of the distinct texts; None if `text_embeddings` is given.
      text_embeddings: unit-length embeddings by a frozen text tower; None if `tokens` is given.
      twin_rows: the row of its text's twin, the text's own where it has none; None without twins.
    """

    clips: Float[Any, "n t v c"]
    categories: Int[Any, "n"]
    text_rows: Int[Any, "n"]
    tokens: Int[Any, "m l"] | None = None
    text_embeddings: Float[Any, "m d"] | None = None
    twin_rows: Int[Any, "n"] | None = None


class TrainState(flax.struct.PyTreeNode):
    """The step number, the model's variables and the optimizer's state.

    Attributes:
      start: the variables that the run began with, where the saved model keeps a share of them.
    """

    step: Int[Any, ""]
    params: Any
    batch_stats: Any
    opt_state: Any
    start: Any = None

    @classmethod
    def create(
        cls,
        variables: Mapping[str, Any],
        optimizer: optax.GradientTransformation,
        *,
        with_start: bool = False,
    ) -> "TrainState":
        """The state before step 0."""
        params = variables["params"]
        opt_state = optimizer.init(params)
        start = dict(variables) if with_start else None
        return cls(jnp.int32(0), params, variables["batch_stats"], opt_state, start)

    @property
    def variables(self) -> dict[str, Any]:
        """The model's variables, as its functions take them."""
        return {"params": self.params, "batch_stats": self.batch_stats}

    @property
    def beside(self) -> Any:
        """The rest of the state, which a checkpoint holds beside the saved model."""
        if self.start is None:
            return self.opt_state
        return {"opt_state": self.opt_state, "variables": self.variables, "start": self.start}

    @classmethod
    def resumed(
        cls, step: Int[Any, ""], saved: Mapping[str, Any], beside: Any, *, with_start: bool
    ) -> "TrainState":
        """The state of a saved model and of what was beside it."""
        if not with_start:
            return cls(step, saved["params"], saved["batch_stats"], beside)
        trained = beside["variables"]
        return cls(
            step, trained["params"], trained["batch_stats"], beside["opt_state"], beside["start"]
        )


TrainStep = Callable[[TrainState, Examples], tuple[TrainState, Metrics]]
"""(state, examples) -> (state, metrics), pure."""


def make_train_step(
    model: Model, optimizer: optax.GradientTransformation, config: Config
) -> TrainStep:
    """Makes the train step; BatchNorm and the loss see the global batch.

    With `train.micro_batch` BatchNorm sees groups of so many clips, see `embed`.
    """

    def loss_of(params: Any, batch_stats: Any, examples: Examples):
        variables = {"params": freeze(params, config.optimizer), "batch_stats": batch_stats}
        if isinstance(model, MotionClassifier):
            logits, updates = model.apply(variables, examples.clips, True, mutable=["batch_stats"])
            with jax.named_scope("loss"):
                classes = jax.nn.one_hot(examples.categories, model.classes)
                return cross_entropy(logits, classes), (updates.get("batch_stats", {}), {})
        groups = len(examples.clips) // (config.train.micro_batch or len(examples.clips))
        (motion, distinct), stats = embed(model, variables, examples, groups)
        with jax.named_scope("loss"):
            text = distinct[examples.text_rows]
            if config.loss.targets == "category":
                labels = category_labels(examples.categories)
            else:
                labels = identity_labels(len(motion))
            terms: Any = model.apply(variables, method="logit_terms")
            learned = {"logit_bias": terms.bias} if model.learn_logit_bias else {}
            metrics = {"logit_scale": terms.scale, **learned}
            loss = LOSSES[config.loss.name](motion, text, labels, terms)
            twin_rows: Any = examples.twin_rows
            if twin_rows is not None:
                has_twin = twin_rows != examples.text_rows
                of_twins = twin_loss(motion, text, distinct[twin_rows], has_twin, terms)
                loss = loss + config.loss.twins * of_twins
                metrics = {**metrics, "twin_loss": of_twins}
        return loss, (stats, metrics)

    def train_step(state: TrainState, examples: Examples) -> tuple[TrainState, Metrics]:
        gradient = jax.value_and_grad(loss_of, has_aux=True)
        (loss, (stats, extra)), grads = gradient(state.params, state.batch_stats, examples)
        with jax.named_scope("optimizer"):
            updates, opt_state = optimizer.update(grads, state.opt_state, state.params)
            params = _with_bounded_scale(optax.apply_updates(state.params, updates))
            norms = {"grad_norm": optax.tree.norm(grads), "param_norm": optax.tree.norm(params)}
        metrics = {"loss": loss, **norms, **extra}
        return TrainState(state.step + 1, params, stats, opt_state, state.start), metrics

    return train_step


def _with_bounded_scale(params: dict[str, Any]) -> dict[str, Any]:
    """Bounds the parameter itself: a bound on the scale would have no gradient beyond it."""
    if "log_scale" not in params:
        return params
    return {**params, "log_scale": jnp.minimum(params["log_scale"], np.log(MAX_LOGIT_SCALE))}


def embed(
    model: TwoTower, variables: Mapping[str, Any], examples: Examples, groups: int
) -> tuple[tuple[Float[Array, "n d"], Float[Array, "m d"]], Any]:
    """Embeddings of the clips and of the distinct texts, and new BatchNorm statistics.

    Several groups take the memory of one, by gradient caching (Gao et al. 2021, "Scaling deep
    contrastive learning batch size under memory limited setup"). The towers embed one group after
    the other and keep nothing but the embeddings. The backward pass embeds each group again.
    BatchNorm sees a group, and its running statistics move once for each. Clip k is in group k
    modulo `groups`, so that every group is sharded over all devices.

    Text embeddings of a frozen tower stay as they are.
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
        # Without a checkpoint a scan keeps every group's activations for the backward pass.
        carry, embedded = jax.lax.scan(jax.checkpoint(function), carry, split(rows, number))
        return carry, _joined(embedded)

    stats, motion = in_groups(embed_clips, variables["batch_stats"], examples.clips, groups)
    tokens = examples.tokens
    text: Any = examples.text_embeddings
    if tokens is not None:
        _, text = in_groups(embed_texts, None, tokens, math.gcd(groups, len(tokens)))
    return (motion, text), stats


def _joined(groups: Shaped[Array, "g b *r"]) -> Shaped[Array, "n *r"]:
    """The inverse of `split`."""
    return groups.swapaxes(0, 1).reshape(-1, *groups.shape[2:])
