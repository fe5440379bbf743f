"""A run's directory: one config a directory, for good."""

import json
import pathlib
from typing import Any

from motext_jax import config as configs
from motext_jax.config import Config
from motext_jax.errors import InputError
from motext_jax.runtime.processes import is_primary

# What a resumed run may change: where its files now lie, what it prints.
_FREE = {
    "name",
    "data.root",
    "data.annotations",
    "data.prepared",
    "data.read",
    "data.on_device",
    "model.text.checkpoint",
    "model.motion.remat",
    "train.log_every",
    "train.checkpoint_every",
    "train.tensorboard",
}
# How long it goes on may change too, unless the learning rate was planned for that length.
_LENGTH = {"train.epochs", "train.steps"}


def claim(workdir: pathlib.Path, config: Config) -> None:
    """Makes the directory and writes the resolved config to its config.json.

    Every process of a run looks, and the first one writes.

    Raises:
      InputError: the directory holds a run with another config, which resuming would mix up.
    """
    path = workdir / "config.json"
    new = configs.to_dict(config)
    if path.exists():
        old = _flat(configs.to_dict(_read(path)))
        free = _FREE if config.optimizer.schedule == "cosine" else _FREE | _LENGTH
        for option, value in _flat(new).items():
            if option not in free and old[option] != value:
                raise InputError(
                    f"{workdir}: holds a run with {option}={old[option]!r}, and this one has "
                    f"{value!r}; choose another --workdir, or give the same options to go on"
                )
    if not is_primary():
        return
    workdir.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(new, indent=2) + "\n")
    temporary.replace(path)


def _read(path: pathlib.Path) -> Config:
    """The run's config; an option that is newer than the run has its default value."""
    try:
        return configs.from_dict(json.loads(path.read_text()))
    except ValueError as error:
        raise InputError(f"{path}: not the config of a run ({error})") from None


def _flat(tree: dict[str, Any], path: str = "") -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in tree.items():
        if isinstance(value, dict):
            values |= _flat(value, f"{path}{name}.")
        else:
            values[path + name] = value
    return values
