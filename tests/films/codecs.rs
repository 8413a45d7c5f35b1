//! Films of every codec: exact length, sound in time, nothing lost, nothing left behind.
//!
//! What a film holds is checked with symphonia and our own reading of MP4, and with ffmpeg where
//! it is installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use synopsia::media::song::SongReader;
use synopsia::output::{Codec, EncodeError, Film, FilmError, FilmSpec, FilmSummary, Fps, Sound};
use synopsia::render::{Picture, Pixels};

const WIDTH: usize = 96;
const HEIGHT: usize = 64;
const RATE: u32 = 44_100;

fn fps(text: &str) -> Fps {
    text.parse().unwrap()
}

/// A picture that differs from frame to frame; white in frame `flash`.
fn pixels(frame: u64, flash: Option<u64>) -> Pixels {
    let mut rgba = Vec::with_capacity(WIDTH * HEIGHT * 4);
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            let shade = ((x as u64 + 3 * y as u64 + 5 * frame) % 96) as u8;
            let pixel = if flash == Some(frame) {
                [255; 4]
            } else {
                [shade, shade / 2, 90 - shade / 2, 255]
            };
            rgba.extend(pixel);
        }
    }
    Pixels {
        width: WIDTH,
        height: HEIGHT,
        rgba,
    }
}

fn picture(frame: u64, flash: Option<u64>) -> Picture {
    pixels(frame, flash).into()
}

/// A stereo song of `seconds`: a soft hum, and a click at `click`.
fn song(dir: &Path, rate: u32, seconds: f64, click: f64) -> PathBuf {
    let frames = (seconds * f64::from(rate)) as u32;
    let click = (click * f64::from(rate)).round() as u32;
    // Half a millisecond.
    let click = click..click + rate / 2000;
    let mut wav = b"RIFF".to_vec();
    wav.extend((36 + frames * 4).to_le_bytes());
    wav.extend(b"WAVEfmt \x10\0\0\0\x01\0\x02\0");
    wav.extend(rate.to_le_bytes());
    wav.extend((rate * 4).to_le_bytes());
    wav.extend(b"\x04\0\x10\0data");
    wav.extend((frames * 4).to_le_bytes());
    for i in 0..frames {
        let hum = (f64::from(i) / f64::from(rate) * 220.0 * std::f64::consts::TAU).sin() * 800.0;
        let value = if click.contains(&i) {
            if i % 2 == 0 { 30_000 } else { -30_000 }
        } else {
            hum as i16
        };
        wav.extend(value.to_le_bytes());
        wav.extend(value.to_le_bytes());
    }
    let path = dir.join(format!("song-{rate}.wav"));
    fs::write(&path, wav).unwrap();
    path
}

fn sound(path: &Path) -> Option<Sound> {
    Some(Sound::new(SongReader::open(path).unwrap(), 0.0, None).unwrap())
}

fn make(spec: &FilmSpec, sound: Option<Sound>, frames: u64, flash: Option<u64>) -> FilmSummary {
    let mut film = Film::create(spec, sound).unwrap();
    for frame in 0..frames {
        film.picture(&picture(frame, flash)).unwrap();
    }
    film.finish().unwrap()
}

/// The sound of a film: rate, channels, samples of the left channel.
fn heard(path: &Path) -> (u32, usize, Vec<f32>) {
    let mut reader = SongReader::open(path).unwrap();
    let mut samples = Vec::new();
    while reader.read(&mut samples).unwrap() > 0 {}
    let channels = reader.channels();
    let left = samples.into_iter().step_by(channels).collect();
    (reader.rate(), channels, left)
}

/// When the loudest sample is heard, seconds.
fn click_time(path: &Path) -> f64 {
    let (rate, _, left) = heard(path);
    let (at, _) = left
        .iter()
        .enumerate()
        .max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()))
        .unwrap();
    at as f64 / f64::from(rate)
}

fn has_ffmpeg() -> bool {
    Command::new("ffmpeg").arg("-version").output().is_ok()
}

