"""Flags of a search of a library."""

import itertools
import os
import pathlib
import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING

from absl import flags

from motext_jax.errors import InputError, naming
from motext_jax.given_flags import check_needed, check_values
from motext_jax.library import EXPORTS
from motext_jax.library.address import check_library
from motext_jax.outputs import check_file, check_new_folder, check_outside, is_within
from motext_jax.shown import shown

if TYPE_CHECKING:
    from motext_jax.library.request import Request

# A flag that is defined here is the command's own, for --help.
flags.disclaim_key_flags()

OWN = (
    *("like", "not", "where", "captions", "mirrored", "within", "text_weight", "like_weight"),
    *("each", "json", "csv", "export", "export_format"),
)
"""Flags of a search of takes, which mean nothing for a data set."""

STDOUT = "-"
"""The name that stands for stdout."""

PICTURES = (".png", ".webp", ".html", ".pdf", ".svg")
"""Endings of files for pictures of answers."""


def define() -> None:
    """Defines the flags of `asked`."""
    flags.DEFINE_string("library", None, "A library that index made, with or without FOLDER.")
    flags.DEFINE_string("like", None, "An example: a file, or some seconds of it.")
    flags.DEFINE_multi_string("not", [], "Without what is nearer to this text.")
    flags.DEFINE_string(
        "where", "", "Takes of which this is true: seconds > 2 and file like '%walk%'."
    )
    flags.DEFINE_string("captions", "", "Takes whose captions have these words.")
    flags.DEFINE_bool("mirrored", False, "Mirror images of takes are answers, too.")
    flags.DEFINE_string("within", "", "One take, as answers name it or as a path: places in it.")
    flags.DEFINE_float("text_weight", 1.0, "The text's weight beside an example.", lower_bound=0)
    flags.DEFINE_float("like_weight", 1.0, "The example's weight beside a text.", lower_bound=0)
    flags.DEFINE_integer("each", None, "The most answers of one take; else 1.", lower_bound=1)
    flags.DEFINE_string(
        "json", "", "The answers as JSON; - for stdout, which then has nothing else."
    )
    flags.DEFINE_string("csv", "", "The answers as CSV; - likewise.")
    flags.DEFINE_string("export", "", "A folder for the found spans, cut from the originals.")
    flags.DEFINE_enum("export_format", "bvh", EXPORTS, f"Its format: {_listed(EXPORTS)}.")


def _listed(formats: Mapping[str, str]) -> str:
    return "; ".join(f"{name}: {meaning}" for name, meaning in formats.items())


def check_folder(folder: str, meant: str = "") -> None:
    """Raises InputError unless it is a folder with a motion file, before a model is loaded.

    Args:
      folder: the folder.
      meant: the flag whose value another text is likely to be; empty for none.
    """
    if pathlib.Path(folder).is_file():
        raise InputError(f"{folder}: a file; give the folder that holds the takes")
    if not pathlib.Path(folder).is_dir():
        text = shlex.quote(shown(folder))
        hint = f"; did you mean --{meant}={text}?" if meant else ""
        raise InputError(
            f"{folder}: there is no such folder; give the one that holds the takes{hint}"
        )
    # Not above, for --help need not wait for it.
    from motext_jax.library.folder import check_motion

    check_motion(folder)


def check_places(library: str, model: str, makes: bool) -> None:
    """Raises InputError for a library or a model that is not there, before one is loaded.

    Args:
      library: the library's address; empty for the folder's own.
      model: the model's place; empty for the library's own.
      makes: True for a command that makes a library where there is none.
    """
    with naming("library"):
        check_library(library, makes)
    if model:
        # Not above, for --help need not wait for it.
        from motext_jax.trained.places import check_model

        with naming("model"):
            check_model(model)


