"""The server of the page: a few addresses over a library, and the page's own files."""

import contextlib
import importlib.resources
import logging
import math
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import Any

import anyio
from fastapi import FastAPI, Request
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import JSONResponse, Response, StreamingResponse
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException

from motext_jax.errors import InputError
from motext_jax.library import EXPORTS
from motext_jax.library.query import MOST_LETTERS, Answer, Take
from motext_jax.shown import printable
from motext_jax.web import asked, export
from motext_jax.web.discreet import Discreet
from motext_jax.web.examples import Examples
from motext_jax.web.guard import Guard
from motext_jax.web.packed import packed
from motext_jax.web.shelf import Library, Shelf
from motext_jax.web.threads import Late, Threads

ANSWER_SECONDS = 10.0
"""The longest that a visitor waits for an answer, and for an export six times that."""

AT_ONCE, EXPORTS_AT_ONCE = 4, 2
"""Questions that the library answers at once, and exports; the others wait."""

PREVIEW_SECONDS = 120.0
"""The longest preview of one request; a long take comes in pieces."""

BEGINNING_SECONDS = 5.0
"""Seconds of a take that are shown where nothing is asked."""

INSTEAD = "“{}” with the filter “Not like” “{}”".format
"""Says how to ask for one text and to exclude another, by the page's own names."""

_KINDS = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}


def page_app(library: Library, host: str = "127.0.0.1", public: Sequence[str] = ()) -> Guard:
    """The page over a library.

    Args:
      library: the library; several threads call it at once.
      host: the name or the address that the server listens on.
      public: names by which others reach it, as that of a proxy before it.
    """
    threads, exports = Threads(AT_ONCE, "answer"), Threads(EXPORTS_AT_ONCE, "export")

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        threads.close()
        exports.close()
        examples.close()

    # FastAPI's own pages load scripts of other hosts.
    app = FastAPI(
        title="motext_jax", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan
    )
    app.add_middleware(GZipMiddleware, minimum_size=500, compresslevel=5)
    library = Discreet(library)
    shelf = Shelf(library)
    examples = Examples(library, shelf)
    _say_errors(app)
    for name, content in _files().items():
        app.add_api_route(f"/{name}", _static(name, content), methods=["GET"])
        if name == "index.html":
            app.add_api_route("/", _static(name, content), methods=["GET"])

    @app.get("/api/library")
    async def about() -> Response:
        """The size of the library, and examples of queries; null while these are searched."""

        def work() -> dict[str, Any]:
            takes = shelf.takes().values()
            return {
                "takes": len(takes),
                "seconds": sum(take.seconds for take in takes),
                "examples": examples.now(),
                "limits": {
                    "letters": MOST_LETTERS,
                    "answers": asked.ANSWERS,
                    "few": asked.FEW,
                    "spans": export.SPANS,
                    "preview": PREVIEW_SECONDS,
                },
                "formats": EXPORTS,
            }

        return JSONResponse(await threads.result(work, ANSWER_SECONDS))

    @app.get("/api/search")
    async def search(request: Request) -> Response:
        """The places that answer a query, the best first."""

        def work() -> dict[str, Any]:
            given = request.query_params
            began = time.monotonic()
            query = asked.query(given, shelf, "top")
            top = asked.count(given, "top", asked.FEW, asked.ANSWERS)
            answers = library.search(query, top=top)
            takes = shelf.takes()
            return {
                "answers": [
                    _answer(answer, takes[answer.file])
                    for answer in answers
                    # One that the indexer has added a moment ago is not on the shelf yet.
                    if answer.file in takes
                ],
                # Before the notes, for which an order's actions are searched again.
                "took": time.monotonic() - began,
                "notes": list(map(printable, library.notes(query, answers, INSTEAD))),
            }

        return JSONResponse(await threads.result(work, ANSWER_SECONDS))

    @app.get("/api/takes")
    async def takes(request: Request) -> Response:
        """The takes by name, each with its beginning, as answers without a score."""

        def work() -> dict[str, Any]:
            given = request.query_params
            asked.check_names(given, asked.FILTERS | {"top"})
            top = asked.count(given, "top", asked.FEW, asked.ANSWERS)
            found = shelf.chosen(asked.where(given), asked.text(given, "captions"))
            return {"answers": [_beginning(take) for take in found[:top]], "all": len(found)}

        return JSONResponse(await threads.result(work, ANSWER_SECONDS))

    @app.get("/api/take")
    async def take(request: Request) -> Response:
        """A take: its seconds, rate, skeleton and captions."""

        def work() -> dict[str, Any]:
            asked.check_names(request.query_params, frozenset({"file"}))
            return _take(shelf.take(request.query_params.get("file", "")))

        return JSONResponse(await threads.result(work, ANSWER_SECONDS))

    @app.get("/api/poses")
    async def poses(request: Request) -> Response:
        """A preview of a span of a take, as `packed` lays it out."""

        def work() -> bytes:
            given = request.query_params
            asked.check_names(given, frozenset({"span"}))
            span = asked.span(given.get("span", ""), shelf)
            seconds = min(span.end or math.inf, shelf.take(span.file).seconds) - span.start
            if seconds > PREVIEW_SECONDS:
                raise InputError(f"{seconds:g} s of poses; expected at most {PREVIEW_SECONDS:g} s")
            return packed(library.poses(span.file, span.start, span.end))

        return Response(
            await threads.result(work, ANSWER_SECONDS), media_type="application/octet-stream"
        )

    @app.get("/api/curve")
    async def curve(request: Request) -> Response:
        """Similarity of a query over a take or its mirror image, and the places that answer it."""

        def work() -> dict[str, Any]:
            given = request.query_params
            query = asked.query(given, shelf, "file", "flipped")
            found = shelf.take(given.get("file", ""))
            over = library.curve(found.file, query, asked.switch(given, "flipped"))
            return {
                "seconds": [round(float(second), 3) for second in over.seconds],
                "scores": [round(float(score), 4) for score in over.scores],
                "places": [_answer(place, found) for place in over.places],
            }

        return JSONResponse(await threads.result(work, ANSWER_SECONDS))

    @app.post("/api/export")
    async def exported(request: Request) -> Response:
        """A zip of chosen spans."""
        with anyio.move_on_after(ANSWER_SECONDS) as limit:
            sent = await export.body(request)
        if limit.cancelled_caught:
            raise Late(f"the request has not come whole in {ANSWER_SECONDS:g} s; send it again")

        given_up = threading.Event()

        def work() -> Any:
            return export.zipped(library, *export.chosen(sent, shelf), given_up)

        try:
            archive = await exports.result(work, 6 * ANSWER_SECONDS)
        except Late:
            given_up.set()
            raise
        return StreamingResponse(
            _pieces(archive),
            media_type="application/zip",
            headers={"Content-Disposition": 'attachment; filename="motions.zip"'},
            background=BackgroundTask(archive.close),
        )

    # Around all of it: as a middleware it would not see the answer to a fault.
    return Guard(app, host, public)


