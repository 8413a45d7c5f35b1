"""What must be true of music that is played from other people's notes, and of what is hardly music. Here: python -m
unittest test_played"""

import csv
import json
import tempfile
import unittest
import zipfile
from functools import partial
from pathlib import Path
from unittest import mock

import mido
import numpy as np

import played
from played import SAMPLE_RATE, used

import groove
import musicxml
import pianist
import plain
import scores

from music.chance import stream
from music.mix import mix

KICK = 36


def drummer(folder, number, metre, bpm, every, early=0.0, seconds=60):
    """A file of kicks each `every` quarters and hi-hats between, `early` seconds before the metronome; its row."""
    name = f"drummer1/session1/{number}_rock_{bpm}_beat_{metre}.mid"
    midi, track = mido.MidiFile(ticks_per_beat=480), mido.MidiTrack()
    midi.tracks.append(track)
    step = 240 * every
    shift = round(early * bpm / 60 * 480)
    for stroke in range(1, int(seconds * bpm / 60 * 480 / step)):
        note = dict(note=42 if stroke % 2 else KICK)
        track.append(mido.Message("note_on", velocity=100, time=step - 10 - (shift if stroke == 1 else 0), **note))
        track.append(mido.Message("note_off", velocity=0, time=10, **note))
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    midi.save(path)
    return dict(drummer="drummer1", midi_filename=name, style="rock", bpm=bpm, beat_type="beat", time_signature=metre,
                duration=seconds)


def dataset(folder, rows):
    with (folder / "info.csv").open("w", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)


def note(pitch, length, *, staff=1, chord="", extra=""):
    """A note of MusicXML, C4 being `C4`; `R` is a rest."""
    sound = "<rest/>" if pitch == "R" else f"<pitch><step>{pitch[0]}</step><octave>{pitch[1]}</octave></pitch>"
    return f"<note>{chord}{sound}<duration>{length}</duration>{extra}<voice>{staff}</voice><staff>{staff}</staff></note>"


def written(folder, measures, name="song"):
    """A compressed score with one part."""
    body = "".join(f'<measure number="{number}">{measure}</measure>' for number, measure in enumerate(measures))
    path = folder / f"{name}.mxl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("META-INF/container.xml", '<container><rootfile full-path="s.xml"/></container>')
        archive.writestr("s.xml", f'<score-partwise><part id="P1">{body}</part></score-partwise>')
    return path


def time_of(beats, kind, divisions=2):
    time = f"<time><beats>{beats}</beats><beat-type>{kind}</beat-type></time>"
    return f"<attributes><divisions>{divisions}</divisions>{time}</attributes>"


TEMPO = '<direction><sound tempo="90"/></direction>'
BACK = "<backup><duration>{}</duration></backup>"
UPBEAT = time_of(3, 4) + TEMPO + note("G4", 2) + BACK.format(2) + note("R", 2, staff=2)
TIED = note("C5", 6, extra='<tie type="start"/>') + BACK.format(6) + note("C3", 6, staff=2)
CHORDS = (
    note("C5", 2, extra='<tie type="stop"/>') + note("E5", 4) + note("G5", 4, chord="<chord/>") + BACK.format(6)
    + note("G3", 2, staff=2) + note("C3", 4, staff=2)
)
SHORT = note("D5", 4) + BACK.format(4) + note("G3", 4, staff=2)
SIX = time_of(6, 8) + note("E5", 3) + note("F5", 3) + BACK.format(6) + note("C3", 6, staff=2)


class InFolder(unittest.TestCase):
    def setUp(self):
        held = tempfile.TemporaryDirectory()
        self.addCleanup(held.cleanup)
        self.folder = Path(held.name)

    def in_order(self, times, places, beats):
        """Times increase, and places run from 1 to `beats` again and again."""
        self.assertTrue((np.diff(times) > 0.2).all())
        self.assertTrue((np.diff(places) % beats == 1 % beats).all())
        self.assertEqual((places.min(), places.max()), (1, beats))


