"""Finds motions in a folder of motion capture, by words or by an example.

  python -m motext_jax.search FOLDER --query="someone bows"
  python -m motext_jax.search FOLDER --like=takes/a.bvh@3.0-5.5 --out=found.html

FOLDER holds BVH, GLB, C3D, AMC, NPZ and other takes, with or without captions.
It is indexed first, and later only what has changed.
"""

import pathlib

from absl import flags

from motext_jax import command, library_flags, model_flags
from motext_jax.counted import counted
from motext_jax.errors import InputError
from motext_jax.help_page import help_page
from motext_jax.runtime.host import cores
from motext_jax.shown import quoted
from motext_jax.waiting import waiting

model_flags.define(
    "Frames a second of FOLDER's files that do not say theirs, which its library keeps; of a data "
    "set's files whatever they say (20 in HumanML3D's layout, where this is not given)."
)
library_flags.define()
_QUERY = flags.DEFINE_multi_string(
    "query", [], 'A description; several are several searches. "then" orders actions.'
)
_TOP = flags.DEFINE_integer("top", 3, "The most answers of each query.", lower_bound=1)
_OUT = flags.DEFINE_string(
    "out", None, "Pictures of the answers: a .png, .webp, .html, .pdf or .svg file."
)


GROUPS = {
    "What to find": (
        "--query=TEXT",
        "--like=FILE@3.0-5.5",
        "--not=TEXT",
        "--mirrored",
        "--text_weight=1",
        "--like_weight=1",
    ),
    "Where": ("--where=CONDITION", "--captions=WORDS", "--within=FILE", "--library=DIR"),
    "Answers": (
        "--top=N",
        "--each=N",
        "--json=FILE",
        "--csv=FILE",
        "--out=FILE",
        "--export=DIR",
        "--export_format=FORM",
    ),
    "Model and files": ("--model=MODEL", "--source_fps=30"),
    "Instead of FOLDER, a data set that a model was trained on, or one of its layout": (
        "--workdir=RUN",
        "--split=SPLIT",
        "--root=DIR",
        "--source=LAYOUT",
        "--step=STEP",
    ),
}


def main(folder: str = "") -> None:
    """Searches."""
    if not all(query.strip() for query in _QUERY.value):
        raise InputError("--query is empty; give a text")
    library_flags.check_picture(_OUT.value or "")
    request = library_flags.asked(folder, _QUERY.value, _TOP.value, _OUT.value or "")
    if request:
        # Not above, so that --help and bad options need not wait for JAX.
        from motext_jax.library.report import answer
        from motext_jax.runtime.startup import start

        start()
        answer(request)
        return
    if not flags.FLAGS.model and not flags.FLAGS.workdir:
        raise InputError(
            "a folder, --library or --workdir is missing; for example: search takes/ "
            '--query="someone waves"'
        )
    asked = model_flags.asked()
    if not _QUERY.value:
        raise InputError('--query is missing; for example --query="someone waves"')
    library_flags.check_outputs(out=_OUT.value or "")

    # Not above, so that --help and bad options need not wait for JAX.
    from motext_jax.library.query import Query

    for query in _QUERY.value:
        Query(query).check()

    from motext_jax.data.left_out import LIST, reasons_of, say_left_out
    from motext_jax.data.progress import FilesRead
    from motext_jax.evaluation.split import left_out_with, load_split, split_name
    from motext_jax.library.confidence import Confidence
    from motext_jax.library.figure import draw_hits
    from motext_jax.library.hits import print_hits
    from motext_jax.library.search import MotionLibrary
    from motext_jax.runtime.startup import start
    from motext_jax.terminal import console
    from motext_jax.trained.calibration import missing
    from motext_jax.trained.model import load

    start()
    with waiting("loading the model"):
        model = load(asked.model, asked.step)
    if not model.is_contrastive:
        raise InputError(f"{model.name} is a classifier: it cannot be searched by text")
    split = split_name(model.manifest, asked.split, asked.source)
    asked.say_rate()
    clips = load_split(
        model,
        split,
        asked.root,
        source=asked.source,
        source_fps=asked.source_fps,
        processes=cores(),
        progress=FilesRead(split),
    )
    with waiting("compiling the model and embedding the clips"):
        library = MotionLibrary.of(model, clips)
        hits = library.search(_QUERY.value, _TOP.value)
    print(f"{counted(len(clips), 'clip')} searched")
    words = []
    for query, found in zip(_QUERY.value, hits, strict=True):
        confidence = Confidence.of(model, query, found)
        words.append(confidence.words)
        print_hits(quoted(query), found, confidence.words, clips, console())
        for line in confidence.sentences(query):
            print(f"{quoted(query)}: {line}")
    if model.calibration is None:
        print(missing(asked.model, model.manifest.config.data.validation_split, asked.step))
    if _OUT.value:
        out = pathlib.Path(_OUT.value)
        print(*draw_hits(_QUERY.value, hits, words, clips, out), sep="\n")
    left_out = left_out_with(asked.workdir, clips, split, asked.root)
    where = asked.workdir / LIST if asked.workdir and not asked.root else ""
    say_left_out(reasons_of(left_out), where)


if __name__ == "__main__":
    command.run(
        main,
        "FOLDER",
        page=lambda: help_page(__doc__ or "", GROUPS),
        meant="query",
    )
