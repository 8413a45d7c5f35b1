//! What reaches the painting thread of the music.

use super::playhead::Playhead;
use super::rings::{Hop, SoundSwitch, TapReceiver};
use crate::emotion::Emotion;
use crate::show::{Cue, Timeline};
use crossbeam_channel::Receiver;
use rtrb::Consumer;
use std::time::Instant;

/// What the painting thread hears, from one activation to the next.
pub(super) struct Hearing {
    hops: Consumer<Hop>,
    felt: Receiver<(u64, Emotion)>,
    pub(super) timeline: Timeline,
    pub(super) playhead: Playhead,
    /// The newest hop, and when it came.
    pub(super) newest: Option<(Hop, Instant)>,
    pub(super) sample_rate: f64,
    /// Where a recording asks for the sound.
    pub(super) sound: SoundSwitch,
}

impl Hearing {
    pub(super) fn new(receiver: TapReceiver, felt: Receiver<(u64, Emotion)>, seed: u64) -> Self {
        Self {
            hops: receiver.hops,
            felt,
            timeline: Timeline::new(seed, receiver.sample_rate),
            playhead: Playhead::new(receiver.sample_rate),
            newest: None,
            sample_rate: receiver.sample_rate,
            sound: receiver.sound,
        }
    }

    /// Takes in what has come.
    pub(super) fn hear(&mut self, now: Instant) {
        while let Ok((position, emotion)) = self.felt.try_recv() {
            self.timeline.feel(position, emotion);
        }
        while let Ok(hop) = self.hops.pop() {
            self.timeline.hear(Cue {
                frame: hop.frame,
                transport: hop.transport,
                controls: hop.snapshot.look(),
            });
            self.newest = Some((hop, now));
        }
    }

    /// Position of the newest sample heard.
    pub(super) fn heard(&self) -> u64 {
        self.newest.map_or(0, |(hop, _)| hop.frame.position)
    }
}
