//! The network that hears: a learned filter bank on the raw waveform, then narrow convolutions.
//!
//! Its layers are read from the model file's `architecture` string. Nothing before the pool looks
//! at the whole window, so a stream computes only the frames that are new: [`Network::frames`]
//! gives them, [`Network::judge`] pools any run of them.

use candle_core::{D, Device, Tensor};
use safetensors::{Dtype, SafeTensors};
use std::collections::HashMap;

/// Version of the model format that this code reads.
const FORMAT_VERSION: u32 = 1;

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

/// One layer; activations are `[1, channels, time]` before the pool and `[1, channels]` after it.
enum Layer {
    /// Valid convolution: weight `[out, in, kernel]`, bias `[1, out, 1]`.
    Conv {
        weight: Tensor,
        bias: Tensor,
        stride: usize,
    },
    Square,
    /// Logarithm of the activation plus a floor.
    Log(f64),
    Relu,
    /// Mean and standard deviation over time (variance plus a floor): channels double.
    MeanStd(f64),
    /// Weight `[in, out]`, bias `[1, out]`.
    Linear {
        weight: Tensor,
        bias: Tensor,
    },
    /// The clamps and exponentials that make an [`Estimate`] of four numbers.
    Outputs,
}

impl Layer {
    fn apply(&self, x: &Tensor) -> candle_core::Result<Tensor> {
        match self {
            Self::Conv {
                weight,
                bias,
                stride,
            } => x.conv1d(weight, 0, *stride, 1, 1)?.broadcast_add(bias),
            Self::Square => x.sqr(),
            Self::Log(floor) => (x + *floor)?.log(),
            Self::Relu => x.relu(),
            Self::MeanStd(floor) => {
                let mean = x.mean_keepdim(D::Minus1)?;
                let variance = x.broadcast_sub(&mean)?.sqr()?.mean(D::Minus1)?;
                let deviation = (variance + *floor)?.sqrt()?;
                Tensor::cat(&[&mean.squeeze(D::Minus1)?, &deviation], 1)
            }
            Self::Linear { weight, bias } => x.matmul(weight)?.broadcast_add(bias),
            Self::Outputs => {
                let point = x.narrow(1, 0, 2)?.clamp(-1f32, 1f32)?;
                let sigma = x.narrow(1, 2, 2)?.clamp(-4f32, 1f32)?.exp()?;
                Tensor::cat(&[&point, &sigma], 1)
            }
        }
    }
}

/// The emotion network.
pub struct Network {
    /// Layers up to the pool, which make frames.
    trunk: Vec<Layer>,
    /// The pool and what follows it.
    head: Vec<Layer>,
    /// Channels of a frame.
    channels: usize,
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

impl Network {
    /// The network that comes with Synopsia.
    ///
    /// # Errors
    /// When the file that was built in is damaged, which a test rules out.
    pub fn built_in() -> Result<Self, NetworkError> {
        Self::from_bytes(BUILT_IN)
    }

    /// Reads a network from the bytes of a model file.
    ///
    /// # Errors
    /// When the file is damaged, of another format or version, or holds what is not a number.
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
        let mut layers = Vec::new();
        let (mut frame_length, mut frame_stride, mut channels) = (1, 1, 1);
        for (i, word) in header.text("architecture")?.split(';').enumerate() {
            let layer = read_layer(&tensors, i, word)?;
            if let Layer::Conv { weight, stride, .. } = &layer {
                let (out, _, kernel) = weight.dims3()?;
                frame_length += (kernel - 1) * frame_stride;
                frame_stride *= stride;
                channels = out;
            }
            layers.push(layer);
        }
        let pool = layers
            .iter()
            .position(|layer| matches!(layer, Layer::MeanStd(_)));
        let pool = pool.ok_or_else(|| NetworkError::Header("it has no pool".into()))?;
        let head = layers.split_off(pool);
        let network = Self {
            trunk: layers,
            head,
            channels,
            sample_rate: header.number("sample_rate")?,
            window: header.number("window")?,
            hop: header.number("hop")?,
            frame_stride,
            frame_length,
        };
        if network.sample_rate == 0
            || network.hop == 0
            || !network.hop.is_multiple_of(frame_stride)
            || network.window < frame_length
        {
            return Err(NetworkError::Header(
                "its window and hop do not fit its layers".into(),
            ));
        }
        // A pass over silence finds layers whose sizes do not fit each other.
        let frames = network.frames(&vec![0.0; frame_length])?;
        network.judge(&frames)?;
        Ok(network)
    }

    /// Channels of a frame.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// The frames of `samples` (mono, at [`Self::sample_rate`]), one after another:
    /// `1 + (samples - frame_length) / frame_stride` of [`Self::channels`] values each; none if
    /// there are too few samples for one.
    ///
    /// # Errors
    /// When the tensor library fails.
    pub fn frames(&self, samples: &[f32]) -> Result<Vec<f32>, NetworkError> {
        if samples.len() < self.frame_length {
            return Ok(Vec::new());
        }
        let mut x = Tensor::from_slice(samples, (1, 1, samples.len()), &Device::Cpu)?;
        for layer in &self.trunk {
            x = layer.apply(&x)?;
        }
        Ok(x.transpose(1, 2)?.flatten_all()?.to_vec1()?)
    }

