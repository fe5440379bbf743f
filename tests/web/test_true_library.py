"""The page over a true library, with a model of which every answer is known."""

import io
import struct
import zipfile

import arm_raisers
import numpy as np
import pytest
from starlette.testclient import TestClient

from motext_jax.library.index import index
from motext_jax.library.library import open_library
from motext_jax.web.app import page_app
from motext_jax.web.shelf import Library


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    root = tmp_path_factory.mktemp("library")
    takes = root / "takes"
    arm_raisers.write(takes / "left_1.npz", ("left", 6))
    arm_raisers.write(takes / "right.npz", ("right", 6))
    arm_raisers.write(takes / "order" / "lr.npz", ("left", 6), ("", 6), ("right", 6))
    (takes / "captions.csv").write_text(
        "file,start,end,caption,action\nright.npz,,,one <i>arm</i>,\n"
    )
    (takes / "bad.bvh").write_text("no motion")
    (root / "secret.npz").write_bytes((takes / "right.npz").read_bytes())
    index(takes, root / "db", arm_raisers.ArmModel())
    return open_library(root / "db", arm_raisers.ArmModel())


@pytest.fixture(scope="module")
def client(library):
    with TestClient(page_app(library), base_url="http://127.0.0.1") as client:
        yield client


def found(client, **given):
    answer = client.get("/api/search", params=given)
    assert answer.status_code == 200, answer.text
    return answer.json()["answers"]


def test_it_is_what_the_page_asks_for(library):
    assert isinstance(library, Library)


def test_the_right_take_is_first(client):
    (first, *_) = found(client, query="left", name="LEFT%1")
    assert (first["file"], first["word"], first["parts"]) == ("left_1.npz", "likely", [])
    (first, *_) = found(client, query="right", captions="arm")
    assert (first["file"], first["captions"]) == ("right.npz", ["one <i>arm</i>"])


def test_a_sequence_has_its_parts(client):
    (first, *_) = found(client, query="left, then right")
    assert first["file"] == "order/lr.npz"
    (left, right) = first["parts"]
    assert left[1] <= 7 and right[0] >= 11
    assert (first["start"], first["end"]) == (left[0], right[1])


def test_mirror_images_and_examples(client):
    answers = found(client, query="left", mirrored="1", shorter="7")
    assert {(one["file"], one["mirrored"]) for one in answers} == {
        ("left_1.npz", False),
        ("right.npz", True),
    }
    (first, *_) = found(client, like="order/lr.npz@12.5-17", shorter="7")
    assert first["file"] == "right.npz"


def notes(client, **given):
    return client.get("/api/search", params=given).json()["notes"]


def test_what_the_command_says_the_page_says(client):
    assert notes(client, query="left") == []
    assert notes(client, query="zebra") == [
        "perhaps nothing like it is here: all that is found is unlikely",
        "no text that the model was trained on has: zebra",
        "the model knows none of its words, nor any near them; say it in other words",
    ]
    assert notes(client, query="left", longer="900") == ["none of 3 takes passes the filters"]
    (note,) = notes(client, query="raises the\\left, not moving the right")
    assert note.endswith(
        "what is done, as “raises the\\left” with the filter “Not like” “moving the right”"
    )
    assert notes(client, like="right.npz@1-60") == ["the example ends at 6.00 s, with its file"]


def test_a_span_that_ends_after_its_take_ends_with_it(client):
    spans = [{"file": "right.npz", "start": 4, "end": 900}]
    answer = client.post("/api/export", json={"format": "npz", "spans": spans})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        assert file.namelist() == ["001_right_4.00-6.00.npz"]
    assert client.get("/api/poses", params={"span": "right.npz@4-900"}).status_code == 200


def test_a_file_that_was_left_out_is_answered_with_the_reason(client):
    said = client.get("/api/take", params={"file": "bad.bvh"}).json()["error"]
    assert said.startswith("'bad.bvh': no take of this library; bad.bvh")


def test_poses_and_curve(client):
    content = client.get("/api/poses", params={"span": "order/lr.npz@12-18"}).content
    (length,) = struct.unpack_from("<I", content)
    steps = np.frombuffer(content, "<i2", offset=4 + length).reshape(-1, 22, 3)
    heights = np.cumsum(steps, axis=0, dtype=np.int16)[..., 1]
    assert 55 <= len(heights) <= 91
    # The right wrist is above the left one, and the feet are near the floor.
    assert (heights[:, 21] > heights[:, 20]).all() and abs(int(heights.min())) < 150
    given = {"file": "order/lr.npz", "query": "right"}
    (place,) = client.get("/api/curve", params=given).json()["places"]
    assert place["start"] > 9 and place["end"] == pytest.approx(18, abs=0.2)


def test_a_take_without_what_is_asked_has_no_place(client):
    curve = client.get("/api/curve", params={"file": "left_1.npz", "query": "right"}).json()
    assert curve["scores"] and curve["places"] == []


def test_spans_are_cut_from_the_originals(client):
    spans = [{"file": "order/lr.npz", "start": 12, "end": 15}]
    answer = client.post("/api/export", json={"format": "npz", "spans": spans})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        (name,) = file.namelist()
        with np.load(io.BytesIO(file.read(name))) as arrays:
            assert len(arrays["positions"]) == pytest.approx(30, abs=1)


@pytest.mark.parametrize("file", ["../secret.npz", "secret.npz", "captions.csv", "../db/facts"])
def test_files_beside_the_takes_are_out_of_reach(client, library, file):
    assert (library.folder / "../secret.npz").exists()
    for path, given in (
        ("take", {"file": file}),
        ("poses", {"span": f"{file}@0-1"}),
        ("search", {"like": f"{file}@0-1"}),
        ("search", {"like": f"{library.folder}/{file}@0-1"}),
    ):
        answer = client.get(f"/api/{path}", params=given)
        assert answer.status_code == 400 and "no take of this library" in answer.json()["error"]
