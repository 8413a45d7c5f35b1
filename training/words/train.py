"""Train the network that reads words.

    python train.py DATA/prepared.pt OUT --minutes 30

The same command goes on with what OUT holds.
"""

import argparse
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch
import torch.nn.functional as F

from network import BUCKETS, WIDTH, Vocabulary, WordNetwork, batch

BATCH = 192
LONGEST_LINE = 20  # words of a line in training, which are some that follow one another
PIECED = 0.12  # of the words are read by their pieces, so that those learn
LOST = 0.08  # of the words are not read at all
SUNG = ["oh", "oh oh", "yeah", "oh yeah", "baby", "la la la", "hey", "na na na", "uh", "ooh"]
MEANING, CLASS, PLACE = 1.0, 0.5, 4.0  # what each answer's loss counts
SPANISH = 0.35  # of the lines


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("prepared", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--steps", type=int, help="at most")
    parser.add_argument("--begin", type=Path, help="begin with this checkpoint")
    parser.add_argument("--lr", type=float, default=2e-3)
    return parser.parse_args()


def augmented(words, random):
    """A line as lyrics have it: mostly without marks, with what is sung between."""
    if random.random() < 0.6:
        words = [word for word in words if word not in "!?"]
    for at in (0, len(words)):
        if random.random() < 0.06:
            words = words[:at] + SUNG[random.integers(len(SUNG))].split() + words[at:]
    if len(words) < LONGEST_LINE // 2 and random.random() < 0.04:
        words = words + words
    at = random.integers(max(len(words) - LONGEST_LINE, 0) + 1)
    return words[at : at + LONGEST_LINE] or ["?"]


def drawn(out, vocabulary, random):
    """A batch, and what is to be told of it."""
    names = list(out)
    chances = np.array([source.share for source in out.values()])
    chances /= chances.sum()
    lines, targets = [], []
    for name in random.choice(names, BATCH, p=chances):
        source = out[name]
        k = random.integers(len(source.english))
        words = augmented((source.spanish if source.spanish and random.random() < SPANISH else source.english)[k], random)
        line = []
        for word, chance in zip(words, random.random(len(words))):
            if chance >= LOST or len(words) < 3:
                line.append(vocabulary.buckets(word) if LOST <= chance < LOST + PIECED else vocabulary.rows(word))
        lines.append(line or [vocabulary.rows(words[0])])
        targets.append((source.meaning[k], source.meant[k], source.classes[k], source.classed[k], source.place[k], source.placed[k]))
    return batch(lines), [torch.from_numpy(np.stack(column)) for column in zip(*targets)]


def losses(answers, meaning, targets):
    meant_for, meant, classes, classed, place, placed = targets
    of_meaning = (meant * (1 - (meaning * meant_for).sum(1))).mean()
    of_class = (classed * F.cross_entropy(answers[:, 2:], classes, reduction="none")).mean()
    of_place = (placed * (answers[:, :2] - place) ** 2).mean()
    return of_meaning, of_class, of_place


def main():
    args = arguments()
    torch.set_num_threads(1)
    args.out.mkdir(parents=True, exist_ok=True)
    prepared = torch.load(args.prepared, weights_only=False)
    out = {name: SimpleNamespace(**source) for name, source in prepared["sources"].items()}
    vocabulary = Vocabulary(prepared["words"])
    network = WordNetwork(len(vocabulary))
    saved = args.out / "checkpoint.pt"
    begin = saved if saved.exists() else args.begin
    if begin:
        network.load_state_dict(torch.load(begin, weights_only=False)["network"])
    else:
        with torch.no_grad():
            network.table.weight.copy_(prepared["table"])
            for mix in network.mix:
                mix.weight.zero_()
            network.meaning.weight.copy_(torch.cat([torch.eye(WIDTH), torch.zeros(WIDTH, WIDTH)], 1))
    sums = sum(p.numel() for p in network.parameters())
    print(f"{len(vocabulary)} words and {BUCKETS} pieces, {sums} weights;", {n: len(s.english) for n, s in out.items()}, flush=True)
    dense = [p for name, p in network.named_parameters() if not name.startswith("table")]
    best = [torch.optim.AdamW(dense, args.lr, weight_decay=0.01), torch.optim.SparseAdam(list(network.table.parameters()), args.lr)]
    begun = last = time.time()
    done = step = 0
    random = np.random.default_rng()
    shown = np.zeros(3)
    while done < 1:
        done = min(max((time.time() - begun) / 60 / args.minutes, step / args.steps if args.steps else 0), 1)
        for optimizer in best:
            for group in optimizer.param_groups:
                group["lr"] = args.lr * min(1, step / 100) * (0.02 + 0.98 * (1 - done))
        network.train()
        lines, targets = drawn(out, vocabulary, random)
        answers, meaning, _ = network(*lines)
        parts = losses(answers, meaning, targets)
        loss = MEANING * parts[0] + CLASS * parts[1] + PLACE * parts[2]
        for optimizer in best:
            optimizer.zero_grad(set_to_none=True)
        loss.backward()
        for optimizer in best:
            optimizer.step()
        step += 1
        shown = shown + (np.array([p.item() for p in parts]) - shown) / min(step, 200)
        if time.time() - last > 60 or done >= 1:
            last = time.time()
            print(f"{step} steps, {100 * done:.0f} %: meaning {shown[0]:.4f} class {shown[1]:.4f} place {shown[2]:.4f}", flush=True)
            torch.save({"network": network.state_dict(), "words": vocabulary.words, "directions": prepared["directions"]}, saved)


if __name__ == "__main__":
    main()
