//! The network that hears: a learned filter bank on the raw waveform, then narrow convolutions.
//!
//! Its layers are read from the model file's `architecture` string. Nothing before the pool looks
//! at the whole window, so a [`Stream`] keeps the end of what each layer has read and computes only
//! what is new. Activations are `[time, channel]`: what a convolution reads for one result is one
//! run of numbers, so that a layer is a matrix product whose rows overlap.

use super::model::{Layer, Model, NetworkError};
use crate::simd::{Aligned, Disjoint, Isa, Lanes, Packed, Rows, Work, padded};
use candle_core::Tensor;

/// What the network says of a window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// -1 to 1.
    pub valence: f32,
    /// -1 to 1.
    pub arousal: f32,
    /// Standard deviation of valence that the network expects of itself.
    pub sigma_valence: f32,
    /// Standard deviation of arousal that the network expects of itself.
    pub sigma_arousal: f32,
}

/// A function of each activation.
#[derive(Clone, Copy)]
enum Map {
    Square,
    /// Logarithm of the activation, which is not negative, plus a floor.
    Log(f32),
    Relu,
}

/// A convolution, or a linear layer as one with a single row, and the maps that follow it.
struct Product {
    /// `[tap, in]` by out, channels padded with zero weights.
    weights: Packed,
    bias: Aligned,
    maps: Vec<Map>,
    /// Numbers of an input row.
    inputs: usize,
    /// Input rows that a result sees.
    kernel: usize,
    /// Input rows from one result to the next.
    stride: usize,
}

impl Product {
    /// Packs `weight(output, input, tap)`; an input row has `inputs` numbers, of which only the
    /// first `channels` mean something.
    fn new(
        (kernel, stride): (usize, usize),
        (inputs, channels): (usize, usize),
        bias: &Tensor,
        weight: impl Fn(usize, usize, usize) -> f32,
    ) -> Result<Self, NetworkError> {
        let values: Vec<f32> = bias.to_vec1()?;
        let weights = Packed::new(kernel * inputs, values.len(), |k, output| {
            let (tap, input) = (k / inputs, k % inputs);
            if input < channels {
                weight(output, input, tap)
            } else {
                0.0
            }
        });
        let mut bias = Aligned::zeros(values.len());
        bias[..values.len()].copy_from_slice(&values);
        Ok(Self {
            weights,
            bias,
            maps: Vec::new(),
            inputs,
            kernel,
            stride,
        })
    }

    /// Numbers of a result: the output channels, padded.
    fn outputs(&self) -> usize {
        self.bias.len()
    }

    /// How many results `rows` input rows give.
    fn count(&self, rows: usize) -> usize {
        (rows + self.stride).saturating_sub(self.kernel) / self.stride
    }
}

/// A layer's work on the rows that are there.
struct Apply<'a> {
    product: &'a Product,
    input: &'a [f32],
    count: usize,
    output: &'a mut [f32],
}

impl Work for Apply<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self) {
        let Product {
            weights,
            bias,
            maps,
            inputs,
            kernel,
            stride,
        } = self.product;
        let rows = Rows {
            from: self.input,
            rows: self.count,
            stride: stride * inputs,
            across: self.count,
            segments: 1,
            length: kernel * inputs,
            jump: 0,
        };
        for panel in 0..weights.panels() {
            weights.multiply::<L>(&rows, 0, panel, Disjoint::new(self.output));
        }
        for row in self.output.chunks_exact_mut(bias.len()) {
            for (x, bias) in row.iter_mut().zip(bias.iter()) {
                *x += bias;
            }
            for map in maps {
                match *map {
                    Map::Square => row.iter_mut().for_each(|x| *x *= *x),
                    Map::Log(floor) => row.iter_mut().for_each(|x| *x = ln(*x + floor)),
                    Map::Relu => row.iter_mut().for_each(|x| *x = x.max(0.0)),
                }
            }
        }
    }
}

