"""Data sets on the disk: the same clips in the same order, however written and read."""

import dataclasses
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

import jax
import numpy as np
import pytest
import tensorflow_datasets as tfds
import tiny
from array_record.python.array_record_data_source import ArrayRecordDataSource
from array_record.python.array_record_module import ArrayRecordWriter

from motext_jax.config import dataset
from motext_jax.data import inputs
from motext_jax.data.builders import BUILDERS, clip_features
from motext_jax.data.humanml3d import HumanML3DFolder
from motext_jax.data.pipeline import Batches, training_texts
from motext_jax.data.preparation import prepare
from motext_jax.data.prepared import Records, places, recipe
from motext_jax.data.sources import load_clips
from motext_jax.errors import InputError
from motext_jax.runtime.lock import alone
from motext_jax.text.tokenizer import load_tokenizer

SPLITS = ("train", "val")


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    root = tmp_path_factory.mktemp("d") / "data"
    return tiny.config(tiny.write_humanml3d(root, {"train": 10, "val": 3}, frames=32)).data


def prepared(config, out, **changes):
    options = {"splits": SPLITS, "processes": 1, **changes}
    folder, summary, _ = prepare(config, BUILDERS["humanml3d"], out, **options)
    return folder, summary


def versions(out):
    """The data sets that stand in a folder; a lock is none."""
    return [path.name for path in (out / "humanml3d").iterdir() if path.name != "lock"]


def read(config, out, read="auto"):
    return dataclasses.replace(config, prepared=str(out), read=read)


def assert_same(clips, expected):
    np.testing.assert_array_equal(clips.clips[:], expected.clips[:])
    for name in ("files", "segments", "captions", "category_names", "skeleton", "fps"):
        assert getattr(clips, name) == getattr(expected, name)
    for name in ("lengths", "categories", "starts", "ends", "mirrored"):
        np.testing.assert_array_equal(getattr(clips, name), getattr(expected, name))
    assert clips.fingerprint() == expected.fingerprint()


def assert_same_set(config, out, other):
    for split in SPLITS:
        assert_same(
            load_clips(read(config, out, "records"), split),
            load_clips(read(config, other, "records"), split),
        )


def test_prepared_clips_are_the_sources_either_way(config, tmp_path):
    prepared(config, tmp_path)
    for split in SPLITS:
        expected = load_clips(config, split)
        records = load_clips(read(config, tmp_path, "records"), split)
        array = load_clips(read(config, tmp_path), split)
        assert isinstance(records.clips, Records)
        assert isinstance(array.clips, np.memmap)
        for clips in (records, array):
            assert_same(clips, expected)
            rows = np.array([4, 0, 4, 2])
            np.testing.assert_array_equal(clips.clips[rows], expected.clips[rows])


def test_batches_are_the_same_either_way(config, tmp_path):
    prepared(config, tmp_path)
    tokenize = load_tokenizer(None)
    feeds = []
    for kind in ("records", "array"):
        clips = load_clips(read(config, tmp_path, kind), "train")
        texts = training_texts(clips, "both", tokenize)
        feeds.append(Batches(clips, texts, batch_size=8, seed=0).from_step(1))
    for _ in range(3):
        one, other = (next(feed) for feed in feeds)
        for value, same in zip(jax.tree.leaves(other), jax.tree.leaves(one), strict=True):
            np.testing.assert_array_equal(value, same)


def test_several_processes_write_what_one_does(config, tmp_path):
    one, summary = prepared(config, tmp_path / "one")
    two, same = prepared(config, tmp_path / "two", processes=2)
    assert summary == same
    names = {path.name for path in one.iterdir()}
    assert names == {path.name for path in two.iterdir()}
    # The records' own bytes differ: a protocol buffer's maps have no order.
    assert_same_set(config, tmp_path / "one", tmp_path / "two")