class Groove(InFolder):
    def excerpt(self, row, kit="synth:909"):
        """Drums alone, without noise."""
        kits, alone = lambda *_: (kit, (groove.PADS,)), lambda *_: []
        with mock.patch.multiple(groove, mix=partial(mix, clean=True), kit_for=kits, band=alone):
            return groove.excerpt("one", self.folder, row)

    def test_kicks_are_heard_on_the_beats_though_the_drummer_is_ahead(self):
        row = drummer(self.folder, 1, "4-4", 100, 1, early=0.03)
        for kit in ("synth:909", "gm:kit:0"):
            sound, times, places = self.excerpt(row, kit)
            self.assertEqual(len(sound), round(played.SECONDS * SAMPLE_RATE))
            self.in_order(times, places, 4)
            power = sound.mean(1) ** 2
            loud = lambda begin, end: power[int(begin * SAMPLE_RATE) : int(end * SAMPLE_RATE)].mean()
            struck = [t for t in times if 0.2 < t < 39.8 and loud(t, t + 0.03) > 0]
            ahead = [loud(t - 0.02, t - 0.002) / loud(t, t + 0.02) for t in struck]
            self.assertGreater(len(struck), 20)
            self.assertLess(np.median(ahead), 0.1)
            rises = [int(np.argmax(power[int((t - 0.02) * SAMPLE_RATE) :][:3000] > 0.2 * power.max())) for t in struck]
            self.assertLess(abs(np.median(rises) / SAMPLE_RATE - 0.02), 0.01)

    def test_six_eighths_are_two_beats(self):
        row = drummer(self.folder, 1, "6-8", 90, 3)
        _, times, places = self.excerpt(row)
        self.in_order(times, places, 2)
        self.assertAlmostEqual(60 / groove.beat_seconds(row), 60)

    def test_what_a_set_that_tests_plays_is_left_out(self):
        rows = [drummer(self.folder, number, "4-4", 100, 1) for number in (1, 2, 12)]
        short = drummer(self.folder, 3, "4-4", 100, 1, seconds=5)
        dataset(self.folder, [*rows, short])
        manifest = self.folder / "manifest.json"
        manifest.write_text(json.dumps(dict(songs=[dict(id="rock_gmd_1_2_rock_100_4_4"), dict(id="waltz")])))
        kept = groove.performances(self.folder, used(manifest, groove.TESTED))
        self.assertEqual([Path(row["midi_filename"]).name.split("_")[0] for row in kept], ["1", "12"])

    def test_swing_is_heard(self):
        pairs = (np.arange(100)[:, None] + [0, 0.65]).ravel()
        swing, swung = groove.swing_of(pairs, groove.METRES["4/4"])
        self.assertAlmostEqual(swing, 0.65)
        self.assertEqual(swung, 2)
        self.assertEqual(groove.swing_of(pairs / 2, groove.METRES["4/4"])[1], 4)
        self.assertEqual(groove.swing_of(np.arange(100) / 2, groove.METRES["4/4"]), (0.5, 2))


