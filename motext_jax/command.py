"""Start and end of every command: flags, signals, exit statuses."""

import dataclasses
import gc
import itertools
import os
import pathlib
import re
import shlex
import sys
import traceback
from collections.abc import Callable
from logging import Formatter
from typing import Any

from absl import app, flags, logging
from ml_collections import config_flags

from motext_jax import config
from motext_jax.errors import InputError
from motext_jax.given_flags import check_once
from motext_jax.nearest_name import nearest_name
from motext_jax.runtime import environment, signals
from motext_jax.runtime.shutdown import leave
from motext_jax.shown import printable, shown

# A flag that is defined here is the command's own, for --help.
flags.disclaim_key_flags()

CONFIGS = pathlib.Path("configs")
"""The repository's folder of configs, seen from the repository."""

PACKAGED = pathlib.Path(__file__).parent / "configs"
"""The package's folder of the same configs."""

BAD_INPUT, FAULT = 2, 1
"""Statuses besides those of `signals`."""

OBJECTS = 100_000
"""New objects after which Python looks for garbage in cycles. Its own 700 are for small programs:
modules and traced models are a million objects that stay, and to look through them again and again
took a quarter of a command's start."""

# What Python and absl say of a value of another type or out of bounds, and what a flag takes.
_WRONG_VALUE = {
    r"invalid literal for int\(\) with base \d+: (.*)": "a whole number",
    r"could not convert string to float: (.*)": "a number",
    r"\('Non-boolean argument to boolean flag', (.*)\)": "True or False",
    r"(\S+) is not a positive integer": "a whole number from 1",
    r"(\S+) is not a non-negative integer": "a whole number from 0",
    r"(\S+) is not an integer in the range \[(\d+), (\d+)\]": r"a whole number from \2 to \3",
    r"(\S+) is not a non-negative number": "a number from 0",
}

_SHORT_HELP = re.compile(r"-h|--?help(short)?")
_HELP = re.compile(r"--?(help|helpshort|helpfull|helpxml|\?)(=.*)?")


def run(
    main: Callable[..., int | None],
    positional: str = "",
    example: str = "",
    multiprocess: bool = False,
    huge_pages: bool = True,
    page: Callable[[], str] | None = None,
    meant: str = "",
) -> None:
    """Parses absl flags and calls `main`; every end but the good one is a sentence and a status.

    The status is 2 for bad input, 130 for Ctrl-C, 75 for SIGTERM, and 1 for a fault of this
    program, which ends in a traceback.

    Args:
      main: called with the one argument that is no flag, where there is one; gives the status.
      positional: name of that argument in messages; empty for none.
      example: a value of it, for the sentence that it is missing; empty where `main` can be called
        without it.
      multiprocess: adds the flag --multiprocess, for commands that several processes can share.
      huge_pages: restarts with huge pages, for commands that compute with JAX.
      page: gives the text of --help; None for absl's.
      meant: the flag whose value one argument too many is likely to be; empty for none.
    """
    if page is not None and any(map(_SHORT_HELP.fullmatch, sys.argv[1:])):
        print(page())
        return
    signals.end_at_once()
    gc.set_threshold(OBJECTS)
    if multiprocess:
        flags.DEFINE_bool(
            "multiprocess",
            False,
            "This is one of several processes, of launch/local.sh, SLURM or a TPU pod.",
        )
    if huge_pages:
        environment.use_huge_pages()

    def guarded(arguments: list[str]) -> None:
        together = multiprocess and flags.FLAGS.multiprocess
        said = ""
        try:
            signals.raise_stopped()
            if together:
                # Not above: the commands that need no JAX start faster without it.
                from motext_jax.runtime.processes import join

                join()
            elif multiprocess:
                environment.check_alone()
            status = main(*arguments[1:])
            # Else a signal from now on would lose what is still to be printed.
            sys.stdout.flush()
            signals.finish(status or 0)
        except BaseException as error:
            status, said = _ending(error, together)
        if status:
            leave(status, said)

    app.run(guarded, flags_parser=lambda given: _parsed(given, positional, example, meant))


