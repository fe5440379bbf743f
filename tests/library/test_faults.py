"""Faults around an indexing that must cost nothing that is known, and files that are none."""

import dataclasses
import json
import os
import pathlib

import arm_raisers
import numpy as np
import pytest

from motext_jax.data.people.source import CATEGORIES
from motext_jax.errors import InputError
from motext_jax.library import facts, reading
from motext_jax.library.facts import Facts
from motext_jax.library.folder import Folder
from motext_jax.library.index import index
from motext_jax.library.library import open_library
from motext_jax.library.localise import intervals, likeness
from motext_jax.library.progress import said
from motext_jax.library.query import Query, Span
from motext_jax.library.rows import new_take
from motext_jax.library.shards import Shard
from motext_jax.library.store import Store
from motext_jax.trained import model as trained


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "takes"
    arm_raisers.write(root / "a.npz", ("left", 6))
    arm_raisers.write(root / "b" / "c.npz", ("right", 4))
    return root


def indexed(folder, fps=0.0, **options):
    address = folder.parent / "library"
    model = arm_raisers.ArmModel(**options)
    return index(folder, address, model, fps=fps), Store.open(address)


def test_numbers_of_takes_never_meet():
    numbers = [new_take() for _ in range(100_000)]
    assert len(set(numbers)) == len(numbers)
    assert min(numbers) > 0 and max(numbers) < 1 << 63


def test_a_fault_that_passes_leaves_what_is_known_and_is_tried_again(folder, monkeypatch):
    _, store = indexed(folder)
    before = store.rows()["a.npz"]
    arm_raisers.write(folder / "a.npz", ("right", 2))
    arm_raisers.write(folder / "new.npz", ("left", 2))
    digest = reading.content_digest

    def fails(path, *rest):
        if path.name in ("a.npz", "new.npz"):
            raise OSError(5, "Input/output error")
        return digest(path, *rest)

    monkeypatch.setattr(reading, "content_digest", fails)
    summary, store = indexed(folder)
    assert sorted(summary.bad) == [
        "a.npz: cannot be read (Input/output error)",
        "new.npz: cannot be read (Input/output error)",
    ]
    assert store.rows()["a.npz"] == before
    monkeypatch.undo()
    summary, store = indexed(folder)
    assert (summary.new, summary.bad) == (2, [])
    assert {row.seconds for row in store.rows().values()} == {2.0, 4.0}


def test_a_folder_that_cannot_be_listed_forgets_nothing(folder, monkeypatch):
    indexed(folder)
    scandir = os.scandir

    def refuses(path):
        if pathlib.Path(path).name == "b":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuses)
    summary, store = indexed(folder)
    assert summary.gone == 0 and "b/c.npz" in store.rows()
    assert summary.bad == ["b: the folder cannot be listed (Permission denied)"]


def test_another_folder_is_no_moved_one(folder, tmp_path):
    indexed(folder)
    folder.rename(tmp_path / "away")
    arm_raisers.write(folder.parent / "others" / "x.npz", ("left", 2))
    with pytest.raises(InputError, match="has none of its files"):
        index(tmp_path / "others", tmp_path / "library", arm_raisers.ArmModel())
    summary = index(tmp_path / "away", tmp_path / "library", arm_raisers.ArmModel())
    assert (summary.same, summary.gone) == (2, 0)


def test_links_out_of_the_folder_and_pipes_are_left_out(folder, tmp_path):
    arm_raisers.write(tmp_path / "secret.npz", ("left", 2))
    (folder / "link.npz").symlink_to(tmp_path / "secret.npz")
    (folder / "inside.npz").symlink_to(folder / "a.npz")
    os.mkfifo(folder / "pipe.bvh")
    summary, store = indexed(folder)
    assert set(store.rows()) == {"a.npz", "b/c.npz", "inside.npz", "link.npz", "pipe.bvh"}
    assert summary.takes == 3
    assert any("link out of the folder" in why for why in summary.bad)
    assert any("a pipe or a device" in why for why in summary.bad)


