"""What must be true of every piece. From the folder `training`: python -m unittest music.test_music"""

import unittest

import numpy as np

from . import labels
from .compose import KINDS, Recipe, changed, compose
from .drums import KEYS
from .genres import GENRES
from .metre import METRES
from .mix import RATE, coded, mix
from .patterns import PATTERNS
from .perform import perform
from .theory import Key, chord, is_major, lead


def score(recipe: Recipe):
    return [(p.role, p.voice, p.notes) for p in compose(recipe).parts]


class EveryKind(unittest.TestCase):
    def test_plays_and_keeps_its_metre(self):
        for kind in KINDS:
            for seed in (1, 2):
                with self.subTest(kind=kind, seed=seed):
                    piece = compose(Recipe(seed, kind, 20))
                    played = perform(piece)
                    self.assertGreater(sum(len(p.start) for p in played), 20)
                    for part in played:
                        self.assertTrue((part.end > part.start).all())
                        self.assertTrue(((part.start >= 0) & (part.start < 20)).all())
                    beats = labels.beats(piece)
                    if not piece.genre.beat:
                        self.assertEqual(beats, [])
                        continue
                    times, places = np.array(beats).T
                    self.assertTrue((np.diff(times) > 0.2).all())
                    longest = max(bar.metre.beats for bar in piece.plan.bars)
                    self.assertTrue(((np.diff(places) == 1) | (places[1:] == 1)).all())
                    self.assertLessEqual(places.max(), longest)

    def test_takes_only_metres_that_drummers_know(self):
        for genre in GENRES.values():
            for metre in genre.metres:
                self.assertIn(metre, METRES)
                if genre.drums:
                    self.assertIn(metre, PATTERNS)


class Seeds(unittest.TestCase):
    def test_same_recipe_is_same_piece(self):
        self.assertEqual(score(Recipe(5, "funk")), score(Recipe(5, "funk")))
        self.assertNotEqual(score(Recipe(5, "funk")), score(Recipe(6, "funk")))

    def test_another_mode_leaves_the_rhythm(self):
        recipe = Recipe(9, "pop")
        other = changed(recipe, mode="minor" if is_major(compose(recipe).factors.mode) else "major")
        one, two = compose(recipe), compose(other)
        self.assertEqual([p.voice for p in one.parts], [p.voice for p in two.parts])
        self.assertEqual(
            [(n.start, n.length) for n in one.parts[0].notes],
            [(n.start, n.length) for n in two.parts[0].notes],
        )
        self.assertNotEqual([n.pitch for n in one.parts[0].notes], [n.pitch for n in two.parts[0].notes])

    def test_unknown_names_are_refused(self):
        with self.assertRaises(ValueError):
            compose(Recipe(1, "polka metal"))
        with self.assertRaises(ValueError):
            changed(Recipe(1), colour="blue")
        with self.assertRaises(ValueError):
            changed(Recipe(1), mode="locrian")


class Theory(unittest.TestCase):
    def test_chords_follow_the_mode(self):
        self.assertEqual(chord(Key(0, "major"), "1").classes, (0, 4, 7))
        self.assertEqual(chord(Key(0, "minor"), "1").classes, (0, 3, 7))
        self.assertEqual(chord(Key(9, "minor"), "5D").classes, (4, 8, 11, 2))

    def test_voices_lead_by_small_steps(self):
        first = lead((0, 4, 7), None, 55, 74)
        second = lead((5, 9, 0), first, 55, 74)
        self.assertLessEqual(sum(min(abs(n - b) for b in first) for n in second), 5)

    def test_drum_patterns_fit_their_bars(self):
        for metre, styles in PATTERNS.items():
            for variants in styles.values():
                for drum, line in (item for pattern in variants for item in pattern.items()):
                    self.assertIn(drum, KEYS)
                    self.assertEqual(len(line) % METRES[metre].beats, 0)


class Sound(unittest.TestCase):
    def test_kicks_are_heard_on_the_beats(self):
        piece = compose(Recipe(3, "house", 12))
        kicks = [p for p in perform(piece) if p.part.role == "drums"]
        for part in kicks:
            keep = part.pitch == KEYS["kick"]
            part.start, part.end, part.pitch, part.velocity = (
                values[keep] for values in (part.start, part.end, part.pitch, part.velocity)
            )
        sound = mix(piece, kicks, clean=True).mean(1)
        self.assertLess(np.abs(sound).max(), 1.0)
        loud = lambda begin: float(np.mean(sound[int(begin * RATE) : int((begin + 0.03) * RATE)] ** 2))
        beats = [t for t, _ in labels.beats(piece) if 0.2 < t < 11.5]
        struck = [t for t in beats if np.abs(kicks[0].start - t).min() < 0.03]
        self.assertGreater(len(struck), len(beats) // 2)
        for t in struck:
            self.assertGreater(loud(t), 1.5 * loud(t - 0.035))

    def test_codecs_do_not_delay(self):
        pulse = np.zeros((2 * RATE, 2), np.float32)
        pulse[RATE : RATE + 2000] = np.random.default_rng(0).standard_normal((2000, 1)) * 0.2
        for codec in ("MP3", "VORBIS"):
            back = coded(pulse, codec, 0.5)
            self.assertEqual(len(back), len(pulse))
            match = np.correlate(back[RATE - 3000 : RATE + 5000, 0], pulse[RATE : RATE + 2000, 0])
            self.assertLess(abs(int(np.argmax(match)) - 3000), 30)


if __name__ == "__main__":
    unittest.main()
