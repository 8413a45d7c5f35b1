//! The stage of a song that is read from a file.

use super::hear::{BrokenOff, Hearing};
use crate::show::{Controls, Cue, Scene, Stage};
use std::sync::atomic::{AtomicBool, Ordering};

/// A stage that follows a song as it is heard.
pub struct SongStage<'a> {
    hearing: &'a Hearing,
    stage: Stage,
    /// Where the controls stand throughout.
    controls: Controls,
    /// Samples heard so far; the song's length once it has ended.
    end: u64,
    ended: bool,
}

impl<'a> SongStage<'a> {
    /// The stage of `seed` with these controls before the song begins.
    pub fn new(seed: u64, hearing: &'a Hearing, controls: Controls) -> Self {
        Self {
            hearing,
            stage: Stage::new(seed, f64::from(hearing.sample_rate)),
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
        let wanted = self.stage.must_hear(now);
        while !self.ended && self.end < wanted {
            if enough.load(Ordering::Relaxed) {
                return Ok(false);
            }
            match self.hearing.next()? {
                Some(block) => {
                    self.end = block.end;
                    for frame in block.frames {
                        self.stage.hear(Cue {
                            frame,
                            controls: self.controls,
                            ..Cue::default()
                        });
                    }
                    for (position, emotion) in block.emotions {
                        self.stage.feel(position, emotion);
                    }
                }
                None => self.ended = true,
            }
        }
        self.stage.advance(now);
        Ok(now < self.end)
    }

    /// What is to be seen at `seconds`, up to which the song has been heard.
    pub fn scene(&self, seconds: f64) -> Scene {
        self.stage.scene(self.position(seconds), &self.controls)
    }

    fn position(&self, seconds: f64) -> u64 {
        (seconds * f64::from(self.hearing.sample_rate)).round() as u64
    }
}
