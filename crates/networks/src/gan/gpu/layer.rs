//! What a layer is on a card: its sizes, and where it finds its numbers.
//!
//! All offsets count fours: four channels of one pixel, which lie together everywhere.

use half::f16;

use crate::gan::model::Source;

/// Channels that lie together in the kernels' layout.
pub(super) const TOGETHER: usize = 8;

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
    pub(super) fn colour_fours(self) -> usize {
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
    pub source: Source,
    /// Whether it has a share of the picture.
    pub rgb: bool,
    /// Whether the layers before it have.
    pub coloured: bool,
    /// Whether it writes the picture itself: the last layer, where its channels fit a workgroup.
    pub finishes: bool,
    /// Slope of the activation below zero.
    pub slope: f32,
    /// Whether the map that it reads is still to be modulated.
    pub modulated: bool,
    /// Where its own numbers are.
    pub biases: usize,
    pub colour_bias: usize,
    pub noise: Option<usize>,
    /// Where its weights to RGB are: among its own numbers, or among the picture's.
    pub colours: usize,
    pub styled: bool,
    /// Where a picture's numbers for it are among the picture's.
    pub factors: usize,
    pub gains: usize,
}

impl Layer {
    /// Whether it reads a map of half its side.
    pub fn halved(&self) -> bool {
        self.source != Source::Same
    }

    /// Side of the map that it reads.
    pub fn input_side(&self) -> usize {
        self.source.input_side(self.side)
    }

    /// Taps of a kernel.
    pub fn taps(&self) -> usize {
        self.source.taps().pow(2)
    }

    /// Taps of a kernel that each pixel has a use for.
    pub fn used(&self) -> usize {
        match self.source {
            Source::Same | Source::Doubled => self.taps(),
            Source::Transposed => self.taps() / 4,
        }
    }

    /// Whether it leaves colours behind: its own, or those that it found.
    pub fn hued(&self) -> bool {
        self.rgb || self.coloured
    }

    /// Multiply-adds for a picture.
    pub fn work(&self) -> usize {
        self.used() * self.c_in * self.c_out * self.side * self.side
    }

    /// Fours of the features that it writes.
    pub fn features(&self) -> usize {
        self.c_out / 4 * self.side * self.side
    }

    /// Fours of what it writes for a picture: features, then colours in the most parts.
    pub fn written(&self, storage: Storage) -> usize {
        if self.finishes {
            return 0;
        }
        let parts = if self.hued() {
            self.c_out / TOGETHER
        } else {
            0
        };
        self.features() + parts * self.side * self.side * storage.colour_fours()
    }

    /// Bytes that pass through memory at the least: kernels once, features, pictures.
    pub fn traffic(&self, storage: Storage, pictures: usize) -> usize {
        let read = self.c_in / 4 * self.input_side() * self.input_side();
        let kernels = self.kernels();
        let written = if self.finishes {
            // A pixel as four 32-bit and four 16-bit floats.
            self.side * self.side * 24
        } else {
            self.features() * storage.bytes()
        };
        kernels * storage.bytes() + pictures * (read * storage.bytes() + written)
    }

    /// Fours of its kernels.
    pub fn kernels(&self) -> usize {
        self.taps() * self.c_in * self.c_out / 4
    }

    /// What sets its tilings apart, for the cache and for readers.
    pub fn key(&self, storage: Storage, pictures: usize) -> String {
        let what = match self.source {
            Source::Same => "plain",
            Source::Doubled => "doubled",
            Source::Transposed => "transposed",
        };
        let end = if self.finishes { " to the picture" } else { "" };
        format!(
            "{what}{end}: {} to {} channels, side {}, {storage:?}, {pictures} at once",
            self.c_in, self.c_out, self.side
        )
    }
}
