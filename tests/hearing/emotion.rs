//! The emotion network against PyTorch on the weights that ship, and what is heard in sounds that
//! are no music.

use safetensors::SafeTensors;
use std::f32::consts::{PI, TAU};
use synopsia::emotion::{CLASS_NAMES, Ear, Emotion, Listener, Network};
use synopsia::media::song::SongReader;
use synopsia::show::Show;
use synopsia::signal::AudioFrame;

fn floats(tensors: &SafeTensors, name: &str) -> (Vec<usize>, Vec<f32>) {
    let view = tensors.tensor(name).unwrap();
    let values = view
        .data()
        .chunks_exact(4)
        .map(|b| f32::from_le_bytes(b.try_into().unwrap()));
    (view.shape().to_vec(), values.collect())
}

#[test]
fn each_ear_equals_pytorch_on_reference_signals() {
    let read = |file: &str| std::fs::read(format!("tests/reference/{file}.safetensors")).unwrap();
    let bytes = read("emotion");
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    let (shape, input) = floats(&tensors, "input");
    for (ear, answers) in [(Ear::Default, "emotion"), (Ear::Free, "emotion-free")] {
        let answers = read(answers);
        let tensors = SafeTensors::deserialize(&answers).unwrap();
        let (answered, expected) = floats(&tensors, "output");
        assert_eq!(answered, [shape[0], 4]);
        let network = Network::of(ear).unwrap();
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
                    "{ear}: {found} instead of {expected}"
                );
            }
        }
    }
}

/// The mood of a stretch of the demo track, mean of what that ear feels in it.
fn felt(ear: Ear, from: f64, to: f64) -> [f32; 3] {
    let (samples, rate) = demo(from, to);
    let (mut listener, mut felt) = (Listener::of(ear, rate).unwrap(), Vec::new());
    let listened = listener.listen(&samples, |_, emotion| felt.push(emotion));
    listened.unwrap();
    let mean = |of: fn(&Emotion) -> f32| felt.iter().map(of).sum::<f32>() / felt.len() as f32;
    [
        mean(|e| e.valence),
        mean(|e| e.arousal),
        mean(|e| e.confidence),
    ]
}

#[test]
fn every_ear_is_as_sure_and_as_moved_as_the_show_expects_of_one() {
    for ear in Ear::ALL {
        let [rain, storm] = [(1.0, 13.0), (30.0, 42.0)].map(|(from, to)| felt(ear, from, to));
        for [valence, arousal, confidence] in [rain, storm] {
            // Within three deviations of usual music, and sure enough to be followed all the way.
            assert!(
                (-0.1..=0.5).contains(&valence),
                "{ear}: {rain:?}, {storm:?}"
            );
            assert!(
                (-0.6..=0.62).contains(&arousal),
                "{ear}: {rain:?}, {storm:?}"
            );
            assert!(
                (0.25..0.95).contains(&confidence),
                "{ear}: {rain:?}, {storm:?}"
            );
        }
        assert!(storm[1] > rain[1] + 0.2, "{ear}: {rain:?}, {storm:?}");
    }
}

