//! Lyrics that nobody wrote.

use super::songs::{id3, song};
use super::*;

/// Numbers that look random, the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

#[test]
fn whatever_the_bytes_times_are_in_order_and_nothing_panics() {
    let scraps: [&[u8]; 26] = [
        b"[00:10.00]",
        b"<00:11.5>",
        b"word ",
        b"\n",
        b"\r\n",
        b"\n\n",
        b"00:01,5 --> 00:02.5",
        b"-->",
        b"WEBVTT",
        b"[offset:-99999999999]",
        b"[offset:1e300]",
        b"[-99:59.999]",
        b"&#x10ffff;",
        b"&amp",
        b"<i>",
        b"</",
        b"{\\an",
        b"\xff\xfe",
        b"\xc3",
        b"\0",
        "\u{5d0}\u{202e}".as_bytes(),
        "👩‍👩‍👧".as_bytes(),
        b"NOTE",
        b"[999999:59.9]",
        b"7",
        b":",
    ];
    let mut dice = Dice(7);
    let mut held = 0;
    for round in 0..4000 {
        let count = dice.roll(40);
        let mut bytes: Vec<u8> = Vec::new();
        for _ in 0..count {
            bytes.extend(scraps[dice.roll(scraps.len())]);
            if round % 3 == 0 {
                bytes.push(dice.roll(256) as u8);
            }
        }
        let Some(sheet) = Sheet::of(&bytes) else {
            continue;
        };
        for seconds in [None, Some(30.0), Some(0.0), Some(f64::NAN)] {
            let lyrics = sheet.fit(&Song {
                seconds,
                sung: &[1.0..4.0, 6.0..7.0],
            });
            check(&lyrics);
            held += lyrics.lines.len();
        }
    }
    assert!(held > 10_000, "only {held} lines");
}

#[test]
fn a_truncated_file_or_song_never_panics() {
    let text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v A>é <00:01.500>b &amp;\n\n00:03.000 --> 00:04.000\nend";
    let lrc = "[offset:10]\n[00:01.00][00:09.00]<00:01.00>é <00:02.00>b\n";
    for text in [text, lrc] {
        for end in 0..text.len() {
            if let Some(sheet) = Sheet::of(&text.as_bytes()[..end]) {
                check(&sheet.fit(&Song {
                    seconds: Some(10.0),
                    sung: &[],
                }));
            }
        }
    }
    let sylt = (
        b"SYLT",
        b"\0eng\x02\x01\0timed\0\0\0\x03\xe8words\0\0\0\x0f\xa0".to_vec(),
    );
    let tag = id3(&[sylt]);
    for end in 0..tag.len() {
        song(&tag[..end], &[]);
    }
}
