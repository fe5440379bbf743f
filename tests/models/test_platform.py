"""The form of a computation that the devices take."""

import types

import jax
import jax.numpy as jnp
import pytest

from motext_jax.models.platform import by_platform, platform, unless_derived
from motext_jax.runtime.mesh import data_mesh, jit_rows, jit_train_step


def form(x):
    return by_platform(x, default=lambda x: x + 1, cpu=lambda x: x + 2, tpu=lambda x: x + 3)


@pytest.mark.parametrize(
    "kind, name",
    [("cpu", "cpu"), ("TPU v5 lite", "tpu"), ("TPU7x", "tpu"), ("NVIDIA H100 80GB HBM3", "gpu")],
)
def test_platform_by_the_devices_kind(kind, name, monkeypatch):
    mesh = types.SimpleNamespace(abstract_device=types.SimpleNamespace(device_kind=kind))
    monkeypatch.setattr(jax.sharding, "get_abstract_mesh", lambda: mesh)
    assert platform() == name
    assert form(0) == {"cpu": 2, "tpu": 3, "gpu": 1}[name]


def test_without_a_mesh_the_compiler_takes_the_form():
    assert platform() is None
    assert jax.jit(form)(jnp.zeros(())) == 2
    assert "platform_index" in str(jax.make_jaxpr(form)(0.0))


def test_programs_are_traced_for_their_mesh():
    mesh, seen = data_mesh(), []

    def step(state, store, batch):
        seen.append(platform())
        return state, batch.sum()

    def embed(variables, rows):
        seen.append(platform())
        return rows + variables

    rows = jnp.zeros((mesh.size, 2))
    jit_train_step(mesh, step)(jnp.zeros(()), None, rows)
    jit_rows(mesh, embed)(jnp.zeros(()), rows)
    assert seen == ["cpu", "cpu"]


def test_a_derivative_is_that_of_the_other_form():
    function = jax.jit(unless_derived(lambda x, y: -x * y, lambda x, y: x**2 * y))
    x, y = jnp.float32(3.0), jnp.float32(2.0)
    assert function(x, y) == -6
    assert jax.value_and_grad(function, argnums=(0, 1))(x, y) == (18, (12, 9))
    assert jax.jvp(function, (x, y), (1.0, 10.0)) == (18, 12 + 90)
    assert jax.hessian(function)(x, y) == 4
