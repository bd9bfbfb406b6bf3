"""PyTorch's training step: the losses before each of the first three steps, then timed steps."""
from forms import Trainer
from workload import open_batch, print_report, time_calls

net, pictures, labels, form, seconds = open_batch()
trainer = Trainer(net, form)
result = trainer.first_losses(pictures, labels)
print_report(result, time_calls(lambda: trainer.step(pictures, labels), seconds))
