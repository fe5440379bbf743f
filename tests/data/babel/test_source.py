"""Each step from AMASS and the annotations to clips, worked by hand."""

import json

import numpy as np
import pytest
from amass_files import label, sequence, write_amass

from motext_jax.config import dataset
from motext_jax.data.babel import source as babel
from motext_jax.data.babel.annotations import Segment
from motext_jax.data.sources import load_clips
from motext_jax.errors import InputError
from motext_jax.motion import amass
from motext_jax.skeleton import NTU21


@pytest.mark.parametrize(
    ("fps", "expected"),
    [
        (120.0, [0, 4, 8, 12]),
        (60.0, [0, 2, 4, 6]),
        (150.0, [0, 5, 10, 15]),
        (120.00004577636719, [0, 4, 8, 12]),
        (30.0, [0, 1, 2, 3]),
        # floor(k · 100 / 30), floor(k · 250 / 30), and floor(k · 1.9999996), which is 2k - 1.
        (100.0, [0, 3, 6, 10]),
        (250.0, [0, 8, 16, 25]),
        (59.9999885559082, [0, 1, 3, 5]),
    ],
)
def test_the_first_frames_of_every_rate_that_occurs(fps, expected):
    assert babel.select_frames(1000, fps)[:4].tolist() == expected


@pytest.mark.parametrize(
    ("fps", "second", "last_of_first"),
    [(100.0, 100, 96), (250.0, 250, 241), (59.9999885559082, 59, 57)],
)
def test_seconds_begin_anew_and_the_last_goes_as_far_as_it_can(fps, second, last_of_first):
    frames = babel.select_frames(2 * second + 10, fps).tolist()
    assert frames[29] == last_of_first
    assert frames[30] == second
    assert frames[60] == 2 * second
    assert frames[59] == second + last_of_first
    assert frames[60:] == [f + 2 * second for f in frames[:30] if f < 10]


def test_the_rates_of_babels_own_files():
    """For 10 s of every rate: 300 frames, but where a second is 59 frames, 10 s have 11 of them."""
    for fps in (120.0, 100.0, 60.0, 250.0, 150.0, 120.00004577636719):
        assert len(babel.select_frames(round(10 * fps), fps)) == 300
    assert len(babel.select_frames(600, 59.9999885559082)) == 10 * 30 + 6


def test_a_rate_below_30_is_refused():
    for fps in (29.97, 0.5):
        with pytest.raises(InputError, match=rf"{fps:g} fps"):
            babel.select_frames(100, fps)


