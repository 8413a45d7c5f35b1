//! The painter on a graphics card: WGSL compute, one dispatch a layer, all in one submission.
//!
//! Weights are uploaded once. For each picture the CPU computes the [`Styles`], a few per cent of
//! the work, and uploads them (some 30 KB); the card does every convolution. The picture stays on
//! the card as a texture and a buffer, and is read back only by [`Generator::sample`]. Several
//! pictures, of several instances or of one film, can share a submission.
//!
//! A layer's work can be cut in many ways ([`tiling`]). A generator starts with what a cache says
//! is the best on this adapter ([`cache`]), or else with a guess, and [`GpuGenerator::tune`] finds
//! the best by measurement ([`tuning`]).

mod cache;
mod card;
mod layer;
mod plan;
mod template;
mod tiling;
mod timing;
mod tuning;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use self::cache::Cache;
use self::card::{Canvas, Card, Pass};
pub use self::layer::Storage;
pub use self::tiling::Tiling;
use self::tiling::candidates;
use self::timing::Stopwatch;
use self::tuning::{Tuned, Tuner};
use super::cpu::{Isa, Styles};
use super::image::PIXEL_BYTES;
use super::model::Model;
use super::{Generator, Image, Latent, SampleError};
use crate::gpu::GpuContext;

/// How a [`GpuGenerator`] works.
#[derive(Clone, Copy, Debug)]
pub struct GpuOptions {
    /// How features and weights are stored.
    pub storage: Storage,
    /// The most pictures in one submission, at least 1.
    pub pictures: usize,
}

impl Default for GpuOptions {
    fn default() -> Self {
        Self {
            storage: Storage::default(),
            pictures: 1,
        }
    }
}

/// What one pass of a generator costs.
#[derive(Clone, Debug)]
pub struct PassTime {
    /// What the pass does.
    pub name: String,
    /// How its work is cut; `None` for the pass that only finishes the picture.
    pub tiling: Option<Tiling>,
    /// Seconds for all pictures of a submission, the least that was measured.
    pub seconds: f64,
    /// Multiply-adds for all pictures.
    pub multiply_adds: usize,
    /// Bytes of memory that it reads and writes at the least, for all pictures.
    pub bytes: usize,
}

/// Paints on a graphics device.
pub struct GpuGenerator {
    card: Arc<Card>,
    canvas: Canvas,
    styles: Styles,
    /// The pictures' numbers on their way, and the first maps.
    upload: Vec<f32>,
    start: Vec<u8>,
    tilings: Vec<Tiling>,
    /// The layers' passes.
    passes: Vec<Pass>,
    /// Finishes the picture where the last layer does not.
    picture: Option<Pass>,
    tuner: Option<Tuner>,
}

impl GpuGenerator {
    /// Uploads a model's weights and compiles its passes, for one picture at a time.
    ///
    /// # Errors
    /// When the device has too little memory or refuses a shader.
    pub fn new(gpu: Arc<GpuContext>, model: &Model) -> Result<Self, SampleError> {
        Self::with_options(gpu, model, GpuOptions::default())
    }

    /// Uploads a model's weights and compiles its passes.
    ///
    /// # Errors
    /// As [`GpuGenerator::new`].
    pub fn with_options(
        gpu: Arc<GpuContext>,
        model: &Model,
        options: GpuOptions,
    ) -> Result<Self, SampleError> {
        let built = gpu.watched(|| Self::build(Arc::clone(&gpu), model, options));
        built.and_then(|generator| generator).map_err(SampleError)
    }

    fn build(gpu: Arc<GpuContext>, model: &Model, options: GpuOptions) -> Result<Self, String> {
        let pictures = options.pictures.max(1);
        let card = Arc::new(Card::new(gpu, model, options.storage, pictures)?);
        let device = &card.gpu.device;
        let canvas = card.canvas();

        let cache = Cache::open(&card.gpu.info);
        let limits = device.limits();
        let layers = card.plan.layers.iter();
        let tilings = layers.map(|layer| {
            let known = cache.get(&layer.key(options.storage, pictures));
            let known = known.filter(|tiling| tiling.fits(layer, &limits));
            let guessed = || candidates(layer, &limits, pictures).into_iter().next();
            known.or_else(guessed).ok_or("no tiling fits a layer")
        });
        let tilings = tilings.collect::<Result<Vec<_>, _>>()?;
        let passes = card
            .plan
            .layers
            .iter()
            .zip(&tilings)
            .zip(compiled(&card, &tilings)?);
        let passes = passes
            .enumerate()
            .map(|(i, ((layer, tiling), pipeline))| Pass {
                pipeline,
                bindings: card.bindings(i, &canvas),
                workgroups: tiling.workgroups(layer),
            });
        let passes = passes.collect();
        let mut generator = Self {
            styles: Styles::new(model, Isa::best()),
            upload: Vec::new(),
            start: Vec::new(),
            canvas,
            tilings,
            passes,
            picture: None,
            tuner: None,
            card,
        };
        for i in 0..generator.passes.len() {
            generator.parts_changed(i);
        }
        Ok(generator)
    }

