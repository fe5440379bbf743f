"""The pages of --help: every option in its place, within 80 columns, as a person asks for it."""

import re
import subprocess
import sys

import pytest

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


def test_a_page_is_in_the_order_that_is_given():
    page = help_page("Finds.\n", {"One": ("--verbosity=N", "--a_very_long_word_for_it=N")[:1]})
    lines = page.splitlines()
    assert lines[:3] == ["Finds.", "", "One:"]
    assert lines[3].startswith("  --verbosity=N           ") and len(lines[3]) <= 80
