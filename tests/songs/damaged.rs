//! Songs with holes, foreign tags, joints and rubbish; codecs that only ffmpeg knows; and what is
//! no song at all.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::bench::{Bench, assert_close, hear, media};

/// Bytes without a pattern: an MP3's sync among them, now and then.
fn rubbish(count: usize) -> Vec<u8> {
    let mut state = 7u64;
    let bytes = (0..count).map(|_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 56) as u8
    });
    bytes.collect()
}

/// An APEv2 tag with a picture, as taggers put it behind an MP3; with or without its header.
fn ape_tag(picture: &[u8], with_header: bool) -> Vec<u8> {
    let mut item = (picture.len() as u32 + 6).to_le_bytes().to_vec();
    item.extend([2, 0, 0, 0]);
    item.extend(b"Cover Art (Front)\0c.png\0");
    item.extend(picture);
    let part = |flags: u32| {
        let mut part = b"APETAGEX".to_vec();
        for number in [2000, item.len() as u32 + 32, 1, flags, 0, 0] {
            part.extend(number.to_le_bytes());
        }
        part
    };
    let has_header = u32::from(with_header) << 31;
    let header = if with_header {
        part(has_header | 1 << 29)
    } else {
        Vec::new()
    };
    [header, item.clone(), part(has_header)].concat()
}

/// An ID3v2 tag around `count` bytes of rubbish.
fn id3v2(count: usize) -> Vec<u8> {
    let size = [21, 14, 7, 0].map(|shift| (count >> shift & 0x7f) as u8);
    [b"ID3\x04\0\0", &size[..], &rubbish(count)].concat()
}

#[test]
fn tags_before_and_behind_the_sound_are_no_sound() {
    let bench = Bench::without_ffmpeg();
    let id3v1 = [b"TAG", &[b'x'; 125][..]].concat();
    let lyrics = [
        b"LYRICSBEGIN",
        "LYR00200".as_bytes(),
        &[b'a'; 200],
        b"000219LYRICS200",
    ]
    .concat();
    let cover = rubbish(400_000);
    for name in ["tone.mp3", "tone.flac", "tone.aac"] {
        let sound = fs::read(media(name)).unwrap();
        let right = hear(&media(name)).unwrap();
        let tagged = [
            [&sound[..], &ape_tag(&cover, true)].concat(),
            [&sound[..], &ape_tag(&cover, false), &id3v1].concat(),
            [&sound[..], &ape_tag(&cover, true), &lyrics, &id3v1].concat(),
            [&id3v2(2000), &id3v2(300_000), &sound[..]].concat(),
            [&id3v2(2000), &sound[..], &id3v1].concat(),
        ];
        for (number, bytes) in tagged.iter().enumerate() {
            let heard = hear(&bench.write(name, bytes)).unwrap();
            assert_close(name, &heard.samples, &right.samples, 0.0, 0);
            assert_eq!(heard.duration, right.duration, "{name} {number}");
            assert_eq!(heard.warnings, "", "{name} {number}");
        }
    }
}

#[test]
fn zeros_and_rubbish_before_the_first_frame_of_an_mp3_are_passed_over() {
    let bench = Bench::without_ffmpeg();
    let sound = fs::read(media("tone.mp3")).unwrap();
    let right = hear(&media("tone.mp3")).unwrap().samples;
    for before in [
        vec![0; 3000],
        vec![0; 300_000],
        rubbish(500),
        [id3v2(99), vec![0; 5000]].concat(),
    ] {
        let heard = hear(&bench.write("late.mp3", &[before, sound.clone()].concat())).unwrap();
        assert_close("late.mp3", &heard.samples, &right, 0.0, 0);
    }
}

