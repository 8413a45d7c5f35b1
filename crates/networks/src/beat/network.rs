//! The network that hears beats: causal convolutions over hops, each of which looks twice as far back as the one
//! before, so that the last hears some 24 seconds.

use super::input::INPUTS;
use crate::dense::{Dense, File, Numbers, elu, sigmoid};
use crate::simd::{Isa, LANES, Lanes, Work, exp};
use crate::weights::WeightsFault;

/// Numbers between layers, and how often sixteen hold them.
const CHANNELS: usize = 40;
const WIDTH: usize = CHANNELS.div_ceil(LANES);

/// Hops that a layer looks at, its dilation apart.
const KERNEL: usize = 3;

/// Most layers of a file; each looks twice as far back as the one before.
const MOST_LAYERS: usize = 12;

/// Tempos that are told apart, evenly in their logarithms, and the slowest and the fastest, beats per minute.
pub(super) const TEMPOS: usize = 52;
pub(super) const TEMPO_RANGE: (f64, f64) = (40.0, 240.0);

/// A beat; no tempo, or which.
const ANSWERS: usize = 1 + (1 + TEMPOS);
const ANSWERS_WIDTH: usize = ANSWERS.div_ceil(LANES);

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
    taps: [Dense<WIDTH>; KERNEL],
    mix: Dense<WIDTH>,
}

/// The weights.
pub(super) struct Network {
    first: Dense<WIDTH>,
    layers: Box<[Layer]>,
    last: Dense<ANSWERS_WIDTH>,
    isa: Isa,
}

impl Network {
    /// Reads it from a file of weights.
    ///
    /// # Errors
    /// When the file contradicts itself.
    pub fn read(file: &File<'_>) -> Result<Self, WeightsFault> {
        let square = (CHANNELS, CHANNELS);
        let layer = |k: usize| {
            let [mix] = file.convolution(&format!("layers.{k}.mix"), square)?;
            Ok::<_, WeightsFault>(Layer {
                taps: file.convolution(&format!("layers.{k}.conv"), square)?,
                mix,
            })
        };
        let count = file.header.number("layers", MOST_LAYERS)?;
        let [first] = file.convolution("first", (CHANNELS, INPUTS))?;
        let [last] = file.convolution("last", (ANSWERS, CHANNELS))?;
        Ok(Self {
            first,
            layers: (0..count).map(layer).collect::<Result<_, _>>()?,
            last,
            isa: Isa::best(),
        })
    }

    /// What a stream remembers, before anything is heard.
    pub fn stream(&self) -> Stream {
        let ring = |k: usize| Ring {
            hops: vec![[[0.0; LANES]; WIDTH]; (KERNEL - 1) << k].into(),
            oldest: 0,
        };
        Stream {
            rings: (0..self.layers.len()).map(ring).collect(),
        }
    }

    /// Hears one hop more of a stream. Allocates nothing.
    pub fn hear(&self, stream: &mut Stream, input: &[f32; INPUTS]) -> Heard {
        let mut heard = Heard {
            beat: 0.0,
            tempos: [0.0; TEMPOS],
        };
        self.isa.run(Hear {
            network: self,
            stream,
            input,
            heard: &mut heard,
        });
        heard
    }
}

/// A hop that is being heard.
struct Hear<'a> {
    network: &'a Network,
    stream: &'a mut Stream,
    input: &'a [f32; INPUTS],
    heard: &'a mut Heard,
}

impl Work for Hear<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self) {
        let mut x = elus(self.network.first.of::<L>(self.input));
        for (layer, ring) in self.network.layers.iter().zip(&mut self.stream.rings) {
            let [oldest, middle, newest] = &layer.taps;
            let y = newest.of::<L>(channels(&x));
            let y = oldest.add::<L>(channels(ring.oldest()), &y);
            let y = middle.add::<L>(channels(ring.middle()), &y);
            ring.push(x);
            x = layer.mix.add::<L>(channels(&elus(y)), &layer.mix.and(&x));
        }
        let told = self.network.last.of::<L>(channels(&elus(x)));
        let [beat, tempos @ ..] = &told.as_flattened()[..ANSWERS] else {
            return;
        };
        self.heard.beat = sigmoid(*beat);
        let most = tempos.iter().fold(f32::MIN, |a, &b| a.max(b));
        let mut likely = [0.0; 1 + TEMPOS];
        for (likely, logit) in likely.iter_mut().zip(tempos) {
            *likely = exp(logit - most);
        }
        let total = likely.iter().sum::<f32>();
        for (tempo, likely) in self.heard.tempos.iter_mut().zip(&likely[1..]) {
            *tempo = likely / total;
        }
    }
}

/// Those that count.
#[inline(always)]
fn channels(numbers: &Numbers<WIDTH>) -> &[f32] {
    &numbers.as_flattened()[..CHANNELS]
}

#[inline(always)]
fn elus(mut numbers: Numbers<WIDTH>) -> Numbers<WIDTH> {
    for number in numbers.as_flattened_mut() {
        *number = elu(*number);
    }
    numbers
}

/// What the layers remember of a stream.
pub(super) struct Stream {
    rings: Box<[Ring]>,
}

impl Stream {
    /// Forgets what was heard.
    pub fn reset(&mut self) {
        for ring in &mut self.rings {
            ring.hops.fill([[0.0; LANES]; WIDTH]);
        }
    }
}

/// The last hops of a layer's input.
struct Ring {
    hops: Box<[Numbers<WIDTH>]>,
    oldest: usize,
}

impl Ring {
    fn oldest(&self) -> &Numbers<WIDTH> {
        &self.hops[self.oldest]
    }

    /// Half-way between the oldest and what comes next.
    fn middle(&self) -> &Numbers<WIDTH> {
        &self.hops[(self.oldest + self.hops.len() / 2) % self.hops.len()]
    }

    fn push(&mut self, hop: Numbers<WIDTH>) {
        self.hops[self.oldest] = hop;
        self.oldest = (self.oldest + 1) % self.hops.len();
    }
}
