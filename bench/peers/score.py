"""PyTorch's scoring: logits and predicted losses of the batch, then timed calls."""
import torch

from workload import open_workload, print_report, time_calls

net, pictures, labels, seconds = open_workload()
net.eval()
with torch.inference_mode():
    logits, predicted = net(pictures)
    result = {"logits": logits.flatten().tolist(), "predictedLoss": predicted.tolist()}
    print_report(result, time_calls(lambda: net(pictures), seconds))