#[test]
fn three_weathers_have_the_classes_that_one_would_give_them() {
    let classes = |from, to| {
        let [valence, arousal, confidence] = felt(Ear::Default, from, to);
        let among = Emotion::at(valence, arousal, confidence).among_music();
        (CLASS_NAMES[among.strongest()], among.classes)
    };
    assert_eq!(classes(1.0, 13.0).0, "sadness");
    assert_eq!(classes(14.0, 28.0).0, "contentment");
    let (leads, storm) = classes(30.0, 42.0);
    assert_eq!(leads, "fear");
    let of = |name| storm[CLASS_NAMES.iter().position(|&n| n == name).unwrap()];
    let excited = of("fear") + of("anger") + of("excitement");
    assert!(excited > 0.5, "{storm:?}");
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
    let surest = |ear: Ear, samples: &[f32], rate: u32| {
        let mut heard = Vec::new();
        let mut listener = Listener::of(ear, rate).unwrap();
        listener
            .listen(samples, |_, emotion| heard.push(emotion))
            .unwrap();
        heard
            .into_iter()
            .max_by(|a, b| a.confidence.total_cmp(&b.confidence))
            .unwrap()
    };
    let (storm, rate) = demo(30.0, 40.0);
    let mut random = noise();
    let noise = sampled(16_000, 10.0, |_| 0.1 * random());
    for ear in Ear::ALL {
        let (music, noise) = (surest(ear, &storm, rate), surest(ear, &noise, 16_000));
        assert!(noise.confidence < 0.3, "{ear}: {noise:?}");
        assert!(
            music.confidence > noise.confidence + 0.2,
            "{ear}: {music:?}, {noise:?}"
        );
        // What is neither trusted nor followed may be anything.
        let felt = noise.valence.hypot(noise.arousal);
        assert!(
            noise.confidence == 0.0 || felt < 0.25,
            "{ear}: noise is felt as {noise:?}"
        );
    }
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

/// Noise from -1 to 1.
fn noise() -> impl FnMut() -> f32 {
    let mut state = 1u32;
    move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        2.0 * (state as f32 / u32::MAX as f32) - 1.0
    }
}

/// Samples of `sound(seconds)`.
fn sampled(rate: u32, seconds: f32, mut sound: impl FnMut(f32) -> f32) -> Vec<f32> {
    let count = (seconds * rate as f32) as usize;
    (0..count).map(|i| sound(i as f32 / rate as f32)).collect()
}

/// Chords that change twice a second, with no pauses.
fn song(rate: u32, seconds: f32) -> Vec<f32> {
    sampled(rate, seconds, |t| {
        let beat = (2.0 * t) as usize;
        let root = 110.0 * [1.0, 1.5, 1.2, 1.333, 1.125][beat % 5];
        let loud = 0.08 + 0.12 * (-8.0 * (t % 0.5)).exp();
        let parts = [1.0, 1.26, 1.5, 2.0].map(|f| (TAU * root * f * t).sin());
        loud * parts.iter().sum::<f32>()
    })
}

fn tone(frequency: f32, rate: u32, seconds: f32) -> Vec<f32> {
    sampled(rate, seconds, |t| (TAU * frequency * t).sin())
}

/// Pulses of a voice through the formants of three vowels: four syllables a second, and pauses.
fn speech(rate: u32, seconds: f32) -> Vec<f32> {
    const FORMANTS: [[f32; 3]; 3] = [
        [730.0, 1090.0, 2440.0],
        [270.0, 2290.0, 3010.0],
        [300.0, 870.0, 2240.0],
    ];
    let per_sample = 1.0 / rate as f32;
    let decay = (-80.0 * PI * per_sample).exp();
    let (mut phase, mut last) = (0.0, [[0.0; 2]; 3]);
    sampled(rate, seconds, |t| {
        let syllable = 4.0 * t;
        phase += (120.0 + 25.0 * (2.0 * t).sin()) * per_sample;
        let pulse = f32::from(phase >= 1.0);
        phase -= pulse;
        let vowel = FORMANTS[syllable as usize % 3];
        let mut voice = 0.0;
        for (formant, [one, two]) in vowel.iter().zip(&mut last) {
            let angle = TAU * formant * per_sample;
            let next =
                pulse * angle.sin() + 2.0 * decay * angle.cos() * *one - decay * decay * *two;
            (*one, *two) = (next, *one);
            voice += next;
        }
        let spoken = f32::from(t % 2.5 < 2.0);
        0.3 * spoken * (PI * syllable.fract()).sin().powi(2) * voice
    })
}

/// Many hands: bursts of noise of a few milliseconds, two hundred a second.
fn applause(rate: u32, seconds: f32) -> Vec<f32> {
    let (mut noise, mut loud) = (noise(), 0.0);
    let decay = (-250.0 / rate as f32).exp();
    let often = 2.0 * 200.0 / rate as f32;
    sampled(rate, seconds, |_| {
        loud *= decay;
        if noise() > 1.0 - often {
            loud += 0.15;
        }
        loud * noise()
    })
}

