"""Batches from (seed, step) alone."""

import dataclasses

import jax
import numpy as np
import pytest
import tiny

from motext_jax.data.clips import clip_set, of_categories
from motext_jax.data.humanml3d import HumanML3DFolder
from motext_jax.data.mirroring import with_mirrored
from motext_jax.data.pipeline import Batches, training_texts
from motext_jax.errors import InputError
from motext_jax.text.tokenizer import load_tokenizer


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    root = tiny.write_humanml3d(tmp_path_factory.mktemp("d") / "data", {"train": 10})
    config = tiny.config(root).data
    source = HumanML3DFolder(config)
    return clip_set(source.motions("train"), source.categories, config)


@pytest.fixture(scope="module")
def tokenize():
    return load_tokenizer(None)


def batches(clips, tokenize, kind="both", **changes):
    options = {"batch_size": 4, "seed": 0, **changes}
    return Batches(clips, training_texts(clips, kind, tokenize), **options)


def assert_same(batch, expected):
    assert jax.tree.structure(batch) == jax.tree.structure(expected)
    for value, same in zip(jax.tree.leaves(batch), jax.tree.leaves(expected), strict=True):
        np.testing.assert_array_equal(value, same)


def rows_of(batch, clips):
    """Rows of the clips that a batch holds."""
    return [int(np.flatnonzero((clips.clips == clip).all(axis=(1, 2, 3)))[0]) for clip in batch]


def test_an_epoch_holds_no_clip_twice_and_each_is_shuffled_anew(clips, tokenize):
    feed = batches(clips, tokenize)
    assert feed.steps_per_epoch == len(clips) // 4
    epochs = [
        [rows_of(feed.at(e * feed.steps_per_epoch + k).clips, clips) for k in range(5)]
        for e in range(3)
    ]
    for epoch in epochs:
        flat = [row for batch in epoch for row in batch]
        assert len(set(flat)) == len(flat) == 20
    assert epochs[0] != epochs[1] != epochs[2]


def test_going_on_at_a_step_gives_that_step(clips, tokenize):
    whole = batches(clips, tokenize).from_step(0)
    steps = [next(whole) for _ in range(9)]
    later = batches(clips, tokenize).from_step(6)
    for step in (6, 7, 8):
        assert_same(next(later), steps[step])


def test_another_seed_is_another_order(clips, tokenize):
    one, other = batches(clips, tokenize).at(0), batches(clips, tokenize, seed=1).at(0)
    assert not np.array_equal(one.clips, other.clips)


def test_processes_share_the_batch_of_one(clips, tokenize):
    for sent in ({}, {"send_clips": False}, {"send_tokens": False}):
        whole = batches(clips, tokenize, devices=2).at(3, **sent)
        parts = [batches(clips, tokenize, share=(k, 2), devices=2).at(3, **sent) for k in (0, 1)]
        assert_same(jax.tree.map(lambda *rows: np.concatenate(rows), *parts), whole)


@pytest.mark.parametrize("kind", ["category", "caption", "both"])
def test_a_clip_is_shown_with_its_own_texts(clips, tokenize, kind):
    feed = batches(clips, tokenize, kind)
    seen = set()
    for step in range(30):
        batch = feed.at(step)
        of_clips = batch.tokens[batch.text_rows]
        for row, tokens in zip(rows_of(batch.clips, clips), of_clips, strict=True):
            allowed = {"category": [clips.category(row)], "caption": clips.captions[row]}
            allowed["both"] = [*allowed["category"], *allowed["caption"]]
            wanted = [tuple(tokenize([text])[0]) for text in allowed[kind]]
            assert tuple(tokens[tokens > 0]) in [tuple(t for t in w if t) for w in wanted]
            seen.add(tuple(tokens[tokens > 0]))
    assert len(seen) == {"category": 3, "caption": 3, "both": 6}[kind]


def test_each_text_of_a_batch_is_there_once_and_shapes_are_few(clips, tokenize):
    """A batch of 16 clips has 2, 4, 8 or 16 texts, so that 3 distinct ones are 4 rows."""
    batch = batches(clips, tokenize, "category", batch_size=16).at(0)
    assert batch.tokens.shape == (4, 8)
    rows = [tuple(tokens) for tokens in batch.tokens]
    assert len(set(rows[:3])) == 3 and rows[3] == rows[0]
    assert set(batch.text_rows.tolist()) == {0, 1, 2}
    for devices, count in [(1, 4), (2, 4), (8, 8)]:
        feed = batches(clips, tokenize, "category", batch_size=16, devices=devices)
        assert {len(feed.at(step).tokens) for step in range(3)} == {count}


def test_a_batch_is_as_long_as_its_longest_text(clips, tokenize):
    long = dataclasses.replace(clips, captions=(*clips.captions[:-1], ("up and down " * 9,)))
    feed = batches(long, tokenize, "caption")
    last = long.clips[len(long) - 1]
    lengths = set()
    for step in range(5):
        batch = feed.at(step)
        has = any((clip == last).all() for clip in batch.clips)
        assert batch.tokens.shape[1] == (32 if has else 16)
        lengths.add(batch.tokens.shape[1])
    assert lengths == {16, 32}


