"""Gather the sentences that the network learns from, one file a source: `DATA/SOURCE.txt`, a sentence a line.

    python corpus.py DATA --text SHARED/data/text

GoEmotions and EmoBank are read where they lie. WordNet's examples and glosses and the King James Bible are Debian's
(`apt-get install wordnet-base bible-kjv`). Words are those of all of them, the commonest first, with the two lexicons'.
"""

import argparse
import collections
import csv
import re
import subprocess
import zlib
from pathlib import Path

from spelling import words_of

WORDNET = Path("/usr/share/wordnet")
WORDS = 24000  # of which the teacher is asked
FOLDS = 5  # of EmoBank


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--text", type=Path, required=True, help="shared/data/text")
    return parser.parse_args()


def goemotions(text, part):
    """(sentence, labels) of a part: train, dev or test."""
    lines = (text / "goemotions" / f"{part}.tsv").read_text().splitlines()
    rows = [line.split("\t") for line in lines if line.count("\t") == 2]
    return [(row[0], [int(label) for label in row[1].split(",")]) for row in rows]


def emobank(text):
    """Rows of EmoBank in its own order: id, sentence, valence and arousal from 1 to 5."""
    with open(text / "emobank" / "emobank.csv") as file:
        return [(row["id"], row["text"], float(row["V"]), float(row["A"])) for row in csv.DictReader(file)]


def document_of(name):
    """The document of an EmoBank sentence; headlines (SemEval) are one each."""
    return re.sub(r"_\d+_\d+$", "", name)


def fold_of(name):
    return zlib.crc32(document_of(name).encode()) % FOLDS


def lexicons(text):
    """{word: (valence, arousal or None)}, both from -1 to 1: Glasgow's where it has the word, else labMT's."""
    known = {}
    with open(text / "labmt1_happiness.csv") as file:
        for row in csv.DictReader(file):
            known[row["word"].lower()] = (float(row["valence"]), None)
    with open(text / "glasgow_norms_vad.csv") as file:
        for row in csv.DictReader(file):
            word = row["Word"].lower().split(" (")[0]
            known[word] = (float(row["valence"]), float(row["arousal"]))
    return {word: mood for word, mood in known.items() if words_of(word) == [word]}


def wordnet():
    """Examples and glosses: two lists."""
    examples, glosses = [], []
    for part in ["noun", "verb", "adj", "adv"]:
        for line in (WORDNET / f"data.{part}").read_text(errors="ignore").splitlines():
            if line.startswith("  ") or " | " not in line:
                continue
            gloss = line.split(" | ", 1)[1]
            examples += re.findall(r'"([^"]{8,160})"', gloss)
            meaning = re.sub(r'"[^"]*"', "", gloss).strip(" ;")
            if len(meaning) > 8:
                glosses.append(re.sub(r"\([^)]*\)", "", meaning).strip()[:160])
    return examples, glosses


def bible():
    """Half verses: about as long as a line that is sung."""
    told = subprocess.run(["bible", "-f", "genesis1:1-revelation22:21"], capture_output=True, text=True).stdout
    verses = [re.sub(r"^\S+\s+", "", verse) for verse in told.splitlines()]
    halves = [half for verse in verses for half in re.split(r"(?<=[;:.?!])\s+", verse)]
    return [half for half in halves if 8 <= len(half) <= 160]


def write(path, lines):
    seen = dict.fromkeys(" ".join(line.split()) for line in lines)
    path.write_text("".join(f"{line}\n" for line in seen if line))
    print(path.name, len(seen))


def main():
    args = arguments()
    args.data.mkdir(parents=True, exist_ok=True)
    told = [s for part in ["train", "dev"] for s, _ in goemotions(args.text, part)]
    examples, glosses = wordnet()
    verses = bible()
    write(args.data / "goemotions.txt", told)
    write(args.data / "goemotions-test.txt", [s for s, _ in goemotions(args.text, "test")])
    write(args.data / "emobank.txt", [s for _, s, _, _ in emobank(args.text)])
    write(args.data / "examples.txt", examples)
    write(args.data / "glosses.txt", glosses)
    write(args.data / "bible.txt", verses)
    counts = collections.Counter()
    for line in [*told, *examples, *glosses, *verses]:
        counts.update(words_of(line))
    known = lexicons(args.text)
    for word in known:
        counts[word] += 3
    common = [word for word, n in counts.most_common() if n > 2 and len(word) > 1]
    write(args.data / "words.txt", [*common[:WORDS], *(w for w in known if w not in set(common[:WORDS]))])


if __name__ == "__main__":
    main()