    /// Paints one submission, so no more latents than the options allow (those behind are left
    /// out), and leaves the pictures on the card. Returns when the work is submitted; whatever is
    /// submitted to the same queue afterwards sees it finished.
    ///
    /// # Errors
    /// When the device is lost.
    pub fn paint(&mut self, latents: &[Latent]) -> Result<(), SampleError> {
        let count = latents.len().min(self.card.plan.pictures);
        let encoder = self.encode(&latents[..count]);
        self.submit(encoder)
    }

    /// Paints every latent, as many in one submission as the options allow, each as
    /// [`Generator::sample`] would.
    ///
    /// # Errors
    /// When the device is lost.
    pub fn sample_many(
        &mut self,
        latents: &[Latent],
        images: &mut Vec<Image>,
    ) -> Result<(), SampleError> {
        images.resize_with(latents.len(), Image::default);
        let pictures = self.card.plan.pictures;
        let chunks = latents.chunks(pictures).zip(images.chunks_mut(pictures));
        for (latents, images) in chunks {
            self.sample_into(latents, images)?;
        }
        Ok(())
    }

    /// The last pictures, one a layer of the texture: sRGB-encoded colours from 0 to 1 in 16-bit
    /// floats.
    pub fn texture(&self) -> &wgpu::Texture {
        &self.canvas.texture
    }

    /// The last pictures as `[pictures, side, side, 4]` f32, sRGB-encoded, 0 to 1.
    pub fn buffer(&self) -> &wgpu::Buffer {
        &self.canvas.pixels
    }

    /// The device that it paints on.
    pub fn gpu(&self) -> &Arc<GpuContext> {
        &self.card.gpu
    }

    /// Has the looks of a family paint by these shares, in their order, from now on; their sum is 1.
    /// Nothing where they are not as many as the model has looks.
    pub fn choose(&mut self, shares: &[f32]) {
        self.styles.choose(shares);
    }

    /// How each layer's work is cut.
    pub fn tilings(&self) -> &[Tiling] {
        &self.tilings
    }

    /// Measures ways to cut the layers that the cache does not know, for no longer than about
    /// `budget`, takes the best and keeps them in the cache. Returns how many layers it found a way
    /// for.
    ///
    /// # Errors
    /// When the device is lost.
    pub fn tune(&mut self, budget: Duration) -> Result<usize, SampleError> {
        self.tuner = None;
        let mut found = Vec::new();
        tuning::tune(&self.card, &self.tilings, budget, &|| false, |tuned| {
            found.push(tuned);
        })
        .map_err(SampleError)?;
        let count = found.len();
        for tuned in found {
            self.take(tuned);
        }
        Ok(count)
    }

    /// Does as [`GpuGenerator::tune`] on a thread of its own, while this generator paints on; each
    /// layer changes as soon as it is measured.
    pub fn tune_in_background(&mut self, budget: Duration) {
        self.tuner = Tuner::start(Arc::clone(&self.card), self.tilings.clone(), budget);
    }

    /// Whether a thread is still at that.
    pub fn is_tuning(&self) -> bool {
        self.tuner.as_ref().is_some_and(Tuner::is_running)
    }

    /// Measures each pass by itself, `runs` times, with `latent` in all pictures of a submission.
    ///
    /// # Errors
    /// When the device is lost.
    pub fn profile(&mut self, latent: &Latent, runs: usize) -> Result<Vec<PassTime>, SampleError> {
        let pictures = self.card.plan.pictures;
        let encoder = self.encode(&vec![*latent; pictures]);
        self.submit(encoder)?;
        let stopwatch = Stopwatch::new(&self.card.gpu);
        let mut times = Vec::new();
        for (i, pass) in self.passes.iter().chain(&self.picture).enumerate() {
            let mut seconds = f64::INFINITY;
            for _ in 0..runs.max(1) {
                let record = |compute: &mut wgpu::ComputePass| pass.record(compute, pictures);
                let time = stopwatch.time(&self.card.gpu, record);
                seconds = seconds.min(time.map_err(SampleError)?);
            }
            let plan = &self.card.plan;
            let layer = plan.layers.get(i);
            times.push(PassTime {
                name: layer.map_or("picture".to_owned(), |layer| {
                    layer.key(plan.storage, pictures)
                }),
                tiling: self.tilings.get(i).copied(),
                seconds,
                multiply_adds: layer.map_or(0, |layer| layer.work() * pictures),
                bytes: layer.map_or(0, |layer| layer.traffic(plan.storage, pictures)),
            });
        }
        Ok(times)
    }

