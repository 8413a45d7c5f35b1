//! What is told by MIDI: moods as controllers, beats and onsets as notes.

use crate::live::status::HeardNow;

/// The controllers, from the first one on: valence, arousal, certainty, the eight classes, loudness, and bass, middle and treble.
const FIRST: u8 = 102;
const COUNT: usize = 15;

/// The notes of a bar's first beat, of its others, and of onsets; beats are so loud.
const DOWNBEAT: u8 = 36;
const BEAT: u8 = 37;
const ONSET: u8 = 38;
const STRONG: u8 = 110;

/// An onset of this strength is told.
const HEARD: f32 = 0.5;

/// Loudness that counts as none, and as all, LUFS.
const LOUDNESS: [f32; 2] = [-60.0, 0.0];

/// Tells what is new since it was asked last.
#[derive(Clone, Debug)]
pub(super) struct Telling {
    /// 0 to 15.
    channel: u8,
    values: [Option<u8>; COUNT],
    beat: Option<i64>,
    onset: Option<u64>,
    /// Notes that sound.
    sounding: Vec<u8>,
}

/// A share from 0 to 1 as seven bits.
fn seven_bits(share: f32) -> u8 {
    (share.clamp(0.0, 1.0) * 127.0).round() as u8
}

impl Telling {
    /// On a channel from 1 to 16.
    pub fn new(channel: u8) -> Self {
        Self {
            channel: channel.clamp(1, 16) - 1,
            values: [None; COUNT],
            beat: None,
            onset: None,
            sounding: Vec::new(),
        }
    }

    /// Whole messages: controllers that have moved, beats and onsets. Notes last until it is asked again.
    pub fn since(&mut self, now: &HeardNow) -> Vec<[u8; 3]> {
        let mut told = self.silence();
        let bands = |of: std::ops::Range<usize>| {
            let length = of.len() as f32;
            now.frame.bands[of].iter().sum::<f32>() / length
        };
        let mut shares = vec![
            0.5 * (now.heard.valence + 1.0),
            0.5 * (now.heard.arousal + 1.0),
            now.heard.confidence,
        ];
        shares.extend(now.heard.classes);
        let [least, most] = LOUDNESS;
        shares.push((now.frame.loudness - least) / (most - least));
        shares.extend([bands(0..2), bands(2..5), bands(5..8)]);
        for ((number, kept), share) in (FIRST..).zip(&mut self.values).zip(shares) {
            let value = seven_bits(share);
            if kept.replace(value) != Some(value) {
                told.push([0xb0 | self.channel, number, value]);
            }
        }
        let beat = now.time.beats.floor() as i64;
        if self.beat.replace(beat).is_some_and(|last| last != beat) {
            let of_bar = beat.rem_euclid(now.time.beats_per_bar.max(1.0).round() as i64);
            told.push(self.strike(if of_bar == 0 { DOWNBEAT } else { BEAT }, STRONG));
        }
        let position = now.frame.position;
        if now.frame.onset >= HEARD && self.onset.replace(position) != Some(position) {
            told.push(self.strike(ONSET, seven_bits(now.frame.onset).max(1)));
        }
        told
    }

    fn strike(&mut self, note: u8, velocity: u8) -> [u8; 3] {
        self.sounding.push(note);
        [0x90 | self.channel, note, velocity]
    }

    /// What ends the notes that sound.
    pub fn silence(&mut self) -> Vec<[u8; 3]> {
        let channel = self.channel;
        self.sounding
            .drain(..)
            .map(|note| [0x80 | channel, note, 0])
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emotion::Emotion;
    use crate::live::TempoSource;
    use crate::signal::{AudioFrame, SongTime};

    fn at(beats: f64, valence: f32, onset: f32) -> HeardNow {
        HeardNow {
            frame: AudioFrame {
                onset,
                position: (beats * 1000.0) as u64,
                ..AudioFrame::default()
            },
            time: SongTime {
                beats,
                beats_per_bar: 4.0,
                ..SongTime::default()
            },
            tempo: TempoSource::Heard,
            heard: Emotion::at(valence, 0.0, 0.5),
            shown: Emotion::default(),
            words: None,
        }
    }

    #[test]
    fn what_moved_is_told_once_and_every_note_that_began_ends() {
        let mut telling = Telling::new(3);
        let first = telling.since(&at(3.5, -1.0, 0.0));
        assert_eq!(first.len(), COUNT);
        assert_eq!(first[..2], [[0xb2, 102, 0], [0xb2, 103, 64]]);
        assert!(telling.since(&at(3.6, -1.0, 0.0)).is_empty());
        let moved = telling.since(&at(3.7, 1.0, 0.0));
        assert!(
            moved.contains(&[0xb2, 102, 127]) && moved.iter().all(|message| message[0] == 0xb2)
        );
        let struck = telling.since(&at(4.01, 1.0, 0.9));
        assert_eq!(struck, [[0x92, 36, 110], [0x92, 38, 114]]);
        assert_eq!(
            telling.since(&at(4.5, 1.0, 0.0)),
            [[0x82, 36, 0], [0x82, 38, 0]]
        );
        assert_eq!(telling.since(&at(5.0, 1.0, 0.0)), [[0x92, 37, 110]]);
        assert_eq!(telling.silence(), [[0x82, 37, 0]]);
        assert!(telling.silence().is_empty());
    }

    #[test]
    fn no_number_is_told_that_midi_does_not_have() {
        let mut telling = Telling::new(200);
        for x in [f32::NAN, f32::INFINITY, -9.0, 9.0] {
            let mut now = at(1.0, 0.0, x);
            now.heard = Emotion {
                valence: x,
                arousal: x,
                confidence: x,
                classes: [x; 8],
            };
            now.frame.loudness = x;
            now.frame.bands = [x; 8];
            for [status, number, value] in telling.since(&now) {
                assert!(status >= 0x80 && number < 128 && value < 128);
            }
        }
    }
}
