"""Options on the command line: --config.section.option=VALUE and --data.option=VALUE."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from motext_jax.errors import InputError
from motext_jax.nearest_name import nearest_name
from motext_jax.shown import quoted, shown


def check_overrides(arguments: Sequence[str], roots: Mapping[str, Any]) -> None:
    """Raises InputError for an override of an option that is not there, naming the nearest.

    Args:
      arguments: arguments of the command line.
      roots: the sections that overrides change, by the flag's name: `config`, `data`.
    """
    for argument in arguments:
        root, *path = argument.lstrip("-").split("=", 1)[0].split(".")
        if argument.startswith("-") and path and root in roots:
            _check(argument, root, path, roots[root])


def _check(argument: str, root: str, path: Sequence[str], section: Any) -> None:
    value = section
    for depth, name in enumerate(path):
        options, above = _options(value), ".".join([root, *path[:depth]])
        if value is None:
            raise InputError(f"{argument}: there is no {above} in this config")
        if name not in options:
            kind = f" ({type(value).__name__})" if options else ""
            near = nearest_name(name, options)
            hint = f"did you mean {near}?" if near else f"it has: {', '.join(options) or 'none'}"
            raise InputError(
                f"{shown(argument)}: {above}{kind} has no option {quoted(name)}; {hint}"
            )
        value = getattr(value, name)
    if options := _options(value):
        raise InputError(
            f"{shown(argument)}: {'.'.join(path)} is a section; it has: {', '.join(options)}"
        )


def _options(value: Any) -> list[str]:
    """The names in a section; none where it is no section."""
    fields = dataclasses.fields(value) if dataclasses.is_dataclass(value) else ()
    return [field.name for field in fields]
