"""Indexing: all, what has changed, renamed and gone files, stopped indexers, shards."""

import contextlib
import dataclasses
import itertools
import os
import pathlib
import re
import shutil
import time

import arm_raisers
import bvh_people
import numpy as np
import pytest
from trc_points import KEYPOINTS, moved, trc

from motext_jax.data import workers
from motext_jax.errors import InputError
from motext_jax.library import folder as folders
from motext_jax.library import index as indexing
from motext_jax.library import library as opening
from motext_jax.library import reading
from motext_jax.library.index import index
from motext_jax.library.library import open_library
from motext_jax.library.progress import said
from motext_jax.library.query import Query
from motext_jax.library.shards import Shard, place
from motext_jax.library.store import Store
from motext_jax.trained import model as trained


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "takes"
    arm_raisers.write(root / "a.npz", ("left", 6))
    arm_raisers.write(root / "day 2" / "it's.npz", ("right", 4), ("", 4))
    arm_raisers.write(root / "c.npz", ("", 1))
    return root


def indexed(folder, model=None, library="library", **options):
    model = model or arm_raisers.ArmModel()
    address = folder.parent / library
    return index(folder, address, model, **options), address


def contents(address):
    """Everything that is seen of a library, but the numbers of takes."""
    store = Store.open(address)
    rows, found = store.rows(), store.windows()
    seen = {}
    for file, row in rows.items():
        own = found.select(found.takes == row.take)
        order = np.lexsort((own.ends, own.starts))
        poses = store.poses(row.take)
        windows = [tuple(x[order].tolist()) for x in (own.starts, own.ends)]
        seen[file] = (
            dataclasses.replace(row, take=0, stamp=""),
            windows,
            own.embeddings[order].tolist(),
            None if poses is None else (poses.positions.tolist(), poses.fps, poses.start),
        )
    # Nothing is left of takes that nobody sees.
    assert set(found.takes.tolist()) <= {row.take for row in rows.values()}
    return seen


def test_a_folder_without_captions_is_indexed_and_searched(folder):
    (folder / "bad.bvh").write_text("no motion")
    (folder / ".hidden.npz").write_bytes(b"")
    summary, address = indexed(folder)
    assert (summary.new, summary.takes, summary.gone) == (3, 3, 0)
    assert len(summary.bad) == 1 and summary.bad[0].startswith("bad.bvh")
    library = open_library(address, arm_raisers.ArmModel())
    assert [(take.file, take.seconds) for take in library.takes()] == [
        ("a.npz", 6.0),
        ("c.npz", 1.0),
        ("day 2/it's.npz", 8.0),
    ]
    best = library.search(Query("the right arm is up"))[0]
    assert (best.file, best.start, best.word) == ("day 2/it's.npz", 0.0, "likely")
    # The arm is up for 4 s; a window that is half a second longer is nearly as near.
    assert 4.0 <= best.end <= 5.0 and best.score == pytest.approx(arm_raisers.SURE, abs=1e-3)


def test_windows_have_three_lengths_and_hops_of_a_third(folder):
    _, address = indexed(folder)
    store = Store.open(address)
    own = store.windows([store.rows()["a.npz"].take])
    spans = sorted(zip(own.starts.tolist(), own.ends.tolist(), strict=True))
    short = [(k / 2, k / 2 + 1.5) for k in range(10)]
    middle = [(float(k), k + 3.0) for k in range(4)]
    # Five seconds begin at 0 and at 1.6, of which 4.4 s are left.
    expected = sorted([*short, *middle, (0.0, 5.0), (1.6, 6.0)])
    np.testing.assert_allclose(spans, expected, atol=1e-9)
    lone = store.windows([store.rows()["c.npz"].take])
    assert (lone.starts.tolist(), lone.ends.tolist()) == ([0.0], [1.0])


@pytest.fixture
def two_processes(monkeypatch):
    """Lets other processes read all files but the first."""
    for limit in ("STARTING", "TRIED"):
        monkeypatch.setattr(workers, limit, -1.0)
    monkeypatch.setattr(reading, "PART", 1)
    return 2


def test_a_model_is_compiled_while_other_processes_start(folder, two_processes, monkeypatch):
    model, told, clock = arm_raisers.ArmModel(), [], time.monotonic
    monkeypatch.setattr(indexing, "COMMIT_SECONDS", 1000.0)
    # To compile takes longer, and is no reason to commit.
    monkeypatch.setattr(time, "monotonic", lambda: clock() + 2000.0 * len(model.compiled))
    options = {"processes": two_processes, "progress": lambda state: told.append(state.done)}
    summary, address = indexed(folder, model, **options)
    assert summary.new == 3
    # Once more after the line of what was awaited, which took its place on a terminal.
    assert told == [0, 0, 3]
    # Windows of 1.5, 3 and 5 s.
    assert model.compiled == [round(seconds * arm_raisers.DATA.fps) for seconds in (1.5, 3, 5)]
    assert contents(address) == contents(indexed(folder, library="alone")[1])


