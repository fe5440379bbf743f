"""A split of the data set that a model was trained on, or of one like it."""

import dataclasses
import pathlib

from motext_jax.config import DataConfig, settings, validate_data
from motext_jax.data.clips import ClipSet
from motext_jax.data.left_out import read_left_out, write_left_out
from motext_jax.data.reading import Progress
from motext_jax.data.sources import load_all, load_clips
from motext_jax.errors import InputError
from motext_jax.runtime.processes import is_primary
from motext_jax.shown import shown
from motext_jax.skeleton import SMPL22
from motext_jax.trained.manifest import Manifest
from motext_jax.trained.model import TrainedModel

ALL = "all"
"""Every split of a data set that the model was not trained on, as one."""


def load_split(
    model: TrainedModel,
    split: str | None = None,
    root: str | None = None,
    *,
    source: str = "",
    source_fps: float = 0.0,
    processes: int = 1,
    progress: Progress = lambda done, total: None,
) -> ClipSet:
    """A split of a data set, cut and normalised as when the model was trained.

    Args:
      model: the model, which knows its own data set's options.
      split: name of the split; by default the config's test split, and `all` of another data set.
      root: the data set's folder, where it has moved; or a folder of another data set.
      source: the layout of another data set's folder; empty for the model's own data set.
      source_fps: frames a second of that folder's files; 0 for what they say.
      processes: number of processes that read, where it takes long.
      progress: called with the number of files that are read, and of all.

    Raises:
      InputError: the data is not there, of another skeleton or other classes, or of a source that
        reads no folder.
    """
    data = split_data(model.manifest, root, source, source_fps)
    name = split_name(model.manifest, split, source)
    load = load_all if source and name == ALL else load_clips
    clips = load(data, name, processes=processes, progress=progress)
    model.manifest.check(clips.skeleton, clips.category_names)
    return clips


def split_data(
    manifest: Manifest, root: str | None = None, source: str = "", source_fps: float = 0.0
) -> DataConfig:
    """The options of the clips that `load_split` gives; arguments and errors as there."""
    data = manifest.config.data
    if source:
        return _others(manifest, root or "", source, source_fps)
    reads = {setting.path: setting.option for setting in settings(data)}["root"].read_by
    if root and not data.prepared and data.source not in reads:
        raise InputError(
            f"--root={root} is given, and the run was trained on the source {data.source}, which "
            f"reads no folder; add --source=humanml3d or --source=mocap, the layout of "
            f"{shown(root)}, or leave --root out"
        )
    folder = root or data.prepared or data.root
    if not folder and data.source in reads:
        raise InputError(
            f"the model was trained on a folder of the source {data.source}, which it does not "
            "name; say where it is by --root, in Python by root="
        )
    if folder and not pathlib.Path(folder).exists():
        raise InputError(
            f"{folder}: there is no such folder; say where it is now by --root, in Python by root="
        )
    if data.prepared:
        return dataclasses.replace(data, prepared=folder)
    return dataclasses.replace(data, root=folder)


def split_name(manifest: Manifest, split: str | None, source: str = "") -> str:
    """The name of the split that `load_split` reads; arguments as there."""
    return split or (ALL if source else manifest.config.data.test_split)


def _others(manifest: Manifest, root: str, source: str, source_fps: float) -> DataConfig:
    """The options of a folder that the model was not trained on, with clips as it takes them."""
    if manifest.skeleton.joints != SMPL22.joints:
        raise InputError(
            f"--source={source} gives SMPL's 22 joints, and the model was trained on the skeleton "
            f"{shown(manifest.skeleton.name)} of {len(manifest.skeleton.joints)}; it can be scored "
            "on its own data set alone"
        )
    if not pathlib.Path(root).is_dir():
        raise InputError(f"--root={root}: there is no such folder")
    own = manifest.config.data
    kept = (
        *("fps", "frames", "normalise", "normalise_each", "text"),
        *("train_split", "validation_split", "test_split"),
    )
    data = DataConfig(
        source=source,
        root=root,
        source_fps=source_fps,
        **{name: getattr(own, name) for name in kept},
    )
    splits = (data.train_split, data.validation_split, data.test_split)
    lists = [split for split in splits if (pathlib.Path(root) / f"{split}.txt").is_file()]
    if source == "humanml3d" and lists:
        # The list that orders the categories; a folder that is only scored may have no other.
        data = dataclasses.replace(data, train_split=lists[0])
    validate_data(data)
    return data


def left_out_with(
    workdir: pathlib.Path | None, clips: ClipSet, split: str, root: str | None
) -> dict[str, list[str]]:
    """The sentences for each split: of one as it was read now, of others as training found them.

    The working directory's list is brought up to date. A folder that has moved may not be the one
    that training saw: its split stands alone, and nothing is written. Nor is it without a working
    directory, which a model that is only read has not.
    """
    own = {split: list(dict.fromkeys(clips.left_out))}
    if root or workdir is None:
        return own
    before = read_left_out(workdir)
    now = {**before, **own}
    if is_primary() and now != before and any(now.values()) | any(before.values()):
        write_left_out(workdir, now)
    return now