def is_one_of_several() -> bool:
    """True for a process of `--multiprocess`."""
    return "multiprocess" in flags.FLAGS and bool(flags.FLAGS["multiprocess"].value)


def define_data() -> flags.FlagHolder:
    """The flags --data.OPTION, for a command that takes the data section alone."""
    try:
        # Before absl: it reads them here already, and has only a KeyError for a misspelt one.
        config.check_overrides(sys.argv[1:], {"data": config.DataConfig()})
    except InputError as error:
        leave(BAD_INPUT, f"error: {error}")
    holder = config_flags.DEFINE_config_dataclass(
        "data", config.DataConfig(), "The data set's options: --data.OPTION=VALUE."
    )
    # All options with their defaults, which --help would print as one long constructor call.
    flags.FLAGS["data"].default_as_str = None
    return holder


def configs() -> pathlib.Path:
    """The folder of configs: the repository's in the repository, elsewhere the package's."""
    return CONFIGS if (CONFIGS / "quickstart.py").is_file() else PACKAGED


def given(section: str) -> list[str]:
    """The options of a section that the command line gives, as their paths from it."""
    prefix = f"{section}."
    names = (name for name in flags.FLAGS if name.startswith(prefix))
    return [name.removeprefix(prefix) for name in names if flags.FLAGS[name].present]


def _parsed(arguments: list[str], positional: str, example: str, meant: str) -> list[str]:
    """The arguments that are no flags, once everything that can be said at once is said."""
    try:
        _check_config_file(arguments[1:])
        config.check_overrides(arguments[1:], _sections(arguments[1:]))
        environment.check_devices()
        rest = flags.FLAGS(arguments)
        check_once()
        if not flags.FLAGS["verbosity"].present:
            # Orbax reports every file it writes, by absl's logger; other warnings are seen.
            logging.set_verbosity(logging.WARNING)
            logging.get_absl_logger().setLevel("ERROR")
            # A warning is a sentence for people; its place in the code is none.
            logging.get_absl_handler().setFormatter(Formatter("%(message)s"))
        expected = 2 if positional else 1
        if len(rest) < expected and example:
            module = f"motext_jax.{pathlib.PurePath(arguments[0]).stem}"
            words = [example, *(word for word in arguments[1:] if word != "--")]
            command = shlex.join(["python", "-m", module, *words])
            raise InputError(f"{positional} is missing; for example: {command}")
        if len(rest) > expected:
            stray = shown(rest[expected])
            hint = f"did you mean --{meant}={shlex.quote(stray)}?" if meant else "see --help"
            if positional and os.path.exists(rest[expected]):
                hint = f"{positional} is {shown(rest[1])!r} already; give one"
            raise InputError(f"unknown argument {stray!r}; {hint}")
        return rest
    except flags.UnrecognizedFlagError as error:
        leave(BAD_INPUT, f"error: {unknown_flag(error.flagname)}")
    except (flags.Error, InputError, OSError) as error:
        leave(BAD_INPUT, f"error: {printable(_plain(str(error)))}")
    except SystemExit:
        if any(map(_HELP.fullmatch, arguments[1:])):
            # absl ends its help with a status of failure.
            sys.exit(0)
        raise


