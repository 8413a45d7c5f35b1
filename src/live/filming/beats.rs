//! The beats of a bounce that is filmed.

use crate::beat::{BeatListener, LOOK_AHEAD_SECONDS, LookAhead};
use crate::live::rings::Hop;
use crate::signal::Beat;
use crate::weights::WeightsFault;
use std::collections::VecDeque;

/// Hears the beats of a bounce's hops. Nobody listens in real time, so they are heard with what follows, and hops wait
/// for that; but once the host's song plays its own bars count, and nothing waits.
pub(super) struct Beats {
    /// As on a stage, where nobody knows what follows.
    live: BeatListener,
    /// None once the host's song has played.
    ahead: Option<LookAhead>,
    /// Hops whose beat is not decided.
    waiting: VecDeque<Hop>,
}

impl Beats {
    /// Of a bounce at `sample_rate` Hz.
    ///
    /// # Errors
    /// When the network that was built in is damaged, which a test rules out.
    pub fn new(sample_rate: f64) -> Result<Self, WeightsFault> {
        Ok(Self {
            live: BeatListener::new(sample_rate)?,
            ahead: Some(LookAhead::new(sample_rate, LOOK_AHEAD_SECONDS)?),
            waiting: VecDeque::new(),
        })
    }

    /// Hears the next hop, and hands on those whose beat is decided.
    pub fn hear(&mut self, hop: Hop, mut hand_on: impl FnMut(Hop)) {
        let mut heard = hop;
        self.live.hear(&mut heard.frame);
        if hop.transport.is_some() {
            self.end(&mut hand_on);
        }
        match &mut self.ahead {
            None => hand_on(heard),
            Some(ahead) => {
                self.waiting.push_back(hop);
                let tell = teller(&mut self.waiting, hand_on);
                ahead.hear(&hop.frame, tell);
            }
        }
    }

    /// Hands on all that wait: nothing follows.
    pub fn end(&mut self, hand_on: impl FnMut(Hop)) {
        if let Some(ahead) = self.ahead.take() {
            ahead.end(teller(&mut self.waiting, hand_on));
        }
    }

    /// The position of the first hop that waits.
    pub fn waits_at(&self) -> Option<u64> {
        self.waiting.front().map(|hop| hop.frame.position)
    }
}

/// Hands on the first that waits, with its beat.
fn teller(waiting: &mut VecDeque<Hop>, mut hand_on: impl FnMut(Hop)) -> impl FnMut(Beat) {
    move |beat| {
        if let Some(mut hop) = waiting.pop_front() {
            hop.frame.beat = beat;
            hand_on(hop);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::Snapshot;
    use crate::show::Place;
    use crate::signal::{AudioFrame, Transport, hop as hop_of};

    const RATE: f64 = 48_000.0;

    /// A hop of a kick 100 times a minute.
    fn hop(number: u64, transport: Option<Transport>) -> Hop {
        let samples = hop_of(RATE) as u64;
        let since = (number * samples) as f64 / RATE % 0.6;
        let loud = (-20.0 * since).exp() as f32;
        Hop {
            frame: AudioFrame {
                position: (number + 1) * samples,
                parts: std::array::from_fn(|part| loud.powi(2) * 0.1 / (1 + part) as f32),
                onset: loud,
                onsets: [loud; 8],
                ..AudioFrame::default()
            },
            transport,
            place: Place::Stands,
            snapshot: Snapshot::default(),
        }
    }

    #[test]
    fn every_hop_is_handed_on_once_in_order_and_none_waits_longer_than_is_looked_ahead() {
        let mut beats = Beats::new(RATE).unwrap();
        let mut handed_on: Vec<Hop> = Vec::new();
        let mut longest = 0;
        for number in 0..4000 {
            beats.hear(hop(number, None), |hop| handed_on.push(hop));
            longest = longest.max(beats.waiting.len());
        }
        // The bars are decided some beats later.
        let seconds = longest as f64 * hop_of(RATE) as f64 / RATE;
        let most = LOOK_AHEAD_SECONDS + 13.0 * 0.6;
        assert!((LOOK_AHEAD_SECONDS..most).contains(&seconds), "{seconds} s");
        beats.end(|hop| handed_on.push(hop));
        assert_eq!((handed_on.len(), beats.waits_at()), (4000, None));
        for (number, pair) in handed_on.windows(2).enumerate() {
            let [before, after] = [&pair[0].frame, &pair[1].frame];
            assert_eq!(before.position, (number as u64 + 1) * hop_of(RATE) as u64);
            assert!(after.beat.beats > before.beat.beats);
            assert!((after.beat.tempo - 100.0).abs() < 5.0, "from the first on");
        }
    }

    #[test]
    fn where_the_hosts_song_plays_nothing_waits_and_what_waited_is_handed_on() {
        let playing = Some(Transport {
            beats: 8.0,
            tempo: 100.0,
            beats_per_bar: 4.0,
        });
        for before in [0, 300] {
            let mut beats = Beats::new(RATE).unwrap();
            let mut handed_on = 0;
            for number in 0..before {
                beats.hear(hop(number, None), |_| handed_on += 1);
            }
            assert_eq!(handed_on, 0);
            for number in before..before + 50 {
                // It stops now and then.
                let transport = playing.filter(|_| number % 3 == before % 3);
                beats.hear(hop(number, transport), |_| handed_on += 1);
                assert_eq!((handed_on, beats.waits_at()), (number + 1, None));
            }
        }
    }
}
