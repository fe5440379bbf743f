"""How every command of the project starts and how it ends on bad input."""

import os
import pathlib
import signal
import sys
import traceback
from collections.abc import Callable
from typing import NoReturn

from absl import app, flags, logging
from ml_collections import config_flags

from motext_jax import config
from motext_jax.errors import InputError

# A flag that is defined here is the command's own, for --help.
flags.disclaim_key_flags()

STOPPED = "stopped; the same command goes on where it can"


def run(
    main: Callable[..., None],
    positional: str = "",
    multiprocess: bool = False,
    huge_pages: bool = True,
) -> None:
    """Parses absl flags and calls `main`; bad input ends as one sentence and status 2.

    Args:
      main: called with the one argument that is no flag, where there is one.
      positional: what that argument is; empty for none.
      multiprocess: whether several processes can do it together, with the flag --multiprocess.
      huge_pages: whether it computes with JAX, see `_with_huge_pages`.
    """
    if multiprocess:
        flags.DEFINE_bool(
            "multiprocess",
            False,
            "This is one of several processes, of launch/local.sh, SLURM or a TPU pod.",
        )
    if huge_pages:
        _with_huge_pages()

    def parse(arguments: list[str]) -> list[str]:
        try:
            config.check_overrides(arguments[1:])
            _check_config_file(arguments[1:])
            _check_devices()
            rest = flags.FLAGS(arguments)
            if not flags.FLAGS["verbosity"].present:
                # Orbax reports every file it writes, by absl's logger; other warnings are seen.
                logging.set_verbosity(logging.WARNING)
                logging.get_absl_logger().setLevel("ERROR")
            expected = 2 if positional else 1
            if len(rest) < expected:
                raise InputError(f"{positional} is missing; see --help")
            if len(rest) > expected:
                raise InputError(f"unknown argument {rest[expected]!r}; see --help")
            return rest
        except (flags.Error, InputError) as error:
            _exit(str(error))

    def guarded(arguments: list[str]) -> None:
        together = multiprocess and flags.FLAGS.multiprocess
        leave: Callable[[int], NoReturn] = sys.exit
        try:
            if together:
                # Not above: the commands that need no JAX start faster without it.
                from motext_jax.runtime import processes

                # One that fails must not wait for the others.
                leave = processes.leave
                processes.join()
            elif multiprocess and os.environ.get("JAX_NUM_PROCESSES") not in (None, "", "1"):
                # Each would train the whole run, in the one directory.
                raise InputError("this is one of several processes; add --multiprocess")
            main(*arguments[1:])
        except (InputError, OSError) as error:
            print(f"error: {error}", file=sys.stderr)
            leave(2)
        except KeyboardInterrupt:
            print(STOPPED, file=sys.stderr)
            leave(128 + signal.SIGINT)
        except Exception as error:
            if not together:
                raise
            if "Gloo" in str(error):
                # The collectives of CPUs end so in those that are left; a traceback would hide it.
                reason = str(error).splitlines()[0]
                print(f"error: another process is gone ({reason})", file=sys.stderr)
            else:
                traceback.print_exc()
            leave(1)

    app.run(guarded, flags_parser=parse)


def _with_huge_pages() -> None:
    """Starts the command anew with huge pages, which glibc takes from the environment alone.

    A training step on a CPU fills gigabytes of fresh memory. In pages of 4 KiB that are half a
    million faults, which took the kernel a third of the step.
    """
    if sys.platform != "linux" or "GLIBC_TUNABLES" in os.environ:
        return
    # A program that was read from a pipe cannot be read again, and a debugger wants this process.
    # The option says that it was tried, where a wrapper of Python takes the variable away.
    if sys.argv[0] in ("", "-") or sys.gettrace() or "huge_pages" in sys._xoptions:
        return
    os.environ["GLIBC_TUNABLES"] = "glibc.malloc.hugetlb=1"
    os.execv(sys.executable, [sys.executable, "-X", "huge_pages", *sys.orig_argv[1:]])


def define_data() -> flags.FlagHolder:
    """The flags --data.OPTION, for a command that takes the data section alone."""
    try:
        # Before absl: it reads them here already, and has only a KeyError for a misspelt one.
        config.check_overrides(sys.argv[1:])
    except InputError as error:
        _exit(str(error))
    return config_flags.DEFINE_config_dataclass(
        "data", config.DataConfig(), "The data set's options."
    )


def _check_config_file(arguments: list[str]) -> None:
    """Says what is wrong with --config before absl does, for an override hides the reason there."""
    for argument in arguments:
        if argument.startswith(("--config=", "-config=")):
            path = pathlib.Path(argument.partition("=")[2].partition(":")[0])
            if not path.is_file() or "get_config" not in path.read_text(errors="replace"):
                raise InputError(f"--config={path}: no such file, or one without get_config")


def _check_devices() -> None:
    """JAX has a traceback for a number that it cannot read, and nothing for one below 1."""
    devices = os.environ.get("JAX_NUM_CPU_DEVICES", "1")
    if not devices.isdecimal() or int(devices) < 1:
        raise InputError(f"JAX_NUM_CPU_DEVICES={devices}: expected a number of devices, from 1")


def _exit(sentence: str) -> NoReturn:
    print(f"error: {sentence}", file=sys.stderr)
    sys.exit(2)
