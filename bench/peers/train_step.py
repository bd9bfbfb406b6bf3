"""PyTorch's training step: the losses before each of the first three steps, then timed steps."""
from forms import Trainer
from workload import open_batch, print_report, time_calls

net, pictures, targets, form, seconds = open_batch()
trainer = Trainer(net, form, net.learning_rate)
result = trainer.first_losses(pictures, targets)
print_report(result, time_calls(lambda: trainer.step(pictures, targets), seconds))
