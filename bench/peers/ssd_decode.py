"""PyTorch's boxes out of the outputs of SSD300, as torchvision's SSD makes them, picture by picture: of every class the 400 surest
above 0.01, non-maximum suppression at 0.45 over all classes at once (boxes of another class lie elsewhere), the 200 surest.

The suppression is torchvision's, or one in PyTorch alone: all overlaps at once, then down the list.
"""
import argparse

import torch
from safetensors.torch import load_file
from torch import Tensor

from workload import print_report, time_calls

MIN_SCORE, CANDIDATES, MOST_OVERLAP, KEPT = 0.01, 400, 0.45, 200


def areas(boxes: Tensor) -> Tensor:
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])


def suppress(boxes: Tensor, scores: Tensor, most_overlap: float) -> Tensor:
    """Positions of the boxes that stay, the best first."""
    order = scores.argsort(descending=True, stable=True)
    sorted_boxes = boxes[order]
    low = torch.maximum(sorted_boxes[:, None, :2], sorted_boxes[None, :, :2])
    high = torch.minimum(sorted_boxes[:, None, 2:], sorted_boxes[None, :, 2:])
    shared = (high - low).clamp_min(0).prod(2)
    size = areas(sorted_boxes)
    above = (shared / (size[:, None] + size[None, :] - shared) > most_overlap).numpy()
    free = [True] * len(order)
    for i in range(len(order)):
        if free[i]:
            for k in above[i, i + 1 :].nonzero()[0]:
                free[i + 1 + k] = False
    return order[torch.tensor(free, dtype=torch.bool)]


def decode(logits: Tensor, offsets: Tensor, priors: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Boxes, classes and scores of one picture."""
    shares = logits.softmax(1)[:, 1:]
    centres = priors[:, :2] + 0.1 * priors[:, 2:] * offsets[:, :2]
    halves = priors[:, 2:] * torch.exp(0.2 * offsets[:, 2:]) / 2
    boxes = torch.cat([centres - halves, centres + halves], 1).clamp(0, 1)
    parts = []
    for index in range(shares.shape[1]):
        worth = (shares[:, index] > MIN_SCORE).nonzero()[:, 0]
        if len(worth) == 0:
            continue
        scores, best = shares[worth, index].topk(min(CANDIDATES, len(worth)))
        parts.append((boxes[worth[best]], torch.full_like(best, index), scores))
    found, classes, scores = (torch.cat(column) for column in zip(*parts))
    visible = areas(found) > 0
    found, classes, scores = found[visible], classes[visible], scores[visible]
    kept = nms(found + 2 * classes[:, None], scores, MOST_OVERLAP)[:KEPT]
    return found[kept], classes[kept], scores[kept]


parser = argparse.ArgumentParser()
parser.add_argument("--inputs", required=True)
parser.add_argument("--threads", type=int, required=True)
parser.add_argument("--seconds", type=float, required=True)
parser.add_argument("--pictures", type=int, required=True)
parser.add_argument("--by", choices=("torch", "torchvision"), required=True)
options = parser.parse_args()
torch.set_num_threads(options.threads)
if options.by == "torchvision":
    from torchvision.ops import nms
else:
    nms = suppress
tensors = load_file(options.inputs)
pictures = list(zip(tensors["classLogits"], tensors["offsets"]))


@torch.no_grad()
def decode_all() -> list[tuple[Tensor, Tensor, Tensor]]:
    return [decode(logits, offsets, tensors["priors"]) for logits, offsets in pictures]


def many() -> None:
    for _ in range(0, options.pictures, len(pictures)):
        decode_all()


found = decode_all()
result = {
    "kept": [len(scores) for _, _, scores in found],
    "boxes": [boxes.sum().item() for boxes, _, _ in found],
    "classes": [classes.sum().item() for _, classes, _ in found],
    "scores": [scores.sum().item() for _, _, scores in found],
}
print_report(result, time_calls(many, options.seconds, 1))
