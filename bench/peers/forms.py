"""The forms a PyTorch program takes on a CPU, from what most people write to the fastest that PyTorch has."""
from dataclasses import dataclass
from typing import Callable

import torch
from torch import Tensor, nn

from net import pair_loss

MOMENTUM, WEIGHT_DECAY = 0.9, 5e-4

Scorer = Callable[[Tensor], tuple[Tensor, ...]]
Targets = dict[str, Tensor]


@dataclass(frozen=True)
class Form:
    channels_last: bool = True
    # Convolutions and matrix products in bfloat16, float32 weights.
    autocast: bool = False
    # Weights in bfloat16 too; for scoring.
    bfloat16: bool = False
    # torch.compile, for scoring with the weights frozen in or not.
    compiled: bool = False
    frozen: bool = True
    # torch.jit.trace and optimize_for_inference; for scoring.
    traced: bool = False
    # SGD in one kernel over all parameters.
    fused: bool = True


FORMS = {
    "plain": Form(channels_last=False, fused=False),
    "channels-last": Form(),
    "autocast": Form(autocast=True),
    "autocast-compiled": Form(autocast=True, compiled=True),
    "bfloat16": Form(bfloat16=True),
    "bfloat16-compiled": Form(bfloat16=True, compiled=True),
    "bfloat16-traced": Form(bfloat16=True, traced=True),
}


def laid_out(form: Form, pictures: Tensor) -> Tensor:
    return pictures.contiguous(memory_format=torch.channels_last) if form.channels_last else pictures


class Trainer:
    """Trains a net: its own loss and the module's ranking loss, SGD with momentum and weight decay."""

    def __init__(self, net: nn.Module, form: Form, learning_rate: float):
        self.net, self.form, self.learning_rate = net, form, learning_rate
        if form.channels_last:
            net.to(memory_format=torch.channels_last)
        self.optimiser = torch.optim.SGD(
            net.parameters(), learning_rate, MOMENTUM, weight_decay=WEIGHT_DECAY, fused=form.fused
        )
        self.objective = torch.compile(self.losses) if form.compiled else self.losses

    def losses(self, pictures: Tensor, targets: Targets) -> tuple[Tensor, Tensor]:
        with torch.autocast("cpu", torch.bfloat16, enabled=self.form.autocast):
            *outputs, predicted = self.net(pictures)
        losses = self.net.losses([output.float() for output in outputs], targets)
        return losses.mean(), pair_loss("ranking", predicted.float(), losses)

    def step(self, pictures: Tensor, targets: Targets) -> tuple[float, float]:
        """Trains on a batch (pictures uint8) and gives the mean loss and the module's, before the step."""
        loss, module_loss = self.objective(laid_out(self.form, pictures), targets)
        self.optimiser.zero_grad()
        (loss + module_loss).backward()
        self.optimiser.step()
        return loss.item(), module_loss.item()

    def first_losses(self, pictures: Tensor, targets: Targets) -> dict[str, list[float]]:
        """The losses before each of the first three steps on a batch."""
        first = [self.step(pictures, targets) for _ in range(3)]
        return {"loss": [loss for loss, _ in first], "moduleLoss": [module_loss for _, module_loss in first]}

    def restart(self, weights: dict[str, Tensor]) -> None:
        """Back to these weights and the first learning rate, momenta to 0."""
        self.net.load_state_dict(weights, strict=False)
        self.optimiser.state.clear()
        for group in self.optimiser.param_groups:
            group["lr"] = self.learning_rate


def scorer(net: nn.Module, form: Form, example: Tensor) -> Scorer:
    """Outputs and predicted losses of pictures (uint8), in float32; `example` is a batch of the size to come."""
    net.eval()
    if form.channels_last:
        net.to(memory_format=torch.channels_last)
    if form.bfloat16:
        net.bfloat16()
    call = net
    if form.compiled:
        import torch._inductor.config as inductor

        inductor.freezing = form.frozen
        call = torch.compile(net)
    if form.traced:
        with torch.no_grad():
            call = torch.jit.optimize_for_inference(torch.jit.trace(net, laid_out(form, example)))

    @torch.no_grad()
    def score(pictures: Tensor) -> tuple[Tensor, ...]:
        with torch.autocast("cpu", torch.bfloat16, enabled=form.autocast):
            told = call(laid_out(form, pictures))
        return tuple(part.float() for part in told)

    return score
