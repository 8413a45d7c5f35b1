use super::*;

const RATE: f64 = 48_000.0;
const HOP: u64 = 565;

/// Frames of a tracker at 120 beats per minute whose speed sways by a third, on a downbeat
/// guess that moves by two beats half-way.
fn frames() -> impl Iterator<Item = AudioFrame> {
    let mut beats = 0.0;
    (1..2000u64).map(move |n| {
        beats += (2.0 + 0.6 * (n as f64 * 0.05).sin()) * HOP as f64 / RATE;
        let moved = if n < 1000 { 0 } else { 2 };
        AudioFrame {
            position: n * HOP,
            beat: Beat {
                tempo: 120.0,
                beats,
                in_bar: ((beats as u64 + moved) % 4) as u8,
                per_bar: 4,
                confidence: 1.0,
            },
            ..AudioFrame::default()
        }
    })
}

#[test]
fn beats_are_continuous_and_never_go_backwards() {
    let mut clock = SongClock::new(RATE);
    let mut last = clock.at(0).beats;
    for frame in frames() {
        for position in (frame.position - HOP..frame.position).step_by(100) {
            let beats = clock.at(position).beats;
            assert!(beats >= last, "{last} then {beats}");
            // Double time and the sway together make 6 beats a second at most.
            assert!(beats - last <= 6.0 * 100.0 / RATE, "{last} then {beats}");
            last = beats;
        }
        clock.hear(&frame, None);
    }
}

#[test]
fn a_frame_does_not_change_the_time_before_it() {
    let mut clock = SongClock::new(RATE);
    for frame in frames() {
        clock.expect(&frame, None);
        let middle = frame.position - HOP / 2;
        let before = clock.at(middle);
        clock.hear(&frame, None);
        assert!((clock.at(middle).beats - before.beats).abs() < 1e-9);
    }
}

#[test]
fn bars_begin_on_the_guessed_downbeat_and_beats_on_the_beat() {
    let mut clock = SongClock::new(RATE);
    for (n, frame) in frames().enumerate() {
        clock.hear(&frame, None);
        let settled = (20..990).contains(&n) || n > 1200;
        let middle_of_beat = (0.2..0.8).contains(&frame.beat.phase());
        if settled && middle_of_beat {
            let time = clock.at(frame.position);
            assert_eq!(time.beats as u64 % 4, u64::from(frame.beat.in_bar));
            assert!((time.beats.fract() - frame.beat.beats.fract()).abs() < 0.02);
        }
    }
}

#[test]
fn bars_go_on_without_a_jump_where_their_length_changes() {
    for (first, then) in [(4u64, 7u64), (7, 3), (3, 4), (4, 5), (6, 2)] {
        let mut clock = SongClock::new(RATE);
        let (mut last, mut together) = (0.0, 0);
        for (n, mut frame) in frames().enumerate() {
            let (beat, per_bar) = match n {
                0..700 => (frame.beat.beats as u64, first),
                _ => (frame.beat.beats as u64 + 1, then),
            };
            frame.beat.per_bar = per_bar as u8;
            frame.beat.in_bar = (beat % per_bar) as u8;
            clock.hear(&frame, None);
            for later in [0, HOP / 2] {
                let bars = clock.at(frame.position + later).bars();
                // Double speed in bars of two or more.
                let most = 6.0 / first.min(then) as f64 * HOP as f64 / RATE;
                assert!((0.0..most).contains(&(bars - last)), "{last} then {bars}");
                last = bars;
            }
            let settled = (400..700).contains(&n) || n > 1200;
            if settled && (0.2..0.8).contains(&frame.beat.phase()) {
                let time = clock.at(frame.position);
                assert_eq!(time.beats_per_bar, per_bar as f64);
                let in_bar = time.beats.rem_euclid(time.beats_per_bar) as u8;
                assert_eq!(in_bar, frame.beat.in_bar, "{first} to {then}");
                together += 1;
            }
        }
        assert!(together > 500);
    }
}

#[test]
fn a_frame_from_the_past_begins_the_song_anew() {
    let mut clock = SongClock::new(RATE);
    for frame in frames() {
        clock.hear(&frame, None);
    }
    let first = frames().next().unwrap_or_default();
    clock.hear(&first, None);
    assert!(clock.at(first.position).beats < 0.1);
}