def test_it_is_a_tfds_data_set(config, tmp_path):
    folder, _ = prepared(config, tmp_path)
    clips = load_clips(config, "train")
    for builder in (
        tfds.builder_from_directory(folder),
        tfds.builder("humanml3d", data_dir=tmp_path),
    ):
        source = builder.as_data_source("train")
        assert len(source) == len(clips)
        example = source[3]
        np.testing.assert_array_equal(example["clip"], clips.clips[3])
        assert example["file"].decode() == clips.files[3]
        assert example["segment"].decode() == clips.segments[3]
        assert example["start"] == np.float32(clips.starts[3])
        assert example["end"] == np.float32(clips.ends[3])
        assert [text.decode() for text in example["captions"]] == list(clips.captions[3])
        assert (example["category"], example["length"]) == (clips.categories[3], clips.lengths[3])
    assert builder.info.splits["train"].num_shards == 3
    assert "tensorflow" not in sys.modules


def test_the_registered_builders():
    names = {"babel60", "babel120", "babel_text", "humanml3d", "kit_ml", "mocap"}
    assert names <= set(tfds.list_builders(with_community_datasets=False))


def test_the_summary(config, tmp_path):
    (pathlib.Path(config.root) / "texts" / "train_005.txt").rename(tmp_path / "away.txt")
    try:
        folder, summary = prepared(config, tmp_path / "out")
    finally:
        (tmp_path / "away.txt").rename(pathlib.Path(config.root) / "texts" / "train_005.txt")
    # 32 frames are two clips of 16; nine of ten motions of training can be read.
    assert summary.clips == {"train": 18, "val": 6}
    assert summary.hours == pytest.approx(12 * 32 / 30 / 3600)
    assert sum(summary.categories.values()) == 24
    (why,) = summary.left_out["train"]
    assert "train_005.txt: the split names it" in why
    assert json.loads((folder / "motext_jax.json").read_text())["summary"]["clips"] == summary.clips


