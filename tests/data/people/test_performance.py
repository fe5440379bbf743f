"""Performances: every action holds together, and is what its words say, left and right."""

import re

import numpy as np
import pytest

from motext_jax.data.people import drawing
from motext_jax.data.people.actions import KINDS
from motext_jax.data.people.performance import perform
from motext_jax.data.people.plan import PAIR, SEQUENCE, SINGLE, Deed, Plan
from motext_jax.motion.normalise import facing
from motext_jax.skeleton import SMPL22

UP = np.array([0.0, 1.0, 0.0])
BONES = np.array(SMPL22.bones)


def deed(category, **changes):
    action, side = KINDS[category]
    return Deed(action, side, **changes)


def performed(*categories, kind=SINGLE, seeds=4, **changes):
    """Clips of one plan, {seed: [t, v, 3]}."""
    plan = Plan(kind, tuple(deed(category, **changes) for category in categories))
    return [perform(plan, np.random.default_rng(seed)) for seed in range(seeds)]


def joint(clip, name):
    return clip[:, SMPL22.index(name)]


def left_of(clip):
    left = (joint(clip, "left_hip") - joint(clip, "right_hip")) * (1 - UP)
    return left / np.linalg.norm(left, axis=-1, keepdims=True)


def front_of(clip):
    return np.cross(left_of(clip), UP)


def turned_left(clip):
    before, after = front_of(clip)[:-1], front_of(clip)[1:]
    to_left = (after * left_of(clip)[:-1]).sum(-1)
    return np.arctan2(to_left, (before * after).sum(-1)).sum()


def along(clip, axis):
    """Metres that the pelvis goes along an axis of the body."""
    return (np.diff(joint(clip, "pelvis"), axis=0) * axis(clip)[:-1]).sum()


def reach(clip, name, axis):
    """A joint seen from the pelvis along an axis of the body."""
    return ((joint(clip, name) - joint(clip, "pelvis")) * axis(clip)).sum(-1)


def rises(track, low, high):
    """Number of times that a track goes from below `low` to above `high`."""
    state = [1 if value > high else -1 for value in track if value > high or value < low]
    return np.count_nonzero(np.diff(state) > 0) + (state[0] > 0)


def assert_whole(clip, name):
    assert np.isfinite(clip).all(), name
    lengths = np.linalg.norm(clip[:, BONES[:, 0]] - clip[:, BONES[:, 1]], axis=-1)
    assert np.ptp(lengths, axis=0).max() < 1e-5, name
    assert clip[..., 1].min() > -0.03, name
    assert np.linalg.norm(np.diff(clip, axis=0), axis=-1).max() * 30 < 25, name
    if not re.search("stairs|bicycle|ladder|pull-ups", name):
        assert clip[..., 1].min() < 0.09, name


@pytest.mark.parametrize("seed", [0, 1])
def test_every_action_holds_together(seed):
    for name in KINDS:
        rng = np.random.default_rng((seed, 7))
        assert_whole(perform(drawing.single(rng, name), rng), name)


def test_sequences_and_pairs_hold_together():
    for draw in (drawing.sequence, drawing.pair):
        for seed in range(150):
            rng = np.random.default_rng(seed)
            plan = draw(rng)
            name = " / ".join(d.category for d in plan.deeds)
            assert_whole(perform(plan, rng), name)


@pytest.mark.parametrize(
    "name", ["wave left hand", "kick with left leg", "walk sideways to the left", "turn left",
             "kneel on left knee", "swipe right with left hand", "bird dog with left leg"]
)  # fmt: skip
def test_twins_are_mirror_images(name):
    other = name.replace("left", "\0").replace("right", "left").replace("\0", "right")
    plans = [Plan(SINGLE, (deed(category),)) for category in (name, other)]
    left, right = (perform(plan, np.random.default_rng(5)) for plan in plans)
    # Who stands, before the action is mirrored, is drawn alike: only what is done is compared.
    assert left.shape == right.shape
    mirrored = (right * [-1, 1, 1])[:, _mirror()]
    moved = np.abs(np.diff(left, n=1, axis=0)).sum((0, 2))
    twin = np.abs(np.diff(mirrored, n=1, axis=0)).sum((0, 2))
    assert np.corrcoef(moved, twin)[0, 1] > 0.7


def _mirror():
    order = np.arange(len(SMPL22.joints))
    for left, right in SMPL22.left_right_pairs:
        order[left], order[right] = right, left
    return order


