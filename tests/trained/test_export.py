"""A model handed over as a folder: the same embeddings, whole or not at all, and safe to read."""

import contextlib
import dataclasses
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import types

import clip_checkpoint
import jax
import ml_dtypes
import numpy as np
import pytest
import saved_model
import tiny
from safetensors.numpy import load_file, save_file

import motext_jax
from motext_jax.config import SOURCES
from motext_jax.errors import InputError
from motext_jax.models.clip_text import ClipTextConfig
from motext_jax.models.word_table import WordTableConfig
from motext_jax.runtime.mesh import data_mesh
from motext_jax.skeleton import SMPL22
from motext_jax.trained import checksums, places
from motext_jax.trained import export as export_module
from motext_jax.trained.calibration import Calibration, missing
from motext_jax.trained.card import card as make_card
from motext_jax.trained.export import evaluations, export
from motext_jax.trained.manifest import Manifest
from motext_jax.trained.model import load
from motext_jax.trained.saved import open_saved
from motext_jax.trained.words import write_words

TEXTS = ["a person raises the left arm", "stand", "someone would stand"]
CALIBRATION = Calibration(0.8, 0.5, 0.75, 0.5, 7, "val", 20)


def clips(n=3):
    rng = np.random.default_rng(1)
    sizes = np.arange(1, n + 1)[:, None, None, None]
    return (sizes * rng.normal(0, 1, (n, 16, 22, 3))).astype(np.float32)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run with a tokenizer of its own, a calibration, words and an evaluation."""
    folder = tmp_path_factory.mktemp("run")
    clip_checkpoint.write_checkpoint(folder / "clip", clip_checkpoint.SMALL)
    clip_checkpoint.write_tokenizer(folder / "clip")
    config = tiny.config("/secret/place", mirror=True)
    config.model.text = ClipTextConfig(str(folder / "clip"))
    saved_model.write_run(folder / "run", config)
    CALIBRATION.write(folder / "run" / "calibration.json")
    write_words(["person", "raises"], folder / "run" / "words.txt")
    (folder / "run" / "eval").mkdir()
    found = {
        "model": "tiny",
        "step": 7,
        "split": "test",
        "data": {"source": "humanml3d", "root": "/secret/place/people|here"},
        "clips": 9,
        "recognition": {"top1": 61.25, "top5": 100.0, "top1_norm": 50.0},
    }
    for name, step in (("7.json", 7), ("6.json", 6)):
        (folder / "run" / "eval" / name).write_text(json.dumps({**found, "step": step}))
    (folder / "run" / "eval" / "notes.json").write_text("[]")
    shutil.rmtree(folder / "clip")
    return folder / "run"


@pytest.fixture(scope="module")
def exported(run, tmp_path_factory):
    out = tmp_path_factory.mktemp("out") / "handed" / "over"
    with open_saved(run) as saved:
        export(saved, out, licence="mit", scores=evaluations(run, 7))
    return out


@pytest.fixture
def copy(exported, tmp_path):
    return shutil.copytree(exported, tmp_path / "copy")


@pytest.fixture(scope="module")
def both(run, exported):
    """The run's model and the exported one."""
    return load(run), motext_jax.load(exported)


def test_the_exported_model_is_the_runs(both):
    ours, theirs = both
    assert theirs.step == 7
    assert theirs.calibration == ours.calibration == CALIBRATION
    assert theirs.words == ours.words == {"person", "raises"}
    for encode, rows in (("encode_motion", clips()), ("encode_text", TEXTS)):
        expected, found = (getattr(model, encode)(rows) for model in both)
        assert (expected * found).sum(axis=1).min() > 1 - 1e-4
        # The rows are unlike each other, so that this says something.
        assert (expected @ expected.T).min() < 0.99
        assert np.abs(expected - found).max() > 0, "float16 rounds"


def test_a_model_carries_the_digest_of_what_was_read(run, exported, both):
    ours, theirs = both
    file = (exported / "model.safetensors").read_bytes()
    assert theirs.digest == hashlib.sha256(file).hexdigest()
    said = json.loads((run / "checkpoints" / "7" / "run" / "metadata").read_text())
    assert ours.digest == said["checksums"]["model"] == checksums.of_arrays(ours.variables)
    other = jax.tree.map(np.zeros_like, theirs.variables)
    assert dataclasses.replace(theirs, variables=other).digest == ""