def test_a_link_that_leads_nowhere_is_said_to_do_so(folder, tmp_path):
    (folder / "out.npz").symlink_to(tmp_path / "gone.npz")
    (folder / "in.npz").symlink_to("gone.npz")
    (folder / "round.npz").symlink_to("round.npz")
    summary, _ = indexed(folder)
    said = {why.partition(":")[0]: why for why in summary.bad}
    assert said.keys() == {"out.npz", "in.npz", "round.npz"}
    for file, target in (("out", f"{tmp_path}/gone.npz"), ("in", "gone.npz"), ("round", "round")):
        assert f": a link that leads nowhere ({target}" in said[f"{file}.npz"]


UNREADABLE = os.fsdecode(b"\xff.npz")


def test_every_file_that_is_left_out_has_its_reason_in_the_library(folder, tmp_path):
    arm_raisers.write(tmp_path / "secret.npz", ("left", 2))
    (folder / "link.npz").symlink_to(tmp_path / "secret.npz")
    (folder / "out.npz").symlink_to(tmp_path / "gone.npz")
    (folder / "in.npz").symlink_to("gone.npz")
    (folder / "bad.bvh").write_text("no motion")
    (folder / UNREADABLE).write_bytes(b"")
    _, store = indexed(folder)
    library = open_library(store.address, arm_raisers.ArmModel())
    for file, why in {
        "link.npz": "link.npz: a link out of the folder; copy the file into it",
        "out.npz": f"out.npz: a link that leads nowhere ({tmp_path}/gone.npz is not there)",
        "in.npz": "in.npz: a link that leads nowhere (gone.npz is not there)",
        "bad.bvh": "bad.bvh, line 1: found 'no motion'",
        UNREADABLE: r"\udcff.npz: its name is no Unicode; rename it",
    }.items():
        assert library.left_out(file).startswith(why)
        for ask in (
            library.take,
            library.poses,
            lambda file: library.curve(file, "left"),
            lambda file: library.search(Query(like=Span(file))),
            lambda file: library.resolved(Query("left", within=file)),
            lambda file: library.resolved(Query("left", within=str(folder / file))),
            lambda file: library.resolved(Query(like=Span(file))),
        ):
            with pytest.raises(InputError) as refused:
                ask(file)
            assert f": {why}" in str(refused.value)


def test_files_that_are_refused_are_told_as_before_and_taken_once_they_are_mended(folder, tmp_path):
    _, store = indexed(folder)
    take = store.rows()["a.npz"].take
    (folder / "a.npz").rename(tmp_path / "a.npz")
    (folder / "a.npz").symlink_to(tmp_path / "a.npz")
    states = []
    for count in (1, 0):
        summary = index(
            folder,
            store.address,
            arm_raisers.ArmModel(),
            progress=lambda state: states.append(dataclasses.astuple(state)),
        )
        assert (summary.same, summary.left_out, summary.gone, summary.known) == (1, 1, 0, 2)
        assert summary.bad == ["a.npz: a link out of the folder; copy the file into it"]
        # As of any file, that it cannot be read is no progress the next time.
        assert states.pop() == (count, count, count, 0, 1) and not states
        version = store.version()
    assert take not in store.windows().takes
    indexed(folder)
    assert store.version() == version
    (folder / "a.npz").unlink()
    (tmp_path / "a.npz").rename(folder / "a.npz")
    assert (indexed(folder)[0].new, len(open_library(store.address).takes())) == (1, 2)


def test_another_step_of_a_model_is_another_model(folder):
    indexed(folder)
    model = arm_raisers.ArmModel(step=8)
    with pytest.raises(InputError, match="cannot be compared"):
        index(folder, folder.parent / "library", model)


