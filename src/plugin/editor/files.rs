//! The files that the editor goes by: what is sung, and the pictures of the mood board.

use super::button::Button;
use super::icon::Icon;
use super::menu;
use super::slider;
use super::spoken;
use super::theme;
use super::view::View;
use egui::{Id, Rect, Role, Sense, Ui};
use std::path::{Path, PathBuf};

/// A row that shows `value`, and where it is clicked a field in which the path of a file is typed, at first the `present` one.
/// Answers the path once it is complete; an empty one is none.
pub fn path(
    ui: &mut Ui,
    rect: Rect,
    label: &str,
    value: &str,
    present: Option<&Path>,
    hint: &str,
) -> Option<Option<PathBuf>> {
    let id = ui.scope_id().with(label);
    if is_typed(ui, id) {
        return typed(ui, rect, id, label);
    }
    let response = ui.interact(rect, id, Sense::click());
    response.widget_info(|| spoken::with_value(Role::Button, label, value));
    slider::row(ui, rect, &response);
    slider::labels(ui, rect, label, value, response.hovered());
    if response.clicked() || response.secondary_clicked() {
        let whole = present.map_or_else(String::new, |path| path.to_string_lossy().into_owned());
        type_into(ui, id, whole);
    }
    response
        .on_hover_text(hint)
        .on_hover_cursor(egui::CursorIcon::Text);
    None
}

/// Whether a path is being typed there.
fn is_typed(ui: &Ui, id: Id) -> bool {
    ui.data(|data| data.get_temp::<String>(id)).is_some()
}

fn type_into(ui: &Ui, id: Id, text: String) {
    ui.data_mut(|data| data.insert_temp(id, text));
}

fn typed(ui: &mut Ui, rect: Rect, id: Id, label: &str) -> Option<Option<PathBuf>> {
    let (_, text) = slider::field(ui, rect, id, label);
    let text = text?;
    // As a file manager copies it.
    let path = text.trim().trim_matches(['"', '\'']);
    let path = path.strip_prefix("file://").unwrap_or(path);
    Some((!path.is_empty()).then(|| PathBuf::from(path)))
}

/// A file's name as it is shown.
pub fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

/// Shows in `rect` the file of what is sung.
pub fn lyrics(view: &mut View, ui: &mut Ui, rect: Rect) {
    let path = view.project.live.setup().lyrics;
    let value = path.as_deref().map_or("none".into(), name);
    let hint = "The file of what is sung (LRC, SRT, WebVTT): drop it onto the editor, or click to type its path.";
    if let Some(path) = self::path(ui, rect, "Lyrics", &value, path.as_deref(), hint) {
        view.edits.settle(|setup| setup.lyrics = path);
    }
}

/// Shows in `rect` how many pictures are on the mood board; its menu takes them down, and a path can be typed.
pub fn moodboard(view: &mut View, ui: &mut Ui, rect: Rect) {
    let id = ui.scope_id().with("moodboard");
    if is_typed(ui, id) {
        if let Some(Some(path)) = typed(ui, rect, id, "Mood board") {
            view.edits.settle(|setup| add(&mut setup.moodboard, path));
        }
        return;
    }
    let named = view.project.live.setup().moodboard;
    let count = view.board.pictures().count();
    let value = match (count, named.is_empty()) {
        (0, true) => "no pictures".to_owned(),
        (0, false) if view.project.live.is_looking() => "looking".to_owned(),
        (0, false) => "none to be seen".to_owned(),
        (1, _) => "1 picture".to_owned(),
        (count, _) => format!("{count} pictures"),
    };
    let plus = rect.with_min_x(rect.right() - theme::ROW - 4.0);
    let row = rect.with_max_x(plus.left() - theme::GAP);
    let hint = "Pictures among which the song walks by its mood, in their colours: drop them, or a folder of them, onto the \
                editor. The menu takes them down again.";
    let board = std::sync::Arc::clone(&view.board);
    menu::choice(ui, row, "Mood board", &value, hint, |ui| {
        if count == 0 {
            menu::note(ui, "Drop pictures onto the editor");
            return;
        }
        if menu::action(ui, "Take all down") {
            view.edits.settle(|setup| setup.moodboard.clear());
        }
        for (i, picture) in board.pictures().enumerate() {
            let colours = picture.palette.map(theme::tone);
            if menu::item_with_colours(ui, &name(picture.file), false, &colours) {
                let others = board.pictures().enumerate().filter(|(j, _)| *j != i);
                let others = others.map(|(_, other)| other.file.to_path_buf()).collect();
                view.edits.settle(|setup| setup.moodboard = others);
            }
        }
    });
    let hint = "Types the path of a picture, or of a folder of them.";
    if Button::icon(Icon::Plus)
        .show(ui, plus, "Add to the mood board", hint)
        .clicked()
    {
        type_into(ui, id, String::new());
    }
}

/// Adds a path where it is not there yet.
pub fn add(paths: &mut Vec<PathBuf>, path: PathBuf) {
    if !paths.contains(&path) {
        paths.push(path);
    }
}
