//! Beats and bars of a song of which what follows is known: all of it, or some seconds.

use super::decided::{Decided, Told};
use super::input::{INPUTS, Input};
use super::network::Stream;
use super::search::Search;
use super::{Attention, DELAY_SECONDS, Networks};
use crate::weights::WeightsFault;
use std::collections::VecDeque;
use synopsia_signal::{AudioFrame, Beat, hop};

/// Seconds of what follows after which a beat is decided where the song's end is not waited for.
pub const LOOK_AHEAD_SECONDS: f64 = 4.0;

/// Beats that have to follow before the place of one in its bar is decided.
const LOOK_AHEAD_BEATS: usize = 8;

/// Writes into all frames of a song, which an analyser of audio at `sample_rate` Hz made of it, where in the beat they
/// are: what follows says as much of that as what went before.
///
/// # Errors
/// When the network that was built in is damaged, which a test rules out.
pub fn hear_whole(frames: &mut [AudioFrame], sample_rate: f64) -> Result<(), WeightsFault> {
    let networks = Networks::built_in()?;
    let hop_seconds = hop(sample_rate) as f64 / sample_rate;
    let mut hearing = Hearing::new(networks, hop_seconds);
    for frame in &*frames {
        hearing.hear(frame);
    }
    let mut decided = Decided::new(hop_seconds, usize::MAX);
    hearing
        .end()
        .into_iter()
        .for_each(|beat| decided.beat(beat));
    decided.end_beats();
    // What the bars hear is heard anew: to keep it would take as much memory as the song.
    let mut input = Input::new(hop_seconds);
    for frame in &*frames {
        decided.hear_bars(&networks.bars, &input.hear(frame));
    }
    decided.end_bars();
    for frame in frames {
        frame.beat = decided.tell().unwrap_or_default();
    }
    Ok(())
}

/// Hears beats some seconds behind, with what follows in that time; otherwise as [`hear_whole`] does. What was told stays
/// as it is. It keeps what it needs of those seconds, and nothing of what was before.
pub struct LookAhead {
    networks: &'static Networks,
    hearing: Hearing,
    decided: Decided,
    /// What was heard of the hops that the bars have not heard.
    heard: VecDeque<[f32; INPUTS]>,
    /// Hops that beats are decided behind.
    lag: usize,
}

impl LookAhead {
    /// Of frames of an analyser of audio at `sample_rate` Hz, of which `seconds` have to follow before a beat is decided.
    ///
    /// # Errors
    /// When the network that was built in is damaged, which a test rules out.
    pub fn new(sample_rate: f64, seconds: f64) -> Result<Self, WeightsFault> {
        let networks = Networks::built_in()?;
        let hop_seconds = hop(sample_rate) as f64 / sample_rate;
        Ok(Self {
            networks,
            hearing: Hearing::new(networks, hop_seconds),
            decided: Decided::new(hop_seconds, LOOK_AHEAD_BEATS),
            heard: VecDeque::new(),
            lag: (seconds / hop_seconds) as usize,
        })
    }

    /// Hears the next frame, and tells where in the beat the first ones are of which that has not been told.
    pub fn hear(&mut self, frame: &AudioFrame, mut tell: impl FnMut(Beat)) {
        self.heard.push_back(self.hearing.hear(frame));
        for beat in self.hearing.decide(self.lag) {
            self.decided.beat(beat);
        }
        self.go_on(&mut tell);
    }

    /// Tells of all that have not been told, since nothing follows.
    pub fn end(mut self, mut tell: impl FnMut(Beat)) {
        let hearing = self.hearing;
        hearing
            .end()
            .into_iter()
            .for_each(|beat| self.decided.beat(beat));
        self.decided.end_beats();
        for heard in &self.heard {
            self.decided.hear_bars(&self.networks.bars, heard);
        }
        self.decided.end_bars();
        while let Some(beat) = self.decided.tell() {
            tell(beat);
        }
    }

    /// Bytes that are kept of what was heard.
    #[cfg(test)]
    pub(super) fn kept(&self) -> usize {
        let heard = self.heard.capacity() * size_of::<[f32; INPUTS]>();
        let likely = self.hearing.likely.capacity() * size_of::<f32>();
        heard + likely + self.hearing.search.kept() + self.decided.kept()
    }

    fn go_on(&mut self, tell: &mut impl FnMut(Beat)) {
        while let Some(heard) = self.heard.front()
            && self.decided.hear_bars(&self.networks.bars, heard)
        {
            self.heard.pop_front();
        }
        while let Some(beat) = self.decided.tell() {
            tell(beat);
        }
    }
}

/// What is heard of beats, hop by hop, and the search for them.
struct Hearing {
    networks: &'static Networks,
    hop_seconds: f64,
    input: Input,
    stream: Stream,
    attention: Attention,
    search: Search,
    /// How likely a beat was, from hop number `first` on.
    likely: VecDeque<f32>,
    first: usize,
}

impl Hearing {
    fn new(networks: &'static Networks, hop_seconds: f64) -> Self {
        Self {
            networks,
            hop_seconds,
            input: Input::new(hop_seconds),
            stream: networks.beats.stream(),
            attention: Attention::NONE,
            search: Search::new(hop_seconds),
            likely: VecDeque::new(),
            first: 0,
        }
    }

    /// Hears the next frame, and says what the networks are told of it.
    fn hear(&mut self, frame: &AudioFrame) -> [f32; INPUTS] {
        let input = self.input.hear(frame);
        let heard = self.networks.beats.hear(&mut self.stream, &input);
        self.attention.hear(frame.onset, self.hop_seconds);
        let attention = self.attention.now();
        // Where there is no tempo nothing speaks for any beat, and they run on evenly.
        let counts = attention * heard.tempos.iter().sum::<f32>();
        self.search.hear(&heard, counts);
        self.likely.push_back(attention * heard.beat);
        input
    }

    /// The next beats that lie `lag` hops back.
    fn decide(&mut self, lag: usize) -> Vec<Told> {
        let hops = self.search.decide(lag);
        let beats: Vec<Told> = hops.iter().map(|&hop| self.told(hop)).collect();
        if let Some(last) = hops.last() {
            let past = last.saturating_sub(self.first).min(self.likely.len());
            self.likely.drain(..past);
            self.first += past;
        }
        beats
    }

    /// All beats that have not been decided, and one at or after the end.
    fn end(mut self) -> Vec<Told> {
        let search = std::mem::replace(&mut self.search, Search::new(self.hop_seconds));
        let hops = search.end();
        hops.into_iter().map(|hop| self.told(hop)).collect()
    }

    fn told(&self, hop: usize) -> Told {
        let near = hop.saturating_sub(1)..=hop + 1;
        let near = near.filter_map(|hop| self.likely.get(hop.checked_sub(self.first)?));
        Told {
            at: (hop + 1) as f64 - DELAY_SECONDS / self.hop_seconds,
            likely: near.fold(0.0, |most, &likely| most.max(likely)),
        }
    }
}
