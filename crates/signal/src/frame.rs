//! What one hop of audio sounds like.

/// Number of logarithmic frequency bands.
pub const BANDS: usize = 8;

/// Parts of each band.
pub const PARTS: usize = 4;

/// Number of pitch classes, C first.
pub const CHROMA: usize = 12;

/// The level of a frequency range.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Level {
    /// 0 (silence) to 1 (as loud as this range gets in loud masters), on a decibel scale.
    pub level: f32,
    /// Energy relative to its own running mean over the last four seconds: 1 is usual, 2 is twice;
    /// at most 8.
    pub ratio: f32,
}

/// Where the music is in its pulse.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Beat {
    /// Beats per minute, 40 to 240: the tempo heard, or the last one, or a resting 90.
    pub tempo: f32,
    /// Beats since the start, with fraction, in time with the sound at the frame's position. Never
    /// goes backwards, and runs on at the last tempo (or the resting one) when no beat is heard.
    /// Its fraction is the beat phase.
    pub beats: f64,
    /// Beat number within a bar, 0 being the downbeat as it is heard.
    pub in_bar: u8,
    /// Beats of a bar, 2 to 7.
    pub per_bar: u8,
    /// 0 (free running) to 1 (certain).
    pub confidence: f32,
}

impl Beat {
    /// Tempo before any has been heard, beats per minute: a resting heart's.
    pub const RESTING_TEMPO: f64 = 90.0;

    /// Position between this beat (0) and the next (1).
    pub fn phase(&self) -> f32 {
        self.beats.fract() as f32
    }
}

/// Before anything is heard.
impl Default for Beat {
    fn default() -> Self {
        Self {
            tempo: Self::RESTING_TEMPO as f32,
            beats: 0.0,
            in_bar: 0,
            per_bar: 4,
            confidence: 0.0,
        }
    }
}

/// Everything that is known about one hop of audio.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct AudioFrame {
    /// Samples heard up to the end of this hop, since activation.
    pub position: u64,
    /// Momentary loudness (EBU R128, 400 ms), LUFS; at least -70.
    pub loudness: f32,
    /// Largest magnitude in the hop; full scale is 1.
    pub peak: f32,
    /// Levels of the logarithmic bands from 32 Hz to 16 kHz (a little over an octave each), 0 to 1
    /// as in [`Level::level`], lowest first.
    pub bands: [f32; BANDS],
    /// Power of the parts of the bands, a quarter of a band each; full scale is 1.
    pub parts: [f32; BANDS * PARTS],
    /// Below 150 Hz.
    pub bass: Level,
    /// 150 Hz to 2 kHz.
    pub mid: Level,
    /// Above 2 kHz.
    pub treble: Level,
    /// Onset strength (half-wave rectified log-spectral flux) by band, 0 when nothing starts;
    /// 1 is a clear onset, 2 the most.
    pub onsets: [f32; BANDS],
    /// Onset strength over all bands, same scale.
    pub onset: f32,
    /// Spectral centroid, Hz; 0 in silence.
    pub centroid: f32,
    /// Spectral flatness within octaves: 0 (tones, or silence) to 1 (noise).
    pub flatness: f32,
    /// Energy by pitch class, C first; the largest is 1, all are 0 in silence.
    pub chroma: [f32; CHROMA],
    /// Harmonic share of the magnitude: 0 (all percussive) to 1 (all harmonic); 0.5 in silence.
    pub harmonic: f32,
    /// The pulse: a resting one until whoever listens for beats has heard the frame.
    pub beat: Beat,
}
