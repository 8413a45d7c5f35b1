//! Small pictures of what each preset paints.

use crate::control::Preset;
use crate::render::{Picture, Pixels};
use egui::{ColorImage, Context, TextureHandle, TextureOptions};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageFormat, RgbaImage, imageops::FilterType};
use std::collections::BTreeMap;

/// Width and height of a picture, pixels.
pub const SIZE: [u32; 2] = [160, 90];

/// How good they are, 1 to 100.
const QUALITY: u8 = 85;

/// How many are read from their files in one frame: the hand that scrolls does not wait for more.
const IN_A_FRAME: u32 = 16;

/// The largest side of a picture that somebody has put beside a preset, pixels.
const LARGEST: u32 = 4096;

/// Pictures as textures, by their presets' names; none where there is no picture.
#[derive(Default)]
pub struct Pictures {
    textures: BTreeMap<String, Option<TextureHandle>>,
    read: u32,
}

impl Pictures {
    /// To be called once a frame.
    pub fn begin(&mut self) {
        self.read = 0;
    }

    /// The picture of a preset, as soon as it was read.
    pub fn of(&mut self, context: &Context, preset: &Preset) -> Option<&TextureHandle> {
        if !self.textures.contains_key(&preset.name) {
            if self.read == IN_A_FRAME {
                context.request_repaint();
                return None;
            }
            self.read += 1;
            let image = preset.picture().and_then(|bytes| decoded(&bytes));
            let load = |image| context.load_texture(&preset.name, image, TextureOptions::LINEAR);
            let texture = image.map(load);
            self.textures.insert(preset.name.clone(), texture);
        }
        self.textures.get(&preset.name)?.as_ref()
    }

    /// Has it be read again.
    pub fn forget(&mut self, name: &str) {
        self.textures.remove(name);
    }
}

/// The picture in a file's bytes, no larger than it is shown.
fn decoded(bytes: &[u8]) -> Option<ColorImage> {
    let mut reader =
        image::ImageReader::with_format(std::io::Cursor::new(bytes), ImageFormat::Jpeg);
    let mut limits = image::Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(LARGEST), Some(LARGEST));
    reader.limits(limits);
    let image = filled(&reader.decode().ok()?);
    let size = [image.width(), image.height()].map(|side| side as usize);
    Some(ColorImage::from_rgba_unmultiplied(size, image.as_raw()))
}

/// The middle of a picture, in [`SIZE`].
fn filled(image: &DynamicImage) -> RgbaImage {
    let [width, height] = SIZE;
    if [image.width(), image.height()] == SIZE {
        return image.to_rgba8();
    }
    image
        .resize_to_fill(width, height, FilterType::Triangle)
        .to_rgba8()
}

/// What is on stage as a small picture's file (JPEG); none while it is not here yet.
pub fn small(picture: &Picture) -> Option<Vec<u8>> {
    picture.fetch();
    encoded(picture.fetched().filter(|pixels| pixels.is_whole())?)
}

fn encoded(pixels: &Pixels) -> Option<Vec<u8>> {
    let [width, height] = [pixels.width, pixels.height].map(|side| side as u32);
    let image = RgbaImage::from_raw(width, height, pixels.rgba.clone())?;
    let image = DynamicImage::ImageRgba8(filled(&image.into())).to_rgb8();
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
    image.write_with_encoder(encoder).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::presets;

    #[test]
    fn what_is_on_stage_becomes_a_small_picture_that_is_read_back() {
        let half = |x: usize| {
            if x < 160 {
                [200, 40, 40, 255]
            } else {
                [40, 40, 200, 255]
            }
        };
        let pixels = Pixels {
            width: 320,
            height: 300,
            rgba: (0..320 * 300).flat_map(|i| half(i % 320)).collect(),
        };
        let bytes = encoded(&pixels).unwrap();
        assert!(bytes.len() < 4096);
        let image = decoded(&bytes).unwrap();
        assert_eq!(image.size, SIZE.map(|side| side as usize));
        let (left, right) = (image[(20, 45)], image[(140, 45)]);
        assert!(left.r() > 180 && left.b() < 60 && right.b() > 180 && right.r() < 60);
    }

    #[test]
    fn each_preset_of_ours_has_a_picture_and_what_is_none_is_none() {
        for preset in presets().iter().filter(|preset| preset.path.is_none()) {
            let picture = preset.picture().and_then(|bytes| decoded(&bytes));
            let picture = picture.expect(&preset.name);
            assert_eq!(picture.size, SIZE.map(|side| side as usize));
        }
        for bytes in [&b""[..], b"no picture", &[0xff, 0xd8, 0xff]] {
            assert!(decoded(bytes).is_none());
        }
    }
}
