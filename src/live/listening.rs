//! The emotion thread.

use super::rings::MonoChunk;
use super::status::SharedStatus;
use crate::emotion::{Emotion, Listener};
use crate::faults::{self, Part};
use crossbeam_channel::Sender;
use rtrb::Consumer;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Pause between two looks into the ring.
const PAUSE: Duration = Duration::from_millis(30);

/// Seconds of music that are kept while nobody looks: what the network's window holds, so that an
/// emotion is there as soon as somebody does.
const KEPT_SECONDS: f64 = 4.5;

/// What the emotion thread has to do.
pub(super) struct Listening {
    pub(super) sample_rate: f64,
    pub(super) heard: Consumer<MonoChunk>,
    /// Each estimate with the sample position from which on it is known.
    pub(super) felt: Sender<(u64, Emotion)>,
}

/// Listens until told to stop, or until the audio thread has gone.
pub(super) fn listen(
    listening: &mut Listening,
    resting: &AtomicBool,
    status: &Arc<SharedStatus>,
    stop: &AtomicBool,
) {
    let rate = listening.sample_rate;
    let mut listener = match Listener::new(rate.round() as u32) {
        Ok(listener) => listener,
        Err(error) => {
            status.report(format!("no emotion is heard: {error}"));
            while !stop.load(Ordering::Relaxed) && !listening.heard.is_abandoned() {
                while listening.heard.pop().is_ok() {}
                std::thread::park_timeout(PAUSE);
            }
            return;
        }
    };
    let mut kept: VecDeque<f32> = VecDeque::new();
    let mut samples = Vec::new();
    // Sample position less the listener's own count; grows where samples were lost.
    let mut offset = 0;
    let mut listened = 0;
    while !stop.load(Ordering::Relaxed) {
        let gone = listening.heard.is_abandoned();
        faults::check(Part::Emotion);
        while let Ok(chunk) = listening.heard.pop() {
            kept.extend(&chunk.samples[..chunk.len]);
            offset =
                (chunk.position + chunk.len as u64).saturating_sub(listened + kept.len() as u64);
        }
        if resting.load(Ordering::Relaxed) {
            let surplus = kept.len().saturating_sub((KEPT_SECONDS * rate) as usize);
            kept.drain(..surplus);
            offset += surplus as u64;
        } else if !kept.is_empty() {
            samples.clear();
            samples.extend(kept.drain(..));
            listened += samples.len() as u64;
            let felt = &listening.felt;
            let result = listener.listen(&samples, |position, emotion| {
                // A painting thread that is gone needs no emotions.
                let _ = felt.try_send((position + offset, emotion));
            });
            if let Err(error) = result {
                status.report(format!("an emotion could not be estimated: {error}"));
            }
        }
        if gone {
            return;
        }
        std::thread::park_timeout(PAUSE);
    }
}