def test_another_motion_tower_is_another_model(folder):
    """The same name, step and text tower: of a run begun again, or of a newer package's starter."""
    _, store = indexed(folder)
    other = arm_raisers.ArmModel(tower=1)
    with pytest.raises(InputError, match=r"with other weights .* index again into a new folder"):
        open_library(store.address, other).search(Query("left"))
    arm_raisers.write(folder / "new.npz", ("left", 2))
    with pytest.raises(InputError, match="cannot be compared"):
        indexed(folder, tower=1)
    assert set(store.rows()) == {"a.npz", "b/c.npz"}
    # An exported folder holds float16.
    for dtype in ("float32", "float16"):
        own = arm_raisers.ArmModel(dtype=dtype)
        assert len(open_library(store.address, own).search(Query("left"))) == 2


def test_a_library_without_a_digest_of_the_weights_opens(folder):
    _, store = indexed(folder)
    tree = json.loads(store.facts.to_json())
    del tree["weights"]
    store.set_facts(Facts.from_json(json.dumps(tree), store.address))
    assert open_library(store.address, arm_raisers.ArmModel(tower=1)).search(Query("left"))
    with pytest.raises(InputError, match="cannot be compared"):
        open_library(store.address, arm_raisers.ArmModel(turn=1)).search(Query("left"))


def test_weights_are_summed_up_only_where_their_files_digest_is_another(folder, monkeypatch):
    _, store = indexed(folder, digest="of the file")
    # A step of a run and its export have the same weights and other digests.
    for digest in ("", "of the export"):
        store.facts.check(arm_raisers.ArmModel(digest=digest), store.address)
        with pytest.raises(InputError, match="cannot be compared"):
            store.facts.check(arm_raisers.ArmModel(digest=digest, tower=1), store.address)
    # Without a digest it is no sign of the same weights that neither has one.
    unread = dataclasses.replace(store.facts, digest="")
    with pytest.raises(InputError, match="cannot be compared"):
        unread.check(arm_raisers.ArmModel(tower=1), store.address)

    def fails(model):
        raise AssertionError("the weights are read once more")

    monkeypatch.setattr(facts, "_weights", fails)
    own = arm_raisers.ArmModel(digest="of the file")
    assert len(open_library(store.address, own).search(Query("left"))) == 2
    with pytest.raises(InputError, match="cannot be compared"):
        store.facts.check(arm_raisers.ArmModel(digest="of the file", step=8), store.address)


def test_the_centre_of_texts_is_the_models_and_must_fit(folder):
    _, store = indexed(folder)
    expected = arm_raisers.ArmModel().encode_text(CATEGORIES).astype(float).mean(axis=0)
    assert expected[0] > 0.02
    np.testing.assert_allclose(Store.open(store.address).facts.centre, expected, atol=1e-6)
    tree = json.loads(store.facts.to_json())
    with pytest.raises(InputError, match=r"facts are damaged \(a centre of 3 numbers\)"):
        Facts.from_json(json.dumps(tree | {"centre": [0.0] * 3}), store.address)


@pytest.mark.parametrize("given", [True, False])
def test_a_library_without_a_centre_gains_it_when_its_model_is_loaded(folder, monkeypatch, given):
    _, store = indexed(folder)
    centre, model = store.facts.centre, arm_raisers.ArmModel()
    store.set_facts(dataclasses.replace(store.facts, model="arms", centre=()))
    monkeypatch.setattr(trained, "load", lambda place: model)
    # Another place of the same model, or a change; without either no model is loaded.
    index(folder, store.address)
    assert Store.open(store.address).facts.centre == ()
    if not given:
        arm_raisers.write(folder / "new.npz", ("left", 2))
    with pytest.raises(InputError, match="cannot be compared"):
        monkeypatch.setattr(trained, "load", lambda place: arm_raisers.ArmModel(tower=1))
        index(folder, store.address, "elsewhere" * given)
    assert Store.open(store.address).facts.centre == ()
    monkeypatch.setattr(trained, "load", lambda place: model)
    index(folder, store.address, "elsewhere" * given)
    assert Store.open(store.address).facts == dataclasses.replace(store.facts, centre=centre)