#[test]
fn songs_that_were_joined_play_one_after_the_other() {
    let bench = Bench::without_ffmpeg();
    for name in ["tone.mp3", "tone.flac", "tone.aac", "tone.ogg", "tone.opus"] {
        let bytes = fs::read(media(name)).unwrap();
        let once = hear(&media(name)).unwrap();
        for between in [Vec::new(), id3v2(500)] {
            // Ogg has tags of its own.
            if !between.is_empty() && name != "tone.mp3" && name != "tone.flac" {
                continue;
            }
            let twice = [&bytes[..], &between, &bytes].concat();
            let heard = hear(&bench.write(name, &twice)).unwrap();
            let (samples, length) = (&heard.samples, once.samples.len());
            // An MP3's or AAC's run-up and padding are heard where they are joined.
            let slack = 2 * 3 * 1152;
            assert!(
                samples.len().abs_diff(2 * length) <= slack,
                "{name}: {} for twice {length}",
                samples.len()
            );
            let tail = &samples[samples.len() - length / 4..];
            assert!(tail.iter().any(|sample| sample.abs() > 0.1), "{name}");
            if name == "tone.flac" {
                assert!(samples[length..] == once.samples, "{name}");
            }
        }
    }
}

/// Songs joined from two parts of two seconds, of another rate or of other channels: their names,
/// and how many samples a second of the first part has.
fn joints(bench: &Bench) -> Vec<(String, usize)> {
    let formats = [(2, 44_100), (2, 48_000), (1, 44_100), (2, 22_050)];
    for (channels, rate) in formats {
        bench.source(channels, rate, 2.0);
        let part = format!("{channels}_{rate}");
        bench.ffmpeg(&format!(
            "-i b.wav -c:a libmp3lame -b:a 128k {part}.mp3 -c:a aac {part}.aac"
        ));
    }
    let mut joints = Vec::new();
    for kind in ["mp3", "aac"] {
        for (first, second) in [(0, 1), (1, 0), (0, 2), (2, 0), (0, 3)] {
            let [first, second] = [first, second].map(|at: usize| formats[at]);
            let part = |(channels, rate): (usize, u32)| {
                fs::read(bench.path(&format!("{channels}_{rate}.{kind}"))).unwrap()
            };
            let name = format!("{first:?}{second:?}.{kind}").replace(['(', ')', ' ', ','], "_");
            bench.write(&name, &[part(first), part(second)].concat());
            joints.push((name, first.0 * first.1 as usize));
        }
    }
    joints
}

#[test]
fn a_joined_part_of_another_rate_or_of_other_channels_is_heard() {
    let Some(bench) = Bench::new() else { return };
    for (name, second) in joints(&bench) {
        let heard = hear(&bench.path(&name)).unwrap_or_else(|e| panic!("{name}: {e}"));
        let (ours, theirs) = (heard.samples.len(), bench.decode(&name).len());
        assert!(
            ours.abs_diff(theirs) <= 2 * 1152 && ours > 4 * second - second / 4,
            "{name}: {ours}, and {theirs} for ffmpeg"
        );
        assert_eq!((heard.duration, &*heard.warnings), (None, ""), "{name}");
        let tail = &heard.samples[ours - second..ours - second / 4];
        assert!(tail.iter().any(|sample| sample.abs() > 0.1), "{name}");
    }
}

#[test]
fn a_joined_part_of_a_few_frames_is_heard() {
    let Some(bench) = Bench::new() else { return };
    let part = |name: &str, rate, seconds| {
        bench.source(2, rate, seconds);
        bench.ffmpeg(&format!("-i b.wav -c:a libmp3lame {name}"));
        fs::read(bench.path(name)).unwrap()
    };
    let first = part("first.mp3", 44_100, 2.0);
    let alone = hear(&bench.path("first.mp3")).unwrap().samples.len();
    for seconds in [0.03, 0.06, 0.12] {
        let second = part("second.mp3", 48_000, seconds);
        let heard = hear(&bench.write("joined.mp3", &[&first[..], &second].concat())).unwrap();
        let more = heard.samples.len() - alone;
        assert!(
            more as f64 >= 2.0 * 44_100.0 * seconds && heard.warnings.is_empty(),
            "{seconds} s: {more} samples; {}",
            heard.warnings
        );
    }
}

