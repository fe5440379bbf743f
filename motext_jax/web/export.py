"""Chosen spans as one zip, cut from the original files."""

import json
import pathlib
import tempfile
import threading
import zipfile
from typing import Any

from starlette.requests import Request

from motext_jax.errors import InputError
from motext_jax.library import EXPORTS
from motext_jax.library.query import Answer
from motext_jax.shown import quoted
from motext_jax.web.asked import checked
from motext_jax.web.shelf import Library, Shelf

SPANS = 100
"""The most spans of an export."""

BODY_BYTES = 64 * 1024
"""The largest request for one."""

FRAMES = 500_000
"""The most frames of an export's spans: over an hour at 120 frames a second."""

ARCHIVE_BYTES = 1 << 29
"""The largest zip."""


class TooLarge(InputError):
    """A request is larger than what is read of it."""


async def body(request: Request) -> bytes:
    """The body of a request.

    Raises:
      TooLarge: it has more than `BODY_BYTES`; the rest is not read.
    """
    read = b""
    async for chunk in request.stream():
        read += chunk
        if len(read) > BODY_BYTES:
            raise TooLarge(f"the request is too large; expected at most {BODY_BYTES:,} bytes")
    return read


def chosen(sent: bytes, shelf: Shelf) -> tuple[list[Answer], str]:
    """The spans and the format of a request: {"format": ..., "spans": [...]}.

    A span is {"file", "start", "end", "mirrored"}.

    Raises:
      InputError: it is written otherwise, names no take of the library, or asks for too much.
    """
    try:
        asked: Any = json.loads(sent)
        kind, spans = asked["format"], list(asked["spans"])
        rows = [
            (span["file"], float(span["start"]), float(span["end"]), span.get("mirrored", False))
            for span in spans
        ]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError):
        raise InputError(
            "the request is no export; expected a format, and spans with file, start and end"
        ) from None
    if kind not in list(EXPORTS):
        raise InputError(f"format {quoted(kind)}: expected one of {', '.join(EXPORTS)}")
    if not 1 <= len(rows) <= SPANS:
        raise InputError(f"{len(rows)} spans are chosen; expected 1 to {SPANS}")
    answers, frames = [], 0.0
    for file, start, end, mirrored in rows:
        if not isinstance(file, str) or not isinstance(mirrored, bool):
            raise InputError("a span's file is a text, and mirrored is true or false")
        span = checked(file, start, end, shelf)
        take = shelf.take(file)
        end = min(end, take.seconds)
        frames += (end - span.start) * take.fps
        answers.append(Answer(file, span.start, end, 0.0, "", take.captions, mirrored))
    if frames > FRAMES:
        raise InputError(
            f"the chosen spans have {frames:,.0f} frames; expected at most {FRAMES:,}: choose "
            "fewer or shorter ones"
        )
    return answers, kind


def zipped(
    library: Library, answers: list[Answer], kind: str, given_up: threading.Event
) -> tempfile.SpooledTemporaryFile:
    """A zip of what the library writes of the spans, at its first byte; closing it removes it.

    Args:
      library: the library.
      answers: the spans.
      kind: one of `EXPORTS`.
      given_up: nobody waits any more; it ends before the next span.

    Raises:
      InputError: an original is gone or cannot be read, or the zip is larger than `ARCHIVE_BYTES`.
    """
    # Whole before its first byte is sent, so that a fault is still a sentence; beside it is one
    # span at a time on the disk. The answer is read from it after this has returned.
    archive: tempfile.SpooledTemporaryFile = tempfile.SpooledTemporaryFile(8 << 20)  # noqa: SIM115
    try:
        with tempfile.TemporaryDirectory(prefix="motext_jax-export-") as name:
            folder = pathlib.Path(name)
            with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
                for path in library.cut(answers, folder, kind):
                    if given_up.is_set():
                        raise InputError("nobody waits for the export any more")
                    file.write(path, path.relative_to(folder).as_posix())
                    path.unlink()
                    if archive.tell() > ARCHIVE_BYTES:
                        raise InputError(
                            f"the motions take over {ARCHIVE_BYTES >> 20} MiB; choose fewer or "
                            "shorter spans"
                        )
    except BaseException:
        archive.close()
        raise
    archive.seek(0)
    return archive
