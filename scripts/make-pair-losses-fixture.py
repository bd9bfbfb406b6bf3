"""Writes test/fixtures/pair-losses.json: values and gradients of the loss prediction module's three losses, in float64.

    python scripts/make-pair-losses-fixture.py        (made with PyTorch 2.13.0)
"""
import json
import sys
from pathlib import Path

import torch

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "bench" / "peers"))
from net import pair_loss  # noqa: E402

LAYOUT = (
    "loss: a number, gradient: of it with respect to `predicted`. Pairs are (i, i + half). A weight of 0 is padding: mse "
    "leaves out the item, ranking and kl every pair with it; nothing left gives 0. ranking: eq. 2 of Yoo & Kweon 2019, "
    "equal actual losses count as the second being larger, and at the kink of the hinge the gradient is 0. kl: Shukla & "
    "Ahmed 2021, actual losses below 1e-7 count as 1e-7."
)
# What is special about each, predicted losses, actual losses, weights.
VECTORS = [
    ("ordinary", [0.3, -1.2, 2.5, 0.1, 0.9, 4.0], [0.5, 0.1, 2.2, 1.4, 0.3, 2.1], None),
    ("one pair", [0.25, 0.75], [1.0, 2.0], None),
    ("equal actual losses", [0.4, 1.5, -0.2, 0.4], [0.7, 0.7, 0.7, 0.7], None),
    ("equal predictions", [0.4, 0.4, 0.4, 0.4], [0.1, 2.0, 1.1, 0.2], None),
    ("on the kink of the hinge", [2.0, 0.0, 1.0, 1.0], [3.0, 1.0, 2.0, 2.0], None),
    ("actual losses of 0", [0.3, 0.6, -0.4, 0.1], [0.0, 0.0, 0.0, 1.5], None),
    ("predictions far apart", [60.0, -45.0, -60.0, 30.0], [0.01, 12.0, 5.0, 0.3], None),
    ("padding", [0.3, -1.2, 2.5, 0.1, 0.9, 4.0, 0.2, 0.2], [0.5, 0.1, 2.2, 1.4, 0.3, 2.1, 9.0, 0.4], [1, 1, 1, 0, 1, 0, 1, 1]),
    ("padding in every pair", [0.3, -1.2, 2.5, 0.1], [0.5, 0.1, 2.2, 1.4], [1, 0, 0, 1]),
    ("nothing but padding", [0.3, -1.2, 2.5, 0.1], [0.5, 0.1, 2.2, 1.4], [0, 0, 0, 0]),
]


def kept_items(kind: str, weights: list[int]) -> list[int]:
    """Items that count, still in the order of first halves, then second halves."""
    half = len(weights) // 2
    if kind == "mse":
        return [i for i, weight in enumerate(weights) if weight == 1]
    pairs = [i for i in range(half) if weights[i] == 1 and weights[i + half] == 1]
    return pairs + [i + half for i in pairs]


def case(name: str, kind: str, margin: float, predicted: list[float], actual: list[float], weights: list[int] | None) -> dict:
    weights = weights or [1] * len(predicted)
    p = torch.tensor(predicted, dtype=torch.float64, requires_grad=True)
    kept = kept_items(kind, weights)
    loss = pair_loss(kind, p[kept], torch.tensor(actual, dtype=torch.float64)[kept], margin) if kept else 0 * p.sum()
    loss.backward()
    return {
        "name": name,
        "kind": kind,
        "margin": margin,
        "predicted": predicted,
        "actual": actual,
        "weights": weights,
        "loss": loss.item(),
        "gradient": p.grad.tolist(),
    }


def main() -> None:
    cases = [
        case(name, kind, margin, *vectors)
        for name, *vectors in VECTORS
        for kind, margin in (("ranking", 1.0), ("ranking", 0.25), ("mse", 1.0), ("kl", 1.0))
    ]
    made_by = f"scripts/make-pair-losses-fixture.py, PyTorch {torch.__version__.split('+')[0]}, in float64"
    lines = ",\n    ".join(json.dumps(entry) for entry in cases)
    text = f'{{\n  "layout": {json.dumps(LAYOUT)},\n  "madeBy": {json.dumps(made_by)},\n  "cases": [\n    {lines}\n  ]\n}}\n'
    (ROOT / "test" / "fixtures" / "pair-losses.json").write_text(text)


main()
