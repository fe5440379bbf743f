"""The devices that kernels for TPUs are made for."""

import types

import jax
import pytest

from motext_jax.models import tpu_kernel
from motext_jax.runtime.mesh import data_mesh


@pytest.mark.parametrize(
    "kind, has",
    [
        ("TPU v5 lite", True),
        ("TPU v5", True),
        ("TPU v6 lite", True),
        ("TPU7x", True),
        ("TPU v4", False),
        ("TPU v4 lite", False),
        ("TPU v3", False),
        ("NVIDIA H100 80GB HBM3", False),
        ("cpu", False),
    ],
)
def test_kernels_by_the_devices_kind(kind, has, monkeypatch):
    mesh = types.SimpleNamespace(abstract_device=types.SimpleNamespace(device_kind=kind))
    monkeypatch.setattr(jax.sharding, "get_abstract_mesh", lambda: mesh)
    assert tpu_kernel.has_kernels() == has


def test_devices_share_the_clips_equally(monkeypatch):
    assert tpu_kernel.device_clips(32) == 0
    monkeypatch.setattr(tpu_kernel, "has_kernels", lambda: True)
    with jax.sharding.use_abstract_mesh(data_mesh(jax.devices()[:2]).abstract_mesh):
        assert [tpu_kernel.device_clips(clips) for clips in (32, 33)] == [16, 0]
