"""A split of the data set that a model was trained on, or of one like it."""

import dataclasses
import pathlib

from motext_jax.config import settings
from motext_jax.data.clips import ClipSet
from motext_jax.data.left_out import read_left_out, write_left_out
from motext_jax.data.reading import Progress
from motext_jax.data.sources import load_clips
from motext_jax.errors import InputError
from motext_jax.runtime.processes import is_primary
from motext_jax.shown import shown
from motext_jax.trained.model import TrainedModel


def load_split(
    model: TrainedModel,
    split: str | None = None,
    root: str | None = None,
    *,
    processes: int = 1,
    progress: Progress = lambda done, total: None,
) -> ClipSet:
    """A split of the data set that a model was trained on, cut and normalised as then.

    Args:
      model: the model, which knows the data set's options.
      split: name of the split; by default the config's test split.
      root: the data set's folder, where it has moved.
      processes: number of processes that read, where it takes long.
      progress: called with the number of files that are read, and of all.

    Raises:
      InputError: the data is not there, of another skeleton or other classes, or of a source that
        reads no folder.
    """
    data = model.manifest.config.data
    reads = {setting.path: setting.option for setting in settings(data)}["root"].read_by
    if root and not data.prepared and data.source not in reads:
        raise InputError(
            f"--root={root} is given, and the run was trained on the source {data.source}, which "
            f"reads no folder; leave --root out, or train on {shown(root)} first"
        )
    folder = root or data.prepared or data.root
    if folder and not pathlib.Path(folder).exists():
        raise InputError(f"{folder}: there is no such folder; pass --root where it is now")
    if data.prepared:
        data = dataclasses.replace(data, prepared=folder)
    else:
        data = dataclasses.replace(data, root=folder)
    name = split or data.test_split
    clips = load_clips(data, name, processes=processes, progress=progress)
    model.manifest.check(clips.skeleton, clips.category_names)
    return clips


def left_out_with(
    workdir: pathlib.Path, clips: ClipSet, split: str, root: str | None
) -> dict[str, list[str]]:
    """The sentences for each split: of one as it was read now, of others as training found them.

    The working directory's list is brought up to date. A folder that has moved may not be the one
    that training saw: its split stands alone, and nothing is written.
    """
    own = {split: list(clips.left_out)}
    if root:
        return own
    before = read_left_out(workdir)
    now = {**before, **own}
    if is_primary() and now != before and any(now.values()) | any(before.values()):
        write_left_out(workdir, now)
    return now
