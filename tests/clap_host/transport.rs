//! What the host says about its song, and what becomes of it.

use crate::host::{Buffers, Host, With, same_bits, song};
use clack_host::events::event_types::{TransportEvent, TransportFlags};
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
