"""Matplotlib's folder for its settings and its list of fonts, chosen before it is imported."""

import atexit
import logging
import os
import pathlib
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator

FOLDER = "MPLCONFIGDIR"
"""The variable by which Matplotlib is told its folder."""


LISTING = "Matplotlib is building the font cache"
"""The beginning of its sentence on fonts that are listed for the first time."""


def choose() -> None:
    """Names a folder of this user's where Matplotlib's own cannot be written.

    In a container without a home Matplotlib would warn at every start, and list the fonts anew.
    That it lists them, once, is no news either; its other warnings are heard.
    """
    logging.getLogger("matplotlib.font_manager").addFilter(_is_news)
    if os.environ.get(FOLDER) or all(map(_is_writable, _own())):
        return
    # Where there is no temporary folder either, Matplotlib says so.
    try:
        os.environ[FOLDER] = _temporary()
    except OSError:
        return


def _is_news(record: logging.LogRecord) -> bool:
    return not record.getMessage().startswith(LISTING)


def _own() -> Iterator[pathlib.Path]:
    """Matplotlib's own folders, as it finds them."""
    try:
        home = pathlib.Path.home()
    except RuntimeError:
        home = pathlib.Path("/nonexistent")
    if not sys.platform.startswith(("linux", "freebsd")):
        yield home / ".matplotlib"
        return
    for name, default in (("XDG_CONFIG_HOME", ".config"), ("XDG_CACHE_HOME", ".cache")):
        yield pathlib.Path(os.environ.get(name) or home / default) / "matplotlib"


def _is_writable(folder: pathlib.Path) -> bool:
    """True for a folder that is there or can be made, as Matplotlib does."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return folder.is_dir() and os.access(folder, os.W_OK)


def _temporary() -> str:
    """The user's folder among the temporary ones, which stays; else one of this process alone."""
    folder = os.path.join(tempfile.gettempdir(), f"motext_jax-matplotlib-{os.getuid()}")
    try:
        os.mkdir(folder, 0o700)
    except FileExistsError:
        # Another user may have made it, or a link of that name.
        found = os.lstat(folder)
        private = stat.S_ISDIR(found.st_mode) and not found.st_mode & 0o077
        if not private or found.st_uid != os.getuid():
            folder = tempfile.mkdtemp(prefix="motext_jax-matplotlib-")
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
