import multiprocessing
import os
import subprocess
import sys
import time

import pytest

from motext_jax.data import workers
from motext_jax.data.workers import in_processes
from motext_jax.errors import InputError

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


def done_alone(monkeypatch, seconds, processes=2):
    """The number of parts that a process does, which take so many seconds each."""
    clock = [0.0]
    monkeypatch.setattr(workers.time, "monotonic", lambda: clock[0])

    def work(each):
        clock[0] += each

    done = 0
    for _ in workers.alone(work, seconds, processes):
        done += 1
        # What happens between the parts, as the work of another, does not count.
        clock[0] += 100.0
    return done


def test_other_processes_help_where_they_start_in_less_than_is_left(monkeypatch):
    # Four parts of an eighth of a second are too few to judge by.
    assert done_alone(monkeypatch, [0.125] * 60) == 5
    assert done_alone(monkeypatch, [0.125] * 60, processes=1) == 60


def test_the_rest_of_little_work_is_done_alone(monkeypatch):
    # After each part less than 2.5 s are left.
    assert done_alone(monkeypatch, [1.125, 0.25, 0.25]) == 3
    assert done_alone(monkeypatch, [1.125, 1.125, 30.0, 1.0]) == 1
    assert done_alone(monkeypatch, [0.25, 0.25, 0.25, 30.0, 1.0]) == 4


def test_the_others_start_before_the_first_result_is_waited_for():
    told = []
    results = in_processes(abs, [-3, 4], 2, lambda: told.append("started"))
    assert told == []
    next(results)
    assert told == ["started"]
    assert len(list(results)) == 1


def test_the_others_end_where_what_is_done_while_they_start_fails():
    def fails():
        raise InputError("refused")

    # Else it would be told after an hour.
    with pytest.raises(InputError, match="refused"):
        list(in_processes(time.sleep, [3600.0, 3600.0], 2, fails))
    for worker in multiprocessing.active_children():
        worker.join(60)
        # It may still be counted: another thread, the pool's, learned of its end.
        with pytest.raises(ProcessLookupError):
            os.kill(worker.pid, 0)
