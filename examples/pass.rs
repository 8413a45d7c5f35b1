//! A pass of one's own: a picture as a print in dots, on a graphics card.
//! `cargo run --example pass -- SEED PICTURE.png`

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;

use synopsia::gan::{CpuGenerator, CpuOptions, Generator, Image, Model};
use synopsia::gpu::shaders::Shader;
use synopsia::gpu::{GpuContext, Preference};
use synopsia::render::passes::{self, Pass, Read, Write, shared};
use synopsia::render::{GpuRenderer, Picture, Quality, Renderer};
use synopsia::show::{Controls, Show};
use synopsia::signal::SongTime;

const SIZE: [usize; 2] = [1280, 720];

/// What it reads and writes is declared by that alone, and `luma` and `encoded` come with the shared
/// piece; in the house the text would be a file of `shaders/`.
static DOTS: Pass = Pass {
    name: "dots",
    shader: Shader {
        file: "dots.wgsl",
        built_in: "
            const SIDE = 8.0;

            @fragment
            fn fragment(@builtin(position) pixel: vec4f) -> @location(0) vec4f {
                let middle = (floor(pixel.xy / SIDE) + 0.5) * SIDE;
                let light = textureLoad(picture, vec2i(middle), 0).rgb;
                let radius = 0.7 * SIDE * sqrt(luma(encoded(light)));
                let inside = clamp(radius - distance(pixel.xy, middle) + 0.5, 0.0, 1.0);
                return vec4f(mix(0.04 * light, 1.3 * light, inside), 1.0);
            }
        ",
    },
    pieces: &[&shared::COLOUR],
    reads: &[Read::Picture],
    writes: &[Write::Picture],
    ..Pass::NEW
};

fn paint(seed: u64, path: &str) -> Result<String, Box<dyn Error>> {
    let controls = Controls::default();
    let beginning = SongTime {
        seconds: 0.0,
        song: 0.0,
        beats: 0.0,
        beats_per_bar: 4.0,
        tempo: 90.0,
    };
    let scene = Show::new(seed, 48_000.0).scene(beginning, &controls);

    let model = Model::from_bytes("looks", include_bytes!("../models/looks.safetensors"))?;
    let mut generator = CpuGenerator::new(&model, CpuOptions::default());
    let mut image = Image::default();
    generator.sample(&scene.latent, &mut image)?;

    // Ours comes before the last pass, which makes of light what screens are sent.
    let (last, all_but_last) = passes::ALL.split_last().ok_or("there are no passes")?;
    let list = [all_but_last, &[&DOTS, *last]].concat();
    let card = GpuContext::new(Preference::Fastest)?;
    let quality = Quality::of(&card);
    let [width, height] = SIZE;
    let mut renderer = GpuRenderer::with_passes(Arc::clone(&card), width, height, quality, &list)?;
    let mut picture = Picture::default();
    renderer.render(&scene, &image, 0.0, &mut picture)?;
    let pixels = picture.pixels()?;
    let (width, height) = (pixels.width as u32, pixels.height as u32);
    image::save_buffer(path, &pixels.rgba, width, height, image::ColorType::Rgba8)?;
    Ok(card.info.name.clone())
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let painted = match &arguments[..] {
        [seed, path] => match seed.parse() {
            Ok(seed) => paint(seed, path),
            Err(_) => Err("a seed is a whole number".into()),
        },
        _ => Err("usage: pass SEED PICTURE.png".into()),
    };
    match painted {
        Ok(card) => {
            println!("{card} has made {}", arguments[1]);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
