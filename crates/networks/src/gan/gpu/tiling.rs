//! How a layer's work is cut into workgroups and invocations, and which ways there are.
//!
//! No cut is the best on every card and layer: large tiles use each number often, small ones
//! occupy the card where a layer has few pixels. [`candidates`] lists those that a device can run,
//! by what a simple model of a card says of them; [`super::tuning`] measures the first few.

use serde::{Deserialize, Serialize};

use super::layer::{Layer, TOGETHER};
use super::template::Constants;
use crate::gan::model::Source;

/// One way to cut a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Tiling {
    /// Width and height of a workgroup's pixels.
    pub tile: [usize; 2],
    /// Output channels of a workgroup.
    pub channels: usize,
    /// Width and height of an invocation's pixels.
    pub block: [usize; 2],
    /// Output channels of an invocation, in fours.
    pub fours: usize,
    /// Invocations that share the input channels of the same outputs.
    pub slices: usize,
    /// Input channels in workgroup memory at once.
    pub depth: usize,
}

/// Fewest invocations of a workgroup that are worth its barriers.
const FEWEST: usize = 32;
/// What WebGPU grants everywhere.
const MOST: usize = 256;

/// Most fours of sums of an invocation: more would not stay in registers.
const LARGEST_BLOCK: usize = 32;

const TILES: [[usize; 2]; 7] = [[4, 4], [8, 4], [8, 8], [16, 8], [16, 16], [32, 8], [32, 16]];
const BLOCKS: [([usize; 2], usize); 6] = [
    ([4, 2], 2),
    ([4, 2], 1),
    ([4, 4], 1),
    ([2, 2], 2),
    ([2, 2], 1),
    ([4, 4], 2),
];
const SLICES: [usize; 7] = [1, 2, 4, 8, 16, 32, 64];
const DEPTHS: [usize; 5] = [4, 8, 16, 32, 64];

impl Tiling {
    fn places(&self) -> usize {
        self.tile[0] * self.tile[1] / (self.block[0] * self.block[1])
    }

    /// Pixel blocks times channel groups: the invocations of one slice.
    fn owners(&self) -> usize {
        self.places() * self.channels / (4 * self.fours)
    }

    pub(super) fn invocations(&self) -> usize {
        self.owners() * self.slices
    }

    /// Width and height of the tile that the convolution reads, before doubling.
    fn window(&self, layer: &Layer) -> [usize; 2] {
        let scale = if layer.halved() { 2 } else { 1 };
        self.tile.map(|side| side / scale + 2)
    }

    /// Width and height of what an invocation reads of that tile.
    fn seen(&self, layer: &Layer) -> [usize; 2] {
        let scale = if layer.halved() { 2 } else { 1 };
        self.block.map(|side| side / scale + 2)
    }

    /// Fours of the memory that holds the kernels, and later the slices' sums and the colours.
    fn shelf(&self, layer: &Layer) -> usize {
        let kernels = self.depth * layer.taps() * self.channels / 4;
        let sums = self.owners() * (self.slices / 2) * self.block[0] * self.block[1] * self.fours;
        let colours = self.channels / (4 * self.fours) * self.tile[0] * self.tile[1];
        kernels.max(sums).max(colours)
    }

    /// Bytes of workgroup memory.
    fn memory(&self, layer: &Layer) -> usize {
        let [wide, high] = self.window(layer);
        // Rows take an odd number of numbers.
        4 * (self.depth * (wide | 1) * high + 4 * self.shelf(layer))
    }

    /// Whether a device of these limits runs this for `layer`, in every index within its bounds.
    pub(super) fn fits(&self, layer: &Layer, limits: &wgpu::Limits) -> bool {
        let Self {
            tile,
            channels,
            block,
            fours,
            slices,
            depth,
        } = *self;
        let whole = |all: usize, part: usize| part > 0 && all > 0 && all.is_multiple_of(part);
        let divides = (0..2).all(|i| whole(layer.side, tile[i]) && whole(tile[i], block[i]));
        let even = !layer.halved() || block.iter().chain(&tile).all(|side| side % 2 == 0);
        let most = MOST
            .min(limits.max_compute_invocations_per_workgroup as usize)
            .min(limits.max_compute_workgroup_size_x as usize);
        divides
            && even
            && whole(layer.c_out, channels)
            && whole(channels, TOGETHER)
            && whole(channels / 4, fours)
            && block[0] * block[1] * fours <= LARGEST_BLOCK
            && (!layer.finishes || channels == layer.c_out)
            && slices.is_power_of_two()
            && whole(depth, 4)
            && whole(depth, slices)
            && whole(layer.c_in, depth)
            && self.invocations() <= most
            && self.memory(layer) <= limits.max_compute_workgroup_storage_size as usize
    }

    /// Workgroups that share a layer's channels.
    fn parts(&self, layer: &Layer) -> usize {
        layer.c_out / self.channels
    }

    /// Parts that the layer's colours are left in: one of each of those workgroups, or all in the
    /// first where the layer only passes on what it found.
    pub(super) fn colour_parts(&self, layer: &Layer) -> usize {
        if layer.rgb {
            self.parts(layer)
        } else {
            usize::from(layer.hued())
        }
    }

