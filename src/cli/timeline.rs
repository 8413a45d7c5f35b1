//! The timeline of a song that was heard.

use super::hear::Heard;
use crate::show::{Board, Controls, Cue, Libretto, MoodLane, Scene, Timeline};
use std::sync::Arc;

/// A timeline that goes through a song.
pub struct SongTimeline<'a> {
    song: &'a Heard,
    timeline: Timeline,
    /// Where the controls stand throughout.
    controls: Controls,
    /// Frames and emotions that the timeline has taken in.
    frames: usize,
    emotions: usize,
}

impl<'a> SongTimeline<'a> {
    /// The timeline of `seed` with these controls before the song begins.
    pub fn new(seed: u64, song: &'a Heard, controls: Controls) -> Self {
        Self {
            song,
            timeline: Timeline::of(Arc::clone(&song.structure), seed, song.sample_rate.into()),
            controls,
            frames: 0,
            emotions: 0,
        }
    }

    /// Lets the show know what is sung.
    pub fn sing(&mut self, libretto: Arc<Libretto>) {
        self.timeline.sing(libretto);
    }

    /// Lets the show know the pictures among which it is to walk.
    pub fn hang(&mut self, board: Arc<Board>) {
        self.timeline.hang(board);
    }

    /// Lets the show know the mood as it is drawn.
    pub fn draw(&mut self, lane: Arc<MoodLane>) {
        self.timeline.draw(lane);
    }

    /// Lets the show hear what a listener at `seconds` hears; false when the song has ended by
    /// then.
    pub fn hear_up_to(&mut self, seconds: f64) -> bool {
        let now = self.position(seconds);
        let wanted = self.timeline.must_hear(now);
        let emotions = &self.song.emotions[self.emotions..];
        for &(position, emotion) in emotions.iter().take_while(|(at, _)| *at <= wanted) {
            self.timeline.feel(position, emotion);
            self.emotions += 1;
        }
        let frames = &self.song.frames[self.frames..];
        for &frame in frames.iter().take_while(|frame| frame.position <= wanted) {
            self.timeline.hear(Cue {
                frame,
                controls: self.controls,
                ..Cue::default()
            });
            self.frames += 1;
        }
        self.timeline.advance(now);
        now < self.song.report.samples
    }

    /// What is to be seen at `seconds`, up to which the song has been heard.
    pub fn scene(&self, seconds: f64) -> Scene {
        self.timeline.scene(self.position(seconds), &self.controls)
    }

    fn position(&self, seconds: f64) -> u64 {
        (seconds * f64::from(self.song.sample_rate)).round() as u64
    }
}