def unknown_flag(name: str) -> str:
    """A sentence on a flag that the command does not have, with the nearest that it has."""
    own = {
        flag.name: flag
        for module, group in flags.FLAGS.flags_by_module_dict().items()
        # Nobody who mistypes a flag means one of absl's.
        if not module.startswith("absl.")
        for flag in group
    }
    section, _, option = name.partition(".")
    sections = {field.name for field in dataclasses.fields(config.Config)}
    if option and section in sections and "config" in own:
        return f"there is no flag --{shown(name)}; did you mean --config.{shown(name)}=...?"
    if option and section == "config" and "config" in own:
        # With a config its options are flags.
        return f"--{shown(name)} needs --config=FILE; see --help"
    if option and section == "config" and "data" in own:
        return f"there is no flag --{shown(name)}; did you mean --{shown(option)}=...?"
    names = [*own, *(f"no{name}" for name, flag in own.items() if flag.boolean)]
    near = nearest_name(name, names)
    # Else its beginning: --q for --query.
    near = near or next((longer for longer in sorted(own) if longer.startswith(name)), "")
    if not near:
        return f"there is no flag --{shown(name)}; see --help"
    value = "=..." if near in own and not own[near].boolean else ""
    return f"there is no flag --{shown(name)}; did you mean --{near}{value}?"


def _ending(error: BaseException, together: bool) -> tuple[int, str]:
    """The status and the sentence that an exception ends with; one that nobody can mend is raised.

    Args:
      error: caught around a command.
      together: True for one of several processes.
    """
    if stopped := signals.raised():
        # Whatever it has become on its way up.
        return stopped.status, stopped.said
    if isinstance(error, signals.Stopped):
        return error.status, error.said
    if isinstance(error, KeyboardInterrupt):
        return signals.INTERRUPTED, signals.STOPPED
    if isinstance(error, (InputError, OSError)):
        return BAD_INPUT, f"error: {printable(str(error))}"
    if not together or not isinstance(error, Exception):
        raise error
    if "Gloo" in str(error):
        # The collectives of CPUs end so in those that are left; a traceback would hide it.
        return FAULT, f"error: another process is gone ({str(error).splitlines()[0]})"
    traceback.print_exception(error)
    return FAULT, ""


def _sections(arguments: list[str]) -> dict[str, Any]:
    """The sections that overrides change, as they are before: the config of --config=FILE."""
    file = next(iter(_config_files(arguments)), "")
    if not file or "config" not in flags.FLAGS:
        return {}
    try:
        return {"config": flags.FLAGS["config"].parser.parse(file)}
    # The flag reports a fault of the file when it is parsed.
    except (TypeError, ValueError):
        return {}


def _config_files(arguments: list[str]) -> list[str]:
    """The value of each --config."""
    files = []
    for argument, following in itertools.pairwise([*arguments, ""]):
        name, given, value = argument.partition("=")
        if name in ("--config", "-config"):
            files.append(value if given else following)
    return files


def _check_config_file(arguments: list[str]) -> None:
    """Reports a fault of --config before absl does, for an override hides the reason there."""
    files = _config_files(arguments)
    if not files or "config" not in flags.FLAGS:
        return
    if len(files) > 1:
        raise InputError(f"--config is given {len(files)} times; give it once")
    given = files[0].partition(":")[0]
    if not given:
        raise InputError(f"--config is empty; give a file of {configs()}/")
    path = pathlib.Path(given)
    if not os.path.isfile(path):
        folders = path.parent, CONFIGS, PACKAGED
        there = [file for folder in folders for file in sorted(folder.glob("*.py"))]
        by_name = {file.name: file for file in reversed(there) if _is_config(file)}
        near = nearest_name(path.name, by_name)
        near = near or nearest_name(f"{path.name}.py", by_name)
        hint = f"did you mean {by_name[near]}?" if near else f"give a file of {configs()}/"
        raise InputError(f"--config={given}: there is no such file; {hint}")
    if not _is_config(path):
        raise InputError(
            f"--config={given}: the file has no get_config, so it is no config; give a file of "
            f"{configs()}/"
        )


def _is_config(path: pathlib.Path) -> bool:
    return path.is_file() and "get_config" in path.read_text(errors="replace")


def _plain(said: str) -> str:
    """A sentence on a flag, with the values that were expected in plain words."""
    for pattern, values in _WRONG_VALUE.items():
        if found := re.search(pattern, said):
            return f"{said[: found.start()]}expected {found.expand(values)}, found {found[1]}"
    return said
