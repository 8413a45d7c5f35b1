//! What a model says about itself.

/// How a licence begins that leaves nothing to ask for.
const FREE: &str = "free for any use";

/// What a model says about itself, as listed by `synopsia models`.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelInfo {
    /// The look, or the blend of looks; in a family's header the family.
    pub name: String,
    /// The looks of a family, the one to begin with first; empty where it is one look by itself.
    pub looks: Vec<String>,
    /// The kind of generator: `modulated-bilinear`, `stylegan2` or `dcgan`.
    pub architecture: String,
    /// Width and height of its pictures, in pixels.
    pub resolution: usize,
    /// Channels of the maps at each side, from 4 upwards.
    pub channels: Vec<usize>,
    /// Convolutions at each of these sides, 1 or 2; empty where the architecture says.
    pub convolutions: Vec<usize>,
    /// How many numbers of [`Latent::z`](crate::gan::Latent::z) it uses.
    pub z_dim: usize,
    /// Length of the intermediate latent w; 0 where there is none.
    pub w_dim: usize,
    /// Layers from z to w; 0 where there are none.
    pub mapping_layers: usize,
    /// How many numbers the file holds.
    pub weights: usize,
    /// What the two mood inputs mean.
    pub mood: String,
    /// The pictures it learned from.
    pub trained_on: String,
    /// Under which licence the weights may be used.
    pub licence: String,
    /// Training steps taken; empty where unknown.
    pub steps: String,
}

impl ModelInfo {
    /// How its pictures may be used, in a few words: without asking only where the licence begins
    /// with that.
    pub fn terms(&self) -> &'static str {
        if self.licence.trim_start().starts_with(FREE) {
            FREE
        } else {
            "ask before commercial use"
        }
    }
}
