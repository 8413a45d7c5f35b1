//! Songs of every format, whole and broken, through `media::song`.
//!
//! The songs in `tests/media` hold two seconds of a known signal (`tests/media/make.sh`).

use std::f64::consts::TAU;
use std::fs;
use std::path::{Path, PathBuf};

use synopsia::media::song::{SongError, SongReader};

/// Format, rate, channels.
const SONGS: [(&str, u32, usize); 8] = [
    ("tone.mp3", 44_100, 2),
    ("tone.flac", 8_000, 2),
    ("tone.ogg", 44_100, 2),
    ("tone.opus", 48_000, 2),
    ("tone.webm", 48_000, 2),
    ("tone.m4a", 44_100, 2),
    ("alac.m4a", 8_000, 2),
    ("surround.opus", 48_000, 6),
];

fn media(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/media")
        .join(name)
}

fn read_all(song: &mut SongReader) -> Vec<f32> {
    let mut samples = Vec::new();
    while song.read(&mut samples).unwrap() > 0 {}
    samples
}

/// The left channel of the signal, at `t` seconds, away from its click.
fn tone(t: f64) -> f64 {
    0.4 * (TAU * (220.0 * t + 55.0 * t * t)).sin()
}

/// How many samples `left` is late, by correlation with the signal over half a second.
fn lateness(left: &[f32], rate: u32) -> i64 {
    let start = rate as usize * 3 / 10;
    let ours: Vec<f32> = (start..start + rate as usize / 4)
        .map(|i| tone(i as f64 / f64::from(rate)) as f32)
        .collect();
    (-1200..1200i64)
        .map(|late| {
            let theirs = &left[(start as i64 + late) as usize..];
            let alike: f32 = ours.iter().zip(theirs).map(|(a, b)| a * b).sum();
            (alike, late)
        })
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .unwrap()
        .1
}

