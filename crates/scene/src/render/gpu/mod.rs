//! Rendering on a graphics card: the `passes`, one after the other.
//!
//! The card does all of it but the framing of a scene, in one submission. What
//! [`CpuRenderer`](super::CpuRenderer) paints in bands it paints by blending a quad for each stroke;
//! with [`Quality::Light`] both show the same picture within rounding. The picture stays where it
//! is, as a texture.

mod compiled;
mod limiting;
mod quality;
mod recording;
mod stencil;
mod stock;

pub use limiting::CardLimiter;
pub use quality::Quality;

use std::collections::VecDeque;
use std::sync::Arc;

use self::compiled::Compiled;
use self::recording::Bound;
use self::stencil::CardStencil;
use self::stock::{Stock, drawn};
use super::frame_plan::Framing;
use super::passes::{self, COLOUR, Frame, Limits, Moment, Pass, Read, Resource, Sizes, Write};
use super::picture::{CardPicture, Keepsake};
use super::{Picture, RenderError, Renderer};
use crate::gan::Image;
use crate::gpu::GpuContext;
use crate::show::Scene;

/// Pictures that the card may have before it: one that it works at, one that waits for it. More
/// would only be late.
const AHEAD: usize = 2;

/// Renders on a graphics card.
pub struct GpuRenderer {
    context: Arc<GpuContext>,
    framing: Framing,
    sizes: Sizes,
    passes: Vec<Compiled>,
    /// All that passes read and write but the picture.
    resources: Vec<&'static Resource>,
    stock: Stock,
    /// The picture so far, read from one and written to the other by turns.
    pictures: [wgpu::TextureView; 2],
    /// What passes are told, one after the other.
    numbers: wgpu::Buffer,
    told: Vec<u8>,
    /// An image from memory, on the card.
    image: Option<wgpu::Buffer>,
    /// The words that are seen.
    stencil: CardStencil,
    /// The passes that left something for the next picture to look back at.
    ran: Vec<&'static str>,
    /// Room for the first picture, so that a card that has none says so at once.
    room: Option<CardPicture>,
    /// The last picture that was brought to memory.
    keepsake: Keepsake,
    /// What the card was given and may not have done yet, oldest first.
    given: VecDeque<wgpu::SubmissionIndex>,
}

impl GpuRenderer {
    /// A renderer of pictures of `width` by `height` pixels (at least one of each).
    ///
    /// # Errors
    /// When the card has no textures of that size or no room for them, or is lost.
    pub fn new(
        context: Arc<GpuContext>,
        width: usize,
        height: usize,
        quality: Quality,
    ) -> Result<Self, RenderError> {
        Self::with_passes(context, width, height, quality, passes::ALL)
    }