/// Natural logarithm of a positive, normal number, without a branch (after `logf` of Cephes).
#[inline(always)]
fn ln(x: f32) -> f32 {
    /// The bits of the square root of one half.
    const LEAST: u32 = 0x3f35_04f3;
    const TERMS: [f32; 9] = [
        7.037_683_6e-2,
        -0.115_146_1,
        0.116_769_99,
        -0.124_201_41,
        0.142_493_23,
        -0.166_680_57,
        0.200_007_15,
        -0.249_999_94,
        0.333_333_3,
    ];
    let above = x.to_bits().wrapping_sub(LEAST);
    let exponent = (above.cast_signed() >> 23) as f32;
    let m = f32::from_bits((above & 0x007f_ffff) + LEAST) - 1.0;
    let series = TERMS.iter().fold(0.0, |sum, term| sum * m + term);
    let square = m * m;
    let fraction = series * m * square - 2.121_944_4e-4 * exponent - 0.5 * square;
    m + fraction + 0.693_359_4 * exponent
}

/// The emotion network.
pub struct Network {
    /// Layers up to the pool, which make frames.
    trunk: Vec<Product>,
    /// The pool's floor, and the layers that follow it.
    floor: f32,
    head: Vec<Product>,
    isa: Isa,
    /// Samples a second that the network expects.
    pub sample_rate: u32,
    /// Samples that an estimate looks at.
    pub window: usize,
    /// Samples from one estimate to the next.
    pub hop: usize,
    /// Samples from one frame to the next; divides `hop`.
    pub frame_stride: usize,
    /// Samples that one frame sees.
    pub frame_length: usize,
}

/// What a network remembers of a stream: the end of what each layer has read. Made by
/// [`Network::stream`]; once made, it allocates nothing.
pub struct Stream {
    /// What each layer of the trunk reads.
    layers: Vec<Unread>,
    /// Samples that are taken at once.
    block: usize,
    frames: Aligned,
    pooled: Aligned,
    answers: [Aligned; 2],
}

/// Rows that a layer still needs.
struct Unread {
    rows: Aligned,
    count: usize,
}

impl Stream {
    /// Forgets all that was heard.
    pub fn clear(&mut self) {
        for layer in &mut self.layers {
            layer.count = 0;
        }
    }
}

impl Network {
    /// The network that comes with Synopsia.
    ///
    /// # Errors
    /// When the file that was built in is damaged, which a test rules out.
    pub fn built_in() -> Result<Self, NetworkError> {
        Self::new(&Model::built_in()?)
    }

