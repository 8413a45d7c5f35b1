//! What reaches the painting thread of the music.

use super::playhead::Playhead;
use super::rings::{Hop, SoundSwitch, TapReceiver};
use super::status::SharedStatus;
use crate::beat::BeatListener;
use crate::emotion::Emotion;
use crate::show::{Cue, Timeline};
use crate::signal::TapTempo;
use crossbeam_channel::Receiver;
use rtrb::Consumer;
use std::time::Instant;

/// What the painting thread hears, from one activation to the next.
pub(super) struct Hearing {
    hops: Consumer<Hop>,
    felt: Receiver<(u64, Emotion)>,
    /// None where its network cannot be read.
    beats: Option<BeatListener>,
    pub(super) taps: TapTempo,
    pub(super) timeline: Timeline,
    pub(super) playhead: Playhead,
    /// The newest hop, and when it came.
    pub(super) newest: Option<(Hop, Instant)>,
    pub(super) sample_rate: f64,
    /// Where a recording asks for the sound.
    pub(super) sound: SoundSwitch,
}

impl Hearing {
    pub(super) fn new(
        receiver: TapReceiver,
        felt: Receiver<(u64, Emotion)>,
        seed: u64,
        status: &SharedStatus,
    ) -> Self {
        let beats = BeatListener::new(receiver.sample_rate);
        let beats = beats.map_err(|error| status.report(format!("no beat is heard: {error}")));
        Self {
            hops: receiver.hops,
            felt,
            beats: beats.ok(),
            taps: TapTempo::new(receiver.sample_rate),
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
        while let Ok(mut hop) = self.hops.pop() {
            if let Some(beats) = &mut self.beats {
                beats.hear(&mut hop.frame);
            }
            hop.frame.beat = self.taps.lead(hop.frame.position, hop.frame.beat);
            self.timeline.hear(Cue {
                frame: hop.frame,
                transport: hop.transport,
                place: hop.place,
                controls: hop.snapshot.look(),
            });
            self.newest = Some((hop, now));
        }
    }

    /// Somebody taps the beat.
    pub(super) fn tap(&mut self, now: Instant) {
        let position = self.playhead.at(now, self.heard());
        self.taps.tap(position);
    }

    /// Position of the newest sample heard.
    pub(super) fn heard(&self) -> u64 {
        self.newest.map_or(0, |(hop, _)| hop.frame.position)
    }
}
