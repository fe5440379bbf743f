"""The synthetic people: true captions, a long tail, and motions that averages do not give away."""

import collections
import itertools

import numpy as np
import pytest

from motext_jax.config import DataConfig
from motext_jax.data.synthetic import (
    CATEGORIES,
    HELD_OUT_WORDINGS,
    SPLITS,
    SyntheticSource,
    synthetic_motions,
)
from motext_jax.data.synthetic.actions import ACTIONS
from motext_jax.data.synthetic.body import LEFT, RIGHT
from motext_jax.data.synthetic.source import _schedule, synthetic_motion
from motext_jax.data.synthetic.wording import training_wordings
from motext_jax.errors import InputError
from motext_jax.motion.normalise import facing
from motext_jax.skeleton import SMPL22

UP = np.array([0.0, 1.0, 0.0])


@pytest.fixture(scope="module")
def train():
    return synthetic_motions("train", size=1500)


@pytest.fixture(scope="module")
def test():
    return synthetic_motions("test")


@pytest.fixture(scope="module")
def everyone(train, test):
    """All clips of both splits by category: {category: [joints [t, v, 3], ...]}."""
    clips = collections.defaultdict(list)
    for annotated in train + test:
        clips[annotated.category].append(annotated.motion.joints.astype(float))
    return clips


def joint(clip, name):
    return clip[..., SMPL22.index(name), :]


def left_of(clip):
    """The body's left, level, by the hips."""
    left = (joint(clip, "left_hip") - joint(clip, "right_hip")) * (1 - UP)
    return left / np.linalg.norm(left, axis=-1, keepdims=True)


def front_of(clip):
    """The direction the body faces: with y up and left = +x it is x × y = +z."""
    return np.cross(left_of(clip), UP)


def turned_left(clip):
    """Radians from the first frame to the last, counted positive towards the person's left."""
    before, after = front_of(clip)[:-1], front_of(clip)[1:]
    to_left = (after * left_of(clip)[:-1]).sum(-1)
    return np.arctan2(to_left, (before * after).sum(-1)).sum()


def test_a_clip_is_the_same_whatever_else_is_made(test):
    again = synthetic_motions("test", size=150)
    for one, other in zip(test, again, strict=False):
        assert (one.file, one.category) == (other.file, other.category)
        assert one.captions == other.captions
        np.testing.assert_array_equal(one.motion.joints, other.motion.joints)
    assert again[0].file == "test-000000"


def test_splits_and_seeds_differ():
    size = 2 * len(CATEGORIES)
    first = [
        synthetic_motions(split, seed=seed, size=size)[0].motion
        for split, seed in (("train", 0), ("val", 0), ("test", 0), ("train", 1))
    ]
    for one, other in itertools.combinations(first, 2):
        assert one.joints.shape != other.joints.shape or np.any(one.joints != other.joints)


def test_the_source_takes_its_seed_from_the_config():
    source = SyntheticSource(DataConfig(seed=1))
    motions = list(source.motions("val"))
    assert source.categories == CATEGORIES
    assert len(motions) == SPLITS["val"]
    again = synthetic_motions("val", seed=1, size=2 * len(CATEGORIES))[5]
    np.testing.assert_array_equal(motions[5].motion.joints, again.motion.joints)


def test_the_shape_of_a_clip(test):
    for annotated in test:
        motion = annotated.motion
        assert motion.fps == 30 and motion.skeleton == SMPL22
        assert motion.joints.dtype == np.float32
        assert 90 <= len(motion) <= 150
        assert np.isfinite(motion.joints).all()
        assert len(set(annotated.captions)) == 3


def test_the_tail_is_long_and_reaches_every_split():
    counts = {split: np.bincount(_schedule(size)) for split, size in SPLITS.items()}
    assert 40 <= counts["train"].max() / counts["train"].min() <= 60
    assert np.all(np.diff(counts["train"]) <= 0)
    for split in SPLITS:
        assert len(counts[split]) == len(CATEGORIES) >= 44
        assert counts[split].min() >= 2
        assert counts[split].sum() == SPLITS[split]


@pytest.mark.parametrize("split, size", [("dev", None), ("train", 2 * len(CATEGORIES) - 1)])
def test_bad_requests(split, size):
    with pytest.raises(InputError):
        synthetic_motions(split, size=size)


def test_bones_keep_their_length_and_people_differ(everyone):
    bones = np.array(SMPL22.bones)
    people = []
    for clip in itertools.chain(*everyone.values()):
        lengths = np.linalg.norm(clip[:, bones[:, 0]] - clip[:, bones[:, 1]], axis=-1)
        assert np.ptp(lengths, axis=0).max() < 1e-5
        people.append(lengths[0])
    legs, arms = np.array(people)[:, 3], np.array(people)[:, 17]
    assert np.ptp(legs) > 0.1
    assert np.ptp(arms / legs) > 0.05