    /// A renderer that makes pictures in these passes, the last of which finishes them: [`passes::ALL`]
    /// with some of one's own among them.
    ///
    /// # Errors
    /// As [`GpuRenderer::new`]; and when the card does not understand a shader.
    pub fn with_passes(
        context: Arc<GpuContext>,
        width: usize,
        height: usize,
        quality: Quality,
        passes: &[&'static Pass],
    ) -> Result<Self, RenderError> {
        let size = [width.max(1), height.max(1)];
        let most = context.limits.max_texture_dimension_2d as usize;
        if size[0].max(size[1]) > most {
            return Err(RenderError::TooLarge {
                width,
                height,
                most,
            });
        }
        let sizes = Sizes {
            output: size,
            canvas: quality.canvas_side(size[0], size[1]).min(most),
            image: 1,
            layers: quality.layers(),
        };
        let made = context.watched(|| Self::build(&context, sizes, passes));
        made.map_err(|why| RenderError::of_card(&context, size, why))
    }

    fn build(context: &Arc<GpuContext>, sizes: Sizes, passes: &[&'static Pass]) -> Self {
        let compile = |pass: &&'static Pass| Compiled::new(context, pass);
        let resources = resources(passes);
        let passes: Vec<Compiled> = passes.iter().map(compile).collect();
        let picture = || drawn(context, "picture", sizes.output, COLOUR);
        let keepsake = Keepsake::default();
        let mut renderer = Self {
            framing: Framing::new(sizes.output, sizes.canvas),
            resources,
            stock: Stock::default(),
            pictures: [picture(), picture()],
            numbers: recording::numbers(context, &passes, &sizes),
            told: Vec::new(),
            image: None,
            stencil: CardStencil::new(context),
            ran: Vec::new(),
            room: Some(CardPicture::new(context, sizes.output, &keepsake)),
            keepsake,
            given: VecDeque::new(),
            context: Arc::clone(context),
            passes,
            sizes,
        };
        renderer.fit();
        renderer
    }

    /// Makes what is not there, or not of the size.
    fn fit(&mut self) {
        let looks_back = |resource: &Resource| {
            let reads = self.passes.iter().flat_map(|compiled| compiled.pass.reads);
            let mut past = reads.filter_map(|read| match read {
                Read::Past(past) => Some(past.name),
                _ => None,
            });
            past.any(|name| name == resource.name)
        };
        for resource in &self.resources {
            let twice = looks_back(resource);
            self.stock.fit(&self.context, resource, &self.sizes, twice);
        }
    }

    /// The image on this card: where the generator left it, or brought from memory.
    fn brought(&mut self, image: &Image) -> Result<wgpu::Buffer, RenderError> {
        if let Some(buffer) = image.on_card(&self.context) {
            return Ok(buffer.clone());
        }
        let side = self.sizes.image;
        let pixels = image.pixels().map_err(|lost| RenderError::Lost(lost.0))?;
        let mut texels = vec![[0.0, 0.0, 0.0, 1.0f32]; side * side];
        for (texel, pixel) in texels.iter_mut().zip(pixels.chunks_exact(3)) {
            texel[..3].copy_from_slice(pixel);
        }
        let bytes: &[u8] = bytemuck::cast_slice(&texels);
        let kept = self.image.take();
        let kept = kept.filter(|buffer| buffer.size() == bytes.len() as u64);
        let buffer = kept.unwrap_or_else(|| {
            self.context.device.create_buffer(&wgpu::BufferDescriptor {
                label: Some("image"),
                size: bytes.len() as u64,
                usage: wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_DST,
                mapped_at_creation: false,
            })
        });
        self.context.queue.write_buffer(&buffer, 0, bytes);
        self.context.count_upload();
        self.image = Some(buffer.clone());
        Ok(buffer)
    }

    /// Records the passes that have something to do, and gives them to the card.
    fn submit(
        &mut self,
        scene: &Scene,
        dt: f32,
        image: &wgpu::Buffer,
        finished: &wgpu::TextureView,
    ) -> wgpu::SubmissionIndex {
        self.fit();
        let letters = self.stencil.set(&self.context, scene, self.sizes.output);
        let moment = Moment {
            scene,
            framing: &self.framing,
            letters,
            dt,
            sizes: self.sizes,
            limits: Limits::default(),
        };
        let running = self
            .passes
            .iter()
            .filter(|compiled| (compiled.pass.runs)(&moment));
        let running: Vec<&Compiled> = running.collect();
        let looks_back = |compiled: &&Compiled| {
            let past = |read: &Read| matches!(read, Read::Past(_));
            compiled.pass.reads.iter().any(past)
        };
        let device = &self.context.device;
        let mut encoder = device.create_command_encoder(&Default::default());
        // What the picture before left is looked back at, and where there is none, darkness.
        let backwards = || running.iter().filter(|compiled| looks_back(compiled));
        for compiled in backwards() {
            for read in compiled.pass.reads {
                let Read::Past(resource) = read else { continue };
                self.stock.turn(resource);
                if !self.ran.contains(&compiled.pass.name) {
                    let past = self.stock.past(resource);
                    crate::gpu::pipeline::begin(&mut encoder, "forget", &[past], false);
                }
            }
        }
        self.ran = backwards().map(|compiled| compiled.pass.name).collect();

        self.told.clear();
        let frame = Frame::of(&self.sizes);
        recording::tell(bytemuck::bytes_of(&frame), &mut self.told);
        let mut bound = Bound {
            gpu: &self.context,
            stock: &self.stock,
            image,
            stencil: self.stencil.buffer(),
            finished,
            numbers: &self.numbers,
            read: &self.pictures[0],
            written: &self.pictures[1],
        };
        for compiled in running {
            recording::record(&mut encoder, compiled, &moment, &mut bound, &mut self.told);
        }
        self.context
            .queue
            .write_buffer(&self.numbers, 0, &self.told);
        self.context.queue.submit([encoder.finish()])
    }
}

/// Every resource that one of the passes names, once.
fn resources(passes: &[&'static Pass]) -> Vec<&'static Resource> {
    let mut all: Vec<&'static Resource> = Vec::new();
    for pass in passes {
        let read = pass.reads.iter().filter_map(|read| match read {
            Read::Now(resource) | Read::Past(resource) => Some(*resource),
            Read::Picture => None,
        });
        let written = pass.writes.iter().filter_map(|write| match write {
            Write::To(resource) | Write::Over(resource) => Some(*resource),
            Write::Picture | Write::Finished => None,
        });
        for resource in read.chain(written) {
            if !all.iter().any(|known| known.name == resource.name) {
                all.push(resource);
            }
        }
    }
    all
}

impl Renderer for GpuRenderer {
    fn render(
        &mut self,
        scene: &Scene,
        image: &Image,
        dt: f32,
        picture: &mut Picture,
    ) -> Result<(), RenderError> {
        let context = Arc::clone(&self.context);
        let size = self.sizes.output;
        let refused = |why| RenderError::of_card(&context, size, why);
        if let Some(why) = context.lost() {
            return Err(RenderError::Lost(why));
        }
        self.framing.frame(scene);
        self.sizes.image = image.side().max(1);
        let made = context.watched(|| {
            let image = self.brought(image)?;
            let room = self.room.take();
            let texture = picture.texture_mut(&context, self.sizes.output, room, &self.keepsake);
            let finished = texture.create_view(&Default::default());
            Ok(self.submit(scene, dt, &image, &finished))
        });
        self.given.push_back(made.map_err(refused)??);
        context.check().map_err(RenderError::Lost)?;
        while self.given.len() > AHEAD {
            if let Some(oldest) = self.given.pop_front() {
                context.wait(&oldest).map_err(RenderError::Lost)?;
            }
        }
        Ok(())
    }

    fn reset(&mut self) {
        self.ran.clear();
    }
}
