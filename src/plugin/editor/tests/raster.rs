//! Draws what the editor draws into memory, as a card would, without one.

use egui::epaint::{Primitive, Vertex};
use egui::{ClippedPrimitive, Color32, ColorImage, ImageData, Rect, TextureId, TexturesDelta};
use egui_kittest::TestRenderer;
use image::{Rgb, RgbImage};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;

/// The textures that a context has loaded: its letters and the preview.
#[derive(Clone, Default)]
pub struct Textures(Arc<Mutex<HashMap<TextureId, ColorImage>>>);

impl TestRenderer for Textures {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        let mut textures = self.0.lock();
        for (id, deltas) in delta.set.drain() {
            for delta in deltas {
                let ImageData::Color(new) = delta.image;
                match (delta.pos, textures.get_mut(&id)) {
                    (Some([left, top]), Some(texture)) => {
                        for y in 0..new.height() {
                            for x in 0..new.width() {
                                texture[(left + x, top + y)] = new[(x, y)];
                            }
                        }
                    }
                    _ => {
                        textures.insert(id, Arc::unwrap_or_clone(new));
                    }
                }
            }
        }
        delta.free.drain().for_each(|id| {
            textures.remove(&id);
        });
    }
}

impl Textures {
    /// A picture of `part`, pixels, of what is drawn, a point being `point` pixels.
    pub fn draw(&self, drawn: &[ClippedPrimitive], part: Rect, point: f32) -> RgbImage {
        let textures = self.0.lock();
        let mut picture = RgbImage::new(part.width() as u32, part.height() as u32);
        for shape in drawn {
            let Primitive::Mesh(mesh) = &shape.primitive else {
                panic!("only meshes can be drawn");
            };
            let clip = (shape.clip_rect * point).round().intersect(part);
            let clip = clip.translate(-part.min.to_vec2());
            let texture = &textures[&mesh.texture_id];
            for corners in mesh.indices.chunks_exact(3) {
                let corners = [0, 1, 2].map(|i| {
                    let corner = mesh.vertices[corners[i] as usize];
                    let pos = corner.pos * point - part.min.to_vec2();
                    Vertex { pos, ..corner }
                });
                draw_triangle(&mut picture, corners, texture, clip);
            }
        }
        picture
    }
}

/// Blends a triangle over the picture. A pixel whose middle is on an edge belongs to one of the two
/// triangles at it.
fn draw_triangle(
    picture: &mut RgbImage,
    mut corners: [Vertex; 3],
    texture: &ColorImage,
    clip: Rect,
) {
    let place = |corner: &Vertex| [f64::from(corner.pos.x), f64::from(corner.pos.y)];
    if area(corners.each_ref().map(place)) < 0.0 {
        corners.swap(1, 2);
    }
    let places = corners.each_ref().map(place);
    let whole = area(places);
    let sides = Rect::from_points(&corners.map(|corner| corner.pos)).intersect(clip);
    if whole == 0.0 || !sides.is_positive() {
        return;
    }
    let one = [1, 2]
        .iter()
        .all(|i| (corners[*i].uv, corners[*i].color) == (corners[0].uv, corners[0].color));
    let one = one.then(|| colour(&corners, [1.0, 0.0, 0.0], texture));
    for y in sides.min.y.floor() as u32..sides.max.y.ceil() as u32 {
        for x in sides.min.x.floor() as u32..sides.max.x.ceil() as u32 {
            let middle = [f64::from(x) + 0.5, f64::from(y) + 0.5];
            if let Some(shares) = shares(places, middle) {
                let shares = shares.map(|share| (share / whole) as f32);
                let colour = one.unwrap_or_else(|| colour(&corners, shares, texture));
                blend(picture.get_pixel_mut(x, y), colour);
            }
        }
    }
}

/// Twice the area of a triangle; below 0 where it is walked round to the left.
fn area([a, b, c]: [[f64; 2]; 3]) -> f64 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

/// How near a place is to each corner of a triangle that it is in, in twice the area.
fn shares(corners: [[f64; 2]; 3], place: [f64; 2]) -> Option<[f64; 3]> {
    let mut shares = [0.0; 3];
    for (i, share) in shares.iter_mut().enumerate() {
        let (from, to) = (corners[(i + 1) % 3], corners[(i + 2) % 3]);
        *share = area([from, to, place]);
        let top_or_left = to[1] < from[1] || (to[1] == from[1] && to[0] > from[0]);
        if *share < 0.0 || (*share == 0.0 && !top_or_left) {
            return None;
        }
    }
    Some(shares)
}

/// The colour of a place within a triangle, 0 to 255, premultiplied.
fn colour(corners: &[Vertex; 3], shares: [f32; 3], texture: &ColorImage) -> [f32; 4] {
    let mixed = |value: &dyn Fn(&Vertex) -> f32| -> f32 {
        corners
            .iter()
            .zip(shares)
            .map(|(c, share)| share * value(c))
            .sum()
    };
    let texel = sample(texture, mixed(&|c| c.uv.x), mixed(&|c| c.uv.y));
    let own = |i: usize| mixed(&|corner| f32::from(corner.color.to_array()[i]));
    [0, 1, 2, 3].map(|i| own(i) * texel[i] / 255.0)
}

/// A texture's colour between its pixels, 0 to 255.
fn sample(texture: &ColorImage, u: f32, v: f32) -> [f32; 4] {
    let along = |share: f32, pixels: usize| {
        let last = pixels as f32 - 1.0;
        let place = (share * pixels as f32 - 0.5).clamp(0.0, last);
        let low = place.floor();
        (low as usize, (low + 1.0).min(last) as usize, place - low)
    };
    let (left, right, across) = along(u, texture.width());
    let (top, bottom, down) = along(v, texture.height());
    let mix = |a: Color32, b: Color32, share: f32, i: usize| {
        f32::from(a.to_array()[i]) * (1.0 - share) + f32::from(b.to_array()[i]) * share
    };
    [0, 1, 2, 3].map(|i| {
        let above = mix(texture[(left, top)], texture[(right, top)], across, i);
        let below = mix(texture[(left, bottom)], texture[(right, bottom)], across, i);
        above * (1.0 - down) + below * down
    })
}

/// Lays a premultiplied colour over a pixel, in gamma space, as egui's colours are meant.
fn blend(Rgb(pixel): &mut Rgb<u8>, [red, green, blue, alpha]: [f32; 4]) {
    for (old, new) in pixel.iter_mut().zip([red, green, blue]) {
        let under = f32::from(*old) * (1.0 - alpha / 255.0);
        *old = (under + new).round().clamp(0.0, 255.0) as u8;
    }
}
