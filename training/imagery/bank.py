"""Write the bank of places: `python bank.py PLACES vectors.npz ../../models/imagery.safetensors --reference ../../tests/reference/imagery.tsv`.

PLACES is what `see.py` wrote. Vectors are bytes with a step each.
"""

import argparse
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from spaces import WIDTH, described, eye_of, in_words, lab, spell, unit

LOOKS = "ink", "aurora", "flames", "nebulae", "marbling", "glass", "paintings"  # as the family has them
COLOUR = 8e-5  # what a squared step of CIELAB weighs beside how alike an eye finds pictures
LINES = (
    "the river runs down to the sea",
    "fire in the night, burning bright",
    "I am so lonely in the snow",
    "los pájaros vuelan sobre el mar",
    "stars fall from the midnight sky",
    "zzxqq",
)

TRAINED_ON = "all-MiniLM-L6-v2's vectors of words and lines; what EfficientNet-Lite0 (ImageNet) sees in our own looks"


def quantised(x):
    """Bytes of rows, and what a step of each is worth."""
    step = np.maximum(np.abs(x).max(1), 1e-6) / 127
    step = step.astype(np.float16)
    rows = np.clip(np.round(x / step.astype(np.float32)[:, None]), -127, 127).astype(np.int8)
    return np.ascontiguousarray(rows), step  # what lies in another order would be written in that


class Bank:
    """What the file says, as the program reads it."""

    def __init__(self, tensors):
        self.tensors = tensors
        names = bytes(tensors["words"]).decode().split("\n")
        table = tensors["vectors"].astype(np.float32) * tensors["steps"].astype(np.float32)[:, None]
        self.vectors = dict(zip(names, table))
        self.about = {look: unit(tensors[f"about.{look}"].astype(np.float32)) for look in LOOKS}
        self.mood = {look: tensors[f"mood.{look}"].astype(np.float32) / 127 for look in LOOKS}

    def line(self, text):
        """Where a line lies; zeros where it has no word that is known."""
        return unit(sum((self.vectors[word] for word in spell(text) if word in self.vectors), np.zeros(WIDTH)))

    def alike(self, features, colours, look):
        """How near pictures come to each place: features [N, 1280], colours [N, 8, 3] in sRGB of a grid of 4 x 2 fields."""
        tensors = self.tensors
        seen = unit(features @ tensors["eye"].astype(np.float32).T + tensors["eye.offset"].astype(np.float32))
        known = lab(tensors[f"colours.{look}"].reshape(-1, 1, 8, 3) / 255.0)
        far = ((known - lab(colours)[None]) ** 2).sum(-1).mean(-1).T
        return seen @ unit(tensors[f"eye.{look}"].astype(np.float32)).T - COLOUR * far

    def similarity(self, lines, look):
        return np.array([self.line(line) for line in lines]) @ self.about[look].T


def text(lines):
    return np.frombuffer("\n".join(lines).encode(), np.uint8).copy()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("places", type=Path)
    parser.add_argument("vectors", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--reference", type=Path)
    args = parser.parse_args()
    known = np.load(args.vectors)
    tensors = dict(words=text(known["words"]))
    tensors["vectors"], tensors["steps"] = quantised(known["vectors"])
    places = {look: np.load(args.places / f"{look}.npz") for look in LOOKS}
    matrix, offset = eye_of(places.values())
    tensors |= {"eye": np.ascontiguousarray(matrix.T).astype(np.float16), "eye.offset": offset.astype(np.float16)}
    for look, seen in places.items():
        z = unit(seen["z"].astype(np.float32))
        tensors[f"z.{look}"] = quantised(z)[0]
        tensors[f"about.{look}"] = quantised(described(seen))[0]
        tensors[f"mood.{look}"] = np.round(seen["mood"].astype(np.float32) * 127).astype(np.int8)
        tensors[f"eye.{look}"] = quantised(seen["feature"].astype(np.float32) @ matrix + offset)[0]
        colours = seen["colours"].astype(np.float32).reshape(len(z), -1)
        tensors[f"colours.{look}"] = np.round(colours * 255).astype(np.uint8)
        tensors[f"seen.{look}"] = text(in_words(seen))
    sizes = dict(words=len(known["words"]), list=len(tensors["words"]), places=len(z))
    sizes |= {f"seen.{look}": len(tensors[f"seen.{look}"]) for look in LOOKS}
    about = dict(format="synopsia.imagery", version="1", looks=",".join(LOOKS)) | {key: str(value) for key, value in sizes.items()}
    about |= dict(trained_on=TRAINED_ON, licence="free for any use: MIT or Apache-2.0")
    save_file(tensors, args.out, about)
    if args.reference:
        bank = Bank(tensors)
        rows = [
            f"{line}\t{look}\t{near.argmax()}\t{near.max():.4f}"
            for look in LOOKS
            for line, near in zip(LINES, bank.similarity(LINES, look))
            if near.any()
        ]
        args.reference.write_text("\n".join(rows) + "\n")
    print(f"{args.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
