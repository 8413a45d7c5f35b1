//! The file of what is sung.

use super::slider;
use super::spoken;
use super::view::View;
use egui::{Rect, Role, Sense, Ui};
use std::path::{Path, PathBuf};

/// Shows it in `rect`: its name, or its path where that is being typed.
pub fn show(view: &mut View, ui: &mut Ui, rect: Rect) {
    let id = ui.scope_id().with("lyrics");
    let path = view.project.live.setup().lyrics;
    if ui.data(|data| data.get_temp::<String>(id)).is_some() {
        let (_, text) = slider::field(ui, rect, id, "Lyrics");
        if let Some(text) = text {
            // As a file manager copies it.
            let typed = text.trim().trim_matches(['"', '\'']);
            let typed = typed.strip_prefix("file://").unwrap_or(typed);
            let typed = (!typed.is_empty()).then(|| PathBuf::from(typed));
            view.edits.settle(|setup| setup.lyrics = typed);
        }
        return;
    }
    let response = ui.interact(rect, id, Sense::click());
    let name = path.as_deref().and_then(Path::file_name);
    let text = name.map_or("none".into(), |name| name.to_string_lossy());
    response.widget_info(|| spoken::with_value(Role::Button, "Lyrics", &text));
    slider::row(ui, rect, &response);
    slider::labels(ui, rect, "Lyrics", &text, response.hovered());
    if response.clicked() || response.secondary_clicked() {
        let whole = path.map_or_else(String::new, |path| path.to_string_lossy().into_owned());
        ui.data_mut(|data| data.insert_temp(id, whole));
    }
    response
        .on_hover_text("The file of what is sung (LRC, SRT, WebVTT); click to type its path.")
        .on_hover_cursor(egui::CursorIcon::Text);
}
