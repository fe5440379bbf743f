"""Seconds of clips, read back from their files without any of the package's readers."""

import numpy as np
import pytest

from motext_jax.config import DataConfig
from motext_jax.data.sources import load_clips
from motext_jax.errors import InputError

# A last piece of less than half a second is no clip: with these there is none.
FRAMES = {"humanml3d": 40, "mocap": 24}


def assert_read_back(clips, seconds, joints_at):
    """Frame k of a clip is the file at start + k / fps, up to its end.

    Args:
      clips: clips of one file, not normalised.
      seconds: length of the file.
      joints_at: the file's joints at times in seconds, [t v 3].
    """
    for row in range(len(clips)):
        length = clips.lengths[row]
        times = clips.starts[row] + np.arange(length) / clips.fps
        own = clips.clips[row : row + 1][0, :length]
        np.testing.assert_allclose(own, joints_at(times), atol=1e-5)
        # The end is that of the last frame, which the file may cut short.
        frame = clips.ends[row] - times[-1]
        assert 0 < frame <= 1 / clips.fps + 1e-9
        assert clips.ends[row] <= seconds + 1e-9
        if clips.ends[row] < seconds - 1e-9:
            assert frame == pytest.approx(1 / clips.fps)


@pytest.mark.parametrize("fps", [20.0, 30.0, 50.0, 120.0])
def test_humanml3d(tmp_path, fps):
    count = int(2.3 * fps)
    joints = np.random.default_rng(0).normal(size=(count, 22, 3)).astype(np.float32)
    for name in ("new_joints", "texts"):
        (tmp_path / name).mkdir()
    np.save(tmp_path / "new_joints" / "m.npy", joints)
    spans = "whole#x#0.0#0.0\npart#x#0.4#1.7\nto the end#x#1.07#9.0\n"
    (tmp_path / "texts" / "m.txt").write_text(spans)
    (tmp_path / "train.txt").write_text("m\n")
    config = DataConfig(
        source="humanml3d",
        root=str(tmp_path),
        source_fps=fps,
        frames=FRAMES["humanml3d"],
        normalise="none",
    )
    clips = load_clips(config, "train")
    by_caption = {
        caption: [k for k, own in enumerate(clips.captions) if own == (caption,)]
        for caption in ("whole", "part", "to the end")
    }
    starts = [clips.starts[rows[0]] for rows in by_caption.values()]
    ends = [clips.ends[rows[-1]] for rows in by_caption.values()]
    # A span begins with a frame of the file, and ends within one of the clips' frames.
    assert starts == pytest.approx([0, int(0.4 * fps) / fps, int(1.07 * fps) / fps])
    assert ends == pytest.approx([count / fps, 1.7, count / fps], abs=0.04)
    assert set(clips.files) == {"m"} and len(clips.unique()) == len(clips)

    def joints_at(times):
        flat = joints.reshape(count, -1)
        frames = np.arange(count) / fps
        return np.stack([np.interp(times, frames, column) for column in flat.T], axis=1).reshape(
            -1, 22, 3
        )

    assert_read_back(clips, count / fps, joints_at)


# A body that stays upright and moves along x, 10 cm in each second.
BVH = """HIERARCHY
ROOT hips
{
  OFFSET 0 0 0
  CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
  JOINT head
  {
    OFFSET 0 160 0
    CHANNELS 3 Zrotation Xrotation Yrotation
    End Site
    {
      OFFSET 0 10 0
    }
  }
}
MOTION
"""


@pytest.mark.parametrize("fps", [25.0, 40.0])
def test_a_captioned_folder(tmp_path, fps):
    count = int(3 * fps)
    rows = "".join(f"{10 * k / fps:.6f} 90 0 0 0 0 0 0 0\n" for k in range(count))
    (tmp_path / "takes").mkdir()
    motion = f"Frames: {count}\nFrame Time: {1 / fps}\n{rows}"
    (tmp_path / "takes" / "a.bvh").write_text(BVH + motion)
    (tmp_path / "captions.csv").write_text(
        "file,start,end,caption,action,split\n"
        "takes/a.bvh,,,whole,,train\n"
        "takes/a.bvh,0.52,1.88,part,,train\n"
        "takes/a.bvh,1.2,,rest,,train\n"
    )
    config = DataConfig(
        source="mocap", root=str(tmp_path), skeleton="own", metres_per_unit=0.01,
        frames=FRAMES["mocap"], normalise="none",
    )  # fmt: skip
    clips = load_clips(config, "train")
    first = [clips.captions.index((caption,)) for caption in ("whole", "part", "rest")]
    assert clips.starts[first].tolist() == pytest.approx([0, int(0.52 * fps) / fps, 1.2])
    assert clips.name(first[1] + 1).startswith("takes/a.bvh 1.")

    def joints_at(times):
        joints = np.zeros((len(times), 3, 3))
        joints[..., 0] = 0.1 * times[:, None]
        # From the floor, which is as high as the lowest joint.
        joints[..., 1] = [0, 1.6, 1.7]
        return joints

    assert_read_back(clips, 3.0, joints_at)


@pytest.mark.parametrize("source", ["humanml3d", "mocap", "babel", "babel_amass"])
def test_a_root_that_is_no_folder_is_named_before_anything_else(tmp_path, source):
    ntu = {"skeleton": "ntu25", "normalise": "babel"}
    more = ntu if source == "babel" else {}
    (tmp_path / "file").write_text("")
    says = {
        "": "data.root is empty; .*: --config.data.root=FOLDER, or with prepare --data.root=FOLDER",
        str(tmp_path / "file"): "file', which is no folder; give the folder that holds",
        str(tmp_path / "none"): "none'; there is no such folder",
    }
    for root, why in says.items():
        with pytest.raises(InputError, match=why):
            load_clips(DataConfig(source=source, root=root, **more), "train")


def test_a_missing_split_is_told_from_a_misspelt_one():
    config = DataConfig(source="synthetic")
    has = "has: test, train, val; "
    with pytest.raises(InputError, match=f"no split 'tets'; it {has}did you mean test\\?$"):
        load_clips(config, "tets")
    with pytest.raises(InputError, match=f"no split 'x'; it {has}.* give eval or .*--split=val$"):
        load_clips(config, "x")
