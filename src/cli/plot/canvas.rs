//! A sheet to draw on: lines, areas and type, anti-aliased, without a window or a GPU.

use ab_glyph::{Font, FontRef, Glyph, PxScale, ScaleFont, point};
use tiny_skia::{
    Color, FillRule, GradientStop, LineCap, LineJoin, LinearGradient, Paint, Path, PathBuilder,
    Pixmap, Point, PremultipliedColorU8, Rect, Shader, SpreadMode, Stroke, Transform,
};

use super::error::PlotError;
use crate::render::Pixels;

static REGULAR: &[u8] = include_bytes!("../../../plugin-assets/fonts/Inter-Regular.otf");
static BOLD: &[u8] = include_bytes!("../../../plugin-assets/fonts/Inter-SemiBold.otf");

/// A colour, sRGB-encoded, with its opacity from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ink {
    rgb: [u8; 3],
    opacity: f32,
}

impl Ink {
    /// An opaque colour from `0xRRGGBB`.
    pub const fn hex(rgb: u32) -> Self {
        let [_, r, g, b] = rgb.to_be_bytes();
        Self {
            rgb: [r, g, b],
            opacity: 1.0,
        }
    }

    /// The same colour, this opaque.
    pub const fn at(self, opacity: f32) -> Self {
        Self { opacity, ..self }
    }

    /// The colour at `x` (0 to 1) of a scale of evenly spaced inks.
    pub fn along(scale: &[Ink], x: f32) -> Ink {
        let place = x.clamp(0.0, 1.0) * (scale.len() - 1) as f32;
        let left = (place as usize).min(scale.len().saturating_sub(2));
        let right = (left + 1).min(scale.len() - 1);
        let share = place - left as f32;
        let mix = |a: u8, b: u8| (f32::from(a) + (f32::from(b) - f32::from(a)) * share) as u8;
        let [a, b] = [scale[left].rgb, scale[right].rgb];
        Ink {
            rgb: [mix(a[0], b[0]), mix(a[1], b[1]), mix(a[2], b[2])],
            opacity: 1.0,
        }
    }

    fn color(self) -> Color {
        let [r, g, b] = self.rgb;
        Color::from_rgba8(
            r,
            g,
            b,
            (self.opacity.clamp(0.0, 1.0) * 255.0).round() as u8,
        )
    }

    fn paint(self) -> Paint<'static> {
        Paint {
            shader: Shader::SolidColor(self.color()),
            anti_alias: true,
            ..Paint::default()
        }
    }
}

/// A rectangle in pixels from the top left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    pub left: f32,
    pub top: f32,
    pub width: f32,
    pub height: f32,
}

impl Area {
    pub fn right(&self) -> f32 {
        self.left + self.width
    }

    pub fn bottom(&self) -> f32 {
        self.top + self.height
    }
}

/// Weight of the type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    Regular,
    Bold,
}

/// Which point of a text is put at the given place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    Left,
    Centre,
    Right,
}

/// How a text looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Type {
    /// Size of the em, pixels.
    pub size: f32,
    pub weight: Weight,
    pub align: Align,
    pub ink: Ink,
}

/// The sheet.
pub struct Canvas {
    pixmap: Pixmap,
    regular: FontRef<'static>,
    bold: FontRef<'static>,
}

impl Canvas {
    /// An empty sheet of `width` by `height` pixels.
    ///
    /// # Errors
    /// When the sheet does not fit in memory or the built-in type cannot be read.
    pub fn new(width: u32, height: u32, ground: Ink) -> Result<Self, PlotError> {
        let mut pixmap = Pixmap::new(width, height).ok_or(PlotError::Canvas)?;
        pixmap.fill(ground.color());
        let font = |bytes| FontRef::try_from_slice(bytes).map_err(|_| PlotError::Type);
        Ok(Self {
            pixmap,
            regular: font(REGULAR)?,
            bold: font(BOLD)?,
        })
    }

    /// The finished picture.
    pub fn into_picture(self) -> Pixels {
        Pixels {
            width: self.pixmap.width() as usize,
            height: self.pixmap.height() as usize,
            rgba: self.pixmap.take_demultiplied(),
        }
    }

    fn fill(&mut self, path: Option<Path>, paint: &Paint) {
        if let Some(path) = path {
            self.pixmap
                .fill_path(&path, paint, FillRule::Winding, Transform::identity(), None);
        }
    }

    /// A filled rectangle.
    pub fn rectangle(&mut self, area: Area, ink: Ink) {
        if let Some(rect) = Rect::from_xywh(area.left, area.top, area.width, area.height) {
            self.pixmap
                .fill_rect(rect, &ink.paint(), Transform::identity(), None);
        }
    }

    /// A filled rectangle with round corners.
    pub fn card(&mut self, area: Area, radius: f32, ink: Ink) {
        let (l, t, r, b) = (area.left, area.top, area.right(), area.bottom());
        let c = radius.min(area.width / 2.0).min(area.height / 2.0);
        let mut path = PathBuilder::new();
        path.move_to(l + c, t);
        path.line_to(r - c, t);
        path.quad_to(r, t, r, t + c);
        path.line_to(r, b - c);
        path.quad_to(r, b, r - c, b);
        path.line_to(l + c, b);
        path.quad_to(l, b, l, b - c);
        path.line_to(l, t + c);
        path.quad_to(l, t, l + c, t);
        path.close();
        self.fill(path.finish(), &ink.paint());
    }

    /// A filled circle.
    pub fn dot(&mut self, x: f32, y: f32, radius: f32, ink: Ink) {
        self.fill(PathBuilder::from_circle(x, y, radius), &ink.paint());
    }

