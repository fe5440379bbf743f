"""AMASS files of synthetic people, for the tests of what reads them."""

import pathlib

import numpy as np


def write_amass(
    path: pathlib.Path, frames: int, fps: float, seed: int = 0, gender: str | bytes = "male"
) -> None:
    """Someone who stands upright and swings the arms, as SMPL+H."""
    rng = np.random.default_rng(seed)
    times = np.arange(frames) / fps
    poses = np.zeros((frames, 52, 3))
    poses[:, 0] = [np.pi / 2, 0, 0]
    for joint in range(1, 22):
        swing = rng.normal(0, 0.3, 3)
        poses[:, joint] = np.sin(2 * times + rng.uniform(0, 6))[:, None] * swing
    trans = np.stack([0.3 * times, 0 * times, 0.9 + 0 * times], axis=1)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(
        path,
        poses=poses.reshape(frames, 156),
        trans=trans,
        betas=rng.normal(0, 1, 16),
        dmpls=np.zeros((frames, 8)),
        gender=np.array(gender),
        mocap_framerate=np.array(fps),
    )


def label(
    seg_id: str, words: str, categories: list[str] | None, start: float | None = None,
    end: float | None = None,
) -> dict:  # fmt: skip
    """A label of BABEL's annotation files; of the whole sequence without times."""
    entry = {"raw_label": words.title(), "proc_label": words, "seg_id": seg_id}
    times = {} if start is None else {"start_t": start, "end_t": end}
    return entry | {"act_cat": categories} | times


def sequence(
    file: str, seconds: float, sequence_labels: list[dict], frame_labels: list[dict] | None = None
) -> dict:
    """A sequence of BABEL's dense annotation files."""
    annotation = {"babel_lid": "x", "anntr_id": "y", "mul_act": True}
    return {
        "babel_sid": 1,
        "url": "https://example.org",
        "feat_p": file,
        "dur": seconds,
        "seq_ann": annotation | {"labels": sequence_labels},
        "frame_ann": None if frame_labels is None else annotation | {"labels": frame_labels},
    }
