use super::*;
use crate::live::Live;

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
        live.hear_midi(&[0xb2, 21, value]);
    }
    assert_eq!(midi.learning(), None);
    assert_eq!(midi.movers(Control::Trails), "CC 21");
    assert_eq!(
        *knobs.lock(),
        Snapshot::default(),
        "what is learned moves nothing"
    );
    for value in [20, 60, 127] {
        live.hear_midi(&[0xb2, 21, value]);
    }
    assert_eq!(knobs.lock().controls.trails, 1.0);
    // Of another channel it is another knob.
    live.hear_midi(&[0xb0, 21, 10]);
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
        live.hear_midi(&[0xb0, 7, (n % 128) as u8]);
        live.hear_midi(&[0xfe]);
    }
    live.hear_midi(&[0xb0, 7, 0]);
    assert_eq!(knobs.lock().controls.brush, 0.0);
    assert_eq!(live.status().problems, 0);
}
