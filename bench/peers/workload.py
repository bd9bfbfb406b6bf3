"""What the PyTorch contenders share: the net with the weights of the inputs file, the batch, the clock, the report."""
import argparse
import json
import resource
import sys
import time
from typing import Callable

import torch
from safetensors.torch import load_file
from torch import Tensor

from net import Net

LEARNING_RATE, MOMENTUM, WEIGHT_DECAY = 0.01, 0.9, 5e-4
FEWEST_CALLS = 3


def open_workload() -> tuple[Net, Tensor, Tensor, float]:
    """The net, pictures (uint8) and labels that the command line names, and the time to go on with timed calls."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--inputs", required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--layout", choices=["contiguous", "channels-last"], required=True)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    tensors = load_file(options.inputs)
    pictures, labels = tensors.pop("pictures").to(torch.uint8), tensors.pop("labels").long()
    net = Net(len(tensors["conv1.weight"]), len(tensors["fc.weight"]), len(tensors["loss_prediction.maps.0.weight"]))
    missing, unknown = net.load_state_dict(tensors, strict=False)
    assert not unknown and all(name.endswith("num_batches_tracked") for name in missing), (missing, unknown)
    if options.layout == "channels-last":
        net = net.to(memory_format=torch.channels_last)
        pictures = pictures.contiguous(memory_format=torch.channels_last)
    return net, pictures, labels, options.seconds


def time_calls(call: Callable[[], object], seconds: float) -> list[float]:
    """Times calls until `seconds` have gone by, three at least."""
    taken = []
    start = time.perf_counter()
    while len(taken) < FEWEST_CALLS or time.perf_counter() - start < seconds:
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
