"""One device and eight: the same loss, gradients and BatchNorm statistics."""

import os
import subprocess
import sys
from unittest import mock

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
import tiny
from jax.sharding import PartitionSpec

from motext_jax import losses
from motext_jax.errors import InputError
from motext_jax.models.two_tower import build_model
from motext_jax.runtime import mesh as meshes
from motext_jax.runtime.devices import find_devices
from motext_jax.skeleton import SMPL22
from motext_jax.training.step import Examples, TrainState, make_train_step

CLIPS = 16


@pytest.fixture(scope="module", params=[0, CLIPS // 2], ids=["whole", "in groups"])
def setting(request):
    """A model, one batch, and a step whose update is minus the gradient.

    In groups, the logits are computed by blocks of four rows: fewer than there are devices.
    """
    config = tiny.config()
    config.train.micro_batch = request.param
    config.loss = tiny.category_loss()
    model = build_model(config, SMPL22, classes=3)
    rng = np.random.default_rng(0)
    # Half as many texts as clips.
    tokens = np.zeros((CLIPS // 2, 8), np.int32)
    tokens[:, 0], tokens[:, 2] = 49406, 49407
    tokens[:, 1] = rng.integers(1000, 9000, CLIPS // 2)
    # Clips that differ in size make the shares' own statistics differ.
    clips = rng.normal(size=(CLIPS, 16, 22, 3)) * np.linspace(0.5, 2, CLIPS)[:, None, None, None]
    text_rows = rng.integers(0, CLIPS // 2, CLIPS).astype(np.int32)
    categories = rng.integers(-1, 3, CLIPS).astype(np.int32)
    optimizer = optax.sgd(1.0)
    init = jax.jit(model.init, static_argnums=3)
    variables = init(jax.random.key(0), np.float32(clips[:2]), tokens[:2], False)
    # At its initial 1e-6 the graph unit's last BatchNorm would hide the graph from the loss.
    variables["params"]["motion"] = jax.tree.map(
        lambda p: jnp.where(jnp.abs(p) < 1e-5, 0.5, p), variables["params"]["motion"]
    )
    variables = jax.tree.map(lambda p: np.asarray(p, np.float64), variables)
    step = make_train_step(model, optimizer, config)
    # In float64 nothing but the reduction can make a difference.
    with (
        jax.enable_x64(True),
        jax.numpy_dtype_promotion("standard"),
        mock.patch.object(losses, "BLOCK", 4 * CLIPS if request.param else losses.BLOCK),
    ):
        yield (
            lambda: TrainState.create(jax.tree.map(jnp.asarray, variables), optimizer),
            step,
            Examples(*map(jnp.asarray, (clips, categories, text_rows, tokens))),
        )


def on_devices(setting, devices):
    make_state, step, batch = setting
    mesh = meshes.data_mesh(devices)
    state = jax.device_put(make_state(), meshes.replicated(mesh))
    placed = meshes.shard_batch(mesh, batch)
    shares = {shard.data.shape[0] for shard in placed.clips.addressable_shards}
    assert shares == {CLIPS // len(devices)}
    assert len(placed.clips.addressable_shards) == len(devices)
    compiled = meshes.jit_train_step(mesh, lambda state, store, batch: step(state, batch))
    return jax.device_get(compiled(state, None, placed))


def without_reduction(setting, devices):
    """Each device trains on its own share alone; the first one's result is returned."""
    make_state, step, batch = setting
    mesh = meshes.data_mesh(devices)
    whole, shared = PartitionSpec(), PartitionSpec("data")
    alone = jax.jit(
        jax.shard_map(
            step, mesh=mesh, in_specs=(whole, shared), out_specs=(whole, whole), check_vma=False
        )
    )
    state = jax.device_put(make_state(), meshes.replicated(mesh))
    return jax.device_get(alone(state, meshes.shard_batch(mesh, batch)))


def worst_difference(setting, one, other):
    """Largest difference of gradients, statistics and loss, each over its tensor's largest value.

    Gradients that vanish in exact arithmetic are held against the largest gradient of all.
    """
    (state, metrics), (other_state, other_metrics) = one, other
    start = jax.device_get(setting[0]().params)
    gradients, other_gradients = (
        jax.tree.leaves(jax.tree.map(lambda a, b: a - b, start, s.params))
        for s in (state, other_state)
    )
    largest = max(np.abs(g).max() for g in gradients)
    pairs = [
        (a, b, np.abs(a).max() if np.abs(a).max() > 1e-8 * largest else largest)
        for a, b in zip(gradients, other_gradients, strict=True)
    ]
    for a, b in zip(
        jax.tree.leaves((state.batch_stats, metrics["loss"])),
        jax.tree.leaves((other_state.batch_stats, other_metrics["loss"])),
        strict=True,
    ):
        pairs.append((a, b, np.abs(a).max() + 1e-12))
    return max(float(np.abs(a - b).max() / scale) for a, b, scale in pairs)


@pytest.fixture(scope="module")
def one_device(setting):
    return on_devices(setting, jax.devices()[:1])


def test_eight_devices_agree_with_one(setting, one_device):
    eight = on_devices(setting, jax.devices())
    assert worst_difference(setting, one_device, eight) < 1e-5


@pytest.mark.parametrize("setting", [0], indirect=True)
def test_without_the_reduction_they_do_not(setting, one_device):
    alone = without_reduction(setting, jax.devices())
    assert worst_difference(setting, one_device, alone) > 1e-2


def test_a_batch_that_devices_cannot_share_is_refused():
    mesh = meshes.data_mesh()
    with pytest.raises(InputError, match="train.batch_size is 12, which 8 devices"):
        meshes.share(mesh, 12)
    with pytest.raises(InputError, match="train.micro_batch is 4, which 8 devices"):
        meshes.share(mesh, 16, 4)
    assert meshes.share(mesh, 16, 8) == meshes.share(mesh, 16) == (0, 1)


@pytest.mark.parametrize(
    ("cores", "quota", "batch_sizes", "environment", "devices"),
    [
        (3, None, (), {}, 3),
        (6, "max 100000", (64,), {}, 4),
        (6, None, (9, 12), {}, 3),
        (20, None, (64,), {}, 8),
        (20, "150000 100000", (64,), {}, 2),
        (6, None, (64,), {"JAX_NUM_CPU_DEVICES": "5"}, 5),
        (6, None, (64,), {"XLA_FLAGS": "--xla_force_host_platform_device_count=3"}, 3),
    ],
)
def test_a_core_is_a_device_where_all_can_share_a_batch(
    tmp_path, cores, quota, batch_sizes, environment, devices
):
    limit = tmp_path / "cpu.max"
    if quota:
        limit.write_text(quota)
    program = (
        f"import os, pathlib; os.sched_getaffinity = lambda _: range({cores})\n"
        "import jax; from motext_jax.runtime import devices, host\n"
        f"host.CPU_QUOTA = pathlib.Path({str(limit)!r})\n"
        f"devices.find_devices(*{batch_sizes}); print(jax.device_count())"
    )
    own = {k: v for k, v in os.environ.items() if k not in ("JAX_NUM_CPU_DEVICES", "XLA_FLAGS")}
    result = subprocess.run(
        [sys.executable, "-c", program],
        env={**own, "JAX_PLATFORMS": "cpu", **environment},
        capture_output=True,
        text=True,
    )
    assert result.stdout == f"{devices}\n", result.stderr


def test_devices_that_jax_has_already_stay(monkeypatch):
    monkeypatch.setitem(jax.config.values, "jax_num_cpu_devices", -1)
    find_devices(7)
    assert jax.device_count() == 8


@pytest.mark.parametrize("ahead", [0, 1, 4])
def test_rows_that_fill_no_batch_are_mapped_all(ahead, monkeypatch):
    monkeypatch.setattr(meshes, "AHEAD", ahead)
    mesh = meshes.data_mesh()
    compiled = meshes.jit_rows(mesh, lambda scale, rows: scale * rows.sum(1, keepdims=True))
    rows = np.arange(58, dtype=np.float32).reshape(29, 2)
    # Four batches of 8.
    mapped = meshes.map_batches(mesh, compiled, jnp.float32(2.0), rows, batch_size=3)
    np.testing.assert_allclose(mapped, 2 * rows.sum(1, keepdims=True))


def test_results_stay_on_the_devices_of_their_rows():
    mesh = meshes.data_mesh()
    compiled = meshes.jit_rows(mesh, lambda scale, rows: scale * rows)
    result = compiled(jnp.float32(2.0), meshes.shard_batch(mesh, np.ones((8, 2), np.float32)))
    assert {shard.data.shape for shard in result.addressable_shards} == {(1, 2)}
