//! What the host says about its song, and what becomes of it.

use crate::host::{Buffers, Host, With, change, same_bits, song};
use clack_host::events::event_types::{TransportEvent, TransportFlags};
use clack_host::utils::BeatTime;
use synopsia::live::{Status, TempoSource};

const RATE: f64 = 48_000.0;
const BLOCK: usize = 480;

/// A song that the host plays: its next block's transport, none where it sends none.
type Song<'a> = &'a mut dyn FnMut(f64) -> Option<TransportEvent>;

/// Plays blocks in real time, as `song` says at each second, until `found` finds what it waits for.
fn play(host: &mut Host, song: Song, found: impl Fn(&Status) -> bool) -> Status {
    let mut processor = host.start(RATE, BLOCK);
    let mut buffers = Buffers::new(2, BLOCK, false);
    let mut seconds = 0.0;
    let status = host.wait_until(|status| {
        let transport = song(seconds);
        buffers.input[0].fill((seconds as f32).sin());
        let with = With {
            transport: transport.as_ref(),
            ..With::default()
        };
        buffers.process(&mut processor, BLOCK, with);
        assert!(same_bits(&buffers.input[0], &buffers.output[0]));
        seconds += BLOCK as f64 / RATE;
        found(status)
    });
    host.stop(processor);
    status
}

fn position(status: &Status) -> u64 {
    status.now.map_or(0, |now| now.frame.position)
}

#[test]
fn tempo_and_position_of_the_host_reach_the_show() {
    let mut host = Host::new();
    let status = play(
        &mut host,
        &mut |seconds| Some(song(64.0 + seconds * 2.5, 150.0)),
        |status| position(status) > RATE as u64,
    );
    let now = status.now.expect("something is heard");
    assert_eq!(now.tempo, TempoSource::Host);
    assert!((now.time.tempo - 150.0).abs() < 0.5, "{:?}", now.time);
    let beats = 64.0 + now.frame.position as f64 / RATE * 2.5;
    assert!(
        (now.time.beats - beats).abs() < 1.0,
        "{:?} at {beats}",
        now.time
    );
}

#[test]
fn a_host_that_tells_nothing_is_listened_to() {
    let mut host = Host::new();
    let status = play(&mut host, &mut |_| None, |status| {
        position(status) > RATE as u64
    });
    assert_eq!(
        status.now.expect("something is heard").tempo,
        TempoSource::Heard
    );
}

#[test]
fn a_stopped_song_is_listened_to() {
    let mut host = Host::new();
    let mut stopped = |_| {
        let mut song = song(8.0, 120.0);
        song.flags.remove(TransportFlags::IS_PLAYING);
        Some(song)
    };
    let status = play(&mut host, &mut stopped, |status| {
        position(status) > RATE as u64
    });
    assert_eq!(
        status.now.expect("something is heard").tempo,
        TempoSource::Heard
    );
}

#[test]
fn a_song_that_jumps_is_followed() {
    let mut host = Host::new();
    let mut jumping = |seconds: f64| {
        let part = (seconds / 0.5).floor();
        let start = [0.0, 1000.0, 3.5, 777.25][part as usize % 4];
        Some(song(start + (seconds - part * 0.5) * 2.0, 120.0))
    };
    let status = play(&mut host, &mut jumping, |status| {
        status.now.is_some_and(|now| now.time.beats > 900.0)
    });
    assert!(status.now.expect("something is heard").time.beats < 1010.0);
}

#[test]
fn a_loop_of_half_a_beat_keeps_the_show_in_it() {
    let mut host = Host::new();
    let mut looping = |seconds: f64| Some(song(16.0 + (seconds * 2.0) % 0.5, 120.0));
    let status = play(&mut host, &mut looping, |status| {
        position(status) > 3 * RATE as u64
    });
    let now = status.now.expect("something is heard");
    assert_eq!(now.tempo, TempoSource::Host);
    assert!((15.5..17.5).contains(&now.time.beats), "{:?}", now.time);
}

/// A song at 120 whose first bar has four quarters and all others seven eighths: the transport at a beat, and how many
/// bars have passed.
fn in_sevens(beats: f64) -> (TransportEvent, f64) {
    let mut song = song(beats, 120.0);
    if beats < 4.0 {
        return (song, beats / 4.0);
    }
    let bars = (beats - 4.0) / 3.5;
    song.bar_number = 1 + bars.floor() as i32;
    song.bar_start = BeatTime::from_float(4.0 + 3.5 * bars.floor());
    (
        song.time_signature_numerator,
        song.time_signature_denominator,
    ) = (7, 8);
    (song, 1.0 + bars)
}

