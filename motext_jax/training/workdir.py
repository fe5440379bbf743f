"""A run's directory: one config a directory, for good."""

import pathlib
import shutil
from typing import Any

from motext_jax.config import Config, settings
from motext_jax.errors import InputError
from motext_jax.input_file import read_json, reading
from motext_jax.runtime.processes import is_primary
from motext_jax.shown import quoted
from motext_jax.trained import saved_config
from motext_jax.trained.checkpoints import tokenizer_folder
from motext_jax.whole_file import write_json


def check_config(workdir: pathlib.Path, config: Config) -> None:
    """Raises InputError where the directory holds a run that this config cannot continue.

    A directory without a checkpoint is that of a start that failed, and any config may follow.
    """
    path = workdir / "config.json"
    if not holds_a_checkpoint(workdir) or not path.exists():
        return
    old, now = _flat(saved_config.to_tree(_read(path))), _flat(saved_config.to_tree(config))
    declared = {setting.path: setting.option for setting in settings(config)}
    # A tower of another kind has other options: each has the value None where it is not.
    for option in {**now, **old}:
        before, value = old.get(option), now.get(option)
        rule = declared[option].may_change if option in declared else "never"
        if before != value and not _may_change(rule, before, value, config):
            way = "choose another --workdir, or give the same options to go on"
            if rule == "unless planned":
                way = (
                    "its learning rate was planned for its length: give the train.epochs and "
                    "train.steps that it began with to go on, or choose another --workdir"
                )
            raise InputError(
                f"{workdir}: holds a run with {option}={quoted(before)}, and this one has "
                f"{quoted(value)}; {way}"
            )


def write_config(workdir: pathlib.Path, config: Config) -> None:
    """Makes the directory and writes the resolved config to its config.json.

    Every process of a run checks, and the primary one writes. Errors as `check_config`.
    """
    check_config(workdir, config)
    if not is_primary():
        return
    if not holds_a_checkpoint(workdir):
        # It may be of another text tower.
        shutil.rmtree(tokenizer_folder(workdir), ignore_errors=True)
    write_json(saved_config.to_tree(config), workdir / "config.json")


def _may_change(rule: str, before: Any, value: Any, config: Config) -> bool:
    """Applies an option's `may_change` to the value that a run began with and another one."""
    if rule == "moved":
        return bool(before) == bool(value)
    return rule == "always" or (rule == "unless planned" and not config.optimizer.plans_for_length)


def holds_a_checkpoint(workdir: pathlib.Path) -> bool:
    """True once a step is saved; an unfinished save has a longer name."""
    return any(path.name.isdigit() for path in (workdir / "checkpoints").glob("*"))


def _read(path: pathlib.Path) -> Config:
    """The run's config; an option that is newer than the run has its default value."""
    tree = read_json(path)
    try:
        with reading(path, "the config of a run"):
            return saved_config.from_tree(tree)
    except InputError as error:
        raise InputError(f"{path}: {str(error).removeprefix(f'{path}: ')}") from None


def _flat(tree: dict[str, Any], path: str = "") -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in tree.items():
        if isinstance(value, dict):
            values |= _flat(value, f"{path}{name}.")
        else:
            values[path + name] = value
    return values
