//! What a picture asks of the music: a mood, and its course from left to right.

use image::{RgbImage, imageops};

use super::error::ComposeError;
use super::form::phrases;
use crate::emotion::PictureMood;

/// Parts that a picture is looked at in, at most; a longer piece goes through them more slowly.
const MOST_PARTS: usize = 16;
/// How much of what a part differs by counts: a part alone looks more unlike others than it does in its picture.
const COURSE: f32 = 0.6;

/// What is asked of the music, beside usual music, -1 to 1: valence and arousal.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    pub whole: [f32; 2],
    /// Of each phrase; their mean is about the whole's.
    pub course: Vec<[f32; 2]>,
}

impl Asked {
    /// The same mood from beginning to end.
    pub fn steady(mood: [f32; 2], bars: usize) -> Self {
        let whole = mood.map(|x| if x.is_nan() { 0.0 } else { x.clamp(-1.0, 1.0) });
        Self {
            whole,
            course: vec![whole; phrases(bars)],
        }
    }

    /// What a picture asks of so many bars, beside usual pictures.
    ///
    /// # Errors
    /// When the judge fails.
    pub fn of(picture: &RgbImage, judge: &PictureMood, bars: usize) -> Result<Self, ComposeError> {
        let mood = |picture: &RgbImage| {
            let mood = judge.of(picture)?.among_pictures();
            Ok::<_, ComposeError>([mood.valence, mood.arousal])
        };
        let mut asked = Self::steady(mood(picture)?, bars);
        let parts = asked
            .course
            .len()
            .min(MOST_PARTS)
            .min(picture.width() as usize);
        if parts < 2 {
            return Ok(asked);
        }
        let width = picture.width() as usize;
        let part = |k: usize| {
            let (from, to) = (k * width / parts, (k + 1) * width / parts);
            let (from, wide) = (from as u32, (to - from) as u32);
            mood(&imageops::crop_imm(picture, from, 0, wide, picture.height()).to_image())
        };
        let parts = (0..parts).map(part).collect::<Result<Vec<_>, _>>()?;
        let mean =
            |axis: usize| parts.iter().map(|mood| mood[axis]).sum::<f32>() / parts.len() as f32;
        let mean = [mean(0), mean(1)];
        let phrases = asked.course.len();
        for (k, mood) in asked.course.iter_mut().enumerate() {
            let part = parts[k * parts.len() / phrases];
            for axis in 0..2 {
                mood[axis] = (mood[axis] + COURSE * (part[axis] - mean[axis])).clamp(-1.0, 1.0);
            }
        }
        Ok(asked)
    }
}