#[test]
fn a_joined_part_of_another_layer_is_heard_and_one_of_another_codec_told() {
    let Some(bench) = Bench::new() else { return };
    bench.source(2, 44_100, 2.0);
    bench.ffmpeg("-i b.wav -c:a libmp3lame a.mp3 -c:a mp2 b.mp2 -c:a aac c.aac");
    let join = |name: &str, parts: [&str; 2]| {
        let parts = parts.map(|part| fs::read(bench.path(part)).unwrap());
        hear(&bench.write(name, &parts.concat())).unwrap_or_else(|e| panic!("{name}: {e}"))
    };
    for parts in [["a.mp3", "b.mp2"], ["b.mp2", "a.mp3"]] {
        let heard = join("layers.mp3", parts);
        let theirs = bench.decode("layers.mp3").len();
        let ours = heard.samples.len();
        assert!(ours > 2 * 44_100 * 39 / 10, "{parts:?}: {ours}");
        assert!(
            ours.abs_diff(theirs) <= 2 * 2 * 1152,
            "{ours}, not {theirs}"
        );
        assert_eq!(heard.warnings, "", "{parts:?}");
    }
    let heard = join("codecs.mp3", ["a.mp3", "c.aac"]);
    assert!(heard.samples.len() > 2 * 44_100 * 19 / 10);
    assert!(
        heard.warnings.contains("how it is coded"),
        "{}",
        heard.warnings
    );
}

/// The MP3 stream `stream` in a WAV of 44.1 kHz in stereo.
fn mp3_in_wav(stream: &[u8]) -> Vec<u8> {
    let mut wav = b"RIFF\0\0\0\0WAVEfmt \x1e\0\0\0\x55\0\x02\0".to_vec();
    wav.extend([44_100u32, 16_000].map(u32::to_le_bytes).concat());
    wav.extend([1u16, 0, 12, 1].map(u16::to_le_bytes).concat());
    wav.extend(2u32.to_le_bytes());
    wav.extend([417u16, 1, 1393].map(u16::to_le_bytes).concat());
    wav.extend(b"data");
    wav.extend((stream.len() as u32).to_le_bytes());
    wav.extend(stream);
    let size = wav.len() as u32 - 8;
    wav[4..8].copy_from_slice(&size.to_le_bytes());
    wav
}

#[test]
fn a_joined_part_of_another_rate_is_heard_inside_a_wav() {
    let Some(bench) = Bench::new() else { return };
    let part = |name: &str, rate| {
        bench.source(2, rate, 2.0);
        bench.ffmpeg(&format!("-i b.wav -c:a libmp3lame {name}"));
        fs::read(bench.path(name)).unwrap()
    };
    let (first, second) = (part("first.mp3", 44_100), part("second.mp3", 48_000));
    let alone = hear(&bench.write("alone.wav", &mp3_in_wav(&first))).unwrap();
    assert!(alone.samples.len().abs_diff(2 * 2 * 44_100) < 4 * 1152);
    let both = [&first[..], &second].concat();
    let heard = hear(&bench.write("both.wav", &mp3_in_wav(&both))).unwrap();
    let seconds = heard.samples.len() as f64 / 2.0 / 44_100.0;
    assert!(
        (3.9..4.2).contains(&seconds),
        "{seconds} s: {}",
        heard.warnings
    );
    assert_eq!(heard.warnings, "");
}

#[test]
fn without_ffmpeg_a_joined_song_is_used_up_to_where_its_format_changes() {
    let Some(bench) = Bench::new() else { return };
    for (name, _) in joints(&bench).into_iter().step_by(3) {
        let song = bench.path(&name);
        let analyzed = Command::new(env!("CARGO_BIN_EXE_synopsia"))
            .arg("analyze")
            .arg(&song)
            .env("PATH", "")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&analyzed.stderr).into_owned();
        assert!(analyzed.status.success(), "{name}: {said}");
        assert!(
            said.contains("changes its sample rate or channels, or how it is coded, at 0:02.0"),
            "{name}: {said}"
        );
    }
}

