"""Every source of annotated motions by its name, and the one way from a config to clips."""

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from motext_jax import config as configs
from motext_jax.data.annotated import AnnotatedMotion
from motext_jax.data.captioned_bvh import CaptionedBvhFolder
from motext_jax.data.clips import ClipSet, clip_set
from motext_jax.data.humanml3d import HumanML3DFolder
from motext_jax.data.synthetic import SyntheticSource


class Source(Protocol):
    """Where annotated motions come from.

    Attributes:
      categories: names of all splits' categories, the most frequent first; empty for none.
    """

    categories: tuple[str, ...]

    def motions(self, split: str) -> Iterable[AnnotatedMotion]:
        """A split's motions, in an order that never changes."""


SOURCES: Mapping[str, Callable[[configs.DataConfig], Source]] = {
    "synthetic": SyntheticSource,
    "humanml3d": HumanML3DFolder,
    "captioned_bvh": CaptionedBvhFolder,
}


def load_clips(config: configs.DataConfig, split: str) -> ClipSet:
    """A split as clips."""
    configs.require("data.source", config.source, SOURCES)
    source = SOURCES[config.source](config)
    return clip_set(source.motions(split), source.categories, config)
