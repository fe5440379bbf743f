"""A folder of tiny motions and a config that trains on it in seconds."""

import dataclasses
import pathlib

import numpy as np

from motext_jax import config as configs
from motext_jax.models.clip_text import ScratchTextConfig
from motext_jax.models.ctrgcn import CTRGCNConfig
from motext_jax.skeleton import SMPL22

ACTIONS = ("raise the left arm", "raise the right arm", "stand")
_WRIST = {"raise the left arm": "left_wrist", "raise the right arm": "right_wrist"}


def standing(frames: int, rng: np.random.Generator) -> np.ndarray:
    """A person who stands at a random place and sways: [t 22 3]."""
    rest = np.zeros((22, 3))
    for left, right in SMPL22.left_right_pairs:
        rest[left, 0], rest[right, 0] = 0.15, -0.15
    rest[:, 1] = np.linspace(0.9, 1.6, 22)
    return rest + rng.normal(0, 0.01, (frames, 1, 3)) + rng.normal(0, 1, (1, 1, 3)) * [1, 0, 1]


def motion(action: str, frames: int, rng: np.random.Generator) -> np.ndarray:
    """A standing person who raises what the action says: [t 22 3]."""
    joints = standing(frames, rng)
    if action in _WRIST:
        joints[:, SMPL22.index(_WRIST[action]), 1] += np.linspace(0, 1, frames)
    return joints.astype(np.float32)


def write_humanml3d(root: pathlib.Path, sizes: dict[str, int], frames: int = 20) -> pathlib.Path:
    """Writes a HumanML3D-layout folder with labels.csv; sizes are motions by split."""
    for name in ("new_joints", "texts"):
        (root / name).mkdir(parents=True)
    rows = ["id,action"]
    for split, size in sizes.items():
        ids = [f"{split}_{number:03d}" for number in range(size)]
        (root / f"{split}.txt").write_text("\n".join(ids) + "\n")
        for number, name in enumerate(ids):
            action = ACTIONS[number % len(ACTIONS)]
            rng = np.random.default_rng([len(split), number])
            np.save(root / "new_joints" / f"{name}.npy", motion(action, frames, rng))
            caption = f"a person would {action}"
            (root / "texts" / f"{name}.txt").write_text(f"{caption}#a/DET#0.0#0.0\n")
            rows.append(f"{name},{action}")
    (root / "labels.csv").write_text("\n".join(rows) + "\n")
    return root


def config(root: pathlib.Path | str = "", **changes: str | bool) -> configs.Config:
    """Three blocks of 8 channels and one text layer of 16; 16-frame clips of a written folder."""
    return configs.Config(
        name="tiny",
        data=configs.DataConfig(
            source="humanml3d", root=str(root), source_fps=30.0, frames=16, **changes
        ),
        model=configs.ModelConfig(
            embedding=16,
            motion=CTRGCNConfig(width=8, blocks=3, hidden=16),
            text=ScratchTextConfig(width=16, layers=1, heads=2),
        ),
        loss=configs.LossConfig(logit_scale=10.0),
        optimizer=configs.OptimizerConfig(name="adamw", learning_rate=1e-2),
        train=configs.TrainConfig(batch_size=8, epochs=4, log_every=1),
    )


def get_config(root: str) -> configs.Config:
    """For --config=tests/tiny.py:ROOT: as the quickstart learns, mirrored and with two texts."""
    tiny = config(root, text="both", mirror=True)
    tiny.data.augment = configs.AugmentConfig(crop=0.3, speed=0.2, rotation=0.5, noise=0.01)
    tiny.loss = category_loss()
    tiny.train = dataclasses.replace(tiny.train, epochs=2, checkpoint_every=3)
    return tiny


def category_loss() -> configs.LossConfig:
    """The quickstart's loss."""
    return configs.LossConfig(logit_scale=10.0, learn_logit_scale=True, targets="category")
