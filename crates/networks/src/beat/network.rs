//! The network that hears beats: causal convolutions over hops, each of which looks twice as far back as the one
//! before, so that the last hears some 24 seconds.

use super::dense::{Dense, File, elu, sigmoid};
use super::input::INPUTS;
use crate::weights::WeightsFault;

/// Numbers between layers.
const CHANNELS: usize = 40;

/// Hops that a layer looks at, its dilation apart.
const KERNEL: usize = 3;

/// Most layers of a file; each looks twice as far back as the one before.
const MOST_LAYERS: usize = 12;

/// Tempos that are told apart, evenly in their logarithms, and the slowest and the fastest, beats per minute.
pub(super) const TEMPOS: usize = 52;
pub(super) const TEMPO_RANGE: (f64, f64) = (40.0, 240.0);

/// A beat; no tempo, or which.
const ANSWERS: usize = 1 + (1 + TEMPOS);

/// What the network tells of a hop, as probabilities.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Heard {
    /// That there was a beat, some 30 ms before the hop's end.
    pub beat: f32,
    /// Of each tempo; what they lack to 1 is that there is none.
    pub tempos: [f32; TEMPOS],
}

/// A dilated convolution and a mix of its channels, which is added to what came in.
struct Layer {
    /// Of the oldest hop first; the last one's bias is the convolution's.
    taps: [Dense<CHANNELS>; KERNEL],
    mix: Dense<CHANNELS>,
}

/// The weights.
pub(super) struct Network {
    first: Dense<CHANNELS>,
    layers: Box<[Layer]>,
    last: Dense<ANSWERS>,
}

impl Network {
    /// Reads it from a file of weights.
    ///
    /// # Errors
    /// When the file contradicts itself.
    pub fn read(file: &File<'_>) -> Result<Self, WeightsFault> {
        let one = |name: &str| file.convolution(name, CHANNELS);
        let layer = |k: usize| {
            let [mix] = one(&format!("layers.{k}.mix"))?;
            Ok::<_, WeightsFault>(Layer {
                taps: file.convolution(&format!("layers.{k}.conv"), CHANNELS)?,
                mix,
            })
        };
        let count = file.header.number("layers", MOST_LAYERS)?;
        let [first] = file.convolution("first", INPUTS)?;
        let [last] = file.convolution("last", CHANNELS)?;
        Ok(Self {
            first,
            layers: (0..count).map(layer).collect::<Result<_, _>>()?,
            last,
        })
    }

    /// What a stream remembers, before anything is heard.
    pub fn stream(&self) -> Stream {
        let ring = |k: usize| Ring {
            hops: vec![[0.0; CHANNELS]; (KERNEL - 1) << k].into(),
            oldest: 0,
        };
        Stream {
            rings: (0..self.layers.len()).map(ring).collect(),
        }
    }

    /// Hears one hop more of a stream. Allocates nothing.
    pub fn hear(&self, stream: &mut Stream, input: &[f32; INPUTS]) -> Heard {
        let mut x = self.first.of(input).map(elu);
        for (layer, ring) in self.layers.iter().zip(&mut stream.rings) {
            let [oldest, middle, newest] = &layer.taps;
            let mut y = newest.of(&x);
            oldest.add(ring.oldest(), &mut y);
            middle.add(ring.middle(), &mut y);
            ring.push(x);
            let mixed = layer.mix.of(&y.map(elu));
            x.iter_mut().zip(mixed).for_each(|(x, mixed)| *x += mixed);
        }
        let [beat, tempos @ ..] = self.last.of(&x.map(elu));
        let most = tempos.iter().fold(f32::MIN, |a, &b| a.max(b));
        let [none, tempos @ ..] = tempos.map(|logit| (logit - most).exp());
        let total = none + tempos.iter().sum::<f32>();
        Heard {
            beat: sigmoid(beat),
            tempos: tempos.map(|likely| likely / total),
        }
    }
}

/// What the layers remember of a stream.
pub(super) struct Stream {
    rings: Box<[Ring]>,
}

impl Stream {
    /// Forgets what was heard.
    pub fn reset(&mut self) {
        for ring in &mut self.rings {
            ring.hops.fill([0.0; CHANNELS]);
        }
    }
}

/// The last hops of a layer's input.
struct Ring {
    hops: Box<[[f32; CHANNELS]]>,
    oldest: usize,
}

impl Ring {
    fn oldest(&self) -> &[f32; CHANNELS] {
        &self.hops[self.oldest]
    }

    /// Half-way between the oldest and what comes next.
    fn middle(&self) -> &[f32; CHANNELS] {
        &self.hops[(self.oldest + self.hops.len() / 2) % self.hops.len()]
    }

    fn push(&mut self, hop: [f32; CHANNELS]) {
        self.hops[self.oldest] = hop;
        self.oldest = (self.oldest + 1) % self.hops.len();
    }
}
