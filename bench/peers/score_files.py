"""PyTorch's scoring of JPEG files with its DataLoader and Pillow: the scores of the sample, then the whole folder by the clock."""
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional as F
from torch.utils.data import DataLoader, Dataset

from forms import scorer
from nets import load_net
from workload import print_report, read_options, time_calls

SIDE, BATCH = 32, 128


class Pictures(Dataset):
    def __init__(self, folder: Path):
        self.files = sorted(folder.rglob("*.jpg"))

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, index: int) -> Tensor:
        """uint8 [3, side, side]; a large file is decoded at the least fraction of its size that is no smaller than that."""
        with Image.open(self.files[index]) as image:
            image.draft("RGB", (SIDE, SIDE))
            small = image.convert("RGB")
            if small.size != (SIDE, SIDE):
                small = small.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
            return torch.from_numpy(np.array(small)).permute(2, 0, 1)


options = read_options("workers")
folder = Path(options.inputs)
weights = load_file(folder / "model.safetensors")
net = load_net(f"resnet18-{len(weights['conv1.weight'])}", weights)
score = scorer(net, options.form, torch.zeros(BATCH, 3, SIDE, SIDE, dtype=torch.uint8))


def loader(of: Path) -> DataLoader:
    """Its workers, where it has any, are started once."""
    return DataLoader(Pictures(of), BATCH, num_workers=options.workers, persistent_workers=options.workers > 0)


def scores(batches: DataLoader) -> tuple[Tensor, Tensor]:
    """Entropies and predicted losses of all pictures in a folder."""
    entropies, losses = [], []
    for batch in batches:
        logits, predicted = score(F.pad(batch, (0, 0, 0, 0, 0, 0, 0, BATCH - len(batch))))
        log_shares = F.log_softmax(logits[: len(batch)], 1)
        entropies.append(-(log_shares.exp() * log_shares).sum(1))
        losses.append(predicted[: len(batch)])
    return torch.cat(entropies), torch.cat(losses)


entropy, predicted_loss = scores(loader(folder / "sample"))
result = {"entropy": entropy.tolist(), "predictedLoss": predicted_loss.tolist()}
pictures = loader(folder / "pictures")
print_report(result, time_calls(lambda: scores(pictures), options.seconds, 1))
