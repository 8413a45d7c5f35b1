//! Where the host's song is.

use crate::signal;
use nice_plug::prelude::Transport;

/// Tempos that are believed, beats per minute.
const TEMPOS: std::ops::RangeInclusive<f64> = 1.0..=1000.0;

/// Positions that are believed, beats from the song's beginning.
const FURTHEST: f64 = 1e9;

/// Beats by which a host may be off where it says that a bar begins: they are sums of floating point numbers.
const ROUNDING: f64 = 1e-6;

/// Where the host's song is, if it plays and says so in numbers that make sense.
///
/// Bars count from where the host says they begin, whatever the metre was before, and no further: its
/// word on a bar is about that one alone, so the same place is the same whichever way the host got there.
pub(super) fn song_of(transport: &Transport) -> Option<signal::Transport> {
    if !transport.playing {
        return None;
    }
    let position = transport.pos_beats()?;
    let tempo = transport.tempo.filter(|tempo| TEMPOS.contains(tempo))?;
    let count = f64::from(transport.time_sig_numerator.unwrap_or(4).clamp(1, 64));
    let unit = f64::from(transport.time_sig_denominator.unwrap_or(4).clamp(1, 64));
    let mut beats_per_bar = count * 4.0 / unit;
    let beats = counted(transport, position, beats_per_bar);
    // Bars that are shorter than a beat count two, four, eight together.
    while beats_per_bar < 1.0 {
        beats_per_bar *= 2.0;
    }
    let sensible = beats.is_finite() && beats.abs() < FURTHEST;
    sensible.then_some(signal::Transport {
        beats,
        tempo,
        beats_per_bar,
    })
}

/// How many seconds of the host's song have been played, while it plays and says so; negative in a count-in.
pub(super) fn seconds_of(transport: &Transport) -> Option<f64> {
    let seconds = transport.playing.then(|| transport.pos_seconds()).flatten();
    seconds.filter(|seconds| seconds.is_finite() && seconds.abs() < FURTHEST)
}

/// The place at `position` as if all bars had been as long as this one.
fn counted(transport: &Transport, position: f64, beats_per_bar: f64) -> f64 {
    let bar = transport.bar_start_pos_beats.filter(|start| {
        // Hosts that know nothing of bars leave a zero.
        (-ROUNDING..beats_per_bar + ROUNDING).contains(&(position - start))
    });
    let Some(start) = bar else {
        return position;
    };
    let before = (start / beats_per_bar + ROUNDING).floor();
    let number = match transport.bar_number {
        // The first bar begins where the song does. VST3 has no numbers, and some hosts leave a zero.
        Some(0) | None => before,
        Some(number) => number.into(),
    };
    number * beats_per_bar + (position - start)
}

#[cfg(test)]
mod tests;
