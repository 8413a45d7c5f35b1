//! What makes pictures of one size, as long as its device lasts.

use super::loading::{Engaged, engage};
use super::plan::{Plan, Purpose};
use super::{device, news::Told};
use crate::gan::{CpuGenerator, Generator, Image, Latent, Model, Painter};
use crate::gpu::{GpuContext, Prefer};
use crate::render::{self, GpuRenderer, Picture, Quality, RenderError, Renderer};
use crate::show::Scene;
use std::sync::Arc;

/// Size of pictures where nobody has chosen one: on a graphics card, and on the processor.
const CARD_SIZE: [usize; 2] = [1280, 720];
const PROCESSOR_SIZE: [usize; 2] = [640, 360];

/// The device, the painter and the renderer.
pub(super) struct Engine {
    /// Kept so that the process's device lives as long as somebody paints with it. A software
    /// adapter, with which nobody paints, is let go.
    card: Option<Arc<GpuContext>>,
    pub(super) painter: Painter,
    pub(super) renderer: Box<dyn Renderer>,
    pub(super) size: [usize; 2],
    /// Whether the painter is one for now, until a card is ready.
    pub(super) is_makeshift: bool,
}

impl Engine {
    /// Makes what makes pictures with `model`; of `size`, or of one that the machine makes with ease.
    ///
    /// # Errors
    /// When a card was asked for and there is none, or it cannot make such pictures.
    pub(super) fn open(
        plan: Plan,
        model: &Model,
        size: Option<[usize; 2]>,
        told: &mut Told,
    ) -> Result<Self, String> {
        let gpu = device::wanted(plan.prefer);
        let adapter = match &gpu {
            Ok(gpu) => gpu.info.name.clone(),
            Err(error) => error.to_string(),
        };
        let insists = plan.purpose == Purpose::Film && plan.prefer == Prefer::Gpu;
        if let (true, Err(error)) = (insists, &gpu) {
            return Err(error.to_string());
        }
        let gpu = gpu.ok();
        let is_card = |gpu: &Arc<GpuContext>| plan.prefer == Prefer::Gpu || !gpu.is_software();
        let card = gpu.clone().filter(is_card);
        let (painter, who_paints) = match &card {
            // Until a card has compiled all passes, a show must not be dark.
            Some(card) if plan.purpose == Purpose::Show => makeshift(model, plan, card),
            _ => engage(model, plan),
        };
        if insists && matches!(painter, Painter::Cpu(_)) {
            return Err(format!("{who_paints}, but the GPU was asked for"));
        }
        let on_card = card.is_some();
        let size = size.unwrap_or_else(|| usual_size(on_card));
        let (renderer, who_renders) = opened(plan, gpu.as_ref(), size)?;
        told.change(|about| {
            (about.adapter, about.painter, about.renderer) = (adapter, who_paints, who_renders);
            (about.size, about.on_card, about.loading) = (size, on_card, None);
        });
        Ok(Self {
            is_makeshift: on_card && plan.purpose == Purpose::Show,
            card,
            painter,
            renderer,
            size,
        })
    }

    /// Makes pictures of `size` from now on.
    ///
    /// # Errors
    /// When the card cannot make such pictures.
    pub(super) fn resize(
        &mut self,
        plan: Plan,
        size: [usize; 2],
        told: &mut Told,
    ) -> Result<(), String> {
        let gpu = match &self.card {
            Some(card) => Some(Arc::clone(card)),
            None => device::wanted(plan.prefer).ok(),
        };
        let (renderer, who_renders) = opened(plan, gpu.as_ref(), size)?;
        (self.renderer, self.size) = (renderer, size);
        told.change(|about| (about.renderer, about.size) = (who_renders, size));
        Ok(())
    }

    /// Has the card render with the shaders as they are now, some of which were `saved`; what came of it, in
    /// a sentence. What it does not understand leaves those before at work.
    pub(super) fn recompile(&mut self, saved: &[String]) -> String {
        let names = saved.join(", ");
        let Some(card) = &self.card else {
            return format!("{names} has no graphics card to run on");
        };
        if saved.iter().all(|name| name == "window.wgsl") {
            return format!("{names} is for output windows that are opened from now on");
        }
        let [width, height] = self.size;
        match GpuRenderer::new(Arc::clone(card), width, height, Quality::of(card)) {
            Ok(renderer) => {
                self.renderer = Box::new(renderer);
                format!("{names} was read again")
            }
            Err(RenderError::Refused { why, .. }) => format!("{names} was not understood {why}"),
            Err(error) => error.to_string(),
        }
    }

    /// Has the processor paint until the card has compiled its painter anew, as at the start.
    pub(super) fn paint_anew(&mut self, model: &Model, plan: Plan, told: &mut Told) {
        let Some(card) = &self.card else { return };
        let (painter, who_paints) = makeshift(model, plan, card);
        (self.painter, self.is_makeshift) = (painter, true);
        told.change(|about| about.painter = who_paints);
    }

    /// Why its device is of no use any more.
    pub(super) fn lost(&self) -> Option<String> {
        self.card.as_ref()?.lost()
    }

    pub(super) fn card(&self) -> Option<&Arc<GpuContext>> {
        self.card.as_ref()
    }

    /// The size of pictures for which nobody has chosen one.
    pub(super) fn usual_size(&self) -> [usize; 2] {
        usual_size(self.card.is_some())
    }

    /// Paints what a scene's latent is here, and renders the scene with it.
    ///
    /// # Errors
    /// When the device was lost, in a sentence.
    pub(super) fn picture(
        &mut self,
        (scene, latent): (&Scene, &Latent),
        dt: f32,
        image: &mut Image,
        picture: &mut Picture,
    ) -> Result<(), String> {
        crate::faults::refuse_picture()?;
        let painted = self.painter.sample(latent, image);
        painted.map_err(|error| format!("a picture could not be painted: {error}"))?;
        let rendered = self.renderer.render(scene, image, dt, picture);
        rendered.map_err(|error: RenderError| error.to_string())
    }
}

/// The size that pictures have where nobody has chosen one.
pub(super) fn usual_size(on_card: bool) -> [usize; 2] {
    if on_card { CARD_SIZE } else { PROCESSOR_SIZE }
}

/// Who paints at once, while a card takes its time.
fn makeshift(model: &Model, plan: Plan, card: &GpuContext) -> Engaged {
    let painter = Painter::Cpu(CpuGenerator::new(model, plan.cpu()));
    let name = &card.info.name;
    (painter, format!("The CPU paints while {name} gets ready"))
}

fn opened(
    plan: Plan,
    gpu: Option<&Arc<GpuContext>>,
    [width, height]: [usize; 2],
) -> Result<(Box<dyn Renderer>, String), String> {
    let opened = render::open(plan.prefer, gpu, width, height, plan.rendering);
    opened.map_err(|error| error.to_string())
}
