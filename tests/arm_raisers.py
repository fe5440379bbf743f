"""Takes of a person who raises arms, and a model by hand that tells which arm is up."""

import dataclasses

import bvh_people
import numpy as np
import tiny

from motext_jax import config as configs
from motext_jax.skeleton import SMPL22
from motext_jax.trained.manifest import Manifest
from motext_jax.trained.model import TrainedModel

FPS = 10.0
TEXTS = {"left": (1, 0, 0, 0), "right": (0, 1, 0, 0), "stands": (0, 0, 1, 0)}
SURE = 0.85315
"""The score of a text with its own motion: 1, less the share of names of actions with that side."""

DATA = configs.DataConfig(fps=FPS, frames=50)


def pose(up: str) -> np.ndarray:
    """A person with arms down but for those that are up, `left`, `right` or neither."""
    joints = bvh_people.positions()[0].copy()
    for side, sign in (("left", 1), ("right", -1)):
        at = joints[SMPL22.index(f"{side}_shoulder")]
        way = np.array([sign * 0.05, 1.0 if side in up else -1.0, 0])
        way /= np.linalg.norm(way)
        joints[SMPL22.index(f"{side}_elbow")] = at + 0.28 * way
        joints[SMPL22.index(f"{side}_wrist")] = at + 0.53 * way
    return joints


def write(path, *spans: tuple[str, float], fps: float | None = FPS, shift: float = 0.0) -> None:
    """Writes an .npz file of spans: which arm is up, and for how many seconds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    frames = [pose(up) for up, seconds in spans for _ in range(round(seconds * (fps or FPS)))]
    arrays = {
        "positions": np.stack(frames) + np.array([shift, 0, 0]),
        "names": np.array(SMPL22.joints),
    }
    arrays["parents"] = np.array(SMPL22.parents)
    if fps:
        arrays["fps"] = np.array(fps)
    np.savez(path, **arrays)


@dataclasses.dataclass
class ArmModel:
    """A model of which arm is up: its embedding is (left, right, neither, 0), of unit length.

    Attributes:
      motions: clips that were embedded.
      compiled: the frames of clips that it was compiled for.
      turn: another model's embeddings are turned by one axis.
      tower: another model has the same texts and another motion tower.
      dtype: of its weights.
      digest: as that of a model that was read.
      calibration: None for a model whose answers have no word.
    """

    __class__ = TrainedModel  # passes for one where types are checked
    motions: int = 0
    compiled: list[int] = dataclasses.field(default_factory=list)
    turn: int = 0
    tower: int = 0
    dtype: str = "float32"
    digest: str = ""
    calibration: str | None = "by hand"
    name: str = "arms"
    step: int = 7
    is_contrastive: bool = True
    manifest: Manifest = dataclasses.field(
        default_factory=lambda: Manifest(dataclasses.replace(tiny.config(), data=DATA), (), SMPL22)
    )

    @property
    def variables(self):
        return {
            "params": {
                "motion": np.array([0.1 + self.tower], self.dtype),
                "text": np.array([self.turn], self.dtype),
            }
        }

    def compile_motion(self, frames):
        self.compiled.append(frames)

    def encode_motion(self, clips):
        self.motions += len(clips)
        up = [
            (
                clips[:, :, SMPL22.index(f"{side}_wrist"), 1]
                > clips[:, :, SMPL22.index(f"{side}_shoulder"), 1]
            )
            for side in ("left", "right")
        ]
        neither = ~(up[0] | up[1])
        vectors = np.stack([x.mean(axis=1) for x in (*up, neither, neither & False)], axis=1)
        return self._turned(vectors)

    def encode_text(self, texts):
        known = [[TEXTS[word] for word in TEXTS if word in text] for text in texts]
        return self._turned(np.array([np.sum(rows or [(0, 0, 0, 1)], axis=0) for rows in known]))

    def judge(self, query, cosines):
        words = ["likely" if c > 0.8 else "perhaps" if c > 0.5 else "unlikely"
                 for c in cosines]  # fmt: skip
        unread = {word: "" for word in query.split() if word == "zebra"}
        return tuple(words if self.calibration else ()), unread

    def is_lost(self, query):
        return query == "zebra"

    def _turned(self, vectors):
        vectors = np.roll(vectors.astype(np.float32), self.turn, axis=1)
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
