//! The painter on the CPU, for machines whose only graphics adapter is software.
//!
//! [`Styles`] asks each [`layer`] for what the latent wants; each then, in its [`pass`], convolves and, in
//! its [`finish`], activates and adds to the picture, tile by tile: transposed convolutions as four of
//! 2x2, all others by [`winograd`] with the doubling folded in. All of it comes down to
//! matrix products on [`crate::simd`], shared out by a [`worker_pool`] of threads.

mod finish;
mod layer;
mod pass;
mod styles;
mod winograd;
mod worker_pool;

use parking_lot::Mutex;

pub use crate::simd::Isa;
pub(super) use crate::simd::padded;
pub(super) use styles::Styles;

use super::model::Model;
use super::{Generator, Image, Latent, SampleError};
use crate::simd::{Aligned, Disjoint, Lanes, Work};
use layer::{Layer, RGBX, Scratch};
use pass::{Output, Pass};
use worker_pool::WorkerPool;

/// How the CPU paints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CpuOptions {
    /// Threads that paint one picture, the calling one included. The picture does not depend on
    /// it, to the last bit.
    pub threads: usize,
    /// The instruction set; the fastest that the machine has when `None`. One that the machine
    /// does not have is replaced by the fastest too.
    pub isa: Option<Isa>,
}

impl Default for CpuOptions {
    fn default() -> Self {
        Self {
            threads: 1,
            isa: None,
        }
    }
}

/// So few rows of tiles are finished sooner than the pool is woken.
const FEW_ROWS: usize = 2;

/// Paints on the CPU. After the first picture, painting allocates nothing.
pub struct CpuGenerator {
    isa: Isa,
    pool: WorkerPool,
    styles: Styles,
    layers: Vec<Layer>,
    buffers: Buffers,
}

/// What layers hand to each other. Two of each: one is read while the other is written.
struct Buffers {
    maps: [Aligned; 2],
    rgb: [Aligned; 2],
    /// What a layer's products are made of, and they, where they are made of its whole input at once.
    prepared: Aligned,
    products: Aligned,
    /// One for each thread; the lock is never waited for.
    scratch: Vec<Mutex<Scratch>>,
}

impl CpuGenerator {
    /// Packs the model's weights for this machine.
    pub fn new(model: &Model, options: CpuOptions) -> Self {
        let available = Isa::available();
        let isa = options
            .isa
            .filter(|isa| available.contains(isa))
            .unwrap_or(available[0]);
        let pool = WorkerPool::new(options.threads);
        let layers: Vec<_> = model
            .layers
            .iter()
            .map(|layer| Layer::new(layer, model, isa))
            .collect();
        let buffers = Buffers::new(&layers, pool.size());
        Self {
            isa,
            pool,
            styles: Styles::new(model, isa),
            layers,
            buffers,
        }
    }

    /// Has the looks of a family paint by these shares, in their order, from now on; their sum is 1.
    /// Nothing where they are not as many as the model has looks.
    pub fn choose(&mut self, shares: &[f32]) {
        self.styles.choose(shares);
    }

    /// The instruction set in use.
    pub fn isa(&self) -> Isa {
        self.isa
    }

    /// Threads that paint one picture.
    pub fn threads(&self) -> usize {
        self.pool.size()
    }
}

impl Generator for CpuGenerator {
    fn side(&self) -> usize {
        self.layers.last().map_or(0, |layer| layer.side)
    }

    fn sample(&mut self, latent: &Latent, image: &mut Image) -> Result<(), SampleError> {
        let side = self.side();
        let pixels = image.pixels_mut(side);
        pixels.resize(side * side * 3, 0.0);
        self.styles.compute(latent);
        let last = self.layers.len() - 1;
        for i in 0..self.layers.len() {
            let picture = (i == last).then_some(pixels.as_mut_slice());
            self.paint_layer(i, picture);
        }
        Ok(())
    }
}

