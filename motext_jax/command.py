"""How every command of the project starts and how it ends on bad input."""

import pathlib
import signal
import sys
from collections.abc import Callable
from typing import NoReturn

from absl import app, flags, logging

from motext_jax import config
from motext_jax.errors import InputError


def run(main: Callable[[], None]) -> None:
    """Parses absl flags and calls `main`; bad input ends as one sentence and status 2."""

    def parse(arguments: list[str]) -> list[str]:
        try:
            config.check_overrides(arguments[1:])
            _check_config_file(arguments[1:])
            rest = flags.FLAGS(arguments)
            if not flags.FLAGS["verbosity"].present:
                logging.set_verbosity(logging.ERROR)  # Orbax reports every file it writes.
            if rest[1:]:
                raise InputError(f"unknown argument {rest[1]!r}; see --help")
            return rest
        except (flags.Error, InputError) as error:
            _exit(str(error))

    def guarded(_: list[str]) -> None:
        try:
            main()
        except (InputError, OSError) as error:
            _exit(str(error))
        except KeyboardInterrupt:
            sys.exit(128 + signal.SIGINT)

    app.run(guarded, flags_parser=parse)


def _check_config_file(arguments: list[str]) -> None:
    """Says what is wrong with --config before absl does, for an override hides the reason there."""
    for argument in arguments:
        if argument.startswith(("--config=", "-config=")):
            path = pathlib.Path(argument.partition("=")[2].partition(":")[0])
            if not path.is_file() or "def get_config" not in path.read_text(errors="replace"):
                raise InputError(f"--config={path}: no such file, or one without get_config")


def _exit(sentence: str) -> NoReturn:
    print(f"error: {sentence}", file=sys.stderr)
    sys.exit(2)
