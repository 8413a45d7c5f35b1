//! What ffmpeg takes a file for that nobody here knows.
//!
//! It is ready to take nearly anything for something: text for subtitles, noise for MP3, a picture
//! for a song that is called one. So what is known to be something else is not asked about, a guess
//! is no answer, and what ffmpeg takes for sound must be decoded without many complaints. What it
//! knows by the file's name alone, a stream without any mark, must look like coded sound, too.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use super::super::chunks::bytes_at;
use super::child::Running;
use super::command::{A_LAW, command, input};
use crate::ffmpeg::program;

/// What ffmpeg calls a file.
pub(in crate::song) struct Probed {
    /// Its demuxers' names, separated by commas.
    pub(in crate::song) container: String,
    /// The codec, for people.
    pub(in crate::song) codec: String,
    /// Whether nothing but its name says so.
    by_name: bool,
}

impl Probed {
    /// A stream of A-law without a mark. Where it begins with silence, ffmpeg takes it for GSM.
    fn a_law() -> Self {
        Self {
            container: A_LAW.to_owned(),
            codec: "PCM A-law / G.711 A-law".to_owned(),
            by_name: true,
        }
    }
}

/// Scores up to this one, of a hundred, are guesses: ffmpeg itself reads on then.
const GUESSED: u32 = 25;

/// The score of a file whose name ends as it should, and whose bytes nobody has looked at.
const BY_NAME: u32 = 50;

/// How much of a stream without a mark is looked at, bytes; and by how many standard deviations it must
/// differ from bytes that are all equally frequent. Noise does in one file of a million; of real streams
/// even two seconds of the densest speech codec do by fifteen, since no codec here packs that well.
const COUNTED: u64 = 1 << 16;
const UNEVEN: f64 = 5.0;

/// How much is decoded to see whether it is sound, seconds; and how many complaints may come.
const TRIED: &str = "5";
const COMPLAINTS: usize = 8;

/// How much of a file's beginning is looked at, bytes.
const HEAD: u64 = 4096;

/// How files begin that are no sound: pictures, documents, archives, programs, fonts, databases.
const OTHERS: [&[u8]; 32] = [
    b"\xff\xd8\xff",
    b"\x89PNG",
    b"GIF8",
    b"II*\0",
    b"MM\0*",
    b"8BPS",
    b"BM",
    b"%PDF",
    b"%!PS",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ\0",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!",
    b"\x28\xb5\x2f\xfd",
    b"\x04\x22\x4d\x18",
    b"\x7fELF",
    b"MZ",
    b"\xfe\xed\xfa",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"\0asm",
    b"!<arch>",
    b"SQLite format 3",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"OTTO",
    b"wOF",
    b"dex\n",
    b"\x1bLua",
    b"ttcf",
];

/// What ffmpeg takes the file at `path` for; `None` where it is no sound, or ffmpeg not installed.
///
/// # Errors
/// When the file cannot be read.
pub(in crate::song) fn probe(path: &Path) -> io::Result<Option<Probed>> {
    let head = bytes_at(&mut File::open(path)?, 0, HEAD)?;
    if is_other(&head) {
        return Ok(None);
    }
    let Some(mut probed) = ask(path) else {
        return Ok(None);
    };
    if probed.container == "gsm" && !is_gsm(path)? {
        let is_named_a_law = |ending: &OsStr| ending.eq_ignore_ascii_case("al");
        if !path.extension().is_some_and(is_named_a_law) {
            return Ok(None);
        }
        probed = Probed::a_law();
    }
    if probed.by_name && !may_be_coded_sound(path)? {
        return Ok(None);
    }
    Ok(Some(probed).filter(|probed| is_decoded(path, &probed.container)))
}

/// Whether the bytes of a stream without a mark may be sound: neither all the same, as on a disk that
/// was never written to, nor as evenly distributed as those of noise.
///
/// # Errors
/// When the file cannot be read.
fn may_be_coded_sound(path: &Path) -> io::Result<bool> {
    let mut file = BufReader::new(File::open(path)?);
    let mut bytes = Vec::new();
    (&mut file).take(COUNTED).read_to_end(&mut bytes)?;
    let first = bytes.first().copied();
    let differs = |byte: &io::Result<u8>| byte.as_ref().ok() != first.as_ref();
    let varies = bytes.iter().any(|byte| Some(*byte) != first);
    // A song may begin with silence.
    let varies = varies || file.bytes().find(differs).transpose()?.is_some();
    Ok(varies && unevenness(&bytes) > UNEVEN)
}

