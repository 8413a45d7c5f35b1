//! Which brush strokes a picture is painted with.
//!
//! Strokes stand on jittered grids that are fixed in the picture, a coarse, a middle and a fine
//! one (after Hertzmann 1998, but without his greedy placement, which would flicker). The picture
//! moves *through* them: each stroke takes its colour, direction, length and bend from the image
//! under it, all continuous functions, so a slow morph turns and tints the strokes instead of
//! redrawing them.

use super::flow::Flow;
use super::noise::{hash, smoothstep, unit};
use super::source::{Level, Source};
use super::wgsl::shared;

shared! {
/// One stroke, as both renderers draw it. Lengths are in picture widths.
pub struct Stroke {
    /// Middle of the stroke, right and down.
    pub centre: [f32; 2],
    /// Unit vector along the stroke.
    pub axis: [f32; 2],
    /// Half the length.
    pub half_length: f32,
    /// Half the width.
    pub half_width: f32,
    /// The centre line bends away from the axis by `bend * u²`.
    pub bend: f32,
    /// Opacity, 0 to 1.
    pub opacity: f32,
    /// Colour of the middle, sRGB-encoded.
    pub colour: [f32; 3],
    /// Thickness of the paint, 0 to 1.
    pub thickness: f32,
    /// What the colour gains from the middle to the end.
    pub colour_step: [f32; 3],
    /// Which of the layer's [brushes](super::brush) paints it, counted over all layers.
    pub brush: u32,
}
}

impl Stroke {
    /// How far from its middle the stroke may reach, across and down.
    pub fn reach(&self) -> [f32; 2] {
        let [c, s] = self.axis.map(f32::abs);
        let aside = self.half_width + self.bend.abs() * self.half_length * self.half_length;
        [
            c * self.half_length + s * aside,
            s * self.half_length + c * aside,
        ]
    }
}

/// Strokes of one size.
#[derive(Clone, Copy, Debug)]
pub struct Layer {
    /// Strokes across the picture.
    pub across: usize,
    /// Half-length of a stroke on a clear edge, in grid pitches.
    pub half_length: f32,
    /// Half-width, in grid pitches.
    pub half_width: f32,
    /// How much of the picture's detail a stroke must add to be painted in full.
    pub detail: f32,
    /// Mean opacity where it adds no detail at all, up to ½; single strokes have from 0 to twice it.
    pub least: f32,
    /// Thickness of its paint, 0 to 1.
    pub thickness: f32,
}

/// From the broad brush to the pointed one.
pub const LAYERS: [Layer; 4] = [
    Layer {
        across: 20,
        half_length: 1.7,
        half_width: 0.62,
        detail: 0.0,
        least: 0.5,
        thickness: 0.7,
    },
    Layer {
        across: 38,
        half_length: 1.9,
        half_width: 0.58,
        detail: 0.03,
        least: 0.4,
        thickness: 0.85,
    },
    Layer {
        across: 90,
        half_length: 1.9,
        half_width: 0.55,
        detail: 0.045,
        least: 0.0,
        thickness: 1.0,
    },
    Layer {
        across: 150,
        half_length: 2.2,
        half_width: 0.5,
        detail: 0.05,
        least: 0.2,
        thickness: 0.8,
    },
];

/// How far a stroke's colour is pushed away from the colour around it.
pub const BOLD: f32 = 0.22;
/// How sure a direction must be for a stroke to begin to stretch along it, and to do so in full.
pub const SURE: [f32; 2] = [0.05, 0.45];
/// Length of a stroke where the picture has no direction, as a share of the full one: it is a dab
/// there, so that its turning goes unseen.
pub const DAB: f32 = 0.55;
/// The least size of a stroke, and how much larger single ones are.
pub const SIZES: [f32; 2] = [0.85, 0.3];
/// The most that a stroke bends, in its half-lengths.
pub const MOST_BEND: f32 = 0.35;
/// Where along a stroke its two ends dip into the image, in half-lengths.
pub const DIP: f32 = 0.6;
/// Shares of a layer's detail between which a stroke comes to be painted in full.
pub const DETAIL: [f32; 2] = [0.6, 2.4];
/// How much lightness, and how much each colour, differs from dip to dip.
pub const DIPS: [f32; 2] = [0.13, 0.05];
/// The least thickness of single strokes' paint, and how much thicker others' is, as shares of the
/// layer's.
pub const THICKNESS: [f32; 2] = [0.7, 0.3];
/// Opacity below which a stroke is left out: half a step of an 8-bit picture is not seen.
pub const LEAST_OPACITY: f32 = 1.0 / 512.0;
/// Streams of a place's random numbers.
pub const SIZE_STREAM: u32 = 3;
/// See [`SIZE_STREAM`].
pub const LIGHT_STREAM: u32 = 4;
/// The first of three, one for each colour.
pub const COLOUR_STREAM: u32 = 5;
/// See [`SIZE_STREAM`].
pub const BRUSH_STREAM: u32 = 7;
/// See [`SIZE_STREAM`].
pub const THICKNESS_STREAM: u32 = 8;
/// See [`SIZE_STREAM`].
pub const OPACITY_STREAM: u32 = 9;

