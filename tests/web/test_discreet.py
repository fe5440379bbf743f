"""Sentences for visitors, which name no folder of the server."""

import logging
import pathlib

import pytest
from made_library import MadeLibrary
from starlette.testclient import TestClient

from motext_jax.errors import InputError
from motext_jax.web.app import page_app
from motext_jax.web.discreet import without_folders

FOLDER = pathlib.Path("/srv/mo cap, 2024")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (f"{FOLDER}/day 1/a.bvh: is gone", "day 1/a.bvh: is gone"),
        (f"'{FOLDER}/day 1/a.bvh' is gone", "'day 1/a.bvh' is gone"),
        (f"{FOLDER}: no folder", "mo cap, 2024: no folder"),
        ("/srv/models/run 7: none; give one", "run 7: none; give one"),
        ("'/srv/models/run 7/x.json': none", "'x.json': none"),
        ("the model of /srv/models/x-1.2, step 7.", "the model of x-1.2, step 7."),
        ("(/srv/x/y.npz) and /a/b/c: two", "(y.npz) and c: two"),
        (f"{pathlib.Path.home()}/x y/z.npz: bad", "z.npz: bad"),
        (f"{pathlib.Path.cwd()}/a/b.npz: bad", "b.npz: bad"),
        ("walk/run, and/or 1/2 at 3 m/s / 4", "walk/run, and/or 1/2 at 3 m/s / 4"),
        ("s3://bucket/takes: gone", "takes: gone"),
        ("gs://bucket/mo cap/day 1/lib: gone", "lib: gone"),
        ("s3://bucket: gone", "an address: gone"),
        ("the model 's3://models/run 7/' is another", "the model 'run 7' is another"),
        ("hf://owner/name: none", "name: none"),
        (
            "s3://b/lib: not read (at http://10.0.0.7:9000/b/lib/x.lance, of https://store:9000)",
            "lib: not read (at x.lance, of an address)",
        ),
        (
            "s3://b/lib was written with m (/srv/runs/m), and this is n: give m",
            "lib was written with m (m), and this is n: give m",
        ),
    ],
)
def test_paths_lose_their_folders(said, told):
    assert without_folders(said, FOLDER) == told


def test_every_sentence_of_the_library_is_discreet_and_the_terminal_has_it_whole(
    monkeypatch, caplog
):
    library = MadeLibrary(takes=2)
    file = "day_1/take_001.bvh"

    def fails(*_, **__):
        raise InputError(f"{FOLDER}/{file}: has changed since it was indexed; index again")

    spans = {"format": "bvh", "spans": [{"file": file, "start": 0, "end": 1}]}
    asked = {
        "search": ("GET", "/api/search", {"params": {"text": "walk"}}),
        "poses": ("GET", "/api/poses", {"params": {"span": f"{file}@0-1"}}),
        "curve": ("GET", "/api/curve", {"params": {"text": "walk", "file": file}}),
        "cut": ("POST", "/api/export", {"json": spans}),
        "takes": ("GET", "/api/takes", {}),
    }
    with TestClient(page_app(library), base_url="http://127.0.0.1") as client:
        client.get("/api/take", params={"file": file})
        for name, (method, address, given) in asked.items():
            monkeypatch.setattr("motext_jax.web.shelf.FRESH_SECONDS", 0 if name == "takes" else 60)
            with monkeypatch.context() as patch, caplog.at_level(logging.WARNING):
                patch.setattr(library, name, fails)
                answer = client.request(method, address, **given)
            assert answer.status_code == 400
            assert answer.json()["error"] == (
                f"{file}: has changed since it was indexed; index again"
            ), name
            assert str(FOLDER) in caplog.text
            caplog.clear()
