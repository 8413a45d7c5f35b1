"""The network that hears bars: a recurrent one that goes from beat to beat.

    python bars.py OUT --set MUSIC --set POP --minutes 15 --from ../../models/beat.safetensors

Takes the folders that train.py takes. It is told what was heard between the beats, in quarters of a beat, and on each of
them, and tells of each beat which of a bar it is: the sums over what the sets know, beats moved by some milliseconds, and
the beats that the program hears in them, where a set has these (`live` and `film`, by examples/beats.rs). What is kept is
what hears the songs aside best.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import load_file

from data import DELAY, songs_of
from features import BANDS, CHROMA, HOP, PARTS, with_rises
from network import METRES
from train import is_aside

SLOTS = 4  # of a beat
AROUND = 2  # hops about a beat that are on it
SPOT = 2 * PARTS  # parts and their rises
INPUTS = SPOT * (1 + SLOTS) + 2 * CHROMA + BANDS + 2
SQUEEZED, STATE = 48, 64
PLACES = sum(METRES)  # of all metres
FIRST = np.cumsum((0,) + METRES[:-1])  # where each metre's places begin
LENGTH = 64  # beats of an excerpt in training
DROP = 0.3
CUT = 0.2  # how often bars of four are cut to other bars
CUTS = {7: (4, 3), 5: (3, 2), 6: (3, 3), 3: (3,)}  # beats that are left of bars, which together are one
NEAR = 0.07  # seconds from a true beat within which one that was heard is that beat
SAME = 0.15  # by how much the time from beat to beat may differ, relatively


class BarNetwork(nn.Module):
    """Inputs [N, beats, INPUTS] to logits [N, beats, PLACES]."""

    def __init__(self):
        super().__init__()
        self.squeeze = nn.Linear(INPUTS, SQUEEZED)
        self.memory = nn.GRU(SQUEEZED, STATE, batch_first=True)
        self.last = nn.Linear(STATE, PLACES)

    def forward(self, x, drop=0.0):
        x = F.dropout(F.elu(self.squeeze(x)), drop, self.training)
        x, _ = self.memory(x)
        return self.last(F.dropout(x, drop, self.training))


def beat_inputs(heard, times):
    """What is heard of each beat but the first and of the time before it: [beats - 1, INPUTS], from `heard` as
    features.heard has it. A hop tells of the time `DELAY` before its end; the first that tells of a beat, and `AROUND`
    on either side, are on it."""
    inputs = with_rises(heard)
    at = np.ceil((times + DELAY) / HOP).astype(int) - 1
    rows = np.zeros((len(times) - 1, INPUTS), np.float32)
    for k in range(1, len(at)):
        on = inputs[max(0, at[k] - AROUND) : max(0, at[k]) + AROUND + 1]
        between = inputs[max(0, at[k - 1]) : max(1, at[k])]
        if not len(on) or not len(between):
            continue
        row, place = rows[k - 1], 0
        told = (np.arange(len(between)) + max(0, at[k - 1]) + 1) * HOP - DELAY
        slot = (SLOTS * (told - times[k - 1]) / max(HOP, times[k] - times[k - 1])).astype(int).clip(0, SLOTS - 1)
        for part in [on] + [between[slot == n] for n in range(SLOTS)]:
            if len(part):
                row[place : place + PARTS] = part[:, :PARTS].mean(0)
                row[place + PARTS : place + SPOT] = part[:, PARTS:SPOT].max(0)
            place += SPOT
        row[place : place + CHROMA] = between[:, SPOT : SPOT + CHROMA].mean(0)
        row[place + CHROMA : place + 2 * CHROMA] = on[:, SPOT : SPOT + CHROMA].mean(0)
        row[place + 2 * CHROMA :] = on[:, SPOT + CHROMA :].max(0)
    return rows


def place_targets(places):
    """The place of each beat among all metres' places; -1 where its bar is none of those."""
    out = np.full(len(places), -1)
    firsts = np.flatnonzero(places == 1)
    for begin, end in zip(firsts, firsts[1:]):
        if end - begin in METRES and (places[begin:end] == np.arange(1, end - begin + 1)).all():
            metre = METRES.index(end - begin)
            out[begin:end] = FIRST[metre] + np.arange(end - begin)
            if begin == firsts[0]:  # what comes before the first bar counts down to it
                for k in range(begin):
                    out[k] = FIRST[metre] + (k - begin) % (end - begin)
            last = (end, end - begin, metre)
    if (out >= 0).any():  # a bar that the end cuts off
        end, count, metre = last
        if (places[end : end + count] == np.arange(1, len(places[end : end + count]) + 1)).all():
            out[end : end + count] = FIRST[metre] + np.arange(len(places[end : end + count]))
    return out


