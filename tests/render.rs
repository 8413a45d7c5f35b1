//! What every picture owes its scene, on the processor and on a graphics card.

use std::sync::Arc;

use synopsia::gan::{Catalog, Generator, GpuGenerator, Image, LATENT_DIM, Latent};
use synopsia::gpu::{GpuContext, Preference};
use synopsia::motion::{Camera, Grade, Led, Warp};
use synopsia::render::trails::memory_frames;
use synopsia::render::{CpuRenderer, GpuRenderer, Picture, Pixels, Quality, RenderError, Renderer};
use synopsia::show::{Controls, Lettering, Scene, Sung};

const FRAME: f32 = 1.0 / 30.0;

fn scene() -> Scene {
    Scene {
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
    }
}

/// A scene in which everything moves.
fn wild_scene() -> Scene {
    Scene {
        camera: Camera {
            zoom: 1.15,
            rotation: 0.2,
            shift: [0.05, -0.08],
            ..Camera::default()
        },
        warp: Warp {
            amount: 0.03,
            phase: 2.0,
            ripple: 0.02,
            ripple_radius: 0.3,
        },
        grade: Grade {
            palette: [[0.05, 0.02, 0.15], [0.6, 0.2, 0.4], [1.0, 0.85, 0.6]],
            tint: 0.5,
            saturation: 1.2,
            brightness: 0.05,
            contrast: 1.2,
            vignette: 0.5,
        },
        brush: 0.7,
        flash: 0.3,
        ..scene()
    }
}

/// The wild scene under mirrors.
fn kaleidoscope(symmetry: u8) -> Scene {
    let wild = wild_scene();
    Scene {
        camera: Camera {
            symmetry,
            ..wild.camera
        },
        ..wild
    }
}

/// An image from a function of position (0 to 1 across and down).
fn image(side: usize, colour: impl Fn(f32, f32) -> [f32; 3]) -> Image {
    let place = |i: usize| (i as f32 + 0.5) / side as f32;
    let pixels = (0..side * side)
        .flat_map(|i| colour(place(i % side), place(i / side)))
        .collect();
    Image::new(side, pixels)
}

/// Rings, stripes and soft ground: edges of every direction; `morph` turns one into another.
fn composition(morph: f32) -> Image {
    image(128, |x, y| {
        let ring = ((x - 0.4).hypot(y - 0.5 - 0.1 * morph) * 40.0).sin();
        let stripe = ((x + 2.0 * y) * 17.0 + morph).sin();
        let edge = if x + 0.3 * y > 0.75 { 0.8 } else { 0.1 };
        [
            0.5 + 0.4 * ring,
            0.5 + 0.3 * stripe * ring,
            edge * (0.6 + 0.4 * stripe),
        ]
    })
}

fn render(renderer: &mut dyn Renderer, scene: &Scene, image: &Image) -> Pixels {
    let mut picture = Picture::default();
    renderer
        .render(scene, image, FRAME, &mut picture)
        .expect("a picture");
    picture.pixels().expect("its pixels").clone()
}

fn render_once(size: [usize; 2], scene: &Scene, image: &Image) -> Pixels {
    render(&mut CpuRenderer::new(size[0], size[1], 1), scene, image)
}

fn pixel(picture: &Pixels, x: usize, y: usize) -> [u8; 3] {
    let at = (y * picture.width + x) * 4;
    [picture.rgba[at], picture.rgba[at + 1], picture.rgba[at + 2]]
}

/// Mean and largest difference between two pictures, in steps of 255.
fn difference(a: &Pixels, b: &Pixels) -> (f64, u8) {
    assert_eq!((a.width, a.height), (b.width, b.height));
    let apart = |(a, b): (&u8, &u8)| a.abs_diff(*b);
    let total: u64 = a
        .rgba
        .iter()
        .zip(&b.rgba)
        .map(|pair| apart(pair) as u64)
        .sum();
    // A quarter of the bytes is alpha.
    let mean = total as f64 / (a.rgba.len() as f64 * 0.75);
    (
        mean,
        a.rgba.iter().zip(&b.rgba).map(apart).max().unwrap_or(0),
    )
}

