//! What lies about on the screens that are looked at.

use super::super::view::View;
use crate::emotion::Emotion;
use crate::imagery::Likeness;
use crate::live::Course;
use crate::plugin::Piece;
use crate::show::{Axis, Board, MoodLane};
use egui_kittest::Harness;
use image::{Rgb, RgbImage};
use std::path::Path;
use std::sync::Arc;

/// Five pictures on the mood board, and music that one of them was made into.
pub fn hang(editor: &mut Harness<'_, View>) {
    let pictures = [
        ("dunes at noon.jpg", [0.62, 0.2], [230, 170, 90]),
        ("fog.jpg", [-0.3, -0.62], [120, 132, 140]),
        ("market.jpg", [0.48, 0.66], [200, 60, 50]),
        ("night train.png", [-0.66, 0.5], [40, 52, 110]),
        ("meadow.jpg", [0.7, -0.5], [90, 150, 70]),
    ];
    let mut board = Board::default();
    for (name, [valence, arousal], colour) in pictures {
        let picture = RgbImage::from_fn(30, 30, |x, _| {
            Rgb(colour.map(|c: u32| (c * (10 + x) / 40) as u8))
        });
        let likeness = Likeness::of(&picture, &[0.0; 1280]).expect("features");
        let mood = Emotion::at(valence, arousal, 0.8);
        board.pin(&Path::new("/pictures").join(name), &mood, likeness);
    }
    let view = editor.state_mut();
    view.board = Arc::new(board);
    let piece = "/films/dunes at noon.mid".into();
    view.project.music.put(Piece::Done(piece));
}

/// A song of three minutes of which two were heard, with a line and a bound.
pub fn draw_a_lane(editor: &mut Harness<'_, View>) {
    let view = editor.state_mut();
    let mut course = Course::default();
    for n in 0..480 {
        let at = f64::from(n) * 0.25;
        let swell = (at * 0.05).sin() as f32;
        let level = 0.35 + 0.25 * swell + 0.2 * ((n * 37 % 11) as f32 / 11.0);
        course.hear(at, level, [0.3 - 0.4 * swell, 0.1 + 0.5 * swell]);
    }
    view.lane.open_over(course);
    let mut lane = MoodLane::default();
    lane.draw(
        Axis::Arousal,
        &[
            [70.0, -0.4],
            [84.0, 0.1],
            [96.0, 0.75],
            [150.0, 0.75],
            [180.0, -0.6],
        ],
    );
    lane.limit(Axis::Arousal, [0.0, 62.0], 0.3, true);
    view.edits.settle(|setup| setup.drawn = Arc::new(lane));
}
