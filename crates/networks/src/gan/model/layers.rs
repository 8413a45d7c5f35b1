//! What generators are made of, whichever architecture they come from.

/// Side of the first map, in pixels.
pub(in crate::gan) const START_SIDE: usize = 4;
/// What depends on the mood beyond a line is stored on a grid of this many arousals by this many
/// valences, each axis from -1 to 1, and interpolated bilinearly.
pub(in crate::gan) const MOOD_GRID: usize = 5;

/// A fully connected layer: `weight` is `[outputs, inputs]`, `bias` is `[outputs]`.
#[derive(Clone, Debug)]
pub(in crate::gan) struct Dense {
    pub inputs: usize,
    pub outputs: usize,
    pub weight: Vec<f32>,
    pub bias: Vec<f32>,
}

/// The network from z to the intermediate latent w, and what is done to w before it is used.
#[derive(Clone, Debug)]
pub(in crate::gan) struct Mapping {
    /// Each followed by a leaky ReLU without gain. The first reads z, and behind it valence and
    /// arousal where it has two inputs more.
    pub layers: Vec<Dense>,
    /// `[2, w_dim]`: what valence and arousal add to w; empty: nothing.
    pub mood_directions: Vec<f32>,
    /// `[arousal, valence, w_dim]`, on the grid of moods: where truncation pulls w.
    pub w_mean: Vec<f32>,
}

/// Where the first map, `[channels, 4, 4]`, comes from.
#[derive(Clone, Debug)]
pub(in crate::gan) enum Start {
    /// The same for every picture.
    Constant(Vec<f32>),
    /// Computed from z, which truncation shortens.
    Dense {
        dense: Dense,
        activation: Activation,
        /// `[arousal, valence, outputs]`, on the grid of moods: added to the bias; empty: nothing.
        mood_bias: Vec<f32>,
    },
}

/// A convolution with its style, activation and way to RGB.
#[derive(Clone, Debug)]
pub(in crate::gan) struct Layer {
    pub c_in: usize,
    pub c_out: usize,
    /// Side of the output.
    pub side: usize,
    pub source: Source,
    /// `[c_out, c_in, taps, taps]`, see [`Source::taps`].
    pub weights: Vec<f32>,
    /// `[c_out]`.
    pub bias: Vec<f32>,
    /// `[side, side]`, added to every channel after the demodulation; empty: nothing.
    pub noise: Vec<f32>,
    /// w to the factors of the input channels, which the convolution is demodulated from. `None`:
    /// neither modulated nor demodulated.
    pub style: Option<Dense>,
    pub activation: Activation,
    pub rgb: Option<Rgb>,
}

/// What a layer's convolution is and reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gan) enum Source {
    /// 3x3 on a map of the same side; zeros beyond its edges.
    Same,
    /// 3x3 on a map of half the side, doubled bilinearly; what is beyond, [`Edges`] says.
    Doubled,
    /// Transposed 4x4 on a map of half the side: stride 2, padding 1.
    Transposed,
}

impl Source {
    /// Width of the kernel.
    pub fn taps(self) -> usize {
        if self == Self::Transposed { 4 } else { 3 }
    }

    /// Side of the map that is read for an output of `side`.
    pub fn input_side(self, side: usize) -> usize {
        if self == Self::Same { side } else { side / 2 }
    }
}

/// How maps and pictures are doubled at their edges. Doubling is bilinear with half-pixel centres:
/// a new pixel is three quarters of the nearer old one and a quarter of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gan) enum Edges {
    /// The last pixel is repeated, and the convolution then sees zeros beyond the doubled map.
    Repeat,
    /// The map is zero beyond its edge, as under StyleGAN2's filter [1, 3, 3, 1]. The doubled map
    /// is not: one pixel further out it is a quarter of the last, and the convolution sees that.
    Zero,
}

/// What follows a convolution's bias: `gain * max(x, slope * x)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gan) enum Activation {
    /// Leaky ReLU of slope 0.2 with the gain that keeps the variance (Karras et al. 2020).
    Leaky,
    Relu,
    None,
}

impl Activation {
    /// Slope below zero.
    pub fn slope(self) -> f32 {
        match self {
            Self::Leaky => 0.2,
            Self::Relu => 0.0,
            Self::None => 1.0,
        }
    }

    pub fn gain(self) -> f32 {
        match self {
            Self::Leaky => std::f32::consts::SQRT_2,
            Self::Relu | Self::None => 1.0,
        }
    }
}

/// A layer's share of the picture, added to the doubled share of the layers before.
#[derive(Clone, Debug)]
pub(in crate::gan) struct Rgb {
    /// Output channels to red, green and blue.
    pub dense: Dense,
    /// w to the factors of the channels; `None`: all one.
    pub style: Option<Dense>,
}

/// How the sum of all shares becomes colours from -1 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gan) enum Range {
    Tanh,
    Clamp,
}
