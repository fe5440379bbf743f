"""Prepares a data set: its files become clips in array_record files, ready for training.

  python -m motext_jax.prepare humanml3d --data.root=FOLDER --show=pictures     only looks

  python -m motext_jax.prepare humanml3d --data.root=FOLDER --out=data          then train with
  --config=configs/ctrgcn_clip.py:humanml3d --config.data.prepared=data

  python -m motext_jax.prepare people --takes=takes --splits=test --limit=50     files to search in

The name is one of what can stand after the colon of --config: babel60, babel120, babel60_amass,
babel120_amass, babel_text, humanml3d, kit_ml, mocap (your own), bandai, cmu, synthetic, people.
--data.OPTION changes an option of it as --config.data.OPTION does in training;
the package's file config/data.py lists them. A preparation that was stopped goes on where it was.
"""

import os
import pathlib

from absl import flags

from motext_jax import command
from motext_jax.config import check_decides, check_read, dataset, validate_data
from motext_jax.counted import counted
from motext_jax.errors import InputError, naming
from motext_jax.outputs import check_above
from motext_jax.runtime.host import cores
from motext_jax.runtime.signals import work_is_kept

_DATA = command.define_data()
_OUT = flags.DEFINE_string("out", None, "The folder for data sets; this one is OUT/NAME/VERSION.")
_SHOW = flags.DEFINE_string("show", None, "A folder for pictures of clips; nothing is prepared.")
_TAKES = flags.DEFINE_string(
    "takes", None, "A new folder for a split's motions as files with captions; nothing is prepared."
)
_SPLITS = flags.DEFINE_list("splits", [], "Which splits; by default all that training uses.")
_LIMIT = flags.DEFINE_integer("limit", 0, "The first so many files of a split; 0: all.", 0)
_PROCESSES = flags.DEFINE_integer("processes", cores(), "How many work at once.", 1)
_RELEASE = flags.DEFINE_string(
    "compare_with_release", None, "BABEL's folder of released features, to compare clips with."
)
_CLIPS = flags.DEFINE_integer("clips", 24, "Of --show: how many clips.", 1)


def main(name: str) -> None:
    """Prepares a data set, or shows it."""
    given = command.given("data")
    check_read(dataset(name), given)
    check_decides(dataset(name), given)
    config = dataset(name, **{option: getattr(_DATA.value, option) for option in given})
    validate_data(config)
    places = {flag.name: flag.value for flag in (_OUT, _SHOW, _TAKES) if flag.value}
    if len(places) != 1:
        raise InputError(
            "give one of --out=FOLDER to prepare the data set, --show=FOLDER to look at it, and "
            "--takes=FOLDER to have its motions as files"
        )
    for flag, place in places.items():
        if os.path.exists(place) and not os.path.isdir(place):
            raise InputError(f"--{flag}={place}: a file; give the name of a folder")
        with naming(flag):
            check_above(place, "clips.png")
    named = (config.train_split, config.validation_split, config.test_split)
    splits = _SPLITS.value or list(dict.fromkeys(filter(None, named)))

    # Not above, so that --help and bad options need not wait for TFDS.
    from motext_jax.data.humanml3d import FPS
    from motext_jax.data.preview import preview
    from motext_jax.data.summary import prepare_and_say
    from motext_jax.data.takes import write_takes

    if config.source == "humanml3d" and "source_fps" not in given:
        rate = config.source_fps or FPS
        print(
            f"{config.root} is read at {rate:g} frames a second; --data.source_fps gives another "
            "rate"
        )
    processes = _PROCESSES.value or 1
    if _SHOW.value:
        preview(config, splits, pathlib.Path(_SHOW.value), _CLIPS.value, _LIMIT.value, processes)
        return
    if _TAKES.value:
        if len(splits) != 1:
            raise InputError("--takes writes one split; give it, for example --splits=test")
        count = write_takes(config, splits[0], pathlib.Path(_TAKES.value), _LIMIT.value)
        print(f"wrote {counted(count, 'motion')} to {_TAKES.value}")
        return
    with work_is_kept():
        prepare_and_say(
            name,
            config,
            pathlib.Path(_OUT.value or ""),
            splits=splits,
            processes=processes,
            limit=_LIMIT.value,
            release=_RELEASE.value or "",
        )


if __name__ == "__main__":
    command.run(main, "a data set's name", "people", huge_pages=False)
