//! A finished picture.

use super::RenderError;

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

/// A finished picture. Whoever needs its bytes asks for [`pixels`](Self::pixels).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    pixels: Pixels,
}

impl Picture {
    /// Pixels across and down.
    pub fn size(&self) -> [usize; 2] {
        [self.pixels.width, self.pixels.height]
    }

    /// Its pixels; from a graphics card they are brought once, for all who ask.
    ///
    /// # Errors
    /// When the card that has them is lost.
    pub fn pixels(&self) -> Result<&Pixels, RenderError> {
        Ok(&self.pixels)
    }

    /// Begins to bring its pixels from a graphics card, and does not wait for them: for whoever is
    /// going to ask for them.
    pub fn fetch(&self) {}

    /// Its pixels if they are there already. Never waits.
    pub fn fetched(&self) -> Option<&Pixels> {
        Some(&self.pixels)
    }

    /// Pixels of `size` to draw in; what it showed is lost.
    pub fn pixels_mut(&mut self, size: [usize; 2]) -> &mut Pixels {
        self.pixels.resize(size);
        &mut self.pixels
    }
}

impl From<Pixels> for Picture {
    fn from(pixels: Pixels) -> Self {
        Self { pixels }
    }
}
