"""Places that a model can be named by: a directory, `starter`, or a repository of the hub."""

import contextlib
import functools
import os
import pathlib
import re

from motext_jax.errors import InputError
from motext_jax.nearest_name import nearest_name
from motext_jax.shown import quoted, shown
from motext_jax.text.tokenizer import TOKENIZER_FILES

STARTER = "starter"
"""The name of the model that comes with the package."""

HUB = "hf://"
"""The beginning of an address on the Hugging Face hub."""

STARTER_FOLDER = pathlib.Path(__file__).parents[1] / STARTER

CONFIG, WEIGHTS, CHECKSUMS = "config.json", "model.safetensors", "checksums.json"
CALIBRATION, WORDS, TOKENIZER = "calibration.json", "words.txt", "tokenizer"
READ = (
    *(CONFIG, WEIGHTS, CHECKSUMS, CALIBRATION, WORDS),
    *(f"{TOKENIZER}/{name}" for name in TOKENIZER_FILES),
)
"""All files of an exported folder that `load` reads, and all that the hub is asked for."""


def find(model: str | os.PathLike[str]) -> pathlib.Path:
    """The directory of a model; a repository of the hub is downloaded when it is first asked for.

    Args:
      model: a run's working directory, an exported folder, `starter`, or `hf://owner/name`; a Path
        is always a directory.

    Raises:
      InputError: the starter is not there, or the hub does not give the repository.
    """
    if not isinstance(model, str):
        return pathlib.Path(model)
    if model == STARTER:
        if not (STARTER_FOLDER / CONFIG).is_file():
            raise InputError(
                f"this installation of motext_jax comes without the model {STARTER!r} "
                f"({STARTER_FOLDER}); name a working directory or an exported folder instead"
            )
        return STARTER_FOLDER
    if model.startswith(HUB):
        return _from_hub(model)
    return pathlib.Path(model)


def is_exported(folder: pathlib.Path) -> bool:
    """True for a folder that `export` wrote, damaged or not; a run has checkpoints instead."""
    weights, config, digests = ((folder / name).is_file() for name in (WEIGHTS, CONFIG, CHECKSUMS))
    return (weights or (config and digests)) and not (folder / "checkpoints").exists()


def check_model(model: str) -> None:
    """Raises InputError where there is no model, before anything slow; the hub is not asked.

    Args:
      model: as `find` takes it.
    """
    path = pathlib.Path(model)
    if model == STARTER or model.startswith(HUB) or is_exported(path):
        return
    expected = f"give a run's directory, an exported folder, {STARTER} or {HUB}owner/name"
    if path.is_file():
        raise InputError(f"{model}: a file; {expected}")
    if not path.is_dir():
        raise InputError(f"{model}: there is no such folder; {_nearest(path) or expected}")
    if not (path / "checkpoints").is_dir():
        raise InputError(f"{model}: holds no model; {expected}")


def _nearest(path: pathlib.Path) -> str:
    """A question with the nearest name of a model beside a path; empty if none is near."""
    names = {STARTER: STARTER}
    with contextlib.suppress(OSError):
        beside = [one for one in path.absolute().parent.iterdir() if one.is_dir()]
        names |= {one.name: str(path.with_name(one.name)) for one in beside}
    near = nearest_name(path.name, names)
    return f"did you mean {names[near]}?" if near else ""


@functools.cache
def _from_hub(address: str) -> pathlib.Path:
    repository = address.removeprefix(HUB)
    if not re.fullmatch(r"\w[\w.-]*/\w[\w.-]*", repository, re.ASCII):
        raise InputError(f"{quoted(address)} is no address on the hub; expected {HUB}owner/name")
    # Its import takes long, and most models are on the disk.
    import huggingface_hub

    try:
        folder = pathlib.Path(
            huggingface_hub.snapshot_download(repository, allow_patterns=list(READ))
        )
    # The client's errors have no common base: some are those of the HTTP library below it.
    except Exception as error:
        reason = shown(next(iter(str(error).splitlines()), ""), 200)
        raise InputError(
            f"the Hugging Face hub did not give {repository} ({type(error).__name__}: {reason}); "
            "where there is a network, download its files and pass their folder"
        ) from error
    for name in (WEIGHTS, CHECKSUMS):
        if not (folder / name).is_file():
            raise InputError(f"{address} holds no model of motext_jax: it has no {name}")
    return folder