def test_float32_is_exact(run, both, tmp_path):
    with open_saved(run) as saved:
        export(saved, tmp_path / "out", dtype="float32")
    same = jax.tree.map(np.array_equal, load(tmp_path / "out").variables, both[0].variables)
    assert jax.tree.all(same)


def test_matrices_are_of_half_precision_and_vectors_of_single(exported, both):
    arrays = load_file(exported / "model.safetensors")
    leaves = jax.tree_util.tree_leaves_with_path(both[0].variables)
    expected = {"/".join(key.key for key in path): np.asarray(leaf) for path, leaf in leaves}
    assert arrays.keys() == expected.keys()
    for name, array in arrays.items():
        assert array.dtype == (np.float16 if array.ndim > 1 else np.float32), name
        np.testing.assert_array_equal(array, expected[name].astype(array.dtype), err_msg=name)


@pytest.mark.parametrize("number", [1, 5])
def test_the_programs_need_nothing_of_the_package(exported, both, number):
    weights = load_file(exported / "model.safetensors")
    model = both[1]
    texts = [TEXTS[k % 3] for k in range(number)]
    for tower, rows, expected in (
        ("encode_motion", clips(number), model.encode_motion(clips(number))),
        ("encode_text", model.tokenize(texts), model.encode_text(texts)),
    ):
        content = (exported / f"{tower}.stablehlo").read_bytes()
        program = jax.export.deserialize(content)
        assert program.platforms == ("cpu", "cuda", "tpu")
        np.testing.assert_allclose(program.call(weights, rows), expected, atol=1e-5)


def test_the_card_says_what_it_was_trained_on_and_how_it_scores(exported):
    card = (exported / "README.md").read_text()
    assert card.startswith("---\nlibrary_name: motext_jax\nlicense: mit\n")
    assert "| 7.json | humanml3d, people\\|here | test | 9 | 61.2 | 100.0 | 50.0 | – | – |" in card
    assert "6.json" not in card
    assert "raise the left arm, raise the right arm, stand." in card
    assert "Clips of 16 frames at 30 fps" in card


@pytest.mark.parametrize("source", SOURCES)
def test_the_card_tells_every_source(source):
    config = tiny.config()
    config.data.source = source
    card = make_card(Manifest(config, (), SMPL22), 7, "mit", ())
    assert f"- Motion: {SOURCES[source]}.\n" in card


def test_the_card_of_a_classifier_shows_no_texts():
    config = tiny.config()
    config.model.objective, config.model.text = "classifier", None
    card = make_card(Manifest(config, ("stand",), SMPL22), 7, "mit", ())
    assert "model.classify(clips" in card
    for word in ("encode_text", "cosine", "one space", "text-to-motion-retrieval"):
        assert word not in card


def test_the_card_tells_what_a_run_kept_of_its_start():
    config = tiny.config()
    config.train.init, config.train.keep = "starter", 0.25
    card = make_card(Manifest(config, (), SMPL22), 7, "mit", ())
    assert "- It began with the weights of starter, and 25 % of each are still these.\n" in card
    config.train.keep = 0.0
    assert "- It began with the weights of starter.\n" in make_card(
        Manifest(config, (), SMPL22), 7, "mit", ()
    )


def test_nothing_says_where_it_was_made(run, exported):
    for path in exported.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert b"secret" not in content, path
            assert str(run.parent).encode() not in content, path
            assert b'fingerprint": "fingerprint' not in content


@pytest.mark.parametrize(
    ("init", "kept"),
    [
        *(("/secret/runs/mine", "mine"), ("secret/mine", "mine"), ("starter", "starter")),
        *(("hf://a/b", "hf://a/b"), ("", "")),
    ],
)
def test_the_model_that_a_run_began_with_keeps_its_name_alone(tmp_path, monkeypatch, init, kept):
    monkeypatch.chdir(tmp_path)
    pathlib.Path("secret/mine").mkdir(parents=True)
    config = tiny.config("/secret/place")
    config.data.prepared, config.train.init = "/secret/set", init
    config.model.text = ClipTextConfig("/secret/clip")
    config.model.motion.checkpoint = "/secret/ctrgcn.safetensors"
    found = export_module.without_places(Manifest(config, (), SMPL22, "digest")).config
    assert (found.data.root, found.data.prepared, found.train.init) == ("", "", kept)
    assert found.model.text.checkpoint == "clip"
    assert found.model.motion.checkpoint == "ctrgcn.safetensors"
    # The run's own stays as it is.
    assert config.data.root == "/secret/place"
    config.model.text = WordTableConfig("/secret/table")
    assert export_module.without_places(Manifest(config, (), SMPL22)).config.model.text.folder == ""
    config.model.text = ClipTextConfig("openai/clip")
    again = export_module.without_places(Manifest(config, (), SMPL22)).config
    assert again.model.text.checkpoint == "openai/clip"


