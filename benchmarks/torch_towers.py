"""The two graph convolutions and CLIP's text transformer in plain PyTorch, to measure against.

Written for the benchmark from the papers' formulas, one operation after the other as a reader would
put them down, with the official checkpoints' parameter names: `python benchmarks/torch_towers.py`
holds both graph convolutions against tests/golden.
"""

import pathlib
import sys

import numpy as np
import torch
from torch import nn

GOLDEN = pathlib.Path(__file__).parent.parent / "tests" / "golden"


class Refined(nn.Module):
    """One subset of CTR-GCN's graph."""

    def __init__(self, channels: int, features: int):
        super().__init__()
        reduced = 8 if channels == 3 else channels // 8
        self.conv1 = nn.Conv2d(channels, reduced, 1)
        self.conv2 = nn.Conv2d(channels, reduced, 1)
        self.conv3 = nn.Conv2d(channels, features, 1)
        self.conv4 = nn.Conv2d(reduced, features, 1)

    def forward(self, x, topology, alpha):
        phi, psi = self.conv1(x).mean(2), self.conv2(x).mean(2)
        refinement = self.conv4(torch.tanh(phi[..., :, None] - psi[..., None, :]))
        return torch.einsum("ncuv,nctv->nctu", topology + alpha * refinement, self.conv3(x))


class Spatial(nn.Module):
    """A graph unit with its BatchNorm and its shortcut; a subclass aggregates."""

    def __init__(self, channels: int, features: int):
        super().__init__()
        self.bn = nn.BatchNorm2d(features)
        nn.init.constant_(self.bn.weight, 1e-6)
        self.down = nn.Sequential()
        if channels != features:
            self.down = nn.Sequential(nn.Conv2d(channels, features, 1), nn.BatchNorm2d(features))

    def forward(self, x):
        return torch.relu(self.bn(self.aggregate(x)) + self.down(x))


class RefinedSpatial(Spatial):
    """CTR-GCN's."""

    def __init__(self, channels: int, features: int, adjacency: torch.Tensor):
        super().__init__(channels, features)
        self.PA = nn.Parameter(adjacency.clone())
        self.alpha = nn.Parameter(torch.zeros(1, dtype=adjacency.dtype))
        self.convs = nn.ModuleList(Refined(channels, features) for _ in range(3))

    def aggregate(self, x):
        return sum(conv(x, self.PA[k], self.alpha) for k, conv in enumerate(self.convs))


class AdaptiveSpatial(Spatial):
    """2s-AGCN's."""

    def __init__(self, channels: int, features: int, adjacency: torch.Tensor):
        super().__init__(channels, features)
        self.register_buffer("adjacency", adjacency.clone(), persistent=False)
        self.PA = nn.Parameter(torch.full_like(adjacency, 1e-6))
        inner = features // 4
        self.conv_a = nn.ModuleList(nn.Conv2d(channels, inner, 1) for _ in range(3))
        self.conv_b = nn.ModuleList(nn.Conv2d(channels, inner, 1) for _ in range(3))
        self.conv_d = nn.ModuleList(nn.Conv2d(channels, features, 1) for _ in range(3))

    def aggregate(self, x):
        n, c, t, v = x.shape
        total = 0
        for k in range(3):
            theta = self.conv_a[k](x).permute(0, 3, 1, 2).reshape(n, v, -1)
            phi = self.conv_b[k](x).reshape(n, -1, v)
            own = torch.softmax(theta @ phi / phi.shape[1], dim=-2)
            topology = own + self.adjacency[k] + self.PA[k]
            gathered = (x.reshape(n, c * t, v) @ topology).reshape(n, c, t, v)
            total = total + self.conv_d[k](gathered)
        return total


