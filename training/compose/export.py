"""The weights as the program reads them, and what PyTorch makes of some tokens.

    python export.py OUT/checkpoint.pt ../../models/compose.safetensors --cues cues.csv \\
        --reference ../../tests/reference/compose.safetensors

Matrices are stored as bytes, with a scale for each row. cues.csv is what `cargo run --release --example manners` prints:
each row a piece's cues and what the ear heard in it, beside usual music; the regression on it is stored with the weights.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

from bars import TOKENS
from network import MOOD, Network
from prepare import FACTS

FOLDS = 5
RIDGE = 3.0
CUES = 29


def stored(matrix):
    """Bytes and their scales, by rows."""
    scale = matrix.abs().amax(1).clamp(min=1e-8) / 127
    return (matrix / scale[:, None]).round().to(torch.int8), scale


def regression(path):
    """Weights [2, CUES] of the deviations from usual music that were heard."""
    table = np.loadtxt(path, delimiter=",")
    cues, heard = table[:, :-2], np.arctanh(np.clip(table[:, -2:], -0.99, 0.99))

    def fit(x, y):
        return np.linalg.solve(x.T @ x + RIDGE * np.eye(x.shape[1]), x.T @ y)

    fold = np.arange(len(cues)) % FOLDS
    foretold = np.zeros_like(heard)
    for k in range(FOLDS):
        foretold[fold == k] = cues[fold == k] @ fit(cues[fold != k], heard[fold != k])
    for axis, name in enumerate(("valence", "arousal")):
        r = np.corrcoef(np.tanh(foretold[:, axis]), table[:, axis - 2])[0, 1]
        print(f"{name}: {len(cues)} pieces, heard {table[:, axis - 2].mean():.2f} +- {table[:, axis - 2].std():.2f}, foretold r {r:.3f}")
    return fit(cues, heard).T


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("checkpoint")
    parser.add_argument("model", type=Path)
    parser.add_argument("--cues")
    parser.add_argument("--reference")
    args = parser.parse_args()
    saved = torch.load(args.checkpoint)
    tensors, state = {}, {}
    for name, part in saved["network"].items():
        if part.dim() == 1:
            tensors[name] = state[name] = part.float().contiguous()
            continue
        across = part.T.contiguous() if name == "token.weight" else part
        data, scale = stored(across)
        tensors[name], tensors[name + ".scale"] = data.contiguous(), scale.contiguous()
        back = data.float() * scale[:, None]
        state[name] = back.T.contiguous() if name == "token.weight" else back
    cues = regression(args.cues) if args.cues else np.zeros((2, CUES))
    tensors["cues"] = torch.tensor(cues, dtype=torch.float32).contiguous()
    about = {
        "format": "synopsia.compose", "version": "1", "trained_on": "POP909, music composed by training/music",
        "licence": "weights: MIT or Apache-2.0; the ear that judged is for research only", "steps": str(saved["step"]),
    }
    save_file(tensors, args.model, about)
    args.model.chmod(0o644)
    print(f"{args.model.stat().st_size} bytes, {saved['step']} steps")
    if args.reference:
        net = Network()
        net.load_state_dict(state)
        net.eval()
        random = torch.Generator().manual_seed(1)
        tokens = torch.randint(TOKENS, (1, 40), generator=random)
        told = torch.rand(1, 40, FACTS + MOOD + 24, generator=random)
        with torch.no_grad():
            y, _ = net(tokens, told[..., : FACTS + MOOD], told[..., FACTS + MOOD :])
        save_file({"tokens": tokens[0].float(), "told": told[0].contiguous(), "y": y[0].contiguous()}, args.reference,
                  {"format": "synopsia.compose.reference", "version": "1"})


if __name__ == "__main__":
    main()
