"""Windows in inverted lists, beside a comparison with every window in float64."""

import dataclasses
import os
import pathlib
import platform
import weakref

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motext_jax.errors import InputError
from motext_jax.library import inverted_lists, kmeans
from motext_jax.library.inverted_lists import InvertedLists, _greatest, widened
from motext_jax.library.rows import Embedded

DIMENSIONS = 64


def windows_of(counts, seed=0, kinds=20):
    """Takes of so many windows around some centres, in the order of their starts."""
    rng = np.random.default_rng(seed)
    centres = np.random.default_rng(0).normal(size=(kinds, DIMENSIONS))
    count = int(np.sum(counts))
    vectors = centres[rng.integers(kinds, size=count)] + 0.5 * rng.normal(size=(count, DIMENSIONS))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    starts = np.concatenate([np.arange(n, dtype=float) for n in [0, *counts]])
    takes = np.repeat(np.arange(len(counts)), counts)
    return Embedded(takes, starts, starts + 1.5, vectors.astype(np.float16))


def parts(windows, seed=0, size=37):
    """The windows out of order, in parts."""
    mixed = windows.select(np.random.default_rng(seed).permutation(len(windows)))
    return [mixed.select(slice(k, k + size)) for k in range(0, len(windows), size)]


def listed(windows, counts):
    return InvertedLists.of(iter(parts(windows)), np.array(counts), DIMENSIONS)


def keys(windows):
    return list(zip(windows.takes.tolist(), windows.starts.tolist(), strict=True))


def test_finite_halves_are_widened_bit_for_bit():
    halves = np.arange(1 << 16, dtype=np.uint16).view(np.float16)
    halves = halves[np.isfinite(halves)].reshape(-1, 2)
    assert len(halves) == 31 << 10
    for some in (halves, halves[::3], halves[:, :1]):
        np.testing.assert_array_equal(
            widened(some).view(np.int32), some.astype(np.float32).view(np.int32)
        )


@settings(max_examples=40, deadline=None)
@given(
    counts=st.lists(st.integers(0, 60), min_size=1, max_size=30),
    seed=st.integers(0, 1000),
    data=st.data(),
)
def test_every_window_is_in_a_list_and_of_its_take(counts, seed, data):
    windows = windows_of(counts, seed)
    found = listed(windows, counts)
    numbers = data.draw(st.lists(st.integers(0, len(counts) - 1), unique=True).map(sorted))
    own = found.of_takes(np.array(numbers, int))
    wanted = windows.select(np.isin(windows.takes, numbers))
    for field in dataclasses.fields(Embedded):
        np.testing.assert_array_equal(getattr(own, field.name), getattr(wanted, field.name))
    assert own.embeddings.dtype == np.float32
    assert sorted(found.listed.tolist()) == list(range(len(windows)))
    projected = found.windows.embeddings[found.listed].astype(float) @ found.axes
    np.testing.assert_allclose(found.components, projected, atol=1e-5)
    distances = np.square(projected[:, None] - found.centroids[None]).sum(axis=-1)
    lists = np.repeat(np.arange(len(found.centroids)), np.diff(found.bounds))
    assert np.all(
        distances[np.arange(len(lists)), lists] <= distances.min(axis=1, initial=np.inf) + 1e-5
    )


@settings(max_examples=40, deadline=None)
@given(
    counts=st.lists(st.integers(0, 60), min_size=1, max_size=30),
    seed=st.integers(0, 1000),
    count=st.integers(1, 300),
    share=st.floats(0, 1),
)
def test_a_query_that_looks_at_all_finds_the_nearest(counts, seed, count, share):
    windows = windows_of(counts, seed)
    rng = np.random.default_rng(seed)
    asked, vector = rng.random(len(counts)) < share, rng.normal(size=DIMENSIONS)
    mine = windows.select(asked[windows.takes])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inverted_lists, "SHARE", 1)
        patch.setattr(inverted_lists, "COMPONENTS", DIMENSIONS)
        near = listed(windows, counts).nearest(vector, count, asked)
    order = np.argsort(-(mine.embeddings.astype(float) @ vector))[:count]
    assert sorted(keys(near)) == sorted(keys(mine.select(order)))


def test_few_components_and_lists_find_the_nearest_windows(monkeypatch):
    counts, looked = [20] * 400, []
    windows = windows_of(counts)
    found, every = listed(windows, counts), np.ones(400, bool)
    queries = windows_of([50], seed=7).embeddings.astype(float)
    monkeypatch.setattr(inverted_lists, "REFINED", 3)
    shares = []
    monkeypatch.setattr(
        inverted_lists, "_greatest", lambda v, n: looked.append(len(v)) or _greatest(v, n)
    )
    for query in queries:
        order = np.argsort(-(windows.embeddings.astype(float) @ query))[:10]
        near = found.nearest(query, 100, every)
        assert len(near) == 100
        shares.append(len(set(keys(near)) & set(keys(windows.select(order)))) / 10)
    assert np.mean(shares) > 0.99
    # The second number of each query is that of the windows that are compared exactly.
    assert max(looked[::2]) < 0.3 * len(windows) and set(looked[1::2]) == {300}
    # The windows of a filter are looked for in as many lists as they are in.
    asked = np.arange(400) % 40 == 3
    assert set(found.nearest(queries[0], 100, asked).takes.tolist()) <= set(range(3, 400, 40))
    assert len(found.nearest(queries[0], 100, asked)) == 100
    assert len(found.nearest(queries[0], 1000, asked)) == 200


