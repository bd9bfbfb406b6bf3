"""Writes test/fixtures/box-augmentation.json: pictures seen through windows, sampled by PyTorch, and changed in colour by
Python's colorsys. The layout stands at the top of the JSON.

    python scripts/make-box-augmentation-fixture.py        (made with PyTorch 2.13.0)

Values are real numbers from 0 to 255, not yet rounded to bytes.
"""
import colorsys
import json
import random
from pathlib import Path

import torch
from torch.nn import functional as F

ROOT = Path(__file__).parent.parent
WIDTH, HEIGHT, FILL = 9, 7, [10, 120, 250]
LAYOUT = {
    "picture": "bytes [3, height, width]",
    "fill": "a byte per channel for what lies beyond the picture",
    "windows": "left, top, right, bottom in pixels of the picture, and the values [3, height, width] seen through them; "
    "the outermost pixels go on to the edge of the picture",
    "colours": "bytes of red, green and blue; per change (byte + brightness) * contrast, then saturation and hue in hue, "
    "saturation and value; values of red, green and blue, cut to 0..255",
}


def through(picture: torch.Tensor, window: list[float]) -> list[float]:
    left, top, right, bottom = window
    x = left + (torch.arange(WIDTH, dtype=torch.float64) + 0.5) * (right - left) / WIDTH
    y = top + (torch.arange(HEIGHT, dtype=torch.float64) + 0.5) * (bottom - top) / HEIGHT
    places = torch.stack(torch.meshgrid(2 * x / WIDTH - 1, 2 * y / HEIGHT - 1, indexing="xy"), -1)[None]
    seen = F.grid_sample(picture[None], places, mode="bilinear", padding_mode="border", align_corners=False)[0]
    inside = ((x >= 0) & (x < WIDTH))[None, :] & ((y >= 0) & (y < HEIGHT))[:, None]
    return torch.where(inside, seen, torch.tensor(FILL, dtype=torch.float64)[:, None, None]).flatten().tolist()


def changed(pixel: list[int], brightness: float, contrast: float, saturation: float, degrees: float) -> list[float]:
    hue, depth, value = colorsys.rgb_to_hsv(*[(byte + brightness) * contrast for byte in pixel])
    rgb = colorsys.hsv_to_rgb((hue + degrees / 360) % 1, depth * saturation, value)
    return [min(max(channel, 0), 255) for channel in rgb]


def rounded(values: list[float]) -> list[float]:
    return [round(value, 4) for value in values]


def main() -> None:
    random.seed(5)
    picture = [random.randrange(256) for _ in range(3 * WIDTH * HEIGHT)]
    tensor = torch.tensor(picture, dtype=torch.float64).view(3, HEIGHT, WIDTH)
    windows = [[0, 0, 9, 7], [2.3, 1.6, 6.1, 4.2], [-5.5, -3.1, 14.2, 13.3], [-0.4, 2, 9.7, 8.5], [4.5, 3.5, 4.75, 3.75]]
    pixels = [[random.randrange(256) for _ in range(3)] for _ in range(40)]
    pixels += [[0, 0, 0], [255, 255, 255], [77, 77, 77], [255, 0, 0], [0, 255, 0], [0, 0, 255], [9, 9, 200], [200, 200, 9]]
    changes = [(0, 1, 1, 0), (20.5, 1.3, 1, 0), (-31.5, 0.6, 1.4, 0), (0.25, 1, 0.5, 17.5), (31.25, 1.45, 1.5, -18), (-12.5, 0.5, 0.7, 6)]
    fixture = {
        "layout": LAYOUT,
        "madeBy": f"scripts/make-box-augmentation-fixture.py, PyTorch {torch.__version__.split('+')[0]}, in float64",
        "width": WIDTH,
        "height": HEIGHT,
        "picture": picture,
        "fill": FILL,
        "windows": [{"window": window, "values": rounded(through(tensor, window))} for window in windows],
        "pixels": pixels,
        "colours": [
            {
                "change": dict(zip(["brightness", "contrast", "saturation", "hueDegrees"], change)),
                "values": [rounded(changed(pixel, *change)) for pixel in pixels],
            }
            for change in changes
        ],
    }
    lines = ",\n".join(f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in fixture.items())
    (ROOT / "test" / "fixtures" / "box-augmentation.json").write_text(f"{{\n{lines}\n}}\n")


main()
