"""Writes test/fixtures/resnet18-narrow.safetensors and .json: a narrow ResNet-18 with its loss prediction module, computed by
PyTorch, that the tests hold the engine and the models against. The layout stands at the top of the JSON.

    python scripts/make-net-fixture.py        (made with PyTorch 2.13.0, safetensors 0.8.0)

Everything is computed in float64 and stored as float32; the JSON tells how far PyTorch's own float32 is from that, which is
what a tolerance has to allow.
"""
import json
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional as F

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "bench" / "peers"))
from net import DEVIATION, MEAN, Net, pair_loss  # noqa: E402

SETTINGS = {
    "classes": 5,
    "width": 2,
    "hidden": 8,
    "batch": 6,
    "side": 16,
    "mean": MEAN,
    "deviation": DEVIATION,
    "loss": "ranking",
    "lambda": 0.7,
    "margin": 1,
    "learningRate": 0.1,
    "momentum": 0.9,
    "weightDecay": 5e-4,
    "steps": 3,
}
# With some seeds a relu input lies so near 0 that float32 falls on its other side, or a unit of the module is on for no
# picture; the checks below refuse those.
SEED = 38
LAYOUT = {
    "pictures": "bytes [steps * batch, 3, side, side]; batch k is rows k * batch to (k + 1) * batch",
    "labels": "class of each picture",
    "start/NAME": "weights and running statistics before anything is done",
    "train/...": "batch 0 with the start weights, normalised by the batch: logits, predictedLoss, perItemLoss, loss "
    "(mean cross-entropy), moduleLoss (mean hinge over the pairs (i, i + batch / 2))",
    "infer/...": "batch 0 with the start weights, normalised by the running statistics: logits, predictedLoss",
    "gradient/NAME": "of loss + lambda * moduleLoss on batch 0 with the start weights",
    "gradientCut/NAME": "the same with the module's gradient kept out of the feature maps; its own parameters are left "
    "out, their gradient stays the same",
    "steps/loss, steps/moduleLoss": "[steps], before each of the SGD steps; step k takes batch k",
    "after/NAME": "weights and running statistics after the steps (all parameters decay, momentum starts at 0)",
    "afterInfer/...": "batch 0 with the weights after the steps, normalised by the running statistics",
}
Tensors = dict[str, Tensor]


def random_start(net: Net, random: torch.Generator) -> None:
    """Start weights like those of a net under way: nothing is exactly 0 or 1, the predicted losses lie far apart."""
    for name, tensor in net.state_dict().items():
        normal = torch.randn(tensor.shape, generator=random, dtype=torch.float64)
        uniform = torch.rand(tensor.shape, generator=random, dtype=torch.float64)
        if name.endswith("running_var") or (".bn" in f".{name}" and name.endswith("weight")):
            value = 0.5 + uniform
        elif tensor.dim() > 1:
            inputs = tensor[0].numel()
            value = normal * (2 / inputs) ** 0.5 * (2 if name.startswith("loss_prediction") else 1)
        else:
            value = 0.2 * normal
        if tensor.is_floating_point():
            tensor.copy_(value.float())


def random_pictures(count: int, side: int, random: torch.Generator) -> Tensor:
    """Noise with a colour and contrast of its own per picture, so that pooled features differ between pictures."""
    ends = torch.rand(2, count, 3, 1, 1, generator=random)
    noise = torch.rand(count, 3, side, side, generator=random)
    return (255 * torch.lerp(ends[0], ends[1], noise)).round().to(torch.uint8)


def objective(net: Net, pictures: Tensor, labels: Tensor, cut: bool = False) -> tuple[Tensor, Tensors]:
    logits, predicted = net(pictures, cut)
    losses = F.cross_entropy(logits, labels, reduction="none")
    module_loss = pair_loss(SETTINGS["loss"], predicted, losses, SETTINGS["margin"])
    outputs = {
        "logits": logits,
        "predictedLoss": predicted,
        "perItemLoss": losses,
        "loss": losses.mean(),
        "moduleLoss": module_loss,
    }
    return losses.mean() + SETTINGS["lambda"] * module_loss, outputs


def gradients(net: Net, pictures: Tensor, labels: Tensor, cut: bool) -> tuple[Tensors, Tensors]:
    total, outputs = objective(net, pictures, labels, cut)
    names, parameters = zip(*net.named_parameters())
    return dict(zip(names, torch.autograd.grad(total, parameters))), outputs


def kept(net: Net) -> Tensors:
    return {name: t.clone() for name, t in net.state_dict().items() if not name.endswith("num_batches_tracked")}


def infer(net: Net, pictures: Tensor) -> Tensors:
    net.eval()
    logits, predicted = net(pictures)
    net.train()
    return {"logits": logits, "predictedLoss": predicted}