def test_facts_say_their_format_before_their_fields(folder):
    """Versions of before refuse fields that they do not know."""
    _, store = indexed(folder)
    tree = json.loads(store.facts.to_json())
    assert tree["format"] == 2
    later = json.dumps({"format": 3, "probes": "elsewhere", "more": 1})
    with pytest.raises(InputError, match="a library of the format 3, and .* reads 1 to 2; install"):
        Facts.from_json(later, store.address)
    old = {name: value for name, value in tree.items() if name not in ("digest", "centre")}
    found = Facts.from_json(json.dumps(old | {"format": 1}), store.address)
    assert (found.weights, found.digest, found.centre) == (store.facts.weights, "", ())
    store.set_facts(found)
    assert json.loads(Store.open(store.address).facts.to_json())["format"] == 2


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999", "1e200", "1.2", "1" + "0" * 400])
def test_a_centre_that_is_no_mean_of_unit_vectors_is_damage(folder, number):
    _, store = indexed(folder)
    tree = json.loads(store.facts.to_json())
    text = json.dumps(tree | {"centre": [0.6, 0.8, 0.0, 0.0]})
    assert Facts.from_json(text, store.address).centre == (0.6, 0.8, 0.0, 0.0)
    with pytest.raises(InputError, match="facts are damaged"):
        Facts.from_json(text.replace("0.6", number), store.address)


def test_a_curve_with_a_narrow_peak_has_its_interval(folder):
    arm_raisers.write(folder / "a.npz", ("", 10.3), ("left", 0.7), ("", 11.7))
    _, store = indexed(folder)
    library = open_library(store.address, arm_raisers.ArmModel())
    curve = library.curve("a.npz", Query("the left arm is up"))
    assert len(curve.intervals) >= 1
    assert any(one.start <= 10.7 <= one.end for one in curve.intervals)
    # It has the score and the word of the answer, which stands beside it.
    (answer,) = library.search(Query("the left arm is up"), top=1)
    best = max(curve.intervals, key=lambda one: one.score)
    assert (best.score, best.word) == (answer.score, answer.word)
    assert best.start < answer.end and answer.start < best.end


def test_a_file_of_one_frame_is_left_out(folder, tmp_path):
    arm_raisers.write(folder / "pose.npz", ("left", 1 / arm_raisers.FPS))
    arm_raisers.write(folder / "short.npz", ("left", 2 / arm_raisers.FPS))
    summary, store = indexed(folder)
    assert summary.bad == ["pose.npz: one frame, which is a pose and no motion"]
    library = open_library(store.address, arm_raisers.ArmModel())
    assert [take.file for take in library.takes()] == ["a.npz", "b/c.npz", "short.npz"]
    # Nor is it an example.
    arm_raisers.write(tmp_path / "mine.npz", ("left", 1 / arm_raisers.FPS))
    with pytest.raises(InputError, match="mine.npz: one frame, which is a pose and no motion"):
        library.resolved(Query(like=Span(str(tmp_path / "mine.npz"))))


def test_what_a_query_excludes_is_no_peak():
    starts = np.arange(0, 20, 0.5)
    scores = np.where((starts >= 5) & (starts < 12), -np.inf, 0.8)
    times, cosines = likeness(starts, starts + 1.5, scores)
    found = intervals(times, cosines, starts, starts + 1.5, scores)
    assert all(end < 6.5 or start > 11.5 for start, end, _ in found)


def test_an_interval_has_the_score_of_its_best_window():
    times = np.linspace(0, 9, 91)
    line = np.select([times <= 2, times >= 7], [0.6, 0.7], 0.0)
    starts = np.array([0.25, 3.25, 4.25, 7.25])
    # The third is left out, and the last is below the curve's peak.
    scores = np.array([0.9, 0.8, -np.inf, 0.5])
    found = intervals(times, line, starts, starts + 1.5, scores)
    assert found == ((0.0, 2.05, 0.9), (6.95, 9.0, 0.7))


