"""Files by their endings: what is no motion file is refused in a sentence."""

import arm_raisers
import pytest

import motext_jax
from motext_jax.errors import InputError
from motext_jax.motion.files import FORMATS


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("takes", "takes: a folder; expected a file, one of "),
        ("walk.usd", "walk.usd: a '.usd' file; expected one of "),
        ("walk", "walk: a '' file; expected one of "),
    ],
)
def test_no_motion_file(tmp_path, name, says):
    (tmp_path / "takes").mkdir()
    with pytest.raises(InputError) as raised:
        motext_jax.read_motion(tmp_path / name)
    assert str(raised.value) == f"{tmp_path}/{says}{', '.join(FORMATS)}"


def test_a_rate_that_a_file_does_not_say_is_asked_for_in_the_words_of_python(tmp_path):
    arm_raisers.write(tmp_path / "a.npz", ("left", 6), fps=None)
    with pytest.raises(InputError) as raised:
        motext_jax.read_motion(tmp_path / "a.npz")
    sentence = str(raised.value)
    assert sentence.startswith(f"{tmp_path}/a.npz: does not say its frames a second; give them as ")
    # What it says is what helps.
    given = motext_jax.motion.files.Given(fps=30)
    assert "given=motext_jax.motion.files.Given(fps=30)" in sentence
    assert motext_jax.read_motion(tmp_path / "a.npz", given=given).fps == 30
