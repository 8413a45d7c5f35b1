//! Loops close without a seam.

use super::*;

/// A show amid music, and the scene of its place at some beats, with these controls: only where it
/// is in the song differs.
fn at_beats(show: &Show, beats: f64, beats_per_bar: f64, controls: &Controls) -> Scene {
    let at = SongTime {
        beats,
        beats_per_bar,
        ..time(4.0)
    };
    show.scene(at, controls)
}

/// A show on an onset with bass, in wild music.
fn amid_music() -> Show {
    let mut show = show(4.0, Emotion::at(0.4, 0.9, 1.0));
    show.hear(&AudioFrame {
        onset: 0.8,
        bass: crate::signal::Level {
            level: 0.9,
            ratio: 2.0,
        },
        ..frame(4.0)
    });
    show
}

#[test]
fn a_loop_shows_the_same_scene_a_round_later_bit_for_bit() {
    let show = amid_music();
    for (loop_bars, pace, beats_per_bar) in
        [(1, 2.0, 4.0), (4, 2.0, 3.0), (8, 0.75, 4.0), (3, 1.0, 3.5)]
    {
        let controls = Controls {
            loop_bars,
            bars_per_keyframe: pace,
            ..Controls::default()
        };
        let round = f64::from(loop_bars) * beats_per_bar;
        let scene = |beats| at_beats(&show, beats, beats_per_bar, &controls);
        for picture in 0..40 {
            let beats = f64::from(picture) / 11.0;
            for later in [1.0, 2.0, 57.0] {
                assert_eq!(
                    scene(beats),
                    scene(beats + later * round),
                    "{loop_bars} bars"
                );
            }
            assert_eq!(scene(beats), scene(beats - round), "in a count-in");
        }
        assert_ne!(scene(0.25), scene(0.25 + 0.5 * round));
    }
}

#[test]
fn a_loop_never_jumps_at_its_seam() {
    let show = amid_music();
    let fine = 1.0 / 64.0;
    for loop_bars in [1, 2, 5, 16] {
        for beats_per_bar in [4.0, 3.5] {
            let controls = Controls {
                loop_bars,
                ..Controls::default()
            };
            let scene = |beats| at_beats(&show, beats, beats_per_bar, &controls);
            let change = |beats: f64| {
                let (a, b) = (scene(beats - 0.5 * fine), scene(beats + 0.5 * fine));
                let moved = |a: f32, b: f32| (a - b).abs();
                let camera = moved(a.camera.zoom, b.camera.zoom)
                    + moved(a.camera.rotation, b.camera.rotation)
                    + moved(a.camera.shift[0], b.camera.shift[0])
                    + moved(a.camera.shift[1], b.camera.shift[1]);
                [distance(&a, &b), camera, moved(a.warp.phase, b.warp.phase)]
            };
            let round = f64::from(loop_bars) * beats_per_bar;
            let whole = |beat: usize| change(beat as f64);
            let usual = (1..round as usize)
                .map(whole)
                .reduce(|most, change| [0, 1, 2].map(|i| f32::max(most[i], change[i])));
            let usual = usual.expect("there are beats within");
            for (seam, usual) in change(round).into_iter().zip(usual) {
                assert!(
                    seam < 1.5 * usual + 1e-3,
                    "{loop_bars} bars: {seam}, {usual}"
                );
            }
        }
    }
}