@pytest.mark.parametrize(
    ("start", "end", "seconds", "count", "expected"),
    [
        (0.0, 12.3, 12.3, 400, range(0, 369)),  # 150 + 150 + 69 frames
        (1.05, 2.0, 12.3, 400, range(31, 60)),  # int(31.5), int(60)
        (0.0, 12.3, 12.3, 200, range(0, 200)),  # the file ends first
        (0.0, 12.3, 9.9, 400, range(0, 300)),  # the third clip begins at 300, after int(297)
        (11.0, 12.3, 9.9, 400, range(330, 330)),  # nothing of it is labelled
    ],
)
def test_the_frames_of_a_segment(start, end, seconds, count, expected):
    segment = Segment("s", start, end, "", "", ())
    found = babel.segment_frames(segment, seconds, count, 150)
    assert (found.start, found.stop) == (expected.start, expected.stop)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A folder of two AMASS files under their names of now, and annotations by those of then."""
    root = tmp_path_factory.mktemp("babel")
    write_amass(root / "amass/BMLrub/rub001/a_poses.npz", 1476, 120.0)
    write_amass(root / "amass/ACCAD/Female1/b_poses.npz", 300, 59.9999885559082, 1, b"female")
    long = label("segA", "walk then stand", ["walk", "transition", "stand"])
    parts = [
        label("segB", "turn", ["turn"], 0.5, 1.5),
        label("segC", "something", None, 1.5, 2.0),
        label("segD", "moonwalk", ["no such category"], 2.0, 3.0),
    ]
    train = {
        "11": sequence("BMLrub/BioMotionLab_NTroje/rub001/a_poses.npz", 12.3, [long]),
        "12": sequence("ACCAD/ACCAD/Female1/b_poses.npz", 5.0, [long], parts),
    }
    (root / "train.json").write_text(json.dumps(train))
    (root / "val.json").write_text(json.dumps({"12": train["12"]}))
    lost = sequence("CMU/CMU/01/01_01_poses.npz", 5.0, [long])
    (root / "test.json").write_text(json.dumps({"13": lost}))
    return root


def config(root, name="babel60_amass", **changes):
    return dataset(name, root=str(root / "amass"), annotations=str(root), **changes)


def test_a_segment_of_12_seconds_is_three_clips_for_each_of_its_categories(root):
    clips = load_clips(config(root), "train")
    walk, stand, turn = (clips.category_names.index(name) for name in ("walk", "stand", "turn"))
    assert clips.files == ("BMLrub/rub001/a_poses.npz",) * 6 + ("ACCAD/Female1/b_poses.npz",)
    assert clips.segments == ("segA",) * 6 + ("segB",)
    # The file is 12.3 s long; the other's segment is its second half second.
    assert clips.starts.tolist() == pytest.approx([0, 5, 10, 0, 5, 10, 0.5], abs=1 / 60)
    assert clips.ends.tolist() == pytest.approx([5, 10, 12.3, 5, 10, 12.3, 1.5], abs=2 / 60)
    assert clips.unique().tolist() == [0, 1, 2, 6]
    assert clips.categories.tolist() == [walk] * 3 + [stand] * 3 + [turn]
    assert clips.lengths.tolist() == [150, 150, 69] * 2 + [30]
    assert clips.label_sets()[:3] == (frozenset({walk, stand}),) * 3
    np.testing.assert_array_equal(clips.clips[:3], clips.clips[3:6])


def test_trailing_frames_are_filled_by_repetition(root):
    clips = load_clips(config(root), "train")
    clip = clips.clips[2]
    np.testing.assert_array_equal(clip[69:138], clip[:69])
    np.testing.assert_array_equal(clip[138:], clip[:12])
    assert np.abs(clip).sum(axis=(1, 2)).min() > 0


def test_the_two_rotations(root):
    """The spine is laid on +z, then the shoulders on +x, by whichever turn is the shortest."""
    clips = load_clips(config(root), "train").clips
    names = ("pelvis", "spine1", "left_shoulder", "right_shoulder")
    pelvis, spine1, left, right = (NTU21.index(name) for name in names)
    np.testing.assert_allclose(clips[:, :, spine1], 0, atol=1e-6)
    across = clips[:, 0, right] - clips[:, 0, left]
    np.testing.assert_allclose(across[:, 1:], 0, atol=1e-5)
    assert (across[:, 0] > 0.2).all()
    # Worked by hand for one clip: Rodrigues' formula twice.
    file = amass.read_amass(root / "amass/BMLrub/rub001/a_poses.npz")
    joints = file.positions(amass.generic_rest())[0, babel.NTU21_POSED]
    joints = joints - joints[spine1]
    for vector, axis in ((-joints[pelvis], [0, 0, 1]), (None, [1, 0, 0])):
        vector = joints[right] - joints[left] if vector is None else vector
        unit = vector / np.linalg.norm(vector)
        v, c = np.cross(unit, axis), unit @ axis
        k = np.array([[0, -v[2], v[1]], [v[2], 0, -v[0]], [-v[1], v[0], 0]])
        joints = joints @ (np.eye(3) + k + k @ k / (1 + c)).T
    np.testing.assert_allclose(clips[0, 0], joints, atol=1e-5)


def test_the_release_leaves_the_body_in_its_place_and_without_its_shape(root):
    """`trans`, `betas` and `gender` change nothing in ntu21, and translation does in smpl22."""
    (motion, *_) = babel.BabelAmass(config(root, normalise="none")).motions("train")
    np.testing.assert_allclose(motion.motion.joints[:, 0], 0, atol=1e-6)
    assert motion.motion.skeleton is NTU21
    moving = config(root, normalise="none", skeleton="smpl22")
    (motion, *_) = babel.BabelAmass(moving).motions("train")
    travelled = motion.motion.joints[-1, 0] - motion.motion.joints[0, 0]
    np.testing.assert_allclose(travelled, [0.3 * 12.2666, 0, 0], atol=1e-3)


def test_texts_are_the_labels_of_every_segment(root):
    clips = load_clips(config(root, "babel_text"), "val")
    assert clips.category_names == ()
    assert clips.captions == (
        ("turn", "Turn"),
        ("something", "Something"),
        ("moonwalk", "Moonwalk"),
    )
    assert clips.segments == ("segB", "segC", "segD")


def test_seconds_are_the_files_where_babels_are_shorter(tmp_path):
    """BABEL takes 59 frames for a second of 59.99 fps: after 40 such seconds it is 0.66 s off.

    The people of `write_amass` walk along x, 0.3 m in each second of the file.
    """
    write_amass(tmp_path / "amass/ACCAD/s/a_poses.npz", 3600, 59.9999885559082)
    parts = [label("segA", "begin", None, 0.0, 2.0), label("segB", "end", None, 40.0, 47.0)]
    content = {"1": sequence("ACCAD/ACCAD/s/a_poses.npz", 60.0, [], parts)}
    (tmp_path / "train.json").write_text(json.dumps(content))
    moving = config(tmp_path, "babel_text", normalise="none", skeleton="smpl22")
    clips = load_clips(moving, "train")
    assert clips.lengths.tolist() == [60, 150, 60]
    x = [clips.clips[k : k + 1][0, :, 0, 0] for k in range(3)]
    first = [float(own[0] - x[0][0]) / 0.3 for own in x]
    last = [float(own[n - 1] - x[0][0]) / 0.3 for own, n in zip(x, clips.lengths, strict=True)]
    assert clips.starts.tolist() == pytest.approx(first, abs=1 / 60)
    # A frame of 30 a second lasts to the next.
    assert clips.ends.tolist() == pytest.approx([t + 1 / 30 for t in last], abs=1 / 60)
    assert clips.starts[1] == pytest.approx(40 * 59 / 59.9999885559082)


def test_a_file_without_a_rate_is_named(root):
    path = root / "amass/BMLrub/rub001/a_poses.npz"
    arrays = dict(np.load(path))
    del arrays["mocap_framerate"]
    np.savez(path, **arrays)
    with pytest.raises(InputError, match=r"a_poses\.npz: there is no frame rate"):
        list(babel.BabelAmass(config(root)).motions("train"))


def test_a_part_of_amass_that_is_not_there_is_named(root):
    with pytest.raises(InputError, match=r"there is no CMU/01/01_01_poses\.npz; is that part of"):
        load_clips(config(root), "test")


@pytest.mark.parametrize("name", sorted(babel.RENAMED))
def test_folders_are_found_by_either_name(tmp_path, name):
    for folder in (name, babel.RENAMED[name]):
        path = tmp_path / folder / "AMASS" / folder / "s" / "x_poses.npz"
        path.parent.mkdir(parents=True)
        path.touch()
        found = babel.find(tmp_path / folder / "AMASS", f"Any/{name}/s/x_poses.npz")
        assert found == path


def test_no_file_outside_the_folder_is_opened(tmp_path):
    for name in ("A/../../secret.npz", "/etc/passwd", "one"):
        with pytest.raises(InputError, match="expected FOLDER/DATASET/SUBJECT/FILE"):
            babel.find(tmp_path, name)


def test_folders_that_are_not_there_are_named(tmp_path):
    with pytest.raises(InputError, match=r"data\.root is ''"):
        babel.BabelAmass(dataset("babel60_amass"))
    with pytest.raises(InputError, match=r"data\.annotations is ''"):
        babel.BabelAmass(dataset("babel60_amass", root=str(tmp_path)))
