"""Evaluates a checkpoint: prints the tables, writes WORKDIR/eval/<step>.json.

python -m motext_jax.eval --workdir=runs/quickstart
"""

import pathlib
from typing import Any

from absl import flags
from rich.console import Console

from motext_jax import command
from motext_jax.errors import InputError

_WORKDIR = flags.DEFINE_string("workdir", None, "The run's directory.")
_STEP = flags.DEFINE_string("step", "last", "last, best (by validation score), or a step's number.")
_SPLIT = flags.DEFINE_string("split", None, "The split; by default the config's test split.")
_ROOT = flags.DEFINE_string("root", None, "The data set's folder, where it has moved.")


def main() -> None:
    """Evaluates."""
    if not _WORKDIR.value:
        raise InputError("--workdir is missing; for example --workdir=runs/quickstart")

    # Not above, so that --help and bad options need not wait for JAX.
    from motext_jax.evaluation.evaluate import evaluate
    from motext_jax.evaluation.report import print_tables, write_json
    from motext_jax.training.compilation import keep_compiled
    from motext_jax.training.mesh import find_devices
    from motext_jax.training.processes import check_same, leads
    from motext_jax.training.trained import load

    keep_compiled()
    find_devices()
    workdir = pathlib.Path(_WORKDIR.value)
    model = load(workdir, _STEP.value)
    data = model.run.config.data
    split = _SPLIT.value or data.test_split
    clips = model.load_clips(split, _ROOT.value)
    check_same(f"{model.step} {clips.fingerprint()}", f"checkpoint and {split} clips")
    results: dict[str, Any] = {"model": model.run.config.name, "step": model.step, "split": split}
    names = ("source", "fps", "frames", "normalise", "normalise_each", "text")
    results["data"] = {name: getattr(data, name) for name in names}
    results["data"]["root"] = _ROOT.value or data.root
    results |= evaluate(model, clips)
    print_tables(results, Console())
    suffix = "" if split == data.test_split else f"-{split}"
    path = workdir / "eval" / f"{model.step}{suffix}.json"
    if leads():
        write_json(results, path)
    print(f"wrote {path}")


if __name__ == "__main__":
    command.run(main, multiprocess=True)