/// Brushes of different wear for each layer.
pub const BRUSHES: usize = 5;

/// Where the strokes of one layer stand, in the order in which they are painted.
#[derive(Clone, Debug)]
pub struct Grid {
    /// Its strokes' size.
    pub layer: Layer,
    /// Counted from the broadest layer.
    pub index: usize,
    /// Where each stands, in picture widths.
    pub places: Vec<[f32; 2]>,
    /// What each one's random numbers are drawn from.
    pub seeds: Vec<u32>,
}

impl Grid {
    /// The grid of the layer with this number.
    pub fn new(index: usize) -> Self {
        let layer = LAYERS[index];
        // One cell beyond each edge, so that the border is as well covered as the middle.
        let cells = layer.across as i32 + 2;
        let mut order: Vec<(u32, i32, i32)> = (0..cells * cells)
            .map(|i| {
                (
                    hash(hash(index as u32 + 1) ^ i as u32),
                    i % cells - 1,
                    i / cells - 1,
                )
            })
            .collect();
        order.sort_unstable();
        let pitch = 1.0 / layer.across as f32;
        let jitter = |cell: i32, random: f32| (cell as f32 + 0.5 + 0.8 * (random - 0.5)) * pitch;
        Self {
            layer,
            index,
            places: order
                .iter()
                .map(|&(seed, x, y)| [jitter(x, unit(seed, 1)), jitter(y, unit(seed, 2))])
                .collect(),
            seeds: order.iter().map(|&(seed, ..)| seed).collect(),
        }
    }
}

/// Plans the strokes of each picture.
#[derive(Clone, Debug)]
pub struct Planner {
    grids: Vec<Grid>,
}

impl Planner {
    /// Plans with the `layers` broadest of [`LAYERS`].
    pub fn new(layers: usize) -> Self {
        Self {
            grids: (0..layers.min(LAYERS.len())).map(Grid::new).collect(),
        }
    }

    /// Writes to `strokes` those that touch `window` (left, top, right, bottom, in picture
    /// widths), in the order in which they are painted. `brush` is the strength, 0 to 1.
    pub fn plan(
        &self,
        source: &Source,
        flow: &Flow,
        window: [f32; 4],
        brush: f32,
        strokes: &mut Vec<Stroke>,
    ) {
        strokes.clear();
        if brush <= 0.0 {
            return;
        }
        let cover = cover(brush);
        for grid in &self.grids {
            let layer = grid.layer;
            let pitch = 1.0 / layer.across as f32;
            let colours = source.at_most(2 * layer.across);
            let ground = source.at_most(layer.across / 2);
            for (&[x, y], &seed) in grid.places.iter().zip(&grid.seeds) {
                let far = layer.half_length * pitch * 1.3;
                let [left, top, right, bottom] = window;
                if x < left - far || x > right + far || y < top - far || y > bottom + far {
                    continue;
                }
                let stroke = place(layer, [x, y], seed, colours, ground, flow);
                let opacity = stroke.opacity * cover;
                let [reach_x, reach_y] = stroke.reach();
                let outside = x < left - reach_x
                    || x > right + reach_x
                    || y < top - reach_y
                    || y > bottom + reach_y;
                if outside || opacity < LEAST_OPACITY {
                    continue;
                }
                strokes.push(Stroke {
                    opacity,
                    thickness: stroke.thickness * brush,
                    brush: (grid.index * BRUSHES) as u32
                        + hash(seed ^ BRUSH_STREAM) % BRUSHES as u32,
                    ..stroke
                });
            }
        }
    }
}

/// Share of their opacity that strokes have at this strength of the brush: half strength already
/// hides the image's own pixels; beyond that paint gains body.
pub fn cover(brush: f32) -> f32 {
    smoothstep(0.0, 0.5, brush)
}

