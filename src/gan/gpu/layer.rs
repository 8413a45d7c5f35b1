//! What a model's layers are on a card: their sizes, and where each finds its numbers.
//!
//! All offsets count fours: four channels of one pixel, which lie together everywhere.

use half::f16;

use super::text::Constants;
use super::tiling::{TAPS, TOGETHER, candidates};
use crate::gan::cpu::{GAIN, padded};
use crate::gan::model::{Block, Model, START_SIDE};

/// How features and weights are stored. Sums are 32-bit numbers in either case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Storage {
    /// 16-bit floats, two in a word, which every adapter unpacks.
    #[default]
    Half,
    /// 32-bit floats, for comparison.
    Single,
}

impl Storage {
    /// Bytes of a four.
    pub(super) fn bytes(self) -> usize {
        match self {
            Self::Half => 8,
            Self::Single => 16,
        }
    }

    /// Fours of a pixel's colours, which are always of 32 bits.
    fn colour_fours(self) -> usize {
        16 / self.bytes()
    }

    /// Numbers as they are stored.
    pub(super) fn encode(self, numbers: &[f32], bytes: &mut Vec<u8>) {
        match self {
            Self::Half => {
                let halves = numbers.iter().map(|&n| f16::from_f32(n).to_le_bytes());
                bytes.extend(halves.flatten());
            }
            Self::Single => bytes.extend_from_slice(bytemuck::cast_slice(numbers)),
        }
    }
}

/// A layer's sizes and places.
#[derive(Clone, Debug)]
pub(super) struct Layer {
    /// Channels, padded.
    pub c_in: usize,
    pub c_out: usize,
    /// Side of the map that it makes.
    pub side: usize,
    /// Whether it doubles the map before it.
    pub doubled: bool,
    /// Whether the map before it comes modulated and without colours.
    pub first: bool,
    /// Whether it writes the picture itself: the last layer, where its channels fit a workgroup.
    pub finishes: bool,
    /// Where its own numbers are.
    biases: usize,
    colours: usize,
    /// Where a picture's numbers for it are among the picture's.
    factors: usize,
    gains: usize,
}

impl Layer {
    pub fn from_side(&self) -> usize {
        if self.doubled {
            self.side / 2
        } else {
            self.side
        }
    }

    /// Multiply-adds for a picture.
    pub fn work(&self) -> usize {
        TAPS * self.c_in * self.c_out * self.side * self.side
    }

    /// Fours of the features that it writes.
    fn features(&self) -> usize {
        self.c_out / 4 * self.side * self.side
    }

    /// Fours of what it writes for a picture: features, then colours in the most parts.
    fn written(&self, storage: Storage) -> usize {
        if self.finishes {
            return 0;
        }
        let colours = self.c_out / TOGETHER * self.side * self.side;
        self.features() + colours * storage.colour_fours()
    }

    /// Bytes that pass through memory at the least: kernels once, features, pictures.
    pub fn traffic(&self, storage: Storage, pictures: usize) -> usize {
        let read = self.c_in / 4 * self.from_side() * self.from_side();
        let kernels = TAPS * self.c_in * self.c_out / 4;
        let written = if self.finishes {
            // A pixel as four 32-bit and four 16-bit floats.
            self.side * self.side * 24
        } else {
            self.features() * storage.bytes()
        };
        kernels * storage.bytes() + pictures * (read * storage.bytes() + written)
    }

    /// What sets its tilings apart, for the cache.
    pub fn key(&self, storage: Storage, pictures: usize) -> String {
        let what = match (self.doubled, self.finishes) {
            (true, true) => "doubled, to the picture",
            (true, false) => "doubled",
            (false, true) => "to the picture",
            (false, false) => "plain",
        };
        format!(
            "{what}: {} to {} channels, side {}, {storage:?}, {pictures} at once",
            self.c_in, self.c_out, self.side
        )
    }
}

/// All of a model's layers.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub layers: Vec<Layer>,
    pub storage: Storage,
    /// Pictures in one submission.
    pub pictures: usize,
    /// Side of the pictures.
    pub side: usize,
    /// Fours of the layers' own numbers, then of each picture's.
    pub own: usize,
    pub style: usize,
}

impl Plan {
    pub fn new(model: &Model, storage: Storage, pictures: usize, limits: &wgpu::Limits) -> Self {
        let (mut own, mut style) = (0, 0);
        let mut layers: Vec<Layer> = Vec::new();
        for (i, block) in model.blocks.iter().enumerate() {
            let (c_in, c_out) = (padded(block.c_in), padded(block.c_out));
            layers.push(Layer {
                c_in,
                c_out,
                side: START_SIDE << i,
                doubled: i > 0,
                first: i == 0,
                finishes: false,
                biases: own,
                colours: own + c_out / 4,
                factors: style,
                gains: style + c_in / 4,
            });
            own += c_out + 1;
            style += (c_in + c_out) / 4;
        }
        if let Some(last) = layers.last_mut() {
            last.finishes = true;
            last.finishes = !candidates(last, limits, pictures).is_empty();
        }
        Self {
            layers,
            storage,
            pictures,
            side: model.info.resolution,
            own,
            style,
        }
    }

