//! What the audio thread does: it analyses what passes, and hands it on.
//!
//! No allocation, no lock, no system call, and work that the block's length bounds. A full ring
//! drops the newest and counts it. Only a bounce that is being filmed waits for room
//! ([`Pass::Filmed`]): the host has said then that nobody listens in real time, and a film must not
//! miss a sample.

mod block;

use super::rings::{
    CHUNK, Hop, MonoChunk, SoundSwitch, StereoChunk, TapReceiver, chunks, push, ring,
};
use super::status::SharedStatus;
use crate::control::Snapshot;
use crate::show::Place;
use crate::signal::{Analyser, AnalyserError, Layout, Mixdown, Transport};
use block::Block;
use rtrb::{Consumer, Producer};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Seconds of audio that the rings hold.
const RING_SECONDS: f64 = 2.0;

/// Switches of the sound that may wait for the audio thread.
const SWITCHES: usize = 4;

/// How the music passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// In real time.
    Live,
    /// As fast as the host can, and nobody looks: what is dropped is missed by nobody.
    Offline,
    /// As fast as a film of it can be made: the tap waits where a ring is full, and hands on the
    /// sound from its first sample.
    Filmed,
}

/// Hops that an analyser hears before the audio thread uses it.
const WARM_UP_HOPS: usize = 4;

/// Runs the analyser's code and uses its memory once, so that the system finds both now.
fn warm_up(analyser: &mut Analyser) {
    let length = WARM_UP_HOPS * analyser.hop();
    let click: Vec<f32> = (0..length)
        .map(|i| if i % 97 == 0 { 0.5 } else { 0.0 })
        .collect();
    let heard = vec![&*click; analyser.channels()];
    analyser.process_planar(&heard, |frame| {
        std::hint::black_box(frame);
    });
    // As if newly made.
    analyser.reset();
}

/// The audio thread's end.
pub struct Tap {
    analyser: Analyser,
    mixdown: Mixdown,
    hops: Producer<Hop>,
    heard: Producer<MonoChunk>,
    /// Being filled.
    hearing: MonoChunk,
    /// Where the sound that passes goes, while something records it.
    sound: Option<Producer<StereoChunk>>,
    passing: StereoChunk,
    /// Whether the next sample is the first after a run-up.
    after_run_up: bool,
    wanted: Consumer<Option<Producer<StereoChunk>>>,
    returned: Producer<Producer<StereoChunk>>,
    status: Arc<SharedStatus>,
    pass: Pass,
    /// Samples since activation.
    position: u64,
    /// Where the song is at the next block's first sample.
    place: Place,
    /// The block that came last.
    before: Option<Block>,
}

impl Tap {
    /// A tap on `channels` channels at `sample_rate` Hz, and the other ends of its rings.
    ///
    /// # Errors
    /// When the analyser does not know that rate or so many channels.
    pub(super) fn new(
        sample_rate: f64,
        channels: usize,
        pass: Pass,
        status: Arc<SharedStatus>,
    ) -> Result<(Self, TapReceiver), AnalyserError> {
        let mut analyser = Analyser::new(sample_rate, channels)?;
        if pass == Pass::Live {
            warm_up(&mut analyser);
            analyser.spread();
        }
        let hop_count = (RING_SECONDS * sample_rate / analyser.hop() as f64).ceil() as usize;
        let (hops, hops_end) = ring(hop_count);
        let (heard, heard_end) = ring(chunks(sample_rate, RING_SECONDS));
        let (wanted_end, wanted) = ring(SWITCHES);
        let (sound, passed) = match pass {
            Pass::Filmed => {
                let (sound, passed) = ring(chunks(sample_rate, RING_SECONDS));
                (Some(sound), Some(passed))
            }
            Pass::Live | Pass::Offline => (None, None),
        };
        // One more than can be wanted: what was on before comes back too.
        let (returned, returned_end) = ring(SWITCHES + 1);
        let tap = Self {
            analyser,
            mixdown: Mixdown::new(sample_rate, &Layout::usual(channels)),
            hops,
            heard,
            hearing: MonoChunk::EMPTY,
            sound,
            passing: StereoChunk::EMPTY,
            after_run_up: false,
            wanted,
            returned,
            status,
            pass,
            position: 0,
            place: Place::Stands,
            before: None,
        };
        let receiver = TapReceiver {
            sample_rate,
            hops: hops_end,
            heard: heard_end,
            sound: SoundSwitch {
                sample_rate,
                wanted: wanted_end,
                returned: returned_end,
            },
            passed,
        };
        Ok((tap, receiver))
    }

