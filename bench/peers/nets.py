"""The nets of the benchmark by the names that stand in its inputs files, as ours/nets.ts has them: each with what its outputs
are called and with its loss per item."""
from typing import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from hourglass import StackedHourglass, heat_map_losses
from net import DEVIATION, MEAN, LossPrediction, Net
from ssd import Ssd300, SsdResNet, multi_box_losses


class Classifier(Net):
    output_names = ["logits"]
    learning_rate = 0.01

    def losses(self, outputs: list[Tensor], targets: dict[str, Tensor]) -> Tensor:
        return F.cross_entropy(outputs[0], targets["labels"], reduction="none")


class WithModule(nn.Module):
    """A net beside its loss prediction module; pictures come as bytes. The net's parameters go by its own names."""

    def __init__(self, net: nn.Module, channels: list[int]) -> None:
        super().__init__()
        self.net = net
        self.loss_prediction = LossPrediction(channels, 128)
        self.register_buffer("mean", torch.tensor(MEAN).reshape(1, 3, 1, 1), persistent=False)
        self.register_buffer("deviation", torch.tensor(DEVIATION).reshape(1, 3, 1, 1), persistent=False)

    def told(self, pictures: Tensor) -> tuple[list[Tensor], list[Tensor]]:
        """Outputs and maps of normalised pictures."""
        raise NotImplementedError

    def forward(self, pictures: Tensor) -> tuple[Tensor, ...]:
        outputs, maps = self.told((pictures.to(self.mean.dtype) / 255 - self.mean) / self.deviation)
        return *outputs, self.loss_prediction(maps)

    def load_state_dict(self, tensors: dict[str, Tensor], strict: bool = True):
        own = {name if name.startswith("loss_prediction.") else f"net.{name}": t for name, t in tensors.items()}
        return super().load_state_dict(own, strict)


class Detector(WithModule):
    output_names = ["classLogits", "offsets"]
    learning_rate = 0.001

    def __init__(self, net: Ssd300 | SsdResNet) -> None:
        super().__init__(net, net.channels)

    def told(self, pictures: Tensor) -> tuple[list[Tensor], list[Tensor]]:
        logits, offsets, maps = self.net(pictures)
        return [logits, offsets], maps

    def losses(self, outputs: list[Tensor], targets: dict[str, Tensor]) -> Tensor:
        return multi_box_losses(*outputs, targets)


class Pose(WithModule):
    learning_rate = 2e-5

    def __init__(self, stacks: int, depth: int, channels: int) -> None:
        super().__init__(StackedHourglass(stacks, depth, channels, blocks=1, joints=16), [channels] * stacks)
        self.output_names = [f"heatMaps{stack}" for stack in range(stacks)]

    def told(self, pictures: Tensor) -> tuple[list[Tensor], list[Tensor]]:
        return self.net(pictures)

    def losses(self, outputs: list[Tensor], targets: dict[str, Tensor]) -> Tensor:
        return heat_map_losses(outputs, targets)


NETS: dict[str, Callable[[], Classifier | Detector | Pose]] = {
    "resnet18-64": lambda: Classifier(64, 10),
    "resnet18-16": lambda: Classifier(16, 10),
    "ssd300": lambda: Detector(Ssd300(64, 20)),
    "ssd-small": lambda: Detector(SsdResNet(16, 6)),
    "hourglass": lambda: Pose(stacks=2, depth=4, channels=256),
    "hourglass-small": lambda: Pose(stacks=2, depth=4, channels=64),
}


def load_net(name: str, tensors: dict[str, Tensor]) -> Classifier | Detector | Pose:
    """A net with these weights; everything in `tensors` must belong to it."""
    net = NETS[name]()
    missing, unknown = net.load_state_dict(tensors, strict=False)
    assert not unknown and all(part.endswith("num_batches_tracked") for part in missing), (missing, unknown)
    return net