#[test]
fn a_header_that_claims_another_format_is_damage() {
    let Some(bench) = Bench::new() else { return };
    bench.source(2, 44_100, 2.0);
    bench.ffmpeg("-i b.wav -c:a libmp3lame -b:a 128k one.mp3 -c:a aac one.aac");
    for name in ["one.mp3", "one.aac"] {
        let bytes = fs::read(bench.path(name)).unwrap();
        let whole = hear(&bench.path(name)).unwrap();
        let sync = |at: &usize| {
            bytes[*at] == 0xff && bytes[*at + 1] == if name == "one.mp3" { 0xfb } else { 0xf1 }
        };
        let at = (bytes.len() / 2..).find(sync).unwrap();
        // Bits of the rate, and of the channels, in both.
        for (byte, bits) in [(2, 0x04), (3, 0xc0)] {
            let mut hurt = bytes.clone();
            hurt[at + byte] ^= bits;
            let heard = hear(&bench.write(name, &hurt)).unwrap();
            let lengths = (heard.samples.len(), whole.samples.len());
            assert!(
                lengths.0.abs_diff(lengths.1) <= 4 * 1152,
                "{name}: {lengths:?}"
            );
            let changes = heard.warnings.contains("changes");
            assert!(!changes, "{name} {byte}: {}", heard.warnings);
        }
    }
}

/// Where the click in the middle of the tones is, in frames: it is far louder than all else.
fn click(samples: &[f32], channels: usize) -> usize {
    let loud = samples.iter().rposition(|sample| sample.abs() > 0.7);
    loud.expect("the click was lost") / channels
}

#[test]
fn a_hole_is_silence_of_its_length_and_is_told() {
    let Some(bench) = Bench::new() else { return };
    // Small frames and pages, and a click behind the hole.
    bench.ffmpeg(
        "-f lavfi -i aevalsrc='0.3*sin(2*PI*440*t)+0.6*between(t,1.6,1.602)':s=44100:d=2 \
         -c:a flac -frame_size 1152 hole.flac -c:a libvorbis -page_duration 100000 hole.ogg \
         -c:a libmp3lame -b:a 128k hole.mp3 -c:a libopus -page_duration 100000 hole.opus",
    );
    for name in ["hole.flac", "hole.ogg", "hole.mp3", "hole.opus"] {
        let bytes = fs::read(bench.path(name)).unwrap();
        let whole = hear(&bench.path(name)).unwrap();
        let at = bytes.len() / 2;
        let path = bench.write(
            &format!("holed_{name}"),
            &[&bytes[..at], &bytes[at + 200..]].concat(),
        );
        let heard = hear(&path).unwrap();
        let clicks = (click(&whole.samples, 1), click(&heard.samples, 1));
        assert!(clicks.0.abs_diff(clicks.1) < 30, "{name}: {clicks:?}");
        assert!(
            heard.warnings.contains("damaged"),
            "{name}: {}",
            heard.warnings
        );
    }
}

#[test]
fn a_flac_frame_with_a_wrong_checksum_is_silence_in_mp4_and_matroska_too() {
    let Some(bench) = Bench::new() else { return };
    bench.ffmpeg(
        "-f lavfi -i aevalsrc=0.3*sin(2*PI*330*t)|0.3*sin(2*PI*440*t):s=48000:d=2 \
         -c:a flac -strict -2 f.mp4 -c:a flac f.mkv -c:a flac f.flac",
    );
    for name in ["f.mp4", "f.mkv", "f.flac"] {
        let mut bytes = fs::read(bench.path(name)).unwrap();
        let whole = hear(&bench.path(name)).unwrap();
        assert_eq!(whole.warnings, "", "{name}");
        let middle = bytes.len() / 2;
        bytes[middle..middle + 50].fill(0x33);
        let heard = hear(&bench.write(&format!("over_{name}"), &bytes)).unwrap();
        assert!(heard.warnings.contains("damaged"), "{name}");
        assert_eq!(heard.samples.len(), whole.samples.len(), "{name}");
        let changed: Vec<f32> = (heard.samples.iter().zip(&whole.samples))
            .filter_map(|(ours, right)| (ours != right).then_some(*ours))
            .collect();
        assert!(!changed.is_empty(), "{name}");
        assert!(changed.iter().all(|&sample| sample == 0.0), "{name}");
    }
}