def test_a_limit_and_a_second_time(config, tmp_path):
    folder, summary = prepared(config, tmp_path, limit=2)
    assert summary.clips == {"train": 4, "val": 4}
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert prepared(config, tmp_path, limit=2) == (folder, summary)
    assert before == {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    with pytest.raises(InputError, match="holds another data set already, with limit 2 and not 0;"):
        prepared(config, tmp_path)


def test_what_a_killed_preparation_left_is_used_and_nothing_half_written(config, tmp_path):
    """Killed at any moment, and begun again, it ends as one that was left alone."""
    prepared(config, tmp_path / "whole")
    program = (
        "import sys, time; sys.path[:0] = sys.argv[3:];"
        "from motext_jax.data import preparation as p;"
        "from motext_jax.data.builders import BUILDERS; import pathlib, tiny;"
        "write = p.write_shard;"
        "p.write_shard = lambda shard: (print('shard', flush=True), time.sleep(0.2), write(shard));"
        "c = tiny.config(sys.argv[1]).data;"
        "p.prepare(c, BUILDERS['humanml3d'], pathlib.Path(sys.argv[2]), splits=('train', 'val'),"
        " processes=1)"
    )
    arguments = [config.root, str(tmp_path / "killed"), *sys.path]
    process = subprocess.Popen(
        [sys.executable, "-c", program, *arguments], stdout=subprocess.PIPE, env=os.environ
    )
    for _ in range(3):
        process.stdout.readline()
    time.sleep(0.1)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert versions(tmp_path / "killed") == []
    (staging,) = (tmp_path / "killed").glob("*.partial-*")
    finished = {path: path.stat().st_mtime_ns for path in staging.glob("train-*.json")}
    assert finished
    (staging / "train-000008.999.tmp").write_bytes(b"half")
    seen = []
    prepared(config, tmp_path / "killed", progress=lambda done, _: seen.append(done))
    assert seen[0] == len(finished)
    assert not staging.exists()
    assert_same_set(config, tmp_path / "whole", tmp_path / "killed")


def test_options_that_made_other_clips_are_named(config, tmp_path):
    prepared(config, tmp_path)
    asked = read(config, tmp_path)
    asked.frames = 32
    with pytest.raises(InputError, match=r"was prepared with data\.frames=16, and 32 is asked"):
        load_clips(asked, "train")
    with pytest.raises(InputError, match="no split 'test'; it has: train, val; .* --split=val$"):
        load_clips(read(config, tmp_path), "test")
    with pytest.raises(InputError, match="which holds no prepared data set"):
        load_clips(read(config, tmp_path / "elsewhere"), "train")


def test_a_set_from_before_an_option_has_its_default(config, tmp_path):
    folder, _ = prepared(config, tmp_path)
    path = folder / "motext_jax.json"
    description = json.loads(path.read_text())
    assert description["recipe"].pop("normalise_each") == "clip"
    # Older versions also wrote the options that the source does not read.
    description["recipe"] |= {"categories": 120, "metres_per_unit": 1.0}
    path.write_text(json.dumps(description))
    assert_same(load_clips(read(config, tmp_path), "val"), load_clips(config, "val"))
    _, _, read_now = prepare(config, BUILDERS["humanml3d"], tmp_path, splits=SPLITS, processes=1)
    assert read_now is None
    asked = dataclasses.replace(read(config, tmp_path), normalise_each="motion")
    with pytest.raises(InputError, match=r"with data\.normalise_each=clip, and motion is asked"):
        load_clips(asked, "val")


def test_a_recipe_holds_what_the_source_reads_and_no_place():
    of_folder = recipe(dataset("humanml3d", root="x", mirror=True))
    assert of_folder == {
        **{"source": "humanml3d", "source_fps": 20.0, "skeleton": "smpl22"},
        **{"fps": 30.0, "frames": 150, "normalise": "facing", "normalise_each": "clip"},
    }
    # In AMASS the text decides which segments are clips.
    assert recipe(dataset("babel_text"))["text"] == "caption"
    assert set(places(dataset("synthetic"))) == {"root", "annotations", "body_models", "joints"}


def test_nothing_is_made_of_files_that_cannot_be_read(tmp_path):
    root = tiny.write_humanml3d(tmp_path / "data", {"train": 2})
    for path in (root / "new_joints").iterdir():
        path.write_bytes(b"")
    with pytest.raises(InputError, match="none of the files of 'train' could be read: .*train_000"):
        prepared(tiny.config(root).data, tmp_path / "out", splits=("train",))
    assert versions(tmp_path / "out") == []


def test_files_of_two_skeletons_are_refused(tmp_path):
    header = (
        "HIERARCHY\nROOT {0}\n{{\nOFFSET 0 0 0\nCHANNELS 1 Zrotation\nJOINT {1}\n{{\nOFFSET 0 1 0\n"
    )
    rest = "CHANNELS 0\n}}\n}}\nMOTION\nFrames: 9\nFrame Time: 0.1\n" + "1\n" * 9
    rows = ["file,start,end,caption,action,split"]
    for number, names in enumerate([("hip", "arm"), ("tail", "fin")] * 4):
        (tmp_path / f"{number}.bvh").write_text((header + rest).format(*names))
        rows.append(f"{number}.bvh,,,x,,train")
    (tmp_path / "captions.csv").write_text("\n".join(rows))
    config = dataset(
        "mocap", root=str(tmp_path), skeleton="own", normalise="none", frames=16, text="caption"
    )
    with pytest.raises(InputError, match="joints that differ from the first motion's 2"):
        prepare(config, BUILDERS["mocap"], tmp_path / "out", splits=("train",), processes=1)
    with pytest.raises(InputError, match="joints that differ from the first motion's 2"):
        load_clips(config, "train")


def test_other_bodies_or_files_are_another_preparation(config, tmp_path):
    prepared(config, tmp_path)
    for changes in ({"body_models": "elsewhere"}, {"root": str(tmp_path)}):
        with pytest.raises(InputError, match="holds another data set already"):
            prepared(dataclasses.replace(config, **changes), tmp_path)


def test_a_shard_that_skipped_a_file_is_written_again(config, tmp_path):
    text = pathlib.Path(config.root) / "texts" / "val_001.txt"
    for name in ("val_000", "val_001", "val_002"):
        (text.parent / f"{name}.txt").rename(tmp_path / f"{name}.txt")
    try:
        with pytest.raises(InputError, match="none of the files of 'val' could be read"):
            prepared(config, tmp_path / "out")
    finally:
        for name in ("val_000", "val_001", "val_002"):
            (tmp_path / f"{name}.txt").rename(text.parent / f"{name}.txt")
    _, summary = prepared(config, tmp_path / "out")
    assert summary.clips == {"train": 20, "val": 6}
    assert summary.left_out == {"train": [], "val": []}


def test_what_has_changed_since_is_taken_in_and_nothing_else_is_read(tmp_path, monkeypatch):
    root = tiny.write_humanml3d(tmp_path / "data", {"train": 9, "val": 2}, frames=32)
    config, out = tiny.config(root).data, tmp_path / "out"
    (root / "texts" / "train_004.txt").rename(tmp_path / "away")
    (root / "texts" / "train_006.txt").write_text("#x#0.0#0.0\nstays#x#0.0#0.0\n")
    _, summary = prepared(config, out)
    assert [len(summary.left_out[split]) for split in SPLITS] == [2, 0]
    assert load_clips(read(config, out), "train").left_out == tuple(summary.left_out["train"])

    opened = []
    take = HumanML3DFolder.read
    monkeypatch.setattr(
        HumanML3DFolder, "read", lambda self, file: (opened.append(file), take(self, file))[1]
    )

    def again():
        opened.clear()
        _, _, count = prepare(config, BUILDERS["humanml3d"], out, splits=SPLITS, processes=1)
        once = sorted(opened)
        for split in SPLITS:
            assert_same(load_clips(read(config, out, "records"), split), load_clips(config, split))
        assert (count or 0) == len(once)
        return once

    # What is left out or missing, and still is, is no change.
    assert again() == []
    (tmp_path / "away").rename(root / "texts" / "train_004.txt")
    assert again() == ["train_004"]
    _, summary, count = prepare(config, BUILDERS["humanml3d"], out, splits=SPLITS, processes=1)
    assert count is None
    assert len(summary.left_out["train"]) == 1
    # Clips of code that read otherwise are made anew.
    with monkeypatch.context() as patched:
        patched.setattr(inputs, "_code", lambda: b"another version")
        assert len(again()) == 11
    assert len(again()) == 11
    # Another time alone is no change.
    path = root / "new_joints" / "train_001.npy"
    os.utime(path, ns=(1, 1))
    assert again() == []
    joints = np.load(path)
    joints[3] += 0.5
    before = path.stat()
    np.save(path, joints)
    assert path.stat().st_size == before.st_size
    assert again() == ["train_001"]
    text = root / "texts" / "val_001.txt"
    text.write_text(text.read_text().replace("person", "robot"))
    assert again() == ["val_001"]
    # Rows added, gone and in another order; and a label that makes other categories.
    ids = (root / "train.txt").read_text().split()
    (root / "train.txt").write_text("\n".join(reversed(ids[1:])))
    assert again() == []
    (root / "train.txt").write_text("\n".join(ids))
    assert again() == ["train_000"]
    labels = (root / "labels.csv").read_text()
    (root / "labels.csv").write_text(labels.replace("train_002,stand", "train_002,a new one"))
    assert again() == ["train_002"]
    assert list(out.iterdir()) == [out / "humanml3d"]


def test_what_changed_while_a_killed_preparation_lay_there_is_read(config, tmp_path, monkeypatch):
    root = shutil.copytree(config.root, tmp_path / "data")
    own = dataclasses.replace(config, root=str(root))

    def stop(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(BUILDERS["humanml3d"], "download_and_prepare", stop)
        with pytest.raises(KeyboardInterrupt):
            prepared(own, tmp_path / "out")
    (root / "texts" / "train_003.txt").write_text("otherwise#x#0.0#0.0\n")
    prepared(own, tmp_path / "out")
    assert_same(load_clips(read(own, tmp_path / "out"), "train"), load_clips(own, "train"))


def test_two_preparations_of_one_set_do_not_mix(config, tmp_path):
    with alone(tmp_path / "humanml3d"), pytest.raises(InputError, match="another process is at"):
        prepared(config, tmp_path)
    prepared(config, tmp_path)


def test_what_was_begun_otherwise_and_stopped_goes(config, tmp_path):
    shutil.rmtree(tmp_path / "humanml3d", ignore_errors=True)
    for name in ("humanml3d.partial-0123456789ab", "kit_ml.partial-0123456789ab"):
        (tmp_path / name).mkdir()
    prepared(config, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        "humanml3d",
        "kit_ml.partial-0123456789ab",
    }


DAMAGES = (b"", b"{", b"[]", b"{}", b'[{"clips": "x"}]', b"\xff", b"[" * 100_000, b"null", b'"a"')


@pytest.mark.parametrize("name", ["motext_jax.json", "inputs_train.json", "shard"])
def test_damaged_documents_are_made_anew_or_named(config, tmp_path, name, monkeypatch):
    """A damaged description is named; files of a damaged list are read again."""
    prepared(config, tmp_path / "whole")
    folder, _ = prepared(config, tmp_path / "out")
    for damage in DAMAGES:
        if name == "shard":
            shutil.rmtree(folder)
            with monkeypatch.context() as patched:
                patched.setattr(
                    BUILDERS["humanml3d"], "download_and_prepare", lambda *_, **__: 1 / 0
                )
                with pytest.raises(ZeroDivisionError):
                    prepared(config, tmp_path / "out")
            (staging,) = (tmp_path / "out").glob("*.partial-*")
            (staging / "train-000000.json").write_bytes(damage)
        else:
            whole = (folder / name).read_bytes()
            (folder / name).write_bytes(damage)
        if name == "motext_jax.json":
            with pytest.raises(InputError, match="motext_jax.json: damaged|another data set"):
                prepared(config, tmp_path / "out")
            (folder / name).write_bytes(whole)
        else:
            prepared(config, tmp_path / "out")
            assert_same_set(config, tmp_path / "out", tmp_path / "whole")


def test_strict_preparation_stops(config, tmp_path):
    root = shutil.copytree(config.root, tmp_path / "data")
    (root / "texts" / "val_001.txt").unlink()
    own = dataclasses.replace(config, root=str(root), strict=True)
    with pytest.raises(InputError, match="strict=True, and 1 file or row of 'val' .*val_001"):
        prepared(own, tmp_path / "out")
    prepared(dataclasses.replace(own, strict=False), tmp_path / "out")
    with pytest.raises(InputError, match="strict=True, and 1 file or row of 'val' .*val_001"):
        prepared(own, tmp_path / "out")
    with pytest.raises(InputError, match="strict=True, and 1 file or row of 'val' .*val_001"):
        load_clips(read(own, tmp_path / "out"), "val")


def test_a_set_of_an_earlier_version_is_prepared_anew(config, tmp_path):
    """It kept nothing to tell changes by."""
    folder, _ = prepared(config, tmp_path)
    (folder / "inputs_train.json").unlink()
    (folder / "inputs_val.json").unlink()
    description = json.loads((folder / "motext_jax.json").read_text())
    del description["places"]["joints"]
    description["summary"]["skipped"] = description["summary"].pop("left_out")["train"]
    (folder / "motext_jax.json").write_text(json.dumps(description))
    assert load_clips(read(config, tmp_path), "val").left_out == ()
    _, _, count = prepare(config, BUILDERS["humanml3d"], tmp_path, splits=SPLITS, processes=1)
    assert count == 13


def test_of_several_sets_the_one_that_is_asked_for_is_read(config, tmp_path):
    prepared(config, tmp_path)
    longer = dataclasses.replace(config, frames=32)
    prepare(longer, BUILDERS["kit_ml"], tmp_path, splits=SPLITS, processes=1)
    unfinished = tmp_path / "humanml3d" / "incomplete.XY_2.0.0"
    unfinished.mkdir()
    (unfinished / "motext_jax.json").write_text("{}")
    for asked in (config, longer):
        assert load_clips(read(asked, tmp_path), "val").clips.shape[1] == asked.frames
    with pytest.raises(InputError, match="several data sets, humanml3d/2.0.0, kit_ml/2.0.0: name"):
        load_clips(read(dataclasses.replace(config, frames=20), tmp_path), "val")


def test_what_an_earlier_version_prepared_is_refused_and_no_hindrance(config, tmp_path):
    folder, _ = prepared(config, tmp_path)
    new = folder.rename(tmp_path / "new")
    shutil.copytree(new, folder.with_name("1.0.0"))
    description = folder.with_name("1.0.0") / "motext_jax.json"
    content = json.loads(description.read_text())
    del content["format"]
    description.write_text(json.dumps(content))
    for place in (tmp_path, description.parent):
        with pytest.raises(InputError, match=r"1\.0\.0 was prepared by another version .*anew"):
            load_clips(read(config, place), "val")
    new.rename(folder)
    assert_same(load_clips(read(config, tmp_path), "val"), load_clips(config, "val"))


def rewrite(folder, split, features, changes):
    """Writes a split's first file again, of examples of other features, or of none."""
    path = sorted(folder.glob(f"*-{split}.array_record-*"))[0]
    old = clip_features(22)
    examples = [old.deserialize_example_np(record) for record in ArrayRecordDataSource([path])]
    path.unlink()
    writer = ArrayRecordWriter(str(path), "group_size:1")
    for example in examples:
        if features is None:
            writer.write(b"\xff no example")
            continue
        example = {**example, "captions": list(example["captions"]), **changes(example)}
        example = {name: example[name] for name in features}
        writer.write(features.serialize_example(features.encode_example(example)))
    writer.close()


def test_records_that_are_not_as_written_are_refused(config, tmp_path):
    folder, _ = prepared(config, tmp_path / "set")
    features = clip_features(22)
    cases = {
        # One frame would do for all of them.
        r"record 0 has shape \(1, 22, 3\), not \(16, 22, 3\)": (
            features,
            lambda example: {"clip": example["clip"][:1]},
        ),
        # Another example, which has no clip, and no example at all.
        r"record 0 has shape \(\), not": (
            tfds.features.FeaturesDict({"length": np.int32}),
            lambda _: {},
        ),
        "record 0: .*Error parsing": (None, lambda _: {}),
    }
    for sentence, (of, changes) in cases.items():
        other = shutil.copytree(folder, tmp_path / str(len(sentence)))
        rewrite(other, "train", of, changes)
        with pytest.raises(InputError, match=f"a record file is damaged.*{sentence}"):
            load_clips(read(config, other), "train")


def test_a_split_has_all_of_its_files(config, tmp_path):
    folder, _ = prepared(config, tmp_path)
    first, *_, last = sorted(folder.glob("*-train.array_record-*"))
    last.rename(tmp_path / "away")
    with pytest.raises(InputError, match="2 record files of train, which are not one whole set"):
        load_clips(read(config, folder), "train")
    (tmp_path / "away").rename(last)
    first.write_bytes(first.read_bytes()[:100])
    with pytest.raises(InputError, match="a record file is damaged"):
        load_clips(read(config, folder), "train").clips[:]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("files", []),
        ("files", "abcdef"),
        ("files", [1] * 6),
        ("captions", [[]] * 6),
        ("captions", ["ab"] * 6),
        ("categories", [3] * 6),
        ("categories", [-2] * 6),
        ("lengths", [0.5] * 6),
        ("starts", [None] * 6),
        ("starts", [float("nan")] * 6),
    ],
)
def test_an_index_that_fits_no_clips_is_refused(config, tmp_path, column, value):
    folder, _ = prepared(config, tmp_path)
    path = folder / "index_val.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), column: value}))
    with pytest.raises(InputError, match=r"index_val\.json: damaged \("):
        load_clips(read(config, folder), "val")


def test_an_array_that_is_not_of_its_records_is_refused(config, tmp_path):
    folder, _ = prepared(config, tmp_path)
    clips = np.array(load_clips(read(config, folder), "val").clips)
    for other in (clips[:, :8], clips[:3], clips.astype(np.float64)):
        np.save(folder / "clips_val.npy", other)
        with pytest.raises(
            InputError, match=r"clips_val\.npy: .* expected float32 of shape \(6, 1"
        ):
            load_clips(read(config, folder), "val")
