"""The folder layout, and what is said of a folder that does not fit it."""

import numpy as np
import pytest
import tiny

from motext_jax.config import DataConfig, dataset
from motext_jax.data.humanml3d import HumanML3DFolder
from motext_jax.errors import InputError
from motext_jax.motion.motion import Motion
from motext_jax.motion.normalise import facing
from motext_jax.skeleton import KIT21


@pytest.fixture
def folder(tmp_path):
    return tiny.write_humanml3d(tmp_path / "data", {"train": 7, "val": 2})


def open_folder(root):
    return HumanML3DFolder(DataConfig(source="humanml3d", root=str(root), source_fps=30.0))


def test_motions_come_in_the_order_of_the_list(folder):
    source = open_folder(folder)
    motions = list(source.motions("train"))
    assert [motion.file for motion in motions] == [f"train_{k:03d}" for k in range(7)]
    assert motions[1].category == "raise the right arm"
    assert motions[1].captions == ("a person would raise the right arm",)
    assert motions[0].motion.fps == 30.0
    np.testing.assert_array_equal(
        motions[3].motion.joints, np.load(folder / "new_joints" / "train_003.npy")
    )


def test_categories_are_ordered_by_their_number_in_training(folder):
    assert open_folder(folder).categories[0] == "raise the left arm"
    assert set(open_folder(folder).categories) == set(tiny.ACTIONS)


def test_a_folder_without_labels_has_no_categories(folder):
    (folder / "labels.csv").unlink()
    source = open_folder(folder)
    assert source.categories == ()
    assert next(iter(source.motions("val"))).category is None


def test_captions_are_grouped_by_their_spans(folder):
    (folder / "texts" / "val_000.txt").write_text(
        "one#x#0.0#0.0\ntwo#x#0.1#0.3\nthree#x#nan#nan\nfour#x#0.1#0.3\n\n"
    )
    whole, part = list(open_folder(folder).motions("val"))[:2]
    assert whole.captions == ("one", "three")
    assert part.captions == ("two", "four")
    assert (whole.file, whole.start) == ("val_000", 0.0)
    assert (part.file, part.start) == ("val_000", 0.1)
    np.testing.assert_array_equal(part.motion.joints, whole.motion.joints[3:9])


def spoil(folder, name, content):
    if isinstance(content, np.ndarray):
        np.save(folder / name, content)
    elif content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("new_joints/val_000.npy", None, "there is no such file"),
        ("new_joints/val_000.npy", b"\x00\x01", "not a readable npy"),
        ("new_joints/val_000.npy", np.zeros((5, 21, 3)), r"shape \(5, 21, 3\); expected"),
        ("new_joints/val_000.npy", np.zeros((0, 22, 3)), "expected"),
        ("new_joints/val_000.npy", np.full((5, 22, 3), np.nan), "NaN or infinity in frame 0"),
        ("new_joints/val_000.npy", np.array([{}], dtype=object), "is a pickle of Python objects"),
        ("texts/val_000.txt", None, "there is no such file"),
        ("texts/val_000.txt", b"\n", "there is no caption"),
        ("texts/val_000.txt", b"walks#x#0.0\n", "line 1: found 'walks#x#0.0'"),
        ("texts/val_000.txt", b"#x#0.0#0.0\n", "line 1: the caption is empty"),
        ("texts/val_000.txt", b"w#x#0.0#1e308\n", "line 1: the span 0-1e.308 s is not one"),
        ("texts/val_000.txt", b"\xe9#x#0.0#0.0\n", "not UTF-8 text"),
        ("new_joints/val_000.npy", np.ones((5, 22, 3), np.int32), "numbers of type int32"),
        ("new_joints/val_000.npy", np.full((5, 22, 3), 1e30), r"1e\+30 in frame 0"),
        ("val.txt", b"m\xe9\n", "not UTF-8 text .*; save it as UTF-8"),
        ("texts/val_000.txt", b"ok#x#0.0#0.0\nw#x#2.0#1.0\n", "line 2: the span 2-1 s"),
        ("val.txt", None, "no split 'val'; it has: train; .* --split=train$"),
        ("val.txt", b"\n", "names no motion"),
    ],
)
def test_what_is_wrong_is_named(folder, name, content, says):
    spoil(folder, name, content)
    with pytest.raises(InputError, match=says) as caught:
        list(open_folder(folder).motions("val"))
    assert name in str(caught.value)


def test_bad_lines_of_texts_are_left_out_and_a_byte_order_mark_is_no_letter(folder):
    (folder / "texts" / "val_000.txt").write_text(
        "\ufeffwalks#x#0.0#0.0\n#x#0.0#0.0\nlate#x#50.0#60.0\nnothing\nruns#x#0.0#0.0\n",
        encoding="utf-8",
    )
    found = list(open_folder(folder).read("val_000"))
    whys = [str(one) for one in found if isinstance(one, InputError)]
    (motion,) = (one for one in found if not isinstance(one, InputError))
    assert motion.captions == ("walks", "runs")
    for says, why in zip(
        ("line 2: the caption is empty", "line 4: found 'nothing'", "starts at 50 s"),
        whys,
        strict=True,
    ):
        assert says in why and "val_000.txt" in why


@pytest.mark.parametrize("name", ["../secret", "/secret", "a/b", "a\\b", "..", "x\0y", "z" * 5000])
def test_an_id_that_is_no_name_reads_nothing_and_is_named(folder, name):
    (folder.parent / "secret.npy").write_bytes(b"SECRET")
    (folder / "val.txt").write_text(f"val_000\n{name}\n")
    (folder / "labels.csv").unlink()
    source = open_folder(folder)
    assert source.files("val") == ["val_000", name]
    with pytest.raises(InputError) as caught:
        list(source.read(name))
    assert "SECRET" not in str(caught.value)
    with pytest.raises(InputError, match="there is no split"):
        source.files("../val")


