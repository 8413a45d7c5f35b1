//! Momentary loudness: EBU R128 / ITU-R BS.1770-4.

use super::layout::Layout;
use super::speaker::Speaker;
use std::f64::consts::PI;

/// Momentary loudness integrates over 400 ms, here this many hops; the hop is chosen so that they
/// fit.
pub(super) const MOMENTARY_HOPS: usize = 34;

/// Loudness reported for silence, LUFS: the absolute gate of BS.1770.
pub(super) const SILENCE_LUFS: f32 = -70.0;

/// Filter states below this are set to zero, so that silence never runs on denormal numbers.
const INAUDIBLE: f64 = 1e-30;

/// A second-order section, transposed direct form II.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Biquad {
    b: [f64; 3],
    a: [f64; 2],
}

/// The two delays of a [`Biquad`].
type State = [f64; 2];

impl Biquad {
    /// The high shelf of BS.1770 (the head as a sphere). The standard prints it at 48 kHz; these
    /// are the analogue parameters behind those figures (De Man 2014), so any rate will do.
    fn head(sample_rate: f64) -> Self {
        let (f0, gain_db, q) = (1681.974450955533, 3.999843853973347, 0.7071752369554196);
        let k = (PI * f0 / sample_rate).tan();
        let high = 10f64.powf(gain_db / 20.0);
        let band = high.powf(0.4996667741545416);
        let a0 = 1.0 + k / q + k * k;
        Self {
            b: [
                (high + band * k / q + k * k) / a0,
                2.0 * (k * k - high) / a0,
                (high - band * k / q + k * k) / a0,
            ],
            a: [2.0 * (k * k - 1.0) / a0, (1.0 - k / q + k * k) / a0],
        }
    }

    /// The high pass of BS.1770 (the RLB curve), from the same source.
    fn rlb(sample_rate: f64) -> Self {
        let (f0, q) = (38.13547087602444, 0.5003270373238773);
        let k = (PI * f0 / sample_rate).tan();
        let a0 = 1.0 + k / q + k * k;
        Self {
            b: [1.0, -2.0, 1.0],
            a: [2.0 * (k * k - 1.0) / a0, (1.0 - k / q + k * k) / a0],
        }
    }

    #[inline]
    fn run(&self, state: &mut State, x: f64) -> f64 {
        let y = self.b[0] * x + state[0];
        state[0] = self.b[1] * x - self.a[0] * y + state[1];
        state[1] = self.b[2] * x - self.a[1] * y;
        y
    }
}

/// One channel's filters.
#[derive(Clone, Copy, Debug, Default)]
struct Channel {
    head: State,
    rlb: State,
    /// What the standard weighs this loudspeaker's energy with; 0 for a subwoofer.
    weight: f64,
    /// Filtered energy in this hop so far.
    energy: f64,
}

/// Measures momentary loudness, hop by hop.
pub(super) struct Loudness {
    head: Biquad,
    rlb: Biquad,
    channels: Box<[Channel]>,
    /// Mean weighted square of each of the last hops.
    hops: [f64; MOMENTARY_HOPS],
    next: usize,
}

impl Loudness {
    pub(super) fn new(sample_rate: f64, layout: &Layout) -> Self {
        let channel = |speaker: &Speaker| Channel {
            weight: speaker.loudness_weight(),
            ..Channel::default()
        };
        Self {
            head: Biquad::head(sample_rate),
            rlb: Biquad::rlb(sample_rate),
            channels: layout.speakers().iter().map(channel).collect(),
            hops: [0.0; MOMENTARY_HOPS],
            next: 0,
        }
    }

    /// Takes finite samples of one channel.
    pub(super) fn hear(&mut self, channel: usize, samples: &[f32]) {
        // A copy, so that the state stays in registers.
        let mut heard = self.channels[channel];
        for &sample in samples {
            let shelved = self.head.run(&mut heard.head, f64::from(sample));
            let weighted = self.rlb.run(&mut heard.rlb, shelved);
            heard.energy += weighted * weighted;
        }
        self.channels[channel] = heard;
    }

