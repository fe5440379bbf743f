"""HumanML3D's folder layout: joints, captions with their spans, and split lists.

    new_joints/<id>.npy   (frames, 22, 3) metres, y up
    texts/<id>.txt        a caption a line: caption#word/POS word/POS#start#end, in seconds
    train.txt, val.txt, test.txt    ids
    labels.csv            optional, ours: id,action,...

Guo et al. 2022. The files do not say their frame rate, so the source's preset does.
"""

import pathlib
from collections import Counter, defaultdict
from collections.abc import Iterator

import numpy as np

from motext_jax.config import DataConfig, require
from motext_jax.data.annotated import AnnotatedMotion, Source
from motext_jax.data.table import read_table
from motext_jax.errors import InputError
from motext_jax.motion.array_file import read_array
from motext_jax.motion.motion import Motion
from motext_jax.skeleton import SKELETONS, Skeleton


class HumanML3DFolder(Source):
    """A folder in HumanML3D's layout."""

    def __init__(self, config: DataConfig):
        if not config.root:
            raise InputError("data.root is empty; it names the data set's folder")
        self._root = pathlib.Path(config.root)
        self._fps = config.source_fps
        require("data.skeleton", config.skeleton, ("smpl22", "kit21"))
        self._skeleton = SKELETONS[config.skeleton]
        for name in ("new_joints", "texts"):
            if not (self._root / name).is_dir():
                raise InputError(
                    f"{self._root}: there is no folder {name!r}; data.root must hold HumanML3D's "
                    "new_joints/, texts/ and train.txt"
                )
        self._actions = _read_labels(self._root / "labels.csv")
        self.categories = self._by_frequency(config.train_split)

    def read(self, file: str) -> Iterator[AnnotatedMotion]:
        """A motion's spans that have captions."""
        if self._actions and file not in self._actions:
            raise InputError(f"{self._root / 'labels.csv'}: no row for {file}")
        joints = _read_joints(self._root / "new_joints" / f"{file}.npy", self._skeleton)
        whole = Motion(joints, self._fps, self._skeleton)
        texts = self._root / "texts" / f"{file}.txt"
        spans = _read_captions(texts)
        for number, ((start, end), captions) in enumerate(spans.items()):
            if start >= whole.seconds:
                raise InputError(
                    f"{texts}: a span starts at {start:g} s, but the motion ends at "
                    f"{whole.seconds:.2f} s"
                )
            frames = whole.frames(start, end)
            yield AnnotatedMotion(
                file,
                whole.part(frames),
                tuple(captions),
                self._actions.get(file),
                start=frames.start / whole.fps,
                segment=str(number),
            )

    def files(self, split: str) -> list[str]:
        """The ids of a split, in the order of its list."""
        path = self._root / f"{split}.txt"
        if not path.is_file():
            lists = ", ".join(sorted(found.stem for found in self._root.glob("*.txt")))
            raise InputError(f"{path}: there is no such split; the folder has: {lists or 'none'}")
        ids = [line.strip() for line in path.read_text().splitlines() if line.strip()]
        if not ids:
            raise InputError(f"{path}: the split names no motion")
        return ids

    def _by_frequency(self, split: str) -> tuple[str, ...]:
        """Category names, the most frequent in training first; unseen ones last, by name."""
        if not self._actions:
            return ()
        counts = Counter(self._actions.get(name) for name in self.files(split))
        return tuple(sorted(set(self._actions.values()), key=lambda name: (-counts[name], name)))


def _read_labels(path: pathlib.Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    rows = list(read_table(path, ("id", "action")))
    for line, row in rows:
        if not row["action"]:
            raise InputError(f"{path}, line {line}: the column 'action' is empty")
    return {row["id"]: row["action"] for _, row in rows}


def _read_joints(path: pathlib.Path, skeleton: Skeleton) -> np.ndarray:
    joints = read_array(path)
    expected = len(skeleton.joints)
    if joints.ndim != 3 or joints.shape[1:] != (expected, 3) or not len(joints):
        raise InputError(
            f"{path}: shape {joints.shape}; expected (frames, {expected}, 3), the joints of "
            f"{skeleton.name} as data.skeleton says"
        )
    joints = joints.astype(np.float32)
    if not np.isfinite(joints).all():
        frame = int(np.argmax(~np.isfinite(joints).all(axis=(1, 2))))
        raise InputError(f"{path}: NaN or infinity in frame {frame}; expected finite metres")
    return joints


def _read_captions(path: pathlib.Path) -> dict[tuple[float, float], list[str]]:
    """Captions by span in seconds; (0, 0) is the whole motion, and so is a NaN span."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise InputError(f"{path}: the split names it, but there is no such file") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 text ({error.reason})") from None
    spans = defaultdict(list)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        fields = line.strip().split("#")
        try:
            start, end = (float(field) for field in fields[2:4])
        except ValueError:
            raise InputError(
                f"{path}, line {number}: found {line.strip()[:60]!r}; expected "
                "caption#word/POS ...#start#end"
            ) from None
        whole = not np.isfinite([start, end]).all()
        if not whole and (start, end) != (0.0, 0.0) and not 0 <= start < end:
            raise InputError(f"{path}, line {number}: the span {start:g}-{end:g} s is not one")
        spans[(0.0, 0.0) if whole else (start, end)].append(fields[0].strip())
    if not spans:
        raise InputError(f"{path}: there is no caption")
    return dict(spans)
