//! What a host's transport becomes on its way to the picture.

use super::*;
use crate::media::lyrics::{Sheet, Song as Known};
use crate::show::{Controls, Cue, Lettering, Libretto, Scene, Timeline};
use crate::signal::SongTime;

const RATE: f64 = 48_000.0;
const FPS: u64 = 60;

/// Where a host's song is at a second, while it plays.
type Song<'a> = &'a dyn Fn(f64) -> Option<Transport>;

/// One picture.
struct Picture {
    seconds: f64,
    time: SongTime,
    scene: Scene,
}

/// The pictures of so many seconds of a song with that `sound`, 60 a second, when the host plays it in
/// blocks of `block` samples, which end where it jumps.
fn film(
    song: Song,
    sound: &dyn Fn(u64) -> f32,
    length: f64,
    block: u64,
    jumps: &[f64],
) -> Vec<Picture> {
    let (mut tap, mut receiver) = Tap::new(RATE, 1, Pass::Live, Arc::default()).unwrap();
    let mut timeline = Timeline::new(5, RATE);
    // A line every fifth of a second of the song.
    let lines =
        (0..5000).map(|n| format!("[{}:{:05.2}]line {n}\n", n / 300, 0.2 * f64::from(n % 300)));
    let sheet = Sheet::of_text(&lines.collect::<String>());
    timeline.sing(Arc::new(Libretto::new(&sheet.fit(&Known::default()))));
    let controls = Controls {
        words: Lettering::Plain,
        ..Controls::default()
    };
    let mut pictures: Vec<Picture> = Vec::new();
    let jumps: Vec<u64> = jumps.iter().map(|at| (at * RATE).round() as u64).collect();
    let end = (length * RATE) as u64;
    let mut at = 0;
    while at < end {
        let next = jumps.iter().copied().filter(|jump| *jump > at).min();
        let block_end = (at + block).min(next.unwrap_or(end)).min(end);
        let samples: Vec<f32> = (at..block_end).map(sound).collect();
        let transport = song(at as f64 / RATE);
        tap.place(transport.map(|song| song.beats * 60.0 / song.tempo));
        tap.hear(&[&samples], &[&samples], transport, &Snapshot::default());
        at = block_end;
        while let Ok(mut hop) = receiver.hops.pop() {
            hop.frame.beat.beats = hop.frame.position as f64 / RATE * 2.0;
            timeline.hear(Cue {
                frame: hop.frame,
                transport: hop.transport,
                place: hop.place,
                controls,
            });
        }
        while let due = pictures.len() as u64 * RATE as u64 / FPS
            && timeline.must_hear(due) <= at
        {
            timeline.advance(due);
            pictures.push(Picture {
                seconds: due as f64 / RATE,
                time: timeline.time(due),
                scene: timeline.scene(due, &controls),
            });
        }
    }
    assert!(pictures.len() as f64 > (length - 0.2) * FPS as f64);
    pictures
}

/// Bars are where the song has them, within a frame, in blocks of any length.
fn follows(name: &str, song: Song, length: f64, jumps: &[f64]) {
    for block in [64, 480, 4096] {
        // The first picture lies before the first hop.
        for picture in &film(song, &|_| 0.0, length, block, jumps)[1..] {
            let shown = picture.time.bars();
            // Where the song is a millisecond more or less away, or was and would be now had it gone on: less than
            // half a hundredth of any bar.
            let in_time = (-16..=16).any(|millisecond| {
                let away = f64::from(millisecond) / 1e3;
                song(picture.seconds + away).is_some_and(|song| {
                    let gone_on = song.beats - away * song.tempo / 60.0;
                    let bars = [song.beats, gone_on].map(|beats| beats / song.beats_per_bar);
                    bars.iter().any(|bars| (bars - shown).abs() < 0.005)
                })
            });
            let stands = [0.0, 0.016]
                .iter()
                .any(|ago| song(picture.seconds - ago).is_none());
            assert!(
                in_time || stands,
                "{name}, blocks of {block}: bar {shown} at {} s",
                picture.seconds
            );
        }
    }
}

/// At `beats` beats in four quarters.
fn at(beats: f64, tempo: f64) -> Option<Transport> {
    in_bars(4.0, beats, tempo)
}

fn in_bars(beats_per_bar: f64, beats: f64, tempo: f64) -> Option<Transport> {
    Some(Transport {
        beats,
        tempo,
        beats_per_bar,
    })
}

#[test]
fn keyframes_land_within_a_frame_of_the_bar_line_at_every_tempo() {
    let odd = [47.3, 61.7, 93.1, 127.77, 173.4, 239.9];
    for tempo in (40..=240).step_by(20).map(f64::from).chain(odd) {
        let song = |seconds: f64| at(62.7 + seconds * tempo / 60.0, tempo);
        follows("an even tempo", &song, 1.5, &[]);
    }
}

#[test]
fn keyframes_land_on_the_bar_line_through_tempo_ramps() {
    // From 40 to 240 in four seconds, and back.
    let song = |seconds: f64| {
        let (up, down) = (seconds.min(4.0), (seconds - 4.0).max(0.0));
        let beats = (40.0 * up + 25.0 * up * up + 240.0 * down - 25.0 * down * down) / 60.0;
        at(beats, 40.0 + 50.0 * up - 50.0 * down)
    };
    follows("a ramp", &song, 8.0, &[]);
}