    /// Takes what a tuner found since the last picture.
    fn take_found(&mut self) {
        let found: Vec<_> = self.tuner.iter().flat_map(Tuner::found).collect();
        for tuned in found {
            self.take(tuned);
        }
    }

    fn take(&mut self, tuned: Tuned) {
        let i = tuned.layer;
        self.tilings[i] = tuned.tiling;
        self.passes[i].pipeline = tuned.pipeline;
        self.passes[i].workgroups = tuned.tiling.workgroups(&self.card.plan.layers[i]);
        self.parts_changed(i);
    }

    /// Says to whoever reads layer `i`'s colours in how many parts they are.
    fn parts_changed(&mut self, i: usize) {
        let parts = self.tilings[i].colour_parts(&self.card.plan.layers[i]);
        if i + 1 < self.passes.len() {
            self.card.tell_parts(i + 1, parts);
        } else {
            self.picture = self.card.picture(parts, &self.canvas);
        }
    }

    /// Uploads what `latents` ask and records all passes for them.
    fn encode(&mut self, latents: &[Latent]) -> wgpu::CommandEncoder {
        self.take_found();
        let plan = &self.card.plan;
        self.upload.clear();
        self.start.clear();
        for latent in latents {
            self.styles.compute(latent);
            plan.style_numbers(&self.styles, &mut self.upload);
            // The samplers on the CPU have all channels of a pixel together, this one fours.
            let channels = plan.layers[0].c_in;
            for four in (0..channels).step_by(4) {
                for pixel in self.styles.map.chunks_exact(channels) {
                    plan.storage.encode(&pixel[four..][..4], &mut self.start);
                }
            }
        }
        let queue = &self.card.gpu.queue;
        let behind_own = (plan.own * PIXEL_BYTES) as u64;
        let numbers = bytemuck::cast_slice(&self.upload);
        queue.write_buffer(&self.card.numbers, behind_own, numbers);
        queue.write_buffer(&self.canvas.maps[0], 0, &self.start);

        let device = &self.card.gpu.device;
        let mut encoder = device.create_command_encoder(&Default::default());
        let mut compute = encoder.begin_compute_pass(&Default::default());
        for pass in self.passes.iter().chain(&self.picture) {
            pass.record(&mut compute, latents.len());
        }
        drop(compute);
        encoder
    }

    fn submit(&self, encoder: wgpu::CommandEncoder) -> Result<(), SampleError> {
        let gpu = &self.card.gpu;
        gpu.queue.submit([encoder.finish()]);
        gpu.check().map_err(SampleError)
    }

    /// Paints no more latents than fit one submission, each into an image on the card.
    fn sample_into(&mut self, latents: &[Latent], images: &mut [Image]) -> Result<(), SampleError> {
        let mut encoder = self.encode(latents);
        let gpu = Arc::clone(&self.card.gpu);
        let side = self.card.plan.side;
        let bytes = (side * side * PIXEL_BYTES) as u64;
        let copied = gpu.watched(|| {
            for (start, image) in (0..).step_by(bytes as usize).zip(images) {
                let buffer = image.buffer_mut(&gpu, side);
                encoder.copy_buffer_to_buffer(&self.canvas.pixels, start, buffer, 0, bytes);
            }
        });
        copied.map_err(SampleError)?;
        self.submit(encoder)
    }
}

/// Compiles all layers, each on a thread of its own: drivers take long, and a picture waits.
fn compiled(card: &Card, tilings: &[Tiling]) -> Result<Vec<wgpu::ComputePipeline>, String> {
    std::thread::scope(|scope| {
        let layers = tilings.iter().enumerate();
        let threads: Vec<_> = layers
            .map(|(i, tiling)| scope.spawn(move || card.gpu.watched(|| card.pipeline(i, tiling))))
            .collect();
        let made = threads.into_iter().map(|thread| {
            let panicked = |_| "a layer could not be compiled".to_owned();
            thread
                .join()
                .map_err(panicked)
                .and_then(|pipeline| pipeline)
        });
        made.collect()
    })
}

impl Generator for GpuGenerator {
    fn side(&self) -> usize {
        self.card.plan.side
    }

    fn sample(&mut self, latent: &Latent, image: &mut Image) -> Result<(), SampleError> {
        self.sample_into(std::slice::from_ref(latent), std::slice::from_mut(image))
    }
}
