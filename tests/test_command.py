"""Command lines that are mistyped, answered with what was likely meant."""

import pathlib
import subprocess
import sys

import pytest
from absl import flags

from motext_jax import command
from motext_jax.configs import quickstart


@pytest.fixture(autouse=True)
def defined(monkeypatch):
    """A command's flags, and two of absl's."""
    values = flags.FlagValues()
    for name in ("query", "out", "export_format", "config"):
        flags.DEFINE_string(name, "", "", flag_values=values)
    flags.DEFINE_bool("mirrored", False, "", flag_values=values)
    for name in ("logtostderr", "verbosity"):
        flag = flags.BooleanFlag(name, False, "")
        flags.DEFINE_flag(flag, values, module_name="absl.logging")
    # As if it was given: tests leave absl's logging as it is.
    values["verbosity"].present = 1
    monkeypatch.setattr(flags, "FLAGS", values)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("querry", "there is no flag --querry; did you mean --query=...?"),
        ("q", "there is no flag --q; did you mean --query=...?"),
        ("nomirored", "there is no flag --nomirored; did you mean --nomirrored?"),
        ("no-mirrored", "there is no flag --no-mirrored; did you mean --nomirrored?"),
        ("noquery", "there is no flag --noquery; did you mean --query=...?"),
        ("mirored", "there is no flag --mirored; did you mean --mirrored?"),
        ("export-format", "there is no flag --export-format; did you mean --export_format=...?"),
        ("train.keep", "there is no flag --train.keep; did you mean --config.train.keep=...?"),
        ("config.train.keep", "--config.train.keep needs --config=FILE; see --help"),
        # One of absl's own is nearest.
        ("logtostder", "there is no flag --logtostder; see --help"),
        ("xyzzy", "there is no flag --xyzzy; see --help"),
        ("a\x1b[2Jb", "there is no flag --a[2Jb; see --help"),
    ],
)
def test_a_flag_that_is_none_is_answered_with_the_nearest(name, says):
    assert command.unknown_flag(name) == says


def test_an_option_of_the_data_section_is_named_as_prepare_has_it(monkeypatch):
    values = flags.FlagValues()
    flags.DEFINE_string("data", "", "", flag_values=values)
    monkeypatch.setattr(flags, "FLAGS", values)
    says = "there is no flag --config.data.root; did you mean --data.root=...?"
    assert command.unknown_flag("config.data.root") == says


@pytest.fixture
def ended(monkeypatch):
    """Parses a command line; gives the sentence that it ends with."""

    class Ended(Exception):
        pass

    def leave(status, said):
        assert status == command.BAD_INPUT
        raise Ended(said)

    monkeypatch.setattr(command, "leave", leave)

    def parse(*arguments, example="", meant="query"):
        with pytest.raises(Ended) as end:
            command._parsed(["/there/search.py", *arguments], "FOLDER", example, meant)
        return str(end.value)

    return parse


def test_a_description_without_its_flag_is_asked_for(ended):
    assert ended("takes", "it's a bow") == (
        """error: unknown argument "it's a bow"; did you mean --query='it'"'"'s a bow'?"""
    )
    assert ended("takes", "x", meant="").endswith("unknown argument 'x'; see --help")
    # The place of the tests is there.
    assert ended("takes", ".").endswith("unknown argument '.'; FOLDER is 'takes' already; give one")
    assert ended("takes", "--querry=x").endswith("did you mean --query=...?")


def test_what_is_missing_is_said_with_the_command_that_has_it(ended):
    said = ended("--out=my takes", example="takes/")
    example = "python -m motext_jax.search takes/ '--out=my takes'"
    assert said == f"error: FOLDER is missing; for example: {example}"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["--out=a", "--out=b"], "--out is given 2 times; give it once"),
        (["--out", "a", "--out=a", "--out=c"], "--out is given 3 times; give it once"),
        (["--mirrored", "--nomirrored"], "--mirrored is given 2 times; give it once"),
        (["--config=a", "--config.train.steps=1", "--config=b"], "--config is given 2 times; give"),
        (["--config="], "--config is empty; give a file of configs/"),
    ],
)
def test_a_flag_of_which_one_counts_is_given_once(ended, given, says):
    assert ended(*given).startswith(f"error: {says}")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("--top=0", "expected a whole number from 1, found 0"),
        ("--top=x", "expected a whole number, found 'x'"),
        ("--processes=-1", "expected a whole number from 0, found -1"),
        ("--port=65536", "expected a whole number from 0 to 65535, found 65536"),
        ("--weight=-0.5", "expected a number from 0, found -0.5"),
        ("--weight=x", "expected a number, found 'x'"),
    ],
)
def test_a_value_that_a_flag_does_not_take_is_told_with_those_that_it_takes(ended, given, says):
    for name, *bounds in (("top", 1), ("processes", 0), ("port", 0, 65535)):
        flags.DEFINE_integer(name, None, "", *bounds, flag_values=flags.FLAGS)
    flags.DEFINE_float("weight", 1.0, "", 0, flag_values=flags.FLAGS)
    assert ended(given) == f"error: flag {given}: {says}"


def test_a_flag_of_which_all_count_may_be_given_often():
    flags.DEFINE_multi_string("not", [], "", flag_values=flags.FLAGS)
    assert command._parsed(["search", "--not=a", "--not=b"], "FOLDER", "", "") == ["search"]


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ("configs/quickstart.py:people", "did you mean {packaged}/quickstart.py?"),
        ("quikstart", "did you mean {packaged}/quickstart.py?"),
        ("nothing.py", "give a file of {packaged}/"),
        # No model_spec.py, which is no config.
        ("model.py", "give a file of {packaged}/"),
    ],
)
def test_outside_of_the_repository_the_configs_are_the_package_s(
    ended, monkeypatch, tmp_path, given, hint
):
    assert command.configs() == pathlib.Path("configs")
    monkeypatch.chdir(tmp_path)
    packaged = pathlib.Path(quickstart.__file__).parent
    assert command.configs() == packaged
    file = given.partition(":")[0]
    says = f"error: --config={file}: there is no such file; {hint.format(packaged=packaged)}"
    assert ended(f"--config={given}") == says


def test_a_warning_is_a_sentence_without_its_place_in_the_code():
    code = (
        "import logging\nfrom motext_jax import command\n"
        "warning = logging.getLogger('motext_jax.x').warning\n"
        "command.run(lambda: warning('%s: odd', 'a.bvh'), huge_pages=False)"
    )
    run = [sys.executable, "-c", code]
    result = subprocess.run(run, capture_output=True, text=True, timeout=300, check=True)
    assert (result.stdout, result.stderr) == ("", "a.bvh: odd\n")
