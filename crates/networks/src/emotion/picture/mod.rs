//! What a picture feels like.
//!
//! The [eye](efficient_net::Eye) is EfficientNet-Lite0; [colours] are statistics in CIE Lab. A ridge
//! regression on both, fitted on photographs and paintings that people rated, gives valence and
//! arousal. `training/painter/mood.py` is its definition, and labels the pictures that painters
//! learn from with it; `models/mood.md` says how far it can be trusted.

mod colours;
mod efficient_net;
mod error;

use candle_core::{Device, Tensor};
use image::RgbImage;
use image::imageops::{FilterType, resize};

use super::{Emotion, among};
use crate::weights::{Header, MOOD, Papers, WeightsFault};
pub(crate) use colours::lab;
use efficient_net::Eye;
pub use error::PictureMoodError;

/// The weights that come with Synopsia.
static BUILT_IN: &[u8] = include_bytes!("../../../../../models/mood.safetensors");

/// What the file of these weights says of them.
///
/// # Errors
/// When the file that was built in is damaged, which a test rules out.
pub fn papers() -> Result<Papers, WeightsFault> {
    Papers::of(&MOOD, BUILT_IN)
}

/// Pictures are judged at this width and height, pixels.
const SIDE: u32 = 224;

/// Middle and deviation of what it says of photographs and paintings that people rated, for valence and arousal (`synopsia
/// mood` of 150 and 100 of those that it was fitted on: 0.11 and -0.11, 0.22 and 0.16).
const USUAL_MOOD: [f32; 2] = [0.11, -0.11];
const USUAL_DEVIATION: [f32; 2] = [0.22, 0.16];

impl Emotion {
    /// The mood of a picture, as [`PictureMood::of`] says it, beside usual pictures: -1 to 1, 0 being usual.
    pub fn among_pictures(&self) -> Self {
        let point = [self.valence, self.arousal];
        let [valence, arousal] = among(point, USUAL_MOOD, USUAL_DEVIATION);
        Self::at(valence, arousal, self.confidence)
    }
}

/// Says what pictures feel like.
pub struct PictureMood {
    eye: Eye,
    /// `[2, features]`: valence and arousal from the eye's features, then the colours.
    weight: Tensor,
    /// `[2]`.
    offset: Vec<f32>,
    /// Mean and deviation of the ratings, `[2][2]`: what leads to the circumplex.
    scale: Vec<Vec<f32>>,
}

impl PictureMood {
    /// The one that comes with Synopsia.
    ///
    /// # Errors
    /// When the program's own weights are damaged.
    pub fn built_in() -> Result<Self, PictureMoodError> {
        let mut data = BUILT_IN;
        let header = Header::read(&MOOD, data.len() as u64, &mut data)?;
        let mut take = |name: &str| -> Result<Tensor, PictureMoodError> {
            let missing = || WeightsFault::Header(format!("{name} is missing"));
            let shape = header.shape(name).ok_or_else(missing)?;
            Ok(Tensor::from_vec(
                header.floats(data, name)?,
                shape,
                &Device::Cpu,
            )?)
        };
        Ok(Self {
            eye: Eye::new(&mut take)?,
            weight: take("weight")?,
            offset: take("offset")?.to_vec1()?,
            scale: take("scale")?.to_vec2()?,
        })
    }

    /// The mood of a picture of any size, in sRGB. Its confidence is 1 everywhere: the regression
    /// does not know when it is wrong.
    ///
    /// # Errors
    /// When the tensor library fails.
    pub fn of(&self, picture: &RgbImage) -> Result<Emotion, PictureMoodError> {
        Ok(self.look(picture)?.0)
    }

    /// The mood of a picture, as [`of`](Self::of), and what the eye sees in it before anybody asks for its mood: first the
    /// 1,280 means of its last map.
    ///
    /// # Errors
    /// When the tensor library fails.
    pub fn look(&self, picture: &RgbImage) -> Result<(Emotion, Vec<f32>), PictureMoodError> {
        let (raw, features) = self.deviations(picture)?;
        let [valence, arousal] =
            [0, 1].map(|axis| self.scale[0][axis] + self.scale[1][axis] * raw[axis]);
        Ok((Emotion::at(valence, arousal, 1.0), features))
    }

    /// Valence and arousal in deviations of the rated pictures from their mean; and what the eye sees.
    fn deviations(&self, picture: &RgbImage) -> Result<([f32; 2], Vec<f32>), PictureMoodError> {
        let squashed = resize(picture, SIDE, SIDE, FilterType::Triangle);
        let side = SIDE as usize;
        let pixels: Vec<f32> = squashed.into_raw().into_iter().map(f32::from).collect();
        let seen = Tensor::from_vec(pixels, (side, side, 3), &Device::Cpu)?;
        let seen = seen
            .permute((2, 0, 1))?
            .contiguous()?
            .affine(1.0 / 255.0, 0.0)?;
        let colours = colours::statistics(&seen.flatten_all()?.to_vec1()?, side);
        let colours = Tensor::from_slice(&colours, colours.len(), &Device::Cpu)?;
        let eyes = self.eye.describe(&seen)?;
        let features = Tensor::cat(&[&eyes, &colours], 0)?;
        let sums: Vec<f32> = self
            .weight
            .matmul(&features.unsqueeze(1)?)?
            .flatten_all()?
            .to_vec1()?;
        let deviations = [0, 1].map(|axis| sums[axis] + self.offset[axis]);
        Ok((deviations, eyes.to_vec1()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use safetensors::SafeTensors;

    /// Pictures and what PyTorch says of them (`training/painter/reference.py --mood`).
    #[test]
    fn agrees_with_pytorch() {
        let bytes = include_bytes!("../../../../../tests/reference/mood.safetensors");
        let file = SafeTensors::deserialize(bytes).unwrap();
        let pictures = file.tensor("pictures").unwrap();
        let &[count, height, width, 3] = pictures.shape() else {
            panic!("pictures are [n, height, width, 3]");
        };
        let expected: Vec<f32> = (file.tensor("deviations").unwrap().data().chunks_exact(4))
            .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
            .collect();
        let mood = PictureMood::built_in().unwrap();
        assert_eq!(expected.len(), 2 * count);
        let pictures = pictures.data().chunks_exact(height * width * 3);
        for (picture, expected) in pictures.zip(expected.chunks_exact(2)) {
            let picture =
                RgbImage::from_raw(width as u32, height as u32, picture.to_vec()).unwrap();
            let (found, _) = mood.deviations(&picture).unwrap();
            for (found, expected) in found.iter().zip(expected) {
                assert!((found - expected).abs() < 1e-3, "{found} is not {expected}");
            }
        }
    }

    #[test]
    fn size_and_shape_hardly_matter() {
        let paint = |width: u32, height: u32| {
            RgbImage::from_fn(width, height, |x, y| {
                let (x, y) = (x as f32 / width as f32, y as f32 / height as f32);
                image::Rgb([x, 0.5 + 0.5 * (9.0 * y).sin(), x * y].map(|c| (c * 255.0) as u8))
            })
        };
        let mood = PictureMood::built_in().unwrap();
        let here = mood.of(&paint(400, 300)).unwrap();
        for (width, height) in [(1600, 300), (240, 240), (3000, 2000)] {
            let there = mood.of(&paint(width, height)).unwrap();
            assert!((here.valence - there.valence).abs() < 0.03);
            assert!((here.arousal - there.arousal).abs() < 0.03);
        }
        let grey = mood
            .of(&RgbImage::from_pixel(1, 1, image::Rgb([90; 3])))
            .unwrap();
        assert!(grey != here, "a grey pixel feels like the picture");
    }
}