#[test]
fn damage_in_the_middle_of_a_matroska_file_is_passed_over_and_told() {
    let Some(bench) = Bench::new() else { return };
    let click = |samples: &[f32]| samples.iter().rposition(|sample| sample.abs() > 0.5);
    for codec in ["libopus", "flac", "pcm_s16le"] {
        let name = format!("{codec}.mkv");
        bench.ffmpeg(&format!(
            "-f lavfi -i aevalsrc='0.2*sin(2*PI*440*t)+0.6*between(t,3,3.002)':s=48000:d=4 \
             -c:a {codec} {name}"
        ));
        let whole = hear(&bench.path(&name)).unwrap();
        assert_eq!(whole.warnings, "", "{name}");
        let bytes = fs::read(bench.path(&name)).unwrap();
        let (before, after) = bytes.split_at(bytes.len() / 2);
        let foreign = [0x77; 200];
        let inserted = [before, &foreign, after].concat();
        let overwritten = [before, &foreign, &after[200..]].concat();
        let missing = [before, &after[200..]].concat();
        for bytes in [inserted, overwritten, missing] {
            let heard = hear(&bench.write("damaged.mkv", &bytes)).unwrap();
            let off = heard.samples.len().abs_diff(whole.samples.len());
            assert!(off < 480, "{name}: {off}");
            let clicks = (click(&whole.samples), click(&heard.samples));
            let off = clicks.0.unwrap().abs_diff(clicks.1.unwrap());
            assert!(off < 480, "{name}: {clicks:?}");
        }
        // Behind the segment, a file may hold what it likes.
        let tagged = [&bytes[..], b"TAG", &[b'x'; 125]].concat();
        let heard = hear(&bench.write("tagged.mkv", &tagged)).unwrap();
        assert_eq!(heard.warnings, "", "{name}");
        assert_eq!(heard.samples.len(), whole.samples.len(), "{name}");
        let heard = hear(&bench.write("inserted.mkv", &[before, &foreign, after].concat()));
        let said = heard.unwrap().warnings;
        assert!(said.contains("damaged"), "{name}: {said}");
    }
}

#[test]
fn a_page_that_is_lost_from_an_ogg_is_silence_wherever_it_was() {
    let Some(bench) = Bench::new() else { return };
    bench.source(2, 48_000, 4.0);
    bench.ffmpeg("-i b.wav -c:a libvorbis lost.ogg -c:a libopus lost.opus");
    for name in ["lost.ogg", "lost.opus"] {
        let bytes = fs::read(bench.path(name)).unwrap();
        let whole = hear(&bench.path(name)).unwrap().samples;
        // A page is about a second here. The headers come first, and the last page holds the end.
        for third in [1, 2] {
            let at = bytes.len() * third / 3;
            let holed = [&bytes[..at], &bytes[at + 200..]].concat();
            let heard = hear(&bench.write(&format!("holed_{name}"), &holed)).unwrap();
            assert!(
                heard.warnings.contains("damaged"),
                "{name} {third}: {}",
                heard.warnings
            );
            let (ours, right) = (&heard.samples, &whole);
            if ours.len() == right.len() {
                // What comes after it is in time.
                let last = right.len() - 9600;
                assert_close(name, &ours[last..], &right[last..], 0.5, 0);
                assert!(ours.iter().filter(|&&sample| sample == 0.0).count() > 20_000);
            } else {
                assert!(heard.warnings.contains("truncated"), "{name} {third}");
            }
        }
    }
}

