"""What the PyTorch contenders share: the command line, the net with the weights of a file, the clock, the report."""
import argparse
import json
import resource
import sys
import time
from typing import Callable

import torch
from safetensors.torch import load_file
from torch import Tensor

from forms import FORMS, Form
from net import Net

FEWEST_CALLS = 3


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


def load_net(tensors: dict[str, Tensor]) -> Net:
    """A net with these weights; everything in `tensors` must belong to it."""
    net = Net(len(tensors["conv1.weight"]), len(tensors["fc.weight"]), len(tensors["loss_prediction.maps.0.weight"]))
    missing, unknown = net.load_state_dict(tensors, strict=False)
    assert not unknown and all(name.endswith("num_batches_tracked") for name in missing), (missing, unknown)
    return net


def open_batch() -> tuple[Net, Tensor, Tensor, Form, float]:
    """The net, pictures (uint8) and labels of the inputs file, the form, and the time to go on with timed calls."""
    options = read_options()
    tensors = load_file(options.inputs)
    pictures, labels = tensors.pop("pictures").to(torch.uint8), tensors.pop("labels").long()
    return load_net(tensors), pictures, labels, options.form, options.seconds


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