/// The brightness of each picture, as ffmpeg sees it (0 to 255); and their times.
fn brightness(path: &Path) -> Vec<f64> {
    let output = Command::new("ffmpeg")
        .args(["-v", "error", "-i"])
        .arg(path)
        .args([
            "-map",
            "0:v",
            "-fps_mode",
            "passthrough",
            "-pix_fmt",
            "gray",
            "-f",
            "rawvideo",
            "-",
        ])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    output
        .stdout
        .chunks_exact(WIDTH * HEIGHT)
        .map(|luma| luma.iter().map(|&y| f64::from(y)).sum::<f64>() / luma.len() as f64)
        .collect()
}

/// One value that ffprobe tells.
fn probe(path: &Path, stream: &str, entry: &str) -> String {
    let output = Command::new("ffprobe")
        .args([
            "-v",
            "error",
            "-select_streams",
            stream,
            "-show_entries",
            entry,
        ])
        .args(["-of", "default=nw=1:nk=1"])
        .arg(path)
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_string()
}

/// The first box of this path of kinds, as a body.
fn find<'a>(bytes: &'a [u8], path: &[&[u8; 4]]) -> Option<&'a [u8]> {
    let Some((kind, deeper)) = path.split_first() else {
        return Some(bytes);
    };
    let mut rest = bytes;
    while rest.len() >= 8 {
        let size = u32::from_be_bytes(rest[..4].try_into().unwrap()) as usize;
        let (size, head) = if size == 1 {
            (
                u64::from_be_bytes(rest[8..16].try_into().unwrap()) as usize,
                16,
            )
        } else {
            (size, 8)
        };
        if &&rest[4..8] == kind {
            return find(&rest[head..size], deeper);
        }
        rest = &rest[size..];
    }
    None
}

fn be32(bytes: &[u8], at: usize) -> u64 {
    u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()).into()
}

fn be64(bytes: &[u8], at: usize) -> u64 {
    u64::from_be_bytes(bytes[at..at + 8].try_into().unwrap())
}

