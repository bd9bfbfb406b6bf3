"""PyTorch's whole cycle: the losses of the first steps on one batch, then timed cycles from the start weights, and how many of
the labelled pictures the net that came out knows.

Pictures lie in memory as bytes, channels last, so that a batch is cut out flipped and moved in one indexing call. The
last batch of an epoch is filled up from its front: all batches have one shape, as a compiled net wants it.
"""
from dataclasses import replace
from math import ceil
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional as F
from torch.optim.lr_scheduler import CosineAnnealingLR

from forms import Trainer, scorer
from workload import open_net, print_report, read_options, time_calls

PADDING, SIDE, LEARNING_RATE = 4, 32, 0.05

torch.manual_seed(0)
options = read_options("labelled", "epochs", "pool", "choose", "batch")
folder = Path(options.inputs)
weights = load_file(folder / "weights.safetensors")
trained, _ = open_net(folder / "weights.safetensors")
copy, _ = open_net(folder / "weights.safetensors")
pictures = torch.from_numpy(np.fromfile(folder / "pictures.bytes", np.uint8)).reshape(-1, 3, SIDE, SIDE)
pictures = pictures.permute(0, 2, 3, 1).contiguous()  # [items, side, side, 3]
labels = torch.from_numpy(np.fromfile(folder / "labels.bytes", np.uint8)).long()
known, pool = pictures[: options.labelled], pictures[options.labelled :]
padded = F.pad(known, (0, 0, PADDING, PADDING, PADDING, PADDING))

trainer = Trainer(trained, options.form, LEARNING_RATE)
# Scored by a copy that is all bfloat16. It is compiled once, not frozen: a frozen one is compiled anew in every cycle.
scoring_form = replace(options.form, autocast=False, bfloat16=True, frozen=False)
score = scorer(copy, scoring_form, pictures[: options.batch].permute(0, 3, 1, 2))


def augmented(members: Tensor) -> Tensor:
    """Mirrored at random, then cut at random out of the padded picture; [batch, 3, side, side], channels last."""
    count = len(members)
    rows = torch.randint(0, 2 * PADDING + 1, (count, 1)) + torch.arange(SIDE)
    columns = torch.randint(0, 2 * PADDING + 1, (count, 1)) + torch.arange(SIDE)
    columns = torch.where(torch.rand(count, 1) < 0.5, columns.flip(1), columns)
    return padded[members[:, None, None], rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


def scores(of: Tensor) -> tuple[Tensor, Tensor]:
    """Logits and predicted losses; the last batch is filled up with black pictures."""
    parts = []
    for batch in of.split(options.batch):
        filled = F.pad(batch, (0, 0, 0, 0, 0, 0, 0, options.batch - len(batch)))
        logits, predicted = score(filled.permute(0, 3, 1, 2))
        parts.append((logits[: len(batch)], predicted[: len(batch)]))
    return torch.cat([logits for logits, _ in parts]), torch.cat([predicted for _, predicted in parts])


def cycle() -> Tensor:
    trainer.restart(weights)
    schedule = CosineAnnealingLR(trainer.optimiser, options.epochs * ceil(len(known) / options.batch))
    for _ in range(options.epochs):
        order = torch.randperm(len(known))
        filled = torch.cat([order, order[: -len(order) % options.batch]])
        for members in filled.split(options.batch):
            trainer.step(augmented(members), {"labels": labels[members]})
            schedule.step()
    copy.load_state_dict(trained.state_dict())
    return scores(pool)[1].topk(options.choose).indices


first = trainer.first_losses(known[: options.batch].permute(0, 3, 1, 2), {"labels": labels[: options.batch]})
scores(known[: options.batch])  # compiles
picks = []
taken = time_calls(lambda: picks.append(len(set(cycle().tolist()))), options.seconds, 1)
accuracy = (scores(known)[0].argmax(1) == labels[: options.labelled]).float().mean().item()
print_report({**first, "accuracy": [accuracy], "picks": [picks[0]]}, taken)
