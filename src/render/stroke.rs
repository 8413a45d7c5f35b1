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

/// One stroke, as both renderers draw it. Lengths are in picture widths.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, bytemuck::Pod, bytemuck::Zeroable)]
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
    /// How much of the picture's detail a stroke must add to be painted in full; 0 paints all.
    pub detail: f32,
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
        thickness: 0.7,
    },
    Layer {
        across: 38,
        half_length: 1.9,
        half_width: 0.58,
        detail: 0.03,
        thickness: 0.85,
    },
    Layer {
        across: 90,
        half_length: 1.9,
        half_width: 0.55,
        detail: 0.045,
        thickness: 1.0,
    },
    Layer {
        across: 150,
        half_length: 2.2,
        half_width: 0.5,
        detail: 0.05,
        thickness: 0.8,
    },
];

/// How far a stroke's colour is pushed away from the colour around it.
const BOLD: f32 = 0.22;

/// Brushes of different wear for each layer.
pub const BRUSHES: usize = 5;

/// Where the strokes of one layer stand, in the order in which they are painted.
#[derive(Clone, Debug)]
struct Stand {
    layer: Layer,
    /// Counted from the broadest layer.
    index: usize,
    places: Vec<[f32; 2]>,
    seeds: Vec<u32>,
}

impl Stand {
    fn new(index: usize) -> Self {
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
    stands: Vec<Stand>,
}

impl Planner {
    /// Plans with the `layers` broadest of [`LAYERS`].
    pub fn new(layers: usize) -> Self {
        Self {
            stands: (0..layers.min(LAYERS.len())).map(Stand::new).collect(),
        }
    }

    /// How many strokes there are in all.
    pub fn places(&self) -> usize {
        self.stands.iter().map(|stand| stand.places.len()).sum()
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
        // Half strength already hides the image's own pixels; beyond that paint gains body.
        let cover = smoothstep(0.0, 0.5, brush);
        for stand in &self.stands {
            let layer = stand.layer;
            let pitch = 1.0 / layer.across as f32;
            let colours = source.at_most(2 * layer.across);
            let ground = source.at_most(layer.across / 2);
            for (&[x, y], &seed) in stand.places.iter().zip(&stand.seeds) {
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
                // Below half a step of an 8-bit picture nothing would be seen.
                if outside || opacity < 1.0 / 512.0 {
                    continue;
                }
                strokes.push(Stroke {
                    opacity,
                    thickness: stroke.thickness * brush,
                    brush: (stand.index * BRUSHES) as u32 + hash(seed ^ 7) % BRUSHES as u32,
                    ..stroke
                });
            }
        }
    }
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
    // Where the picture has no direction a stroke is a dab, so that its turning goes unseen.
    let stretch = 0.55 + 0.45 * smoothstep(0.05, 0.45, sure);
    let size = 0.85 + 0.3 * unit(seed, 3);
    let half_length = layer.half_length * pitch * stretch * size;
    let half_width = layer.half_width * pitch * size;

    let [dx, dy] = [axis[0] * half_length, axis[1] * half_length];
    let behind = flow.sample(x - dx, y - dy);
    let ahead = flow.sample(x + dx, y + dy);
    // sin 2Δφ between both ends, weighted by how sure they are: continuous where φ wraps.
    let turn = behind[0] * ahead[1] - behind[1] * ahead[0];
    let bend = (turn / (4.0 * half_length)).clamp(-0.35 / half_length, 0.35 / half_length);

    let colour = colours.sample(x, y);
    let first = colours.sample(x - 0.6 * dx, y - 0.6 * dy);
    let second = colours.sample(x + 0.6 * dx, y + 0.6 * dy);
    let under = ground.sample(x, y);
    let detail = (0..3).map(|k| (colour[k] - under[k]).abs()).sum::<f32>();
    let opacity = if layer.detail > 0.0 {
        smoothstep(0.3 * layer.detail, 2.5 * layer.detail, detail)
    } else {
        1.0
    };
    // A painter sets tones off against their ground.
    let bold = [0, 1, 2].map(|k| (colour[k] + BOLD * (colour[k] - under[k])).clamp(0.0, 1.0));
    // No two dips into the paint are alike: a little in lightness, less in hue. Multiplied, so
    // that black stays black.
    let light = 1.0 + 0.11 * (unit(seed, 4) - 0.5);
    let dip = [5, 6, 7].map(|stream| light + 0.05 * (unit(seed, stream) - 0.5));
    Stroke {
        centre: [x, y],
        axis,
        half_length,
        half_width,
        bend,
        opacity,
        colour: [0, 1, 2].map(|k| bold[k] * dip[k]),
        thickness: layer.thickness * (0.7 + 0.3 * unit(seed, 8)),
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
    use crate::gan::Image;

    /// The strokes of two blended pictures.
    fn strokes(blend: f32, window: [f32; 4], brush: f32) -> Vec<Stroke> {
        let side = 64;
        let pixels = (0..side * side * 3)
            .map(|i| {
                let (x, y) = ((i / 3 % side) as f32, (i / 3 / side) as f32);
                let first = 0.5 + 0.5 * (x * 0.3 + (i % 3) as f32).sin();
                let second = 0.5 + 0.5 * (y * 0.2 - x * 0.1).cos();
                first + blend * (second - first)
            })
            .collect();
        let mut source = Source::default();
        source.read(&Image { side, pixels });
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
