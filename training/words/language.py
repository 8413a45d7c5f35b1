"""Learn which language a line is in: English, Spanish or another.

    python language.py DATA OUT PACKAGES

PACKAGES is a folder of wheels: Django and Wagtail (BSD), whose translations are sentences in some eighty languages,
stopwordsiso and spaCy (MIT), their commonest words and a few sentences, Faker (MIT), common words. English and Spanish are
also DATA's, the latter as apertium has it, and so are the near ones (`near.sh`): Portuguese, Italian, Catalan. Tested on what people wrote (`--test`): see `tongues.py`.
"""

import argparse
import ast
import functools
import json
import re
import zipfile
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from spelling import fnv, runs, words_of

BUCKETS = 16384
RUNS = (2, 3)
LAST_LATIN = "\u024f"  # words with letters beyond are all one: in another script
LANGUAGES = ["english", "spanish", "other"]


def features(text):
    """For each word of a line, the buckets of its runs of letters and of itself."""
    return [of_word(word) for word in words_of(text) if word not in "!?"]


@functools.cache
def of_word(word):
    if any(letter > LAST_LATIN and letter.isalpha() for letter in word):
        return [fnv("*") % BUCKETS]
    parts = [run for n in RUNS for run in runs(word, n)] + [f"={word}"]
    return [fnv(part) % BUCKETS for part in parts]


def translations(text):
    """(original, translation) of a gettext file's plain entries."""
    found = re.findall(r'^msgid ((?:".*"\n)+)msgstr ((?:".*"\n?)+)', text, re.M)
    for original, translated in found:
        pair = ["".join(ast.literal_eval(part) for part in re.findall(r'".*"', said)) for said in (original, translated)]
        yield [re.sub(r"%\(\w+\)\w|%\w|\{[^}]*\}|<[^>]*>|https?\S+", " ", said) for said in pair]


def class_of(code):
    code = code.lower().replace("_", "-").split("-")[0]
    return {"en": 0, "es": 1}.get(code, 2)


def package_lines(folder):
    """(line, class, language code) of the wheels in a folder."""
    for wheel in folder.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                po = re.search(r"/locale/([\w@]+)/LC_MESSAGES/.*\.po$", name)
                spacy = re.search(r"spacy/lang/(\w\w)/(stop_words|examples)\.py$", name)
                faker = re.search(r"faker/providers/lorem/(\w+)/__init__\.py$", name)
                read = lambda: archive.read(name).decode(errors="ignore")
                if po:
                    for original, said in translations(read()):
                        if said.strip() and said != original:
                            yield said, class_of(po[1]), po[1]
                            yield original, 0, "en"
                elif spacy:
                    for said in re.findall(r'"""([^"]*)"""|"([^"\n]{3,})"', read()):
                        yield " ".join(said), class_of(spacy[1]), spacy[1]
                elif faker:
                    words = re.findall(r'"([^"\n]{2,})"', read())
                    for k in range(0, len(words) - 6, 6):
                        if faker[1] != "la":
                            yield " ".join(words[k : k + 6]), class_of(faker[1]), faker[1]
                elif name.endswith("stopwords-iso.json"):
                    for code, words in json.loads(read()).items():
                        for _ in range(8):
                            for k in range(0, len(words) - 6, 6):
                                yield " ".join(words[k : k + 6]), class_of(code), code


def gather(data, folder):
    """Lines of each language, shortened to what is sung at once."""
    by_language = {}
    for line, kind, code in package_lines(folder):
        by_language.setdefault((kind, code if kind == 2 else ""), set()).add(" ".join(line.split()))
    for name in ["goemotions", "examples", "bible", "composed"]:
        for end, kind in [(".txt", 0), (".es.txt", 1)]:
            path = data / f"{name}{end}"
            if path.exists():
                by_language.setdefault((kind, ""), set()).update(path.read_text().splitlines()[:12000])
    for path in data.glob("near.*.txt"):
        by_language.setdefault((2, path.name.split(".")[1]), set()).update(path.read_text().splitlines())
    return {key: sorted(line for line in lines if line) for key, lines in by_language.items()}


def drawn(lines, random, count):
    """Lines and classes: a third each; of the others, those that are near come more often."""
    near = {"pt": 12, "pt_BR": 6, "it": 12, "gl": 2, "ca": 6, "fr": 6, "de": 2, "nl": 2, "la": 1, "ro": 2, "eu": 1, "sv": 2, "da": 2, "nb": 2, "pl": 2}
    others = [key for key in lines if key[0] == 2]
    chances = np.array([near.get(code, 1) for _, code in others], float)
    out, classes = [], []
    for _ in range(count):
        kind = random.integers(3)
        key = (kind, "") if kind < 2 else others[random.choice(len(others), p=chances / chances.sum())]
        words = features(lines[key][random.integers(len(lines[key]))])
        if not words:
            continue
        n = min(len(words), 1 + random.geometric(0.18))
        at = random.integers(len(words) - n + 1)
        out.append(words[at : at + n])
        classes.append(kind)
    return out, torch.tensor(classes)


class Languages(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.table = torch.nn.EmbeddingBag(BUCKETS, 3, mode="sum")
        torch.nn.init.zeros_(self.table.weight)
        self.bias = torch.nn.Parameter(torch.zeros(3))

    def forward(self, lines):
        rows = [row for line in lines for word in line for row in word]
        weights = [1 / len(word) for line in lines for word in line for _ in word]
        sizes = [sum(map(len, line)) for line in lines]
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
        return self.table(torch.tensor(rows), torch.from_numpy(starts), torch.tensor(weights)) + self.bias


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("packages", type=Path)
    parser.add_argument("--steps", type=int, default=3000)
    args = parser.parse_args()
    torch.set_num_threads(1)
    random = np.random.default_rng(3)
    lines = gather(args.data, args.packages)
    print({name: sum(len(of) for (k, _), of in lines.items() if k == kind) for kind, name in enumerate(LANGUAGES)})
    network = Languages()
    best = torch.optim.Adam(network.parameters(), 0.05)
    for step in range(args.steps):
        x, kinds = drawn(lines, random, 256)
        loss = F.cross_entropy(network(x), kinds) + 2e-6 * (network.table.weight**2).sum()
        best.zero_grad()
        loss.backward()
        for group in best.param_groups:
            group["lr"] = 0.05 * (1 - step / args.steps)
        best.step()
        if step % 100 == 99:
            print(step + 1, f"{loss.item():.3f}", flush=True)
            torch.save(network.state_dict(), args.out / "language.pt")


if __name__ == "__main__":
    main()