/// A host's song at `beats` beats, at 100 beats per minute in bars of three.
fn host(beats: f64) -> Option<Transport> {
    Some(Transport {
        beats,
        tempo: 100.0,
        beats_per_bar: 3.0,
    })
}

#[test]
fn a_playing_host_sets_the_time_and_may_jump() {
    let mut clock = SongClock::new(RATE);
    let per_sample = 100.0 / 60.0 / RATE;
    for frame in frames().take(100) {
        let jump = if frame.position > 50 * HOP { 64.0 } else { 0.0 };
        let beats = frame.position as f64 * per_sample - jump;
        clock.hear(&frame, host(beats));
        let later = clock.at(frame.position + 300);
        assert!((later.beats - (beats + 300.0 * per_sample)).abs() < 1e-6);
        assert_eq!((later.tempo, later.beats_per_bar), (100.0, 3.0));
    }
}

#[test]
fn the_tracker_goes_on_where_a_host_stops() {
    let mut clock = SongClock::new(RATE);
    let mut last = 0.0;
    for (n, frame) in frames().take(200).enumerate() {
        let playing = host(40.0 + n as f64 * 0.02).filter(|_| n < 100);
        clock.hear(&frame, playing);
        let beats = clock.at(frame.position).beats;
        if n > 0 {
            assert!((0.0..0.08).contains(&(beats - last)), "{last} then {beats}");
        }
        last = beats;
    }
}

#[test]
fn a_count_in_runs_up_to_the_first_bar() {
    let mut clock = SongClock::new(RATE);
    let per_sample = 100.0 / 60.0 / RATE;
    for frame in frames().take(400) {
        let beats = frame.position as f64 * per_sample - 6.0;
        clock.hear(&frame, host(beats));
        let bars = clock.at(frame.position).bars();
        assert!((bars - beats / 3.0).abs() < 1e-6, "{bars} at beat {beats}");
    }
}

#[test]
fn the_first_frame_says_where_the_song_is_and_where_it_was_before() {
    let first = frames().next().unwrap_or_default();
    let mut clock = SongClock::new(RATE);
    clock.expect(&first, host(260.0));
    let before = 260.0 - HOP as f64 * 100.0 / 60.0 / RATE;
    assert!((clock.at(0).beats - before).abs() < 1e-6);
    assert_eq!(clock.at(0).beats_per_bar, 3.0);
    clock.hear(&first, host(260.0));
    clock.expect(&first, host(0.0));
    assert_eq!(clock.at(HOP).beats, 260.0);
}

#[test]
fn a_count_that_begins_within_a_bar_is_followed_from_its_first_frame() {
    for begin in [0.4, 1.7, 3.2, 9.9] {
        let mut clock = SongClock::new(RATE);
        for mut frame in frames().take(900) {
            frame.beat.beats += begin;
            frame.beat.in_bar = (frame.beat.beats as u64 % 4) as u8;
            clock.hear(&frame, None);
            let off = clock.at(frame.position).beats - frame.beat.beats;
            assert!(off.abs() < 0.1, "{off} at {}", frame.beat.beats);
        }
    }
}

#[test]
fn where_a_host_stops_anywhere_in_a_bar_the_heard_beats_and_bars_are_found_again() {
    for (stop, bar) in [(40.37, 3.5), (21.5, 4.0), (-2.9, 3.0), (8.01, 0.75 * 4.0)] {
        let mut clock = SongClock::new(RATE);
        let (mut last, mut together) = (f64::MIN, 0);
        for (n, frame) in frames().take(990).enumerate() {
            let playing = Transport {
                beats: stop + (n as f64 - 100.0) * 0.02,
                tempo: 100.0,
                beats_per_bar: bar,
            };
            clock.hear(&frame, (n < 100).then_some(playing));
            let time = clock.at(frame.position);
            assert!(time.bars() >= last, "{last} then {time:?}");
            last = time.bars();
            if n > 700 && (0.2..0.8).contains(&frame.beat.phase()) {
                assert_eq!(time.beats_per_bar, 4.0, "after {stop}");
                let in_bar = time.beats.rem_euclid(4.0) as u8;
                assert_eq!(in_bar, frame.beat.in_bar, "after {stop}");
                assert!((time.beats.rem_euclid(1.0) - frame.beat.beats.fract()).abs() < 0.02);
                together += 1;
            }
        }
        assert!(together > 100);
    }
}
