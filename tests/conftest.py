"""Eight CPU devices for every test; the package's types executed; golden arrays by name."""

import os
import pathlib
import shutil
import signal
import tempfile

import jax
import jaxtyping
import numpy as np
import pytest

# Before any module of the package is imported: every call then checks its shapes and types. As for
# mypy, an int is a float (PEP 484).
jaxtyping.install_import_hook(
    "motext_jax", "beartype.beartype(conf=beartype.BeartypeConf(is_pep484_tower=True))"
)

# What a shell starts in the background ignores Ctrl-C, and so do its children: commands must not.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Tables are as wide as without a terminal; xdist's workers are told a width.
os.environ.pop("COLUMNS", None)

# Of this process and the commands that it runs. JAX writes there without a lock, so that each of
# xdist's workers has its own. Nothing here runs for long: XLA's optimizations take more time than
# they save.
COMPILED = tempfile.mkdtemp(prefix="motext_jax-compiled-")
OPTIONS = {
    "jax_compilation_cache_dir": COMPILED,
    "jax_persistent_cache_min_compile_time_secs": 0.5,
    "jax_disable_most_optimizations": True,
}
for name, value in OPTIONS.items():
    jax.config.update(name, value)
    os.environ[name.upper()] = str(value)
# XLA's newer emitters of kernels take three times as long as the older, which JAX 0.12 has no more.
if jax.__version_info__ < (0, 12):
    os.environ["XLA_FLAGS"] = (
        os.environ.get("XLA_FLAGS", "") + " --xla_cpu_use_fusion_emitters=false"
    )

jax.config.update("jax_platforms", "cpu")
jax.config.update("jax_num_cpu_devices", 8)
jax.config.update("jax_numpy_dtype_promotion", "strict")
jax.config.update("jax_numpy_rank_promotion", "raise")

GOLDEN = pathlib.Path(__file__).parent / "golden"
SHARED_DATA = pathlib.Path(__file__).parents[2] / "shared" / "data"


# Files that take minutes, the longest first.
LONG = (
    "test_reproduce.py",
    "test_processes.py",
    "test_commands.py",
    "test_step.py",
    "test_datasets.py",
    "test_devices.py",
)


def pytest_unconfigure():
    """Removes the compiled programs."""
    shutil.rmtree(COMPILED, ignore_errors=True)


def pytest_collection_modifyitems(config, items):
    """Long files begin first, so that no worker waits for another at the end.

    Deselects the tests of real motions where there are none.
    """
    items.sort(key=lambda item: (*LONG, item.path.name).index(item.path.name))
    if SHARED_DATA.is_dir():
        return
    absent = [item for item in items if item.get_closest_marker("shared_data")]
    config.hook.pytest_deselected(items=absent)
    items[:] = [item for item in items if item not in absent]


@pytest.fixture(scope="session")
def golden():
    """Opens a golden file: golden("ctrgcn_ntu25_width16") -> {key: array}."""
    return lambda name: dict(np.load(GOLDEN / f"{name}.npz"))


@pytest.fixture(scope="session")
def golden_folder():
    """The folder of golden files."""
    return GOLDEN