def test_the_best_window_is_a_place_where_the_curve_is_low():
    times = np.linspace(0, 40, 401)
    line = np.where((times > 8.25) & (times < 11.75), 0.25, 0.0)
    starts = np.array([9.0, 29.0])
    found = intervals(times, line, starts, starts + 1.5, np.array([0.3, 0.45]))
    assert found == ((8.25, 11.75, 0.3), (28.95, 30.55, 0.45))


HEADER = "file,start,end,caption,action"
BAD_TABLES = {
    "no row": (f"{HEADER}\n", "captions.csv: the table has a header and no row"),
    "no column": ("file,start,end,text\na.npz,,,bows\n", "there is no column 'caption'"),
    "open quote": (f'{HEADER}\na.npz,,,"bows,\n', "captions.csv, line 2"),
    "no text": (b"\xff\xfe\x00a", "captions.csv: not UTF-8 text"),
    "empty": ("", "there is no column 'file'"),
    "broken line": (f"{HEADER}\na.npz,,,bows,,1,2\na.npz,,,nods,\n", "captions.csv, line 2: 7"),
    "two rates": (
        f"{HEADER},fps\na.npz,,,bows,,10\nb/c.npz,,,sits,,\na.npz,,,nods,,20\n",
        "captions.csv, line 4: fps is 20, and line 2 has 10 for the same file 'a.npz'",
    ),
    "two units": (
        f"{HEADER},metres_per_unit\na.npz,,,bows,,1\na.npz,,,nods,,0.01\n",
        "captions.csv, line 3: metres_per_unit is 0.01, and line 2 has 1",
    ),
    "misspelt": (
        f"{HEADER}\na.npz,,,bows,\nA.npz,,,nods,\nB.npz,,,nods,\n",
        "captions.csv, line 3: there is no file 'A.npz', nor 1 others that it names",
    ),
}
LEFT = {"broken line": ("nods",), "misspelt": ("bows",)}
"""Captions of a.npz that are left."""


@pytest.mark.parametrize("kind", BAD_TABLES)
def test_a_faulty_captions_csv_costs_no_take_and_is_told_once(folder, kind):
    table, says = BAD_TABLES[kind]
    table = table if isinstance(table, bytes) else table.encode()
    (folder / "captions.csv").write_bytes(table)
    summary, store = indexed(folder)
    assert summary.takes == 2
    assert len(summary.bad) == 1 and says in summary.bad[0]
    rows = store.rows()
    assert tuple(one.text for one in rows["a.npz"].captions) == LEFT.get(kind, ())
    assert rows["a.npz"].fps == 10
    assert [one.text for one in rows["b/c.npz"].captions] == ["sits"] * (kind == "two rates")


def test_a_faulty_joints_csv_costs_no_take_and_is_told_once(folder):
    (folder / "joints.csv").write_text("joint,smpl22\nx,nose\n")
    summary, _ = indexed(folder)
    assert summary.takes == 2 and len(summary.bad) == 1
    assert "joints.csv, line 2: smpl22 is 'nose'" in summary.bad[0]


def test_a_file_without_a_rate_names_an_option_that_these_commands_have(folder):
    arm_raisers.write(folder / "a.npz", ("left", 6), fps=None)
    (why,) = indexed(folder)[0].bad
    assert why == (
        "a.npz: does not say its frames a second; give them as --source_fps=30, or whatever they "
        "are"
    )
    assert indexed(folder, fps=20.0)[0].bad == []


