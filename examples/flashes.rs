//! Limits flashes in any pictures: raw RGBA from standard input to standard output.
//! `ffmpeg -i IN -f rawvideo -pix_fmt rgba - | cargo run --example flashes -- WIDTH HEIGHT FPS > RAW`

use std::error::Error;
use std::io::{ErrorKind, Read, Write, stdin, stdout};
use std::time::Instant;

use synopsia::render::{Limiter, Picture, Pixels};
use synopsia::show::{Controls, Timeline};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |what: &str| -> Result<f32, String> {
        let text = arguments.next().ok_or(format!("{what} is missing"))?;
        text.parse().map_err(|_| format!("{text} is no {what}"))
    };
    let [width, height] = [number("width")? as usize, number("height")? as usize];
    let dt = number("number of pictures a second")?.recip();
    // Only whether it is limited is asked of a scene.
    let scene = Timeline::new(1, 48_000.0).scene(0, &Controls::default());
    let mut limiter = Limiter::default();
    let mut rgba = vec![0; width * height * 4];
    let mut times = Vec::new();
    loop {
        match stdin().read_exact(&mut rgba) {
            Err(end) if end.kind() == ErrorKind::UnexpectedEof => break,
            read => read?,
        }
        let mut picture = Picture::from(Pixels {
            width,
            height,
            rgba: rgba.clone(),
        });
        let begun = Instant::now();
        limiter.limit(&scene, 1.0, dt, &mut picture)?;
        times.push(begun.elapsed());
        stdout().write_all(&picture.pixels()?.rgba)?;
    }
    times.sort_unstable();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    eprintln!(
        "{} of {} pictures were held back; {median:.1?} each (median)",
        limiter.held(),
        times.len(),
    );
    Ok(())
}
