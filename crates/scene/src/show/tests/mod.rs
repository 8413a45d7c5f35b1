use super::*;
use crate::control::{WordsPlace, WordsShown};
use crate::motion::Palette;

mod form;
mod loops;
mod words;

const RATE: f64 = 48_000.0;

fn time(seconds: f64) -> SongTime {
    SongTime {
        seconds,
        song: seconds,
        beats: seconds * 2.0,
        beats_per_bar: 4.0,
        tempo: 120.0,
    }
}

fn frame(seconds: f64) -> AudioFrame {
    AudioFrame {
        position: (seconds * RATE) as u64,
        loudness: -14.0,
        ..AudioFrame::default()
    }
}

/// A show that has heard `seconds` of even music in one mood.
fn show(seconds: f64, emotion: Emotion) -> Show {
    let mut show = Show::new(1, RATE);
    show.feel(emotion);
    for i in 0..(seconds * 80.0) as usize {
        show.hear(&frame(i as f64 / 80.0));
    }
    show
}

fn distance(a: &Scene, b: &Scene) -> f32 {
    a.latent
        .z
        .iter()
        .zip(b.latent.z)
        .map(|(a, b)| (a - b).powi(2))
        .sum::<f32>()
        .sqrt()
}

#[test]
fn scrubbing_back_returns_the_same_scene() {
    let show = show(4.0, Emotion::at(0.3, 0.4, 1.0));
    let controls = Controls::default();
    let first = show.scene(time(3.21), &controls);
    show.scene(time(90.0), &controls);
    assert_eq!(show.scene(time(3.21), &controls), first);
}

#[test]
fn an_onset_pushes_the_picture_and_lets_it_fall_back() {
    let controls = Controls::default();
    let calm = show(4.0, Emotion::neutral());
    let mut pushed = calm.clone();
    pushed.hear(&AudioFrame {
        onset: 1.0,
        ..frame(4.0)
    });
    let push = |seconds| {
        distance(
            &pushed.scene(time(seconds), &controls),
            &calm.scene(time(seconds), &controls),
        )
    };
    assert!(push(4.0) > 0.1);
    assert!(push(5.5) < 0.01);
}

#[test]
fn an_onset_flashes_in_calm_music_too_and_in_wild_music_more() {
    let controls = Controls::default();
    let flash = |arousal, loudness| {
        let mut show = show(8.0, Emotion::at(0.0, arousal, 1.0));
        let after = |i: usize| 8.0 + i as f64 / 80.0;
        for i in 0..800 {
            show.hear(&AudioFrame {
                loudness,
                ..frame(after(i))
            });
        }
        let onset = AudioFrame {
            onset: 1.0,
            loudness,
            ..frame(after(800))
        };
        show.hear(&onset);
        show.scene(time(after(800)), &controls).flash
    };
    let [calm, wild] = [-1.0, 1.0].map(|arousal| flash(arousal, -14.0));
    // Three of 255 levels of middle grey, as the picture's grading has it.
    let middle = 0.5 * 0.55 + 0.10;
    assert!(calm * middle * 255.0 > 2.5, "{calm}");
    assert!(wild > 2.0 * calm, "{wild} and {calm}");
    assert!(flash(-1.0, -30.0) < 0.7 * calm);
    assert!(flash(1.0, -200.0) < 1e-3);
}

#[test]
fn no_flash_is_seen_where_none_is_wanted_and_nothing_else_changes() {
    let mut show = show(4.0, Emotion::at(0.0, 0.8, 1.0));
    show.hear(&AudioFrame {
        onset: 1.0,
        ..frame(4.0)
    });
    let scene = |flash| {
        let controls = Controls {
            flash,
            ..Controls::default()
        };
        show.scene(time(4.0), &controls)
    };
    let (none, half, all) = (scene(0.0), scene(0.5), scene(1.0));
    assert_eq!(none.flash, 0.0);
    assert!(all.flash > 0.0 && (half.flash - 0.5 * all.flash).abs() < 1e-6);
    let (flash, controls) = (all.flash, all.controls);
    let lit = Scene {
        flash,
        controls,
        ..none
    };
    assert_eq!(lit, all);
}

#[test]
fn bass_zooms_in() {
    let controls = Controls::default();
    let mut show = show(4.0, Emotion::at(0.0, 0.5, 1.0));
    let before = show.scene(time(4.0), &controls).camera.zoom;
    let bass = crate::signal::Level {
        level: 0.9,
        ratio: 2.0,
    };
    show.hear(&AudioFrame { bass, ..frame(4.0) });
    assert!(show.scene(time(4.0), &controls).camera.zoom > before + 0.02);
}

