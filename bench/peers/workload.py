"""What the PyTorch contenders share: the command line, the net and the batch of a file, the clock, the report."""
import argparse
import json
import resource
import sys
import time
from pathlib import Path
from typing import Callable

import torch
from safetensors import safe_open
from safetensors.torch import load_file
from torch import Tensor, nn

from forms import FORMS, Form
from nets import load_net

FEWEST_CALLS = 3
MOST_SAMPLES = 10_000
# Names of the tensors that are targets begin with this; those of whole numbers are known by their names.
TARGET = "target/"
INTEGERS = {"labels", "targetClasses"}


def read_options(*counts: str) -> argparse.Namespace:
    """`inputs` (a path), `seconds` (how long to go on with timed calls), `form`, and `counts`; threads are set."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--inputs", required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--form", choices=FORMS, required=True)
    for name in counts:
        parser.add_argument(f"--{name}", type=int, required=True)
    options = parser.parse_args()
    options.form = FORMS[options.form]
    torch.set_num_threads(options.threads)
    return options


def open_net(path: str | Path) -> tuple[nn.Module, dict[str, Tensor]]:
    """The net that an inputs file names with its weights, and the file's other tensors."""
    with safe_open(path, "pt") as file:
        name = file.metadata()["net"]
    tensors = load_file(path)
    others = {key: tensors.pop(key) for key in list(tensors) if key == "pictures" or key.startswith(TARGET)}
    return load_net(name, tensors), others


def open_batch() -> tuple[nn.Module, Tensor, dict[str, Tensor], Form, float]:
    """The net, pictures (uint8) and targets of the inputs file, the form, and the time to go on with timed calls."""
    options = read_options()
    net, tensors = open_net(options.inputs)
    pictures = tensors.pop("pictures").to(torch.uint8)
    targets = {key.removeprefix(TARGET): values for key, values in tensors.items()}
    targets = {key: values.long() if key in INTEGERS else values for key, values in targets.items()}
    return net, pictures, targets, options.form, options.seconds


def sampled(values: Tensor) -> list[float]:
    """At most some 10,000 of many numbers, evenly spread."""
    flat = values.flatten()
    return flat[:: max(1, len(flat) // MOST_SAMPLES)].tolist()


def time_calls(call: Callable[[], object], seconds: float, fewest: int = FEWEST_CALLS) -> list[float]:
    """Times calls until `seconds` have gone by, `fewest` at least."""
    taken = []
    start = time.perf_counter()
    while len(taken) < fewest or time.perf_counter() - start < seconds:
        before = time.perf_counter()
        call()
        taken.append(time.perf_counter() - before)
    return taken


def print_report(result: dict[str, list[float]], seconds: list[float]) -> None:
    unit = 1 if sys.platform == "darwin" else 1024
    report = {
        "result": result,
        "seconds": seconds,
        "peakMemoryBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit,
        "engine": f"PyTorch {torch.__version__}",
    }
    print(json.dumps(report))
