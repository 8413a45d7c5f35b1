//! The timeline of a song that is read from a file.

use super::hear::{BrokenOff, Hearing};
use crate::show::{Controls, Cue, Scene, Timeline};
use std::sync::atomic::{AtomicBool, Ordering};

/// A timeline that follows a song as it is heard.
pub struct SongTimeline<'a> {
    hearing: &'a Hearing,
    timeline: Timeline,
    /// Where the controls stand throughout.
    controls: Controls,
    /// Samples heard so far; the song's length once it has ended.
    end: u64,
    ended: bool,
}

impl<'a> SongTimeline<'a> {
    /// The timeline of `seed` with these controls before the song begins.
    pub fn new(seed: u64, hearing: &'a Hearing, controls: Controls) -> Self {
        Self {
            hearing,
            timeline: Timeline::new(seed, f64::from(hearing.sample_rate)),
            controls,
            end: 0,
            ended: false,
        }
    }

    /// Lets the show hear what a listener at `seconds` hears; false when the song has ended by
    /// then, or when `enough` was set meanwhile.
    ///
    /// # Errors
    /// When the song could not be heard that far.
    pub fn hear_up_to(&mut self, seconds: f64, enough: &AtomicBool) -> Result<bool, BrokenOff> {
        let now = self.position(seconds);
        let wanted = self.timeline.must_hear(now);
        while !self.ended && self.end < wanted {
            if enough.load(Ordering::Relaxed) {
                return Ok(false);
            }
            match self.hearing.next()? {
                Some(block) => {
                    self.end = block.end;
                    for frame in block.frames {
                        self.timeline.hear(Cue {
                            frame,
                            controls: self.controls,
                            ..Cue::default()
                        });
                    }
                    for (position, emotion) in block.emotions {
                        self.timeline.feel(position, emotion);
                    }
                }
                None => self.ended = true,
            }
        }
        self.timeline.advance(now);
        Ok(now < self.end)
    }

    /// What is to be seen at `seconds`, up to which the song has been heard.
    pub fn scene(&self, seconds: f64) -> Scene {
        self.timeline.scene(self.position(seconds), &self.controls)
    }

    fn position(&self, seconds: f64) -> u64 {
        (seconds * f64::from(self.hearing.sample_rate)).round() as u64
    }
}
