"""PyTorch's scoring: outputs and predicted losses of the batch, then timed calls."""
from forms import scorer
from workload import open_batch, print_report, sampled, time_calls

net, pictures, _, form, seconds = open_batch()
score = scorer(net, form, pictures)
*outputs, predicted = score(pictures)
result = {name: sampled(values) for name, values in zip(net.output_names, outputs)} | {"predictedLoss": predicted.tolist()}
score(pictures)  # a traced net is optimised in its second call
print_report(result, time_calls(lambda: score(pictures), seconds))
