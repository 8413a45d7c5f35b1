//! A slide film: a song's pictures, one after the other, each when it fits.

use super::slides::Slide;
use crate::cli::progress::Progress;
use crate::cli::signals;
use crate::cli::terminal::Failure;
use crate::media::song::SongReader;
use crate::output::{Codec, Film, FilmSpec, Fps, Sound};
use crate::render::Picture;
use image::RgbImage;
use image::imageops::{FilterType, crop_imm, resize};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Seconds in which one picture takes the place of another.
const FADE: f64 = 1.0;

/// How much closer a picture has come when it goes.
const CLOSER: f32 = 0.07;

/// What film to make.
pub(super) struct Wanted<'a> {
    pub path: &'a Path,
    pub size: [usize; 2],
    pub fps: Fps,
    pub force: bool,
    pub quiet: bool,
}

impl Wanted<'_> {
    /// The film's place and kind.
    ///
    /// # Errors
    /// When its ending is no film's.
    pub fn spec(&self) -> Result<FilmSpec, Failure> {
        let codec = Codec::for_path(self.path).ok_or_else(|| {
            let path = self.path.display();
            Failure::Failed(format!(
                "{path} is no film: let it end in .mp4, .mov or .mkv"
            ))
        })?;
        let [width, height] = self.size;
        Ok(FilmSpec {
            force: self.force,
            ..FilmSpec::new(self.path, width, height, self.fps, codec)
        })
    }
}

/// Writes the film of `slides`, whose pictures `open` opens, with the song's sound.
///
/// # Errors
/// When a picture cannot be opened or the film cannot be written; there is none then.
pub(super) fn write(
    wanted: &Wanted<'_>,
    song: &Path,
    slides: &[Slide],
    open: impl Fn(usize) -> Result<RgbImage, Failure>,
) -> Result<(), Failure> {
    let spec = wanted.spec()?;
    let sound = Sound::new(SongReader::open(song)?, 0.0, None)?;
    let mut film = Film::create(&spec, Some(sound))?;
    let end = slides.last().map_or(0.0, |slide| slide.time.end);
    let count = (end * spec.fps.hz()).ceil() as u64;
    let progress = Progress::of_pictures(count, wanted.quiet);
    let interrupted = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&interrupted);
    signals::on_interrupt(move || flag.store(true, Ordering::Relaxed));
    let mut hung: Vec<(usize, RgbImage)> = Vec::new();
    let mut picture = Picture::default();
    for n in 0..count {
        if interrupted.load(Ordering::Relaxed) {
            break;
        }
        let at = spec.fps.seconds(n);
        let seen = seen(slides, at);
        hung.retain(|(slide, _)| seen.iter().flatten().any(|(index, _)| index == slide));
        for (index, _) in seen.iter().flatten() {
            if !hung.iter().any(|(slide, _)| slide == index) {
                let whole = open(slides[*index].picture)?;
                hung.push((*index, covering(&whole, wanted.size)));
            }
        }
        let pixels = picture.pixels_mut(wanted.size);
        for (layer, (index, share)) in seen.iter().flatten().enumerate() {
            let slide = &slides[*index].time;
            let gone = (at - slide.start) / (slide.end - slide.start + FADE);
            let closer = 1.0 + CLOSER * gone as f32;
            if let Some((_, whole)) = hung.iter().find(|(slide, _)| slide == index) {
                let share = if layer == 0 { 1.0 } else { *share };
                lay(whole, closer, share, wanted.size, &mut pixels.rgba);
            }
        }
        film.picture(&picture)?;
        progress.set(n + 1);
    }
    progress.finish();
    film.finish()?;
    if interrupted.load(Ordering::Relaxed) {
        let path = wanted.path.display();
        return Err(Failure::Interrupted(format!(
            "interrupted; {path} is the film so far"
        )));
    }
    Ok(())
}

/// The slides that are seen at a moment, by their numbers: one, or the one before and how much of the next.
fn seen(slides: &[Slide], at: f64) -> [Option<(usize, f32)>; 2] {
    let begun = slides.partition_point(|slide| slide.time.start <= at);
    let Some(now) = begun.checked_sub(1) else {
        return [None, None];
    };
    let come = ((at - slides[now].time.start) / FADE).min(1.0) as f32;
    match now.checked_sub(1).filter(|_| come < 1.0) {
        // Smooth at both ends.
        Some(before) => [
            Some((before, 1.0)),
            Some((now, come * come * (3.0 - 2.0 * come))),
        ],
        None => [Some((now, 1.0)), None],
    }
}

