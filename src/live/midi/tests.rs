use super::*;
use crate::live::{Clock, HeardNow, Live, TempoSource};
use std::time::Duration;

#[test]
fn a_knob_that_is_learned_moves_its_control_is_kept_and_shows_where_it_stands() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("midi.json");
    let knobs = Arc::new(Mutex::new(Snapshot::default()));
    let (read, set) = (Arc::clone(&knobs), Arc::clone(&knobs));
    let live = Live::new(move || *read.lock());
    live.set_controls_with(move |setting| setting.apply(&mut set.lock()));
    live.open_midi(path.clone(), false).unwrap();
    let midi = live.midi().expect("MIDI");
    midi.learn(Some(Control::Trails));
    assert_eq!(midi.learning(), Some(Control::Trails));
    for value in [60, 62] {
        live.hear_midi("pads", &[0xb2, 21, value]);
    }
    assert_eq!(midi.learning(), None);
    assert_eq!(midi.movers(Control::Trails), "CC 21");
    assert_eq!(
        *knobs.lock(),
        Snapshot::default(),
        "what is learned moves nothing"
    );
    for value in [20, 60, 127] {
        live.hear_midi("pads", &[0xb2, 21, value]);
    }
    assert_eq!(knobs.lock().controls.trails, 1.0);
    // Of another channel it is another knob.
    live.hear_midi("pads", &[0xb0, 21, 10]);
    assert_eq!(knobs.lock().controls.trails, 1.0);

    let mut later = *knobs.lock();
    later.controls.trails = 0.5;
    assert_eq!(midi.shown(&knobs.lock(), &later), [[0xb2, 21, 64]]);
    // What the knob itself has put there is not told to it.
    assert_eq!(midi.shown(&later, &knobs.lock()), [[0; 3]; 0]);
    let (kept, said) = MidiMap::open(&path).unwrap();
    assert_eq!((kept.bindings.len(), said.len()), (1, 0));
}

#[test]
fn a_flood_ends_where_its_last_message_says() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("midi.json");
    let map =
        r#"{"version": 1, "takeover": "jump", "lines": [{"controller": 7, "control": "brush"}]}"#;
    std::fs::write(&path, map).unwrap();
    let knobs = Arc::new(Mutex::new(Snapshot::default()));
    let (read, set) = (Arc::clone(&knobs), Arc::clone(&knobs));
    let live = Live::new(move || *read.lock());
    live.set_controls_with(move |setting| setting.apply(&mut set.lock()));
    live.open_midi(path, false).unwrap();
    for n in 0..20_000u32 {
        live.hear_midi("pads", &[0xb0, 7, (n % 128) as u8]);
        live.hear_midi("pads", &[0xfe]);
    }
    live.hear_midi("pads", &[0xb0, 7, 0]);
    assert_eq!(knobs.lock().controls.brush, 0.0);
    assert_eq!(live.status().problems, 0);
}

#[test]
fn a_clock_is_no_knob_and_its_beats_lead_the_music_where_it_is_chosen() {
    let folder = tempfile::tempdir().unwrap();
    let live = Live::new(Snapshot::default);
    live.open_midi(folder.path().join("midi.json"), false)
        .unwrap();
    let mut tap = live.connect(48_000.0, 1, false).unwrap();
    live.follow(Clock::Midi).unwrap();
    assert!(live.clock_problem().is_some());
    live.hear_midi("box", &[0xfa]);
    let begun = Instant::now();
    let (mut ticks, mut blocks) = (0, 0);
    let leads =
        |now: HeardNow| now.tempo == TempoSource::MidiClock && (now.time.tempo - 150.0).abs() < 5.0;
    // In real time, as a machine that is busy lets it.
    while !live.status().now.is_some_and(leads) {
        let passed = begun.elapsed().as_secs_f64();
        assert!(passed < 30.0, "{:?}", live.status().now);
        while f64::from(ticks) < passed * 150.0 / 60.0 * 24.0 {
            live.hear_midi("box", &[0xf8]);
            ticks += 1;
        }
        while f64::from(blocks) < passed * 100.0 {
            let silence = [0.0; 480];
            tap.hear(&[&silence], &[&silence], None, &Snapshot::default());
            blocks += 1;
        }
        live.look();
        std::thread::sleep(Duration::from_millis(2));
    }
    assert_eq!(live.clock_problem(), None);
    live.follow(Clock::Heard).unwrap();
    assert_eq!(live.clock_problem(), None);
}
