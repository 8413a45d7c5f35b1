//! What words do.

use super::{hear, manual, show, time};
use crate::emotion::Emotion;
use crate::media::lyrics::{Sheet, Song};
use crate::show::{Controls, Libretto, Scene, Show};
use std::sync::Arc;

/// A show of sad music or glad, in which these words are sung from the first second on.
fn sung(words: &str, valence: f32) -> Show {
    let mut show = show(4.0, Emotion::at(valence, 0.0, 1.0));
    let sheet = Sheet::of_text(&format!("[00:01]{words}"));
    show.sing(Arc::new(Libretto::new(&sheet.fit(&Song::default()))));
    show
}

const SAD: &str = "my heart is broken and I cry alone";

#[test]
fn sad_words_over_glad_music_are_mixed_by_the_knob_and_split_in_what_is_painted_and_its_colours() {
    let show = sung(SAD, 0.6);
    let at = |words_mood, words_split| {
        let controls = Controls {
            words_mood,
            words_split,
            ..Controls::default()
        };
        show.scene(time(2.0), &controls)
    };
    let valence = |scene: &Scene| scene.latent.mood[0];
    let [music, both, words] = [0.0, 0.5, 1.0].map(|share| at(share, 0.0));
    assert!(valence(&music) > 0.5 && valence(&words) < 0.0);
    let middle = 0.5 * (valence(&music) + valence(&words));
    assert!((valence(&both) - middle).abs() < 1e-3);
    let split = at(0.5, 1.0);
    assert_eq!(split.latent.mood, music.latent.mood);
    assert_eq!(split.grade, words.grade);
    assert_ne!(split.grade, music.grade);
}

#[test]
fn words_that_nobody_understands_or_sings_leave_the_music_its_mood() {
    let controls = Controls {
        words_mood: 1.0,
        ..Controls::default()
    };
    let alone = show(4.0, Emotion::at(0.6, 0.0, 1.0));
    let foreign = sung("一つの歌を歌おう", 0.6);
    let over = sung(SAD, 0.6);
    let mood = |show: &Show, at| show.mood(time(at), &controls);
    assert_eq!(mood(&foreign, 2.0), mood(&alone, 2.0));
    assert_eq!(mood(&over, 0.5), mood(&alone, 0.5));
    assert_ne!(mood(&over, 2.0), mood(&alone, 2.0));
}

#[test]
fn a_performers_own_point_is_shown_whatever_is_sung() {
    let mut show = sung(SAD, 0.6);
    show.steer(&manual(0.7, 0.3));
    hear(&mut show, 5.0, 1.0);
    let mood = show.mood(time(2.0), &Controls::default());
    assert_eq!(mood, Emotion::at(0.7, 0.3, 1.0));
}

#[test]
fn words_lead_the_walk_to_a_place_of_the_look_that_paints_as_far_as_the_knob_says() {
    let (show, silent) = (sung("the river runs down to the sea", 0.2), sung("♪", 0.2));
    let latent = |show: &Show, at, words_imagery, shares: Option<&[f32]>| {
        let controls = Controls {
            words_imagery,
            words_mood: 0.0,
            ..Controls::default()
        };
        show.scene(time(at), &controls).latent_of(shares).z
    };
    let [ink, glass] = [0, 5].map(|look| {
        let mut shares = vec![0.0; 7];
        shares[look] = 1.0;
        shares
    });
    let walk = latent(&silent, 3.5, 1.0, Some(&ink));
    let far = |z: [f32; crate::gan::LATENT_DIM]| {
        let pairs = z.into_iter().zip(walk);
        pairs.map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt()
    };
    let way = [0.0, 0.5, 1.0].map(|share| far(latent(&show, 3.5, share, Some(&ink))));
    assert!(
        way[0] == 0.0 && way[1] > 0.1 && way[2] > 1.5 * way[1],
        "{way:?}"
    );
    let other = latent(&show, 3.5, 1.0, Some(&glass));
    assert_ne!(other, latent(&show, 3.5, 1.0, Some(&ink)));
    assert_eq!(
        latent(&show, 3.5, 1.0, None),
        walk,
        "of other painters no place is known"
    );
    let before = latent(&silent, 0.9, 1.0, Some(&ink));
    assert_eq!(
        latent(&show, 0.9, 1.0, Some(&ink)),
        before,
        "nothing is sung yet"
    );
    let soon = [&show, &silent].map(|show| latent(show, 1.0 + 1.0 / 60.0, 0.7, Some(&ink)));
    assert_ne!(
        soon[0], soon[1],
        "it sets out with the line's first picture"
    );
}
