"""Writes test/fixtures/rmsprop.json: steps of PyTorch's RMSprop on a small quadratic loss.

    python scripts/make-rmsprop-fixture.py        (made with PyTorch 2.13.0)
"""
import json
from pathlib import Path

import torch

TARGET = Path(__file__).parent.parent / "test" / "fixtures" / "rmsprop.json"
SETTINGS = {"learningRate": 0.03, "smoothing": 0.9, "weightDecay": 0.01, "steps": 5}


def main() -> None:
    start = torch.tensor([0.5, -2.0, 3.0, 0.0], dtype=torch.float64)
    goals = torch.tensor([1.0, 1.0, -1.0, 0.0], dtype=torch.float64)
    factors = torch.tensor([1.0, 1e-4, 30.0, 1.0], dtype=torch.float64)
    weights = torch.nn.Parameter(start.clone())
    optimiser = torch.optim.RMSprop(
        [weights], SETTINGS["learningRate"], alpha=SETTINGS["smoothing"], weight_decay=SETTINGS["weightDecay"]
    )
    after = []
    for _ in range(SETTINGS["steps"]):
        optimiser.zero_grad()
        (factors * (weights - goals) ** 2).sum().backward()
        optimiser.step()
        after.append(weights.tolist())
    fixture = {
        "madeBy": f"scripts/make-rmsprop-fixture.py, PyTorch {torch.__version__.split('+')[0]}: loss = sum(factors * (w - goals)^2)",
        "settings": SETTINGS,
        "start": start.tolist(),
        "goals": goals.tolist(),
        "factors": factors.tolist(),
        "after": after,
    }
    TARGET.write_text(json.dumps(fixture) + "\n")


main()
