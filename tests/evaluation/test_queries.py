"""Table 2's ranks and unseen words, by hand and against a plain version."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from motext_jax.evaluation.queries import AnnotatedHit, answers, unseen_words


def test_ranks_by_hand():
    """Equal annotations one after another; a motion's rank is that of its annotation."""
    captions = ["walk", "kick", "walk", "bow"]
    text = np.array([[1.0, 0], [0, 1.0], [1.0, 0], [0.6, 0.8]])
    motion = np.array([[0, 1.0], [0.8, 0.6], [1.0, 0], [0.6, 0.8]])
    (found,) = answers(np.array([[1.0, 0]]), text, motion, captions, top=3)
    assert found.by_annotation == (
        AnnotatedHit(clip=0, cosine=1.0, annotation_rank=1, caption="walk"),
        AnnotatedHit(clip=2, cosine=1.0, annotation_rank=2, caption="walk"),
        AnnotatedHit(clip=3, cosine=0.6, annotation_rank=3, caption="bow"),
    )
    assert [(hit.clip, hit.annotation_rank) for hit in found.by_motion] == [
        (2, 2),
        (1, 4),
        (3, 3),
    ]


def test_fewer_clips_than_are_asked_for():
    (found,) = answers(np.ones((1, 1)), np.ones((2, 1)), np.ones((2, 1)), ["a", "b"], top=3)
    assert len(found.by_annotation) == len(found.by_motion) == 2


@settings(max_examples=40, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), n=st.integers(1, 12))
def test_against_a_plain_version(seed, n):
    rng = np.random.default_rng(seed)
    kinds = rng.integers(0, 3, n)
    by_kind, motion, query = (rng.integers(-2, 3, (k, 2)).astype(float) for k in (3, n, 1))
    text = by_kind[kinds]
    (found,) = answers(query, text, motion, [f"caption {kind}" for kind in kinds])
    order = sorted(range(n), key=lambda k: (-float(text[k] @ query[0]), k))
    nearest = sorted(range(n), key=lambda k: (-float(motion[k] @ query[0]), k))
    assert [hit.clip for hit in found.by_annotation] == order[:3]
    assert [hit.clip for hit in found.by_motion] == nearest[:3]
    for hit in found.by_motion:
        assert order[hit.annotation_rank - 1] == hit.clip


def test_unseen_words_by_hand():
    captions = ["a person Walks, slowly", "someone's hand"]
    assert unseen_words("Someone's dog walks slowly, a cute DOG!", captions) == ["dog", "cute"]
    assert unseen_words("walks", captions) == []
    # A part of a word is another word.
    assert unseen_words("walk", captions) == ["walk"]
