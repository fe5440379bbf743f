"""Tables of rewordings: what they give and what is refused."""

import csv
import pathlib

import pytest

from motext_jax.data.rewordings import read_rewordings
from motext_jax.errors import InputError

REPOSITORY = pathlib.Path(__file__).parents[2]


def write(path, *lines):
    path.write_text("\n".join(["action,rewording", *lines]) + "\n")
    return path


def test_by_hand(tmp_path):
    path = write(
        tmp_path / "t.csv", "walk,strolling", "run, jogging", "walk,ambling", "walk,ambling"
    )
    expected = {"walk": ("strolling", "ambling"), "run": ("jogging",)}
    assert read_rewordings(path) == read_rewordings(path, ["run", "walk", "bow"]) == expected


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("wlak,strolling", r"line 3: 'wlak' is none of the data set's categories.*: run, walk"),
        ("walk,", r"line 3: there is no rewording of 'walk'"),
    ],
)
def test_refuses(tmp_path, line, message):
    path = write(tmp_path / "t.csv", "run,jogging", line)
    with pytest.raises(InputError, match=message):
        read_rewordings(path, ["run", "walk"])


def test_refuses_what_is_not_there(tmp_path):
    with pytest.raises(InputError, match=r"t\.csv: the table has no row"):
        read_rewordings(write(tmp_path / "t.csv"))
    with pytest.raises(InputError, match=r"no\.csv: there is no such file"):
        read_rewordings(tmp_path / "no.csv")


BANDAI = REPOSITORY / "motext_jax" / "configs" / "rewordings" / "bandai.csv"
ACTIONS = """
bow, bye, byebye, call, dance short, dash, guide, kick, punch, raise up both hands,
raise up left hand, raise up right hand, respond, run, slash, walk, walk back, walk left,
walk right, walk turn left, walk turn right, wave both hands, wave left hand, wave right hand
"""


def test_each_of_bandais_actions_has_three_of_its_own():
    found = read_rewordings(BANDAI)
    assert found.keys() == {name.strip() for name in ACTIONS.split(",")}
    assert min(len(texts) for texts in found.values()) >= 3
    assert len({text for texts in found.values() for text in texts}) == sum(
        map(len, found.values())
    )


@pytest.mark.shared_data
def test_no_caption_of_bandais_is_a_rewording():
    folder = REPOSITORY.parent / "shared" / "data" / "bandai"
    with (folder / "labels.csv").open() as file:
        assert read_rewordings(BANDAI).keys() == {row["action"] for row in csv.DictReader(file)}
    captions = {
        line.split("#")[0]
        for path in (folder / "texts").iterdir()
        for line in path.read_text().splitlines()
    }
    rewordings = {text for texts in read_rewordings(BANDAI).values() for text in texts}
    assert not captions & rewordings
