use super::network::TEMPOS;
use super::*;
use synopsia_signal::{BANDS, CHROMA};

/// Frames of a kick on every beat of a tempo, at 48 kHz.
fn kicks(tempo: f64, count: u64) -> Vec<AudioFrame> {
    let hop = hop(48_000.0) as u64;
    let frame = |n: u64| {
        let since = (n * hop) as f64 / 48_000.0 % (60.0 / tempo);
        let loud = (-20.0 * since).exp() as f32;
        AudioFrame {
            position: (n + 1) * hop,
            parts: std::array::from_fn(|part| loud.powi(2) * 0.1 / (1 + part) as f32),
            onset: loud,
            onsets: [loud; BANDS],
            chroma: [0.1; CHROMA],
            harmonic: 0.3,
            ..AudioFrame::default()
        }
    };
    (0..count).map(frame).collect()
}

fn beats(listener: &mut BeatListener, frames: &[AudioFrame]) -> Vec<Beat> {
    let hear = |frame: &AudioFrame| {
        let mut frame = *frame;
        listener.hear(&mut frame);
        frame.beat
    };
    frames.iter().map(hear).collect()
}

/// Numbers of tests/reference/beat.safetensors.
pub(super) fn reference(name: &str) -> Vec<f32> {
    let bytes = include_bytes!("../../../../tests/reference/beat.safetensors");
    let file = safetensors::SafeTensors::deserialize(bytes).unwrap();
    let data = file.tensor(name).unwrap().data().as_chunks().0.iter();
    data.map(|bytes| f32::from_le_bytes(*bytes)).collect()
}

#[test]
fn the_network_tells_what_pytorch_tells() {
    let (inputs, expected) = (reference("input"), reference("output"));
    let network = &Networks::built_in().unwrap().beats;
    let mut stream = network.stream();
    let hops = inputs.as_chunks::<INPUTS>().0.iter();
    assert_eq!(hops.len(), 200);
    for (input, expected) in hops.zip(expected.chunks(1 + TEMPOS)) {
        let heard = network.hear(&mut stream, input);
        let told = [heard.beat].into_iter().chain(heard.tempos);
        for (told, expected) in told.zip(expected) {
            assert!((told - expected).abs() < 1e-4, "{told} {expected}");
        }
    }
}

#[test]
fn lost_hops_leave_the_count_in_time() {
    let frames = kicks(120.0, 2000);
    let whole = beats(&mut BeatListener::new(48_000.0).unwrap(), &frames);
    let mut kept = frames;
    kept.drain(1000..1040);
    let cut = beats(&mut BeatListener::new(48_000.0).unwrap(), &kept);
    for (cut, whole) in cut[1000..].iter().zip(&whole[1040..]) {
        assert!((cut.beats - whole.beats).abs() < 0.1, "{cut:?} {whole:?}");
    }
}

#[test]
fn a_long_gap_is_run_over_at_the_last_tempo() {
    let mut frames = kicks(120.0, 1500);
    for frame in &mut frames[1000..] {
        frame.position += 3600 * 48_000;
    }
    let beats = beats(&mut BeatListener::new(48_000.0).unwrap(), &frames);
    let went = beats[1000].beats - beats[999].beats;
    assert!((went - 7200.0).abs() < 40.0, "{went}");
}

#[test]
fn a_frame_from_the_past_begins_the_song_anew() {
    let mut listener = BeatListener::new(48_000.0).unwrap();
    let first = beats(&mut listener, &kicks(133.0, 700));
    assert_eq!(beats(&mut listener, &kicks(133.0, 700)), first);
}

/// What is heard of kicks when all of them are known.
fn whole(tempo: f64, count: u64) -> Vec<AudioFrame> {
    let mut frames = kicks(tempo, count);
    hear_whole(&mut frames, 48_000.0).unwrap();
    frames
}