def check_outputs(*, json: str = "", csv: str = "", out: str = "", export: str = "") -> None:
    """Raises InputError for places that cannot be written to, or that are in each other's way.

    Args:
      json: a file, `-` for stdout; empty for none.
      csv: likewise.
      out: a file; empty for none.
      export: a new or an empty folder; empty for none.
    """
    if json == csv == STDOUT:
        raise InputError("--json and --csv both write to the terminal; give one of them a file")
    files = {"json": json, "csv": csv, "out": out}
    places = {name: path for name, path in files.items() if path not in ("", STDOUT)}
    if export:
        places["export"] = export
    for one, other in itertools.permutations(places, 2):
        if os.path.realpath(places[one]) == os.path.realpath(places[other]):
            raise InputError(f"--{one} and --{other} are the same place; give two")
        if is_within(places[one], places[other]):
            raise InputError(
                f"--{one}={places[one]}: it is in what --{other} names; give a place outside of it"
            )
    for name, path in places.items():
        with naming(name):
            if name == "export":
                check_new_folder(path)
            else:
                check_file(path, f".{name}" if name in ("json", "csv") else "")


def check_fps(fps: float) -> None:
    """Raises InputError unless it is a frame rate, or 0 for none."""
    if fps and not 0.1 <= fps <= 10_000:
        raise InputError(f"--source_fps={fps:g}; expected 0.1 to 10,000 frames a second")


def check_picture(out: str) -> None:
    """Raises InputError unless the name of a file for pictures ends in one of `PICTURES`."""
    if out and pathlib.Path(out).suffix.lower() not in PICTURES:
        raise InputError(f"--out={out}: expected a name that ends in one of {', '.join(PICTURES)}")


def asked(folder: str, queries: list[str], top: int, out: str) -> "Request | None":
    """The search of a folder or a library; None where the command line names neither.

    Args:
      folder: a folder to index first; empty for none.
      queries: the texts.
      top: the most answers of each.
      out: a file for pictures; empty for none.

    Raises:
      InputError: a flag needs another one, contradicts one, or names what is not there.
    """
    given = flags.FLAGS
    check_values(*OWN, "library", "model", "out")
    if not folder and not given.library:
        stray = next((name for name in OWN if given[name].present), "")
        if stray:
            raise InputError(f"--{stray} is for a library; name a folder, or add --library=DIR")
        return None
    if folder:
        # A path has a separator more often than blanks, and a description the other way round.
        is_text = not queries and " " in folder and os.sep not in folder
        check_folder(folder, "query" if is_text else "")
    for name in ("workdir", "split", "root", "source", "step"):
        if given[name].present:
            hint = "leave it out"
            if name == "workdir" and given.workdir and not given.model:
                hint = f"a library's model is --model={shlex.quote(shown(given.workdir))}"
            raise InputError(f"--{name} is for a data set; {hint}")
    check_fps(given.source_fps)
    check_places(given.library or "", given.model or "", makes=bool(folder))
    check_outputs(json=given.json, csv=given.csv, out=out, export=given.export)
    for name, place in (("csv", given.csv), ("export", given.export)):
        if folder and place not in ("", STDOUT):
            with naming(name):
                check_outside(place, folder)
    # Not above, for --help and the refusals need not wait for it.
    from motext_jax.library.query import Query, Span
    from motext_jax.library.request import Request

    if not queries and not given.like:
        raise InputError('--query or --like is missing; for example --query="someone waves"')
    for name in ("text_weight", "like_weight"):
        check_needed(name, {"--query": queries, "--like": given.like})
    check_needed("export_format", {"--export": given.export})
    check_needed("source_fps", {"FOLDER or --like": folder or given.like})
    like = Span.parse(given.like) if given.like else None
    texts: list[str | None] = list(queries) or [None]
    request = Request(
        tuple(
            Query(
                text=text,
                like=like,
                without=tuple(given["not"].value or ()),
                where=given.where,
                captions=given.captions,
                mirrored=given.mirrored,
                within=given.within,
                text_weight=given.text_weight,
                like_weight=given.like_weight,
            )
            for text in texts
        ),
        folder=folder,
        library=given.library or "",
        model=given.model or "",
        fps=given.source_fps,
        top=top,
        each=given.each or 0,
        json=given.json,
        csv=given.csv,
        export=given.export,
        export_format=given.export_format,
        out=out,
    )
    request.check()
    return request
