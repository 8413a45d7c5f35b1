//! What a picture costs: `cargo bench --bench render [-- OPTIONS]`.
//!
//! Prints the median of a picture's wall time and of the process's own time (which tells the cost
//! on a machine that has other things to do), for each size, number of threads and scene.
//!
//! `--gpu` has a graphics card render instead, with the pixels in memory in the end; then comes a
//! film's whole way, where the card paints, too, and a show's whole frame, which stays on the card:
//! painter, passes, limiter of flashes and presenting, each by itself and all together. `--software` takes a
//! software adapter for a card, `--size WxH` (as often as one likes) and `--pictures N` choose
//! what is measured.

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use synopsia::gan::{self, Catalog, CpuOptions, Generator, Image, LATENT_DIM, Latent};
use synopsia::gpu::pipeline::{SAMPLER, SMOOTH_TEXTURE, begin, extent};
use synopsia::gpu::{GpuContext, Prefer, Preference};
use synopsia::motion::{Camera, Grade, Led, Warp};
use synopsia::render::{CpuRenderer, GpuRenderer, Limiter, Picture, Quality, Renderer};
use synopsia::show::{Controls, Scene};

/// Pictures before those that are measured: they make the buffers, and an idle card's clock, which
/// is slow, rises.
const FIRST: usize = 2;
const WARM_UP: Duration = Duration::from_millis(500);

struct Options {
    gpu: bool,
    software: bool,
    sizes: Vec<[usize; 2]>,
    pictures: usize,
}

impl Options {
    fn read() -> Result<Self, Box<dyn Error>> {
        let mut options = Self {
            gpu: false,
            software: false,
            sizes: Vec::new(),
            pictures: 21,
        };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            let mut next = || arguments.next().ok_or(format!("{argument} needs a value"));
            match argument.as_str() {
                // `cargo bench` adds it.
                "--bench" => {}
                "--gpu" => options.gpu = true,
                "--software" => (options.gpu, options.software) = (true, true),
                "--pictures" => options.pictures = next()?.parse::<usize>()?.max(1),
                "--size" => {
                    let text = next()?;
                    let (width, height) = text.split_once('x').ok_or("write it as 1280x720")?;
                    options.sizes.push([width.parse()?, height.parse()?]);
                }
                other => return Err(format!("what is {other}?").into()),
            }
        }
        if options.sizes.is_empty() {
            options.sizes = vec![[1280, 720], [1920, 1080]];
            if options.gpu {
                options.sizes.push([3840, 2160]);
            }
        }
        Ok(options)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::read()?;
    if options.gpu {
        on_card(&options)
    } else {
        on_processor(&options)
    }
}

fn on_processor(options: &Options) -> Result<(), Box<dyn Error>> {
    head("threads");
    for &[width, height] in &options.sizes {
        for threads in [1, 2] {
            for (name, scene) in scenes() {
                let mut renderer = CpuRenderer::new(width, height, threads);
                let times = measure(
                    &mut renderer,
                    &scene,
                    options.pictures,
                    Duration::ZERO,
                    None,
                )?;
                row([width, height], &threads.to_string(), name, times);
            }
        }
        for (name, flashes) in [("limiter", false), ("limiter, holding back", true)] {
            let times = limiting([width, height], flashes, options.pictures)?;
            row([width, height], "1", name, times);
        }
    }
    Ok(())
}

/// Median milliseconds of the limiter alone, with pictures that stay as they are or flash at 7.5 Hz.
fn limiting(size: [usize; 2], flashes: bool, pictures: usize) -> Result<[f64; 2], Box<dyn Error>> {
    let [(_, scene), ..] = scenes();
    let (mut limiter, mut times) = (Limiter::default(), Vec::new());
    for n in 0..30 + pictures {
        let mut picture = Picture::default();
        let light = if flashes && n / 2 % 2 == 0 { 40 } else { 200 };
        let codes = picture.pixels_mut(size).rgba.iter_mut().enumerate();
        codes.for_each(|(i, code)| *code = light + (i % 50) as u8);
        let begun = (Instant::now(), cpu_time());
        limiter.limit(&scene, 1.0, 1.0 / 30.0, &mut picture)?;
        if n >= 30 {
            times.push((begun.0.elapsed(), cpu_time().saturating_sub(begun.1)));
        }
    }
    Ok(median(times))
}

fn on_card(options: &Options) -> Result<(), Box<dyn Error>> {
    let gpu = GpuContext::new(if options.software {
        Preference::Software
    } else {
        Preference::Fastest
    })?;
    let quality = Quality::of(&gpu);
    let model = Catalog::default().find(Catalog::default_name())?;
    let (mut painter, who) = gan::open(&model, Prefer::Gpu, Some(&gpu), CpuOptions::default());
    println!("{who}, and renders in the {quality:?} quality\n");
    head("by");
    for &[width, height] in &options.sizes {
        let renderer = || GpuRenderer::new(Arc::clone(&gpu), width, height, quality);
        for (name, scene) in scenes() {
            let times = measure(&mut renderer()?, &scene, options.pictures, WARM_UP, None)?;
            row([width, height], "card", name, times);
        }
        let [.., (_, whole)] = scenes();
        let painter = &mut painter as &mut dyn Generator;
        let times = measure(
            &mut renderer()?,
            &whole,
            options.pictures,
            WARM_UP,
            Some(painter),
        )?;
        row([width, height], "card", "all of them, and painted", times);
        whole_frame(&gpu, &mut renderer()?, painter, &whole, options.pictures)?;
    }
    Ok(())
}

