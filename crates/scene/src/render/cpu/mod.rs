//! Rendering on the processor, for machines whose only adapter is software, or none.
//!
//! Four steps a picture: read the image and its flow, plan the strokes, paint the part of the
//! canvas that is seen, look at it through the camera. The canvas has fewer pixels than a large
//! output, because strokes are soft; every step works on bands of rows that depend on nothing but
//! their position, so the picture is the same bit for bit with any number of threads.

mod canvas;
mod limiting;
mod output;
mod simd;

pub use limiting::ProcessorLimiter;

use rayon::{ThreadPool, ThreadPoolBuilder};

use self::canvas::{Canvas, Paint};
use self::output::Light;
use super::brush::{Stamp, stamps};
use super::frame_plan::FramePlan;
use super::letters::Stencil;
use super::relief::Weave;
use super::{Picture, RenderError, Renderer, canvas_side, passes, trails};
use crate::gan::Image;
use crate::show::Scene;

/// Layers of strokes: the finest of all would cost more than it shows at these sizes.
pub(super) const LAYERS: usize = 3;

/// Renders on the processor. After the first picture of a size it allocates nothing of its own.
pub struct CpuRenderer {
    /// `None` if the system gave no thread: then rayon's own threads do the work.
    pool: Option<ThreadPool>,
    stage: Stage,
}

/// All buffers; separate from the pool so that the pool can work on them.
struct Stage {
    plan: FramePlan,
    stamps: Vec<Stamp>,
    weave: Weave,
    canvas: Canvas,
    light: Light,
    stencil: Stencil,
}

impl CpuRenderer {
    /// A renderer of pictures of `width` by `height` pixels on `threads` threads (at least one of
    /// each).
    pub fn new(width: usize, height: usize, threads: usize) -> Self {
        let (width, height, threads) = (width.max(1), height.max(1), threads.max(1));
        let side = canvas_side(width, height);
        Self {
            pool: ThreadPoolBuilder::new().num_threads(threads).build().ok(),
            stage: Stage {
                plan: FramePlan::new([width, height], side, LAYERS),
                stamps: stamps(side, LAYERS),
                weave: Weave::new(side),
                canvas: Canvas::new(threads),
                light: Light::default(),
                stencil: Stencil::default(),
            },
        }
    }
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
        let side = image.side();
        let painted = image.pixels().map_err(|lost| RenderError::Lost(lost.0))?;
        let mut render = || stage.render(scene, side, painted, dt, picture);
        match &self.pool {
            Some(pool) => pool.install(render),
            None => render(),
        }
        Ok(())
    }

    fn reset(&mut self) {
        self.stage.light.clear();
    }
}

impl Stage {
    fn render(
        &mut self,
        scene: &Scene,
        side: usize,
        painted: &[f32],
        dt: f32,
        picture: &mut Picture,
    ) {
        self.plan.draw(scene, side, painted);
        self.canvas.paint(&Paint {
            plan: &self.plan,
            stamps: &self.stamps,
            weave: &self.weave,
        });
        let pixels = picture.pixels_mut(self.plan.framing.size);
        let decay = trails::decay(scene.trails, dt);
        output::look(
            &self.canvas,
            &self.plan,
            decay,
            &mut self.light,
            &mut pixels.rgba,
        );
        for pass in passes::ALL {
            if let Some(work) = pass.on_processor {
                work(scene, &mut self.stencil, pixels);
            }
        }
    }
}