    /// Channels that it listens to.
    pub fn channels(&self) -> usize {
        self.analyser.channels()
    }

    /// Forgets what was heard: the next sample is the first.
    pub fn reset(&mut self) {
        self.hand_on_rest();
        self.analyser.reset();
        self.mixdown.reset();
        self.position = 0;
        self.before = None;
    }

    /// Forgets what was heard as the host's run-up, if anything was: a film of it is given up.
    pub fn end_run_up(&mut self) {
        if self.position > 0 {
            self.reset();
            self.after_run_up = true;
        }
    }

    /// Hands on what does not fill a chunk, so that nothing is missing at the end.
    fn hand_on_rest(&mut self) {
        let lossless = self.pass == Pass::Filmed;
        if self.hearing.len > 0 {
            push(&mut self.heard, self.hearing, lossless);
            self.hearing.len = 0;
        }
        if self.passing.len > 0 {
            if let Some(sound) = &mut self.sound {
                push(sound, self.passing, lossless);
            }
            self.passing.len = 0;
        }
    }

    /// Whether a film is made of what passes from now on.
    pub fn is_filmed(&mut self) -> bool {
        self.switch_sound();
        self.sound.is_some()
    }

    /// Says where the song is at the first sample of the next block, by its own count: seconds, while it plays.
    pub fn place(&mut self, seconds: Option<f64>) {
        self.place = seconds.map_or(Place::Stands, Place::At);
    }

    /// Takes in a block. `listened` has [`channels`](Self::channels) channels and is what is
    /// heard; `passed` has one or two and is what a recording gets; all have the same length.
    /// `transport` is where the host's song is at the block's first sample, while it plays.
    pub fn hear(
        &mut self,
        listened: &[&[f32]],
        passed: &[&[f32]],
        transport: Option<Transport>,
        snapshot: &Snapshot,
    ) {
        self.switch_sound();
        let start = self.position;
        let sample_rate = self.analyser.sample_rate();
        let block = Block {
            start,
            transport,
            place: std::mem::replace(&mut self.place, Place::Stands),
            snapshot: *snapshot,
        };
        let before = self.before.replace(block).unwrap_or(block);
        let Self {
            analyser,
            hops,
            status,
            pass,
            ..
        } = self;
        analyser.process_planar(listened, |frame| {
            // One that is told a block late goes by its own block: the song may have jumped since.
            let own = if frame.position <= start {
                &before
            } else {
                &block
            };
            let hop = own.hop(frame, sample_rate);
            if !push(hops, hop, *pass == Pass::Filmed) && *pass == Pass::Live {
                status.hops.fetch_add(1, Ordering::Relaxed);
            }
        });
        self.hand_on_heard(listened);
        self.hand_on_passed(passed);
        self.position += listened.first().map_or(0, |channel| channel.len()) as u64;
    }

    fn switch_sound(&mut self) {
        while let Ok(wanted) = self.wanted.pop() {
            if let Some(old) = std::mem::replace(&mut self.sound, wanted) {
                // There is room: the other end takes what came back before it asks again.
                if let Err(rtrb::PushError::Full(old)) = self.returned.push(old) {
                    std::mem::forget(old);
                }
            }
            self.passing.len = 0;
        }
    }

    fn hand_on_heard(&mut self, listened: &[&[f32]]) {
        let Self {
            mixdown,
            heard,
            hearing: chunk,
            status,
            pass,
            ..
        } = self;
        let mut position = self.position;
        mixdown.mix_planar(listened, |sample| {
            if chunk.len == 0 {
                chunk.position = position;
            }
            chunk.samples[chunk.len] = sample;
            chunk.len += 1;
            position += 1;
            if chunk.len == CHUNK {
                if !push(heard, *chunk, *pass == Pass::Filmed) && *pass == Pass::Live {
                    status.samples.fetch_add(CHUNK as u64, Ordering::Relaxed);
                }
                chunk.len = 0;
            }
        });
    }

    fn hand_on_passed(&mut self, passed: &[&[f32]]) {
        let (Some(sound), Some(left)) = (&mut self.sound, passed.first()) else {
            return;
        };
        let right = passed.get(1).unwrap_or(left);
        let chunk = &mut self.passing;
        for (i, (left, right)) in left.iter().zip(right.iter()).enumerate() {
            if chunk.len == 0 {
                chunk.position = self.position + i as u64;
                chunk.after_run_up = std::mem::take(&mut self.after_run_up);
            }
            chunk.samples[chunk.len] = [*left, *right];
            chunk.len += 1;
            if chunk.len == CHUNK {
                // Positions tell the recording what is missing.
                push(sound, *chunk, self.pass == Pass::Filmed);
                chunk.len = 0;
            }
        }
    }
}

