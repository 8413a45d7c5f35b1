//! The network that reads a line: two convolutions over the vectors of its words, attention, and what it is told.

use super::vocabulary::{Vocabulary, WIDTH};
use crate::dense::{Dense, File, Numbers, elu};
use crate::emotion::CLASSES;
use crate::simd::{Isa, LANES, Lanes, Work};
use crate::weights::WeightsFault;

/// A word's vector.
type Vector = Numbers<{ WIDTH / LANES }>;

/// Words of a line that count.
const LONGEST_LINE: usize = 32;

/// Words that a convolution looks at, its dilation apart.
const KERNEL: usize = 3;

/// Most convolutions of a file; each looks twice as far as the one before.
const MOST_LAYERS: usize = 6;

/// Valence, arousal; the classes, and that nothing is felt.
const ANSWERS: usize = 2 + CLASSES + 1;

/// What the network tells of a line.
#[derive(Clone, Debug)]
pub(super) struct Read {
    pub valence: f32,
    pub arousal: f32,
    /// Of each class; what they lack to 1 is that nothing is felt.
    pub classes: [f32; CLASSES],
}

type Square = Dense<{ WIDTH / LANES }>;

/// A convolution and a mix of its channels, which is added to what came in.
struct Layer {
    /// Of the word before first; the middle one's bias is the convolution's.
    taps: [Square; KERNEL],
    mix: Square,
}

/// The weights.
pub(super) struct Network {
    layers: Box<[Layer]>,
    attention: Dense<1>,
    hidden: Square,
    answers: Dense<1>,
    isa: Isa,
}

/// The whole matrix `name`, stored as `[outputs, inputs]`.
fn whole<const V: usize>(
    file: &File<'_>,
    name: &str,
    shape: (usize, usize),
) -> Result<Dense<V>, WeightsFault> {
    let names = (format!("{name}.weight"), format!("{name}.bias"));
    file.dense((&names.0, &names.1), shape, 0..shape.0)
}

impl Network {
    /// Reads it from a file of weights.
    ///
    /// # Errors
    /// When the file contradicts itself.
    pub fn read(file: &File<'_>) -> Result<Self, WeightsFault> {
        let square = (WIDTH, WIDTH);
        let layer = |k: usize| {
            Ok::<_, WeightsFault>(Layer {
                taps: file.convolution(&format!("conv.{k}"), square)?,
                mix: whole(file, &format!("mix.{k}"), square)?,
            })
        };
        let count = file.header.number("layers", MOST_LAYERS)?;
        Ok(Self {
            layers: (0..count).map(layer).collect::<Result<_, _>>()?,
            attention: whole(file, "attention", (1, WIDTH))?,
            hidden: whole(file, "hidden", (WIDTH, 2 * WIDTH))?,
            answers: whole(file, "answers", (ANSWERS, WIDTH))?,
            isa: Isa::best(),
        })
    }

    /// Reads a line's words, without accents; nothing where there are none.
    pub fn read_line(&self, vocabulary: &Vocabulary, words: &[String]) -> Option<Read> {
        let words = words.iter().take(LONGEST_LINE);
        let vector = |word: &String| {
            let mut vector = Vector::default();
            vector
                .as_flattened_mut()
                .copy_from_slice(&vocabulary.vector(word));
            vector
        };
        let mut read = None;
        self.isa.run(ReadLine {
            network: self,
            x: words.map(vector).collect(),
            read: &mut read,
        });
        read
    }
}

/// A line that is being read.
struct ReadLine<'a> {
    network: &'a Network,
    x: Vec<Vector>,
    read: &'a mut Option<Read>,
}

impl Work for ReadLine<'_> {
    #[inline(always)]
    fn run<L: Lanes>(mut self) {
        if self.x.is_empty() {
            return;
        }
        let network = self.network;
        for (k, layer) in network.layers.iter().enumerate() {
            self.x = layer.hear::<L>(&self.x, 1 << k);
        }
        let pooled = network.pool::<L>(&self.x);
        let hidden = elus(network.hidden.of::<L>(&pooled));
        let answers = network.answers.of::<L>(hidden.as_flattened());
        let [valence, arousal, logits @ ..] = &answers.as_flattened()[..ANSWERS] else {
            return;
        };
        let most = logits.iter().fold(f32::MIN, |a, &b| a.max(b));
        let likely = |class: usize| (logits[class] - most).exp();
        let total: f32 = (0..logits.len()).map(likely).sum();
        *self.read = Some(Read {
            valence: *valence,
            arousal: *arousal,
            classes: std::array::from_fn(|class| likely(class) / total),
        });
    }
}

impl Network {
    /// The words as far as attention goes to each, and the most that any of them has.
    #[inline(always)]
    fn pool<L: Lanes>(&self, x: &[Vector]) -> [f32; 2 * WIDTH] {
        let logit = |x: &Vector| self.attention.of::<L>(x.as_flattened())[0][0];
        let logits: Vec<f32> = x.iter().map(logit).collect();
        let most = logits.iter().fold(f32::MIN, |a, &b| a.max(b));
        let weights = logits.iter().map(|logit| (logit - most).exp());
        let total: f32 = weights.clone().sum();
        let mut pooled = [f32::MIN; 2 * WIDTH];
        let (mean, highest) = pooled.split_at_mut(WIDTH);
        mean.fill(0.0);
        for (x, weight) in x.iter().zip(weights) {
            let x = x.as_flattened();
            for ((mean, highest), x) in mean.iter_mut().zip(highest.iter_mut()).zip(x) {
                *mean += weight / total * x;
                *highest = highest.max(*x);
            }
        }
        pooled
    }
}

#[inline(always)]
fn elus(mut numbers: Vector) -> Vector {
    for number in numbers.as_flattened_mut() {
        *number = elu(*number);
    }
    numbers
}

impl Layer {
    #[inline(always)]
    fn hear<L: Lanes>(&self, x: &[Vector], dilation: usize) -> Vec<Vector> {
        let [before, here, after] = &self.taps;
        let heard = |k: usize| {
            let mut inner = here.of::<L>(x[k].as_flattened());
            if let Some(earlier) = k.checked_sub(dilation) {
                inner = before.add::<L>(x[earlier].as_flattened(), &inner);
            }
            if let Some(later) = x.get(k + dilation) {
                inner = after.add::<L>(later.as_flattened(), &inner);
            }
            let inner = elus(inner);
            self.mix
                .add::<L>(inner.as_flattened(), &self.mix.and(&x[k]))
        };
        (0..x.len()).map(heard).collect()
    }
}
