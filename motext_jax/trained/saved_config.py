"""A run's saved config: in config.json and in the manifest of every checkpoint."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from motext_jax.config import Config, MotionTowerConfig, TextArchitecture, TextTowerConfig
from motext_jax.config import tree as trees
from motext_jax.config.data import renamed
from motext_jax.errors import InputError
from motext_jax.models.towers import MOTION_TOWERS, TEXT_TOWERS

FORMAT = 2
"""The number of the format that this version writes. Trees of format 1 hold no number."""

_KINDS: trees.Kinds = {MotionTowerConfig: MOTION_TOWERS, TextTowerConfig: TEXT_TOWERS}


def to_tree(config: Config) -> dict[str, Any]:
    """The config as plain dicts for JSON, with the number of its format."""
    return {"format": FORMAT, **trees.to_dict(config, _KINDS)}


def from_tree(tree: Any) -> Config:
    """The inverse of `to_tree`, of this format or an older one.

    Raises:
      InputError: the tree holds an option or a tower that this version lacks, or is no config.
    """
    return trees.from_dict(_current(tree), Config, _KINDS)


def architecture_to_tree(text: TextArchitecture | None) -> dict[str, Any] | None:
    """The facts of a text tower as JSON values."""
    return None if text is None else vars(text).copy()


def architecture_from_tree(
    config: Config, tree: Mapping[str, Any] | None
) -> TextArchitecture | None:
    """The inverse of `architecture_to_tree`, for the text tower of a config.

    Raises:
      InputError: the tree is another text tower's.
    """
    if tree is None or config.model.text is None:
        return None
    return trees.from_dict(tree, config.model.text.ARCHITECTURE, {}, "text.")


def _current(tree: Any) -> Any:
    """A tree in the format of this version, without its number."""
    if not isinstance(tree, Mapping):
        return tree
    tree = dict(tree)
    number = tree.pop("format", 1)
    if isinstance(tree.get("data"), Mapping):
        tree["data"] = renamed(tree["data"])
    if number == 1:
        return _from_first_format(tree)
    if number != FORMAT:
        raise InputError(
            f"the saved config has the format {number}, of a newer version; this one reads up to "
            f"{FORMAT}"
        )
    return tree


def _from_first_format(tree: dict[str, Any]) -> dict[str, Any]:
    """A tree of format 1 in this version's format.

    Format 1 has the kinds in `model.motion.name` and `model.text.init`. Every text tower has the
    options of all, and a classifier has a text tower that nothing uses.
    """
    model = dict(tree.get("model", {}))
    motion, text = dict(model.get("motion", {})), dict(model.get("text", {}))
    motion[trees.KIND] = motion.pop("name", "ctrgcn")
    kind = text.pop("init", "scratch")
    classifier = model.get("objective") == "classifier"
    if not classifier and kind in TEXT_TOWERS:
        names = {field.name for field in dataclasses.fields(TEXT_TOWERS[kind])}
        text = {name: value for name, value in text.items() if name in names}
    model["motion"] = motion
    model["text"] = None if classifier else {trees.KIND: kind, **text}
    return {**tree, "model": model}


def first_architecture(tree: Mapping[str, Any]) -> dict[str, Any] | None:
    """The facts of the text tower in a config of format 1, which held them among its options."""
    config, text = from_tree(tree), tree["model"]["text"]
    if config.model.text is None:
        return None
    architecture: Any = config.model.text.ARCHITECTURE
    fields = dataclasses.fields(architecture)
    facts = {field.name: text[field.name] for field in fields if field.name in text}
    # CLIP's projection was the shared space's dimensions; from scratch the tower fits itself.
    if "projection" in {field.name for field in fields}:
        facts["projection"] = config.model.embedding if text["init"] == "clip" else 0
    return facts
