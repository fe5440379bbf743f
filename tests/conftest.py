"""Eight CPU devices for every test; the package's types executed; golden arrays by name."""

import pathlib

import jax
import jaxtyping
import numpy as np
import pytest

# Before any module of the package is imported: every call then checks its shapes and types. As for
# mypy, an int is a float (PEP 484).
jaxtyping.install_import_hook(
    "motext_jax", "beartype.beartype(conf=beartype.BeartypeConf(is_pep484_tower=True))"
)

jax.config.update("jax_platforms", "cpu")
jax.config.update("jax_num_cpu_devices", 8)
jax.config.update("jax_numpy_dtype_promotion", "strict")
jax.config.update("jax_numpy_rank_promotion", "raise")

GOLDEN = pathlib.Path(__file__).parent / "golden"
SHARED_DATA = pathlib.Path(__file__).parents[2] / "shared" / "data"


def pytest_collection_modifyitems(config, items):
    """Deselects the tests of real motions where there are none."""
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