def heard_targets(heard, times, places):
    """The place of each beat that was heard: that of the true beat it is; where the beats of a whole bar are heard at half,
    double or another even measure, that of a bar of so many. -1 where it is off."""
    out, true = np.full(len(heard), -1), place_targets(places)
    nearest = np.abs(heard[:, None] - times[None]).argmin(1)
    hit = np.abs(heard - times[nearest]) < NEAR
    lengths, heard_lengths = np.gradient(times), np.gradient(heard)
    at_tempo = np.abs(heard_lengths / lengths[nearest] - 1) < SAME
    out[hit & at_tempo] = true[nearest[hit & at_tempo]]
    firsts = times[places == 1]
    for begin, end in zip(firsts, firsts[1:]):
        inside = np.flatnonzero((heard > begin - NEAR) & (heard < end - NEAR))
        if len(inside) not in METRES or abs(heard[inside[0]] - begin) > NEAR:
            continue
        if np.abs(heard_lengths[inside] * len(inside) / (end - begin) - 1).max() < SAME:
            out[inside] = FIRST[METRES.index(len(inside))] + np.arange(len(inside))
    return out


def heard_guises(song, folder):
    """The beats of a song as they were heard live and with what follows, as `guises` has them."""
    for kind in ("live", "film"):
        file = folder / kind / f"{song.name}.csv"
        rows = np.loadtxt(file, delimiter=",", skiprows=1, ndmin=2) if file.exists() else np.zeros((0, 3))
        if len(rows) > 12:
            target = heard_targets(rows[:, 0], song.times, song.places)
            yield beat_inputs(song.heard.astype(np.float32), rows[:, 0]).astype(np.float16), target[1:]


def guises(song, random, count):
    """The beats of a song, moved a little, `count` times: inputs in 16 bits and targets."""
    target = place_targets(song.places)
    for n in range(count):
        times = song.times + (n > 0) * (random.uniform(-0.012, 0.012) + 0.008 * random.standard_normal(len(song.times)))
        rows = beat_inputs(song.heard.astype(np.float32), np.maximum.accumulate(np.maximum(times, 0)))
        yield rows.astype(np.float16), target[1:]


def cut(rows, target, random):
    """Bars of four cut to others, of which there are few: what is left of one or two of them is one bar. Unchanged where
    bars are not of four."""
    four = FIRST[METRES.index(4)]
    firsts = [k for k in np.flatnonzero(target == four) if list(target[k : k + 4]) == [four, four + 1, four + 2, four + 3]]
    metre = int(random.choice(list(CUTS), p=(0.4, 0.3, 0.15, 0.15)))
    kept, places = [], []
    for n in range(0, len(firsts) - len(CUTS[metre]) + 1, len(CUTS[metre])):
        for first, beats in zip(firsts[n:], CUTS[metre]):
            kept.extend(range(first, first + beats))
        places.extend(FIRST[METRES.index(metre)] + np.arange(metre))
    return (rows[kept], np.array(places)) if len(kept) >= LENGTH // 2 else (rows, target)


