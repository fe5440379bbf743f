"""On 1, 2, 4 and 8 devices: the same losses, and a run that changes from 8 to 2 goes on."""

import dataclasses
import shutil

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
import tiny
from jax.sharding import PartitionSpec

from motext_jax.data.pipeline import Batches, training_texts
from motext_jax.data.sources import load_clips
from motext_jax.models import batch_norm
from motext_jax.models.two_tower import build_model
from motext_jax.runtime import mesh as meshes
from motext_jax.text.tokenizer import load_tokenizer
from motext_jax.training.loop import train
from motext_jax.training.metrics import read_metrics
from motext_jax.training.optimizer import build_optimizer
from motext_jax.training.step import Examples, TrainState, make_train_step

STEPS = 20
HALF = STEPS // 2


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    # With their mirror images as many as a batch: else its loss would move without any learning.
    root = tmp_path_factory.mktemp("data") / "folder"
    tiny.write_humanml3d(root, {"train": 8}, frames=16)
    config = tiny.config(root, text="category")
    config.data.mirror, config.data.augment.noise = True, 0.01
    config.loss = tiny.category_loss()
    # Momentum or a higher rate would make the rounding of the first steps large by the last.
    config.optimizer.name, config.optimizer.momentum = "sgd", 0.0
    config.optimizer.learning_rate = 1e-4
    config.train.batch_size, config.train.steps = 16, STEPS
    config.train.checkpoint_every = HALF
    return config


@pytest.fixture(scope="module")
def clips(config):
    return load_clips(config.data, "train")


@pytest.fixture(scope="module")
def make_once():
    """`mesh.make_on` whose result is kept for every mesh: it takes as long to compile as a step."""
    made = []

    def make_on(mesh, make):
        if not made:
            made.append(jax.device_get(jax.jit(make)()))
        return jax.device_put(made[0], meshes.replicated(mesh))

    return make_on


def train_on(devices, config, clips, make_on, workdir):
    """Trains as on a machine of so many devices: the losses, and what each step was fed."""
    fed, shard_batch = [], meshes.shard_batch

    def noted(mesh, batch):
        assert mesh.size == devices
        fed.append(batch)
        return shard_batch(mesh, batch)

    with pytest.MonkeyPatch.context() as patch:
        some = jax.devices()[:devices]
        patch.setattr(jax, "devices", lambda: some)
        patch.setattr(meshes, "shard_batch", noted)
        patch.setattr(meshes, "make_on", make_on)
        train(config, workdir, clips, None, lambda model, clips: {})
    return losses(workdir), fed


def losses(workdir):
    return np.array([line["loss"] for line in read_metrics(workdir)])


@pytest.fixture(scope="module")
def eight(config, clips, make_once, tmp_path_factory):
    """A run on eight devices: its directory, its losses, and what each step was fed."""
    workdir = tmp_path_factory.mktemp("runs") / "eight"
    return workdir, *train_on(8, config, clips, make_once, workdir)


@pytest.mark.parametrize("devices", [1, 4])
def test_so_many_devices_lose_as_eight_do(config, clips, make_once, eight, tmp_path, devices):
    found, _ = train_on(devices, config, clips, make_once, tmp_path / "run")
    assert len(found) == STEPS
    assert found[-1] < 0.9 * found[0]
    np.testing.assert_allclose(found, eight[1], rtol=1e-5)


def test_a_run_of_eight_devices_goes_on_with_two(config, clips, make_once, eight, tmp_path):
    workdir, expected, expected_batches = eight
    half = tmp_path / "half"
    shutil.copytree(workdir, half)
    shutil.rmtree(half / "checkpoints" / str(STEPS))
    found, fed = train_on(2, config, clips, make_once, half)
    assert len(fed) == STEPS - HALF
    for batch, same in zip(fed, expected_batches[HALF:], strict=True):
        # The number of repetitions of the distinct texts depends on the devices.
        for name in ("clips", "mirrored", "lengths", "categories"):
            np.testing.assert_array_equal(getattr(batch, name), getattr(same, name))
        assert batch.clip_rows is None and same.clip_rows is None
        np.testing.assert_array_equal(batch.tokens[batch.text_rows], same.tokens[same.text_rows])
    np.testing.assert_array_equal(found[:HALF], expected[:HALF])
    np.testing.assert_allclose(found[HALF:], expected[HALF:], rtol=1e-5)


