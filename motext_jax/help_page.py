"""The page that --help prints: a command, its options in groups, each with its own short help."""

import textwrap
from collections.abc import Mapping, Sequence

from absl import flags

WIDTH, INDENT = 80, 26
"""Letters of a line, and those before the text of an option."""

Groups = Mapping[str, Sequence[str]]
"""Options by the heading of their group, as they are written: `--like=FILE@3.0-5.5`."""


def help_page(intro: str, groups: Groups) -> str:
    """The page.

    Args:
      intro: what the command does, with examples; printed as it stands.
      groups: all options of the command.
    """
    lines = [intro.strip()]
    for heading, options in groups.items():
        lines += ["", f"{heading}:"]
        for option in options:
            lines += _lines(option)
    lines += ["", "--helpfull lists the flags of the libraries, too."]
    return "\n".join(lines)


def _name(option: str) -> str:
    return option.removeprefix("--").partition("=")[0]


def _lines(option: str) -> list[str]:
    flag = flags.FLAGS[_name(option)]
    said = (flag.help or "").removesuffix(";\n    repeat this option to specify a list of values")
    if flag.default not in (None, "", [], False, 0):
        said += f" [{flag.default}]"
    start = f"  {option}".ljust(INDENT)
    text = textwrap.wrap(said, WIDTH - INDENT)
    if len(start) > INDENT:
        return [start, *(" " * INDENT + line for line in text)]
    return [start + text[0], *(" " * INDENT + line for line in text[1:])]