def excerpts(songs, count, random, cuts=True):
    """Parts of songs, each metre by the root of how many songs have it: inputs and targets."""
    x, y = np.zeros((count, LENGTH, INPUTS), np.float32), np.full((count, LENGTH), -1)
    targets = [np.concatenate([target for _, target in takes]) for takes in songs]
    metres = np.array([np.bincount(target[target >= 0]).argmax() for target in targets])
    metres = np.searchsorted(FIRST, metres, "right") - 1
    chances = np.bincount(metres, minlength=len(METRES))[metres] ** -0.5
    drawn = random.choice(len(songs), count, p=chances / chances.sum())
    for k, takes in enumerate(songs[n] for n in drawn):
        rows, target = takes[random.integers(len(takes))]
        if cuts and random.random() < CUT:
            rows, target = cut(rows, target, random)
        begin = random.integers(max(1, len(rows) - LENGTH // 2))
        part = rows[begin : begin + LENGTH].astype(np.float32)
        base = SPOT * (1 + SLOTS)
        turn = random.integers(CHROMA)
        for chroma in (base, base + CHROMA):
            part[:, chroma : chroma + CHROMA] = np.roll(part[:, chroma : chroma + CHROMA], turn, 1)
        part *= 1 + 0.1 * random.standard_normal(part.shape).astype(np.float32)
        if random.random() < 0.5:
            low, high = random.integers(0, 10), random.integers(18, PARTS + 1)
            for spot in range(0, base, PARTS):
                part[:, spot : spot + low] *= 0
                part[:, spot + high : spot + PARTS] *= 0
        x[k, : len(part)], y[k, : len(part)] = part, target[begin : begin + LENGTH]
    return torch.from_numpy(x), torch.from_numpy(y)


def loss_of(network, x, y, drop=0.0):
    return F.cross_entropy(network(x, drop).flatten(0, 1), y.flatten(), ignore_index=-1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--set", type=Path, action="append", required=True, dest="sets")
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--guises", type=int, default=3)
    parser.add_argument("--from", type=Path, dest="begin", metavar="MODEL", help="go on from the weights of the program")
    parser.add_argument("--lr", type=float, default=2e-3)
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    random = np.random.default_rng(0)
    args.out.mkdir(parents=True, exist_ok=True)
    taught, aside = [], []
    for folder in args.sets:
        for song in songs_of(folder / "hops", folder / "beats"):
            if len(song.times) > 12 and (place_targets(song.places) >= 0).any():
                test = is_aside(song.name)
                heard = list(heard_guises(song, folder))
                takes = heard if test and heard else heard + list(guises(song, random, 1 if test else args.guises))
                if any((target >= 0).any() for _, target in takes):
                    (aside if test else taught).append(takes)
    print(f"{len(taught)} songs, {len(aside)} aside", flush=True)
    network = BarNetwork()
    if args.begin:
        shipped = load_file(args.begin)
        network.load_state_dict({name: shipped[f"bars.{name}"].float() for name in network.state_dict()})
    optimiser = torch.optim.AdamW(network.parameters(), lr=args.lr, weight_decay=1e-2)
    test = excerpts(aside, 256, np.random.default_rng(0), cuts=False)
    begin, said, step, losses, best = time.monotonic(), time.monotonic(), 0, [], float("inf")
    while True:
        place = (time.monotonic() - begin) / 60 / args.minutes
        for group in optimiser.param_groups:
            group["lr"] = args.lr * min(1, (step + 1) / 100) * min(1, max(0.02, (1 - place) / 0.6))
        network.train()
        loss = loss_of(network, *excerpts(taught, 32, random), DROP)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        step += 1
        losses.append(loss.item())
        if time.monotonic() - said > 30 or place >= 1:
            said = time.monotonic()
            with torch.no_grad():
                logits = network.eval()(test[0])
                known = test[1] >= 0
                tested = F.cross_entropy(logits[known], test[1][known]).item()
                first = torch.isin(torch.arange(PLACES), torch.from_numpy(FIRST.copy()))
                likely = logits.softmax(2)[..., first].sum(2) > 0.5
                truth = torch.isin(test[1], torch.from_numpy(FIRST.copy()))
                hit = (likely & truth & known).sum() * 2 / ((likely & known).sum() + (truth & known).sum())
            print(f"step {step} loss {np.mean(losses):.4f} aside {tested:.4f} downbeats {hit:.3f}", flush=True)
            losses = []
            if tested < best:
                best = tested
                torch.save(network.state_dict(), args.out / "bars.pt")
            torch.save(network.state_dict(), args.out / "last.pt")
        if place >= 1:
            return


if __name__ == "__main__":
    main()
