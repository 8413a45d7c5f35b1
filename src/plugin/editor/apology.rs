//! What is seen of an editor that failed.

use super::theme;
use egui::{Align, Layout, RichText, Ui};

/// Says that it failed, and offers another; whether that was asked for now.
pub fn show(ui: &mut Ui) -> bool {
    ui.painter().rect_filled(ui.max_rect(), 0, theme::GROUND);
    ui.with_layout(Layout::top_down(Align::Center), |ui| {
        ui.add_space(0.36 * ui.available_height());
        let head = "The editor stumbled";
        ui.label(RichText::new(head).font(theme::semi_bold(18.0)));
        let text = "The music and the picture go on.";
        ui.label(RichText::new(text).color(theme::LABEL));
        ui.add_space(theme::MARGIN);
        ui.button("Reload").clicked()
    })
    .inner
}
