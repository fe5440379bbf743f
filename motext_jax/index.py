"""Indexes a folder of motion capture, so that it can be searched; again, what has changed.

python -m motext_jax.index FOLDER --library=DIR [--model=starter]
"""

import sys

from absl import flags

from motext_jax import command
from motext_jax.errors import InputError
from motext_jax.runtime.host import cores

_LIBRARY = flags.DEFINE_string(
    "library", None, "The library's folder, or its address at an object store: s3://, gs://."
)
_MODEL = flags.DEFINE_string(
    "model",
    "",
    "A run's directory, an exported folder, hf://owner/name or starter; by default the library's "
    "own, and the starter for a new library.",
)
_SHARD = flags.DEFINE_string("shard", "1/1", "K/N: the K-th of N parts of the files.")
_FPS = flags.DEFINE_float(
    "source_fps", 0.0, "Frames a second of files that do not say theirs.", lower_bound=0
)
_PROCESSES = flags.DEFINE_integer(
    "processes", 0, "Processes that read files; 0: one a core.", lower_bound=0
)


def main(folder: str) -> None:
    """Indexes."""
    if not _LIBRARY.value:
        raise InputError("--library is missing; for example --library=library")

    # Not above, so that --help and bad options need not wait for JAX.
    from motext_jax.data.left_out import say_left_out
    from motext_jax.library.index import index
    from motext_jax.library.progress import Line, said
    from motext_jax.library.shards import Shard
    from motext_jax.runtime.startup import start

    shard = Shard.parse(_SHARD.value)
    start()
    summary = index(
        folder,
        _LIBRARY.value,
        _MODEL.value,
        shard=shard,
        fps=_FPS.value,
        processes=_PROCESSES.value or cores(),
        progress=Line(sys.stdout),
    )
    say_left_out(summary.bad)
    for line in said(summary, _LIBRARY.value):
        print(line)


if __name__ == "__main__":
    command.run(main, "FOLDER")
