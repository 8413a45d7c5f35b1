"""How often a line's language is told right, on what people wrote.

    python tongues.py OUT/language.pt FOLDER

FOLDER holds a text a language (`en.txt`, `es.txt`, `pt.txt` ...), a sentence a line; `tongues.sh FOLDER` takes them from
Debian's translated man pages and fortunes, which are for testing only.
"""

import argparse
from pathlib import Path

import numpy as np
import torch

from language import Languages, class_of, features


SONG = 30  # lines


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--words", type=int, default=7, help="words of a line")
    args = parser.parse_args()
    languages = Languages()
    languages.load_state_dict(torch.load(args.model))
    random = np.random.default_rng(5)
    print("| language | lines | English | Spanish | unknown | right, alone | right, among its neighbours |")
    print("|---|---|---|---|---|---|---|")
    for path in sorted(args.folder.glob("*.txt")):
        texts = [text for text in map(features, path.read_text(errors="ignore").splitlines()) if len(text) >= 3]
        texts = [text[: args.words] for text in texts]
        # Songs of thirty lines that follow one another.
        begins = random.permutation(max(len(texts) // SONG, 1))[:20] * SONG
        songs = [texts[begin : begin + SONG] for begin in begins]
        lines = [line for song in songs for line in song]
        with torch.no_grad():
            alone = told(languages(lines))
            among = torch.cat([told(blend(languages(song), languages.bias)) for song in songs])
        truth = class_of(path.stem.split("-")[0])
        share = [100 * (alone == k).float().mean().item() for k in range(3)]
        right = 100 * np.mean([int(k) == truth for k in among])
        print(f"| {path.stem} | {len(lines)} | {share[0]:.1f} | {share[1]:.1f} | {share[2]:.1f} | {share[truth]:.1f} | {right:.1f} |")


def told(logits):
    """As the program does: a language that is likelier than not, or none."""
    likely, kinds = logits.softmax(1).max(1)
    return torch.where((kinds < 2) & (likely > 0.5), kinds, 2)


def blend(logits, bias):
    """Each line hears two before and two after it, and the mean of all."""
    said = logits - bias
    out = said + 2.0 * said.mean(0)
    for away, share in ((1, 0.5), (2, 0.25)):
        if len(said) > away:
            out[away:] += share * said[:-away]
            out[:-away] += share * said[away:]
    return out + bias


if __name__ == "__main__":
    main()
