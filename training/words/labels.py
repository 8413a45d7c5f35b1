"""What sentences and words are labelled with: GoEmotions' 28 labels as ArtEmis classes and as places on the circumplex.

    python labels.py DATA --text SHARED/data/text

writes the composed lines, `DATA/composed.txt`, to be translated.
"""

import argparse
import re
from pathlib import Path

import numpy as np

from corpus import WORDNET, lexicons

# In the order of the program's circumplex; the ninth is that nothing is felt.
CLASSES = ["amusement", "contentment", "awe", "excitement", "anger", "disgust", "fear", "sadness", "none"]
POINTS = np.array([[0.55, 0.20], [0.82, -0.56], [0.42, 0.89], [0.70, 0.72], [-0.42, 0.78], [-0.67, 0.49], [-0.11, 0.78], [-0.82, -0.40]])
CLASS_WIDTH = 0.35

# GoEmotions' labels in its own order: valence (the Glasgow norm of the word, or of its nearest form), arousal (ours, after
# Russell 1980: Glasgow's rises with valence), and the classes.
EMOTIONS = [
    ("admiration", 0.66, 0.30, {"awe": 0.7, "contentment": 0.3}),
    ("amusement", 0.66, 0.40, {"amusement": 1}),
    ("anger", -0.62, 0.75, {"anger": 1}),
    ("annoyance", -0.63, 0.35, {"anger": 1}),
    ("approval", 0.55, -0.10, {"contentment": 0.5, "none": 0.5}),
    ("caring", 0.68, -0.20, {"contentment": 1}),
    ("confusion", -0.35, 0.10, {"none": 0.8, "fear": 0.2}),
    ("curiosity", 0.20, 0.15, {"none": 1}),
    ("desire", 0.48, 0.50, {"excitement": 1}),
    ("disappointment", -0.64, -0.30, {"sadness": 1}),
    ("disapproval", -0.50, 0.15, {"anger": 0.6, "disgust": 0.4}),
    ("disgust", -0.66, 0.35, {"disgust": 1}),
    ("embarrassment", -0.65, 0.05, {"sadness": 0.6, "fear": 0.4}),
    ("excitement", 0.82, 0.80, {"excitement": 1}),
    ("fear", -0.61, 0.60, {"fear": 1}),
    ("gratitude", 0.71, -0.05, {"contentment": 1}),
    ("grief", -0.80, -0.15, {"sadness": 1}),
    ("joy", 0.80, 0.45, {"excitement": 0.5, "contentment": 0.3, "amusement": 0.2}),
    ("love", 0.91, 0.30, {"contentment": 0.7, "excitement": 0.3}),
    ("nervousness", -0.49, 0.35, {"fear": 1}),
    ("optimism", 0.80, 0.20, {"contentment": 0.5, "excitement": 0.5}),
    ("pride", 0.52, 0.40, {"excitement": 0.5, "contentment": 0.5}),
    ("realization", 0.05, -0.05, {"none": 1}),
    ("relief", 0.55, -0.40, {"contentment": 1}),
    ("remorse", -0.60, -0.30, {"sadness": 1}),
    ("sadness", -0.79, -0.40, {"sadness": 1}),
    ("surprise", 0.30, 0.60, {"awe": 0.6, "excitement": 0.4}),
    ("neutral", 0.03, -0.20, {"none": 1}),
]
PLACES = np.array([[valence, arousal] for _, valence, arousal, _ in EMOTIONS], np.float32)
SHARES = np.array([[classes.get(name, 0) for name in CLASSES] for _, _, _, classes in EMOTIONS], np.float32)

# In three classes, as the first project's test had them.
THREE = ["angry", "excitement", "sadness"]
THREE_OF = {"anger": 0, "annoyance": 0, "excitement": 1, "joy": 1, "sadness": 2, "grief": 2, "disappointment": 2, "remorse": 2}


def of_emotions(rows):
    """(places [N, 2], classes [N, 9]) of lists of GoEmotions' label numbers: their mean."""
    return np.stack([PLACES[row].mean(0) for row in rows]), np.stack([SHARES[row].mean(0) for row in rows])


def classes_at(points, nothing=0.3):
    """[N, 9]: the classes about places on the circumplex, as the program has them, `nothing` of it none."""
    squares = ((np.asarray(points)[:, None] - POINTS) ** 2).sum(-1)
    weights = np.exp(-squares / (2 * CLASS_WIDTH**2))
    weights *= (1 - nothing) / weights.sum(1, keepdims=True)
    return np.concatenate([weights, np.full((len(weights), 1), nothing)], 1).astype(np.float32)


# Lines about a quality and about a thing: as they are, and turned over.
IS = "i am {}|i'm so {}|you make me feel {}|feeling {} tonight|the world is {}|we were {} together|it's a {} day|so {}, oh so {}|my heart is {}|they are {}"
IS_NOT = "i am not {}|i'm never {}|i don't feel {}|it is not {}|i was not {}|not {} anymore|ain't {}|nothing is {}|you are not {}|never {} again|i can't be {}"
HAS = "{} in my heart|full of {}|give me {}|i feel the {}|there is {} everywhere|all this {}|{} all night long|living with {}"
HAS_NOT = "no {}|no more {}|there is no {}|without {}|free from {}|i don't feel the {}|the {} is gone|no {} anymore|i have no {}"
TURNED = -0.6  # what is left of valence in "not": its opposite, weaker
CALMED = 0.5  # what is left of arousal


def composed(known, kinds, random, count):
    """`count` of (line, valence, arousal): made of words of the lexicon, of which `kinds` says which are adjectives ("a") and
    nouns ("n"). So that "not" and "no more" are learned, which few labels teach."""
    words = [word for word, (valence, arousal) in known.items() if arousal is not None and abs(valence) > 0.25 and kinds.get(word)]
    lines = []
    for _ in range(count):
        word = words[random.integers(len(words))]
        valence, arousal = known[word]
        turned = random.random() < 0.5
        frames = {"a": (IS, IS_NOT), "n": (HAS, HAS_NOT)}[kinds[word]][turned].split("|")
        line = frames[random.integers(len(frames))].replace("{}", word)
        lines.append((line, valence * TURNED, arousal * CALMED - 0.1) if turned else (line, valence, arousal))
    return lines


def kinds_of(wordnet):
    """{word: "a" or "n"}: what WordNet has a word as most often, where that is an adjective or a noun."""
    counts = {}
    for line in (wordnet / "cntlist.rev").read_text().splitlines():
        found = re.match(r"([a-z]+)%(\d):\S+ \d+ (\d+)", line)
        if found:
            word, kind, n = found.groups()
            of = counts.setdefault(word, {})
            of[kind] = of.get(kind, 0) + int(n)
    names = {"1": "n", "3": "a", "5": "a"}
    most = {word: max(of, key=of.get) for word, of in counts.items()}
    return {word: names[kind] for word, kind in most.items() if kind in names}


def composed_of(text):
    """The composed lines, always the same: (line, valence, arousal)."""
    return composed(lexicons(text), kinds_of(WORDNET), np.random.default_rng(7), 12000)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--text", type=Path, required=True)
    args = parser.parse_args()
    (args.data / "composed.txt").write_text("".join(f"{line}\n" for line, _, _ in composed_of(args.text)))


if __name__ == "__main__":
    main()
