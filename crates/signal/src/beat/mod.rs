//! The beat, as it is heard: tempo, phase, confidence, downbeat.
//!
//! [`tempo`] says which periods repeat, [`pulse`] where in the beat the music is, and the tracker
//! here turns their belief into a count of beats that a picture can follow: it speeds up and slows
//! down but never jumps, and runs on by itself when there is no beat to hear.

mod downbeat;
mod pulse;
mod tempo;

use super::frame::{Beat, CHROMA};
use super::onset::Onsets;
use downbeat::Downbeat;
use pulse::{BeatPointer, Pulse};
use tempo::{Periods, TEMPO_RANGE, Tempogram};

/// Tempo before any has been heard, beats per minute: a resting heart's.
pub(super) const RESTING_TEMPO: f64 = 90.0;

/// From an onset to the end of the hop that shows it most, seconds: the window must have reached
/// it. Measured with clicks.
const ONSET_DELAY_SECONDS: f64 = 0.026;

/// Bands whose onsets count as bass.
const BASS_BANDS: usize = 3;

/// Strength of an onset that keeps the tracker attentive, and for how long it does, seconds: the
/// slowest beat. In as much time again attention fades out, so that silence is no evidence.
const ATTENTIVE_STRENGTH: f32 = 0.3;
const ATTENTIVE_SECONDS: f64 = 60.0 / TEMPO_RANGE.0;

/// Span over which predicted beats are compared with heard onsets, seconds.
const FIT_SECONDS: f64 = 4.0;

/// Correlation of prediction and onsets at which confidence begins, and is full. Chance alone
/// reaches the first.
const FIT_RANGE: (f64, f64) = (0.12, 0.55);

/// Width of a predicted beat, seconds (standard deviation).
const BEAT_SPREAD_SECONDS: f64 = 0.018;

/// Strength predicted half-way between beats, against 1 on them.
const HALF_WAY: f64 = 0.3;

/// From this confidence on the heard beat leads; below, the count runs freely.
const LEADING_CONFIDENCE: f64 = 0.18;

/// A tempo further off than this is another one, to be jumped to rather than approached.
const SAME_TEMPO: f64 = 0.07;

/// Another tempo takes over after being believed this much more, for as long as this: longer the
/// more confident the tracker is, so that a beat that is followed well does not lightly double.
const CHALLENGE_BELIEF: f64 = 1.5;
const CHALLENGE_SECONDS: f64 = 1.0;
const CONFIDENT_CHALLENGE_SECONDS: f64 = 4.0;

/// Smoothing of the tempo, seconds.
const TEMPO_SECONDS: f64 = 0.5;

/// How fast the count approaches the heard phase: the error shrinks to 1/e in this many beats...
const CATCH_UP_BEATS: f64 = 0.5;

/// ...but the count's speed stays within these factors of the tempo.
const SPEED_RANGE: (f64, f64) = (0.6, 1.5);

/// Correlation of prediction and onsets over the last seconds.
#[derive(Clone, Copy, Debug)]
struct Fit {
    predicted: f64,
    heard: f64,
    predicted_square: f64,
    heard_square: f64,
    product: f64,
}

impl Fit {
    /// Starts as if onsets had varied this much without being predicted, so that the first few
    /// cannot agree by chance.
    const NEW: Self = Self {
        predicted: 0.0,
        heard: 0.0,
        predicted_square: 0.05,
        heard_square: 0.01,
        product: 0.0,
    };

    fn hear(&mut self, predicted: f64, heard: f64, hop_seconds: f64) {
        let pace = hop_seconds / FIT_SECONDS;
        let mean = |mean: &mut f64, x: f64| *mean += pace * (x - *mean);
        mean(&mut self.predicted, predicted);
        mean(&mut self.heard, heard);
        mean(&mut self.predicted_square, predicted * predicted);
        mean(&mut self.heard_square, heard * heard);
        mean(&mut self.product, predicted * heard);
    }

    /// -1 to 1; 0 while nothing is heard.
    fn correlation(&self) -> f64 {
        let covariance = self.product - self.predicted * self.heard;
        let predicted = self.predicted_square - self.predicted * self.predicted;
        let heard = self.heard_square - self.heard * self.heard;
        let scale = (predicted * heard).max(0.0).sqrt();
        if scale > 1e-6 {
            covariance / scale
        } else {
            0.0
        }
    }
}

/// Follows the beat.
pub(super) struct BeatTracker {
    hop_seconds: f64,
    tempogram: Tempogram,
    pointer: BeatPointer,
    downbeat: Downbeat,
    /// Seconds since something started.
    since_onset: f64,
    /// The period that is being followed, hops.
    period: f64,
    /// Hops for which another period has been believed more.
    challenged: f64,
    /// Where the pointer was at the last hop.
    pulse: Pulse,
    fit: Fit,
    /// At the last hop, 0 to 1.
    confidence: f64,
    /// Tempo of the count, beats per minute.
    tempo: f64,
    beats: f64,
}

