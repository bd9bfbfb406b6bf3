"""Writes test/fixtures/multi-box-loss.json: the loss of single-shot detectors for each picture by itself, with its gradients,
computed by PyTorch: cross-entropy over matched priors and the hardest negatives (three for each match, by sorting), smooth
L1 over the offsets of matched priors, divided by the picture's own number of matches.

    python scripts/make-multi-box-fixture.py        (made with PyTorch 2.13.0)

Pictures: one with some matches and ignored priors, one with so many matches that all background priors count, one without an
object (the three hardest count, divided by 1), one with a single match. Everything in float64.
"""
import json
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

PRIORS, CLASSES = 24, 4
MATCHES = [3, 9, 0, 1]
IGNORED = [4, 2, 0, 0]


def targets(generator: torch.Generator) -> Tensor:
    rows = []
    for matches, ignored in zip(MATCHES, IGNORED):
        row = torch.zeros(PRIORS, dtype=torch.int64)
        order = torch.randperm(PRIORS, generator=generator)
        row[order[:matches]] = torch.randint(1, CLASSES + 1, (matches,), generator=generator)
        row[order[matches : matches + ignored]] = -1
        rows.append(row)
    return torch.stack(rows)


def loss_of(logits: Tensor, offsets: Tensor, classes: Tensor, wanted: Tensor) -> Tensor:
    matched = classes > 0
    divisor = max(1, int(matched.sum()))
    entropy = F.cross_entropy(logits, classes, reduction="none", ignore_index=-1)
    negatives = entropy[classes == 0].sort(descending=True).values[: 3 * divisor]
    distance = F.smooth_l1_loss(offsets[matched], wanted[matched], reduction="sum")
    return (entropy[matched].sum() + negatives.sum() + distance) / divisor


def main() -> None:
    torch.set_default_dtype(torch.float64)
    generator = torch.Generator().manual_seed(4)
    batch = len(MATCHES)
    f32 = lambda *shape: (1.5 * torch.randn(*shape, generator=generator)).float().double()  # noqa: E731
    logits = f32(batch, PRIORS, CLASSES + 1).requires_grad_()
    offsets = f32(batch, PRIORS, 4).requires_grad_()
    classes = targets(generator)
    wanted = f32(batch, PRIORS, 4) * (classes > 0).unsqueeze(2)
    losses = torch.stack([loss_of(*row) for row in zip(logits, offsets, classes, wanted)])
    weights = torch.tensor([1.0, 0.5, 2.0, 1.5])
    (losses * weights).sum().backward()
    flat = lambda x: [float(f"{v:.9g}") for v in x.flatten().tolist()]  # noqa: E731
    result = {
        "shape": {"batch": batch, "priors": PRIORS, "columns": CLASSES + 1},
        "classLogits": flat(logits),
        "offsets": flat(offsets),
        "targetClasses": classes.flatten().tolist(),
        "targetOffsets": flat(wanted),
        "losses": flat(losses),
        "weights": flat(weights),
        "gradients": {"note": "of the sum of weights * losses", "classLogits": flat(logits.grad), "offsets": flat(offsets.grad)},
    }
    path = Path(__file__).parent.parent / "test" / "fixtures" / "multi-box-loss.json"
    path.write_text(json.dumps(result) + "\n")
    print(losses.tolist())


main()