#[test]
fn loudness_widens_and_mood_follows_the_emotion() {
    let controls = Controls::default();
    let happy = show(8.0, Emotion::at(0.6, 0.6, 1.0)).scene(time(8.0), &controls);
    let sad = show(8.0, Emotion::at(-0.6, -0.4, 1.0)).scene(time(8.0), &controls);
    assert!(happy.latent.mood[0] > 0.9 && sad.latent.mood[0] < -0.9);
    assert!(happy.grade.saturation > sad.grade.saturation);
    let silence = Show::new(1, RATE).scene(time(8.0), &controls);
    assert!(silence.latent.truncation < happy.latent.truncation);
}

#[test]
fn excitement_moves_the_picture_further_in_the_same_time() {
    let controls = Controls::default();
    let way = |emotion| {
        let show = show(8.0, emotion);
        (0..100)
            .map(|i| {
                let seconds = 8.0 + f64::from(i) / 30.0;
                let next = show.scene(time(seconds + 1.0 / 30.0), &controls);
                distance(&show.scene(time(seconds), &controls), &next)
            })
            .sum::<f32>()
    };
    assert!(way(Emotion::at(0.0, 0.7, 1.0)) > 1.15 * way(Emotion::at(0.0, -0.7, 1.0)));
}

fn manual(valence: f32, arousal: f32) -> Steering {
    Steering {
        source: EmotionSource::Manual,
        manual: [valence, arousal],
        ..Steering::default()
    }
}

fn hear(show: &mut Show, from: f64, seconds: f64) {
    for i in 1..=(seconds * 80.0) as usize {
        show.hear(&frame(from + i as f64 / 80.0));
    }
}

#[test]
fn steering_by_default_changes_nothing() {
    let mut steered = Show::new(1, RATE);
    let mut alone = Show::new(1, RATE);
    for i in 0..400 {
        let emotion = Emotion::at((i as f32 * 0.1).sin(), (i as f32 * 0.07).cos(), 0.6);
        let frame = frame(f64::from(i) / 80.0);
        steered.steer(&Controls::default().steering);
        for show in [&mut steered, &mut alone] {
            show.feel(emotion);
            show.hear(&frame);
        }
        assert_eq!(
            steered.mood(SongTime::default(), &Controls::default()),
            alone.mood(SongTime::default(), &Controls::default())
        );
        assert_eq!(
            steered.mood(SongTime::default(), &Controls::default()),
            steered.heard_mood()
        );
    }
    let controls = Controls::default();
    let scene = steered.scene(time(5.0), &controls);
    assert_eq!(scene, alone.scene(time(5.0), &controls));
}

#[test]
fn knobs_at_rest_leave_camera_and_grade_as_they_come() {
    let show = show(4.0, Emotion::at(0.3, 0.4, 1.0));
    let controls = Controls::default();
    let scene = show.scene(time(3.3), &controls);
    let grade = grade_of(
        &show.mood(SongTime::default(), &Controls::default()),
        1.0,
        Palette::Mood,
    );
    assert_eq!(scene.grade, grade);
    assert_eq!(scene.camera.symmetry, 1);
    let turned = Controls {
        zoom: 2.0,
        rotation: 90.0,
        symmetry: 6,
        ..controls
    };
    let turned = show.scene(time(3.3), &turned).camera;
    assert_eq!(turned.zoom, 2.0 * scene.camera.zoom);
    let quarter = turned.rotation - scene.camera.rotation;
    assert!((quarter - std::f32::consts::FRAC_PI_2).abs() < 1e-6);
    assert_eq!((turned.symmetry, turned.shift), (6, scene.camera.shift));
}

#[test]
fn a_point_set_before_the_song_begins_is_shown_from_its_first_moment() {
    let mut show = Show::new(1, RATE);
    show.steer(&manual(0.2, 0.9));
    assert_eq!(
        show.mood(SongTime::default(), &Controls::default()),
        Emotion::at(0.2, 0.9, 1.0)
    );
    show.hear(&frame(0.0));
    assert_eq!(
        show.mood(SongTime::default(), &Controls::default()),
        Emotion::at(0.2, 0.9, 1.0)
    );
}

