"""Every source by its name, and the only way from a config to clips."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from motext_jax import config as configs
from motext_jax.data.annotated import Source
from motext_jax.data.babel.release import BabelRelease
from motext_jax.data.babel.source import BabelAmass
from motext_jax.data.captioned_folder import CaptionedFolder
from motext_jax.data.clips import ClipSet, clip_set
from motext_jax.data.humanml3d import HumanML3DFolder
from motext_jax.data.prepared import PreparedSet
from motext_jax.data.synthetic import SyntheticSource


@runtime_checkable
class ClipSource(Protocol):
    """A source of clips.

    Attributes:
      categories: names of all splits' categories, the most frequent first; empty for none.
    """

    categories: tuple[str, ...]

    def clips(self, split: str) -> ClipSet:
        """All clips of a split."""


@runtime_checkable
class ClipFiles(ClipSource, Protocol):
    """Clips that can also be read piece by piece, in any process."""

    def files(self, split: str) -> Sequence[Any]:
        """The pieces that a split is read from, always in one order; see `annotated.Source`."""

    def read_clips(self, file: Any) -> ClipSet:
        """The clips of one of `files`."""


SOURCES: Mapping[str, Callable[[configs.DataConfig], Source]] = {
    "synthetic": SyntheticSource,
    "humanml3d": HumanML3DFolder,
    "captioned_folder": CaptionedFolder,
    "babel_amass": BabelAmass,
}


def load_clips(config: configs.DataConfig, split: str) -> ClipSet:
    """A split as clips.

    Raises:
      InputError: there is no such source, or as the source.
    """
    return open_source(config).clips(split)


def open_source(config: configs.DataConfig) -> ClipSource:
    """A source of clips, whatever its motions are read from; errors as `load_clips`."""
    return PreparedSet(config) if config.prepared else open_files(config)


def open_files(config: configs.DataConfig) -> ClipFiles:
    """A source that a data set can be prepared from; errors as `load_clips`."""
    configs.require("data.source", config.source, (*SOURCES, "babel"))
    if config.source == "babel":
        return BabelRelease(config)
    return _ClipsOfMotions(SOURCES[config.source](config), config)


class _ClipsOfMotions:
    """Motions cut into clips."""

    def __init__(self, source: Source, config: configs.DataConfig):
        self._source, self._config = source, config
        self.categories = source.categories

    def files(self, split: str) -> Sequence[Any]:
        return self._source.files(split)

    def read_clips(self, file: Any) -> ClipSet:
        return clip_set(self._source.read(file), self.categories, self._config)

    def clips(self, split: str) -> ClipSet:
        return clip_set(self._source.motions(split), self.categories, self._config)
