"""Takes read from their files, by several processes."""

import dataclasses
import functools
import os
import pathlib
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from motext_jax.data.workers import alone, in_processes
from motext_jax.errors import InputError, Unsaid
from motext_jax.library.folder import content_digest
from motext_jax.library.query import Poses, Span
from motext_jax.library.windows import widened
from motext_jax.motion.files import Given, Take, files_beside, read_recording, take_of_file
from motext_jax.motion.motion import Motion, resample
from motext_jax.shown import quoted

PART = 8
"""Files that a process reads at once."""

ROUND = 4096
"""Files whose motions may wait in memory for their turn to be embedded."""

PREVIEW = 12.0
"""About the frames a second of the small preview."""


@dataclasses.dataclass(frozen=True)
class Asked:
    """A file to read.

    Attributes:
      path: the file.
      name: its name in the library.
      given: what is known of it.
      fps: frames a second if nobody knows them; 0 for none.
      rate: frames a second of the model's clips.
    """

    path: pathlib.Path
    name: str
    given: Given
    fps: float
    rate: float


@dataclasses.dataclass(frozen=True, eq=False)
class Found:
    """A file that was read.

    Attributes:
      asked: the file.
      digest: digest of its content.
      motion: the take on smpl22 at the rate of the model's clips.
      poses: the small preview.
      seconds: duration of the take.
      start: time of its first frame, in seconds of the file.
      fps: the file's frames a second.
      skeleton: format and number of joints.
    """

    asked: Asked
    digest: str
    motion: Motion
    poses: Poses
    seconds: float
    start: float
    fps: float
    skeleton: str


@dataclasses.dataclass(frozen=True)
class Bad:
    """A file that could not be read.

    Attributes:
      asked: the file.
      reason: a sentence on why.
      digest: digest of its content; empty where it could not be opened.
      passing: True if the fault may pass without a change of the file, as that of a disk.
    """

    asked: Asked
    reason: str
    digest: str = ""
    passing: bool = False


def read_takes(
    files: Sequence[Asked], processes: int, started: Callable[[], None] = lambda: None
) -> Iterator[Found | Bad]:
    """Each file's take, in the order in which they are read.

    Args:
      files: the files.
      processes: number of processes that read, where it takes long.
      started: called where other processes start, while they do.
    """
    done = 0
    for take in alone(read, files, processes):
        yield take
        done += 1
    for first in range(done, len(files), ROUND):
        batch = files[first : min(first + ROUND, len(files))]
        parts = [batch[start : start + PART] for start in range(0, len(batch), PART)]
        for _, found in in_processes(_read_part, parts, processes, started):
            yield from found


def _read_part(files: Sequence[Asked]) -> list[Found | Bad]:
    return [read(file) for file in files]


def read(asked: Asked) -> Found | Bad:
    """A file's take, or the reason why there is none."""
    digest = ""
    try:
        digest = content_digest(asked.path, asked.given, asked.fps)
        return _read(asked, digest)
    except InputError as error:
        return Bad(asked, _relative(str(error), asked), digest)
    except OSError as error:
        reason = f"{asked.name}: cannot be read ({error.strerror or error})"
        return Bad(asked, reason, digest, passing=True)


def read_whole(path: str | os.PathLike, given: Given, fps: float = 0.0) -> tuple[Motion, float]:
    """A file's motion on smpl22, and the time of its first frame in seconds of the file.

    Args:
      path: the file.
      given: what is known of it.
      fps: frames a second if nobody knows them; 0 for none.

    Raises:
      InputError: as `files.read_motion`, or it has one frame.
    """
    take, _ = whole_take(path, given, fps)
    return take.on_smpl22(), first_second(take)


def example(like: Span, fps: float = 0.0) -> Motion:
    """The motion of an example from outside of a library, on smpl22; see `windows.widened`.

    Args:
      like: its file is a path.
      fps: frames a second if the file does not say them; 0 for none.

    Raises:
      InputError: as `read_whole`, or the file has no such seconds.
    """
    motion, start = _outside(like.file, _stamps(like.file), fps)
    end = motion.seconds if like.end is None else like.end - start
    if like.start - start >= motion.seconds or end <= 0:
        raise InputError(
            f"{quoted(like.file)} has {start + motion.seconds:.2f} s, and the example is from "
            f"{like.start:g} s on; give a span within it"
        )
    begin, end = max(like.start - start, 0.0), min(end, motion.seconds)
    return motion.part(motion.frames(*widened(begin, end, 0.0, motion.seconds)))


def last_second(like: Span, fps: float = 0.0) -> float:
    """The end of an example's whole file, in seconds of the file; arguments as of `example`."""
    motion, start = _outside(like.file, _stamps(like.file), fps)
    return start + motion.seconds


# An example is looked at before anything slow, and again for each query that it is in.
@functools.lru_cache(maxsize=1)
def _outside(path: str, stamps: tuple[tuple[int, int], ...], fps: float) -> tuple[Motion, float]:
    """As `read_whole`; the last one is kept, with the sizes and times of its files."""
    return read_whole(path, Given(), fps)


def _stamps(path: str) -> tuple[tuple[int, int], ...]:
    """Size and time of a file and of those beside it; none where one is gone."""
    try:
        found = [os.stat(part) for part in (pathlib.Path(path), *files_beside(path))]
    except OSError:
        # Its reader says so.
        return ()
    return tuple((one.st_size, one.st_mtime_ns) for one in found)


def whole_take(path: str | os.PathLike, given: Given, fps: float) -> tuple[Take, str]:
    """A file's take, and its format and number of joints; arguments and errors as `read_whole`.

    One frame shows a pose and no motion, so that it is no take either.
    """
    recording = read_recording(path, given.body_models)
    if fps and not recording.fps and not given.fps:
        given = dataclasses.replace(given, fps=fps)
    kind = pathlib.Path(path).suffix.lower().removeprefix(".")
    try:
        take = take_of_file(recording, given, path)
    except Unsaid as error:
        # Of every command that reads takes into a library or for one.
        raise InputError(f"{error} as --source_fps=30, or whatever they are") from None
    if len(take.motion.joints) < 2:
        raise InputError(f"{path}: one frame, which is a pose and no motion")
    return take, f"{kind} of {len(recording.joints)} joints"


def first_second(take: Take) -> float:
    """The time of a take's first frame, in seconds of the file."""
    return take.left_out / take.motion.fps


def _read(asked: Asked, digest: str) -> Found:
    take, skeleton = whole_take(asked.path, asked.given, asked.fps)
    motion, start = take.on_smpl22(), first_second(take)
    clip = resample(motion, asked.rate)
    return Found(
        asked, digest, clip, preview(motion, start), motion.seconds, start, motion.fps, skeleton
    )


def preview(motion: Motion, start: float) -> Poses:
    """The small preview of a take: every so many frames, in whole millimetres."""
    every = max(1, round(motion.fps / PREVIEW))
    joints = motion.joints[::every]
    # Half of a way is within the 32 metres of 16 bits where a whole one is not.
    root, across = joints[:, motion.skeleton.root], [k for k in range(3) if k != motion.skeleton.up]
    middle = np.zeros(3)
    middle[across] = (root[:, across].min(axis=0) + root[:, across].max(axis=0)) / 2
    millimetres = np.clip(np.round((joints - middle) * 1000), -32767, 32767)
    return Poses(millimetres.astype(np.int16), motion.fps / every, start=start)


def _relative(sentence: str, asked: Asked) -> str:
    """The sentence with the file's name in the library for its path."""
    return sentence.replace(os.fspath(asked.path), asked.name)