#[test]
fn a_film_lasts_exactly_as_long_as_its_pictures() {
    let dir = tempfile::tempdir().unwrap();
    for (rate, frames) in [("30", 45), ("29.97", 31), ("24", 1), ("60", 7), ("12.5", 9)] {
        for song_rate in [RATE, 96_000] {
            let song = song(dir.path(), song_rate, 3.0, 0.5);
            let mut spec = FilmSpec::new(
                dir.path().join("f.mp4"),
                WIDTH,
                HEIGHT,
                fps(rate),
                Codec::H264,
            );
            spec.force = true;
            let made = make(&spec, sound(&song), frames, None);
            assert_eq!(made.pictures, frames);
            assert_eq!(made.seconds, fps(rate).seconds(frames));

            let bytes = fs::read(&made.path).unwrap();
            assert_eq!(bytes.len() as u64, made.bytes);
            let mvhd = find(&bytes, &[b"moov", b"mvhd"]).unwrap();
            let (timescale, duration) = (be32(mvhd, 20), be64(mvhd, 24));
            // frames * den / num, without rounding.
            let (num, den) = (u64::from(fps(rate).num()), u64::from(fps(rate).den()));
            assert_eq!(duration * num, frames * den * timescale);
            let stsz = find(
                &bytes,
                &[b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsz"],
            );
            assert_eq!(be32(stsz.unwrap(), 8), frames);

            let (heard_rate, _, left) = heard(&made.path);
            assert_eq!(left.len() as u64, fps(rate).samples(frames, heard_rate));
        }
    }
}

#[test]
fn ffprobe_agrees_about_the_length_and_colours() {
    if !has_ffmpeg() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let song = song(dir.path(), RATE, 3.0, 0.5);
    let spec = FilmSpec::new(
        dir.path().join("f.mp4"),
        WIDTH,
        HEIGHT,
        fps("25"),
        Codec::H264,
    );
    let film = make(&spec, sound(&song), 55, None).path;
    assert_eq!(probe(&film, "v", "stream=duration"), "2.200000");
    assert_eq!(probe(&film, "a", "stream=duration"), "2.200000");
    assert_eq!(probe(&film, "v", "format=duration"), "2.200000");
    assert_eq!(probe(&film, "v", "stream=nb_frames"), "55");
    assert_eq!(probe(&film, "v", "stream=r_frame_rate"), "25/1");
    for entry in ["color_space", "color_transfer", "color_primaries"] {
        assert_eq!(probe(&film, "v", &format!("stream={entry}")), "bt709");
    }
    assert_eq!(probe(&film, "v", "stream=color_range"), "tv");
    for stream in ["v", "a"] {
        assert_eq!(probe(&film, stream, "stream=start_time"), "0.000000");
    }
}

#[test]
fn flash_and_click_meet_within_a_frame_in_every_codec() {
    let dir = tempfile::tempdir().unwrap();
    let rate = fps("30");
    let song = song(dir.path(), RATE, 3.0, 20.0 / 30.0);
    for codec in Codec::ALL {
        if codec == Codec::Png || (codec.needs_ffmpeg() && !has_ffmpeg()) {
            continue;
        }
        let path = dir
            .path()
            .join(format!("{codec}.{}", codec.extensions()[0]));
        let spec = FilmSpec::new(path, WIDTH, HEIGHT, rate, codec);
        let mut film = match Film::create(&spec, sound(&song)) {
            Ok(film) => film,
            // Some builds of ffmpeg lack some encoders.
            Err(FilmError::Encode(EncodeError::NoEncoder { .. })) => continue,
            Err(error) => panic!("{codec}: {error}"),
        };
        for frame in 0..45 {
            film.picture(&picture(frame, Some(20))).unwrap();
        }
        let made = film.finish().unwrap();
        if has_ffmpeg() {
            let seen = brightness(&made.path);
            assert_eq!(seen.len(), 45, "{codec}");
            let flash = (0..45).max_by(|a, b| seen[*a].total_cmp(&seen[*b]));
            assert_eq!(flash, Some(20), "{codec}");
            let length: f64 = probe(&made.path, "v", "format=duration").parse().unwrap();
            assert!((length - 1.5).abs() < 0.002, "{codec}: {length}");
        }
        let path = if codec.needs_ffmpeg() {
            // Symphonia does not read every film that ffmpeg writes.
            let wav = dir.path().join("heard.wav");
            let mut command = Command::new("ffmpeg");
            command.args(["-v", "error", "-y", "-i"]).arg(&made.path);
            assert!(command.arg(&wav).status().unwrap().success());
            wav
        } else {
            made.path
        };
        let (rate, _, left) = heard(&path);
        // ffmpeg plays the last frame of AAC whole.
        let padding = if codec.extensions()[0] == "mp4" {
            1024
        } else {
            0
        };
        let exact = rate as usize * 3 / 2;
        assert!((exact..=exact + padding).contains(&left.len()), "{codec}");
        let click = click_time(&path);
        assert!((click - 20.0 / 30.0).abs() < 0.002, "{codec}: {click}");
    }
}

#[test]
fn the_sound_of_a_range_starts_at_its_start_and_is_silent_after_its_end() {
    let dir = tempfile::tempdir().unwrap();
    let song = song(dir.path(), RATE, 3.0, 1.5);
    let sound = Sound::new(SongReader::open(&song).unwrap(), 1.25, Some(1.75)).unwrap();
    assert_eq!(sound.seconds(), Some(0.5));
    let spec = FilmSpec::new(
        dir.path().join("f.mp4"),
        WIDTH,
        HEIGHT,
        fps("30"),
        Codec::H264,
    );
    let made = make(&spec, Some(sound), 30, None);
    assert!((click_time(&made.path) - 0.25).abs() < 0.002);
    let (rate, _, left) = heard(&made.path);
    assert_eq!(left.len(), rate as usize);
    let late = &left[rate as usize * 6 / 10..];
    assert!(late.iter().all(|s| s.abs() < 1e-3));
}

#[test]
fn songs_of_other_rates_and_channels_stay_in_time() {
    let dir = tempfile::tempdir().unwrap();
    for rate in [8_000, 22_050, 50_000, 96_000, 192_000] {
        let song = song(dir.path(), rate, 2.0, 0.8);
        let mut spec = FilmSpec::new(
            dir.path().join("f.mp4"),
            WIDTH,
            HEIGHT,
            fps("30"),
            Codec::H264,
        );
        spec.force = true;
        let made = make(&spec, sound(&song), 45, None);
        let click = click_time(&made.path);
        assert!((click - 0.8).abs() < 0.003, "{rate}: {click}");
    }
}

#[test]
fn a_claim_of_an_endless_song_makes_no_endless_film() {
    let dir = tempfile::tempdir().unwrap();
    // Every bit of the number of samples in FLAC's header: 99 days.
    let tone = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/media/tone.flac");
    let mut flac = fs::read(tone).unwrap();
    flac[21] |= 0x0f;
    flac[22..26].fill(0xff);
    let song = dir.path().join("endless.flac");
    fs::write(&song, flac).unwrap();
    assert!(SongReader::open(&song).unwrap().duration() > Some(8e6));
    let claims = [None, Some(4_294_967_295.0), Some(f64::INFINITY)];
    for (number, seconds) in claims.into_iter().enumerate() {
        let path = dir.path().join(format!("{number}.mp4"));
        let mut spec = FilmSpec::new(path, WIDTH, HEIGHT, fps("30"), Codec::H264);
        spec.seconds = seconds;
        let made = make(&spec, sound(&song), 10, None);
        assert!(made.bytes < 8 << 20, "{} bytes", made.bytes);
        let (rate, _, left) = heard(&made.path);
        assert_eq!(left.len() as u64, fps("30").samples(10, rate));
    }
}

#[test]
fn a_film_longer_than_was_said_has_its_index_at_the_end() {
    let dir = tempfile::tempdir().unwrap();
    let song = song(dir.path(), RATE, 1.0, 0.5);
    for (name, seconds) in [("a.mp4", 0.0), ("b.mp4", f64::NAN), ("c.mp4", -1e300)] {
        let mut spec = FilmSpec::new(dir.path().join(name), 96, 64, fps("100"), Codec::H264);
        spec.seconds = Some(seconds);
        let made = make(&spec, sound(&song), 1200, None);
        let bytes = fs::read(&made.path).unwrap();
        assert_eq!(bytes.len() as u64, made.bytes);
        let moov = find(&bytes, &[b"moov"]).unwrap();
        assert!(bytes.ends_with(moov));
        let (rate, _, left) = heard(&made.path);
        assert_eq!(left.len(), rate as usize * 12);
    }
}

#[test]
fn the_same_film_twice_is_the_same_file() {
    let dir = tempfile::tempdir().unwrap();
    let song = song(dir.path(), RATE, 2.0, 0.5);
    let films = ["a.mp4", "b.mp4"].map(|name| {
        let spec = FilmSpec::new(dir.path().join(name), WIDTH, HEIGHT, fps("30"), Codec::H264);
        fs::read(make(&spec, sound(&song), 40, Some(3)).path).unwrap()
    });
    assert!(films[0] == films[1]);
}

#[test]
fn what_exists_is_kept_unless_forced() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("film.mp4");
    fs::write(&path, "precious").unwrap();
    let mut spec = FilmSpec::new(&path, WIDTH, HEIGHT, fps("30"), Codec::H264);
    let error = Film::create(&spec, None).err().unwrap();
    assert!(matches!(error, FilmError::Exists(_)), "{error:?}");
    assert_eq!(fs::read(&path).unwrap(), b"precious");

    spec.force = true;
    let film = Film::create(&spec, None).unwrap();
    drop(film);
    assert_eq!(fs::read(&path).unwrap(), b"precious");
    make(&spec, None, 2, None);
    assert_ne!(fs::read(&path).unwrap(), b"precious");
}

