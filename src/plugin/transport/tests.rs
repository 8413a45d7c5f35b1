use super::*;

/// A host that plays at `beats` (quarter notes) and 120 beats a minute, in bars of `signature`.
fn host(beats: f64, signature: (i32, i32)) -> Transport {
    let mut transport = Transport::new(48_000.0);
    transport.playing = true;
    transport.tempo = Some(120.0);
    transport.pos_beats = Some(beats);
    (transport.time_sig_numerator, transport.time_sig_denominator) =
        (Some(signature.0), Some(signature.1));
    transport
}

/// The bars of a song: two of 4/4, three of 7/8, then 3/4; of a beat its bar, that one's number and signature.
fn bar_of(beats: f64) -> (f64, i32, (i32, i32)) {
    let [changes, then] = [8.0, 18.5];
    let (from, number, signature) = match beats {
        _ if beats < changes => (0.0, 0, (4, 4)),
        _ if beats < then => (changes, 2, (7, 8)),
        _ => (then, 5, (3, 4)),
    };
    let length = f64::from(signature.0) * 4.0 / f64::from(signature.1);
    let bars = ((beats - from) / length).floor();
    (from + bars * length, number + bars as i32, signature)
}

/// Bars of that song as they are counted where the host says where they begin, and perhaps their numbers.
fn bars(beats: f64, numbers: bool) -> f64 {
    let (start, number, signature) = bar_of(beats);
    let mut transport = host(beats, signature);
    transport.bar_start_pos_beats = Some(start);
    transport.bar_number = numbers.then_some(number);
    let song = song_of(&transport).expect("a song that plays");
    song.beats / song.beats_per_bar
}

#[test]
fn bars_are_the_hosts_through_changes_of_signature() {
    for step in -200..2000 {
        let beats = f64::from(step) / 50.0;
        let (start, number, signature) = bar_of(beats);
        let length = f64::from(signature.0) * 4.0 / f64::from(signature.1);
        let expected = f64::from(number) + (beats - start) / length;
        assert!((bars(beats, true) - expected).abs() < 1e-9, "{beats}");
    }
}

#[test]
fn bars_that_a_host_does_not_number_begin_where_it_says_and_do_not_jump_within_a_signature() {
    let mut last = bars(-4.0, false);
    for step in -199..2000 {
        let beats = f64::from(step) / 50.0;
        let now = bars(beats, false);
        let (start, _, signature) = bar_of(beats);
        let length = f64::from(signature.0) * 4.0 / f64::from(signature.1);
        let within = (beats - start) / length;
        assert!(
            (now - now.floor() - within).abs() < 1e-6,
            "{now} at {beats}"
        );
        let changes = [8.0, 18.5].iter().any(|at| (beats - at).abs() < 0.011);
        assert!(
            changes || (now - last - 0.02 / length).abs() < 1e-6,
            "{last} then {now} at {beats}"
        );
        last = now;
    }
}

#[test]
fn a_host_that_knows_nothing_of_bars_has_them_from_its_beginning_on() {
    for beats in [-3.25, 0.0, 1.0, 17.5, 4000.25] {
        let mut transport = host(beats, (4, 4));
        for zeros in [None, Some(0)] {
            transport.bar_number = zeros;
            transport.bar_start_pos_beats = zeros.map(f64::from);
            assert_eq!(song_of(&transport).map(|song| song.beats), Some(beats));
        }
        transport.bar_start_pos_beats = Some(f64::NAN);
        assert_eq!(song_of(&transport).map(|song| song.beats), Some(beats));
        (transport.time_sig_numerator, transport.time_sig_denominator) = (None, None);
        assert_eq!(
            song_of(&transport).map(|song| song.beats_per_bar),
            Some(4.0)
        );
    }
}

#[test]
fn bars_shorter_than_a_beat_count_together_and_begin_with_the_hosts() {
    let at = |beats: f64| {
        let mut transport = host(beats, (3, 16));
        let number = (beats / 0.75).floor();
        transport.bar_start_pos_beats = Some(number * 0.75);
        transport.bar_number = Some(number as i32);
        song_of(&transport).expect("a song that plays")
    };
    for bar in 0..20 {
        let song = at(1.5 * f64::from(bar));
        assert_eq!((song.beats_per_bar, song.beats / 1.5), (1.5, bar.into()));
    }
}

#[test]
fn what_is_missing_is_made_of_what_is_there_or_the_song_is_listened_to() {
    let mut transport = host(0.0, (4, 4));
    transport.pos_beats = None;
    assert_eq!(song_of(&transport), None, "a tempo without a position");
    transport.pos_seconds = Some(3.0);
    assert_eq!(song_of(&transport).map(|song| song.beats), Some(6.0));
    transport.tempo = None;
    assert_eq!(song_of(&transport), None, "a position without a tempo");
    for tempo in [0.0, -90.0, f64::NAN, f64::INFINITY, 1e9] {
        let mut transport = host(8.0, (4, 4));
        transport.tempo = Some(tempo);
        assert_eq!(song_of(&transport), None, "tempo {tempo}");
    }
    for beats in [f64::NAN, f64::NEG_INFINITY, 1e12] {
        assert_eq!(song_of(&host(beats, (4, 4))), None, "position {beats}");
    }
    for signature in [(0, 0), (-4, 4), (i32::MAX, 1), (4, i32::MIN)] {
        let song = song_of(&host(8.0, signature)).expect("a song that plays");
        assert!(song.beats_per_bar >= 1.0 && song.beats.is_finite());
    }
    transport = host(8.0, (4, 4));
    transport.playing = false;
    assert_eq!(song_of(&transport), None, "a song that stands still");
}
