//! What is smooth of a view, sampled coarsely.

use super::mirror::mirrored_range;
use super::{Ripple, View};

/// What [`View::bent`] makes of the screen, on a coarse mesh that is interpolated.
#[derive(Clone, Debug, Default)]
pub struct Mesh {
    /// Nodes across.
    pub columns: usize,
    /// Across and down, a row of nodes after the other.
    pub nodes: Vec<[f32; 2]>,
    /// Where the first node lies on the folded screen, in heights.
    pub corner: [f32; 2],
    /// From one node to the next, in heights.
    pub pitch: f32,
}

impl Mesh {
    /// Pixels between two nodes. The shortest wave of the warp is over 0.5 heights long, so at
    /// 1080p the straight line between nodes errs by less than a fiftieth of a pixel. The
    /// vectorised output pass relies on this pitch.
    pub const PITCH: usize = 8;

    /// Lays the mesh over `width` by `height` pixels, or over the one sector that mirrors fold them
    /// into.
    pub fn lay(&mut self, view: &View, width: usize, height: usize) {
        self.pitch = Self::PITCH as f32 * view.pixel;
        let [low, high] = if view.folds() {
            sector(view)
        } else {
            let size = [width, height].map(|pixels| pixels as f32 * view.pixel);
            let low = view.half.map(|half| -half);
            [low, [low[0] + size[0], low[1] + size[1]]]
        };
        self.corner = low;
        let nodes =
            |k: usize| ((high[k] - low[k]) / self.pitch - 1e-3).ceil().max(1.0) as usize + 1;
        self.columns = nodes(0);
        self.nodes.clear();
        for row in 0..nodes(1) {
            let y = low[1] + row as f32 * self.pitch;
            let x = |column: usize| low[0] + column as f32 * self.pitch;
            self.nodes
                .extend((0..self.columns).map(|column| view.bent([x(column), y])));
        }
    }

    /// The part of the picture that is seen under the `ripple` of `view`: left, top, right, bottom
    /// in picture widths.
    pub fn window(&self, view: &View, ripple: &Ripple) -> [f32; 4] {
        let mut low = [f32::INFINITY; 2];
        let mut high = [f32::NEG_INFINITY; 2];
        for (row, nodes) in self.nodes.chunks_exact(self.columns).enumerate() {
            let y = self.corner[1] + row as f32 * self.pitch;
            for (column, node) in nodes.iter().enumerate() {
                let x = self.corner[0] + column as f32 * self.pitch;
                let node = ripple.moved(view, [x, y], *node);
                for k in 0..2 {
                    low[k] = low[k].min(node[k]);
                    high[k] = high[k].max(node[k]);
                }
            }
        }
        let [left, right] = mirrored_range(low[0], high[0]);
        let [top, bottom] = mirrored_range(low[1], high[1]);
        [left, top, right, bottom]
    }
}

/// The smallest and the largest corner of the half sector that everything is folded into.
fn sector(view: &View) -> [[f32; 2]; 2] {
    const STEPS: usize = 16;
    let radius = view.half[0].hypot(view.half[1]);
    // The first mirror's line is the sector's one edge, turned by half a circle; the last one's is
    // the other.
    let line = |[x, y]: [f32; 2]| x.atan2(-y);
    let from = line(view.mirrors[0]) + std::f32::consts::PI;
    let last = view.mirrors.iter().rfind(|mirror| **mirror != [0.0; 2]);
    let along = (line(*last.unwrap_or(&view.mirrors[0])) - from).rem_euclid(std::f32::consts::TAU);
    // A polygon around the arc, not inside it.
    let radius = radius / (0.5 * along / STEPS as f32).cos();
    let (mut low, mut high) = ([0.0f32; 2], [0.0f32; 2]);
    for step in 0..=STEPS {
        let angle = from + along * step as f32 / STEPS as f32;
        for (k, x) in [angle.cos(), angle.sin()].into_iter().enumerate() {
            low[k] = low[k].min(radius * x);
            high[k] = high[k].max(radius * x);
        }
    }
    [low, high]
}
