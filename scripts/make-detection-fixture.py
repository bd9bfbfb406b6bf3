"""Writes test/fixtures/detection.json: priors, matching, offsets, suppression and decoding of a single-shot detector, by
torchvision (priors, offsets, matching without rivals), ONNX Runtime (suppression) and plain NumPy (the rest of matching).
The layout stands at the top of the JSON.

    python scripts/make-detection-fixture.py        (made with PyTorch 2.13.0, torchvision 0.28.0, ONNX Runtime 1.32.0)

Everything but the suppression is computed in float64, from numbers that float32 holds exactly.
"""
import json
from pathlib import Path

import numpy as np
import onnxruntime
import torch
import torchvision
from onnx import TensorProto, helper
from torch.nn import functional as F
from torchvision.models.detection._utils import BoxCoder, SSDMatcher
from torchvision.models.detection.anchor_utils import DefaultBoxGenerator
from torchvision.models.detection.image_list import ImageList
from torchvision.ops import box_convert, box_iou, clip_boxes_to_image

ROOT = Path(__file__).parent.parent
SIDE = 64
CELLS, STEPS, SIZES = [4, 2, 1], [16, 32, 64], [12, 24, 40, 60]
RATIOS = [[2], [2, 3], [2]]
LAYOUT = {
    "priors": "of SSD300: how many, the sum of each column, and every 211th as centre x, centre y, width, height",
    "small": "cells, steps, sizes (the last one is maxPx of the last map) and ratios of a small net, and all its priors",
    "matching": "objects in shares of the sides as left, top, right, bottom, class, kind; leastOverlap; classes per prior "
    "(-1 ignored) and rows [prior, 4 offsets] of those above 0",
    "suppression": "boxes, scores, mostOverlap and the positions kept, best first",
    "decoding": "classLogits and offsets [pictures, priors, n], options, and per picture rows [left, top, right, bottom, "
    "class, score, prior]",
}
coder = BoxCoder(weights=(10.0, 10.0, 5.0, 5.0), bbox_xform_clip=float("inf"))


def default_boxes(side: int, cells: list[int], steps: list[int], sizes: list[float], ratios: list[list[int]]) -> torch.Tensor:
    """[priors, 4] in shares of the side as centre and size. torchvision keeps the sizes at most 1, the published code of
    SSD for PyTorch the centres too (those of the last row and column of the 10 x 10 map lie outside)."""
    make = DefaultBoxGenerator(ratios, scales=[size / side for size in sizes], steps=steps, clip=True)
    maps = [torch.zeros(1, 1, n, n, dtype=torch.float64) for n in cells]
    corners = make(ImageList(torch.zeros(1, 3, side, side), [(side, side)]), maps)[0].double() / side
    return box_convert(corners, "xyxy", "cxcywh").clamp(max=1)


def ssd300() -> dict:
    priors = default_boxes(
        300, [38, 19, 10, 5, 3, 1], [8, 16, 32, 64, 100, 300], [30, 60, 111, 162, 213, 264, 315], [[2], [2, 3], [2, 3], [2, 3], [2], [2]]
    )
    return {"count": len(priors), "sums": priors.sum(0).tolist(), "every211th": priors[::211].tolist()}


def greedy(overlaps: np.ndarray, least: float) -> np.ndarray:
    """Owner of each prior: its best object if near enough, then the best pairs one after another, no prior twice."""
    owners = np.where(overlaps.max(0) >= least, overlaps.argmax(0), -1)
    left = overlaps.copy()
    while left.size and left.max() > 0:
        owner, prior = np.unravel_index(left.argmax(), left.shape)
        owners[prior] = owner
        left[owner, :] = -1
        left[:, prior] = -1
    return owners