/// The middle of a picture, as large as covers a film, and somewhat larger.
fn covering(picture: &RgbImage, [width, height]: [usize; 2]) -> RgbImage {
    let (across, down) = (picture.width() as f32, picture.height() as f32);
    let margin = 1.0 + CLOSER;
    let [width, height] = [width, height].map(|side| side as f32 * margin);
    let scale = (width / across).max(height / down);
    let [inner, high] = [width / scale, height / scale].map(|side| side.max(1.0) as u32);
    let (x, y) = (
        (picture.width() - inner.min(picture.width())) / 2,
        (picture.height() - high.min(picture.height())) / 2,
    );
    let middle = crop_imm(picture, x, y, inner, high).to_image();
    resize(&middle, width as u32, height as u32, FilterType::CatmullRom)
}

/// Lays so much of a picture over what is there, closer by a factor.
fn lay(picture: &RgbImage, closer: f32, share: f32, [width, height]: [usize; 2], rgba: &mut [u8]) {
    let sides = [picture.width() as usize, picture.height() as usize];
    let step = [
        sides[0] as f32 / width as f32,
        sides[1] as f32 / height as f32,
    ]
    .map(|s| s / closer);
    let from = |axis: usize, n: usize, side: usize| {
        let middle = 0.5 * sides[axis] as f32;
        let at = middle + (n as f32 + 0.5 - 0.5 * side as f32) * step[axis] - 0.5;
        let at = at.clamp(0.0, sides[axis] as f32 - 1.0);
        let next = (at as usize + 1).min(sides[axis] - 1);
        (at as usize, next, at.fract())
    };
    let columns: Vec<_> = (0..width).map(|x| from(0, x, width)).collect();
    let raw = picture.as_raw();
    for (y, row) in rgba.chunks_exact_mut(4 * width).enumerate() {
        let (up, down, between) = from(1, y, height);
        for (pixel, (left, right, across)) in row.chunks_exact_mut(4).zip(&columns) {
            for channel in 0..3 {
                let at = |y: usize, x: usize| f32::from(raw[3 * (y * sides[0] + x) + channel]);
                let mix = |y: usize| at(y, *left) + across * (at(y, *right) - at(y, *left));
                let light = mix(up) + between * (mix(down) - mix(up));
                let under = f32::from(pixel[channel]);
                pixel[channel] = (under + share * (light - under)).round() as u8;
            }
            pixel[3] = 255;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    #[test]
    fn a_picture_of_any_shape_covers_the_film_and_comes_closer() {
        let cross = |width: u32, height: u32| {
            RgbImage::from_fn(width, height, |x, y| {
                let middle =
                    x.abs_diff(width / 2) < width / 8 && y.abs_diff(height / 2) < height / 8;
                Rgb([if middle { 250 } else { 10 }; 3])
            })
        };
        let size = [64, 36];
        for (width, height) in [(1, 1), (300, 20), (20, 300), (64, 36), (3000, 2000)] {
            let whole = covering(&cross(width, height), size);
            let lit = |closer| {
                let mut rgba = vec![0; 64 * 36 * 4];
                lay(&whole, closer, 1.0, size, &mut rgba);
                assert!(rgba.chunks(4).all(|pixel| pixel[3] == 255));
                rgba.chunks(4).filter(|pixel| pixel[0] > 128).count()
            };
            assert!(lit(1.0) <= lit(1.0 + CLOSER), "{width}x{height}");
        }
    }

    #[test]
    fn one_picture_fades_into_the_next_and_no_moment_is_without() {
        let slide = |from, to| Slide {
            time: from..to,
            picture: 0,
        };
        let slides = [slide(0.0, 5.0), slide(5.0, 9.0)];
        assert_eq!(seen(&slides, 0.0), [Some((0, 1.0)), None]);
        assert_eq!(seen(&slides, 5.5), [Some((0, 1.0)), Some((1, 0.5))]);
        assert_eq!(seen(&slides, 6.1), [Some((1, 1.0)), None]);
        assert_eq!(seen(&slides, 20.0), [Some((1, 1.0)), None]);
        assert_eq!(seen(&[], 1.0), [None, None]);
    }
}