/// A screen of the pictures' size, without a display: what a window's pass draws to.
struct Screen {
    group: wgpu::BindGroupLayout,
    pipeline: wgpu::RenderPipeline,
    sampler: wgpu::Sampler,
    view: wgpu::TextureView,
}

impl Screen {
    fn new(gpu: &GpuContext, size: [usize; 2]) -> Self {
        const SHADER: &str = concat!(
            include_str!("../shaders/shared/fullscreen.wgsl"),
            include_str!("../shaders/window.wgsl")
        );
        let format = wgpu::TextureFormat::Bgra8Unorm;
        let stages = wgpu::ShaderStages::VERTEX_FRAGMENT;
        let group = gpu.layout("screen", stages, [(0, SMOOTH_TEXTURE), (1, SAMPLER)]);
        let module = gpu.module("screen", SHADER);
        let texture = gpu.device.create_texture(&wgpu::TextureDescriptor {
            label: Some("screen"),
            size: extent(size),
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format,
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT,
            view_formats: &[],
        });
        Self {
            pipeline: gpu.drawing("screen", &group, &module, &[Some(format.into())]),
            group,
            sampler: gpu.device.create_sampler(&wgpu::SamplerDescriptor {
                mag_filter: wgpu::FilterMode::Linear,
                min_filter: wgpu::FilterMode::Linear,
                ..Default::default()
            }),
            view: texture.create_view(&Default::default()),
        }
    }

    /// Draws a picture that is on the card.
    fn present(&self, gpu: &Arc<GpuContext>, picture: &Picture) -> Result<(), Box<dyn Error>> {
        let texture = picture
            .on_card(gpu)
            .ok_or("the picture is not on the card")?;
        let view = texture.create_view(&Default::default());
        let resources = [
            (0, wgpu::BindingResource::TextureView(&view)),
            (1, wgpu::BindingResource::Sampler(&self.sampler)),
        ];
        let group = gpu.bind("screen", &self.group, resources);
        let mut encoder = gpu.device.create_command_encoder(&Default::default());
        let mut drawing = begin(&mut encoder, "screen", &[&self.view], false);
        drawing.set_pipeline(&self.pipeline);
        drawing.set_bind_group(0, &group, &[]);
        drawing.draw(0..3, 0..1);
        drop(drawing);
        gpu.queue.submit([encoder.finish()]);
        Ok(())
    }
}

/// Prints what a show's whole frame costs, from latent to screen, and each of its parts.
fn whole_frame(
    gpu: &Arc<GpuContext>,
    renderer: &mut GpuRenderer,
    painter: &mut dyn Generator,
    scene: &Scene,
    pictures: usize,
) -> Result<(), Box<dyn Error>> {
    let (mut image, mut picture) = (Image::default(), Picture::default());
    renderer.render(scene, &image, 1.0 / 60.0, &mut picture)?;
    let size = picture.size();
    let screen = Screen::new(gpu, size);
    let mut limiter = Limiter::default();
    let before = gpu.copies();
    // One part after the other, each to its end; then all, with a frame given before the last is done.
    for apart in [true, false] {
        let mut times = [const { Vec::new() }; 5];
        let start = Instant::now();
        let mut frame = 0;
        while times[4].len() < pictures {
            let begun = (Instant::now(), cpu_time());
            let mut part = begun;
            let mut done = |times: &mut Vec<_>| -> Result<(), Box<dyn Error>> {
                if apart {
                    let nothing = gpu.device.create_command_encoder(&Default::default());
                    gpu.wait(&gpu.queue.submit([nothing.finish()]))?;
                    times.push((part.0.elapsed(), cpu_time().saturating_sub(part.1)));
                    part = (Instant::now(), cpu_time());
                }
                Ok(())
            };
            let [painting, passes, limiting, presenting, together] = &mut times;
            painter.sample(&latent(frame), &mut image)?;
            done(painting)?;
            renderer.render(scene, &image, 1.0 / 60.0, &mut picture)?;
            done(passes)?;
            limiter.limit(scene, 1.0, 1.0 / 60.0, &mut picture)?;
            done(limiting)?;
            screen.present(gpu, &picture)?;
            done(presenting)?;
            frame += 1;
            if frame > FIRST && (!together.is_empty() || start.elapsed() >= WARM_UP) {
                together.push((begun.0.elapsed(), cpu_time().saturating_sub(begun.1)));
            } else {
                times.iter_mut().for_each(Vec::clear);
            }
        }
        let [painting, passes, limiting, presenting, together] = times.map(median);
        if apart {
            row(size, "card", "whole frame: painter", painting);
            row(size, "card", "whole frame: passes", passes);
            row(size, "card", "whole frame: limiter", limiting);
            row(size, "card", "whole frame: presenting", presenting);
        } else {
            row(size, "card", "whole frame: together", together);
        }
    }
    let after = gpu.copies();
    if before != after {
        return Err(format!("pictures left the card: {before:?}, then {after:?}").into());
    }
    Ok(())
}

