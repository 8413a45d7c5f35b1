//! A finished picture.

use std::sync::{Arc, OnceLock};

use parking_lot::Mutex;

use super::RenderError;
use super::passes::FINISHED;
use crate::gpu::{Brought, GpuContext, Source, extent};

/// A picture in memory.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pixels {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// RGBA, sRGB-encoded, rows from the top; `width * height * 4` bytes, alpha 255.
    pub rgba: Vec<u8>,
}

impl Pixels {
    /// A black picture of `size` pixels across and down.
    pub fn black(size: [usize; 2]) -> Self {
        Self {
            width: size[0],
            height: size[1],
            rgba: [0, 0, 0, 255].repeat(size[0] * size[1]),
        }
    }

    /// Makes it `size` pixels across and down; what it showed is lost.
    fn resize(&mut self, size: [usize; 2]) {
        [self.width, self.height] = size;
        self.rgba.resize(size[0] * size[1] * 4, 255);
    }

    /// Whether it has the bytes that its size says, and any.
    pub fn is_whole(&self) -> bool {
        let bytes = self
            .width
            .checked_mul(self.height)
            .and_then(|pixels| pixels.checked_mul(4));
        bytes.is_some_and(|bytes| bytes > 0) && bytes == Some(self.rgba.len())
    }
}

/// A finished picture: its pixels, or on the card that made it a texture. Whoever needs its bytes
/// asks for [`pixels`](Self::pixels).
#[derive(Clone, Debug)]
pub struct Picture {
    content: Content,
}

#[derive(Clone, Debug)]
enum Content {
    Memory(Pixels),
    Card(Arc<CardPicture>),
}

/// A picture on a card.
#[derive(Debug)]
pub struct CardPicture {
    size: [usize; 2],
    texture: wgpu::Texture,
    brought: Brought<Arc<Pixels>>,
    keepsake: Keepsake,
    /// What stands for it where the card was lost with it.
    instead: OnceLock<Arc<Pixels>>,
}

/// The last picture of a renderer that was brought to memory: a picture that is lost with its card
/// looks like it, so that a screen that somebody looks at, or a film, goes on with what it showed.
pub(super) type Keepsake = Arc<Mutex<Option<Arc<Pixels>>>>;

impl CardPicture {
    /// Room for a picture of `size`.
    pub(super) fn new(gpu: &Arc<GpuContext>, size: [usize; 2], keepsake: &Keepsake) -> Self {
        let kept = Arc::clone(keepsake);
        let read = move |rgba| {
            let [width, height] = size;
            let pixels = Arc::new(Pixels {
                width,
                height,
                rgba,
            });
            *kept.lock() = Some(Arc::clone(&pixels));
            pixels
        };
        Self {
            size,
            keepsake: Arc::clone(keepsake),
            instead: OnceLock::new(),
            texture: gpu.device.create_texture(&wgpu::TextureDescriptor {
                label: Some("finished picture"),
                size: extent(size),
                mip_level_count: 1,
                sample_count: 1,
                dimension: wgpu::TextureDimension::D2,
                format: FINISHED,
                usage: wgpu::TextureUsages::RENDER_ATTACHMENT
                    | wgpu::TextureUsages::TEXTURE_BINDING
                    | wgpu::TextureUsages::COPY_SRC
                    | wgpu::TextureUsages::COPY_DST,
                // For surfaces that encode what they are given.
                view_formats: &[FINISHED.add_srgb_suffix()],
            }),
            brought: Brought::new(gpu, read),
        }
    }

    /// What stands for it, where it is lost with its card.
    fn lost(&self, why: String) -> Result<&Pixels, RenderError> {
        let error = RenderError::of_card(self.brought.gpu(), self.size, why);
        if !matches!(error, RenderError::Lost(_)) {
            return Err(error);
        }
        let kept = self.keepsake.lock().clone();
        match kept.filter(|kept| [kept.width, kept.height] == self.size) {
            Some(kept) => Ok(self.instead.get_or_init(|| kept)),
            None => Err(error),
        }
    }
}

impl Picture {
    /// Pixels across and down.
    pub fn size(&self) -> [usize; 2] {
        match &self.content {
            Content::Memory(pixels) => [pixels.width, pixels.height],
            Content::Card(card) => card.size,
        }
    }

    /// Its pixels; from a graphics card they are brought once, for all who ask.
    ///
    /// # Errors
    /// When the card that has them is lost, and none before them were brought from it.
    pub fn pixels(&self) -> Result<&Pixels, RenderError> {
        match &self.content {
            Content::Memory(pixels) => Ok(pixels),
            Content::Card(card) => {
                let source = Source::Texture(&card.texture);
                let pixels = card.brought.get(source).map(|pixels| &**pixels);
                pixels.or_else(|why| card.lost(why))
            }
        }
    }