impl Drop for Tap {
    fn drop(&mut self) {
        self.hand_on_rest();
    }
}

#[cfg(test)]
mod following;

#[cfg(test)]
mod tests {
    use super::*;

    /// What the emotion thread gets of these channels, in blocks of `block` samples.
    fn heard(channels: &[Vec<f32>], block: usize) -> Vec<f32> {
        let status = Arc::default();
        let (mut tap, mut receiver) =
            Tap::new(48_000.0, channels.len(), Pass::Live, status).unwrap();
        let length = channels[0].len();
        for start in (0..length).step_by(block) {
            let piece = start..length.min(start + block);
            let listened: Vec<&[f32]> = channels.iter().map(|c| &c[piece.clone()]).collect();
            tap.hear(&listened, &listened, None, &Snapshot::default());
        }
        drop(tap);
        let mut all = Vec::new();
        while let Ok(chunk) = receiver.heard.pop() {
            assert_eq!(chunk.position, all.len() as u64);
            all.extend(&chunk.samples[..chunk.len]);
        }
        all
    }

    #[test]
    fn what_passes_in_opposite_phase_is_heard_and_ordinary_stereo_is_its_mean() {
        let tone: Vec<f32> = (0..72_001).map(|n| 0.3 * (n as f32 * 0.02).sin()).collect();
        let inverse: Vec<f32> = tone.iter().map(|x| -x).collect();
        let noise: Vec<f32> = (0..72_001)
            .map(|n| (n * 7919 % 1009) as f32 / 2e4)
            .collect();
        for block in [1, 100, 512] {
            let opposite = heard(&[tone.clone(), inverse.clone()], block);
            let clear = |(a, b): (&f32, &f32)| (a - b).abs() < 0.01;
            assert_eq!(opposite.len(), tone.len());
            assert!(opposite[24_000..].iter().zip(&tone[24_000..]).all(clear));
            let ordinary = heard(&[tone.clone(), noise.clone()], block);
            let mean = |(a, b): (&f32, &f32)| 0.5 * (a + b);
            assert!(ordinary.into_iter().eq(tone.iter().zip(&noise).map(mean)));
            assert_eq!(heard(std::slice::from_ref(&tone), block), tone);
        }
    }

    #[test]
    fn a_hop_that_is_told_a_block_late_is_where_the_song_was_when_it_ended() {
        const SHORT: usize = 64;
        let (mut tap, mut receiver) = Tap::new(48_000.0, 1, Pass::Live, Arc::default()).unwrap();
        let samples = [0.1; SHORT];
        // Every block lies elsewhere in the song, as if the host jumped each time.
        let beats = |block: u64| 1000.0 * block as f64;
        for block in 0..100 {
            let transport = Transport {
                beats: beats(block),
                tempo: 120.0,
                beats_per_bar: 4.0,
            };
            tap.place(Some(beats(block)));
            let snapshot = Snapshot::default();
            tap.hear(&[&samples], &[&samples], Some(transport), &snapshot);
        }
        let mut told = 0;
        while let Ok(hop) = receiver.hops.pop() {
            let (block, rest) = match hop.frame.position % SHORT as u64 {
                0 => (hop.frame.position / SHORT as u64 - 1, SHORT as u64),
                rest => (hop.frame.position / SHORT as u64, rest),
            };
            let seconds = rest as f64 / 48_000.0;
            let transport = hop.transport.unwrap();
            assert!((transport.beats - beats(block) - 2.0 * seconds).abs() < 1e-9);
            let Place::At(place) = hop.place else {
                panic!("the song plays");
            };
            assert!((place - beats(block) - seconds).abs() < 1e-9);
            told += 1;
        }
        assert!(told > 5);
    }

    #[test]
    fn a_warmed_up_analyser_hears_what_a_new_one_hears() {
        let mut frames = [Vec::new(), Vec::new()];
        for (warmed, frames) in [false, true].into_iter().zip(&mut frames) {
            let mut analyser = Analyser::new(48_000.0, 2).unwrap();
            if warmed {
                warm_up(&mut analyser);
            }
            let beat = |i: usize| (-((i % 24_000) as f32) / 2_000.0).exp() * (i as f32 * 0.3).sin();
            let music: Vec<f32> = (0..96_000).map(beat).collect();
            analyser.process_planar(&[&music, &music], |frame| frames.push(format!("{frame:?}")));
        }
        assert_eq!(frames[0].len(), frames[1].len());
        assert!(frames[0] == frames[1]);
    }
}
