//! What a show makes of a song's form and of its beats.

use super::*;
use crate::signal::{Beat, BuildUp, Drop, Mark, Section, SectionName, Structure, Transport};
use std::sync::Arc;

/// Hops a second of the music that is made up, at 120 beats a minute in bars of four: a bar is two seconds.
const HOPS: f64 = 80.0;
const BAR: f64 = 2.0;

fn mark(bar: f64) -> Mark {
    Mark {
        seconds: bar * BAR,
        beats: 4.0 * bar,
    }
}

/// Sections of eight bars, by their names.
fn sections(names: &str) -> Structure {
    let section = |(n, name): (usize, char)| Section {
        begin: mark(8.0 * n as f64),
        end: mark(8.0 * (n + 1) as f64),
        name: match name {
            '-' => SectionName::SILENCE,
            letter => SectionName(letter as u16 - 'A' as u16),
        },
        occurrence: names[..n].matches(name).count() as u32,
        ..Section::default()
    };
    Structure {
        sections: names.chars().enumerate().map(section).collect(),
        ..Structure::default()
    }
}

/// What is heard in music of this certainty of its beat, and how it feels at a moment.
#[derive(Clone, Copy)]
struct Music {
    certainty: f32,
    host: bool,
    mood: fn(f64) -> [f32; 2],
}

const MUSIC: Music = Music {
    certainty: 0.9,
    host: false,
    mood: |_| [0.2, 0.0],
};

/// The scenes of a song of that structure, of which one is asked for after the other.
struct Played {
    timeline: Timeline,
    music: Music,
    hop: u32,
    controls: Controls,
}

impl Played {
    fn new(structure: Structure, music: Music, controls: Controls) -> Self {
        Self {
            timeline: Timeline::of(Arc::new(structure), 1, RATE),
            music,
            hop: 0,
            controls,
        }
    }

    fn at(&mut self, seconds: f64) -> Scene {
        let position = (seconds * RATE).round() as u64;
        while self.cue().frame.position <= self.timeline.must_hear(position) {
            let cue = self.cue();
            let [valence, arousal] = (self.music.mood)(f64::from(self.hop) / HOPS);
            self.timeline
                .feel(cue.frame.position, Emotion::at(valence, arousal, 1.0));
            self.timeline.hear(cue);
            self.hop += 1;
        }
        self.timeline.advance(position);
        self.timeline.scene(position, &self.controls)
    }

    fn cue(&self) -> Cue {
        let seconds = f64::from(self.hop + 1) / HOPS;
        let beats = 2.0 * seconds;
        let transport = Transport {
            beats,
            tempo: 120.0,
            beats_per_bar: 4.0,
        };
        Cue {
            frame: AudioFrame {
                beat: Beat {
                    tempo: 120.0,
                    beats,
                    in_bar: (beats as u64 % 4) as u8,
                    per_bar: 4,
                    confidence: self.music.certainty,
                },
                ..frame(seconds)
            },
            transport: Some(transport).filter(|_| self.music.host),
            controls: self.controls,
            ..Cue::default()
        }
    }
}

#[test]
fn a_section_that_returns_brings_its_pictures_back() {
    let apart = |names, music, chorus| {
        let controls = Controls {
            chorus,
            ..Controls::default()
        };
        let mut song = Played::new(sections(names), music, controls);
        let first = Vec::from_iter([9.0, 12.3, 15.0].map(|bar| song.at(bar * BAR)));
        let again = [25.0, 28.3, 31.0].map(|bar| song.at(bar * BAR));
        let apart = first.iter().zip(again).map(|(a, b)| distance(a, &b));
        apart.fold(0.0, f32::max)
    };
    assert!(apart("ABAB", MUSIC, 1.0) < 0.02);
    assert!(apart("ABAB", MUSIC, 0.0) > 1.0, "without it walks on");
    assert!(
        apart("ABAC", MUSIC, 1.0) > 1.0,
        "another section is elsewhere"
    );
    let host = Music {
        host: true,
        ..MUSIC
    };
    let mut song = Played::new(sections("ABAB"), host, Controls::default());
    let mut plain = Played::new(sections("AAAA"), host, Controls::default());
    for bar in [9.0, 25.0, 28.3] {
        let [one, other] = [song.at(bar * BAR), plain.at(bar * BAR)];
        assert_eq!(
            one.latent.z, other.latent.z,
            "a host's bars alone say where"
        );
    }
}