#[test]
fn places_come_back_and_a_song_begins_as_it_would_without() {
    let show = show(4.0, Emotion::neutral());
    let scene = |places, bar: f64| {
        let controls = Controls {
            places,
            onset_push: 0.0,
            ..Controls::default()
        };
        let silent = Drive::default();
        show.latent(Moment::of(time(2.0 * bar), 0), silent, 0.0, &controls)
    };
    for bar in [0.0, 3.0, 5.5] {
        assert_eq!(scene(4, bar), scene(0, bar));
    }
    let first = scene(4, 0.0);
    let back = |places| (4..16).any(|keyframe| scene(places, 2.0 * f64::from(keyframe)) == first);
    assert!(back(4) && !back(0));
}

#[test]
fn a_stage_comes_to_rest_in_half_a_second_and_goes_on_from_there() {
    let panic = |panic| Steering {
        panic,
        ..Steering::default()
    };
    let wild = Emotion::at(-0.7, 0.9, 1.0);
    let mut show = show(1.0, wild);
    let controls = Controls::default();
    hear(&mut show, 1.0, 19.0);
    let before = show.scene(time(20.0), &controls);
    show.steer(&panic(true));
    hear(&mut show, 20.0, 0.6);
    let rest = show.scene(time(20.6), &controls);
    assert_eq!((rest.flash, rest.controls.onset_push), (0.0, 0.0));
    assert!(rest.controls.bass_motion < 0.2 * before.controls.bass_motion);
    assert!(rest.latent.mood[1] < -0.6 && before.latent.mood[1] > 0.3);
    // However wild the music goes on.
    hear(&mut show, 20.6, 5.0);
    assert!(show.scene(time(25.6), &controls).latent.mood[1] < -0.6);
    show.steer(&panic(false));
    hear(&mut show, 25.6, 0.6);
    let after = show.scene(time(26.2), &controls);
    assert_eq!(after.controls, before.controls);
    assert!(after.latent.mood[1] > 0.3);
}

/// Controls that all stand nowhere.
fn controls_at(broken: f32) -> Controls {
    Controls {
        steering: Steering {
            source: EmotionSource::Blend,
            blend: broken,
            manual: [broken; 2],
            hold: false,
            smoothing: broken,
            panic: true,
        },
        bars_per_keyframe: broken,
        beat_strength: broken,
        onset_push: broken,
        bass_motion: broken,
        grain: broken,
        truncation: broken,
        mood_strength: broken,
        trails: broken,
        brush: broken,
        palette: Palette::Neon,
        saturation: broken,
        brightness: broken,
        zoom: broken,
        rotation: broken,
        symmetry: 200,
        flash: broken,
        loop_bars: 200,
        places: 200,
        downbeat: broken,
        chorus: broken,
        build_up: broken,
        drop: broken,
        breath: broken,
        fill: broken,
        words: Lettering::Burned,
        words_shown: WordsShown::Single,
        words_size: broken,
        words_place: WordsPlace::Top,
        words_mood: broken,
        words_split: broken,
        words_imagery: broken,
        flash_limiter: true,
    }
}

#[test]
fn broken_controls_give_a_whole_scene() {
    for broken in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e30, -1e30] {
        let controls = controls_at(broken);
        let mut show = show(1.0, Emotion::at(0.6, 0.6, 1.0));
        show.steer(&controls.steering);
        hear(&mut show, 1.0, 1.0);
        let mood = show.mood(SongTime::default(), &Controls::default());
        assert!(mood.valence.abs() <= 1.0 && mood.arousal.abs() <= 1.0);
        assert!(mood.classes.iter().all(|weight| weight.is_finite()));
        let scene = show.scene(time(2.0), &controls);
        let grade = scene.grade;
        let numbers = [
            scene.camera.zoom,
            scene.camera.rotation,
            scene.camera.shift[0],
            scene.warp.amount,
            grade.tint,
            grade.saturation,
            grade.brightness,
            scene.latent.truncation,
            scene.latent.mood[0],
            scene.trails,
            scene.brush,
            scene.flash,
            controls.longest_trail(),
        ];
        let numbers = numbers.iter().chain(grade.palette.as_flattened());
        assert!(numbers.chain(&scene.latent.z).all(|x| x.is_finite()));
        assert_eq!(scene.camera.symmetry, 12);
        assert_eq!(controls.clamped(), controls.clamped().clamped());
    }
    assert_eq!(Controls::default().clamped(), Controls::default());
}
