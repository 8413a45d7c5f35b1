//! What was wrong with a song, and the sentences that tell it.

use std::path::Path;

/// A sample beyond this magnitude (+60 dBFS) is not sound but noise in the file's bytes.
const LOUDEST: f32 = 1000.0;

/// Packets that must be sound for a song to be believed to be one.
const WELL_BEGUN: u64 = 16;

/// Packets by which a song is judged that does not begin well.
const INSPECTED: u64 = 4096;

/// What was wrong with the file so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Repairs {
    /// Samples that were no numbers, or absurdly large.
    not_sound: u64,
    /// Packets that could not be decoded, and where the first was, in frames.
    lost_packets: u64,
    first_lost: u64,
    /// Packets that could not be decoded before anything was heard.
    pub(super) rubbish: u64,
    /// Whether parts were left out of the container.
    pub(super) left_out: bool,
    /// Packets that were decoded.
    pub(super) sound_packets: u64,
    /// Where reading had to stop for good, in frames, and why.
    stopped: Option<(u64, Stop)>,
}

/// Why reading had to stop for good.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Stop {
    Damaged,
    Truncated,
    FormatChanges,
    /// ffmpeg no longer answers.
    Stuck,
}

impl Repairs {
    /// Silences what in `block` is no sound.
    pub(super) fn silence(&mut self, block: &mut [f32]) {
        for sample in block {
            if sample.is_nan() || sample.abs() > LOUDEST {
                *sample = 0.0;
                self.not_sound += 1;
            }
        }
    }

    /// Notes that something is missing at `position`, in frames.
    pub(super) fn lose(&mut self, position: u64) {
        if self.lost_packets == 0 {
            self.first_lost = position;
        }
        self.lost_packets += 1;
    }

    /// Notes why reading stops for good at `position`, in frames. The first reason stays.
    pub(super) fn stop(&mut self, position: u64, why: Stop) {
        self.stopped.get_or_insert((position, why));
    }

    /// Whether enough was read to judge the song. One that begins well is believed.
    pub(super) fn suffice_to_judge(&self) -> bool {
        match self.lost_packets + self.rubbish {
            0 => self.sound_packets >= WELL_BEGUN,
            lost => lost + self.sound_packets >= INSPECTED,
        }
    }

    /// Whether not one packet could be decoded, of some.
    pub(super) fn is_all_rubbish(&self) -> bool {
        self.sound_packets == 0 && self.rubbish > 0
    }

    /// Whether more packets could not be decoded than could.
    pub(super) fn outweigh_sound(&self) -> bool {
        self.lost_packets + self.rubbish > self.sound_packets
    }

    /// One sentence for each thing that was repaired in the song at `path`, of `rate` in Hz.
    pub(super) fn warnings(&self, path: &Path, rate: u32) -> Vec<String> {
        let name = path.display();
        let mut said = Vec::new();
        if self.not_sound > 0 {
            said.push(format!(
                "{name} holds {} samples that are not sound (NaN, infinite or absurdly large): they are silent here",
                self.not_sound
            ));
        }
        if self.lost_packets > 0 {
            said.push(format!(
                "{name} is damaged in {} places, first at {}: there is silence instead",
                self.lost_packets,
                clock(self.first_lost, rate)
            ));
        }
        if self.left_out && self.lost_packets == 0 {
            said.push(format!("{name} is damaged: some of its sound is missing"));
        }
        if let Some((at, stop)) = self.stopped {
            let at = clock(at, rate);
            said.push(match stop {
                Stop::Damaged => format!("{name} is damaged after {at}: it is used up to there"),
                Stop::Truncated => format!("{name} is truncated at {at}: it is used up to there"),
                Stop::Stuck => format!(
                    "ffmpeg got stuck in {name} at {at}, and was ended: the song is used up to there"
                ),
                Stop::FormatChanges => format!(
                    "{name} changes its sample rate or channels, or how it is coded, at {at}: it is used up to there"
                ),
            });
        }
        said
    }
}

/// `1:23.4`.
fn clock(frames: u64, rate: u32) -> String {
    let seconds = frames as f64 / f64::from(rate.max(1));
    let minutes = (seconds / 60.0).floor();
    format!("{minutes:.0}:{:04.1}", seconds - minutes * 60.0)
}
