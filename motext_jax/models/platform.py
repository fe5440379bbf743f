"""The devices that a program is traced for, and the forms of a computation that differ by them."""

import functools
from collections.abc import Callable
from typing import Any

import jax


def platform() -> str | None:
    """The kind of the devices, cpu, gpu or tpu; None where a program is traced for no mesh.

    `runtime.mesh` traces its programs for a mesh; others may be compiled for any devices.
    """
    device = jax.sharding.get_abstract_mesh().abstract_device
    if device is None:
        return None
    kind = device.device_kind.lower()
    return next((name for name in ("cpu", "tpu") if kind.startswith(name)), "gpu")


def by_platform(*arguments: Any, default: Callable, **forms: Callable) -> Any:
    """Computes a form of a function: the one named like the devices' platform, or the default.

    Where the platform is not known all are traced, and the compiler takes its own.
    """
    known = platform()
    if known is None:
        return jax.lax.platform_dependent(*arguments, default=default, **forms)
    return forms.get(known, default)(*arguments)


def unless_derived(form: Callable, other: Callable) -> Callable:
    """A function that computes `form`, or `other` and its derivative where one is taken."""
    function = jax.custom_jvp(form)
    function.defjvp(functools.partial(jax.jvp, other))
    return function
