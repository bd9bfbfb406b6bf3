"""Writes test/fixtures/detection-scores.json: mean average precision of made-up detections, by pycocotools and by the rule
of the PASCAL VOC devkit. The layout stands at the top of the JSON.

    python scripts/make-detection-scores-fixture.py        (made with pycocotools 2.0.11, NumPy 2.4.6)

The VOC rule is written here from its definition (Everingham et al. 2010, section 4.2): whole pixels between inclusive
corners, exact fractions. pycocotools knows no difficult objects; told to ignore them it treats them as it does objects of
another size. Coordinates are multiples of 1/4 and scores of 1/32, so that many are equal and float32 holds them.
"""
import contextlib
import io
import json
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

ROOT = Path(__file__).parent.parent
LAYOUT = {
    "cases": "classes, pictures, expected scores; null where there is nothing to find",
    "pictures": "objects as [class, left, top, right, bottom, kind] with kind 0 plain, 1 difficult, 2 crowd, and "
    "detections as [class, score * 32, left, top, right, bottom], all corners in quarters of a pixel",
}
# How many detections of nothing a picture has, each equally likely.
FEW = [0, 0, 1, 3]
Picture = dict[str, list[list[int]]]


def random_box(random: np.random.Generator, quarter: bool) -> np.ndarray:
    """Left, top, right, bottom in quarters of a pixel; whole pixels unless `quarter`."""
    size = np.exp(random.uniform(np.log(6), np.log(250), 2))
    low = random.uniform(0, 300, 2)
    corners = np.concatenate([low, low + size])
    return (np.round(corners * 4) if quarter else 4 * np.round(corners)).astype(int)


def moved(box: np.ndarray, random: np.random.Generator, quarter: bool) -> np.ndarray:
    size = np.tile(box[2:] - box[:2], 2)
    steps = random.normal(0, random.choice([0, 0.02, 0.06, 0.15]), 4) * size
    return box + (np.round(steps) if quarter else 4 * np.round(steps / 4)).astype(int)


def picture(random: np.random.Generator, classes: int, kinds: list[float], quarter: bool, noise: list[int]) -> Picture:
    objects, detections = [], []
    for _ in range(random.choice([0, 1, 2, 4, 8])):
        box, own = random_box(random, quarter), int(random.integers(classes))
        kind = int(random.choice(3, p=kinds))
        objects.append([own, *box.tolist(), kind])
        for _ in range(random.choice([0, 1, 2, 3])):
            guess = own if random.uniform() < 0.8 else int(random.integers(classes))
            found = moved(box, random, quarter)
            if kind == 2 and random.uniform() < 0.5:  # something inside the crowd
                half = (box[2:] - box[:2]) // 8 * 4
                found = np.concatenate([box[:2], box[:2] + half])
            detections.append([guess, int(random.integers(1, 33)), *found.tolist()])
    for _ in range(random.choice(noise)):
        detections.append([int(random.integers(classes)), int(random.integers(1, 20)), *random_box(random, quarter).tolist()])
    detections = [d for d in detections if d[4] > d[2] and d[5] > d[3]]
    random.shuffle(detections)
    return {"objects": objects, "detections": detections}


def edge_cases() -> list[Picture]:
    """One class for each thing that random boxes hardly ever show."""
    quarters = lambda rows, at: [[4 * c if at <= i < at + 4 else c for i, c in enumerate(row)] for row in rows]  # noqa: E731
    objects = [
        [0, 0, 0, 20, 10, 0],  # hit at an overlap of exactly 1/2
        [1, 5, 0, 25, 20, 0],  # overlaps the first detection as much as the next object, and equals the second detection
        [1, 15, 0, 35, 20, 0],
        [2, 0, 0, 10, 10, 0],  # found by the 100th detection
        [3, 0, 0, 10, 10, 0],  # found by the 101st
        [4, 0, 0, 32, 32, 0],  # small and medium at once
        [5, 0, 0, 96, 96, 0],  # medium and large at once
        [6, 0, 0, 30, 30, 0],  # a difficult object in the same place, after it
        [6, 0, 0, 30, 30, 1],
        [7, 0, 0, 30, 30, 1],  # and before it
        [7, 0, 0, 30, 30, 0],
    ]
    detections = [[0, 9, 0, 0, 10, 10], [1, 9, 10, 0, 30, 20], [1, 8, 5, 0, 25, 20]]
    detections += [[own, 9, 200 + i, 200, 220 + i, 220] for own, misses in [(2, 99), (3, 100)] for i in range(misses)]
    detections += [[own, 5, 0, 0, 10, 10] for own in (2, 3)]
    detections += [[4, 9, 0, 0, 32, 32], [5, 9, 0, 0, 96, 96], [6, 9, 0, 0, 30, 30], [7, 9, 0, 0, 30, 30]]
    return [{"objects": quarters(objects, 1), "detections": quarters(detections, 2)}]


def crowd_edges() -> list[Picture]:
    """The first detection lies wholly in a crowd and partly on an object; the others only in the crowd, and beside it."""
    objects = [[0, 0, 0, 400, 400, 2], [0, 40, 40, 80, 80, 0]]
    detections = [[0, 9, 40, 40, 80, 72], [0, 8, 200, 200, 240, 240], [0, 7, 240, 200, 280, 240], [0, 6, 600, 0, 640, 40]]
    return [{"objects": objects, "detections": detections}]


class Evaluation(COCOeval):
    """Ignores what is marked so; crowds it ignores anyway."""

    def _prepare(self) -> None:
        super()._prepare()
        for annotations in self._gts.values():
            for annotation in annotations:
                annotation["ignore"] = annotation["iscrowd"] or annotation["difficult"]


