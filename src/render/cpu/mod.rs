//! Rendering on the processor, for machines whose only adapter is software, or none.
//!
//! Four steps a picture: read the image and its flow, plan the strokes, paint the part of the
//! [canvas] that is seen, look at it through the camera. The canvas has fewer pixels than a large
//! output, because strokes are soft; every step works on bands of rows that depend on nothing but
//! their position, so the picture is the same bit for bit with any number of threads.

mod canvas;
mod output;
mod simd;

use rayon::{ThreadPool, ThreadPoolBuilder};

use self::canvas::{Canvas, Paint};
use self::output::Light;
use super::brush::{Mark, marks};
use super::flow::Flow;
use super::grade::Grading;
use super::relief::{Relief, Weave};
use super::source::Source;
use super::stroke::{Planner, Stroke};
use super::view::{Mesh, View};
use super::{Picture, RenderError, Renderer, trails};
use crate::gan::Image;
use crate::show::Scene;

/// Layers of strokes: the finest of all would cost more than it shows at these sizes.
const LAYERS: usize = 3;

/// Renders on the processor. After the first picture of a size it allocates nothing.
pub struct CpuRenderer {
    /// `None` for one thread: the caller's own.
    pool: Option<ThreadPool>,
    stage: Stage,
}

/// All buffers; separate from the pool so that the pool can work on them.
struct Stage {
    width: usize,
    height: usize,
    source: Source,
    flow: Flow,
    planner: Planner,
    strokes: Vec<Stroke>,
    marks: Vec<Mark>,
    weave: Weave,
    mesh: Mesh,
    canvas: Canvas,
    light: Light,
}

impl CpuRenderer {
    /// A renderer of pictures of `width` by `height` pixels on `threads` threads (at least one of
    /// each).
    pub fn new(width: usize, height: usize, threads: usize) -> Self {
        let threads = threads.max(1);
        // Without a pool, rayon's loops run on one thread of the caller's choice.
        let pool = ThreadPoolBuilder::new().num_threads(threads).build().ok();
        let side = canvas_side(width.max(1), height.max(1));
        Self {
            pool,
            stage: Stage {
                width: width.max(1),
                height: height.max(1),
                source: Source::default(),
                flow: Flow::default(),
                planner: Planner::new(LAYERS),
                strokes: Vec::new(),
                marks: marks(side, LAYERS),
                weave: Weave::new(side),
                mesh: Mesh::default(),
                canvas: Canvas::new(side, threads),
                light: Light::default(),
            },
        }
    }
}

/// Side of the canvas for an output of this size.
pub fn canvas_side(width: usize, height: usize) -> usize {
    // Three quarters of the longer side: see `benches/render.rs`.
    (width.max(height) * 3).div_ceil(4).clamp(64, 4096)
}

impl Renderer for CpuRenderer {
    fn render(
        &mut self,
        scene: &Scene,
        image: &Image,
        dt: f32,
        picture: &mut Picture,
    ) -> Result<(), RenderError> {
        let stage = &mut self.stage;
        match &self.pool {
            Some(pool) => pool.install(|| stage.render(scene, image, dt, picture)),
            None => stage.render(scene, image, dt, picture),
        }
        Ok(())
    }

    fn reset(&mut self) {
        self.stage.light.clear();
    }
}

impl Stage {
    fn render(&mut self, scene: &Scene, image: &Image, dt: f32, picture: &mut Picture) {
        let (width, height) = (self.width, self.height);
        let side = self.canvas.side;
        let brush = if scene.brush.is_finite() { scene.brush.clamp(0.0, 1.0) } else { 0.0 };
        let view = View::of(scene, width, height);
        self.mesh.lay(&view, width, height);
        let window = self.mesh.window();

        self.source.read(image);
        self.flow.read(self.source.at_most(FLOW_SIDE));
        self.planner.plan(&self.source, &self.flow, window, brush, &mut self.strokes);

        let paint = Paint {
            level: self.source.at_most(side),
            strokes: &self.strokes,
            marks: &self.marks,
            relief: Relief::new(side, brush, scene.camera.rotation),
            weave: &self.weave,
            grading: Grading::of(scene),
        };
        self.canvas.paint(window, &paint);

        picture.width = width;
        picture.height = height;
        picture.rgba.resize(width * height * 4, 255);
        let decay = trails::decay(scene.trails, dt);
        output::look(&self.canvas, &view, &self.mesh, decay, &mut self.light, width, &mut picture.rgba);
    }
}

/// Largest image that directions are read from: they are smoothed far beyond its pixels.
const FLOW_SIDE: usize = 128;
