"""Writes test/fixtures/ssd300.json: shapes, sizes and outputs of an SSD300 (Liu et al. 2016) built in PyTorch, that the tests
hold the model against: the number of parameters at full width, and what a narrow one gives for one picture.

    python scripts/make-ssd-fixture.py        (made with PyTorch 2.13.0)

The narrow net's numbers follow from a formula, so that no weights have to be kept: element j of parameter t (counted in the
order of `parameters`) is scale * sin(1 + 0.9 t + 1.7 j), with scale sqrt(6 / inputs of one output) for kernels, 0.1 for
biases; the scale behind conv4_3 is 20. Picture: element j is sin(0.01 j). All in float64.
"""
import json
import math
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

CLASSES = 20
PRIORS = [4, 6, 6, 6, 4, 4]
SAMPLES = 97


class Ssd300(nn.Module):
    """The first convolutions are those of VGG-16 up to conv5_3; names are those of the model under test."""

    def __init__(self, width: int) -> None:
        super().__init__()
        w = width
        plan = {0: (3, w), 2: (w, w), 5: (w, 2 * w), 7: (2 * w, 2 * w), 10: (2 * w, 4 * w), 12: (4 * w, 4 * w)}
        plan |= {14: (4 * w, 4 * w), 17: (4 * w, 8 * w)} | {n: (8 * w, 8 * w) for n in (19, 21, 24, 26, 28)}
        self.features = nn.ModuleDict({str(n): nn.Conv2d(a, b, 3, padding=1) for n, (a, b) in plan.items()})
        self.fc6 = nn.Conv2d(8 * w, 16 * w, 3, padding=6, dilation=6)
        self.fc7 = nn.Conv2d(16 * w, 16 * w, 1)
        self.conv8_1, self.conv8_2 = nn.Conv2d(16 * w, 4 * w, 1), nn.Conv2d(4 * w, 8 * w, 3, stride=2, padding=1)
        self.conv9_1, self.conv9_2 = nn.Conv2d(8 * w, 2 * w, 1), nn.Conv2d(2 * w, 4 * w, 3, stride=2, padding=1)
        self.conv10_1, self.conv10_2 = nn.Conv2d(4 * w, 2 * w, 1), nn.Conv2d(2 * w, 4 * w, 3)
        self.conv11_1, self.conv11_2 = nn.Conv2d(4 * w, 2 * w, 1), nn.Conv2d(2 * w, 4 * w, 3)
        self.conv4_scale = nn.Parameter(torch.full((8 * w,), 20.0))
        channels = [8 * w, 16 * w, 8 * w, 4 * w, 4 * w, 4 * w]
        self.classes = nn.ModuleList(nn.Conv2d(c, k * (CLASSES + 1), 3, padding=1) for c, k in zip(channels, PRIORS))
        self.offsets = nn.ModuleList(nn.Conv2d(c, k * 4, 3, padding=1) for c, k in zip(channels, PRIORS))

    def maps(self, x: Tensor) -> list[Tensor]:
        conv = {int(n): layer for n, layer in self.features.items()}
        for number in (0, 2, 5, 7, 10, 12, 14, 17, 19, 21):
            if number in (5, 10):
                x = F.max_pool2d(x, 2)
            if number == 17:
                x = F.max_pool2d(x, 2, ceil_mode=True)
            x = F.relu(conv[number](x))
        conv4 = x
        x = F.max_pool2d(x, 2)
        for number in (24, 26, 28):
            x = F.relu(conv[number](x))
        x = F.relu(self.fc6(F.max_pool2d(x, 3, stride=1, padding=1)))
        x = F.relu(self.fc7(x))
        result = [conv4, x]
        for first, second in (("8_1", "8_2"), ("9_1", "9_2"), ("10_1", "10_2"), ("11_1", "11_2")):
            x = F.relu(getattr(self, f"conv{first}")(x))
            x = F.relu(getattr(self, f"conv{second}")(x))
            result.append(x)
        return result

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, list[Tensor]]:
        maps = self.maps(x)
        scaled = F.normalize(maps[0], dim=1) * self.conv4_scale.view(1, -1, 1, 1)
        seen = [scaled, *maps[1:]]
        rows = lambda y, numbers: y.permute(0, 2, 3, 1).reshape(y.shape[0], -1, numbers)  # noqa: E731
        logits = [rows(head(m), CLASSES + 1) for head, m in zip(self.classes, seen)]
        offsets = [rows(head(m), 4) for head, m in zip(self.offsets, seen)]
        return torch.cat(logits, 1), torch.cat(offsets, 1), maps


def order_of(name: str) -> str:
    return name if name.startswith(("features", "fc", "conv")) else f"heads.{name}"


def fill(net: Ssd300) -> list[dict]:
    described = []
    for t, (name, p) in enumerate(sorted(net.named_parameters(), key=lambda pair: order_of(pair[0]))):
        plain = order_of(name)
        described.append({"name": "conv4_scale.weight" if plain == "conv4_scale" else plain, "shape": list(p.shape)})
        if name == "conv4_scale":
            continue
        scale = math.sqrt(6 / (p[0].numel())) if p.dim() == 4 else 0.1
        values = scale * torch.sin(1 + 0.9 * t + 1.7 * torch.arange(p.numel(), dtype=torch.float64))
        p.data.copy_(values.view(p.shape))
    return described


def sample(x: Tensor) -> list[float]:
    flat = x.detach().flatten()
    return [float(f"{v:.9g}") for v in flat[:: max(1, flat.numel() // SAMPLES)].tolist()]


def main() -> None:
    torch.set_default_dtype(torch.float64)
    narrow = Ssd300(1)
    described = fill(narrow)
    picture = torch.sin(0.01 * torch.arange(3 * 300 * 300)).view(1, 3, 300, 300)
    logits, offsets, maps = narrow(picture)
    result = {
        "layout": "sample: every n-th element in row-major order, n = max(1, floor(size / 97)); norms: root of the sum of squares",
        "parametersAtFullWidth": sum(p.numel() for p in Ssd300(64).parameters()),
        "classes": CLASSES,
        "priorsPerCell": PRIORS,
        "parameters": described,
        "maps": [{"shape": list(m.shape), "norm": float(m.detach().norm())} for m in maps],
        "classLogits": {"shape": list(logits.shape), "norm": float(logits.detach().norm()), "sample": sample(logits)},
        "offsets": {"shape": list(offsets.shape), "norm": float(offsets.detach().norm()), "sample": sample(offsets)},
    }
    path = Path(__file__).parent.parent / "test" / "fixtures" / "ssd300.json"
    path.write_text(json.dumps(result, indent=1) + "\n")
    print(result["parametersAtFullWidth"], [m["norm"] for m in result["maps"]])


main()
