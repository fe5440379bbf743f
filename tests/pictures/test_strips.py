"""Strips of skeletons: sides, view and file."""

import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.image import imread

from motext_jax.motion.motion import Motion
from motext_jax.pictures import strips as strips_module
from motext_jax.pictures.page import page
from motext_jax.pictures.palette import SIDES
from motext_jax.pictures.strips import Row, bone_sides, on_paper, strip, strips
from motext_jax.skeleton import NTU25, SMPL22, Skeleton

# Someone with the arms held out, facing +z with y up; the left hand at +x.
_PLACES = {
    "pelvis": (0, 1, 0),
    "left_hip": (0.1, 0.9, 0),
    "right_hip": (-0.1, 0.9, 0),
    "left_foot": (0.1, 0, 0.1),
    "right_foot": (-0.1, 0, 0.1),
    "head": (0, 1.6, 0),
    "left_hand": (0.7, 1.4, 0),
    "right_hand": (-0.7, 1.4, 0),
}
_BODY = Skeleton(
    "body", tuple(_PLACES), (-1, 0, 0, 1, 2, 0, 5, 5), ((1, 2), (3, 4), (6, 7)), hub=0, up=1
)
LEFT_HAND, RIGHT_HAND, HEAD = 6, 7, 5


def standing(frames=31, walked=0.0):
    joints = np.repeat(np.array([list(_PLACES.values())], np.float32), frames, axis=0)
    joints[..., 2] += walked * np.linspace(0, 1, frames)[:, None]
    return Motion(joints, 30, _BODY)


@pytest.mark.parametrize("skeleton", [_BODY, SMPL22, NTU25])
def test_bones_have_the_side_of_their_joint(skeleton):
    for (joint, _), side in zip(skeleton.bones, bone_sides(skeleton), strict=True):
        name = skeleton.joints[joint].split("_")[0]
        assert side == (name if name in ("left", "right") else "trunk")


def test_left_limbs_are_drawn_in_the_left_colour():
    axes = Figure().add_axes((0, 0, 1, 1))
    motion = standing()
    strip(axes, motion)
    bodies = [c for c in axes.collections if isinstance(c, LineCollection)]
    assert len(bodies) >= 3
    body = bodies[0]
    # The first body begins 5 cm from the strip's left end.
    seen = on_paper(motion)[0]
    hand = seen[LEFT_HAND, :2] + [0.05 - seen[RIGHT_HAND, 0], 0]
    ends = np.array(body.get_segments())[:, 0]
    arm = np.linalg.norm(ends - hand, axis=1).argmin()
    assert np.linalg.norm(ends[arm] - hand) < 1e-5
    assert tuple(body.get_colors()[arm]) == to_rgba(SIDES["left"])


def test_who_faces_the_camera_has_the_left_hand_on_the_right():
    motion = standing()
    seen = on_paper(motion)[0]
    assert seen[LEFT_HAND, 0] > 0.3 > -0.3 > seen[RIGHT_HAND, 0]
    # The camera stands to the body's left: that side is nearer.
    assert seen[LEFT_HAND, 2] > seen[RIGHT_HAND, 2]
    # And in front of it: what is put forward comes nearer.
    motion.joints[:, HEAD, 2] += 0.3
    assert on_paper(motion)[0, HEAD, 2] > seen[HEAD, 2] + 0.2


def test_the_view_does_not_depend_on_the_heading():
    motion = standing()
    turned = motion.joints @ np.array([[0, 0, -1], [0, 1, 0], [1, 0, 0]], np.float32)
    np.testing.assert_allclose(on_paper(Motion(turned, 30, _BODY)), on_paper(motion), atol=1e-6)


def test_the_up_axis_is_respected():
    motion = standing()
    z_up = Skeleton(_BODY.name, _BODY.joints, _BODY.parents, _BODY.left_right_pairs, hub=0, up=2)
    x, y, z = np.moveaxis(motion.joints, -1, 0)
    lying = Motion(np.stack([x, -z, y], axis=-1), 30, z_up)
    np.testing.assert_allclose(on_paper(lying), on_paper(motion), atol=1e-6)
    assert on_paper(lying)[0, HEAD, 1] > 1.4


def test_the_body_stays_in_its_slot_while_it_walks():
    seen = on_paper(standing(walked=5.0))
    np.testing.assert_allclose(seen[-1], seen[0], atol=1e-5)


