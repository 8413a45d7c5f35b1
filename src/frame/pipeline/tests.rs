use super::*;
use crate::motion::{Led, Toward};
use crate::render::trails;
use crate::show::{Controls, Timeline};

const SIZE: [usize; 2] = [64, 36];

fn wanted() -> Wanted {
    Wanted {
        model: 0,
        blend_with: 1,
        blend: 0.0,
        size: Some(SIZE),
        blackout: false,
        fade: 0.0,
        still: false,
        memory: 0,
    }
}

fn scene(seed: u64) -> Scene {
    Timeline::new(seed, 48_000.0).scene(0, &Controls::default())
}

fn plan() -> Plan {
    Plan {
        prefer: crate::gpu::Prefer::Cpu,
        ..Plan::film()
    }
}

#[test]
fn what_was_frozen_is_there_again_after_a_blackout() {
    let mut pipeline = Pipeline::new(plan());
    let mut paint = |still, blackout| {
        let wanted = Wanted {
            still,
            blackout,
            ..wanted()
        };
        pipeline
            .picture(&scene(1), &wanted, 0.1)
            .expect("a picture")
    };
    let is_black = |picture: &Picture| {
        let pixels = picture.pixels().expect("nothing is lost");
        pixels.rgba.chunks(4).all(|p| p[..3] == [0; 3])
    };
    let lit = paint(false, false);
    assert!(!is_black(&lit));
    assert!(is_black(&paint(true, true)));
    assert!(*paint(true, false) == *lit);
}

/// How light a picture is, on the whole: its mean code.
fn light(picture: &Picture) -> f64 {
    let pixels = picture.pixels().expect("nothing is lost");
    let codes = pixels.rgba.chunks(4).flat_map(|pixel| &pixel[..3]);
    let sum: f64 = codes.map(|code| f64::from(*code)).sum();
    sum / (3 * SIZE[0] * SIZE[1]) as f64
}

#[test]
fn a_blackout_that_is_drummed_is_held_back_unless_nobody_wants_that() {
    for flash_limiter in [true, false] {
        let controls = Controls {
            flash_limiter,
            brightness: 0.5,
            ..Controls::default()
        };
        let scene = Timeline::new(1, 48_000.0).scene(0, &controls);
        let mut pipeline = Pipeline::new(plan());
        let mut seen = Vec::new();
        for n in 0..60 {
            let wanted = Wanted {
                blackout: n / 2 % 2 == 1,
                ..wanted()
            };
            let picture = pipeline.picture(&scene, &wanted, 1.0 / 30.0);
            seen.push(light(&picture.expect("a picture")));
        }
        assert_eq!(pipeline.holds_back(), flash_limiter);
        assert!(
            seen[1] > 60.0 && seen[2] == 0.0,
            "one blackout is one: {seen:?}"
        );
        let (least, most) = seen[40..]
            .iter()
            .fold((255.0, 0.0), |(least, most), light| {
                (f64::min(least, *light), f64::max(most, *light))
            });
        assert_eq!(most - least < 30.0, flash_limiter, "{seen:?}");
    }
}

#[test]
fn a_blackout_fades_if_it_shall() {
    let mut pipeline = Pipeline::new(plan());
    let mut paint = |blackout| {
        let wanted = Wanted {
            blackout,
            fade: 1.0,
            ..wanted()
        };
        light(
            &pipeline
                .picture(&scene(1), &wanted, 0.25)
                .expect("a picture"),
        )
    };
    let lit = paint(false);
    let going: Vec<f64> = (0..5).map(|_| paint(true)).collect();
    assert!(going.is_sorted_by(|a, b| a > b || *b == 0.0), "{going:?}");
    assert!(
        (going[1] - 0.5 * lit).abs() < 1.0 && going[3] == 0.0,
        "{lit} {going:?}"
    );
    let coming: Vec<f64> = (0..5).map(|_| paint(false)).collect();
    assert!(coming.is_sorted() && coming[4] == lit, "{lit} {coming:?}");
}

#[test]
fn a_picture_is_painted_again_until_nothing_is_left_of_what_was_before() {
    // Long from picture to picture, since each takes its time.
    let dt = 0.5;
    let memory = trails::memory_frames(0.2, 1.0 / dt);
    let wanted = Wanted { memory, ..wanted() };
    let mut pipeline = Pipeline::new(plan());
    let mut paint = |scene: &Scene| {
        let painted = pipeline.picture(scene, &wanted, dt);
        painted.expect("a picture")
    };
    let (one, mut two) = (scene(1), scene(2));
    two.trails = 0.2;
    paint(&one);
    let mut last = paint(&two);
    let mut painted = 1;
    loop {
        let next = paint(&two);
        if Arc::ptr_eq(&next, &last) {
            break;
        }
        (last, painted) = (next, painted + 1);
    }
    assert_eq!(painted, 2 + memory);
    let mut anew = Pipeline::new(plan());
    let fresh = anew.picture(&two, &wanted, dt).expect("a picture");
    assert!(*fresh == *last, "something of what was before is left");
}