def test_no_model_is_compiled_for_bad_files(folder, two_processes):
    indexed(folder)
    for number in range(3):
        (folder / f"bad_{number}.bvh").write_text("no motion")
    model = arm_raisers.ArmModel()
    summary, _ = indexed(folder, model, processes=two_processes)
    assert (summary.same, summary.left_out) == (3, 3)
    assert not model.compiled


def test_another_model_is_refused_while_other_processes_start(folder, two_processes, monkeypatch):
    _, address = indexed(folder)
    for number in range(3):
        arm_raisers.write(folder / f"new_{number}.npz", ("left", 1))
    monkeypatch.setattr(trained, "load", lambda place: arm_raisers.ArmModel(turn=1))
    with pytest.raises(InputError, match="cannot be compared"):
        index(folder, address, processes=two_processes)
    assert len(Store.open(address).rows()) == 3


def test_the_same_again_reads_and_embeds_nothing(folder, monkeypatch):
    (folder / "bad.bvh").write_text("no motion")
    first, address = indexed(folder)
    before = contents(address)
    monkeypatch.setattr(indexing, "read_takes", lambda files, *_: iter(list(files)[:0]))
    model = arm_raisers.ArmModel()
    again, _ = indexed(folder, model)
    assert (again.new, again.same, again.left_out, again.gone) == (0, 3, 1, 0)
    assert model.motions == 0
    assert again.bad == first.bad
    assert contents(address) == before


def test_what_was_cut_otherwise_is_embedded_anew(folder, monkeypatch):
    with monkeypatch.context() as earlier:
        earlier.setattr(folders, "CUT", 1)
        _, address = indexed(folder)
    model = arm_raisers.ArmModel()
    summary, _ = indexed(folder, model)
    assert (summary.new, summary.followed, summary.same, summary.gone) == (3, 0, 0, 0)
    assert model.motions == summary.windows == len(Store.open(address).windows().takes)


def test_only_what_has_changed_is_embedded(folder):
    _, address = indexed(folder)
    arm_raisers.write(folder / "a.npz", ("right", 2))
    arm_raisers.write(folder / "d.npz", ("left", 1))
    os.utime(folder / "c.npz", (1, 1))
    model = arm_raisers.ArmModel()
    summary, _ = indexed(folder, model)
    # Two seconds have three windows, 0-1.5, 0.5-2 and 0-2; one has one.
    assert (summary.new, summary.followed, summary.same, model.motions) == (2, 1, 1, 4)
    _, anew = indexed(folder, library="anew")
    assert contents(address) == contents(anew)


def test_a_renamed_file_is_followed_and_a_gone_one_forgotten(folder):
    _, address = indexed(folder)
    (folder / "a.npz").rename(folder / "B side.npz")
    (folder / "c.npz").unlink()
    model = arm_raisers.ArmModel()
    summary, _ = indexed(folder, model)
    assert (summary.followed, summary.gone, summary.new, model.motions) == (1, 2, 0, 0)
    assert set(contents(address)) == {"B side.npz", "day 2/it's.npz"}
    _, anew = indexed(folder, library="anew")
    assert contents(address) == contents(anew)


def test_names_that_change_places_are_followed(folder):
    _, address = indexed(folder)
    for old, new in (("a", "x"), ("c", "a"), ("x", "c")):
        (folder / f"{old}.npz").rename(folder / f"{new}.npz")
    model = arm_raisers.ArmModel()
    indexed(folder, model)
    _, anew = indexed(folder, library="anew")
    assert model.motions == 0
    assert contents(address) == contents(anew)


def test_a_copy_over_another_file_is_told_by_its_content(folder):
    """Nothing has a new name: a.npz is there as before, and c.npz is no more what it was."""
    indexed(folder)
    shutil.copyfile(folder / "a.npz", folder / "c.npz")
    summary, address = indexed(folder)
    assert said(summary, "lib")[0] == ("files: 3, of them 1 known by their content, 2 as before")
    own = contents(address)
    assert own["c.npz"][1:] == own["a.npz"][1:]


def test_a_bad_file_that_is_mended_is_taken_in_and_one_that_breaks_is_bad(folder):
    good = (folder / "a.npz").read_bytes()
    (folder / "a.npz").write_bytes(good[:99])
    summary, address = indexed(folder)
    assert summary.takes == 2
    (folder / "a.npz").write_bytes(good)
    (folder / "c.npz").write_bytes(b"")
    summary, _ = indexed(folder)
    assert (summary.takes, len(summary.bad)) == (2, 1)
    assert contents(address) == contents(indexed(folder, library="anew")[1])


