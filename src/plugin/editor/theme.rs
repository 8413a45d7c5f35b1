//! Colours, type and measures of the editor.
//!
//! Two colours carry meaning: what is heard is cool, what the hand sets is warm. Everything else is
//! a quiet dark, so that the picture is the brightest thing in the window.

use egui::epaint::text::{FontData, FontDefinitions};
use egui::{
    Align2, Color32, CornerRadius, FontFamily, FontId, Margin, Painter, Rect, Stroke, vec2,
};
use std::sync::Arc;

/// Behind everything, and behind the picture.
pub const GROUND: Color32 = Color32::from_rgb(0x11, 0x12, 0x15);
pub const WELL: Color32 = Color32::from_rgb(0x08, 0x09, 0x0A);
/// What floats: menus, tooltips, the about box.
pub const RAISED: Color32 = Color32::from_rgb(0x20, 0x22, 0x27);
/// A control at rest, and under the pointer.
pub const CONTROL: Color32 = Color32::from_rgb(0x1C, 0x1E, 0x23);
pub const HOVER: Color32 = Color32::from_rgb(0x27, 0x2A, 0x30);
/// The part of a control that is turned on, at rest and under the pointer.
pub const TURNED: Color32 = Color32::from_rgb(0x2F, 0x2D, 0x2C);
pub const TURNED_HOVER: Color32 = Color32::from_rgb(0x3A, 0x37, 0x34);
/// Hairlines.
pub const LINE: Color32 = Color32::from_rgb(0x2B, 0x2E, 0x35);

/// Text that is read, text that labels, text that decorates.
pub const TEXT: Color32 = Color32::from_rgb(0xEC, 0xE9, 0xE2);
pub const LABEL: Color32 = Color32::from_rgb(0xA4, 0xA6, 0xAC);
pub const FAINT: Color32 = Color32::from_rgb(0x86, 0x89, 0x93);

/// What is heard, what the hand sets.
pub const HEARD: Color32 = Color32::from_rgb(0x76, 0xB8, 0xC4);
pub const HAND: Color32 = Color32::from_rgb(0xE6, 0xA9, 0x5C);
/// Recording, and what went wrong.
pub const RED: Color32 = Color32::from_rgb(0xE8, 0x5D, 0x55);

/// Height of a control, and the gap to the next.
pub const ROW: f32 = 24.0;
pub const GAP: f32 = 4.0;
/// Between groups, and around everything.
pub const MARGIN: f32 = 12.0;
/// Rounding of controls.
pub const ROUND: CornerRadius = CornerRadius::same(4);

const SEMI_BOLD: &str = "Inter semi-bold";

/// The text face.
pub fn font(size: f32) -> FontId {
    FontId::proportional(size)
}

/// The same, heavier, for headings and names.
pub fn semi_bold(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(SEMI_BOLD.into()))
}

/// `colour` with `share` of its light.
/// A tone of a picture, sRGB from 0 to 1.
pub fn tone(tone: [f32; 3]) -> Color32 {
    let [r, g, b] = tone.map(|x| (x.clamp(0.0, 1.0) * 255.0).round() as u8);
    Color32::from_rgb(r, g, b)
}

pub fn faded(colour: Color32, share: f32) -> Color32 {
    colour.gamma_multiply(share.clamp(0.0, 1.0))
}

/// Puts fonts and colours on a context.
pub fn dress(ctx: &egui::Context) {
    let mut fonts = FontDefinitions::empty();
    let faces: [(&str, &'static [u8]); 2] = [
        (
            "Inter",
            include_bytes!("../../../plugin-assets/fonts/Inter-Regular.otf"),
        ),
        (
            SEMI_BOLD,
            include_bytes!("../../../plugin-assets/fonts/Inter-SemiBold.otf"),
        ),
    ];
    for (name, bytes) in faces {
        let face = Arc::new(FontData::from_static(bytes));
        fonts.font_data.insert(name.to_owned(), face);
    }
    let families = [
        (FontFamily::Proportional, "Inter"),
        (FontFamily::Monospace, "Inter"),
        (FontFamily::Name(SEMI_BOLD.into()), SEMI_BOLD),
    ];
    for (family, face) in families {
        fonts.families.insert(family, vec![face.to_owned()]);
    }
    ctx.set_fonts(fonts);
    ctx.set_theme(egui::Theme::Dark);
    ctx.options_mut(|options| options.zoom_with_keyboard = false);
    ctx.all_styles_mut(|style| {
        use egui::TextStyle::{Body, Button, Heading, Monospace, Small};
        style.text_styles = [
            (Small, font(11.0)),
            (Body, font(12.5)),
            (Button, font(12.5)),
            (Monospace, font(12.5)),
            (Heading, semi_bold(18.0)),
        ]
        .into();
        style.interaction.selectable_labels = false;
        style.interaction.tooltip_delay = 0.6;
        style.spacing.item_spacing = vec2(GAP, GAP);
        style.spacing.menu_margin = Margin::same(4);
        style.spacing.tooltip_width = 280.0;
        style.spacing.scroll = egui::style::ScrollStyle::thin();
        let visuals = &mut style.visuals;
        visuals.panel_fill = GROUND;
        visuals.window_fill = RAISED;
        visuals.window_stroke = Stroke::new(1.0, LINE);
        visuals.window_corner_radius = CornerRadius::same(8);
        visuals.menu_corner_radius = CornerRadius::same(6);
        visuals.extreme_bg_color = WELL;
        visuals.selection.bg_fill = faded(HAND, 0.35);
        visuals.selection.stroke = Stroke::new(1.0, HAND);
        visuals.text_cursor.stroke = Stroke::new(1.5, HAND);
        visuals.widgets.noninteractive.fg_stroke.color = TEXT;
        visuals.widgets.noninteractive.bg_stroke.color = LINE;
    });
}

/// Writes one line of text into `rect`, cut short with an ellipsis where it is too long. Answers
/// whether it was cut.
pub fn line(
    painter: &Painter,
    rect: Rect,
    align: Align2,
    text: impl Into<String>,
    font: FontId,
    colour: Color32,
) -> bool {
    let mut job = egui::text::LayoutJob::simple_singleline(text.into(), font, colour);
    job.wrap.max_width = rect.width().max(0.0);
    job.wrap.max_rows = 1;
    job.wrap.break_anywhere = true;
    let galley = painter.layout_job(job);
    let place = align.align_size_within_rect(galley.size(), rect);
    let cut = galley.elided;
    painter.galley(place.min, galley, colour);
    cut
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::Rgba;

    /// How much lighter one colour is than the other (WCAG 2.2, contrast ratio).
    fn contrast(text: Color32, ground: Color32) -> f32 {
        let light = |colour| {
            let [red, green, blue, _] = Rgba::from(colour).to_array();
            0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05
        };
        light(text) / light(ground)
    }

    #[test]
    fn all_text_can_be_read_on_all_it_stands_on() {
        // Text of any size, for whoever sees a little less well (WCAG 2.2, AA).
        const LEAST: f32 = 4.5;
        for text in [TEXT, LABEL, FAINT, HEARD, HAND, RED] {
            for ground in [GROUND, WELL, CONTROL, RAISED] {
                let contrast = contrast(text, ground);
                assert!(contrast >= LEAST, "{text:?} on {ground:?}: {contrast}");
            }
        }
        for ground in [HOVER, TURNED, TURNED_HOVER] {
            assert!(contrast(LABEL, ground) >= LEAST, "{ground:?}");
        }
    }
}
