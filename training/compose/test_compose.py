"""What must be true of bars and tokens: python -m unittest test_compose"""

import unittest

import numpy as np

import scripted
from bars import A_END, QUALITIES, TOKENS, parse, tokens
from pop909 import chord_of
from sample import allowed


class Bars(unittest.TestCase):
    def setUp(self):
        self.pieces = list(scripted.pieces(6))

    def test_tokens_say_all_of_a_bar(self):
        for _, _, bars, _, _ in self.pieces:
            for bar in bars:
                row = tokens(bar)
                self.assertEqual(tokens(parse(row, bar.places)), row)
                self.assertTrue(0 <= min(row) and max(row) < TOKENS)

    def test_what_may_be_sampled_is_all_that_music_has(self):
        for _, _, bars, _, _ in self.pieces:
            for bar in bars:
                row = tokens(bar)
                for k, token in enumerate(row):
                    self.assertTrue(allowed(row[:k], bar.places)[token], (row, k))

    def test_whatever_is_allowed_is_a_bar(self):
        random = np.random.default_rng(1)
        for places in 16, 12:
            row = []
            while not row or row[-1] != A_END:
                row.append(int(random.choice(np.flatnonzero(allowed(row, places)))))
            self.assertEqual(tokens(parse(row, places)), row)

    def test_chords_are_heard(self):
        for number, shape in enumerate(QUALITIES.values()):
            for root in range(12):
                weights = np.zeros(12)
                weights[[(root + s) % 12 for s in shape]] = 1
                self.assertEqual(chord_of(weights, root), (root, number))


if __name__ == "__main__":
    unittest.main()