@pytest.mark.parametrize(
    ("call", "after"),
    [
        *[("add", False), ("add", True), ("commit", False), ("commit", True)],
        *[("drop", False), ("forget", False), ("forget", True)],
    ],
)
def test_an_indexer_that_is_stopped_loses_nothing(folder, monkeypatch, call, after):
    """Raises before or after each writing of one kind, the first and then each later one."""
    _, address = indexed(folder)
    arm_raisers.write(folder / "a.npz", ("right", 2))
    (folder / "c.npz").rename(folder / "e.npz")
    (folder / "day 2" / "it's.npz").unlink()
    arm_raisers.write(folder / "f.npz", ("left", 2))
    done = getattr(Store, call)
    monkeypatch.setattr(indexing, "COMMIT_WINDOWS", 1)

    class Killed(BaseException):
        pass

    stops = 0
    while True:
        left = [stops]

        def stopped(self, *args, left=left):
            left[0] -= 1
            if left[0] >= 0:
                return done(self, *args)
            if after:
                done(self, *args)
            raise Killed

        monkeypatch.setattr(Store, call, stopped)
        try:
            indexed(folder)
            break
        except Killed:
            stops += 1
        # It opens, and every take that is seen has all its windows.
        library = open_library(address, arm_raisers.ArmModel())
        for take in library.takes():
            assert library.curve(take.file, Query("left")).seconds
    assert stops
    monkeypatch.setattr(Store, call, done)
    indexed(folder)
    _, anew = indexed(folder, library="anew")
    assert contents(address) == contents(anew)


def test_shards_together_are_one_run(folder):
    for number in range(12):
        arm_raisers.write(folder / f"{number}.npz", ("left", 1), ("right", 1 + number / 4))
    _, anew = indexed(folder, library="anew")
    for number in (3, 1, 2):
        summary, address = indexed(folder, shard=Shard(number, 3))
        assert 0 < summary.new < 12
    assert contents(address) == contents(anew)
    # A shard forgets its own files alone, another number of shards all of them.
    shutil.rmtree(folder / "day 2")
    for number in (1, 2):
        indexed(folder, shard=Shard(number, 2))
    assert contents(address) == contents(indexed(folder, library="anew")[1])


def test_a_library_is_opened_or_made_by_one_process_at_a_time(folder, monkeypatch):
    """LanceDB makes a table in several steps, and eight processes at once undo each other's."""
    inside, opened = [], indexing._opened

    @contextlib.contextmanager
    def making(address):
        inside.append(address)
        yield
        inside.append("done")

    def within(*given):
        assert inside[-1] != "done"
        return opened(*given)

    monkeypatch.setattr(indexing, "making", making)
    monkeypatch.setattr(indexing, "_opened", within)
    _, address = indexed(folder)
    assert inside == [str(address), "done"]


def test_places_are_shared_out_without_gaps():
    parts = [Shard(number, 7).places for number in range(1, 8)]
    assert parts[0].start == 0 and parts[-1].stop == 1 << 32
    assert all(a.stop == b.start for a, b in itertools.pairwise(parts))
    assert place("a.npz") == place("a.npz") != place("b.npz")
    for text in ("0/3", "4/3", "3", "a/b", "1/1/1", "²/3"):
        with pytest.raises(InputError, match="expected K/N"):
            Shard.parse(text)


def test_a_path_is_a_models_directory(folder, monkeypatch):
    loaded = []

    def load(place):
        loaded.append(place)
        return arm_raisers.ArmModel()

    monkeypatch.setattr(trained, "load", load)
    monkeypatch.chdir(folder.parent)
    _, address = indexed(folder, pathlib.Path("starter"))
    assert loaded == [str(folder.parent / "starter")]
    monkeypatch.setattr(opening, "load_model", load)
    assert open_library(address, pathlib.Path("starter")).search(Query("left"))
    assert loaded[1:] == [pathlib.Path("starter")]


def test_another_model_or_another_folder_is_refused(folder):
    _, address = indexed(folder)
    other = arm_raisers.ArmModel(turn=1)
    with pytest.raises(InputError, match="cannot be compared"):
        indexed(folder, other)
    with pytest.raises(InputError, match="cannot be compared"):
        open_library(address, other).search(Query("left"))
    arm_raisers.write(folder.parent / "others" / "a.npz", ("left", 1))
    with pytest.raises(InputError, match="is of the folder"):
        index(folder.parent / "others", address, arm_raisers.ArmModel())
    # The same folder, which has moved.
    folder.rename(folder.parent / "moved")
    summary = index(folder.parent / "moved", address, arm_raisers.ArmModel())
    assert (summary.same, summary.new, summary.gone) == (3, 0, 0)