impl CpuGenerator {
    /// Runs layer `i`: the last one into `picture`, the others into the buffers.
    fn paint_layer(&mut self, i: usize, picture: Option<&mut [f32]>) {
        let Self {
            isa,
            pool,
            styles,
            layers,
            buffers,
        } = self;
        let (isa, layer) = (*isa, &layers[i]);
        let (map_in, map_out) = read_and_written(&mut buffers.maps, i);
        let map_in = if i == 0 { &styles.map } else { map_in };
        let pictures = layers[..i].iter().filter(|layer| layer.has_rgb()).count();
        let (rgb_in, rgb_out) = read_and_written(&mut buffers.rgb, pictures);
        let output = match picture {
            Some(pixels) => Output::Picture(Disjoint::new(pixels)),
            None => Output::Map {
                map: Disjoint::new(map_out),
                factors: &styles.factors[i + 1],
                rgb: Disjoint::new(rgb_out),
            },
        };
        let pass = Pass {
            layer,
            gains: &styles.gains[i],
            rgb: &styles.rgb[i],
            input: map_in,
            rgb_in: if pictures == 0 { &[] } else { rgb_in },
            output,
        };
        let scratch = &buffers.scratch;
        let Some(pieces) = layer.pieces() else {
            let groups = layer.tiles().div_ceil(layer.group());
            pool.run(groups, &|group, thread| {
                isa.run(Group(&pass, group, &mut scratch[thread].lock()));
            });
            return;
        };

        let prepared = &mut buffers.prepared[..layer.prepared_len()];
        isa.run(Prepare(&pass, prepared));
        let products = Disjoint::new(&mut buffers.products);
        pool.run(pieces, &|piece, thread| {
            let scratch = &mut scratch[thread].lock();
            isa.run(Piece(&pass, piece, prepared, products, scratch));
        });
        let finish = |row: usize, _| isa.run(FinishRow(&pass, row, &buffers.products));
        let rows = layer.tiles_across();
        if rows > FEW_ROWS {
            pool.run(rows, &finish);
        } else {
            (0..rows).for_each(|row| finish(row, 0));
        }
    }
}

/// Of two buffers, the one that step `i` reads and the one that it writes.
fn read_and_written(buffers: &mut [Aligned; 2], i: usize) -> (&[f32], &mut [f32]) {
    let [even, odd] = buffers;
    if i.is_multiple_of(2) {
        (odd, even)
    } else {
        (even, odd)
    }
}

impl Buffers {
    fn new(layers: &[Layer], threads: usize) -> Self {
        let largest = |size: &dyn Fn(&Layer) -> usize, layers: &[Layer]| {
            Aligned::zeros(layers.iter().map(size).max().unwrap_or(0))
        };
        // The last layer writes neither a map nor a picture on its way.
        let inner = &layers[..layers.len() - 1];
        let map = || largest(&|layer| layer.side.pow(2) * layer.c_out, inner);
        let rgb = || largest(&|layer| layer.side.pow(2) * RGBX, inner);
        let scratch = (0..threads).map(|_| {
            let mut scratch = Scratch::default();
            for layer in layers {
                layer.reserve(&mut scratch);
            }
            Mutex::new(scratch)
        });
        Self {
            maps: [map(), map()],
            rgb: [rgb(), rgb()],
            prepared: largest(&Layer::prepared_len, layers),
            products: largest(&Layer::products_len, layers),
            scratch: scratch.collect(),
        }
    }
}

/// A group of a Winograd convolution's tiles.
struct Group<'a>(&'a Pass<'a>, usize, &'a mut Scratch);
impl Work for Group<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self) {
        self.0.convolve_group::<L>(self.1, self.2);
    }
}

/// What a layer's pieces are made of, all of it.
struct Prepare<'a>(&'a Pass<'a>, &'a mut [f32]);
impl Work for Prepare<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self) {
        self.0.prepare::<L>(self.1);
    }
}

/// A piece of a layer's products. Each is made once.
struct Piece<'a>(
    &'a Pass<'a>,
    usize,
    &'a [f32],
    Disjoint<'a>,
    &'a mut Scratch,
);
impl Work for Piece<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self) {
        // SAFETY: the pool gives each piece to one thread, once.
        unsafe { self.0.multiply_piece::<L>(self.1, self.2, self.3, self.4) };
    }
}

/// A row of tiles whose products are there.
struct FinishRow<'a>(&'a Pass<'a>, usize, &'a [f32]);
impl Work for FinishRow<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self) {
        let across = self.0.layer.tiles_across();
        for tile in self.1 * across..(self.1 + 1) * across {
            self.0.finish_tile::<L>(tile, self.2);
        }
    }
}