    /// A circle's outline.
    pub fn ring(&mut self, x: f32, y: f32, radius: f32, width: f32, ink: Ink) {
        self.stroke(PathBuilder::from_circle(x, y, radius), width, ink);
    }

    fn stroke(&mut self, path: Option<Path>, width: f32, ink: Ink) {
        let stroke = Stroke {
            width,
            line_cap: LineCap::Round,
            line_join: LineJoin::Round,
            ..Stroke::default()
        };
        if let Some(path) = path {
            self.pixmap
                .stroke_path(&path, &ink.paint(), &stroke, Transform::identity(), None);
        }
    }

    /// A straight line.
    pub fn line(&mut self, from: (f32, f32), to: (f32, f32), width: f32, ink: Ink) {
        self.polyline(&[from, to], width, ink);
    }

    /// A line through `points`.
    pub fn polyline(&mut self, points: &[(f32, f32)], width: f32, ink: Ink) {
        self.stroke(outline(points, false), width, ink);
    }

    /// A filled polygon.
    pub fn polygon(&mut self, points: &[(f32, f32)], ink: Ink) {
        self.fill(outline(points, true), &ink.paint());
    }

    /// A polygon filled from `above` at height `top` to `below` at height `bottom`.
    pub fn shaded_polygon(
        &mut self,
        points: &[(f32, f32)],
        (top, above): (f32, Ink),
        (bottom, below): (f32, Ink),
    ) {
        let stops = vec![
            GradientStop::new(0.0, above.color()),
            GradientStop::new(1.0, below.color()),
        ];
        let shader = LinearGradient::new(
            Point::from_xy(0.0, top),
            Point::from_xy(0.0, bottom),
            stops,
            SpreadMode::Pad,
            Transform::identity(),
        );
        let paint = Paint {
            shader: shader.unwrap_or(Shader::SolidColor(above.color())),
            anti_alias: true,
            ..Paint::default()
        };
        self.fill(outline(points, true), &paint);
    }

    /// Writes `text` with its baseline at `y`; gives its width in pixels.
    pub fn text(&mut self, x: f32, y: f32, text: &str, look: Type) -> f32 {
        let (glyphs, width) = self.set(text, look);
        let left = match look.align {
            Align::Left => x,
            Align::Centre => x - width / 2.0,
            Align::Right => x - width,
        };
        let font = match look.weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        };
        let (columns, rows) = (self.pixmap.width() as i32, self.pixmap.height() as i32);
        let pixels = self.pixmap.pixels_mut();
        for mut glyph in glyphs {
            glyph.position.x += left;
            glyph.position.y += y;
            let Some(shape) = font.outline_glyph(glyph) else {
                continue; // a space
            };
            let corner = shape.px_bounds().min;
            shape.draw(|dx, dy, coverage| {
                let (px, py) = (corner.x as i32 + dx as i32, corner.y as i32 + dy as i32);
                if (0..columns).contains(&px) && (0..rows).contains(&py) {
                    let pixel = &mut pixels[(py * columns + px) as usize];
                    *pixel = over(*pixel, look.ink, coverage);
                }
            });
        }
        width
    }

    /// Width of `text` in pixels.
    pub fn width_of(&self, text: &str, look: Type) -> f32 {
        self.set(text, look).1
    }

    /// `text`, or as much of its beginning as fits `width` with an ellipsis.
    pub fn shortened(&self, text: &str, look: Type, width: f32) -> String {
        if self.width_of(text, look) <= width {
            return text.to_owned();
        }
        // Widths grow with every character, so the longest that fits can be searched for.
        let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let cut = |end: usize| format!("{}…", text[..end].trim_end());
        let fitting = ends.partition_point(|&end| self.width_of(&cut(end), look) <= width);
        cut(ends[fitting.saturating_sub(1)])
    }

    /// Glyphs of `text` along a baseline at the origin, and the text's width.
    fn set(&self, text: &str, look: Type) -> (Vec<Glyph>, f32) {
        let font = match look.weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        };
        // The font's scale is the distance from descent to ascent; ours is the em.
        let em = font.units_per_em().unwrap_or(1000.0);
        let scale = PxScale::from(look.size * font.height_unscaled() / em);
        let scaled = font.as_scaled(scale);
        let mut x = 0.0;
        let mut previous = None;
        let mut glyphs = Vec::with_capacity(text.len());
        for character in text.chars().filter(|character| !character.is_control()) {
            let id = font.glyph_id(character);
            if let Some(previous) = previous {
                x += scaled.kern(previous, id);
            }
            glyphs.push(id.with_scale_and_position(scale, point(x, 0.0)));
            x += scaled.h_advance(id);
            previous = Some(id);
        }
        (glyphs, x)
    }
}

fn outline(points: &[(f32, f32)], closed: bool) -> Option<Path> {
    let mut path = PathBuilder::new();
    for (index, &(x, y)) in points.iter().enumerate() {
        if index == 0 {
            path.move_to(x, y);
        } else {
            path.line_to(x, y);
        }
    }
    if closed {
        path.close();
    }
    path.finish()
}

/// `ink` laid over an opaque pixel with the given coverage.
fn over(pixel: PremultipliedColorU8, ink: Ink, coverage: f32) -> PremultipliedColorU8 {
    let cover = (coverage * ink.opacity).clamp(0.0, 1.0);
    let mix = |below: u8, above: u8| {
        (f32::from(below) + (f32::from(above) - f32::from(below)) * cover).round() as u8
    };
    PremultipliedColorU8::from_rgba(
        mix(pixel.red(), ink.rgb[0]),
        mix(pixel.green(), ink.rgb[1]),
        mix(pixel.blue(), ink.rgb[2]),
        255,
    )
    .unwrap_or(pixel)
}