/// Lavapipe, which every test machine has (`mesa-vulkan-drivers`), or with `SYNOPSIA_TEST_GPU` set
/// the fastest adapter there is.
fn adapter() -> Arc<GpuContext> {
    if std::env::var_os("SYNOPSIA_TEST_GPU").is_some() {
        let gpu = GpuContext::new(Preference::Fastest).unwrap();
        eprintln!("on {}", gpu.info.name);
        return gpu;
    }
    GpuContext::new(Preference::Software).unwrap_or_else(|error| {
        panic!("{error}. Install mesa-vulkan-drivers (Debian, Ubuntu) to test shaders")
    })
}

#[test]
fn every_size_is_filled_and_opaque() {
    let white = image(32, |_, _| [1.0; 3]);
    for size in [[1, 1], [16, 16], [17, 31], [640, 359], [301, 100], [90, 1]] {
        let picture = render_once(
            size,
            &Scene {
                brush: 0.6,
                ..scene()
            },
            &white,
        );
        assert_eq!([picture.width, picture.height], size);
        assert_eq!(picture.rgba.len(), size[0] * size[1] * 4);
        for pixel in picture.rgba.chunks_exact(4) {
            assert_eq!(pixel[3], 255);
            assert!(
                pixel[..3].iter().all(|&channel| channel > 150),
                "{size:?} {pixel:?}"
            );
        }
    }
}

#[test]
fn black_stays_black() {
    let black = image(128, |_, _| [0.0; 3]);
    let scene = Scene {
        brush: 1.0,
        trails: 0.5,
        ..scene()
    };
    let picture = render_once([320, 180], &scene, &black);
    assert!(
        picture
            .rgba
            .chunks_exact(4)
            .all(|pixel| pixel[..3] == [0; 3])
    );
}

#[test]
fn nan_and_missing_pixels_count_as_black() {
    let whole = composition(0.0);
    let pixels = || whole.pixels().unwrap().to_vec();
    let (mut holes, mut black) = (pixels(), pixels());
    for i in 3000..6000 {
        holes[i] = [f32::NAN, f32::NEG_INFINITY][i % 2];
        black[i] = 0.0;
    }
    let size = [160, 90];
    let rendered = |pixels| render_once(size, &wild_scene(), &Image::new(whole.side(), pixels));
    assert!(rendered(holes) == rendered(black));

    let (mut short, mut rest_black) = (pixels(), pixels());
    short.truncate(9000);
    rest_black[9000..].fill(0.0);
    assert!(rendered(short) == rendered(rest_black));
    let nothing = render_once(
        size,
        &Scene {
            brush: 0.6,
            ..scene()
        },
        &Image::default(),
    );
    assert!(
        nothing
            .rgba
            .chunks_exact(4)
            .all(|pixel| pixel[..3] == [0; 3])
    );
}

#[test]
fn a_scene_full_of_nan_still_gives_a_picture() {
    let nan = f32::NAN;
    let broken = Scene {
        camera: Camera {
            zoom: nan,
            rotation: f32::INFINITY,
            shift: [nan; 2],
            symmetry: 0,
        },
        warp: Warp {
            amount: nan,
            phase: nan,
            ripple: nan,
            ripple_radius: nan,
        },
        grade: Grade {
            palette: [[nan; 3]; 3],
            tint: nan,
            saturation: nan,
            brightness: nan,
            contrast: nan,
            vignette: nan,
        },
        trails: nan,
        brush: nan,
        flash: nan,
        ..scene()
    };
    let image = composition(0.0);
    let size = [160, 90];
    assert!(render_once(size, &broken, &image) == render_once(size, &scene(), &image));
    // And one that is finite, but beyond all measure.
    let huge = Scene {
        camera: Camera {
            zoom: 1e30,
            rotation: 1e30,
            shift: [-1e30, 1e30],
            symmetry: 1,
        },
        warp: Warp {
            amount: 1e30,
            phase: 1e30,
            ripple: 1e30,
            ripple_radius: 1e30,
        },
        ..scene()
    };
    render_once(size, &huge, &image);
    let far = Scene {
        camera: Camera {
            zoom: 0.0,
            ..huge.camera
        },
        ..huge
    };
    render_once(size, &far, &image);
}

