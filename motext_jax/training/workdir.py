"""A run's directory: one config a directory, for good."""

import json
import pathlib
import shutil
from typing import Any

from motext_jax.config import Config, settings
from motext_jax.errors import InputError
from motext_jax.runtime.processes import is_primary
from motext_jax.trained import saved_config
from motext_jax.trained.checkpoints import tokenizer_folder
from motext_jax.whole_file import write_json


def claim(workdir: pathlib.Path, config: Config) -> None:
    """Makes the directory and writes the resolved config to its config.json.

    Every process of a run looks, and the first one writes. A directory without a checkpoint
    is that of a start that failed, and any config may follow.

    Raises:
      InputError: the directory holds a run with another config, which resuming would mix up.
    """
    path = workdir / "config.json"
    new = saved_config.to_tree(config)
    trained = _holds_a_checkpoint(workdir)
    if trained and path.exists():
        old, now = _flat(saved_config.to_tree(_read(path))), _flat(new)
        free = _may_change(config)
        # A tower of another kind has other options: each has the value None where it is not.
        for option in {**now, **old}:
            before, value = old.get(option), now.get(option)
            if option not in free and before != value:
                raise InputError(
                    f"{workdir}: holds a run with {option}={before!r}, and this one has "
                    f"{value!r}; choose another --workdir, or give the same options to go on"
                )
    if not is_primary():
        return
    if not trained:
        # It may be of another text tower.
        shutil.rmtree(tokenizer_folder(workdir), ignore_errors=True)
    write_json(new, path)


def _may_change(config: Config) -> set[str]:
    """The options that a run which goes on may have with other values than it began with."""
    allowed = {"always"} if config.optimizer.plans_for_length else {"always", "unless planned"}
    return {s.path for s in settings(config) if s.option.may_change in allowed}


def _holds_a_checkpoint(workdir: pathlib.Path) -> bool:
    """True once a step is saved; an unfinished save has a longer name."""
    return any(path.name.isdigit() for path in (workdir / "checkpoints").glob("*"))


def _read(path: pathlib.Path) -> Config:
    """The run's config; an option that is newer than the run has its default value."""
    try:
        return saved_config.from_tree(json.loads(path.read_text()))
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"{path}: not the config of a run ({error})") from None


def _flat(tree: dict[str, Any], path: str = "") -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in tree.items():
        if isinstance(value, dict):
            values |= _flat(value, f"{path}{name}.")
        else:
            values[path + name] = value
    return values