def test_all_files_can_be_read_by_others(exported, tmp_path):
    (tmp_path / "file").touch()
    mode = (tmp_path / "file").stat().st_mode
    assert {path.stat().st_mode for path in exported.rglob("*") if path.is_file()} == {mode}


def test_an_older_export_is_replaced_and_nothing_else(run, copy, tmp_path):
    (copy / "words.txt").write_text("other\n")
    with open_saved(run) as saved:
        export(saved, copy)
        assert load(copy).words == {"person", "raises"}
        (copy / "thesis.txt").write_text("mine")
        before = sorted(copy.rglob("*"))
        with pytest.raises(InputError, match="holds thesis.txt, so it is no exported model alone"):
            export(saved, copy)
        assert sorted(copy.rglob("*")) == before
        (tmp_path / "empty").mkdir()
        export(saved, tmp_path / "empty")
        (tmp_path / "link").symlink_to(copy)
        (tmp_path / "run").mkdir()
        (tmp_path / "run" / "config.json").touch()
        # Another model of the hub, which has files of the same names.
        (tmp_path / "theirs").mkdir()
        (tmp_path / "theirs" / "config.json").write_text('{"model_type": "bert"}')
        for name in ("model.safetensors", "README.md"):
            (tmp_path / "theirs" / name).write_text("theirs")
        for name in ("link", "run", "theirs", "copy/thesis.txt"):
            with pytest.raises(InputError, match="choose another"):
                export(saved, tmp_path / name)
        (tmp_path / "theirs" / "checksums.json").write_text("{}")
        with pytest.raises(InputError, match="choose another"):
            export(saved, tmp_path / "theirs")


@pytest.mark.parametrize("name", ["programs", "write_words", "_set_aside"])
def test_a_folder_is_whole_or_not_there(run, copy, tmp_path, monkeypatch, name):
    def fail(*_):
        raise OSError("the disk is full")

    before = hashlib.sha256((copy / "checksums.json").read_bytes()).digest()
    monkeypatch.setattr(export_module, name, fail)
    with open_saved(run) as saved:
        for folder in (tmp_path / "new", copy):
            with pytest.raises(OSError, match="full"):
                export(saved, folder)
    assert [path.name for path in tmp_path.iterdir()] == ["copy"]
    assert hashlib.sha256((copy / "checksums.json").read_bytes()).digest() == before
    load(copy)


def test_an_older_export_comes_back_where_the_new_one_cannot_take_its_place(
    run, copy, tmp_path, monkeypatch
):
    replace = pathlib.Path.replace

    def fail(self, target):
        if pathlib.Path(target) == copy:
            raise OSError("the disk is full")
        return replace(self, target)

    monkeypatch.setattr(pathlib.Path, "replace", fail)
    with open_saved(run) as saved, pytest.raises(OSError, match="full"):
        export(saved, copy)
    assert [path.name for path in tmp_path.iterdir()] == ["copy"]
    load(copy)


def test_weights_too_large_for_half_precision_are_named(tmp_path):
    arrays = {"params": {"a": {"kernel": np.array([[7e4]], np.float32)}, "b": np.array([7e4])}}
    with pytest.raises(InputError, match="params/a/kernel are too large for float16; give --dtype"):
        export_module.stored(arrays, "float16")
    assert export_module.stored(arrays, "float32")["params/a/kernel"] == np.float32(7e4)


def sign(folder):
    """Digests of the files as they are now: whoever changes a file can change them, too."""
    digests = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "checksums.json"
    }
    (folder / "checksums.json").write_text(json.dumps(digests))