#[test]
fn a_place_that_is_taken_meanwhile_costs_neither_film() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("film.mp4");
    let spec = FilmSpec::new(&path, WIDTH, HEIGHT, fps("30"), Codec::H264);
    let mut film = Film::create(&spec, None).unwrap();
    film.picture(&picture(0, None)).unwrap();
    fs::write(&path, "precious").unwrap();
    let made = film.finish().unwrap();
    assert_eq!(made.path, dir.path().join("film-2.mp4"));
    assert_eq!(fs::read(&path).unwrap(), b"precious");
    assert_eq!(made.path.metadata().unwrap().len(), made.bytes);
}

#[test]
fn a_film_that_is_given_up_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let songs = tempfile::tempdir().unwrap();
    let song = song(songs.path(), RATE, 2.0, 0.5);
    for name in ["film.mp4", "film.mkv", "film.png"] {
        let path = dir.path().join(name);
        let codec = Codec::for_path(&path).unwrap();
        if codec.needs_ffmpeg() && !has_ffmpeg() {
            continue;
        }
        let spec = FilmSpec::new(&path, WIDTH, HEIGHT, fps("30"), codec);
        let mut film = Film::create(&spec, sound(&song)).unwrap();
        for frame in 0..4 {
            film.picture(&picture(frame, None)).unwrap();
        }
        drop(film);
        let film = Film::create(&spec, sound(&song)).unwrap();
        assert!(
            matches!(
                film.finish(),
                Err(FilmError::Encode(EncodeError::NoPictures))
            ),
            "{name}"
        );
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0, "{name}");
    }
}

