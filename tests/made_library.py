"""A library of made people: a word of a caption counts where a model would compare vectors."""

import functools
import pathlib
import re

import numpy as np

from motext_jax.data.people.source import people_motion
from motext_jax.library.instead import Instead
from motext_jax.library.query import Answer, Curve, Poses, Query, Span, Take
from motext_jax.library.where import condition
from motext_jax.skeleton import SMPL22

FPS = 15.0

HOSTILE = "<img src=x onerror=alert(1)>/\u202egpj.bvh"
"""A file whose name is markup, and turns the direction of the line."""

SIDES = tuple(
    next((side for side in ("left", "right") if joint.startswith(side)), "")
    for joint in SMPL22.joints
)


@functools.cache
def motion(number: int):
    """Joints [t v 3] at 15 fps, and the captions of a made person."""
    made = people_motion("test", number)
    return made.motion.joints[::2], made.captions


class MadeLibrary:
    """Takes of one to three motions, one after the other.

    Attributes:
      queries: every query that was asked.
      written: every (answers, format) that was written.
      curves: every (file, mirrored) whose curve was asked for.
    """

    folder = pathlib.Path("/srv/mo cap, 2024")

    def __init__(self, takes: int = 30):
        self.queries: list[Query] = []
        self.written: list[tuple] = []
        self.curves: list[tuple[str, bool]] = []
        self._parts: dict[str, list[tuple[float, float, tuple[str, ...]]]] = {}
        self._joints: dict[str, np.ndarray] = {}
        number = 0
        for take in range(takes):
            name = f"day_{take // 10 + 1}/take_{take:03d}.bvh" if take else HOSTILE
            parts, joints = [], []
            for _ in range(1 + take % 3):
                moved, captions = motion(number)
                end = joints[-1][-1, 0] if joints else moved[0, 0]
                joints.append(moved + (end - moved[0, 0]) * [1, 0, 1])
                start = parts[-1][1] if parts else 0.0
                parts.append((start, start + len(moved) / FPS, tuple(captions)))
                number += 1
            if not take:
                parts[0] = (*parts[0][:2], ("<b>markup</b> & \u202eturned", *parts[0][2]))
            self._parts[name], self._joints[name] = parts, np.concatenate(joints)

    def takes(self) -> list[Take]:
        return [
            Take(
                file,
                len(self._joints[file]) / FPS,
                30.0,
                "smpl22",
                tuple(captions[0] for *_, captions in parts),
                len(parts),
            )
            for file, parts in self._parts.items()
        ]

    def search(self, query: Query, top: int = 10) -> list[Answer]:
        self.queries.append(query)
        passes = condition(query.where)
        answers = [
            self._answer(take.file, part, query)
            for take in self.takes()
            if passes(take)
            for part in self._parts[take.file]
            if not query.like or not _is_in(query.like, take.file, part)
        ]
        found: dict[str, Answer] = {}
        for answer in sorted(answers, key=lambda answer: -answer.score):
            if answer.score > 0:
                found.setdefault(answer.file, answer)
        return list(found.values())[:top]

    def left_out(self, file: str) -> str:
        return f"{self.folder / file}: no motion" if file == "bad.bvh" else ""

    def notes(self, query: Query, answers: list[Answer], instead: Instead) -> list[str]:
        return [f"said of {len(answers)}: {instead('a', '<b>')}"] if not answers else []

    def poses(self, file: str, start: float = 0, end: float | None = None) -> Poses:
        joints = self._joints[file]
        last = len(joints) if end is None else min(round(end * FPS) + 1, len(joints))
        chosen = joints[round(start * FPS) : last]
        positions = np.round(1000 * chosen).astype(np.int16)
        return Poses(positions, FPS, SMPL22.parents, SIDES, round(start * FPS) / FPS)

    def curve(self, file: str, query: Query, mirrored: bool = False) -> Curve:
        self.queries.append(query)
        self.curves.append((file, mirrored))
        answers = [self._answer(file, part, query) for part in self._parts[file]]
        seconds = np.arange(0, len(self._joints[file]) / FPS, 0.5)
        cosines = np.max(
            [a.score * np.exp(-((seconds - (a.start + a.end) / 2) ** 2)) for a in answers], axis=0
        )
        return Curve(
            tuple(seconds.tolist()),
            tuple(cosines.tolist()),
            tuple(a for a in answers if a.score > 0.3),
        )

    def cut(self, answers, folder: pathlib.Path, format: str = "bvh"):
        self.written.append((list(answers), format))
        for number, answer in enumerate(answers):
            stem = re.sub(r"\W+", "_", answer.file)
            path = folder / f"{number}_{stem}_{answer.start:.2f}-{answer.end:.2f}.{format}"
            path.write_text("HIERARCHY\n")
            yield path

    def _answer(self, file, part, query: Query) -> Answer:
        start, end, captions = part
        asked = self._words(query)
        theirs = {word for caption in captions for word in caption.lower().split()}
        cosine = len(asked & theirs) / max(len(asked), 1)
        cosine -= 0.002 * len(theirs)
        word = "likely" if cosine > 0.7 else "perhaps" if cosine > 0.4 else "unlikely"
        return Answer(file, start, end, cosine, word, captions, query.mirrored and cosine < 0.4)

    def _words(self, query: Query) -> set[str]:
        words = set((query.text or "").lower().split())
        if query.like:
            for part in self._parts[query.like.file]:
                if _is_in(query.like, query.like.file, part):
                    words |= set(part[2][0].lower().split())
        return words


def _is_in(like: Span, file, part) -> bool:
    """True for a part of the take that is more than touched by an example."""
    start, end, _ = part
    return file == like.file and min(end, like.end) - max(start, like.start) > 0.3
