"""A MIDI file as a piano roll, and what can be said of it in numbers.

    python roll.py SONG.mid ROLL.png
"""

import argparse

import mido
import numpy as np
from PIL import Image, ImageDraw

COLOURS = {0: (220, 60, 50), 1: (70, 110, 200), 2: (60, 150, 80), 9: (150, 150, 150)}


def notes(path):
    """(channel, begin, end, key, velocity) of every note, in quarters."""
    file, out = mido.MidiFile(path), []
    for track in file.tracks:
        now, open_ = 0, {}
        for event in track:
            now += event.time
            if event.type == "note_on" and event.velocity:
                open_[event.channel, event.note] = (now, event.velocity)
            elif event.type in ("note_on", "note_off") and (event.channel, event.note) in open_:
                begin, velocity = open_.pop((event.channel, event.note))
                out.append((event.channel, begin / file.ticks_per_beat, now / file.ticks_per_beat, event.note, velocity))
    return sorted(out, key=lambda n: n[1])


def numbers(found):
    """Mean and largest leap of the melody, semitones; share of its sounding time against which a semitone or its octaves
    rub; share of bars whose melody returns; notes in a bar."""
    melody = [n for n in found if n[0] == 0]
    rest = [n for n in found if n[0] == 1]
    leaps = np.abs(np.diff([n[3] for n in melody]))
    rub = total = 0.0
    for _, a, b, key, _ in melody:
        total += b - a
        near = [(max(a, c), min(b, d)) for _, c, d, other, _ in rest if (key - other) % 12 in (1, 11)]
        rub += sum(d - c for c, d in near if d > c)
    bars = {}
    for _, a, _, key, _ in melody:
        bars.setdefault(int(a // 4), []).append((round(a % 4, 3), key))
    said = [tuple(bar) for bar in bars.values()]
    return {"leap": leaps.mean() if len(leaps) else 0, "largest": leaps.max() if len(leaps) else 0, "rubs": rub / max(total, 1e-9),
            "returns": 1 - len(set(said)) / max(len(said), 1), "notes": len(melody) / max(len(bars), 1)}


def roll(found, path):
    end = max(n[2] for n in found)
    wide, high = int(end * 24) + 1, 5
    image = Image.new("RGB", (wide, 88 * high), "white")
    draw = ImageDraw.Draw(image)
    for beat in range(int(end) + 1):
        draw.line([(beat * 24, 0), (beat * 24, image.height)], fill=(170, 170, 170) if beat % 4 == 0 else (232, 232, 232), width=2 if beat % 16 == 0 else 1)
    for channel, a, b, key, velocity in found:
        y = (108 - key) * high
        colour = tuple(int(255 - (255 - c) * (0.4 + 0.6 * velocity / 127)) for c in COLOURS.get(channel, (0, 0, 0)))
        draw.rectangle([a * 24, y - high + 1, max(b * 24 - 2, a * 24 + 2), y], fill=colour)
    image.save(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("song")
    parser.add_argument("picture")
    options = parser.parse_args()
    found = notes(options.song)
    print({name: round(float(value), 2) for name, value in numbers(found).items()})
    roll(found, options.picture)


if __name__ == "__main__":
    main()