def coco(pictures: list[Picture], classes: int) -> dict[str, float | None]:
    def box(corners: list[int]) -> list[float]:
        left, top, right, bottom = (c / 4 for c in corners)
        return [left, top, right - left, bottom - top]

    truth, found = [], []
    for i, entry in enumerate(pictures):
        for own, *corners, kind in entry["objects"]:
            bbox = box(corners)
            row = {"id": len(truth) + 1, "image_id": i + 1, "category_id": own, "bbox": bbox, "area": bbox[2] * bbox[3]}
            truth.append(row | {"iscrowd": int(kind == 2), "difficult": int(kind == 1)})
        for own, score, *corners in entry["detections"]:
            found.append({"image_id": i + 1, "category_id": own, "score": score / 32, "bbox": box(corners)})
    with contextlib.redirect_stdout(io.StringIO()):
        data = COCO()
        data.dataset = {
            "images": [{"id": i + 1} for i in range(len(pictures))],
            "categories": [{"id": c} for c in range(classes)],
            "annotations": truth,
            "info": {},
        }
        data.createIndex()
        evaluation = Evaluation(data, data.loadRes(found), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    names = ["ap", "ap50", "ap75", "apSmall", "apMedium", "apLarge"]
    return {name: None if value < 0 else float(value) for name, value in zip(names, evaluation.stats)}


def pixels(low: int, high: int) -> int:
    """Quarters of a pixel as edges to the number of whole pixels from the first to the last one, both counted."""
    first, last = low // 4, high // 4 - 1
    return max(last - first + 1, 0)


def voc_overlap(a: list[int], b: list[int]) -> Fraction:
    area = lambda box: pixels(box[0], box[2]) * pixels(box[1], box[3])  # noqa: E731
    shared = area([max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])])
    return Fraction(shared, area(a) + area(b) - shared)


def voc_outcomes(pictures: list[Picture], own: int) -> list[bool]:
    """Whether each detection that counts hits, from the surest."""
    found = [(d[1], i, d[2:]) for i, entry in enumerate(pictures) for d in entry["detections"] if d[0] == own]
    used = set()
    outcomes = []
    for _, i, box in sorted(found, key=lambda row: -row[0]):
        rivals = [(voc_overlap(box, o[1:5]), k) for k, o in enumerate(pictures[i]["objects"]) if o[0] == own]
        overlap, best = max(rivals, key=lambda row: row[0], default=(Fraction(0), -1))
        if overlap < Fraction(1, 2):
            outcomes.append(False)
        elif pictures[i]["objects"][best][5] == 0:
            outcomes.append((i, best) not in used)
            used.add((i, best))
    return outcomes


def voc(pictures: list[Picture], classes: int) -> dict[str, list[float | None]]:
    result: dict[str, list[float | None]] = {"voc07": [], "voc": []}
    for own in range(classes):
        positives = sum(o[0] == own and o[5] == 0 for entry in pictures for o in entry["objects"])
        if positives == 0:
            result["voc07"].append(None)
            result["voc"].append(None)
            continue
        hits = np.cumsum(voc_outcomes(pictures, own), dtype=int).tolist()
        points = [(Fraction(hit, positives), Fraction(hit, i + 1)) for i, hit in enumerate(hits)]
        best = lambda recall: max((p for r, p in points if r >= recall), default=Fraction(0))  # noqa: E731
        result["voc07"].append(float(sum(best(Fraction(i, 10)) for i in range(11)) / 11))
        result["voc"].append(float(sum(best(Fraction(i + 1, positives)) for i in range(positives)) / positives))
    return result


def case(name: str, classes: int, pictures: list[Picture]) -> dict:
    """COCO's scores, and the VOC ones where there are no crowds, which that rule does not know."""
    crowds = any(o[5] == 2 for entry in pictures for o in entry["objects"])
    expected = {"coco": coco(pictures, classes)} | ({} if crowds else voc(pictures, classes))
    return {"name": name, "classes": classes, "pictures": pictures, "expected": expected}


def main() -> None:
    made_up = [
        ("a few whole-pixel pictures", 1, 8, 2, [1, 0, 0], False, FEW),
        ("difficult objects", 2, 25, 3, [0.7, 0.3, 0], False, FEW),
        ("only difficult objects", 3, 5, 2, [0, 1, 0], False, FEW),
        ("crowds", 4, 25, 3, [0.75, 0, 0.25], True, FEW),
        ("crowds and difficult objects", 5, 40, 4, [0.7, 0.15, 0.15], True, FEW),
        ("many classes", 6, 15, 30, [0.9, 0.1, 0], False, FEW),
        ("more than 100 detections in a picture", 7, 3, 1, [1, 0, 0], False, [150]),
    ]
    cases = []
    for name, seed, count, classes, *how in made_up:
        random = np.random.default_rng(seed)
        cases.append(case(name, classes, [picture(random, classes, *how) for _ in range(count)]))
    cases.append(case("edge cases", 8, edge_cases()))
    cases.append(case("an object in a crowd", 1, crowd_edges()))
    made_by = f"scripts/make-detection-scores-fixture.py, pycocotools {version('pycocotools')}, NumPy {np.__version__}"
    lines = ",\n    ".join(json.dumps(entry, separators=(",", ":")) for entry in cases)
    text = f'{{\n  "layout": {json.dumps(LAYOUT)},\n  "madeBy": {json.dumps(made_by)},\n  "cases": [\n    {lines}\n  ]\n}}\n'
    (ROOT / "test" / "fixtures" / "detection-scores.json").write_text(text)


main()
