//! The emotion thread.

use super::rings::MonoChunk;
use super::shared::Shared;
use crate::emotion::{Ear, Emotion, Listener, NetworkError};
use crate::faults::{self, Part};
use crossbeam_channel::Sender;
use rtrb::Consumer;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Pause between two looks into the ring.
const PAUSE: Duration = Duration::from_millis(30);

/// Seconds of music that are kept: what the network's window holds, so that an emotion is there as
/// soon as somebody looks, and as soon as another ear is chosen.
const KEPT_SECONDS: f64 = 4.5;

/// What the emotion thread has to do.
pub(super) struct Listening {
    pub(super) sample_rate: f64,
    pub(super) heard: Consumer<MonoChunk>,
    /// Each estimate with the sample position from which on it is known.
    pub(super) felt: Sender<(u64, Emotion)>,
}

/// Listens with the ear that is chosen, until told to stop, or until the audio thread has gone.
pub(super) fn listen(listening: &mut Listening, shared: &Shared, stop: &AtomicBool) {
    let rate = listening.sample_rate;
    let mut recent = Recent::default();
    let mut listener: Option<PlacedListener> = None;
    // Also of an ear that could not be had, which is not tried again before another one was.
    let mut chosen = None;
    while !stop.load(Ordering::Relaxed) {
        let gone = listening.heard.is_abandoned();
        faults::check(Part::Emotion);
        while let Ok(chunk) = listening.heard.pop() {
            recent.take_in(&chunk);
        }
        let report = |position, emotion| {
            // A painting thread that is gone needs no emotions.
            let _ = listening.felt.try_send((position, emotion));
        };
        let ear = shared.setup.lock().ear;
        if chosen != Some(ear) {
            chosen = Some(ear);
            match PlacedListener::that_has_heard(&recent, ear, rate) {
                Ok((new, newest)) => {
                    listener = Some(new);
                    // Whose it is stands there before the first of its estimates.
                    shared.status.write(|status| status.ear = Some(ear));
                    newest
                        .into_iter()
                        .for_each(|(at, emotion)| report(at, emotion));
                }
                Err(error) if listener.is_none() => {
                    shared
                        .status
                        .report(format!("no emotion is heard: {error}"));
                }
                Err(error) => shared.status.report(format!(
                    "the ear “{ear}” cannot be used, and the one before hears on: {error}"
                )),
            }
        }
        if !shared.resting.load(Ordering::Relaxed) {
            let result = listener
                .as_mut()
                .map(|listener| recent.hear(listener, report));
            if let Some(Err(error)) = result {
                let sentence = format!("an emotion could not be estimated: {error}");
                shared.status.report(sentence);
            }
        }
        recent.forget_all_but((KEPT_SECONDS * rate) as usize);
        if gone {
            return;
        }
        std::thread::park_timeout(PAUSE);
    }
}

/// A listener that knows where in the music it is.
struct PlacedListener {
    listener: Listener,
    /// Samples it has heard: less than came where some were lost.
    heard: u64,
}

impl PlacedListener {
    /// One that has heard what the one before it has, and the newest mood of that, as of now: what
    /// was felt before has been painted.
    fn that_has_heard(
        recent: &Recent,
        ear: Ear,
        rate: f64,
    ) -> Result<(Self, Option<(u64, Emotion)>), NetworkError> {
        let listener = Listener::of(ear, rate.round() as u32)?;
        let mut new = Self { listener, heard: 0 };
        let (samples, end) = recent.heard();
        let mut newest = None;
        new.hear(&samples, end, |_, emotion| newest = Some((end, emotion)))?;
        Ok((new, newest))
    }

    /// Hears samples that end at the position `end`, and reports each estimate with its own one.
    fn hear(
        &mut self,
        samples: &[f32],
        end: u64,
        mut report: impl FnMut(u64, Emotion),
    ) -> Result<(), NetworkError> {
        self.heard += samples.len() as u64;
        let offset = end.saturating_sub(self.heard);
        self.listener
            .listen(samples, |at, emotion| report(at + offset, emotion))
    }
}

/// The newest samples, those that were heard among them.
#[derive(Default)]
struct Recent {
    samples: VecDeque<f32>,
    /// How many, at the end, were not heard yet.
    unheard: usize,
    /// Position of the end.
    end: u64,
}

impl Recent {
    fn take_in(&mut self, chunk: &MonoChunk) {
        self.samples.extend(&chunk.samples[..chunk.len]);
        self.unheard += chunk.len;
        self.end = chunk.position + chunk.len as u64;
    }

    fn heard(&self) -> (Vec<f32>, u64) {
        let count = self.samples.len() - self.unheard;
        let samples = self.samples.iter().take(count).copied();
        (
            samples.collect(),
            self.end.saturating_sub(self.unheard as u64),
        )
    }

    /// Has `listener` hear what was not heard yet.
    fn hear(
        &mut self,
        listener: &mut PlacedListener,
        report: impl FnMut(u64, Emotion),
    ) -> Result<(), NetworkError> {
        let heard = self.samples.len() - std::mem::take(&mut self.unheard);
        listener.hear(&self.samples.make_contiguous()[heard..], self.end, report)
    }