#[test]
fn every_format_is_read_whole_and_starts_on_its_first_sample() {
    for (name, rate, channels) in SONGS {
        let mut song = SongReader::open(media(name)).unwrap();
        assert_eq!((song.rate(), song.channels()), (rate, channels), "{name}");
        let promised = song.duration();
        let samples = read_all(&mut song);
        let frames = samples.len() / channels;
        // WebM says nothing about the padding at its end.
        if name != "tone.webm" {
            assert_eq!(frames, 2 * rate as usize, "{name}");
            assert_eq!(promised, Some(2.0), "{name}");
        }
        let left: Vec<f32> = samples.iter().copied().step_by(channels).collect();
        assert!(lateness(&left, rate).abs() <= 1, "{name}");
        assert_eq!(song.warnings(), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn an_mp3_without_its_header_frame_is_not_cut_at_a_guessed_length() {
    let whole = fs::read(media("tone.mp3")).unwrap();
    // The second frame starts with the same two bytes as the first.
    let sync = whole
        .windows(2)
        .position(|bytes| bytes == [0xff, 0xfb])
        .unwrap();
    let second = whole[sync + 4..]
        .windows(2)
        .position(|bytes| bytes == [0xff, 0xfb])
        .unwrap();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bare.mp3");
    fs::write(&path, &whole[sync + 4 + second..]).unwrap();
    let mut song = SongReader::open(&path).unwrap();
    assert_eq!(song.duration(), None);
    // Run-up and padding are part of it now.
    let frames = read_all(&mut song).len() / song.channels();
    assert!(frames >= 2 * song.rate() as usize, "{frames}");
}

#[test]
fn raw_aac_is_read_though_nothing_tells_its_run_up() {
    let mut song = SongReader::open(media("tone.aac")).unwrap();
    let samples = read_all(&mut song);
    assert!(samples.len() / song.channels() >= 2 * song.rate() as usize);
}

#[test]
fn skipping_equals_reading_and_throwing_away() {
    let wav = Wav::new(11_025, 3).noise(4.0).write("skip.wav");
    let songs = SONGS.map(|(name, ..)| media(name));
    // A run-up longer than a packet of AAC, as Apple's encoder has it.
    let apple = edited_m4a(2112);
    for path in songs.iter().chain([&wav.path, &apple.path]) {
        let whole = read_all(&mut SongReader::open(path).unwrap());
        let mut song = SongReader::open(path).unwrap();
        let (rate, channels) = (f64::from(song.rate()), song.channels());
        // To where it is before anything was read.
        song.skip_to(0.0).unwrap();
        assert!(read_all(&mut song) == whole, "{}", path.display());
        // Forwards, far forwards, back, to the start, beyond the end.
        for seconds in [0.1, 0.7003, 1.9, 0.5, 0.0, 1.25, 99.0] {
            song.skip_to(seconds).unwrap();
            let from = (seconds * rate).round() as usize * channels;
            let rest = read_all(&mut song);
            let expected = whole.get(from..).unwrap_or(&[]);
            assert_eq!(rest.len(), expected.len(), "{} {seconds}", path.display());
            assert!(rest == expected, "{} from {seconds} s", path.display());
        }
    }
}

#[test]
fn an_edit_list_that_starts_beyond_the_song_leaves_nothing_to_hear_and_no_panic() {
    for start in [1 << 20, i64::MAX] {
        let file = edited_m4a(start);
        let refused = SongReader::open(&file.path).err();
        assert!(
            matches!(refused, Some(SongError::NoSamples(_))),
            "{refused:?}"
        );
    }
}

#[test]
fn a_wav_is_read_bit_for_bit_at_any_rate_and_with_any_channels() {
    for (rate, channels) in [(8_000, 1), (48_000, 8), (384_000, 2), (44_100, 5)] {
        let wav = Wav::new(rate, channels).noise(0.1);
        let expected = wav.samples.clone();
        let file = wav.write("exact.wav");
        let mut song = SongReader::open(&file.path).unwrap();
        assert_eq!((song.rate(), song.channels()), (rate, channels.into()));
        assert_eq!(song.duration(), Some(0.1));
        assert_eq!(read_all(&mut song), expected);
    }
}

#[test]
fn an_aiff_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("tone.aiff");
    let frames = 8_000u32;
    let mut bytes = b"FORM\0\0\0\0AIFFCOMM\0\0\0\x12\0\x01".to_vec();
    bytes.extend(frames.to_be_bytes());
    // 16 bits; 8000 Hz as an 80-bit float.
    bytes.extend([0, 16, 0x40, 0x0b, 0xfa, 0, 0, 0, 0, 0, 0, 0]);
    bytes.extend(b"SSND");
    bytes.extend((frames * 2 + 8).to_be_bytes());
    bytes.extend([0; 8]);
    bytes.extend((0..frames).flat_map(|i| (i as i16).to_be_bytes()));
    let size = (bytes.len() as u32 - 8).to_be_bytes();
    bytes[4..8].copy_from_slice(&size);
    fs::write(&path, bytes).unwrap();
    let mut song = SongReader::open(&path).unwrap();
    assert_eq!((song.rate(), song.channels()), (8_000, 1));
    let samples = read_all(&mut song);
    assert_eq!(samples.len(), frames as usize);
    assert!((samples[4096] - 0.125).abs() < 1e-6);
}

#[test]
fn numbers_that_are_no_sound_become_silence_and_are_counted() {
    let mut wav = Wav::new(8_000, 1).noise(1.0);
    for (at, bad) in [
        (10, f32::NAN),
        (11, f32::INFINITY),
        (500, f32::NEG_INFINITY),
        (501, 1e30),
        (7_999, f32::NAN),
    ] {
        wav.samples[at] = bad;
    }
    let file = wav.write("nan.wav");
    let mut song = SongReader::open(&file.path).unwrap();
    let samples = read_all(&mut song);
    assert_eq!(samples.len(), 8_000);
    assert!(samples.iter().all(|s| s.abs() <= 1.0));
    for at in [10, 11, 500, 501, 7_999] {
        assert_eq!(samples[at], 0.0);
    }
    let warnings = song.warnings();
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].contains("5 samples"), "{}", warnings[0]);
}

