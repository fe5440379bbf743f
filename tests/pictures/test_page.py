"""A page of strips: nothing of a name is markup, and nothing is loaded or run."""

import base64
import html.parser
import re

import numpy as np

from motext_jax.motion.motion import Motion
from motext_jax.pictures.page import page
from motext_jax.pictures.strips import Row
from motext_jax.skeleton import SMPL22

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)> & 歩く\u202egpj.bvh"


class Reader(html.parser.HTMLParser):
    """Collects tags with their attributes, and texts."""

    def __init__(self):
        super().__init__()
        self.tags, self.texts = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.texts.append(data)


def read(path):
    reader = Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    return reader


def motion():
    rng = np.random.default_rng(0)
    return Motion(rng.normal(0, 0.3, (20, 22, 3)).astype(np.float32), 10, SMPL22)


def test_names_are_texts_and_pictures_are_in_the_file(tmp_path):
    rows = [Row(HOSTILE, [motion()] * 2, ["a", HOSTILE]), Row("", [motion()], ["b"])]
    page("Motions & found", rows, tmp_path / "x.html")
    found = read(tmp_path / "x.html")
    names = [tag for tag, _ in found.tags]
    assert names.count("img") == 3 and names.count("h2") == 1 and "script" not in names
    for tag, attributes in found.tags:
        assert not any(name.startswith("on") or name == "href" for name in attributes), tag
        if tag == "img":
            kind, data = attributes["src"].split(",")
            assert kind == "data:image/png;base64"
            assert base64.b64decode(data).startswith(b"\x89PNG")
    shown = HOSTILE.replace("\u202e", "")
    assert found.texts.count(shown) == 2
    assert found.texts.count("Motions & found") == 2
    assert not re.search(r"https?:|url\(|@import", (tmp_path / "x.html").read_text())