    /// Workgroups for one picture.
    pub(super) fn workgroups(&self, layer: &Layer) -> [u32; 3] {
        [
            (layer.side / self.tile[0]) as u32,
            (layer.side / self.tile[1]) as u32,
            self.parts(layer) as u32,
        ]
    }

    /// Time that a layer takes on a middling card, in no unit: what an invocation executes and
    /// waits for, times how often all invocations would fill the card. It only ranks.
    fn cost(&self, layer: &Layer, pictures: usize) -> f64 {
        /// Invocations that such a card has in flight.
        const AT_ONCE: f64 = 16384.0;
        /// Instructions that fit into waiting for memory and for a workgroup's others.
        const WAIT: f64 = 300.0;
        /// Instructions for a four from memory to workgroup memory.
        const FETCH: f64 = 12.0;
        /// Sums of an invocation that registers hold without crowding others out.
        const SUMS: f64 = 64.0;
        /// Workgroup memory of one of its processors, and invocations that keep that busy.
        const MEMORY: usize = 64 << 10;
        const BUSY: f64 = 256.0;

        let [columns, rows] = self.block;
        let loads: usize = self.seen(layer).iter().product();
        let doubling = if layer.source == Source::Doubled {
            let (c, r) = (columns / 2 + 1, rows / 2 + 1);
            3 * c * (r + 1) + 3 * r * (columns + 2)
        } else {
            0
        };
        let sums = 4 * self.fours * columns * rows;
        // A four from workgroup memory takes about as long as two instructions.
        let channel = doubling + loads + layer.used() * sums + 2 * layer.taps() * self.fours;
        let [wide, high] = self.window(layer);
        let fetched = self.depth * (wide * high + layer.taps() * self.channels) / 4;
        let steps = (layer.c_in / self.depth) as f64;
        let fetching = WAIT + FETCH * fetched as f64 / self.invocations() as f64;
        let adding = 20.0 * self.slices.ilog2() as f64 + 2.0 * WAIT;
        let each = (layer.c_in / self.slices * channel) as f64 + steps * fetching + adding;
        let workgroups: u32 = self.workgroups(layer).iter().product();
        let all = workgroups as f64 * self.invocations() as f64 * pictures as f64;
        let crowding = (sums as f64 / SUMS).max(1.0);
        let resident = (MEMORY / self.memory(layer)).max(1) * self.invocations();
        let idle = (BUSY / resident as f64).max(1.0);
        each * (all * crowding * idle / AT_ONCE).max(1.0)
    }

    /// The tilings that differ from this in a step of depth or slices.
    pub(super) fn neighbours(self) -> [Self; 4] {
        let (slices, depth) = (self.slices, self.depth);
        let with = |slices, depth| Self {
            slices,
            depth,
            ..self
        };
        [
            with(slices, depth * 2),
            with(slices, depth / 2),
            with(slices * 2, depth),
            with(slices / 2, depth),
        ]
    }

    /// The numbers that `generator_layer.wgsl` is compiled for on behalf of the tiling.
    pub(super) fn constants(&self, layer: &Layer, constants: &mut Constants) {
        let [wide, high] = self.window(layer);
        let [columns, rows] = self.seen(layer);
        constants.extend([
            ("TILE_X", self.tile[0]),
            ("TILE_Y", self.tile[1]),
            ("CHANNELS", self.channels),
            ("COLUMNS", self.block[0]),
            ("ROWS", self.block[1]),
            ("FOURS", self.fours),
            ("SLICES", self.slices),
            ("DEPTH", self.depth),
            ("WIDE", wide),
            ("HIGH", high),
            ("SEEN_COLUMNS", columns),
            ("SEEN_ROWS", rows),
            ("SHELF", self.shelf(layer)),
        ]);
    }
}

/// The tilings that a device of these limits can run for `layer`, the likeliest first; of those
/// that differ only in depth and slices the likeliest alone.
pub(super) fn candidates(layer: &Layer, limits: &wgpu::Limits, pictures: usize) -> Vec<Tiling> {
    let mut ranked: Vec<(f64, Tiling)> = Vec::new();
    for tile in TILES {
        for (block, fours) in BLOCKS {
            for channels in (TOGETHER..=layer.c_out).step_by(TOGETHER) {
                let every = SLICES.iter().flat_map(|&slices| {
                    let of = move |&depth: &usize| Tiling {
                        tile,
                        channels,
                        block,
                        fours,
                        slices,
                        depth,
                    };
                    DEPTHS.iter().map(of)
                });
                let fitting = every
                    .filter(|tiling| tiling.invocations() >= FEWEST && tiling.fits(layer, limits));
                let priced = fitting.map(|tiling| (tiling.cost(layer, pictures), tiling));
                ranked.extend(priced.min_by(|a, b| a.0.total_cmp(&b.0)));
            }
        }
    }
    ranked.sort_by(|a, b| a.0.total_cmp(&b.0));
    ranked.into_iter().map(|(_, tiling)| tiling).collect()
}
