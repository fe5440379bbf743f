"""Clips side by side in the last axis, beside each by itself."""

import jax.numpy as jnp
import numpy as np
import pytest

from motext_jax.models.joined_clips import join, joined_kernel, joined_vector, separate

CLIPS = np.random.default_rng(0).normal(size=(6, 2, 3, 5)).astype(np.float32)


def test_channels_of_neighbours_alternate():
    joined = join(jnp.asarray(CLIPS), 2)
    assert joined.shape == (3, 2, 3, 10)
    np.testing.assert_array_equal(joined[1, :, :, 0::2], CLIPS[2])
    np.testing.assert_array_equal(joined[1, :, :, 1::2], CLIPS[3])


@pytest.mark.parametrize("count", [1, 2, 3])
def test_separated_they_are_as_before(count):
    np.testing.assert_array_equal(separate(join(jnp.asarray(CLIPS), count), count), CLIPS)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_joined_kernel_maps_each_clip_by_itself(count):
    rng = np.random.default_rng(1)
    kernel, bias = rng.normal(size=(4, 5, 7)), rng.normal(size=7)
    one = joined_kernel(jnp.asarray(kernel, jnp.float32), count)[2]
    added = joined_vector(jnp.asarray(bias, jnp.float32), count)[None, None, None]
    found = separate(join(jnp.asarray(CLIPS), count) @ one + added, count)
    np.testing.assert_allclose(found, CLIPS @ kernel[2] + bias, rtol=1e-5, atol=1e-5)
