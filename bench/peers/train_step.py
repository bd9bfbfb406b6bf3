"""PyTorch's training step: the losses before each of the first three steps, then timed steps."""
import torch
from torch.nn import functional as F

from net import pair_loss
from workload import LEARNING_RATE, MOMENTUM, WEIGHT_DECAY, open_workload, print_report, time_calls

net, pictures, labels, seconds = open_workload()
optimiser = torch.optim.SGD(net.parameters(), LEARNING_RATE, MOMENTUM, weight_decay=WEIGHT_DECAY)


def step() -> tuple[float, float]:
    logits, predicted = net(pictures)
    losses = F.cross_entropy(logits, labels, reduction="none")
    loss, module_loss = losses.mean(), pair_loss("ranking", predicted, losses)
    optimiser.zero_grad()
    (loss + module_loss).backward()
    optimiser.step()
    return loss.item(), module_loss.item()


first = [step() for _ in range(3)]
result = {"loss": [loss for loss, _ in first], "moduleLoss": [module_loss for _, module_loss in first]}
print_report(result, time_calls(step, seconds))
