"""BABEL from its annotations and AMASS's files, which the released features were made of."""

import os
import pathlib
from collections.abc import Iterator

import numpy as np
from jaxtyping import Int

from motext_jax.config import DataConfig, require
from motext_jax.data.annotated import AnnotatedMotion, Source
from motext_jax.data.babel import categories
from motext_jax.data.babel.annotations import Segment, Sequence, read_sequences
from motext_jax.errors import InputError
from motext_jax.input_file import reading
from motext_jax.motion import amass
from motext_jax.motion.motion import Motion
from motext_jax.shown import quoted, shown
from motext_jax.skeleton import NTU21, SMPL22

FPS = 30

# Names of AMASS's parts, in BABEL's time and now; a folder may have either.
RENAMED = {
    "BioMotionLab_NTroje": "BMLrub",
    "DFaust_67": "DFaust",
    "MPI_HDM05": "HDM05",
    "MPI_mosh": "MoSh",
    "MPI_Limits": "PosePrior",
    "SSM_synced": "SSM",
    "TCD_handMocap": "TCDHands",
    "Transitions_mocap": "Transitions",
}

# ntu21's joints among those that `motion.amass` poses: the hands are the index fingers' knuckles.
_POSED = {"left_hand": "left_index1", "right_hand": "right_index1"}
NTU21_POSED = [amass.JOINTS.index(_POSED.get(joint, joint)) for joint in NTU21.joints]


class BabelAmass(Source):
    """A folder of AMASS (`data.root`) and one of BABEL's annotations (`data.annotations`).

    With `data.text=caption` every segment is a motion of its own, described by its labels, without
    categories. Otherwise a segment stands once for each of its categories among the first
    `data.categories`; a segment without any is left out. The last piece of a segment is a clip
    however short it is, as in the release.
    """

    shortest = 0.0

    def __init__(self, config: DataConfig):
        require("data.skeleton", config.skeleton, ("ntu21", "smpl22"))
        for option, folder in (("root", config.root), ("annotations", config.annotations)):
            if not pathlib.Path(folder).is_dir() or not folder:
                raise InputError(
                    f"data.{option} is {folder!r}, which is no folder; pass data.root, the folder "
                    "of AMASS, and data.annotations, that of BABEL's json files"
                )
        self._config = config
        self._by_caption = config.text == "caption"
        self.categories = () if self._by_caption else categories(config.categories)

    def files(self, split: str) -> list[Sequence]:
        """The annotated sequences with a segment that counts, in the annotation file's order."""
        folder = pathlib.Path(self._config.annotations)
        sequences = read_sequences(folder / f"{split}.json")
        if self._config.extra:
            sequences += read_sequences(folder / f"extra_{split}.json")
        found = [one for one in sequences if any(map(self._labels, one.segments))]
        if not found:
            raise InputError(f"{folder / f'{split}.json'}: no segment has a label that counts here")
        return found

    def read(self, file: Sequence) -> Iterator[AnnotatedMotion]:
        """The labelled segments of a sequence, each once for each of its labels."""
        root = pathlib.Path(self._config.root)
        path = find(root, file.file)
        motion, pace = self._motion(path)
        for segment in file.segments:
            frames = segment_frames(segment, file.seconds, len(motion), self._config.frames)
            labels = self._labels(segment)
            if not labels or not frames:
                continue
            captions = tuple(dict.fromkeys(filter(None, (segment.processed, segment.raw))))
            for label in labels:
                name = None if self._by_caption else label
                yield AnnotatedMotion(
                    path.relative_to(root).as_posix(),
                    motion.part(frames),
                    captions,
                    name,
                    start=pace * frames.start / FPS,
                    segment=segment.id,
                    pace=pace,
                )

    def depends_on(self, file: Sequence) -> tuple[str, tuple[pathlib.Path, ...]]:
        """The annotations; AMASS's file, where it is there."""
        try:
            return repr(file), (find(pathlib.Path(self._config.root), file.file),)
        except InputError:
            return repr(file), ()

    def _labels(self, segment: Segment) -> tuple[str, ...]:
        if self._by_caption:
            return (segment.processed or segment.raw,) if segment.processed or segment.raw else ()
        return tuple(name for name in segment.categories if name in self.categories)

    def _motion(self, path: pathlib.Path) -> tuple[Motion, float]:
        """A file at 30 fps by BABEL's choice of frames, and its seconds for each 30 of them."""
        models = self._config.body_models or None
        file = amass.read_amass(path)
        if file.fps is None:
            raise InputError(f"{path}: there is no frame rate; expected mocap_framerate")
        # BABEL takes 59 frames for a second of 59.99 fps.
        pace = int(file.fps) / file.fps
        file = file.select(select_frames(len(file.poses), file.fps), FPS)
        if self._config.skeleton == "smpl22":
            return Motion(file.body(models), FPS, SMPL22), pace
        # The release poses the male body of mean shape, whoever was recorded, and leaves it in
        # its place: z up, without the translation.
        rest = amass.generic_rest()
        if models is not None:
            rest = amass.body_model(models, "male").rest(np.zeros(0))
        joints = file.positions(rest)[:, NTU21_POSED].astype(np.float32)
        return Motion(joints, FPS, NTU21), pace


def find(root: pathlib.Path, feat_p: str) -> pathlib.Path:
    """An AMASS file by BABEL's name of it, whose first folder AMASS has dropped since.

    Raises:
      InputError: there is none under any of its names.
    """
    parts = pathlib.PurePosixPath(feat_p).parts[1:]
    if not parts or ".." in parts or pathlib.PurePosixPath(feat_p).is_absolute():
        raise InputError(
            f"feat_p is {quoted(feat_p)}; expected FOLDER/DATASET/SUBJECT/FILE_poses.npz"
        )
    renamed = (RENAMED.get(parts[0], parts[0]), *parts[1:])
    candidates = [root.joinpath(*names) for names in dict.fromkeys((parts, renamed))]
    with reading(root, "a folder of AMASS"):
        for candidate in (*candidates, root / feat_p):
            if candidate.is_file():
                return candidate
    tried = " or ".join(shown(os.fspath(path.relative_to(root))) for path in candidates)
    raise InputError(f"{root}: there is no {tried}; is that part of AMASS downloaded?")


def select_frames(count: int, fps: float) -> Int[np.ndarray, "n"]:
    """The frames that BABEL keeps of `count`, for 30 a second.

    A second is int(fps) frames: 59 of them at 59.99999 fps. If it divides by 30, BABEL keeps every
    (int(fps) / 30)-th frame; otherwise floor(fps / 30 · k) of every second, k from 0 to 29.
    """
    second = int(fps)
    if second < FPS:
        raise InputError(f"a motion of {fps:g} fps; BABEL's choice of frames needs at least {FPS}")
    if second % FPS == 0:
        return np.arange(0, count, second // FPS)
    within = np.floor(fps / FPS * np.arange(FPS)).astype(int)
    frames = (np.arange(0, count, second)[:, None] + within).ravel()
    return frames[frames < count]


def segment_frames(segment: Segment, seconds: float, count: int, clip: int) -> range:
    """A segment's frames at 30 fps among a motion's `count`, without its clips beyond the end.

    The release labels the first int(30 · duration) frames of a motion. It drops a clip that begins
    after them.
    """
    first, last = int(FPS * segment.start), min(int(FPS * segment.end), count)
    labelled = int(FPS * seconds)
    kept = -(-(labelled - first) // clip)
    return range(first, max(first, min(last, first + kept * clip)))
