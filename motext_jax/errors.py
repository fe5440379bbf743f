"""The one exception for input that a user can mend."""

import contextlib
from collections.abc import Iterator

from motext_jax.shown import printable


class InputError(Exception):
    """Bad input, in one sentence: the file, the line or field, what was found, what was expected.

    The commands print the sentence without a traceback and exit with status 2. Not a ValueError:
    the flag parser would wrap one that a config file raises in a traceback. What the sentence
    quotes of the input loses its control characters, wherever it is printed.
    """

    def __init__(self, sentence: str):
        super().__init__(printable(sentence))


class Unsaid(InputError):
    """A file leaves out what a person must say; a command adds how, in the words of its options."""


class NoPerson(InputError):
    """A file in which no person was found, so that it is nothing for smpl22."""


@contextlib.contextmanager
def naming(flag: str) -> Iterator[None]:
    """Puts a flag before a sentence that begins with its value."""
    try:
        yield
    except InputError as error:
        raise InputError(f"--{flag}={error}") from None