def test_feet_stay_on_the_ground(everyone):
    for category, clips in everyone.items():
        for clip in clips:
            lowest = clip[..., 1].min(axis=1)
            assert lowest.min() > -0.03, category
            if not any(word in category for word in ("jump", "hop", "run")):
                assert lowest.max() < 0.06, category


def test_planted_feet_do_not_slide(everyone):
    for category in ("walk", "walk fast", "walk backward", "walk and turn left", "turn right"):
        for clip in everyone[category]:
            balls = np.stack([joint(clip, "left_foot"), joint(clip, "right_foot")])
            low = balls[..., 1] < 0.0255
            planted = low[:, 1:] & low[:, :-1]
            assert planted.any(axis=0).mean() > 0.7, "one foot or the other stands"
            slide = np.linalg.norm(np.diff(balls[..., [0, 2]], axis=1), axis=-1) * 30
            assert np.quantile(slide[planted], 0.95) < 0.05, category


def test_knees_bend_the_right_way(everyone):
    for clip in itertools.chain(*everyone.values()):
        for side in ("left", "right"):
            hip, knee, ankle = (joint(clip, f"{side}_{part}") for part in ("hip", "knee", "ankle"))
            # About the body's left axis a shin only ever folds back under its thigh.
            hinge = np.cross(ankle - knee, hip - knee)
            assert ((hinge * left_of(clip)).sum(-1) > -0.02).mean() > 0.9


@pytest.mark.parametrize("category", [name for name in CATEGORIES if "left" in name])
def test_twins_are_mirror_images(category):
    assert swapped(category) in CATEGORIES
    left, right = (
        synthetic_motion(name, np.random.default_rng(3)) for name in (category, swapped(category))
    )
    assert tuple(swapped(caption) for caption in left.captions) == right.captions
    np.testing.assert_allclose(
        facing(left.motion.mirrored().joints, SMPL22),
        facing(right.motion.joints, SMPL22),
        atol=1e-4,
    )


def swapped(text):
    return text.replace("left", "\0").replace("right", "left").replace("\0", "right")


def test_held_out_wordings_are_new_but_made_of_known_words(train, test):
    captions = {caption for annotated in train + test for caption in annotated.captions}
    words = collections.Counter(word for caption in captions for word in caption.split())
    assert set(HELD_OUT_WORDINGS) == set(CATEGORIES)
    queries = list(itertools.chain(*HELD_OUT_WORDINGS.values()))
    assert len(set(queries)) == len(queries)
    generated = {
        wording
        for action, side in itertools.product(ACTIONS, (LEFT, RIGHT))
        for wording in training_wordings(action.name, side)
    }
    for category, held_out in HELD_OUT_WORDINGS.items():
        assert len(held_out) >= 2
        for query in held_out:
            said = query.removeprefix("a person ")
            assert said not in generated, (category, query)
            assert not any(caption.endswith(said) for caption in captions), (category, query)
            assert not set(query.split()) - set(words), (category, query)


def test_captions_name_the_side_that_moves(train):
    for annotated in train:
        for caption in annotated.captions:
            if "left" in annotated.category and "shoulder" not in annotated.category:
                assert "left" in caption.split() or "balances" in caption
            if "left" not in annotated.category and "right" not in annotated.category:
                assert not {"left", "right"} & set(caption.split())


def test_walking_directions(everyone):
    def along(clip, axis):
        step = np.diff(joint(clip, "pelvis"), axis=0)
        return (step * axis(clip)[:-1]).sum()

    assert all(along(clip, front_of) > 0.5 for clip in everyone["walk"])
    assert all(along(clip, front_of) < -0.3 for clip in everyone["walk backward"])
    assert all(along(clip, left_of) > 0.3 for clip in everyone["walk sideways to the left"])
    assert all(along(clip, left_of) < -0.3 for clip in everyone["walk sideways to the right"])
    assert all(along(clip, front_of) > 0.3 for clip in everyone["jump forward"])


def test_turns(everyone):
    for word in ("turn", "walk and turn"):
        assert all(turned_left(clip) > 0.7 for clip in everyone[f"{word} left"])
        assert all(turned_left(clip) < -0.7 for clip in everyone[f"{word} right"])
    assert all(abs(turned_left(clip)) < 0.85 for clip in everyone["walk"])
    for clip in everyone["turn left"]:
        assert np.linalg.norm(np.ptp(joint(clip, "pelvis")[:, [0, 2]], axis=0)) < 0.4


