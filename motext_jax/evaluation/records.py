"""Records of results as the JSON values that files hold, and back.

A record is a frozen dataclass. Its JSON has a key for each field, in the fields' order. A field
whose default is None is left out where it is None. `named`, `among` and `none_as` change how one
field is written.
"""

import dataclasses
import types
import typing
from collections.abc import Mapping
from typing import Any, Protocol, TypeVar, runtime_checkable

Record = TypeVar("Record")


@runtime_checkable
class WritesItself(Protocol):
    """A value that has a JSON form of its own."""

    def to_json(self) -> Any:
        """The JSON value."""


def named(key: str) -> dict[str, Any]:
    """Metadata of a field that has another key in JSON."""
    return {"key": key}


def among(prefix: str = "") -> dict[str, Any]:
    """Metadata of a mapping or record whose entries are written into the record that holds it.

    Args:
      prefix: prefix of each entry's key.
    """
    return {"prefix": prefix}


def none_as(value: Any) -> dict[str, Any]:
    """Metadata of a field that writes None as another value."""
    return {"none": value}


def to_json(value: Any) -> Any:
    """JSON values of a record, of mappings and sequences of records, or of a plain value."""
    if isinstance(value, WritesItself):
        return value.to_json()
    if dataclasses.is_dataclass(value):
        tree: dict[str, Any] = {}
        for field in dataclasses.fields(value):
            item = getattr(value, field.name)
            if item is None and field.default is None:
                continue
            written: Any = field.metadata.get("none") if item is None else to_json(item)
            if "prefix" in field.metadata:
                tree |= {f"{field.metadata['prefix']}{key}": v for key, v in written.items()}
            else:
                tree[_key(field)] = written
        return tree
    if isinstance(value, Mapping):
        return {str(to_json(key)): to_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(item) for item in value]
    return value


def from_json(kind: type[Record], tree: Any) -> Record:
    """The inverse of `to_json`, for records of plain values, mappings, tuples and records.

    Raises:
      KeyError: the tree lacks a field that has no default.
    """
    return _read(kind, tree)


def _read(kind: Any, tree: Any) -> Any:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        (some,) = (argument for argument in arguments if argument is not types.NoneType)
        return None if tree is None else _read(some, tree)
    if origin is tuple and arguments[-1] is Ellipsis:
        return tuple(_read(arguments[0], item) for item in tree)
    if origin is tuple:
        return tuple(_read(one, item) for one, item in zip(arguments, tree, strict=True))
    if origin is not None and issubclass(origin, Mapping):
        key_kind, item_kind = arguments
        return {
            int(key) if key_kind is int else key: _read(item_kind, item)
            for key, item in tree.items()
        }
    if dataclasses.is_dataclass(kind):
        return _read_record(kind, tree)
    return tree


def _read_record(kind: Any, tree: Mapping[str, Any]) -> Any:
    hints, values = typing.get_type_hints(kind), {}
    for field in dataclasses.fields(kind):
        if "prefix" in field.metadata:
            prefix = field.metadata["prefix"]
            part = {
                key.removeprefix(prefix): v for key, v in tree.items() if key.startswith(prefix)
            }
            values[field.name] = _read(hints[field.name], part)
        elif _key(field) in tree:
            values[field.name] = _read(hints[field.name], tree[_key(field)])
        elif field.default is dataclasses.MISSING:
            raise KeyError(_key(field))
    return kind(**values)


def _key(field: dataclasses.Field) -> str:
    return field.metadata.get("key", field.name)
