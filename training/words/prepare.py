"""Make of DATA what the network learns from: `DATA/prepared.pt`, read by train.py.

    python prepare.py DATA --text SHARED/data/text

EmoBank is not in it: it measures.
"""

import argparse
import collections
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from corpus import goemotions, lexicons
from labels import classes_at, composed_of, of_emotions
from network import BUCKETS, WIDTH, Vocabulary
from teacher import vectors_of

ENGLISH, SPANISH = 15000, 12000  # words with a vector of their own
SCALE = 3.0  # length of a word's vector in the beginning


class Source:
    """Lines of one kind and what is to be told of each; weights of 0 where it is not known."""

    def __init__(self, english, spanish, share):
        self.english, self.spanish, self.share = english, spanish, share
        n = len(english)
        self.meaning, self.meant = np.zeros((n, WIDTH), np.float32), np.zeros(n, np.float32)
        self.classes, self.classed = np.zeros((n, 9), np.float32), np.zeros(n, np.float32)
        self.place, self.placed = np.zeros((n, 2), np.float32), np.zeros((n, 2), np.float32)

    def means(self, rows, vectors):
        self.meaning[rows] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        self.meant[rows] = 1


def lines_of(data, name, end=".txt"):
    path = data / f"{name}{end}"
    return path.read_text().splitlines() if path.exists() else None


class Teacher:
    """What the sentence embeddings say of classes and places, fitted to GoEmotions' people and Glasgow's."""

    def __init__(self, x, classes, places, weight):
        x = torch.from_numpy(np.concatenate([x, np.ones((len(x), 1))], 1)).float()
        self.dense = torch.linalg.solve(x.T @ (weight[:, None] * x) + 5 * torch.eye(x.shape[1]), x.T @ (weight[:, None] * places))
        self.logits = torch.zeros(x.shape[1], 9, requires_grad=True)
        best = torch.optim.LBFGS([self.logits], max_iter=60)
        felt = classes.sum(1) > 0

        def loss():
            best.zero_grad()
            told = F.cross_entropy(x[felt] @ self.logits, classes[felt]) + 1e-5 * (self.logits**2).sum()
            told.backward()
            return told

        best.step(loss)

    @torch.no_grad()
    def __call__(self, x):
        x = torch.from_numpy(np.concatenate([x, np.ones((len(x), 1))], 1)).float()
        return (x @ self.dense).numpy(), (x @ self.logits).softmax(1).numpy()


def fitted_teacher(texts, vectors, known, places, classes):
    of_people, x = vectors["goemotions"]
    of_words, y = vectors["words"]
    rated = [n for n, k in enumerate(of_words) if known.get(texts["words"][k], (0, None))[1] is not None]
    word_places = np.array([known[texts["words"][of_words[n]]] for n in rated], np.float32)
    return Teacher(
        np.concatenate([x, y[rated]]),
        torch.from_numpy(np.concatenate([classes[of_people], np.zeros((len(rated), 9), np.float32)])),
        torch.from_numpy(np.concatenate([places[of_people], word_places])),
        torch.ones(len(x) + len(rated)),
    )


def sources(args):
    """All that is learned from, and the directions of the teacher's space that meaning keeps [384, 96]."""
    data = args.data
    told = [row for part in ["train", "dev"] for row in goemotions(args.text, part)]
    of = {" ".join(text.split()): labels for text, labels in told}
    known = lexicons(args.text)
    texts = {name: lines_of(data, name) for name in ["goemotions", "words", "examples", "bible"]}
    vectors = {name: vectors_of(data, name) for name in texts if (data / f"{name}.npy").exists()}
    # As much of each source, or words alone would choose.
    some = np.concatenate([x[:4000] for _, x in vectors.values()])
    directions = np.linalg.eigh(some.T @ some)[1][:, ::-1][:, :WIDTH].copy()
    places, classes = of_emotions([of[text] for text in texts["goemotions"]])
    teacher = fitted_teacher(texts, vectors, known, places, classes)
    shares = {"goemotions": 0.4, "words": 0.15, "examples": 0.2, "bible": 0.12}
    out = {}
    for name, (rows, x) in vectors.items():
        source = out[name] = Source(texts[name], lines_of(data, name, ".es.txt"), shares[name])
        source.means(rows, x @ directions)
        source.place[rows], source.classes[rows] = teacher(x)
        source.placed[rows], source.classed[rows] = 0.3, 0.3
    people = out["goemotions"]
    asked = (people.classed > 0)[:, None]
    people.place = np.where(asked, 0.6 * places + 0.4 * people.place, places)
    people.classes = np.where(asked, 0.65 * classes + 0.35 * people.classes, classes)
    people.placed[:], people.classed[:] = 1, 1
    words = out["words"]
    for k, word in enumerate(texts["words"]):
        valence, arousal = known.get(word, (None, None))
        if valence is not None:
            words.place[k, 0], words.placed[k, 0] = valence, 1
        if arousal is not None:
            words.place[k, 1], words.placed[k, 1] = arousal, 1
    made = composed_of(args.text)
    source = out["composed"] = Source([line for line, _, _ in made], lines_of(data, "composed", ".es.txt"), 0.08)
    source.place = np.array([place for _, *place in made], np.float32)
    source.classes = classes_at(source.place)
    source.placed[:], source.classed[:] = 1, 0.5
    return out, directions


