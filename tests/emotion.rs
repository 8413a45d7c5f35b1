//! The emotion network against PyTorch, on the weights that ship.

use safetensors::SafeTensors;
use synopsia::emotion::{Listener, Network};
use synopsia::signal::song::SongReader;

fn floats(tensors: &SafeTensors, name: &str) -> (Vec<usize>, Vec<f32>) {
    let view = tensors.tensor(name).unwrap();
    let values = view
        .data()
        .chunks_exact(4)
        .map(|b| f32::from_le_bytes(b.try_into().unwrap()));
    (view.shape().to_vec(), values.collect())
}

#[test]
fn the_network_equals_pytorch_on_reference_signals() {
    let bytes = std::fs::read("tests/reference/emotion.safetensors").unwrap();
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    let (shape, input) = floats(&tensors, "input");
    let (_, expected) = floats(&tensors, "output");
    let network = Network::built_in().unwrap();
    assert_eq!(shape[1], network.window);
    for (window, expected) in input.chunks(network.window).zip(expected.chunks(4)) {
        let found = network.estimate(window).unwrap();
        let found = [
            found.valence,
            found.arousal,
            found.sigma_valence,
            found.sigma_arousal,
        ];
        for (found, expected) in found.iter().zip(expected) {
            assert!(
                (found - expected).abs() < 1e-3,
                "{found} instead of {expected}"
            );
        }
    }
}

/// Seconds within which a change of mood has to be followed.
const FOLLOWED_WITHIN: f64 = 4.0;

/// Mono samples of a part of the demo track, and their rate.
fn demo(from: f64, to: f64) -> (Vec<f32>, u32) {
    let mut song = SongReader::open("plugin-assets/demo/three-weathers.ogg").unwrap();
    let (channels, rate) = (song.channels(), song.rate());
    let mut samples = Vec::new();
    while song.read(&mut samples).unwrap() > 0 {}
    let frames = samples.chunks_exact(channels);
    let mono: Vec<f32> = frames
        .map(|frame| frame.iter().sum::<f32>() / channels as f32)
        .collect();
    let [from, to] = [from, to].map(|t| (t * f64::from(rate)) as usize);
    (mono[from..to].to_vec(), rate)
}

#[test]
fn noise_is_neutral_and_less_certain_than_music() {
    let surest = |samples: &[f32], rate: u32| {
        let mut heard = Vec::new();
        let mut listener = Listener::new(rate).unwrap();
        listener
            .listen(samples, |_, emotion| heard.push(emotion))
            .unwrap();
        heard
            .into_iter()
            .max_by(|a, b| a.confidence.total_cmp(&b.confidence))
            .unwrap()
    };
    let (storm, rate) = demo(30.0, 40.0);
    let music = surest(&storm, rate);
    let mut state = 1u32;
    let noise: Vec<f32> = (0..10 * 16_000)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            0.2 * (state as f32 / u32::MAX as f32 - 0.5)
        })
        .collect();
    let noise = surest(&noise, 16_000);
    assert!(noise.confidence < 0.3, "{noise:?}");
    assert!(
        music.confidence > noise.confidence + 0.2,
        "{music:?}, {noise:?}"
    );
    assert!(
        noise.valence.hypot(noise.arousal) < 0.25,
        "noise is felt as {noise:?}"
    );
}

#[test]
fn the_first_estimate_comes_soon_and_a_change_of_mood_is_followed() {
    let (rain, rate) = demo(1.0, 13.0);
    let (storm, _) = demo(30.0, 42.0);
    for (first, second) in [(&rain, &storm), (&storm, &rain)] {
        let mut listener = Listener::new(rate).unwrap();
        let mut arousal = Vec::new();
        let spliced = [&first[..], &second[..]].concat();
        listener
            .listen(&spliced, |position, emotion| {
                arousal.push((position as f64 / f64::from(rate), emotion.arousal));
            })
            .unwrap();
        assert!(arousal[0].0 <= 3.0, "the first estimate is at {arousal:?}");
        let splice = first.len() as f64 / f64::from(rate);
        let mean = |from: f64, to: f64| {
            let within = arousal.iter().filter(|(t, _)| (from..to).contains(t));
            let values: Vec<f32> = within.map(|(_, arousal)| *arousal).collect();
            values.iter().sum::<f32>() / values.len() as f32
        };
        let before = mean(splice - 6.0, splice);
        let after = mean(splice + 6.0, splice + 12.0);
        assert!((after - before).abs() > 0.3, "{before} to {after}");
        // Followed: most of the way; the rest is the music's own ups and downs.
        let followed = mean(splice + FOLLOWED_WITHIN, splice + FOLLOWED_WITHIN + 1.0);
        let share = (followed - before) / (after - before);
        assert!(share > 0.75, "after 4 s only {share} of the way");
    }
}