    /// Reads a network from the bytes of a model file.
    ///
    /// # Errors
    /// When the file is damaged, of another format or version, holds what is not a number, or its
    /// layers do not fit each other.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NetworkError> {
        Self::new(&Model::from_bytes(bytes)?)
    }

    fn new(model: &Model) -> Result<Self, NetworkError> {
        let header = |says: &str| NetworkError::Header(says.into());
        let (mut trunk, mut head): (Vec<Product>, Vec<Product>) = (Vec::new(), Vec::new());
        let mut floor = None;
        // Channels, and numbers of a row; after the pool there are two rows of one.
        let (mut channels, mut inputs, mut rows) = (1, 1, 1);
        let (mut frame_length, mut frame_stride) = (1, 1);
        let Some((Layer::Outputs, layers)) = model.layers.split_last() else {
            return Err(header("it does not end with its outputs"));
        };
        for (i, layer) in layers.iter().enumerate() {
            let misplaced = || NetworkError::Header(format!("layer {i} does not fit its place"));
            match layer {
                Layer::Conv {
                    weight,
                    bias,
                    stride,
                } if floor.is_none() && weight.dim(1)? == channels => {
                    let kernel = weight.dim(2)?;
                    frame_length += (kernel - 1) * frame_stride;
                    frame_stride *= stride;
                    let values: Vec<f32> = weight.flatten_all()?.to_vec1()?;
                    let weight =
                        |output, input, tap| values[(output * channels + input) * kernel + tap];
                    trunk.push(Product::new(
                        (kernel, *stride),
                        (inputs, channels),
                        bias,
                        weight,
                    )?);
                    (channels, inputs) = (bias.elem_count(), padded(bias.elem_count()));
                }
                Layer::Linear { weight, bias }
                    if floor.is_some() && weight.dim(1)? == rows * channels =>
                {
                    let values: Vec<f32> = weight.flatten_all()?.to_vec1()?;
                    let weight =
                        |output, input, row| values[(output * rows + row) * channels + input];
                    head.push(Product::new(
                        (rows, rows),
                        (inputs, channels),
                        bias,
                        weight,
                    )?);
                    (channels, inputs) = (bias.elem_count(), padded(bias.elem_count()));
                    rows = 1;
                }
                Layer::MeanStd(value) if floor.is_none() && !trunk.is_empty() => {
                    floor = Some(*value);
                    rows = 2;
                }
                layer => {
                    let map = match layer {
                        Layer::Square => Map::Square,
                        Layer::Log(floor) => Map::Log(*floor),
                        Layer::Relu => Map::Relu,
                        _ => return Err(misplaced()),
                    };
                    let products = if floor.is_none() {
                        &mut trunk
                    } else {
                        &mut head
                    };
                    let last = products.last_mut().ok_or_else(misplaced)?;
                    last.maps.push(map);
                }
            }
        }
        let floor = floor.ok_or_else(|| header("it has no pool"))?;
        if head.is_empty() || channels != 4 {
            return Err(header("it does not give four numbers"));
        }
        let Model {
            sample_rate,
            window,
            hop,
            ..
        } = *model;
        if sample_rate == 0
            || hop == 0
            || !hop.is_multiple_of(frame_stride)
            || window < frame_length
        {
            return Err(header("its window and hop do not fit its layers"));
        }
        Ok(Self {
            trunk,
            floor,
            head,
            isa: Isa::available()[0],
            sample_rate,
            window,
            hop,
            frame_stride,
            frame_length,
        })
    }

    /// Numbers that a frame takes up.
    pub fn frame_width(&self) -> usize {
        self.trunk.last().map_or(0, Product::outputs)
    }

    /// A stream of which nothing was heard yet.
    pub fn stream(&self) -> Stream {
        self.stream_of(self.hop)
    }

    fn stream_of(&self, block: usize) -> Stream {
        let mut fresh = block;
        let mut layers = Vec::new();
        for product in &self.trunk {
            // Fewer rows than a kernel wait, or they would have been read.
            let most = product.kernel - 1 + fresh;
            layers.push(Unread {
                rows: Aligned::zeros(most * product.inputs),
                count: 0,
            });
            fresh = product.count(most);
        }
        let widest = self.head.iter().map(Product::outputs).max().unwrap_or(0);
        Stream {
            layers,
            block,
            frames: Aligned::zeros(fresh * self.frame_width()),
            pooled: Aligned::zeros(2 * self.frame_width()),
            answers: [Aligned::zeros(widest), Aligned::zeros(widest)],
        }
    }

    /// Hears the samples (mono, at [`Self::sample_rate`]) that follow in a stream of this network,
    /// and hands out each frame that they complete: [`Self::frame_width`] numbers. Frames are the
    /// same, to the last bit, however the samples are cut.
    pub fn hear(&self, stream: &mut Stream, samples: &[f32], mut each: impl FnMut(&[f32])) {
        for block in samples.chunks(stream.block) {
            let Some(first) = stream.layers.first_mut() else {
                return;
            };
            first.rows[first.count..][..block.len()].copy_from_slice(block);
            first.count += block.len();
            let mut made = 0;
            for (i, product) in self.trunk.iter().enumerate() {
                let (layers, next) = stream.layers.split_at_mut(i + 1);
                let layer = &mut layers[i];
                made = product.count(layer.count);
                if made == 0 {
                    break;
                }
                let (output, waiting) = match next.first_mut() {
                    Some(next) => {
                        next.count += made;
                        (&mut next.rows, next.count - made)
                    }
                    None => (&mut stream.frames, 0),
                };
                let width = product.outputs();
                self.isa.run(Apply {
                    product,
                    input: &layer.rows,
                    count: made,
                    output: &mut output[waiting * width..][..made * width],
                });
                let (read, end) = (made * product.stride, layer.count);
                let inputs = product.inputs;
                layer.rows.copy_within(read * inputs..end * inputs, 0);
                layer.count -= read;
            }
            let width = self.frame_width();
            stream.frames[..made * width]
                .chunks_exact(width)
                .for_each(&mut each);
        }
    }

    /// What the network says of a run of frames, laid one after the other; nothing of none.
    pub fn judge(&self, stream: &mut Stream, frames: &[f32]) -> Option<Estimate> {
        let width = self.frame_width();
        if frames.len() < width {
            return None;
        }
        let Stream {
            pooled, answers, ..
        } = stream;
        self.isa.run(Pool {
            frames,
            floor: self.floor,
            pooled: &mut pooled[..2 * width],
        });
        let mut input: &[f32] = pooled;
        let [from, to] = answers;
        let (mut from, mut to) = (from, to);
        for product in &self.head {
            self.isa.run(Apply {
                product,
                input,
                count: 1,
                output: &mut to[..product.outputs()],
            });
            std::mem::swap(&mut from, &mut to);
            input = from;
        }
        Some(Estimate {
            valence: input[0].clamp(-1.0, 1.0),
            arousal: input[1].clamp(-1.0, 1.0),
            sigma_valence: input[2].clamp(-4.0, 1.0).exp(),
            sigma_arousal: input[3].clamp(-4.0, 1.0).exp(),
        })
    }

    /// What the network says of a window; nothing of one that is shorter than a frame.
    pub fn estimate(&self, samples: &[f32]) -> Option<Estimate> {
        let mut stream = self.stream_of(samples.len().clamp(1, self.window));
        let mut frames = Vec::new();
        self.hear(&mut stream, samples, |frame| {
            frames.extend_from_slice(frame);
        });
        self.judge(&mut stream, &frames)
    }
}