#[test]
fn what_cannot_be_is_refused_in_one_sentence() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    let try_out = |path: PathBuf, width, height, codec| {
        let spec = FilmSpec::new(path, width, height, fps("30"), codec);
        let error = Film::create(&spec, None).err().unwrap();
        let sentence = error.to_string();
        assert!(
            !sentence.contains('\n') && sentence.len() < 250,
            "{sentence}"
        );
        error
    };
    type Is = fn(&FilmError) -> bool;
    let cases: [(PathBuf, usize, usize, Codec, Is); 10] = [
        (at("a.png"), 8192, 8193, Codec::Png, |e| {
            matches!(e, FilmError::Encode(EncodeError::TooManyPixels { .. }))
        }),
        (at("a.mov"), 16_384, 16_384, Codec::Hap, |e| {
            matches!(e, FilmError::Encode(EncodeError::TooManyPixels { .. }))
        }),
        (at("a.mp4"), 95, 64, Codec::H264, |e| {
            matches!(e, FilmError::Encode(EncodeError::OddSize { .. }))
        }),
        (at("a.mov"), 98, 64, Codec::Hap, |e| {
            matches!(e, FilmError::Encode(EncodeError::OddSize { .. }))
        }),
        (at("a.mp4"), 0, 64, Codec::H264, |e| {
            matches!(e, FilmError::Encode(EncodeError::OddSize { .. }))
        }),
        (at("a.mp4"), 7680, 4320, Codec::H264, |e| {
            matches!(e, FilmError::Encode(EncodeError::ImpossibleSize { .. }))
        }),
        (at("a.mov"), 96, 64, Codec::H264, |e| {
            matches!(e, FilmError::Encode(EncodeError::WrongContainer { .. }))
        }),
        (at("a.mp4"), 96, 64, Codec::ProRes, |e| {
            matches!(e, FilmError::Encode(EncodeError::WrongContainer { .. }))
        }),
        (at("no/where/a.mp4"), 96, 64, Codec::H264, |e| {
            matches!(e, FilmError::NoFolder { .. })
        }),
        (at("film"), 96, 64, Codec::H264, |e| {
            matches!(e, FilmError::Encode(EncodeError::WrongContainer { .. }))
        }),
    ];
    for (path, width, height, codec, is) in cases {
        let error = try_out(path, width, height, codec);
        assert!(is(&error), "{error:?}");
    }
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    let largest = FilmSpec::new(at("a.png"), 16_384, 4096, fps("30"), Codec::Png);
    assert!(Film::create(&largest, None).is_ok());
}

