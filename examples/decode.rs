//! Writes a song's samples to standard output as they are heard: interleaved 32-bit floats,
//! little-endian. What was to be said of it goes to standard error: rate, channels and length in the
//! first line, then warnings. `scripts/formats.py` compares them with ffmpeg's.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use synopsia::media::song::{SongError, SongReader};

fn decode(path: &std::ffi::OsStr) -> Result<(), SongError> {
    let mut song = SongReader::open(path)?;
    let (rate, channels, length) = (song.rate(), song.channels(), song.duration());
    let length = length.map_or("unknown".into(), |seconds| format!("{seconds:.3}"));
    eprintln!("{rate} {channels} {length}");
    let mut out = BufWriter::new(io::stdout());
    let mut block = Vec::new();
    while song.read(&mut block)? > 0 {
        for sample in block.drain(..) {
            // Whoever listens may have had enough.
            if out.write_all(&sample.to_le_bytes()).is_err() {
                return Ok(());
            }
        }
    }
    for warning in song.warnings() {
        eprintln!("{warning}");
    }
    Ok(())
}

fn main() -> ExitCode {
    let Some(path) = std::env::args_os().nth(1) else {
        eprintln!("usage: decode SONG > SAMPLES");
        return ExitCode::FAILURE;
    };
    match decode(&path) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