#[test]
fn from_section_to_section_nothing_jumps() {
    let controls = Controls {
        bass_motion: 0.0,
        ..Controls::default()
    };
    let mut song = Played::new(sections("AB-BA"), MUSIC, controls);
    let fine = 1.0 / 240.0;
    let scenes = Vec::from_iter((0..(80.0 / fine) as usize).map(|n| song.at(n as f64 * fine)));
    for (n, two) in scenes.windows(2).enumerate() {
        let way = distance(&two[0], &two[1]);
        assert!(way < 0.12, "{way} at {}", n as f64 * fine);
        let zoom = (two[0].camera.zoom - two[1].camera.zoom).abs();
        assert!(zoom < 0.06, "{zoom} at {}", n as f64 * fine);
    }
}

#[test]
fn a_chorus_that_feels_otherwise_is_coloured_by_the_difference() {
    let darker = Music {
        mood: |seconds| {
            if seconds < 24.0 * BAR {
                [0.2, 0.0]
            } else {
                [0.14, -0.1]
            }
        },
        ..MUSIC
    };
    let mood = |chorus| {
        let controls = Controls {
            chorus,
            ..Controls::default()
        };
        let mut song = Played::new(sections("ABAB"), darker, controls);
        let first = song.at(15.0 * BAR).latent.mood;
        let again = song.at(31.0 * BAR).latent.mood;
        [0, 1].map(|i| again[i] - first[i])
    };
    let [heard, coloured] = [mood(0.0), mood(1.0)];
    for i in [0, 1] {
        assert!(
            heard[i] < -0.2 && coloured[i] < 1.5 * heard[i],
            "{heard:?} {coloured:?}"
        );
    }
}

/// A song with a build-up over bars 8 to 16 and a drop at its end.
fn rising() -> Structure {
    Structure {
        build_ups: vec![BuildUp {
            begin: mark(8.0),
            end: mark(16.0),
            strength: 1.0,
        }],
        drops: vec![Drop {
            at: mark(16.0),
            strength: 1.0,
        }],
        ..sections("AAAA")
    }
}

#[test]
fn a_build_up_narrows_the_picture_and_a_drop_opens_it() {
    let controls = Controls {
        bass_motion: 0.0,
        beat_strength: 0.0,
        ..Controls::default()
    };
    let mut song = Played::new(rising(), MUSIC, controls);
    let [before, end, just_before, dropped, later] =
        [7.5, 15.2, 15.95, 16.1, 20.0].map(|bar: f64| song.at(bar * BAR));
    assert!(end.camera.zoom > before.camera.zoom + 0.1);
    assert!(end.grade.vignette > before.grade.vignette + 0.2);
    assert!(end.grade.saturation < 0.85 * before.grade.saturation);
    assert!(end.latent.truncation < before.latent.truncation);
    assert!(
        just_before.grade.brightness < before.grade.brightness - 0.05,
        "drawn in"
    );
    assert!(dropped.camera.zoom < before.camera.zoom && dropped.warp.ripple > 0.02);
    assert!(dropped.grade.saturation > 1.2 * before.grade.saturation);
    assert!((later.grade.saturation / before.grade.saturation - 1.0).abs() < 0.1);
    let still = Controls {
        build_up: 0.0,
        drop: 0.0,
        ..controls
    };
    let mut still = Played::new(rising(), MUSIC, still);
    let mut none = Played::new(sections("AAAA"), MUSIC, controls);
    for bar in [15.2, 16.1] {
        let [one, other] = [still.at(bar * BAR), none.at(bar * BAR)];
        assert_eq!(
            (one.camera, one.grade, one.warp),
            (other.camera, other.grade, other.warp)
        );
    }
}

