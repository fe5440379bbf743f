"""Official weights into our towers; that they compute the same is in test_ctrgcn and test_agcn."""

import jax
import numpy as np
import pytest
from official_graph_convolution import section
from safetensors.numpy import save_file

from motext_jax.errors import InputError
from motext_jax.models.agcn import AGCN
from motext_jax.models.ctrgcn import CTRGCN
from motext_jax.models.weights.graph_convolution import from_torch, load_torch_tower
from motext_jax.skeleton import NTU25, SMPL22

TOWERS = {"ctrgcn": CTRGCN(NTU25, width=16), "agcn": AGCN(NTU25, width=16)}


@pytest.fixture(scope="module", params=TOWERS)
def official(request, golden):
    """(tower, its official state_dict)"""
    state = section(golden(f"{request.param}_ntu25_width16"), "state/")
    return TOWERS[request.param], state


def assert_equal(found, expected):
    jax.tree.map(np.testing.assert_array_equal, found, expected)


def test_a_published_checkpoint_gives_its_first_person(official, tmp_path):
    tower, state = official
    published = {"module." + name: tensor for name, tensor in state.items()}
    for name in ("weight", "bias", "running_mean", "running_var"):
        first = state[f"data_bn.{name}"]
        published[f"module.data_bn.{name}"] = np.concatenate([first, np.full(75, 9, np.float32)])
    published["module.data_bn.num_batches_tracked"] = np.array(1000)
    path = tmp_path / "ntu120.safetensors"
    save_file(published, path)
    assert_equal(load_torch_tower(path, tower), from_torch(state, tower))


def test_every_number_but_the_classifier_s_is_used_once(official):
    tower, state = official
    variables = from_torch(state, tower)
    used = [tensor.sum() for name, tensor in state.items() if not name.startswith("fc.")]
    found = [leaf.sum() for leaf in jax.tree.leaves(variables)]
    assert sum(map(float, found)) == pytest.approx(sum(map(float, used)), rel=1e-6)


def test_the_classifier_is_optional(official):
    tower, state = official
    without = {name: tensor for name, tensor in state.items() if not name.startswith("fc.")}
    assert_equal(from_torch(without, tower), from_torch(state, tower))


def test_missing_and_unexpected_tensors_are_named(official):
    tower, state = official
    incomplete = {name: tensor for name, tensor in state.items() if name != "l3.gcn1.PA"}
    with pytest.raises(InputError, match=r"lack l3\.gcn1\.PA, which"):
        from_torch(incomplete, tower)
    with pytest.raises(InputError, match=r"hold l11\.gcn1\.PA, which"):
        from_torch(state | {"l11.gcn1.PA": state["l10.gcn1.PA"]}, tower)
    with pytest.raises(InputError, match=r"lack l4\.gcn1\.down.* and \d+ more, which .* 9 blocks"):
        from_torch(state, tower.clone(blocks=9))


def test_another_network_is_refused(official):
    tower, state = official
    other = CTRGCN if isinstance(tower, AGCN) else AGCN
    with pytest.raises(InputError, match=f"which {other.__name__} of 10 blocks"):
        from_torch(state, other(NTU25, width=16))
    with pytest.raises(InputError, match=r"of shape \(16.*\) in \w+ of 10 blocks, width 32"):
        from_torch(state, tower.clone(width=32))


def test_other_joints_or_coordinates_are_refused(official):
    tower, state = official
    with pytest.raises(InputError, match=r"shape \(75,\); 22 joints \(smpl22\)"):
        from_torch(state, tower.clone(skeleton=SMPL22))
    planar = state | {name: state[name][:50] for name in state if name.startswith("data_bn.")}
    with pytest.raises(InputError, match=r"shape \(50,\); 25 joints .* 3 coordinates need 75"):
        from_torch(planar, tower)


@pytest.mark.parametrize(
    "name, shape",
    [("l2.gcn1.PA", (3, 25)), ("l2.gcn1.bn.weight", ()), ("l2.gcn1.down.0.weight", ())],
)
def test_a_malformed_tensor_is_named(official, name, shape):
    tower, state = official
    with pytest.raises(InputError, match=name):
        from_torch(state | {name: np.zeros(shape, np.float32)}, tower)


def test_weights_that_are_not_finite_are_named(official):
    tower, state = official
    tensor = state["l2.gcn1.bn.weight"].copy()
    tensor[1] = np.nan
    double = state["l2.gcn1.bn.weight"].astype(np.float64)
    double[1] = 1e39
    for bad in (tensor, double):
        with pytest.raises(InputError, match=r"l2\.gcn1\.bn\.weight holds NaN or infinity"):
            from_torch(state | {"l2.gcn1.bn.weight": bad}, tower)
    words = np.full(double.shape, "a")
    with pytest.raises(InputError, match=r"l2\.gcn1\.bn\.weight is of type <U1; expected num"):
        from_torch(state | {"l2.gcn1.bn.weight": words}, tower)


def test_files_that_are_no_safetensors(tmp_path):
    tower = TOWERS["agcn"]
    with pytest.raises(InputError, match=r"torch\.load\('ntu\.pt'.*'ntu\.safetensors'"):
        load_torch_tower("ntu.pt", tower)
    with pytest.raises(InputError, match="absent"):
        load_torch_tower(tmp_path / "absent.safetensors", tower)
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"no such thing")
    with pytest.raises(InputError, match=r"broken\.safetensors: not a readable"):
        load_torch_tower(broken, tower)
