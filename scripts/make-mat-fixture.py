"""Writes test/fixtures/mat-files.json: small MAT-files written by SciPy, as base64, and what is in them.

    python scripts/make-mat-fixture.py        (made with SciPy 1.17, NumPy 2.4)
"""
import base64
import io
import json
from pathlib import Path

import numpy as np
from scipy.io import savemat

TARGET = Path(__file__).parent.parent / "test" / "fixtures" / "mat-files.json"


def encoded(variables: dict, compressed: bool) -> str:
    buffer = io.BytesIO()
    savemat(buffer, variables, do_compression=compressed)
    return base64.b64encode(buffer.getvalue()).decode()


def struct(**fields) -> dict:
    return fields


def structs(entries: list[dict]) -> np.ndarray:
    """A 1 x n struct array, as MATLAB has them."""
    names = list(dict.fromkeys(name for entry in entries for name in entry))
    array = np.zeros((1, len(entries)), dtype=[(name, object) for name in names])
    for i, entry in enumerate(entries):
        for name in names:
            array[0, i][name] = entry.get(name, np.zeros((0, 0)))
    return array


def points(rows: list[tuple]) -> dict:
    entries = [struct(x=float(x), y=float(y), id=int(number), is_visible=visible) for number, x, y, visible in rows]
    return struct(point=structs(entries))


def mpii() -> dict:
    """Two training pictures, of which the first shows two persons and one rectangle without joints, and one test picture."""
    first = structs(
        [
            struct(x1=50.0, y1=10.0, x2=80.0, y2=50.0, scale=0.5, objpos=struct(x=70.0, y=60.0),
                   annopoints=points([(0, 41.0, 91.0, 1), (5, 99.0, 95.0, 0), (8, 66.0, 42.0, np.zeros((0, 0))), (9, 64.0, 12.5, "1")])),
            struct(x1=120.0, y1=20.0, x2=135.0, y2=40.0, scale=0.25, objpos=struct(x=130.0, y=50.0),
                   annopoints=points([(6, 130.0, 60.0, 1)])),
            struct(x1=5.0, y1=5.0, x2=9.0, y2=9.0),
        ]
    )
    second = structs([struct(x1=1.0, y1=1.0, x2=4.0, y2=5.0, scale=0.2, objpos=struct(x=20.0, y=21.0), annopoints=points([(15, 11.0, 12.0, 1)]))])
    images = [
        struct(image=struct(name="a.png"), annorect=first),
        struct(image=struct(name="b.png"), annorect=second),
        struct(image=struct(name="c.png"), annorect=structs([struct(scale=0.3, objpos=struct(x=9.0, y=9.0))])),
    ]
    return struct(RELEASE=struct(annolist=structs(images), img_train=np.array([[1, 1, 0]], dtype=np.uint8), version="12"))


def main() -> None:
    random = np.random.default_rng(2)
    cube = random.integers(-300, 300, (3, 2, 4)).astype(float)
    cells = np.empty((1, 2), dtype=object)
    cells[:] = [["knee", np.arange(3.0)]]
    variables = {
        "cube": cube,
        "bytes": np.arange(5, dtype=np.uint8),
        "halves": np.array([[0.5, -1.25]]),
        "wide": np.array([[2**40, -7]], dtype=np.int64),
        "single": np.float32(0.1),
        "flags": np.array([[True, False]]),
        "name": "left knee",
        "cells": cells,
        "person": structs([struct(id=1.0, name="a"), struct(id=2.0)]),
    }
    lsp = np.stack([random.uniform(1, 20, (14, 4)), random.uniform(1, 30, (14, 4)), random.integers(0, 2, (14, 4))]).round(2)
    lspet = np.stack([random.uniform(1, 20, (14, 3)), random.uniform(1, 30, (14, 3)), random.integers(0, 2, (14, 3))], 1).round(2)
    fixture = {
        "madeBy": "scripts/make-mat-fixture.py, SciPy; arrays are listed by columns",
        "plain": encoded(variables, False),
        "compressed": encoded(variables, True),
        "cube": {"shape": cube.shape, "values": cube.ravel("F").tolist()},
        "lsp": {"file": encoded({"joints": lsp}, True), "values": lsp.tolist()},
        "lspet": {"file": encoded({"joints": lspet}, True), "values": lspet.tolist()},
        "mpii": encoded(mpii(), True),
    }
    TARGET.write_text(json.dumps(fixture, separators=(",", ":")) + "\n")


main()
