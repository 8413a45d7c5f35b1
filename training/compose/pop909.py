"""Bars of POP909 (Wang et al., ISMIR 2020; MIT licence), from its MIDI alone: where beats, bars and chords are
is heard from the notes."""

import csv
from collections import defaultdict
from pathlib import Path

import mido
import numpy as np

from bars import QUALITIES, SHAPES, Bar

NAMES = {"C": 0, "Db": 1, "D": 2, "Eb": 3, "E": 4, "F": 5, "Gb": 6, "G": 7, "Ab": 8, "A": 9, "Bb": 10, "B": 11}


def notes(track):
    """(begin, end, pitch) in ticks."""
    now, open_, out = 0, defaultdict(list), []
    for event in track:
        now += event.time
        if event.type == "note_on" and event.velocity:
            open_[event.note].append(now)
        elif event.type in ("note_on", "note_off") and open_[event.note]:
            out.append((open_[event.note].pop(0), now, event.note))
    return out


def grid(piano, ticks):
    """The tick at which a first bar of four quarters begins: the sixteenth on which most begin, then the
    sixteenth of sixteen on which the lowest notes begin and are long, and most begin together."""
    step = ticks // 4
    begins = np.array([a for a, _, _ in piano])
    turn = np.exp(2j * np.pi * begins / step).sum()
    offset = (np.angle(turn) / (2 * np.pi) * step) % step
    score = np.zeros(16)
    for a, b, pitch in piano:
        place = round((a - offset) / step) % 16
        length = min((b - a) / step, 8)
        score[place] += 1 + (2 * length if pitch < 50 else 0)
    best = np.argmax(score + 0.5 * np.roll(score, -8))
    best = best if score[best] >= score[(best + 8) % 16] else (best + 8) % 16
    return offset + best * step, step


def chord_of(weights, bass):
    """Root and shape that explain best what sounds."""
    total = weights.sum() + 1e-9
    found = (-9.0, 0, 0)
    for number, shape in enumerate(SHAPES):
        for root in range(12):
            inside = sum(weights[(root + s) % 12] for s in shape)
            least = min(weights[(root + s) % 12] for s in shape[:3])
            score = inside / total + 0.25 * (root == bass) + 0.5 * min(least / total, 0.1) - 0.06 * (len(shape) > 3)
            score -= 0.05 * (shape in (QUALITIES["sus"], QUALITIES["dim"]))
            found = max(found, (score, root, number))
    return found[1], found[2]


def halves(sounding, first, places):
    """Chords of a bar's halves, of notes (begin, end, pitch) in sixteenths."""
    out = []
    for half in range(2):
        a, b = first + half * places / 2, first + (half + 1) * places / 2
        weights, bass = np.zeros(12), (999, 0)
        for begin, end, pitch in sounding:
            inside = min(end, b) - max(begin, a)
            if inside > 0:
                weights[pitch % 12] += min(inside, 4)
                if inside >= 1:
                    bass = min(bass, (pitch, pitch % 12))
        out.append(chord_of(weights, bass[1]) if weights.sum() else (out[0] if out else (0, 0)))
    return tuple(out)


def song(path, tonic):
    """Bars and beats a minute of a song; no bars where the file has other tracks than the set's."""
    file = mido.MidiFile(path)
    tracks = {t.name: notes(t) for t in file.tracks}
    tempo = [e.tempo for t in file.tracks for e in t if e.type == "set_tempo"]
    piano, melody = tracks.get("PIANO", []), tracks.get("MELODY", [])
    if len(piano) < 200 or len(melody) < 50:
        return [], 0
    first, step = grid(piano, file.ticks_per_beat)
    shift = -((tonic + 5) % 12 - 5)
    moved = lambda line: [((a - first) / step, (b - first) / step, p + shift) for a, b, p in line]
    piano, melody = moved(piano), moved(melody)
    count = int(max(a for a, _, _ in piano) // 16) + 1
    bars = [Bar(16) for _ in range(max(count, 1))]
    for a, b, pitch in piano:
        at = round(a)
        if 0 <= at < 16 * count:
            bars[at // 16].acc.append((at % 16, pitch))
    for a, b, pitch in melody:
        at = round(a)
        if 0 <= at < 16 * count:
            bars[at // 16].melody.append((at % 16, pitch, max(1, round(b - a))))
    for number, bar in enumerate(bars):
        near = [n for n in piano if n[1] > 16 * number and n[0] < 16 * number + 16]
        bar.chords = halves(near, 16 * number, 16)
    return bars, 6e7 / float(np.median(tempo))


def songs(folder: Path):
    """(name, minor, bars, tempo, tonic) of every song of the folder that has labels.csv and midi/."""
    for row in csv.DictReader(open(folder / "labels.csv")):
        tonic = NAMES[row["tonic"]]
        bars, tempo = song(folder / row["midi"], tonic)
        if bars and float(row["share_of_time_in_key"]) > 0.7:
            yield "pop909:" + row["id"], row["mode"] == "min", bars, tempo, tonic
