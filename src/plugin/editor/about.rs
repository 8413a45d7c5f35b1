//! What it is, and by whom.

use super::icon;
use super::theme::{self, font, semi_bold};
use super::view::View;
use egui::{Id, Modal, RichText, Ui, vec2};

/// Shows the box while it is open.
pub fn show(view: &mut View, ui: &Ui) {
    if !view.about {
        return;
    }
    let api = view.edits.api();
    let modal = Modal::new(Id::unique("about")).show(ui.ctx(), |ui| {
        ui.set_width(360.0);
        ui.vertical_centered(|ui| {
            ui.add_space(14.0);
            let (rect, _) = ui.allocate_exact_size(vec2(56.0, 56.0), egui::Sense::hover());
            icon::mark(ui.painter(), rect.center(), 26.0);
            ui.add_space(6.0);
            ui.label(
                RichText::new("Synopsia")
                    .font(semi_bold(20.0))
                    .color(theme::TEXT),
            );
            ui.label(RichText::new("It listens, feels and paints.").color(theme::LABEL));
            ui.add_space(10.0);
            for text in [
                format!("Version {}, as {api}", env!("CARGO_PKG_VERSION")),
                format!("Licence {}", env!("CARGO_PKG_LICENSE")),
                "Type: Inter, SIL Open Font License 1.1".to_owned(),
            ] {
                ui.label(RichText::new(text).font(font(12.0)).color(theme::TEXT));
            }
            ui.add_space(14.0);
        });
    });
    if modal.should_close() || modal.response.clicked() {
        view.about = false;
    }
}
