"""A run's directory: one config a directory, for good."""

import json
import pathlib
from typing import Any

from motext_jax import config as configs
from motext_jax.config import Config
from motext_jax.errors import InputError

# What a resumed run may change: how long it goes on, what it prints, where its data now lies.
_FREE = {
    "name",
    "data.root",
    "train.epochs",
    "train.steps",
    "train.log_every",
    "train.checkpoint_every",
    "train.tensorboard",
}


def claim(workdir: pathlib.Path, config: Config) -> None:
    """Makes the directory and writes the resolved config to its config.json.

    Raises:
      InputError: the directory holds a run with another config, which resuming would mix up.
    """
    path = workdir / "config.json"
    new = configs.to_dict(config)
    if path.exists():
        old = _flat(json.loads(path.read_text()))
        for option, value in _flat(new).items():
            if option not in _FREE and old.get(option) != value:
                raise InputError(
                    f"{workdir}: holds a run with {option}={old.get(option)!r}, and this one has "
                    f"{value!r}; choose another --workdir, or give the same options to go on"
                )
    workdir.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(new, indent=2) + "\n")
    temporary.replace(path)


def _flat(tree: dict[str, Any], path: str = "") -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in tree.items():
        if isinstance(value, dict):
            values |= _flat(value, f"{path}{name}.")
        else:
            values[path + name] = value
    return values
