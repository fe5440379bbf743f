"""Opens a page on which a folder or a library is searched.

  python -m motext_jax.serve FOLDER
  python -m motext_jax.serve --library=DIR

FOLDER is indexed first, and later only what has changed. Ctrl-C ends it.
"""

import sys

from absl import flags

from motext_jax import command, library_flags
from motext_jax.errors import InputError
from motext_jax.given_flags import check_needed, check_values
from motext_jax.help_page import help_page
from motext_jax.waiting import waiting

_LIBRARY = flags.DEFINE_string("library", None, "The library: a folder, or s3://… or gs://….")
_MODEL = flags.DEFINE_string(
    "model", "", "A run's directory, an exported folder, hf://owner/name, or starter, the default."
)
_FPS = flags.DEFINE_float(
    "source_fps",
    0.0,
    "Frames a second of FOLDER's files that do not say theirs; its library keeps it.",
)
_HOST = flags.DEFINE_string(
    "host", "127.0.0.1", "The address to listen on; 0.0.0.0 lets other machines in."
)
_PUBLIC = flags.DEFINE_multi_string(
    "public", [], "A name by which others reach it, as that of a proxy before it."
)
_PORT = flags.DEFINE_integer("port", 8765, "The port; 0 takes a free one.", 0, 65535)

GROUPS = {
    "The page": ("--host=ADDRESS", "--port=N", "--public=NAME"),
    "Model and files": ("--library=DIR", "--model=MODEL", "--source_fps=30"),
}


def main(folder: str = "") -> None:
    """Serves until Ctrl-C."""
    check_values("library", "model")
    if not folder and not _LIBRARY.value:
        raise InputError("a folder or --library is missing; for example: serve takes/")

    check_needed("source_fps", {"FOLDER": folder})
    library_flags.check_fps(_FPS.value)
    if folder:
        library_flags.check_folder(folder)
    library_flags.check_places(_LIBRARY.value or "", _MODEL.value, makes=bool(folder))

    # Not above, so that --help and bad options need not wait for them.
    from motext_jax.web.guard import check_names
    from motext_jax.web.listening import listen

    check_names(_PUBLIC.value)

    # A port that is taken is said before JAX and the page are imported, and a model is loaded.
    with listen(_HOST.value, _PORT.value) as socket:
        from motext_jax.library.kept import kept_library, ready_to_search
        from motext_jax.library.library import open_library
        from motext_jax.library.query import Query
        from motext_jax.runtime.startup import start
        from motext_jax.web.serving import serve

        start()
        address = _LIBRARY.value or kept_library(folder, _MODEL.value)
        if folder:
            ready_to_search(folder, address, _MODEL.value, fps=_FPS.value, out=sys.stdout)
        library = open_library(address, _MODEL.value)
        # The model is loaded and compiled before the first visitor waits for it.
        with waiting("loading and compiling the model"):
            library.search(Query(text="someone walks"), top=1)
        unfinished = "" if folder else library.unfinished()
        for said in filter(None, (unfinished, library.uncalibrated())):
            print(said)
        library.keep_in_memory()
        serve(library, socket, _HOST.value, _PUBLIC.value)


if __name__ == "__main__":
    command.run(main, "FOLDER", page=lambda: help_page(__doc__ or "", GROUPS))
