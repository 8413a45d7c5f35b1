//! The music that a picture was made into.

use super::files::{self, name};
use super::slider;
use super::spoken;
use super::theme;
use super::view::View;
use crate::plugin::{Piece, TAKES};
use egui::{CursorIcon, Rect, Role, Sense, Ui};

/// Shows it in `rect`: a picture's path is typed, how far its music is, and where that is.
pub fn show(view: &mut View, ui: &mut Ui, rect: Rect) {
    let label = "Music";
    match view.project.music.piece() {
        Piece::None => {
            let hint = "Music with the mood of a picture, as a MIDI file: drop a picture onto the right half of the preview, or \
                        click to type its path.";
            if let Some(Some(path)) = files::path(ui, rect, label, "of a picture", None, hint) {
                view.project.music.begin(&view.project.live, path);
            }
        }
        Piece::InTheMaking(made) => {
            let response = ui.interact(rect, ui.scope_id().with("making"), Sense::hover());
            let value = format!("take {} of {TAKES}", (made + 1).min(TAKES));
            response.widget_info(|| spoken::with_value(Role::ProgressIndicator, label, &value));
            slider::row(ui, rect, &response);
            let share = made as f32 / TAKES as f32;
            let done = rect.with_max_x(rect.left() + share * rect.width());
            let base = done.with_min_y(done.bottom() - 3.0);
            ui.painter().rect_filled(base, 0, theme::HEARD);
            slider::labels(ui, rect, label, &value, response.hovered());
            response.on_hover_text(
                "Takes are made, and the one is kept that sounds most like the picture.",
            );
        }
        Piece::Done(path) => {
            let response = ui.interact(rect, ui.scope_id().with("piece"), Sense::click_and_drag());
            let value = name(&path);
            response.widget_info(|| spoken::with_value(Role::Button, label, &value));
            slider::row(ui, rect, &response);
            slider::labels(ui, rect, label, &value, true);
            if response.clicked() {
                ui.ctx().copy_text(path.display().to_string());
            }
            let hint = "A click copies its place; the next picture makes the next one.";
            #[cfg(all(unix, not(target_os = "macos")))]
            let hint = {
                if response.drag_started() {
                    view.drag_out(path.clone());
                }
                format!("Drag it into a track. {hint}")
            };
            let hint = format!("{}\n\n{hint}", path.display());
            response
                .on_hover_text(hint)
                .on_hover_cursor(CursorIcon::Grab);
        }
    }
}
