"""Writes test/fixtures/arrays/: the same small arrays as NumPy, Parquet, Arrow and CSV write them, and what they hold.

    python scripts/make-arrays-fixture.py        (made with NumPy 2.5 and pyarrow 26.0)
"""
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as parquet

OUT = Path(__file__).parent.parent / "test" / "fixtures" / "arrays"
ROWS, COLUMNS, MEMBERS = 5, 3, 2
VALUES = (np.arange(MEMBERS * ROWS * COLUMNS, dtype=np.float32).reshape(MEMBERS, ROWS, COLUMNS) - 4) / 8
MATRIX = VALUES[0]
WHOLE = np.arange(ROWS * COLUMNS).reshape(ROWS, COLUMNS)
IDS = ["a", "b, 2", "\u00e9t\u00e9", "d", "e"]
NUMBERS = [7, 2**53 + 1, 0, 5, 1]


def save_npy() -> None:
    for kind in ("f2", "f4", "f8"):
        np.save(OUT / f"{kind}.npy", MATRIX.astype(kind))
    for kind in ("i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8"):
        np.save(OUT / f"{kind}.npy", WHOLE.astype(kind))
    np.save(OUT / "big-endian.npy", MATRIX.astype(">f4"))
    np.save(OUT / "columns-first.npy", np.asfortranarray(MATRIX))
    np.save(OUT / "one-axis.npy", MATRIX[:, 0])
    np.save(OUT / "members.npy", VALUES)
    np.save(OUT / "members-columns-first.npy", np.asfortranarray(VALUES))
    np.save(OUT / "ids-text.npy", np.array(IDS))
    np.save(OUT / "ids-bytes.npy", np.array([text.encode() for text in IDS]))
    np.save(OUT / "ids-i8.npy", np.array(NUMBERS))
    np.save(OUT / "objects.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    np.savez(OUT / "one.npz", embeddings=MATRIX)
    np.savez(OUT / "several.npz", embeddings=MATRIX, members=np.asfortranarray(VALUES), ids=np.array(IDS))
    np.savez_compressed(OUT / "packed.npz", embeddings=MATRIX, members=VALUES, ids=np.array(IDS))


def table() -> pa.Table:
    flat = pa.array(MATRIX.reshape(-1))
    offsets = np.arange(ROWS + 1) * COLUMNS
    return pa.table(
        {
            "id": IDS,
            "number": pa.array(NUMBERS, pa.int64()),
            "group": pa.array(["x", "x", "y", "z", "y"]).dictionary_encode(),
            "fixed": pa.FixedSizeListArray.from_arrays(flat, COLUMNS),
            "list": pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), flat),
            "large": pa.LargeListArray.from_arrays(pa.array(offsets, pa.int64()), flat),
            "p0": MATRIX[:, 0].astype(np.float16),
            "p1": MATRIX[:, 1],
            "p2": MATRIX[:, 2].astype(np.float64),
            "flag": [True, False, True, True, False],
            "gap": [1.0, 2.0, None, 4.0, 5.0],
            "ragged": [[1.0, 2.0], [3.0, 4.0], [5.0], [6.0, 7.0], [8.0, 9.0]],
        }
    )


def save_tables() -> None:
    for codec in ("none", "snappy", "zstd", "gzip", "lz4", "brotli"):
        parquet.write_table(table().select(["id", "fixed"]), OUT / f"{codec}.parquet", compression=codec)
    parquet.write_table(table(), OUT / "table.parquet", row_group_size=2)
    for codec in ("uncompressed", "zstd", "lz4"):
        feather.write_feather(table(), OUT / f"{codec}.arrow", compression=codec, chunksize=2)
    with pa.OSFile(str(OUT / "stream.arrow"), "wb") as file, pa.ipc.new_stream(file, table().schema) as writer:
        writer.write_table(table(), max_chunksize=2)


def farthest_first(pool: np.ndarray, labelled: np.ndarray, count: int) -> list[int]:
    """Greedy k-centre as its definition says it."""
    picks: list[int] = []
    for _ in range(count):
        centres = np.concatenate([labelled, pool[picks]])
        picks.append(int(np.linalg.norm(pool[:, None] - centres[None], axis=2).min(1).argmax()))
    return picks


def nearest(points: np.ndarray, others: np.ndarray) -> dict:
    distances = np.linalg.norm(points[:, None] - others[None], axis=2)
    return {"rows": distances.argmin(1).tolist(), "distances": distances.min(1).tolist()}


def save_choice() -> dict:
    """A pool with what several strategies need of it, and their picks."""
    rng = np.random.default_rng(11)
    items, dims, classes = 60, 4, 3
    embeddings = rng.normal(size=(items, dims)).astype(np.float32)
    labelled = rng.normal(size=(6, dims)).astype(np.float32)
    logits = rng.normal(size=(3, items, classes)) * 2
    members = (np.exp(logits) / np.exp(logits).sum(2, keepdims=True)).astype(np.float32)
    probabilities = members.mean(0)
    ids = np.array([f"picture-{(i * 7) % items:02}.jpg" for i in range(items)])
    groups = rng.integers(0, 12, items)
    costs = rng.integers(1, 9, items).astype(np.float32)
    np.savez(OUT / "pool.npz", **{"embeddings": embeddings, "probabilities": probabilities, "members": members})
    np.save(OUT / "labelled.npy", labelled)
    columns = {f"p{c}": probabilities[:, c] for c in range(classes)}
    flat = pa.FixedSizeListArray.from_arrays(pa.array(embeddings.reshape(-1)), dims)
    pool = pa.table({"id": ids, "group": groups, "cost": costs, "embedding": flat, **columns})
    parquet.write_table(pool, OUT / "pool.parquet", row_group_size=25)
    p = probabilities.astype(np.float64)
    top = np.sort(p, axis=1)
    scores = {"entropy": -(p * np.log(p)).sum(1), "margin": 1 - (top[:, -1] - top[:, -2]), "least-confidence": 1 - top[:, -1]}
    ranked = {name: np.argsort(-values)[:10] for name, values in scores.items()}
    centres = farthest_first(embeddings, labelled, 10)
    return {
        "ids": ids.tolist(),
        "groups": groups.tolist(),
        "costs": costs.tolist(),
        "ranked": {name: {"rows": rows.tolist(), "scores": scores[name][rows].tolist()} for name, rows in ranked.items()},
        "coreSet": {"rows": centres, "nearestLabelled": nearest(embeddings[centres], labelled)},
        "takingOutTheFirstTen": [10 + row for row in farthest_first(embeddings[10:], embeddings[:10], 10)],
    }


def main() -> None:
    OUT.mkdir(exist_ok=True)
    save_npy()
    save_tables()
    expected = {
        "madeBy": f"scripts/make-arrays-fixture.py, NumPy {np.__version__}, pyarrow {pa.__version__}",
        "matrix": MATRIX.tolist(),
        "whole": WHOLE.tolist(),
        "members": VALUES.tolist(),
        "ids": IDS,
        "numbers": [str(number) for number in NUMBERS],
        "groups": ["x", "x", "y", "z", "y"],
        "choice": save_choice(),
    }
    (OUT / "expected.json").write_text(json.dumps(expected) + "\n")


main()