    /// Closes a hop of `samples` samples; returns the loudness of the last 400 ms in LUFS, at
    /// least [`SILENCE_LUFS`].
    pub(super) fn close_hop(&mut self, samples: usize) -> f32 {
        let mut energy = 0.0;
        for channel in &mut self.channels {
            energy += channel.weight * channel.energy;
            channel.energy = 0.0;
            for state in channel.head.iter_mut().chain(&mut channel.rlb) {
                if state.abs() < INAUDIBLE {
                    *state = 0.0;
                }
            }
        }
        self.hops[self.next] = energy / samples as f64;
        self.next = (self.next + 1) % MOMENTARY_HOPS;
        let mean = self.hops.iter().sum::<f64>() / MOMENTARY_HOPS as f64;
        let lufs = -0.691 + 10.0 * mean.max(1e-12).log10();
        (lufs as f32).max(SILENCE_LUFS)
    }

    pub(super) fn reset(&mut self) {
        for channel in &mut self.channels {
            *channel = Channel {
                weight: channel.weight,
                ..Channel::default()
            };
        }
        self.hops = [0.0; MOMENTARY_HOPS];
        self.next = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Loudness of a second of a sine at `decibels` below full scale in the given channels.
    fn sine(rate: f64, frequency: f64, decibels: f64, sounding: &[bool]) -> f32 {
        let mut loudness = Loudness::new(rate, &Layout::usual(sounding.len()));
        let hop = (rate * 0.4 / MOMENTARY_HOPS as f64).round() as usize;
        let amplitude = 10f64.powf(decibels / 20.0);
        let mut lufs = SILENCE_LUFS;
        for n in 0..(rate as usize / hop) * hop {
            let x = amplitude * (2.0 * PI * frequency * n as f64 / rate).sin();
            for (channel, &on) in sounding.iter().enumerate() {
                loudness.hear(channel, &[if on { x as f32 } else { 0.0 }]);
            }
            if (n + 1) % hop == 0 {
                lufs = loudness.close_hop(hop);
            }
        }
        lufs
    }

    #[test]
    fn the_reference_signals_of_ebu_3341_read_as_specified() {
        for rate in [32_000.0, 44_100.0, 48_000.0, 96_000.0] {
            for level in [-23.0, -33.0, -40.0] {
                let lufs = sine(rate, 1000.0, level, &[true, true]);
                assert!(
                    (lufs - level as f32).abs() < 0.1,
                    "{lufs} LUFS at {rate} Hz"
                );
            }
        }
    }

    #[test]
    fn coefficients_at_48_khz_are_those_printed_in_bs_1770() {
        let close = |ours: &[f64], printed: &[f64]| {
            ours.iter().zip(printed).all(|(a, b)| (a - b).abs() < 1e-7)
        };
        let head = Biquad::head(48_000.0);
        assert!(close(
            &head.b,
            &[1.53512485958697, -2.69169618940638, 1.19839281085285]
        ));
        assert!(close(&head.a, &[-1.69065929318241, 0.73248077421585]));
        let rlb = Biquad::rlb(48_000.0);
        assert!(close(&rlb.a, &[-1.99004745483398, 0.99007225036621]));
    }

    #[test]
    fn one_channel_of_two_is_three_decibels_quieter() {
        let both = sine(48_000.0, 1000.0, -20.0, &[true, true]);
        let one = sine(48_000.0, 1000.0, -20.0, &[true, false]);
        assert!((both - one - 3.01).abs() < 0.05);
    }

    #[test]
    fn the_subwoofer_does_not_count_and_surround_counts_more() {
        let only = |channel: usize| {
            let mut sounding = [false; 6];
            sounding[channel] = true;
            sine(48_000.0, 1000.0, -20.0, &sounding)
        };
        assert_eq!(only(3), SILENCE_LUFS);
        assert!((only(2) - only(0)).abs() < 0.05);
        assert!((only(4) - only(0) - 1.49).abs() < 0.05);
    }

    #[test]
    fn loudness_falls_to_the_gate_within_400_ms_of_silence() {
        let mut loudness = Loudness::new(48_000.0, &Layout::usual(1));
        for n in 0..565 {
            loudness.hear(0, &[(n as f32 * 0.3).sin()]);
        }
        assert!(loudness.close_hop(565) > -30.0);
        let mut lufs = 0.0;
        for _ in 0..2 * MOMENTARY_HOPS {
            loudness.hear(0, &[0.0; 565]);
            lufs = loudness.close_hop(565);
        }
        assert_eq!(lufs, SILENCE_LUFS);
    }
}
