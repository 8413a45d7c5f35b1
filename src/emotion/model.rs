//! The model file: a header that lists the layers, and their weights as candle's tensors.

use super::tonal::PITCHES;
use candle_core::{Device, Tensor};
use safetensors::{Dtype, SafeTensors};
use std::collections::HashMap;

/// Version of the model format that this code reads.
const FORMAT_VERSION: u32 = 2;

/// The weights that come with Synopsia.
static BUILT_IN: &[u8] = include_bytes!("../../models/emotion.safetensors");

/// Why an emotion model could not be used.
#[derive(Debug, thiserror::Error)]
pub enum NetworkError {
    /// Not a safetensors file, or cut short.
    #[error("the emotion model is damaged or not a model file ({0})")]
    Damaged(String),
    /// Another kind of model.
    #[error("this model does not hear emotion (its format is \"{0}\")")]
    OtherFormat(String),
    /// Made for another version of the format.
    #[error("the emotion model has format version {0}; this Synopsia reads {FORMAT_VERSION}")]
    OtherVersion(String),
    /// A header that contradicts itself or its tensors.
    #[error("the emotion model's header makes no sense: {0}")]
    Header(String),
    /// A weight that is not a number.
    #[error("the emotion model holds values that are not numbers (in {0})")]
    NotANumber(String),
    /// The tensor library failed.
    #[error("the emotion network could not run: {0}")]
    Run(#[from] candle_core::Error),
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
    /// The model that comes with Synopsia.
    pub fn built_in() -> Result<Self, NetworkError> {
        Self::from_bytes(BUILT_IN)
    }

    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NetworkError> {
        let damaged = |e: safetensors::SafeTensorError| NetworkError::Damaged(e.to_string());
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
        let tensors = SafeTensors::deserialize(bytes).map_err(damaged)?;
        let header = Header(header.metadata().clone().unwrap_or_default());
        match header.text("format") {
            Ok("synopsia.emotion") => {}
            other => {
                return Err(NetworkError::OtherFormat(
                    other.unwrap_or("none").to_string(),
                ));
            }
        }
        let version = header.text("version")?;
        if version.parse() != Ok(FORMAT_VERSION) {
            return Err(NetworkError::OtherVersion(version.to_string()));
        }
        let words = header.text("architecture")?.split(';').enumerate();
        let layers: Result<_, _> = words
            .map(|(i, word)| read_layer(&tensors, i, word))
            .collect();
        Ok(Self {
            layers: layers?,
            sample_rate: header.number("sample_rate")?,
            window: header.number("window")?,
            hop: header.number("hop")?,
        })
    }
}

/// The strings of a model file's header.
struct Header(HashMap<String, String>);

impl Header {
    fn text(&self, key: &str) -> Result<&str, NetworkError> {
        let value = self.0.get(key).map(String::as_str);
        value.ok_or_else(|| NetworkError::Header(format!("\"{key}\" is missing")))
    }

    fn number<T: std::str::FromStr>(&self, key: &str) -> Result<T, NetworkError> {
        let text = self.text(key)?;
        text.parse()
            .map_err(|_| NetworkError::Header(format!("\"{key}\" is \"{text}\"")))
    }
}

/// Layer `i` from its word in the architecture: `conv:in,out,k=kernel,s=stride` (a stride no longer
/// than the kernel), `linear:in,out`, `square`, `log:floor`, `relu`, `tonal:first,octaves,sharpness`,
/// `meanstd:floor` or `outputs`.
fn read_layer(tensors: &SafeTensors, i: usize, word: &str) -> Result<Layer, NetworkError> {
    let nonsense = || NetworkError::Header(format!("layer {i} is \"{word}\""));
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
                weight: read_tensor(tensors, i, "weight", &[outputs, inputs, kernel])?,
                bias: read_tensor(tensors, i, "bias", &[outputs])?,
                stride,
            })
        }
        ("linear", &[inputs, outputs]) => Ok(Layer::Linear {
            weight: read_tensor(tensors, i, "weight", &[outputs, inputs])?,
            bias: read_tensor(tensors, i, "bias", &[outputs])?,
        }),
        // The sharpness need not be whole.
        ("tonal", &[first, octaves, ..]) => Ok(Layer::Tonal {
            profiles: read_tensor(tensors, i, "weight", &[2 * PITCHES, PITCHES])?,
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

fn read_tensor(
    tensors: &SafeTensors,
    layer: usize,
    kind: &str,
    shape: &[usize],
) -> Result<Tensor, NetworkError> {
    let name = format!("layers.{layer}.{kind}");
    let view = tensors
        .tensor(&name)
        .map_err(|_| NetworkError::Header(format!("the tensor {name} is missing")))?;
    if view.shape() != shape {
        let found = view.shape();
        return Err(NetworkError::Header(format!(
            "{name} is {found:?} instead of {shape:?}"
        )));
    }
    let values: Vec<f32> = match view.dtype() {
        Dtype::F16 => (view.data().chunks_exact(2))
            .map(|b| half::f16::from_le_bytes([b[0], b[1]]).to_f32())
            .collect(),
        Dtype::F32 => (view.data().chunks_exact(4))
            .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
            .collect(),
        other => {
            return Err(NetworkError::Header(format!(
                "{name} is stored as {other:?}"
            )));
        }
    };
    if values.iter().any(|x| !x.is_finite()) {
        return Err(NetworkError::NotANumber(name));
    }
    Ok(Tensor::from_vec(values, shape, &Device::Cpu)?)
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
        for length in [0, 7, 100, BUILT_IN.len() / 2, BUILT_IN.len() - 1] {
            let error = Model::from_bytes(&BUILT_IN[..length]).err().unwrap();
            assert!(matches!(error, NetworkError::Damaged(_)), "{error}");
        }
        let key = b"\"version\":\"";
        let start = BUILT_IN
            .windows(key.len())
            .position(|bytes| bytes == key)
            .unwrap();
        let mut newer = BUILT_IN.to_vec();
        newer[start + key.len()] = b'9';
        let error = Model::from_bytes(&newer).err().unwrap();
        assert!(matches!(error, NetworkError::OtherVersion(_)), "{error}");
        let mut broken = BUILT_IN.to_vec();
        let end = broken.len();
        broken[end - 2..].copy_from_slice(&half::f16::NAN.to_le_bytes());
        let error = Model::from_bytes(&broken).err().unwrap();
        assert!(matches!(error, NetworkError::NotANumber(_)), "{error}");
    }
}