#[test]
fn bars_are_the_hosts_where_a_knob_moves_within_a_block_and_the_signature_has_changed() {
    let mut host = Host::new();
    let knob = host.param("Zoom");
    let mut processor = host.start(RATE, 2400);
    let mut buffers = Buffers::new(2, 2400, false);
    let (mut blocks, mut compared) = (0, 0);
    host.wait_until(|status| {
        let begins = f64::from(blocks) * 0.1;
        let (transport, _) = in_sevens(begins);
        let events = [800, 1600].map(|time| change(time, &knob, f64::from(blocks % 7) / 7.0));
        let with = With {
            transport: Some(&transport),
            events: &events,
            ..With::default()
        };
        buffers.process(&mut processor, 2400, with);
        blocks += 1;
        if let Some(now) = status.now {
            let (_, bars) = in_sevens(now.frame.position as f64 / RATE * 2.0);
            // A frame of a bar of two seconds.
            let off = now.time.bars() - bars;
            assert!(off.abs() < 1.0 / 120.0, "{:?}, and not {bars}", now.time);
            compared += i32::from(bars > 1.5);
        }
        compared > 30
    });
    host.stop(processor);
}

#[test]
fn a_host_that_jumps_within_a_block_is_followed_from_there() {
    let mut host = Host::new();
    let knob = host.param("Zoom");
    let mut processor = host.start(RATE, 2400);
    let mut buffers = Buffers::new(2, 2400, false);
    // From the middle of one block to the middle of the next the song is in one of two places.
    let place = |seconds: f64| match (seconds / 0.05 + 0.5 + 1e-6) as usize % 2 {
        0 => 16.0 + seconds * 2.0,
        _ => 700.0 + seconds * 2.0,
    };
    let (mut blocks, mut compared) = (0, 0);
    host.wait_until(|status| {
        let begins = f64::from(blocks) * 0.05;
        let transport = song(place(begins), 120.0);
        let mut later = song(place(begins + 0.025), 120.0);
        later.header = clack_host::events::EventHeader::new_core(1200, later.header.flags());
        let events = [800, 1800].map(|time| change(time, &knob, f64::from(blocks % 7) / 7.0));
        let with = With {
            transport: Some(&transport),
            later: Some(&later),
            events: &events,
            ..With::default()
        };
        buffers.process(&mut processor, 2400, with);
        blocks += 1;
        if let Some(now) = status.now {
            let seconds = now.frame.position as f64 / RATE;
            let places = [seconds - 1.0 / 60.0, seconds].map(place);
            let off = places.map(|beats| (now.time.beats - beats).abs());
            assert!(
                off.iter().any(|off| *off < 1.0 / 30.0),
                "{:?} and not {places:?}",
                now.time
            );
            compared += 1;
        }
        compared > 100
    });
    host.stop(processor);
}

#[test]
fn tempos_and_positions_that_cannot_be_are_not_believed() {
    let wrong = |change: fn(&mut TransportEvent)| {
        move |seconds: f64| {
            let mut song = song(seconds * 2.0, 120.0);
            change(&mut song);
            Some(song)
        }
    };
    type Spoiled = (&'static str, fn(&mut TransportEvent), TempoSource);
    let songs: [Spoiled; 7] = [
        ("tempo 0", |song| song.tempo = 0.0, TempoSource::Heard),
        (
            "no number",
            |song| song.tempo = f64::NAN,
            TempoSource::Heard,
        ),
        (
            "infinity",
            |song| song.tempo = f64::INFINITY,
            TempoSource::Heard,
        ),
        ("backwards", |song| song.tempo = -120.0, TempoSource::Heard),
        (
            "no tempo",
            |song| song.flags.remove(TransportFlags::HAS_TEMPO),
            TempoSource::Heard,
        ),
        (
            "a metre of nothing",
            |song| {
                (
                    song.time_signature_numerator,
                    song.time_signature_denominator,
                ) = (0, 0)
            },
            TempoSource::Host,
        ),
        (
            "a bar far away",
            |song| song.bar_number = i32::MIN,
            TempoSource::Heard,
        ),
    ];
    for (name, change, source) in songs {
        let mut host = Host::new();
        let status = play(&mut host, &mut wrong(change), |status| {
            position(status) > RATE as u64 / 2
        });
        let now = status.now.expect("something is heard");
        assert_eq!(now.tempo, source, "{name}");
        assert!(
            now.time.beats.is_finite() && now.time.tempo.is_finite(),
            "{name}"
        );
        assert_eq!(status.problem, None, "{name}");
    }
}