#[test]
fn a_drop_is_seen_at_once() {
    let mut song = Played::new(rising(), MUSIC, Controls::default());
    let frame = 1.0 / 60.0;
    let [before, after] = [-frame, frame].map(|off| song.at(16.0 * BAR + off));
    assert!(after.grade.brightness > before.grade.brightness + 0.05);
    assert!(after.warp.ripple > 0.02 && before.warp.ripple < 0.02);
}

#[test]
fn silence_holds_the_picture_and_it_goes_on_from_there() {
    let way = |breath| {
        let controls = Controls {
            breath,
            chorus: 1.0,
            ..Controls::default()
        };
        // A silence within what is one section to the walk: only its breath is to be seen.
        let mut structure = sections("AAAA");
        structure.breaks = vec![crate::signal::Break {
            begin: mark(8.5),
            end: mark(14.0),
        }];
        let mut song = Played::new(structure, MUSIC, controls);
        let [from, to] = [10.0, 11.0].map(|bar| song.at(bar * BAR));
        distance(&from, &to)
    };
    assert!(way(1.0) < 0.2 * way(0.0), "{} {}", way(1.0), way(0.0));
}

#[test]
fn where_no_beat_is_certain_none_is_seen() {
    let speed = |certainty| {
        let controls = Controls::default();
        let music = Music { certainty, ..MUSIC };
        let mut song = Played::new(sections("AAAA"), music, controls);
        let mut eighths = [0.0f32; 8];
        for beat in 8..16 {
            for (eighth, way) in eighths.iter_mut().enumerate() {
                let at = |part: usize| 0.5 * (f64::from(beat) + part as f64 / 8.0);
                let [a, b] = [song.at(at(eighth)), song.at(at(eighth + 1))];
                *way += distance(&a, &b);
            }
        }
        let least = eighths.iter().copied().fold(f32::INFINITY, f32::min);
        eighths.iter().copied().fold(0.0, f32::max) / least
    };
    assert!(speed(0.9) > 4.0, "{}", speed(0.9));
    assert!(speed(0.0) < 1.5, "{}", speed(0.0));
}

#[test]
fn an_onset_on_a_hosts_beat_pushes_whatever_is_heard_as_one_beside_it() {
    let push = |off: f64| {
        let music = Music {
            certainty: 0.0,
            host: true,
            ..MUSIC
        };
        let mut song = Played::new(sections("A"), music, Controls::default());
        song.at(8.0 + off);
        let mut cue = song.cue();
        // The ear is half a beat off.
        cue.frame.beat.beats += 0.5;
        cue.frame.onset = 1.0;
        song.timeline.hear(cue);
        song.hop += 1;
        song.at(8.03 + off).flash
    };
    assert!(push(0.0) > 2.0 * push(0.22), "{} {}", push(0.0), push(0.22));
}

#[test]
fn the_first_beat_of_a_bar_moves_the_picture_most() {
    let way = |downbeat| {
        let controls = Controls {
            downbeat,
            ..Controls::default()
        };
        let mut song = Played::new(sections("AAAA"), MUSIC, controls);
        let mut ways = [0.0f32; 4];
        for beat in 8..32usize {
            let [a, b] = [0.0, 0.25].map(|off| song.at(0.5 * (beat as f64 + off)));
            ways[beat % 4] += distance(&a, &b);
        }
        3.0 * ways[0] / ways[1..].iter().sum::<f32>()
    };
    assert!(way(0.5) > 1.3, "{}", way(0.5));
    assert!(way(0.0) < 1.15, "{}", way(0.0));
}

#[test]
fn a_form_that_is_heard_is_the_same_whatever_blocks_it_comes_in() {
    let scenes = |steps: usize| {
        let mut song = Played::new(sections("A"), MUSIC, Controls::default());
        song.timeline = Timeline::new(1, RATE);
        for n in 0..steps {
            song.at(30.0 * n as f64 / steps as f64);
        }
        song.at(30.0)
    };
    assert_eq!(scenes(30), scenes(1000));
}
