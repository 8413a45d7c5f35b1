//! Writes what the analyser hears of songs, a row a hop, for whoever trains on it: `cargo run --release --example
//! hops -- OUT SONG...` makes OUT/SONG.npy, 32-bit floats `[hops, 54]`: power of the 32 parts of the bands, energy of
//! the 12 pitch classes, onset strength of the 8 bands and of all, and the harmonic share. Songs whose file is there
//! are left out.

use std::error::Error;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use synopsia::media::song::SongReader;
use synopsia::signal::{Analyser, AudioFrame, BANDS, CHROMA, PARTS};

/// Numbers of a hop.
const COLUMNS: usize = BANDS * PARTS + CHROMA + BANDS + 2;

fn row(frame: &AudioFrame) -> impl Iterator<Item = f32> {
    let rest = [frame.onset, frame.harmonic];
    let parts = frame.parts.into_iter().chain(frame.chroma);
    parts.chain(frame.onsets).chain(rest)
}

/// What is heard of a song, as a NumPy file.
fn heard(song: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut song = SongReader::open(song)?;
    let mut analyser = Analyser::with_layout(song.rate().into(), song.layout())?;
    let (mut block, mut numbers) = (Vec::new(), Vec::new());
    while song.read(&mut block)? > 0 {
        analyser.process_interleaved(&block, |frame| numbers.extend(row(frame)));
        block.clear();
    }
    let rows = numbers.len() / COLUMNS;
    let mut header =
        format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {COLUMNS}), }}");
    // The numbers begin at a multiple of 64 bytes, after a magic of 10.
    let length = (header.len() + 11).next_multiple_of(64) - 10;
    header = format!("{header:<width$}\n", width = length - 1);
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend(u16::try_from(length)?.to_le_bytes());
    file.extend(header.as_bytes());
    file.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
    Ok(file)
}

fn write_all(out: &Path, songs: &[OsString]) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(out)?;
    for song in songs.iter().map(PathBuf::from) {
        let name = song.file_stem().ok_or("a song has a name")?;
        let (done, part) = (out.join(name), out.join("part"));
        let done = PathBuf::from([done.as_os_str(), ".npy".as_ref()].join("".as_ref()));
        if !done.exists() {
            fs::write(&part, heard(&song)?)?;
            fs::rename(&part, &done)?;
        }
    }
    Ok(())
}

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let Some((out, songs)) = arguments
        .split_first()
        .filter(|(_, songs)| !songs.is_empty())
    else {
        eprintln!("usage: hops OUT SONG...");
        return ExitCode::FAILURE;
    };
    match write_all(out.as_ref(), songs) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
