"""Writes test/fixtures/hourglass-narrow.safetensors and .json: a narrow stacked hourglass with its per-person loss, computed by
PyTorch, that the tests hold the model and the pose loss against; and the parameter counts of full-size nets.

    python scripts/make-hourglass-fixture.py        (made with PyTorch 2.13.0, safetensors 0.8.0)

The net is written from the paper (Newell et al. 2016) with the parameter names of the pytorch-pose package. Everything is
computed in float64 and stored as float32. The layout stands at the top of the JSON.
"""
import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

ROOT = Path(__file__).parent.parent
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


class Bottleneck(nn.Module):
    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        middle = outputs // 2
        sizes = [(inputs, middle, 1), (middle, middle, 3), (middle, outputs, 1)]
        for number, (before, after, kernel) in enumerate(sizes, 1):
            setattr(self, f"bn{number}", nn.BatchNorm2d(before))
            setattr(self, f"conv{number}", nn.Conv2d(before, after, kernel, padding=kernel // 2))
        self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1)) if inputs != outputs else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        inner = x
        for number in (1, 2, 3):
            inner = getattr(self, f"conv{number}")(torch.relu(getattr(self, f"bn{number}")(inner)))
        return inner + self.downsample(x)


def residuals(inputs: int, outputs: int, blocks: int) -> nn.Sequential:
    return nn.Sequential(*[Bottleneck(inputs if block == 0 else outputs, outputs) for block in range(blocks)])


class Scales(nn.Module):
    """One hourglass: `hg[level]` holds its residuals, the side branch, the way down, the way up, and at level 0 the middle."""

    def __init__(self, channels: int, depth: int, blocks: int) -> None:
        super().__init__()
        level = lambda n: nn.ModuleList(residuals(channels, channels, blocks) for _ in range(4 if n == 0 else 3))  # noqa: E731
        self.hg = nn.ModuleList(level(n) for n in range(depth))

    def forward(self, x: Tensor, level: int | None = None) -> Tensor:
        level = len(self.hg) - 1 if level is None else level
        parts = self.hg[level]
        low = parts[1](nn.functional.max_pool2d(x, 2))
        low = self.forward(low, level - 1) if level > 0 else parts[3](low)
        return parts[0](x) + nn.functional.interpolate(parts[2](low), scale_factor=2, mode="nearest")


class StackedHourglass(nn.Module):
    def __init__(self, stacks: int, depth: int, channels: int, blocks: int, joints: int) -> None:
        super().__init__()
        c = channels
        self.conv1 = nn.Conv2d(3, c // 4, 7, stride=2, padding=3)
        self.bn1 = nn.BatchNorm2d(c // 4)
        self.layer1 = residuals(c // 4, c // 2, 1)
        self.layer2 = residuals(c // 2, c, 1)
        self.layer3 = residuals(c, c, 1)
        each = lambda make, count=stacks: nn.ModuleList(make() for _ in range(count))  # noqa: E731
        self.hg = each(lambda: Scales(c, depth, blocks))
        self.res = each(lambda: residuals(c, c, blocks))
        self.fc = each(lambda: nn.Sequential(nn.Conv2d(c, c, 1), nn.BatchNorm2d(c)))
        self.score = each(lambda: nn.Conv2d(c, joints, 1))
        self.fc_ = each(lambda: nn.Conv2d(c, c, 1), stacks - 1)
        self.score_ = each(lambda: nn.Conv2d(joints, c, 1), stacks - 1)

    def forward(self, pictures: Tensor) -> Tensors:
        x = torch.relu(self.bn1(self.conv1(pictures)))
        x = nn.functional.max_pool2d(self.layer1(x), 2)
        x = self.layer3(self.layer2(x))
        outputs: Tensors = {}
        for stack, (hourglass, res, fc, score) in enumerate(zip(self.hg, self.res, self.fc, self.score)):
            features = torch.relu(fc(res(hourglass(x))))
            heat = score(features)
            outputs |= {f"heatMaps.{stack}": heat, f"maps.{stack}": features}
            if stack < len(self.fc_):
                x = x + self.fc_[stack](features) + self.score_[stack](heat)
        return outputs | {"embedding": features.mean((2, 3))}


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
    outputs = net(pictures.double())
    outputs["perItemLoss"] = per_item_loss(outputs, *doubles)
    tensors |= {f"infer/{name}": t for name, t in outputs.items()}
    net.train()
    outputs = net(pictures.double())
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
