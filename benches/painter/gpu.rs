//! Where a graphics card's time goes: `cargo bench --bench painter -- --gpu [OPTIONS] MODEL`.
//!
//! Tunes the layers first where the card is real (for two minutes at most, or `--tuning SECONDS`,
//! which tunes a software adapter, too), then prints each pass and whole submissions, beside what
//! the adapter can do at most: measured (`peaks`), or as `--peak-tflops` and `--peak-gbs` say.
//! `--batch N` paints N pictures in a submission, `--single` stores 32-bit floats, `--software`
//! takes a software adapter, and `--json` prints one line for another program
//! (`benches/pytorch_gpu.py`).

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use synopsia::gan::{Catalog, GpuGenerator, GpuOptions, LATENT_DIM, Latent, Storage};
use synopsia::gpu::{GpuContext, Preference};

use super::peaks;

const TUNING: Duration = Duration::from_secs(120);
/// Measurements of a pass.
const RUNS: usize = 20;
/// Submissions that are timed together, and how often.
const TOGETHER: usize = 20;
const ROUNDS: usize = 5;
/// Painting before they are timed: an idle card's clock is slow and rises within this time.
const WARM_UP: Duration = Duration::from_millis(500);

#[allow(clippy::too_many_lines, reason = "a report, read from top to bottom")]
pub fn run(arguments: &[String]) -> Result<(), Box<dyn Error>> {
    let (mut name, mut pictures) = (Catalog::default_name(), 1);
    let (mut single, mut software, mut json) = (false, false, false);
    let (mut tuning, mut tflops, mut gbs) = (None, None, None);
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let mut next = || rest.next().ok_or(format!("{argument} needs a value"));
        match argument.as_str() {
            "--gpu" => {}
            "--batch" => pictures = next()?.parse()?,
            "--single" => single = true,
            "--software" => software = true,
            "--json" => json = true,
            "--tuning" => tuning = Some(Duration::from_secs(next()?.parse()?)),
            "--peak-tflops" => tflops = Some(next()?.parse::<f64>()?),
            "--peak-gbs" => gbs = Some(next()?.parse::<f64>()?),
            other if other.starts_with("--") => return Err(format!("what is {other}?").into()),
            other => name = other,
        }
    }

    let preference = if software {
        Preference::Software
    } else {
        Preference::Fastest
    };
    let gpu = GpuContext::new(preference)?;
    let storage = if single {
        Storage::Single
    } else {
        Storage::Half
    };
    let model = Catalog::default().find(name)?;
    let options = GpuOptions { storage, pictures };
    let start = Instant::now();
    let mut generator = GpuGenerator::with_options(Arc::clone(&gpu), &model, options)?;
    generator.paint(&latents(0, 1))?;
    wait(&gpu)?;
    let first = start.elapsed().as_secs_f64() * 1e3;
    let start = Instant::now();
    let budget = tuning.or((!gpu.is_software()).then_some(TUNING));
    let tuned = budget.map_or(Ok(0), |budget| generator.tune(budget))?;
    let tuning = start.elapsed().as_secs_f64();
    let (least, median) = submissions(&gpu, &mut generator, pictures)?;
    if json {
        println!(
            "{{\"adapter\": {:?}, \"batch\": {pictures}, \"storage\": \"{storage:?}\", \
             \"least_ms\": {least}, \"median_ms\": {median}, \"first_ms\": {first}, \
             \"tuned\": {tuned}, \"tuning_s\": {tuning}}}",
            gpu.info.name
        );
        return Ok(());
    }

    let side = model.info.resolution;
    println!("{name}, {side} x {side}, {pictures} at once, {storage:?}");
    let info = &gpu.info;
    println!(
        "{}, {:?}, {} {}",
        info.name, info.backend, info.driver, info.driver_info
    );
    println!("first picture after {first:.0} ms, {tuned} layers tuned in {tuning:.1} s");
    let flops = tflops.map_or_else(|| peaks::arithmetic(&gpu, false), |t| Ok(t * 1e12))?;
    let bytes = gbs.map_or_else(|| peaks::copying(&gpu), |g| Ok(g * 1e9))?;
    let said = |given: bool| if given { "given" } else { "measured" };
    println!(
        "peak: {:.2} TFLOP/s in 32 bits ({}), {:.0} GB/s ({})",
        flops / 1e12,
        said(tflops.is_some()),
        bytes / 1e9,
        said(gbs.is_some())
    );
    if gpu.device.features().contains(wgpu::Features::SHADER_F16) {
        let halves = peaks::arithmetic(&gpu, true)?;
        println!("peak: {:.2} TFLOP/s in 16 bits (measured)", halves / 1e12);
    }

    println!("\n      ms  GFLOP/s  of peak     GB/s  of peak  pass");
    let passes = generator.profile(&latents(0, 1)[0], RUNS)?;
    let row = |seconds: f64, work: usize, moved: usize, name: &str| {
        let (work, moved) = (2.0 * work as f64 / seconds, moved as f64 / seconds);
        println!(
            "{:8.3} {:8.0} {:7.1}% {:8.1} {:7.1}%  {name}",
            seconds * 1e3,
            work / 1e9,
            100.0 * work / flops,
            moved / 1e9,
            100.0 * moved / bytes
        );
    };
    for pass in &passes {
        row(pass.seconds, pass.multiply_adds, pass.bytes, &pass.name);
        if let Some(tiling) = pass.tiling {
            println!("{:45}{tiling:?}", "");
        }
    }
    let work = passes.iter().map(|pass| pass.multiply_adds).sum();
    let moved = passes.iter().map(|pass| pass.bytes).sum();
    let sum = passes.iter().map(|pass| pass.seconds).sum();
    row(sum, work, moved, "all passes, one by one");
    row(
        least / 1e3,
        work,
        moved,
        "a submission, with what the CPU does for it",
    );
    println!(
        "\na submission: least {least:.3} ms, median {median:.3} ms; {:.3} ms a picture",
        median / pictures as f64
    );
    Ok(())
}

/// Least and median milliseconds of a submission, many in a row.
fn submissions(
    gpu: &GpuContext,
    generator: &mut GpuGenerator,
    pictures: usize,
) -> Result<(f64, f64), Box<dyn Error>> {
    let together = if gpu.is_software() { 1 } else { TOGETHER };
    let start = Instant::now();
    loop {
        generator.paint(&latents(0, pictures))?;
        wait(gpu)?;
        if gpu.is_software() || start.elapsed() >= WARM_UP {
            break;
        }
    }
    let mut times = Vec::new();
    for round in 0..ROUNDS {
        let latents: Vec<_> = (0..together)
            .map(|i| latents(round + i, pictures))
            .collect();
        let start = Instant::now();
        for latents in &latents {
            generator.paint(latents)?;
        }
        wait(gpu)?;
        times.push(start.elapsed().as_secs_f64() * 1e3 / together as f64);
    }
    times.sort_by(f64::total_cmp);
    Ok((times[0], times[times.len() / 2]))
}

fn wait(gpu: &GpuContext) -> Result<(), Box<dyn Error>> {
    gpu.device.poll(wgpu::PollType::wait_indefinitely())?;
    gpu.lost().map_or(Ok(()), |why| Err(why.into()))
}

/// Latents that change each time, as in a film.
fn latents(seed: usize, count: usize) -> Vec<Latent> {
    let one = |i: usize| Latent {
        z: std::array::from_fn(|k| (((seed + i) * LATENT_DIM + k) as f32).sin()),
        mood: [0.3, -0.4],
        truncation: 0.8,
    };
    (0..count).map(one).collect()
}
