"""K-means, beside sums in float64."""

import numpy as np
import pytest

from motext_jax.library import kmeans
from motext_jax.library.kmeans import blocks, k_means, nearest


def drawn(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def distances(vectors, centroids):
    return np.square(vectors[:, None].astype(float) - centroids[None]).sum(axis=-1)


def test_each_vector_has_the_nearest_centroid(monkeypatch):
    monkeypatch.setattr(kmeans, "BLOCK", 7)
    vectors, centroids = drawn(0, 100, 5), drawn(1, 9, 5)
    np.testing.assert_array_equal(
        nearest(blocks(vectors), centroids), distances(vectors, centroids).argmin(axis=1)
    )


def test_a_centroid_is_the_mean_of_its_cluster():
    centres = 10 * drawn(0, 6, 8)
    vectors = np.repeat(centres, 50, axis=0) + drawn(1, 300, 8) / 10
    found = k_means(vectors, 40)
    own = distances(vectors, found).argmin(axis=1)
    assert set(own) == set(range(len(found)))
    # No cluster goes over two centres.
    assert all(len(set((np.flatnonzero(own == k) // 50).tolist())) == 1 for k in range(len(found)))
    means = [vectors[own == k].astype(float).mean(axis=0) for k in range(len(found))]
    spread = [distances(vectors, one).min(axis=1).sum() for one in (found, np.array(means))]
    assert spread[0] == pytest.approx(spread[1], rel=0.02)
    np.testing.assert_array_equal(found, k_means(vectors, 40))


def test_equal_and_few_vectors_have_few_centroids():
    equal = np.repeat(drawn(0, 2, 4), 30, axis=0)
    np.testing.assert_allclose(
        np.sort(k_means(equal, 50), axis=0), np.sort(equal[::30], axis=0), rtol=1e-6
    )
    np.testing.assert_array_equal(k_means(equal[:1], 5), equal[:1])
    assert k_means(equal[:0], 5).shape == (0, 4)