#[test]
fn one_sample_is_a_song() {
    let mut wav = Wav::new(44_100, 1);
    wav.samples = vec![0.5];
    let file = wav.write("one.wav");
    let mut song = SongReader::open(&file.path).unwrap();
    assert_eq!(read_all(&mut song), [0.5]);
    assert_eq!(song.read(&mut Vec::new()).unwrap(), 0);
}

#[test]
fn what_is_no_song_is_refused_in_one_sentence_that_names_it() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let text = "All work and no play makes Jack a dull boy.\n".repeat(2000);
    let wrong_rate = Wav::new(4_000, 1).noise(0.5).write("slow.wav");
    let no_samples = Wav::new(44_100, 2).write("none.wav");
    type Is = fn(&SongError) -> bool;
    let cases: [(PathBuf, Is); 8] = [
        (dir.path().join("missing.mp3"), |e| {
            matches!(e, SongError::NotFound(_))
        }),
        (dir.path().to_path_buf(), |e| {
            matches!(e, SongError::Folder(_))
        }),
        (file("empty.mp3", b""), |e| matches!(e, SongError::Empty(_))),
        (file("notes.mp3", text.as_bytes()), |e| {
            matches!(e, SongError::NotAudio(_))
        }),
        (file("notes.wav", text.as_bytes()), |e| {
            matches!(e, SongError::NotAudio(_))
        }),
        (file("zeros.flac", &[0; 100_000]), |e| {
            matches!(e, SongError::NotAudio(_))
        }),
        (wrong_rate.path.clone(), |e| {
            matches!(e, SongError::Rate { rate: 4_000, .. })
        }),
        (no_samples.path.clone(), |e| {
            matches!(e, SongError::NoSamples(_))
        }),
    ];
    for (path, is) in cases {
        let error = SongReader::open(&path).err().unwrap();
        assert!(is(&error), "{error:?}");
        let sentence = error.to_string();
        assert!(sentence.contains(path.to_str().unwrap()), "{sentence}");
        assert!(!sentence.contains('\n'), "{sentence}");
    }
}

#[test]
fn a_truncated_song_is_used_up_to_where_it_ends_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    for (name, rate, channels) in SONGS {
        let bytes = fs::read(media(name)).unwrap();
        // MP4 keeps its index at the end, and the WebM reader wants its file whole.
        if name.ends_with("m4a") || name.ends_with("webm") {
            continue;
        }
        let path = dir.path().join(name);
        fs::write(&path, &bytes[..bytes.len() * 6 / 10]).unwrap();
        let mut song = SongReader::open(&path).unwrap();
        let frames = read_all(&mut song).len() / channels;
        assert!(frames > rate as usize / 2, "{name}: {frames}");
        assert!(frames < rate as usize * 2, "{name}: {frames}");
        // A stream without a promised length ends where it ends.
        if ["tone.mp3", "tone.flac"].contains(&name) {
            let warnings = song.warnings().join("; ");
            assert!(warnings.contains("up to there"), "{name}: {warnings}");
        }
    }
}

/// A small generator of numbers for damage: splitmix64.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((x ^ (x >> 31)) % sides as u64) as usize
    }
}

