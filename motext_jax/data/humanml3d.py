"""HumanML3D's folder layout: joints, captions with their spans, and split lists.

    new_joints/<id>.npy   (frames, 22, 3) metres, y up
    texts/<id>.txt        a caption a line: caption#word/POS word/POS#start#end, in seconds
    train.txt, val.txt, test.txt    ids
    labels.csv            optional, ours: id,action,...

Guo et al. 2022. The files do not say their frame rate, so the source's preset does.
"""

import logging
import os
import pathlib
from collections import Counter
from collections.abc import Iterator

import numpy as np
from jaxtyping import Float

from motext_jax.config import DataConfig, require
from motext_jax.data.annotated import AnnotatedMotion, NoSplit, Source, check_folder, no_split
from motext_jax.data.captions import MOST_SECONDS
from motext_jax.data.table import one_spelling, read_table
from motext_jax.errors import InputError
from motext_jax.motion.array_file import read_array
from motext_jax.motion.motion import Motion
from motext_jax.shown import quoted, shown
from motext_jax.skeleton import KIT21, SKELETONS, Skeleton

FPS = 20.0
"""HumanML3D's frame rate, where no other is given."""

LARGEST = 1e7
"""Above any coordinate, in metres or in thousandths."""

KIT_HEIGHT = 1.75
"""The height in metres of KIT-ML's bodies, which all have the same proportions. The data set has
their heights in its own files and not in this layout, where the height is about 1000."""

KIT_UNIT = KIT_HEIGHT / 1000


class HumanML3DFolder(Source):
    """A folder in HumanML3D's layout."""

    def __init__(self, config: DataConfig):
        check_folder(config)
        self._root = pathlib.Path(config.root)
        self._fps = config.source_fps or FPS
        require("data.skeleton", config.skeleton, ("smpl22", "kit21"))
        self._skeleton = SKELETONS[config.skeleton]
        for name in ("new_joints", "texts"):
            if not (self._root / name).is_dir():
                raise InputError(
                    f"{self._root}: there is no folder {name!r}; expected HumanML3D's new_joints/, "
                    "texts/ and train.txt"
                )
        self._actions = _read_labels(self._root / "labels.csv")
        self.categories = self._by_frequency(config.train_split)

    def read(self, file: str) -> Iterator[AnnotatedMotion | InputError]:
        """A motion's spans that have captions."""
        if not _is_name(file):
            raise InputError(
                f"{self._root}: a split names the motion {quoted(file)}; expected the name of a "
                "file in new_joints/, without a folder"
            )
        action = self._action(file)
        npy, texts = self._paths(file)
        whole = Motion(self._joints(npy), self._fps, self._skeleton)
        spans, faults = _read_captions(texts)
        yield from faults
        for number, ((start, end), captions) in enumerate(spans.items()):
            if start >= whole.seconds:
                yield InputError(
                    f"{texts}: a span starts at {start:g} s, but the motion ends at "
                    f"{whole.seconds:.2f} s"
                )
                continue
            frames = whole.frames(start, end)
            yield AnnotatedMotion(
                file,
                whole.part(frames),
                tuple(captions),
                action,
                start=frames.start / whole.fps,
                segment=str(number),
            )

    def _action(self, file: str) -> str | None:
        """A motion's action; None where there is no table of them."""
        actions = self._actions.get(file)
        if actions and len(actions) == 1:
            return actions[0]
        if not self._actions:
            return None
        if actions is None:
            why = f"no row for {quoted(file)}"
        elif not actions:
            why = f"the column 'action' of {quoted(file)} is empty"
        else:
            why = f"{quoted(file)} has two actions, {quoted(actions[0])} and {quoted(actions[1])}"
        raise InputError(f"{self._root / 'labels.csv'}: {why}")

    def depends_on(self, file: str) -> tuple[str, tuple[pathlib.Path, ...]]:
        """The id and its action; the joints and the texts."""
        paths = self._paths(file) if _is_name(file) else ()
        actions = self._actions.get(file)
        # As one text, by which sets that were prepared before know it.
        return repr((file, None if actions is None else " and ".join(actions))), paths

    def files(self, split: str) -> list[str]:
        """The ids of a split, each once, in the order of its list."""
        ids = self._ids(split)
        if self._skeleton is KIT21:
            self._say_unit(ids)
        return ids

    def _ids(self, split: str) -> list[str]:
        path = self._root / f"{split}.txt"
        if not _is_name(split) or not os.path.isfile(path):
            raise no_split(path, split, (found.stem for found in self._root.glob("*.txt")))
        # A motion that is named twice is one motion.
        ids = dict.fromkeys(line.strip() for line in _lines(path) if line.strip())
        if not ids:
            raise NoSplit(f"{path}: the split names no motion")
        return list(ids)

    def _paths(self, file: str) -> tuple[pathlib.Path, pathlib.Path]:
        return self._root / "new_joints" / f"{file}.npy", self._root / "texts" / f"{file}.txt"

    def _by_frequency(self, split: str) -> tuple[str, ...]:
        """Category names, the most frequent in training first; unseen ones last, by name."""
        if not self._actions:
            return ()
        labels = {name: of[0] for name, of in self._actions.items() if len(of) == 1}
        counts = Counter(labels.get(name) for name in self._ids(split))
        return tuple(sorted(set(labels.values()), key=lambda name: (-counts[name], name)))

    def _joints(self, path: pathlib.Path) -> np.ndarray:
        """A motion's joints in metres."""
        joints = _read_joints(path, self._skeleton)
        return joints * np.float32(_unit(joints, self._skeleton))

    def _say_unit(self, ids: list[str]) -> None:
        """Says by which unit KIT-ML's bodies become metres, from the first one that can be read."""
        for file in filter(_is_name, ids):
            try:
                joints = _read_joints(self._paths(file)[0], self._skeleton)
            except InputError:
                continue
            unit = _unit(joints, self._skeleton)
            logging.getLogger(__name__).warning(
                "%s: a unit of length is taken for %g m%s", self._root, unit,
                f", a thousandth of a person of {KIT_HEIGHT} m" if unit == KIT_UNIT else "",
            )  # fmt: skip
            return


