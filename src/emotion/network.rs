//! The network that hears: a filter bank on the raw waveform, then narrow convolutions, and beside
//! them the keys that the filter bank's tones fit.
//!
//! Its layers are read from the model file's `architecture` string. Nothing before the pool looks
//! at the whole window, so a [`Stream`] keeps the end of what each layer has read and computes only
//! what is new. Activations are `[time, channel]`: what a convolution reads for one result is one
//! run of numbers, so that a layer is a matrix product whose rows overlap.

use super::model::{Layer, Model, NetworkError};
use super::tonal::{self, PITCHES, Tonal};
use crate::simd::{Aligned, Disjoint, Isa, LANES, Lanes, Packed, Rows, Work, padded};
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

/// Which channel a number of a row is; none where it fills up the row.
type Channel = Option<usize>;

/// A row of `channels` from `first` on, as a layer writes it.
fn row_of(first: usize, channels: usize) -> Vec<Channel> {
    (0..padded(channels))
        .map(|i| (i < channels).then_some(first + i))
        .collect()
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
    /// Packs a `weight` of `[out, in]` or `[out, in, tap]` that reads `row`.
    fn new(
        row: &[Channel],
        weight: &Tensor,
        bias: &Tensor,
        stride: usize,
    ) -> Result<Self, NetworkError> {
        let (inputs, channels) = (row.len(), weight.dim(1)?);
        let kernel = weight.dims().get(2).copied().unwrap_or(1);
        let values: Vec<f32> = weight.flatten_all()?.to_vec1()?;
        let outputs = bias.elem_count();
        let weights = Packed::new(kernel * inputs, outputs, |k, output| {
            let (tap, channel) = (k / inputs, row[k % inputs]);
            channel.map_or(0.0, |channel| {
                values[(output * channels + channel) * kernel + tap]
            })
        });
        let values: Vec<f32> = bias.to_vec1()?;
        let mut bias = Aligned::zeros(outputs);
        bias[..outputs].copy_from_slice(&values);
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
    keys: Keys,
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

/// Where in the trunk keys are heard.
struct Keys {
    tonal: Tonal,
    /// Layers of the trunk that make the rows of logarithms.
    after: usize,
    /// Such rows that a frame sees, and from one frame to the next.
    seen: usize,
    stride: usize,
}

impl Keys {
    /// What the rows that a run of frames saw, of `width` numbers each, say of keys.
    fn features(&self, frames: &[f32], width: usize) -> [f32; tonal::FEATURES] {
        let mut chroma = [0.0; PITCHES];
        for (i, frame) in frames.chunks_exact(width).enumerate() {
            let (all, new) = frame[width - 2 * LANES..].split_at(LANES);
            let unheard = if i == 0 { all } else { new };
            for (sum, x) in chroma.iter_mut().zip(unheard) {
                *sum += x;
            }
        }
        let rows = self.seen + (frames.len() / width - 1) * self.stride;
        self.tonal.features(&chroma.map(|sum| sum / rows as f32))
    }
}

/// The sum of rows of [`LANES`] numbers.
fn sum_rows(rows: &[f32], sum: &mut [f32]) {
    sum.fill(0.0);
    for row in rows.chunks_exact(LANES) {
        for (sum, x) in sum.iter_mut().zip(row) {
            *sum += x;
        }
    }
}

/// What a network remembers of a stream: the end of what each layer has read. Made by
/// [`Network::stream`]; once made, it allocates nothing.
pub struct Stream {
    /// What each layer of the trunk reads.
    layers: Vec<Unread>,
    /// Chroma, padded to [`LANES`], of the rows that the next frame sees.
    chroma: Unread,
    /// Samples that are taken at once.
    block: usize,
    /// What the trunk makes of a block, and a frame as it is handed out.
    frames: Aligned,
    frame: Aligned,
    pooled: Aligned,
    answers: [Aligned; 2],
}

/// Rows that a layer still needs.
struct Unread {
    rows: Aligned,
    count: usize,
}

impl Unread {
    /// Forgets the first `count` rows, of `width` numbers.
    fn forget(&mut self, count: usize, width: usize) {
        self.rows.copy_within(count * width..self.count * width, 0);
        self.count -= count;
    }
}

impl Stream {
    /// Forgets all that was heard.
    pub fn clear(&mut self) {
        for layer in &mut self.layers {
            layer.count = 0;
        }
        self.chroma.count = 0;
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
        let header = |says: &str| NetworkError::contradicts(says);
        let (mut trunk, mut head): (Vec<Product>, Vec<Product>) = (Vec::new(), Vec::new());
        let (mut keys, mut floor) = (None, None);
        // What the next layer reads.
        let (mut channels, mut row): (usize, Vec<Channel>) = (1, vec![Some(0)]);
        let (mut frame_length, mut frame_stride) = (1, 1);
        let Some((Layer::Outputs, layers)) = model.layers.split_last() else {
            return Err(header("it does not end with its outputs"));
        };
        for (i, layer) in layers.iter().enumerate() {
            let misplaced =
                || NetworkError::contradicts(format!("layer {i} does not fit its place"));
            let products = if floor.is_none() {
                &mut trunk
            } else {
                &mut head
            };
            let before = i.checked_sub(1).map(|i| &layers[i]);
            match layer {
                Layer::Conv { weight, bias, .. } | Layer::Linear { weight, bias }
                    if weight.dim(1)? == channels =>
                {
                    let stride = match layer {
                        Layer::Conv { stride, .. } if floor.is_none() => *stride,
                        Layer::Linear { .. } if floor.is_some() => 1,
                        _ => return Err(misplaced()),
                    };
                    let product = Product::new(&row, weight, bias, stride)?;
                    frame_length += (product.kernel - 1) * frame_stride;
                    frame_stride *= stride;
                    channels = bias.elem_count();
                    row = row_of(0, channels);
                    products.push(product);
                }
                Layer::Tonal {
                    profiles,
                    first,
                    octaves,
                    sharpness,
                } if floor.is_none() && keys.is_none() && matches!(before, Some(Layer::Log(_))) => {
                    // A peak has a neighbour on either side.
                    let above = octaves.saturating_mul(PITCHES).saturating_add(*first);
                    if *first == 0 || *octaves == 0 || above >= channels {
                        return Err(NetworkError::contradicts(format!(
                            "layer {i} hears {octaves} octaves from band {first} on, of {channels} bands"
                        )));
                    }
                    let tonal = Tonal::new(profiles, *first, *octaves, *sharpness)?;
                    keys = Some((tonal, products.len(), frame_length, frame_stride));
                }
                Layer::MeanStd(value) if floor.is_none() && !products.is_empty() => {
                    floor = Some(*value);
                    let moments = [0, channels].map(|first| row_of(first, channels));
                    let tonal = row_of(2 * channels, tonal::FEATURES);
                    row = [&moments[..], &[tonal]].concat().concat();
                    channels = 2 * channels + tonal::FEATURES;
                }
                // What keys are heard in is what the next layer reads.
                layer if !matches!(before, Some(Layer::Tonal { .. })) => {
                    let map = match layer {
                        Layer::Square => Map::Square,
                        Layer::Log(floor) => Map::Log(*floor),
                        Layer::Relu => Map::Relu,
                        _ => return Err(misplaced()),
                    };
                    let last = products.last_mut().ok_or_else(misplaced)?;
                    last.maps.push(map);
                }
                _ => return Err(misplaced()),
            }
        }
        let floor = floor.ok_or_else(|| header("it has no pool"))?;
        let (tonal, after, length, stride) = keys.ok_or_else(|| header("it hears no keys"))?;
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
            keys: Keys {
                tonal,
                after,
                seen: 1 + (frame_length - length) / stride,
                stride: frame_stride / stride,
            },
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
        self.trunk_width() + 2 * LANES
    }

    /// Numbers of a frame that the trunk makes. Behind them stand two sums of chroma: over all the
    /// rows of logarithms that the frame sees, and over those that the frame before does not see.
    fn trunk_width(&self) -> usize {
        self.trunk.last().map_or(0, Product::outputs)
    }

    /// A stream of which nothing was heard yet.
    pub fn stream(&self) -> Stream {
        self.stream_of(self.hop)
    }

    fn stream_of(&self, block: usize) -> Stream {
        let mut fresh = block;
        let mut layers = Vec::new();
        let mut chroma = 0;
        for (i, product) in self.trunk.iter().enumerate() {
            // Fewer rows than a kernel wait, or they would have been read.
            let most = product.kernel - 1 + fresh;
            layers.push(Unread {
                rows: Aligned::zeros(most * product.inputs),
                count: 0,
            });
            fresh = product.count(most);
            if i + 1 == self.keys.after {
                chroma = self.keys.seen - 1 + fresh;
            }
        }
        let widest = self.head.iter().map(Product::outputs).max().unwrap_or(0);
        Stream {
            layers,
            chroma: Unread {
                rows: Aligned::zeros(chroma * LANES),
                count: 0,
            },
            block,
            frames: Aligned::zeros(fresh * self.trunk_width()),
            frame: Aligned::zeros(self.frame_width()),
            pooled: Aligned::zeros(2 * self.trunk_width() + tonal::FEATURES),
            answers: [Aligned::zeros(widest), Aligned::zeros(widest)],
        }
    }

    /// Hears the samples (mono, at [`Self::sample_rate`]) that follow in a stream of this network,
    /// and hands out each frame that they complete: [`Self::frame_width`] numbers. Frames are the
    /// same, to the last bit, however the samples are cut.
    pub fn hear(&self, stream: &mut Stream, samples: &[f32], mut each: impl FnMut(&[f32])) {
        'blocks: for block in samples.chunks(stream.block) {
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
                    continue 'blocks;
                }
                let (output, waiting) = match next.first_mut() {
                    Some(next) => {
                        next.count += made;
                        (&mut next.rows, next.count - made)
                    }
                    None => (&mut stream.frames, 0),
                };
                let width = product.outputs();
                let output = &mut output[waiting * width..][..made * width];
                self.isa.run(Apply {
                    product,
                    input: &layer.rows,
                    count: made,
                    output,
                });
                if i + 1 == self.keys.after {
                    let chroma = &mut stream.chroma;
                    for bands in output.chunks_exact(width) {
                        chroma.rows[chroma.count * LANES..][..PITCHES]
                            .copy_from_slice(&self.keys.tonal.chroma(bands));
                        chroma.count += 1;
                    }
                }
                layer.forget(made * product.stride, product.inputs);
            }
            let Stream {
                frames,
                frame,
                chroma,
                ..
            } = stream;
            let Keys { seen, stride, .. } = self.keys;
            let width = self.trunk_width();
            for (i, made) in frames[..made * width].chunks_exact(width).enumerate() {
                frame[..width].copy_from_slice(made);
                let (all, new) = frame[width..].split_at_mut(LANES);
                let rows = &chroma.rows[i * stride * LANES..][..seen * LANES];
                sum_rows(rows, all);
                sum_rows(&rows[(seen - stride) * LANES..], new);
                each(frame);
            }
            chroma.forget(made * stride, LANES);
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
        let (moments, tonal) = pooled.split_at_mut(2 * self.trunk_width());
        self.isa.run(Pool {
            frames,
            width,
            floor: self.floor,
            pooled: moments,
        });
        tonal.copy_from_slice(&self.keys.features(frames, width));
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
    /// Numbers of a frame, of which the first are the channels.
    width: usize,
    floor: f32,
    pooled: &'a mut [f32],
}

impl Work for Pool<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self) {
        let (mean, deviation) = self.pooled.split_at_mut(self.pooled.len() / 2);
        let width = self.width;
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
    use crate::weights::WeightsFault;

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
            Layer::Tonal {
                profiles: tensor(&[24, 12], 3.0, state),
                first: 5,
                octaves: 3,
                sharpness: 2.5,
            },
            conv(&[23, 168, 2], 2, state),
            Layer::Relu,
            conv(&[17, 23, 3], 1, state),
            Layer::Relu,
            conv(&[5, 17, 1], 1, state),
            Layer::MeanStd(1e-5),
            linear(&[33, 42], state),
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
    fn keys_are_heard_in_bands_that_are_there() {
        let mut state = 1;
        for (from, count) in [(0, 3), (5, 0), (132, 3), (usize::MAX, 1), (5, usize::MAX)] {
            let mut model = odd(&mut state);
            if let Layer::Tonal { first, octaves, .. } = &mut model.layers[3] {
                (*first, *octaves) = (from, count);
            }
            let error = Network::new(&model).err().unwrap().to_string();
            assert!(error.contains("bands"), "{from}, {count}: {error}");
        }
    }

    #[test]
    fn layers_that_do_not_fit_are_refused() {
        let mut state = 1;
        // A second look at the keys, and one after the logarithms were changed.
        for (from, to) in [(3, 4), (3, 10), (5, 4)] {
            let mut model = odd(&mut state);
            let moved = odd(&mut state).layers.swap_remove(from);
            model.layers.insert(to, moved);
            let error = Network::new(&model).err().unwrap();
            assert!(
                matches!(error, NetworkError::File(WeightsFault::Header(_))),
                "{from}: {error}"
            );
        }
        for gone in [0, 2, 3, 4, 9, 10, 13] {
            let mut model = odd(&mut state);
            model.layers.remove(gone);
            let error = Network::new(&model).err().unwrap();
            assert!(
                matches!(error, NetworkError::File(WeightsFault::Header(_))),
                "{gone}: {error}"
            );
        }
    }
}
