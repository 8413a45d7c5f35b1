//! Sets text: fonts, directions, lines.

use std::collections::BTreeSet;
use std::sync::Arc;

use parley::fontique::Blob;
use parley::{
    Alignment, AlignmentOptions, FontContext, Layout, LayoutContext, LineHeight, OverflowWrap,
    PositionedLayoutItem, StyleProperty,
};
use skrifa::instance::{LocationRef, NormalizedCoord, Size};
use skrifa::outline::DrawSettings;
use skrifa::{FontRef, GlyphId, MetadataProvider};

use super::mask::{Drawing, Mask};

/// The font that comes with the program.
static FONT: &[u8] = include_bytes!("../../../../../plugin-assets/fonts/Inter-SemiBold.otf");

/// Its family.
const FAMILY: &str = "Inter, sans-serif";

/// Height of a line, in sizes of its letters.
const LINE: f32 = 1.2;

/// Letters are not made smaller than this, pixels: what has no room even then is cut.
const SMALLEST: f32 = 4.0;

/// How often letters are made smaller, and lines are made more even.
const TRIES: usize = 8;
const EVENINGS: usize = 6;

/// Rows that a line is broken into before its letters become smaller.
const ROWS: usize = 3;

/// Sets text in the fonts that there are.
pub struct Typesetter {
    fonts: FontContext,
    layouts: LayoutContext<()>,
}

impl Typesetter {
    /// Looks for fonts.
    pub fn new() -> Self {
        let mut fonts = FontContext::new();
        fonts
            .collection
            .register_fonts(Blob::new(Arc::new(FONT)), None);
        Self {
            fonts,
            layouts: LayoutContext::new(),
        }
    }

    /// The mask of `text` in lines of `line` pixels height, or of less where it does not fit into
    /// `room`, pixels across and down.
    pub fn set(&mut self, text: &str, line: f32, room: [f32; 2]) -> Mask {
        let (layout, line) = self.fitted(text, line, room);
        let whole = text.len().max(1) as f32;
        let body = [
            layout.width().min(room[0]).ceil(),
            layout.height().min(room[1]).ceil(),
        ];
        let mut drawing = Drawing::new(body, line);
        let left = layout
            .lines()
            .map(|line| line.metrics().offset)
            .fold(f32::INFINITY, f32::min);
        let left = if left.is_finite() { left } else { 0.0 };
        for row in layout.lines() {
            let metrics = row.metrics();
            drawing.begin_row(metrics.block_min_coord, metrics.block_max_coord);
            for item in row.items() {
                let PositionedLayoutItem::GlyphRun(glyphs) = item else {
                    continue;
                };
                let run = glyphs.run();
                let font = FontRef::from_index(run.font().data.as_ref(), run.font().index).ok();
                let outlines = font.map(|font| font.outline_glyphs());
                let coords = run.normalized_coords().iter();
                let coords: Vec<NormalizedCoord> = coords
                    .map(|at| NormalizedCoord::from_bits(at.to_bits()))
                    .collect();
                let location = LocationRef::new(&coords);
                let settings = || DrawSettings::unhinted(Size::new(run.font_size()), location);
                let mut x = glyphs.offset() - left;
                for cluster in run.visual_clusters() {
                    let range = cluster.text_range();
                    let mut share = [range.start, range.end].map(|at| at as f32 / whole);
                    if cluster.is_rtl() {
                        share.reverse();
                    }
                    drawing.tell([x, x + cluster.advance()], share);
                    let mut pen = x;
                    for glyph in cluster.glyphs() {
                        let origin = [pen + glyph.x, glyphs.baseline() + glyph.y];
                        pen += glyph.advance;
                        let id = GlyphId::new(glyph.id);
                        // A font's sign for what it lacks is no letter.
                        if glyph.id == 0 {
                            continue;
                        }
                        if let Some(outline) = outlines.as_ref().and_then(|all| all.get(id)) {
                            // One that cannot be drawn is not seen.
                            let _ = outline.draw(settings(), &mut drawing.pen(origin));
                        }
                    }
                    x += cluster.advance();
                }
            }
        }
        drawing.finish()
    }

    /// The text in lines that fit, about equally long, and their height.
    fn fitted(&mut self, text: &str, line: f32, room: [f32; 2]) -> (Layout<()>, f32) {
        let mut line = line.max(SMALLEST);
        let mut tries = 0;
        loop {
            let mut layout = self.layout(text, line / LINE);
            layout.break_all_lines(Some(room[0]));
            let rows = layout.len().max(1);
            let wanted = text.lines().count().max(ROWS);
            let over = (layout.width() / room[0])
                .max(layout.height() / room[1])
                .max((rows as f32 / wanted as f32).sqrt());
            tries += 1;
            if over > 1.001 && line > SMALLEST && tries < TRIES {
                line = (line / over.clamp(1.05, 2.0)).max(SMALLEST);
                continue;
            }
            // The narrowest measure that needs no more rows.
            let (mut narrow, mut wide) = (layout.width() / rows as f32, room[0]);
            for _ in 0..EVENINGS {
                let between = 0.5 * (narrow + wide);
                layout.break_all_lines(Some(between));
                if layout.len() > rows || layout.width() > between {
                    narrow = between;
                } else {
                    wide = between;
                }
            }
            layout.break_all_lines(Some(wide));
            layout.align(Alignment::Center, AlignmentOptions::default());
            return (layout, line);
        }
    }

    fn layout(&mut self, text: &str, size: f32) -> Layout<()> {
        let mut builder = self
            .layouts
            .ranged_builder(&mut self.fonts, text, 1.0, false);
        builder.push_default(StyleProperty::FontFamily(FAMILY.into()));
        builder.push_default(StyleProperty::FontWeight(parley::FontWeight::SEMI_BOLD));
        builder.push_default(StyleProperty::FontSize(size));
        builder.push_default(StyleProperty::LineHeight(LineHeight::FontSizeRelative(
            LINE,
        )));
        builder.push_default(StyleProperty::OverflowWrap(OverflowWrap::Anywhere));
        builder.build(text)
    }

    /// Adds the characters of `text` that no font here can draw.
    pub fn missing(&mut self, text: &str, missing: &mut BTreeSet<char>) {
        let mut layout = self.layout(text, 16.0);
        layout.break_all_lines(None);
        for row in layout.lines() {
            for run in row.runs() {
                let font = FontRef::from_index(run.font().data.as_ref(), run.font().index).ok();
                let outlines = font.map(|font| font.outline_glyphs());
                for cluster in run.clusters() {
                    let drawn = |id: u32| {
                        let all = outlines.as_ref();
                        id != 0 && all.is_some_and(|all| all.get(GlyphId::new(id)).is_some())
                    };
                    let mut glyphs = cluster.glyphs();
                    let characters = text.get(cluster.text_range()).unwrap_or_default();
                    if !glyphs.all(|glyph| drawn(glyph.id)) {
                        let seen = |c: &char| !c.is_whitespace() && !c.is_control();
                        missing.extend(characters.chars().filter(seen));
                    }
                }
            }
        }
    }
}
