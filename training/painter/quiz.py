"""A sheet of shuffled moods for somebody to sort who has not seen the program, and how well they did.

    python quiz.py ../../models/looks.safetensors OUT --seed 5      # OUT/LOOK.jpg, four moods by four pictures, numbered
    python quiz.py --score OUT/key.json ANSWERS.json

On each sheet are sixteen pictures of one look: four each of calm and unpleasant, calm and pleasant, excited and
unpleasant, excited and pleasant (0.7 to either side). An answer is a look's list of sixteen of `--`, `+-`, `-+` and `++`,
pleasantness first, excitement second, by the numbers on the sheet.
"""

import argparse
import json
import random
from pathlib import Path

import torch
from PIL import ImageDraw

from data import grid
from export import load_family, load_generator
from network import Z_DIM

CORNERS = {f"{v}{a}": (0.7 if v == "+" else -0.7, 0.7 if a == "+" else -0.7) for a in "-+" for v in "-+"}
EACH, ACROSS, PSI = 4, 4, 0.8


@torch.no_grad()
def sheets(model, out, seed):
    chance, latents = random.Random(seed), torch.Generator().manual_seed(seed)
    key = {}
    out.mkdir(parents=True, exist_ok=True)
    for look in load_family(model)[1]:
        moods = [corner for corner in CORNERS for _ in range(EACH)]
        chance.shuffle(moods)
        z = torch.randn(len(moods), Z_DIM, generator=latents)
        asked = torch.tensor([CORNERS[mood] for mood in moods])
        pictures = load_generator(model, look)(z, asked, torch.full((len(z),), PSI))
        sheet, side = grid(pictures, ACROSS), pictures.shape[-1]
        draw = ImageDraw.Draw(sheet)
        for number in range(len(moods)):
            at = (number % ACROSS * side + 4, number // ACROSS * side + 2)
            draw.text(at, str(number + 1), fill="white", stroke_width=2, stroke_fill="black", font_size=28)
        sheet.save(out / f"{look}.jpg", quality=88)
        key[look] = moods
    (out / "key.json").write_text(json.dumps(key))


def score(key, answers):
    """Shares of right pleasantness, excitement and both, by look."""
    print("| look | pleasantness | excitement | both (by chance 0.25) |\n|---|---|---|---|")
    total = [0, 0, 0]
    for look, moods in key.items():
        pairs = list(zip(moods, answers[look], strict=True))
        right = [sum(a[0] == b[0] for a, b in pairs), sum(a[1] == b[1] for a, b in pairs), sum(a == b for a, b in pairs)]
        total = [t + r for t, r in zip(total, right)]
        print("| `{}` | {:.2f} | {:.2f} | {:.2f} |".format(look, *(r / len(pairs) for r in right)))
    print("| all | {:.2f} | {:.2f} | {:.2f} |".format(*(t / sum(map(len, key.values())) for t in total)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model", nargs="?")
    parser.add_argument("out", nargs="?", type=Path)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--score", nargs=2, type=Path, metavar=("KEY", "ANSWERS"))
    args = parser.parse_args()
    if args.score:
        score(*(json.loads(path.read_text()) for path in args.score))
    else:
        sheets(args.model, args.out, args.seed)


if __name__ == "__main__":
    main()
