use super::*;
use crate::emotion::PictureMood;
use crate::gan::{Catalog, CpuGenerator, CpuOptions, Generator, Image, LATENT_DIM, Latent};
use image::{Rgb, RgbImage};
use std::collections::HashSet;

/// What Python finds: the line, the look, the number of the place that is nearest, and how near it is.
const REFERENCE: &str = include_str!("../../../../tests/reference/imagery.tsv");

fn imagery() -> &'static Imagery {
    Imagery::built_in().expect("a whole file")
}

fn evoked(line: &str) -> Evoked {
    imagery().evoked(line).expect("a word that is known")
}

/// How near the nearest place is where moods do not count.
fn nearest(look: usize, evoked: &Evoked) -> (usize, f32) {
    let near = imagery().looks[look].about.iter();
    let near = near.map(|about| about.iter().zip(&evoked.0).map(|(a, b)| a * b).sum::<f32>());
    let near = near.enumerate().max_by(|a, b| a.1.total_cmp(&b.1));
    near.expect("a place")
}

#[test]
fn every_look_of_the_family_has_places_in_its_order() {
    let named = File::new(&IMAGERY, BUILT_IN).expect("a whole file");
    let looks = named.header.text("looks").expect("its looks");
    assert_eq!(looks, Catalog::built_in().join(","));
    assert!(imagery().looks.iter().all(|look| look.about.len() >= 300));
    let model = Catalog::default().find(Catalog::default_name());
    assert_eq!(model.expect("the first look").info.z_dim, USED);
}

#[test]
fn lines_find_the_places_that_the_training_finds_for_them() {
    let mut rows = 0;
    for row in REFERENCE.lines() {
        let [line, look, number, near] = row.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{row}");
        };
        let look = Catalog::built_in().iter().position(|name| name == look);
        let (found, similarity) = nearest(look.expect("a look"), &evoked(line));
        assert_eq!(found.to_string(), number, "{row}");
        let near: f32 = near.parse().expect("a number");
        assert!((similarity - near).abs() < 2e-4, "{row}: {similarity}");
        rows += 1;
    }
    assert!(rows >= 35, "{rows}");
}

#[test]
fn lines_about_one_thing_lie_near_whatever_their_words_and_language() {
    let near = |one: &str, other: &str| {
        let pair = evoked(one).0.into_iter().zip(evoked(other).0);
        pair.map(|(a, b)| a * b).sum::<f32>()
    };
    for (one, like, unlike) in [
        (
            "waves on the ocean",
            "a boat at sea",
            "a church in the city",
        ),
        ("snow and ice", "the cold of winter", "a fire burns"),
        (
            "las olas del mar",
            "waves of the sea",
            "the dogs of the town",
        ),
        ("la nieve fría", "cold snow", "a burning fire"),
    ] {
        let [like, unlike] = [like, unlike].map(|other| near(one, other));
        assert!(like > unlike + 0.2, "{one}: {like} {unlike}");
    }
}

#[test]
fn who_asks_in_another_mood_is_led_to_places_nearer_to_it() {
    let (mut far, mut numbers) = ([0.0, 0.0], HashSet::new());
    for line in [
        "the river runs",
        "fire in the night",
        "flowers",
        "the city lights",
    ] {
        let evoked = evoked(line);
        for look in 0..imagery().looks() {
            for mood in [[0.8, 0.6], [-0.8, -0.6]] {
                let place = imagery().nearest(look, &evoked, mood).expect("a place");
                let to = |mood: [f32; 2]| (place.mood[0] - mood[0]).hypot(place.mood[1] - mood[1]);
                far[0] += to(mood);
                far[1] += to(mood.map(|x| -x));
                let length: f32 = place.z.iter().map(|x| x * x).sum();
                assert!((length - 1.0).abs() < 1e-5);
                assert!(place.seen.contains("; "), "{}", place.seen);
                numbers.insert((look, place.number));
            }
        }
    }
    assert!(far[0] < 0.75 * far[1], "{far:?}");
    assert!(numbers.len() > 28, "{}", numbers.len());
}

#[test]
fn what_has_no_known_word_evokes_nothing() {
    for line in ["", "♪", "zzxqq", "一つの歌", "!?"] {
        assert_eq!(imagery().evoked(line), None, "{line}");
    }
    assert_eq!(imagery().nearest(99, &evoked("sea"), [0.0; 2]), None);
}

/// Paints a place of a look as it was seen.
fn painted(look: usize, place: &Place) -> RgbImage {
    let mut z = [0.0; LATENT_DIM];
    z[..USED].copy_from_slice(&place.z);
    let latent = Latent {
        z,
        mood: place.mood,
        truncation: 1.0,
    };
    let model = Catalog {
        folders: Vec::new(),
    };
    let model = model.find(&Catalog::built_in()[look]).expect("a look");
    let mut generator = CpuGenerator::new(&model, CpuOptions::default());
    let mut image = Image::default();
    generator.sample(&latent, &mut image).expect("a picture");
    let side = generator.side() as u32;
    let pixels = image.pixels().expect("in memory").iter();
    let bytes = pixels.map(|x| (255.0 * x.clamp(0.0, 1.0)).round() as u8);
    RgbImage::from_raw(side, side, bytes.collect()).expect("a square")
}

#[test]
fn a_picture_that_was_painted_at_a_place_finds_that_place() {
    let eye = PictureMood::built_in().expect("an eye");
    let (mut found, mut asked) = (0, 0);
    for look in [0, 3, 6] {
        for line in ["the river runs", "fire in the night", "a flower"] {
            let place = imagery()
                .nearest(look, &evoked(line), [0.0; 2])
                .expect("a place");
            let picture = painted(look, &place);
            let (_, features) = eye.look(&picture).expect("an eye that sees");
            let likeness = Likeness::of(&picture, &features).expect("a likeness");
            let like = imagery().like(look, &likeness).expect("a place");
            found += usize::from(like.number == place.number);
            asked += 1;
        }
    }
    assert!(found + 1 >= asked, "{found} of {asked}");
}

#[test]
fn a_palette_has_a_pictures_dark_middle_and_light_tones() {
    let picture = RgbImage::from_fn(90, 60, |x, _| match x / 30 {
        0 => Rgb([20, 0, 0]),
        1 => Rgb([0, 128, 0]),
        _ => Rgb([240, 240, 255]),
    });
    let [dark, middle, light] = Likeness::of(&picture, &[0.0; FEATURES])
        .expect("a likeness")
        .palette;
    assert!(dark[0] > dark[1] && dark[0] < 0.15, "{dark:?}");
    assert!(
        middle[1] > 0.3 && middle[1] > middle[0] && middle[1] > middle[2],
        "{middle:?}"
    );
    assert!(light.iter().all(|x| *x > 0.85), "{light:?}");
}

#[test]
fn features_of_another_eye_are_no_likeness() {
    assert_eq!(Likeness::of(&RgbImage::new(9, 9), &[0.0; 12]), None);
}
