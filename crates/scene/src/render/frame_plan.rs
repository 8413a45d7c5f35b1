//! What is to be painted, before there is any paint.
//!
//! [`Framing`] is what both renderers work out alike from a scene; [`FramePlan`] adds what the
//! processor's needs beside it, for which a graphics card has passes.

use super::flow::{FLOW_SIDE, Flow};
use super::grade::Grading;
use super::relief::Relief;
use super::source::{Level, Source};
use super::stroke::{Planner, Stroke};
use super::view::{Mesh, Ripple, View};
use crate::show::Scene;

/// How a picture is framed, lit and graded.
#[derive(Clone, Debug)]
pub struct Framing {
    /// Output, in pixels across and down.
    pub size: [usize; 2],
    /// Canvas pixels across and down, were the whole picture painted.
    pub side: usize,
    /// From output pixels to the picture.
    pub view: View,
    /// The same, sampled: what is smooth of it...
    pub mesh: Mesh,
    /// ...and what is finer than the mesh.
    pub ripple: Ripple,
    /// What is seen of the canvas: left, top (inside), right, bottom (outside), in its pixels.
    pub window: [usize; 4],
    /// The colour grade.
    pub grading: Grading,
    /// The light on the paint.
    pub relief: Relief,
    /// Strength of the brush, 0 to 1.
    pub brush: f32,
}

impl Framing {
    /// Nothing yet, for outputs of `size` on a canvas of `side`.
    pub fn new(size: [usize; 2], side: usize) -> Self {
        Self {
            size,
            side,
            view: View::default(),
            mesh: Mesh::default(),
            ripple: Ripple::default(),
            window: [0, 0, side, side],
            grading: Grading::default(),
            relief: Relief::default(),
            brush: 0.0,
        }
    }

    /// Frames `scene`.
    pub fn frame(&mut self, scene: &Scene) {
        self.brush = if scene.brush.is_finite() {
            scene.brush.clamp(0.0, 1.0)
        } else {
            0.0
        };
        self.view = View::of(scene, self.size[0], self.size[1]);
        self.mesh.lay(&self.view, self.size[0], self.size[1]);
        self.ripple.lay(&self.view);
        let seen = self.mesh.window(&self.view, &self.ripple);
        let side = self.side as f32;
        // Two pixels more: one for the neighbour in a bilinear sample, one for rounding.
        let low = |x: f32| ((x * side) as usize).min(self.side - 1).saturating_sub(2);
        let high = |x: f32| ((x * side) as usize + 3).min(self.side);
        self.window = [low(seen[0]), low(seen[1]), high(seen[2]), high(seen[3])];

        self.grading = Grading::of(&scene.grade, scene.flash);
        self.relief = Relief::new(self.side, self.brush, scene.camera.rotation);
    }

    /// What is seen of the canvas, in picture widths.
    pub fn seen(&self) -> [f32; 4] {
        self.window.map(|edge| edge as f32 / self.side as f32)
    }
}

/// The processor's plan of one picture.
#[derive(Clone, Debug)]
pub struct FramePlan {
    /// How it is framed, lit and graded.
    pub framing: Framing,
    /// The image at all scales.
    pub source: Source,
    /// Strokes, bottom first.
    pub strokes: Vec<Stroke>,
    flow: Flow,
    planner: Planner,
}

impl FramePlan {
    /// Nothing yet, for outputs of `size` on a canvas of `side` with the `layers` broadest layers of strokes.
    pub fn new(size: [usize; 2], side: usize, layers: usize) -> Self {
        Self {
            framing: Framing::new(size, side),
            source: Source::default(),
            strokes: Vec::new(),
            flow: Flow::default(),
            planner: Planner::new(layers),
        }
    }

    /// Plans `scene`, for which the generator painted an image of `side` with these `pixels`.
    pub fn draw(&mut self, scene: &Scene, side: usize, pixels: &[f32]) {
        self.framing.frame(scene);
        self.source.read(side, pixels);
        self.flow.read(self.source.at_most(FLOW_SIDE));
        let Framing { brush, .. } = self.framing;
        let seen = self.framing.seen();
        self.planner
            .plan(&self.source, &self.flow, seen, brush, &mut self.strokes);
    }

    /// The image for the base coat.
    pub fn ground(&self) -> &Level {
        self.source.at_most(self.framing.side)
    }
}
