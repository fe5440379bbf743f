"""Every source by its name, and the only way from a config to clips."""

import pathlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from motext_jax import config as configs
from motext_jax.data.annotated import AnnotatedMotion, Source, check_folder
from motext_jax.data.babel.release import BabelRelease
from motext_jax.data.babel.source import BabelAmass
from motext_jax.data.captioned_folder import CaptionedFolder
from motext_jax.data.clips import ClipSet, clip_set
from motext_jax.data.humanml3d import HumanML3DFolder
from motext_jax.data.people.source import PeopleSource
from motext_jax.data.prepared import PreparedSet
from motext_jax.data.reading import (
    ClipFiles,
    ClipSource,
    Progress,
    Read,
    check_left_out,
    read_files,
    read_split,
    whole,
)
from motext_jax.data.synthetic import SyntheticSource
from motext_jax.errors import InputError

SOURCES: Mapping[str, Callable[[configs.DataConfig], Source]] = {
    "synthetic": SyntheticSource,
    "people": PeopleSource,
    "humanml3d": HumanML3DFolder,
    "mocap": CaptionedFolder,
    "babel_amass": BabelAmass,
}


def load_clips(
    config: configs.DataConfig,
    split: str,
    *,
    processes: int = 1,
    progress: Progress = lambda done, total: None,
) -> ClipSet:
    """A split as clips; `ClipSet.left_out` tells what could not be read.

    Args:
      config: the source and the options of its clips.
      split: name of the split.
      processes: number of processes that read, where it takes long.
      progress: called with the number of files that are read, and of all.

    Raises:
      InputError: there is no such source or split, nothing of it can be read, or something cannot
        and `data.strict` is True.
    """
    source = open_source(config)
    if isinstance(source, MotionClips):
        return read_split(
            source, split, strict=config.strict, processes=processes, progress=progress
        )
    clips = source.clips(split)
    check_left_out(clips.left_out, split, anything=True, strict=config.strict)
    return clips


def load_all(
    config: configs.DataConfig,
    name: str,
    *,
    processes: int = 1,
    progress: Progress = lambda done, total: None,
) -> ClipSet:
    """All splits that are there as one, each file once; arguments and errors as `load_clips`.

    Args:
      config: the source, its splits and the options of its clips.
      name: the name of all splits in an error.
      processes: as for `load_clips`.
      progress: as for `load_clips`.
    """
    splits = (config.train_split, config.validation_split, config.test_split)
    motions = open_motions(config)
    files = motions.all_files([split for split in splits if split])
    found = read_files(MotionClips(motions, config), files, processes, progress)
    return whole(found, name, config.strict)


def look(
    config: configs.DataConfig,
    split: str,
    *,
    processes: int = 1,
    progress: Progress = lambda done, total: None,
) -> tuple[str, ...]:
    """A sentence for each file or row of a split that cannot be read; arguments as `load_clips`.

    A split that is not there has none, and motions that no file holds have none. A prepared set
    tells what it was prepared without.
    """
    if config.prepared:
        return PreparedSet(config).left_out(split)
    if config.source in ("synthetic", "people", "babel"):
        return ()
    source = open_files(config)
    try:
        files = source.files(split)
    except InputError:
        return ()
    found = read_files(source, files, processes, progress, keep=False)
    return tuple(dict.fromkeys(why for _, reasons in found for why in reasons))


def open_source(config: configs.DataConfig) -> ClipSource:
    """A source of clips, whatever its motions are read from; errors as `load_clips`."""
    return PreparedSet(config) if config.prepared else open_files(config)


def open_files(config: configs.DataConfig) -> ClipFiles:
    """A source that a data set can be prepared from; errors as `load_clips`."""
    configs.require("data.source", config.source, (*SOURCES, "babel"))
    reads = {setting.path: setting.option for setting in configs.settings(config)}["root"].read_by
    if config.source in reads:
        check_folder(config)
    if config.source == "babel":
        return BabelRelease(config)
    return MotionClips(SOURCES[config.source](config), config)


def open_motions(config: configs.DataConfig) -> Source:
    """A source of whole motions; errors as `load_clips`."""
    source = open_files(config)
    if not isinstance(source, MotionClips):
        raise InputError(f"the source {config.source} has clips, and not the motions they are of")
    return source.motions


class MotionClips:
    """Motions cut into clips.

    Attributes:
      motions: where the motions come from.
    """

    def __init__(self, source: Source, config: configs.DataConfig):
        self.motions, self._config = source, config
        self.categories = source.categories

    def files(self, split: str) -> Sequence[Any]:
        """The pieces that a split is read from; see `annotated.Source`."""
        return self.motions.files(split)

    def depends_on(self, file: Any) -> tuple[str, tuple[pathlib.Path, ...]]:
        """A text and files that decide a piece's clips; see `annotated.Source`."""
        return self.motions.depends_on(file)

    def read_clips(self, file: Any) -> Read:
        """The clips of a piece, and a sentence for each thing that is left out of it."""
        motions: list[AnnotatedMotion] = []
        left_out = []
        try:
            for found in self.motions.read(file):
                if isinstance(found, InputError):
                    left_out.append(str(found))
                else:
                    motions.append(found)
            return self._cut(motions) if motions else None, tuple(left_out)
        except InputError as error:
            return None, (*left_out, str(error))

    def clips(self, split: str) -> ClipSet:
        """All clips of a split, read in this process."""
        return read_split(self, split, strict=self._config.strict)

    def _cut(self, motions: Sequence[AnnotatedMotion]) -> ClipSet:
        shortest = self.motions.shortest
        return clip_set(motions, self.categories, self._config, shortest=shortest)