def matching(priors: torch.Tensor, boxes: np.ndarray, classes: list[int], kinds: list[str], least: float) -> dict:
    corners = box_convert(priors, "cxcywh", "xyxy")
    counted = [i for i, kind in enumerate(kinds) if kind == "plain"]
    own = torch.from_numpy(boxes[counted])
    result = np.zeros(len(priors), dtype=int)
    rows = []
    if counted:
        overlaps = box_iou(own, corners)
        owners = greedy(overlaps.numpy(), least)
        best = overlaps.max(1).indices
        if len(set(best.tolist())) == len(counted):
            assert (SSDMatcher(least)(overlaps).numpy() == owners).all(), "torchvision matches otherwise"
        positive = np.flatnonzero(owners >= 0)
        result[positive] = [1 + classes[counted[owner]] for owner in owners[positive]]
        encoded = coder.encode_single(own[owners[positive]], corners[positive])
        rows = [[int(p), *row] for p, row in zip(positive, encoded.tolist())]
    for i, kind in enumerate(kinds):
        if kind == "plain":
            continue
        box = torch.from_numpy(boxes[[i]])
        measure = box_iou(box, corners)[0].numpy() if kind == "difficult" else cover(corners.numpy(), boxes[i])
        result[(result == 0) & (measure >= least)] = -1
    objects = [[*box.tolist(), c, kind] for box, c, kind in zip(boxes, classes, kinds)]
    return {"objects": objects, "leastOverlap": least, "classes": result.tolist(), "rows": rows}


def cover(corners: np.ndarray, box: np.ndarray) -> np.ndarray:
    size = np.minimum(corners[:, 2:], box[2:]) - np.maximum(corners[:, :2], box[:2])
    return size.clip(0).prod(1) / (corners[:, 2:] - corners[:, :2]).prod(1)


def random_boxes(random: np.random.Generator, count: int, smallest: float = 0.05) -> np.ndarray:
    low = random.uniform(0, 0.8, (count, 2))
    high = low + random.uniform(smallest, 1, (count, 2)) * (1 - low)
    return np.float32(np.concatenate([low, high], 1)).astype(float)


def matchings(priors: torch.Tensor, random: np.random.Generator) -> list[dict]:
    kinds = ["plain", "plain", "plain", "difficult", "crowd"]
    cases = []
    for count, least in [(0, 0.5), (1, 0.5), (3, 0.5), (6, 0.5), (6, 0.3), (9, 0.5)]:
        drawn = [str(kind) for kind in random.choice(kinds, count)]
        cases.append(matching(priors, random_boxes(random, count), random.integers(0, 4, count).tolist(), drawn, least))
    close = np.float32([[0.4, 0.4, 0.6, 0.6], [0.41, 0.4, 0.6, 0.61], [0.4, 0.41, 0.61, 0.6]]).astype(float)
    cases.append(matching(priors, close, [0, 1, 2], ["plain"] * 3, 0.5))
    return cases


def suppression_session() -> onnxruntime.InferenceSession:
    inputs = [
        helper.make_tensor_value_info("boxes", TensorProto.FLOAT, [1, None, 4]),
        helper.make_tensor_value_info("scores", TensorProto.FLOAT, [1, None, None]),
        helper.make_tensor_value_info("most", TensorProto.INT64, [1]),
        helper.make_tensor_value_info("overlap", TensorProto.FLOAT, [1]),
        helper.make_tensor_value_info("least", TensorProto.FLOAT, [1]),
    ]
    outputs = [helper.make_tensor_value_info("kept", TensorProto.INT64, [None, 3])]
    node = helper.make_node("NonMaxSuppression", [tensor.name for tensor in inputs], ["kept"])
    graph = helper.make_graph([node], "suppression", inputs, outputs)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)], ir_version=8)
    return onnxruntime.InferenceSession(model.SerializeToString())


SESSION = suppression_session()


def suppressed(boxes: np.ndarray, scores: np.ndarray, overlap: float, least: float) -> list[tuple[int, int]]:
    """(class, box) of those that stay of boxes [n, 4] with scores [classes, n] above `least`, class after class."""
    feeds = {
        "boxes": np.float32(boxes)[None],
        "scores": np.float32(scores)[None],
        "most": np.int64([len(boxes)]),
        "overlap": np.float32([overlap]),
        "least": np.float32([least]),
    }
    return [(int(row[1]), int(row[2])) for row in SESSION.run(None, feeds)[0]]


