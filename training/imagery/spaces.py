"""The space in which words and pictures meet: what a sentence embedding makes of the names of a thousand things.

Forty-eight directions in which the names of ImageNet's classes differ most, as all-MiniLM-L6-v2 reads them. A picture lies
where the classes that a network sees in it more than in other pictures of its look draw it, and where its colours do; a
line where its words draw it.
"""

import sys
from functools import cache
from pathlib import Path

import numpy as np
from torchvision.models._meta import _IMAGENET_CATEGORIES as CLASSES

sys.path.append(str(Path(__file__).parents[1] / "words"))
from spelling import plain, words_of  # noqa: E402
from teacher import MiniLM  # noqa: E402

WIDTH = 48
LONGEST_LINE = 32  # words
SHARE_OF_COLOURS = 1.0
COLOURS = {
    "red": ((0.80, 0.08, 0.08), "blood red rose"),
    "orange": ((0.95, 0.45, 0.05), "fire flame orange sunset"),
    "gold": ((0.95, 0.82, 0.15), "golden yellow sun light"),
    "green": ((0.15, 0.55, 0.15), "green grass leaves forest"),
    "turquoise": ((0.25, 0.80, 0.85), "ice turquoise water"),
    "blue": ((0.10, 0.25, 0.80), "blue sky ocean sea"),
    "violet": ((0.50, 0.15, 0.70), "purple violet dusk"),
    "pink": ((0.95, 0.55, 0.75), "pink blossom"),
    "white": ((0.95, 0.95, 0.95), "white snow bright"),
    "black": ((0.03, 0.03, 0.05), "dark black night shadow"),
    "brown": ((0.40, 0.24, 0.12), "brown earth wood"),
    "gray": ((0.55, 0.56, 0.58), "gray fog rain stone"),
}
BLUR = 20  # a colour counts as another one so far away, CIELAB


def unit(x):
    return x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), 1e-9)


def spell(text):
    return [plain(word) for word in words_of(text)][:LONGEST_LINE]


@cache
def teacher():
    return MiniLM()


def embedded(texts):
    return unit(teacher().embed(list(texts)).astype(np.float32))


@cache
def named():
    """What the teacher makes of the classes' names, beside their mean [1000, 384], and the directions [384, WIDTH]."""
    names = embedded(f"a painting of a {name}" for name in CLASSES)
    names = names - names.mean(0)
    return names, np.linalg.svd(names, full_matrices=False)[2][:WIDTH].T


def lab(rgb):
    """CIELAB of sRGB from 0 to 1."""
    light = np.where(rgb > 0.04045, ((rgb + 0.055) / 1.055) ** 2.4, rgb / 12.92)
    to_xyz = np.array([[0.4124, 0.2126, 0.0193], [0.3576, 0.7152, 0.1192], [0.1805, 0.0722, 0.9505]])
    xyz = light @ to_xyz / np.array([0.9505, 1.0, 1.089])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1)


def colours_of(small):
    """How much of each of COLOURS is in pictures [N, H, W, 3] of bytes."""
    seen = lab(small[:, ::4, ::4].reshape(len(small), -1, 3) / 255.0)
    known = lab(np.array([rgb for rgb, _ in COLOURS.values()]))
    weight = np.exp(-((seen[:, :, None] - known) ** 2).sum(-1) / (2 * BLUR**2))
    return (weight / (weight.sum(-1, keepdims=True) + 1e-6)).mean(1)


def by_classes(logits, directions):
    """Where the classes that are seen in each picture, more than in the others, draw it."""
    logits = logits.astype(np.float32)
    return unit((logits - logits.mean(0)) @ (named()[0] @ directions))


def by_colours(small, directions):
    amounts = colours_of(small)
    words = embedded(text for _, text in COLOURS.values())
    amounts = (amounts - amounts.mean(0)) / amounts.std(0).mean()
    return unit(amounts @ ((words - words.mean(0)) @ directions))


def described(look):
    """Where the places of a look (what `see.py` wrote) lie, [N, WIDTH]."""
    directions = named()[1]
    return unit(by_classes(look["first"], directions) + SHARE_OF_COLOURS * by_colours(look["small"], directions))


EYE = 48  # directions of what Lite0 sees in which places are told apart


def eye_of(looks):
    """What leads from Lite0's features to directions in which the places of all looks differ most: [1280, EYE] and [EYE]."""
    seen = np.concatenate([look["feature"] for look in looks]).astype(np.float32)
    mean, spread = seen.mean(0), seen.std(0) + 0.05
    matrix = np.linalg.svd((seen - mean) / spread, full_matrices=False)[2][:EYE].T / spread[:, None]
    return matrix, -mean @ matrix


def in_words(look):
    """What is seen at each place, in words: the class and the colour that stand out most."""
    logits = look["first"].astype(np.float32)
    # A class that is seen at one place in ten is the look's, not the place's.
    chance = np.exp(logits - logits.max(1, keepdims=True))
    chance /= chance.sum(1, keepdims=True)
    classes = (chance * np.maximum(np.log(chance + 1e-3) - np.log(chance.mean(0) + 1e-3), 0)).argsort(1)[:, ::-1]
    amounts = colours_of(look["small"])
    colours = ((amounts - amounts.mean(0)) / amounts.std(0)).argmax(1)
    names = list(COLOURS)
    return [f"{CLASSES[row[0]]}, {CLASSES[row[1]]}; {names[colour]}" for row, colour in zip(classes, colours)]