/// Whether each frame of GSM 06.10 begins with its mark, and not all that is between is like it: silence
/// in A-law is, too.
///
/// # Errors
/// When the file cannot be read.
fn is_gsm(path: &Path) -> io::Result<bool> {
    const FRAME: usize = 33;
    let bytes = bytes_at(&mut File::open(path)?, 0, COUNTED)?;
    let is_mark = |byte: &u8| byte >> 4 == 0xd;
    Ok(bytes.iter().step_by(FRAME).all(is_mark)
        && !bytes.iter().skip(1).step_by(FRAME).all(is_mark))
}

/// How far `bytes` are from being all equally frequent: Pearson's chi-squared, in standard deviations
/// from what noise has.
fn unevenness(bytes: &[u8]) -> f64 {
    let mut counts = [0u32; 256];
    bytes
        .iter()
        .for_each(|&byte| counts[usize::from(byte)] += 1);
    let expected = bytes.len().max(1) as f64 / 256.0;
    let squares = counts
        .iter()
        .map(|&count| (f64::from(count) - expected).powi(2));
    let freedom = 255.0;
    (squares.sum::<f64>() / expected - freedom) / (2.0 * freedom).sqrt()
}

/// Whether a file that begins with `head` is known to be no sound.
fn is_other(head: &[u8]) -> bool {
    let riff = head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP");
    // A version of Python comes before it.
    let python = head.get(2..4) == Some(b"\r\n");
    riff || python || OTHERS.iter().any(|magic| head.starts_with(magic)) || is_text(head)
}

/// Whether `head` is text: without the characters that control something, in UTF-8 or mostly in ASCII;
/// or in sixteen bits.
fn is_text(head: &[u8]) -> bool {
    let controls =
        |byte: &u8| *byte < 0x20 && !matches!(*byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b);
    let wide = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
    if wide && head.len() > 3 && head[2..4].contains(&0) {
        return true;
    }
    // The last character may be cut off.
    let unicode = match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    };
    let ascii = head.iter().filter(|byte| byte.is_ascii()).count();
    !head.iter().any(controls) && (unicode || 4 * ascii > 3 * head.len())
}

/// Asks ffprobe.
fn ask(path: &Path) -> Option<Probed> {
    let mut command = program("ffprobe");
    command
        .args(["-protocol_whitelist", "file,pipe", "-select_streams", "a"])
        .arg("-show_entries")
        .arg("format=format_name,probe_score:stream=codec_long_name")
        .args(["-of", "default=noprint_wrappers=1", "-i"])
        .arg(input(path));
    let mut running = Running::start(command).ok()?;
    let mut answer = Vec::new();
    while let Some(block) = running.next().ok()? {
        answer.extend(block);
    }
    let answer = String::from_utf8_lossy(&answer);
    let value = |name: &str| {
        let mut lines = answer.lines();
        let value = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix('='))?;
        Some(value.trim().to_owned())
    };
    let score: u32 = value("probe_score")?.parse().ok()?;
    (score > GUESSED).then_some(())?;
    Some(Probed {
        by_name: score <= BY_NAME,
        codec: value("codec_long_name")?,
        container: value("format_name")?,
    })
}

/// Whether the beginning of a file is decoded without many complaints.
fn is_decoded(path: &Path, container: &str) -> bool {
    let mut command = command(path, container, &["-t", TRIED]);
    command.args(["-f", "null", "-"]);
    let tried = Running::start(command).and_then(|mut running| {
        while running.next()?.is_some() {}
        Ok((running.succeeds()?, running.said().lines().count()))
    });
    matches!(tried, Ok((true, complaints)) if complaints <= COMPLAINTS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_pictures_and_archives_are_known_and_sound_is_not() {
        for other in [
            &b"1\n00:00:01,000 --> 00:00:02,000\nLa la la\n"[..],
            "Die schöne Müllerin".as_bytes(),
            b"\xff\xfeL\0a\0",
            b"\xff\xd8\xff\xe0\0\x10JFIF",
            b"RIFF\x10\0\0\0WEBPVP8 ",
            b"%PDF-1.7\n\x01",
        ] {
            assert!(is_other(other), "{other:?}");
        }
        for sound in [
            &b"Creative Voice File\x1a\x1a\0\x0a\x01"[..],
            b"RIFF\x10\0\0\0WAVEfmt ",
            b"\xff\xfe\x90\x64\x01\x02",
            b"\xaa\xd5\xaa\xb6\xdb\x6d\x55",
        ] {
            assert!(!is_other(sound), "{sound:?}");
        }
    }
}