#[test]
fn a_picture_of_another_size_is_refused_and_the_film_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let spec = FilmSpec::new(
        dir.path().join("f.mp4"),
        WIDTH,
        HEIGHT,
        fps("30"),
        Codec::H264,
    );
    let mut film = Film::create(&spec, None).unwrap();
    film.picture(&picture(0, None)).unwrap();
    let mut small = pixels(1, None);
    small.rgba.truncate(100);
    assert!(matches!(
        film.picture(&small.into()),
        Err(FilmError::PictureSize { .. })
    ));
    film.picture(&picture(1, None)).unwrap();
    assert_eq!(film.finish().unwrap().pictures, 2);
}

#[test]
fn png_pictures_are_the_pictures_and_parts_join() {
    let dir = tempfile::tempdir().unwrap();
    let song = song(dir.path(), RATE, 2.0, 0.1);
    for (name, first) in [("a.png", 0), ("b.png", 3)] {
        let mut spec = FilmSpec::new(dir.path().join(name), WIDTH, HEIGHT, fps("30"), Codec::Png);
        spec.first_picture = first;
        let mut film = Film::create(&spec, sound(&song)).unwrap();
        for frame in first..6 {
            film.picture(&picture(frame, None)).unwrap();
        }
        let made = film.finish().unwrap();
        assert_eq!(made.pictures, 6 - first);
    }
    let read = |name: &str| fs::read(dir.path().join(name)).unwrap();
    for number in 3..6 {
        assert_eq!(
            read(&format!("a_{number:06}.png")),
            read(&format!("b_{number:06}.png"))
        );
    }
    let decoder = png::Decoder::new(std::io::Cursor::new(read("a_000004.png")));
    let mut reader = decoder.read_info().unwrap();
    let mut rgb = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut rgb).unwrap();
    let expected: Vec<u8> = pixels(4, None)
        .rgba
        .chunks_exact(4)
        .flat_map(|pixel| [pixel[0], pixel[1], pixel[2]])
        .collect();
    assert!(rgb == expected);
    let (rate, channels, left) = heard(&dir.path().join("a.wav"));
    assert_eq!((rate, channels, left.len()), (RATE, 2, RATE as usize / 5));

    let spec = FilmSpec::new(
        dir.path().join("a.png"),
        WIDTH,
        HEIGHT,
        fps("30"),
        Codec::Png,
    );
    assert!(matches!(
        Film::create(&spec, None),
        Err(FilmError::Exists(_))
    ));
}

#[test]
fn parts_of_a_film_join_in_one_place() {
    let dir = tempfile::tempdir().unwrap();
    let song = song(dir.path(), RATE, 2.0, 0.1);
    for output in ["film.png", "folder"] {
        fs::create_dir_all(dir.path().join("folder")).unwrap();
        let mut heard_frames = 0;
        for (first, wav) in [(0, ""), (3, "_000003")] {
            let path = dir.path().join(output);
            let mut spec = FilmSpec::new(path, WIDTH, HEIGHT, fps("30"), Codec::Png);
            spec.first_picture = first;
            make(&spec, sound(&song), 3, None);
            let files = match output {
                "folder" => [
                    format!("folder/picture_{first:06}.png"),
                    format!("folder/sound{wav}.wav"),
                ],
                _ => [format!("film_{first:06}.png"), format!("film{wav}.wav")],
            };
            let files = files.map(|name| dir.path().join(name));
            assert_eq!(spec.files(), files);
            heard_frames += heard(&files[1]).2.len();
            assert!(files[0].is_file());
        }
        assert_eq!(heard_frames, RATE as usize / 5);
    }
}

