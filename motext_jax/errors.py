"""The one exception for input that a user can mend."""


class InputError(Exception):
    """Bad input, in one sentence: the file, the line or field, what was found, what was expected.

    The commands print the sentence without a traceback and exit with status 2. Not a ValueError:
    the flag parser would wrap one that a config file raises in a traceback.
    """