@pytest.mark.parametrize("side, other", [("left", "right"), ("right", "left")])
def test_the_named_limb_acts(side, other):
    for clip in performed(f"raise {side} arm"):
        highest = joint(clip, "head")[:, 1].max()
        assert joint(clip, f"{side}_wrist")[:, 1].max() > highest
        assert joint(clip, f"{other}_wrist")[:, 1].max() < highest
    for clip in performed(f"lift {side} knee", count=1):
        heights = [joint(clip, f"{leg}_knee")[:, 1].max() for leg in (side, other)]
        assert heights[0] > heights[1] + 0.1
    for clip in performed(f"kick with {side} leg", count=1):
        ahead = [reach(clip, f"{leg}_foot", front_of).max() for leg in (side, other)]
        assert ahead[0] > ahead[1] + 0.15
    for clip in performed(f"stand on {side} leg") + performed(f"hop on {side} leg"):
        heights = [joint(clip, f"{leg}_ankle")[:, 1].max() for leg in (side, other)]
        assert heights[1] > heights[0]
    sign = 1 if side == "left" else -1
    for clip in performed(f"point to the {side}"):
        assert (sign * reach(clip, f"{side}_wrist", left_of)).max() > 0.35
    for clip in performed(f"lean to the {side}"):
        assert (sign * reach(clip, "neck", left_of)).max() > 0.08
    for clip in performed(f"swipe {side} with {side} hand"):
        across = sign * reach(clip, f"{side}_wrist", left_of)
        assert across.argmin() < across.argmax()
    for clip in performed(f"swipe {other} with {side} hand"):
        across = sign * reach(clip, f"{side}_wrist", left_of)
        assert np.ptp(across) > 0.25
        fast = np.diff(across)[np.abs(np.diff(across)).argmax()]
        assert fast < 0
    for clip in performed(f"touch {side} shoulder with {other} hand"):
        away = joint(clip, f"{other}_wrist") - joint(clip, f"{side}_shoulder")
        assert np.linalg.norm(away, axis=-1).min() < 0.2


def test_directions_of_travel():
    assert all(along(clip, front_of) > 0.5 for clip in performed("walk"))
    assert all(along(clip, front_of) < -0.3 for clip in performed("walk backward"))
    assert all(along(clip, front_of) < -0.5 for clip in performed("run backward"))
    assert all(along(clip, left_of) > 0.3 for clip in performed("walk sideways to the left"))
    assert all(along(clip, left_of) < -0.3 for clip in performed("walk sideways to the right"))
    assert all(along(clip, front_of) > 0.3 for clip in performed("jump forward", count=1))
    assert all(along(clip, front_of) < -0.15 for clip in performed("jump backward", count=1))
    assert all(along(clip, left_of) > 0.15 for clip in performed("jump to the left", count=1))
    assert all(along(clip, front_of) > 0.3 for clip in performed("crawl"))
    assert all(along(clip, front_of) < -0.2 for clip in performed("crawl backward"))
    assert all(0.1 < along(clip, front_of) < 0.9 for clip in performed("take a step forward"))
    for clip in performed("walk up stairs"):
        assert joint(clip, "pelvis")[-1, 1] - joint(clip, "pelvis")[0, 1] > 0.25
    for clip in performed("walk down stairs"):
        assert joint(clip, "pelvis")[-1, 1] - joint(clip, "pelvis")[0, 1] < -0.25


def test_turns():
    for name in ("turn", "walk and turn", "run and turn", "jump and turn"):
        assert all(turned_left(clip) > 0.7 for clip in performed(f"{name} left")), name
        assert all(turned_left(clip) < -0.7 for clip in performed(f"{name} right")), name
    assert all(abs(turned_left(clip)) > 2.4 for clip in performed("turn around"))
    assert all(turned_left(clip) > 5 for clip in performed("spin to the left"))
    assert all(turned_left(clip) < -2 for clip in performed("walk in a circle to the right"))
    assert all(abs(turned_left(clip)) < 0.8 for clip in performed("walk"))


@pytest.mark.parametrize("name", ["walk", "walk backward", "walk in a zigzag", "turn left", "limp"])
def test_planted_feet_do_not_slide(name):
    for clip in performed(name):
        balls = np.stack([joint(clip, "left_foot"), joint(clip, "right_foot")])
        low = balls[..., 1] < 0.0255
        planted = low[:, 1:] & low[:, :-1]
        assert planted.any(axis=0).mean() > 0.6, "one foot or the other stands"
        slide = np.linalg.norm(np.diff(balls[..., [0, 2]], axis=1), axis=-1) * 30
        assert np.quantile(slide[planted], 0.95) < 0.06


def test_speeds_do_not_overlap():
    def top_speed(clip):
        way = joint(clip, "pelvis")[30:] - joint(clip, "pelvis")[:-30]
        leg = np.linalg.norm(joint(clip, "left_knee") - joint(clip, "left_hip"), axis=-1)[0] / 0.385
        return np.linalg.norm(way[:, [0, 2]], axis=-1).max() / np.sqrt(leg)

    slow, usual, fast, jog, run = (
        [top_speed(clip) for clip in performed(name, seeds=12)]
        for name in ("walk slowly", "walk", "walk fast", "jog", "run")
    )
    assert max(slow) < min(usual) and np.median(usual) < np.quantile(fast, 0.1)
    assert np.median(jog) < min(run)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_repetitions_are_counted(number):
    for clip in performed("squat", count=number):
        height = joint(clip, "pelvis")[:, 1] / joint(clip, "pelvis")[:, 1].max()
        assert rises(-height, -0.9, -0.78) == number
    for clip in performed("jump", count=number):
        feet = np.minimum(joint(clip, "left_foot")[:, 1], joint(clip, "right_foot")[:, 1])
        assert rises(feet, 0.03, 0.055) == number
    for clip in performed("bow", count=number):
        up = joint(clip, "neck")[:, 1] - joint(clip, "pelvis")[:, 1]
        lean = np.arctan2(reach(clip, "neck", front_of), up)
        assert rises(lean - lean[0], 0.2, 0.35) == number
    for clip in performed("punch with right hand", count=number):
        away = np.linalg.norm(joint(clip, "right_wrist") - joint(clip, "right_shoulder"), axis=-1)
        arm = np.linalg.norm(joint(clip, "right_wrist")[0] - joint(clip, "right_elbow")[0]) * 2
        ahead = reach(clip, "right_wrist", front_of)
        struck = np.where(ahead > 0.15, away / arm, 0)
        assert rises(struck, 0.7, 0.85) == number