#[test]
fn what_is_no_music_is_refused() {
    let bench = Bench::without_ffmpeg();
    let program = fs::read(std::env::current_exe().unwrap()).unwrap();
    let library = program[..program.len().min(6 << 20)].to_vec();
    let mp3 = fs::read(media("tone.mp3")).unwrap();
    let cases = [
        ("x", library.clone()),
        ("library.mp3", library.clone()),
        ("tool", fs::read("/bin/ls").unwrap_or(library)),
        ("noise.mp3", rubbish(3 << 20)),
        ("noise.aac", rubbish(1 << 20)),
        ("sync.mp3", b"\xff\xfb\x90\x64".repeat(50_000)),
        ("ones.mp3", vec![0xff; 200_000]),
        ("picture.mp3", fs::read(media("cmyk.jpg")).unwrap()),
        (
            "archive.mp3",
            [b"PK\x03\x04", &rubbish(200_000)[..]].concat(),
        ),
        // A few frames of sound, and a lot of something else.
        (
            "mostly_rubbish.mp3",
            [&mp3[..4000], &rubbish(900_000)].concat(),
        ),
        ("marker.flac", [b"fLaC", &rubbish(200_000)[..]].concat()),
        // What ffmpeg is ready to take for sound by its name.
        ("text.g722", b"la la la\n".repeat(500)),
        ("picture.g722", fs::read(media("restarts.jpg")).unwrap()),
        ("program.gsm", program[..60_000].to_vec()),
        ("noise.sbc", rubbish(60_000)),
        ("noise.bin", rubbish(60_000)),
        ("zeros.m2ts", vec![0; 60_000]),
        (
            "words.srt",
            b"1\n00:00:01,000 --> 00:00:02,000\nLa\n\n".to_vec(),
        ),
    ];
    for (name, bytes) in cases {
        let refused = hear(&bench.write(name, &bytes)).err();
        let sentence = refused
            .unwrap_or_else(|| panic!("{name} was heard"))
            .to_string();
        assert!(
            sentence.contains(name) && !sentence.contains('\n'),
            "{sentence}"
        );
    }
}

/// The AAC stream `plain` with an element of spectral band replication in every packet: HE-AAC.
fn high_efficiency(plain: &[u8]) -> Vec<u8> {
    let mut stream = Vec::new();
    let mut rest = plain;
    while let [_, _, _, a, b, c, ..] = *rest {
        let length = usize::from(a & 3) << 11 | usize::from(b) << 3 | usize::from(c >> 5);
        let (packet, after) = rest.split_at(length);
        rest = after;
        let mut bits: Vec<bool> = packet[7..]
            .iter()
            .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1))
            .collect();
        // Three ones mark the end of a packet, and zeros fill its last byte.
        while bits.pop() == Some(false) {}
        bits.truncate(bits.len() - 2);
        // A fill element of one byte: a payload of this kind, without a header yet. Then the end.
        bits.extend("110000111010000111".bytes().map(|bit| bit == b'1'));
        bits.resize(bits.len().next_multiple_of(8), false);
        let body: Vec<u8> = bits
            .chunks(8)
            .map(|byte| {
                byte.iter()
                    .fold(0, |value, &bit| value << 1 | u8::from(bit))
            })
            .collect();
        let length = body.len() + 7;
        let mut header = packet[..7].to_vec();
        header[3] = header[3] & 0xfc | (length >> 11) as u8;
        header[4] = (length >> 3) as u8;
        header[5] = header[5] & 0x1f | (length << 5) as u8;
        stream.extend(header);
        stream.extend(body);
    }
    stream
}

#[test]
fn spectral_band_replication_is_heard_though_no_header_announces_it() {
    let Some(bench) = Bench::new() else { return };
    for channels in [1, 2] {
        bench.source(channels, 22_050, 0.5);
        bench.ffmpeg("-i b.wav -c:a aac plain.aac -c:a aac plain.m4a");
        for plain in ["plain.aac", "plain.m4a"] {
            let heard = hear(&bench.path(plain)).unwrap();
            assert_eq!(heard.rate, 22_050, "{plain} is no HE-AAC");
        }
        let stream = fs::read(bench.path("plain.aac")).unwrap();
        bench.write("he.aac", &high_efficiency(&stream));
        bench.ffmpeg(
            "-i he.aac -c copy -bsf:a aac_adtstoasc he.m4a -c copy -bsf:a aac_adtstoasc he.mkv",
        );
        for name in ["he.aac", "he.m4a", "he.mkv"] {
            let heard = bench.same_as_ffmpeg(name, 0);
            // One channel may carry two, which ffmpeg supposes.
            assert_eq!((heard.rate, heard.channels), (44_100, 2), "{name}");
        }
    }
}

