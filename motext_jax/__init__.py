"""A shared embedding of human motion and text: `load`, `read_motion`, `open_library`."""

import importlib
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from motext_jax.library.library import open_library as open_library
    from motext_jax.motion.files import read_motion as read_motion
    from motext_jax.trained.model import load as load

if sys.argv[:1] == ["-m"]:
    # Python is on its way to a command (`python -m motext_jax.train`), whose imports take seconds.
    from motext_jax.runtime import signals

    signals.end_at_once()

__version__ = "0.2.0"
__all__ = ["load", "open_library", "read_motion"]

# Imported when first asked for: JAX takes seconds, and a command's --help needs none of it.
_FACE = {
    "load": "motext_jax.trained.model",
    "open_library": "motext_jax.library.library",
    "read_motion": "motext_jax.motion.files",
}


def __getattr__(name: str) -> Any:
    if name not in _FACE:
        raise AttributeError(f"module 'motext_jax' has no attribute {name!r}")
    return getattr(importlib.import_module(_FACE[name]), name)


def __dir__() -> list[str]:
    return [*globals(), *_FACE]
