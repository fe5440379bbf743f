"""A split of the data set that a model was trained on, or of one like it."""

import dataclasses
import pathlib

from motext_jax.data.clips import ClipSet
from motext_jax.data.sources import load_clips
from motext_jax.errors import InputError
from motext_jax.trained.model import TrainedModel


def load_split(model: TrainedModel, split: str | None = None, root: str | None = None) -> ClipSet:
    """A split of the data set that a model was trained on, cut and normalised as then.

    Args:
      model: the model, which knows the data set's options.
      split: name of the split; by default the config's test split.
      root: the data set's folder, where it has moved.

    Raises:
      InputError: the data is not there, or of another skeleton or other classes.
    """
    data = model.manifest.config.data
    folder = root or data.prepared or data.root
    if folder and not pathlib.Path(folder).exists():
        raise InputError(f"{folder}: there is no such folder; pass --root where it is now")
    if data.prepared:
        data = dataclasses.replace(data, prepared=folder)
    else:
        data = dataclasses.replace(data, root=folder)
    clips = load_clips(data, split or data.test_split)
    model.manifest.check(clips.skeleton, clips.category_names)
    return clips
