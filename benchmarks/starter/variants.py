"""The starter with one part changed, at the quickstart's size: --config=.../variants.py:VARIANT."""

from collections.abc import Callable, Mapping

from motext_jax import config
from motext_jax.config import AugmentConfig, Config, require
from motext_jax.configs import starter
from motext_jax.models.clip_text import ScratchTextConfig
from motext_jax.models.ctrgcn import CTRGCNConfig


def _text_from_scratch(changed: Config) -> None:
    changed.model.text = ScratchTextConfig(width=256, layers=2, heads=4)


def _unbounded(changed: Config) -> None:
    changed.model.text.reach = 100.0


def _reach_one(changed: Config) -> None:
    changed.model.text.reach = 1.0


def _mean_over_time(changed: Config) -> None:
    changed.model.motion.cosines = 1


def _no_recorders(changed: Config) -> None:
    for name in ("bones", "joints", "jitter", "lost", "height", "drift"):
        setattr(changed.data.augment, name, 0.0)


def _no_augmentation(changed: Config) -> None:
    changed.data.augment = AugmentConfig()


def _no_twins(changed: Config) -> None:
    changed.loss.twins = 0.0


def _no_mirror(changed: Config) -> None:
    changed.data.mirror = False


def _own_text_alone(changed: Config) -> None:
    changed.loss.targets = "identity"


def _few_actions(changed: Config) -> None:
    changed.data.source = "synthetic"


VARIANTS: Mapping[str, Callable[[Config], None]] = {
    "all": lambda changed: None,
    "text tower from scratch": _text_from_scratch,
    "transformer unbounded": _unbounded,
    "reach of 1": _reach_one,
    "mean over time alone": _mean_over_time,
    "no other bodies and recorders": _no_recorders,
    "no augmentation at all": _no_augmentation,
    "no twins": _no_twins,
    "no mirrored clips": _no_mirror,
    "a text is right for its own clip alone": _own_text_alone,
    "the 58 actions of synthetic": _few_actions,
}
"""Each variant's change of the first, which has none."""


def get_config(variant: str = "all") -> config.Config:
    """The config of a variant."""
    require("the part after the colon of --config", variant, VARIANTS)
    changed = starter.get_config()
    changed.name = variant
    changed.model.motion = CTRGCNConfig(width=16, blocks=4, hidden=128, cosines=3)
    changed.train.steps, changed.train.checkpoint_every = 1000, 250
    VARIANTS[variant](changed)
    return changed