def told(source):
    """A source as train.py has it: lines as words."""
    read = lambda lines: lines and [read_line(line) for line in lines]
    source.english, source.spanish = read(source.english), read(source.spanish)


def read_line(text):
    return Vocabulary([]).line(text.replace("[NAME]", "").replace("[RELIGION]", ""))


def vocabulary_of(out):
    """The commonest words of either language, those of the lexicons counted more."""
    most = {}
    for language, size in [("english", ENGLISH), ("spanish", SPANISH)]:
        counts = collections.Counter()
        for name, source in out.items():
            for line in getattr(source, language) or []:
                counts.update(line * 2 if name == "words" else line)
        most[language] = [word for word, n in counts.most_common(size) if n > 1]
    return sorted({word for words in most.values() for word in words}, key=str.encode)


def begun_table(table, vocabulary, data, directions):
    """Sets each word's vector to the teacher's of that word, in Spanish to those of the words that it translates; of words that
    the teacher was not asked about to those of words that begin alike; of pieces to the words that have them."""
    rows, x = vectors_of(data, "words")
    x = x @ directions
    x *= SCALE / np.linalg.norm(x, axis=1, keepdims=True)
    known = {}
    for name in ("words.es.txt", "words.txt"):
        words = (data / name).read_text().splitlines()
        told = {}
        for row, vector in zip(rows, x):
            line = vocabulary.line(words[row])
            if len(line) == 1:
                told.setdefault(line[0], []).append(vector)
        known |= {word: np.mean(vectors, 0) for word, vectors in told.items()}
    alike = {}
    for word, vector in known.items():
        for n in range(3, min(len(word), 8) + 1):
            alike.setdefault(word[:n], []).append(vector)
    buckets = np.zeros((BUCKETS, WIDTH)), np.full(BUCKETS, 0.5)
    for row, word in enumerate(vocabulary.words):
        begins = next((word[:n] for n in range(8, 2, -1) if word[:n] in alike), None)
        vector = known.get(word)
        if vector is None and begins:
            vector = np.mean(alike[begins], 0)
        if vector is None:
            continue
        table[row] = torch.from_numpy(vector)
        for bucket in vocabulary.buckets(word):
            buckets[0][bucket - len(vocabulary)] += vector
            buckets[1][bucket - len(vocabulary)] += 1
    table[len(vocabulary) :] = torch.from_numpy(buckets[0] / buckets[1][:, None])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--text", type=Path, required=True)
    args = parser.parse_args()
    torch.set_num_threads(1)
    out, directions = sources(args)
    for source in out.values():
        told(source)
    vocabulary = Vocabulary(vocabulary_of(out))
    table = torch.randn(len(vocabulary) + BUCKETS, WIDTH) * 0.1
    begun_table(table, vocabulary, args.data, directions)
    kept = {"words": vocabulary.words, "directions": directions, "table": table, "sources": {k: vars(v) for k, v in out.items()}}
    torch.save(kept, args.data / "prepared.pt")
    print(len(vocabulary), "words;", {name: len(source.english) for name, source in out.items()})


if __name__ == "__main__":
    main()
