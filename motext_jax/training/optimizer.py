"""The optimizer: SGD as in the paper, or AdamW; each tower with its own learning rate."""

from collections.abc import Collection
from typing import Any

import jax
import optax

from motext_jax.config import OptimizerConfig

Params = dict[str, Any]

_FROZEN = "frozen"


def tower_scales(config: OptimizerConfig) -> dict[str, float]:
    """Learning-rate multiples by the parameters' top-level name; 1 for any other name."""
    return {"motion": config.motion_scale, "text": config.text_scale}


def freeze(params: Params, config: OptimizerConfig) -> Params:
    """The parameters with the gradient stopped at frozen towers: XLA omits their backward pass."""
    frozen = {name for name, scale in tower_scales(config).items() if scale == 0}
    return {
        name: jax.lax.stop_gradient(tower) if name in frozen else tower
        for name, tower in params.items()
    }


def schedule(config: OptimizerConfig, total_steps: int) -> optax.Schedule:
    """Learning rate by step: linear warm-up, then constant or a cosine to zero."""
    after = max(total_steps - config.warmup_steps, 1)
    if config.schedule == "cosine":
        main = optax.cosine_decay_schedule(config.learning_rate, after)
    else:
        main = optax.constant_schedule(config.learning_rate)
    if not config.warmup_steps:
        return main
    warmup = optax.linear_schedule(0.0, config.learning_rate, config.warmup_steps)
    return optax.join_schedules([warmup, main], [config.warmup_steps])


def build_optimizer(
    config: OptimizerConfig, total_steps: int, frozen: Collection[str] = ()
) -> optax.GradientTransformation:
    """The transformation for all parameters.

    Args:
      config: the optimizer's options.
      total_steps: length of the run, for the schedule.
      frozen: the text tower's own parameters that stay as they are and have no state here.
    """
    rate = schedule(config, total_steps)

    def group(scale: float) -> optax.GradientTransformation:
        if scale == 0:
            return optax.set_to_zero()
        return optax.chain(
            _direction(config), optax.scale_by_learning_rate(lambda s: scale * rate(s))
        )

    def labels(params: Params) -> dict[str, Any]:
        found: dict[str, Any] = {name: name if name in scales else "rest" for name in params}
        if frozen:
            found["text"] = {part: _FROZEN if part in frozen else "text" for part in params["text"]}
        return found

    scales = tower_scales(config)
    groups = {name: group(scale) for name, scale in scales.items()}
    # A group more would change the state of towers without frozen parameters, as runs saved it.
    kept = {_FROZEN: group(0)} if frozen else {}
    return optax.multi_transform({**groups, **kept, "rest": group(1.0)}, labels)


def _direction(config: OptimizerConfig) -> optax.GradientTransformation:
    if config.name == "sgd":
        # PyTorch's order: the decay joins the gradient before the momentum, for all parameters.
        return optax.chain(
            optax.add_decayed_weights(config.weight_decay), optax.trace(decay=config.momentum)
        )
    return optax.chain(
        optax.scale_by_adam(), optax.add_decayed_weights(config.weight_decay, mask=_decays)
    )


def _decays(params: Params) -> Any:
    """Kernels and embeddings alone decay, as in CLIP: no bias, norm, topology or logit scale."""
    return jax.tree_util.tree_map_with_path(
        lambda path, _: getattr(path[-1], "key", "") in ("kernel", "embedding"), params
    )
