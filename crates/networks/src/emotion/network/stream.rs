//! A window that moves on: what each layer has read and still needs.

use super::super::tonal::{FEATURES, PITCHES};
use super::keys::Keys;
use super::layers::Layers;
use super::product::{Apply, Product};
use crate::simd::{Aligned, Isa, LANES};

/// What a network remembers of a stream: the end of what each layer has read. Made by
/// [`Network::stream`](super::Network::stream); once made, it allocates nothing.
pub struct Stream {
    /// What each layer of the trunk reads.
    layers: Vec<Unread>,
    /// Chroma, padded to [`LANES`], of the rows that the next frame sees.
    chroma: Unread,
    /// Samples that are taken at once.
    pub(super) block: usize,
    /// What the trunk makes of a block, and a frame as it is handed out.
    frames: Aligned,
    frame: Aligned,
    pub(super) pooled: Aligned,
    pub(super) answers: [Aligned; 2],
}

/// Rows that a layer still needs.
struct Unread {
    rows: Aligned,
    count: usize,
}

impl Unread {
    /// Forgets the first `count` rows, of `width` numbers.
    fn forget(&mut self, count: usize, width: usize) {
        self.rows.copy_within(count * width..self.count * width, 0);
        self.count -= count;
    }
}

impl Stream {
    /// A stream through `layers` that takes in at most `block` samples at once.
    pub(super) fn new(layers: &Layers, block: usize) -> Self {
        let mut fresh = block;
        let mut unread = Vec::new();
        let mut chroma = 0;
        for (i, product) in layers.trunk.iter().enumerate() {
            // Fewer rows than a kernel wait, or they would have been read.
            let most = product.kernel - 1 + fresh;
            unread.push(Unread {
                rows: Aligned::zeros(most * product.inputs),
                count: 0,
            });
            fresh = product.count(most);
            if i + 1 == layers.keys.after {
                chroma = layers.keys.seen - 1 + fresh;
            }
        }
        let widest = layers.head.iter().map(Product::outputs).max().unwrap_or(0);
        Self {
            layers: unread,
            chroma: Unread {
                rows: Aligned::zeros(chroma * LANES),
                count: 0,
            },
            block,
            frames: Aligned::zeros(fresh * layers.trunk_width()),
            frame: Aligned::zeros(layers.frame_width()),
            pooled: Aligned::zeros(2 * layers.trunk_width() + FEATURES),
            answers: [Aligned::zeros(widest), Aligned::zeros(widest)],
        }
    }

    /// Forgets all that was heard.
    pub fn clear(&mut self) {
        for layer in &mut self.layers {
            layer.count = 0;
        }
        self.chroma.count = 0;
    }

    /// Takes in a block of samples; how many frames they complete.
    pub(super) fn read(&mut self, layers: &Layers, isa: Isa, block: &[f32]) -> usize {
        let Some(first) = self.layers.first_mut() else {
            return 0;
        };
        first.rows[first.count..][..block.len()].copy_from_slice(block);
        first.count += block.len();
        let mut made = 0;
        for (i, product) in layers.trunk.iter().enumerate() {
            let (read, next) = self.layers.split_at_mut(i + 1);
            let layer = &mut read[i];
            made = product.count(layer.count);
            if made == 0 {
                return 0;
            }
            let (output, waiting) = match next.first_mut() {
                Some(next) => {
                    next.count += made;
                    (&mut next.rows, next.count - made)
                }
                None => (&mut self.frames, 0),
            };
            let width = product.outputs();
            let output = &mut output[waiting * width..][..made * width];
            isa.run(Apply {
                product,
                input: &layer.rows,
                count: made,
                output,
            });
            if i + 1 == layers.keys.after {
                let chroma = &mut self.chroma;
                for bands in output.chunks_exact(width) {
                    chroma.rows[chroma.count * LANES..][..PITCHES]
                        .copy_from_slice(&layers.keys.tonal.chroma(bands));
                    chroma.count += 1;
                }
            }
            layer.forget(made * product.stride, product.inputs);
        }
        made
    }

    /// Hands out the frames that were `made`, each with its chroma.
    pub(super) fn hand_out(&mut self, layers: &Layers, made: usize, mut each: impl FnMut(&[f32])) {
        let Self {
            frames,
            frame,
            chroma,
            ..
        } = self;
        let Keys { seen, stride, .. } = layers.keys;
        let width = layers.trunk_width();
        for (i, made) in frames[..made * width].chunks_exact(width).enumerate() {
            frame[..width].copy_from_slice(made);
            let (all, new) = frame[width..].split_at_mut(LANES);
            let rows = &chroma.rows[i * stride * LANES..][..seen * LANES];
            sum_rows(rows, all);
            sum_rows(&rows[(seen - stride) * LANES..], new);
            each(frame);
        }
        chroma.forget(made * stride, LANES);
    }
}

/// The sum of rows of [`LANES`] numbers.
fn sum_rows(rows: &[f32], sum: &mut [f32]) {
    sum.fill(0.0);
    for row in rows.chunks_exact(LANES) {
        for (sum, x) in sum.iter_mut().zip(row) {
            *sum += x;
        }
    }
}