#[test]
fn keyframes_land_on_the_bar_line_through_changes_of_signature_jumps_and_loops() {
    let signatures = |seconds: f64| match seconds {
        0.0..2.0 => at(seconds * 2.0, 120.0),
        2.0..5.5 => in_bars(3.5, 3.5 + (seconds - 2.0) * 2.0, 120.0),
        _ => in_bars(3.0, 9.0 + (seconds - 5.5) * 2.0, 120.0),
    };
    follows("signatures", &signatures, 8.0, &[2.0, 5.5]);
    let jumping = |seconds: f64| {
        let part = (seconds / 0.37 + 1e-9).floor();
        let start = [0.0, 1000.3, 3.5, 777.25][part as usize % 4];
        at(start + (seconds - part * 0.37) * 2.2, 132.0)
    };
    let jumps: Vec<f64> = (1..10).map(|n| f64::from(n) * 0.37).collect();
    follows("jumps", &jumping, 3.0, &jumps);
    for length in [0.15, 0.02, 1.0] {
        let looping = |seconds: f64| {
            let round = (seconds / length + 1e-9).floor();
            at(16.9 + (seconds - round * length) * 2.0, 120.0)
        };
        let jumps: Vec<f64> = (1..200).map(|n| f64::from(n) * length).collect();
        follows("a loop", &looping, 2.0, &jumps);
    }
}

#[test]
fn keyframes_land_on_the_bar_line_in_a_pre_roll_and_when_a_stopped_song_plays_again() {
    let pre_roll = |seconds: f64| at(seconds * 2.0 - 5.0, 120.0);
    follows("a pre-roll", &pre_roll, 4.0, &[]);
    let stopping = |seconds: f64| match seconds {
        0.0..1.0 => at(33.1 + seconds * 1.5, 90.0),
        1.0..2.3 => None,
        _ => at(6.0 + (seconds - 2.3) * 1.5, 90.0),
    };
    follows("a stop", &stopping, 4.0, &[1.0, 2.3]);
}

/// Music, a function of the position.
fn music(position: u64) -> f32 {
    let seconds = position as f64 / RATE;
    let beat = 1.0 - (2.0 * seconds).fract();
    (0.5 * beat * (std::f64::consts::TAU * 330.0 * seconds).sin()) as f32
}

#[test]
fn a_place_that_is_reached_in_three_ways_with_the_same_sound_before_is_the_same_scene() {
    let per_second = 117.0 / 60.0;
    let played = |seconds: f64| at(7.3 + seconds * per_second, 117.0);
    let place = 7.3 + 3.0 * per_second;
    let jumped = |seconds: f64| match seconds {
        0.0..3.0 => at(900.0 + seconds * per_second, 117.0),
        _ => at(place + (seconds - 3.0) * per_second, 117.0),
    };
    let looped = |seconds: f64| at(place + (seconds % 3.0) * per_second, 117.0);
    let before = film(&played, &music, 6.0, 512, &[3.0]);
    for (name, way) in [("jumped", &jumped as Song), ("looped", &looped)] {
        let scenes = film(way, &music, 6.0, 512, &[3.0]);
        let mut compared = 0;
        for (one, other) in before.iter().zip(&scenes) {
            if (3.02..5.9).contains(&one.seconds) {
                assert_eq!(one.time, other.time, "{name}");
                assert_eq!(
                    one.scene.latent.z, other.scene.latent.z,
                    "{name}: {}",
                    one.seconds
                );
                assert!(one.scene == other.scene, "{name}: {}", one.seconds);
                compared += 1;
            }
        }
        assert!(compared > 100);
        let elsewhere = before[60].scene.latent.z != scenes[60].scene.latent.z;
        assert!(elsewhere, "{name}: before, the song is elsewhere");
    }
}

#[test]
fn the_walk_at_a_place_does_not_depend_on_when_the_host_began_or_how_it_cuts() {
    let per_second = 93.1 / 60.0;
    let from = |late: f64| move |seconds: f64| at(50.0 + (seconds - late) * per_second, 93.1);
    let (early, late) = (from(0.0), from(0.5));
    let first = film(&early, &|_| 0.0, 2.0, 512, &[]);
    let second = film(&late, &|_| 0.0, 2.5, 61, &[]);
    for (one, other) in first[1..].iter().zip(&second[31..]) {
        assert_eq!(one.time.beats, other.time.beats);
        assert_eq!(one.scene.latent.z, other.scene.latent.z, "{}", one.seconds);
    }
}

#[test]
fn words_follow_the_song_through_jumps_and_a_line_is_seen_within_a_picture_of_its_time() {
    let per_second = 117.0 / 60.0;
    let song = |seconds: f64| match seconds {
        0.0..1.5 => at(40.0 + seconds * per_second, 117.0),
        1.5..3.0 => at(4.0 + (seconds - 1.5) * per_second, 117.0),
        _ => None,
    };
    let pictures = film(&song, &music, 4.0, 512, &[1.5, 3.0]);
    let (mut seen, mut stood) = (0, Vec::new());
    for picture in &pictures[1..] {
        let text = picture
            .scene
            .sung
            .as_ref()
            .map(|sung| sung.text.to_string());
        match song(picture.seconds) {
            // A block of the host's, and a hop: less than a picture.
            Some(place) if song(picture.seconds - 0.02).is_some() => {
                let seconds = place.beats / per_second;
                let lines = [-0.016, 0.016]
                    .map(|late| Some(format!("line {}", ((seconds + late) / 0.2) as u32)));
                let jumped = (1.49..1.52).contains(&picture.seconds);
                assert!(jumped || lines.contains(&text), "{text:?} at {seconds}");
                seen += 1;
            }
            None if picture.seconds > 3.05 => stood.push(text),
            _ => {}
        }
    }
    assert!(seen > 150);
    assert!(stood.iter().all(|text| *text == stood[0]), "{stood:?}");
}
