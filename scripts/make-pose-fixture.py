"""Writes test/fixtures/pose.json: crops, targets, decoding, mirror merging, uncertainty, PCK and warping of small random
persons, computed with NumPy by the plain definitions.

    python scripts/make-pose-fixture.py        (made with NumPy 2.4)
"""
import json
from itertools import product
from pathlib import Path

import numpy as np

TARGET = Path(__file__).parent.parent / "test" / "fixtures" / "pose.json"
random = np.random.default_rng(11)
PERSONS, JOINTS, SIDE, SIGMA, MARGIN = 4, 5, 12, 1.3, 1.25


def persons() -> list[dict]:
    made = []
    for _ in range(PERSONS):
        left, top = random.uniform(0, 60, 2)
        width, height = random.uniform(20, 120, 2)
        joints = []
        for _ in range(JOINTS):
            visibility = int(random.integers(0, 3))
            x, y = left + random.uniform(-0.4, 1.4) * width, top + random.uniform(-0.4, 1.4) * height
            joints.append([x, y, visibility] if visibility else [0, 0, 0])
        made.append({"box": [left, top, left + width, top + height], "joints": joints, "headPx": random.uniform(8, 30)})
    made[-1]["joints"] = [[0, 0, 0]] * JOINTS
    made[-2]["headPx"] = None
    return made


def crop_matrix(box: list[float], side: float) -> np.ndarray:
    """3 x 3, picture to crop."""
    left, top, right, bottom = box
    length = MARGIN * max(right - left, bottom - top)
    corner = np.array([(left + right) / 2, (top + bottom) / 2]) - length / 2
    return np.diag([side / length, side / length, 1]) @ np.array([[1, 0, -corner[0]], [0, 1, -corner[1]], [0, 0, 1]])


def targets(people: list[dict]) -> dict:
    maps = np.zeros((PERSONS, JOINTS, SIDE, SIDE))
    shares = np.zeros((PERSONS, JOINTS))
    middles = np.arange(SIDE) + 0.5
    for p, person in enumerate(people):
        for j, (x, y, visibility) in enumerate(person["joints"]):
            u, v, _ = crop_matrix(person["box"], SIDE) @ [x, y, 1]
            if visibility == 0 or not (0 <= u < SIDE and 0 <= v < SIDE):
                continue
            squares = (middles[None, :] - u) ** 2 + (middles[:, None] - v) ** 2
            maps[p, j] = np.exp(-squares / (2 * SIGMA**2))
            shares[p, j] = 1
    totals = shares.sum(1, keepdims=True)
    return {"heatMaps": maps, "shares": np.divide(shares, totals, out=np.zeros_like(shares), where=totals > 0)}


def decoded(maps: np.ndarray, people: list[dict]) -> np.ndarray:
    places = np.zeros((PERSONS, JOINTS, 3))
    for p, j in product(range(PERSONS), range(JOINTS)):
        heat = maps[p, j]
        row, column = np.unravel_index(heat.argmax(), heat.shape)
        x, y = column + 0.5, row + 0.5
        if 0 < column < SIDE - 1:
            x += 0.25 * np.sign(heat[row, column + 1] - heat[row, column - 1])
        if 0 < row < SIDE - 1:
            y += 0.25 * np.sign(heat[row + 1, column] - heat[row - 1, column])
        u, v, _ = np.linalg.inv(crop_matrix(people[p]["box"], SIDE)) @ [x, y, 1]
        places[p, j] = u, v, heat.max()
    return places


def entropy(values: np.ndarray) -> float:
    p = np.exp(values - values.max())
    p /= p.sum()
    return float(-(p * np.log(p)).sum())


def peaks(heat: np.ndarray) -> np.ndarray:
    """Local maxima with a distance of 5, the five highest."""
    padded = np.pad(heat, 5, constant_values=-np.inf)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (11, 11))
    return np.sort(heat[heat == windows.max((2, 3))])[::-1][:5]


def uncertainty(maps: np.ndarray) -> dict:
    def average(of) -> list[float]:
        return [float(np.mean([of(maps[p, j]) for j in range(JOINTS)])) for p in range(PERSONS)]

    def margin(heat: np.ndarray) -> float:
        first, second, *_ = [*peaks(heat), 0]
        return 1 - (first - second)

    return {
        "entropy": average(lambda heat: entropy(heat.ravel())),
        "multiPeakEntropy": average(lambda heat: entropy(peaks(heat))),
        "margin": average(margin),
        "leastConfidence": average(lambda heat: 1 - heat.max()),
    }


def pck(people: list[dict], places: np.ndarray, part: float, joints: list[int]) -> dict:
    labels = np.array([person["joints"] for person in people])
    heads = np.array([person["headPx"] or np.nan for person in people])
    far = np.hypot(*(places - labels[..., :2]).transpose(2, 0, 1)) / heads[:, None]
    counts = (labels[..., 2] > 0) & ~np.isnan(heads)[:, None] & np.isin(np.arange(JOINTS), joints)
    right = (far <= part) & counts
    per_joint = [float(r / n) if n else None for r, n in zip(right.sum(0), counts.sum(0))]
    return {"share": float(right.sum() / counts.sum()), "perJoint": per_joint}


def warped() -> dict:
    width, height, into = 7, 5, 8
    picture = random.integers(0, 256, (3, height, width))
    back = np.array([[0.9, 0.3, -1.2], [-0.25, 0.8, 0.7]])
    result = np.zeros((3, into, into))
    for row, column in product(range(into), range(into)):
        x, y = back @ [column + 0.5, row + 0.5, 1] - 0.5
        for py, px in product(range(height), range(width)):
            result[:, row, column] += picture[:, py, px] * max(0, 1 - abs(x - px)) * max(0, 1 - abs(y - py))
    return {"width": width, "height": height, "into": into, "back": back, "picture": picture, "result": result}


def plain(value):
    if isinstance(value, np.ndarray):
        return plain(value.ravel().tolist())
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    return float(f"{value:.9g}") if isinstance(value, float) else value


def main() -> None:
    people = plain(persons())
    # Distinct values in steps that float32 holds exactly.
    maps, mirrored = (random.permuted(np.arange(PERSONS * JOINTS * SIDE * SIDE)).reshape(PERSONS, JOINTS, SIDE, SIDE) / 4096 for _ in "ab")
    mirror_of = [1, 0, 2, 4, 3]
    places = decoded(maps, people)
    labels = np.array([person["joints"] for person in people])[..., :2]
    near = plain(labels + random.normal(0, 6, labels.shape))
    near = np.array(near).reshape(labels.shape)
    fixture = {
        "madeBy": f"scripts/make-pose-fixture.py, NumPy {np.__version__}; tensors are flat, row after row",
        "settings": {"persons": PERSONS, "joints": JOINTS, "side": SIDE, "sigma": SIGMA, "mirrorOf": mirror_of},
        "persons": people,
        "targets": targets(people),
        "maps4096": (maps * 4096).astype(int),
        "mirrored4096": (mirrored * 4096).astype(int),
        "decoded": places,
        "merged": (maps + mirrored[:, mirror_of, :, ::-1]) / 2,
        "uncertainty": uncertainty(maps),
        "pck": {"places": near, "part": 0.5, "counted": [0, 1, 3, 4], **pck(people, near, 0.5, [0, 1, 3, 4])},
        "warp": warped(),
    }
    TARGET.write_text(json.dumps(plain(fixture), separators=(",", ":")) + "\n")


main()
