//! The beat, as it is heard: tempo, phase, bars, confidence.
//!
//! `network` tells of each hop how likely a beat was and which tempos are, `pointer` says where in the beat the music
//! is, `bars` where in the bar, and the listener here turns their belief into a count of beats that a picture can
//! follow: it speeds up and slows down but never jumps, and runs on by itself when there is no beat to hear. Of a song
//! that is known to its end, `whole` does the same with both ears: what follows says as much of a beat as what went
//! before.

mod bars;
mod certainty;
mod decided;
mod input;
mod network;
mod periods;
mod pointer;
mod search;
mod whole;

pub use whole::{LOOK_AHEAD_SECONDS, LookAhead, hear_whole};

use crate::dense::File;
use crate::weights::{BEAT, Papers, WeightsFault};
use bars::{BarNetwork, Bars};
use certainty::Certainty;
use input::{INPUTS, Input};
use network::{Network, Stream, TEMPO_RANGE};
use pointer::BeatPointer;
use std::sync::OnceLock;
use synopsia_signal::{AudioFrame, Beat, hop};

/// The weights that come with Synopsia.
static BUILT_IN: &[u8] = include_bytes!("../../../../models/beat.safetensors");

/// What the file of these weights says of them.
///
/// # Errors
/// When the file that was built in is damaged, which a test rules out.
pub fn papers() -> Result<Papers, WeightsFault> {
    Papers::of(&BEAT, BUILT_IN)
}

/// From a beat to the end of the hop of which the network tells it most, seconds: it was taught so.
const DELAY_SECONDS: f64 = 0.030;

/// Strength of an onset that keeps the listener attentive, and for how long it does, seconds: the slowest beat. In as
/// much time again attention fades out, so that silence is no evidence.
const ATTENTIVE_STRENGTH: f32 = 0.3;
const ATTENTIVE_SECONDS: f64 = 60.0 / TEMPO_RANGE.0;

/// From here on the place in the beat is known well enough to lead; below, the count runs freely.
const LEADING: f64 = 0.18;

/// A tempo further off than this is another one, to be jumped to rather than approached.
const SAME_TEMPO: f64 = 0.07;

/// Another tempo takes over after being believed this much more, for as long as this: sooner where nothing is certain yet,
/// so that the beat is found soon, and later where it is, so that it is not lightly lost.
const CHALLENGE_BELIEF: f64 = 1.5;
const CHALLENGE_SECONDS: (f64, f64) = (0.1, 1.5);

/// Smoothing of the tempo, seconds.
const TEMPO_SECONDS: f64 = 0.5;

/// How fast the count approaches the heard phase: the error shrinks to 1/e in this many beats...
const CATCH_UP_BEATS: f64 = 0.5;

/// ...but the count's speed stays within these factors of the tempo.
const SPEED_RANGE: (f64, f64) = (0.6, 1.5);

/// Hops that may be lost before what was heard counts no more, seconds.
const LONGEST_GAP_SECONDS: f64 = 4.0;

/// Hears the beat in the frames of a stream. Once made, it allocates nothing.
pub struct BeatListener {
    hop: u64,
    hop_seconds: f64,
    networks: &'static Networks,
    stream: Stream,
    input: Input,
    /// What the network took in at the last hop.
    last: [f32; INPUTS],
    pointer: BeatPointer,
    bars: Bars,
    /// Position of the last frame.
    position: u64,
    attention: Attention,
    certainty: Certainty,
    /// The period that is being followed, hops.
    period: f64,
    /// Hops for which another period has been believed more.
    challenged: f64,
    /// Tempo of the count, beats per minute.
    tempo: f64,
    beats: f64,
    /// Beats of which the last hop told.
    told: f64,
}

/// What hears beats, and what hears bars.
struct Networks {
    beats: Network,
    bars: BarNetwork,
}

impl Networks {
    fn read(bytes: &[u8]) -> Result<Self, WeightsFault> {
        let file = File::new(&BEAT, bytes)?;
        Ok(Self {
            beats: Network::read(&file)?,
            bars: BarNetwork::read(&file)?,
        })
    }

    /// Those that come with Synopsia, read once.
    fn built_in() -> Result<&'static Self, WeightsFault> {
        static NETWORKS: OnceLock<Result<Networks, WeightsFault>> = OnceLock::new();
        let read = NETWORKS.get_or_init(|| Self::read(BUILT_IN));
        read.as_ref().map_err(Clone::clone)
    }
}

impl BeatListener {
    /// A listener to the frames of an analyser of audio at `sample_rate` Hz (8,000 to 384,000).
    ///
    /// # Errors
    /// When the network that was built in is damaged, which a test rules out.
    pub fn new(sample_rate: f64) -> Result<Self, WeightsFault> {
        let networks = Networks::built_in()?;
        let hop = hop(sample_rate);
        let hop_seconds = hop as f64 / sample_rate;
        Ok(Self {
            hop: hop as u64,
            hop_seconds,
            networks,
            stream: networks.beats.stream(),
            input: Input::new(hop_seconds),
            last: [0.0; INPUTS],
            pointer: BeatPointer::new(hop_seconds),
            bars: Bars::NEW,
            position: 0,
            attention: Attention::NONE,
            certainty: Certainty::NONE,
            period: 60.0 / Beat::RESTING_TEMPO / hop_seconds,
            challenged: 0.0,
            tempo: Beat::RESTING_TEMPO,
            beats: 0.0,
            told: 0.0,
        })
    }

