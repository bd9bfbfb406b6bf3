"""PyTorch's scoring: logits and predicted losses of the batch, then timed calls."""
from forms import scorer
from workload import open_batch, print_report, time_calls

net, pictures, labels, form, seconds = open_batch()
score = scorer(net, form, pictures)
logits, predicted = score(pictures)
result = {"logits": logits.flatten().tolist(), "predictedLoss": predicted.tolist()}
score(pictures)  # a traced net is optimised in its second call
print_report(result, time_calls(lambda: score(pictures), seconds))
