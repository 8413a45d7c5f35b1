"""Let a converted StyleGAN2 follow the mood: two directions in w.

Thousands of pictures are painted and their mood guessed by the regressor of `mood.py`; a ridge
regression tells the guessed valence and arousal from w. `mood_directions` [2, w_dim] are the
ways in w along which what it tells varies most naturally, so long that a mood of 1 is two standard
deviations of it from the mean.
"""

import torch

from convert_paint import follow, map_w, paint
from features import Lite0
from mood import correlation, describe, load_regressor

BATCH = 16
PENALTY = 1.0  # against w at unit variance
REACH = 2.0  # standard deviations at a mood of 1


def directions(w, mood):
    """Directions [2, w_dim], and how well the half of the pictures that was held out is told."""
    mean, spread = w.mean(0), w.std(0) + 1e-6
    x, y = ((w - mean) / spread).double(), mood - mood.mean(0)

    def fit(x, y):
        return torch.linalg.solve(x.T @ x + PENALTY * torch.eye(x.shape[1], dtype=x.dtype), x.T @ y.double())

    half = len(x) // 2
    held_out = (x[half:] @ fit(x[:half], y[:half])).float()
    told = [correlation(held_out[:, axis], y[half:, axis]) for axis in (0, 1)]
    seen = x @ fit(x, y)
    with_w = x.T @ seen / len(x)
    among = seen.T @ seen / len(x)
    ways = with_w @ torch.linalg.inv(among) @ torch.diag(REACH * among.diag().sqrt())
    return (ways.float() * spread[:, None]).T.contiguous(), told


def add_directions(metadata, tensors, pictures, mood_model):
    """Add `mood_directions`, and let the mean w follow them."""
    random = torch.Generator().manual_seed(0)
    net, regressor = Lite0(), load_regressor(mood_model)
    latents = torch.randn(pictures, int(metadata["z_dim"]), generator=random)
    w = map_w(metadata, tensors, latents)
    moods = []
    for part in w.split(BATCH):
        painted = ((paint(metadata, tensors, part) + 1) * 127.5).round().to(torch.uint8)
        moods.append(regressor(describe(net, painted)))
    ways, told = directions(w, torch.cat(moods))
    follow(tensors, ways)
    metadata["mood"] = (
        f"valence,arousal; directions in w from the predicted mood of {pictures} pictures, "
        f"r = {told[0]:.2f} and {told[1]:.2f} on the half held out"
    )
