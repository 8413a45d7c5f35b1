//! A network's layers, read from a model file's list.

use super::super::model::{Layer, NetworkError};
use super::super::tonal::{FEATURES, PITCHES, Tonal};
use super::keys::Keys;
use super::product::{Channel, Map, Product, row_of};
use crate::simd::LANES;
use candle_core::Tensor;

/// The layers, packed.
pub(super) struct Layers {
    /// Layers up to the pool, which make frames.
    pub(super) trunk: Vec<Product>,
    pub(super) keys: Keys,
    /// The pool's floor, and the layers that follow it.
    pub(super) floor: f32,
    pub(super) head: Vec<Product>,
    /// Samples that one frame sees.
    pub(super) frame_length: usize,
    /// Samples from one frame to the next.
    pub(super) frame_stride: usize,
}

impl Layers {
    /// Packs a model's `layers`.
    ///
    /// # Errors
    /// When they do not fit each other.
    pub(super) fn read(layers: &[Layer]) -> Result<Self, NetworkError> {
        let Some((Layer::Outputs, layers)) = layers.split_last() else {
            return Err(NetworkError::contradicts(
                "it does not end with its outputs",
            ));
        };
        let mut reader = Reader::new();
        for (i, layer) in layers.iter().enumerate() {
            let before = i.checked_sub(1).map(|i| &layers[i]);
            if !reader.layer(i, layer, before)? {
                let says = format!("layer {i} does not fit its place");
                return Err(NetworkError::contradicts(says));
            }
        }
        reader.finish()
    }

    /// Numbers that a frame takes up.
    pub(super) fn frame_width(&self) -> usize {
        self.trunk_width() + 2 * LANES
    }

    /// Numbers of a frame that the trunk makes. Behind them stand two sums of chroma: over all the
    /// rows of logarithms that the frame sees, and over those that the frame before does not see.
    pub(super) fn trunk_width(&self) -> usize {
        self.trunk.last().map_or(0, Product::outputs)
    }
}

/// What was read of a list of layers.
struct Reader {
    trunk: Vec<Product>,
    head: Vec<Product>,
    keys: Option<Heard>,
    floor: Option<f32>,
    /// What the next layer reads.
    channels: usize,
    row: Vec<Channel>,
    frame_length: usize,
    frame_stride: usize,
}

/// Keys, and the rows of logarithms that they are heard in.
struct Heard {
    tonal: Tonal,
    /// Layers before.
    after: usize,
    /// Samples that such a row sees, and from one row to the next.
    length: usize,
    stride: usize,
}

impl Reader {
    /// Before the first layer, which reads samples.
    fn new() -> Self {
        Self {
            trunk: Vec::new(),
            head: Vec::new(),
            keys: None,
            floor: None,
            channels: 1,
            row: vec![Some(0)],
            frame_length: 1,
            frame_stride: 1,
        }
    }

    /// Reads layer `i`, which follows `before`; false where it does not fit its place.
    fn layer(
        &mut self,
        i: usize,
        layer: &Layer,
        before: Option<&Layer>,
    ) -> Result<bool, NetworkError> {
        let pooled = self.floor.is_some();
        let map = match layer {
            Layer::Conv {
                weight,
                bias,
                stride,
            } => return self.product(weight, bias, *stride, !pooled),
            Layer::Linear { weight, bias } => return self.product(weight, bias, 1, pooled),
            Layer::Tonal {
                profiles,
                first,
                octaves,
                sharpness,
            } if !pooled && self.keys.is_none() && matches!(before, Some(Layer::Log(_))) => {
                self.band(i, *first, *octaves)?;
                let tonal = Tonal::new(profiles, *first, *octaves, *sharpness)?;
                self.hear_keys(tonal);
                return Ok(true);
            }
            Layer::MeanStd(floor) if !pooled && !self.trunk.is_empty() => {
                self.pool(*floor);
                return Ok(true);
            }
            Layer::Square => Map::Square,
            Layer::Log(floor) => Map::Log(*floor),
            Layer::Relu => Map::Relu,
            _ => return Ok(false),
        };
        // What keys are heard in is what the next layer reads.
        let heard = matches!(before, Some(Layer::Tonal { .. }));
        Ok(!heard && self.map(map))
    }

    /// A convolution or a linear layer, where that is `in_place`.
    fn product(
        &mut self,
        weight: &Tensor,
        bias: &Tensor,
        stride: usize,
        in_place: bool,
    ) -> Result<bool, NetworkError> {
        if weight.dim(1)? != self.channels || !in_place {
            return Ok(false);
        }
        let product = Product::new(&self.row, weight, bias, stride)?;
        self.frame_length += (product.kernel - 1) * self.frame_stride;
        self.frame_stride *= stride;
        self.channels = bias.elem_count();
        self.row = row_of(0, self.channels);
        self.products().push(product);
        Ok(true)
    }

    /// Those that are being read.
    fn products(&mut self) -> &mut Vec<Product> {
        match self.floor {
            None => &mut self.trunk,
            Some(_) => &mut self.head,
        }
    }

    /// Whether layer `i` hears its octaves in bands that are there.
    fn band(&self, i: usize, first: usize, octaves: usize) -> Result<(), NetworkError> {
        // A peak has a neighbour on either side.
        let above = octaves.saturating_mul(PITCHES).saturating_add(first);
        if first == 0 || octaves == 0 || above >= self.channels {
            return Err(NetworkError::contradicts(format!(
                "layer {i} hears {octaves} octaves from band {first} on, of {} bands",
                self.channels
            )));
        }
        Ok(())
    }

    fn hear_keys(&mut self, tonal: Tonal) {
        self.keys = Some(Heard {
            tonal,
            after: self.trunk.len(),
            length: self.frame_length,
            stride: self.frame_stride,
        });
    }

    /// Moments of the channels, and keys behind them, are what the next layer reads.
    fn pool(&mut self, floor: f32) {
        let channels = self.channels;
        self.floor = Some(floor);
        let moments = [0, channels].map(|first| row_of(first, channels));
        let tonal = row_of(2 * channels, FEATURES);
        self.row = [&moments[..], &[tonal]].concat().concat();
        self.channels = 2 * channels + FEATURES;
    }

    /// A function of what the last product gives; false where there is none.
    fn map(&mut self, map: Map) -> bool {
        match self.products().last_mut() {
            Some(last) => last.maps.push(map),
            None => return false,
        }
        true
    }

    /// All that was read, if it makes a network.
    fn finish(self) -> Result<Layers, NetworkError> {
        let header = |says: &str| NetworkError::contradicts(says);
        let floor = self.floor.ok_or_else(|| header("it has no pool"))?;
        let heard = self.keys.ok_or_else(|| header("it hears no keys"))?;
        if self.head.is_empty() || self.channels != 4 {
            return Err(header("it does not give four numbers"));
        }
        Ok(Layers {
            trunk: self.trunk,
            keys: Keys {
                tonal: heard.tonal,
                after: heard.after,
                seen: 1 + (self.frame_length - heard.length) / heard.stride,
                stride: self.frame_stride / heard.stride,
            },
            floor,
            head: self.head,
            frame_length: self.frame_length,
            frame_stride: self.frame_stride,
        })
    }
}
