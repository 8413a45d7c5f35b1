//! Streams without any mark, which ffmpeg knows by their names alone.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::song::{SongError, SongReader};

/// Endings, what ffmpeg makes them of, and Hz.
const STREAMS: [(&str, &str, u32); 14] = [
    ("aptx", "-c:a aptx", 48_000),
    ("aptxhd", "-c:a aptx_hd", 48_000),
    ("sbc", "-c:a sbc", 48_000),
    ("msbc", "-ac 1 -c:a sbc -msbc 1", 16_000),
    ("g722", "-ac 1 -c:a g722", 16_000),
    ("gsm", "-ac 1 -c:a libgsm", 8_000),
    ("tco", "-ac 1 -c:a g723_1 -b:a 6.3k -f g723_1", 8_000),
    ("al", "-ac 1 -f alaw", 44_100),
    ("ul", "-ac 1 -f mulaw", 44_100),
    ("sb", "-ac 1 -f s8", 44_100),
    ("ub", "-ac 1 -f u8", 44_100),
    ("sw", "-ac 1 -f s16le", 44_100),
    ("uw", "-ac 1 -f u16le", 44_100),
    ("sln", "-ac 1 -f s16le", 8_000),
];

/// Endings of what ffmpeg only reads.
const READ_ONLY: [&str; 3] = ["g729", "dfpwm", "afc"];

fn noise(count: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let byte = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    (0..count).map(byte).collect()
}

#[test]
fn streams_without_a_mark_are_refused_where_they_are_noise_nothing_text_or_programs() {
    let folder = tempfile::tempdir().unwrap();
    let program = fs::read(std::env::current_exe().unwrap()).unwrap();
    let others = [
        noise(100_000),
        vec![0; 100_000],
        b"Die Luft ist k\xc3\xbchl, und es dunkelt.\r\n".repeat(2_000),
        program[..100_000].to_vec(),
    ];
    let endings = STREAMS.iter().map(|(ending, ..)| *ending);
    for ending in endings.chain(READ_ONLY) {
        let path = folder.path().join(format!("song.{ending}"));
        for (number, other) in others.iter().enumerate() {
            fs::write(&path, other).unwrap();
            let refused = SongReader::open(&path).err();
            let is_refused = matches!(refused, Some(SongError::NotAudio(_)));
            assert!(is_refused, "{ending}, {number}: {refused:?}");
        }
    }
}

#[test]
fn streams_without_a_mark_are_heard_where_they_are_sound() {
    let folder = tempfile::tempdir().unwrap();
    let make = |name: &str, rate: u32, options: &str| {
        let mut ffmpeg = Command::new("ffmpeg");
        ffmpeg.args(["-nostdin", "-v", "error", "-i", "song.wav", "-ar"]);
        ffmpeg.arg(rate.to_string()).args(options.split(' '));
        let made = ffmpeg.arg(name).current_dir(&folder).status().unwrap();
        assert!(made.success(), "{name}");
    };
    let heard = |path: &Path| -> f64 {
        let mut song = SongReader::open(path).unwrap();
        let mut samples = Vec::new();
        while song.read(&mut samples).unwrap() > 0 {}
        samples.len() as f64 / song.channels() as f64 / f64::from(song.rate())
    };
    let tone = "aevalsrc='0.3*(sin(2*PI*(220*t+90*t*t))+random(0)-0.5)|0.2*sin(900*t)':d=3";
    let source = |filter: &str| {
        let source = [
            "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", tone, "-af", filter,
        ];
        let mut ffmpeg = Command::new("ffmpeg");
        ffmpeg.args(source).arg("song.wav").current_dir(&folder);
        assert!(ffmpeg.status().unwrap().success());
    };
    source("anull");
    for (ending, options, rate) in STREAMS {
        let name = format!("song.{ending}");
        make(&name, rate, options);
        let seconds = heard(&folder.path().join(&name));
        assert!((2.9..3.2).contains(&seconds), "{ending}: {seconds} s");
    }
    // After more silence than is looked at.
    source("volume=enable='lt(t,2)':volume=0");
    make("late.sb", 44_100, "-ac 1 -f s8");
    assert!((2.9..3.1).contains(&heard(&folder.path().join("late.sb"))));
    // Silence in A-law is full of what GSM begins its frames with: its name says what it is.
    make("late.al", 44_100, "-ac 1 -f alaw");
    assert!((2.9..3.1).contains(&heard(&folder.path().join("late.al"))));
    std::fs::rename(
        folder.path().join("late.al"),
        folder.path().join("late.gsm"),
    )
    .unwrap();
    let refused = SongReader::open(folder.path().join("late.gsm")).err();
    assert!(
        matches!(refused, Some(SongError::NotAudio(_))),
        "{refused:?}"
    );
}
