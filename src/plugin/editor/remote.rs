//! The page for phones: where it is, its code, and both for a camera.

use super::button::Button;
use super::menu;
use super::theme::{self, font, semi_bold};
use super::view::View;
use crate::live::Remote;
use crate::remote::Qr;
use egui::{Color32, Rect, RichText, Sense, Ui, vec2};

/// A module of the QR code, points.
const MODULE: f32 = 5.0;

const WIDTH: f32 = 230.0;

/// Shows its button in `rect`, where the page is served.
pub fn show(view: &View, ui: &Ui, rect: Rect) {
    let Some(remote) = view.project.live.remote() else {
        return;
    };
    let phones = remote.phones();
    let hint = match phones {
        0 => "The page from which phones play.".to_owned(),
        1 => "The page from which phones play: one is here.".to_owned(),
        more => format!("The page from which phones play: {more} are here."),
    };
    let response = Button::word("Remote")
        .lit(phones > 0, theme::HAND)
        .show(ui, rect, "Remote", &hint);
    menu::show(&response, WIDTH, |ui| told(ui, &remote));
}

fn told(ui: &mut Ui, remote: &Remote) {
    ui.vertical_centered(|ui| {
        if let Some(qr) = remote.link().as_deref().and_then(Qr::new) {
            paint(ui, &qr);
        }
        let code = RichText::new(remote.code()).font(semi_bold(26.0));
        ui.label(code.color(theme::TEXT));
        for address in remote.addresses() {
            let address = RichText::new(address).font(font(12.0));
            ui.label(address.color(theme::LABEL));
        }
    });
}

fn paint(ui: &mut Ui, qr: &Qr) {
    let side = qr.side() as f32 * MODULE;
    let (all, _) = ui.allocate_exact_size(vec2(side, side), Sense::hover());
    ui.painter().rect_filled(all, 0.0, Color32::WHITE);
    for row in 0..qr.side() {
        for column in 0..qr.side() {
            if qr.is_dark(column, row) {
                let at = all.min + vec2(column as f32, row as f32) * MODULE;
                let module = Rect::from_min_size(at, vec2(MODULE, MODULE));
                ui.painter().rect_filled(module, 0.0, Color32::BLACK);
            }
        }
    }
}
