"""Writes test/fixtures/curves.json: labels needed, win rates and Cohen's kappa of made-up experiments.

    python scripts/make-curves-fixture.py        (made with NumPy 2.4.6 and scikit-learn 1.9.1)
"""
import itertools
import json
from pathlib import Path

import numpy as np
from sklearn.metrics import cohen_kappa_score

ROOT = Path(__file__).parent.parent
SEEDS = 3  # 27 equally likely draws, each above a fortieth: the bounds are the lowest and the highest of them
ARMS = ["random", "better", "alike", "worse"]
LAYOUT = (
    "labels: of each cycle. curves: metric [arms, seeds, cycles], random first. shares: of the other arms at 50, 75 and "
    "100 % of the budget: labels, share, and low, high and neverReached over all draws of the seeds with replacement; null "
    "where random's metric is not reached. winRates: [arms, arms], of the cycles behind the first. kappas: scikit-learn's."
)


def first_reached(labels: np.ndarray, curve: np.ndarray, target: float) -> float:
    """Smallest x at which the straight lines through the running maximum reach the target, by bisection; inf for never."""
    monotone = np.maximum.accumulate(curve)
    if monotone[-1] < target:
        return np.inf
    low, high = float(labels[0]), float(labels[-1])
    if monotone[0] >= target:
        return low
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (low, middle) if np.interp(middle, labels, monotone) >= target else (middle, high)
    return high


def needed(labels: np.ndarray, own: np.ndarray, random: np.ndarray, of_budget: float) -> tuple[float, float]:
    target = np.interp(of_budget * labels[-1], labels, random)
    labels_needed = first_reached(labels, own, target)
    return labels_needed, labels_needed / first_reached(labels, random, target)


def known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def shares(labels: np.ndarray, own: np.ndarray, random: np.ndarray) -> list[dict]:
    figures = []
    for of_budget in (0.5, 0.75, 1.0):
        count, share = needed(labels, own.mean(0), random.mean(0), of_budget)
        draws = [list(draw) for draw in itertools.product(range(SEEDS), repeat=SEEDS)]
        drawn = [needed(labels, own[draw].mean(0), random[draw].mean(0), of_budget)[1] for draw in draws]
        low, high = np.quantile(drawn, [0.025, 0.975], method="inverted_cdf")
        figures.append({"ofBudget": of_budget, "labels": known(count), "share": known(share), "low": known(low), "high": known(high), "neverReached": float(np.mean(np.isinf(drawn)))})
    return figures


def experiment(generator: np.random.Generator, labels: list[int]) -> dict:
    steps = np.arange(len(labels))
    base = 0.4 + 0.3 * (1 - np.exp(-steps / 2))
    gains = {"random": 0.0, "better": 0.02, "alike": 0.0, "worse": -0.015}
    noise = generator.normal(0, 0.012, (len(ARMS), SEEDS, len(labels)))
    curves = base + np.array([gains[arm] for arm in ARMS])[:, None, None] * np.sqrt(steps) + noise
    curves = curves.round(3)  # so that there are ties
    later = curves[:, :, 1:].reshape(len(ARMS), -1)
    won = (later[:, None] > later[None]).mean(-1) + (later[:, None] == later[None]).mean(-1) / 2
    positions = np.array(labels)
    return {
        "labels": labels,
        "curves": curves.tolist(),
        "shares": [shares(positions, curves[arm], curves[0]) for arm in range(1, len(ARMS))],
        "winRates": won.tolist(),
    }


def kappa(generator: np.random.Generator, classes: int, items: int, changed: float) -> dict:
    left = generator.integers(0, classes, items) ** 2 // classes  # unequal classes
    right = np.where(generator.random(items) < changed, generator.integers(0, classes, items), left)
    return {"left": left.tolist(), "right": right.tolist(), "kappa": float(cohen_kappa_score(left, right))}


def main() -> None:
    generator = np.random.default_rng(20261125)
    experiments = [experiment(generator, labels) for labels in ([100, 200, 300, 400, 500, 600], [50, 130, 210, 290, 370], [10, 20, 40, 80, 160])]
    kappas = [kappa(generator, *case) for case in ((2, 40, 0.3), (3, 60, 0.1), (10, 120, 0.5))]
    fixture = {"layout": LAYOUT, "arms": ARMS, "experiments": experiments, "kappas": kappas}
    (ROOT / "test" / "fixtures" / "curves.json").write_text(json.dumps(fixture) + "\n")


if __name__ == "__main__":
    main()
