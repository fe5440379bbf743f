"""The pages of --help: every option in its place, within 80 columns, as a person asks for it."""

import re
import subprocess
import sys

import pytest
from absl import flags

from motext_jax.help_page import help_page


def printed(module, *arguments):
    """The page, and the flags that absl knows of the command."""
    run = [sys.executable, "-m", f"motext_jax.{module}", *arguments]
    result = subprocess.run(run, capture_output=True, text=True, timeout=300)
    assert result.returncode == 0 and not result.stderr
    return result.stdout


@pytest.mark.parametrize("module", ["search", "index", "serve"])
def test_help_has_every_option_and_an_example(module):
    page = printed(module, "--help")
    own = printed(module, "--helpfull").split(f"motext_jax/{module}.py:")[1].split("\n\n")[0]
    flags = set(re.findall(r"^  --(?:\[no\])?(\w+):", own, re.MULTILINE))
    # In the text of no other option.
    assert set(re.findall(r"^  --(\w+)", page, re.MULTILINE)) >= flags and len(flags) >= 5
    assert f"\n  python -m motext_jax.{module} FOLDER" in page
    assert max(map(len, page.splitlines())) <= 100
    assert "repeat this option" not in page


@pytest.mark.parametrize("module", ["train", "eval", "export", "prepare", "reproduce"])
def test_a_list_of_flags_reads_as_sentences(module):
    """absl adds a semicolon to some, and the default None as a text to flags of configs."""
    page = printed(module, "--help")
    assert ".;" not in page and "'None'" not in page
    assert f"python -m motext_jax.{module} " in page


def test_a_page_is_in_the_order_that_is_given(monkeypatch):
    values = flags.FlagValues()
    for name, said in (("first", "One."), ("a_long_name_of_an_option", "Two words " * 9)):
        flags.DEFINE_string(name, None, said, flag_values=values)
    monkeypatch.setattr(flags, "FLAGS", values)
    groups = {"One": ("--a_long_name_of_an_option=N",), "Other": ("--first=N",)}
    lines = help_page("Finds.\n", groups).splitlines()
    assert lines[:4] == ["Finds.", "", "One:", "  --a_long_name_of_an_option=N"]
    text = [line.strip() for line in lines[4:6]]
    assert " ".join(text).split() == ["Two", "words"] * 9 and max(map(len, lines)) <= 80
    assert lines[6:9] == ["", "Other:", "  --first=N               One."]
