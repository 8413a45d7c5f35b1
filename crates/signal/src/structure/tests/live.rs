//! What is said while a song plays.

use super::*;

/// Hears a song live; what was said right after each frame.
fn live(frames: &[AudioFrame]) -> Vec<(f64, FormPoint)> {
    let mut live = LiveStructure::new(RATE);
    let hear = |frame: &AudioFrame| {
        live.hear(frame);
        let seconds = frame.position as f64 / RATE;
        (seconds, live.at(seconds))
    };
    frames.iter().map(hear).collect()
}

/// What was said in a bar, half-way.
fn in_bar(said: &[(f64, FormPoint)], bar: f64) -> FormPoint {
    let at = said.partition_point(|(seconds, _)| *seconds < bar * BAR);
    said[at.min(said.len() - 1)].1
}

#[test]
fn a_return_is_known_within_three_bars_of_its_begin() {
    let plan = [(VERSE, 8.0), (CHORUS, 8.0), (VERSE, 8.0), (CHORUS, 8.0)];
    let said = live(&song(&plan.map(|(music, bars)| (Some(music), bars))));
    for (bar, section, name, occurrence) in [
        (6.0, 0, 0, 0),
        (11.0, 1, 1, 0),
        (15.5, 1, 1, 0),
        (19.0, 2, 0, 1),
        (23.5, 2, 0, 1),
        (27.0, 3, 1, 1),
        (31.5, 3, 1, 1),
    ] {
        let point = in_bar(&said, bar);
        let told = (point.section, point.name.0, point.occurrence);
        assert_eq!(told, (section, name, occurrence), "in bar {bar}");
    }
    // The place in a section is as the whole song has it, once its name is known.
    let point = in_bar(&said, 20.0);
    assert!((point.position - 0.5).abs() < 0.1, "{}", point.position);
}

#[test]
fn a_drop_is_felt_within_a_beat_and_what_leads_to_it_before() {
    let said = live(&song(&built_up(8.0)));
    assert!(in_bar(&said, 20.0).breathes && !in_bar(&said, 10.0).breathes);
    assert!(in_bar(&said, 31.5).build > 0.5);
    let drops: Vec<f64> = said
        .windows(2)
        .filter(|two| two[1].1.since_drop < two[0].1.since_drop || two[0].1.drop < two[1].1.drop)
        .map(|two| two[1].0 / BAR)
        .collect();
    assert_eq!(drops.len(), 1, "drops in bars {drops:?}");
    assert!((32.0..32.25).contains(&drops[0]), "in bar {}", drops[0]);
    assert_eq!(in_bar(&said, 32.3).build, 0.0);
}

#[test]
fn silence_holds_its_breath_at_once() {
    let said = live(&song(&[
        (Some(VERSE), 8.0),
        (None, 6.0),
        (Some(VERSE), 6.0),
    ]));
    assert!(!in_bar(&said, 7.0).breathes);
    assert!(in_bar(&said, 8.25).breathes);
    assert!(in_bar(&said, 13.5).name.is_silence());
    let back = in_bar(&said, 17.5);
    assert!(!back.breathes);
    assert_eq!((back.section, back.name.0, back.occurrence), (2, 0, 1));
}

#[test]
fn numbers_stay_numbers() {
    let mut frames = song(&[(Some(VERSE), 8.0), (None, 3.0), (Some(CHORUS), 8.0)]);
    for (n, frame) in frames.iter_mut().enumerate() {
        match n % 5 {
            0 => frame.parts = [f32::NAN; BANDS * PARTS],
            1 => frame.bass.level = f32::NAN,
            2 => frame.beat.beats = f64::NEG_INFINITY,
            3 => frame.chroma = [f32::NAN; CHROMA],
            _ => {}
        }
    }
    frames.swap(50, 400);
    for (seconds, point) in live(&frames) {
        let share = |x: f32| (0.0..=1.0).contains(&x);
        let shares = [point.position, point.energy, point.build, point.drop];
        assert!(shares.into_iter().all(share), "{point:?} at {seconds}");
    }
}
