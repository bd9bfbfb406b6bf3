"""Writes test/fixtures/hourglass-narrow.safetensors and .json: a narrow stacked hourglass with its per-person loss, computed by
PyTorch, that the tests hold the model and the pose loss against; and the parameter counts of full-size nets.

    python scripts/make-hourglass-fixture.py        (made with PyTorch 2.13.0, safetensors 0.8.0)

The net is written from the paper (Newell et al. 2016) with the parameter names of the pytorch-pose package. Everything is
computed in float64 and stored as float32. The layout stands at the top of the JSON.
"""
import json
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "bench" / "peers"))
from hourglass import Bottleneck, StackedHourglass  # noqa: E402

SETTINGS = {"stacks": 2, "depth": 2, "channels": 8, "blocks": 1, "joints": 3, "batch": 4, "side": 16}
SEED = 5
LAYOUT = {
    "pictures": "float32 [batch, 3, side, side]",
    "targets": "heat maps [batch, joints, side / 4, side / 4]",
    "labelled": "[batch, joints]: 1 where the joint has a label; the last person has none",
    "start/NAME": "weights and running statistics before anything is done",
    "train/..., infer/...": "heatMaps.STACK, maps.STACK, embedding and perItemLoss, normalised by the batch and by the "
    "running statistics",
    "gradient/NAME": "of the mean of perItemLoss in training; left out are the biases of convolutions right before a "
    "normalisation by the batch, which takes them away again (their gradient is rounding)",
    "perItemLoss": "for each person the sum over the stacks of the mean square error over its labelled joints' maps; 0 "
    "without any",
}
Tensors = dict[str, Tensor]


def named(heat_maps: list[Tensor], maps: list[Tensor]) -> Tensors:
    outputs = {"embedding": maps[-1].mean((2, 3))}
    for stack, (heat, features) in enumerate(zip(heat_maps, maps)):
        outputs |= {f"heatMaps.{stack}": heat, f"maps.{stack}": features}
    return outputs


def per_item_loss(outputs: Tensors, targets: Tensor, labelled: Tensor) -> Tensor:
    total = torch.zeros(len(targets), dtype=targets.dtype)
    for stack in range(SETTINGS["stacks"]):
        errors = ((outputs[f"heatMaps.{stack}"] - targets) ** 2).mean((2, 3))
        for person in range(len(targets)):
            chosen = errors[person][labelled[person] > 0]
            if len(chosen) > 0:
                total[person] = total[person] + chosen.mean()
    return total


def random_start(net: nn.Module, random: torch.Generator) -> None:
    """Like a net under way: nothing is exactly 0 or 1."""
    for name, tensor in net.state_dict().items():
        normal = torch.randn(tensor.shape, generator=random, dtype=torch.float64)
        uniform = torch.rand(tensor.shape, generator=random, dtype=torch.float64)
        if tensor.dim() > 1:
            value = normal / tensor[0].numel() ** 0.5
        elif name.endswith("bias") or name.endswith("running_mean"):
            value = 0.2 * normal
        else:
            value = 0.5 + uniform
        if tensor.is_floating_point():
            tensor.copy_(value.float())


def silent_biases(net: nn.Module) -> set[str]:
    """Biases of convolutions that a normalisation by the batch follows at once."""
    inner = {f"{name}.conv{n}.bias" for name, part in net.named_modules() if isinstance(part, Bottleneck) for n in (1, 2)}
    return inner | {f"fc.{stack}.0.bias" for stack in range(SETTINGS["stacks"])} | {"conv1.bias"}


def count(**changes: int) -> dict:
    options = {"stacks": 2, "depth": 4, "channels": 256, "blocks": 1, "joints": 16} | changes
    net = StackedHourglass(**options)
    return options | {"parameters": sum(p.numel() for p in net.parameters())}


def main() -> None:
    torch.set_num_threads(1)
    random = torch.Generator().manual_seed(SEED)
    batch, side, joints = SETTINGS["batch"], SETTINGS["side"], SETTINGS["joints"]
    net = StackedHourglass(**{name: SETTINGS[name] for name in ("stacks", "depth", "channels", "blocks", "joints")})
    with torch.no_grad():
        random_start(net, random)
    start = {name: t.clone() for name, t in net.state_dict().items() if not name.endswith("num_batches_tracked")}
    pictures = torch.randn(batch, 3, side, side, generator=random)
    targets = torch.rand(batch, joints, side // 4, side // 4, generator=random)
    labelled = torch.tensor([[1.0, 1, 1], [1, 0, 1], [0, 1, 0], [0, 0, 0]])
    net.double()
    tensors = {"pictures": pictures, "targets": targets, "labelled": labelled}
    tensors |= {f"start/{name}": t for name, t in start.items()}
    doubles = (targets.double(), labelled.double())
    net.eval()
    outputs = named(*net(pictures.double()))
    outputs["perItemLoss"] = per_item_loss(outputs, *doubles)
    tensors |= {f"infer/{name}": t for name, t in outputs.items()}
    net.train()
    outputs = named(*net(pictures.double()))
    outputs["perItemLoss"] = per_item_loss(outputs, *doubles)
    tensors |= {f"train/{name}": t for name, t in outputs.items()}
    names, parameters = zip(*net.named_parameters())
    gradients = torch.autograd.grad(outputs["perItemLoss"].mean(), parameters)
    silent = silent_biases(net)
    tensors |= {f"gradient/{name}": g for name, g in zip(names, gradients) if name not in silent}
    assert outputs["perItemLoss"][-1] == 0 and (outputs["perItemLoss"][:-1] > 0.1).all()

    target = ROOT / "test" / "fixtures" / "hourglass-narrow"
    save_file({name: t.detach().float().contiguous().clone() for name, t in tensors.items()}, target.with_suffix(".safetensors"))
    description = {
        "layout": LAYOUT,
        "madeBy": f"scripts/make-hourglass-fixture.py, PyTorch {torch.__version__.split('+')[0]}, in float64",
        "settings": SETTINGS,
        "parameterCounts": [
            count(),
            count(stacks=1),
            count(stacks=8),
            count(blocks=3, joints=14),
            count(channels=64, depth=3, joints=14),
        ],
    }
    target.with_suffix(".json").write_text(json.dumps(description, indent=2) + "\n")


main()
