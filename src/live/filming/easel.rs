//! Who paints and renders a bounce: chosen as for a film, by the adapter and never by a
//! measurement, so that the same bounce paints the same.

use super::super::Desk;
use super::super::blending::Blending;
use super::super::loading::load;
use super::super::painting::{black, recycled};
use crate::frame::device;
use crate::gan::{self, CpuOptions, Generator, Image, Painter};
use crate::gpu::{GpuContext, Prefer};
use crate::render::{self, Picture, Renderer};
use crate::show::Scene;
use std::collections::VecDeque;
use std::sync::Arc;

/// Paints picture after picture of one size.
pub(super) struct Easel {
    size: [usize; 2],
    studio: Option<Studio>,
    image: Image,
    last: Option<Arc<Picture>>,
    spare: VecDeque<Arc<Picture>>,
}

struct Studio {
    /// Kept so that the process's device lives as long as somebody paints with it. A software
    /// adapter, with which nobody paints, is let go.
    card: Option<Arc<GpuContext>>,
    painter: Painter,
    renderer: Box<dyn Renderer>,
    model: u16,
    blending: Blending,
}

impl Easel {
    pub(super) fn new(size: [usize; 2]) -> Self {
        Self {
            size,
            studio: None,
            image: Image::default(),
            last: None,
            spare: VecDeque::new(),
        }
    }

    /// Paints `scene`, `dt` seconds after the last one, as the knobs at `desk` want it. `told`
    /// gets what did not go as it should but did not keep it from painting.
    ///
    /// # Errors
    /// When nothing can be painted, in a sentence.
    pub(super) fn paint(
        &mut self,
        desk: &Desk,
        scene: &Scene,
        dt: f32,
        told: impl Fn(String),
    ) -> Result<Arc<Picture>, String> {
        if let (true, Some(last)) = (desk.is_still(), &self.last) {
            return Ok(Arc::clone(last));
        }
        let mut picture = recycled(&mut self.spare);
        if desk.blackout {
            black(&mut picture, self.size);
        } else if let Err(problem) = self.make(desk, scene, dt, &mut picture, &told) {
            told(problem);
            // A lost device is made anew, once.
            self.studio = None;
            self.make(desk, scene, dt, &mut picture, &told)?;
        }
        let picture = Arc::new(picture);
        // What is frozen is a picture that was painted.
        let gone = if desk.blackout {
            Some(Arc::clone(&picture))
        } else {
            self.last.replace(Arc::clone(&picture))
        };
        self.spare.extend(gone);
        self.spare.truncate(4);
        Ok(picture)
    }

    fn make(
        &mut self,
        desk: &Desk,
        scene: &Scene,
        dt: f32,
        picture: &mut Picture,
        told: &impl Fn(String),
    ) -> Result<(), String> {
        let studio = match &mut self.studio {
            Some(studio) if studio.model == desk.model => studio,
            studio => opened(studio, desk.model, self.size, told)?,
        };
        studio.blending.follow(&mut studio.painter, desk, told);
        let painted = studio.painter.sample(&scene.latent, &mut self.image);
        painted.map_err(|error| format!("a picture could not be painted: {error}"))?;
        let rendered = studio.renderer.render(scene, &self.image, dt, picture);
        rendered.map_err(|error| error.to_string())
    }
}

/// Sees that `model` paints. Where it cannot be read, what painted before goes on, or else the
/// first model.
fn opened<'a>(
    studio: &'a mut Option<Studio>,
    number: u16,
    size: [usize; 2],
    told: &impl Fn(String),
) -> Result<&'a mut Studio, String> {
    let model = match load(number) {
        Ok(model) => Some(model),
        Err(problem) => {
            told(problem);
            None
        }
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let paints = |model: &gan::Model, card: Option<&Arc<GpuContext>>| {
        let options = CpuOptions {
            threads: cores,
            isa: None,
        };
        gan::open(model, Prefer::Auto, card, options).0
    };
    if let Some(ready) = studio {
        if let Some(model) = model {
            ready.painter = paints(&model, ready.card.as_ref());
            ready.blending = Blending::of(number);
        }
        ready.model = number;
    } else {
        let base = if model.is_some() { number } else { 0 };
        let model = model.map_or_else(|| load(0), Ok)?;
        let card = device::shared().ok().filter(|gpu| !gpu.is_software());
        let renderer = render::open(Prefer::Auto, card.as_ref(), size[0], size[1], cores);
        *studio = Some(Studio {
            painter: paints(&model, card.as_ref()),
            renderer: renderer.map_err(|error| error.to_string())?.0,
            model: number,
            blending: Blending::of(base),
            card,
        });
    }
    studio.as_mut().ok_or_else(|| "nothing paints".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::show::Stage;

    #[test]
    fn what_was_frozen_is_there_again_after_a_blackout() {
        let mut easel = Easel::new([64, 36]);
        let scene = Stage::new(1, 48_000.0).scene(0, &Desk::default().look());
        let mut paint = |freeze, blackout| {
            let desk = Desk {
                freeze,
                blackout,
                ..Desk::default()
            };
            let painted = easel.paint(&desk, &scene, 0.1, |problem| panic!("{problem}"));
            painted.expect("a picture")
        };
        let is_black = |picture: &Picture| {
            let pixels = picture.pixels().expect("pixels");
            pixels.rgba.chunks(4).all(|p| p[..3] == [0; 3])
        };
        let lit = paint(false, false);
        assert!(!is_black(&lit));
        assert!(is_black(&paint(true, true)));
        assert_eq!(paint(true, false), lit);
    }
}