#[test]
fn what_only_ffmpeg_decodes_is_heard_as_ffmpeg_hears_it() {
    let Some(bench) = Bench::new() else { return };
    bench.source(6, 48_000, 0.3);
    bench.ffmpeg(
        "-i b.wav -c:a aac six.m4a -c:a aac six.aac -c:a ac3 six.mkv -c:a ac3 six.ac3 \
         -strict -2 -c:a dca six.dts -c:a wavpack six.wv",
    );
    for name in [
        "six.m4a", "six.aac", "six.mkv", "six.ac3", "six.dts", "six.wv",
    ] {
        assert_eq!(bench.same_as_ffmpeg(name, 0).channels, 6, "{name}");
    }
    bench.source(2, 44_100, 0.3);
    bench.ffmpeg(
        "-i b.wav -c:a adpcm_ms ms.wav -c:a adpcm_ima_wav ima.wav -c:a libmp3lame mp3.wav \
         -c:a wmav2 w.wma -c:a mp2 two.mp4 -c:a flac flac.caf \
         -c:a adpcm_ima_qt ima.caf -c:a mp3 film.avi",
    );
    for name in [
        "ms.wav", "ima.wav", "mp3.wav", "w.wma", "two.mp4", "flac.caf", "film.avi", "ima.caf",
    ] {
        bench.same_as_ffmpeg(name, 0);
    }
}

#[test]
fn what_nobody_here_knows_and_ffmpeg_takes_for_sound_is_heard_as_ffmpeg_hears_it() {
    let Some(bench) = Bench::new() else { return };
    bench.source(2, 48_000, 0.5);
    bench.ffmpeg(
        "-i b.wav -c:a ac3 -f mpegts -mpegts_m2ts_mode 1 a.m2ts -c:a aac -f latm a.latm \
         -c:a mp2 -f nut a.nut -c:a pcm_s16le a.voc -c:a pcm_s32le a.sox \
         -c:a pcm_s16le -f ircam a.sf -c:a sbc a.sbc -c:a pcm_s64le a.wav -c:a pcm_s64le -f w64 a.w64",
    );
    bench
        .ffmpeg("-i b.wav -c:a truehd -strict -2 a.thd -c:a mlp -strict -2 a.mlp -c:a aptx a.aptx");
    bench.ffmpeg("-i b.wav -ac 1 -ar 16000 -c:a g722 a.g722 -c:a mp2 -f wtv a.wtv");
    for name in [
        "a.m2ts", "a.latm", "a.nut", "a.voc", "a.sox", "a.sf", "a.sbc", "a.wav", "a.w64", "a.thd",
        "a.mlp", "a.aptx", "a.g722", "a.wtv",
    ] {
        bench.same_as_ffmpeg(name, 0);
    }
    // Without its name, too, where its bytes say what it is.
    for name in ["a.latm", "a.sf", "a.nut"] {
        let bytes = fs::read(bench.path(name)).unwrap();
        assert!(hear(&bench.write("nameless", &bytes)).is_ok(), "{name}");
    }
}

/// A song whose `mark` is followed, `at` bytes behind its beginning, by `patch` instead.
fn patched(bytes: &[u8], mark: &[u8], at: usize, patch: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let from = bytes.windows(mark.len()).position(|here| here == mark);
    let from = from.unwrap() + at;
    bytes[from..from + patch.len()].copy_from_slice(patch);
    bytes
}

#[test]
fn a_song_of_which_nothing_is_to_be_heard_is_refused() {
    let Some(bench) = Bench::new() else { return };
    bench.source(2, 48_000, 0.5);
    bench.ffmpeg(
        "-i b.wav -c:a aac a.m4a -c:a pcm_s16le a.mov -c:a libopus a.mp4 -c:a libopus a.mkv",
    );
    // The edit's start, and the run-up that the encoder states.
    let (edit, run_up) = (1 << 30, u16::MAX);
    for (name, mark, at, patch) in [
        ("a.m4a", &b"elst"[..], 16, u32::to_be_bytes(edit).to_vec()),
        ("a.mov", b"elst", 16, u32::to_be_bytes(edit).to_vec()),
        ("a.mp4", b"dOps", 6, run_up.to_be_bytes().to_vec()),
        ("a.mkv", b"OpusHead", 10, run_up.to_le_bytes().to_vec()),
    ] {
        let bytes = fs::read(bench.path(name)).unwrap();
        assert!(hear(&bench.path(name)).is_ok(), "{name}");
        let refused = hear(&bench.write(name, &patched(&bytes, mark, at, &patch)));
        let said = refused.err().map(|error| error.to_string());
        let said = said.unwrap_or_else(|| panic!("{name} was heard"));
        assert!(said.contains("not a single sample of sound"), "{said}");
    }
}