def test_windows_that_are_gone_are_no_fault_and_more_than_are_counted_are_one():
    windows = windows_of([5, 5])
    found = listed(windows.select(slice(5, 10)), [5, 5, 3])
    assert keys(found.of_takes(np.arange(3))) == [(1, float(k)) for k in range(5)]
    assert not len(listed(windows.select(slice(0)), [5, 5]).of_takes(np.arange(2)))
    none = InvertedLists.of(iter(()), np.array([5, 5]), DIMENSIONS)
    assert not len(none.nearest(np.ones(DIMENSIONS), 3, np.ones(2, bool)))
    with pytest.raises(InputError, match="more than 9 windows"):
        listed(windows, [5, 4])


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_an_embedding_that_is_not_finite_is_refused(value):
    windows = windows_of([50, 50])
    windows.embeddings[77, 5] = value
    with pytest.raises(InputError, match="an embedding is NaN or infinite; index the folder again"):
        listed(windows, [50, 50])


def resident():
    """Bytes of this process that are in memory."""
    pages = pathlib.Path("/proc/self/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="glibc keeps freed memory")
def test_what_the_reading_has_freed_is_given_back_before_lists_are_made(monkeypatch):
    windows, measured, kept, axes_of = windows_of([50, 50]), [], [], inverted_lists._axes

    def reading():
        freed = [b"1" * size for size in range(50_000, 52_000)]
        # glibc itself gives back what is free at the heap's end.
        kept.append(b"1" * 50_000)
        freed.clear()
        measured.append(resident())
        yield windows

    def axes(sample):
        measured.append(resident())
        return axes_of(sample)

    monkeypatch.setattr(inverted_lists, "_axes", axes)
    InvertedLists.of(reading(), np.array([50, 50]), DIMENSIONS)
    read, given_back = measured
    assert given_back < read - 50e6


def test_the_sample_is_freed_before_components_are_made(monkeypatch):
    alive, axes_of, nearest = [], inverted_lists._axes, inverted_lists.nearest

    def axes(sample):
        alive.append(weakref.ref(sample))
        return axes_of(sample)

    def lists(parts, centroids):
        alive.append(alive[0]() is not None)
        return nearest(parts, centroids)

    monkeypatch.setattr(inverted_lists, "_axes", axes)
    monkeypatch.setattr(inverted_lists, "nearest", lists)
    listed(windows_of([50, 50]), [50, 50])
    assert alive[1:] == [False]


class Outdated(Exception):
    """Nobody wants the lists any more."""


def test_a_building_that_nobody_wants_ends_at_any_of_its_parts(monkeypatch):
    monkeypatch.setattr(kmeans, "BLOCK", 16)
    windows, calls = windows_of([50, 50]), []

    def built(most):
        def check():
            calls.append(None)
            if len(calls) > most:
                raise Outdated

        calls.clear()
        return InvertedLists.of(parts(windows), np.array([50, 50]), DIMENSIONS, check)

    assert len(built(99).listed) == 100
    # Three parts that are read, and seven blocks twice.
    assert len(calls) == 3 + 2 * 7
    for most in range(len(calls)):
        with pytest.raises(Outdated):
            built(most)


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 3000), st.integers(1, 500), st.integers(1, 50), st.integers(0, 1000))
def test_the_greatest_values_are_found_also_where_many_are_equal(size, count, kinds, seed):
    values = np.random.default_rng(seed).integers(kinds, size=size).astype(np.float32)
    found = _greatest(values, count)
    assert len(set(found.tolist())) == len(found) == min(size, count)
    np.testing.assert_array_equal(np.sort(values[found]), np.sort(values)[-count:])


def test_axes_are_those_of_the_greatest_variance(monkeypatch):
    monkeypatch.setattr(inverted_lists, "COMPONENTS", 5)
    windows = windows_of([50] * 20)
    found, vectors = listed(windows, [50] * 20), windows.embeddings.astype(float)
    variances = np.linalg.svd(vectors - vectors.mean(axis=0), compute_uv=False) ** 2
    np.testing.assert_allclose(found.axes.T @ found.axes, np.eye(5), atol=1e-5)
    assert np.var(vectors @ found.axes, axis=0).sum() * len(vectors) == pytest.approx(
        variances[:5].sum(), rel=1e-3
    )
