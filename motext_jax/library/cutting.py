"""Found spans written as files for the next tool, cut from the originals."""

import math
import pathlib
from collections.abc import Iterator, Sequence

from motext_jax.counted import counted
from motext_jax.data.captioned_folder import JOINTS
from motext_jax.errors import InputError
from motext_jax.library import EXPORTS
from motext_jax.library.folder import Folder
from motext_jax.library.query import Answer
from motext_jax.library.reading import first_second, whole_take
from motext_jax.library.rows import Row
from motext_jax.motion.bvh import read_bvh
from motext_jax.motion.files import Given
from motext_jax.motion.joint_array import MOST_JOINTS
from motext_jax.motion.motion_file import write_motion
from motext_jax.motion.text_file import open_lines
from motext_jax.shown import printable, quoted
from motext_jax.whole_file import write_text

NAME_BYTES = 160
"""The most of a name before its seconds, in UTF-8; file systems take 255 in all."""


def cut_answers(
    folder: pathlib.Path,
    rows: Sequence[Row],
    answers: Sequence[Answer],
    out: pathlib.Path,
    form: str,
    fps: float = 0.0,
    *,
    again: str,
) -> Iterator[pathlib.Path]:
    """Writes each answer's span as a file when it is asked for the next one.

    All originals are looked at before the first is cut.

    The names begin with the answers' ranks.

    An .npz file holds `positions` [t v 3] in metres with y up and the floor at zero, `joint_names`,
    `parents` and `fps`. A joints.csv of the library's folder goes along as the last file, so that
    their joints are found as the originals' were. Mirrored answers are written as the file has
    them.

    Args:
      folder: the library's folder.
      rows: the library's row of each answer's file.
      answers: the answers.
      out: the folder to write to.
      form: one of `EXPORTS`.
      fps: frames a second of files that do not say theirs.
      again: the command that brings the library up to date.

    Raises:
      InputError: the format is none, or an original is gone, has changed or cannot be read.
    """
    if form not in EXPORTS:
        raise InputError(f"the format is {quoted(form)}; expected one of {', '.join(EXPORTS)}")
    source = Folder(folder)
    table = None if form == "joints" else source.named_joints()
    if table is not None:
        _check_free(out / JOINTS, table)
    _check_same(source, rows, fps, again)
    for rank, (row, answer) in enumerate(zip(rows, answers, strict=True), start=1):
        given = source.given(source.said(row.file))
        path = folder / row.file
        stem = f"{rank:03d}_{_flat(row.file)}_{answer.start:.2f}-{answer.end:.2f}"
        if form == "bvh" and path.suffix.lower() == ".bvh":
            yield _write_bvh(path, row, answer, out / f"{stem}.bvh")
        else:
            yield _write_array(path, given, fps, answer, out / f"{stem}.npz", form)
    if answers and table is not None:
        write_text(table, out / JOINTS)
        yield out / JOINTS


def _check_free(path: pathlib.Path, table: str) -> None:
    """Raises InputError where another table of joints stands."""
    if path.is_file() and path.read_bytes() != table.encode():
        raise InputError(
            f"{path} names the joints of other files, and the exported ones would bring their own; "
            "export to another folder"
        )


def _check_same(source: Folder, rows: Sequence[Row], fps: float, again: str) -> None:
    """Raises InputError where files are no more what was indexed."""
    faults = {}
    for row in rows:
        try:
            stamp, _ = source.stamp(row.file, source.given(source.said(row.file)), fps)
        except OSError:
            faults[row.file] = "is gone"
        else:
            if stamp != row.stamp:
                faults[row.file] = "has changed"
    for file, why in faults.items():
        more = len(faults) - 1
        others = f" ({counted(more, 'more file is', 'more files are')} not as then)" if more else ""
        raise InputError(
            f"{source.path / file}: {why} since it was indexed{others}; index again: {again}"
        )


def _flat(file: str) -> str:
    """A file's name without folders and its ending, for one name in a folder."""
    whole = str(pathlib.PurePosixPath(file).with_suffix("")).replace("/", "__")
    return printable(whole).encode()[-NAME_BYTES:].decode(errors="ignore")


def _write_bvh(path: pathlib.Path, row: Row, answer: Answer, target: pathlib.Path) -> pathlib.Path:
    """Cuts a BVH file: its hierarchy and some of its frames, as they stand."""
    original = read_bvh(path)
    count = len(original.frames)
    first = min(max(int(answer.start * row.fps + 1e-6), 0), count - 1)
    last = min(max(round(answer.end * row.fps), first + 1), count)
    with open_lines(path) as lines:
        head = []
        for line in lines:
            head.append(line)
            if line.strip().upper() == "MOTION":
                break
        head.append(f"Frames: {last - first}")
        lines.next_filled()
        frame_time = lines.next_filled()
        frames = [line for line in map(str.strip, lines) if line]
        if not frame_time.lower().startswith("frame"):
            # The file does not say its rate, and this line is its first frame.
            frames.insert(0, frame_time)
            frame_time = f"Frame Time: {1 / row.fps:.9g}"
        elif not math.isclose(original.fps or 0, row.fps, rel_tol=1e-3):
            # captions.csv says another one than the file.
            frame_time = f"Frame Time: {1 / row.fps:.9g}"
        head.append(frame_time)
    if len(frames) != count:
        raise InputError(
            f"{path}: {counted(len(frames), 'line')} of numbers and "
            f"{counted(count, 'frame')}; not cut"
        )
    write_text("\n".join([*head, *frames[first:last], ""]), target)
    return target


def _write_array(
    path: pathlib.Path, given: Given, fps: float, answer: Answer, target: pathlib.Path, form: str
) -> pathlib.Path:
    """Writes a span's joint positions as an .npz file, as `joint_array` reads it."""
    take, _ = whole_take(path, given, fps)
    many = len(take.motion.skeleton.joints) > MOST_JOINTS
    motion = take.on_smpl22() if form == "joints" or many else take.motion
    offset = first_second(take)
    part = motion.part(
        motion.frames(max(answer.start - offset, 0), max(answer.end - offset, 1 / motion.fps))
    )
    write_motion(part, target)
    return target