def suppressions(random: np.random.Generator) -> list[dict]:
    cases = []
    for count, overlap in [(1, 0.5), (40, 0.45), (40, 0.1), (60, 0.7)]:
        boxes = random_boxes(random, count, 0.3)
        scores = random.integers(1, 12, count) / 16 if overlap == 0.7 else np.float32(random.uniform(0, 1, count)).astype(float)
        kept = [box for _, box in suppressed(boxes, scores[None], overlap, 0)]
        cases.append({"boxes": boxes.tolist(), "scores": scores.tolist(), "mostOverlap": overlap, "kept": kept})
    return cases


def decoded(logits: torch.Tensor, offsets: torch.Tensor, priors: torch.Tensor, options: dict) -> list[list[float]]:
    boxes = coder.decode_single(offsets, box_convert(priors, "cxcywh", "xyxy"))
    boxes = clip_boxes_to_image(boxes, (1, 1))
    scores = F.softmax(logits, -1)[:, 1:].T  # [classes, priors]
    worst = scores.sort(1, descending=True).values[:, min(options["candidates"], len(priors)) - 1 :][:, :1]
    candidates = torch.where(scores >= worst, scores, 0)
    kept = suppressed(boxes.numpy(), candidates.numpy(), options["mostOverlap"], options["minScore"])
    rows = [[*boxes[p].tolist(), c, scores[c, p].item(), p] for c, p in kept]
    return sorted(rows, key=lambda row: -row[5])[: options["kept"]]


def decodings(priors: torch.Tensor, random: np.random.Generator) -> list[dict]:
    cases = []
    for columns, scale, options in [
        (4, 2.0, {"minScore": 0.2, "candidates": 30, "mostOverlap": 0.45, "kept": 12}),
        (3, 1.0, {"minScore": 0.01, "candidates": 400, "mostOverlap": 0.3, "kept": 200}),
        (2, 1.0, {"minScore": 0.999, "candidates": 400, "mostOverlap": 0.45, "kept": 200}),
    ]:
        logits = torch.from_numpy(np.round(random.normal(0, scale, (2, len(priors), columns)) * 64) / 64)
        offsets = torch.from_numpy(np.round(random.normal(0, 1, (2, len(priors), 4)) * 64) / 64)
        pictures = [decoded(logits[i], offsets[i], priors, options) for i in range(2)]
        cases.append({"columns": columns, "classLogits": logits.flatten().tolist(), "offsets": offsets.flatten().tolist(), "options": options, "pictures": pictures})
    return cases


def shortened(value: object) -> object:
    """Ten significant digits are enough."""
    if isinstance(value, float):
        return float(f"{value:.10g}")
    if isinstance(value, dict):
        return {key: shortened(item) for key, item in value.items()}
    return [shortened(item) for item in value] if isinstance(value, list) else value


def main() -> None:
    random = np.random.default_rng(7)
    priors = default_boxes(SIDE, CELLS, STEPS, SIZES, RATIOS).float().double()
    small = {"sidePx": SIDE, "cells": CELLS, "steps": STEPS, "sizes": SIZES, "ratios": RATIOS, "priors": priors.flatten().tolist()}
    version = lambda library: library.__version__.split("+")[0]  # noqa: E731
    fixture = {
        "layout": LAYOUT,
        "madeBy": f"scripts/make-detection-fixture.py, PyTorch {version(torch)}, torchvision {version(torchvision)}, ONNX Runtime {version(onnxruntime)}",
        "priors": ssd300(),
        "small": small,
        "matching": matchings(priors, random),
        "suppression": suppressions(random),
        "decoding": decodings(priors, random),
    }
    lines = ",\n".join(f"  {json.dumps(key)}: {json.dumps(shortened(value))}" for key, value in fixture.items())
    (ROOT / "test" / "fixtures" / "detection.json").write_text(f"{{\n{lines}\n}}\n")


main()