#[test]
fn damage_behind_all_sound_of_a_matroska_file_is_none_of_the_sound() {
    let Some(bench) = Bench::new() else { return };
    bench.source(2, 48_000, 2.0);
    for codec in ["libopus", "flac", "aac"] {
        bench.ffmpeg(&format!("-i b.wav -c:a {codec} a.mkv"));
        let whole = hear(&bench.path("a.mkv")).unwrap();
        let bytes = fs::read(bench.path("a.mkv")).unwrap();
        let mut cues = bytes.windows(4);
        let cues = cues.rposition(|id| id == [0x1c, 0x53, 0xbb, 0x6b]).unwrap();
        let mut damaged = bytes.clone();
        damaged[cues..].fill(0xa5);
        for (name, bytes) in [("cut.mkv", &bytes[..cues + 6]), ("damaged.mkv", &damaged)] {
            let heard = hear(&bench.write(name, bytes)).unwrap();
            assert!(heard.samples == whole.samples, "{codec}, {name}");
            assert_eq!(heard.warnings, "", "{codec}, {name}");
        }
        // Without the last of the sound it is told.
        let short = hear(&bench.write("short.mkv", &bytes[..cues - 2000])).unwrap();
        assert!(short.warnings.contains("truncated"), "{codec}");
    }
}

#[cfg(unix)]
#[test]
fn an_ffmpeg_that_is_stuck_is_ended_and_told() {
    use std::os::unix::fs::PermissionsExt;
    let bench = Bench::without_ffmpeg();
    let stuck = bench.write("ffmpeg", b"#!/bin/sh\nsleep 500\n");
    fs::set_permissions(stuck, fs::Permissions::from_mode(0o755)).unwrap();
    let song = bench.write("song.dts", &b"\x7f\xfe\x80\x01".repeat(500));
    let paths = format!("{}:/usr/bin:/bin", bench.path("").display());
    let analyzed = Command::new(env!("CARGO_BIN_EXE_synopsia"))
        .arg("analyze")
        .arg(song)
        .env("PATH", paths)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&analyzed.stderr).into_owned();
    assert_eq!(analyzed.status.code(), Some(1), "{said}");
    assert!(
        said.contains("nothing came from it for 10 seconds"),
        "{said}"
    );
}

#[test]
fn a_name_that_ffmpeg_would_read_as_something_else_is_a_name() {
    let Some(bench) = Bench::new() else { return };
    bench.source(6, 48_000, 0.2);
    bench.ffmpeg("-i b.wav -c:a ac3 six.ac3");
    let bytes = fs::read(bench.path("six.ac3")).unwrap();
    let right = hear(&bench.path("six.ac3")).unwrap().samples;
    for name in [
        "-i.ac3",
        "concat:a|b.ac3",
        "%03d.ac3",
        "http:x.ac3",
        "a b'\".ac3",
    ] {
        let heard = hear(&bench.write(name, &bytes)).unwrap();
        assert!(heard.samples == right, "{name}");
    }
}

#[test]
fn without_ffmpeg_what_it_would_decode_is_refused_by_name() {
    let bench = Bench::without_ffmpeg();
    let stream = high_efficiency(&fs::read(media("tone.aac")).unwrap());
    let ask = |path: &Path| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_synopsia"));
        program
            .arg("analyze")
            .arg(path)
            .env("PATH", "")
            .output()
            .unwrap()
    };
    for (name, bytes, codec) in [
        ("he.aac", stream, "HE-AAC"),
        ("film.dts", b"\x7f\xfe\x80\x01".repeat(500), "DTS"),
    ] {
        let refused = ask(&bench.write(name, &bytes));
        assert!(!refused.status.success(), "{name}");
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(
            said.contains(codec) && said.contains("ffmpeg is not installed"),
            "{said}"
        );
        assert_eq!(said.trim().lines().count(), 1, "{said}");
    }
}
