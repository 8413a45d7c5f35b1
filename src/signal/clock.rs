//! Musical time.

/// A position in the song: the only time that `motion` and `show` know.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SongTime {
    /// Seconds from the start of the song.
    pub seconds: f64,
    /// Beats from the start of the song, with fraction.
    pub beats: f64,
    /// Beats a bar.
    pub beats_per_bar: f64,
    /// Beats per minute.
    pub tempo: f64,
}

impl SongTime {
    /// Position in bars, with fraction.
    pub fn bars(&self) -> f64 {
        self.beats / self.beats_per_bar.max(1.0)
    }
}
