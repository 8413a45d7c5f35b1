//! The picture as it is shown now.

use super::spoken;
use super::theme::{self, font};
use crate::render::Picture;
use egui::{
    Align2, Color32, ColorImage, Rect, Response, Role, Sense, TextureHandle, TextureOptions, Ui,
    pos2, vec2,
};
use std::sync::Arc;

/// The newest picture as a texture.
#[derive(Default)]
pub struct Preview {
    texture: Option<TextureHandle>,
    number: Option<u64>,
}

impl Preview {
    /// Takes in a picture that was not shown yet.
    fn take(&mut self, ui: &Ui, picture: &Picture, number: u64) {
        if self.number == Some(number) {
            return;
        }
        picture.fetch();
        let Some(pixels) = picture.fetched().filter(|pixels| pixels.is_whole()) else {
            return;
        };
        self.number = Some(number);
        let image = ColorImage::from_rgba_premultiplied(picture.size(), &pixels.rgba);
        match &mut self.texture {
            Some(texture) => texture.set(image, TextureOptions::LINEAR),
            None => {
                let options = TextureOptions::LINEAR;
                self.texture = Some(ui.ctx().load_texture("preview", image, options));
            }
        }
    }

    /// Shows in `rect` the picture that is `shown`, with its number.
    pub fn show(&mut self, ui: &Ui, rect: Rect, shown: Option<&(Arc<Picture>, u64)>) -> Response {
        let painter = ui.painter();
        painter.rect_filled(rect, theme::ROUND, theme::WELL);
        if let Some((picture, number)) = shown {
            self.take(ui, picture, *number);
        }
        // Not for the keyboard: what a double click does, the output's menu does too.
        let response = ui.interact(rect, ui.scope_id().with("preview"), Sense::CLICK);
        spoken::name(&response, Role::Image, "Preview");
        if let Some(texture) = &self.texture {
            let size = texture.size();
            let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
            painter.image(texture.id(), fitted(rect, size), whole, Color32::WHITE);
        } else {
            let text = "The first picture is being painted";
            theme::line(
                painter,
                rect,
                Align2::CENTER_CENTER,
                text,
                font(13.0),
                theme::FAINT,
            );
        }
        response
    }
}

/// The largest rectangle of that aspect in the middle of `within`.
fn fitted(within: Rect, size: [usize; 2]) -> Rect {
    let size = vec2(size[0].max(1) as f32, size[1].max(1) as f32);
    let scale = (within.width() / size.x).min(within.height() / size.y);
    Rect::from_center_size(within.center(), scale.max(0.0) * size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_keeps_its_aspect_and_stays_inside() {
        let well = Rect::from_min_size(pos2(10.0, 20.0), vec2(640.0, 480.0));
        for size in [[640, 360], [720, 720], [720, 1280], [1, 1]] {
            let place = fitted(well, size);
            let aspect = size[0] as f32 / size[1] as f32;
            assert!((place.width() / place.height() - aspect).abs() < 1e-3);
            assert!(well.expand(0.01).contains_rect(place));
        }
    }
}
