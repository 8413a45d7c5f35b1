//! The model file: a header that lists the layers, and their weights as candle's tensors.

use super::ear::Ear;
use super::tonal::PITCHES;
use crate::weights::{EMOTION, Header, WeightsFault};
use candle_core::{Device, Tensor};

/// Longer windows are refused, samples.
const LARGEST_WINDOW: usize = 1 << 20;

/// Why an emotion model could not be used.
#[derive(Debug, thiserror::Error)]
pub enum NetworkError {
    /// Its file cannot be used.
    #[error("the emotion model {0}")]
    File(#[from] WeightsFault),
    /// The music cannot be brought to the network's sample rate.
    #[error("the music could not be resampled for the emotion network: {0}")]
    Resampler(String),
    /// The tensor library failed.
    #[error("the emotion network could not run: {0}")]
    Run(#[from] candle_core::Error),
}

impl NetworkError {
    /// The error of a file that contradicts itself.
    pub(super) fn contradicts(how: impl Into<String>) -> Self {
        Self::File(WeightsFault::Header(how.into()))
    }
}

/// One layer as the file describes it.
pub(super) enum Layer {
    /// Valid convolution: weight `[out, in, kernel]`, bias `[out]`.
    Conv {
        weight: Tensor,
        bias: Tensor,
        stride: usize,
    },
    Square,
    /// Logarithm of the activation plus a floor.
    Log(f32),
    Relu,
    /// Hears keys in the logarithms that it hands on; what it finds in the whole window stands
    /// behind what the pool gives.
    Tonal {
        /// Key profiles `[24, 12]`: the twelve major keys, then the minor ones.
        profiles: Tensor,
        /// The first band whose peaks count, and for how many octaves they do.
        first: usize,
        octaves: usize,
        /// Of the choice among the keys.
        sharpness: f32,
    },
    /// Mean and standard deviation over time (variance plus a floor): channels double.
    MeanStd(f32),
    /// Weight `[out, in]`, bias `[out]`.
    Linear {
        weight: Tensor,
        bias: Tensor,
    },
    /// The clamps and exponentials that make an estimate of four numbers.
    Outputs,
}

/// A model file that was read.
pub(super) struct Model {
    pub layers: Vec<Layer>,
    pub sample_rate: u32,
    pub window: usize,
    pub hop: usize,
}

impl Model {
    /// The model of an ear that comes with Synopsia.
    pub fn of(ear: Ear) -> Result<Self, NetworkError> {
        Self::from_bytes(ear.file())
    }

    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NetworkError> {
        let mut data = bytes;
        let header = Header::read(&EMOTION, bytes.len() as u64, &mut data)?;
        let file = File { header, data };
        let words = file.header.text("architecture")?.split(';').enumerate();
        let layers: Result<_, _> = words.map(|(i, word)| file.layer(i, word)).collect();
        let number = |key| file.header.number(key, LARGEST_WINDOW);
        Ok(Self {
            layers: layers?,
            sample_rate: number("sample_rate")? as u32,
            window: number("window")?,
            hop: number("hop")?,
        })
    }
}

/// A header, and the weights behind it.
struct File<'a> {
    header: Header,
    data: &'a [u8],
}

impl File<'_> {
    /// Layer `i` from its word in the architecture: `conv:in,out,k=kernel,s=stride` (a stride no longer
    /// than the kernel), `linear:in,out`, `square`, `log:floor`, `relu`, `tonal:first,octaves,sharpness`,
    /// `meanstd:floor` or `outputs`.
    fn layer(&self, i: usize, word: &str) -> Result<Layer, NetworkError> {
        let nonsense = || NetworkError::contradicts(format!("layer {i} is {word:?}"));
        let (kind, rest) = word.split_once(':').unwrap_or((word, ""));
        let numbers: Vec<usize> = rest
            .split(',')
            .filter_map(|n| n.trim_start_matches(['k', 's', '=']).parse().ok())
            .collect();
        let positive = |text: &str| match text.parse::<f32>() {
            Ok(number) if number.is_normal() && number > 0.0 => Ok(number),
            _ => Err(nonsense()),
        };
        match (kind, &numbers[..]) {
            ("conv", &[inputs, outputs, kernel, stride]) if (1..=kernel).contains(&stride) => {
                Ok(Layer::Conv {
                    weight: self.tensor(i, "weight", &[outputs, inputs, kernel])?,
                    bias: self.tensor(i, "bias", &[outputs])?,
                    stride,
                })
            }
            ("linear", &[inputs, outputs]) => Ok(Layer::Linear {
                weight: self.tensor(i, "weight", &[outputs, inputs])?,
                bias: self.tensor(i, "bias", &[outputs])?,
            }),
            // The sharpness need not be whole.
            ("tonal", &[first, octaves, ..]) => Ok(Layer::Tonal {
                profiles: self.tensor(i, "weight", &[2 * PITCHES, PITCHES])?,
                first,
                octaves,
                sharpness: positive(rest.splitn(3, ',').nth(2).unwrap_or_default())?,
            }),
            ("square", _) => Ok(Layer::Square),
            ("relu", _) => Ok(Layer::Relu),
            ("outputs", _) => Ok(Layer::Outputs),
            ("log", _) => Ok(Layer::Log(positive(rest)?)),
            ("meanstd", _) => Ok(Layer::MeanStd(positive(rest)?)),
            _ => Err(nonsense()),
        }
    }