def test_the_numbers_of_files_add_up(folder, tmp_path, monkeypatch):
    """Whatever becomes of a file, it is counted once, and so are the takes."""
    arm_raisers.write(folder / "old.npz", ("left", 2))
    arm_raisers.write(folder / "busy.npz", ("left", 2))
    arm_raisers.write(folder / "moves.npz", ("right", 3))
    arm_raisers.write(folder / "shut" / "in.npz", ("right", 2))
    (folder / "bad.bvh").write_text("no motion")
    (folder / "link.npz").symlink_to(tmp_path / "secret.npz")
    (folder / "captions.csv").write_text("file,start,end,caption\nnone.npz,,,bows\n")
    summary, _ = indexed(folder)
    assert (summary.new, summary.left_out, summary.files) == (6, 2, 8)
    assert (summary.takes, summary.known) == (6, 8)
    assert said(summary, "lib")[0] == "files: 8, of them 6 indexed, 2 left out"
    seconds = sum(take.seconds for take in open_library(tmp_path / "library").takes())
    minutes, rest = divmod(round(seconds), 60)
    took = f"{minutes} min {rest} s" if minutes else f"{rest} s"
    assert said(summary, "lib")[1].startswith(f"lib: 6 takes of 8 files, {took} of motion, ")

    (folder / "old.npz").unlink()
    (folder / "worse.bvh").write_text("no motion")
    (folder / "moves.npz").rename(folder / "moved.npz")
    arm_raisers.write(folder / "new.npz", ("", 4))
    arm_raisers.write(folder / "busy.npz", ("left", 5))
    digest, scandir = reading.content_digest, os.scandir

    def fails(path, *rest):
        if path.name == "busy.npz":
            raise OSError(5, "Input/output error")
        return digest(path, *rest)

    def refuses(path):
        if pathlib.Path(path).name == "shut":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(reading, "content_digest", fails)
    monkeypatch.setattr(os, "scandir", refuses)
    states = []
    summary = index(
        folder,
        tmp_path / "library",
        arm_raisers.ArmModel(),
        progress=lambda state: states.append(dataclasses.astuple(state)),
    )
    assert (summary.new, summary.followed, summary.same, summary.gone) == (1, 1, 2, 2)
    # busy.npz and shut/in.npz; bad.bvh, worse.bvh and link.npz.
    assert (summary.kept, summary.left_out) == (2, 3)
    assert summary.takes == summary.files - summary.left_out == 6
    assert summary.known == summary.files == 9
    # Of new.npz, worse.bvh and busy.npz one is left out and one kept; three others are there.
    assert states[-1] == (3, 3, 1, 1, 3)
    assert said(summary, "lib")[0] == (
        "files: 9, of them 1 indexed, 1 known by their content, 2 as before, "
        "2 kept as before, for they cannot be read now, 3 left out; 2 names of before are gone"
    )


def test_the_numbers_of_files_of_shards_add_up(folder, tmp_path):
    for number in range(5):
        (folder / f"link {number}.npz").symlink_to(tmp_path / "secret.npz")
    (folder / UNREADABLE).write_bytes(b"")
    parts = [
        index(folder, tmp_path / "library", arm_raisers.ArmModel(), shard=Shard(number, 3))
        for number in (1, 2, 3)
    ]
    assert [part.left_out for part in parts] != [6, 6, 6]
    assert sum(part.left_out for part in parts) == 6
    # Each lists as many as it counts.
    assert all(len(part.bad) == part.left_out for part in parts)
    assert sum(part.files for part in parts) == parts[-1].known == 8


def test_a_file_that_vanishes_once_it_is_listed_is_counted(folder, monkeypatch):
    indexed(folder)
    # A link to nothing is listed as well.
    (folder / "empty.npz").symlink_to(folder / "nothing.npz")
    stamp = Folder.stamp

    def gone(self, file, *rest):
        if file == "a.npz":
            raise FileNotFoundError(2, "No such file or directory")
        return stamp(self, file, *rest)

    monkeypatch.setattr(Folder, "stamp", gone)
    for _ in range(2):
        summary, _ = indexed(folder)
        assert (summary.same, summary.kept, summary.left_out) == (1, 1, 1)
        assert summary.takes == summary.files - summary.left_out == 2
        assert summary.known == summary.files == 3
        assert sorted(summary.bad) == [
            "a.npz: cannot be read (No such file or directory)",
            f"empty.npz: a link that leads nowhere ({folder}/nothing.npz is not there); remove it, "
            "or bring that back",
        ]
    monkeypatch.undo()
    arm_raisers.write(folder / "nothing.npz", ("left", 2))
    assert (indexed(folder)[0].new, len(indexed(folder)[1].rows())) == (2, 4)