impl BeatTracker {
    pub(super) fn new(hop_seconds: f64) -> Self {
        let periods = Periods::new(hop_seconds);
        let tempogram = Tempogram::new(periods, hop_seconds);
        let period = 60.0 / RESTING_TEMPO / hop_seconds;
        Self {
            hop_seconds,
            pointer: BeatPointer::new(periods, hop_seconds, tempogram.salience()),
            tempogram,
            downbeat: Downbeat::NEW,
            since_onset: f64::INFINITY,
            period,
            challenged: 0.0,
            pulse: Pulse {
                period,
                ..Pulse::default()
            },
            fit: Fit::NEW,
            confidence: 0.0,
            tempo: RESTING_TEMPO,
            beats: 0.0,
        }
    }

    /// Takes one hop's onsets and chroma.
    pub(super) fn hear(&mut self, onsets: &Onsets, chroma: &[f32; CHROMA]) -> Beat {
        self.since_onset += self.hop_seconds;
        if onsets.all > ATTENTIVE_STRENGTH {
            self.since_onset = 0.0;
        }
        let attention = (2.0 - self.since_onset / ATTENTIVE_SECONDS).clamp(0.0, 1.0);

        let predicted = self.prediction();
        self.fit
            .hear(predicted, f64::from(onsets.all), self.hop_seconds);

        self.tempogram.hear(onsets.all);
        let salience = self.tempogram.salience();
        self.pointer.hear(onsets.all, attention as f32, salience);
        self.choose_period();
        self.pulse = self.pointer.estimate(self.period);
        self.period = self.pulse.period;

        let (chance, sure) = FIT_RANGE;
        let fit = ((self.fit.correlation() - chance) / (sure - chance)).clamp(0.0, 1.0);
        self.confidence = fit * self.pulse.concentration * attention;
        self.run();

        let bass = onsets.bands[..BASS_BANDS]
            .iter()
            .fold(0.0f32, |a, &b| a.max(b));
        let in_bar =
            self.downbeat
                .hear(self.beats, self.confidence as f32, bass, onsets.all, chroma);
        Beat {
            tempo: self.tempo as f32,
            beats: self.beats,
            in_bar,
            confidence: self.confidence as f32,
        }
    }

    /// Onset strength that the last estimate leads to expect now, 0 to 1.
    fn prediction(&self) -> f64 {
        let period = self.pulse.period;
        let spread = BEAT_SPREAD_SECONDS / self.hop_seconds;
        let lobe = |phase: f64| {
            let phase = phase.rem_euclid(1.0);
            let hops = phase.min(1.0 - phase) * period / spread;
            (-0.5 * hops * hops).exp()
        };
        let phase = self.pulse.phase + 1.0 / period;
        lobe(phase) + HALF_WAY * lobe(phase + 0.5)
    }

    /// Goes over to another period when it has been believed more for long enough.
    fn choose_period(&mut self) {
        let best = self.pointer.best_period();
        if (best / self.period - 1.0).abs() < SAME_TEMPO {
            self.challenged = 0.0;
            return;
        }
        let believed = |period: f64| self.pointer.estimate(period).belief;
        if believed(best) > CHALLENGE_BELIEF * believed(self.period) {
            self.challenged += 1.0;
        } else {
            self.challenged = (self.challenged - 1.0).max(0.0);
        }
        let (doubting, sure) = (CHALLENGE_SECONDS, CONFIDENT_CHALLENGE_SECONDS);
        let needed = doubting + self.confidence * (sure - doubting);
        if self.challenged * self.hop_seconds > needed {
            self.period = best;
            self.challenged = 0.0;
        }
    }

    /// Moves the count on by one hop.
    fn run(&mut self) {
        let led = (self.confidence / LEADING_CONFIDENCE).min(1.0);
        let heard = 60.0 / (self.pulse.period * self.hop_seconds);
        let heard = heard.clamp(TEMPO_RANGE.0, TEMPO_RANGE.1);
        if (heard / self.tempo - 1.0).abs() < SAME_TEMPO {
            self.tempo += led * (self.hop_seconds / TEMPO_SECONDS) * (heard - self.tempo);
        } else if led >= 1.0 {
            self.tempo = heard;
        }
        let delay_hops = ONSET_DELAY_SECONDS / self.hop_seconds;
        let phase = self.pulse.phase + delay_hops / self.pulse.period;
        let step = self.tempo / 60.0 * self.hop_seconds;
        let ahead = phase - (self.beats + step);
        let error = ahead - ahead.round();
        let (slowest, fastest) = SPEED_RANGE;
        let speed = (1.0 + led * error / CATCH_UP_BEATS).clamp(slowest, fastest);
        self.beats += step * speed;
    }

    pub(super) fn reset(&mut self) {
        self.tempogram.reset();
        self.pointer.reset(self.tempogram.salience());
        self.downbeat = Downbeat::NEW;
        self.since_onset = f64::INFINITY;
        self.period = 60.0 / RESTING_TEMPO / self.hop_seconds;
        self.challenged = 0.0;
        self.pulse = Pulse {
            period: self.period,
            ..Pulse::default()
        };
        self.fit = Fit::NEW;
        self.confidence = 0.0;
        self.tempo = RESTING_TEMPO;
        self.beats = 0.0;
    }
}