    /// Bytes of each of the two buffers that layers read and write by turns: the even layers read
    /// the first.
    pub fn maps(&self) -> [usize; 2] {
        let first = self.layers[0].c_in / 4 * START_SIDE * START_SIDE;
        let mut fours = [first, 1];
        for (i, layer) in self.layers.iter().enumerate() {
            let written = layer.written(self.storage);
            fours[(i + 1) % 2] = fours[(i + 1) % 2].max(written);
        }
        fours.map(|fours| fours * self.pictures * self.storage.bytes())
    }

    /// Bytes of the finished pictures as four 32-bit floats a pixel.
    pub fn pixels(&self) -> usize {
        self.pictures * self.side * self.side * 16
    }

    /// Bytes of the numbers.
    pub fn numbers(&self) -> usize {
        (self.own + self.pictures * self.style) * 16
    }

    /// Bytes of a layer's kernels.
    pub fn kernels(&self, layer: &Layer) -> usize {
        TAPS * layer.c_in * layer.c_out / 4 * self.storage.bytes()
    }

    /// The layers' own numbers: biases times the activation's gain, weights to RGB, their biases.
    /// The fourth number behind those, the parts of the colours before, is left at none.
    pub fn own_numbers(&self, blocks: &[Block]) -> Vec<f32> {
        let mut numbers = vec![0.0; 4 * self.own];
        for (layer, block) in self.layers.iter().zip(blocks) {
            for (to, bias) in numbers[4 * layer.biases..].iter_mut().zip(&block.bias) {
                *to = bias * GAIN;
            }
            let colours = &mut numbers[4 * layer.colours..][..3 * layer.c_out + 4];
            for (colour, row) in block.rgb.weight.chunks_exact(block.c_out).enumerate() {
                colours[colour * layer.c_out..][..block.c_out].copy_from_slice(row);
            }
            colours[3 * layer.c_out..][..3].copy_from_slice(&block.rgb.bias);
        }
        numbers
    }

    /// Where among the numbers, in bytes, stands in how many parts layer `i` finds the colours
    /// before it.
    pub fn parts_place(&self, i: usize) -> u64 {
        let layer = &self.layers[i];
        ((4 * layer.colours + 3 * layer.c_out + 3) * size_of::<f32>()) as u64
    }

    /// The numbers that layer `i` is compiled for, but for its tiling's.
    pub fn constants(&self, i: usize) -> Constants {
        let layer = &self.layers[i];
        let before = i.checked_sub(1).map(|i| &self.layers[i]);
        let read = layer.c_in / 4 * layer.from_side() * layer.from_side();
        let flag = usize::from;
        [
            ("C_IN", layer.c_in),
            ("C_OUT", layer.c_out),
            ("SIDE", layer.side),
            ("FROM_SIDE", layer.from_side()),
            ("BIASES", layer.biases),
            ("COLOURS", layer.colours),
            ("STYLES", self.own),
            ("STYLE_STRIDE", self.style),
            ("FACTORS", layer.factors),
            ("GAINS", layer.gains),
            (
                "BEFORE_STRIDE",
                before.map_or(read, |before| before.written(self.storage)),
            ),
            ("BEFORE_COLOURS", read),
            ("AFTER_STRIDE", layer.written(self.storage)),
            ("AFTER_COLOURS", layer.features()),
            ("COLOUR_FOURS", self.storage.colour_fours()),
            ("DOUBLED", flag(layer.doubled)),
            ("MODULATED", flag(!layer.first)),
            ("FIRST", flag(layer.first)),
            ("FINISHES", flag(layer.finishes)),
            ("HALVES", flag(self.storage == Storage::Half)),
        ]
        .into_iter()
        .collect()
    }

    /// The numbers that `generator_picture.wgsl` is compiled for, where it is needed.
    pub fn picture_constants(&self, parts: usize) -> Option<Constants> {
        let last = self.layers.last().filter(|last| !last.finishes)?;
        let constants = [
            ("SIDE", last.side),
            ("PARTS", parts),
            ("BEFORE_STRIDE", last.written(self.storage)),
            ("BEFORE_COLOURS", last.features()),
            ("COLOUR_FOURS", self.storage.colour_fours()),
            ("HALVES", usize::from(self.storage == Storage::Half)),
        ];
        Some(constants.into_iter().collect())
    }
}

/// A layer's kernels in the order in which workgroups read them,
/// `[c_out / 8, c_in, 3, 3, 8]`.
pub(super) fn kernels(layer: &Layer, block: &Block) -> Vec<f32> {
    let mut kernels = vec![0.0; layer.c_out * layer.c_in * TAPS];
    for output in 0..block.c_out {
        for input in 0..block.c_in {
            let kernel = &block.conv[(output * block.c_in + input) * TAPS..][..TAPS];
            let start = (output / TOGETHER * layer.c_in + input) * TAPS * TOGETHER;
            for (tap, weight) in kernel.iter().enumerate() {
                kernels[start + tap * TOGETHER + output % TOGETHER] = *weight;
            }
        }
    }
    kernels
}