#[test]
fn a_shader_that_is_saved_is_what_renders_and_paints_and_a_broken_one_is_told_of() {
    let built_in = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("shaders");
    let folder = tempfile::tempdir().expect("a folder");
    // What the folder lacks is as it was built in.
    let [finish, layer] = ["finish.wgsl", "generator_layer.wgsl"].map(|name| {
        let text = std::fs::read_to_string(built_in.join(name)).expect("a shader");
        let path = folder.path().join(name);
        std::fs::write(&path, &text).expect("a copy");
        (path, text)
    });
    crate::gpu::shaders::read_from(folder.path()).expect("shaders");
    let mut pipeline = Pipeline::new(Plan::show());
    let mut paint = || {
        let picture = pipeline.picture(&scene(1), &wanted(), 0.1);
        let picture = picture.expect("a picture");
        let pixels = picture.pixels().expect("nothing is lost");
        let light = pixels.rgba.chunks(4).map(|p| u64::from(p[0]));
        let told = pipeline.take_news().problems.join("\n");
        (light.sum::<u64>(), told, pipeline.about().clone())
    };
    let (light, _, about) = paint();
    if !about.on_card {
        crate::gpu::shaders::read_no_more();
        return; // There is no adapter on this machine.
    }
    let mut save = |path: &std::path::Path, text: &str| {
        std::thread::sleep(std::time::Duration::from_millis(250));
        std::fs::write(path, text).expect("a shader");
        let (light, told, _) = paint();
        let start = Instant::now();
        // The processor paints until the card is ready or has refused.
        loop {
            let (_, _, about) = paint();
            if !about.painter.starts_with("The CPU paints while") {
                return (light, told, about.painter);
            }
            assert!(start.elapsed().as_secs() < 120, "{}", about.painter);
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    };
    let dark = finish.1.replace("return ", "return 0.0 * ");
    assert_ne!(dark, finish.1);
    let (lit, told, _) = save(&finish.0, &dark);
    assert!(lit < light / 100, "{lit} of {light}: {told}");
    assert_eq!(told, "finish.wgsl was read again");
    let (lit, told, _) = save(&finish.0, "this is no shader");
    assert!(lit < light / 100, "{lit} of {light}");
    let expected = "finish.wgsl was not understood in `this is no shader`: expected ";
    assert!(told.starts_with(expected), "{told}");
    // Who paints may have changed meanwhile, which is seen in the last digit.
    let (lit, told, _) = save(&finish.0, &finish.1);
    let difference = lit.abs_diff(light);
    assert!(difference < light / 100, "{lit} of {light}: {told}");

    let (_, told, painter) = save(&layer.0, "this is no shader");
    assert_eq!(told, "generator_layer.wgsl was read again");
    assert!(painter.starts_with("The CPU paints: "), "{painter}");
    assert!(painter.contains("`this is no shader`"), "{painter}");
    let (.., painter) = save(&layer.0, &layer.1);
    crate::gpu::shaders::read_no_more();
    assert!(!painter.contains("CPU"), "{painter}");
}

#[test]
fn words_lead_to_the_place_of_the_look_that_paints() {
    let place = |seed| scene(seed).latent.z.first_chunk().copied().expect("longer");
    let spots: Arc<[_]> = (0..7).map(|look| place(10 + look)).collect();
    let mut led = scene(1);
    led.led = Led {
        walk: place(1),
        by: [
            None,
            Some(Toward {
                before: Arc::clone(&spots),
                now: spots,
                came: 1.0,
                share: 1.0,
            }),
        ],
    };
    let painted = |scene: &Scene, look, blend| {
        let wanted = Wanted {
            model: look,
            blend_with: 1,
            blend,
            ..wanted()
        };
        let picture = Pipeline::new(plan()).picture(scene, &wanted, 0.1);
        picture.expect("a picture")
    };
    for (look, blend) in [(0, 0.0), (2, 0.0), (0, 0.5)] {
        let mut there = scene(1);
        let mut shares = [0.0; 7];
        shares[usize::from(look)] += 1.0 - blend;
        shares[1] += blend;
        there.latent = led.latent_of(Some(&shares));
        assert!(there.latent != scene(1).latent);
        assert!(*painted(&led, look, blend) == *painted(&there, look, blend));
    }
    assert!(*painted(&led, 0, 0.0) != *painted(&scene(1), 0, 0.0));
}

#[test]
fn another_size_is_another_picture_even_of_a_still() {
    let mut pipeline = Pipeline::new(plan());
    let still = Wanted {
        still: true,
        ..wanted()
    };
    let first = pipeline.picture(&scene(1), &still, 0.1).expect("a picture");
    let larger = Wanted {
        size: Some([96, 54]),
        ..still
    };
    let second = pipeline.picture(&scene(1), &larger, 0.1).expect("one more");
    assert_eq!((first.size(), second.size()), (SIZE, [96, 54]));
    assert_eq!(pipeline.take_news().problems, Vec::<String>::new());
    assert_eq!(pipeline.about().size, [96, 54]);
}
