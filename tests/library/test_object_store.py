"""A library at an object store: moto's S3 server on the loopback."""

import urllib.request

import arm_raisers
import pytest

from motext_jax.errors import InputError
from motext_jax.library.index import index
from motext_jax.library.library import open_library
from motext_jax.library.query import Query
from motext_jax.library.shards import Shard
from motext_jax.library.store import Store

server = pytest.importorskip("moto.server", reason="moto[server] is not installed")


@pytest.fixture
def library(monkeypatch):
    """The address of a library in a bucket of a server of the test's own."""
    s3 = server.ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    s3.start()
    host, port = s3.get_host_and_port()
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ENDPOINT", f"http://{host}:{port}")
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    for place, method in (("moto-api/reset", "POST"), ("bucket", "PUT")):
        asked = urllib.request.Request(f"http://{host}:{port}/{place}", method=method)
        urllib.request.urlopen(asked).close()
    yield "s3://bucket/library"
    s3.stop()


@pytest.fixture
def folder(tmp_path):
    for number in range(6):
        arms = ("right" if number % 2 else "left", 2)
        arm_raisers.write(tmp_path / f"{number}.npz", arms, shift=number)
    return tmp_path


def answers(library):
    opened = open_library(library, arm_raisers.ArmModel())
    return {a.file for a in opened.search(Query("left"), top=9) if a.score > 0.8}


def test_a_library_is_written_stopped_gone_on_with_and_read(library, folder, monkeypatch):
    commit = Store.commit

    def stopped(self, rows):
        commit(self, rows)
        if rows:
            raise KeyboardInterrupt

    monkeypatch.setattr("motext_jax.library.index.COMMIT_WINDOWS", 6)
    monkeypatch.setattr(Store, "commit", stopped)
    with pytest.raises(KeyboardInterrupt):
        index(folder, library, arm_raisers.ArmModel())
    assert answers(library) == {"0.npz"}
    monkeypatch.setattr(Store, "commit", commit)
    # Each of two shards goes on with its own.
    model = arm_raisers.ArmModel()
    parts = [index(folder, library, model, shard=Shard(number, 2)) for number in (2, 1)]
    assert sum(part.new for part in parts) == 4 and model.motions == 4 * 3
    assert answers(library) == {"0.npz", "2.npz", "4.npz"}
    (folder / "2.npz").rename(folder / "two.npz")
    (folder / "4.npz").unlink()
    reader = open_library(library, arm_raisers.ArmModel())
    summary = index(folder, library, model)
    assert (summary.followed, summary.gone, summary.new) == (1, 2, 0)
    assert "two.npz" in {take.file for take in reader.takes()}
    assert reader.poses("two.npz").positions.shape == (20, 22, 3)
    assert answers(library) == {"0.npz", "two.npz"}


def test_a_store_that_is_not_there_is_told(library, monkeypatch):
    with pytest.raises(InputError, match="there is no library"):
        open_library(library)
    with pytest.raises(InputError, match="s3://none/library"):
        open_library("s3://none/library")
