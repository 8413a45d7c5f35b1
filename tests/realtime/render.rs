//! A picture after the first allocates nothing of its own.

use crate::alone::alone;
use synopsia::gan::{Image, LATENT_DIM, Latent};
use synopsia::motion::{Camera, Grade, Led, Warp};
use synopsia::render::{CpuRenderer, Picture, Renderer};
use synopsia::show::{Controls, Lettering, Scene, Sung};

#[test]
fn pictures_after_the_first_reuse_every_buffer() {
    // Every allocation of the process counts.
    let name = "render::pictures_after_the_first_reuse_every_buffer";
    if !alone(name, &[]) {
        return;
    }
    let mut scene = Scene {
        latent: Latent {
            z: [0.0; LATENT_DIM],
            mood: [0.0; 2],
            truncation: 1.0,
        },
        led: Led::default(),
        camera: Camera::default(),
        warp: Warp::default(),
        grade: Grade::default(),
        trails: 0.3,
        brush: 1.0,
        flash: 0.0,
        controls: Controls {
            words: Lettering::Burned,
            ..Controls::default()
        },
        tick: 0,
        sung: Some(Sung {
            text: "Let it burn".into(),
            number: 0,
            rise: 1.0,
            fall: 0.0,
            through: 1.0,
            energy: 1.0,
        }),
    };
    let pixels = (0..128 * 128 * 3).map(|i| (i as f32 * 0.01).sin().abs());
    let image = Image::new(128, pixels.collect());
    let mut renderer = CpuRenderer::new(320, 180, 1);
    let mut picture = Picture::default();
    // The widest view first: later ones need no more.
    scene.camera.zoom = 0.9;
    renderer
        .render(&scene, &image, 0.03, &mut picture)
        .expect("a picture");
    let (_, bytes) = crate::host::allocations::of_all_threads(|| {
        for frame in 0..20 {
            scene.camera.zoom = 1.0 + 0.02 * frame as f32;
            scene.warp.phase = frame as f32;
            scene.tick = frame;
            renderer
                .render(&scene, &image, 0.03, &mut picture)
                .expect("a picture");
        }
    });
    // A picture is 230 kB; the thread pool's own queue may take a block of a few kB.
    assert!(bytes < 8192, "{bytes} bytes for 20 pictures");
}
