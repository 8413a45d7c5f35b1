use super::likeness::COLOURS;
use super::*;
use crate::gan::Catalog;
use image::{Rgb, RgbImage};
use safetensors::SafeTensors;
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

/// What paints a look.
fn easel(look: usize) -> Easel {
    let catalog = Catalog {
        folders: Vec::new(),
    };
    let model = catalog.find(&Catalog::built_in()[look]).expect("a look");
    Easel::new(&model, 1).expect("an eye")
}

#[test]
fn a_picture_that_was_painted_at_a_place_finds_that_place() {
    let (mut found, mut asked) = (0, 0);
    for look in [0, 3, 6] {
        let mut easel = easel(look);
        for line in ["the river runs", "fire in the night", "a flower"] {
            let place = imagery()
                .nearest(look, &evoked(line), [0.0; 2])
                .expect("a place");
            let likeness = easel.look(&place.z, place.mood).expect("a picture");
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

/// Directions drawn at random, the same each time.
fn directions(count: usize) -> Vec<[f32; USED]> {
    let mut state = 1_u32;
    let mut number = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 24) as f32 - 0.5
    };
    let direction = |_| {
        let sums = std::array::from_fn(|_| (0..4).map(|_| number()).sum());
        unit(sums)
    };
    (0..count).map(direction).collect()
}

fn near(a: &[f32; USED], b: &[f32; USED]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[test]
fn the_encoder_agrees_with_python() {
    let bytes = include_bytes!("../../../../tests/reference/encoder.safetensors");
    let file = SafeTensors::deserialize(bytes).expect("a file");
    let numbers = |name: &str| -> Vec<f32> {
        let tensor = file.tensor(name).expect("a tensor");
        let bytes = tensor.data().as_chunks::<4>().0.iter();
        bytes.map(|bytes| f32::from_le_bytes(*bytes)).collect()
    };
    let [features, colours, moods, expected] = ["features", "colours", "mood", "z"].map(numbers);
    let count = moods.len() / 2;
    assert!(count >= 3 && expected.len() == count * 7 * USED);
    for (n, expected) in expected.as_chunks::<USED>().0.iter().enumerate() {
        let (picture, look) = (n / 7, n % 7);
        let fields = &colours[picture * 3 * COLOURS..][..3 * COLOURS];
        let likeness = Likeness {
            features: features[picture * FEATURES..][..FEATURES].to_vec(),
            colours: fields.as_chunks::<3>().0.try_into().expect("eight"),
            ..Likeness::default()
        };
        let mood = [moods[2 * picture], moods[2 * picture + 1]];
        let found = imagery().encoder.place(look, &likeness, mood);
        for (found, expected) in found.expect("a look").iter().zip(expected) {
            assert!((found - expected).abs() < 1e-3, "{found} is not {expected}");
        }
    }
}

#[test]
fn what_was_painted_at_new_places_is_led_nearer_to_them_than_to_most_others() {
    let others = directions(400);
    let mut ranks = Vec::new();
    for look in [1, 3] {
        let mut easel = easel(look);
        for (n, z) in directions(4).iter().enumerate() {
            let mood = [0.2 * n as f32 - 0.7, 0.6 - 0.15 * n as f32];
            let likeness = easel.look(z, mood).expect("a picture");
            let found = imagery().encoder.place(look, &likeness, mood);
            let found = found.expect("a look");
            let further = |other: &&[f32; USED]| near(&found, other) < near(&found, z);
            ranks.push(others.iter().filter(further).count() as f32 / 400.0);
        }
    }
    let mean = ranks.iter().sum::<f32>() / ranks.len() as f32;
    assert!(mean > 0.8, "{mean}: {ranks:?}");
}

#[test]
fn a_refined_place_is_the_most_like_of_ten_and_what_cannot_be_painted_leaves_the_encoders() {
    let look = 2;
    let mut easel = easel(look);
    let wanted = easel.look(&directions(1)[0], [0.1, 0.3]).expect("one");
    let mut tried = Vec::new();
    let mood = [-0.4, 0.2];
    let refined = imagery().refined(look, &wanted, mood, |z| {
        let painted = easel.look(z, mood)?;
        let alike = imagery().encoder.alike(look, &wanted, &painted)?;
        tried.push((alike, *z));
        Some(painted)
    });
    assert_eq!(tried.len(), 2 + TRIED);
    let best = tried.iter().max_by(|a, b| a.0.total_cmp(&b.0));
    assert_eq!(refined, best.map(|(_, z)| *z));
    let encoded = imagery().encoded(look, &wanted, mood);
    assert!((encoded.map_or(0.0, |z| near(&z, &z)) - 1.0).abs() < 1e-5);
    assert_eq!(imagery().refined(look, &wanted, mood, |_| None), encoded);
    assert_eq!(imagery().refined(99, &wanted, mood, |_| None), None);
}

#[test]
fn a_damaged_encoder_says_so_in_one_sentence() {
    let at = BUILT_IN
        .windows(14)
        .position(|part| part == b"encoder.flames");
    let mut damaged = BUILT_IN.to_vec();
    damaged[at.expect("an encoder")..][..7].copy_from_slice(b"decoder");
    let read = Imagery::new(Box::leak(damaged.into_boxed_slice()));
    let why = read.err().expect("a fault").to_string();
    assert!(
        why.contains("encoder.flames") && !why.contains('\n'),
        "{why}"
    );
}
