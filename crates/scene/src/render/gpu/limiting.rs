//! The limiter of flashes on a card.

use std::sync::Arc;

use super::compiled::Compiled;
use super::recording::{self, Bound};
use super::resources;
use super::stock::Stock;
use crate::gpu::{Brought, GpuContext, Source};
use crate::render::frame_plan::Framing;
use crate::render::passes::{Frame, LIMITER, Limits, Moment, REPORT, Resource, Sizes};
use crate::render::{Picture, RenderError};
use crate::show::Scene;

/// Pictures after which the card is asked again whether it holds back.
const ASKED_EVERY: u32 = 10;

/// Limits flashes in pictures that are on a card, where they are; all that is decided stays there.
pub struct CardLimiter {
    gpu: Arc<GpuContext>,
    passes: Vec<Compiled>,
    resources: Vec<&'static Resource>,
    stock: Stock,
    numbers: wgpu::Buffer,
    told: Vec<u8>,
    /// No pass asks how a scene is framed.
    framing: Framing,
    sizes: Sizes,
    /// Whether there was a picture before.
    begun: bool,
    report: Brought<[u32; 2]>,
    /// What it said last: pictures held back, and whether that goes on.
    said: [u32; 2],
    since_asked: u32,
}

impl CardLimiter {
    /// A limiter for pictures on this card.
    ///
    /// # Errors
    /// When the card is lost, or does not understand a shader.
    pub fn new(gpu: &Arc<GpuContext>) -> Result<Self, RenderError> {
        let sizes = Sizes {
            output: [1, 1],
            canvas: 1,
            image: 1,
            layers: 0,
        };
        let made = gpu.watched(|| {
            let compile = |pass| Compiled::new(gpu, pass);
            let passes: Vec<Compiled> = LIMITER.iter().map(|pass| compile(*pass)).collect();
            Self {
                resources: resources(LIMITER),
                stock: Stock::default(),
                numbers: recording::numbers(gpu, &passes, &sizes),
                told: Vec::new(),
                framing: Framing::new(sizes.output, sizes.canvas),
                sizes,
                begun: false,
                report: Brought::new(gpu, read_report),
                said: [0; 2],
                since_asked: 0,
                gpu: Arc::clone(gpu),
                passes,
            }
        });
        made.map_err(|why| RenderError::of_card(gpu, sizes.output, why))
    }

    /// Whether its pictures are on this card.
    pub fn is_on(&self, gpu: &Arc<GpuContext>) -> bool {
        Arc::ptr_eq(&self.gpu, gpu)
    }

    /// Puts what is to be seen in the place of a picture that is on its card.
    ///
    /// # Errors
    /// When the card is lost, or has no room.
    pub fn limit(
        &mut self,
        scene: &Scene,
        limits: Limits,
        picture: &mut Picture,
    ) -> Result<(), RenderError> {
        let gpu = Arc::clone(&self.gpu);
        let size = picture.size();
        let fresh = self.sizes.output != size || !self.begun;
        self.sizes.output = size;
        let limits = Limits {
            first: (!self.begun).into(),
            fresh: fresh.into(),
            ..limits
        };
        let Some(texture) = picture.redrawn(&gpu) else {
            return Ok(());
        };
        let view = texture.create_view(&Default::default());
        let done = gpu.watched(|| self.submit(scene, limits, &view));
        done.map_err(|why| RenderError::of_card(&gpu, size, why))?;
        self.begun = true;
        Ok(())
    }

    fn submit(&mut self, scene: &Scene, limits: Limits, view: &wgpu::TextureView) {
        for resource in &self.resources {
            self.stock.fit(&self.gpu, resource, &self.sizes, false);
        }
        let moment = Moment {
            scene,
            framing: &self.framing,
            letters: None,
            dt: 0.0,
            sizes: self.sizes,
            limits,
        };
        self.told.clear();
        let frame = Frame::of(&self.sizes);
        recording::tell(bytemuck::bytes_of(&frame), &mut self.told);
        let unused = self.stock.buffer(&REPORT);
        let mut bound = Bound {
            gpu: &self.gpu,
            stock: &self.stock,
            image: unused,
            stencil: unused,
            finished: view,
            numbers: &self.numbers,
            read: view,
            written: view,
        };
        let mut encoder = self.gpu.device.create_command_encoder(&Default::default());
        for compiled in &self.passes {
            recording::record(&mut encoder, compiled, &moment, &mut bound, &mut self.told);
        }
        self.gpu.queue.write_buffer(&self.numbers, 0, &self.told);
        self.gpu.queue.submit([encoder.finish()]);
    }

    /// How many pictures were held back; waits for the card. What it said last where it is lost.
    pub fn held(&mut self) -> u64 {
        if self.begun {
            self.report.forget();
            let report = Source::Buffer(self.stock.buffer(&REPORT));
            if let Ok(said) = self.report.get(report) {
                self.said = *said;
            }
        }
        let [before, now] = self.said.map(u64::from);
        before + now
    }

    /// Whether it said last that it holds back. Asked for each picture, it asks the card now and then.
    pub fn holds_back(&mut self) -> bool {
        self.since_asked += 1;
        if self.begun && self.since_asked >= ASKED_EVERY {
            if let Some(said) = self.report.fetched() {
                self.said = *said;
                self.report.forget();
                self.since_asked = 0;
            } else {
                self.report
                    .fetch(Source::Buffer(self.stock.buffer(&REPORT)));
            }
        }
        self.said[1] != 0
    }
}

fn read_report(bytes: Vec<u8>) -> [u32; 2] {
    let number = |at: usize| {
        let bytes = bytes
            .get(at..at + 4)
            .and_then(|bytes| bytes.try_into().ok());
        bytes.map_or(0, u32::from_le_bytes)
    };
    [number(0), number(4)]
}