#[test]
fn threads_do_not_change_a_bit() {
    let scene = Scene {
        trails: 0.3,
        ..wild_scene()
    };
    let film = |threads: usize| {
        let mut renderer = CpuRenderer::new(427, 241, threads);
        [0.0, 0.1, 0.2].map(|morph| render(&mut renderer, &scene, &composition(morph)))
    };
    let alone = film(1);
    assert!(film(2) == alone);
    assert!(film(5) == alone);
    let [one, four] = [1, 4].map(|threads| {
        let mut renderer = CpuRenderer::new(427, 241, threads);
        render(&mut renderer, &kaleidoscope(5), &composition(0.0))
    });
    assert!(one == four);
}

#[test]
fn without_brush_a_gradient_is_smooth() {
    let ramp = image(128, |x, _| [0.1 + 0.8 * x; 3]);
    let picture = render_once([1280, 720], &scene(), &ramp);
    // Away from the edges, where the mirrored ramp turns back.
    let row: Vec<u8> = (60..1220).map(|x| pixel(&picture, x, 360)[0]).collect();
    assert!(
        row.windows(2)
            .all(|pair| pair[0] <= pair[1] && pair[1] - pair[0] <= 1)
    );
    // Ten pixels of output for one of the image: blocks would hold a value for ten.
    let longest = row.chunk_by(|a, b| a == b).map(<[u8]>::len).max();
    assert!(longest <= Some(8), "{longest:?} equal pixels in a row");
}

#[test]
fn without_brush_the_picture_is_a_lanczos_upscale() {
    let soft = image(64, |x, y| {
        [
            0.5 + 0.4 * (x * 20.0).sin() * (y * 15.0).cos(),
            0.3 + 0.5 * x * y,
            0.7 - 0.5 * y,
        ]
    });
    let picture = render_once([512, 512], &scene(), &soft);
    let kernel = |x: f64| {
        let a = std::f64::consts::PI * x;
        if x.abs() < 1e-9 {
            1.0
        } else if x.abs() < 3.0 {
            3.0 * a.sin() * (a / 3.0).sin() / (a * a)
        } else {
            0.0
        }
    };
    let reference = |x: usize, y: usize| {
        let place = |i: usize| (i as f64 + 0.5) / 8.0 - 0.5;
        let (u, v) = (place(x), place(y));
        let (mut sum, mut total) = (0.0, 0.0);
        for row in v.floor() as i64 - 2..=v.floor() as i64 + 3 {
            for column in u.floor() as i64 - 2..=u.floor() as i64 + 3 {
                let weight = kernel(u - column as f64) * kernel(v - row as f64);
                sum += weight * soft.pixels().unwrap()[(row * 64 + column) as usize * 3] as f64;
                total += weight;
            }
        }
        sum / total * 255.0
    };
    for y in (40..470).step_by(7) {
        for x in (40..470).step_by(7) {
            let apart = pixel(&picture, x, y)[0] as f64 - reference(x, y);
            assert!(apart.abs() < 2.5, "{x} {y}: {apart}");
        }
    }
}

#[test]
fn the_picture_goes_on_mirrored_without_a_seam() {
    let soft = image(128, |x, y| [x, y, 0.5 + 0.5 * (x * 9.0).sin()]);
    let scene = Scene {
        camera: Camera {
            zoom: 0.4,
            ..Camera::default()
        },
        ..scene()
    };
    let picture = render_once([480, 480], &scene, &soft);
    for y in 0..480 {
        for x in 1..480 {
            let (a, b) = (pixel(&picture, x - 1, y), pixel(&picture, x, y));
            assert!(
                (0..3).all(|k| a[k].abs_diff(b[k]) <= 9),
                "{x} {y}: {a:?} {b:?}"
            );
        }
    }
    // At zoom 0.4 the picture is 192 pixels wide, from 144 to 336: what lies left of it mirrors it.
    let (inside, outside) = (
        pixel(&picture, 144 + 40, 200),
        pixel(&picture, 143 - 40, 200),
    );
    assert!(
        (0..3).all(|k| inside[k].abs_diff(outside[k]) <= 2),
        "{inside:?} {outside:?}"
    );
}

