//! Beats and bars of a song that is known to its end.

use super::bars::{BarNetwork, WholeBars};
use super::certainty::NO_DOUBT;
use super::input::Input;
use super::network::TEMPO_RANGE;
use super::search::Search;
use super::{Attention, DELAY_SECONDS, Networks};
use crate::weights::WeightsFault;
use synopsia_signal::{AudioFrame, Beat, hop};

/// Beats on either side over which certainty is taken.
const CERTAIN_BEATS: usize = 4;

/// A beat may be off the middle of its neighbours by so many hops because it is searched for by whole ones; and how
/// often it is brought nearer.
const FINENESS: f64 = 1.1;
const SMOOTHINGS: usize = 3;

/// One beat.
#[derive(Clone, Copy, Debug)]
struct Told {
    /// Hops from the song's beginning, with fraction: the end of hop 0 is 1.
    at: f64,
    /// How likely the network finds it.
    likely: f32,
    in_bar: u8,
    per_bar: u8,
}

/// Writes into all frames of a song, which an analyser of audio at `sample_rate` Hz made of it, where in the beat they
/// are: what follows says as much of that as what went before.
///
/// # Errors
/// When the network that was built in is damaged, which a test rules out.
pub fn hear_whole(frames: &mut [AudioFrame], sample_rate: f64) -> Result<(), WeightsFault> {
    let networks = Networks::built_in()?;
    let hop_seconds = hop(sample_rate) as f64 / sample_rate;
    let mut beats = beats_of(frames, networks, hop_seconds);
    place(frames, &networks.bars, hop_seconds, &mut beats);
    write(frames, hop_seconds, &beats);
    Ok(())
}

/// The beats of a song, and one at or after its end.
fn beats_of(frames: &[AudioFrame], networks: &Networks, hop_seconds: f64) -> Vec<Told> {
    let (mut input, mut stream) = (Input::new(hop_seconds), networks.beats.stream());
    let (mut search, mut attention) = (Search::new(hop_seconds), Attention::NONE);
    let mut likely = Vec::with_capacity(frames.len());
    for frame in frames {
        let heard = networks.beats.hear(&mut stream, &input.hear(frame));
        attention.hear(frame.onset, hop_seconds);
        // Where there is no tempo nothing speaks for any beat, and they run on evenly.
        let counts = attention.now() * heard.tempos.iter().sum::<f32>();
        search.hear(&heard, counts);
        likely.push(attention.now() * heard.beat);
    }
    let told = |hop: usize| Told {
        at: (hop + 1) as f64 - DELAY_SECONDS / hop_seconds,
        likely: near(&likely, hop, 1).iter().fold(0.0, |a, &b| a.max(b)),
        in_bar: 0,
        per_bar: 4,
    };
    let mut beats: Vec<_> = search.end().into_iter().map(told).collect();
    (0..SMOOTHINGS).for_each(|_| smooth(&mut beats));
    beats
}

/// Brings beats that are whole hops apart half-way to the middle of their neighbours, where they are off it by no more
/// than a hop makes.
fn smooth(beats: &mut [Told]) {
    let middle = |three: &[Told]| 0.5 * (three[0].at + three[2].at);
    let middles: Vec<f64> = beats.windows(3).map(middle).collect();
    for (beat, middle) in beats.iter_mut().skip(1).zip(middles) {
        let off = middle - beat.at;
        if off.abs() <= FINENESS {
            beat.at += 0.5 * off;
        }
    }
}

/// What lies no further than `reach` from a place.
fn near<T>(all: &[T], place: usize, reach: usize) -> &[T] {
    let end = (place + reach + 1).min(all.len());
    &all[place.saturating_sub(reach).min(end)..end]
}

/// Says of each beat which of a bar it is.
fn place(frames: &[AudioFrame], network: &BarNetwork, hop_seconds: f64, beats: &mut [Told]) {
    let (mut input, mut bars) = (Input::new(hop_seconds), WholeBars::new());
    let delay = DELAY_SECONDS / hop_seconds;
    let mut next = 0;
    for (hop, frame) in frames.iter().enumerate() {
        let heard = input.hear(frame);
        // The moment of which the hop tells.
        let at = (hop + 1) as f64 - delay;
        let before = next;
        while beats.get(next).is_some_and(|beat| beat.at <= at) {
            next += 1;
        }
        let phase = match (next.checked_sub(1).map(|last| beats[last]), beats.get(next)) {
            (Some(last), Some(next)) => (at - last.at) / (next.at - last.at),
            _ => 0.0,
        };
        bars.hear(network, &heard, phase, next > before);
    }
    for (beat, (in_bar, per_bar)) in beats.iter_mut().zip(bars.end()) {
        (beat.in_bar, beat.per_bar) = (in_bar, per_bar);
    }
}

/// Writes into each frame where among the beats it is. They are counted so that the first has its number in the bar.
fn write(frames: &mut [AudioFrame], hop_seconds: f64, beats: &[Told]) {
    let Some(first) = beats.first() else { return };
    let period = |n: usize| match (beats.get(n), beats.get(n + 1)) {
        (Some(now), Some(next)) => next.at - now.at,
        _ => 60.0 / Beat::RESTING_TEMPO / hop_seconds,
    };
    let begun = f64::from(first.in_bar) - first.at / period(0);
    let bar = f64::from(first.per_bar);
    let count = f64::from(first.in_bar)
        + if begun < 0.0 {
            (-begun / bar).ceil() * bar
        } else {
            0.0
        };
    let (slowest, fastest) = TEMPO_RANGE;
    let mut next = 0;
    for (hop, frame) in frames.iter_mut().enumerate() {
        let at = (hop + 1) as f64;
        while beats.get(next).is_some_and(|beat| beat.at <= at) {
            next += 1;
        }
        // Before the first beat time runs as fast as after it.
        let n = next.saturating_sub(1);
        let beat = beats[n];
        let within = (at - beat.at) / period(n);
        let ago = (-within.floor()).max(0.0) as i64;
        let in_bar = (i64::from(beat.in_bar) - ago).rem_euclid(beat.per_bar.into());
        let surroundings = near(beats, n, CERTAIN_BEATS);
        let likely: f32 = surroundings.iter().map(|beat| beat.likely).sum();
        frame.beat = Beat {
            tempo: (60.0 / (period(n) * hop_seconds)).clamp(slowest, fastest) as f32,
            beats: count + n as f64 + within,
            in_bar: in_bar as u8,
            per_bar: beat.per_bar,
            confidence: (likely / surroundings.len() as f32 / NO_DOUBT).min(1.0),
        };
    }
}