class Classifier:
    """A classifier's real step on batches of the real pipeline.

    Its loss is a mean over clips, so that one can also write down by hand what each device does.
    """

    def __init__(self, config, clips):
        self._config = config = dataclasses.replace(
            config, model=dataclasses.replace(config.model, objective="classifier")
        )
        self._model = build_model(config, clips.skeleton, len(clips.category_names))
        texts = training_texts(clips, "category", load_tokenizer(None, 77))
        batches = Batches(clips, texts, batch_size=len(clips), seed=0)
        self._batches = [batches.at(step) for step in range(STEPS)]
        init = jax.jit(self._model.init, static_argnums=2)
        variables = init(jax.random.key(0), self._batches[0].clips, False)
        self._variables = jax.tree.map(lambda leaf: np.asarray(leaf, np.float64), variables)

    def losses(self, devices, compile_step, reduce_gradient=False):
        """Over all steps, by a step that `compile_step` makes for a mesh of so many devices."""
        optimizer = build_optimizer(self._config.optimizer, STEPS)
        if reduce_gradient:
            mean = optax.stateless(lambda gradient, _: jax.lax.pmean(gradient, "data"))
            optimizer = optax.chain(mean, optimizer)
        mesh = meshes.data_mesh(jax.devices()[:devices])
        step = compile_step(mesh, make_train_step(self._model, optimizer, self._config))
        state = TrainState.create(self._variables, optimizer)
        # A copy: the step reuses the memory of what it is given.
        state = jax.device_put(jax.tree.map(np.asarray, state), meshes.replicated(mesh))
        found = []
        for batch in self._batches:
            clips = jnp.asarray(batch.clips, jnp.float64)
            categories, no_texts = jnp.asarray(batch.categories), jnp.zeros(len(clips), jnp.int32)
            examples = Examples(clips, categories, no_texts)
            state, metrics = step(state, meshes.shard_batch(mesh, examples))
            found.append(float(metrics["loss"]))
        return np.array(found)

    def losses_by_hand(self, gradient, statistics):
        """On eight devices, each its own program, with these reductions and no other."""
        mean = batch_norm._mean
        with pytest.MonkeyPatch.context() as patch:
            if statistics:
                patch.setattr(
                    batch_norm, "_mean", lambda *given: jax.lax.pmean(mean(*given), "data")
                )
            return self.losses(8, each_alone, reduce_gradient=gradient)


def whole(mesh, step):
    """Compiles a step as training does; it needs nothing of the devices' store."""
    compiled = meshes.jit_train_step(mesh, lambda state, _, batch: step(state, batch))
    return lambda state, batch: compiled(state, None, batch)


def each_alone(mesh, step):
    """Compiles a step that every device does with its own rows; the loss is the mean of theirs."""
    whole, shared = PartitionSpec(), PartitionSpec("data")

    def own(state, batch):
        state, metrics = step(state, batch)
        return state, jax.lax.pmean(metrics, "data")

    return jax.jit(
        jax.shard_map(
            own, mesh=mesh, in_specs=(whole, shared), out_specs=(whole, whole), check_vma=False
        )
    )


@pytest.fixture(scope="module")
def classifier(config, clips):
    made = Classifier(config, clips)
    # In float64 nothing but a reduction can make a difference.
    with jax.enable_x64(True), jax.numpy_dtype_promotion("standard"):
        yield made


@pytest.fixture(scope="module")
def on_one_device(classifier):
    found = classifier.losses(1, whole)
    assert found[-1] < 0.9 * found[0]
    return found


def worst(found, expected):
    return np.max(np.abs(found / expected - 1))


def test_reductions_by_hand_are_those_of_the_mesh(classifier, on_one_device):
    assert worst(classifier.losses_by_hand(True, True), on_one_device) < 1e-9


@pytest.mark.parametrize(
    "reductions",
    [{"gradient": False, "statistics": True}, {"gradient": True, "statistics": False}],
    ids=["no gradient", "no statistics"],
)
def test_without_one_of_the_reductions_the_losses_differ(classifier, on_one_device, reductions):
    assert worst(classifier.losses_by_hand(**reductions), on_one_device) > 1e-3
