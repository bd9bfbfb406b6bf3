"""PyTorch twins of src/models/ssd300.ts and src/models/ssd-resnet.ts with the same parameter names, and their loss, for
fixtures and benchmarks. Pictures are normalised."""
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from net import BasicBlock

NEGATIVES_PER_MATCH = 3


class Heads(nn.Module):
    """Class logits [batch, priors, classes + 1] and offsets [batch, priors, 4] out of maps."""

    def __init__(self, channels: list[int], priors_per_cell: list[int], classes: int) -> None:
        super().__init__()
        layers = lambda numbers: nn.ModuleList(  # noqa: E731
            nn.Conv2d(c, k * numbers, 3, padding=1) for c, k in zip(channels, priors_per_cell)
        )
        self.classes, self.offsets = layers(classes + 1), layers(4)
        self.columns = classes + 1

    def forward(self, maps: list[Tensor]) -> tuple[Tensor, Tensor]:
        rows = lambda y, numbers: y.permute(0, 2, 3, 1).reshape(y.shape[0], -1, numbers)  # noqa: E731
        logits = [rows(layer(m), self.columns) for layer, m in zip(self.classes, maps)]
        offsets = [rows(layer(m), 4) for layer, m in zip(self.offsets, maps)]
        return torch.cat(logits, 1), torch.cat(offsets, 1)


class ChannelScale(nn.Module):
    """Vectors over the channels brought to length 1, then scaled by a learned factor per channel."""

    def __init__(self, channels: int, scale: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels,), scale))

    def forward(self, x: Tensor) -> Tensor:
        return F.normalize(x, dim=1) * self.weight.view(1, -1, 1, 1)


class Ssd300(nn.Module):
    """SSD300 (Liu et al. 2016) on VGG-16: its first convolutions are those up to conv5_3."""

    priors_per_cell = [4, 6, 6, 6, 4, 4]

    def __init__(self, width: int, classes: int) -> None:
        super().__init__()
        w = width
        plan = {0: (3, w), 2: (w, w), 5: (w, 2 * w), 7: (2 * w, 2 * w), 10: (2 * w, 4 * w), 12: (4 * w, 4 * w)}
        plan |= {14: (4 * w, 4 * w), 17: (4 * w, 8 * w)} | {n: (8 * w, 8 * w) for n in (19, 21, 24, 26, 28)}
        self.features = nn.ModuleDict({str(n): nn.Conv2d(a, b, 3, padding=1) for n, (a, b) in plan.items()})
        self.fc6 = nn.Conv2d(8 * w, 16 * w, 3, padding=6, dilation=6)
        self.fc7 = nn.Conv2d(16 * w, 16 * w, 1)
        self.conv8_1, self.conv8_2 = nn.Conv2d(16 * w, 4 * w, 1), nn.Conv2d(4 * w, 8 * w, 3, stride=2, padding=1)
        self.conv9_1, self.conv9_2 = nn.Conv2d(8 * w, 2 * w, 1), nn.Conv2d(2 * w, 4 * w, 3, stride=2, padding=1)
        self.conv10_1, self.conv10_2 = nn.Conv2d(4 * w, 2 * w, 1), nn.Conv2d(2 * w, 4 * w, 3)
        self.conv11_1, self.conv11_2 = nn.Conv2d(4 * w, 2 * w, 1), nn.Conv2d(2 * w, 4 * w, 3)
        self.conv4_scale = ChannelScale(8 * w, 20.0)
        self.channels = [8 * w, 16 * w, 8 * w, 4 * w, 4 * w, 4 * w]
        self.heads = Heads(self.channels, self.priors_per_cell, classes)

    def maps(self, x: Tensor) -> list[Tensor]:
        for number in (0, 2, 5, 7, 10, 12, 14, 17, 19, 21):
            if number in (5, 10):
                x = F.max_pool2d(x, 2)
            if number == 17:
                x = F.max_pool2d(x, 2, ceil_mode=True)
            x = F.relu(self.features[str(number)](x))
        conv4 = x
        x = F.max_pool2d(x, 2)
        for number in (24, 26, 28):
            x = F.relu(self.features[str(number)](x))
        x = F.relu(self.fc6(F.max_pool2d(x, 3, stride=1, padding=1)))
        x = F.relu(self.fc7(x))
        result = [conv4, x]
        for first, second in (("8_1", "8_2"), ("9_1", "9_2"), ("10_1", "10_2"), ("11_1", "11_2")):
            x = F.relu(getattr(self, f"conv{first}")(x))
            x = F.relu(getattr(self, f"conv{second}")(x))
            result.append(x)
        return result

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, list[Tensor]]:
        maps = self.maps(x)
        return *self.heads([self.conv4_scale(maps[0]), *maps[1:]]), maps


class ConvNorm(nn.Module):
    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)
        self.bn = nn.BatchNorm2d(outputs)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.bn(self.conv(x)))


class SsdResNet(nn.Module):
    """A single-shot detector on the ResNet for small pictures: its last two stages and a few maps behind them."""

    def __init__(self, width: int, classes: int, extra_maps: int = 2, priors_per_cell: int = 6) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 3, 2, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        inputs = width
        for stage, factor in enumerate((1, 2, 4, 8)):
            outputs = width * factor
            blocks = nn.Sequential(
                BasicBlock(inputs, outputs, 1 if stage == 0 else 2), BasicBlock(outputs, outputs, 1)
            )
            self.add_module(f"layer{stage + 1}", blocks)
            inputs = outputs
        narrow = 2 * width
        befores = [inputs] + [2 * narrow] * (extra_maps - 1)
        self.extra = nn.ModuleList(
            nn.Sequential(ConvNorm(c, narrow, 1, 1), ConvNorm(narrow, 2 * narrow, 3, 2)) for c in befores
        )
        self.channels = [4 * width, 8 * width] + [2 * narrow] * extra_maps
        self.heads = Heads(self.channels, [priors_per_cell] * len(self.channels), classes)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, list[Tensor]]:
        x = self.layer2(self.layer1(F.relu(self.bn1(self.conv1(x)))))
        maps = []
        for stage in (self.layer3, self.layer4, *self.extra):
            x = stage(x)
            maps.append(x)
        return *self.heads(maps), maps


def multi_box_losses(logits: Tensor, offsets: Tensor, targets: dict[str, Tensor]) -> Tensor:
    """[batch]: the loss of each picture; targets 0 background, 1 + class, -1 ignored."""
    classes = targets["targetClasses"]
    matched = classes > 0
    matches = matched.sum(1).clamp_min(1)
    losses = F.cross_entropy(logits.transpose(1, 2), classes, reduction="none", ignore_index=-1)
    hard = losses.masked_fill(classes != 0, 0).sort(1, descending=True).values
    counted = torch.arange(hard.shape[1]) < NEGATIVES_PER_MATCH * matches[:, None]
    distances = F.smooth_l1_loss(offsets, targets["targetOffsets"], reduction="none").sum(2)
    return (((losses + distances) * matched).sum(1) + (hard * counted).sum(1)) / matches
