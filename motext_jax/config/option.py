"""The declaration of an option: its default, its bounds, who reads it and when it may change.

A section is a dataclass of options and of further sections. Each option says everything about
itself where it is declared, and what checks, compares or lists options follows from that.
"""

import dataclasses
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from motext_jax.errors import InputError
from motext_jax.shown import quoted


@dataclasses.dataclass(frozen=True)
class Option:
    """The declaration of an option, all but its name, type and default."""

    choices: Sequence[Any] = ()
    """The values it may have; empty: any."""
    at_least: float = -math.inf
    """The least value of a number; one with a bound must be finite, too."""
    below: float = math.inf
    """The bound that a number stays below."""
    multiple_of: int = 0
    """The number that divides it; 0: any."""
    read_by: Sequence[str] = ()
    """The data sources that read it; empty: all."""
    decides_clips: bool | Sequence[str] = False
    """It decides what the clips are: for every source that reads it, or for the named ones."""
    place: bool = False
    """It says where files are. They may move, and be gone once the clips are prepared."""
    weights: bool = False
    """It names weights: a model of the hub, or the file or folder that they are in."""
    in_reading: bool = False
    """It says how files are read, and not what the clips are; `prepare` takes it, too."""
    may_change: Literal["never", "always", "moved", "unless planned"] = "never"
    """Rule for a run that goes on with another value. `moved`: another place where one was given;
    an empty one stays empty. `unless planned`: the value may change unless the learning rate was
    planned for the run's length."""

    def check(self, path: str, value: Any) -> None:
        """Raises InputError where a value is outside the bounds."""
        if self.choices:
            require(path, value, self.choices)
        bounded = (self.at_least, self.below) != (-math.inf, math.inf)
        if bounded and not self.at_least <= value < math.inf:
            raise InputError(
                f"{path} is {value}; it must be at least {self.at_least:g}, and finite"
            )
        if bounded and value >= self.below:
            raise InputError(f"{path} is {value}; it must be below {self.below:g}")
        if self.multiple_of and value % self.multiple_of:
            raise InputError(f"{path} is {value}; it must be a multiple of {self.multiple_of}")

    def is_read_by(self, source: str) -> bool:
        """Tells if a data source reads it."""
        return not self.read_by or source in self.read_by

    def decides_clips_of(self, source: str) -> bool:
        """Tells if it decides what a source's clips are."""
        named = self.decides_clips
        return self.is_read_by(source) and (named if isinstance(named, bool) else source in named)


class Section:
    """Base of a dataclass that holds options."""

    def check_rules(self, path: str) -> None:
        """Raises InputError where the section's options do not fit each other.

        Args:
          path: the section's own path and a dot, or empty.
        """


@dataclasses.dataclass(frozen=True)
class Setting:
    """An option of a section, with its value.

    Attributes:
      path: path from the section to the option, with dots.
      option: declaration of the option.
      value: current value.
      default: declared default.
    """

    path: str
    option: Option
    value: Any
    default: Any


def option(default: Any, **declaration: Any) -> Any:
    """A dataclass field that is an option; see `Option` for what can be declared."""
    return dataclasses.field(default=default, metadata={"option": Option(**declaration)})


def settings(section: Any, path: str = "") -> Iterator[Setting]:
    """All options of a section and of the sections in it."""
    for field in dataclasses.fields(section):
        value = getattr(section, field.name)
        if dataclasses.is_dataclass(value):
            yield from settings(value, f"{path}{field.name}.")
        else:
            declared = field.metadata.get("option", Option())
            yield Setting(path + field.name, declared, value, field.default)


def check(section: Any, path: str = "") -> None:
    """Raises InputError where an option's value cannot work, naming the option."""
    for setting in settings(section, path):
        setting.option.check(setting.path, setting.value)
    _check_rules(section, path)


def _check_rules(section: Any, path: str) -> None:
    for field in dataclasses.fields(section):
        value = getattr(section, field.name)
        if dataclasses.is_dataclass(value):
            _check_rules(value, f"{path}{field.name}.")
    if isinstance(section, Section):
        section.check_rules(path)


def require(option: str, value: Any, choices: Sequence[Any] | Mapping[str, Any]) -> None:
    """Raises InputError unless an option's value is one of the choices."""
    if value not in choices:
        raise InputError(
            f"{option} is {quoted(value)}; it must be one of: {', '.join(map(str, choices))}"
        )
