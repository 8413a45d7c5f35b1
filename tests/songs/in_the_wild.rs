//! Songs as they are found: in every container, mangled in the usual ways, against what ffmpeg
//! hears in them or what was put into them.

use std::fs;
use std::process::Command;

use crate::bench::{Bench, assert_close, hear, media};
use synopsia::media::song::SongError;

#[test]
fn uncompressed_sound_is_exact_in_every_container_and_byte_order() {
    let Some(bench) = Bench::new() else { return };
    let source = bench.source(2, 44_100, 0.25);
    let all = "s8 u8 s16le s16be s24le s24be s32le s32be f32le f32be f64le f64be alaw mulaw";
    let containers = [
        ("mov", all),
        (
            "caf",
            "s8 s16le s16be s24le s24be s32le s32be f32le f32be f64le f64be alaw mulaw",
        ),
        (
            "aiff",
            "s8 u8 s16le s16be s24be s32be f32be f64be alaw mulaw",
        ),
        (
            "mkv",
            "u8 s16le s16be s24le s24be s32le s32be f32le f64le alaw mulaw",
        ),
        ("wav", "u8 s16le s24le s32le f32le f64le alaw mulaw"),
        ("w64", "u8 s16le s24le s32le f32le f64le alaw mulaw"),
        ("au", "s8 s16be s24be s32be f32be f64be alaw mulaw"),
    ];
    for (container, codecs) in containers {
        // One run writes all of a container's files.
        let files: String = codecs
            .split(' ')
            .map(|codec| format!(" -c:a pcm_{codec} {codec}.{container}"))
            .collect();
        bench.ffmpeg(&format!("-i b.wav{files}"));
        for codec in codecs.split(' ') {
            let name = format!("{codec}.{container}");
            let heard = hear(&bench.path(&name)).unwrap_or_else(|e| panic!("{name}: {e}"));
            // Half a step and the two ways to round it; the logarithmic ones have 12 bits.
            let tolerance = match codec {
                "alaw" | "mulaw" => 0.02,
                "s8" | "u8" => 1.0 / 127.0,
                _ if codec.contains("16") => 1.0 / 32_000.0,
                _ => 1e-6,
            };
            // Wave64 counts its padding as sound.
            let slack = if container == "w64" { 7 } else { 0 };
            assert_close(&name, &heard.samples, &source, tolerance, slack);
            assert_eq!((heard.rate, heard.channels), (44_100, 2), "{name}");
            assert_eq!(heard.warnings, "", "{name}");
        }
    }
}