#[test]
fn the_camera_turns_shifts_and_zooms_as_it_says() {
    let spot = image(128, |x, y| {
        [if (x - 0.7).hypot(y - 0.5) < 0.05 {
            1.0
        } else {
            0.0
        }; 3]
    });
    // Where the light is, in hundredths of the output.
    let place = |camera: Camera| {
        let picture = render_once([200, 200], &Scene { camera, ..scene() }, &spot);
        let (mut total, mut place) = (0.0, [0.0; 2]);
        for y in 0..200 {
            for x in 0..200 {
                let light = pixel(&picture, x, y)[0] as f32;
                total += light;
                place[0] += light * x as f32;
                place[1] += light * y as f32;
            }
        }
        place.map(|sum| (sum / total / 2.0).round() as i32)
    };
    let still = Camera::default();
    assert_eq!(place(still), [70, 50]);
    let quarter = Camera {
        rotation: std::f32::consts::FRAC_PI_2,
        ..still
    };
    assert_eq!(
        place(quarter),
        [50, 30],
        "counter-clockwise lifts the right side"
    );
    assert_eq!(place(Camera { zoom: 2.0, ..still }), [90, 50]);
    assert_eq!(
        place(Camera {
            shift: [0.2, 0.1],
            ..still
        }),
        [50, 40]
    );
}