def _is_name(file: str) -> bool:
    """True for a name without a folder."""
    return not set(file) & set("/\\\0") and file not in ("", ".", "..")


def _unit(joints: Float[np.ndarray, "t v 3"], skeleton: Skeleton) -> float:
    """The metres of a unit: 1, or KIT-ML's thousandth of a person's height, by the leg's length."""
    if skeleton is not KIT21:
        return 1.0
    chain = [skeleton.index(f"left_{name}") for name in ("hip", "knee", "ankle")]
    bones = np.linalg.norm(np.diff(joints[:, chain].astype(float), axis=1), axis=-1)
    leg = float(np.median(bones.sum(axis=1)))
    # No leg is 10 m long, and none is shorter than 10 thousandths of its body's height.
    return KIT_UNIT if leg > 10 else 1.0


def _read_labels(path: pathlib.Path) -> dict[str, list[str]]:
    """Each motion's actions by the alphabet: one, or by a mistake none or several."""
    if not path.is_file():
        return {}
    rows = [(row["id"], row["action"]) for _, row in read_table(path, ("id", "action"))]
    spelling = one_spelling(action for _, action in rows)
    found: dict[str, set[str]] = {}
    for name, action in rows:
        found.setdefault(name, set()).update({spelling[action]} - {""})
    return {name: sorted(actions) for name, actions in found.items()}


def _read_joints(path: pathlib.Path, skeleton: Skeleton) -> np.ndarray:
    joints = read_array(path)
    expected = len(skeleton.joints)
    if joints.ndim != 3 or joints.shape[1:] != (expected, 3) or not len(joints):
        raise InputError(
            f"{path}: shape {joints.shape}; expected (frames, {expected}, 3), the joints of "
            f"{skeleton.name} as data.skeleton says"
        )
    if joints.dtype.kind != "f":
        raise InputError(f"{path}: numbers of type {joints.dtype}; expected float32")
    # A number beyond is no position, and its square would overflow.
    with np.errstate(all="ignore"):
        bad = ~(np.abs(joints.astype(np.float64)) <= LARGEST)
    if bad.any():
        frame = int(np.argmax(bad.any(axis=(1, 2))))
        found = "NaN or infinity" if not np.isfinite(joints[bad]).all() else f"{joints[bad][0]:g}"
        raise InputError(f"{path}: {found} in frame {frame}; expected finite metres")
    return joints.astype(np.float32)


def _lines(path: pathlib.Path) -> list[str]:
    """The lines of a text in UTF-8, with or without a byte-order mark."""
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except (FileNotFoundError, ValueError) as error:
        if isinstance(error, UnicodeDecodeError):
            why = f"not UTF-8 text ({error.reason}); save it as UTF-8"
            raise InputError(f"{path}: {why}") from None
        raise InputError(f"{path}: the split names it, but there is no such file") from None
    except OSError as error:
        raise InputError(f"{shown(str(path))}: cannot be read ({error.strerror})") from None


def _read_captions(
    path: pathlib.Path,
) -> tuple[dict[tuple[float, float], list[str]], list[InputError]]:
    """Captions by span in seconds, and the lines that are left out.

    (0, 0) is the whole motion, and so is a NaN span.
    """
    spans: dict[tuple[float, float], list[str]] = {}
    faults = []
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        where, fields = f"{path}, line {number}", line.strip().split("#")
        try:
            start, end = (float(field) for field in fields[2:4])
        except ValueError:
            faults.append(
                InputError(
                    f"{where}: found {quoted(line)}; expected caption#word/POS ...#start#end"
                )
            )
            continue
        whole = not np.isfinite([start, end]).all() or (start, end) == (0.0, 0.0)
        if not whole and not 0 <= start < end <= MOST_SECONDS:
            faults.append(InputError(f"{where}: the span {start:g}-{end:g} s is not one"))
        elif not fields[0].strip():
            faults.append(InputError(f"{where}: the caption is empty"))
        else:
            spans.setdefault((0.0, 0.0) if whole else (start, end), []).append(fields[0].strip())
    if not spans and not faults:
        raise InputError(f"{path}: there is no caption")
    return spans, faults
