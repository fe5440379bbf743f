"""Sections as plain dicts for JSON, and the way back."""

import dataclasses
import sys
import types
import typing
from collections.abc import Mapping
from typing import Any

from motext_jax.errors import InputError
from motext_jax.shown import quoted

Kinds = Mapping[type, Mapping[str, type]]
"""For a base of sections, every kind of it by the short name that JSON has for it.

A tree names a kind by this alone: a file must not name code.
"""

KIND = "kind"
"""The key of a kind's short name."""

_TYPES = {str: "a text", bool: "true or false", int: "a whole number", float: "a number"}


def to_dict(section: Any, kinds: Kinds) -> dict[str, Any]:
    """A section as plain dicts."""
    tree: dict[str, Any] = {}
    for base, classes in kinds.items():
        if isinstance(section, base):
            names = [name for name, kind in classes.items() if kind is type(section)]
            if not names:
                raise InputError(
                    f"{type(section).__name__} has no short name to be saved under; it is none of: "
                    f"{', '.join(classes)}"
                )
            (tree[KIND],) = names
    for field in dataclasses.fields(section):
        value = getattr(section, field.name)
        tree[field.name] = to_dict(value, kinds) if dataclasses.is_dataclass(value) else value
    return tree


def from_dict(tree: Any, expected: type, kinds: Kinds, path: str = "") -> Any:
    """The inverse of `to_dict`; an option that the tree lacks has its default.

    Args:
      tree: JSON tree of the section.
      expected: the class of the section, or the base of its kinds.
      kinds: kinds as in `to_dict`.
      path: the section's own path and a dot, for errors.

    Raises:
      InputError: the tree has an option or a kind that this version does not have, lacks what it
        must have, or has a value of another type than its option.
    """
    if not isinstance(tree, Mapping):
        raise InputError(f"the saved config holds no section {path.rstrip('.') or 'at all'}")
    tree = dict(tree)
    if expected in kinds:
        name = tree.pop(KIND, None)
        if not isinstance(name, str) or name not in kinds[expected]:
            raise InputError(
                f"the saved config has {path}{KIND}={quoted(name)}; this version has: "
                f"{', '.join(kinds[expected])}"
            )
        expected = kinds[expected][name]
    fields = {field.name: field for field in dataclasses.fields(expected)}
    hints = typing.get_type_hints(expected)
    values = {}
    for name, value in tree.items():
        if name not in fields:
            raise InputError(f"the saved config holds {path}{name}, which this version lacks")
        section = _section(hints[name], kinds)
        if section is None or (value is None and type(None) in typing.get_args(hints[name])):
            values[name] = _value(f"{path}{name}", hints[name], value)
        else:
            values[name] = from_dict(value, section, kinds, f"{path}{name}.")
    for name, field in fields.items():
        required = field.default is field.default_factory is dataclasses.MISSING
        if required and name not in values:
            raise InputError(f"the saved config lacks {path}{name}")
    return expected(**values)


def _value(path: str, hint: Any, value: Any) -> Any:
    """A value of an option; raises InputError where it is not of the option's type."""
    fits = type(value) is hint if hint in _TYPES else True
    if hint is float:
        # A bool is an int, and an int may be larger than any float.
        largest = sys.float_info.max
        fits = type(value) in (int, float) and -largest <= value <= largest
    if not fits:
        raise InputError(f"the saved config has {path}={quoted(value)}; expected {_TYPES[hint]}")
    return value


def _section(hint: Any, kinds: Kinds) -> type | None:
    """The class of the section that a field holds, where it holds one."""
    union = isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union
    for kind in typing.get_args(hint) if union else (hint,):
        if isinstance(kind, type) and (kind in kinds or dataclasses.is_dataclass(kind)):
            return kind
    return None
