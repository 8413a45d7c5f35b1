"""Samples bars that are well formed, and writes them as MIDI.

    python sample.py OUT/checkpoint.pt song.mid --bars 16 --minor --tempo 90 --seed 1
"""

import argparse

import numpy as np
import torch

from bars import (A_END, A_PITCH, A_PLACE, M_END, M_LENGTH, M_PITCH, M_PLACE, MOST_AT_ONCE, TOKENS, Bar, midi, parse)
from network import CLASSES, Network
from prepare import facts


def allowed(row, places):
    """Which tokens may follow in a bar that begins so: chords, melody in order, accompaniment in order, upwards."""
    may = np.zeros(TOKENS, bool)
    last = row[-1] if row else -1
    if len(row) < 2:
        may[:M_PLACE] = True
    elif last < M_PLACE or M_LENGTH <= last < M_END:
        before = max((t - M_PLACE for t in row if M_PLACE <= t < M_PITCH), default=-1)
        may[M_PLACE + before + 1:M_PLACE + places] = True
        may[M_END] = True
    elif last < M_PITCH:
        may[M_PITCH:M_LENGTH] = True
    elif last < M_LENGTH:
        may[M_LENGTH:M_END] = True
    elif last == M_END:
        may[A_PLACE:A_PLACE + places] = True
        may[A_END] = True
    elif last < A_PITCH:
        may[A_PITCH:A_END] = True
    else:
        at = max(k for k, t in enumerate(row) if A_PLACE <= t < A_PITCH)
        if len(row) - at <= MOST_AT_ONCE:
            may[last + 1:A_END] = True
        may[row[at] + 1:A_PLACE + places] = True
        may[A_END] = True
    return may


@torch.no_grad()
def sample(network, known, places, random, temperature=0.9):
    """A row of tokens for each row of `known` [bars, FACTS + MOOD]."""
    state, before, out = (None, None), A_END, []
    for fact in known:
        row = []
        while not row or row[-1] != A_END:
            chords = torch.zeros(24)
            for half, token in enumerate(row[:2]):
                chords[12 * half:12 * half + 12] = CLASSES[token]
            if len(row) == 1:
                chords[:] = torch.cat([CLASSES[row[0]], torch.zeros(12)])
            told, state = network(torch.tensor([[before]]), torch.from_numpy(fact)[None, None], chords[None, None], state)
            logits = told[0, 0].numpy() / temperature
            logits[~allowed(row, places)] = -np.inf
            likely = np.exp(logits - logits.max())
            before = int(random.choice(TOKENS, p=likely / likely.sum()))
            row.append(before)
        out.append(row)
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint")
    parser.add_argument("out")
    parser.add_argument("--bars", type=int, default=16)
    parser.add_argument("--minor", action="store_true")
    parser.add_argument("--tempo", type=float, default=100)
    parser.add_argument("--valence", type=float, default=0)
    parser.add_argument("--arousal", type=float, default=0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    network = Network()
    network.load_state_dict(torch.load(options.checkpoint)["network"])
    network.eval()
    usual = Bar(16, melody=[(0, 70, 1)] * 6, acc=[(p, 50 + q) for p in range(0, 16, 2) for q in range(2)])
    mood = [options.valence, options.arousal]
    known = [np.r_[facts(usual, k, options.minor, options.tempo, 0), mood].astype(np.float32) for k in range(options.bars)]
    rows = sample(network, known, 16, np.random.default_rng(options.seed))
    bars = [parse(row, 16) for row in rows]
    scale = (0, 2, 3, 5, 7, 8, 10) if options.minor else (0, 2, 4, 5, 7, 9, 11)
    pitches = [p % 12 in scale for bar in bars for p in [q for _, q, _ in bar.melody] + [q for _, q in bar.acc]]
    print(f"{len(bars)} bars, {np.mean(pitches):.1%} of the notes in the scale")
    midi(bars, options.tempo).save(options.out)


if __name__ == "__main__":
    main()
