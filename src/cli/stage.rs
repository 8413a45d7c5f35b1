//! A show that follows a song.

use super::hear::{BrokenOff, Hearing};
use crate::emotion::Emotion;
use crate::show::{Controls, Scene, Show};
use crate::signal::{AudioFrame, SongClock, WINDOW_SECONDS};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};

/// A show that follows a song as it is heard.
pub struct Stage<'a> {
    hearing: &'a Hearing,
    show: Show,
    clock: SongClock,
    /// Heard, but not yet reached by the show, or by the clock.
    ahead: VecDeque<AudioFrame>,
    felt: VecDeque<(u64, Emotion)>,
    ticks: VecDeque<AudioFrame>,
    /// Samples heard so far; the song's length once it has ended.
    end: u64,
    ended: bool,
}

impl<'a> Stage<'a> {
    /// The stage of `seed` before the song begins.
    pub fn new(seed: u64, hearing: &'a Hearing) -> Self {
        let rate = f64::from(hearing.sample_rate);
        Self {
            hearing,
            show: Show::new(seed, rate),
            clock: SongClock::new(rate),
            ahead: VecDeque::new(),
            felt: VecDeque::new(),
            ticks: VecDeque::new(),
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
        let rate = f64::from(self.hearing.sample_rate);
        let now = (seconds * rate).round() as u64;
        // A frame is known when its window has passed; its middle is what it speaks of.
        let known = ((seconds + 0.5 * WINDOW_SECONDS) * rate).round() as u64;
        while !self.ended && self.end < known {
            if enough.load(Ordering::Relaxed) {
                return Ok(false);
            }
            match self.hearing.next()? {
                Some(block) => {
                    self.end = block.end;
                    self.ticks.extend(&block.frames);
                    self.ahead.extend(block.frames);
                    self.felt.extend(block.emotions);
                }
                None => self.ended = true,
            }
        }
        while let Some(frame) = self.ahead.pop_front_if(|frame| frame.position <= known) {
            // In the order of their positions, so that a film which starts here shows what one
            // that comes from the song's beginning does.
            let felt = |(at, _): &mut (u64, Emotion)| *at < frame.position;
            while let Some((_, emotion)) = self.felt.pop_front_if(felt) {
                self.show.feel(emotion);
            }
            self.show.hear(&frame);
        }
        while let Some(frame) = self.ticks.pop_front_if(|frame| frame.position <= now) {
            self.clock.hear(&frame);
        }
        Ok(now < self.end)
    }

    /// What is to be seen at `seconds`, up to which the song has been heard.
    pub fn scene(&self, seconds: f64, controls: &Controls) -> Scene {
        let rate = f64::from(self.hearing.sample_rate);
        self.show
            .scene(self.clock.at((seconds * rate).round() as u64), controls)
    }
}
