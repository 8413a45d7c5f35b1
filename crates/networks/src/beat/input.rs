//! What the network hears of a hop.

use std::ops::Range;
use synopsia_signal::{AudioFrame, BANDS, CHROMA, PARTS};

/// Parts of all bands.
const ALL_PARTS: usize = BANDS * PARTS;

/// Numbers that the network takes in: the parts, their rises, the pitch classes, onsets and harmonic share.
pub(super) const INPUTS: usize = 2 * ALL_PARTS + CHROMA + BANDS + 2;

/// Which of them are the parts, and which their rises.
pub(super) const PARTS_OF_INPUTS: Range<usize> = 0..ALL_PARTS;
pub(super) const RISES_OF_INPUTS: Range<usize> = ALL_PARTS..2 * ALL_PARTS;

/// How long a part's recent peak is remembered, seconds (to 1/e).
const PEAK_SECONDS: f64 = 8.0;

/// Least peak of a part, and least peak beside the loudest part's.
const PEAK_FLOOR: f32 = 1e-9;
const LEAK: f32 = 1e-5;

/// A thousandth of the recent peak gives ln 2.
const COMPRESSION: f32 = 1000.0;

/// Hops over which a rise is taken.
const RISE: usize = 2;

/// What the network was taught to expect of parts and rises.
const PART_SCALE: f32 = 1.0 / 3.0;
const RISE_SCALE: f32 = 0.5;

/// Brings hops to the scale of the network: every part against its own recent peak, so that a soft hi-hat counts
/// like a loud kick and a quiet master like a loud one.
pub(super) struct Input {
    decay: f32,
    peaks: [f32; ALL_PARTS],
    /// The parts of the last hops, oldest first.
    past: [[f32; ALL_PARTS]; RISE],
}

impl Input {
    pub fn new(hop_seconds: f64) -> Self {
        Self {
            decay: (-hop_seconds / PEAK_SECONDS).exp() as f32,
            peaks: [PEAK_FLOOR; ALL_PARTS],
            past: [[0.0; ALL_PARTS]; RISE],
        }
    }

    /// The numbers of the next hop.
    pub fn hear(&mut self, frame: &AudioFrame) -> [f32; INPUTS] {
        for (peak, &power) in self.peaks.iter_mut().zip(&frame.parts) {
            *peak = (*peak * self.decay).max(power).max(PEAK_FLOOR);
        }
        let leak = LEAK * self.peaks.iter().fold(0.0f32, |a, &b| a.max(b));
        let mut parts = frame.parts;
        for (part, &peak) in parts.iter_mut().zip(&self.peaks) {
            *part = (COMPRESSION * *part / peak.max(leak)).ln_1p();
        }
        let [before, ..] = self.past;
        self.past.rotate_left(1);
        self.past[RISE - 1] = parts;
        let rises = parts
            .iter()
            .zip(before)
            .map(|(now, before)| RISE_SCALE * (now - before).max(0.0));
        let all = parts.iter().map(|part| PART_SCALE * part).chain(rises);
        let rest = frame.chroma.into_iter().chain(frame.onsets);
        let all = all.chain(rest).chain([frame.onset, frame.harmonic]);
        let mut numbers = [0.0; INPUTS];
        numbers
            .iter_mut()
            .zip(all)
            .for_each(|(slot, number)| *slot = number);
        numbers
    }
}
