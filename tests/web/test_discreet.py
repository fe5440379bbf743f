"""Sentences for visitors, which name no folder of the server."""

import logging
import pathlib
import types

import pytest
from made_library import MadeLibrary
from starlette.testclient import TestClient

from motext_jax.errors import InputError
from motext_jax.web.app import page_app
from motext_jax.web.discreet import Discreet, without_folders

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
            "lib: not read (at an address, of an address)",
        ),
        (
            "s3://b/lib was written with m (/srv/runs/m), and this is n: give m",
            "lib was written with m (m), and this is n: give m",
        ),
        (
            "/srv/db was written with m (/srv/runs/m), and this is n: give m",
            "db was written with m (m), and this is n: give m",
        ),
        ("/data/Smith, Ann/run 1: damaged", "run 1: damaged"),
        ("/home/ann/mo cap (2024)/x.bvh: bad", "x.bvh: bad"),
        ("http://user:p,w)@host/x: gone", "an address: gone"),
        ("sftp://user:pw@host/x: gone", "an address: gone"),
        ("at 'https://host/x?a=b', gone", "at 'an address', gone"),
        ("s3://b/lib?version=/srv/7: gone", "lib: gone"),
    ],
)
def test_paths_lose_their_folders(said, told):
    assert without_folders(said, FOLDER) == told


ADDRESS, MODEL = "s3://secret-bucket/mo cap, lib", "/srv/runs (old), 1/run: 7"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            f"{ADDRESS}: the library cannot be read (lance error: uri: Some("
            "secret-bucket?list-type=2&prefix=mo), of secret-bucket.s3.amazonaws.com)",
            "mo cap, lib: the library cannot be read (lance error: uri: Some("
            "an address), of an address)",
        ),
        (
            f'{ADDRESS}: not read (uri: Some("http://127.0.0.1:9/secret-bucket?list-type=2…)',
            'mo cap, lib: not read (uri: Some("an address)',
        ),
        (
            f"{ADDRESS} was written with m ({MODEL}): bad",
            "mo cap, lib was written with m (run: 7): bad",
        ),
        (f"{ADDRESS}: no object secret-bucket/a/b", "mo cap, lib: no object an address"),
        (f"{MODEL}/x.json: none", "run: 7/x.json: none"),
        (f"{FOLDER}b/secret/x: none", "x: none"),
        ("day 1/secret-bucket.bvh: bad", "day 1/secret-bucket.bvh: bad"),
    ],
)
def test_the_library_s_address_and_its_model_s_place_are_known(said, told):
    assert without_folders(said, FOLDER, ADDRESS, MODEL) == told


def test_a_library_of_tables_says_its_places(monkeypatch):
    library = MadeLibrary(takes=1)
    library.store = types.SimpleNamespace(address=ADDRESS, facts=types.SimpleNamespace(model=MODEL))

    def fails():
        raise InputError(f"{ADDRESS} of {MODEL}: secret-bucket is gone")

    monkeypatch.setattr(library, "takes", fails)
    with pytest.raises(InputError, match="^mo cap, lib of run: 7: an address is gone$"):
        Discreet(library).takes()


def test_every_sentence_of_the_library_is_discreet_and_the_terminal_has_it_whole(
    monkeypatch, caplog
):
    library = MadeLibrary(takes=2)
    file = "day_1/take_001.bvh"

    def fails(*_, **__):
        raise InputError(f"{FOLDER}/{file}: has changed since it was indexed; index again")

    spans = {"format": "bvh", "spans": [{"file": file, "start": 0, "end": 1}]}
    asked = {
        "search": ("GET", "/api/search", {"params": {"query": "walk"}}),
        "poses": ("GET", "/api/poses", {"params": {"span": f"{file}@0-1"}}),
        "curve": ("GET", "/api/curve", {"params": {"query": "walk", "file": file}}),
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