def test_lying_and_exercises_on_the_floor():
    for name in ("lie on back", "lie on stomach", "lie on side"):
        for clip in performed(name):
            trunk = joint(clip, "neck") - joint(clip, "pelvis")
            assert np.abs(trunk[:, 1]).max() < 0.3 * np.linalg.norm(trunk[0])
            assert joint(clip, "pelvis")[:, 1].max() < 0.3
    for clip in performed("lie on back"):
        assert (joint(clip, "head") - joint(clip, "neck"))[:, 1].min() > 0
    for clip in performed("lie down"):
        assert joint(clip, "neck")[0, 1] > 0.75 and joint(clip, "neck")[-1, 1] < 0.4
    for clip in performed("get up from the floor"):
        assert joint(clip, "neck")[0, 1] < 0.4 and joint(clip, "neck")[-1, 1] > 0.75
    for clip in performed("push-ups"):
        chest = joint(clip, "spine3")[:, 1]
        assert chest.max() > 1.5 * chest.min()
        middle = (chest.max() + chest.min()) / 2
        assert rises(-chest, -1.1 * middle, -0.9 * middle) >= 2
        for side in ("left", "right"):
            wrist = joint(clip, f"{side}_wrist")
            assert wrist[:, 1].max() < 0.2
            assert np.ptp(wrist[:, [0, 2]], axis=0).max() < 0.1
    for clip in performed("crawl"):
        for part in ("left_knee", "right_knee", "left_wrist", "right_wrist"):
            assert joint(clip, part)[:, 1].max() < 0.3
    for clip in performed("kneel on left knee"):
        assert joint(clip, "left_knee")[-1, 1] < 0.15 < joint(clip, "right_knee")[-1, 1]


def test_a_sequence_is_performed_in_its_order():
    for clip in performed("raise left arm", "kick with right leg", kind=SEQUENCE):
        hand = joint(clip, "left_wrist")[:, 1]
        foot = joint(clip, "right_foot")[:, 1]
        assert hand.argmax() < foot.argmax()
    for clip in performed("kick with right leg", "raise left arm", kind=SEQUENCE):
        assert joint(clip, "right_foot")[:, 1].argmax() < joint(clip, "left_wrist")[:, 1].argmax()
    for clip in performed("walk", "sit down", kind=SEQUENCE):
        pelvis = joint(clip, "pelvis")
        assert pelvis[-1, 1] < 0.75 * pelvis[0, 1]
        gone = np.linalg.norm(pelvis[:, [0, 2]] - pelvis[0, [0, 2]], axis=1)
        sinking = np.flatnonzero(pelvis[:, 1] < 0.85 * pelvis[0, 1])[0]
        assert gone[sinking] > 0.5
    for clip in performed("sit down", "stand up", kind=SEQUENCE):
        pelvis = joint(clip, "pelvis")[:, 1]
        assert pelvis.min() < 0.75 * pelvis[0] and pelvis[-1] > 0.95 * pelvis[0]
        assert 0.2 < pelvis.argmin() / len(pelvis) < 0.85


def test_a_pair_is_performed_at_once():
    for clip in performed("walk backward", "raise left arm", kind=PAIR):
        high = joint(clip, "left_wrist")[:, 1] > joint(clip, "head")[:, 1]
        back = -(np.diff(joint(clip, "pelvis"), axis=0) * front_of(clip)[:-1]).sum(-1) * 30
        assert high.any() and back[high[1:]].mean() > 0.2
    for clip in performed("sit", "wave right hand", kind=PAIR):
        assert joint(clip, "right_wrist")[:, 1].max() > joint(clip, "spine3")[:, 1].min()
        assert np.ptp(joint(clip, "pelvis")[:, 1]) < 0.1


def test_children_are_small_and_people_differ():
    def height(clip):
        return np.ptp(clip[..., 1], axis=1).max()

    stand = deed("stand still")
    children, others = (
        [
            height(perform(Plan(SINGLE, (stand,), child=child), np.random.default_rng(seed)))
            for seed in range(20)
        ]
        for child in (True, False)
    )
    assert max(children) < min(others) + 0.1
    assert min(children) < 1.0 and max(others) > 1.75


def test_facing_normalises_them():
    (clip,) = performed("walk", seeds=1)
    assert np.isfinite(facing(clip, SMPL22)).all()
