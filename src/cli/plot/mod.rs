//! A song's analysis as one picture: how it is built, what it felt like, where its beats were, what was heard, and
//! the path that it took on the circumplex.

mod canvas;
mod circumplex;
mod classes;
mod error;
mod feeling;
mod form;
mod header;
mod layout;
mod loudness;
mod pulse;
mod series;
mod sheet;
mod spectrum;
mod style;

pub use error::PlotError;
pub use series::{BeatMark, beats};

use canvas::Canvas;
use header::summary;
use layout::{HEIGHT, TIME_WIDTH, WIDTH};
use sheet::Sheet;
use style::GROUND;

use crate::emotion::Emotion;
use crate::render::Pixels;
use crate::signal::{AudioFrame, Structure};

/// Points of a curve or of the path; more could not be told apart.
const MOST_CURVE_POINTS: usize = TIME_WIDTH as usize / 2;
const MOST_PATH_POINTS: usize = 240;

/// What is drawn of a song. Emotions and frames may be empty; values that are not numbers count as
/// nothing felt or heard.
pub struct Song<'a> {
    pub title: &'a str,
    /// Its length.
    pub seconds: f64,
    /// (seconds, emotion) in the order of time.
    pub emotions: &'a [(f64, Emotion)],
    /// They count their positions in samples at this rate, Hz.
    pub frames: &'a [AudioFrame],
    pub sample_rate: f64,
    pub structure: &'a Structure,
}

/// Draws the analysis of a song. Long ones are averaged to what the picture can show.
///
/// # Errors
/// When the picture does not fit in memory.
pub fn draw(song: &Song) -> Result<Pixels, PlotError> {
    let duration = if song.seconds.is_finite() {
        song.seconds.max(0.05)
    } else {
        0.05
    };
    let (emotions, frames, sample_rate) = (song.emotions, song.frames, song.sample_rate);
    let columns = series::columns(frames, sample_rate, duration, TIME_WIDTH as usize);
    let curve = series::emotions(emotions, MOST_CURVE_POINTS);
    let shares = series::shares(emotions);

    let mut sheet = Sheet {
        canvas: Canvas::new(WIDTH, HEIGHT, GROUND)?,
        duration,
    };
    sheet.header(song.title, &summary(duration, &shares, &columns));
    sheet.time_axis();
    sheet.form(song.structure);
    sheet.feeling(&curve);
    sheet.class_flow(&curve);
    sheet.pulse(&columns, &series::beats(frames, sample_rate));
    sheet.spectrum(&columns);
    sheet.level(&columns);
    sheet.drops(&song.structure.drops);
    sheet.circumplex(&series::emotions(emotions, MOST_PATH_POINTS));
    sheet.class_shares(&shares);
    Ok(sheet.canvas.into_picture())
}

/// `picture` as the bytes of a PNG file.
///
/// # Errors
/// When the picture does not fit in memory twice.
pub fn encode(picture: &Pixels) -> Result<Vec<u8>, PlotError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, picture.width as u32, picture.height as u32);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().map_err(|_| PlotError::Canvas)?;
    let written = writer.write_image_data(&picture.rgba);
    written.map_err(|_| PlotError::Canvas)?;
    drop(writer);
    Ok(bytes)
}

#[cfg(test)]
mod tests;