#[test]
fn many_channels_high_rates_and_large_headers_are_no_reason_to_refuse() {
    let Some(bench) = Bench::new() else { return };
    let source = bench.source(32, 48_000, 0.1);
    bench.ffmpeg(
        "-i b.wav -c:a pcm_f32le many.w64 -c:a pcm_s24be many.mov -c:a pcm_s24be many.caf \
         -c:a pcm_s24be many.aiff -c:a pcm_s24le many.mkv -c:a pcm_s24le -rf64 always rf64.wav",
    );
    for name in [
        "b.wav",
        "many.w64",
        "many.mov",
        "many.caf",
        "many.aiff",
        "many.mkv",
        "rf64.wav",
    ] {
        let heard = hear(&bench.path(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!((heard.rate, heard.channels), (48_000, 32), "{name}");
        assert_close(name, &heard.samples, &source, 1e-6, 0);
    }
    let source = bench.source(2, 384_000, 0.1);
    bench.ffmpeg("-i b.wav -c:a pcm_s24be fast.mov -c:a pcm_s24be fast.aiff");
    for name in ["fast.mov", "fast.aiff"] {
        let heard = hear(&bench.path(name)).unwrap();
        assert_eq!(heard.rate, 384_000, "{name}");
        assert_close(name, &heard.samples, &source, 1e-6, 0);
    }
}

#[test]
fn mp2_in_mono_beyond_what_its_standard_allows_is_heard() {
    let Some(bench) = Bench::new() else { return };
    bench.source(1, 44_100, 0.5);
    // What ffmpeg chooses where nobody asks: 384 kbit/s.
    bench.ffmpeg("-i b.wav -c:a mp2 m.mp2 -c:a mp2 m.wav -c:a mp2 m.mkv -c:a mp2 m.mp4");
    for name in ["m.mp2", "m.wav", "m.mkv", "m.mp4"] {
        let heard = bench.same_as_ffmpeg(name, 1152);
        assert_eq!((heard.rate, heard.channels), (44_100, 1), "{name}");
        assert_eq!(heard.warnings, "", "{name}");
    }
}

/// A 16-bit WAV of `count` stereo frames, as chunks: the format's and the data's.
fn wav_chunks(count: i16) -> (Vec<u8>, Vec<u8>) {
    let mut format = b"fmt \x10\0\0\0\x01\0\x02\0".to_vec();
    format.extend(8000u32.to_le_bytes());
    format.extend(32_000u32.to_le_bytes());
    format.extend(b"\x04\0\x10\0");
    let data = (0..count).flat_map(|i| [i.to_le_bytes(), (-i).to_le_bytes()].concat());
    (format, data.collect())
}

#[test]
fn sizes_of_a_wav_that_lie_do_not_matter() {
    let bench = Bench::without_ffmpeg();
    let (format, data) = wav_chunks(16_000);
    let right: Vec<f32> = (0..16_000)
        .flat_map(|i| [i as f32 / 32_768.0, -i as f32 / 32_768.0])
        .collect();
    let wave = |riff: u32, before: &[u8], size: u32, after: &[u8]| {
        let size = size.to_le_bytes();
        let head = [b"RIFF", &riff.to_le_bytes()[..], b"WAVE"].concat();
        [&head, before, &format, b"data", &size, &data, after].concat()
    };
    let whole = data.len() as u32;
    let large = |name: &[u8; 4], size: u64| {
        let mut bytes = [name, &b"\xff\xff\xff\xffWAVEds64\x1c\0\0\0"[..]].concat();
        bytes.extend(size.to_le_bytes());
        bytes.extend(size.to_le_bytes());
        bytes.extend([0; 12]);
        [&bytes, &format, &b"data\xff\xff\xff\xff"[..], &data].concat()
    };
    let cases = [
        ("true.wav", wave(whole + 36, b"", whole, b"")),
        ("zero.wav", wave(0, b"", 0, b"")),
        ("stream.wav", wave(u32::MAX, b"", u32::MAX, b"")),
        ("signed.wav", wave(0x7fff_ffff, b"", 0x7fff_ffff, b"")),
        ("odd.wav", wave(whole, b"JUNK\x05\0\0\0abcde\0", whole, b"")),
        (
            "unpadded.wav",
            wave(whole, b"JUNK\x05\0\0\0abcde", whole, b""),
        ),
        (
            "tags.wav",
            wave(whole, b"bext\x04\0\0\0abcd", whole, b"LIST\x04\0\0\0INFO"),
        ),
        (
            "id3.wav",
            [
                b"ID3\x04\0\0\0\0\0\x0a0123456789",
                &wave(0, b"", whole, b"")[..],
            ]
            .concat(),
        ),
        ("rf64.wav", large(b"RF64", whole.into())),
        ("bw64.wav", large(b"BW64", whole.into())),
        ("rf64_zero.wav", large(b"RF64", 0)),
        ("rf64_all_ones.wav", large(b"RF64", u64::MAX)),
    ];
    for (name, bytes) in cases {
        let heard = hear(&bench.write(name, &bytes)).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(heard.samples == right, "{name}: {}", heard.samples.len());
        assert_eq!(heard.duration, Some(2.0), "{name}");
        assert_eq!(heard.warnings, "", "{name}");
    }
    // A recorder that was cut off promised more.
    let cut = wave(whole, b"", whole, b"");
    let heard = hear(&bench.write("cut.wav", &cut[..cut.len() / 2])).unwrap();
    assert!(heard.warnings.contains("truncated"), "{}", heard.warnings);
    assert!(right.starts_with(&heard.samples) && heard.samples.len() > 15_000);
}

#[test]
fn a_caf_whose_size_was_never_written_is_heard_to_its_end() {
    let Some(bench) = Bench::new() else { return };
    bench.source(2, 44_100, 0.5);
    bench.ffmpeg("-i b.wav -c:a pcm_s16le whole.caf");
    let whole = hear(&bench.path("whole.caf")).unwrap();
    let bytes = fs::read(bench.path("whole.caf")).unwrap();
    let data = bytes.windows(4).position(|four| four == b"data").unwrap();
    // The sound comes last in the file, behind the size and a count of edits.
    let end = data + 16 + whole.samples.len() * 2;
    for size in [0u64, u64::MAX] {
        let mut bytes = bytes[..end].to_vec();
        bytes[data + 4..data + 12].copy_from_slice(&size.to_be_bytes());
        let heard = hear(&bench.write("cut.caf", &bytes)).unwrap();
        assert!(heard.samples == whole.samples, "{size}");
        assert_eq!(heard.warnings, "", "{size}");
    }
}

#[test]
fn samples_narrower_than_their_bytes_keep_their_level() {
    let bench = Bench::without_ffmpeg();
    let values: Vec<i32> = (0..4000).map(|i| (i - 2000) << 20).collect();
    let right: Vec<f32> = values.iter().map(|&v| v as f32 / 2f32.powi(31)).collect();
    // Bits, bytes of a sample, and whether the format is the extensible one.
    for (bits, bytes, extensible) in [
        (24, 4, true),
        (20, 3, true),
        (20, 3, false),
        (24, 4, false),
        (12, 2, false),
    ] {
        let mut format = Vec::new();
        let tag: u16 = if extensible { 0xfffe } else { 1 };
        let stated: u16 = if extensible { bytes as u16 * 8 } else { bits };
        for short in [tag, 1] {
            format.extend(short.to_le_bytes());
        }
        format.extend(8000u32.to_le_bytes());
        format.extend((8000 * bytes as u32).to_le_bytes());
        for short in [bytes as u16, stated] {
            format.extend(short.to_le_bytes());
        }
        if extensible {
            format.extend([22, 0]);
            format.extend(bits.to_le_bytes());
            format.extend(4u32.to_le_bytes());
            format.extend(b"\x01\0\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71");
        }
        let data: Vec<u8> = values
            .iter()
            .flat_map(|value| value.to_le_bytes()[4 - bytes..].to_vec())
            .collect();
        let wave = [
            b"RIFF\0\0\0\0WAVEfmt ",
            &(format.len() as u32).to_le_bytes()[..],
            &format,
            b"data",
            &(data.len() as u32).to_le_bytes(),
            &data,
        ]
        .concat();
        let name = format!("{bits}_in_{}{extensible}.wav", bytes * 8);
        let heard = hear(&bench.write(&name, &wave)).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_close(&name, &heard.samples, &right, 0.001, 0);
    }
}

#[test]
fn a_fragmented_mp4_is_heard_whole_and_knows_its_length() {
    let Some(bench) = Bench::new() else { return };
    bench.source(2, 44_100, 1.0);
    let flags = [
        "frag_keyframe+empty_moov",
        "frag_keyframe+empty_moov+default_base_moof",
        "empty_moov+omit_tfhd_offset+frag_keyframe",
        "frag_keyframe",
        "dash",
    ];
    for (number, flags) in flags.iter().enumerate() {
        let name = format!("f{number}.mp4");
        bench.ffmpeg(&format!(
            "-f lavfi -i testsrc=s=64x64:r=10:d=1 -i b.wav -c:v mpeg4 -g 4 -c:a aac \
             -movflags {flags} {name}"
        ));
        let heard = bench.same_as_ffmpeg(&name, 0);
        let (frames, rate) = (heard.samples.len() / 2, f64::from(heard.rate));
        let stated = heard.duration.unwrap() * rate;
        assert!(
            (stated - frames as f64).abs() < 4096.0,
            "{flags}: {stated} {frames}"
        );
        assert_eq!(heard.warnings, "", "{flags}");
    }
    // An unknown length once was one of nought, and the film over before it began.
    let film = Command::new(env!("CARGO_BIN_EXE_synopsia"))
        .args([
            "render",
            "-q",
            "--size",
            "16x16",
            "--painter",
            "cpu",
            "--frames",
            "0..1",
        ])
        .arg(bench.path("f0.mp4"))
        .arg("-o")
        .arg(bench.path("film.mp4"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&film.stderr);
    assert!(film.status.success(), "{said}");
}

#[test]
fn an_mp4_that_is_cut_off_is_used_up_to_there_or_refused_by_name() {
    let Some(bench) = Bench::new() else { return };
    bench.source(2, 44_100, 1.0);
    bench.ffmpeg(
        "-i b.wav -c:a aac -movflags faststart aac.m4a -c:a alac -movflags faststart alac.m4a \
         -c:a pcm_s16le -movflags faststart pcm.mov -c:a libvorbis vorbis.mkv",
    );
    for name in ["aac.m4a", "alac.m4a", "pcm.mov", "vorbis.mkv"] {
        let whole = hear(&bench.path(name)).unwrap().samples;
        let bytes = fs::read(bench.path(name)).unwrap();
        let path = bench.write(&format!("cut_{name}"), &bytes[..bytes.len() * 7 / 10]);
        let heard = hear(&path).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(
            heard.warnings.contains("truncated"),
            "{name}: {}",
            heard.warnings
        );
        assert!(heard.samples.len() > whole.len() / 4, "{name}");
        assert!(whole.starts_with(&heard.samples), "{name}");
    }
    // Its index comes last.
    let bytes = fs::read(media("tone.m4a")).unwrap();
    let refused = hear(&bench.write("recorder.m4a", &bytes[..bytes.len() / 2]));
    assert!(matches!(refused.err(), Some(SongError::NoIndex(_))));
}

/// Start and length in samples, of which `alac.m4a` has eight thousand a second.
type Edit = (i32, u32);

/// `alac.m4a` with these edits.
fn edited(edits: &[Edit]) -> Vec<u8> {
    let mut bytes = fs::read(media("alac.m4a")).unwrap();
    let find = |kind: &[u8]| bytes.windows(4).position(|four| four == kind).unwrap();
    let parents = [b"moov", b"trak", b"edts", b"elst"].map(|kind| find(kind));
    let (elst, mvhd) = (parents[3], find(b"mvhd"));
    let scale = u32::from_be_bytes(bytes[mvhd + 16..mvhd + 20].try_into().unwrap());
    let old = u32::from_be_bytes(bytes[elst - 4..elst].try_into().unwrap()) as usize;
    let mut list = vec![0; 4];
    list.extend((edits.len() as u32).to_be_bytes());
    for (start, length) in edits {
        list.extend((u64::from(*length) * u64::from(scale) / 8000).to_be_bytes()[4..].to_vec());
        list.extend(start.to_be_bytes());
        list.extend([0, 1, 0, 0]);
    }
    let grown = list.len() + 8 - old;
    bytes.splice(elst + 4..elst - 4 + old, list);
    for kind in parents {
        let size = u32::from_be_bytes(bytes[kind - 4..kind].try_into().unwrap()) + grown as u32;
        bytes[kind - 4..kind].copy_from_slice(&size.to_be_bytes());
    }
    bytes
}

#[test]
fn every_edit_of_a_list_is_played_and_a_delay_is_not() {
    let bench = Bench::without_ffmpeg();
    let whole = hear(&media("alac.m4a")).unwrap().samples;
    let part = |start: usize, length: usize| whole[2 * start..2 * (start + length)].to_vec();
    let cases: [(&[Edit], Vec<f32>); 3] = [
        (&[(1600, 4000)], part(1600, 4000)),
        (
            &[(800, 4000), (8000, 2400)],
            [part(800, 4000), part(8000, 2400)].concat(),
        ),
        // The parts may come in any order; an empty edit only delays them.
        (
            &[(-1, 4000), (8000, 2400), (0, 1600)],
            [part(8000, 2400), part(0, 1600)].concat(),
        ),
    ];
    for (edits, right) in cases {
        let heard = hear(&bench.write("edited.m4a", &edited(edits))).unwrap();
        assert_close(&format!("{edits:?}"), &heard.samples, &right, 0.0, 0);
        assert_eq!(
            heard.duration,
            Some(right.len() as f64 / 16_000.0),
            "{edits:?}"
        );
    }
}

#[test]
fn the_track_that_is_marked_or_else_has_most_channels_is_heard() {
    let Some(bench) = Bench::new() else { return };
    bench.source(1, 44_100, 0.5);
    fs::rename(bench.path("b.wav"), bench.path("mono.wav")).unwrap();
    bench.source(2, 44_100, 0.5);
    for container in ["mp4", "mkv"] {
        for (number, marks) in [
            "-disposition:a:0 default -disposition:a:1 0",
            "-disposition:a 0",
        ]
        .iter()
        .enumerate()
        {
            let name = format!("two{number}.{container}");
            bench.ffmpeg(&format!(
                "-i mono.wav -i b.wav -map 0 -map 1 -c:a aac {marks} {name}"
            ));
            // The other track has half or twice as many samples. MP4 states its padding.
            bench.same_as_ffmpeg(&name, 2048);
        }
    }
}
