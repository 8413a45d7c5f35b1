//! What reaches the painting thread of the music.

use super::clocks::{Clock, Clocks};
use super::playhead::Playhead;
use super::rings::{Hop, SoundSwitch, TapReceiver};
use super::status::{SharedStatus, TempoSource};
use crate::beat::BeatListener;
use crate::emotion::Emotion;
use crate::show::{Cue, Timeline};
use crate::signal::{BeatLead, Led, TapTempo};
use crossbeam_channel::Receiver;
use parking_lot::Mutex;
use rtrb::Consumer;
use std::time::Instant;

/// What the painting thread hears, from one activation to the next.
pub(super) struct Hearing {
    hops: Consumer<Hop>,
    felt: Receiver<(u64, Emotion)>,
    /// None where its network cannot be read.
    beats: Option<BeatListener>,
    pub(super) taps: TapTempo,
    pub(super) lead: BeatLead,
    /// Who leads it, where no host does.
    pub(super) led_by: TempoSource,
    /// The beats of a clock from outside.
    outside: Option<Led>,
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
            lead: BeatLead::new(receiver.sample_rate),
            led_by: TempoSource::Heard,
            outside: None,
            timeline: Timeline::new(seed, receiver.sample_rate),
            playhead: Playhead::new(receiver.sample_rate),
            newest: None,
            sample_rate: receiver.sample_rate,
            sound: receiver.sound,
        }
    }

    /// Takes in what has come.
    pub(super) fn hear(&mut self, now: Instant, clocks: &Mutex<Clocks>) {
        self.be_led(now, clocks);
        while let Ok((position, emotion)) = self.felt.try_recv() {
            self.timeline.feel(position, emotion);
        }
        while let Ok(mut hop) = self.hops.pop() {
            if let Some(beats) = &mut self.beats {
                beats.hear(&mut hop.frame);
            }
            if self.lead.begins_at(hop.frame.position) {
                self.taps.release();
            }
            let led = self.taps.led().or(self.outside);
            hop.frame.beat = self.lead.lead(hop.frame.position, hop.frame.beat, led);
            self.timeline.hear(Cue {
                frame: hop.frame,
                transport: hop.transport,
                place: hop.place,
                controls: hop.snapshot.look(),
            });
            self.newest = Some((hop, now));
        }
    }

    /// Sees who leads from now on.
    fn be_led(&mut self, now: Instant, clocks: &Mutex<Clocks>) {
        let clocks = clocks.lock();
        let led = match clocks.chosen() {
            // The playhead moves with whoever asks for it.
            Clock::Heard => None,
            _ => {
                let position = self.playhead.at(now, self.heard());
                clocks.led(now, position, self.sample_rate)
            }
        };
        self.outside = led.map(|(led, _)| led);
        self.led_by = match (self.taps.led(), led) {
            (Some(_), _) => TempoSource::Tapped,
            (None, Some((_, source))) => source,
            (None, None) => TempoSource::Heard,
        };
    }

    /// Has beats be as whoever else leads, or the music, has them.
    pub(super) fn release(&mut self) {
        self.taps.release();
        self.lead.straighten();
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
