//! How long a picture takes: `cargo bench --bench painter [-- MODEL]`.
//!
//! Prints how long the first picture takes, and the least and the median of each sampler. With `-- --paced=THREADS MODEL` it waits for a
//! line on its standard input before each picture and answers with its milliseconds, so that
//! another program can take turns with it (`benches/onnxruntime.py`). With `-- --gpu MODEL` it says
//! where a graphics card's time goes ([`gpu`]).

mod gpu;
mod peaks;

use std::io::{BufRead, Write};
use std::time::Instant;

use synopsia::gan::{
    Catalog, CpuGenerator, CpuOptions, Generator, GpuGenerator, Image, Isa, LATENT_DIM, Latent,
    Model,
};
use synopsia::gpu::{GpuContext, Preference};

const PICTURES: usize = 50;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // `cargo bench` adds `--bench`.
    let arguments: Vec<_> = std::env::args()
        .skip(1)
        .filter(|a| a != "--bench")
        .collect();
    if arguments.iter().any(|argument| argument == "--gpu") {
        return gpu::run(&arguments);
    }
    let paced = arguments
        .iter()
        .find_map(|argument| argument.strip_prefix("--paced="));
    let named = arguments
        .iter()
        .find(|argument| !argument.starts_with("--"));
    let model = Catalog::default().find(named.map_or(Catalog::default_name(), String::as_str))?;
    if let Some(threads) = paced {
        return pace(&model, threads.parse()?);
    }
    println!("{}, {1} x {1}", model.info.name, model.info.resolution);
    let start = Instant::now();
    let read = Catalog::default().find(named.map_or(Catalog::default_name(), String::as_str))?;
    let threads = 1;
    let mut fresh = CpuGenerator::new(&read, CpuOptions { threads, isa: None });
    time(&mut fresh, 0);
    let first = start.elapsed().as_secs_f64() * 1e3;
    println!("first picture {first:.0} ms after its model was asked for, threads: {threads}");
    for isa in Isa::available() {
        for threads in [1, 2] {
            let name = format!("{isa:?}, threads: {threads}");
            let isa = Some(isa);
            report(
                &name,
                &mut CpuGenerator::new(&model, CpuOptions { threads, isa }),
            );
        }
    }
    match GpuContext::new(Preference::Fastest) {
        Ok(gpu) => {
            let name = gpu.info.name.clone();
            report(&name, &mut GpuGenerator::new(gpu, &model)?);
        }
        Err(error) => println!("{error}"),
    }
    Ok(())
}

fn report(name: &str, generator: &mut dyn Generator) {
    let mut times: Vec<_> = (0..PICTURES as u64).map(|i| time(generator, i)).collect();
    times.sort_by(f64::total_cmp);
    let (least, median) = (times[0], times[times.len() / 2]);
    println!("{name:32} least {least:7.2} ms   median {median:7.2} ms");
}

fn pace(model: &Model, threads: usize) -> Result<(), Box<dyn std::error::Error>> {
    let mut generator = CpuGenerator::new(model, CpuOptions { threads, isa: None });
    for (i, line) in (0..).zip(std::io::stdin().lock().lines()) {
        line?;
        println!("{}", time(&mut generator, i));
        std::io::stdout().flush()?;
    }
    Ok(())
}

/// Milliseconds for one picture. The latent changes each time, as in a film.
fn time(generator: &mut dyn Generator, i: u64) -> f64 {
    let latent = Latent {
        z: std::array::from_fn(|k| ((i * LATENT_DIM as u64 + k as u64) as f32).sin()),
        mood: [0.3, -0.4],
        truncation: 0.8,
    };
    let mut image = Image::default();
    let side = generator.side();
    image.pixels_mut(side).reserve(side.pow(2) * 3);
    let start = Instant::now();
    generator
        .sample(&latent, &mut image)
        .expect("the device stays");
    // A card may still be at it.
    image.pixels().expect("the device stays");
    start.elapsed().as_secs_f64() * 1e3
}