def _take(take: Take) -> dict[str, Any]:
    return {
        "file": take.file,
        "seconds": float(take.seconds),
        "fps": float(take.fps),
        "skeleton": printable(take.skeleton),
        "captions": [printable(caption) for caption in take.captions],
    }


def _answer(answer: Answer, take: Take) -> dict[str, Any]:
    answer = answer.rounded()
    return {
        "file": answer.file,
        "start": answer.start,
        "end": answer.end,
        "of": float(take.seconds),
        "score": answer.score,
        "word": answer.word,
        "captions": [printable(caption) for caption in answer.captions],
        "mirrored": bool(answer.mirrored),
        "parts": answer.parts,
    }


def _beginning(take: Take) -> dict[str, Any]:
    end = min(take.seconds, BEGINNING_SECONDS)
    answer = Answer(take.file, 0.0, end, 0.0, "", take.captions, False)
    return {**_answer(answer, take), "score": None}


def _pieces(file: Any) -> Iterator[bytes]:
    while piece := file.read(1 << 18):
        yield piece


def _files() -> dict[str, bytes]:
    """The page's files by name, read once: no address is ever joined to a path."""
    folder = importlib.resources.files("motext_jax.web") / "page"
    return {file.name: file.read_bytes() for file in folder.iterdir() if "." in file.name}


def _static(name: str, content: bytes) -> Callable[[], Response]:
    kind = _KINDS[name.rpartition(".")[2]]

    def answer() -> Response:
        return Response(content, media_type=kind, headers={"Cache-Control": "no-cache"})

    return answer


def _say_errors(app: FastAPI) -> None:
    """Answers every error by one sentence; what only we can mend is told to the terminal."""

    def said(status: int, sentence: str) -> Response:
        return JSONResponse({"error": sentence}, status_code=status)

    @app.exception_handler(InputError)
    def bad_input(_: Request, error: Exception) -> Response:
        return said(413 if isinstance(error, export.TooLarge) else 400, str(error))

    @app.exception_handler(Late)
    def late(_: Request, error: Exception) -> Response:
        return said(503, str(error))

    @app.exception_handler(HTTPException)
    def not_found(_: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        sentence = {404: "there is nothing at this address", 405: "this address takes no such call"}
        return said(status, sentence.get(status, "this cannot be answered"))

    @app.exception_handler(OSError)
    def unreadable(_: Request, error: Exception) -> Response:
        strerror = getattr(error, "strerror", None) or "the disk does not answer"
        logging.getLogger("uvicorn.error").warning("%s", error)
        return said(500, f"a file of the library cannot be read: {printable(strerror)}")

    @app.exception_handler(Exception)
    def fault(_: Request, error: Exception) -> Response:
        return said(500, "a fault of this program; its terminal says which")
