"""Choosing from arrays with scikit-activeml, with NumPy as a careful person writes it, and with FAISS."""
import argparse
from pathlib import Path

import numpy as np

from timing import report

ROUNDS = 25
# Picks of a core-set that are compared with ours, at most. They are made in float64: in float32 the peers round squared
# distances to some seven digits, the first pick that this changes changes the rest.
CHECKED = 200

parser = argparse.ArgumentParser()
for name in ("inputs", "strategy", "form"):
    parser.add_argument(f"--{name}", required=True)
for name in ("count", "threads"):
    parser.add_argument(f"--{name}", type=int, required=True)
parser.add_argument("--seconds", type=float, required=True)
options = parser.parse_args()
folder, count = Path(options.inputs), options.count


def read(name: str) -> np.ndarray:
    return np.load(folder / f"{name}.npy")


def core_set_numpy():
    return core_set(k_centre_numpy)


def core_set_scikit_activeml():
    return core_set(k_centre_scikit_activeml)


def core_set(k_centre):
    pool, labelled = read("pool"), read("labelled")
    checked = k_centre(pool.astype(np.float64), labelled.astype(np.float64), min(count, CHECKED))()
    return k_centre(pool, labelled, count), checked


def k_centre_numpy(pool, labelled, count):
    """Squared distances by norms and products, all labelled items in blocks, then one product per pick."""
    lengths = np.einsum("ij,ij->i", pool, pool)

    def call():
        nearest = np.full(len(pool), np.inf, pool.dtype)
        for start in range(0, len(labelled), 500):
            block = labelled[start : start + 500]
            distances = pool @ block.T
            distances *= -2
            distances += np.einsum("ij,ij->i", block, block)
            np.minimum(nearest, distances.min(1) + lengths, out=nearest)
        picks = [int(nearest.argmax())]
        while True:
            pick = picks[-1]
            np.minimum(nearest, lengths - 2 * (pool @ pool[pick]) + lengths[pick], out=nearest)
            nearest[picks] = -1
            if len(picks) == count:
                return picks
            picks.append(int(nearest.argmax()))

    return call


def k_centre_scikit_activeml(pool, labelled, count):
    from skactiveml.pool import CoreSet

    both = np.concatenate([pool, labelled])
    labels = np.full(len(both), np.nan)
    labels[len(pool) :] = 0

    def call():
        return CoreSet(random_state=0).query(both, labels, batch_size=count).tolist()

    return call


def factors():
    """The gradient of the last layer, taken for the likeliest class, as two factors."""
    left, right = read("probabilities").copy(), read("pool")
    left[np.arange(len(left)), left.argmax(1)] -= 1
    return left, right


def lengths_of(left, right):
    return np.einsum("ij,ij->i", left, left) * np.einsum("ij,ij->i", right, right)


def badge_numpy():
    """k-means++ on the factors, one product of each per pick."""
    left, right = factors()
    lengths = lengths_of(left, right)

    def call():
        random = np.random.default_rng(0)
        picks, nearest = [int(lengths.argmax())], np.full(len(left), np.inf, np.float32)
        while True:
            pick = picks[-1]
            inner = (left @ left[pick]) * (right @ right[pick])
            np.minimum(nearest, np.maximum(lengths + lengths[pick] - 2 * inner, 0), out=nearest)
            nearest[picks] = 0
            if len(picks) == count:
                return picks
            odds = nearest.astype(np.float64)
            picks.append(int(random.choice(len(odds), p=odds / odds.sum())))

    return call, lengths[:100].tolist()


def badge_scikit_activeml():
    from skactiveml.base import SkactivemlClassifier
    from skactiveml.pool import Badge

    pool, probabilities = read("pool"), read("probabilities")

    class Given(SkactivemlClassifier):
        """A classifier whose probabilities are there already."""

        def fit(self, X, y, sample_weight=None):
            return self

        def predict_proba(self, X):
            return probabilities

    labels = np.full(len(pool), np.nan)

    def call():
        return Badge(random_state=0).query(pool, labels, Given(), fit_clf=False, batch_size=count)

    return call, lengths_of(*factors())[:100].tolist()


def k_means_faiss():
    import faiss

    faiss.omp_set_num_threads(options.threads)
    pool = read("pool")

    def call():
        # All points take part, as they do with us.
        clusters = faiss.Kmeans(pool.shape[1], count, niter=ROUNDS, seed=0, max_points_per_centroid=len(pool))
        clusters.train(pool)
        return clusters.index.search(pool, 1)[0]

    return call, [float(call().mean(dtype=np.float64))]


WORKS = {
    ("core-set", "numpy"): core_set_numpy,
    ("core-set", "scikit-activeml"): core_set_scikit_activeml,
    ("badge", "numpy"): badge_numpy,
    ("badge", "scikit-activeml"): badge_scikit_activeml,
    ("k-means", "faiss"): k_means_faiss,
}

call, result = WORKS[options.strategy, options.form]()
report(call, options.seconds, {"result": result}, f"NumPy {np.__version__}" if options.form == "numpy" else options.form)