fn with(samples: &[f32], f: impl Fn(f32) -> f32) -> Vec<f32> {
    samples.iter().map(|x| f(*x)).collect()
}

/// What a listener says of samples, and from which position on.
fn heard(rate: u32, samples: &[f32]) -> Vec<(u64, Emotion)> {
    let (mut listener, mut all) = (Listener::new(rate).unwrap(), Vec::new());
    for block in samples.chunks(512) {
        let result = listener.listen(block, |at, emotion| all.push((at, emotion)));
        result.unwrap();
    }
    all
}

#[test]
fn whatever_sounds_at_whatever_rate_is_an_emotion_four_times_a_second() {
    for rate in [8_000, 44_100, 192_000] {
        let (song, speech) = (song(rate, 4.0), speech(rate, 4.0));
        let power = song.iter().map(|x| x * x).sum::<f32>() / song.len() as f32;
        // The last: digital silence between songs.
        let sounds = [
            ("applause", applause(rate, 4.0)),
            ("a low tone", tone(41.0, rate, 4.0)),
            ("a high tone", tone(3500.0, rate, 4.0)),
            (
                "clipped speech",
                with(&speech, |x| (50.0 * x).clamp(-1.0, 1.0)),
            ),
            ("a constant beneath", with(&speech, |x| 0.3 * x + 0.7)),
            ("in one ear", with(&song, |x| 0.5 * x)),
            ("at -60 dBFS", with(&song, |x| 1e-3 * x / power.sqrt())),
            ("speech", speech),
            (
                "songs",
                [&song[..], &vec![0.0; 2 * rate as usize], &song].concat(),
            ),
        ];
        for (name, samples) in sounds {
            let all = heard(rate, &samples);
            let mut last = 0;
            for (at, emotion) in &all {
                let label = format!("{name} at {rate} Hz: {emotion:?} at {at}");
                let Emotion {
                    valence,
                    arousal,
                    confidence,
                    classes,
                } = emotion;
                assert!((-1.0..=1.0).contains(valence), "{label}");
                assert!((-1.0..=1.0).contains(arousal), "{label}");
                assert!((0.0..=1.0).contains(confidence), "{label}");
                let sum: f32 = classes.iter().sum();
                assert!((sum - 1.0).abs() < 1e-4, "{label}");
                assert!(*at > last && *at <= samples.len() as u64, "{label}");
                last = *at;
            }
            let hops = 4 * samples.len() / rate as usize;
            assert!(all.len() <= hops, "{name} at {rate} Hz: {}", all.len());
            // The first second says nothing, nor does a song's that follows silence.
            let soft = name == "at -60 dBFS";
            assert!(
                soft || all.len() + 10 >= hops,
                "{name} at {rate} Hz: {}",
                all.len()
            );
        }
    }
}

/// Seconds after which nothing that was heard before plays a part: the window, the frame that
/// reaches into it, a hop, and what the resampler holds back.
const FORGOTTEN_AFTER: f32 = 5.5;

/// Holds what two listeners say to be the same, to the last bit, from sample position `at` on, and
/// not before.
#[track_caller]
fn assert_same_from(at: f32, one: &[(u64, Emotion)], other: &[(u64, Emotion)], label: &str) {
    let split = |all: &[(u64, Emotion)]| {
        let early = all.partition_point(|(position, _)| (*position as f32) < at);
        assert!(all.len() > early + 4, "{label}: {all:?}");
        (all[..early].to_vec(), all[early..].to_vec())
    };
    let ((early, late), (other_early, other_late)) = (split(one), split(other));
    assert!(early != other_early, "{label} changes nothing");
    assert!(late == other_late, "{label} is not forgotten: {late:?}");
}