/// The stroke at `[x, y]`, led by the flow and dipped into the image.
fn place(
    layer: Layer,
    [x, y]: [f32; 2],
    seed: u32,
    colours: &Level,
    ground: &Level,
    flow: &Flow,
) -> Stroke {
    let pitch = 1.0 / layer.across as f32;
    let direction = flow.sample(x, y);
    let sure = direction[0].hypot(direction[1]);
    let axis = half_angle(direction, sure);
    let stretch = DAB + (1.0 - DAB) * smoothstep(SURE[0], SURE[1], sure);
    let size = SIZES[0] + SIZES[1] * unit(seed, SIZE_STREAM);
    let half_length = layer.half_length * pitch * stretch * size;
    let half_width = layer.half_width * pitch * size;

    let [dx, dy] = [axis[0] * half_length, axis[1] * half_length];
    let behind = flow.sample(x - dx, y - dy);
    let ahead = flow.sample(x + dx, y + dy);
    // sin 2Δφ between both ends, weighted by how sure they are: continuous where φ wraps.
    let turn = behind[0] * ahead[1] - behind[1] * ahead[0];
    let bend =
        (turn / (4.0 * half_length)).clamp(-MOST_BEND / half_length, MOST_BEND / half_length);

    let colour = colours.sample(x, y);
    let first = colours.sample(x - DIP * dx, y - DIP * dy);
    let second = colours.sample(x + DIP * dx, y + DIP * dy);
    let under = ground.sample(x, y);
    let detail = (0..3).map(|k| (colour[k] - under[k]).abs()).sum::<f32>();
    let adds = if layer.detail > 0.0 {
        smoothstep(DETAIL[0] * layer.detail, DETAIL[1] * layer.detail, detail)
    } else {
        1.0
    };
    let least = layer.least * 2.0 * unit(seed, OPACITY_STREAM);
    let opacity = least + (1.0 - least) * adds;
    // A painter sets tones off against their ground.
    let bold = [0, 1, 2].map(|k| (colour[k] + BOLD * (colour[k] - under[k])).clamp(0.0, 1.0));
    // No two dips into the paint are alike: a little in lightness, less in hue. Multiplied, so
    // that black stays black.
    let light = 1.0 + DIPS[0] * (unit(seed, LIGHT_STREAM) - 0.5);
    let dip = [0, 1, 2].map(|k| light + DIPS[1] * (unit(seed, COLOUR_STREAM + k) - 0.5));
    Stroke {
        centre: [x, y],
        axis,
        half_length,
        half_width,
        bend,
        opacity,
        colour: [0, 1, 2].map(|k| bold[k] * dip[k]),
        thickness: layer.thickness * (THICKNESS[0] + THICKNESS[1] * unit(seed, THICKNESS_STREAM)),
        colour_step: [0, 1, 2].map(|k| (second[k] - first[k]) * 0.5 * dip[k]),
        brush: 0,
    }
}

/// The unit vector at half the angle of `doubled`, whose length is `length`.
fn half_angle(doubled: [f32; 2], length: f32) -> [f32; 2] {
    if length < 1e-6 {
        return [1.0, 0.0];
    }
    let cos = doubled[0] / length;
    let c = (0.5 * (1.0 + cos)).max(0.0).sqrt();
    let s = (0.5 * (1.0 - cos)).max(0.0).sqrt();
    [c, if doubled[1] < 0.0 { -s } else { s }]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The strokes of two blended pictures.
    fn strokes(blend: f32, window: [f32; 4], brush: f32) -> Vec<Stroke> {
        let side = 64;
        let pixels: Vec<f32> = (0..side * side * 3)
            .map(|i| {
                let (x, y) = ((i / 3 % side) as f32, (i / 3 / side) as f32);
                let first = 0.5 + 0.5 * (x * 0.3 + (i % 3) as f32).sin();
                let second = 0.5 + 0.5 * (y * 0.2 - x * 0.1).cos();
                first + blend * (second - first)
            })
            .collect();
        let mut source = Source::default();
        source.read(side, &pixels);
        let mut flow = Flow::default();
        flow.read(source.at_most(128));
        let mut strokes = Vec::new();
        Planner::new(LAYERS.len()).plan(&source, &flow, window, brush, &mut strokes);
        strokes
    }

    const ALL: [f32; 4] = [0.0, 0.0, 1.0, 1.0];

    #[test]
    fn a_window_has_the_strokes_that_touch_it_in_the_same_order() {
        let all = strokes(0.0, ALL, 1.0);
        let window = [0.3, 0.2, 0.6, 0.5];
        let touches = |stroke: &&Stroke| {
            let [x, y] = stroke.centre;
            let [reach_x, reach_y] = stroke.reach();
            let [left, top, right, bottom] = window;
            x + reach_x >= left
                && x - reach_x <= right
                && y + reach_y >= top
                && y - reach_y <= bottom
        };
        let expected: Vec<Stroke> = all.iter().filter(touches).copied().collect();
        assert!(expected.len() > 100);
        assert!(strokes(0.0, window, 1.0) == expected);
    }

    #[test]
    fn a_slow_morph_moves_no_stroke_by_a_jump() {
        let (before, after) = (strokes(0.5, ALL, 1.0), strokes(0.501, ALL, 1.0));
        let mut turned = 0;
        let mut pairs = 0;
        for stroke in &before {
            // A stroke that is too faint may come and go.
            let Some(next) = after.iter().find(|next| next.centre == stroke.centre) else {
                assert!(stroke.opacity < 0.05);
                continue;
            };
            pairs += 1;
            assert!((0..3).all(|k| (stroke.colour[k] - next.colour[k]).abs() < 0.01));
            assert!((stroke.opacity - next.opacity).abs() < 0.05);
            let parallel = stroke.axis[0] * next.axis[0] + stroke.axis[1] * next.axis[1];
            turned += (parallel.abs() < 0.99) as usize;
        }
        // Only next to a whirl may a stroke turn fast.
        assert!(pairs > 5000 && turned * 100 < pairs, "{turned} of {pairs}");
    }

    #[test]
    fn no_brush_means_no_strokes() {
        assert!(strokes(0.0, ALL, 0.0).is_empty());
    }
}
