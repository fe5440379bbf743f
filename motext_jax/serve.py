"""Opens a page on which a library is searched.

python -m motext_jax.serve --library=DIR
"""

from absl import flags

from motext_jax import command
from motext_jax.errors import InputError

_LIBRARY = flags.DEFINE_string("library", None, "The library: a folder, or s3://… or gs://….")
_HOST = flags.DEFINE_string(
    "host", "127.0.0.1", "The address to listen on; 0.0.0.0 lets other machines in."
)
_PORT = flags.DEFINE_integer("port", 8765, "The port; 0 takes a free one.", 0, 65535)


def main() -> None:
    """Serves until Ctrl-C."""
    if not _LIBRARY.value:
        raise InputError("--library is missing; for example --library=libraries/mine")

    # Not above, so that --help and bad options need not wait for JAX.
    try:
        from motext_jax.web.serving import listen, serve
    except ModuleNotFoundError as error:
        raise InputError(
            f"the page needs {error.name}, which is not installed; "
            "run: pip install 'motext_jax[library]'"
        ) from None
    import motext_jax
    from motext_jax.library.query import Query
    from motext_jax.runtime.startup import start

    # A port that is taken is said before the model is loaded.
    with listen(_HOST.value, _PORT.value) as socket:
        start()
        library = motext_jax.open_library(_LIBRARY.value)
        # The model is loaded and compiled before the first visitor waits for it.
        library.search(Query(text="someone walks"), top=1)
        serve(library, socket, _HOST.value)


if __name__ == "__main__":
    command.run(main)