#[test]
fn a_kaleidoscope_is_the_same_in_every_sector_and_in_its_mirror() {
    let side = 241;
    let middle = side as f32 * 0.5;
    for sectors in [2, 3, 5, 6, 12] {
        let mut scene = kaleidoscope(sectors);
        scene.camera.rotation = 0.3;
        // Darker corners are the screen's, and brush and weave finer than a sample.
        scene.grade.vignette = 0.0;
        scene.brush = 0.0;
        let soft = image(128, |x, y| [x, y, 0.5 + 0.5 * (x * 9.0).sin()]);
        let picture = render_once([side, side], &scene, &soft);
        let at = |angle: f32, distance: f32| {
            let place = [angle.cos(), angle.sin()].map(|x| middle + x * distance - 0.5);
            let [x, y] = place.map(|x| x.round() as usize);
            pixel(&picture, x, y)
        };
        for step in 0..40 {
            let angle = step as f32 * 0.05;
            for distance in [20.0, 55.0, 90.0, 118.0] {
                let here = at(angle - 0.3, distance);
                for sector in 0..sectors {
                    let turn = std::f32::consts::TAU * f32::from(sector) / f32::from(sectors);
                    for other in [angle + turn, turn - angle] {
                        let there = at(other - 0.3, distance);
                        // Pixels do not fall on each other when they are turned.
                        assert!(
                            (0..3).all(|k| here[k].abs_diff(there[k]) <= 14),
                            "{sectors} sectors, {angle} and {other} at {distance}: {here:?} {there:?}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn a_kaleidoscope_has_no_seam_and_no_blank() {
    let soft = image(128, |x, y| [0.2 + 0.6 * x, 0.2 + 0.6 * y, 0.5]);
    for size in [[480, 270], [270, 480], [900, 100], [17, 31], [1, 1]] {
        for sectors in [2, 3, 4, 5, 7, 8, 9, 11, 12] {
            for rotation in [0.0, 0.7, 3.0] {
                let mut scene = kaleidoscope(sectors);
                scene.camera.rotation = rotation;
                scene.brush = 0.0;
                scene.flash = 0.0;
                scene.grade = Grade::default();
                // The ripple is a crease of its own.
                scene.warp.ripple = 0.0;
                let picture = render_once(size, &scene, &soft);
                for y in 0..size[1] {
                    for x in 0..size[0] {
                        let here = pixel(&picture, x, y);
                        assert!(
                            here.iter().all(|&channel| channel > 35),
                            "{x} {y}: {here:?}"
                        );
                        for (x, y) in [(x + 1, y), (x, y + 1)] {
                            if x < size[0] && y < size[1] && size[1] > 99 {
                                let there = pixel(&picture, x, y);
                                assert!(
                                    (0..3).all(|k| here[k].abs_diff(there[k]) <= 5),
                                    "{size:?}, {sectors} sectors, {x} {y}: {here:?} {there:?}"
                                );
                            }
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn a_slow_morph_is_calm() {
    let scene = Scene {
        brush: 1.0,
        ..scene()
    };
    let mut renderer = CpuRenderer::new(640, 360, 1);
    let (first, second) = (composition(0.5), composition(0.502));
    let (before, after) = (first.pixels().unwrap(), second.pixels().unwrap());
    let change: f32 = before.iter().zip(after).map(|(a, b)| (a - b).abs()).sum();
    let change = 255.0 * change as f64 / before.len() as f64;
    let (mean, _) = difference(
        &render(&mut renderer, &scene, &first),
        &render(&mut renderer, &scene, &second),
    );
    // Redrawn strokes would change the picture by tens; rounding to 8 bits alone adds a little.
    assert!(
        mean < 3.0 * change + 0.2,
        "the image changed by {change}, the picture by {mean}"
    );
}

#[test]
fn in_a_slow_morph_no_bristle_jumps_from_pixel_to_pixel() {
    let scene = Scene {
        brush: 1.0,
        ..scene()
    };
    let mut renderer = CpuRenderer::new(640, 360, 1);
    let [first, second, third] =
        [0.5, 0.504, 0.508].map(|morph| render(&mut renderer, &scene, &composition(morph)).rgba);
    // What moves evenly has no second difference; what jumps for one picture has all of it.
    let jumps = |((a, b), c): ((&u8, &u8), &u8)| {
        (i32::from(*a) - 2 * i32::from(*b) + i32::from(*c)).abs() > 12
    };
    let count = first.iter().zip(&second).zip(&third).filter(|x| jumps(*x));
    let share = count.count() as f64 / (0.75 * first.len() as f64);
    assert!(share < 0.0005, "{share} of all values jump");
}

/// Renders the frames `from..to` of a film in which everything moves, from a fresh start.
fn film(renderer: &mut dyn Renderer, from: usize, to: usize, half_life: f32) -> Vec<Pixels> {
    renderer.reset();
    (from..to)
        .map(|frame| {
            let mut scene = Scene {
                trails: half_life,
                ..wild_scene()
            };
            scene.camera.rotation = frame as f32 * 0.11;
            render(renderer, &scene, &composition(frame as f32 * 0.05))
        })
        .collect()
}

fn parts_of_a_film_join(renderer: &mut dyn Renderer) {
    let half_life = 0.04;
    let memory = memory_frames(half_life, 30.0);
    let whole = film(renderer, 0, memory + 6, half_life);
    let part = film(renderer, 4, memory + 6, half_life);
    assert!(part[memory..] == whole[4 + memory..]);
    // And the past does show before it is forgotten.
    assert!(part[0] != whole[4]);
}

#[test]
fn parts_of_a_film_join_on_the_processor() {
    parts_of_a_film_join(&mut CpuRenderer::new(96, 54, 1));
}

#[test]
fn parts_of_a_film_join_on_a_graphics_card() {
    let renderer = GpuRenderer::new(adapter(), 96, 54, Quality::Light);
    parts_of_a_film_join(&mut renderer.expect("a renderer"));
}

#[test]
fn both_renderers_paint_the_same_picture() {
    let size = [640, 360];
    let mut card =
        GpuRenderer::new(adapter(), size[0], size[1], Quality::Light).expect("a renderer");
    let mut processor = CpuRenderer::new(size[0], size[1], 1);
    let scenes = [
        scene(),
        Scene {
            brush: 0.6,
            ..scene()
        },
        Scene {
            trails: 0.2,
            ..wild_scene()
        },
        Scene {
            camera: Camera {
                zoom: 0.5,
                ..Camera::default()
            },
            brush: 1.0,
            ..wild_scene()
        },
        kaleidoscope(2),
        kaleidoscope(7),
        kaleidoscope(12),
    ];
    for (index, scene) in scenes.iter().enumerate() {
        for morph in [0.0, 0.4] {
            let image = composition(morph);
            let (mean, most) = difference(
                &render(&mut card, scene, &image),
                &render(&mut processor, scene, &image),
            );
            eprintln!("scene {index}: mean {mean}, largest {most}");
            // Half-precision blending errs by a step or two. A rounding that falls to the other side picks the
            // neighbouring texel of a mark, which shows at single pixels.
            assert!(
                mean < 1.0 && most <= 48,
                "scene {index}: mean {mean}, largest {most}"
            );
        }
    }
}

#[test]
fn the_rich_quality_paints_the_same_composition() {
    let renderer = GpuRenderer::new(adapter(), 161, 90, Quality::Rich);
    let rich = render(
        &mut renderer.expect("a renderer"),
        &wild_scene(),
        &composition(0.0),
    );
    let light = render_once([161, 90], &wild_scene(), &composition(0.0));
    let (mean, _) = difference(&rich, &light);
    assert!(mean > 0.5 && mean < 16.0, "{mean}");
}

#[test]
fn a_lost_device_is_an_error_and_not_a_panic() {
    let context = adapter();
    let mut renderer =
        GpuRenderer::new(context.clone(), 64, 36, Quality::Light).expect("a renderer");
    let kept = render(&mut renderer, &scene(), &composition(0.0));
    let mut lost = Picture::default();
    renderer
        .render(&wild_scene(), &composition(0.0), FRAME, &mut lost)
        .expect("a picture");
    context.device.destroy();
    // Nobody has seen it; whoever asks for it sees the one before.
    assert_eq!(lost.pixels(), Ok(&kept));
    let mut picture = Picture::default();
    let result = renderer.render(&scene(), &composition(0.0), FRAME, &mut picture);
    assert!(matches!(result, Err(RenderError::Lost(_))), "{result:?}");
}

#[test]
fn a_picture_too_large_for_the_card_is_refused_in_plain_words() {
    let context = adapter();
    let width = context.limits.max_texture_dimension_2d as usize + 1;
    let error = GpuRenderer::new(context, width, 10, Quality::Light).err();
    assert!(
        matches!(error, Some(RenderError::TooLarge { .. })),
        "{error:?}"
    );
}

#[test]
fn a_card_without_room_refuses_one_renderer_and_goes_on_for_the_others() {
    // Less than the fine strokes take, or a larger picture on its way to memory.
    const LARGEST: u64 = 1 << 20;
    let context = GpuContext::with_limits(Preference::Software, |limits| wgpu::Limits {
        max_buffer_size: LARGEST,
        max_storage_buffer_binding_size: LARGEST,
        ..limits
    });
    let context = context.expect("lavapipe");
    let image = composition(0.0);
    let other = GpuRenderer::new(context.clone(), 160, 90, Quality::Light);
    let mut other = other.expect("a small renderer");
    let before = render(&mut other, &wild_scene(), &image);

    let large = GpuRenderer::new(context.clone(), 640, 480, Quality::Light);
    let mut large = large.expect("textures are no buffers");
    let mut picture = Picture::default();
    large
        .render(&wild_scene(), &image, FRAME, &mut picture)
        .expect("a picture on the card");
    let refused = picture.pixels();
    assert!(
        matches!(refused, Err(RenderError::Refused { .. })),
        "{refused:?}"
    );
    let error = GpuRenderer::new(context.clone(), 160, 90, Quality::Rich).err();
    assert!(
        matches!(error, Some(RenderError::Refused { .. })),
        "{error:?}"
    );

    assert_eq!(context.lost(), None, "nobody else is told");
    other.reset();
    assert!(render(&mut other, &wild_scene(), &image) == before);
}

#[test]
fn pictures_stay_on_the_card_until_somebody_wants_their_pixels() {
    let context = adapter();
    let model = Catalog::default().find(Catalog::default_name()).unwrap();
    let mut painter = GpuGenerator::new(context.clone(), &model).expect("a painter");
    let mut renderer = GpuRenderer::new(context.clone(), 96, 54, Quality::Light).expect("one");
    let (mut image, mut picture) = (Image::default(), Picture::default());
    let before = context.copies();
    for trails in [0.0, 0.1, 0.1] {
        let scene = Scene {
            trails,
            ..wild_scene()
        };
        painter.sample(&scene.latent, &mut image).expect("an image");
        renderer
            .render(&scene, &image, FRAME, &mut picture)
            .expect("a picture");
        assert!(picture.on_card(&context).is_some());
        assert!(picture.fetched().is_none(), "nobody has asked");
    }
    assert_eq!(context.copies(), before, "nothing crossed");

    // Two who want it get it by one copy, begun before they ask, and it is the picture.
    picture.fetch();
    let shared = picture.clone();
    let pixels = picture.pixels().expect("pixels").clone();
    assert_eq!(shared.pixels(), Ok(&pixels));
    assert_eq!(shared.fetched(), Some(&pixels));
    let copies = context.copies();
    assert_eq!(copies.readbacks, before.readbacks + 1);
    assert_eq!(copies.uploads, before.uploads);
    assert!(pixels.is_whole() && pixels.rgba.iter().any(|&byte| byte > 100 && byte < 255));

    // What is drawn anew is another picture, and who holds the old one keeps it.
    let calm = Scene {
        brush: 0.0,
        ..scene()
    };
    let next = render(&mut renderer, &calm, &image);
    renderer
        .render(&calm, &image, FRAME, &mut picture)
        .expect("a picture");
    assert_eq!(picture.pixels(), Ok(&next));
    assert_eq!(shared.pixels(), Ok(&pixels));
    assert!(next != pixels);
}

#[test]
fn grain_is_the_same_at_the_same_place_on_the_processor_and_on_a_card_and_none_by_default() {
    let grained = |grain, tick| Scene {
        controls: Controls {
            grain,
            ..Controls::default()
        },
        tick,
        ..Scene {
            brush: 0.6,
            ..scene()
        }
    };
    let image = composition(0.0);
    let size = [160, 90];
    let plain = render_once(size, &grained(0.0, 0), &image);
    assert!(render_once(size, &grained(0.0, 7), &image) == plain);
    assert!(render_once(size, &grained(f32::NAN, 7), &image) == plain);
    let full = render_once(size, &grained(1.0, 7), &image);
    assert!(render_once(size, &grained(1.0, 7), &image) == full);
    assert!(render_once(size, &grained(1.0, 8), &image) != full);
    let (mean, most) = difference(&full, &plain);
    assert!(mean > 3.0 && most < 80, "mean {mean}, largest {most}");
    // Grain is neither light nor shade.
    let light = |picture: &Pixels| {
        let sum: u64 = picture.rgba.iter().map(|&byte| u64::from(byte)).sum();
        sum as f64 / picture.rgba.len() as f64
    };
    assert!((light(&full) - light(&plain)).abs() < 0.5);

    let mut card = GpuRenderer::new(adapter(), size[0], size[1], Quality::Light).expect("one");
    let unchanged = render(&mut card, &grained(0.0, 0), &image);
    assert!(render(&mut card, &grained(0.0, 7), &image) == unchanged);
    let (mean, most) = difference(&render(&mut card, &grained(1.0, 7), &image), &full);
    // What two renderers differ by, deepened by no more than the grain itself.
    assert!(mean < 1.2 && most <= 60, "mean {mean}, largest {most}");
}

#[test]
fn grain_keeps_its_size_on_a_larger_screen() {
    let grey = image(32, |_, _| [0.5; 3]);
    let scene = Scene {
        controls: Controls {
            grain: 1.0,
            ..Controls::default()
        },
        ..scene()
    };
    // How alike neighbours are: where a grain is two pixels wide, much more than where it is one.
    let roughness = |size: [usize; 2]| {
        let picture = render_once(size, &scene, &grey);
        let row = |y: usize| (0..size[0]).map(move |x| (x, y));
        let values: Vec<f64> = row(size[1] / 2)
            .map(|(x, y)| f64::from(pixel(&picture, x, y)[1]))
            .collect();
        let steps = values.windows(2).map(|pair| (pair[1] - pair[0]).abs());
        steps.sum::<f64>() / values.len() as f64
    };
    let (small, large) = (roughness([640, 360]), roughness([640, 1440]));
    assert!(large < 0.7 * small, "{small} and {large}");
}

/// A scene with words in it that have all come, in this way.
fn worded(text: &str, words: Lettering, through: f32) -> Scene {
    Scene {
        controls: Controls {
            words,
            words_size: 0.16,
            ..Controls::default()
        },
        sung: Some(Sung {
            text: text.into(),
            number: 3,
            rise: 1.0,
            fall: 0.0,
            through,
            energy: 0.5,
        }),
        brush: 0.6,
        ..scene()
    }
}

const WAYS: [Lettering; 3] = [Lettering::Brushed, Lettering::Burned, Lettering::Plain];

#[test]
fn words_are_the_same_on_the_processor_and_on_a_card_and_none_where_none_are_wanted() {
    let size = [640, 360];
    let image = composition(0.2);
    let mut card =
        GpuRenderer::new(adapter(), size[0], size[1], Quality::Light).expect("a renderer");
    let mut processor = CpuRenderer::new(size[0], size[1], 1);
    let plain = Scene {
        sung: None,
        ..worded("", Lettering::Off, 1.0)
    };
    let without = [
        render(&mut card, &plain, &image),
        render(&mut processor, &plain, &image),
    ];
    let off = worded("Let it burn", Lettering::Off, 1.0);
    assert!(render(&mut card, &off, &image) == without[0]);
    assert!(render(&mut processor, &off, &image) == without[1]);
    for way in WAYS {
        for through in [1.0, 0.4] {
            let scene = worded("Let it burn", way, through);
            let on_card = render(&mut card, &scene, &image);
            let on_processor = render(&mut processor, &scene, &image);
            let (mean, most) = difference(&on_card, &on_processor);
            let (seen, _) = difference(&on_processor, &without[1]);
            eprintln!("{way:?}: mean {mean}, largest {most}, of {seen}");
            // What two renderers differ by without words; letters rest on it.
            assert!(
                mean < 1.0 && most <= 60,
                "{way:?}: mean {mean}, largest {most}"
            );
            assert!(seen > 2.0, "{way:?}: {seen}");
        }
    }
}

#[test]
fn words_keep_within_safe_margins_however_long_they_are_and_in_any_direction() {
    let image = composition(0.2);
    let long =
        "a line that is much too long to stand in one row of this picture at this size ".repeat(4);
    for text in [
        "Let it burn",
        "שלום עולם",
        "سلام على الدنيا",
        &long,
        "Donaudampfschifffahrtsgesellschaftskapitän",
    ] {
        for size in [[320, 180], [180, 320], [96, 54]] {
            let scene = worded(text, Lettering::Plain, 1.0);
            let plain = Scene {
                sung: None,
                ..scene.clone()
            };
            let with = render_once(size, &scene, &image);
            let without = render_once(size, &plain, &image);
            // Letters are brighter than anything about them; the shade of the ground may reach further.
            let [width, height] = size;
            for y in 0..height {
                for x in 0..width {
                    let lit = pixel(&with, x, y)[1] > pixel(&without, x, y)[1].saturating_add(24);
                    let margin = |at: usize, side: usize| {
                        let at = at as f32 + 0.5;
                        at.min(side as f32 - at) < 0.045 * side as f32 - 1.0
                    };
                    let outside = margin(x, width) || margin(y, height);
                    assert!(!(lit && outside), "{text:.20} at {x}, {y} of {size:?}");
                }
            }
        }
    }
}

#[test]
fn words_can_be_read_on_a_bright_ground_and_on_a_dark_one() {
    for tone in [0.03f32, 0.5, 0.97] {
        let ground = image(32, |_, _| [tone; 3]);
        for way in WAYS {
            let scene = Scene {
                brush: 0.0,
                ..worded("HHHH", way, 1.0)
            };
            let picture = render_once([640, 360], &scene, &ground);
            let mut luma: Vec<f32> = (0..640 * 360)
                .map(|i| pixel(&picture, i % 640, i / 640))
                .map(|[r, g, b]| 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b))
                .skip(640 * 260)
                .collect();
            luma.sort_by(f32::total_cmp);
            // The brightest fiftieth are letters, and the ground about them is among the darkest.
            let bright = luma[luma.len() - luma.len() / 50];
            let dark = luma[luma.len() / 20];
            let contrast = (bright + 0.05) / (dark + 0.05);
            assert!(contrast > 3.0, "{way:?} on {tone}: {contrast}");
        }
    }
}

/// The light of an encoded byte.
fn light(byte: u8) -> f32 {
    (f32::from(byte) / 255.0).powf(2.2)
}

#[test]
fn what_has_been_sung_stands_out_from_what_has_not_and_grows_in_the_direction_of_the_script() {
    let ground = image(32, |_, _| [0.3; 3]);
    let halves = |text: &str, way: Lettering, through: f32| {
        let scene = Scene {
            brush: 0.0,
            ..worded(text, way, through)
        };
        let picture = render_once([640, 360], &scene, &ground);
        let half = |columns: std::ops::Range<usize>| {
            let all = columns.flat_map(|x| (200..360).map(move |y| (x, y)));
            let lit = all.filter(|&(x, y)| pixel(&picture, x, y)[1] > 170);
            lit.count()
        };
        [half(0..320), half(320..640)]
    };
    for way in WAYS {
        let [left, right] = halves("HHHHHHHH", way, 0.5);
        assert!(left > 2 * right, "{way:?}: {left} and {right}");
        let [left, right] = halves("HHHHHHHH", way, 1.0);
        assert!(
            left < 2 * right && right < 2 * left,
            "{way:?}: {left} and {right}"
        );
    }
}
