//! Names of songs: which files in a folder are songs, and what a song is called without its ending.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Endings of songs, and of films, whose sound is a song. Some are of kinds that cannot be read: a
/// song that is named in a sentence is better than one that is missing without a word.
const SONGS: [&str; 91] = [
    "3g2", "3gp", "aac", "aax", "ac3", "adts", "adx", "aif", "aifc", "aiff", "amr", "ape", "aptx",
    "aptxhd", "asf", "au", "avi", "bwf", "caf", "dff", "dsf", "dts", "dtshd", "dv", "eac3", "f4a",
    "f4b", "f4v", "flac", "flv", "g722", "gsm", "latm", "loas", "m1a", "m2a", "m2t", "m2ts", "m4a",
    "m4b", "m4p", "m4r", "m4v", "mka", "mkv", "mlp", "mov", "mp1", "mp2", "mp3", "mp4", "mpc",
    "mpeg", "mpg", "mpga", "mts", "mxf", "nut", "oga", "ogg", "ogv", "ogx", "oma", "opus", "qt",
    "ra", "rf64", "rm", "rmvb", "sbc", "sf", "snd", "sox", "spx", "swf", "tak", "thd", "truehd",
    "ts", "tta", "vob", "voc", "w64", "wav", "wave", "weba", "webm", "wma", "wmv", "wtv", "wv",
];

/// Whether `path` ends with this extension, in upper or lower case.
pub fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension()
        .is_some_and(|e| e.eq_ignore_ascii_case(extension))
}

/// Whether a file is hidden, as are the AppleDouble files (`._song.mp3`) and `.DS_Store` that macOS
/// leaves on other disks.
pub fn is_hidden(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    name.as_encoded_bytes().starts_with(b".")
}

/// Whether a file that lies in a folder is taken for a song: by its ending, or where it has none by
/// its first bytes.
pub fn is_song(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default().as_encoded_bytes();
    // What follows the full stop of a title, as in `01. Intro`, is no ending.
    let named = if has_extension(path, "ts") || has_extension(path, "mts") {
        // Programs end like this, too.
        is_transport_stream(path)
    } else if !ending.is_empty() && ending.iter().all(u8::is_ascii_alphanumeric) {
        SONGS.iter().any(|ending| has_extension(path, ending))
    } else {
        begins_like_a_song(path)
    };
    // A browser keeps the place of what it downloads to `song.mp3.part` with an empty file.
    named && !is_hidden(path) && path.is_file() && !is_kept_place(path)
}

fn is_kept_place(path: &Path) -> bool {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    path.metadata().is_ok_and(|meta| meta.len() == 0) && Path::new(&part).exists()
}

fn begins_like_a_song(path: &Path) -> bool {
    let mut start = [0; 12];
    // Opening a pipe would wait for its writer.
    let read = path
        .is_file()
        .then(|| File::open(path)?.read_exact(&mut start));
    if !matches!(read, Some(Ok(()))) {
        return false;
    }
    let magic: [&[u8]; 6] = [b"ID3", b"fLaC", b"OggS", b"RIFF", b"FORM", b"caff"];
    let mpeg = start[0] == 0xff && start[1] & 0xe0 == 0xe0 && start[1] & 0x06 != 0;
    mpeg || &start[4..8] == b"ftyp" || magic.iter().any(|magic| start.starts_with(magic))
}

/// Whether a file is an MPEG transport stream, by the beginnings of its first two packets, which may
/// have a time before them.
fn is_transport_stream(path: &Path) -> bool {
    let mut start = [0; 200];
    let read = path
        .is_file()
        .then(|| File::open(path)?.read_exact(&mut start));
    let packets = [(0, 188), (4, 196)];
    let begin = |(first, second): &(usize, usize)| start[*first] == b'G' && start[*second] == b'G';
    matches!(read, Some(Ok(()))) && packets.iter().any(begin)
}

/// A song's name without its ending. Whatever else follows a full stop belongs to its title:
/// `Song No. 1`, `St. Anger`.
pub fn title(song: &Path) -> &OsStr {
    match song.file_stem() {
        Some(stem) if SONGS.iter().any(|ending| has_extension(song, ending)) => stem,
        _ => song.file_name().unwrap_or(song.as_os_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_loses_nothing_but_a_known_ending() {
        for (song, name) in [
            ("a/St. Anger.mp3", "St. Anger"),
            ("Song No. 1.FLAC", "Song No. 1"),
            ("Song No. 1", "Song No. 1"),
            ("Vol.2", "Vol.2"),
            ("song.mp3.wav", "song.mp3"),
            (".mp3", ".mp3"),
            ("-x.webm", "-x"),
        ] {
            assert_eq!(title(Path::new(song)), name, "{song}");
        }
    }
}
