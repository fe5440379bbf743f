"""The input of the compiled step: a batch's clips, from the host or from the devices."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import tiny

from motext_jax.config import AugmentConfig
from motext_jax.data.clips import ClipSet, of_categories
from motext_jax.data.mirroring import with_mirrored
from motext_jax.data.pipeline import TrainingTexts
from motext_jax.errors import InputError
from motext_jax.runtime import mesh as meshes
from motext_jax.skeleton import SMPL22
from motext_jax.training.feed import DeviceStore, Feed, holds_clips, with_preprocessing
from motext_jax.training.step import TrainState

AS_IT_IS = AugmentConfig()
EVERYTHING = AugmentConfig(crop=0.3, speed=0.2, rotation=1.0, scale=0.1, noise=0.01)


@pytest.fixture(scope="module")
def clips():
    """The sided ones of 20 clips, and their mirror images; beyond its length each is NaN.

    The lengths are 16 to 7 frames.
    """
    names = ("raise the left arm", "raise the right arm", "stand")
    rng = np.random.default_rng(0)
    stored = np.stack([tiny.motion(names[k % 3], 16, rng) for k in range(20)])
    lengths = np.resize(np.arange(16, 6, -1), 20).astype(np.int32)
    for clip, length in zip(stored, lengths, strict=True):
        clip[length:] = np.nan
    categories = np.arange(20, dtype=np.int32) % 3
    captions = tuple((names[k],) for k in categories)
    files = tuple(map(str, range(20)))
    times = np.zeros(20), lengths / 30
    clips = ClipSet(
        stored, lengths, captions, categories, names, files, ("",) * 20, *times, SMPL22, 30.0
    )
    return with_mirrored(of_categories(clips, names[:2]))


def config_of(augment, seed=0, on_device="no", text_scale=1.0):
    config = tiny.config()
    config.data.mirror, config.data.augment, config.data.on_device = True, augment, on_device
    config.train.seed, config.train.batch_size = seed, 16
    config.optimizer.text_scale = text_scale
    return config


def feed_of(clips, *, held=False, devices=8, frozen=False, micro_batch=0):
    """A feed of the clips, shown with one of two texts each."""
    mesh = meshes.data_mesh(jax.devices()[:devices])
    tokens = np.array([[7, 8, 9, 0], [7, 9, 0, 0]], np.int32)
    texts = TrainingTexts(tokens, tuple((k % 2,) for k in range(len(clips))))
    config = config_of(AS_IT_IS, 5, "yes" if held else "no", 0.0 if frozen else 1.0)
    config.train.micro_batch = micro_batch
    return Feed(mesh, clips, texts, config)


def batch_of(feed, step):
    return next(feed.batches(step, step + 1))


def no_texts(tokens):
    raise AssertionError("no text is to be embedded")


def state_of(mesh, step):
    return jax.device_put(TrainState(jnp.int32(step), {}, {}, {}), meshes.replicated(mesh))


@functools.cache
def showing(devices, is_augmented, seed):
    """A compiled step that trains nothing and says which clips it was shown."""
    mesh = meshes.data_mesh(jax.devices()[:devices])
    config = config_of(EVERYTHING if is_augmented else AS_IT_IS, seed)
    seen = lambda state, examples: (state, {"clips": examples.clips})  # noqa: E731
    compiled = meshes.jit_train_step(mesh, with_preprocessing(seen, config, SMPL22))
    return mesh, compiled


def shown(clips, step, *, held=False, is_augmented=True, seed=0, devices=8):
    """The clips that a step is shown."""
    mesh, compiled = showing(devices, is_augmented, seed)
    feed = feed_of(clips, held=held, devices=devices)
    store = feed.make_store(no_texts)
    return np.asarray(compiled(state_of(mesh, step), store, batch_of(feed, step))[1]["clips"])


@pytest.mark.parametrize("held", [False, True])
def test_a_step_is_shown_its_clips_mirrored_where_they_are_to_be(clips, held):
    """The step must mirror them as the host itself would."""
    order = {tuple(clip[0, 1]): k for k, clip in enumerate(clips.clips[:])}
    for step in range(2):
        seen = shown(clips, step, held=held, is_augmented=False)
        rows = [order[tuple(clip[0, 1])] for clip in seen]
        np.testing.assert_array_equal(seen, clips.clips[rows])
        # A clip and its mirror image are told apart by their categories.
        batch = batch_of(feed_of(clips, held=held), step)
        np.testing.assert_array_equal(clips.categories[rows], batch.categories)
        assert 0 < np.sum(np.array(rows) >= len(clips) // 2) < 16


def test_held_clips_are_shown_as_those_that_are_sent(clips):
    for step in range(4):
        sent, held = (shown(clips, step, held=held) for held in (False, True))
        np.testing.assert_allclose(held, sent, rtol=0, atol=1e-6)


def test_held_clips_are_those_that_are_sent(clips):
    """Bit for bit, in the same order, and but for them the batches are the same."""
    sending, holding = feed_of(clips), feed_of(clips, held=True)
    store = holding.make_store(no_texts)
    # A clip and its mirror image are held once.
    assert len(store.clips) == 14 and len(clips) == 28
    assert holding.held_bytes == store.clips.nbytes > sending.held_bytes == 0
    assert sending.make_store(no_texts) == DeviceStore(None, None)
    for step in range(4):
        sent, held = batch_of(sending, step), batch_of(holding, step)
        assert sent.clip_rows is None and held.clips is None
        rows = np.asarray(store.clips)[held.clip_rows]
        numbers = sent.clips[0].size
        np.testing.assert_array_equal(rows[:, :numbers].reshape(sent.clips.shape), sent.clips)
        assert rows.shape[1] % 128 == 0 and not rows[:, numbers:].any()
        assert jax.tree.structure(held.replace(clip_rows=None)) == jax.tree.structure(
            sent.replace(clips=None)
        )
        for name in ("mirrored", "lengths", "categories", "text_rows", "tokens"):
            np.testing.assert_array_equal(getattr(held, name), getattr(sent, name))


def test_held_texts_are_those_that_are_sent(clips):
    """Embedded once each, where their tower is frozen."""
    sending, holding = feed_of(clips), feed_of(clips, frozen=True)
    store = holding.make_store(lambda tokens: tokens.astype(np.float32))
    assert store.clips is None
    np.testing.assert_array_equal(store.text_embeddings, [[7, 8, 9, 0], [7, 9, 0, 0]])
    seen = set()
    for step in range(4):
        sent, held = batch_of(sending, step), batch_of(holding, step)
        assert held.tokens is None
        found = np.asarray(store.text_embeddings[held.text_rows])
        np.testing.assert_array_equal(found, sent.tokens[sent.text_rows])
        seen.update(map(tuple, found.tolist()))
    assert len(seen) == 2


def test_a_classifier_holds_no_texts(clips):
    config = config_of(AS_IT_IS, text_scale=0.0)
    config.model.objective = "classifier"
    texts = TrainingTexts(np.full((1, 8), 7, np.int32), ((0,),) * len(clips))
    feed = Feed(meshes.data_mesh(), clips, texts, config)
    assert feed.make_store(no_texts) == DeviceStore(None, None)


def test_batches_are_of_the_steps_asked_for(clips):
    feed = feed_of(clips)
    assert feed.steps_per_epoch == len(clips) // 16
    some = list(feed.batches(2, 5))
    assert len(some) == 3 and not list(feed.batches(2, 2))
    for step, batch in enumerate(some, 2):
        np.testing.assert_array_equal(batch.clips, batch_of(feed, step).clips)
        assert len(batch.clips.addressable_shards) == 8
        assert batch.clips.addressable_shards[0].data.shape[0] == 2


def test_rows_without_a_store_are_refused(clips):
    mesh, compiled = showing(8, False, 0)
    batch = batch_of(feed_of(clips, held=True), 0)
    with pytest.raises(ValueError, match="rows of clips that the store holds"):
        compiled(state_of(mesh, 0), DeviceStore(), batch)


def test_one_device_and_eight_are_shown_the_same(clips):
    one, eight = (shown(clips, 3, held=True, devices=devices) for devices in (1, 8))
    np.testing.assert_allclose(eight, one, rtol=0, atol=1e-6)


def test_crops_are_of_a_clips_own_frames(clips):
    assert np.isnan(shown(clips, 0, is_augmented=False)).any()
    for step in range(8):
        assert np.isfinite(shown(clips, step, held=step % 2 == 0)).all()


def test_changes_are_the_seeds_and_the_steps_own(clips):
    """The same batch, at two steps and with two seeds."""
    mesh, compiled = showing(8, True, 0)
    batch, none = batch_of(feed_of(clips), 0), DeviceStore()
    at_0, again, at_1 = (compiled(state_of(mesh, k), none, batch)[1]["clips"] for k in (0, 0, 1))
    np.testing.assert_array_equal(at_0, again)
    other = showing(8, True, 1)[1](state_of(mesh, 0), none, batch)[1]["clips"]
    for changed in (at_1, other):
        assert (np.abs(changed - at_0).max(axis=(1, 2, 3)) > 0.01).all()


def test_the_store_is_an_argument_that_stays(clips):
    """Neither a constant of the program nor memory that it may reuse, though it would fit."""
    mesh, compiled = showing(8, False, 0)
    feed = feed_of(clips, held=True)
    # The store has as many clips as the step gives back.
    stored = np.asarray(feed.make_store(no_texts).clips)[np.arange(16) % 14]
    store, batch = DeviceStore(meshes.replicate(mesh, stored)), batch_of(feed, 0)
    program = compiled.lower(state_of(mesh, 0), store, batch).compile()
    once = compiled(state_of(mesh, 0), store, batch)[1]["clips"]
    assert program.memory_analysis().alias_size_in_bytes < 100
    assert not store.clips.is_deleted()
    doubled = compiled(state_of(mesh, 0), DeviceStore(2 * store.clips), batch)[1]["clips"]
    np.testing.assert_array_equal(doubled, 2 * once)


def test_devices_gather_and_augment_their_own_part_alone(clips):
    """The devices exchange the sum over the batch; no clip goes from one device to another."""
    mesh = meshes.data_mesh()
    total = lambda state, examples: (state, {"total": jnp.sum(examples.clips)})  # noqa: E731
    step = with_preprocessing(total, config_of(EVERYTHING), SMPL22)
    feed = feed_of(clips, held=True)
    store, batch = feed.make_store(no_texts), batch_of(feed, 0)
    text = (
        meshes.jit_train_step(mesh, step).lower(state_of(mesh, 0), store, batch).compile().as_text()
    )
    assert "all-reduce" in text
    for collective in ("all-gather", "all-to-all", "collective-permute"):
        assert collective not in text


class OnDisk:
    """Clips that are read a few at a time."""

    def __init__(self, array, most):
        self._array, self._most, self.shape = array, most, array.shape

    def __len__(self):
        return len(self._array)

    def __getitem__(self, rows):
        read = self._array[rows]
        assert len(read) <= self._most
        return read


def test_clips_are_read_in_blocks_and_held_whole(monkeypatch):
    monkeypatch.setattr(meshes, "BLOCK", 8)
    array = np.random.default_rng(0).normal(size=(20, 4, 2, 3)).astype(np.float32)
    mesh = meshes.data_mesh()
    held = meshes.replicate(mesh, OnDisk(array, most=8))
    assert len(held.addressable_shards) == 8
    for shard in held.addressable_shards:
        np.testing.assert_array_equal(shard.data, array)


@pytest.mark.parametrize(
    ("on_device", "memory", "is_held"),
    [
        ("auto", 0, False),
        ("auto", 4 * 1920, True),
        ("auto", 4 * 1920 - 1, False),
        ("yes", 0, True),
        ("yes", 1920, True),
        ("no", 4 * 1920, False),
    ],
)
def test_clips_are_held_where_they_fit(monkeypatch, on_device, memory, is_held):
    """1,920 bytes of clips; a CPU says that it has no memory of its own."""
    mesh = meshes.data_mesh()
    assert meshes.device_memory(mesh) == 0
    monkeypatch.setattr(meshes, "device_memory", lambda _: memory)
    assert holds_clips(mesh, np.zeros((20, 4, 2, 3), np.float32), on_device) == is_held


def test_a_micro_batch_that_devices_cannot_share_is_refused(clips):
    with pytest.raises(InputError, match="micro_batch is 4, which 8 devices cannot share equally"):
        feed_of(clips, micro_batch=4)


def test_clips_that_are_larger_than_a_device_are_refused(monkeypatch):
    monkeypatch.setattr(meshes, "device_memory", lambda _: 10**9)
    clips = np.broadcast_to(np.float32(0), (10**6, 100, 5, 3))
    with pytest.raises(InputError, match=r"the training clips take 6.0 GB and a device has 1.0 GB"):
        holds_clips(meshes.data_mesh(), clips, "yes")
