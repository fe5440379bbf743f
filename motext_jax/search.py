"""Finds motions by text in a split of the data set.

python -m motext_jax.search --workdir=runs/quickstart --query="someone waves with the left arm"
"""

import pathlib

from absl import flags

from motext_jax import command
from motext_jax.errors import InputError
from motext_jax.runtime.host import cores

_WORKDIR = flags.DEFINE_string("workdir", None, "The run's directory.")
_QUERY = flags.DEFINE_multi_string("query", [], "A text; may be given several times.")
_TOP = flags.DEFINE_integer("top", 3, "Motions for each query.", lower_bound=1)
_OUT = flags.DEFINE_string("out", None, "A .png, .pdf or .svg file for strips of the motions.")
_STEP = flags.DEFINE_string("step", "last", "last, best (by validation score), or a step's number.")
_SPLIT = flags.DEFINE_string("split", None, "The split; by default the config's test split.")
_ROOT = flags.DEFINE_string("root", None, "The data set's folder, where it has moved.")


def main() -> None:
    """Searches."""
    if not _WORKDIR.value:
        raise InputError("--workdir is missing; for example --workdir=runs/quickstart")
    if not _QUERY.value:
        raise InputError('--query is missing; for example --query="someone waves"')
    if not all(query.strip() for query in _QUERY.value):
        raise InputError("--query is empty; give a text")
    if _OUT.value and pathlib.Path(_OUT.value).suffix not in (".png", ".pdf", ".svg"):
        raise InputError(f"--out={_OUT.value}: expected a name that ends in .png, .pdf or .svg")

    # Not above, so that --help and bad options need not wait for JAX.
    from motext_jax.data.left_out import LIST, reasons_of, say_left_out
    from motext_jax.data.progress import FilesRead
    from motext_jax.evaluation.split import left_out_with, load_split
    from motext_jax.library.figure import draw_hits
    from motext_jax.library.search import MotionLibrary
    from motext_jax.library.table import hits_table
    from motext_jax.runtime.startup import start
    from motext_jax.terminal import console
    from motext_jax.trained.model import load

    start()
    workdir = pathlib.Path(_WORKDIR.value)
    model = load(workdir, _STEP.value)
    if not model.is_contrastive:
        raise InputError(f"{model.name} is a classifier: it cannot be searched by text")
    split = _SPLIT.value or model.manifest.config.data.test_split
    clips = load_split(model, split, _ROOT.value, processes=cores(), progress=FilesRead(split))
    library = MotionLibrary.of(model, clips)
    hits = library.search(_QUERY.value, _TOP.value)
    console().print(hits_table(_QUERY.value, hits, clips))
    if _OUT.value:
        draw_hits(_QUERY.value, hits, clips, pathlib.Path(_OUT.value))
        print(f"wrote {_OUT.value}")
    left_out = left_out_with(workdir, clips, split, _ROOT.value)
    say_left_out(reasons_of(left_out), "" if _ROOT.value else workdir / LIST)


if __name__ == "__main__":
    command.run(main)