/// Mean and standard deviation of each channel over the frames, the one behind the other.
struct Pool<'a> {
    frames: &'a [f32],
    floor: f32,
    pooled: &'a mut [f32],
}

impl Work for Pool<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self) {
        let (mean, deviation) = self.pooled.split_at_mut(self.pooled.len() / 2);
        let width = mean.len();
        let share = 1.0 / (self.frames.len() / width) as f32;
        mean.fill(0.0);
        deviation.fill(0.0);
        for frame in self.frames.chunks_exact(width) {
            for (sum, x) in mean.iter_mut().zip(frame) {
                *sum += x;
            }
        }
        mean.iter_mut().for_each(|sum| *sum *= share);
        for frame in self.frames.chunks_exact(width) {
            for ((sum, mean), x) in deviation.iter_mut().zip(&*mean).zip(frame) {
                *sum += (x - mean) * (x - mean);
            }
        }
        for sum in deviation {
            *sum = (*sum * share + self.floor).sqrt();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::tests::reference;
    use super::*;

    /// Knuth's MMIX generator; the upper bits are the good ones.
    fn random(state: &mut u64) -> u32 {
        *state = (state.wrapping_mul(6364136223846793005)).wrapping_add(1442695040888963407);
        (*state >> 40) as u32
    }

    fn noise(count: usize, state: &mut u64) -> Vec<f32> {
        (0..count)
            .map(|_| random(state) as f32 / (1 << 24) as f32 - 0.5)
            .collect()
    }

    fn tensor(shape: &[usize], size: f32, state: &mut u64) -> Tensor {
        let values = noise(shape.iter().product(), state);
        let values: Vec<f32> = values.into_iter().map(|x| x * size).collect();
        Tensor::from_vec(values, shape, &candle_core::Device::Cpu).unwrap()
    }

    /// A model whose sizes fit nothing well.
    fn odd(state: &mut u64) -> Model {
        let conv = |shape: &[usize], stride, state: &mut u64| Layer::Conv {
            weight: tensor(shape, 0.3, state),
            bias: tensor(&shape[..1], 0.3, state),
            stride,
        };
        let linear = |shape: &[usize], state: &mut u64| Layer::Linear {
            weight: tensor(shape, 0.3, state),
            bias: tensor(&shape[..1], 0.3, state),
        };
        let layers = vec![
            conv(&[168, 1, 160], 16, state),
            Layer::Square,
            Layer::Log(1e-3),
            conv(&[23, 168, 2], 2, state),
            Layer::Relu,
            conv(&[17, 23, 3], 1, state),
            Layer::Relu,
            conv(&[5, 17, 1], 1, state),
            Layer::MeanStd(1e-5),
            linear(&[33, 10], state),
            Layer::Relu,
            linear(&[4, 33], state),
            Layer::Outputs,
        ];
        Model {
            layers,
            sample_rate: 16_000,
            window: 3000,
            hop: 320,
        }
    }

    fn numbers(estimate: Estimate) -> [f32; 4] {
        [
            estimate.valence,
            estimate.arousal,
            estimate.sigma_valence,
            estimate.sigma_arousal,
        ]
    }

    fn frames_in_pieces(network: &Network, samples: &[f32], most: u32, seed: u64) -> Vec<f32> {
        let (mut stream, mut frames, mut state) = (network.stream(), Vec::new(), seed);
        let mut rest = samples;
        while !rest.is_empty() {
            let piece = (random(&mut state) % most) as usize;
            let (now, later) = rest.split_at(piece.min(rest.len()));
            network.hear(&mut stream, now, |frame| frames.extend_from_slice(frame));
            rest = later;
        }
        frames
    }

    #[test]
    fn any_cut_and_any_machine_give_what_candle_gives_for_the_whole() {
        let mut state = 7;
        for model in [Model::built_in().unwrap(), odd(&mut state)] {
            let mut network = Network::new(&model).unwrap();
            let samples = noise(network.window + 123, &mut state);
            let expected = reference(&model, &samples).unwrap();
            for isa in Isa::available() {
                network.isa = isa;
                let whole = numbers(network.estimate(&samples).unwrap());
                for (found, expected) in whole.iter().zip(&expected) {
                    assert!((found - expected).abs() < 1e-4, "{whole:?}, {expected}");
                }
                let frames = frames_in_pieces(&network, &samples, 9000, 1);
                assert!(!frames.is_empty());
                for (most, seed) in [(2, 2), (80, 3), (1000, 4), (100_000, 5)] {
                    let again = frames_in_pieces(&network, &samples, most, seed);
                    assert!(again == frames, "cut into up to {most} on {isa:?}");
                }
                let judged = network.judge(&mut network.stream(), &frames);
                assert_eq!(numbers(judged.unwrap()), whole);
            }
        }
    }

    #[test]
    fn a_cleared_stream_begins_anew() {
        let network = Network::built_in().unwrap();
        let samples = noise(network.frame_length + network.hop, &mut 3);
        let mut stream = network.stream();
        let mut runs = [Vec::new(), Vec::new()];
        for run in &mut runs {
            network.hear(&mut stream, &samples, |frame| run.extend_from_slice(frame));
            stream.clear();
        }
        assert!(!runs[0].is_empty());
        assert_eq!(runs[0], runs[1]);
        assert!(network.estimate(&samples[..100]).is_none());
    }

    #[test]
    fn the_logarithm_is_right() {
        for i in 0..200_000 {
            let x = 1e-20 * (i as f64 * 5e-4).exp();
            let (found, right) = (f64::from(ln(x as f32)), f64::from(x as f32).ln());
            assert!(
                (found - right).abs() <= 2e-7 * right.abs().max(1.0),
                "ln {x}"
            );
        }
    }

    #[test]
    fn layers_that_do_not_fit_are_refused() {
        let mut state = 1;
        for gone in [0, 3, 8, 9, 12] {
            let mut model = odd(&mut state);
            model.layers.remove(gone);
            let error = Network::new(&model).err().unwrap();
            assert!(matches!(error, NetworkError::Header(_)), "{gone}: {error}");
        }
    }
}
