"""Matplotlib's folder, where the user has no home."""

import inspect
import logging
import os
import subprocess
import sys

import pytest
from matplotlib import font_manager

from motext_jax.pictures import settings

PROGRAM = """
import {room}
import matplotlib, os
matplotlib.get_configdir(), matplotlib.get_cachedir()
print(os.environ.get("MPLCONFIGDIR", ""))
"""


@pytest.mark.parametrize("room", ["motext_jax.pictures", "motext_jax.reproduction"])
@pytest.mark.parametrize("home", ["none", "own"])
def test_matplotlib_says_nothing_with_or_without_a_home(tmp_path, room, home):
    # Nobody can make a folder below a file, root neither.
    (tmp_path / "file").write_text("")
    where = {"none": tmp_path / "file" / "home", "own": tmp_path / "home"}[home]
    hidden = ("MPLCONFIGDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    for _ in range(2):
        result = subprocess.run(
            [sys.executable, "-c", PROGRAM.format(room=room)],
            env={**environment, "HOME": str(where), "TMPDIR": str(tmp_path)},
            capture_output=True,
            text=True,
        )
        assert result.returncode == 0 and result.stderr == ""
        kept = tmp_path / f"motext_jax-matplotlib-{os.getuid()}"
        # The second start finds what the first has made.
        assert result.stdout.strip() == (str(kept) if home == "none" else "")
    assert (where / ".cache" / "matplotlib").is_dir() == (home == "own")


def test_only_the_listing_of_fonts_is_no_news(caplog):
    logger = logging.getLogger("matplotlib.font_manager")
    settings.choose()
    assert logger.isEnabledFor(logging.WARNING)
    logger.warning("Matplotlib is building the font cache; this may take a moment.")
    logger.warning("findfont: Font family %r not found.", "x")
    assert caplog.messages == ["findfont: Font family 'x' not found."]
    # The room's own sentence is Matplotlib's.
    assert settings.LISTING in inspect.getsource(font_manager)


@pytest.fixture
def homeless(tmp_path, monkeypatch):
    """No folder of the user's own, and a place for temporary ones."""
    monkeypatch.setattr(settings, "_own", lambda: iter([tmp_path / "file" / "x"]))
    monkeypatch.setattr(settings.tempfile, "tempdir", str(tmp_path))
    monkeypatch.delenv(settings.FOLDER, raising=False)
    (tmp_path / "file").write_text("")
    return tmp_path / f"motext_jax-matplotlib-{os.getuid()}"


def test_a_folder_that_is_not_the_users_alone_is_not_taken(homeless):
    homeless.parent.joinpath("theirs").mkdir()
    for make in (
        lambda: homeless.mkdir(0o777) or homeless.chmod(0o777),
        lambda: homeless.symlink_to("theirs"),
    ):
        make()
        settings.choose()
        chosen = os.environ.pop(settings.FOLDER)
        assert chosen != str(homeless) and os.stat(chosen).st_mode & 0o077 == 0
        homeless.unlink() if homeless.is_symlink() else homeless.rmdir()
    settings.choose()
    assert os.environ.pop(settings.FOLDER) == str(homeless)


def test_a_folder_that_is_given_stays(homeless, monkeypatch):
    monkeypatch.setenv(settings.FOLDER, "/given")
    settings.choose()
    assert os.environ[settings.FOLDER] == "/given" and not homeless.exists()
