"""Writes test/fixtures/oks.json: random persons and detections with COCO's own keypoint evaluation of them.

    python scripts/make-oks-fixture.py        (made with pycocotools 2.0, NumPy 2.4)

Among them are pictures without persons or without detections, crowds, persons without a labelled joint, equal scores, and
more detections than count.
"""
import contextlib
import io
import json
from pathlib import Path

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

TARGET = Path(__file__).parent.parent / "test" / "fixtures" / "oks.json"
JOINT_NAMES = ["nose", "left_eye", "right_shoulder", "left_hip", "right_ankle"]
SPREADS = [0.026, 0.025, 0.079, 0.107, 0.089]


def scene(random: np.random.Generator, pictures: int) -> tuple[list[dict], list[dict]]:
    people, found = [], []
    for picture in range(1, pictures + 1):
        here = []
        for _ in range(int(random.integers(0, 5))):
            side = float(random.choice([20, 60, 150]))
            box = [*random.uniform(0, 200, 2), side * random.uniform(0.7, 1.3), side * random.uniform(0.7, 1.3)]
            kind = random.random()
            visibility = random.integers(0, 3, len(JOINT_NAMES)) * (kind > 0.1)
            joints = [
                [box[0] + random.random() * box[2], box[1] + random.random() * box[3], int(v)] if v else [0, 0, 0]
                for v in visibility
            ]
            person = {"picture": picture, "box": box, "areaPx": box[2] * box[3] * 0.6, "joints": joints}
            person["crowd"] = bool(kind > 0.93)
            here.append(person)
        people += here
        copies = 8 if picture % 7 == 0 else 1
        for person in here * copies:
            if random.random() < 0.2:
                continue
            noise = random.normal(0, random.choice([0.01, 0.05, 0.15, 0.5]) * person["box"][2], (len(JOINT_NAMES), 2))
            places = [
                [(x if v else person["box"][0]) + dx, (y if v else person["box"][1]) + dy]
                for (x, y, v), (dx, dy) in zip(person["joints"], noise.tolist())
            ]
            found.append({"picture": picture, "joints": places, "score": float(random.integers(1, 12) / 12)})
        if random.random() < 0.5:
            places = random.uniform(0, 250, (len(JOINT_NAMES), 2)).tolist()
            found.append({"picture": picture, "joints": places, "score": float(random.integers(1, 12) / 12)})
    return people, found


def evaluate(people: list[dict], found: list[dict], pictures: int) -> dict:
    truth = COCO()
    truth.dataset = {
        "images": [{"id": n} for n in range(1, pictures + 1)],
        "categories": [{"id": 1, "name": "person"}],
        "annotations": [
            {
                "id": n,
                "image_id": p["picture"],
                "category_id": 1,
                "bbox": p["box"],
                "area": p["areaPx"],
                "iscrowd": int(p["crowd"]),
                "keypoints": sum(p["joints"], []),
                "num_keypoints": sum(v > 0 for _, _, v in p["joints"]),
            }
            for n, p in enumerate(people, 1)
        ],
    }
    with contextlib.redirect_stdout(io.StringIO()):
        truth.createIndex()
        results = truth.loadRes(
            [
                {
                    "image_id": f["picture"],
                    "category_id": 1,
                    "keypoints": sum(([x, y, 1] for x, y in f["joints"]), []),
                    "score": f["score"],
                }
                for f in found
            ]
        )
        evaluation = COCOeval(truth, results, "keypoints")
        evaluation.params.kpt_oks_sigmas = np.array(SPREADS)
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    names = ["averagePrecision", "averagePrecision50", "averagePrecision75", "averagePrecisionMedium", "averagePrecisionLarge", "averageRecall"]
    return dict(zip(names, [float(value) for value in evaluation.stats[:6]]))


def rounded(value):
    """Before the evaluation, so that the figures are those of the stored numbers."""
    if isinstance(value, float):
        return float(f"{value:.7g}")
    if isinstance(value, list):
        return [rounded(part) for part in value]
    return {name: rounded(part) for name, part in value.items()} if isinstance(value, dict) else value


def main() -> None:
    cases = []
    for seed, pictures in [(1, 12), (2, 30), (3, 4)]:
        people, found = rounded(list(scene(np.random.default_rng(seed), pictures)))
        cases.append({"persons": people, "detections": found, "result": evaluate(people, found, pictures)})
    fixture = {
        "madeBy": "scripts/make-oks-fixture.py, pycocotools; boxes are left, top, width, height; joints x, y, visibility",
        "jointNames": JOINT_NAMES,
        "cases": cases,
    }
    TARGET.write_text(json.dumps(fixture, separators=(",", ":")) + "\n")
    for case in cases:
        print(len(case["persons"]), len(case["detections"]), case["result"])


main()