@pytest.mark.parametrize("name", places.READ)
def test_a_damaged_file_is_named(copy, name):
    path = copy / name
    if not path.is_file():
        assert name.startswith("tokenizer/")
        return
    content = bytearray(path.read_bytes())
    # In the list of digests, a digit of a file that is read.
    place = content.index(b"config.json") + 16 if name == "checksums.json" else len(content) // 2
    content[place] ^= 1
    path.write_bytes(content)
    with pytest.raises(InputError, match="damaged, for it is not the file that was exported"):
        load(copy)
    path.unlink()
    says = "tokenizer" if name.startswith("tokenizer") else f"{name}: there is no such file"
    with pytest.raises(InputError, match=says):
        load(copy)


def change(folder, name, value):
    """Replaces an array; the digests are right again."""
    arrays = load_file(folder / "model.safetensors")
    if value is None:
        del arrays[name]
    else:
        arrays[name] = value(arrays.get(name))
    save_file(arrays, folder / "model.safetensors")
    sign(folder)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (lambda array: array * np.float16("nan"), "holds NaN or infinity"),
        (lambda array: np.full_like(array, np.inf), "holds NaN or infinity"),
        (lambda array: array.astype(np.float64), "is of F64; expected F16 or F32"),
        (lambda array: array.astype(ml_dtypes.bfloat16), "is of BF16; expected F16 or F32"),
        (lambda array: array[:-1].copy(), "has the shape"),
        (None, "lacks the array"),
    ],
)
def test_arrays_that_are_not_the_models_are_refused(copy, value, says):
    change(copy, "params/motion/hidden/kernel", value)
    with pytest.raises(InputError, match=f"model.safetensors: .*{says}"):
        load(copy)


def test_an_array_more_is_refused(copy):
    change(copy, "params/zzz", lambda _: np.zeros(3, np.float32))
    with pytest.raises(InputError, match="has more: the array 'params/zzz'"):
        load(copy)


def options(**changes):
    def change(tree):
        for section, (name, value) in changes.items():
            tree["model"]["config"][section][name] = value

    return change


def skeleton(**changes):
    return lambda tree: tree["model"]["skeleton"].update(left_right_pairs=[], **changes)


def edit(folder, name, change):
    path = folder / name
    tree = json.loads(path.read_text())
    change(tree)
    path.write_text(json.dumps(tree))
    sign(folder)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda tree: tree.update(format=2), "has the format 2; this version of motext_jax reads"),
        (lambda tree: tree.pop("model"), "not the config of an exported model"),
        (lambda tree: tree.update(step="x"), "not the config of an exported model"),
        (
            lambda tree: tree["model"]["config"]["model"]["motion"].update(blocks=10**9),
            r"model.motion.blocks is 1000000000; expected at most \d+ of a model with",
        ),
        (
            lambda tree: tree["model"]["config"]["model"].update(embedding=10**12),
            "model.embedding is 1000000000000; expected at most 10000000",
        ),
        (
            lambda tree: tree["model"]["text"].update(layers=10**9),
            r"text.layers is 1000000000; expected at most",
        ),
        (
            lambda tree: tree["model"]["config"]["model"]["motion"].update(kind="payload.Payload"),
            "model.motion.kind='payload.Payload'",
        ),
        (options(data=("frames", 10**9)), "data.frames is 1000000000; it must be below 100000"),
        (options(data=("fps", 1e300)), "data.fps is 1e\\+300; it must be below 10000"),
        (options(model=("dtype", "foo")), "model.dtype is 'foo'; it must be one of: float32"),
        (options(train=("batch_size", 1e12)), "train.batch_size=1000000000000.0; expected a whole"),
        (lambda tree: tree["model"]["text"].update(width="x"), "text.width='x'; expected a whole"),
        (lambda tree: tree["model"]["text"].update(heads=0), "config.json: not a model's config"),
        (lambda tree: tree["model"].update(text=None), "architecture of the text tower is missing"),
        (lambda tree: tree["model"].update(category_names=[1]), "names of categories are texts"),
        (skeleton(parents=[-1, 2, 1], joints=["a", "b", "c"], hub=0), "its parents are no tree"),
        (skeleton(hub=10**6), "smpl22: its hub, its pairs or its axis are out of range"),
        (
            skeleton(joints=[*map(str, range(1001))], parents=[-1, *range(1000)]),
            "config.json: 1,001 joints; expected at most 1,000",
        ),
    ],
)
def test_a_config_that_is_no_models_is_refused(copy, change, says):
    edit(copy, "config.json", change)
    with pytest.raises(InputError, match=says):
        load(copy)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda tree: tree.update(likely="high"), "likely is not a number"),
        (lambda tree: tree.update(likely=0.1), "perhaps is 0.5 and likely 0.1; expected scores"),
        (lambda tree: tree.update(more=1), "not a calibration"),
        (lambda tree: tree.update(likely=10**400), "not a calibration"),
        (lambda tree: tree.update(likely_right=1.5), "likely_right is 1.5; expected a share"),
        (lambda tree: tree.update(step=True), "step is not a number"),
    ],
)
def test_a_calibration_that_is_none_is_refused(copy, change, says):
    edit(copy, "calibration.json", change)
    with pytest.raises(InputError, match=f"calibration.json: {says}"):
        load(copy)


