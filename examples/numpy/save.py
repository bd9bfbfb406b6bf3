"""What models of your own give for a pool, saved with NumPy: scikit-learn and PyTorch on the digits of scikit-learn.

python save.py [folder]   needs numpy, scikit-learn and torch; the arrays beside this file were made by it
"""

import sys
from pathlib import Path

import numpy as np
import torch
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from torch import nn

folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
digits = load_digits()
images = (digits.data / 16).astype(np.float32)
known, pool = np.arange(60), np.arange(60, 210)  # labelled already; to choose from

# scikit-learn: probabilities of the classes, and the features that stand in for an embedding.
model = LogisticRegression(max_iter=2000).fit(images[known], digits.target[known])
np.savez_compressed(
    folder / "sklearn.npz",
    ids=np.array([f"digit-{row:04}" for row in pool]),
    probabilities=model.predict_proba(images[pool]),
    features=images[pool],
    labelled=images[known],
)


# PyTorch: what the last layer sees is the embedding; three nets from different start weights are an ensemble.
def trained(seed):
    torch.manual_seed(seed)
    body, head = nn.Sequential(nn.Linear(64, 16), nn.ReLU()), nn.Linear(16, 10)
    optimiser = torch.optim.Adam([*body.parameters(), *head.parameters()], lr=0.01)
    for _ in range(200):
        loss = nn.functional.cross_entropy(head(body(torch.from_numpy(images[known]))), torch.tensor(digits.target[known]))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return body.eval(), head.eval()


nets = [trained(seed) for seed in range(3)]
with torch.no_grad():
    embeddings = [nets[0][0](torch.from_numpy(images[rows])) for rows in (pool, known)]
    members = torch.stack([head(body(torch.from_numpy(images[pool]))).softmax(dim=1) for body, head in nets])
np.save(folder / "torch-pool.npy", embeddings[0].numpy())
np.save(folder / "torch-labelled.npy", embeddings[1].numpy())
np.save(folder / "torch-members.npy", members.numpy())  # [members, items, classes]
