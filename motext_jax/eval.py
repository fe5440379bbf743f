"""Evaluates a trained model on a split: prints the tables, writes WORKDIR/eval/<step>.json.

python -m motext_jax.eval --workdir=runs/quickstart
python -m motext_jax.eval --model=starter --source=mocap --root=FOLDER --json=scores.json

The first scores a run on its own data set, the second any model on a labelled folder of yours.
"""

import pathlib

from absl import flags

from motext_jax import command, model_flags
from motext_jax.counted import counted
from motext_jax.errors import InputError, naming
from motext_jax.outputs import check_above, check_file
from motext_jax.runtime.host import cores

model_flags.define()
_JSON = flags.DEFINE_string("json", None, "A file for the scores.")
_CALIBRATE = flags.DEFINE_bool(
    "calibrate",
    False,
    "Also writes WORKDIR/calibration.json, by which search calls answers likely or unlikely: from "
    "this split, which needs 20 texts (captions and names of categories).",
)
_SENTENCES = flags.DEFINE_bool(
    "sentences", False, 'Also recognise by sentences: "a person waves" beside "wave".'
)


def main() -> None:
    """Evaluates."""
    asked = model_flags.asked()
    if _CALIBRATE.value and not asked.workdir:
        raise InputError("--calibrate writes into a run's directory; give it as --workdir")
    _check_outputs(asked)

    # Not above, so that --help and bad options need not wait for JAX.
    from motext_jax.data.left_out import LIST, reasons_of, say_left_out
    from motext_jax.data.progress import FilesRead
    from motext_jax.evaluation.evaluate import evaluate
    from motext_jax.evaluation.records import to_json
    from motext_jax.evaluation.scores import ClipSettings, Evaluation
    from motext_jax.evaluation.split import left_out_with, load_split, split_data, split_name
    from motext_jax.evaluation.tables import print_tables
    from motext_jax.library.calibrate import calibrate
    from motext_jax.runtime.processes import check_same, is_primary
    from motext_jax.runtime.startup import start
    from motext_jax.terminal import console
    from motext_jax.trained.calibration import FEWEST_TEXTS
    from motext_jax.trained.model import load
    from motext_jax.trained.places import CALIBRATION
    from motext_jax.whole_file import write_json

    start()
    model = load(asked.model, asked.step)
    if _SENTENCES.value and not model.is_contrastive:
        raise InputError(
            f"--sentences: {model.name} is a classifier, which reads none; leave it out"
        )
    own = model.manifest.config.data
    split = split_name(model.manifest, asked.split, asked.source)
    folder = (asked.root, asked.source, asked.source_fps)
    processes = 1 if command.is_one_of_several() else cores()
    asked.say_rate()
    clips = load_split(
        model,
        split,
        asked.root,
        source=asked.source,
        source_fps=asked.source_fps,
        processes=processes,
        progress=FilesRead(split),
    )
    check_same(f"{model.step} {clips.fingerprint()}", f"checkpoint and {split} clips")
    evaluation = Evaluation(
        model=model.name,
        step=model.step,
        split=split,
        data=ClipSettings.of(split_data(model.manifest, *folder), asked.root),
        clips=len(clips),
        scores=evaluate(model, clips, _SENTENCES.value),
    )
    print_tables(evaluation, console())
    paths = [pathlib.Path(_JSON.value)] if _JSON.value else []
    if asked.workdir and not asked.source:
        suffix = "" if split == own.test_split else f"-{split}"
        paths.append(asked.workdir / "eval" / f"{model.step}{suffix}.json")
    for path in paths:
        if is_primary():
            write_json(to_json(evaluation), path)
        print(f"wrote {path}")
    is_own = not asked.root and split == own.validation_split
    if asked.workdir and model.is_contrastive and (is_own or _CALIBRATE.value):
        found = calibrate(model, clips, split)
        path = asked.workdir / CALIBRATION
        if found is None or not found.is_believed:
            texts = counted(found.texts if found else 0, "text")
            print(
                f"{path} is not written: {split} has {texts}, and {FEWEST_TEXTS} are needed for "
                "search to call answers likely or unlikely; a larger labelled folder gives them: "
                "--source=mocap --root=FOLDER --calibrate"
            )
        elif is_primary():
            found.write(path)
            print(f"wrote {path}, for what search says of its answers")
    left_out = left_out_with(asked.workdir, clips, split, asked.root)
    where = asked.workdir / LIST if asked.workdir and not asked.root else ""
    say_left_out(reasons_of(left_out), where)


def _check_outputs(asked: model_flags.Asked) -> None:
    """Raises InputError for places that cannot be written, before the work."""
    if _JSON.value:
        with naming("json"):
            check_file(_JSON.value, ".json")
    keeps = not asked.source or _CALIBRATE.value
    # That there is no run is said when it is read.
    if asked.workdir and asked.workdir.is_dir() and keeps:
        instead = "give the run as --model, which is only read"
        for folder in (asked.workdir, asked.workdir / "eval"):
            check_above(folder, "scores.json", instead)


if __name__ == "__main__":
    command.run(main, multiprocess=True)
