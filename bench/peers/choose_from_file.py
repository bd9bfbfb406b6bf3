"""The highest scores out of a Parquet file of probabilities, with pyarrow and NumPy, batch by batch."""
import argparse
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet

from timing import report

parser = argparse.ArgumentParser()
for name in ("inputs", "strategy", "file"):
    parser.add_argument(f"--{name}", required=True)
for name in ("count", "threads"):
    parser.add_argument(f"--{name}", type=int, required=True)
parser.add_argument("--seconds", type=float, required=True)
options = parser.parse_args()
pa.set_cpu_count(options.threads)


def margin(rows: np.ndarray) -> np.ndarray:
    highest = np.partition(rows, -2, axis=1)[:, -2:]
    return 1 - (highest[:, 1] - highest[:, 0])


def entropy(rows: np.ndarray) -> np.ndarray:
    return -np.sum(rows * np.log(np.maximum(rows, np.finfo(np.float32).tiny)), axis=1)


def call() -> list[float]:
    """Only the best of every batch are kept."""
    score = {"margin": margin, "entropy": entropy}[options.strategy]
    best = np.empty(0, np.float32)
    for batch in parquet.ParquetFile(Path(options.inputs) / options.file).iter_batches(batch_size=1 << 17):
        rows = np.column_stack([column.to_numpy() for column in batch.columns])
        if not np.isfinite(rows).all() or rows.min() < 0 or np.abs(rows.sum(1) - 1).max() > 1e-3:
            raise ValueError("no probabilities")
        best = np.concatenate([best, score(rows)])
        if len(best) > options.count:
            best = np.partition(best, -options.count)[-options.count :]
    return np.sort(best)[::-1].tolist()


report(call, options.seconds, {"chosen": call()}, f"pyarrow {pa.__version__}, NumPy {np.__version__}")