def test_an_empty_folder_forgets_nothing(folder):
    _, address = indexed(folder)
    shutil.rmtree(folder)
    folder.mkdir()
    with pytest.raises(InputError, match="no motion file below it; expected one of"):
        indexed(folder)
    assert len(open_library(address).takes()) == 3
    with pytest.raises(InputError, match="there is no library"):
        open_library(folder)


def test_captions_change_without_embedding(folder):
    table = folder / "captions.csv"
    table.write_text("file,start,end,caption,action\na.npz,0,2,raises the left arm,\n")
    _, address = indexed(folder)
    table.write_text(
        "file,start,end,caption,action\na.npz,0,2,lifts an arm,\na.npz,4,,rests,\n"
        "a.npz,,,,lift\nx,y\n"
    )
    model = arm_raisers.ArmModel()
    indexed(folder, model)
    (take, *_) = open_library(address).takes()
    assert [(one.start, one.end, one.text) for one in take.spoken] == [
        (0, 2, "lifts an arm"),
        (4, 0, "rests"),
    ]
    assert (take.said(0, 1), take.said(3, 6)) == (("lifts an arm",), ("rests",))
    assert model.motions == 0


def test_a_file_that_changes_while_it_is_read_is_read_the_next_time(folder, monkeypatch):
    reads = indexing.read_takes

    def slow(files, *options):
        for found in reads(files, *options):
            if found.asked.name == "c.npz":
                arm_raisers.write(folder / "c.npz", ("right", 2))
            yield found

    monkeypatch.setattr(indexing, "read_takes", slow)
    summary, address = indexed(folder)
    assert summary.bad == ["c.npz: changed while it was read; index again when it is written"]
    monkeypatch.setattr(indexing, "read_takes", reads)
    indexed(folder)
    assert contents(address) == contents(indexed(folder, library="anew")[1])


def test_a_rate_is_for_files_that_do_not_say_theirs(folder):
    arm_raisers.write(folder / "mute.npz", ("left", 2), fps=None)
    summary, _ = indexed(folder)
    assert len(summary.bad) == 1 and "frames a second" in summary.bad[0]
    _, address = indexed(folder, fps=20.0)
    seconds = {take.file: take.seconds for take in open_library(address).takes()}
    assert (seconds["mute.npz"], seconds["a.npz"]) == (1.0, 6.0)
    # The library keeps it, and tells where another one is given.
    summary, _ = indexed(folder)
    assert summary.same == 4 and not [line for line in said(summary, "lib") if "second" in line]
    summary, _ = indexed(folder, fps=10.0)
    assert (summary.same, summary.new) == (0, 4)
    assert said(summary, "lib")[0] == (
        "files that do not say their frames a second are read as 10 from now on, no longer as 20"
    )
    assert open_library(address).take("mute.npz").seconds == 2.0


def test_a_library_is_not_made_among_the_takes(folder):
    before = sorted(folder.iterdir())
    with pytest.raises(InputError, match="the folder of the takes; give another one"):
        index(folder, folder, arm_raisers.ArmModel())
    assert sorted(folder.iterdir()) == before


def test_a_rate_is_for_any_file_that_may_not_say_its_own(tmp_path):
    """A BVH without a frame time, and points without a rate."""
    takes = tmp_path / "takes"
    takes.mkdir()
    person = bvh_people.text(bvh_people.tool("Mixamo"))
    (takes / "a.bvh").write_text(re.sub("Frame Time: .*", "Frame Time: 0", person))
    (takes / "a.trc").write_bytes(trc(KEYPOINTS, moved(KEYPOINTS, frames=40), DataRate=0))
    summary, address = indexed(takes)
    assert len(summary.bad) == 2 and all("frames a second" in reason for reason in summary.bad)
    for fps, seconds in ((20.0, 2.0), (10.0, 4.0)):
        _, address = indexed(takes, fps=fps)
        library = open_library(address)
        assert library.take("a.trc").seconds == pytest.approx(seconds)
        assert library.take("a.bvh").fps == fps


def test_a_folder_whose_only_file_is_refused_says_why(tmp_path):
    (tmp_path / "takes").mkdir()
    (tmp_path / "takes" / "\udcff.bvh").touch()
    with pytest.raises(InputError, match="that can be read: .*: its name is no Unicode"):
        indexed(tmp_path / "takes")


def test_a_file_that_appears_once_its_folder_is_listed_is_said(tmp_path, monkeypatch):
    takes = tmp_path / "takes"
    takes.mkdir()
    check = indexing.check_motion

    def appears(folder):
        (takes / "a.bvh").touch()
        check(folder)

    monkeypatch.setattr(indexing, "check_motion", appears)
    with pytest.raises(InputError, match="can be read: one was added just now; index it again"):
        indexed(takes)
