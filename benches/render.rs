//! What a picture costs on the processor: `cargo bench --bench render`.
//!
//! Prints the median of a picture's wall time and of the process's own time (which tells the cost
//! on a machine that has other things to do), for each size, number of threads and scene.

use std::time::{Duration, Instant};

use synopsia::gan::{Image, LATENT_DIM, Latent};
use synopsia::motion::{Camera, Grade, Warp};
use synopsia::render::{CpuRenderer, Picture, Renderer};
use synopsia::show::Scene;

const PICTURES: usize = 21;

fn main() {
    let image = image();
    println!(
        "{:>11} {:>8} {:<26} {:>8} {:>8}",
        "size", "threads", "scene", "wall ms", "cpu ms"
    );
    for [width, height] in [[1280, 720], [1920, 1080]] {
        for threads in [1, 2] {
            for (name, scene) in scenes() {
                let mut renderer = CpuRenderer::new(width, height, threads);
                let mut picture = Picture::default();
                let mut times = Vec::new();
                for frame in 0..PICTURES + 2 {
                    let (wall, own) = (Instant::now(), cpu_time());
                    let result = renderer.render(&scene, &image, 1.0 / 30.0, &mut picture);
                    if let Err(error) = result {
                        println!("{error}");
                        return;
                    }
                    // The first two make the buffers.
                    if frame >= 2 {
                        times.push((wall.elapsed(), cpu_time().saturating_sub(own)));
                    }
                }
                let median = |mut times: Vec<Duration>| {
                    times.sort_unstable();
                    times[PICTURES / 2].as_secs_f64() * 1e3
                };
                let wall = median(times.iter().map(|time| time.0).collect());
                let own = median(times.iter().map(|time| time.1).collect());
                let size = format!("{width}x{height}");
                println!("{size:>11} {threads:>8} {name:<26} {wall:>8.1} {own:>8.1}");
            }
        }
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
        camera: Camera::default(),
        warp: Warp::default(),
        grade: Grade::default(),
        trails: 0.0,
        brush: 0.0,
        flash: 0.0,
    };
    let strokes = Scene {
        brush: 0.6,
        ..plain
    };
    let warp = Warp {
        amount: 0.02,
        phase: 1.0,
        ripple: 0.01,
        ripple_radius: 0.3,
    };
    let warped = Scene { warp, ..strokes };
    let trails = Scene {
        trails: 0.3,
        ..warped
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
    Image { side, pixels }
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
