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
    }
    (OUT / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


main()
