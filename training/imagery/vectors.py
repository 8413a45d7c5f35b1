"""Learn where each word draws a line: `python vectors.py DATA OUT/vectors.npz`.

DATA is what `../words/corpus.py` and `../words/teacher.py` wrote. A line lies at the sum of its words' vectors, which are learned so
that it points where the teacher sees the whole line. Spanish words take the vectors of what they translate.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import torch

from spaces import WIDTH, embedded, named, spell, unit

sys.path.append(str(Path(__file__).parents[1] / "words"))
from teacher import vectors_of  # noqa: E402

MORE = dict(bible=7000, examples=9000, glosses=6000)  # lines that the teacher is asked about here
COUNTED = "goemotions", "bible", "examples"
RARE = 1e-3  # share of lines from which on a word begins to weigh less
WORDS = dict(en=9500, es=4500)
EPOCHS, BATCH, RATE = 2, 256, 2e-3
OF_WORDS = 0.3  # how much a word by itself counts beside a line


def counts(data, sources):
    count, lines = Counter(), 0
    for source in sources:
        for line in (data / source).read_text().splitlines():
            count.update(set(spell(line)))
            lines += 1
    return count, lines


def asked(data):
    """Lines and what the teacher makes of them."""
    texts, told = [], []
    for source in ("goemotions", "emobank"):
        rows, vectors = vectors_of(data, source)
        lines = (data / f"{source}.txt").read_text().splitlines()
        texts += [lines[row] for row in rows]
        told.append(unit(vectors))
    random = np.random.default_rng(1)
    for source, count in MORE.items():
        cached = data / f"{source}-{count}.npz"
        if not cached.exists():
            lines = (data / f"{source}.txt").read_text().splitlines()
            lines = [line for line in lines if 3 <= len(line.split()) <= 24]
            lines = [lines[row] for row in random.permutation(len(lines))[:count]]
            np.savez(cached, lines=np.array(lines), vectors=embedded(lines).astype(np.float16))
            print(source, flush=True)
        known = np.load(cached)
        texts += list(known["lines"])
        told.append(unit(known["vectors"].astype(np.float32)))
    return texts, np.concatenate(told)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    torch.manual_seed(0)
    directions = named()[1]
    rows, of_words = vectors_of(args.data, "words")
    listed = (args.data / "words.txt").read_text().splitlines()
    words = [listed[row] for row in rows]
    place = {word: k for k, word in enumerate(words)}
    of_words = unit(of_words)
    lines, of_lines = asked(args.data)
    target = unit(np.concatenate([of_words - of_words.mean(0), of_lines - of_lines.mean(0)]) @ directions)
    weight = np.repeat(np.float32([OF_WORDS, 1]), [len(words), len(lines)])
    spelled = [[place[word] for word in spell(text) if word in place] for text in words + lines]
    known = [k for k, line in enumerate(spelled) if line]

    count, total = counts(args.data, [f"{source}.txt" for source in COUNTED])
    rare = np.float32([RARE / (RARE + count[word] / total) for word in words])
    table = torch.nn.EmbeddingBag(len(words), WIDTH, mode="sum")
    begin = ((of_words - of_words.mean(0)) @ directions) * rare[:, None]
    table.weight.data = torch.from_numpy(begin.astype(np.float32))
    optimizer = torch.optim.Adam(table.parameters(), lr=RATE)
    random = np.random.default_rng(0)
    for epoch in range(EPOCHS):
        order, far = random.permutation(known), 0.0
        for begin in range(0, len(order), BATCH):
            at = order[begin : begin + BATCH]
            starts = np.cumsum([0] + [len(spelled[k]) for k in at[:-1]])
            found = table(torch.tensor(sum((spelled[k] for k in at), [])), torch.from_numpy(starts))
            cosine = torch.cosine_similarity(found, torch.from_numpy(target[at].astype(np.float32)))
            loss = ((1 - cosine) * torch.from_numpy(weight[at])).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            far += float((1 - cosine).detach().sum())
        print(f"epoch {epoch + 1}: {far / len(order):.3f} from the teacher")

    vectors = table.weight.data.numpy()
    chosen = {}
    most = np.linalg.norm(vectors, axis=1) * np.sqrt([count[word] + 0.5 for word in words])
    for k in np.argsort(-most)[: WORDS["en"]]:
        chosen.setdefault(words[k], vectors[k])
    spanish = (args.data / "words.es.txt").read_text().splitlines()
    count, _ = counts(args.data, ["goemotions.es.txt"])
    translated = {}
    for english, word in zip(listed, spanish):
        heard = spell(word)
        if len(heard) == 1 and heard[0] not in place and english in place:
            translated.setdefault(heard[0], vectors[place[english]])
    far = lambda word: np.linalg.norm(translated[word]) * np.sqrt(count[word] + 0.5)
    for word in sorted(translated, key=far, reverse=True)[: WORDS["es"]]:
        chosen.setdefault(word, translated[word])
    names = sorted(chosen, key=lambda word: word.encode())
    np.savez(args.out, words=np.array(names), vectors=np.stack([chosen[word] for word in names]))
    print(f"{len(names)} words")


if __name__ == "__main__":
    main()
