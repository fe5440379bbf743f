"""Trains a shared embedding of motion and text.

  python -m motext_jax.train --config=configs/quickstart.py:synthetic --workdir=runs/quickstart

After the colon stands the data set; without one it is mocap for fine_tune.py, people for starter.py
and else synthetic. Any option can be given, for example --config.data.root=FOLDER
--config.train.batch_size=128; a run's config.json lists them all. --config.train.init=MODEL starts
from a trained model. The same command again goes on where the run stopped.
"""

import pathlib
import shlex

from absl import flags
from ml_collections import config_flags

from motext_jax import command
from motext_jax.config import Config, DataConfig, check_read, validate
from motext_jax.errors import InputError
from motext_jax.runtime.host import cores
from motext_jax.runtime.signals import UNFINISHED

_CONFIG = config_flags.DEFINE_config_file(
    "config", None, "A config's file, as FILE:DATASET: of configs/, or one of your own."
)
# --help would print it as the text 'None'.
flags.FLAGS["config"].default_as_str = None
_WORKDIR = flags.DEFINE_string("workdir", None, "The run's directory: checkpoints, metrics.")


def main() -> int:
    """Trains; the status says whether a signal came before the end."""
    config = _CONFIG.value
    if config is None:
        example = command.configs() / "quickstart.py"
        raise InputError(f"--config is missing; for example --config={example}")
    if not isinstance(config, Config):
        path = config_flags.get_config_filename(flags.FLAGS["config"])
        raise InputError(f"--config={path}: its get_config gives no motext_jax Config")
    if not _WORKDIR.value:
        raise InputError("--workdir is missing; for example --workdir=runs/quickstart")
    check_read(config.data, command.given("config.data"))
    validate(config)

    # Not above, so that --help and bad options need not wait for JAX.
    from motext_jax.data.left_out import LIST, reasons_of, say_left_out, say_number_left_out
    from motext_jax.data.splits import training_splits
    from motext_jax.evaluation.evaluate import validation_score
    from motext_jax.runtime.processes import is_primary
    from motext_jax.runtime.startup import start
    from motext_jax.training.loop import check_beforehand, train
    from motext_jax.training.start import with_options_of_start
    from motext_jax.training.workdir import holds_a_checkpoint

    workdir = pathlib.Path(_WORKDIR.value)
    start(config.train.micro_batch or config.train.batch_size)
    if config.train.init:
        config = with_options_of_start(config, command.given("config"), workdir)
        validate(config)
        if not holds_a_checkpoint(workdir):
            kept = f"{100 * config.train.keep:g} % of each weight stay in the saved model"
            print(
                f"starting from {config.train.init}, {_clips(config.data)}"
                + (f"; {kept}" if config.train.keep else ""),
                flush=True,
            )
    check_beforehand(config, workdir)
    print(f"reading the clips of {_place(config.data)}", flush=True)
    processes = 1 if command.is_one_of_several() else cores()
    clips, validation, left_out = training_splits(config.data, processes)
    say_left_out(reasons_of(left_out), workdir / LIST)
    done = train(config, workdir, clips, validation, validation_score, left_out)
    if done and is_primary():
        print(f"trained; python -m motext_jax.eval --workdir={shlex.quote(str(workdir))} scores it")
    # The last to be read.
    say_number_left_out(reasons_of(left_out), workdir / LIST)
    return 0 if done else UNFINISHED


def _clips(data: DataConfig) -> str:
    """The clips that a model takes."""
    return f"with clips of {data.frames} frames at {data.fps:g} fps, normalised by {data.normalise}"


def _place(data: DataConfig) -> str:
    """The folder that holds the clips, or the name of a source that makes them."""
    place = data.prepared or data.root or data.source
    if data.source != "humanml3d" or data.prepared:
        return place
    # Not above, so that --help and bad options need not wait for it.
    from motext_jax.data.humanml3d import FPS

    return f"{place}, at {data.source_fps or FPS:g} frames a second"


if __name__ == "__main__":
    command.run(main, multiprocess=True)
