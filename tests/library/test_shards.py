"""The lock of an indexer's share of the files, held by another process."""

import subprocess
import sys

import pytest

from motext_jax.errors import InputError
from motext_jax.library.shards import Shard, alone, making

HOLD = """
import sys
from motext_jax.library.shards import Shard, alone
with alone(sys.argv[1], Shard(1, 2)):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_indexer_of_the_same_files_says_so_and_one_of_others_works(tmp_path):
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "held\n"
        # All files, and the second of three shards, share some with the first half.
        for shard in (Shard(1, 1), Shard(2, 3), Shard(1, 2)):
            refused = pytest.raises(InputError, match="another process is indexing")
            with refused, alone(str(tmp_path), shard):
                pass
        with alone(str(tmp_path), Shard(2, 2)) as locked:
            assert locked
        other.kill()
    with alone(str(tmp_path), Shard()) as locked:
        assert locked


MAKE = """
import sys, time
from motext_jax.library.shards import Shard, alone, making
with alone(sys.argv[1], Shard(1, 2)), making(sys.argv[1]):
    print("made", flush=True)
"""


def test_a_library_is_made_by_one_process_at_a_time(tmp_path):
    command = [sys.executable, "-c", MAKE, str(tmp_path)]
    with alone(str(tmp_path), Shard(2, 2)), making(str(tmp_path)):
        other = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        with pytest.raises(subprocess.TimeoutExpired):
            other.wait(timeout=3)
    assert other.communicate(timeout=60)[0] == "made\n"
    with alone(str(tmp_path), Shard(2, 2)):
        with making(str(tmp_path)):
            pass
        # Its end has let go of no shard.
        refused = subprocess.run(
            [sys.executable, "-c", HOLD.replace("(1, 2)", "(1, 1)"), str(tmp_path)],
            input="",
            text=True,
            capture_output=True,
        )
        assert "another process is indexing" in refused.stderr


def test_an_object_store_has_no_lock():
    with alone("s3://bucket/library", Shard()) as locked, making("s3://bucket/library"):
        assert not locked
