"""Writes test/fixtures/strategies.json: arrays, and what scikit-activeml, scikit-learn, PyTorch and NumPy make of them.

    python scripts/make-strategies-fixture.py        (scikit-activeml 1.0.1, scikit-learn 1.9.1, PyTorch 2.13.0)
"""
import json
import warnings
from pathlib import Path

import numpy as np
import skactiveml
import sklearn
import torch
from skactiveml.base import SkactivemlClassifier
from skactiveml.pool import Badge, CoreSet, MaxHerding, ProbCover, TypiClust, uncertainty_scores
from skactiveml.pool import average_kl_divergence, variation_ratios
from sklearn.cluster import KMeans

ROOT = Path(__file__).parent.parent
ITEMS, LABELLED, DIMENSIONS, CLASSES, MEMBERS, PICKS = 40, 8, 6, 4, 5, 10
LAYOUT = (
    "embedding: pool, then labelledEmbedding; probabilities: softmax(embedding @ weights); memberProbabilities: [members, "
    "items, classes]. Everything is float32 and was computed from these very numbers in float64. Picks are positions in the "
    "pool."
)


def softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def short(values: np.ndarray) -> np.ndarray:
    """Float32 numbers with few digits, as float64."""
    return np.float32(np.round(values, 5)).astype(np.float64)


class Linear(SkactivemlClassifier):
    """softmax(X @ weights), whatever it is fitted to."""

    def __init__(self, weights=None, classes=None, missing_label=np.nan, cost_matrix=None, random_state=None):
        super().__init__(classes=classes, missing_label=missing_label, cost_matrix=cost_matrix, random_state=random_state)
        self.weights = weights

    def fit(self, X, y, sample_weight=None):
        return self

    def predict_proba(self, X):
        return softmax(np.float64(X) @ self.weights)


def unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def peer_input(pool: np.ndarray, labelled: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """As scikit-activeml takes it: all rows, and a label or NaN for each."""
    y = np.r_[np.full(len(pool), np.nan), np.arange(len(labelled)) % 2]
    return np.r_[pool, labelled], y


def greedy_coverage(kernel: np.ndarray, covered: np.ndarray, weights: np.ndarray, count: int) -> list[int] | None:
    """Picks by the definition: every gain anew in every round. None when the two highest gains are the same."""
    picks: list[int] = []
    for _ in range(count):
        gains = (weights * np.maximum(kernel - covered, 0)).sum(axis=1)
        gains[picks] = -1
        if np.diff(np.sort(gains)[-2:])[0] < 1e-6:
            return None
        picks.append(int(gains.argmax()))
        covered = np.maximum(covered, kernel[picks[-1]])
    return picks


def rbf(a: np.ndarray, b: np.ndarray, radius: float) -> np.ndarray:
    return np.exp(-((a[:, None] - b[None]) ** 2).sum(-1) / radius**2)


def margins(p: np.ndarray) -> np.ndarray:
    ordered = np.sort(p, axis=-1)
    return 1 - (ordered[..., -1] - ordered[..., -2])


def uherding(x: np.ndarray, labelled: np.ndarray, weights: np.ndarray, count: int) -> list[int]:
    x, labelled = unit(x), unit(labelled)
    between = np.sqrt(((labelled[:, None] - labelled[None]) ** 2).sum(-1))
    radius = between[np.triu_indices(len(labelled), 1)].min()
    return greedy_coverage(rbf(x, x, radius), rbf(x, labelled, radius).max(axis=1), weights, count)


def calibration_error(p: np.ndarray, classes: np.ndarray) -> float:
    confidence, right = p.max(axis=1), p.argmax(axis=1) == classes
    edges = np.linspace(0, 1, 16)
    inside = [(confidence > low) & (confidence <= high) for low, high in zip(edges, edges[1:])]
    return float(sum(abs((right[i].mean() - confidence[i].mean())) * i.mean() for i in inside if i.any()))


def bait(x, p, labelled, p_labelled, count: int) -> list[int]:
    """Every trace from its definition, by inverting the matrix each time."""
    root = lambda h, q: h * np.sqrt(q.max(axis=1) * (1 - q.max(axis=1)))[:, None]  # noqa: E731
    v, w = root(x, p), root(labelled, p_labelled)
    everything = np.r_[v, w]
    pool_information = everything.T @ everything / len(everything)
    start = np.eye(x.shape[1]) + w.T @ w
    trace = lambda taken: np.trace(np.linalg.inv(start + v[taken].T @ v[taken]) @ pool_information)  # noqa: E731
    taken: list[int] = []
    while len(taken) < 2 * count:
        rest = [i for i in range(len(v)) if i not in taken]
        taken.append(min(rest, key=lambda i: trace([*taken, i])))
    while len(taken) > count:
        taken.remove(min(taken, key=lambda i: trace([j for j in taken if j != i])))
    return taken


def gradients(x: np.ndarray, weights: np.ndarray) -> dict:
    """Norms of gradients of the last layer's weights, by PyTorch's automatic differentiation."""
    layer = torch.tensor(weights, requires_grad=True)
    norm = lambda loss: torch.autograd.grad(loss, layer, retain_graph=True)[0].norm().item()  # noqa: E731
    rows = {"expectedGradientLength": [], "gradNorm": [], "badgeLength": []}
    for row in torch.tensor(x):
        log_p = torch.log_softmax(row @ layer, dim=0)
        p = log_p.exp()
        rows["expectedGradientLength"].append(sum(p[c].item() * norm(-log_p[c]) for c in range(len(p))))
        rows["gradNorm"].append(norm(-(p * log_p).sum()))
        rows["badgeLength"].append(norm(-log_p[p.argmax()]))
    return rows


def prob_cover(random: np.random.Generator, radius: float) -> dict:
    """The first points on which no two degrees tie for the highest, so that the picks are certain."""
    while True:
        x, labelled = short(unit(random.normal(size=(60, 3)))), short(unit(random.normal(size=(4, 3))))
        X, y = peer_input(unit(x), unit(labelled))
        picks, utilities = ProbCover(deltas=[radius], random_state=0).query(X, y, batch_size=6, return_utilities=True)
        if all((u == np.nanmax(u)).sum() == 1 for u in utilities):
            return {"radius": radius, "embedding": x, "labelledEmbedding": labelled, "picks": picks}


def blobs(random: np.random.Generator) -> dict:
    """Clusters so far apart that every k-means finds them; two have a label."""
    sizes = [11, 10, 14, 12]
    centres = np.eye(4, 3) * 40 + np.array([0, 0, 5])
    points = np.concatenate([centre + random.normal(size=(size, 3)) for centre, size in zip(centres, sizes)])
    points = short(points)
    labelled, pool = points[[21, 35]], np.delete(points, [21, 35], axis=0)
    order = random.permutation(len(pool))
    X, y = peer_input(pool[order], labelled)
    typical = TypiClust(k=5, random_state=0).query(X, y, batch_size=2)
    fitted = KMeans(4, n_init=10, random_state=0).fit(pool[order])
    nearest = fitted.transform(pool[order]).argmin(axis=0)
    return {"embedding": pool[order], "labelledEmbedding": labelled, "typiclust": typical, "kMeans": np.sort(nearest)}


def untied(random: np.random.Generator, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The first points on which no pick by coverage is a matter of chance: two items that cover each other often tie."""
    while True:
        x, labelled = short(random.normal(size=(ITEMS, DIMENSIONS))), short(random.normal(size=(LABELLED, DIMENSIONS)))
        kernel, covered = rbf(unit(x), unit(x), 1), rbf(unit(x), unit(labelled), 1).max(axis=1)
        runs = [greedy_coverage(kernel, start, np.ones(ITEMS), PICKS) for start in (covered, np.zeros(ITEMS))]
        runs += [facility_location(x, labelled), uherding(x, labelled, margins(softmax(x @ weights)), PICKS)]
        if None not in runs:
            return x, labelled


def facility_location(x: np.ndarray, labelled: np.ndarray) -> list[int] | None:
    x, labelled = unit(x), unit(labelled)
    return greedy_coverage((1 + x @ x.T) / 2, ((1 + x @ labelled.T) / 2).max(axis=1), np.ones(len(x)), PICKS)


def peers(random: np.random.Generator) -> dict:
    weights = short(random.normal(size=(DIMENSIONS, CLASSES)))
    x, labelled = untied(random, weights)
    p, p_labelled = (np.float32(softmax(rows @ weights)).astype(np.float64) for rows in (x, labelled))
    members = np.float32(softmax(2 * random.normal(size=(MEMBERS, ITEMS, CLASSES)))).astype(np.float64)
    classes = random.integers(CLASSES, size=LABELLED)
    X, y = peer_input(x, labelled)
    herding = {"metric_dict": {"gamma": 1.0}, "random_state": 0}
    badge, chances = Badge(random_state=0).query(
        X, y, Linear(weights, classes=[0, 1], missing_label=np.nan), fit_clf=False, batch_size=2, return_utilities=True
    )
    return {
        "embedding": x,
        "labelledEmbedding": labelled,
        "weights": weights,
        "probabilities": p,
        "labelledProbabilities": p_labelled,
        "labelledClasses": classes,
        "memberProbabilities": members,
        "entropy": uncertainty_scores(p / p.sum(1, keepdims=True), method="entropy"),
        "margin": uncertainty_scores(p / p.sum(1, keepdims=True), method="margin_sampling"),
        "leastConfidence": uncertainty_scores(p / p.sum(1, keepdims=True), method="least_confident"),
        "bald": average_kl_divergence(members / members.sum(-1, keepdims=True)),
        "variationRatios": variation_ratios(members.argmax(-1).T),
        "meanStd": members.std(axis=0).mean(axis=-1),
        **gradients(x, weights),
        "coreSet": CoreSet(random_state=0).query(X, y, batch_size=PICKS),
        "maxHerding": MaxHerding(**herding).query(X, y, batch_size=PICKS),
        "maxHerdingCold": MaxHerding(**herding).query(x, np.full(ITEMS, np.nan), batch_size=PICKS),
        "facilityLocation": facility_location(x, labelled),
        "uherding": uherding(x, labelled, margins(p), PICKS),
        "calibrationError": calibration_error(p_labelled, classes),
        "bait": bait(x, p, labelled, p_labelled, 7),
        "badgeFirst": badge[0],
        "badgeSecondChances": np.nan_to_num(chances[1][:ITEMS]),
    }


def main() -> None:
    warnings.simplefilter("ignore")
    random = np.random.default_rng(7)
    versions = f"scikit-activeml {skactiveml.__version__}, scikit-learn {sklearn.__version__}, PyTorch {torch.__version__.split('+')[0]}"
    content = {
        "layout": LAYOUT,
        "madeBy": f"scripts/make-strategies-fixture.py, {versions}, NumPy {np.__version__}",
        "pool": peers(random),
        "probCover": prob_cover(random, 0.5),
        "blobs": blobs(random),
    }
    listed = lambda value: value.tolist() if hasattr(value, "tolist") else value  # noqa: E731
    (ROOT / "test" / "fixtures" / "strategies.json").write_text(json.dumps(content, default=listed, separators=(",", ":")) + "\n")


main()