def test_the_files_that_are_read_are_compared_and_no_others(copy):
    digests = json.loads((copy / "checksums.json").read_text())
    (copy / "checksums.json").write_text(json.dumps({**digests, "tokenizer/../../x": "0"}))
    load(copy)
    (copy / "tokenizer" / "special_tokens_map.json").write_text("{}")
    with pytest.raises(InputError, match="special_tokens_map.json: damaged, for it is not"):
        load(copy)


def test_words_are_bounded(copy):
    (copy / "words.txt").write_text("a" * 41)
    sign(copy)
    with pytest.raises(InputError, match="at most 100,000 words of at most 40 letters"):
        load(copy)


def test_nothing_that_is_read_names_code(copy, tmp_path, monkeypatch):
    mark = tmp_path / "mark"
    (tmp_path / "payload.py").write_text(f"open({str(mark)!r}, 'w')\nclass Payload:\n    pass\n")
    monkeypatch.syspath_prepend(tmp_path)

    def with_payload(tree):
        if isinstance(tree, dict):
            return {key: with_payload(value) for key, value in tree.items()}
        if isinstance(tree, list):
            return [with_payload(value) for value in tree]
        return "payload.Payload" if isinstance(tree, str) else tree

    for path in sorted(copy.rglob("*.json")):
        if path.name == "checksums.json":
            continue
        before = path.read_text()
        path.write_text(json.dumps(with_payload(json.loads(before))))
        sign(copy)
        with contextlib.suppress(InputError):
            load(copy)
        path.write_text(before)
    # Programs are for others: a broken one is not even opened.
    (copy / "encode_motion.stablehlo").write_bytes(b"cos\nsystem\n")
    sign(copy)
    load(copy)
    assert not mark.exists()


def test_the_hub_is_asked_for_the_files_that_are_read_alone(exported, tmp_path, monkeypatch):
    asked = []

    def snapshot_download(repository, allow_patterns):
        asked.append((repository, allow_patterns))
        if "absent" in repository:
            raise ConnectionError("no network\nat all")
        return str(folders[0])

    folders = [exported]
    monkeypatch.setitem(
        sys.modules, "huggingface_hub", types.SimpleNamespace(snapshot_download=snapshot_download)
    )
    assert places.find("hf://some.one/motion-1") == exported
    assert load("hf://some.one/motion-1").step == 7
    assert asked == [("some.one/motion-1", list(places.READ))]
    assert not [name for name in places.READ if name.endswith((".py", ".bin", ".pkl", ".pt"))]
    with pytest.raises(InputError, match=r"hub did not give a/absent \(ConnectionError: no netw"):
        load("hf://a/absent")
    for address in ("hf://a", "hf://a/b/c", "hf://../b", "hf://a/..", "hf://a b/c", "hf://"):
        with pytest.raises(InputError, match="is no address on the hub; expected hf://owner/name"):
            load(address)
    assert len(asked) == 2
    folders[:] = [tmp_path]
    with pytest.raises(
        InputError, match="hf://a/b holds no model of motext_jax: it has no model.s"
    ):
        load("hf://a/b")


def test_the_starter_is_a_folder_of_the_package(exported, tmp_path, monkeypatch):
    assert pathlib.Path(motext_jax.__file__).parent / "starter" == places.STARTER_FOLDER
    monkeypatch.setattr(places, "STARTER_FOLDER", tmp_path / "none")
    with pytest.raises(InputError, match="comes without the model 'starter'"):
        motext_jax.load("starter")
    monkeypatch.setattr(places, "STARTER_FOLDER", exported)
    assert motext_jax.load("starter").step == 7
    # Whoever has a directory of that name says so by a Path.
    assert places.find(pathlib.Path("starter")) == pathlib.Path("starter")


