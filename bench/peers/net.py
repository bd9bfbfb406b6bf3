"""PyTorch twin of src/models/resnet.ts and src/models/loss-prediction.ts, for fixtures and benchmarks.

ResNet-18 for small pictures (3x3 stem, no pooling after it) with torchvision's parameter names, and the loss prediction
module of Yoo & Kweon (CVPR 2019) under `loss_prediction`. Pictures come as bytes and are normalised within.
"""
import torch
from torch import Tensor, nn
from torch.nn import functional as F

MEAN = (0.4914, 0.4822, 0.4465)
DEVIATION = (0.2023, 0.1994, 0.2010)


class BasicBlock(nn.Module):
    def __init__(self, inputs: int, outputs: int, stride: int):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
            )

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class LossPrediction(nn.Module):
    def __init__(self, channels: list[int], hidden: int):
        super().__init__()
        self.maps = nn.ModuleList(nn.Linear(c, hidden) for c in channels)
        self.last = nn.Linear(len(channels) * hidden, 1)

    def forward(self, maps: list[Tensor]) -> Tensor:
        parts = [F.relu(layer(m.mean((2, 3)))) for layer, m in zip(self.maps, maps)]
        return self.last(torch.cat(parts, 1))[:, 0]


class Net(nn.Module):
    def __init__(self, width: int, classes: int, hidden: int = 128):
        super().__init__()
        channels = [width, 2 * width, 4 * width, 8 * width]
        self.conv1 = nn.Conv2d(3, width, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        inputs = width
        for stage, outputs in enumerate(channels):
            stride = 1 if stage == 0 else 2
            blocks = nn.Sequential(BasicBlock(inputs, outputs, stride), BasicBlock(outputs, outputs, 1))
            self.add_module(f"layer{stage + 1}", blocks)
            inputs = outputs
        self.fc = nn.Linear(inputs, classes)
        self.loss_prediction = LossPrediction(channels, hidden)
        self.register_buffer("mean", torch.tensor(MEAN).reshape(1, 3, 1, 1), persistent=False)
        self.register_buffer("deviation", torch.tensor(DEVIATION).reshape(1, 3, 1, 1), persistent=False)

    def forward(self, pictures: Tensor, cut: bool = False) -> tuple[Tensor, Tensor]:
        """Logits [batch, classes] and predicted losses [batch] of uint8 pictures [batch, 3, height, width].

        `cut` keeps the module's gradient out of the feature maps.
        """
        x = (pictures.to(self.mean.dtype) / 255 - self.mean) / self.deviation
        x = F.relu(self.bn1(self.conv1(x)))
        maps = []
        for stage in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = stage(x)
            maps.append(x.detach() if cut else x)
        return self.fc(x.mean((2, 3))), self.loss_prediction(maps)


def pair_loss(kind: str, predicted: Tensor, actual: Tensor, margin: float = 1.0) -> Tensor:
    """The module's loss over the pairs (i, i + batch / 2); the actual losses are constants.

    ranking: max(0, margin - s * (p_i - p_j)), s = +1 where l_i > l_j, else -1 (Yoo & Kweon 2019, eq. 2), mean over pairs.
    mse: (p - l)^2, mean over items.
    kl: divergence of softmax(p_i, p_j) from (l_i, l_j) / (l_i + l_j) (Shukla & Ahmed 2021), mean over pairs. Losses below
    1e-7 count as 1e-7, so that 0 beside 0 is even.
    """
    actual = actual.detach()
    if kind == "mse":
        return F.mse_loss(predicted, actual)
    half = len(predicted) // 2
    if kind == "ranking":
        sign = torch.where(actual[:half] > actual[half:], 1.0, -1.0).to(predicted.dtype)
        return F.relu(margin - sign * (predicted[:half] - predicted[half:])).mean()
    losses = torch.stack([actual[:half], actual[half:]], 1).clamp_min(1e-7)
    log_shares = F.log_softmax(torch.stack([predicted[:half], predicted[half:]], 1), 1)
    return F.kl_div(log_shares, losses / losses.sum(1, keepdim=True), reduction="batchmean")