#[test]
fn damage_never_panics_and_never_gives_anything_but_sound() {
    let dir = tempfile::tempdir().unwrap();
    let wav = Wav::new(8_000, 2).noise(1.0).write("whole.wav");
    let mut songs: Vec<PathBuf> = SONGS.iter().map(|(name, ..)| media(name)).collect();
    songs.extend([media("tone.aac"), wav.path.clone()]);
    let mut dice = Dice(1);
    for song in songs {
        let whole = fs::read(&song).unwrap();
        for round in 0..40 {
            let mut bytes = whole.clone();
            if round % 2 == 0 {
                bytes.truncate(dice.roll(bytes.len()));
            }
            // Some rounds damage the header, some everything.
            let reach = if round % 4 < 2 { 400 } else { bytes.len() };
            for _ in 0..dice.roll(20) {
                if let Some(at) = reach.min(bytes.len()).checked_sub(1) {
                    let at = dice.roll(at + 1);
                    bytes[at] = dice.roll(256) as u8;
                }
            }
            let path = dir.path().join(song.file_name().unwrap());
            fs::write(&path, &bytes).unwrap();
            let Ok(mut reader) = SongReader::open(&path) else {
                continue;
            };
            let mut samples = Vec::new();
            for _ in 0..2_000 {
                if reader.read(&mut samples).unwrap() == 0 {
                    break;
                }
            }
            assert!(samples.iter().all(|s| s.is_finite()), "{}", song.display());
            reader.skip_to(0.5).unwrap();
        }
    }
}

/// `tone.m4a` with an edit list of version 1 that starts at sample `start`.
fn edited_m4a(start: i64) -> Written {
    let mut bytes = fs::read(media("tone.m4a")).unwrap();
    let find = |kind: &[u8]| bytes.windows(4).position(|four| four == kind).unwrap();
    let elst = find(b"elst");
    let parents = [b"moov", b"trak", b"edts", b"elst"].map(|kind| find(kind));
    // Behind the version come the number of edits, then length and start, each of eight bytes now.
    let length = bytes[elst + 12..elst + 16].to_vec();
    let wide = [&[0; 4], &length[..], &start.to_be_bytes()].concat();
    bytes.splice(elst + 12..elst + 20, wide);
    bytes[elst + 4] = 1;
    for kind in parents {
        let size = u32::from_be_bytes(bytes[kind - 4..kind].try_into().unwrap()) + 8;
        bytes[kind - 4..kind].copy_from_slice(&size.to_be_bytes());
    }
    Written::new("edited.m4a", &bytes)
}

/// A float WAV in the making.
struct Wav {
    rate: u32,
    channels: u16,
    samples: Vec<f32>,
}

/// A file that is removed when dropped.
struct Written {
    path: PathBuf,
    _dir: tempfile::TempDir,
}

impl Written {
    fn new(name: &str, bytes: &[u8]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(name);
        fs::write(&path, bytes).unwrap();
        Self { path, _dir: dir }
    }
}

impl Wav {
    fn new(rate: u32, channels: u16) -> Self {
        Self {
            rate,
            channels,
            samples: Vec::new(),
        }
    }

    fn noise(mut self, seconds: f64) -> Self {
        let count = (seconds * f64::from(self.rate)).round() as usize * usize::from(self.channels);
        let mut dice = Dice(7);
        self.samples = (0..count)
            .map(|_| dice.roll(65_536) as f32 / 32_768.0 - 1.0)
            .collect();
        self
    }

    fn write(self, name: &str) -> Written {
        let bytes: Vec<u8> = self.samples.iter().flat_map(|s| s.to_le_bytes()).collect();
        let frame = u32::from(self.channels) * 4;
        let mut wav = b"RIFF".to_vec();
        wav.extend((36 + bytes.len() as u32).to_le_bytes());
        wav.extend(b"WAVEfmt \x10\0\0\0\x03\0");
        wav.extend(self.channels.to_le_bytes());
        wav.extend(self.rate.to_le_bytes());
        wav.extend((self.rate * frame).to_le_bytes());
        wav.extend((frame as u16).to_le_bytes());
        wav.extend(b"\x20\0data");
        wav.extend((bytes.len() as u32).to_le_bytes());
        wav.extend(bytes);
        Written::new(name, &wav)
    }
}
