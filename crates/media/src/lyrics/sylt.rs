//! ID3's synchronised lyrics (ID3v2.4, 4.9).

use super::encoding;
use super::markup::Piece;
use super::sheet::{Content, Draft, Sheet};

/// What a frame holds.
pub(super) enum Sylt {
    /// Lyrics.
    Sheet(Sheet),
    /// Lyrics whose times count MPEG frames.
    InFrames,
    /// Something else: chords, events, damage.
    Other,
}

/// Times that count milliseconds.
const MILLISECONDS: u8 = 2;
/// Times that count MPEG frames.
const FRAMES: u8 = 1;
/// Content that is lyrics, and a transcription.
const LYRICS: [u8; 2] = [1, 2];

/// Reads a frame's body. What breaks off is read up to there.
pub(super) fn parse(body: &[u8]) -> Sylt {
    let [encoding, _, _, _, unit, content, rest @ ..] = body else {
        return Sylt::Other;
    };
    if !LYRICS.contains(content) {
        return Sylt::Other;
    }
    match *unit {
        MILLISECONDS => {}
        FRAMES => return Sylt::InFrames,
        _ => return Sylt::Other,
    }
    let Some((_, mut rest)) = string(rest, *encoding) else {
        return Sylt::Other;
    };
    let mut events = Vec::new();
    while let Some((text, [a, b, c, d, after @ ..])) = string(rest, *encoding) {
        let ms = u32::from_be_bytes([*a, *b, *c, *d]);
        events.push((f64::from(ms) / 1000.0, text));
        rest = after;
    }
    Sylt::Sheet(Sheet {
        content: Content::Timed(lines(&events)),
        ..Sheet::default()
    })
}

/// Events are lines, or syllables of which the first of a line begins with its end of line.
fn lines(events: &[(f64, String)]) -> Vec<Draft> {
    let by_syllable = events
        .iter()
        .skip(1)
        .any(|(_, text)| text.starts_with('\n'));
    let mut lines: Vec<Vec<Piece>> = Vec::new();
    for (from, text) in events {
        let piece = Piece {
            from: Some(*from),
            text: text.trim_matches('\n').to_owned(),
        };
        match lines.last_mut() {
            Some(line) if by_syllable && !text.starts_with('\n') => line.push(piece),
            _ => lines.push(vec![piece]),
        }
    }
    let draft = |pieces: Vec<Piece>| {
        let from = pieces.first()?.from?;
        let mut draft = Draft::new(from, None, &pieces);
        if !by_syllable {
            draft.words.clear();
            draft.to = None;
        }
        Some(draft)
    };
    lines.into_iter().filter_map(draft).collect()
}

/// A string that ends with a nought, and what follows it.
fn string(bytes: &[u8], encoding: u8) -> Option<(String, &[u8])> {
    let wide = matches!(encoding, 1 | 2);
    let (text, rest) = if wide {
        let end = bytes.chunks_exact(2).position(|unit| unit == [0, 0])?;
        (&bytes[..2 * end], &bytes[2 * end + 2..])
    } else {
        let end = bytes.iter().position(|&byte| byte == 0)?;
        (&bytes[..end], &bytes[end + 1..])
    };
    let text = match encoding {
        // Big-endian, without a mark.
        2 => encoding::text(&[&[0xfe, 0xff], text].concat()),
        _ => encoding::text(text),
    };
    Some((text.map_or_else(String::new, |(text, _)| text), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(encoding: u8, unit: u8, events: &[(&[u8], u32)]) -> Vec<u8> {
        let end: &[u8] = if matches!(encoding, 1 | 2) {
            &[0, 0]
        } else {
            &[0]
        };
        let mut body = vec![encoding, b'e', b'n', b'g', unit, 1];
        body.extend(end);
        for (text, ms) in events {
            body.extend(*text);
            body.extend(end);
            body.extend(ms.to_be_bytes());
        }
        body
    }

    fn read(body: &[u8]) -> Vec<Draft> {
        match parse(body) {
            Sylt::Sheet(Sheet {
                content: Content::Timed(lines),
                ..
            }) => lines,
            _ => panic!("no lyrics"),
        }
    }

    #[test]
    fn events_are_lines_in_any_encoding() {
        let lines = |body: &[u8]| -> Vec<(f64, String)> {
            let lines = read(body).into_iter();
            lines.map(|line| (line.from, line.text)).collect()
        };
        let expected = vec![(1.5, "é".to_owned()), (3.0, "b".to_owned())];
        assert_eq!(
            lines(&frame(0, 2, &[(b"\xe9", 1500), (b"b", 3000)])),
            expected
        );
        assert_eq!(
            lines(&frame(3, 2, &[("é".as_bytes(), 1500), (b"b", 3000)])),
            expected
        );
        assert_eq!(
            lines(&frame(
                1,
                2,
                &[(b"\xff\xfe\xe9\0", 1500), (b"\xff\xfeb\0", 3000)]
            )),
            expected
        );
        assert_eq!(
            lines(&frame(2, 2, &[(b"\0\xe9", 1500), (b"\0b", 3000)])),
            expected
        );
    }

    #[test]
    fn syllables_are_words_of_lines_that_a_line_end_begins() {
        let events: [(&[u8], u32); 4] =
            [(b"Hel", 0), (b"lo ", 200), (b"you", 400), (b"\nagain", 900)];
        let lines = read(&frame(0, 2, &events));
        let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(texts, ["Hello you", "again"]);
        let words: Vec<(f64, &str, usize)> = lines[0]
            .words
            .iter()
            .map(|w| (w.from, w.text.as_str(), w.end))
            .collect();
        assert_eq!(words, [(0.0, "Hel", 3), (0.2, "lo", 5), (0.4, "you", 9)]);
    }

    #[test]
    fn frames_of_mpeg_are_told_apart_and_damage_ends_early() {
        assert!(matches!(parse(&frame(0, 1, &[(b"a", 5)])), Sylt::InFrames));
        let whole = frame(0, 2, &[(b"a", 5), (b"b", 9)]);
        for end in 0..whole.len() {
            match parse(&whole[..end]) {
                Sylt::Sheet(sheet) => assert!(end > 6, "{sheet:?}"),
                Sylt::InFrames => panic!("no frames"),
                Sylt::Other => assert!(end <= 6),
            }
        }
    }
}