#[test]
fn of_a_whole_song_the_first_beat_is_found_as_well_as_the_last() {
    for tempo in [80.0, 120.0, 151.0] {
        let frames = whole(tempo, 2000);
        let hops = frames.windows(2).filter(|pair| {
            let [before, after] = [&pair[0].beat, &pair[1].beat];
            assert!(after.beats > before.beats, "{before:?} then {after:?}");
            after.beats.floor() > before.beats.floor()
        });
        let mut found = 0;
        for pair in hops {
            let beat = pair[1].position as f64 / 48_000.0 / (60.0 / tempo);
            let off = (beat - beat.round()) * 60.0 / tempo;
            assert!(off.abs() < 0.05, "{off:.3} s at beat {beat:.2} of {tempo}");
            found += 1;
        }
        let all = 2000.0 * hop(48_000.0) as f64 / 48_000.0 * tempo / 60.0;
        assert!((f64::from(found) - all).abs() < 2.0, "{found} of {all:.0}");
    }
}

#[test]
fn bars_of_a_whole_song_have_their_beats_in_a_row() {
    let (mut beats, mut torn) = (0, 0);
    for pair in whole(120.0, 3000).windows(2) {
        let [before, after] = [&pair[0].beat, &pair[1].beat];
        assert!(after.in_bar < after.per_bar && (2..=7).contains(&after.per_bar));
        if after.beats.floor() > before.beats.floor() {
            let next = (before.in_bar + 1) % before.per_bar;
            beats += 1;
            torn += i32::from(after.in_bar != next);
        }
    }
    // Kicks that are all alike begin a bar anywhere, but one bar follows another.
    assert!(beats > 60 && torn < beats / 10, "{torn} of {beats}");
}

#[test]
fn songs_of_any_length_are_heard_to_their_end() {
    for count in [0, 1, 2, 3, 4, 5, 20, 60, 127, 128, 129, 300] {
        for frame in whole(120.0, count) {
            assert!(frame.beat.beats >= 0.0 && frame.beat.tempo.is_finite());
        }
    }
    let mut silence: Vec<_> = kicks(100.0, 4000);
    for frame in &mut silence {
        (frame.parts, frame.onset) = ([0.0; 32], 0.0);
        frame.onsets = [0.0; BANDS];
    }
    hear_whole(&mut silence, 48_000.0).unwrap();
    let certain = silence.iter().map(|frame| frame.beat.confidence);
    assert!(certain.fold(0.0, f32::max) < 0.1);
}

#[test]
fn no_beat_is_certain_where_all_is_one_long_tone_or_numbers_are_wild() {
    let mut frames = kicks(120.0, 2500);
    for (n, frame) in frames.iter_mut().enumerate() {
        let wild = [f32::MAX, 0.0, 1e-38, 1e30][n % 4];
        frame.parts = [wild; 32];
        (frame.onset, frame.onsets) = (0.0, [0.0; BANDS]);
    }
    let mut listener = BeatListener::new(48_000.0).unwrap();
    for beat in beats(&mut listener, &frames) {
        assert!(beat.beats.is_finite() && beat.tempo.is_finite(), "{beat:?}");
        assert!((0.0..0.3).contains(&beat.confidence), "{beat:?}");
    }
}

/// What is told of frames some seconds behind, and how much was kept for it at most.
fn behind(frames: &[AudioFrame], seconds: f64) -> Vec<Beat> {
    let mut ahead = LookAhead::new(48_000.0, seconds).unwrap();
    let mut told = Vec::new();
    for frame in frames {
        ahead.hear(frame, |beat| told.push(beat));
    }
    ahead.end(|beat| told.push(beat));
    told
}