#[test]
fn a_disturbance_is_forgotten_when_it_has_left_the_window() {
    for rate in [16_000, 44_100] {
        let song = song(rate, 10.0);
        let [from, to] = [1.3, 2.9].map(|t| (t * rate as f32) as usize);
        let during = &song[from..to];
        let seconds = 1.6;
        let undisturbed = heard(rate, &song);
        let forgotten = (2.9 + FORGOTTEN_AFTER) * rate as f32;
        let disturbances = [
            ("silence", with(during, |_| 0.0)),
            ("what is not a number", with(during, |_| f32::NAN)),
            ("far beyond full scale", with(during, |x| 1e9 * x)),
            ("clipping", with(during, |x| (30.0 * x).clamp(-1.0, 1.0))),
            ("a constant", with(during, |x| x + 0.8)),
            ("one ear", with(during, |x| 0.5 * x)),
            ("hardly a sound", with(during, |x| 5e-3 * x)),
            ("speech", speech(rate, seconds)),
            ("applause", applause(rate, seconds)),
            ("a tone", tone(1000.0, rate, seconds)),
        ];
        for (name, mut disturbance) in disturbances {
            disturbance.resize(to - from, 0.0);
            let disturbed = [&song[..from], &disturbance, &song[to..]].concat();
            let label = format!("{name} at {rate} Hz");
            assert_same_from(forgotten, &heard(rate, &disturbed), &undisturbed, &label);
        }
    }
}

#[test]
fn samples_that_were_lost_are_forgotten_when_they_have_left_the_window() {
    for (rate, lost) in [(16_000, 1), (16_000, 4000), (44_100, 64), (48_000, 100_001)] {
        let song = song(rate, 12.0);
        let before = 2 * rate as usize;
        let gone = [&song[..before], &song[before + lost..]].concat();
        let label = format!("the loss of {lost} samples at {rate} Hz");
        let forgotten = (2.0 + FORGOTTEN_AFTER) * rate as f32;
        let (gone, whole) = (heard(rate, &gone), heard(rate, &song[lost..]));
        assert_same_from(forgotten, &gone, &whole, &label);
    }
}

#[test]
fn the_mood_moves_no_faster_than_its_smoothing_whatever_is_heard() {
    const HOP: usize = 512;
    let rate = 16_000;
    let mood_after = |show: &mut Show, hops: usize| {
        let frame = AudioFrame {
            position: (hops * HOP) as u64,
            ..AudioFrame::default()
        };
        show.hear(&frame);
        let mood = show.heard_mood();
        [mood.valence, mood.arousal]
    };
    // The most that a hop can do: the way to the farthest corner from where the mood begins.
    let mut show = Show::new(1, f64::from(rate));
    let usual = show.heard_mood();
    show.feel(Emotion::at(-1.0, -1.0, 1.0));
    let [valence, arousal] = mood_after(&mut show, 1);
    let most = [usual.valence - valence, usual.arousal - arousal].map(|x| 1.1 * x);
    assert!(
        most.iter().all(|most| (0.001..0.5).contains(most)),
        "{most:?}"
    );

    let samples = [
        song(rate, 3.0),
        applause(rate, 2.0),
        vec![0.0; rate as usize],
        speech(rate, 3.0),
        vec![f32::NAN; rate as usize / 3],
        tone(440.0, rate, 2.0),
        with(&song(rate, 2.0), |x| (40.0 * x).clamp(-1.0, 1.0)),
    ]
    .concat();
    let mut show = Show::new(1, f64::from(rate));
    let mut listener = Listener::new(rate).unwrap();
    let mut last = [usual.valence, usual.arousal];
    for (hop, samples) in samples.chunks(HOP).enumerate() {
        let felt = listener.listen(samples, |_, felt| {
            // However certain the network is.
            show.feel(Emotion::at(felt.valence, felt.arousal, 1.0));
        });
        felt.unwrap();
        let mood = mood_after(&mut show, hop + 1);
        for i in 0..2 {
            let moved = (mood[i] - last[i]).abs();
            assert!(moved <= most[i], "{moved} of {} in hop {hop}", most[i]);
        }
        last = mood;
    }
}
