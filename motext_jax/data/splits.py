"""The splits that training needs, every file of the data set looked at before it begins."""

from motext_jax.config import DataConfig
from motext_jax.data.clips import ClipSet
from motext_jax.data.progress import FilesRead
from motext_jax.data.reading import NothingRead, check_left_out
from motext_jax.data.sources import load_clips, look
from motext_jax.shown import quoted


def training_splits(
    data: DataConfig, processes: int
) -> tuple[ClipSet, ClipSet | None, dict[str, tuple[str, ...]]]:
    """Reads the splits to train and to validate on, and looks at the one to test on.

    Args:
      data: the data set.
      processes: number of processes that read, where it takes long.

    Returns:
      The training split; the validation split, if any of it can be read; and what is left out of
      each split.

    Raises:
      InputError: the first has no file that can be read, a split is not there, or `data.strict` is
        True and something cannot be read.
    """

    def load(split: str) -> ClipSet:
        return load_clips(data, split, processes=processes, progress=FilesRead(split))

    clips = load(data.train_split)
    left_out = {data.train_split: clips.left_out}
    validation = None
    if data.validation_split:
        try:
            validation = load(data.validation_split)
            left_out[data.validation_split] = validation.left_out
        except NothingRead as error:
            if data.strict:
                raise
            left_out[data.validation_split] = error.left_out
            print(
                f"none of the files of {quoted(data.validation_split)} could be read; training "
                "goes on without validation"
            )
    test = data.test_split
    if test and test not in left_out:
        left_out[test] = look(data, test, processes=processes, progress=FilesRead(test))
        check_left_out(left_out[test], test, anything=True, strict=data.strict)
    return clips, validation, left_out
