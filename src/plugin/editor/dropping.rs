//! Files that are dragged over the editor, and dropped into it.

use super::files::{add, name};
use super::theme::{self, font, semi_bold};
use super::view::View;
use crate::media::picture;
use crate::plugin::Piece;
use egui::{Align2, Pos2, Rect, Stroke, StrokeKind, Ui, vec2};
use std::path::{Path, PathBuf};

/// Endings of files of what is sung.
const LYRICS: [&str; 4] = ["lrc", "srt", "vtt", "txt"];

/// What may become of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    Lyrics,
    Board,
    Music,
}

fn is_sung(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default();
    LYRICS
        .iter()
        .any(|lyrics| ending.eq_ignore_ascii_case(lyrics))
}

/// Whether it is a picture, or may be a folder of them.
fn is_picture(path: &Path) -> bool {
    picture::is_named_like_one(path) || path.is_dir()
}

/// The places in `preview` onto which such files can be dropped.
fn places(preview: Rect, files: &[PathBuf]) -> Vec<(Use, Rect)> {
    match files {
        [] => Vec::new(),
        files if files.iter().any(|file| is_sung(file)) => vec![(Use::Lyrics, preview)],
        // Of music there is one picture.
        files if !files.iter().any(|file| is_picture(file)) => Vec::new(),
        [picture] if !picture.is_dir() => {
            let (left, right) = preview.split_left_right_at_fraction(0.5);
            vec![(Use::Board, left), (Use::Music, right)]
        }
        _ => vec![(Use::Board, preview)],
    }
}

/// What becomes of files where they are dropped: beside the places they go to the first.
fn use_at(places: &[(Use, Rect)], pointer: Option<Pos2>) -> Option<Use> {
    let under = |(_, rect): &&(Use, Rect)| pointer.is_some_and(|at| rect.contains(at));
    let place = places.iter().find(under).or(places.first());
    place.map(|(what, _)| *what)
}

/// Shows over `preview` what becomes of files that are dragged, and takes those that are dropped.
pub fn follow(view: &mut View, ui: &Ui, preview: Rect) {
    let (hovered, dropped, pointer) = ui.input(|i| {
        let hovered = i.raw.hovered_files.iter();
        let hovered: Vec<_> = hovered.filter_map(|file| file.path.clone()).collect();
        let dropped = i.raw.dropped_files.iter();
        let dropped: Vec<_> = dropped.map(|file| file.path().to_path_buf()).collect();
        (hovered, dropped, i.pointer.latest_pos())
    });
    if !hovered.is_empty() {
        let places = places(preview, &hovered);
        let now = use_at(&places, pointer);
        places
            .iter()
            .for_each(|(what, rect)| paint(ui, *rect, *what, Some(*what) == now));
    }
    match use_at(&places(preview, &dropped), pointer) {
        None => refuse(view, &dropped),
        Some(Use::Lyrics) => {
            let sung = dropped.into_iter().find(|file| is_sung(file));
            view.edits.settle(|setup| setup.lyrics = sung);
        }
        Some(Use::Board) => view.edits.settle(|setup| {
            dropped
                .into_iter()
                .for_each(|file| add(&mut setup.moodboard, file));
        }),
        Some(Use::Music) => {
            for picture in dropped {
                view.project.music.begin(&view.project.live, picture);
            }
        }
    }
}

/// Says of files that nothing can be made of them; a piece of its own that comes back is none.
fn refuse(view: &View, dropped: &[PathBuf]) {
    let piece = view.project.music.piece();
    let other = |file: &&PathBuf| piece != Piece::Done((*file).clone());
    if let Some(file) = dropped.iter().find(other) {
        let sentence = format!("{} is neither a picture nor a file of lyrics", name(file));
        view.project.live.report(sentence);
    }
}

fn paint(ui: &Ui, rect: Rect, what: Use, lit: bool) {
    let rect = rect.shrink(10.0);
    let painter = ui.painter();
    let ground = theme::faded(theme::GROUND, 0.86);
    painter.rect_filled(rect, theme::ROUND, ground);
    let colour = if lit { theme::HAND } else { theme::LINE };
    let stroke = Stroke::new(1.5, colour);
    painter.rect_stroke(rect, theme::ROUND, stroke, StrokeKind::Inside);
    let (word, sentence) = match what {
        Use::Lyrics => ("Lyrics", "What is sung, in time with the song"),
        Use::Board => ("Mood board", "The song walks among these pictures"),
        Use::Music => ("Music", "A MIDI file with the picture's mood"),
    };
    let inside = rect.shrink(8.0);
    let text = if lit { theme::TEXT } else { theme::LABEL };
    let [above, below] = [-11.0, 11.0].map(|y| inside.translate(vec2(0.0, y)));
    theme::line(
        painter,
        above,
        Align2::CENTER_CENTER,
        word,
        semi_bold(17.0),
        text,
    );
    let middle = Align2::CENTER_CENTER;
    theme::line(painter, below, middle, sentence, font(12.0), theme::LABEL);
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::pos2;

    #[test]
    fn files_go_where_they_are_dropped_and_lyrics_wherever_that_is() {
        let preview = Rect::from_min_size(pos2(10.0, 10.0), vec2(200.0, 100.0));
        let [left, right, beside] = [[50.0, 50.0], [180.0, 50.0], [400.0, 300.0]].map(Pos2::from);
        let used = |files: &[&str], at: Pos2| {
            let files: Vec<_> = files.iter().map(PathBuf::from).collect();
            use_at(&places(preview, &files), Some(at))
        };
        assert_eq!(used(&["sea.jpg"], left), Some(Use::Board));
        assert_eq!(used(&["sea.jpg"], right), Some(Use::Music));
        assert_eq!(used(&["sea.jpg"], beside), Some(Use::Board));
        assert_eq!(used(&["sea.jpg", "sky.png"], right), Some(Use::Board));
        assert_eq!(used(&["song.LRC"], right), Some(Use::Lyrics));
        assert_eq!(used(&["sea.jpg", "song.srt"], left), Some(Use::Lyrics));
        assert_eq!(used(&[], left), None);
        assert_eq!(used(&["song.mp3"], left), None);
    }
}
