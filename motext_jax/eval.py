"""Evaluates a checkpoint: prints the tables, writes WORKDIR/eval/<step>.json.

python -m motext_jax.eval --workdir=runs/quickstart
"""

import pathlib

from absl import flags

from motext_jax import command
from motext_jax.errors import InputError
from motext_jax.runtime.host import cores

_WORKDIR = flags.DEFINE_string("workdir", None, "The run's directory.")
_STEP = flags.DEFINE_string("step", "last", "last, best (by validation score), or a step's number.")
_SPLIT = flags.DEFINE_string("split", None, "The split; by default the config's test split.")
_ROOT = flags.DEFINE_string("root", None, "The data set's folder, where it has moved.")


def main() -> None:
    """Evaluates."""
    if not _WORKDIR.value:
        raise InputError("--workdir is missing; for example --workdir=runs/quickstart")

    # Not above, so that --help and bad options need not wait for JAX.
    from motext_jax.data.left_out import LIST, reasons_of, say_left_out
    from motext_jax.data.progress import FilesRead
    from motext_jax.evaluation.evaluate import evaluate
    from motext_jax.evaluation.records import to_json
    from motext_jax.evaluation.scores import ClipSettings, Evaluation
    from motext_jax.evaluation.split import left_out_with, load_split
    from motext_jax.evaluation.tables import print_tables
    from motext_jax.runtime.processes import check_same, is_primary
    from motext_jax.runtime.startup import start
    from motext_jax.terminal import console
    from motext_jax.trained.model import load
    from motext_jax.whole_file import write_json

    start()
    workdir = pathlib.Path(_WORKDIR.value)
    model = load(workdir, _STEP.value)
    data = model.manifest.config.data
    split = _SPLIT.value or data.test_split
    processes = 1 if command.is_one_of_several() else cores()
    clips = load_split(model, split, _ROOT.value, processes=processes, progress=FilesRead(split))
    check_same(f"{model.step} {clips.fingerprint()}", f"checkpoint and {split} clips")
    evaluation = Evaluation(
        model=model.name,
        step=model.step,
        split=split,
        data=ClipSettings.of(data, _ROOT.value),
        clips=len(clips),
        scores=evaluate(model, clips),
    )
    print_tables(evaluation, console())
    suffix = "" if split == data.test_split else f"-{split}"
    path = workdir / "eval" / f"{model.step}{suffix}.json"
    if is_primary():
        write_json(to_json(evaluation), path)
    print(f"wrote {path}")
    left_out = left_out_with(workdir, clips, split, _ROOT.value)
    say_left_out(reasons_of(left_out), "" if _ROOT.value else workdir / LIST)


if __name__ == "__main__":
    command.run(main, multiprocess=True)
