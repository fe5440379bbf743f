"""Refusals of flags that are given empty, twice, or without what they are for."""

from collections.abc import Mapping

from absl import flags

from motext_jax.errors import InputError


def check_values(*names: str) -> None:
    """Raises InputError for a flag that is given without a value, as by an unset variable."""
    for name in names:
        flag = flags.FLAGS[name]
        values = flag.value if isinstance(flag.value, list) else [flag.value]
        if flag.present and any(isinstance(one, str) and not one.strip() for one in values):
            raise InputError(f"--{name} is empty; give it a value, or leave it out")


def check_once() -> None:
    """Raises InputError for a flag that is given more than once: only the last one would count."""
    for name in flags.FLAGS:
        flag = flags.FLAGS[name]
        if flag.present > 1 and not isinstance(flag, flags.MultiFlag):
            raise InputError(f"--{name} is given {flag.present} times; give it once")


def check_needed(name: str, needed: Mapping[str, object]) -> None:
    """Raises InputError for a flag that would be ignored, for another one is not given.

    Args:
      name: the flag's name.
      needed: the value of each that it needs, by its name as it is written: `--root=FOLDER`.
    """
    missing = " and ".join(other for other, value in needed.items() if not value)
    if flags.FLAGS[name].present and missing:
        raise InputError(
            f"--{name} does nothing without {missing}; add that, or leave --{name} out"
        )