    /// Begins to bring its pixels from a graphics card, and does not wait for them: for whoever is
    /// going to ask for them.
    pub fn fetch(&self) {
        if let Content::Card(card) = &self.content {
            card.brought.fetch(Source::Texture(&card.texture));
        }
    }

    /// Its pixels if they are there already. Never waits.
    pub fn fetched(&self) -> Option<&Pixels> {
        match &self.content {
            Content::Memory(pixels) => Some(pixels),
            Content::Card(card) => card.brought.fetched().map(|pixels| &**pixels),
        }
    }

    /// Pixels of `size` to draw in; what it showed is lost.
    pub fn pixels_mut(&mut self, size: [usize; 2]) -> &mut Pixels {
        if let Content::Card(_) = self.content {
            self.content = Content::Memory(Pixels::default());
        }
        match &mut self.content {
            Content::Memory(pixels) => {
                pixels.resize(size);
                pixels
            }
            Content::Card(_) => unreachable!("it was just taken from the card"),
        }
    }

    /// Its texture, if it is on this card.
    pub fn on_card(&self, gpu: &Arc<GpuContext>) -> Option<&wgpu::Texture> {
        match &self.content {
            Content::Card(card) if Arc::ptr_eq(card.brought.gpu(), gpu) => Some(&card.texture),
            _ => None,
        }
    }

    /// Makes another picture one that shows the same, in memory or on the card that has this one.
    ///
    /// # Errors
    /// When the card has no room, or is lost.
    pub fn copy_to(&self, other: &mut Self) -> Result<(), RenderError> {
        match &self.content {
            Content::Memory(pixels) => {
                let copy = other.pixels_mut([pixels.width, pixels.height]);
                copy.rgba.copy_from_slice(&pixels.rgba);
                Ok(())
            }
            Content::Card(card) => {
                let gpu = card.brought.gpu();
                let copied = gpu.watched(|| {
                    let room = other.texture_mut(gpu, card.size, None, &card.keepsake);
                    let mut encoder = gpu.device.create_command_encoder(&Default::default());
                    let (from, to) = (card.texture.as_image_copy(), room.as_image_copy());
                    encoder.copy_texture_to_texture(from, to, extent(card.size));
                    gpu.queue.submit([encoder.finish()]);
                });
                copied.map_err(|why| RenderError::of_card(gpu, card.size, why))
            }
        }
    }

    /// The card that it is on.
    pub(super) fn card(&self) -> Option<&Arc<GpuContext>> {
        match &self.content {
            Content::Card(card) => Some(card.brought.gpu()),
            Content::Memory(_) => None,
        }
    }

    /// Its texture on this card, to be drawn over; none where somebody has a copy of it already.
    pub(super) fn redrawn(&mut self, gpu: &Arc<GpuContext>) -> Option<&wgpu::Texture> {
        match &mut self.content {
            Content::Card(card) if Arc::ptr_eq(card.brought.gpu(), gpu) => {
                let card = Arc::get_mut(card)?;
                card.brought.forget();
                Some(&card.texture)
            }
            _ => None,
        }
    }

    /// A texture of `size` on a card to draw to, `room` where there is none; what it showed is lost.
    /// Nobody else who has a copy of this picture sees what is drawn there.
    pub(super) fn texture_mut(
        &mut self,
        gpu: &Arc<GpuContext>,
        size: [usize; 2],
        room: Option<CardPicture>,
        keepsake: &Keepsake,
    ) -> &wgpu::Texture {
        let fits = self.size() == size && self.on_card(gpu).is_some();
        let reused = match &mut self.content {
            Content::Card(card) if fits && Arc::ptr_eq(&card.keepsake, keepsake) => {
                Arc::get_mut(card).map(|card| card.brought.forget())
            }
            _ => None,
        };
        if reused.is_none() {
            let room = room.filter(|room| room.size == size);
            let room = room.unwrap_or_else(|| CardPicture::new(gpu, size, keepsake));
            self.content = Content::Card(Arc::new(room));
        }
        match &self.content {
            Content::Card(card) => &card.texture,
            Content::Memory(_) => unreachable!("it was just put on the card"),
        }
    }
}

impl Default for Picture {
    fn default() -> Self {
        Pixels::default().into()
    }
}

/// Of the same size and with the same bytes, which are brought to be compared. What cannot be
/// brought is like nothing.
impl PartialEq for Picture {
    fn eq(&self, other: &Self) -> bool {
        self.size() == other.size()
            && match (self.pixels(), other.pixels()) {
                (Ok(own), Ok(others)) => own == others,
                _ => false,
            }
    }
}

impl From<Pixels> for Picture {
    fn from(pixels: Pixels) -> Self {
        Self {
            content: Content::Memory(pixels),
        }
    }
}
