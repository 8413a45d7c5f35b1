"""What must be true of the bars that are taught on beats as they were heard. Here: python -m unittest test_bars"""

import unittest

import numpy as np

from bars import CUTS, FIRST, METRES, cut, heard_targets, place_targets


def song(metre, bars=8, beat=0.5):
    """Times and places of the beats of a song."""
    return 0.3 + beat * np.arange(metre * bars), np.arange(metre * bars) % metre + 1


def place(metre, beat):
    return FIRST[METRES.index(metre)] + beat


class Heard(unittest.TestCase):
    def test_beats_that_are_true_have_their_places(self):
        for metre in METRES:
            times, places = song(metre)
            target = heard_targets(times + 0.02, times, places)
            self.assertEqual(list(target[: 2 * metre]), 2 * [place(metre, beat) for beat in range(metre)])

    def test_half_the_tempo_has_half_the_beats_of_a_bar(self):
        times, places = song(4)
        target = heard_targets(times[::2], times, places)
        self.assertEqual(list(target[:4]), 2 * [place(2, 0), place(2, 1)])

    def test_twice_the_tempo_has_twice_the_beats_of_a_bar(self):
        times, places = song(3)
        target = heard_targets(np.arange(times[0], times[-1], 0.25), times, places)
        self.assertEqual(list(target[:6]), [place(6, beat) for beat in range(6)])

    def test_beats_between_the_true_ones_tell_nothing(self):
        times, places = song(4)
        self.assertTrue((heard_targets(times[:-1] + 0.25, times, places) == -1).all())

    def test_a_tempo_that_no_bar_holds_tells_nothing(self):
        times, places = song(4)
        self.assertTrue((heard_targets(np.arange(times[0], times[-1], 0.21), times, places) == -1).all())

    def test_beats_before_they_are_found_leave_the_rest(self):
        times, places = song(4)
        heard = np.concatenate([[0.1, 0.35, 0.62, 1.0, 1.5], times[5:]])
        target = heard_targets(heard, times, places)
        self.assertTrue((target[:4] == -1).all())
        self.assertEqual(list(target[8:12]), [place(4, beat) for beat in range(4)])


class Cut(unittest.TestCase):
    def test_bars_of_four_become_others_that_begin_where_they_began(self):
        _, places = song(4, bars=40)
        rows, seen = np.arange(len(places)), set()
        for seed in range(30):
            left, target = cut(rows, place_targets(places), np.random.default_rng(seed))
            metre = METRES[np.searchsorted(FIRST, target[0], "right") - 1]
            seen.add(metre)
            self.assertEqual(list(target[: 2 * metre]), 2 * [place(metre, beat) for beat in range(metre)])
            self.assertTrue((places[left[target == place(metre, 0)]] == 1).all())
        self.assertEqual(seen, set(CUTS))

    def test_other_bars_stay(self):
        _, places = song(3, bars=40)
        target = place_targets(places)
        for seed in range(5):
            self.assertIs(cut(np.arange(len(places)), target, np.random.default_rng(seed))[1], target)


if __name__ == "__main__":
    unittest.main()