    fn tensor(&self, layer: usize, kind: &str, shape: &[usize]) -> Result<Tensor, NetworkError> {
        let name = format!("layers.{layer}.{kind}");
        self.header.check(&name, shape)?;
        let values = self.header.floats(self.data, &name)?;
        Ok(Tensor::from_vec(values, shape, &Device::Cpu)?)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use candle_core::D;

    /// Candle's answer to a whole window: what the file means, layer by layer.
    pub fn reference(model: &Model, samples: &[f32]) -> candle_core::Result<Vec<f32>> {
        let mut x = Tensor::from_slice(samples, (1, 1, samples.len()), &Device::Cpu)?;
        let mut tonal = None;
        for layer in &model.layers {
            x = match layer {
                Layer::Conv {
                    weight,
                    bias,
                    stride,
                } => x
                    .conv1d(weight, 0, *stride, 1, 1)?
                    .broadcast_add(&bias.reshape((1, (), 1))?)?,
                Layer::Square => x.sqr()?,
                Layer::Log(floor) => (x + f64::from(*floor))?.log()?,
                Layer::Relu => x.relu()?,
                Layer::MeanStd(floor) => {
                    let mean = x.mean_keepdim(D::Minus1)?;
                    let variance = x.broadcast_sub(&mean)?.sqr()?.mean(D::Minus1)?;
                    let deviation = (variance + f64::from(*floor))?.sqrt()?;
                    let tonal = tonal.take().expect("keys are heard before the pool");
                    Tensor::cat(&[&mean.squeeze(D::Minus1)?, &deviation, &tonal], 1)?
                }
                Layer::Tonal {
                    profiles,
                    first,
                    octaves,
                    sharpness,
                } => {
                    let count = 12 * octaves;
                    let loudness = |from| (x.narrow(1, from, count)? * 0.25)?.exp();
                    let around = ((loudness(first - 1)? + loudness(first + 1)?)? * 0.5)?;
                    let peaks = (loudness(*first)? - around)?.relu()?.mean(D::Minus1)?;
                    let chroma = peaks.reshape((*octaves, 12))?.sum_keepdim(0)?;
                    tonal = Some(tonal_reference(&chroma, profiles, *sharpness)?);
                    x
                }
                Layer::Linear { weight, bias } => x.matmul(&weight.t()?)?.broadcast_add(bias)?,
                Layer::Outputs => {
                    let point = x.narrow(1, 0, 2)?.clamp(-1f32, 1f32)?;
                    let sigma = x.narrow(1, 2, 2)?.clamp(-4f32, 1f32)?.exp()?;
                    Tensor::cat(&[&point, &sigma], 1)?
                }
            };
        }
        x.flatten_all()?.to_vec1()
    }

    /// What a window's mean chroma `[1, 12]` says of keys and intervals, `[1, 32]`.
    fn tonal_reference(
        chroma: &Tensor,
        profiles: &Tensor,
        sharpness: f32,
    ) -> candle_core::Result<Tensor> {
        let share = chroma.broadcast_div(&(chroma.sum_keepdim(1)? + 1e-3)?)?;
        let centred = chroma.broadcast_sub(&chroma.mean_keepdim(1)?)?;
        let deviation = (centred.sqr()?.mean_keepdim(1)? + 1e-8)?.sqrt()?;
        let fit = (centred.broadcast_div(&deviation)?.matmul(&profiles.t()?)? / 12.0)?;
        let weights = (&fit * f64::from(sharpness))?.exp()?;
        let turned: Vec<_> = (0..12)
            .map(|tonic| share.roll(-tonic, 1))
            .collect::<candle_core::Result<_>>()?;
        let turned = Tensor::cat(&turned, 0)?;
        let (mut best, mut from_tonic) = (Vec::new(), Vec::new());
        for mode in [0, 12] {
            best.push(fit.narrow(1, mode, 12)?.max_keepdim(1)?);
            let weights = weights.narrow(1, mode, 12)?;
            let weights = weights.broadcast_div(&weights.sum_keepdim(1)?)?;
            from_tonic.push(weights.matmul(&turned)?);
        }
        let together = turned.matmul(&share.t()?)?.reshape((1, 12))?;
        let unison = (together.narrow(1, 0, 1)? + 1e-6)?;
        let intervals = together.narrow(1, 1, 6)?.broadcast_div(&unison)?;
        Tensor::cat(&[&best[..], &from_tonic, &[intervals]].concat(), 1)
    }

    #[test]
    fn damaged_files_are_refused_in_a_sentence() {
        let fault = |bytes: &[u8]| match Model::from_bytes(bytes).err() {
            Some(NetworkError::File(fault)) => fault,
            other => panic!("{other:?} is no fault of the file"),
        };
        let file = Ear::Default.file();
        for length in [100, file.len() / 2, file.len() - 1] {
            let fault = fault(&file[..length]);
            assert!(matches!(fault, WeightsFault::Truncated { .. }), "{fault}");
        }
        let mut broken = file.to_vec();
        let end = broken.len();
        broken[end - 2..].copy_from_slice(&half::f16::NAN.to_le_bytes());
        let fault = fault(&broken);
        assert!(matches!(fault, WeightsFault::NotANumber(_)), "{fault}");
    }
}
