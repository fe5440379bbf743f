"""Files by their endings: what is no motion file is refused in a sentence."""

import pytest

import motext_jax
from motext_jax.errors import InputError
from motext_jax.motion.files import FORMATS


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("takes", "takes: a folder; expected a file, one of "),
        ("walk.trc", "walk.trc: a '.trc' file; expected one of "),
        ("walk", "walk: a '' file; expected one of "),
    ],
)
def test_no_motion_file(tmp_path, name, says):
    (tmp_path / "takes").mkdir()
    with pytest.raises(InputError) as raised:
        motext_jax.read_motion(tmp_path / name)
    assert str(raised.value) == f"{tmp_path}/{says}{', '.join(FORMATS)}"
