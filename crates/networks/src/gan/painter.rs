//! Which sampler paints: the graphics card or the CPU.
//!
//! Decided by what the adapter is and, where the fastest is asked for, by a measurement, never by the
//! name of the system: then a real card is timed against the CPU on the model at hand. A software
//! adapter is a program on the same CPU, and forty times slower at this than code made for it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::cpu::{CpuGenerator, CpuOptions};
use super::gpu::GpuGenerator;
use super::model::Model;
use super::{Generator, Image, LATENT_DIM, Latent, SampleError};
use crate::gpu::{GpuContext, Prefer};

/// A sampler, chosen.
pub enum Painter {
    Cpu(CpuGenerator),
    Gpu(GpuGenerator),
}

/// Longest that a film waits until the card's work is cut in the best way.
const FILM_TUNING: Duration = Duration::from_secs(5);
/// Longest that it is looked for while a show goes on.
const SHOW_TUNING: Duration = Duration::from_secs(60);

/// Pictures that are painted to measure a sampler, after a first one that warms it up.
const MEASURED: usize = 3;

/// Makes the sampler that `prefer` asks for. Says in a sentence which one it is and why.
/// Nothing fails: where the graphics device cannot paint, the CPU does.
pub fn open(
    model: &Model,
    prefer: Prefer,
    gpu: Option<&Arc<GpuContext>>,
    options: CpuOptions,
) -> (Painter, String) {
    let cpu = || CpuGenerator::new(model, options);
    let gpu = match (prefer, gpu) {
        (Prefer::Cpu, _) => return (Painter::Cpu(cpu()), "The CPU paints".to_owned()),
        (_, None) => {
            let why = "The CPU paints: there is no graphics adapter";
            return (Painter::Cpu(cpu()), why.to_owned());
        }
        (Prefer::Auto | Prefer::Fastest, Some(gpu)) if gpu.is_software() => {
            let why = format!("The CPU paints: {} is a software adapter", gpu.info.name);
            return (Painter::Cpu(cpu()), why);
        }
        (_, Some(gpu)) => gpu,
    };
    let name = &gpu.info.name;
    let mut card = match GpuGenerator::new(Arc::clone(gpu), model) {
        Ok(card) => card,
        Err(SampleError(error)) => {
            let why = format!("The CPU paints: {name} could not take the model: {error}");
            return (Painter::Cpu(cpu()), why);
        }
    };
    if prefer != Prefer::Fastest {
        // Tuned before the first picture and not after, for a film is to be painted in one way. A
        // software adapter has nothing to win.
        if !gpu.is_software()
            && let Err(SampleError(error)) = card.tune(FILM_TUNING)
        {
            let why = format!("The CPU paints: {name} was lost while it was tuned: {error}");
            return (Painter::Cpu(cpu()), why);
        }
        return (Painter::Gpu(card), format!("{name} paints"));
    }
    let mut cpu = cpu();
    match (time(&mut card), time(&mut cpu)) {
        (Ok(card_time), Ok(cpu_time)) => {
            let times = format!("{} on {name}, {} on the CPU", ms(card_time), ms(cpu_time));
            if card_time <= cpu_time {
                card.tune_in_background(SHOW_TUNING);
                (Painter::Gpu(card), format!("{name} paints: {times}"))
            } else {
                (Painter::Cpu(cpu), format!("The CPU paints: {times}"))
            }
        }
        (Err(SampleError(error)), _) | (_, Err(SampleError(error))) => {
            let why = format!("The CPU paints: {name} was lost at the first picture: {error}");
            (Painter::Cpu(cpu), why)
        }
    }
}

/// The least time for a picture: whatever else the machine does only adds to it.
fn time(generator: &mut dyn Generator) -> Result<Duration, SampleError> {
    let latent = Latent {
        z: [1.0; LATENT_DIM],
        mood: [0.0; 2],
        truncation: 1.0,
    };
    let mut image = Image::default();
    // With its pixels in memory: a card may still be at it when it says that it has begun.
    let mut paint = || {
        generator.sample(&latent, &mut image)?;
        image.pixels().map(|_| ())
    };
    paint()?;
    let mut least = Duration::MAX;
    for _ in 0..MEASURED {
        let start = Instant::now();
        paint()?;
        least = least.min(start.elapsed());
    }
    Ok(least)
}

fn ms(time: Duration) -> String {
    format!("{:.1} ms a picture", time.as_secs_f64() * 1e3)
}

impl Painter {
    /// Has the looks of a family paint by these shares, in their order, from now on; their sum is 1.
    /// Nothing where they are not as many as the model has looks.
    pub fn choose(&mut self, shares: &[f32]) {
        match self {
            Self::Cpu(cpu) => cpu.choose(shares),
            Self::Gpu(gpu) => gpu.choose(shares),
        }
    }
}

impl Generator for Painter {
    fn side(&self) -> usize {
        match self {
            Self::Cpu(cpu) => cpu.side(),
            Self::Gpu(gpu) => gpu.side(),
        }
    }

    fn sample(&mut self, latent: &Latent, image: &mut Image) -> Result<(), SampleError> {
        match self {
            Self::Cpu(cpu) => cpu.sample(latent, image),
            Self::Gpu(gpu) => gpu.sample(latent, image),
        }
    }
}