def test_a_mirrored_clip_is_sent_as_it_is_stored_and_marked(clips, tokenize):
    both = with_mirrored(clips)
    feed = batches(both, tokenize, batch_size=20)
    assert feed.stored is clips.clips
    seen = []
    for batch in (feed.at(0), feed.at(1)):
        rows = rows_of(batch.clips, clips)
        assert batch.lengths.tolist() == [16 if row % 2 == 0 else 4 for row in rows]
        for row, mirrored, category in zip(rows, batch.mirrored, batch.categories, strict=True):
            assert category == both.categories[row + len(clips) * mirrored]
            seen.append((row, bool(mirrored)))
    assert len(set(seen)) == 40


def test_of_clips_that_are_held_there_are_the_rows(clips, tokenize):
    """Also of a selection of a selection, of which no clip is held that is not needed."""
    names = ("raise the right arm", "raise the left arm")
    for seen in (clips, with_mirrored(of_categories(clips, names))):
        feed = batches(seen, tokenize)
        assert len(feed.stored) == (20 if seen is clips else 14)
        for step, batch in zip(range(8), feed.from_step(0, send_clips=False), strict=False):
            sent = feed.at(step)
            assert batch.clips is None and sent.clip_rows is None
            rows = batch.clip_rows
            np.testing.assert_array_equal(feed.stored[:][rows], sent.clips)
            assert_same(batch, sent.replace(clips=None, clip_rows=rows))


def test_of_texts_that_are_held_there_are_the_rows(clips, tokenize):
    texts = training_texts(clips, "both", tokenize)
    feed = batches(clips, tokenize)
    for step in range(4):
        batch, sent = feed.at(step, send_tokens=False), feed.at(step)
        of_clips = sent.tokens[sent.text_rows]
        rows = batch.text_rows
        np.testing.assert_array_equal(texts.tokens[rows, : of_clips.shape[1]], of_clips)
        assert not texts.tokens[rows, of_clips.shape[1] :].any()
        assert_same(batch, sent.replace(tokens=None, text_rows=rows))


def test_twins_stand_beside_their_texts(clips, tokenize):
    """Of the clips' texts those with a side have a twin, and the others have themselves."""
    captions = [("raises the left arm", "raises it"), ("walks", "turns right")] * 10
    clips = dataclasses.replace(clips, captions=tuple(captions))
    texts = training_texts(clips, "caption", tokenize, twins=True)
    distinct = ["raises the left arm", "raises it", "walks", "turns right"]
    distinct += ["raises the right arm", "turns left"]
    np.testing.assert_array_equal(texts.tokens, tokenize(distinct))
    np.testing.assert_array_equal(texts.twins, [4, 1, 2, 5, 4, 5])
    feed = Batches(clips, texts, batch_size=8, seed=0)
    for step in range(4):
        batch, held = feed.at(step), feed.at(step, send_tokens=False)
        np.testing.assert_array_equal(held.twin_rows, texts.twins[held.text_rows])
        for rows, of_all in ((batch.text_rows, held.text_rows), (batch.twin_rows, held.twin_rows)):
            length = batch.tokens.shape[1]
            np.testing.assert_array_equal(batch.tokens[rows], texts.tokens[of_all, :length])
    # One process of two has its half of the rows, of the same tokens.
    half = Batches(clips, texts, batch_size=8, seed=0, share=(1, 2)).at(0)
    np.testing.assert_array_equal(half.twin_rows, feed.at(0).twin_rows[4:])


def test_with_twins_a_batch_may_have_twice_as_many_texts_as_clips(clips, tokenize):
    captions = [(f"kicks {number} times with the left leg",) for number in range(20)]
    clips = dataclasses.replace(clips, captions=tuple(captions))
    texts = training_texts(clips, "caption", tokenize, twins=True)
    batch = Batches(clips, texts, batch_size=16, seed=0).at(0)
    assert len(np.unique(batch.tokens, axis=0)) == len(batch.tokens) == 32


def test_a_batch_larger_than_the_split_is_refused(clips, tokenize):
    with pytest.raises(
        InputError,
        match="500, but .* has 20 clips, .*; give a number up to 20, such as .*batch_size=5$",
    ):
        batches(clips, tokenize, batch_size=500)


@pytest.mark.parametrize("kind", ["caption", "both"])
def test_a_clip_without_captions_is_shown_with_its_category(clips, tokenize, kind):
    captions = (("",), *clips.captions[1:])
    distinct = []
    bare = dataclasses.replace(clips, captions=captions)
    texts = training_texts(bare, kind, lambda found: distinct.extend(found) or tokenize(found))
    assert [distinct[row] for row in texts.rows[0]] == [clips.category(0)]
    assert "" not in distinct
    assert distinct[texts.rows[1][0]] == clips.captions[1][0]
    bare = dataclasses.replace(bare, categories=np.full(len(clips), -1))
    with pytest.raises(InputError, match="train_000 .* has neither a caption nor a category"):
        training_texts(bare, kind, tokenize)


def test_category_texts_need_categories(clips, tokenize):
    bare = dataclasses.replace(clips, categories=np.full(len(clips), -1))
    with pytest.raises(InputError, match=r"train_000 0\.0-0\.5 s has none; use data.text=caption"):
        training_texts(bare, "category", tokenize)
