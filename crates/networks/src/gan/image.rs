//! A picture as a generator paints it.

use std::sync::Arc;

use super::SampleError;
use crate::gpu::{Brought, GpuContext, Source};

/// Bytes of a pixel on a card: four 32-bit floats.
pub(super) const PIXEL_BYTES: usize = 16;

/// A square picture as a generator paints it: in memory, or on the card that painted it.
#[derive(Clone, Debug, Default)]
pub struct Image {
    side: usize,
    content: Content,
}

#[derive(Clone, Debug)]
enum Content {
    Memory(Vec<f32>),
    Card(Arc<OnCard>),
}

impl Default for Content {
    fn default() -> Self {
        Self::Memory(Vec::new())
    }
}

#[derive(Debug)]
struct OnCard {
    buffer: wgpu::Buffer,
    brought: Brought<Vec<f32>>,
}

impl Image {
    /// A picture of `side` pixels a side: interleaved RGB, rows from the top, sRGB-encoded, each 0
    /// to 1; `side * side * 3` values.
    pub fn new(side: usize, pixels: Vec<f32>) -> Self {
        Self {
            side,
            content: Content::Memory(pixels),
        }
    }

    /// Width and height in pixels.
    pub fn side(&self) -> usize {
        self.side
    }

    /// Its pixels, as [`Image::new`] takes them. From a card they are brought once.
    ///
    /// # Errors
    /// When the card that has them is lost.
    pub fn pixels(&self) -> Result<&[f32], SampleError> {
        match &self.content {
            Content::Memory(pixels) => Ok(pixels),
            Content::Card(card) => {
                let pixels = card.brought.get(Source::Buffer(&card.buffer));
                Ok(pixels.map_err(SampleError)?)
            }
        }
    }

    /// Pixels of `side` to paint in, in no certain number; what it showed is lost.
    pub fn pixels_mut(&mut self, side: usize) -> &mut Vec<f32> {
        self.side = side;
        if let Content::Card(_) = self.content {
            self.content = Content::default();
        }
        match &mut self.content {
            Content::Memory(pixels) => pixels,
            Content::Card(_) => unreachable!("it was just taken from the card"),
        }
    }

    /// Where it is on this card, if it is: four 32-bit floats a pixel, of which the last is 1.
    pub fn on_card(&self, gpu: &Arc<GpuContext>) -> Option<&wgpu::Buffer> {
        match &self.content {
            Content::Card(card) if Arc::ptr_eq(card.brought.gpu(), gpu) => Some(&card.buffer),
            _ => None,
        }
    }

    /// Room for `side` pixels a side on a card; what it showed is lost. Nobody else who has a copy of
    /// this image sees what is painted there.
    pub(super) fn buffer_mut(&mut self, gpu: &Arc<GpuContext>, side: usize) -> &wgpu::Buffer {
        let fits = self.side == side && self.on_card(gpu).is_some();
        let reused = match &mut self.content {
            Content::Card(card) if fits => Arc::get_mut(card).map(|card| card.brought.forget()),
            _ => None,
        };
        self.side = side;
        if reused.is_none() {
            self.content = Content::Card(Arc::new(OnCard {
                buffer: gpu.device.create_buffer(&wgpu::BufferDescriptor {
                    label: Some("image"),
                    size: (side * side * PIXEL_BYTES) as u64,
                    usage: wgpu::BufferUsages::STORAGE
                        | wgpu::BufferUsages::COPY_DST
                        | wgpu::BufferUsages::COPY_SRC,
                    mapped_at_creation: false,
                }),
                brought: Brought::new(gpu, colours),
            }));
        }
        match &self.content {
            Content::Card(card) => &card.buffer,
            Content::Memory(_) => unreachable!("it was just put on the card"),
        }
    }
}

/// The colours of pixels as a card has them.
fn colours(bytes: Vec<u8>) -> Vec<f32> {
    let pixels = bytes.chunks_exact(PIXEL_BYTES);
    let colours = pixels.flat_map(|pixel| pixel[..12].as_chunks().0);
    colours.map(|&colour| f32::from_le_bytes(colour)).collect()
}

/// Of the same side and with the same pixels, which are brought to be compared. What cannot be
/// brought is like nothing.
impl PartialEq for Image {
    fn eq(&self, other: &Self) -> bool {
        self.side == other.side
            && match (self.pixels(), other.pixels()) {
                (Ok(own), Ok(others)) => own == others,
                _ => false,
            }
    }
}