@pytest.mark.parametrize(
    ("frames", "fps"), [(150, 30), (75, 15), (50, 10), (400, 30), (7, 30), (2, 30), (1, 30)]
)
@pytest.mark.parametrize("reach", [0.05, 0.7, 3.0])
def test_a_body_every_tenth_to_half_a_second(frames, fps, reach):
    """However wide the body is, from the first frame to the last."""
    motion = Motion(standing(frames).joints * [reach, 1, 1], fps, _BODY)
    axes = Figure().add_axes((0, 0, 1, 1))
    strip(axes, motion)
    times = [float(text.get_text().split()[0]) for text in axes.texts]
    assert times[0] == 0 and times[-1] == pytest.approx((frames - 1) / fps, abs=0.06)
    # A printed time is off by half a digit.
    assert all(0.1 - 0.011 <= gap <= 0.5 + 0.101 for gap in np.diff(times))


@pytest.mark.parametrize("frames", [150, 31, 1])
@pytest.mark.parametrize("reach", [(0.7, 0.7), (2.5, 0.1), (0.1, 2.5)])
def test_bodies_are_inside_of_the_strip_and_as_far_from_each_other(frames, reach):
    """Also those that reach to one side alone, who do not stand in the middle of what they take."""
    motion = standing(frames)
    motion.joints[:, [LEFT_HAND, RIGHT_HAND], 0] = reach * np.array([1, -1])
    axes = Figure().add_axes((0, 0, 1, 1))
    strip(axes, motion)
    bodies = [c for c in axes.collections if isinstance(c, LineCollection)]
    places = np.array([np.array(body.get_segments())[..., 0] for body in bodies])
    assert places.min() >= 0 and places.max() <= axes.get_xlim()[1]
    np.testing.assert_allclose(np.diff(places.min(axis=(1, 2)), 2), 0, atol=1e-6)
    if len(bodies) > 2:
        np.testing.assert_allclose([places.min(), axes.get_xlim()[1] - places.max()], 0.05)


def test_times_are_seconds_of_the_file(monkeypatch, tmp_path):
    axes = Figure().add_axes((0, 0, 1, 1))
    strip(axes, standing(61), 12.5)
    assert [axes.texts[k].get_text() for k in (0, -1)] == ["12.5 s", "14.5 s"]
    # By the way of a row, each motion has its own; 0 where none is said.
    drawn = []
    own = strips_module.strip
    monkeypatch.setattr(
        strips_module,
        "strip",
        lambda axes, *args, **kw: (own(axes, *args, **kw), drawn.append(axes)),
    )
    row = Row("q", [standing(), standing()], ["a", "b"], [3.0, 40.25])
    strips([row, Row("", [standing()], [""])], tmp_path / "x.png")
    page("x", [row], tmp_path / "x.html")
    first = [float(axes.texts[0].get_text().split()[0]) for axes in drawn]
    assert first == pytest.approx([3.0, 40.2, 0.0, 3.0, 40.2], abs=0.06)


def test_strips_writes_a_picture(tmp_path):
    path = tmp_path / "hits.png"
    words = "a person who stands with both arms held out and waits for something to happen " * 3
    rows = [
        Row("query: " + words, [standing(), standing(61), standing(4)], [words, "short", ""]),
        Row("another query", [standing(2)], ["one"]),
    ]
    strips(rows, path)
    image = imread(path)
    assert image.shape[0] > 300 and image.shape[1] > 800
    for colour in SIDES.values():
        near = np.abs(image[..., :3] - to_rgba(colour)[:3]).max(axis=-1) < 0.02
        assert near.sum() > 100


def test_texts_do_not_overlap(tmp_path, monkeypatch):
    figures = []

    def save(figure, place, **_):
        figures.append(figure)
        place.touch()

    monkeypatch.setattr(Figure, "savefig", save)
    words = "somebody walks forward and then turns to the left in a wide curve " * 4
    rows = [Row(words, [standing()] * 3, [words] * 3), Row(words, [standing()], [words])]
    strips(rows, tmp_path / "x.png")
    figure = figures[0]
    figure.draw_without_rendering()
    texts = [*figure.texts, *(text for axes in figure.axes for text in axes.texts)]
    boxes = [text.get_window_extent() for text in texts] + [figure.legends[0].get_window_extent()]
    for number, box in enumerate(boxes):
        assert box.x0 >= 0 and box.x1 <= figure.bbox.x1
        assert not any(box.overlaps(other) for other in boxes[number + 1 :])
