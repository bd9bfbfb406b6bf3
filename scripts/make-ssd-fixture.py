"""Writes test/fixtures/ssd300.json: shapes, sizes and outputs of an SSD300 (Liu et al. 2016) built in PyTorch, that the tests
hold the model against: the number of parameters at full width, and what a narrow one gives for one picture.

    python scripts/make-ssd-fixture.py        (made with PyTorch 2.13.0)

The narrow net's numbers follow from a formula, so that no weights have to be kept: element j of parameter t (counted in the
order of `parameters`) is scale * sin(1 + 0.9 t + 1.7 j), with scale sqrt(6 / inputs of one output) for kernels, 0.1 for
biases; the scale behind conv4_3 is 20. Picture: element j is sin(0.01 j). All in float64.
"""
import json
import math
import sys
from pathlib import Path

import torch
from torch import Tensor

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "bench" / "peers"))
from ssd import Ssd300  # noqa: E402

CLASSES = 20
SAMPLES = 97


def fill(net: Ssd300) -> list[dict]:
    described = []
    for t, (name, p) in enumerate(sorted(net.named_parameters())):
        described.append({"name": name, "shape": list(p.shape)})
        if name == "conv4_scale.weight":
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
    narrow = Ssd300(1, CLASSES)
    described = fill(narrow)
    picture = torch.sin(0.01 * torch.arange(3 * 300 * 300)).view(1, 3, 300, 300)
    logits, offsets, maps = narrow(picture)
    result = {
        "layout": "sample: every n-th element in row-major order, n = max(1, floor(size / 97)); norms: root of the sum of squares",
        "parametersAtFullWidth": sum(p.numel() for p in Ssd300(64, CLASSES).parameters()),
        "classes": CLASSES,
        "priorsPerCell": Ssd300.priors_per_cell,
        "parameters": described,
        "maps": [{"shape": list(m.shape), "norm": float(m.detach().norm())} for m in maps],
        "classLogits": {"shape": list(logits.shape), "norm": float(logits.detach().norm()), "sample": sample(logits)},
        "offsets": {"shape": list(offsets.shape), "norm": float(offsets.detach().norm()), "sample": sample(offsets)},
    }
    path = ROOT / "test" / "fixtures" / "ssd300.json"
    path.write_text(json.dumps(result, indent=1) + "\n")
    print(result["parametersAtFullWidth"], [m["norm"] for m in result["maps"]])


main()
