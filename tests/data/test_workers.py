import os
import subprocess
import sys

from motext_jax.data.workers import in_processes

WORKER = """
import sys, time
from motext_jax.data.workers import _end_with_parent
_end_with_parent(int(sys.argv[1]))
time.sleep(float(sys.argv[2]))
"""


def started(parent, seconds):
    command = [sys.executable, "-c", WORKER, str(parent), str(seconds)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_results_have_their_items_numbers():
    assert sorted(in_processes(abs, [-3, 4, -5], 2)) == [(0, 3), (1, 4), (2, 5)]


def test_a_worker_ends_where_its_parent_was_killed_while_it_started():
    """Its parent's number is then another process's, from its first look on."""
    ended = started(parent=os.getppid(), seconds=50)
    assert (ended.returncode, ended.stderr) == (1, "")


def test_a_worker_goes_on_beside_its_parent():
    assert started(parent=os.getpid(), seconds=1.5).returncode == 0