    /// Hears the next frame, and writes its beat into it. A frame that lies before the last begins the song anew; of
    /// hops that are lacking between two, the beat runs on.
    pub fn hear(&mut self, frame: &mut AudioFrame) {
        if frame.position <= self.position && self.position > 0 {
            self.reset();
        }
        let lost = ((frame.position - self.position) / self.hop).saturating_sub(1);
        self.position = frame.position;
        let most = (LONGEST_GAP_SECONDS / self.hop_seconds) as u64;
        if lost > most {
            self.forget((lost - most) as f64);
        }
        for _ in 0..lost.min(most) {
            self.networks.beats.hear(&mut self.stream, &self.last);
            self.pointer.hear(None);
            self.attention.hear(0.0, self.hop_seconds);
            self.run(0.0);
        }
        self.last = self.input.hear(frame);
        let heard = self.networks.beats.hear(&mut self.stream, &self.last);
        self.attention.hear(frame.onset, self.hop_seconds);
        let attention = self.attention.now();
        self.pointer
            .hear((attention > 0.0).then_some((&heard, attention)));
        frame.beat = self.run(attention * heard.beat);
    }

    /// Runs on over so many hops without a memory of what was before.
    fn forget(&mut self, hops: f64) {
        self.stream.reset();
        self.pointer.reset();
        self.beats += hops * self.hop_seconds * self.tempo / 60.0;
    }

    /// Moves the count on by one hop, in which the network finds a beat so `likely`.
    fn run(&mut self, likely: f32) -> Beat {
        self.choose_period();
        let pulse = self.pointer.estimate(self.period);
        let known = pulse.concentration * f64::from(self.attention.now());
        let led = (known / LEADING).min(1.0);
        let (slowest, fastest) = TEMPO_RANGE;
        let tempo = (60.0 / (pulse.period * self.hop_seconds)).clamp(slowest, fastest);
        if (tempo / self.tempo - 1.0).abs() < SAME_TEMPO {
            self.tempo += led * (self.hop_seconds / TEMPO_SECONDS) * (tempo - self.tempo);
        } else if led >= 1.0 {
            self.tempo = tempo;
        }
        let phase = pulse.phase + DELAY_SECONDS / self.hop_seconds / pulse.period;
        let step = self.tempo / 60.0 * self.hop_seconds;
        let ahead = phase - (self.beats + step);
        let error = ahead - ahead.round();
        let (slowest, fastest) = SPEED_RANGE;
        let speed = (1.0 + led * error / CATCH_UP_BEATS).clamp(slowest, fastest);
        let before = self.beats;
        self.beats += step * speed;
        if self.beats.floor() > before.floor() {
            self.bars.advance();
        }
        self.hear_bars(likely);
        let (in_bar, per_bar) = self.bars.place();
        Beat {
            tempo: self.tempo as f32,
            beats: self.beats,
            in_bar,
            per_bar,
            confidence: self.certainty.now() * known as f32,
        }
    }

    /// Has the bars hear the hop, at the place in the count of which it tells.
    fn hear_bars(&mut self, likely: f32) {
        let told = self.beats - self.tempo / 60.0 * DELAY_SECONDS;
        // Another tempo may put it before the last.
        let told = told.max(self.told);
        let is_beat = told.floor() > self.told.floor();
        self.told = told;
        self.certainty.hear(likely, is_beat);
        let bars = &self.networks.bars;
        self.bars
            .hear(bars, &self.last, told.rem_euclid(1.0), is_beat);
    }

    /// Goes over to another period when it has been believed more for long enough.
    fn choose_period(&mut self) {
        let best = self.pointer.best_period();
        if (best / self.period - 1.0).abs() < SAME_TEMPO {
            self.period = best;
            self.challenged = 0.0;
            return;
        }
        if self.pointer.belief(best) > CHALLENGE_BELIEF * self.pointer.belief(self.period) {
            self.challenged += 1.0;
        } else {
            self.challenged = (self.challenged - 1.0).max(0.0);
        }
        let (unsure, sure) = CHALLENGE_SECONDS;
        let needed = unsure + f64::from(self.certainty.now()) * (sure - unsure);
        if self.challenged * self.hop_seconds > needed {
            self.period = best;
            self.challenged = 0.0;
        }
    }

    /// Forgets everything heard, as if newly made.
    pub fn reset(&mut self) {
        self.stream.reset();
        self.input = Input::new(self.hop_seconds);
        self.last = [0.0; INPUTS];
        self.pointer.reset();
        self.bars = Bars::NEW;
        self.position = 0;
        self.attention = Attention::NONE;
        self.certainty = Certainty::NONE;
        self.period = 60.0 / Beat::RESTING_TEMPO / self.hop_seconds;
        self.challenged = 0.0;
        self.tempo = Beat::RESTING_TEMPO;
        self.beats = 0.0;
        self.told = 0.0;
    }
}

/// How much there is to hear.
#[derive(Clone, Copy)]
struct Attention {
    /// Seconds since something started.
    since_onset: f64,
}

impl Attention {
    const NONE: Self = Self {
        since_onset: f64::INFINITY,
    };

    fn hear(&mut self, onset: f32, seconds: f64) {
        self.since_onset += seconds;
        if onset > ATTENTIVE_STRENGTH {
            self.since_onset = 0.0;
        }
    }

    /// 0 to 1.
    fn now(self) -> f32 {
        (2.0 - self.since_onset / ATTENTIVE_SECONDS).clamp(0.0, 1.0) as f32
    }
}

#[cfg(test)]
mod tests;