def test_a_step_of_an_export_cannot_be_chosen(exported):
    with pytest.raises(InputError, match="--step=best: .* is an exported model, which has one"):
        load(exported, "best")


def test_a_calibration_of_another_step_is_not_the_runs(run, tmp_path):
    copied = shutil.copytree(run, tmp_path / "run")
    dataclasses.replace(CALIBRATION, step=6).write(copied / "calibration.json")
    with open_saved(copied) as saved:
        assert saved.calibration() is None


def test_a_damaged_calibration_of_a_run_is_named_and_not_used(run, tmp_path, caplog):
    copied = shutil.copytree(run, tmp_path / "run")
    (copied / "calibration.json").write_text("{")
    with open_saved(copied) as saved:
        assert saved.calibration() is None
    (record,) = caplog.records
    assert f"{copied}/calibration.json: not JSON" in record.getMessage()
    assert record.getMessage().endswith("it is not used: eval --split=val writes it anew")


def test_a_calibration_of_few_texts_is_not_believed(run, tmp_path):
    copied = shutil.copytree(run, tmp_path / "run")
    assert load(copied).judge("raises", [0.9])[0] == ("likely",)
    dataclasses.replace(CALIBRATION, texts=19).write(copied / "calibration.json")
    assert load(copied).judge("raises", [0.9])[0] == ()
    with open_saved(copied) as saved:
        export(saved, tmp_path / "out")
    assert not (tmp_path / "out" / "calibration.json").exists()


def test_the_way_to_a_calibration_is_said(run, exported):
    assert missing(run, "val", "best").endswith(
        f"20 texts or more; this makes one: python -m motext_jax.eval --workdir={run} --split=val "
        "--step=best"
    )
    assert missing(str(exported), "val").endswith("was exported from, and export that again")


def asked_for(model, tower):
    """A model whose tower notes the shape of each call's rows, in batches of 64."""
    shapes = []

    def spy(variables, rows):
        shapes.append(rows.shape)
        return np.ones((len(rows), 1), np.float32)

    config = dataclasses.replace(model.manifest.config)
    config.train = dataclasses.replace(config.train, batch_size=64)
    watched = dataclasses.replace(
        model,
        encoders=dataclasses.replace(model.encoders, **{tower: spy}),
        manifest=dataclasses.replace(model.manifest, config=config),
    )
    return watched, shapes


def test_a_list_of_no_texts_is_refused():
    # The tests' own check of types would refuse it before.
    program = (
        "from motext_jax.trained.model import TrainedModel\n"
        "object.__new__(TrainedModel).encode_text(['walks', 3])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stderr.endswith("InputError: 3 is no text; give a list of texts\n")


@pytest.mark.parametrize(
    ("count", "expected"), [(1, [1]), (3, [4]), (8, [8]), (13, [8, 8]), (64, [64]), (65, [64, 64])]
)
def test_few_rows_take_no_whole_batch_and_few_programs(both, count, expected):
    watched, shapes = asked_for(both[1], "encode_text")
    found = watched.encode_text([f"{TEXTS[k % 3]} {k}" for k in range(count)])
    assert len(found) == count
    # The devices share a batch.
    assert [rows for rows, _ in shapes] == [max(size, data_mesh().size) for size in expected]


def test_a_core_takes_four_clips_at_once(both):
    watched, shapes = asked_for(both[1], "encode_motion")
    frames, joints = watched.manifest.config.data.frames, len(watched.manifest.skeleton.joints)
    assert len(watched.encode_motion(np.zeros((65, frames, joints, 3), np.float32))) == 65
    assert data_mesh().size == 8
    assert [rows for rows, *_ in shapes] == [32, 32, 32]


def test_many_clips_find_their_program_compiled(both):
    watched, shapes = asked_for(both[1], "encode_motion")
    watched.compile_motion(frames=3)
    joints = len(watched.manifest.skeleton.joints)
    watched.encode_motion(np.zeros((40, 3, joints, 3), np.float32))
    assert shapes == [(32, 3, joints, 3)] * 3