def kit_folder(root, scale):
    """One motion of a body of 1.75 m in KIT's joints, facing +z: the right side at negative x."""
    for name in ("new_joints", "texts"):
        (root / name).mkdir(parents=True)
    body = np.zeros((21, 3))
    # Joints by number, as HumanML3D's code for KIT-ML has them: the right leg is 11 to 15.
    body[[11, 12, 13, 14, 15], 0], body[[16, 17, 18, 19, 20], 0] = -0.1, 0.1
    body[[5, 6, 7], 0], body[[8, 9, 10], 0] = -0.2, 0.2
    for joint, height in ((0, 0.95), (1, 1.05), (2, 1.2), (3, 1.4), (4, 1.6)):
        body[joint, 1] = height
    for chain, heights in (
        ((11, 12, 13, 14, 15), (0.93, 0.5, 0.08, 0.0, 0.0)),
        ((16, 17, 18, 19, 20), (0.93, 0.5, 0.08, 0.0, 0.0)),
        ((5, 6, 7), (1.4, 1.1, 0.85)),
        ((8, 9, 10), (1.4, 1.1, 0.85)),
    ):
        body[list(chain), 1] = heights
    body[[15, 20], 2] = 0.15
    np.save(root / "new_joints" / "m.npy", (np.stack([body] * 20) * scale).astype(np.float32))
    (root / "texts" / "m.txt").write_text("stands#x#0.0#0.0\n")
    (root / "train.txt").write_text("m\n")
    return body


@pytest.mark.parametrize("scale", [1.0, 1000 / 1.75])
def test_kit_ml_is_in_metres_and_faces_forward(tmp_path, scale, caplog):
    body = kit_folder(tmp_path, scale)
    config = dataset("kit_ml", root=str(tmp_path), frames=16)
    source = HumanML3DFolder(config)
    (motion,) = source.motions("train")
    np.testing.assert_allclose(motion.motion.joints[0], body, atol=1e-6)
    # Turned by half a circle it comes to the same: toes to +z, left at +x.
    turned = Motion(motion.motion.joints * [-1, 1, -1], 12.5, KIT21)
    for one in (motion.motion, turned):
        faced = facing(one.joints, KIT21)[0]
        for side, x in (("left", 1), ("right", -1)):
            toe, heel = faced[KIT21.index(f"{side}_foot")], faced[KIT21.index(f"{side}_heel")]
            assert toe[2] - heel[2] == pytest.approx(0.15, abs=1e-5)
            assert np.sign(faced[KIT21.index(f"{side}_wrist"), 0]) == x
    if scale == 1:
        assert "a unit of length is taken for 1 m" in caplog.text
    else:
        assert "0.00175 m, a thousandth of a person of 1.75 m" in caplog.text


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"id,act\n", "no column 'action'; the header has: id, act"),
        (b"id,action\ntrain_000,x\n", "no row for 'train_001'"),
    ],
)
def test_labels_that_do_not_fit_are_named(folder, content, says):
    spoil(folder, "labels.csv", content)
    with pytest.raises(InputError, match=says):
        list(open_folder(folder).motions("train"))


def test_a_folder_of_another_kind_is_named(tmp_path):
    with pytest.raises(InputError, match="there is no folder 'new_joints'; expected HumanML3D's"):
        open_folder(tmp_path)
    with pytest.raises(InputError, match=r"data\.root is empty"):
        open_folder("")


def test_a_label_that_is_empty_or_missing_is_named_in_every_split(folder):
    rows = (folder / "labels.csv").read_text()
    (folder / "labels.csv").write_text(rows.replace("train_000,raise the left arm", "train_000,"))
    source = open_folder(folder)
    assert "" not in source.categories
    with pytest.raises(InputError, match="labels.csv: the column 'action' of 'train_000' is empty"):
        list(source.read("train_000"))
    (folder / "labels.csv").write_text(rows.replace("val_001,", "other,"))
    with pytest.raises(InputError, match=r"labels\.csv: no row for 'val_001'"):
        list(open_folder(folder).motions("val"))


def test_a_motion_of_two_actions_is_named_and_spellings_of_one_are_not(folder):
    """As in captions.csv; the other action of val_000 is no category."""
    with (folder / "labels.csv").open("a") as file:
        file.write("val_000,greet\nval_001,Raise the RIGHT arm\ntrain_000,\n")
    source = open_folder(folder)
    says = "labels.csv: 'val_000' has two actions, 'greet' and 'raise the left arm'$"
    with pytest.raises(InputError, match=says):
        list(source.read("val_000"))
    for name, action in (("val_001", "raise the right arm"), ("train_000", "raise the left arm")):
        (motion,) = source.read(name)
        assert motion.category == action
    assert set(source.categories) == set(tiny.ACTIONS)
    # What was prepared is prepared anew, and what has not changed is not.
    assert source.depends_on("val_000")[0] != repr(("val_000", "raise the left arm"))
    assert source.depends_on("val_001")[0] == repr(("val_001", "raise the right arm"))


def test_a_span_after_the_end_is_named(folder):
    (folder / "texts" / "val_000.txt").write_text("late#x#50.0#60.0\n")
    with pytest.raises(InputError, match=r"val_000\.txt: a span starts at 50 s, but the motion"):
        list(open_folder(folder).motions("val"))
