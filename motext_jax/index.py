"""Indexes a folder of motion capture, to be searched; the next time, what has changed.

  python -m motext_jax.index FOLDER
  python -m motext_jax.index FOLDER --library=s3://bucket/name --shard=2/8

It lists all files that cannot be read. It can be stopped at any moment, and the
same command goes on.
"""

from absl import flags

from motext_jax import command, library_flags
from motext_jax.given_flags import check_values
from motext_jax.help_page import help_page

_LIBRARY = flags.DEFINE_string(
    "library",
    None,
    "A folder, or s3:// or gs://; by default one under ~/.cache/motext_jax, where search FOLDER "
    "and serve FOLDER look.",
)
_MODEL = flags.DEFINE_string(
    "model",
    "",
    "A run's directory, an exported folder, hf://owner/name or starter; by default the library's "
    "own, and the starter for a new library.",
)
_SHARD = flags.DEFINE_string("shard", "1/1", "K/N: the K-th of N parts of the files.")
_FPS = flags.DEFINE_float(
    "source_fps",
    0.0,
    "Frames a second of files that do not say theirs; the library keeps it.",
)
_PROCESSES = flags.DEFINE_integer(
    "processes", 0, "Processes that read files; 0: one a core.", lower_bound=0
)


GROUPS = {
    "Options": (
        "--library=DIR",
        "--model=MODEL",
        "--source_fps=30",
        "--processes=N",
        "--shard=K/N",
    ),
}


def main(folder: str) -> None:
    """Indexes."""
    check_values("library", "model")
    library_flags.check_folder(folder)
    library_flags.check_fps(_FPS.value)
    library_flags.check_places(_LIBRARY.value or "", _MODEL.value, makes=True)
    # Not above, so that --help and bad options need not wait for them.
    from motext_jax.library.kept import bring_up_to_date, kept_library
    from motext_jax.library.shards import Shard

    shard = Shard.parse(_SHARD.value)
    address = _LIBRARY.value or kept_library(folder, _MODEL.value)
    fps, processes = _FPS.value, _PROCESSES.value
    bring_up_to_date(folder, address, _MODEL.value, shard=shard, fps=fps, processes=processes)


if __name__ == "__main__":
    command.run(main, "FOLDER", "takes/", page=lambda: help_page(__doc__ or "", GROUPS))
