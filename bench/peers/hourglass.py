"""PyTorch twin of src/models/hourglass.ts and its loss, for fixtures and benchmarks: written from the paper (Newell et al. 2016)
with the parameter names of the pytorch-pose package. Pictures are normalised."""
import torch
from torch import Tensor, nn


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

    def forward(self, pictures: Tensor) -> tuple[list[Tensor], list[Tensor]]:
        """Heat maps of each stack, and what they are drawn from."""
        x = torch.relu(self.bn1(self.conv1(pictures)))
        x = nn.functional.max_pool2d(self.layer1(x), 2)
        x = self.layer3(self.layer2(x))
        heat_maps, maps = [], []
        for stack, (hourglass, res, fc, score) in enumerate(zip(self.hg, self.res, self.fc, self.score)):
            features = torch.relu(fc(res(hourglass(x))))
            heat = score(features)
            heat_maps.append(heat)
            maps.append(features)
            if stack < len(self.fc_):
                x = x + self.fc_[stack](features) + self.score_[stack](heat)
        return heat_maps, maps


def heat_map_losses(heat_maps: list[Tensor], targets: dict[str, Tensor]) -> Tensor:
    """[batch]: squared error, averaged over pixels and the person's labelled joints, summed over the stacks."""
    wanted, shares = targets["targetMaps"], targets["jointShares"]
    return sum((((maps - wanted) ** 2).mean((2, 3)) * shares).sum(1) for maps in heat_maps)