    /// What the network says of a run of frames, laid out as [`Self::frames`] gives them.
    ///
    /// # Errors
    /// When there are no frames, or the tensor library fails.
    pub fn judge(&self, frames: &[f32]) -> Result<Estimate, NetworkError> {
        let count = frames.len() / self.channels;
        let x = Tensor::from_slice(frames, (1, count, self.channels), &Device::Cpu)?;
        let mut x = x.transpose(1, 2)?.contiguous()?;
        for layer in &self.head {
            x = layer.apply(&x)?;
        }
        let outputs: Vec<f32> = x.flatten_all()?.to_vec1()?;
        let [valence, arousal, sigma_valence, sigma_arousal] = outputs[..] else {
            return Err(NetworkError::Header("it does not give four numbers".into()));
        };
        Ok(Estimate {
            valence,
            arousal,
            sigma_valence,
            sigma_arousal,
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

/// Layer `i` from its word in the architecture: `conv:in,out,k=kernel,s=stride`, `linear:in,out`,
/// `square`, `log:floor`, `relu`, `meanstd:floor` or `outputs`.
fn read_layer(tensors: &SafeTensors, i: usize, word: &str) -> Result<Layer, NetworkError> {
    let nonsense = || NetworkError::Header(format!("layer {i} is \"{word}\""));
    let (kind, rest) = word.split_once(':').unwrap_or((word, ""));
    let numbers: Vec<usize> = rest
        .split(',')
        .filter_map(|n| n.trim_start_matches(['k', 's', '=']).parse().ok())
        .collect();
    let floor = || rest.parse().map_err(|_| nonsense());
    match (kind, &numbers[..]) {
        ("conv", &[inputs, outputs, kernel, stride]) if kernel > 0 && stride > 0 => {
            Ok(Layer::Conv {
                weight: read_tensor(tensors, i, "weight", &[outputs, inputs, kernel])?,
                bias: read_tensor(tensors, i, "bias", &[outputs])?.reshape((1, outputs, 1))?,
                stride,
            })
        }
        ("linear", &[inputs, outputs]) => Ok(Layer::Linear {
            weight: read_tensor(tensors, i, "weight", &[outputs, inputs])?
                .t()?
                .contiguous()?,
            bias: read_tensor(tensors, i, "bias", &[outputs])?.reshape((1, outputs))?,
        }),
        ("square", _) => Ok(Layer::Square),
        ("relu", _) => Ok(Layer::Relu),
        ("outputs", _) => Ok(Layer::Outputs),
        ("log", _) => Ok(Layer::Log(floor()?)),
        ("meanstd", _) => Ok(Layer::MeanStd(floor()?)),
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
mod tests {
    use super::*;

    #[test]
    fn frames_of_a_part_equal_those_of_the_whole() {
        let network = Network::built_in().unwrap();
        let samples: Vec<f32> = (0..32_000)
            .map(|i| 0.2 * (i as f32 * 0.05 + (i as f32 * 1e-3).sin()).sin())
            .collect();
        let whole = network.frames(&samples).unwrap();
        let skipped = 7;
        let part = network
            .frames(&samples[skipped * network.frame_stride..])
            .unwrap();
        let rest = &whole[skipped * network.channels()..];
        assert_eq!(rest.len(), part.len());
        let worst = rest
            .iter()
            .zip(&part)
            .map(|(a, b)| (a - b).abs())
            .fold(0.0, f32::max);
        assert!(worst < 1e-4, "{worst}");
    }

    #[test]
    fn damaged_files_are_refused_in_a_sentence() {
        for length in [0, 7, 100, BUILT_IN.len() / 2, BUILT_IN.len() - 1] {
            let error = Network::from_bytes(&BUILT_IN[..length]).err().unwrap();
            assert!(matches!(error, NetworkError::Damaged(_)), "{error}");
        }
        let key = b"\"version\":\"";
        let start = BUILT_IN
            .windows(key.len())
            .position(|bytes| bytes == key)
            .unwrap();
        let mut newer = BUILT_IN.to_vec();
        newer[start + key.len()] = b'9';
        let error = Network::from_bytes(&newer).err().unwrap();
        assert!(matches!(error, NetworkError::OtherVersion(_)), "{error}");
        let mut broken = BUILT_IN.to_vec();
        let end = broken.len();
        broken[end - 2..].copy_from_slice(&half::f16::NAN.to_le_bytes());
        let error = Network::from_bytes(&broken).err().unwrap();
        assert!(matches!(error, NetworkError::NotANumber(_)), "{error}");
    }
}
