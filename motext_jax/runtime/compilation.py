"""Compiled programs are kept on the disk, so that a second start need not compile them again."""

import hashlib
import os
import pathlib
import platform

SHORTEST_SECONDS = 0.5
"""Programs that compile faster are not kept."""


def keep_compiled() -> None:
    """Keeps compiled programs under ~/.cache/motext_jax, unless JAX was given a place of its own.

    That is `JAX_COMPILATION_CACHE_DIR`, or `JAX_ENABLE_COMPILATION_CACHE=false` for none. Several
    processes must all compile or all not, for they share the work out and wait for each other, and
    only the first writes: without a place that all of them are given, they keep nothing.
    """
    # Not above: who asks for the folder alone need not wait for it.
    import jax

    if jax.config.values["jax_compilation_cache_dir"] or jax.distributed.is_initialized():
        return
    # A program for one CPU may be no program for another, and home directories are shared.
    folder = cache_folder() / f"compiled-{_processor()}"
    jax.config.update("jax_compilation_cache_dir", str(folder))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", SHORTEST_SECONDS)


def cache_folder() -> pathlib.Path:
    """The folder for all that is kept to save time and can be made again."""
    root = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
    return root / "motext_jax"


def _processor() -> str:
    """A name for this kind of CPU."""
    about = platform.machine() + platform.processor()
    cpuinfo = pathlib.Path("/proc/cpuinfo")
    if cpuinfo.exists():
        kept = ("model name", "flags", "Features")
        lines = cpuinfo.read_text().split("\n\n")[0].splitlines()
        about += "".join(line for line in lines if line.startswith(kept))
    return hashlib.sha256(about.encode()).hexdigest()[:8]