fn head(by: &str) {
    println!(
        "| {:>9} | {by:>7} | {:<26} | {:>7} | {:>6} |\n|---|---|---|---|---|",
        "size", "scene", "wall ms", "cpu ms"
    );
}

fn row([width, height]: [usize; 2], by: &str, scene: &str, [wall, own]: [f64; 2]) {
    let size = format!("{width}x{height}");
    println!("| {size:>9} | {by:>7} | {scene:<26} | {wall:>7.1} | {own:>6.1} |");
}

/// Median milliseconds of a picture: by the clock, and of this process. The painter, if there is
/// one, paints each anew.
fn measure(
    renderer: &mut dyn Renderer,
    scene: &Scene,
    pictures: usize,
    warm_up: Duration,
    mut painter: Option<&mut dyn Generator>,
) -> Result<[f64; 2], Box<dyn Error>> {
    let (mut image, mut picture) = (image(), Picture::default());
    let (start, mut frame) = (Instant::now(), 0);
    let mut times = Vec::new();
    while times.len() < pictures {
        let (wall, own) = (Instant::now(), cpu_time());
        if let Some(painter) = &mut painter {
            painter.sample(&latent(frame), &mut image)?;
        }
        renderer.render(scene, &image, 1.0 / 30.0, &mut picture)?;
        picture.pixels()?;
        if frame >= FIRST && (!times.is_empty() || start.elapsed() >= warm_up) {
            times.push((wall.elapsed(), cpu_time().saturating_sub(own)));
        }
        frame += 1;
    }
    Ok(median(times))
}

/// The median of both times, milliseconds; nothing is not a time.
fn median(times: Vec<(Duration, Duration)>) -> [f64; 2] {
    let middle = |mut times: Vec<Duration>| {
        times.sort_unstable();
        let middle = times.get(times.len() / 2);
        middle.map_or(f64::NAN, |time| time.as_secs_f64() * 1e3)
    };
    [
        middle(times.iter().map(|time| time.0).collect()),
        middle(times.iter().map(|time| time.1).collect()),
    ]
}

/// Latents that change each time, as in a film.
fn latent(frame: usize) -> Latent {
    Latent {
        z: std::array::from_fn(|k| ((frame * LATENT_DIM + k) as f32).sin()),
        mood: [0.3, -0.4],
        truncation: 0.8,
    }
}

/// Scenes that add one step after another, so that differences tell what each costs.
fn scenes() -> [(&'static str, Scene); 4] {
    let plain = Scene {
        latent: Latent {
            z: [0.0; LATENT_DIM],
            mood: [0.0; 2],
            truncation: 1.0,
        },
        led: Led::default(),
        camera: Camera::default(),
        warp: Warp::default(),
        grade: Grade::default(),
        trails: 0.0,
        brush: 0.0,
        flash: 0.0,
        controls: Controls::default(),
        tick: 0,
        sung: None,
    };
    let strokes = Scene {
        brush: 0.6,
        ..plain.clone()
    };
    let warp = Warp {
        amount: 0.02,
        phase: 1.0,
        ripple: 0.01,
        ripple_radius: 0.3,
    };
    let warped = Scene {
        warp,
        ..strokes.clone()
    };
    let trails = Scene {
        trails: 0.3,
        ..warped.clone()
    };
    [
        ("upscaled and graded", plain),
        ("with strokes", strokes),
        ("with strokes, warp", warped),
        ("with strokes, warp, trails", trails),
    ]
}

/// Edges of every direction, flat ground between them.
fn image() -> Image {
    let side = 128;
    let pixels = (0..side * side * 3)
        .map(|i| {
            let (x, y) = ((i / 3 % side) as f32 / 128.0, (i / 3 / side) as f32 / 128.0);
            let ring = ((x - 0.4).hypot(y - 0.5) * 30.0 + (i % 3) as f32).sin();
            0.5 + 0.45 * (ring * (x * 5.0).cos()).clamp(-0.6, 0.6)
        })
        .collect();
    Image::new(side, pixels)
}

/// Processor time of all threads of this process so far; zero where the system does not tell.
fn cpu_time() -> Duration {
    let Ok(tasks) = std::fs::read_dir("/proc/self/task") else {
        return Duration::ZERO;
    };
    let nanoseconds = tasks
        .filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("schedstat")).ok())
        .filter_map(|stat| stat.split(' ').next()?.parse::<u64>().ok())
        .sum();
    Duration::from_nanos(nanoseconds)
}