class Scores(InFolder):
    def test_upbeats_ties_chords_and_divided_bars_are_read(self):
        score = musicxml.read(written(self.folder, [UPBEAT, TIED, CHORDS, SHORT, UPBEAT, SIX]))
        self.assertEqual([float(bar.start) for bar in score.bars], [0, 1, 4, 7, 9, 10])
        self.assertEqual([float(bar.offset) for bar in score.bars], [2, 0, 0, 0, 2, 0])
        right = [(float(n.start), float(n.length), n.pitch) for n in score.piano() if n.staff == 1]
        self.assertEqual(right[:4], [(0, 1, 67), (1, 4, 72), (5, 2, 76), (5, 2, 79)])
        where, places = musicxml.beats_of(score.bars, scores.unit(90))
        self.assertEqual(where.tolist(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11.5])
        self.assertEqual(places.tolist(), [3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2])

    def test_bars_that_do_not_add_up_are_refused(self):
        for measures in ([UPBEAT, SHORT, TIED, CHORDS], [UPBEAT, TIED + note("C4", 2)], [note("C4", 2)]):
            with self.assertRaises(musicxml.Unclear):
                musicxml.read(written(self.folder, measures))

    def test_excerpts_keep_the_bars_and_are_the_same_each_time(self):
        file = written(self.folder, [UPBEAT, *[TIED, CHORDS] * 12])
        sound, times, places = scores.excerpt("song", file)
        self.in_order(times, places, 3)
        self.assertLess(np.abs(sound).max(), 1.3)
        self.assertGreater(np.sqrt(np.mean(sound**2)), 0.01)
        self.assertLess(times[-1], len(sound) / SAMPLE_RATE)
        again = scores.excerpt("song", file)
        self.assertTrue(np.array_equal(sound, again[0]) and np.array_equal(times, again[1]))
        self.assertIsNone(scores.excerpt("short", written(self.folder, [UPBEAT, TIED, CHORDS], "short")))

    def test_hands_stay_with_the_beat_and_keys_end_before_they_are_struck_again(self):
        score = musicxml.read(written(self.folder, [UPBEAT, *[TIED, CHORDS] * 12]))
        for seed in range(8):
            random = stream(seed)
            manner = pianist.Manner.draw(random)
            time = pianist.Time(score, 90.0, 1.0, manner, random)
            self.assertTrue((np.diff(time.times) > 0).all())
            sounds = pianist.play(score.piano(), score.bars, time, manner, random)
            where = time([float(n.start) for n in score.piano()])
            off = np.abs(sounds[:, :1] - where).min(1)
            self.assertLess(np.median(off), 0.03)
            for pitch in set(sounds[:, 2]):
                one = sounds[sounds[:, 2] == pitch]
                self.assertTrue((one[1:, 0] > one[:-1, 1]).all())


def noise(name, seconds):
    """An excerpt without music; None where it is to last for no time."""
    if not seconds:
        return None
    return np.full((int(seconds * SAMPLE_RATE), 2), 0.1, np.float32), np.array([0.5]), np.array([1])


class Plain(unittest.TestCase):
    def test_half_of_the_sounds_beat_evenly_and_the_others_not_at_all(self):
        for number in range(12):
            sound, times, places = plain.piece(number)
            self.assertEqual(len(sound), int(plain.SECONDS * plain.RATE))
            self.assertLess(np.abs(sound).max(), 1)
            self.assertEqual(len(times) > 0, number % 2 == 1)
            self.assertEqual(len(times), len(places))
            if len(times):
                lengths = np.diff(times)
                self.assertLess(np.ptp(lengths), 1e-6)
                self.assertTrue(60 / 241 < lengths[0] < 60 / 39)
                self.assertTrue((places == 0).all() or set(places[:14]) == set(range(1, places.max() + 1)) or len(places) < 14)


class Folder(InFolder):
    def test_an_interrupted_command_goes_on_and_leaves_out_what_cannot_be_made(self):
        for wanted in (dict(a=(1,)), dict(a=(2,), b=(2,), c=(0,))):
            played.render(noise, wanted, self.folder, 1)
        names = lambda part: sorted(path.name for path in (self.folder / part).iterdir())
        self.assertEqual(names("beats"), ["a.beats", "b.beats"])
        self.assertEqual(names("audio"), ["a.ogg", "b.ogg"])
        lengths = [len(played.soundfile.read(self.folder / "audio" / f"{name}.ogg")[0]) for name in "ab"]
        self.assertEqual(lengths, [SAMPLE_RATE, 2 * SAMPLE_RATE])
        self.assertEqual((self.folder / "beats" / "a.beats").read_text(), "0.5000\t1\n")


if __name__ == "__main__":
    unittest.main()