def compute(start: Tensors, pictures: Tensor, labels: Tensor, dtype: torch.dtype) -> dict[str, Tensors]:
    batch = SETTINGS["batch"]
    net = Net(SETTINGS["width"], SETTINGS["classes"], SETTINGS["hidden"]).to(dtype)
    reset = lambda: net.load_state_dict(start, strict=False)  # noqa: E731
    reset()
    groups = {"infer": infer(net, pictures[:batch])}
    groups["gradient"], groups["train"] = gradients(net, pictures[:batch], labels[:batch], cut=False)
    reset()
    cut, _ = gradients(net, pictures[:batch], labels[:batch], cut=True)
    for name in [name for name in cut if name.startswith("loss_prediction")]:
        assert torch.equal(cut.pop(name), groups["gradient"][name])
    groups["gradientCut"] = cut
    reset()
    groups["steps"] = descend(net, pictures, labels)
    groups["after"] = kept(net)
    groups["afterInfer"] = infer(net, pictures[:batch])
    return groups


def descend(net: Net, pictures: Tensor, labels: Tensor) -> Tensors:
    optimiser = torch.optim.SGD(
        net.parameters(), SETTINGS["learningRate"], SETTINGS["momentum"], weight_decay=SETTINGS["weightDecay"]
    )
    seen = []
    for part, classes in zip(pictures.split(SETTINGS["batch"]), labels.split(SETTINGS["batch"])):
        total, outputs = objective(net, part, classes)
        optimiser.zero_grad()
        total.backward()
        optimiser.step()
        seen.append(torch.stack([outputs["loss"], outputs["moduleLoss"]]))
    loss, module_loss = torch.stack(seen, 1)
    return {"loss": loss, "moduleLoss": module_loss}


@torch.no_grad()
def distance(single: Tensors, double: Tensors) -> float:
    """Largest difference of a tensor's float32 values, as a share of its largest value; the worst over the tensors."""
    shares = [(single[n].double() - t).abs().max() / t.abs().max().clamp_min(1e-4) for n, t in double.items()]
    return float(torch.stack(shares).max())


def check_telling(groups: dict[str, Tensors]) -> None:
    """The fixture must be able to show an error: no gradient is 0 (but that of the last bias, which drops out of every
    difference), and some pairs are within the margin, some beyond."""
    for group in ("gradient", "gradientCut"):
        silent = [name for name, g in groups[group].items() if g.abs().max() < 1e-4]
        assert silent in ([], ["loss_prediction.last.bias"]), f"{group} is 0 for {silent}"
    halves = groups["train"]["predictedLoss"].split(SETTINGS["batch"] // 2)
    true_halves = groups["train"]["perItemLoss"].split(SETTINGS["batch"] // 2)
    hinge = SETTINGS["margin"] - (halves[0] - halves[1]) * (true_halves[0] - true_halves[1]).sign()
    assert (hinge > 0.05).any() and (hinge < -0.05).any() and (hinge.abs() > 0.05).all(), hinge


def main() -> None:
    torch.set_num_threads(1)
    random = torch.Generator().manual_seed(SEED)
    count, side = SETTINGS["steps"] * SETTINGS["batch"], SETTINGS["side"]
    pictures = random_pictures(count, side, random)
    labels = torch.randint(0, SETTINGS["classes"], (count,), generator=random)
    net = Net(SETTINGS["width"], SETTINGS["classes"], SETTINGS["hidden"])
    with torch.no_grad():
        random_start(net, random)
    start = kept(net)
    groups = compute(start, pictures, labels, torch.float64)
    single = compute(start, pictures, labels, torch.float32)
    distances = {name: distance(single[name], members) for name, members in groups.items()}
    check_telling(groups)
    assert max(distances.values()) < 1e-4, distances

    tensors = {"pictures": pictures, "labels": labels.int()}
    for group, members in ({"start": start} | groups).items():
        tensors |= {f"{group}/{name}": t.detach().float().contiguous().clone() for name, t in members.items()}
    target = ROOT / "test" / "fixtures" / "resnet18-narrow"
    save_file(tensors, target.with_suffix(".safetensors"))
    description = {
        "layout": LAYOUT,
        "madeBy": f"scripts/make-net-fixture.py, PyTorch {torch.__version__.split('+')[0]}, in float64",
        "settings": SETTINGS,
        "float32Distance": {name: float(f"{value:.1e}") for name, value in distances.items()},
        "float32DistanceMeaning": "largest difference of PyTorch's float32 from the stored float64 results, as a share of "
        "the largest value of the tensor, the worst of a group's tensors",
    }
    target.with_suffix(".json").write_text(json.dumps(description, indent=2) + "\n")


main()