#[test]
fn some_seconds_behind_beats_are_where_they_are_in_the_whole_song() {
    for tempo in [70.0, 100.0, 151.0, 190.0] {
        let frames = kicks(tempo, 2500);
        let told = behind(&frames, LOOK_AHEAD_SECONDS);
        let all = whole(tempo, 2500);
        assert_eq!(told.len(), all.len());
        for (told, whole) in told.iter().zip(&all) {
            let off = told.beats - whole.beat.beats;
            // They are searched for by whole hops, and a tempo between two is made of both in more than one way.
            let two_hops = 2.0 * tempo / 60.0 * hop(48_000.0) as f64 / 48_000.0;
            assert!(
                (off - off.round()).abs() < two_hops,
                "{told:?} {:?}",
                whole.beat
            );
            assert!((told.tempo / whole.beat.tempo - 1.0).abs() < 0.05);
            assert!((told.confidence - whole.beat.confidence).abs() < 0.05);
        }
    }
}

#[test]
fn as_far_behind_as_the_song_is_long_all_is_as_in_the_whole_song() {
    let frames = kicks(133.0, 1500);
    let told = behind(&frames, 60.0);
    // Bars are decided before the end all the same, and kicks that are all alike begin one anywhere.
    for (told, whole) in told.iter().zip(&whole(133.0, 1500)) {
        let off = told.beats - whole.beat.beats;
        assert!((off - off.round()).abs() < 1e-9 && told.tempo == whole.beat.tempo);
    }
}

#[test]
fn beats_that_were_told_stay_and_go_on_evenly_where_another_tempo_is_heard() {
    for (first, then) in [(100.0, 150.0), (160.0, 80.0), (75.0, 150.0)] {
        let mut frames = kicks(first, 1800);
        let from = frames[1799].position;
        frames.extend(kicks(then, 1800).into_iter().map(|frame| AudioFrame {
            position: frame.position + from,
            ..frame
        }));
        let told = behind(&frames, LOOK_AHEAD_SECONDS);
        for pair in told.windows(2) {
            let went = pair[1].beats - pair[0].beats;
            assert!((0.003..0.11).contains(&went), "{:?}", pair[1]);
        }
        for beat in &told[2200..] {
            let octaves = (f64::from(beat.tempo) / then).log2();
            assert!(
                (octaves - octaves.round()).abs() < 0.1,
                "{first} to {then}: {beat:?}"
            );
        }
    }
}

#[test]
fn what_is_kept_to_look_ahead_does_not_grow_with_the_song() {
    let mut ahead = LookAhead::new(48_000.0, LOOK_AHEAD_SECONDS).unwrap();
    let mut most = [0; 2];
    let round = kicks(110.0, 700);
    for (n, frame) in round.iter().cycle().take(9000).enumerate() {
        ahead.hear(frame, |_| {});
        let now = &mut most[n / 4500];
        *now = ahead.kept().max(*now);
    }
    assert!(most[1] < most[0] + 20_000, "{most:?} bytes");
    assert!(most[1] < 1_000_000, "{most:?} bytes");
}

#[test]
fn songs_of_any_length_and_wild_numbers_are_told_of_hop_by_hop() {
    for count in [0, 1, 2, 3, 4, 5, 20, 60, 127, 128, 129, 300] {
        for seconds in [0.0, 0.5, 8.0] {
            let told = behind(&kicks(120.0, count), seconds);
            assert_eq!(told.len() as u64, count);
            assert!(told.windows(2).all(|pair| pair[0].beats <= pair[1].beats));
        }
    }
    let mut frames = kicks(120.0, 1500);
    for (n, frame) in frames.iter_mut().enumerate() {
        frame.parts = [[f32::MAX, 0.0, f32::NAN, f32::INFINITY][n % 4]; 32];
        frame.onset = [f32::NAN, 1.0][n % 2];
        // Some are lost.
        frame.position += n as u64 / 100 * 50_000;
    }
    let told = behind(&frames, LOOK_AHEAD_SECONDS);
    assert_eq!(told.len(), frames.len());
    assert!(told.iter().all(|beat| beat.beats.is_finite()));
    hear_whole(&mut frames, 48_000.0).unwrap();
    assert!(frames.iter().all(|frame| frame.beat.beats.is_finite()));
}