def test_speeds_do_not_overlap(everyone):
    def top_speed(clip):
        """The best mean speed over one second, scaled to legs of 0.8 m at one Froude number."""
        way = joint(clip, "pelvis")[30:] - joint(clip, "pelvis")[:-30]
        leg = np.linalg.norm(joint(clip, "left_knee") - joint(clip, "left_hip"), axis=-1)[0] / 0.385
        return np.linalg.norm(way[:, [0, 2]], axis=-1).max() / np.sqrt(leg)

    order = ("walk slowly", "walk", "walk fast", "run")
    speeds = [[top_speed(clip) for clip in everyone[name]] for name in order]
    for slower, faster in itertools.pairwise(speeds):
        assert np.quantile(slower, 0.95) < np.quantile(faster, 0.05)


def flights(clip):
    """Number of times both feet are off the ground."""
    feet = np.minimum(joint(clip, "left_foot")[:, 1], joint(clip, "right_foot")[:, 1])
    air = feet > 0.055
    return int(air[0]) + np.count_nonzero(air[1:] & ~air[:-1])


@pytest.mark.parametrize("times, number", [("once", 1), ("twice", 2), ("three times", 3)])
def test_jumps_are_counted(everyone, times, number):
    assert {flights(clip) for clip in everyone[f"jump {times}"]} == {number}


def test_claps_are_counted(everyone):
    def claps(clip):
        """Number of times the wrists meet after having been apart."""
        gap = np.linalg.norm(joint(clip, "left_wrist") - joint(clip, "right_wrist"), axis=-1)
        met = [state for state in np.where(gap < 0.14, 1, np.where(gap > 0.2, -1, 0)) if state]
        return int(met[0] > 0) + np.count_nonzero(np.diff(met) > 0)

    # Hands that are clasped before and after add one each.
    assert min(claps(clip) for clip in everyone["clap"]) >= 4
    assert {claps(clip) for clip in everyone["clap once"]} <= {1, 2, 3}


@pytest.mark.parametrize("side, other", [("left", "right"), ("right", "left")])
def test_the_named_limb_acts(everyone, side, other):
    def height(clip, name):
        return joint(clip, name)[:, 1].max()

    for clip in everyone[f"raise the {side} arm"]:
        assert height(clip, f"{side}_wrist") > height(clip, "head")
        assert height(clip, f"{other}_wrist") < height(clip, "head")
    for clip in everyone[f"lift the {side} knee"]:
        assert height(clip, f"{side}_knee") > height(clip, f"{other}_knee") + 0.15
    for clip in everyone[f"kick with the {side} leg"]:
        ahead = {
            leg: ((joint(clip, f"{leg}_foot") - joint(clip, "pelvis")) * front_of(clip)).sum(-1)
            for leg in (side, other)
        }
        assert ahead[side].max() > ahead[other].max() + 0.15
    for clip in everyone[f"stand on the {side} leg"] + everyone[f"hop on the {side} leg"]:
        assert height(clip, f"{other}_ankle") > height(clip, f"{side}_ankle") + 0.02
    for clip in everyone[f"lean to the {side}"]:
        sign = 1 if side == "left" else -1
        tilt = ((joint(clip, "neck") - joint(clip, "pelvis")) * left_of(clip)).sum(-1)
        assert (sign * tilt).max() > 0.08
    for clip in everyone[f"touch the {side} shoulder"]:
        away = joint(clip, f"{other}_wrist") - joint(clip, f"{side}_shoulder")
        assert np.linalg.norm(away, axis=-1).min() < 0.2
    for clip in everyone[f"point to the {side}"]:
        sign = 1 if side == "left" else -1
        away = joint(clip, f"{side}_wrist") - joint(clip, "neck")
        assert (sign * away * left_of(clip)).sum(-1).max() > 0.45


def test_sitting_and_standing_up(everyone):
    for clip in everyone["sit down"]:
        assert joint(clip, "pelvis")[-1, 1] < 0.75 * joint(clip, "pelvis")[0, 1]
    for clip in everyone["stand up"]:
        assert joint(clip, "pelvis")[0, 1] < 0.75 * joint(clip, "pelvis")[-1, 1]


@pytest.mark.parametrize("normalise", [facing, lambda clip, skeleton: clip])
def test_averages_do_not_give_the_action_away(train, test, normalise):
    """The nearest centroid of the joints' mean and deviation over time is right less than half."""

    def features(motions):
        clips = [normalise(m.motion.joints, SMPL22) for m in motions]
        return np.array([np.concatenate([c.mean(0), c.std(0)]).ravel() for c in clips])

    known, unknown = features(train), features(test)
    mean, deviation = known.mean(axis=0), known.std(axis=0)
    known, unknown = (known - mean) / deviation, (unknown - mean) / deviation
    labels = np.array([m.category for m in train])
    centroids = np.array([known[labels == category].mean(axis=0) for category in CATEGORIES])
    nearest = ((unknown[:, None] - centroids) ** 2).sum(axis=-1).argmin(axis=1)
    right = np.mean([CATEGORIES[n] == m.category for n, m in zip(nearest, test, strict=True)])
    assert 0.1 < right < 0.5