#[test]
fn pictures_that_are_given_up_cost_no_old_ones() {
    let dir = tempfile::tempdir().unwrap();
    let song_folder = tempfile::tempdir().unwrap();
    let song = song(song_folder.path(), RATE, 1.0, 0.1);
    let path = dir.path().join("film.png");
    let mut spec = FilmSpec::new(path, WIDTH, HEIGHT, fps("30"), Codec::Png);
    let contents = || {
        let mut files: Vec<(PathBuf, Vec<u8>)> = fs::read_dir(dir.path())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| (path.clone(), fs::read(path).unwrap()))
            .collect();
        files.sort();
        files
    };
    make(&spec, sound(&song), 3, None);
    let before = contents();
    assert_eq!(before.len(), 4);

    // Other pictures, and more.
    spec.force = true;
    let start = || {
        let mut film = Film::create(&spec, sound(&song)).unwrap();
        for frame in 7..12 {
            film.picture(&picture(frame, None)).unwrap();
        }
        film
    };
    drop(start());
    assert!(contents() == before);

    let made = start().finish().unwrap();
    assert_eq!(made.pictures, 5);
    let after = contents();
    assert_eq!(after.len(), 6);
    assert!(before.iter().all(|file| !after.contains(file)));
}

#[test]
fn ffv1_loses_nothing() {
    if !has_ffmpeg() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("film.mkv");
    let spec = FilmSpec::new(&path, WIDTH, HEIGHT, fps("30"), Codec::Ffv1);
    make(&spec, None, 3, None);
    let output = Command::new("ffmpeg")
        .args(["-v", "error", "-i"])
        .arg(&path)
        .args(["-pix_fmt", "rgba", "-f", "rawvideo", "-"])
        .output()
        .unwrap();
    let expected: Vec<u8> = (0..3).flat_map(|frame| pixels(frame, None).rgba).collect();
    assert!(output.stdout == expected);
}

#[test]
fn every_codec_is_found_by_its_name_and_its_file() {
    for codec in Codec::ALL {
        assert_eq!(codec.to_string().parse(), Ok(codec));
        assert!(!codec.extensions().is_empty());
    }
    assert_eq!(Codec::for_path(Path::new("a.MP4")), Some(Codec::H264));
    assert_eq!(Codec::for_path(Path::new("a.txt")), None);
    assert!("avi".parse::<Codec>().is_err());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_ends_the_film_and_it_plays_up_to_there() {
    let dir = tempfile::tempdir().unwrap();
    let song = song(dir.path(), RATE, 8.0, 0.5);
    let disk = dir.path().join("disk");
    fs::create_dir(&disk).unwrap();
    let mount = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=200k", "tmpfs"])
        .arg(&disk)
        .output();
    // Only root may make a small disk.
    if !mount.is_ok_and(|output| output.status.success()) {
        return;
    }
    let path = disk.join("film.mp4");
    let spec = FilmSpec::new(&path, WIDTH, HEIGHT, fps("30"), Codec::H264);
    let mut film = Film::create(&spec, sound(&song)).unwrap();
    let mut taken = 0;
    let error = loop {
        match film.picture(&picture(taken * 7, None)) {
            Ok(()) => taken += 1,
            Err(error) => break error,
        }
        assert!(taken < 2_000, "the disk never filled");
    };
    assert!(error.to_string().contains("the disk is full"), "{error}");
    let error = film.finish().err().unwrap();
    let sentence = error.to_string();
    let FilmError::CutShort { seconds, .. } = error else {
        panic!("{error:?}");
    };
    assert!(sentence.contains("the disk is full"), "{sentence}");
    let copy = dir.path().join("copy.mp4");
    fs::copy(&path, &copy).unwrap();
    let left_behind = fs::read_dir(&disk).unwrap().count();
    assert!(
        Command::new("umount")
            .arg(&disk)
            .status()
            .unwrap()
            .success()
    );

    assert_eq!(left_behind, 1);
    assert!((seconds - taken as f64 / 30.0).abs() < 0.04);
    if has_ffmpeg() {
        assert_eq!(brightness(&copy).len() as f64, (seconds * 30.0).round());
    }
    let (rate, _, left) = heard(&copy);
    assert!(left.len() as f64 / f64::from(rate) > seconds - 1.1);
}