    fn forget_all_but(&mut self, most: usize) {
        let surplus = self.samples.len().saturating_sub(most);
        self.samples.drain(..surplus);
        self.unheard = self.unheard.min(self.samples.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::Snapshot;
    use crate::live::Setup;
    use crate::live::rings::CHUNK;
    use crossbeam_channel::{Receiver, bounded};
    use rtrb::{Producer, RingBuffer};
    use std::sync::Arc;
    use std::time::Instant;

    /// The network's own, so that positions are exact; and its hop.
    const RATE: usize = 16_000;
    const HOP: usize = 4000;

    /// The emotion thread of an instance, and the audio thread's end of its ring.
    struct Stand {
        shared: Arc<Shared>,
        ring: Producer<MonoChunk>,
        felt: Receiver<(u64, Emotion)>,
        played: Vec<f32>,
    }

    impl Stand {
        fn new() -> Self {
            let (ring, heard) = RingBuffer::new(10 * RATE / CHUNK);
            let (to_show, felt) = bounded(1000);
            let shared = Arc::new(Shared::new(Snapshot::default));
            shared.resting.store(false, Ordering::Relaxed);
            let mut listening = Listening {
                sample_rate: RATE as f64,
                heard,
                felt: to_show,
            };
            let of_thread = Arc::clone(&shared);
            std::thread::spawn(move || {
                listen(&mut listening, &of_thread, &AtomicBool::new(false));
            });
            Self {
                shared,
                ring,
                felt,
                played: Vec::new(),
            }
        }

        /// Plays a melody on for whole chunks of about that many seconds.
        fn play(&mut self, seconds: f32) {
            for _ in 0..(seconds * RATE as f32) as usize / CHUNK {
                let position = self.played.len();
                let samples = std::array::from_fn(|i| {
                    let t = (position + i) as f32 / RATE as f32;
                    let note = 220.0 * [1.0, 1.2, 1.5, 1.33][(4.0 * t) as usize % 4];
                    0.3 * (-4.0 * (4.0 * t).fract()).exp()
                        * (std::f32::consts::TAU * note * t).sin()
                });
                self.played.extend(samples);
                let (position, len) = (position as u64, CHUNK);
                let chunk = MonoChunk {
                    position,
                    len,
                    samples,
                };
                self.ring.push(chunk).expect("room in the ring");
            }
        }

        /// Waits for the estimate of the last hop that was played, and answers all that came.
        fn felt(&self) -> Vec<(u64, Emotion)> {
            let position = (self.played.len() / HOP * HOP) as u64;
            let mut all: Vec<(u64, Emotion)> = Vec::new();
            let begun = Instant::now();
            while all.last().is_none_or(|(at, _)| *at < position) {
                assert!(begun.elapsed() < Duration::from_secs(60), "{all:?}");
                all.extend(self.felt.recv_timeout(Duration::from_secs(1)).ok());
            }
            all
        }

        fn choose(&self, ear: Ear) {
            let setup = self.shared.setup();
            *self.shared.setup.lock() = Setup { ear, ..setup };
        }
    }

    /// What an ear says of the music from `from` on, at the positions that the music has.
    fn alone(ear: Ear, played: &[f32], from: usize) -> Vec<(u64, Emotion)> {
        let (mut listener, mut all) = (Listener::of(ear, RATE as u32).unwrap(), Vec::new());
        let report = |at, emotion| all.push((at + from as u64, emotion));
        listener.listen(&played[from..], report).unwrap();
        all
    }

    #[test]
    fn an_ear_that_is_chosen_while_music_plays_hears_on_from_what_was_played() {
        let mut stand = Stand::new();
        stand.play(6.0);
        let before = stand.felt();
        assert_eq!(before, alone(Ear::Default, &stand.played, 0));
        assert_eq!(stand.shared.status.read().ear, Some(Ear::Default));

        // At once, of the seconds before.
        stand.choose(Ear::Free);
        let switched = stand.played.len();
        let kept = switched - (KEPT_SECONDS * RATE as f64) as usize;
        let (_, mood) = *alone(Ear::Free, &stand.played, kept).last().unwrap();
        assert_eq!(stand.felt(), [(switched as u64, mood)]);
        assert_eq!(stand.shared.status.read().ear, Some(Ear::Free));

        // And on, as if it had heard all the time.
        stand.play(2.0);
        let after = stand.felt();
        let mut expected = alone(Ear::Free, &stand.played, kept);
        expected.retain(|(at, _)| *at > switched as u64);
        assert!(after.len() >= 7, "{after:?}");
        assert_eq!(after, expected);
        assert_ne!(
            after,
            alone(Ear::Default, &stand.played, kept)[expected.len()..]
        );
        assert_eq!(stand.shared.status.read().problem, None);
    }

    #[test]
    fn ears_that_are_switched_to_and_fro_lose_no_estimate() {
        let mut stand = Stand::new();
        stand.play(3.0);
        stand.felt();
        for round in 0..6 {
            stand.choose(Ear::ALL[round % 2]);
            stand.play(0.5);
            let felt = stand.felt();
            assert!(felt.is_sorted_by_key(|(at, _)| *at), "{felt:?}");
        }
        assert_eq!(stand.shared.status.read().problem, None);
    }
}