class Temporal(nn.Module):
    """A temporal convolution and its BatchNorm."""

    def __init__(self, channels: int, features: int, size: int, stride: int, dilation: int = 1):
        super().__init__()
        padding = ((size - 1) * dilation // 2, 0)
        self.conv = nn.Conv2d(channels, features, (size, 1), (stride, 1), padding, (dilation, 1))
        self.bn = nn.BatchNorm2d(features)

    def forward(self, x):
        return self.bn(self.conv(x))


class MultiScale(nn.Module):
    """CTR-GCN's four temporal branches."""

    def __init__(self, features: int, stride: int):
        super().__init__()
        width = features // 4

        def head():
            return [nn.Conv2d(features, width, 1), nn.BatchNorm2d(width), nn.ReLU()]

        pool = nn.MaxPool2d((3, 1), (stride, 1), (1, 0))
        self.branches = nn.ModuleList(
            [
                nn.Sequential(*head(), Temporal(width, width, 5, stride)),
                nn.Sequential(*head(), Temporal(width, width, 5, stride, 2)),
                nn.Sequential(*head(), pool, nn.BatchNorm2d(width)),
                nn.Sequential(nn.Conv2d(features, width, 1, (stride, 1)), nn.BatchNorm2d(width)),
            ]
        )

    def forward(self, x):
        return torch.cat([branch(x) for branch in self.branches], dim=1)


class TorchBlock(nn.Module):
    """A graph unit, a temporal unit, a shortcut."""

    def __init__(self, spatial, temporal, channels, features, stride, adjacency, residual):
        super().__init__()
        self.gcn1 = spatial(channels, features, adjacency)
        self.tcn1 = temporal(features, stride)
        self.keeps_shape = channels == features and stride == 1
        self.shortcut = residual
        if residual and not self.keeps_shape:
            self.residual = Temporal(channels, features, 1, stride)

    def forward(self, x):
        y = self.tcn1(self.gcn1(x))
        if self.shortcut:
            y = y + (x if self.keeps_shape else self.residual(x))
        return torch.relu(y)


class TorchTower(nn.Module):
    """`ctrgcn` or `agcn`: clips [n c t v] to features, and through `fc` to logits."""

    def __init__(self, kind: str, adjacency: np.ndarray, width: int = 64, classes: int = 60):
        super().__init__()
        adjacency = torch.as_tensor(adjacency, dtype=torch.get_default_dtype())
        joints = adjacency.shape[-1]
        spatial = {"ctrgcn": RefinedSpatial, "agcn": AdaptiveSpatial}[kind]
        temporal = {
            "ctrgcn": MultiScale,
            "agcn": lambda features, stride: Temporal(features, features, 9, stride),
        }[kind]
        self.data_bn = nn.BatchNorm1d(3 * joints)
        channels = 3
        for number in range(1, 11):
            features = width * (1 if number < 5 else 2 if number < 8 else 4)
            stride = 2 if number in (5, 8) else 1
            block = TorchBlock(spatial, temporal, channels, features, stride, adjacency, number > 1)
            setattr(self, f"l{number}", block)
            channels = features
        self.fc = nn.Linear(channels, classes)

    def features(self, x):
        n, c, t, v = x.shape
        x = self.data_bn(x.permute(0, 3, 1, 2).reshape(n, v * c, t))
        x = x.reshape(n, v, c, t).permute(0, 2, 3, 1).contiguous()
        for number in range(1, 11):
            x = getattr(self, f"l{number}")(x)
        return x.mean((2, 3))

    def forward(self, x):
        return self.fc(self.features(x))


class TorchText(nn.Module):
    """CLIP's text transformer, pre-LayerNorm and causal; tokens [n l] to [n d]."""

    def __init__(self, width=512, layers=12, heads=8, vocabulary=49408, context=77, embedding=512):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, width)
        self.positions = nn.Parameter(0.01 * torch.randn(context, width))
        layer = nn.TransformerEncoderLayer(
            width, heads, 4 * width, 0.0, "gelu", batch_first=True, norm_first=True
        )
        self.layers = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(width)
        self.projection = nn.Linear(width, embedding, bias=False)

    def forward(self, tokens):
        length = tokens.shape[1]
        mask = nn.Transformer.generate_square_subsequent_mask(length, device=tokens.device)
        x = self.tokens(tokens) + self.positions[:length]
        x = self.norm(self.layers(x, mask=mask, is_causal=True))
        ends = tokens.argmax(dim=1)  # the end-of-text token has the largest number
        return self.projection(x[torch.arange(len(x)), ends])


def worst_error(kind: str) -> float:
    """The largest error against the golden arrays, over each tensor's largest value, in float64."""
    golden = dict(np.load(GOLDEN / f"{kind}_ntu25_width16.npz"))
    torch.set_default_dtype(torch.float64)
    tower = TorchTower(kind, golden["A"], width=16, classes=7)
    state = {k.removeprefix("state/"): v for k, v in golden.items() if k.startswith("state/")}
    missing, unknown = tower.load_state_dict(
        {name: torch.tensor(value) for name, value in state.items()}, strict=False
    )
    assert not unknown and all(name.endswith("num_batches_tracked") for name in missing)
    x = torch.tensor(golden["x"][..., 0], dtype=torch.float64)
    found = {}
    tower.eval()
    found["eval_logits"] = tower(x)
    tower.train()
    found["train_logits"] = tower(x)
    (found["train_logits"] * torch.tensor(golden["cotangent"])).sum().backward()
    for name, parameter in tower.named_parameters():
        found[f"grad/{name}"] = parameter.grad
    torch.set_default_dtype(torch.float32)
    largest = max(np.abs(v).max() for k, v in golden.items() if k.startswith("grad/"))
    errors = []
    for name, value in found.items():
        expected = golden[name]
        scale = np.abs(expected).max()
        # Biases before a BatchNorm have no gradient but for rounding.
        scale = scale if scale > 1e-8 * largest else largest
        errors.append(np.abs(value.detach().numpy() - expected).max() / scale)
    return float(max(errors))


if __name__ == "__main__":
    worst = {kind: worst_error(kind) for kind in ("ctrgcn", "agcn")}
    print(worst)
    sys.exit(max(worst.values()) > 1e-5)
